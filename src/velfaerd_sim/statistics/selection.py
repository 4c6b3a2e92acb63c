"""Selection of the best of several, with a stated probability, in as few runs as it takes.

The fully sequential procedure KN of Kim and Nelson (2001, ACM Transactions on Modeling and Computer
Simulation 11, 251-273, doi 10.1145/502109.502111) for common random numbers, with variances that
are taken anew at each look, as in their KN++ (2006, Operations Research 54, 475-488,
doi 10.1287/opre.1060.0281). Where the best is ahead by the indifference zone or more, it is
selected with at least the stated probability, however the values of one replicate depend on each
other. KN has a proof for normal values, KN++ one as the zone goes to zero, for others too. It was
chosen since pairing, which makes differences vary little, shortens it in proportion, and since new
variances save about a quarter of the runs; `benchmarks/deciding.py` shows how often it is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Procedure:
    """How it is done: the least that matters, the probability, replicates before the first look.

    batch: replicates from one look to the next. Fewer looks than one a replicate, as in the proof,
    only make it more sure.
    """

    zone: float
    confidence: float = 0.95
    first: int = 16
    batch: int = 4

    def factor(self, count: int, replicates: int) -> float:
        """The constant h squared for so many alternatives and replicates."""
        degrees = replicates - 1
        error = 2.0 * (1.0 - self.confidence) / (count - 1)
        return float(degrees * (error ** (-2.0 / degrees) - 1.0))


@dataclass(frozen=True)
class Selection:
    """Who is left after so many replicates.

    left: bool (k,). dropped: after how many replicates each was left out, 0 where it was not.
    settled: whether one is left. replicates: that were looked at.
    """

    left: NDArray[np.bool_]
    dropped: NDArray[np.int64]
    replicates: int

    @property
    def settled(self) -> bool:
        """Whether one is left."""
        return int(self.left.sum()) == 1


def select(values: Array, procedure: Procedure) -> Selection:
    """Who is left after the replicates that are there; more is better.

    values: float64 (replicates, k), paired by replicate; NaN where an alternative that was left out
    before was not run any more. Looks are taken after the first stage and after every whole batch.
    """
    number, count = values.shape
    left = np.ones(count, bool)
    dropped = np.zeros(count, np.int64)
    if number < procedure.first:
        return Selection(left, dropped, 0)
    centred = np.nan_to_num(values - values[0])
    totals, looked, products = np.cumsum(values, axis=0), 0, np.zeros((count, count))
    more = procedure.first
    while True:
        products += centred[looked : looked + more].T @ centred[looked : looked + more]
        looked, more = looked + more, procedure.batch
        variance = _of_differences(products, centred[:looked].sum(axis=0), looked)
        bound = procedure.factor(count, looked) * variance / procedure.zone**2
        means = np.where(left, totals[looked - 1] / looked, -np.inf)
        slack = np.maximum(0.0, procedure.zone / (2.0 * looked) * (bound - looked))
        behind = means[:, None] < means[None, :] - slack
        out = left & (behind & left[None, :]).any(axis=1)
        ended = left & ~out
        if looked > bound[np.ix_(ended, ended)].max() and ended.sum() > 1:
            out = left.copy()
            out[int(np.argmax(means))] = False
        dropped[out] = looked
        left = left & ~out
        if left.sum() == 1 or looked + more > number:
            return Selection(left, dropped, looked)


def _of_differences(products: Array, sums: Array, replicates: int) -> Array:
    """Variances of the differences of all pairs, (k, k), from sums and sums of products."""
    covariance = (products - np.outer(sums, sums) / replicates) / (replicates - 1)
    own = np.diag(covariance)
    return np.maximum(own[:, None] + own[None, :] - 2.0 * covariance, 0.0)


def wanted(selection: Selection, procedure: Procedure) -> range:
    """The replicates that are run next for who is left; none where one is left."""
    if selection.settled:
        return range(0)
    done = selection.replicates
    return range(done, done + (procedure.batch if done else procedure.first))
