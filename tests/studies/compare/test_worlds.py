"""Comparisons in many worlds: who lives where, what is written, and how it is verified."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from studies.small import REGIMES, compared, digests
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.errors import InputError, StudyError, VerificationError
from velfaerd_sim.inputs.parameters import BY_NAME, defaults
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.statistics.intervals import IntervalRule
from velfaerd_sim.statistics.over_worlds import over_worlds
from velfaerd_sim.studies.compare.comparison import Comparison, compare, load_comparison
from velfaerd_sim.studies.compare.design import checked_design
from velfaerd_sim.studies.verification import verify

NEW = ["worlds", "sd_worlds", "sd_worlds_low", "sd_worlds_high", "sd_chance", "low_90", "high_90"]
NEW += ["share_positive", "share_negative", "share_error"]


def made(*drift: float) -> Worlds:
    """Worlds that differ in how fast work drifts from the agreement."""
    worlds = (World(i, 1.0 / len(drift), {"drift_rate": d}) for i, d in enumerate(drift, 1))
    return Worlds("made", tuple(worlds))


THREE = made(0.0, 0.05, 0.15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds") / "study"


@pytest.fixture(scope="module")
def found(folder: Path) -> Comparison:
    hours = {"hours": [4, 60], "hours_replicates": 4}
    return compared(folder, worlds="prior:5", replicates=2, **hours)


def test_files_are_the_same_for_one_and_two_workers(found: Comparison, tmp_path: Path) -> None:
    hours = {"hours": [4, 60], "hours_replicates": 4}
    other = compared(tmp_path / "one", worlds="prior:5", replicates=2, workers=1, **hours)
    assert found.folder is not None
    assert digests(tmp_path / "one") == digests(found.folder)
    assert other.fingerprint == found.fingerprint
    assert "worlds.parquet" in found.study["files"]


def test_a_world_equal_to_the_defaults_gives_what_no_worlds_give() -> None:
    worlds = Worlds("defaults", (World(1, 1.0, defaults()),))
    one, plain = compared(worlds=worlds, replicates=4), compared(replicates=4)
    for name in ("series", "levels", "groups", "bands"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(plain, name))
    pd.testing.assert_frame_equal(one.effects[list(plain.effects)], plain.effects)
    assert list(one.effects) == [*plain.effects, *NEW]
    assert one.effects["sd_worlds"].isna().all()
    assert one.effects["sd_chance"].notna().any()
    assert plain.worlds is None


def test_every_world_has_its_parameters_people_and_luck() -> None:
    whole = compared(worlds=THREE, replicates=2)
    seeds = [replicate_seed(7, number) for number in range(6)]
    assert whole.series.groupby("replicate")["seed"].first().tolist() == seeds
    alone = compared(replicates=6, parameters={"drift_rate": 0.15})
    for replicate in (2, 5):
        mine = whole.series[whole.series["replicate"] == replicate].reset_index(drop=True)
        own = alone.series[alone.series["replicate"] == replicate].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, own)


def test_effects_are_those_of_the_statistics_over_worlds() -> None:
    whole = compared(worlds=THREE, replicates=3, adults=1000)
    last = whole.series[whole.series["month"] > 6]
    values = last.groupby(["replicate", "regime"])["motivation_mean"].mean().unstack()
    gap = (values["rigid_rules"] - values[REGIMES[0]]).to_numpy()
    expected = over_worlds(gap, np.arange(9) % 3, IntervalRule())
    (row,) = whole.effects.query(
        "outcome == 'motivation_mean' and regime == 'rigid_rules'"
    ).to_dict("records")
    assert row["difference"] == pytest.approx(gap.mean())
    assert row["ci_low"] == pytest.approx(expected.mean_low)
    assert row["ci_high"] == pytest.approx(expected.mean_high)
    assert row["regime_mean"] - row["baseline_mean"] == pytest.approx(row["difference"])
    assert (row["worlds"], row["replicates"]) == (3, 9)
    inside = values - values.groupby(np.arange(9) % 3).transform("mean")
    apart = (inside["rigid_rules"] - inside[REGIMES[0]]).var()
    reduction = (inside["rigid_rules"].var() + inside[REGIMES[0]].var()) / apart
    assert row["variance_reduction"] == pytest.approx(reduction)
    for name, part in (("sd_worlds", "sd_worlds"), ("low_90", "low"), ("share_error",) * 2):
        assert row[name] == pytest.approx(getattr(expected, part))
    assert whole.worlds is not None
    rows = whole.worlds.query("outcome == 'motivation_mean' and regime == 'rigid_rules'")
    assert rows["world"].tolist() == [1, 2, 3]
    assert rows["difference"].to_numpy() == pytest.approx(gap.reshape(3, 3).mean(axis=0))
    assert rows["sd"].to_numpy() == pytest.approx(gap.reshape(3, 3).std(axis=0, ddof=1))
    assert rows["estimate"].to_numpy() == pytest.approx(expected.estimate)
    level = whole.levels.query("outcome == 'motivation_mean' and regime == 'rigid_rules'")
    means = values["rigid_rules"].to_numpy().reshape(3, 3).mean(axis=0)
    half = 4.30265273 * means.std(ddof=1) / np.sqrt(3)
    (sides,) = (level[["ci_low", "ci_high"]].to_numpy() - level[["mean"]].to_numpy()).tolist()
    assert min(-sides[0], sides[1]) == pytest.approx(half)  # the other side has the skewness too


def test_without_governance_no_world_shows_an_effect() -> None:
    found = compared(worlds="prior:3", parameters={"governance_strength": 0.0})
    rows = found.effects[found.effects["worlds"] > 1]
    assert (rows[["difference", "sd_worlds", "sd_chance", "share_error"]] == 0.0).all().all()
    assert (rows[["share_positive", "share_negative"]] == 0.0).all().all()


def test_what_is_set_holds_in_every_world() -> None:
    plan = checked_design(REGIMES, "baseline", worlds="prior:3", parameters={"drift_rate": 0.01})
    for replicate in range(3):
        assert plan.task(replicate).scenario.parameter_values()["drift_rate"] == 0.01
    assert plan.replicates == 6
    other = plan.task(1, {"hours_per_1000": 9.0}).scenario.parameter_values()
    assert other["hours_per_1000"] == 9.0
    assert other["base_pressure"] == plan.task(4).scenario.parameter_values()["base_pressure"]
    assert other["base_pressure"] != BY_NAME["base_pressure"].default


def test_the_folder_can_be_loaded_and_verified(found: Comparison, folder: Path) -> None:
    again = load_comparison(folder)
    assert found.worlds is not None
    pd.testing.assert_frame_equal(again.worlds, found.worlds)
    checked = verify(folder)
    assert checked.runs == checked.of_runs == 30 + 24
    assert "worlds.parquet" in checked.files
    assert verify(folder, sample=2).runs == 6


def test_a_changed_world_in_the_record_does_not_verify(tmp_path: Path) -> None:
    compared(tmp_path / "s", worlds=THREE, replicates=1)
    path = tmp_path / "s" / "study.json"
    content = json.loads(path.read_text("utf-8"))
    content["design"]["worlds"]["parameters"]["drift_rate"][2] = 0.1
    path.write_text(records.text(content), "utf-8")
    with pytest.raises(VerificationError, match=r"series\.parquet"):
        verify(tmp_path / "s")


def test_it_goes_on_where_it_was_stopped_and_takes_more_replicates(tmp_path: Path) -> None:
    def stop(advance: Advance) -> None:
        if advance.runs_done >= 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compared(tmp_path / "a", worlds=THREE, replicates=4, workers=1, progress=stop)
    compared(tmp_path / "a", worlds=THREE, replicates=4)
    compared(tmp_path / "b", worlds=THREE, replicates=2)
    compared(tmp_path / "b", worlds=THREE, replicates=4)
    whole = compared(tmp_path / "c", worlds=THREE, replicates=4)
    assert digests(tmp_path / "a") == digests(tmp_path / "b") == digests(tmp_path / "c")
    assert load_comparison(tmp_path / "a").fingerprint == whole.fingerprint
    with pytest.raises(StudyError, match=r"design\.worlds"):
        compared(tmp_path / "a", worlds=made(0.0, 0.05, 0.1), replicates=4)
    with pytest.raises(StudyError, match="worlds"):
        compared(tmp_path / "a", replicates=12)


def test_weights_decide_how_often_a_world_is_run(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("world,weight,drift_rate\n4,3,0\n9,1,0.1\n", "utf-8")
    found = compare(REGIMES[:2], worlds=f"{path}:8", replicates=1, adults=200, months=13)
    assert found.worlds is not None
    counts = found.worlds.groupby("world")["draw"].nunique()
    assert counts.to_dict() == {4: 6, 9: 2}
    assert f"--replicates 1 --worlds {path}:8" in found.study["command"]


def test_precision_and_worlds_do_not_go_together() -> None:
    with pytest.raises(InputError, match=r"precision.*so many in each world"):
        checked_design(REGIMES, "baseline", worlds="prior:3", precision=0.2)
