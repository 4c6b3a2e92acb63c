"""Shapley values: how much of an effect each of several parts carries, so that all add up."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def shapley(values: Array) -> Array:
    """What each part adds on average over all orders in which parts may come, (..., parts).

    values: (..., 2**parts); bit k of the place says whether part k is there. The shares add up to
    the value with all parts less that with none (Shapley 1953, doi 10.1515/9781400881970-018).
    Raises ValueError unless the last length is a power of two.
    """
    size = values.shape[-1]
    parts = size.bit_length() - 1
    if size != 1 << parts:
        raise ValueError(f"the last length is {size}; allowed: a power of two")
    found = np.zeros((*values.shape[:-1], parts))
    for place in range(size):
        there = place.bit_count()
        for part in range(parts):
            if not place >> part & 1:
                weight = factorial(there) * factorial(parts - there - 1) / factorial(parts)
                found[..., part] += weight * (values[..., place | 1 << part] - values[..., place])
    return found
