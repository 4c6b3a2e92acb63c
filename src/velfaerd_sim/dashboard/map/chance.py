"""How far chance moves a difference on the map: in a municipality, and in all of Denmark.

A run of the country is one run, but it holds 98 municipalities that live apart from each other.
How far their differences scatter around the country's says how much chance moves one of a given
size: the scatter falls with the root of the number of adults simulated. What municipalities differ
in by themselves is part of that scatter, so these margins are rather too wide than too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ERRORS = 2.0
"""Standard errors in a margin: about 95 % with the forty municipalities' worth of information
that remain when large ones weigh more."""


@dataclass(frozen=True)
class HalfWidths:
    """Half the width of 95 % intervals of a difference: towns (98, months), country (months,)."""

    towns: Array
    country: Array


def margins(difference: Array, adults: Array) -> HalfWidths:
    """Margins of the differences of municipalities, shape (98, months), by adults simulated (98,).

    A municipality of n adults has variance s²/n, where s² is the mean over municipalities of
    n (difference - mean)², and the mean is weighted by adults. The country's variance is that of
    the weighted mean of independent municipalities. NaN where fewer than two have a value.
    """
    known = np.isfinite(difference)
    count = known.sum(axis=0).astype(np.float64)
    values = np.where(known, difference, 0.0)
    weight = np.where(known, adults[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = weight / weight.sum(axis=0)
        scatter = np.where(known, values - (share * values).sum(axis=0), 0.0)
        freedom = np.where(count > 1.0, count - 1.0, np.nan)
        spread = (weight * scatter**2).sum(axis=0) / freedom
        country = (share**2 * scatter**2).sum(axis=0) * count / freedom
        towns = np.sqrt(spread / adults[:, None])
    return HalfWidths(np.where(known, ERRORS * towns, np.nan), ERRORS * np.sqrt(country))
