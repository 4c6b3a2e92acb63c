"""How well the worlds of a calibration reproduce the figures, and what these say of parameters.

Residuals are in standard deviations of observation error and seed noise together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.rounds import Stage

Array = NDArray[np.float64]

FURTHEST_RESIDUAL = 3.0
IDENTIFIED, PARTLY, PRIOR = "identified", "partly", "stays at its prior"
IDENTIFIED_BELOW, PARTLY_BELOW = 0.5, 0.85
"""Posterior over prior standard deviation of a score, below which it counts as such."""


@dataclass(frozen=True)
class JudgedSets:
    """What the worlds say.

    residuals: (members, observations), standardised. misfit: squared Mahalanobis distance from the
    reachable figures, (members,). reachable: whether a figure is within reach of any member.
    inside: (members, observations), inside the interval of the figure. spread: standard deviation
    of every score.
    """

    residuals: Array
    misfit: Array
    reachable: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    spread: Array


def judge(observed: Observed, last: Stage, noise: Array) -> JudgedSets:
    """Judge the worlds; noise: standard deviation of their readings from seed to seed."""
    covariance = observed.with_noise(noise)
    apart = observed.transform(last.readings) - observed.centre
    residuals = apart / np.sqrt(np.diag(covariance))
    inside = observed.inside(last.readings)
    reachable = (np.abs(residuals).min(axis=0) <= FURTHEST_RESIDUAL) | inside.any(axis=0)
    solved = np.linalg.solve(covariance[np.ix_(reachable, reachable)], apart[:, reachable].T)
    misfit = np.asarray((apart[:, reachable].T * solved).sum(axis=0))
    return JudgedSets(residuals, misfit, reachable, inside, last.scores.std(axis=0, ddof=1))


def effective_number(scores: Array, untouched: NDArray[np.int64]) -> float:
    """How many independent draws the worlds are worth, by parameters that no figure touches.

    The means of these are 0 up to chance, with variance 1 over the number of independent draws.
    NaN without such parameters.
    """
    if not len(untouched):
        return float("nan")
    means = scores[:, untouched].mean(axis=0)
    return float(len(untouched) / np.square(means).sum())


def nearness(scores: Array, generator: np.random.Generator) -> float:
    """Median distance of the worlds' nearest neighbours, over that of independent columns.

    About 1 for independent draws, as far as parameters are independent; near 0 for copies.
    """
    columns = np.array([generator.permutation(column) for column in scores.T]).T
    return float(np.median(_nearest(scores)) / np.median(_nearest(columns)))


def _nearest(scores: Array) -> Array:
    """Distance of each row to the nearest other one."""
    square = np.square(scores).sum(axis=1)
    apart = square[:, None] + square[None, :] - 2.0 * scores @ scores.T
    np.fill_diagonal(apart, np.inf)
    return np.asarray(np.sqrt(np.maximum(apart.min(axis=1), 0.0)))


def standing(spread: float) -> str:
    """How a parameter stands that keeps this share of its prior's standard deviation."""
    if spread < IDENTIFIED_BELOW:
        return IDENTIFIED
    return PARTLY if spread < PARTLY_BELOW else PRIOR


def quantiles(values: Array, weights: Array, ranks: Sequence[float]) -> Array:
    """Weighted quantiles of every column, (ranks, columns); weights need not add up to one.

    NaN where there are no values.
    """
    if not len(values):
        return np.full((len(ranks), values.shape[1]), np.nan)
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    w = weights[order]
    total = w.sum(axis=0)
    places = (np.cumsum(w, axis=0) - 0.5 * w) / np.where(total > 0.0, total, 1.0)
    return np.array(
        [
            [np.interp(rank, places[:, j], ordered[:, j]) for j in range(values.shape[1])]
            for rank in ranks
        ]
    )
