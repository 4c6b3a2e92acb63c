"""Effects of claims from planted readings."""

import numpy as np
import pytest

from velfaerd_sim.studies.claims.claims import (
    Arm,
    Claim,
    ClaimCriterion,
    ClaimReading,
    Locality,
    TwoLanguages,
)
from velfaerd_sim.studies.claims.effects import effects_of, readings_met, winners
from velfaerd_sim.studies.claims.readings import readings, swing_arms

W = TwoLanguages("a", "b")


def claim(*criteria, arms=("a", "b", "c", "d"), rule="all", step=6, localities=()):
    read = ClaimReading("all", W, W, tuple(each.name for each in criteria), rule)
    return Claim(
        "X1", "S0", ("emergent",), W, W,
        tuple(Arm(name, W, "municipal_baton") for name in arms),
        criteria, (read,), "baseline", 300, 24, 2, 4, step, localities,
    )  # fmt: skip


def criterion(how="difference", of=("a",), against=("b",), sign="up", least=1.0, **more):
    values = {"measure": "motivation_mean", "window": (1, 24), "name": "x"} | more
    return ClaimCriterion(
        how=how, of=tuple(of), against=tuple(against), sign=sign, least=least, reason=W, **values
    )


def effect(one, planted, **more):
    """The effect of one criterion in one world; planted: reading -> values over replicates."""
    made = claim(one, **more)
    values = np.array([[np.atleast_1d(planted(r)) * np.ones(2) for r in readings(made)]])
    return effects_of(made, values.transpose(0, 2, 1))


@pytest.mark.parametrize(
    ("how", "expected"),
    [("difference", 1.0), ("relative", 0.5), ("level", 2.5)],
)
def test_simple_effects(how, expected):
    one = criterion(how, reference=0.5, against=() if how == "level" else ("b",))
    found = effect(one, lambda r: {"a": 3.0, "b": 2.0}[r.arm])
    assert found.effect[0, 0] == pytest.approx(expected)
    assert found.error[0, 0] == 0.0


def test_against_several_the_worst_counts_and_of_several_the_best():
    levels = {"a": 5.0, "b": 4.0, "c": 3.0, "d": 4.5}
    up = criterion(of=("a",), against=("b", "c", "d"))
    assert effect(up, lambda r: levels[r.arm]).effect[0, 0] == pytest.approx(0.5)
    down = criterion(of=("b", "c"), against=("a",), sign="down")
    assert effect(down, lambda r: levels[r.arm]).effect[0, 0] == pytest.approx(-2.0)


def test_the_error_comes_from_the_replicates():
    one = criterion()
    found = effect(one, lambda r: np.array([3.0, 5.0]) if r.arm == "a" else np.array([2.0, 2.0]))
    assert found.effect[0, 0] == pytest.approx(2.0)
    assert found.error[0, 0] == pytest.approx(1.0)


def test_an_effect_in_standard_deviations():
    one = criterion("standardised", measure="cohort_loneliness", sign="down", least=0.1)
    found = effect(
        one, lambda r: {"cohort_spread": 0.5}.get(r.measure, 0.2 if r.arm == "a" else 0.3)
    )
    assert found.effect[0, 0] == pytest.approx(-0.2)
    assert readings_met(claim(one), found.effect).tolist() == [[1.0]]


def test_the_difference_of_two_effects():
    one = criterion("interaction", of=("a", "c"), against=("b", "d"))
    levels = {"a": 5.0, "b": 1.0, "c": 3.0, "d": 2.0}
    assert effect(one, lambda r: levels[r.arm]).effect[0, 0] == pytest.approx(3.0)


def test_what_is_mediated_is_what_is_gone_when_arrows_are_cut():
    total = criterion(name="total", least=0.5)
    one = criterion("mediated", of=("a", "c"), against=("b", "d"), least=0.5, beats_by=0.5)
    levels = {"a": 3.0, "b": 1.0, "c": 1.5, "d": 1.0}
    found = effect(total, lambda r: levels[r.arm])
    made = claim(total, one)
    values = np.array([[[levels[r.arm]] * 2 for r in readings(made)]]).transpose(0, 2, 1)
    found = effects_of(made, values)
    assert found.effect[0, 1] == pytest.approx(0.75)
    small = np.where(values == 3.0, 1.1, values)
    assert np.isnan(effects_of(made, small).effect[0, 1])


