"""All regimes ranked in Compare: ranks by hand, runs that are those of Compare, what is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.ranking import (
    RankRuns,
    entries,
    missing,
    rank_intervals,
    ranked,
    summary_of,
)
from velfaerd_sim.dashboard.compare.ranking_part import picked, said, table_rows
from velfaerd_sim.dashboard.compare.results import LEAST_PAIRS, result_of
from velfaerd_sim.dashboard.compare.runs import BurnIns, Tracks, work_for
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.telling.words import Words

OWN = CompareView(
    a=Governance("rigid_rules", (("dialogue", 0.9),), ("Our way", "Vores vej")),
    town=Town(code=1, name="Stylised town", kind="rural", adults=200),
    months=12,
    burn_in_months=6,
)
DANISH, ENGLISH = Words("da", "compare"), Words("en", "compare")


def test_ranks_by_hand() -> None:
    """Three levels, the middle one shared by two that differ by chance alone."""
    chance = np.random.default_rng(1).normal(0.0, 0.01, (4, 16))
    values = np.array([[1.0], [2.0], [2.0], [3.0]]) + chance
    assert rank_intervals(values) == [(4, 4), (2, 3), (2, 3), (1, 1)]
    assert rank_intervals(np.ones((3, 16))) == [(1, 3)] * 3


def test_chance_alone_ranks_nobody() -> None:
    """All ten are alike: in 19 of 20 draws nobody's place is told."""
    draws = np.random.default_rng(2).normal(size=(60, 10, 16))
    told = [rank_intervals(each) != [(1, 10)] * 10 for each in draws]
    assert np.mean(told) < 0.15


def test_own_governances_are_among_the_ten() -> None:
    sides = [entry.side for entry in entries(OWN)]
    assert sides == [""] * len(REGIMES) + ["a"]
    assert [e.governance.regime for e in entries(CompareView())] == list(REGIMES)


@pytest.fixture(scope="module")
def runs():
    """The runs of the ranking, and those of Compare."""
    burn_ins, ranks = BurnIns(), RankRuns().show(OWN)
    for replicate, regime in missing(OWN, ranks):
        ranks[regime][replicate] = summary_of(OWN, replicate, regime, burn_ins)
    a, b = Tracks().show(OWN)
    for replicate, side, task in work_for(OWN, a, b, burn_ins):
        (a if side == "a" else b)[replicate] = task(None)
    return ranks, result_of(a, b, OWN.replicates, OWN.worlds)


@pytest.mark.parametrize("name", ["lonely_share", "motivation_mean", "staff_hours_per_1000"])
def test_the_ranking_tells_the_numbers_of_compare(runs, name) -> None:
    ranks, result = runs
    found = ranked(OWN, ranks, name)
    assert len(found) == len(REGIMES) + 1
    by_name = {(row.entry.governance.regime, row.entry.side): row for row in found}
    b, a = by_name[OWN.b.regime, ""], by_name["rigid_rules", "a"]
    finding = result.findings[name]
    assert a.is_a
    assert a.level == pytest.approx(finding.a_level)
    assert b.level == pytest.approx(finding.b_level)
    assert b.difference == pytest.approx(finding.difference)
    assert b.hours == pytest.approx(result.findings["staff_hours_per_1000"].b_level)
    assert all(row.first <= row.last for row in found)
    levels = [row.level for row in found]
    assert levels == sorted(levels, reverse=name == "motivation_mean")


def test_nothing_is_ranked_from_few_runs(runs) -> None:
    ranks, _ = runs
    few = {regime: {r: of[r] for r in range(LEAST_PAIRS - 1)} for regime, of in ranks.items()}
    assert ranked(OWN, few, "lonely_share") == []


def test_another_town_is_run_anew_and_a_move_of_a_side_is_not() -> None:
    kept = RankRuns()
    first = kept.show(OWN)
    for of in first.values():
        of[0] = np.zeros(len(NAMES))
    moved = OWN.with_governance("b", Governance("hands_off", (("dialogue", 0.4),)))
    assert len(missing(moved, kept.show(moved))) == len(missing(OWN, first)) + OWN.replicates
    other = replace(OWN, seed=5)
    assert len(missing(other, kept.show(other))) == (len(REGIMES) + 1) * OWN.replicates


def planted(**levels: float):
    """Rows of a ranking in which the regimes have these numbers of lonely adults."""
    view = CompareView()
    chance = np.random.default_rng(3).normal(0.0, 1e-4, view.replicates)
    ranks = RankRuns().show(view)
    for entry in entries(view):
        for r in range(view.replicates):
            summary = np.full(len(NAMES), 10.0)
            level = levels.get(entry.governance.regime, 0.10)
            summary[INDEX["lonely_share"]] = level + chance[r] * (1.0 + level)
            ranks[entry.regime][r] = summary
    return view, ranked(view, ranks, "lonely_share")


def test_what_is_said_of_the_best() -> None:
    view, rows = planted(clear_agreements=0.05, hands_off=0.2)
    assert rows[0].entry.governance.regime == "clear_agreements"
    assert (rows[0].first, rows[0].last) == (1, 1)
    assert (rows[-1].first, rows[-1].last) == (len(REGIMES), len(REGIMES))
    text = said(rows, "lonely_share", ENGLISH)
    assert text.startswith("In the model, “")
    assert "is the best by “Lonely adults”" in text
    _, alike = planted()
    assert "any may be the best" in said(alike, "lonely_share", ENGLISH)
    assert said(alike, "lonely_share", DANISH).startswith("I modellen")
    _, one_out = planted(hands_off=0.2)
    assert "ruled out by these runs: “Hands off”" in said(one_out, "lonely_share", ENGLISH)
    cells = table_rows(rows, view, "lonely_share", 400.0, DANISH)
    assert cells[0]["rank"] == "1"
    assert cells[0]["better"] == "16/16"
    assert cells[0]["tone"] == "vf-better"
    assert cells[0]["kroner"] == "4.000"
    assert "kroner" in cells[0]
    assert [row["difference"] for row in cells if row["is_a"]] == ["A"]


def test_a_click_puts_one_on_a_side_and_nothing_else_does() -> None:
    view = picked(OWN, {"key": "hands_off", "side": "a"})
    assert view.a == Governance("hands_off")
    assert picked(OWN, {"key": "a:rigid_rules", "side": "b"}).b == OWN.a
    for chosen in (None, {}, {"key": "hands_off"}, {"key": "x", "side": "a"}, {"side": "a"}):
        with pytest.raises(InputError):
            picked(OWN, chosen)
