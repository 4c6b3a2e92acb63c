"""What the numbers say: who leads, who is level, where a ranking turns."""

import numpy as np
import pandas as pd
import pytest

from reporting.made import THREE, by_hours, made
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.telling.findings import (
    comparisons_of,
    crossings,
    gap,
    in_focus,
    judge_turn,
    pairs_of_interest,
    turn,
    verdict,
    yields,
)

BASE, DIALOGUE, NONE = THREE
NAME = "retention_12m"


def test_a_clear_lead() -> None:
    found = verdict(made({(NAME, DIALOGUE): (0.1, 0.02), (NAME, NONE): (-0.1, 0.02)}), NAME)
    assert (found.kind, found.best, found.worst) == ("leads", DIALOGUE, NONE)
    assert found.better == (DIALOGUE,)
    assert found.tied == ()


def test_less_is_better_for_loneliness() -> None:
    differences = {
        ("lonely_share", DIALOGUE): (-0.01, 0.002),
        ("lonely_share", NONE): (0.01, 0.002),
    }
    found = verdict(made(differences), "lonely_share")
    assert (found.kind, found.best, found.worst) == ("leads", DIALOGUE, NONE)


def test_an_interval_with_zero_is_no_difference() -> None:
    found = verdict(made({(NAME, DIALOGUE): (0.1, 0.11), (NAME, NONE): (-0.1, 0.1)}), NAME)
    assert (found.kind, found.best, found.worst) == ("none", BASE, None)


def test_the_baseline_may_be_best() -> None:
    found = verdict(made({(NAME, NONE): (-0.1, 0.02)}), NAME)
    assert (found.kind, found.best, found.tied, found.worst) == (
        "baseline",
        BASE,
        (DIALOGUE,),
        NONE,
    )


def test_a_regime_with_a_wide_interval_does_not_lead() -> None:
    found = verdict(made({(NAME, DIALOGUE): (0.2, 0.3), (NAME, NONE): (0.1, 0.02)}), NAME)
    assert found.best == NONE


def test_ties_are_judged_by_the_paired_difference_of_the_two() -> None:
    differences = {(NAME, DIALOGUE): (0.10, 0.02), (NAME, NONE): (0.09, 0.02)}
    assert NONE in verdict(made(differences, noise=0.1), NAME).tied
    assert verdict(made(differences, noise=0.001), NAME).tied == ()


def test_one_replicate_is_never_sure() -> None:
    results = made({(NAME, DIALOGUE): (0.1, 0.0)}, replicates=1)
    assert verdict(results, NAME).kind == "unsure"
    assert not results.difference(NAME, DIALOGUE).sure


def test_intervals_between_two_regimes_widen_with_the_number_of_comparisons() -> None:
    results = made({(NAME, DIALOGUE): (0.1, 0.02)}, noise=0.05)
    one, nine = (results.between(NAME, DIALOGUE, NONE, count) for count in (1, 9))
    assert one.value == pytest.approx(nine.value)
    assert nine.half_width > 1.3 * one.half_width


def test_focus_holds_at_most_five_and_never_the_baseline() -> None:
    results = made({(NAME, "rigid_rules"): (-0.1, 0.01)}, regimes=tuple(REGIMES))
    shown = in_focus(results)
    assert len(shown) <= 5
    assert results.baseline not in shown


def test_crossings_lie_on_the_logarithm_of_hours() -> None:
    assert crossings([4.0, 16.0], [-1.0, 1.0]) == pytest.approx((8.0,))
    assert crossings([4.0, 16.0, 64.0], [-1.0, -1.0, -2.0]) == ()


HOURS = np.array([4.0, 8.0, 16.0, 32.0, 64.0])


