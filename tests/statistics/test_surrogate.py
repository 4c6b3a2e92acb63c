"""The search on planted functions, and its formulas against numbers drawn or worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.statistics import surrogate
from velfaerd_sim.statistics.surrogate import (
    Evaluated,
    expected_gain,
    expected_volume,
    first_points,
    hypervolume,
    next_points,
    undominated,
)

pytest.importorskip("sklearn")
MOST = 14.0
TARGET = np.array([0.1, 0.6, 0.8, 0.5, 0.7, 0.4, 0.9, 0.3])
WEIGHT = np.array([3.0, 1.0, 2.0, 1.5, 1.0, 0.5, 1.5, 0.7])


def test_the_front_is_what_nothing_dominates() -> None:
    benefit = np.array([1.0, 3.0, 2.0, 3.0, 0.5])
    cost = np.array([1.0, 2.0, 3.0, 2.0, 0.5])
    assert undominated(benefit, cost).tolist() == [True, True, False, False, True]


def test_the_hypervolume_by_hand() -> None:
    # Above 0 and below 4: height 1 from 1 to 2, height 3 from 2 to 4; (2, 3) adds nothing.
    volume = hypervolume(np.array([1.0, 3.0, 2.0]), np.array([1.0, 2.0, 3.0]), 0.0, 4.0)
    assert volume == pytest.approx(1.0 * 1.0 + 3.0 * 2.0)


def test_the_expected_growth_is_the_mean_over_draws() -> None:
    generator = np.random.default_rng(1)
    benefit, cost = np.array([1.0, 3.0]), np.array([1.0, 2.0])
    stairs = surrogate._stairs(benefit, cost, 0.0, 4.0)
    mean, sd = (np.array([2.5]), np.array([1.8])), (np.array([0.7]), np.array([0.4]))
    found = expected_volume(stairs, (mean[0], sd[0]), (mean[1], sd[1]))[0]
    draws = zip(
        generator.normal(mean[0], sd[0], 20_000),
        generator.normal(mean[1], sd[1], 20_000),
        strict=True,
    )
    base = hypervolume(benefit, cost, 0.0, 4.0)
    grown = [
        hypervolume(np.append(benefit, one), np.append(cost, other), 0.0, 4.0) - base
        for one, other in draws
    ]
    error = np.std(grown) / np.sqrt(len(grown))
    assert found == pytest.approx(np.mean(grown), abs=4.0 * error)


def test_the_expected_gain_of_a_known_point_is_its_lead_where_it_is_within_the_budget() -> None:
    sure = np.full(2, 1e-9)
    gain = expected_gain(1.0, 3.0, (np.array([1.5, 1.5]), sure), (np.array([2.0, 4.0]), sure))
    assert gain == pytest.approx([0.5, 0.0])


def planted(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Benefit and hours of nine coordinates: a bent ridge, two that work together, rising costs."""
    hours, x = points[:, -1], points[:, :-1]
    fit = 1.0 - ((x - TARGET) ** 2 * WEIGHT).sum(axis=1) / WEIGHT.sum()
    together = 0.3 * x[:, 2] * hours - 0.25 * x[:, 0] * x[:, 3]
    return 10.0 * (fit**3 * np.sqrt(hours) + together), 2.0 + 18.0 * hours * (0.6 + 0.4 * x[:, 2])


def test_the_search_comes_as_far_as_many_more_points_from_everywhere() -> None:
    """200 evaluations with chance, of a twentieth of the optimum, against 5 000 without."""
    generator = np.random.default_rng(3)
    chance = 0.5

    def snapped(unit: np.ndarray) -> np.ndarray:
        return np.round(unit, 2)

    def tried(points: np.ndarray, known: Evaluated | None) -> Evaluated:
        benefit, cost = planted(points)
        seen = benefit + chance * generator.normal(size=len(points))
        parts = [points, seen, np.full(len(points), chance**2), cost, np.full(len(points), 1e-4)]
        if known is not None:
            before = vars(known).values()
            parts = [np.concatenate(pair) for pair in zip(before, parts, strict=True)]
        return Evaluated(*parts)

    known = tried(snapped(first_points(40, 9, 3)), None)
    while len(known.points) < 200:
        new = next_points(known, MOST, 8, snapped, len(known.points))
        assert len(np.unique(np.vstack([known.points, new]), axis=0)) == len(known.points) + 8
        known = tried(new, known)
    mean = known.fitted()[0].at(known.points)[0]
    benefit, cost = planted(known.points)
    front = undominated(np.where(cost <= MOST, mean, -np.inf), cost) & (cost <= MOST)
    others = first_points(5000, 9, 1)
    worst = planted(others)[0].min()
    far = hypervolume(*planted(others), worst, MOST)
    assert hypervolume(benefit[front], cost[front], worst, MOST) > 0.95 * far
