"""Paired comparison: what is compared with what, by whom it is computed, and the numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from studies.small import REGIMES, SMALL, compared, digests, three_towns
from velfaerd_sim.engine import cores
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import REGIMES as NAMED
from velfaerd_sim.inputs.regimes import Regime
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN
from velfaerd_sim.statistics.intervals import FEW, IntervalRule, interval
from velfaerd_sim.studies.compare import tables
from velfaerd_sim.studies.compare.comparison import (
    Comparison,
    Interim,
    compare,
    comparison_plan,
    load_comparison,
    reversal,
)
from velfaerd_sim.studies.compare.tables import AVERTED_AGAINST_BASELINE, OF_CITIZENS
from velfaerd_sim.studies.loading import load_study
from velfaerd_sim.studies.run.single import run_single


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("comparison") / "study"


@pytest.fixture(scope="module")
def found(folder: Path) -> Comparison:
    return compared(folder, hours=[4, 60], hours_replicates=3)


def of(frame: pd.DataFrame, **keys: object) -> pd.DataFrame:
    for key, value in keys.items():
        frame = frame[frame[key] == value]
    return frame


def renamed(name: str, new: str) -> Regime:
    content = NAMED[name].to_dict() | {"name": new}
    return Regime(**content)


def test_frames_have_the_columns_of_the_interface(found: Comparison) -> None:
    first = ["outcome", "regime", "baseline", "baseline_mean", "regime_mean", "difference"]
    rest = ["ci_low", "ci_high", "replicates", "variance_reduction"]
    assert list(found.effects) == [*first, *rest, "gainers_share", "losers_share"]
    assert len(found.effects) == 2 * len(NAMES)
    keys = ["regime", "replicate", "seed", "municipality", "month"]
    assert list(found.series) == [*keys, *NAMES]
    assert len(found.series) == 3 * 10 * 19
    assert set(found.series["month"]) == set(range(19))
    assert found.staff_hours is not None
    assert len(found.staff_hours) == 2 * 3 * 7


def test_the_files_hold_the_frames(found: Comparison, folder: Path) -> None:
    again = load_comparison(folder)
    for name in ("effects", "levels", "groups", "bands", "staff_hours", "series"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name))
    pd.testing.assert_frame_equal(load_study(folder), found.series)
    assert again.study == found.study
    assert (again.baseline, again.regimes, again.replicates) == (REGIMES[0], REGIMES, 10)
    assert again.study["status"] == "complete"
    assert again.study["counts"] == {"planned": 48, "done": 48, "failed": 0}


def test_nothing_but_results_is_left_in_the_folder(found: Comparison, folder: Path) -> None:
    del found
    tables = {"series", "gains", "effects", "levels", "bands", "groups"}
    tables |= {"staff_hours", "staff_hours_runs"}
    assert set(digests(folder, ())) == {f"{name}.parquet" for name in tables} | {"study.json"}


def test_files_are_the_same_for_any_number_of_workers(found: Comparison, tmp_path: Path) -> None:
    assert found.folder is not None
    hours = {"hours": [4, 60], "hours_replicates": 3}
    for workers in (1, 3):
        other = compared(tmp_path / str(workers), workers=workers, **hours)
        assert other.folder is not None
        assert digests(other.folder) == digests(found.folder)
        assert other.fingerprint == found.fingerprint


def test_a_comparison_without_a_folder_is_the_same(found: Comparison) -> None:
    other = compared(None, hours=[4, 60], hours_replicates=3)
    for name in ("effects", "levels", "groups", "bands", "staff_hours", "series"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(other, name))


def summarised(series: pd.DataFrame, regime: str, outcome: str) -> np.ndarray:
    """The mean over the last twelve months, or the last month, replicate by replicate."""
    mine = of(series, regime=regime)
    last = outcome.startswith("lonely_years") or outcome == "retention_12m"
    months = mine[mine["month"] > 17 if last else mine["month"] > 6]
    return months.groupby("replicate")[outcome].mean().to_numpy()


@pytest.mark.parametrize(
    "outcome", ["lonely_share", "retention_12m", "joins", "lonely_years_averted_per_1000"]
)
def test_effects_are_those_of_a_paired_t_interval(found: Comparison, outcome: str) -> None:
    for regime in REGIMES[1:]:
        one = summarised(found.series, regime, outcome)
        other = summarised(found.series, REGIMES[0], outcome)
        both = np.isfinite(one) & np.isfinite(other)
        one, other = one[both], other[both]
        low, high = stats.ttest_rel(one, other).confidence_interval(0.95)
        if both.sum() <= FEW:
            squared = 1.0 + 2.0 * stats.t.ppf(0.975, both.sum() - 1) ** 2
            farther = stats.skew(one - other) * (one - other).std(ddof=1) * squared
            farther /= 6.0 * both.sum()
            low, high = low + min(farther, 0.0), high + max(farther, 0.0)
        (row,) = of(found.effects, outcome=outcome, regime=regime).to_dict("records")
        assert row["baseline"] == REGIMES[0]
        assert row["difference"] == pytest.approx((one - other).mean())
        assert row["regime_mean"] - row["baseline_mean"] == pytest.approx(row["difference"])
        assert (row["ci_low"], row["ci_high"]) == (pytest.approx(low), pytest.approx(high))
        ratio = (one.var(ddof=1) + other.var(ddof=1)) / (one - other).var(ddof=1)
        assert row["variance_reduction"] == pytest.approx(ratio)
        assert row["replicates"] == both.sum() >= 5


def test_pairing_pays_for_loneliness(found: Comparison) -> None:
    rows = of(found.effects, outcome="lonely_share")
    assert (rows["variance_reduction"] > 3.0).all()


def test_levels_are_means_with_t_intervals(found: Comparison) -> None:
    values = summarised(found.series, "rigid_rules", "motivation_mean")
    (row,) = of(found.levels, outcome="motivation_mean", regime="rigid_rules").to_dict("records")
    half = stats.t.ppf(0.975, 9) * values.std(ddof=1) / np.sqrt(10)
    assert row["mean"] == pytest.approx(values.mean())
    assert row["sd"] == pytest.approx(values.std(ddof=1))
    assert row["ci_low"] == pytest.approx(values.mean() - half)
    assert row["replicates"] == 10


def test_averted_against_the_baseline_per_hour(found: Comparison) -> None:
    series, outcome = found.series, "lonely_years_averted_per_1000"
    (row,) = of(found.levels, outcome=AVERTED_AGAINST_BASELINE, regime="rigid_rules").to_dict(
        "records"
    )
    gap = summarised(series, "rigid_rules", outcome) - summarised(series, REGIMES[0], outcome)
    used = of(series[series["month"] > 0], regime="rigid_rules")
    hours = used.groupby("replicate")["staff_hours_per_1000"].sum()
    assert row["mean"] == pytest.approx(100.0 * gap.sum() / hours.sum())
    assert row["ci_low"] < row["mean"] < row["ci_high"]
    (base,) = of(found.levels, outcome=AVERTED_AGAINST_BASELINE, regime=REGIMES[0])["mean"]
    assert base == 0.0


def test_bands_follow_the_replicates_month_by_month(found: Comparison) -> None:
    series = of(found.series, month=9)
    one = of(series, regime="rigid_rules").sort_values("replicate")["lonely_share"].to_numpy()
    other = of(series, regime=REGIMES[0]).sort_values("replicate")["lonely_share"].to_numpy()
    rows = of(found.bands, month=9, outcome="lonely_share")
    (row,) = of(rows, regime="rigid_rules").to_dict("records")
    assert row["mean"] == pytest.approx(one.mean())
    assert row["low"] == pytest.approx(np.quantile(one, 0.05))
    assert row["high"] == pytest.approx(np.quantile(one, 0.95))
    assert row["difference"] == pytest.approx((one - other).mean())
    assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    (base,) = of(rows, regime=REGIMES[0]).to_dict("records")
    assert np.isnan(base["difference"])


def test_gainers_and_losers_are_people_counted_one_by_one(found: Comparison) -> None:
    """By hand, from two simulations forked from the same month 0."""
    gains: dict[str, list[float]] = {"all": [], "known": [], "65-74": []}
    for replicate in range(10):
        scenario = load_scenario("baseline").with_(
            adults=300, months=18, seed=replicate_seed(7, replicate)
        )
        base = Simulation(scenario)
        scores = {}
        for regime in (REGIMES[0], "rigid_rules"):
            twin = base.fork(regime)
            twin.run(6)
            before = twin.score_sums().astype(int)
            twin.run(12)
            scores[regime] = (twin.score_sums().astype(int) - before) / 12
        worse = scores["rigid_rules"] - scores[REGIMES[0]] >= 1.0
        citizens = base.population.citizens
        gains["all"].append(worse.mean())
        gains["known"].append(worse[(citizens.flags & KNOWN) > 0].mean())
        gains["65-74"].append(worse[citizens.age_band == AGE_BANDS.index("65-74")].mean())
    rows = of(found.groups, regime="rigid_rules")
    for group, shares in gains.items():
        (row,) = of(rows, group=group).to_dict("records")
        assert row["losers_share"] == pytest.approx(np.mean(shares))
        assert row["losers_low"] <= row["losers_share"] <= row["losers_high"]
    carrying = of(found.effects, regime="rigid_rules").dropna(subset=["losers_share"])
    assert set(carrying["outcome"]) == set(OF_CITIZENS)
    assert np.allclose(carrying["losers_share"], np.mean(gains["all"]))


def test_groups_cover_everybody(found: Comparison) -> None:
    rows = of(found.groups, regime="rigid_rules")
    assert of(rows, grouping="age_band")["group"].tolist() == list(AGE_BANDS)
    for grouping in ("all", "age_band", "known"):
        assert of(rows, grouping=grouping)["citizens"].sum() == pytest.approx(300)


def test_a_regime_against_itself_changes_nobody() -> None:
    twin = compared(regimes=[REGIMES[0], renamed(REGIMES[0], "the_same")], replicates=3)
    effects = twin.effects.dropna(subset=["ci_low"])
    assert (effects[["difference", "ci_low", "ci_high"]] == 0.0).all(axis=None)
    assert (twin.groups[["gainers_share", "losers_share", "score_difference"]].dropna() == 0.0).all(
        axis=None
    )


def test_without_strength_all_regimes_are_one() -> None:
    none = compared(replicates=2, parameters={"governance_strength": 0.0})
    assert (none.effects["difference"].dropna() == 0.0).all()


def test_the_first_replicate_is_a_plain_run_of_that_seed(found: Comparison) -> None:
    run = run_single(regime="rigid_rules", adults=300, months=18, seed=7)
    mine = of(found.series, regime="rigid_rules", replicate=0).reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, run.series, check_exact=True)


def test_every_replicate_is_a_plain_run_of_its_seed(found: Comparison) -> None:
    seed = found.study["seeds"][6]
    run = run_single(regime=REGIMES[2], adults=300, months=18, seed=seed)
    mine = of(found.series, regime=REGIMES[2], replicate=6).reset_index(drop=True)
    columns = [*NAMES, "seed", "month"]
    pd.testing.assert_frame_equal(mine[columns], run.series[columns], check_exact=True)


def test_seeds_are_far_apart_and_fit_a_float() -> None:
    seeds = {replicate_seed(seed, r) for seed in (1, 2, 3) for r in range(500)}
    assert len(seeds) == 1500
    assert all(0 <= seed < 2**53 for seed in seeds)
    assert replicate_seed(9, 0) == 9
    assert replicate_seed(1, 1) == 7750820017590220  # a change would change every study


def test_several_municipalities_are_pooled_as_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = three_towns()
    found = compare(REGIMES[:2], scenario, replicates=3, workers=2)
    series = found.series
    assert set(series["municipality"]) == {0, 101, 102, 103}
    last = of(series, regime="rigid_rules", replicate=1, month=14).set_index("municipality")
    adults = np.array([town.adults for town in scenario.towns])
    share = (last["lonely_share"].loc[[101, 102, 103]] * adults).sum() / adults.sum()
    assert last["lonely_share"].loc[0] == pytest.approx(share)
    assert last["joins"].loc[0] == last["joins"].loc[[101, 102, 103]].sum()
    # Large countries use threads inside a replicate instead, with the same result.
    monkeypatch.setattr(cores, "ADULTS_IN_PARALLEL", 100)
    assert comparison_plan(REGIMES, scenario).division(2) == (1, 2)
    other = compare(REGIMES[:2], scenario, replicates=3, workers=2)
    pd.testing.assert_frame_equal(other.series, series, check_exact=True)


def test_short_runs_are_compared_over_the_months_there_are() -> None:
    short = compared(months=3)
    assert short.groups["score_difference"].notna().any()
    assert short.effects["difference"].notna().any()


def test_one_replicate_has_no_interval() -> None:
    one = compared(replicates=1)
    (row,) = of(one.effects, outcome="lonely_share", regime="rigid_rules").to_dict("records")
    assert np.isfinite(row["difference"])
    assert np.isnan(row["ci_low"])


def test_results_stream_in_while_it_runs() -> None:
    seen: list[tuple[int, int]] = []
    last: list[Interim] = []

    def look(interim: Interim) -> None:
        seen.append((interim.replicates, len(interim.effects())))
        last.append(interim)

    found = compared(replicates=18, months=3, on_interim=look)
    assert [count for count, _ in seen] == [2, 4, 6, 8, 10, 12, 14, 16, 18]
    pd.testing.assert_frame_equal(last[-1].effects(), found.effects)


def test_progress_rises_to_its_end() -> None:
    seen: list[Advance] = []
    compared(months=6, progress=seen.append, hours=[4, 40], hours_replicates=2)
    done = [each.done for each in seen]
    assert done == sorted(done)
    assert all(each.done <= each.total for each in seen)
    assert (seen[-1].runs_done, seen[-1].runs_total) == (42, 42)
    assert seen[-1].done == seen[-1].total == 14 * 300 * (60 + 3 * 6)


def test_the_reversal_by_itself(found: Comparison) -> None:
    options = dict(SMALL)
    alone = reversal(REGIMES, hours=[4, 60], replicates=3, **options)
    pd.testing.assert_frame_equal(alone, found.staff_hours)
    base = of(alone, regime=REGIMES[0])
    assert base["difference_to_baseline"].isna().all()
    level = of(alone, regime=REGIMES[0], outcome="lonely_share", hours_per_1000=60.0)
    main = compared(replicates=3, parameters={"hours_per_1000": 60.0})
    (there,) = of(main.levels, regime=REGIMES[0], outcome="lonely_share")["mean"]
    assert level["mean"].tolist() == [there]


def test_the_command_stands_in_the_record(found: Comparison) -> None:
    words = "velfaerd compare municipal_baton rigid_rules facilitative_dialogue --scenario baseline"
    assert found.study["command"].startswith(words)
    assert "--replicates 10 --months 18 --adults 300 --seed 7" in found.study["command"]
    assert compared(replicates=1, command="as given").study["command"] == "as given"


WRONG = [
    ({"replicates": 0}, "replicates"),
    ({"replicates": -4}, "replicates"),
    ({"replicates": 2.0}, "replicates"),
    ({"replicates": True}, "replicates"),
    ({"replicates": None, "precision": 0}, "precision"),
    ({"replicates": None, "precision": 2.01}, "precision"),
    ({"replicates": None, "precision": float("nan")}, "precision"),
    ({"replicates": None, "precision": "high"}, "precision"),
    ({"precision": 0.5}, "precision"),
    ({"max_replicates": 15}, "max_replicates"),
    ({"workers": 0}, "workers"),
    ({"workers": -1}, "workers"),
    ({"months": 0}, "months"),
    ({"adults": 0}, "adults"),
    ({"seed": -1}, "seed"),
    ({"hours": [1e9, 4]}, "hours"),
    ({"hours": [9, 4]}, "hours"),
    ({"hours": [4]}, "hours"),
    ({"hours": "4,9"}, "hours"),
    ({"hours": [4, 9], "hours_replicates": 0}, "hours_replicates"),
    ({"parameters": {"contagion": 1.0}}, "parameters"),
    ({"scenario": "basline"}, "scenario"),
    ({"regimes": ["rigid_rules"]}, "regimes"),
    ({"regimes": []}, "regimes"),
    ({"regimes": "rigid_rules"}, "regimes"),
    ({"regimes": ["rigid_rules", "rigid_rules"]}, "regimes[2]"),
    ({"regimes": ["rigid_rules", renamed("hands_off", "rigid_rules")]}, "regimes[2]"),
    ({"regimes": ["rigid_rules", "hands_of"]}, "regimes[2]"),
]


@pytest.mark.parametrize(("wrong", "place"), WRONG)
def test_wrong_input_is_named_and_nothing_is_written(
    wrong: dict[str, object], place: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        compared(tmp_path / "new", **wrong)
    assert caught.value.place.startswith(place)
    assert list(tmp_path.iterdir()) == []


def test_intervals_of_levels_stay_inside_of_what_an_outcome_can_be() -> None:
    """KM: three replicates of 98, 99 and 100 % give no 101 %."""
    names = ("retention_12m", "lonely_years_averted_per_1000")
    values = np.array([[0.98, -1.0], [0.99, 0.0], [1.0, 1.0]])
    found = interval(values, IntervalRule())
    low, high = tables.ends(names, found)
    assert low[0] == pytest.approx(0.99 - 4.302653 * 0.01 / np.sqrt(3.0))
    assert high[0] == 1.0
    assert (low[1], high[1]) == pytest.approx((-2.484, 2.484), abs=1e-3)
    unknown = found._replace(high=np.array([np.inf, np.nan]))
    assert tables.ends(names, unknown)[1] == pytest.approx([np.inf, np.nan], nan_ok=True)
