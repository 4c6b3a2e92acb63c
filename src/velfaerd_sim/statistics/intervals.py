"""Statistics of replicates: intervals, sequentially valid intervals, ratios, quantiles.

Replicates stand on the first axis; a value that is not finite counts as missing. Everything is
computed in the order of the replicates, so the result does not depend on which was ready first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Array = NDArray[np.float64]
CONFIDENCE = 0.95
MIXTURE = 0.25
"""Prior variance of the standardised difference in the confidence sequence.

Any positive value is valid; it decides only for how many replicates the sequence is narrowest.
with 0.25 the interval is within about a tenth of the narrowest from 20 to 1 000 replicates.
"""


def t_quantile(degrees: Array, confidence: float = CONFIDENCE) -> Array:
    """Two-sided quantile of Student's t; NaN below one degree of freedom."""
    usable = np.where(degrees >= 1.0, degrees, np.nan)
    return np.asarray(stdtrit(usable, 0.5 + 0.5 * confidence), np.float64)


def sequential_quantile(
    replicates: Array, confidence: float = CONFIDENCE, mixture: float = MIXTURE
) -> Array:
    """Bound on |t| that holds at all numbers of replicates at once; infinite for the first few.

    The interval mean ± bound x sd / sqrt(n) covers the true mean for every n >= 2 simultaneously
    with the given confidence when the values are Gaussian, so one may stop by looking at it. It
    holds the means at which the Bayes factor with a N(0, mixture) prior on the standardised mean,
    and the right-Haar prior on the scale, is below 1 / alpha; that factor is an e-process
    (Pérez-Ortiz, Lardy, de Heide & Grünwald 2024, doi 10.1214/24-AOS2394; the factor: Gönen et
    al. 2005, doi 10.1198/000313005X55233). With v = n - 1 and K = (sqrt(1 + n g) / alpha)^(2 / n)
    the bound is t^2 < v (K - 1) / (1 - K / (1 + n g)), and there is none while K >= 1 + n g.
    """
    n = np.where(replicates >= 2.0, replicates, np.nan)
    spread = 1.0 + n * mixture
    limit = (np.sqrt(spread) / (1.0 - confidence)) ** (2.0 / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = np.sqrt((n - 1.0) * (limit - 1.0) / (1.0 - limit / spread))
    return np.where(np.isnan(n), np.nan, np.where(limit < spread, bound, np.inf))


@dataclass(frozen=True)
class IntervalRule:
    """How intervals are made: with Student's t, or valid at every number of replicates."""

    sequential: bool = False
    confidence: float = CONFIDENCE

    def half_width(self, sd: Array, replicates: Array) -> Array:
        """Half the width of the interval of a mean; NaN below two replicates."""
        count = np.asarray(replicates, np.float64)
        if self.sequential:
            quantile = sequential_quantile(count, self.confidence)
        else:
            quantile = t_quantile(count - 1.0, self.confidence)
        with np.errstate(invalid="ignore", divide="ignore"):
            width = quantile * sd / np.sqrt(count)
        return np.where((sd == 0.0) & (count >= 2.0), 0.0, width)


class Spread(NamedTuple):
    """Mean and standard deviation of what is there, and the number of replicates that is."""

    mean: Array
    sd: Array
    number: Array


def spread(values: Array) -> Spread:
    """Mean, standard deviation (n - 1) and count over the first axis, missing values left out.

    The mean is NaN without values, the deviation below two. Deviations are taken from the first
    value, so that replicates which agree have a deviation of exactly zero.
    """
    present = np.isfinite(values)
    count = present.sum(axis=0).astype(np.float64)
    anchor = np.take_along_axis(values, np.argmax(present, axis=0)[None], axis=0)[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        away = np.where(present, values - anchor, 0.0)
        shift = away.sum(axis=0) / count
        squares = (np.where(present, away - shift, 0.0) ** 2).sum(axis=0)
        sd = np.sqrt(squares / (count - 1.0))
        mean = anchor + shift
    return Spread(np.where(count >= 1, mean, np.nan), np.where(count >= 2, sd, np.nan), count)


class Paired(NamedTuple):
    """A regime against the baseline on the same replicates, one entry an outcome."""

    baseline_mean: Array
    regime_mean: Array
    difference: Array
    half_width: Array
    number: Array
    variance_reduction: Array


def paired(regime: Array, baseline: Array, rule: IntervalRule) -> Paired:
    """Compare two regimes replicate by replicate; arrays (replicates, ...).

    Replicates in which either value is missing are left out. The variance reduction is
    (var(regime) + var(baseline)) / var(regime - baseline), that is how many times more replicates
    independent seeds would need; infinite where only the denominator is zero, NaN where both are.
    """
    both = np.isfinite(regime) & np.isfinite(baseline)
    one = spread(np.where(both, regime, np.nan))
    other = spread(np.where(both, baseline, np.nan))
    gap = spread(np.where(both, regime - baseline, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        reduction = (one.sd**2 + other.sd**2) / gap.sd**2
    half = rule.half_width(gap.sd, gap.number)
    return Paired(other.mean, one.mean, gap.mean, half, gap.number, reduction)


class Ratio(NamedTuple):
    """A ratio of means with its standard error and half-width."""

    value: Array
    error: Array
    half_width: Array
    number: Array


def jackknife_ratio(above: Array, below: Array, rule: IntervalRule) -> Ratio:
    """Ratio of the means of two quantities over replicates, its error by leaving one out at a time.

    Arrays (replicates, ...). Replicates in which either is missing are left out; NaN where the
    denominator is zero.
    """
    both = np.isfinite(above) & np.isfinite(below)
    top, bottom = np.where(both, above, 0.0), np.where(both, below, 0.0)
    count = both.sum(axis=0).astype(np.float64)
    total, base = top.sum(axis=0), bottom.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(base != 0.0, total / base, np.nan)
        without = np.where(both, (total - top) / (base - bottom), np.nan)
        error = (count - 1.0) / np.sqrt(count) * spread(without).sd
        half = rule.half_width(error * np.sqrt(count), count)
    return Ratio(value, error, half, count)


def quantiles(values: Array, shares: tuple[float, ...]) -> Array:
    """Quantiles over the first axis, missing values left out; (len(shares), ...).

    Linear between order statistics, as numpy's default.
    """
    ordered = np.sort(np.where(np.isfinite(values), values, np.nan), axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    result = np.empty((len(shares), *values.shape[1:]))
    for index, share in enumerate(shares):
        position = share * np.maximum(count - 1, 0)
        lower = np.floor(position).astype(np.int64)
        upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
        low = np.take_along_axis(ordered, lower[None], axis=0)[0]
        high = np.take_along_axis(ordered, upper[None], axis=0)[0]
        result[index] = low + (position - lower) * (high - low)
    return result


def replicates_needed(count: int, ratio: float, most: int) -> int:
    """How many replicates will bring a half-width to its target; ratio: width now over target."""
    if not math.isfinite(ratio):
        return most
    return min(most, max(count, math.ceil(count * ratio * ratio)))
