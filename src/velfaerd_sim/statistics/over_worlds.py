"""Statistics over worlds: what differs from world to world, and what is chance.

The value of replicate r in world w is mean + world + chance, both random: the one-way model with
random effects. The variance between worlds comes from the mean squares of its analysis of variance
(Searle, Casella & McCulloch 1992, Variance Components, chapter 3), never below zero:

    chance^2 = mean square within worlds
    worlds^2 = (mean square of the means of worlds x n - chance^2) / n

with n replicates a world; where replicates failed, n is the harmonic mean. Every world counts the
same. Missing values are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, chdtri, fdtri

from velfaerd_sim.statistics.intervals import (
    CONFIDENCE,
    Array,
    IntervalRule,
    Spread,
    interval,
    quantiles,
    spread,
)

LOW, HIGH = 0.05, 0.95
"""Ranks between which the middle 90 % of worlds lie."""
DRAWS = 400
"""Resamples of worlds for the Monte-Carlo error of a share."""
_SEED = 20_240_101


@dataclass(frozen=True)
class Units:
    """What counts as one observation: a world, by the mean of its replicates, or a replicate.

    world: int64 (replicates,), the place of every replicate's world; None where there are no
    worlds, or a single one, as then chance is all that varies.
    """

    world: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, numbers: list[int], worlds: int) -> Units:
        """The units of replicates with these numbers, which go through the worlds in turn."""
        if worlds < 2:
            return cls()
        return cls(np.array(numbers, np.int64) % worlds)

    def means(self, values: Array) -> Array:
        """Means over the replicates of a unit; (replicates, ...) to (units, ...)."""
        return values if self.world is None else _each(values, self.world).mean

    def about(self, values: Array) -> Array:
        """Values less the mean of their unit, where a unit has several; (replicates, ...)."""
        if self.world is None:
            return values
        _, place = np.unique(self.world, return_inverse=True)
        each = _each(values, self.world)
        return np.where((each.number > 1.0)[place], values - each.mean[place], np.nan)


class Each(NamedTuple):
    """Every world by itself, one entry a world: mean, squares within, number of replicates."""

    mean: Array
    squares: Array
    number: Array


class WorldSummary(NamedTuple):
    """A quantity over worlds.

    mean, mean_low, mean_high: the mean over worlds with its interval (`intervals.interval`, a world
    an observation). sd_worlds: standard deviation between worlds, chance taken out; sd_low,
    sd_high: its 90 % interval; sd_chance: between replicates of one world; all NaN where no world
    has two replicates. low, high: the middle 90 % of worlds, chance taken out (the raw means where
    it cannot be). positive, negative: shares of worlds above and below zero; share_error:
    Monte-Carlo error (one standard deviation)
    of either. estimate: (worlds, ...), each world's mean drawn towards the mean of all by as much
    as is chance in it.
    """

    mean: Array
    mean_low: Array
    mean_high: Array
    sd_worlds: Array
    sd_low: Array
    sd_high: Array
    sd_chance: Array
    low: Array
    high: Array
    positive: Array
    negative: Array
    share_error: Array
    estimate: Array


def held(worlds: float, confidence: float = CONFIDENCE) -> float:
    """The share of all worlds that the middle 90 % of so many independent ones hold at least.

    Between two of n ordered values whose ranks are r apart lies a share of their distribution that
    is Beta(r, n - r + 1), whatever the distribution (Wilks 1941, Annals of Mathematical Statistics
    12, 91-96); its quantile that is exceeded with the given confidence. 0 for a single world.
    """
    apart = (HIGH - LOW) * (worlds - 1.0)
    if apart <= 0.0:
        return 0.0
    return float(betaincinv(apart, worlds - apart + 1.0, 1.0 - confidence))


def _each(values: Array, world: NDArray[np.int64]) -> Each:
    """Mean, sum of squares about it and number of values in every world that there is."""
    found = [spread(values[world == place]) for place in np.unique(world)]
    mean, sd, number = (np.stack(part) for part in zip(*found, strict=True))
    squares = np.where(number >= 2.0, sd**2 * (number - 1.0), 0.0)
    return Each(mean, squares, number)


class _Parts(NamedTuple):
    mean: Array
    of_worlds: Array
    of_chance: Array


def _components(weights: Array, each: Each) -> _Parts:
    """Mean and variances with each world counted so often; weights (..., worlds), each (worlds, n).

    Variances are NaN where nothing can be said: of chance without a second replicate in any world,
    of worlds below two worlds.
    """
    present = each.number > 0.0
    anchor = spread(each.mean).mean
    away = np.where(present, each.mean - anchor, 0.0)
    count = weights @ present
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = weights @ away / count
        about = weights @ away**2 / count - shift**2
        of_means = np.maximum(about, 0.0) * count / (count - 1.0)
        degrees = weights @ np.maximum(each.number - 1.0, 0.0)
        of_chance = np.where(degrees > 0.0, weights @ each.squares / degrees, np.nan)
        replicates = count / (weights @ np.where(present, 1.0 / each.number, 0.0))
        of_worlds = np.maximum(of_means - of_chance / replicates, 0.0)
    return _Parts(anchor + shift, np.where(count >= 2.0, of_worlds, np.nan), of_chance)


def _kept(parts: _Parts, replicates: Array) -> Array:
    """How much of a world's distance from the mean is kept, so that distances vary as worlds do.

    The square root of the share of the variance of a world's mean that is not chance (Louis 1984,
    doi 10.1080/01621459.1984.10478062); 1 where chance is not known.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = parts.of_worlds / (parts.of_worlds + parts.of_chance / replicates)
    none = parts.of_chance == 0.0
    return np.where(none | ~np.isfinite(parts.of_chance), 1.0, np.sqrt(np.where(none, 1.0, share)))