def test_delay_is_the_time_between_two_that_beat_the_same():
    one = criterion("delay", of=("a",), rival="c", against=("b",), beats_by=0.5, least=6.0)
    lead = {"a": [0, 0, 1, 1], "c": [0, 1, 1, 1], "b": [0, 0, 0, 0]}
    assert effect(one, lambda r: lead[r.arm][(r.first - 1) // 6]).effect[0, 0] == 6.0
    never = {"a": [0, 1, 0, 0], "c": [1, 1, 1, 1], "b": [0, 0, 0, 0]}
    assert effect(one, lambda r: never[r.arm][(r.first - 1) // 6]).effect[0, 0] == 30.0 - 6.0


def test_half_time_is_the_middle_of_the_step_that_covers_half_of_the_way():
    one = criterion("half_time", against=(), measure="staff_skill_mean")
    path = {0: 0.2, 1: 0.3, 7: 0.5, 13: 0.6, 19: 0.8}
    assert effect(one, lambda r: path[r.first]).effect[0, 0] == pytest.approx(9.5)
    assert np.isnan(effect(one, lambda r: 0.2).effect[0, 0])


def test_the_largest_swing_must_lead_all_others_in_either_direction():
    one = criterion("largest_swing", of=("rigidity",), against=())
    arms = [f"{name}_{end}" for name in swing_arms() for end in (0, 1)]
    moved = {"rigidity_1": -3.0, "influence_1": 2.0, "training_1": -1.0, "gap_1": -9.0}
    found = effect(one, lambda r: moved.get(r.arm, 0.0), arms=arms)
    assert found.effect[0, 0] == pytest.approx(1.0)


def test_regret_is_nothing_where_one_regime_is_best_everywhere_and_luck_is_no_need():
    places = (Locality("here", W), Locality("there", W))
    one = criterion("regret", of=(), against=())
    best = {("here", "a"): 3.0, ("there", "a"): 3.0}
    found = effect(one, lambda r: best.get((r.locality, r.arm), 1.0), localities=places)
    assert found.effect[0, 0] == 0.0
    own = {("here", "a"): 3.0, ("there", "a"): 0.0, ("there", "b"): 2.0, ("here", "b"): 1.5}
    found = effect(one, lambda r: own.get((r.locality, r.arm), -9.0), localities=places)
    assert found.effect[0, 0] == pytest.approx(1.5)
    # What is better in one half of the replicates only was luck, and costs in the other half.
    lucky = {("here", "a"): [2.0, 2.0], ("there", "a"): [2.0, 2.0], ("there", "b"): [5.0, -5.0]}
    found = effect(
        one, lambda r: np.array(lucky.get((r.locality, r.arm), [-9.0, -9.0])), localities=places
    )
    assert found.effect[0, 0] < 0.0


def test_a_missing_effect_is_not_met():
    one = criterion()
    found = effect(one, lambda r: np.nan)
    assert np.isnan(found.effect[0, 0])
    assert readings_met(claim(one), found.effect).tolist() == [[0.0]]


def test_a_reading_asks_for_all_of_its_criteria_or_any_and_each_counts_by_itself():
    one, other = criterion(name="one"), criterion(name="other", sign="down")
    effects = np.array([[2.0, -2.0], [2.0, 0.0], [0.0, 0.0], [np.nan, -2.0]])
    assert readings_met(claim(one, other), effects)[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert readings_met(claim(one, other, rule="any"), effects)[:, 0].tolist() == [1, 1, 0, 1]
    assert [one.has_sign(value) for value in (0.5, 0.0, -0.5)] == [True, False, False]
    assert [other.has_sign(value) for value in (0.5, 0.0, -0.5)] == [False, False, True]


def test_leaving_one_out_gives_the_usual_error_where_an_effect_is_linear():
    draws = np.random.default_rng(3).normal(size=(2, 6))
    made = claim(criterion())
    values = np.stack([draws[int(r.arm == "b")] for r in readings(made)], axis=-1)[None]
    found = effects_of(made, values)
    usual = (draws[0] - draws[1]).std(ddof=1) / np.sqrt(6)
    assert found.error[0, 0] == pytest.approx(usual)


@pytest.mark.parametrize(
    ("sign", "yes", "no"),
    [("up", 1.0, 0.9), ("down", -1.0, -0.9), ("not_less", -1.0, -1.1), ("not_more", 1.0, 1.1)],
)
def test_signs(sign, yes, no):
    one = criterion(sign=sign)
    assert one.holds(yes)
    assert not one.holds(no)


def test_nobody_is_best_in_a_world_without_values():
    one = criterion(of=("a",), against=("b", "c", "d"), measure="retention_12m")
    made = claim(one)
    values = np.array([[[1.0, 2.0, 0.5, 0.0]], [[np.nan] * 4], [[np.nan, 0.1, 0.3, 0.2]]])
    assert winners(made, values) == [("x", "", ["b", "", "c"])]
    measure = "authorship_mean"  # more of it is neither better nor worse
    assert winners(claim(criterion(against=("b", "c", "d"), measure=measure)), values) == []


def test_standardised_against_several_takes_the_spread_of_each():
    one = criterion("standardised", against=("b", "c"))
    levels = {"a": 5.0, "b": 3.0, "c": 4.0}
    spread = {"b": 2.0, "c": 0.25}

    def planted(r):
        return spread[r.arm] if r.measure == "cohort_spread" else levels[r.arm]

    assert effect(one, planted).effect[0, 0] == pytest.approx(1.0)
