"""Loneliness by age where the published groups are not the model's age bands.

The model knows eight bands, the oldest of them 85 and over; published are 65-79, 80 and over, 90
and over. Within a band people are taken to thin out with age at a constant rate: up to 84 at the
rate at which the bands 65-74 and 75-84 differ, from 85 on at the rate that joins on without a step.
The log odds of being lonely are straight lines over age between the mean ages of the bands, drawn
on beyond the last. Nothing in the model tells people of 90 from people of 85: that reading says
what its two oldest bands would lead one to expect, no more.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.evidence import AGE_BANDS, age_shares

Array = NDArray[np.float64]

BORDERS = (65.0, 75.0, 85.0)
"""First ages of the three oldest bands."""
OLDEST = 110.0
STEP = 0.25
OLD = tuple(AGE_BANDS.index(band) for band in ("65-74", "75-84", "85+"))
SMALLEST = 0.25
"""Lonely persons that count where a band has none (or all): a quarter of a person."""


@cache
def ages() -> tuple[Array, Array]:
    """Ages from 65 on in quarter years (middles), and the share of adults at each; (180,) both."""
    sizes = np.array([age_shares()[band] for band in OLD])
    middles = np.arange(BORDERS[0], OLDEST, STEP) + STEP / 2.0
    fall = float(np.log(sizes[0] / sizes[1])) / 10.0
    # People of just under 85 a year of age; as many of just 85, if those of 85+ fall at this rate.
    at_85 = sizes[1] * fall / np.expm1(10.0 * fall)
    rates = np.array([fall, fall, at_85 / sizes[2]])
    band = np.searchsorted(BORDERS, middles, side="right") - 1
    weight = np.exp(-rates[band] * (middles - np.take(BORDERS, band)))
    for b, size in enumerate(sizes):
        weight[band == b] *= size / weight[band == b].sum()
    return middles, weight


@cache
def mean_ages() -> Array:
    """Mean ages of the bands 65-74, 75-84 and 85+; (3,)."""
    middles, weight = ages()
    band = np.searchsorted(BORDERS, middles, side="right") - 1
    return np.array([np.average(middles[band == b], weights=weight[band == b]) for b in range(3)])


def chances_by_age(lonely: Any, adults: Any) -> Array:
    """Chance to be lonely at each age of `ages`; (180,).

    lonely, adults: persons in the bands 65-74, 75-84 and 85+, (3,) each; NaN where a band is empty.
    """
    count, size = np.asarray(lonely, np.float64), np.asarray(adults, np.float64)
    if not np.all(size > 0.0):
        return np.full(len(ages()[0]), np.nan)
    few = np.minimum(SMALLEST, 0.5 * size)
    count = np.clip(count, few, size - few)
    log_odds = np.log(count / (size - count))
    middles, known = ages()[0], mean_ages()
    slope = np.diff(log_odds) / np.diff(known)
    older = middles >= known[1]
    line = log_odds[1] + np.where(older, slope[1], slope[0]) * (middles - known[1])
    return 1.0 / (1.0 + np.exp(-line))


def share_between(chances: Array, first: float, beyond: float = OLDEST) -> float:
    """Share lonely among people from an age to under another; chances: of `chances_by_age`."""
    middles, weight = ages()
    chosen = (middles >= first) & (middles < beyond)
    return float(np.average(chances[chosen], weights=weight[chosen]))


def pooled_share(lonely: Any, adults: Any) -> float:
    """Share lonely of several bands together; NaN where nobody is in them."""
    people = float(np.sum(adults))
    return float(np.sum(lonely)) / people if people > 0.0 else float("nan")
