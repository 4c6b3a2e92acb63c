"""Emulator, draws and rounds on models whose posterior is known, and on models that fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from studies.calibrate.stand_in import answered
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.targets import NORMAL_95, Target
from velfaerd_sim.instruments.readings import EFFECTS
from velfaerd_sim.studies.calibrate import plausibility, rounds
from velfaerd_sim.studies.calibrate.emulator import fitted
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.posterior import Figures, approximate, draws
from velfaerd_sim.studies.calibrate.rounds import DESIGN, NOISE, Learned, Request, Settings, Stage

PARAMETERS, FIGURES, SIGMA = 12, 6, 0.3


def line(seed: int) -> np.ndarray:
    """How figures follow from parameters, (figures, parameters); the last half has no effect."""
    found = np.random.default_rng(seed).normal(size=(FIGURES, PARAMETERS))
    found[:, PARAMETERS // 2 :] = 0.0
    return found


def observed(values: Sequence[float], sigma: float = SIGMA) -> Observed:
    made = [
        Target(
            id=f"T{j}",
            label_en="",
            label_da="",
            value=value,
            low=value - NORMAL_95 * sigma,
            high=value + NORMAL_95 * sigma,
            transform="identity",
            unit="",
            definition="",
            year="",
            source="a test",
            secondary=False,
        )
        for j, value in enumerate(map(float, values))
    ]
    return Observed(made)


class Linear:
    """A linear model with draws of its own a reading, which may fail in part of the space."""

    def __init__(self, slope: np.ndarray, luck: float = 0.0, fails_above: float = np.inf) -> None:
        self.slope, self.luck, self.fails_above = slope, luck, fails_above
        self.asked: list[tuple[int, str, int]] = []

    def __call__(self, requests: Sequence[Request]) -> np.ndarray:
        rows = []
        for one in requests:
            self.asked.append(one.key)
            draw = np.random.default_rng([one.stage, one.member, one.purpose == NOISE])
            row = self.slope @ one.scores + self.luck * draw.normal(size=len(self.slope))
            row = np.append(row, np.full(len(EFFECTS), np.nan))
            rows.append(np.full_like(row, np.nan) if one.scores[0] > self.fails_above else row)
        return np.array(rows)


def settings(members: int = 400, **changes: Any) -> Settings:
    values = {"rounds": 2, "round_members": 300, "noise_members": 20, "seed": 1}
    return Settings(PARAMETERS, members, **(values | changes))


def worlds_of(asked: Settings, figures: Observed, model: Linear) -> tuple[Learned, Stage]:
    learned = answered(rounds.learn(asked, figures), model)
    return learned, answered(rounds.worlds(asked, learned), model)


def exact(slope: np.ndarray, y: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the posterior of a linear model."""
    covariance = np.linalg.inv(np.eye(slope.shape[1]) + slope.T @ slope / variance)
    return covariance @ slope.T @ y / variance, covariance