def over_worlds(values: Array, world: NDArray[np.int64], rule: IntervalRule) -> WorldSummary:
    """Take apart what worlds and what chance bring; values (replicates, ...), world (replicates,).

    The share of worlds with a sign is counted after chance is taken out; what chance leaves in it,
    and the limited number of worlds, is in its error: from resampling worlds, and at least that of
    a count of so many.
    """
    flat = values.reshape(len(values), -1)
    each = _each(flat, world)
    shape = values.shape[1:]
    once = _components(np.ones(len(each.mean)), each)
    found = spread(each.mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse = np.where(each.number > 0.0, 1.0 / each.number, 0.0)
        replicates = found.number / inverse.sum(axis=0)
    estimate = found.mean + _kept(once, replicates) * (each.mean - found.mean)
    present = np.isfinite(estimate)
    with np.errstate(invalid="ignore", divide="ignore"):
        positive = (present & (estimate > 0.0)).sum(axis=0) / found.number
        negative = (present & (estimate < 0.0)).sum(axis=0) / found.number
    low, high = quantiles(estimate, (LOW, HIGH))
    of_mean = interval(each.mean, rule)
    sd_low, sd_high = _sd_interval(found, once, each, replicates)
    counted = _counted_error(positive, found.number)
    certain = (once.of_worlds == 0.0) & (once.of_chance == 0.0)
    error = np.where(certain, 0.0, np.maximum(_share_error(each, replicates), counted))

    def shaped(part: Array) -> Array:
        return np.asarray(part).reshape(part.shape[:-1] + shape)

    return WorldSummary(
        mean=shaped(found.mean),
        mean_low=shaped(of_mean.low),
        mean_high=shaped(of_mean.high),
        sd_worlds=shaped(np.sqrt(once.of_worlds)),
        sd_low=shaped(sd_low),
        sd_high=shaped(sd_high),
        sd_chance=shaped(np.sqrt(once.of_chance)),
        low=shaped(low),
        high=shaped(high),
        positive=shaped(positive),
        negative=shaped(negative),
        share_error=shaped(error),
        estimate=shaped(estimate),
    )


def _sd_interval(
    means: Spread, parts: _Parts, each: Each, replicates: Array
) -> tuple[Array, Array]:
    """Ends of the 90 % interval of the standard deviation between worlds, never below zero.

    The modified large-sample interval of a difference of mean squares (Burdick & Graybill 1992,
    Confidence Intervals on Variance Components, chapter 3).
    """
    within = np.maximum(each.number - 1.0, 0.0).sum(axis=0)
    usable = (means.number >= 2.0) & (within >= 1.0)
    first = np.where(usable, means.number - 1.0, np.nan)
    second = np.where(usable, within, np.nan)
    between = means.sd**2
    ends = []
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = parts.of_chance / replicates
        for rank, sign in ((HIGH, -1.0), (LOW, 1.0)):
            of_worlds = 1.0 - first / chdtri(first, 1.0 - rank)
            of_chance = second / chdtri(second, rank) - 1.0
            both = fdtri(first, second, rank)
            mixed = ((both - 1.0) ** 2 - (of_worlds * both) ** 2 - of_chance**2) / both
            squared = (of_worlds * between) ** 2 + (of_chance * chance) ** 2
            width = np.sqrt(np.maximum(squared + mixed * between * chance, 0.0))
            ends.append(np.sqrt(np.maximum(between - chance + sign * width, 0.0)))
    return ends[0], ends[1]


def _counted_error(share: Array, worlds: Array) -> Array:
    """Standard deviation of a share of so many worlds, given the count (Jeffreys' prior).

    Where all worlds have one sign, resampling them says nothing, and this is the larger.
    """
    above, below = share * worlds + 0.5, (1.0 - share) * worlds + 0.5
    total = above + below
    return np.asarray(np.sqrt(above * below / (total**2 * (total + 1.0))), np.float64)


def _share_error(each: Each, replicates: Array) -> Array:
    """Standard deviation of the share of worlds above zero over resamples of the worlds."""
    worlds = len(each.mean)
    generator = np.random.default_rng(_SEED)
    total = np.zeros(each.mean.shape[1:])
    squares = np.zeros_like(total)
    drawn = generator.multinomial(worlds, np.full(worlds, 1.0 / worlds), DRAWS).astype(np.float64)
    parts = _components(drawn, each)
    kept = _kept(parts, replicates)
    with np.errstate(invalid="ignore", divide="ignore"):
        # mean + kept (own - mean) > 0, solved for a world's own mean
        nothing = np.where(parts.mean > 0.0, -np.inf, np.inf)
        bound = np.where(kept > 0.0, parts.mean - parts.mean / kept, nothing)
        for weights, limit in zip(drawn, bound, strict=True):
            share = weights @ (each.mean > limit) / (weights @ (each.number > 0.0))
            total, squares = total + share, squares + share**2
        variance = np.maximum(squares / DRAWS - (total / DRAWS) ** 2, 0.0)
    return np.where(np.isfinite(total), np.sqrt(variance), np.nan)
