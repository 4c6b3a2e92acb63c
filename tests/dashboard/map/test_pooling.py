"""Pooling of municipalities: nobody is named where all are alike; true differences are found."""

import numpy as np
import pytest

from velfaerd_sim.dashboard.map import pooling
from velfaerd_sim.dashboard.map.national_runs import scenario_of
from velfaerd_sim.dashboard.map.pooling import pooled

ADULTS = np.array([town.adults for town in scenario_of(10).towns], np.float64)
EFFECT, RUNS = -0.006, 4
TOWNS = len(ADULTS)


def noise(rng, months, runs=RUNS):
    return rng.standard_normal((runs, TOWNS, months)) / np.sqrt(ADULTS)[:, None]


@pytest.mark.parametrize("runs", [2, RUNS])
def test_where_the_effect_is_the_same_no_municipality_is_named(runs):
    found = pooled(EFFECT + noise(np.random.default_rng(1), 2000, runs), ADULTS)
    assert found.apart.mean() < 2.0 * pooling.CHANCE_OF_ERROR
    alike = found.values[:, ~found.apart]
    assert (np.ptp(alike, axis=0) == 0.0).all()
    assert alike.mean() == pytest.approx(EFFECT, abs=1e-3)
    held = np.abs(alike[0] - EFFECT) <= pooling.WIDTH * found.errors[0, ~found.apart]
    assert 0.93 < held.mean() < 0.97


def test_one_run_names_nobody():
    own = 0.3 * np.random.default_rng(3).standard_normal((1, TOWNS, 5))
    found = pooled(EFFECT + own, ADULTS)
    assert not found.apart.any()
    assert (np.ptp(found.values, axis=0) == 0.0).all()


def test_true_differences_are_found_and_intervals_of_ranks_hold():
    rng = np.random.default_rng(2)
    true = EFFECT + 0.02 * rng.standard_normal((TOWNS, 200))
    seen = true + noise(rng, 200)
    found = pooled(seen, ADULTS)
    assert found.apart.all()
    error, plain = found.values - true, seen.mean(axis=0) - true
    assert np.square(error).mean() < 0.9 * np.square(plain).mean()
    inside = np.abs(error) <= pooling.WIDTH * found.errors
    assert 0.93 < inside.mean() < 0.97
    held = []
    for month in range(40):
        ranks = found.ranks(month, larger_first=True)
        place = np.argsort(np.argsort(-true[:, month])) + 1
        held.append((ranks[:, 0] <= place) & (place <= ranks[:, 1]))
    assert np.mean(held) > 0.9


def test_nothing_scatters_and_unknown_municipalities():
    same = np.full((2, TOWNS, 2), 0.5)
    same[:, 3] = np.nan
    found = pooled(same, ADULTS)
    assert not found.apart.any()
    assert np.isnan(found.values[3]).all()
    assert np.nanmax(found.errors) < 1e-12
    assert not found.unclear.any()
    assert (found.ranks(0, True)[3] == 0).all()
