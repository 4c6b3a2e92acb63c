"""Rounds of readings: an emulator learns the figures, and its posterior says where to read next.

The first round reads parameter sets spread evenly over the prior. Each further round reads draws
from the posterior of the emulator so far, at first with the errors of observation made larger,
later with the emulator's own error counted in part: so readings gather where the figures are met,
and the emulator gets good there (sequential design; Cranmer, Brehmer & Louppe 2020, doi
10.1073/pnas.1912789117). What is published is used once: for the last draws, from the emulator of
all rounds. Every reading has a seed of its own, so nobody adapts to one set of draws.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.instruments.readings import EFFECTS
from velfaerd_sim.statistics.normal_scores import limited
from velfaerd_sim.studies.calibrate.emulator import Emulator, fitted
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.posterior import (
    Approximation,
    Array,
    Figures,
    approximate,
    draws,
)

DESIGN, NOISE, FINAL = "design", "noise", "final"
"""What a reading is for: to learn from; how much readings vary from seed to seed; a draw from the
posterior, which is a world."""
_ENOUGH = 0.5
_WIDE_ROUNDS, _NARROWING = 3, 4.0
"""In the first rounds the errors of observation are inflated, by a factor that falls from round to
round; from the next one on they are taken as they are."""
_EMULATOR_SHARE = 0.25
"""Share of the variance of the emulator's error that counts when further rounds are drawn: where
they read it falls. For the worlds it counts in full."""
_FAR = 5.0
BATCH = 100
"""Chains that are drawn together. More draws than before begin with the same ones."""


@dataclass(frozen=True)
class Request:
    """A parameter set to be read.

    stage: 0 is the prior; the last one holds the worlds. scores: normal scores of the free
    parameters.
    """

    stage: int
    purpose: str
    member: int
    scores: Array

    @property
    def key(self) -> tuple[int, str, int]:
        """What tells it from all others of the same calibration."""
        return self.stage, self.purpose, self.member


Result = TypeVar("Result")
Asking: TypeAlias = Generator[Sequence[Request], Array, Result]
"""A course of work that asks for readings of parameter sets and goes on when it is sent them.

What is sent: float64 (requests, names), as the figures are: those that are fitted first, effects
last; NaN where a reading failed."""


@dataclass(frozen=True)
class Stage:
    """Readings of one stage.

    members: numbers of those that gave all figures that are fitted. scores: (members, parameters);
    readings: (members, observations) as the figures are; effects: (members, EFFECTS), NaN where
    there is none. failed: how many did not.
    """

    number: int
    members: NDArray[np.int64]
    scores: Array
    readings: Array
    effects: Array
    failed: int


@dataclass(frozen=True)
class Settings:
    """How many parameter sets are read: in each of so many rounds, and in the end."""

    parameters: int
    members: int
    rounds: int
    round_members: int
    noise_members: int
    seed: int

    @property
    def learning(self) -> int:
        """Readings of the rounds."""
        return self.rounds * self.round_members + min(self.noise_members, self.round_members)

    def inflation(self, stage: int) -> float:
        """The factor on the variance of the errors for the draws of a stage."""
        return 1.0 if stage == self.rounds else _NARROWING ** max(0, _WIDE_ROUNDS - stage)

    def emulator_share(self, stage: int) -> float:
        """The share of the variance of the emulator's error for the draws of a stage."""
        return 1.0 if stage < _WIDE_ROUNDS or stage == self.rounds else _EMULATOR_SHARE


@dataclass(frozen=True)
class Learned:
    """What the rounds teach.

    stages: the rounds; emulator: of them all; figures: what is fitted, with all errors;
    approximation: near the posterior of the parameters that the emulator knows; noise: standard
    deviation of a reading from seed to seed, transformed, zero as long as it is not known.
    """

    stages: tuple[Stage, ...]
    emulator: Emulator
    figures: Figures
    approximation: Approximation
    noise: Array

    def draws(self, settings: Settings, stage: int, count: int) -> Array:
        """So many independent draws of all scores, (count, parameters)."""
        found = []
        for first in range(0, count, BATCH):
            generator = np.random.default_rng([settings.seed, 1, stage, first])
            drawn = self.drawn([self.figures], self.approximation, settings, BATCH, generator)
            found.append(drawn[0])
        return np.concatenate(found)[:count]

    def drawn(
        self,
        figures: Sequence[Figures],
        near: Approximation,
        settings: Settings,
        chains: int,
        generator: np.random.Generator,
        kept: int = 1,
    ) -> Array:
        """Draws of all scores given figures, (kept, chains, parameters).

        Parameters that no figure depends on are drawn from the prior.
        """
        shape = kept, chains, settings.parameters
        scores = np.asarray(generator.normal(size=shape))
        informed = self.emulator.informed
        if len(informed):
            with threadpool_limits(1, "blas"):  # many small matrices: threads only wait
                found = draws(self.emulator.of_informed, figures, near, chains, generator, kept)
            scores[..., informed] = found
        return limited(scores)


