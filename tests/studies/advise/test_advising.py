"""A search with a stand-in for the model whose best package is known, and one with the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from described import undescribed
from velfaerd_sim import advise, load_study, verify
from velfaerd_sim.engine.session import carry_out
from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.advise.advising import Advice, load_advice
from velfaerd_sim.studies.advise.design import Size, checked_design
from velfaerd_sim.studies.advise.plan import USED, AdvicePlan
from velfaerd_sim.studies.advise.search import _mean, _packages
from velfaerd_sim.studies.advise.space import HOURS, NAMES
from velfaerd_sim.studies.advise.tables import MATTERS, FreshRuns, _range, tables_of
from velfaerd_sim.studies.advise.work import TODAY, Candidate, Town
from velfaerd_sim.telling.advice import AdviceWords

pytest.importorskip("sklearn")
WORLD = load_scenario("baseline").with_(adults=200, months=3)
WORTH = np.array([-6.0, 1.0, 4.0, 0.0, 2.0, 0.0, 0.0, 0.5])
"""What an instrument at 1 is worth; dialogue takes hours, rules do harm, three do nothing."""


def truth(point: np.ndarray) -> tuple[float, float]:
    """Benefit and hours: dialogue counts as far as there are hours for it."""
    dialogue = point[INSTRUMENTS.index("dialogue")]
    asked = 4.0 + 12.0 * dialogue
    kept = min(1.0, point[HOURS] / asked)
    worth = WORTH.copy()
    worth[INSTRUMENTS.index("dialogue")] *= kept
    return float(worth @ point[:HOURS]), float(min(asked, point[HOURS]))


def planted(town: Town, context: Context) -> list[Answer]:
    """What a town gives: the truth, what all ways share in it, and a little chance of each."""
    generator = np.random.default_rng(town.scenario.seed % 2**32)
    shared, answers = generator.normal(0.0, 5.0), []
    for each in town.candidates:
        benefit, hours = truth(np.array(each.point))
        benefit += shared + generator.normal(0.0, 0.3)
        told = {USED: hours, "lonely_years_averted_per_1000": benefit}
        answers.append(
            Answer((each.role, *each.point, *(told.get(name, 0.5) for name in context.common)))
        )
    return answers


@pytest.fixture(scope="module")
def found() -> Any:
    """A search of the stand-in: the plan and what came of it."""
    size = Size(96, first=4, worlds=12, contenders=16, fresh=30)
    plan = AdvicePlan(checked_design(WORLD, hours_at_most=14.0, worlds="none", size=size))
    own = {"work": planted}
    plan.__class__ = type("StandIn", (AdvicePlan,), own)
    plan.processes = False
    done = carry_out(plan, None)
    return plan, done


def frames(done: Any) -> dict[str, Any]:
    return {name.partition(".")[0]: table.to_pandas() for name, table in done.tables.items()}


def test_the_planted_package_is_found_within_five_per_cent(found: Any) -> None:
    best = frames(found[1])["packages"].iloc[0]
    point = np.array([*(best[name] for name in INSTRUMENTS), best["available"]])
    ideal = (WORTH > 0).astype(float)
    today = truth(np.array([*REGIMES["municipal_baton"].instruments, 20.0]))[0]
    most = max(
        truth(np.array([*np.where(np.arange(8) == 2, d, ideal), 14.0]))[0]
        for d in np.linspace(0.0, 1.0, 101)
    )
    assert truth(point)[0] - today >= 0.95 * (most - today)
    assert best["hours_per_1000"] <= 14.0


def test_benefits_are_told_from_fresh_runs_and_hold_the_truth(found: Any) -> None:
    tables = frames(found[1])
    today = truth(np.array([*REGIMES["municipal_baton"].instruments, 20.0]))[0]
    inside = []
    for each in tables["front"].to_dict("records"):
        point = np.array([*(each[name] for name in INSTRUMENTS), each["available"]])
        inside.append(each["ci_low"] <= truth(point)[0] - today <= each["ci_high"])
    # All share the chance of today's governance in 30 towns, so they are off together or not.
    assert np.mean(inside) >= 0.7


def test_the_front_rises_and_is_sure_where_hours_buy_something(found: Any) -> None:
    front = frames(found[1])["front"]
    sure = front[front["membership"] > 0.9]
    assert (sure["benefit"].diff().dropna() > -0.5).all()
    assert front["hours_per_1000"].is_monotonic_increasing
    assert front["membership"].between(0.0, 1.0).all()


def test_margins_tell_what_matters(found: Any) -> None:
    margins = frames(found[1])["margins"].set_index("instrument")
    assert margins.loc["rigidity", "high"] < 0.5
    for name in ("influence", "boundary_protection", "openness"):
        assert tuple(margins.loc[name, ["low", "high"]]) == (0.0, 1.0)
    back = REGIMES["municipal_baton"].rigidity
    assert margins.loc["rigidity", "worth"] == pytest.approx(
        6.0 * (back - margins.loc["rigidity", "value"]), abs=0.4
    )


def test_sentences_in_both_languages_name_the_same_regimes(found: Any) -> None:
    done = found[1]
    advice = Advice(done.record, None, frames(done))
    english, danish = (AdviceWords(advice, language).told() for language in ("en", "da"))
    assert len(english) == len(danish) >= 9
    assert english[0].startswith("With at most 14 staff hours")
    assert "rules and reporting" in " ".join(english)
    assert "regler og dokumentation" in " ".join(danish)


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_notebook_shows_it(found: Any, language: str) -> None:
    done = found[1]
    made = Advice(done.record, None, frames(done)).to_html(language)
    assert "<svg" in made
    assert made.count("<table") == 1


def test_a_notebook_tells_of_a_search_that_was_stopped(found: Any) -> None:
    none = {name: frame.iloc[:0] for name, frame in frames(found[1]).items()}
    made = Advice(found[1].record, None, none)._repr_html_()
    assert "goes on where it stopped" in made
    assert "<table" not in made


def test_advice_that_does_not_beat_a_named_regime_says_so(found: Any) -> None:
    done = found[1]
    made = frames(done)
    packages = made["packages"]
    for low, high, start in ((-3.0, -1.0, "It does not beat"), (-1.0, 1.0, "It does not clearly")):
        packages["lead"], packages["lead_low"], packages["lead_high"] = low + 0.1, low, high
        told = AdviceWords(Advice(done.record, None, made)).told()
        assert told[1].startswith(start)


def test_governance_that_is_no_point_is_told_by_values(found: Any) -> None:
    made = frames(found[1])
    made["margins"]["today"] = np.nan
    told = AdviceWords(Advice(found[1].record, None, made)).told()
    assert any(each.startswith("Today's governance changes over time") for each in told)


def runs(gains: list[list[float]], roles: list[str]) -> FreshRuns:
    candidates = tuple(
        Candidate(role, (0.5 + 0.1 * k,) * HOURS + (10.0,)) for k, role in enumerate(roles)
    )
    hours = np.full((len(roles), len(gains[0])), 9.0)
    values = np.zeros((len(roles), len(gains[0]), 1))
    return FreshRuns(candidates, np.array(gains), hours, (USED,), values)


def test_tables_by_hand() -> None:
    design = checked_design(
        WORLD, hours_at_most=20.0, worlds="none", size=Size(16, worlds=2, fresh=10)
    )
    # Ten worlds: the package gains 1 to 10, the rival 4 in all.
    own = [float(k) for k in range(1, 11)]
    roles = [TODAY, "package 1", "regime hands_off"]
    made = tables_of(design, runs([[0.0] * 10, own, [4.0] * 10], roles))
    best = made["packages.parquet"].to_pandas().iloc[0]
    assert best["benefit"] == pytest.approx(5.5)
    assert best["worst_tenth"] == 1.0
    assert best["lead"] == pytest.approx(1.5)
    # Against the better of both in each world: 3 + 2 + 1 over ten.
    assert best["regret"] == pytest.approx(0.6)
    assert best["best_named"] == "hands_off"


def test_ranges_end_where_the_loss_matters() -> None:
    levels, change = np.array([0.0, 0.4, 0.5, 1.0]), np.array([-3.0, -1.0, 0.0, -0.4])
    # Loses 2 halfway between 0.4 (loses 1) and 0 (loses 3).
    assert _range(levels, change, 0.5, 2.0) == pytest.approx((0.2, 1.0))
    assert _range(levels, change, 0.5, 0.2) == pytest.approx((0.48, 0.75))


def test_means_of_few_worlds_are_as_if_run_in_all() -> None:
    effect = np.array([0.0, 10.0, 2.0, 4.0])
    values = np.array([1.0, 2.0, 3.0])[:, None] + effect
    values[2, 2:] = np.nan
    mean, variance = _mean(values)
    assert mean == pytest.approx([5.0, 6.0, 7.0])
    assert variance == pytest.approx(0.0, abs=1e-9)


def test_packages_differ() -> None:
    points = np.full((4, len(NAMES)), 0.5)
    points[1, 0], points[2, 0], points[3, 1] = 0.6, 0.8, 0.1
    assert _packages(points, np.array([4.0, 3.0, 2.0, 1.0])) == [0, 2, 3]


def test_the_model_gives_a_folder_that_verifies(tmp_path: Path) -> None:
    out = tmp_path / "advice"
    given = {"hours_at_most": 15.0, "worlds": "prior", "adults": 300, "months": 6}
    made = advise(out=out, evaluations=16, search_worlds=4, fresh=3, workers=1, **given)
    assert {"front", "packages", "margins"} <= set(made.frames)
    wanted = ["hours_per_1000", "benefit", "ci_low", "ci_high", "membership", *INSTRUMENTS]
    assert list(made.front.columns)[: len(wanted)] == wanted
    assert list(made.packages.columns)[:6] == ["rank", *wanted[:5]]
    assert {"worst_tenth", "regret"} <= set(made.packages)
    assert {"instrument", "low", "high", "worth"} <= set(made.margins)
    assert len(load_study(out)) == made.study["counts"]["done"]
    assert verify(out, sample=2).runs > 0
    assert undescribed(out, "advise") == []
    again = load_advice(out)
    assert again.front.equals(made.front)
    assert (again.margins["matters"] >= 0.0).all()
    assert MATTERS < 1.0
