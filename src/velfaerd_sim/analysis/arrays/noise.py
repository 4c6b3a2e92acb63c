"""Chance in the value of a point: its standard error, from few replicates as well as they allow.

With two or four replicates the variance of a single point says little. The variances of all points
are therefore drawn toward a common one, as strongly as they agree (the moderated variance of Smyth
2004, doi 10.2202/1544-6115.1027, an empirical Bayes estimate with a scaled inverse chi-square
prior); points that differ truly keep their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma, stdtr, stdtrit

from velfaerd_sim.analysis.arrays.frames import Array, PointValues
from velfaerd_sim.statistics.intervals import CONFIDENCE, spread


@dataclass(frozen=True)
class Chance:
    """Standard error of the mean at every point and its degrees of freedom; NaN if unknown."""

    error: Array
    degrees: Array

    @property
    def is_known(self) -> bool:
        """Whether any point has a standard error: with one replicate none has."""
        return bool(np.isfinite(self.error).any())

    def half_width(self, confidence: float = CONFIDENCE) -> Array:
        """Half the width of the interval of the mean at every point."""
        quantile = stdtrit(self.degrees, 0.5 + 0.5 * confidence)
        half: Array = np.where(self.error == 0.0, 0.0, quantile * self.error)
        return half

    def probability_above(self, mean: Array, limit: float) -> Array:
        """Chance that the true mean is above a limit, given the replicates; NaN if unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (mean - limit) / self.error
            chance = stdtr(self.degrees, t)
        exact = np.where(mean >= limit, 1.0, 0.0)
        result: Array = np.where(self.error == 0.0, exact, chance)
        return result


def chance(points: PointValues) -> Chance:
    """Standard errors of the means of points over their replicates, moderated."""
    found = spread(points.values.T)
    variance, degrees = moderate(found.sd**2, np.maximum(found.number - 1.0, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(variance / found.number)
    return Chance(error, degrees)


def moderate(variance: Array, degrees: Array) -> tuple[Array, Array]:
    """Draw variances toward a common one; return them with their degrees of freedom.

    variance, degrees (points,); below one degree of freedom a variance is unknown (NaN) and the
    common one takes its place. A variance of exactly zero stays: such points do not vary at all.
    """
    known = (degrees >= 1.0) & np.isfinite(variance)
    fitted = known & (variance > 0.0)
    if fitted.sum() < 3:
        return np.where(known, variance, np.nan), np.where(known, degrees, np.nan)
    half = degrees[fitted] / 2.0
    logs = np.log(variance[fitted]) - digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - np.mean(polygamma(1, half)))
    if excess > 0.0:
        prior = 2.0 * _trigamma_inverse(excess)
        common = float(np.exp(np.mean(logs) + digamma(prior / 2.0) - np.log(prior / 2.0)))
    else:
        prior = 1e6  # the variances agree: as good as one for all
        common = float(np.average(variance[fitted], weights=degrees[fitted]))
    own = np.where(known, degrees, 0.0)
    pooled = (prior * common + own * np.where(known, variance, 0.0)) / (prior + own)
    idle = known & (variance == 0.0)
    return np.where(idle, 0.0, pooled), np.where(idle, degrees, prior + own)


def _trigamma_inverse(value: float) -> float:
    """Solve trigamma(x) = value by Newton's method on its reciprocal, which is nearly linear."""
    if value > 1e7:
        return float(1.0 / np.sqrt(value))
    if value < 1e-6:
        return 1.0 / value
    x = 0.5 + 1.0 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1.0 - trigamma / value) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-9 * x:
            break
    return x


def _weights(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """Random weights of deviations from a mean over the last axis of n >= 2 replicates.

    Their weighted sum is Gaussian with the variance of the mean, s^2 / n.
    """
    n = shape[-1]
    drawn = generator.normal(size=shape)
    drawn -= drawn.mean(axis=-1, keepdims=True)
    return np.asarray(drawn / np.sqrt(n * (n - 1.0)), np.float64)


class Redraw:
    """Means over replicates as they might have come out on other seeds.

    values (points, series, replicates): series are what runs on the same seed, such as regimes, and
    stays paired. What a replicate does to all points alike is drawn once for all of them, with the
    heavier tails that few replicates call for; what it does to a point is drawn for each.
    """

    def __init__(self, values: Array) -> None:
        """Take values apart; missing ones (NaN) count as their point's mean."""
        present = np.isfinite(values)
        number = np.maximum(present.sum(axis=2), 1)
        self.mean: Array = np.where(present, values, 0.0).sum(axis=2) / number
        away = np.where(present, values - self.mean[:, :, None], 0.0)
        self._common = away.mean(axis=0)
        points = len(values)
        self._own = (away - self._common) * np.sqrt(points / max(points - 1, 1))
        self.replicates = values.shape[2]

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw means (points, series); with one replicate they are the means there are."""
        n = self.replicates
        if n < 2:
            return self.mean
        common = self._common @ _weights((n,), generator)
        common *= np.sqrt((n - 1.0) / generator.chisquare(n - 1))
        own = np.einsum("psr,pr->ps", self._own, _weights((len(self._own), n), generator))
        return np.asarray(self.mean + common + own, np.float64)
