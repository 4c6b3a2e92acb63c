"""Spread between municipalities, and how much of it small numbers of people would make alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TownSpread:
    """How a share differs between municipalities.

    mean over people; sd over municipalities; low, high: their first and ninth decile; by_number:
    the sd that would come from counting people alone, were the share the same everywhere.
    """

    mean: float
    sd: float
    low: float
    high: float
    by_number: float

    @property
    def beyond_number(self) -> float:
        """The sd that is left when that of counting is taken out; 0 where it is all."""
        return float(np.sqrt(max(0.0, self.sd**2 - self.by_number**2)))


def town_spread(counts: NDArray[np.float64], sizes: NDArray[np.float64]) -> TownSpread:
    """Spread of counts over sizes between municipalities; both (municipalities,), sizes > 0."""
    shares = counts / sizes
    mean = float(counts.sum() / sizes.sum())
    low, high = np.percentile(shares, [10.0, 90.0])
    by_number = float(np.sqrt(np.mean(mean * (1.0 - mean) / sizes)))
    return TownSpread(mean, float(shares.std()), float(low), float(high), by_number)
