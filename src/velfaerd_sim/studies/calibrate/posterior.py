"""The posterior of the parameters: draws by elliptical slice sampling, many chains at once.

Parameters are normal scores, so their prior is standard normal, and elliptical slice sampling
(Murray, Adams & MacKay 2010, proceedings of AISTATS) needs no tuning. Its ellipses are laid through
a normal approximation of the posterior instead of the prior (Nishihara, Murray & Adams 2014, JMLR
15): where that is good nearly every step is taken. Every draw comes from a chain of its own, so
draws are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mean = Callable[[Array], Array]
"""Figures expected of parameter sets: (sets, parameters) -> (sets, observations)."""

STEPS = 200
"""Steps of a chain before its draw counts; the test of recovery says whether they are enough."""
_WIDER = 1.5
"""The approximation's variances are so much larger than those of the posterior near its mode: one
that is too narrow would leave the tails unvisited."""
_STEP = 1e-2
_SEARCHES = 40
_SHRINKINGS = 60


@dataclass(frozen=True)
class Figures:
    """Figures that say something about the parameters, with a normal error.

    centre: (observations,) for all chains or (chains, observations), one row a chain; covariance:
    (observations, observations).
    """

    centre: Array
    covariance: Array

    def log_likelihood(self, expected: Array, chains: Any = slice(None)) -> Array:
        """Log likelihood of the expected figures (sets, observations), up to a constant.

        chains: those that the sets belong to, where each has figures of its own.
        """
        centre = self.centre if self.centre.ndim == 1 else self.centre[chains]
        whitened = (expected - centre) @ self.whitening
        return np.asarray(-0.5 * np.square(whitened).sum(axis=1))

    @cached_property
    def whitening(self) -> Array:
        """What makes errors independent with variance 1 when they are multiplied by it."""
        return np.asarray(np.linalg.inv(np.linalg.cholesky(self.covariance)).T)


@dataclass(frozen=True)
class Approximation:
    """A normal distribution near the posterior.

    mean: (parameters,), or (chains, parameters); root: of its covariance, (parameters, parameters).
    """

    mean: Array
    root: Array


def log_posterior(
    mean: Mean, figures: Sequence[Figures], scores: Array, chains: Any = slice(None)
) -> Array:
    """Log posterior density of scores (sets, parameters), up to a constant."""
    expected = mean(scores)
    told = np.zeros(len(scores))
    for each in figures:
        told += each.log_likelihood(expected, chains)
    return np.asarray(told - 0.5 * np.square(scores).sum(axis=1))


def approximate(mean: Mean, figures: Sequence[Figures], parameters: int) -> Approximation:
    """The normal approximation at the mode, found by damped Gauss-Newton steps from the middle.

    Its covariance is widened. Where chains have figures of their own, the mode is that of their
    mean, and the mean of each chain's approximation is moved as a linear model would have it.
    """
    common = [Figures(np.atleast_2d(each.centre).mean(axis=0), each.covariance) for each in figures]
    x = np.zeros(parameters)
    best = float(log_posterior(mean, common, x[None])[0])
    for _ in range(_SEARCHES):
        slopes, at = _slopes(mean, x)
        step = np.linalg.solve(_precision(common, slopes), _pull(common, slopes, at) - x)
        tried = x + (0.5 ** np.arange(12.0))[:, None] * step
        values = log_posterior(mean, common, tried)
        place = int(np.argmax(values))
        if not values[place] > best + 1e-3:
            break
        x, best = tried[place], float(values[place])
    slopes, at = _slopes(mean, x)
    covariance = np.linalg.inv(_precision(common, slopes))
    middle = x
    if any(each.centre.ndim == 2 for each in figures):
        further = _pull(figures, slopes, at) - _pull(common, slopes, at)
        middle = x + further @ covariance
    wide = _WIDER * 0.5 * (covariance + covariance.T)
    return Approximation(np.asarray(middle), np.asarray(np.linalg.cholesky(wide)))


def _slopes(mean: Mean, x: Array) -> tuple[Array, Array]:
    """Slopes of the expected figures at x, (parameters, observations), and their values there."""
    shifted = x + _STEP * np.vstack([np.eye(len(x)), -np.eye(len(x))])
    around = mean(np.vstack([x[None], shifted]))
    slopes = (around[1 : len(x) + 1] - around[len(x) + 1 :]) / (2.0 * _STEP)
    return slopes, around[0]


def _precision(figures: Sequence[Figures], slopes: Array) -> Array:
    """Precision of the posterior of a linear model: that of the prior and of all figures."""
    found = np.eye(len(slopes))
    for each in figures:
        found = found + slopes @ np.linalg.solve(each.covariance, slopes.T)
    return found


def _pull(figures: Sequence[Figures], slopes: Array, at: Array) -> Array:
    """Gradient of the log likelihood where `at` is expected; (chains, parameters) by chain."""
    found = np.zeros(len(slopes))
    for each in figures:
        found = found + (each.centre - at) @ np.linalg.solve(each.covariance, slopes.T)
    return np.asarray(found)


def draws(
    mean: Mean,
    figures: Sequence[Figures],
    approximation: Approximation,
    chains: int,
    generator: np.random.Generator,
    kept: int = 1,
    steps: int = STEPS,
    apart: int = 10,
) -> Array:
    """Draws from the posterior, float64 (kept, chains, parameters).

    Each chain begins at a draw of the approximation and takes `steps` steps before its first draw
    counts, `apart` steps between further ones.
    """
    middle = np.broadcast_to(approximation.mean, (chains, len(approximation.root)))

    def density(place: Array, rows: Any) -> tuple[Array, Array]:
        scores = middle[rows] + place @ approximation.root.T
        corrected = log_posterior(mean, figures, scores, rows) + 0.5 * np.square(place).sum(axis=1)
        return scores, np.asarray(corrected)

    place = generator.normal(size=middle.shape)
    scores, level = density(place, slice(None))
    found = []
    for step in range(steps + apart * (kept - 1)):
        place, scores, level = _step(place, scores, level, density, generator)
        if step >= steps - 1 and (step - steps + 1) % apart == 0:
            found.append(scores)
    return np.array(found)


def _step(
    place: Array,
    scores: Array,
    level: Array,
    density: Callable[[Array, Any], tuple[Array, Array]],
    generator: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """One step of elliptical slice sampling for every chain."""
    chains = len(place)
    other = generator.normal(size=place.shape)
    height = level + np.log(generator.random(chains))
    angle = generator.random(chains) * 2.0 * np.pi
    low, high = angle - 2.0 * np.pi, angle.copy()
    place, scores, level = place.copy(), scores.copy(), level.copy()
    start = place.copy()
    open_ = np.arange(chains)
    for _ in range(_SHRINKINGS):
        turn = angle[open_, None]
        tried = start[open_] * np.cos(turn) + other[open_] * np.sin(turn)
        at, value = density(tried, open_)
        taken = value > height[open_]
        rows = open_[taken]
        place[rows], scores[rows], level[rows] = tried[taken], at[taken], value[taken]
        open_ = open_[~taken]
        if not len(open_):
            break
        back = angle[open_] < 0.0
        low[open_[back]] = angle[open_[back]]
        high[open_[~back]] = angle[open_[~back]]
        angle[open_] = low[open_] + (high[open_] - low[open_]) * generator.random(len(open_))
    return place, scores, level
