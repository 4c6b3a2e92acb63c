"""Loneliness of the same people years apart: how far ranks stay, and who changes state.

The questions of cohort studies: how strongly a person's level now tells the level later (rank
stability), and how many of those who were lonely, or were not, are lonely later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Transitions:
    """Shares between two times: still lonely of the lonely, lonely of those who were not."""

    still_lonely: float
    newly_lonely: float

    @property
    def recovered(self) -> float:
        """Share of the lonely of the first time who are not lonely at the second."""
        return 1.0 - self.still_lonely


def ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Ranks from 0 on, of equal values their mean; float64, shape of values (1-D)."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1.0
    middle: NDArray[np.float64] = last - (counts - 1.0) / 2.0
    return middle[place]


def correlation(before: NDArray[Any], after: NDArray[Any]) -> float:
    """Pearson's correlation of two 1-D arrays; NaN where one of them does not vary."""
    one = np.asarray(before, np.float64) - np.mean(before, dtype=np.float64)
    other = np.asarray(after, np.float64) - np.mean(after, dtype=np.float64)
    size = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / size) if size > 0.0 else float("nan")


def rank_stability(before: NDArray[Any], after: NDArray[Any]) -> float:
    """Spearman's rank correlation of the same people at two times; ties share their mean rank."""
    return correlation(ranks(before), ranks(after))


def transitions(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> Transitions:
    """Who is lonely at two times; bool arrays over the same people. NaN where nobody was."""
    lonely, others = int(before.sum()), int((~before).sum())
    still = float((before & after).sum() / lonely) if lonely else float("nan")
    newly = float((~before & after).sum() / others) if others else float("nan")
    return Transitions(still, newly)
