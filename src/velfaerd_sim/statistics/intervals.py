"""Statistics of replicates: intervals, ratios, quantiles.

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
STOPPING_CORRECTION = 1.0
"""What intervals are widened by where their widths decided when to stop: see `IntervalRule`.

Chosen in simulations (`python benchmarks/stopping.py`) so that 94 to 97 % of the intervals cover.
"""
FEW = 8
"""Up to so many replicates an interval is longer on the side to which the values are skewed."""


def t_quantile(degrees: Array, confidence: float = CONFIDENCE) -> Array:
    """Two-sided quantile of Student's t; NaN below one degree of freedom."""
    usable = np.where(degrees >= 1.0, degrees, np.nan)
    return np.asarray(stdtrit(usable, 0.5 + 0.5 * confidence), np.float64)


@dataclass(frozen=True)
class IntervalRule:
    """How intervals of a mean are made: with Student's t.

    sequential: the widths themselves decided when to stop, which they do too early where the
    standard deviation happens to be small (Chow & Robbins 1965, doi 10.1214/aoms/1177700156; how
    much too early: Woodroofe 1977, Annals of Statistics 5, 984-995). The half-width is then
    sqrt(1 + c / n) times Student's, with c = STOPPING_CORRECTION and n replicates.
    """

    sequential: bool = False
    confidence: float = CONFIDENCE

    def quantile(self, replicates: Array) -> Array:
        """Bound on the mean over its standard error; NaN below two replicates."""
        count = np.asarray(replicates, np.float64)
        quantile = t_quantile(count - 1.0, self.confidence)
        if self.sequential:
            with np.errstate(invalid="ignore", divide="ignore"):
                quantile = quantile * np.sqrt(1.0 + STOPPING_CORRECTION / count)
        return quantile

    def half_width(self, sd: Array, replicates: Array) -> Array:
        """Half the width of the symmetrical interval of a mean; NaN below two replicates."""
        count = np.asarray(replicates, np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            width = self.quantile(count) * sd / np.sqrt(count)
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


class Interval(NamedTuple):
    """A mean with the ends of its interval, and the number of replicates with a value."""

    mean: Array
    low: Array
    high: Array
    number: Array


def interval(values: Array, rule: IntervalRule) -> Interval:
    """Interval of the mean over the first axis, missing values left out.

    With more than `FEW` replicates that of the rule. With three to `FEW` the end on the side to
    which the values are skewed is farther out by |g| s (1 + 2 q^2) / (6 n), but at most by the
    half-width; q is the rule's quantile, s the standard deviation and g the skewness of n values.
    That is the term of first order by which skewness shifts the distribution of Student's t
    (Johnson 1978, Journal of the American Statistical Association 73, 536-544). The other end
    stays, as so few values tell the skewness badly.
    """
    found = spread(values)
    half = rule.half_width(found.sd, found.number)
    low, high = found.mean - half, found.mean + half
    few = (found.number >= 3.0) & (found.number <= FEW) & (found.sd > 0.0)
    if few.any():
        with np.errstate(invalid="ignore", divide="ignore"):
            squared = 1.0 + 2.0 * rule.quantile(found.number) ** 2
            farther = _skewness(values, found) * found.sd * squared / (6.0 * found.number)
        farther = np.where(few, np.clip(farther, -half, half), 0.0)
        low, high = low + np.minimum(farther, 0.0), high + np.maximum(farther, 0.0)
    return Interval(found.mean, low, high, found.number)


def _skewness(values: Array, found: Spread) -> Array:
    """Third central moment over the second to the power of 1.5, both divided by the count."""
    away = np.where(np.isfinite(values), values - found.mean, 0.0)
    variance = found.sd**2 * (found.number - 1.0) / found.number
    return np.asarray((away**3).sum(axis=0) / found.number / variance**1.5, np.float64)


class Paired(NamedTuple):
    """A regime against the baseline on the same replicates, one entry an outcome.

    low, high: the interval of the difference.
    """

    baseline_mean: Array
    regime_mean: Array
    difference: Array
    low: Array
    high: Array
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
    apart = np.where(both, regime - baseline, np.nan)
    gap = interval(apart, rule)
    with np.errstate(invalid="ignore", divide="ignore"):
        reduction = (one.sd**2 + other.sd**2) / spread(apart).sd ** 2
    return Paired(other.mean, one.mean, gap.mean, gap.low, gap.high, gap.number, reduction)


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