def prior(settings: Settings, count: int) -> Array:
    """Scores of the first round, (count, parameters): even in each parameter.

    A Latin hypercube of normal scores (McKay, Beckman & Conover 1979).
    """
    generator = np.random.default_rng([settings.seed, 0])
    shape = settings.parameters, count
    order = generator.permuted(np.tile(np.arange(count), (shape[0], 1)), axis=1)
    ranks = (order + generator.random(shape)) / count
    return limited(np.asarray(ndtri(ranks), np.float64).T)


def learn(settings: Settings, observed: Observed) -> Asking[Learned]:
    """Read the rounds, and learn from each. Raises VelfaerdError where half of a round fails."""
    scores = prior(settings, settings.round_members)
    stages: list[Stage] = []
    noise = np.zeros(len(observed))
    for number in range(settings.rounds):
        stage = yield from _read(number, DESIGN, scores, len(observed))
        stages.append(stage)
        if number + 1 == settings.rounds:
            noise = yield from _noise(settings, observed, stage)
        learned = _learned(settings, observed, stages, noise)
        if number + 1 < settings.rounds:
            scores = learned.draws(settings, number + 1, settings.round_members)
    return learned


def worlds(settings: Settings, learned: Learned) -> Asking[Stage]:
    """Draw the worlds and read them."""
    scores = learned.draws(settings, settings.rounds, settings.members)
    return (yield from _read(settings.rounds, FINAL, scores, len(learned.noise)))


def _noise(settings: Settings, observed: Observed, stage: Stage) -> Asking[Array]:
    """Standard deviation of a reading from seed to seed, from sets that are read twice."""
    chosen = np.arange(min(settings.noise_members, len(stage.members)))
    again = yield [
        Request(stage.number, NOISE, int(stage.members[i]), stage.scores[i]) for i in chosen
    ]
    apart = observed.transform(again[:, : len(observed)]) - observed.transform(
        stage.readings[chosen]
    )
    apart = apart[np.isfinite(apart).all(axis=1)]
    if not len(apart):
        raise VelfaerdError(f"no set of stage {stage.number} could be read a second time")
    return np.asarray(np.sqrt(np.square(apart).mean(axis=0) / 2.0))


def _read(number: int, purpose: str, scores: Array, fitted: int) -> Asking[Stage]:
    """Read parameter sets; those that fail or give no number of what is fitted are left out."""
    found = yield [Request(number, purpose, m, row) for m, row in enumerate(scores)]
    readings, effects = found[:, :fitted], found[:, -len(EFFECTS) :]
    good = np.asarray(np.isfinite(readings).all(axis=1))
    if good.mean() < _ENOUGH:
        raise VelfaerdError(
            f"{int((~good).sum())} of {len(good)} readings of stage {number} failed or are not "
            "finite; narrow the ranges of what is free, or leave out targets that such worlds "
            "cannot answer"
        )
    members = np.flatnonzero(good)
    failed = int((~good).sum())
    return Stage(number, members, scores[good], readings[good], effects[good], failed)


def _learned(
    settings: Settings, observed: Observed, stages: Sequence[Stage], noise: Array
) -> Learned:
    """What the rounds so far teach, for the draws of the next stage."""
    y = [observed.transform(stage.readings) for stage in stages]
    emulator = emulated(stages, y)
    inflation = settings.inflation(len(stages))
    own = settings.emulator_share(len(stages)) * lack_of_fit(emulator, noise) ** 2
    covariance = inflation * (observed.covariance + np.diag(own))
    figures = Figures(observed.centre, tempered(observed, covariance, y[-1]))
    near = approximate(emulator.of_informed, [figures], len(emulator.informed))
    return Learned(tuple(stages), emulator, figures, near, noise)


def emulated(stages: Sequence[Stage], y: Sequence[Array]) -> Emulator:
    """The emulator of numbers (members, numbers) that were read at each stage."""
    rounds = np.concatenate([np.full(len(stage.members), stage.number) for stage in stages])
    scores = np.concatenate([stage.scores for stage in stages])
    numbers = np.concatenate(y)
    good = np.isfinite(numbers).all(axis=1)
    return fitted(scores[good], numbers[good], rounds[good])


def lack_of_fit(emulator: Emulator, noise: Array) -> Array:
    """Standard deviation of the emulator's error, without what readings vary from seed to seed."""
    left = np.maximum(np.square(emulator.error) - np.square(noise), 0.0)
    return np.asarray(np.sqrt(left))


def tempered(observed: Observed, covariance: Array, y: Array) -> Array:
    """The covariance, larger where a figure is far from all sets.

    y: transformed readings of the newest sets, (members, observations). A figure that lies beyond 5
    standard deviations from where they are counts as if it lay there, as Huber's loss would have
    it: one that cannot be reached must not drag all parameters to their limits.
    """
    apart = np.abs(observed.centre - np.median(y, axis=0))
    lacking = np.square(apart / _FAR) - y.var(axis=0) - np.diag(covariance)
    return covariance + np.diag(np.maximum(0.0, lacking))