def test_worlds_are_draws_from_the_posterior_of_a_linear_model() -> None:
    slope = line(3)
    y = slope @ np.random.default_rng(1).normal(size=PARAMETERS)
    learned, last = worlds_of(settings(2000), observed(y), Linear(slope))
    mean, covariance = exact(slope, y, SIGMA**2)
    spread = np.sqrt(np.diag(covariance))
    # standard errors of a mean and of a standard deviation of 2000 draws: 0.022 and 0.016
    assert np.abs((last.scores.mean(axis=0) - mean) / spread).max() < 0.1
    assert np.abs(last.scores.std(axis=0) / spread - 1.0).max() < 0.08
    assert set(learned.emulator.informed) <= set(range(PARAMETERS // 2))


def test_draws_follow_a_bent_posterior() -> None:
    """A figure that bends with its parameter, against sums over a grid."""
    figures = [Figures(np.array([0.5]), np.array([[0.25]]))]

    def mean(scores: np.ndarray) -> np.ndarray:
        return scores[:, :1] + 0.2 * np.square(scores[:, :1])

    near = approximate(mean, figures, 1)
    found = draws(mean, figures, near, 4000, np.random.default_rng(1))[0][:, 0]
    grid = np.linspace(-6.0, 6.0, 4001)
    density = np.exp(-0.5 * grid**2 - 0.5 * (mean(grid[:, None])[:, 0] - 0.5) ** 2 / 0.25)
    density /= density.sum()
    assert found.mean() == pytest.approx(density @ grid, abs=0.03)
    assert (found < -0.5).mean() == pytest.approx(density[grid < -0.5].sum(), abs=0.02)


def test_the_emulator_learns_products_and_says_how_far_it_is_off() -> None:
    generator = np.random.default_rng(2)
    x = generator.normal(size=(600, 8))
    y = np.stack([x[:, 0] + 0.5 * x[:, 0] * x[:, 1], x[:, 2] + x[:, 1]], axis=1)
    y += 0.1 * generator.normal(size=y.shape)
    emulator = fitted(x[:500], y[:500], np.zeros(500, np.int64))
    apart = y[500:] - emulator(x[500:])
    assert set(emulator.informed) == {0, 1, 2}
    assert np.sqrt(np.square(apart).mean(axis=0)) == pytest.approx(emulator.error, rel=0.3)
    assert (emulator.error < 0.2).all()


def test_the_noise_of_readings_is_measured_and_taken_off_the_emulators_error() -> None:
    learned, _ = worlds_of(settings(noise_members=200), observed(np.zeros(6)), Linear(line(3), 0.2))
    assert learned.noise == pytest.approx(0.2, rel=0.25)
    assert (rounds.lack_of_fit(learned.emulator, learned.noise) < 0.12).all()


def test_more_worlds_begin_with_the_same_ones() -> None:
    figures, model = observed(np.zeros(6)), Linear(line(3))
    _, few = worlds_of(settings(150), figures, model)
    _, more = worlds_of(settings(250), figures, model)
    assert np.array_equal(few.scores, more.scores[:150])


def test_sets_that_fail_are_left_out_and_counted() -> None:
    asked, model = settings(), Linear(line(3), fails_above=0.8)
    learned, last = worlds_of(asked, observed(np.zeros(6)), model)
    first = learned.stages[0]
    assert first.failed > 20
    assert len(first.members) + first.failed == asked.round_members
    assert (first.scores[:, 0] <= 0.8).all()
    assert len(last.members) + last.failed == asked.members


def test_a_round_that_mostly_fails_ends_the_work() -> None:
    with pytest.raises(VelfaerdError, match="readings of stage 0 failed"):
        worlds_of(settings(), observed(np.zeros(6)), Linear(line(3), fails_above=-0.8))


def test_a_figure_out_of_reach_does_not_drag_parameters_to_their_limits() -> None:
    values = np.zeros(6)
    values[0] = 500.0
    slope = line(3)
    learned, last = worlds_of(settings(), observed(values), Linear(slope))
    assert np.abs(last.scores).max() < 4.0
    found = plausibility.judge(observed(values), last, learned.noise)
    assert found.reachable.tolist() == [False, *([True] * 5)]


def test_every_reading_is_asked_for_once() -> None:
    model, asked = Linear(line(3)), settings()
    worlds_of(asked, observed(np.zeros(6)), model)
    assert len(model.asked) == len(set(model.asked)) == asked.learning + asked.members
    assert {purpose for _, purpose, _ in model.asked} == {DESIGN, NOISE, "final"}


def test_copies_among_worlds_are_seen() -> None:
    generator = np.random.default_rng(5)
    free = generator.normal(size=(400, 30))
    copies = np.repeat(free[:40], 10, axis=0) + 0.01 * generator.normal(size=(400, 30))
    untouched = np.arange(30)
    assert plausibility.effective_number(free, untouched) == pytest.approx(400, rel=0.6)
    assert plausibility.effective_number(copies, untouched) < 100
    assert plausibility.nearness(free, generator) == pytest.approx(1.0, abs=0.1)
    assert plausibility.nearness(copies, generator) < 0.1


def test_standings_follow_the_spread() -> None:
    found = [plausibility.standing(spread) for spread in (0.2, 0.7, 0.95)]
    assert found == ["identified", "partly", "stays at its prior"]
