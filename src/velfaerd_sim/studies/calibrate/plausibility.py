"""Plausibility: which parameter sets of a smoothed ensemble reproduce the figures, and how well.

Residuals are in standard deviations of observation error and seed noise together. A set is dropped
where one residual is beyond 3 or their sum of squares beyond its 99.9 % quantile. Those that stay
are draws already, so each counts fully as long as its misfit is what errors explain; beyond, its
weight falls with a tempered likelihood to a tenth at the limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.smoother import Stage

Array = NDArray[np.float64]

FURTHEST_RESIDUAL = 3.0
QUANTILE = 0.999
WEIGHT_AT_LIMIT = 0.1
IDENTIFIED, PARTLY, PRIOR = "identified", "partly", "stays at its prior"
IDENTIFIED_BELOW, PARTLY_BELOW = 0.5, 0.85
"""Posterior over prior standard deviation of a score, below which it counts as such."""
MOST_CANDIDATES = 8
FEWEST = 10
"""With fewer plausible members there is no ensemble."""


@dataclass(frozen=True)
class JudgedSets:
    """What the last stage of a calibration says.

    residuals: (members, observations), standardised. misfit: their sum of squares over reachable
    observations. kept: plausible members. weights: add up to one, zero where dropped.
    reachable: whether an observation is within reach of any member. inside: (members,
    observations), inside the interval of the figure. spread: of every score. candidates: rows of
    members well inside the figures, the nearest to all others first; of all members the one that
    fits best where none is plausible.
    """

    residuals: Array
    misfit: Array
    limit: float
    kept: NDArray[np.bool_]
    weights: Array
    reachable: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    spread: Array
    candidates: tuple[int, ...]

    @property
    def medoid(self) -> int:
        """The row of the medoid."""
        return self.candidates[0]

    @property
    def effective(self) -> float:
        """Effective number of members: as many of equal weight would say as much (Kish)."""
        total = float(np.square(self.weights).sum())
        return 1.0 / total if total > 0.0 else 0.0


def judge(observed: Observed, last: Stage) -> JudgedSets:
    """Judge the members of the last stage."""
    covariance = observed.with_noise(last.noise)
    apart = observed.transform(last.readings) - observed.centre
    residuals = apart / np.sqrt(np.diag(covariance))
    inside = observed.inside(last.readings)
    reachable = (np.abs(residuals).min(axis=0) <= FURTHEST_RESIDUAL) | inside.any(axis=0)
    misfit = _misfit(apart[:, reachable], covariance[np.ix_(reachable, reachable)])
    count = int(reachable.sum())
    limit = float(chi2.ppf(QUANTILE, max(1, count)))
    worst = np.abs(residuals[:, reachable]).max(axis=1, initial=0.0)
    kept = (worst <= FURTHEST_RESIDUAL) & (misfit <= limit)
    weights = weights_of(misfit, kept, count, limit)
    spread = weighted_spread(last.scores, weights if kept.sum() >= FEWEST else None)
    central = candidates_of(last.scores, weights, kept, inside, misfit)
    return JudgedSets(residuals, misfit, limit, kept, weights, reachable, inside, spread, central)


def ensemble_weights(judged: JudgedSets) -> Array:
    """Weights of the members: those that were judged, equal ones where too few are plausible.

    Quantiles of one or two sets would be points, and hold no truth.
    """
    if judged.kept.sum() >= FEWEST:
        return judged.weights
    return np.ones(len(judged.weights))


def _misfit(apart: Array, covariance: Array) -> Array:
    """Squared Mahalanobis distance of every row, (members,)."""
    solved = np.linalg.solve(covariance, apart.T)
    return np.asarray((apart.T * solved).sum(axis=0))


def weights_of(misfit: Array, kept: NDArray[np.bool_], count: int, limit: float) -> Array:
    """Weights that add up to one; full as far as errors explain the misfit, then tempered."""
    excess = np.maximum(0.0, misfit - count) / max(limit - count, 1e-9)
    weights = np.where(kept, WEIGHT_AT_LIMIT**excess, 0.0)
    total = weights.sum()
    return np.asarray(weights / total if total > 0.0 else weights)


def weighted_spread(scores: Array, weights: Array | None) -> Array:
    """Standard deviation of every score under the weights (equal without), (parameters,)."""
    w = np.full(len(scores), 1.0 / len(scores)) if weights is None else weights
    middle = w @ scores
    size = 1.0 / float(np.square(w).sum())
    scale = size / max(size - 1.0, 1e-9)
    return np.asarray(np.sqrt(scale * (w @ np.square(scores - middle))))


def standing(spread: float) -> str:
    """How a parameter stands that keeps this share of its prior's standard deviation."""
    if spread < IDENTIFIED_BELOW:
        return IDENTIFIED
    return PARTLY if spread < PARTLY_BELOW else PRIOR


def candidates_of(
    scores: Array,
    weights: Array,
    kept: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    misfit: Array,
) -> tuple[int, ...]:
    """Rows of the members that are nearest to all others and well inside the figures, at most 8.

    Candidates are the plausible members with the most figures inside, or one less: seed noise may
    do that. Distance: of normal scores in posterior standard deviations, its weighted mean over all
    plausible members. So what the figures say nothing about is near its middle too.
    """
    if kept.sum() < FEWEST:
        return (int(np.argmin(misfit)),)
    x = scores / np.maximum(weighted_spread(scores, weights), 1e-9)
    count = np.where(kept, inside.sum(axis=1), -2)
    candidates = np.flatnonzero(count >= count.max() - 1)
    others = np.flatnonzero(kept)
    square = np.square(x[candidates, None, :] - x[None, others, :]).sum(axis=2)
    order = np.argsort(np.sqrt(square) @ weights[others], kind="stable")[:MOST_CANDIDATES]
    return tuple(candidates[order].tolist())


def median_scores(scores: Array, weights: Array) -> Array:
    """The weighted median of every score, (parameters,)."""
    return np.asarray(quantiles(scores, weights, (0.5,))[0])


def quantiles(values: Array, weights: Array, ranks: Sequence[float]) -> Array:
    """Weighted quantiles of every column, (ranks, columns); weights need not add up to one."""
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