@pytest.mark.parametrize(
    ("lead", "half", "kind", "ahead"),
    [
        ([-3, -2, 0.1, 2, 3], 1.0, "turns", "b"),
        ([3, 2, -0.1, -2, -3], 1.0, "turns", "a"),
        ([3, 2, 1, -0.5, -0.8], 1.5, "leans", "a"),
        ([-0.5, 1, 2, 3, 3], 1.5, "leans", "a"),
        ([1, 2, 2, 2, 3], 0.5, "ahead", "a"),
        ([-1, -2, -2, -2, -3], 0.5, "ahead", "b"),
        ([0.1, -0.2, 0.1, -0.1, 0.2], 1.0, "close", "a"),
        ([3, -3, 3, -3, 3], 1.0, "mixed", "a"),
    ],
)
def test_kinds_of_turns(lead: list[float], half: float, kind: str, ahead: str) -> None:
    means = np.array(lead, float)
    found = judge_turn(NAME, "a", "b", HOURS, means, means - half, means + half)
    assert (found.kind, found.ahead) == (kind, ahead)
    assert bool(found.turning_points) == (kind in ("turns", "leans", "mixed"))


def test_a_turn_is_bracketed_by_hours_at_which_each_side_is_clear() -> None:
    hours = by_hours({4.0: (-0.1, 0.02), 8.0: (-0.05, 0.02), 16.0: (0.01, 0.02), 32.0: (0.1, 0.02)})
    found = turn(made({}, hours=hours), "motivation_mean", DIALOGUE, NONE)
    assert found is not None
    assert (found.kind, found.ahead, found.behind) == ("turns", NONE, DIALOGUE)
    assert found.between == (8.0, 32.0)
    assert found.sure_ahead == (4.0, 8.0)
    assert 8.0 < found.turning_points[0] < 16.0


def test_without_runs_the_interval_of_a_pair_is_no_narrower_than_both_together() -> None:
    hours = by_hours({4.0: (-0.1, 0.04), 8.0: (0.1, 0.04)})
    found = gap(made({}, hours=hours), "motivation_mean", DIALOGUE, NONE)
    assert (found.high - found.low) / 2.0 == pytest.approx([0.04, 0.04])


def test_with_runs_the_interval_of_a_pair_is_paired() -> None:
    hours = by_hours({4.0: (-0.1, 0.5), 8.0: (0.1, 0.5)})
    rows = [
        (level, regime, replicate, luck + (lead if regime == DIALOGUE else 0.0))
        for level, lead in ((4.0, -0.1), (8.0, 0.1))
        for regime in THREE
        for replicate, luck in enumerate((0.2, 0.5, 0.9))
    ]
    columns = ["hours_per_1000", "regime", "replicate", "motivation_mean"]
    results = made({}, hours=hours)
    object.__setattr__(results, "staff_hours_runs", pd.DataFrame(rows, columns=columns))
    found = gap(results, "motivation_mean", DIALOGUE, NONE)
    assert found.mean == pytest.approx([-0.1, 0.1])
    assert found.high - found.low == pytest.approx([0.0, 0.0], abs=1e-9)


def test_pairs_fixed_beforehand_come_first_and_chosen_ones_pay_for_the_choice() -> None:
    hours = by_hours({4.0: (-0.1, 0.02), 8.0: (0.1, 0.02)})
    named = made({}, hours=hours)
    assert pairs_of_interest(named, "motivation_mean") == [(DIALOGUE, NONE)]
    assert comparisons_of(named) == 1
    others = ("municipal_baton", "rigid_rules", "experimenting")
    hours = by_hours({4.0: (-0.1, 0.02), 8.0: (0.1, 0.02)}, regimes=others)
    chosen = made({}, regimes=others, hours=hours)
    assert comparisons_of(chosen) == 3
    pairs = pairs_of_interest(chosen, "motivation_mean")
    assert set(pairs[0]) == {"rigid_rules", "experimenting"}
    assert len({first for first, _ in pairs}) == 1


def test_yields_relate_what_is_averted_to_the_hours_used() -> None:
    found = yields(made({("lonely_years_averted_per_1000", DIALOGUE): (30.0, 2.0)}))
    assert [item.regime for item in found] == list(made({}).order[1:])
    assert found[0].per_100_hours.value == pytest.approx(0.4)
