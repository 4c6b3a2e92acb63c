"""What figures teach: known answers of weights and of the smoother."""

import numpy as np
import pytest

from velfaerd_sim.inputs.places import Place, load_place
from velfaerd_sim.inputs.worlds import World, Worlds, drawn_from_prior
from velfaerd_sim.statistics import normal_scores
from velfaerd_sim.studies.place.learning import (
    STEPS,
    effective,
    first_draws,
    log_likelihoods,
    moved,
    weights,
    worlds_of,
)

NAMES = ("contagion_strength", "espoused_gap", "need_spread")
ROUTE = "local_civil_actors_invite"


def national(count: int) -> Worlds:
    draws = np.random.default_rng(3).normal(size=(count, len(NAMES)))
    worlds = [
        World(k, 1.0 / count, normal_scores.values(NAMES, row)) for k, row in enumerate(draws)
    ]
    return Worlds("toy", tuple(worlds))


def stated(value: float, sigma: float) -> Place:
    """A place with one figure on a plain scale."""
    place = load_place({"routes": {ROUTE: {"seldom": 1}}})
    (figure,) = place.figures
    ends = {"low": value - 1.959963984540054 * sigma, "high": value + 1.959963984540054 * sigma}
    return Place(place.name, None, (type(figure)(figure.id, value, **ends, given=value),))


def test_weights_are_those_of_two_normals():
    """A standard normal seen as 1 with an error of 1: mean 1/2, variance 1/2."""
    x = np.random.default_rng(1).normal(size=200_000)
    place = stated(1.0, 1.0)
    told = log_likelihoods(x[:, None], place.figures)[:, 0]
    w = weights(told, np.full(len(x), 1.0 / len(x)))
    mean = float(w @ x)
    assert w.sum() == pytest.approx(1.0)
    assert mean == pytest.approx(0.5, abs=0.01)
    assert float(w @ (x - mean) ** 2) == pytest.approx(0.5, abs=0.01)
    # E[w]^2 / E[w^2] of exp(-(x - 1)^2 / 2) under a standard normal
    exact = (0.5 * np.exp(-0.5)) / (np.sqrt(1.0 / 3.0) * np.exp(-1.0 / 3.0))
    assert effective(w) / len(x) == pytest.approx(exact, rel=0.02)


def test_a_draw_without_a_reading_has_no_weight():
    place = stated(1.0, 1.0)
    told = log_likelihoods(np.array([[np.nan], [1.0]]), place.figures)[:, 0]
    assert weights(told, np.array([0.5, 0.5])).tolist() == [0.0, 1.0]
    nobody = np.full(2, -np.inf)
    assert weights(nobody, np.array([0.25, 0.75])).tolist() == [0.25, 0.75]


def test_the_smoother_is_exact_where_all_is_linear_and_leaves_the_rest():
    """A reading of twice the first score, seen as 3 with an error of 1: mean 6/5, variance 1/5."""
    worlds, place = national(4000), stated(3.0, 1.0)
    draws = first_draws(worlds, place, 1)
    before = draws
    for step in range(1, STEPS + 1):
        draws = moved(draws, 2.0 * draws.scores[:, :1], place, worlds, 1, step)
    assert draws.scores[:, 0].mean() == pytest.approx(1.2, abs=0.03)
    assert draws.scores[:, 0].var() == pytest.approx(0.2, abs=0.03)
    assert np.array_equal(draws.scores[:, 1:], before.scores[:, 1:])
    for one, other in zip(draws.parameters, before.parameters, strict=True):
        assert [one[name] for name in NAMES[1:]] == [other[name] for name in NAMES[1:]]
        assert one[NAMES[0]] != other[NAMES[0]]


def test_a_draw_without_a_reading_stays():
    worlds, place = national(200), stated(3.0, 1.0)
    draws = first_draws(worlds, place, 1)
    readings = 2.0 * draws.scores[:, :1]
    readings[7] = np.nan
    after = moved(draws, readings, place, worlds, 1, 1)
    assert np.array_equal(after.scores[7], draws.scores[7])
    assert np.isfinite(after.scores).all()


def test_only_levels_that_a_figure_tells_of_vary():
    worlds = drawn_from_prior(30, 1)
    silent = first_draws(worlds, load_place({"adults": 5000, "initiatives": 20}), 1)
    assert silent.names == worlds.names
    told = load_place({"adults": 5000, "lonely_share": 0.1, "volunteers": 200, "hours": 100})
    draws = first_draws(worlds, told, 1)
    assert draws.names[len(worlds.names) :] == (
        "loneliness_level_factor",
        "volunteering_level_factor",
        "hours_per_1000",
    )
    hours = np.array([one["hours_per_1000"] for one in draws.parameters])
    assert np.median(hours) == pytest.approx(20.0, rel=0.05)
    again = worlds_of(draws, np.full(30, 1 / 30), worlds, "again")
    assert [one.number for one in again] == [one.number for one in worlds]
    assert all(
        again[k].parameters[n] == v for k in range(30) for n, v in worlds[k].parameters.items()
    )
