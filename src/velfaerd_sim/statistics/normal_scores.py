"""Normal scores: parameters as standard normal numbers, so that ranges need no fences.

A parameter at rank r of its distribution has the score with that rank in the standard normal
distribution; a smoother that moves scores never leaves a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from velfaerd_sim.inputs.parameters import BY_NAME

Array = NDArray[np.float64]

DIGITS = 6
"""Significant digits of a parameter made from a score: what is read can be written down."""
FURTHEST = 4.0
"""Scores are kept within this: 3 in 100 000 of the prior lie beyond."""


def limited(scores: Array) -> Array:
    """Scores kept within `FURTHEST` and rounded, so that the last bits of sums do not matter."""
    return np.asarray(np.round(np.clip(scores, -FURTHEST, FURTHEST), 8) + 0.0)


def values(names: Sequence[str], scores: Array) -> dict[str, float]:
    """Parameters with these scores, float64 (names,), to so many digits as files keep."""
    ranks = ndtr(np.asarray(scores, np.float64))
    return {name: _value(name, float(rank)) for name, rank in zip(names, ranks, strict=True)}


def table(names: Sequence[str], scores: Array) -> Array:
    """Parameters of many sets of scores (members, names), float64 of the same shape."""
    found = [list(values(names, row).values()) for row in scores]
    return np.array(found, np.float64).reshape(len(scores), len(names))


def rounded(name: str, value: float, digits: int = DIGITS) -> float:
    """A parameter to so many significant digits, within its range."""
    one = BY_NAME[name]
    return min(one.high, max(one.low, float(f"{value:.{digits}g}")))


def _value(name: str, rank: float) -> float:
    return rounded(name, BY_NAME[name].quantile(rank))


def scores(parameters: Mapping[str, float]) -> Array:
    """Scores of parameters by name, kept within `FURTHEST`; float64 (parameters,)."""
    ranks = []
    for name, value in parameters.items():
        one = BY_NAME[name]
        if one.distribution == "log_uniform":
            rank = np.log(value / one.low) / np.log(one.high / one.low)
        else:
            rank = (value - one.low) / (one.high - one.low)
        ranks.append(float(rank))
    with np.errstate(all="ignore"):
        return limited(np.asarray(ndtri(np.clip(ranks, 0.0, 1.0))))
