"""Regret, satisficing, best regimes and the Pareto front against tables worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.frames import losses_as_worst
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.sweep.choice import (
    RegimeCriterion,
    best_regimes,
    regret,
    satisficing,
    wilson,
)
from velfaerd_sim.analysis.sweep.contrasts import LEAST_POINTS, contrasts
from velfaerd_sim.analysis.sweep.front import front, non_dominated
from velfaerd_sim.analysis.sweep.world_shares import by_world
from velfaerd_sim.errors import InputError

# Worlds down, regimes a, b, c across.
BENEFIT = np.array(
    [
        [10.0, 8.0, 1.0],
        [4.0, 8.0, 1.0],
        [6.0, 5.0, 1.0],
        [0.0, 5.0, 1.0],
    ]
)
HOURS = np.array([5.0, 7.0, 9.0])
X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])


def frame_of(benefit=BENEFIT, replicates=1, sd=0.0, x=X, seed=1):
    rules = {}
    for k, regime in enumerate("abc"):
        rules[regime] = {
            "y": sweeps.noisy(lambda x, k=k: benefit[:, k], sd, seed + k),
            "staff_hours_per_1000": sweeps.plain(lambda x, k=k: HOURS[k] + 0.0 * x[:, 0]),
        }
    return sweeps.sweep(x, rules, replicates=replicates)


def test_regret_by_hand():
    """Regrets a: 0 4 0 5, b: 2 0 1 0, c: 9 7 5 4."""
    found = regret(frame_of(), "y", better="higher")
    table = found.table.set_index("regime")
    np.testing.assert_array_equal(
        found.data["regrets"], [[0, 2, 9], [4, 0, 7], [0, 1, 5], [5, 0, 4]]
    )
    assert list(found.table["regime"]) == ["b", "a", "c"]
    np.testing.assert_allclose(table["expected"].loc[["a", "b", "c"]], [2.25, 0.75, 6.25])
    np.testing.assert_allclose(table["largest"].loc[["a", "b", "c"]], [5.0, 2.0, 9.0])
    np.testing.assert_allclose(table["most_of"].loc[["a", "b"]], [4.7, 1.7])
    assert list(table["worst_world"].loc[["a", "b", "c"]]) == [3, 0, 0]
    assert "b has the least expected regret in y: 0.75" in told(found)
    assert "is the least too" in told(found)
    assert "With one replicate a world" in told(found)


def test_regret_where_less_is_better():
    """Regrets a: 9 3 5 0, b: 7 7 4 5, c: 0 0 0 1."""
    found = regret(frame_of(), "y", better="lower")
    table = found.table.set_index("regime")
    np.testing.assert_allclose(table["expected"].loc[["a", "b", "c"]], [4.25, 5.75, 0.25])


def test_chance_in_the_best_of_many_is_taken_off():
    """Three regimes that are alike: all regret is chance."""
    alike = np.zeros((200, 3))
    frame = frame_of(alike, 8, 1.0, np.random.default_rng(1).random((200, 2)))
    found = regret(frame, "y", better="higher", draws=200)
    plain = found.data["regrets"].mean()
    best_of_three = 0.846 / np.sqrt(8)
    assert plain == pytest.approx(best_of_three, rel=0.1)
    assert found.table["by_chance"].mean() > 0.3 * plain
    assert found.table["expected"].mean() < 0.7 * plain
    exact = regret(frame_of(replicates=3), "y", better="higher", draws=50)
    np.testing.assert_allclose(exact.table["by_chance"], 0.0, atol=1e-12)


def test_the_interval_of_expected_regret_covers_it():
    """Forty samples of 60 worlds: regret of a is max(0, -d), d Gaussian: mean 0.399."""
    hits = 0
    for seed in range(40):
        d = np.random.default_rng(seed).normal(size=60)
        benefit = np.column_stack([d, np.zeros(60), np.full(60, -9.0)])
        x = np.random.default_rng(seed).random((60, 2))
        frame = frame_of(benefit, 6, 0.3, x, seed)
        table = regret(frame, "y", better="higher", draws=200).table.set_index("regime")
        hits += table["expected_low"]["a"] <= 0.399 <= table["expected_high"]["a"]
    assert hits >= 34


def test_satisficing_by_hand():
    """At least 5: a in worlds 0 and 2, b in all, c in none; with at most 8 hours b keeps all."""
    found = satisficing(frame_of(), [RegimeCriterion("y", at_least=5.0)])
    table = found.table.set_index("regime")
    np.testing.assert_array_equal(table["share"].loc[["a", "b", "c"]], [0.5, 1.0, 0.0])
    low, high = wilson(np.array([0.5]), 4)
    assert (table["low"]["a"], table["high"]["a"]) == (low[0], high[0])
    assert table["high"]["b"] == 1.0
    assert 0.0 < table["low"]["b"] < 1.0
    both = [
        RegimeCriterion("y", at_least=5.0),
        RegimeCriterion("staff_hours_per_1000", at_most=6.0),
    ]
    table = satisficing(frame_of(), both).table.set_index("regime")
    np.testing.assert_array_equal(table["share"].loc[["a", "b", "c"]], [0.5, 0.0, 0.0])
    assert "too few" in told(found)
    many = frame_of(np.tile(BENEFIT, (5, 1)), x=np.arange(40.0).reshape(20, 2))
    found = satisficing(many, [RegimeCriterion("y", at_least=5.0)])
    assert "y at least 5 is met by b in 100%" in told(found)


def test_worlds_in_which_chance_may_decide():
    frame = frame_of(replicates=8, sd=0.2)
    found = satisficing(frame, [RegimeCriterion("y", at_least=5.0)])
    table = found.table.set_index("regime")
    assert table["unsure"]["b"] == 0.5  # two worlds exactly at the limit
    assert table["unsure"]["c"] == 0.0
    assert "too few" in told(found)
    x = np.arange(40.0).reshape(20, 2)
    many = frame_of(np.tile(BENEFIT, (5, 1)), 8, 0.2, x)
    assert "chance may decide" in told(satisficing(many, [RegimeCriterion("y", at_least=5.0)]))


def test_wilson_by_hand():
    """Nine of ten: 0.596 to 0.982 (Agresti & Coull 1998)."""
    low, high = wilson(np.array([0.9]), 10)
    assert (low[0], high[0]) == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_best_regimes_by_hand():
    found = best_regimes(frame_of(), "y", better="higher")
    table = found.table
    assert list(table["best"]) == ["a", "b", "a", "b"]
    assert list(table["second"]) == ["b", "a", "b", "c"]
    np.testing.assert_array_equal(table["margin"], [2.0, 4.0, 1.0, 4.0])
    assert list(table["x1"]) == [0.0, 1.0, 2.0, 3.0]
    assert "x2" not in table
    assert not table["clear"].any()
    shares = found.data["shares"].set_index("regime")
    np.testing.assert_array_equal(shares["share"].loc[["a", "b", "c"]], [0.5, 0.5, 0.0])


def test_the_error_of_the_best():
    """Margins 2, 4, 1, 4 with paired errors of 1 (sd 2 / sqrt(2 x 4) x sqrt(2))."""
    found = best_regimes(frame_of(replicates=8, sd=2.0), "y", better="higher")
    table = found.table
    half = (table["margin_high"] - table["margin_low"]) / 2.0
    assert (half > 0.0).all()
    assert list(table["clear"]) == list(table["margin_low"] > 0.0)
    assert (table["probability"] > 0.5).all()
    assert table["probability"][1] > 0.98
    certain = best_regimes(frame_of(replicates=3), "y", better="higher")
    np.testing.assert_array_equal(certain.table["probability"], 1.0)
    assert certain.table["clear"].all()
    many = frame_of(np.tile(BENEFIT, (5, 1)), 3, x=np.arange(40.0).reshape(20, 2))
    assert "clearly ahead of the second" in told(best_regimes(many, "y", better="higher"))


def test_non_dominated_by_hand():
    benefit = np.array([1.0, 2.0, 2.0, 3.0, 3.0])
    cost = np.array([1.0, 2.0, 3.0, 3.0, 3.0])
    np.testing.assert_array_equal(non_dominated(benefit, cost), [True, True, False, True, True])


def test_the_front_by_hand():
    """Means 5, 6.5, 1 for 5, 7, 9 hours: c is beaten by both; by world b is off the front twice."""
    found = front(frame_of(), "y", better="higher")
    table = found.table.set_index("regime")
    assert list(found.table["regime"]) == ["a", "b", "c"]
    np.testing.assert_allclose(table["benefit"], [5.0, 6.5, 1.0])
    np.testing.assert_allclose(table["cost"], [5.0, 7.0, 9.0])
    assert list(table["on_front"]) == [True, True, False]
    assert list(table["beaten_by"]) == ["", "", "a, b"]
    np.testing.assert_allclose(table["worlds_share"], [1.0, 0.5, 0.0])
    assert table["probability"]["a"] == 1.0
    assert 0.5 < table["probability"]["b"] < 1.0
    assert (table["benefit_low"] <= table["benefit"]).all()
    assert (table["benefit"] <= table["benefit_high"]).all()
    assert "Beaten on both: c." in told(found)


def test_worlds_need_a_value_in_every_regime():
    frame = frame_of()
    frame.loc[(frame["regime"] == "b") & (frame["point_id"] == 3), "status"] = "failed"
    found = regret(frame, "y", better="higher")
    assert list(found.data["point_ids"]) == [0, 1, 2]
    assert "1 run that failed. 1 parameter set of 4 could therefore not be used." in told(found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: regret(f, "y", ["a"], better="higher"), "two regimes or more"),
        (lambda f: regret(f, "y", ["a", "d"], better="higher"), "regime: 'd'"),
        (lambda f: regret(f, "y"), "neither good nor bad"),
        (lambda f: regret(f[f["point_id"] == 0], "y", better="higher"), "at least 2"),
        (lambda f: satisficing(f, []), "one criterion or more"),
        (lambda f: satisficing(f, [RegimeCriterion("z", at_least=1.0)]), "outcome: 'z'"),
        (lambda f: RegimeCriterion("y"), "at_least or at_most"),
        (
            lambda f: regret(f, "y", better="higher", design=PointLayout("morris", ("x1",))),
            "choice needs a sample of worlds",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call(frame_of())


def left_by_volunteers(lost: tuple[tuple[str, int], ...]):
    """Four worlds; in those named all volunteers left, so that motivation has no value."""
    frame = frame_of().rename(columns={"outcome.y": "outcome.motivation_mean"})
    frame["outcome.motivation_mean"] = frame["outcome.motivation_mean"] / 10.0
    frame["outcome.volunteers_per_1000"] = 40.0
    for regime, point in lost:
        rows = (frame["regime"] == regime) & (frame["point_id"] == point)
        frame.loc[rows, "outcome.motivation_mean"] = np.nan
        frame.loc[rows, "outcome.volunteers_per_1000"] = 0.0
    return frame


def test_losing_all_volunteers_is_the_worst_and_not_missing():
    """Motivation of a: 1.0, 0.4, 0.6, 0.0; b, the same in each world but the first, is left."""
    frame = left_by_volunteers((("b", 1), ("b", 2), ("b", 3)))
    found = satisficing(frame, [RegimeCriterion("motivation_mean", at_least=0.5)])
    assert dict(found.table[["regime", "share"]].to_numpy().tolist())["b"] == 0.25
    assert "3 runs ended without volunteers; that counts as the worst" in told(found)
    found = regret(frame, "motivation_mean")
    np.testing.assert_allclose(
        found.data["regrets"][:, 1],
        [0.2, 0.4, 0.6, 0.1],  # behind a, a, a and c
    )
    assert "is at most" in told(found)


def test_a_value_that_is_missing_for_another_reason_stays_missing():
    frame = left_by_volunteers((("b", 1),))
    frame["outcome.volunteers_per_1000"] = 40.0
    found = regret(frame, "motivation_mean")
    assert list(found.data["point_ids"]) == [0, 2, 3]
    assert "1 run without (new) volunteers" in told(found)
    frame = left_by_volunteers(tuple(("b", point) for point in range(4)))
    frame["outcome.volunteers_per_1000"] = 40.0
    with pytest.raises(InputError, match="no volunteers: choose more adults"):
        regret(frame, "motivation_mean")


def test_losses_are_counted_before_runs_of_a_world_are_averaged():
    frame = left_by_volunteers(()).assign(replicate=0)
    both = pd.concat([frame, left_by_volunteers((("a", 0),)).assign(replicate=2)])
    averaged = by_world(losses_as_worst(both), 2)
    row = averaged[(averaged["regime"] == "a") & (averaged["point_id"] == 0)].iloc[0]
    assert (row["outcome.motivation_mean"], row["lost.motivation_mean"]) == (0.5, 1)


@pytest.mark.parametrize(("count", "told_of"), [(LEAST_POINTS - 1, False), (LEAST_POINTS, True)])
def test_no_sentence_tells_shares_of_few_points(count, told_of):
    """Both rivals are ahead of c at every point, by a hair: of few points that is no share."""
    x = np.random.default_rng(3).random((count, 2))
    name = "motivation_mean"
    rules = {
        regime: {name: sweeps.plain(lambda x, level=level: level + 0.0 * x[:, 0])}
        for regime, level in {"a": 0.51, "b": 0.52, "c": 0.5}.items()
    }
    frame = sweeps.sweep(x, rules, replicates=2)
    texts = (
        told(contrasts(frame, name, "c", ("a", "b"), draws=50)),
        told(best_regimes(frame, name, draws=20)),
        told(satisficing(frame, [RegimeCriterion(name, at_least=0.5)])),
    )
    for text in texts:
        assert ("100%" in text) == told_of
    assert ("is ahead in" in texts[0]) == told_of
    assert all(("too few to tell shares" in text) != told_of for text in texts[1:])
