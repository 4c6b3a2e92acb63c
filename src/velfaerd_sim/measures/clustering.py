"""Clustering of loneliness along ties: do lonely people stand near lonely people.

For pairs at distance 1 (tied), 2 (a tie of a tie) and 3: the correlation of the two levels, and
the chance to be lonely when the other is, over the chance when the other is not. What would come
by age alone is the same figure with levels exchanged at random among people of one age band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array


@dataclass(frozen=True)
class Clustering:
    """Clustering at one distance.

    pairs: ordered pairs of people; correlation of their levels; relative_risk of being lonely;
    chance_*: mean and 95% interval of the same figure under exchange within age bands.
    """

    distance: int
    pairs: int
    correlation: float
    chance_correlation: tuple[float, float, float]
    relative_risk: float
    chance_risk: tuple[float, float, float]


def rings(
    offsets: NDArray[Any], neighbours: NDArray[Any], distances: Sequence[int] = (1, 2, 3)
) -> list[Any]:
    """Who stands at which shortest distance: one 0/1 matrix (people, people) a distance.

    offsets, neighbours: the ties of one municipality as compressed sparse rows.
    """
    people = len(offsets) - 1
    ones = np.ones(int(offsets[-1]), np.int32)
    ties = csr_array((ones, neighbours[: int(offsets[-1])], offsets), shape=(people, people))
    within = eye_array(people, dtype=np.int32, format="csr")
    found = []
    for distance in range(1, max(distances) + 1):
        wider = ((within @ ties + within) > 0).astype(np.int32)
        ring = wider - within
        ring.eliminate_zeros()
        if distance in distances:
            found.append(ring.astype(np.float64))
        within = wider
    return found


def pair_correlation(ring: Any, levels: NDArray[Any]) -> float:
    """Correlation of the two levels over ordered pairs; NaN without pairs or spread."""
    degree = np.asarray(ring.sum(axis=1), np.float64).ravel()
    total = degree.sum()
    if total == 0.0:
        return float("nan")
    away = levels - degree @ levels / total
    spread = degree @ (away * away)
    return float(away @ (ring @ away) / spread) if spread > 0.0 else float("nan")


def relative_risk(ring: Any, lonely: NDArray[np.bool_]) -> float:
    """Chance to be lonely beside a lonely person over that beside another; NaN without either."""
    mark = lonely.astype(np.float64)
    degree = np.asarray(ring.sum(axis=1), np.float64).ravel()
    beside = ring @ mark  # lonely people in each one's ring
    both, near_lonely = mark @ beside, degree @ mark
    near_others = degree.sum() - near_lonely
    if near_lonely == 0.0 or near_others == 0.0 or both == near_lonely:
        return float("nan")
    return float((both / near_lonely) / ((near_lonely - both) / near_others))


def exchanged(band: NDArray[Any], generator: np.random.Generator) -> NDArray[np.int64]:
    """A random order of people in which everyone takes the place of one of the same band."""
    order = np.empty(len(band), np.int64)
    for one in np.unique(band):
        members = np.flatnonzero(band == one)
        order[members] = generator.permutation(members)
    return order


def clustering(
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    levels: NDArray[Any],
    lonely: NDArray[np.bool_],
    band: NDArray[Any],
    *,
    distances: Sequence[int] = (1, 2, 3),
    exchanges: int = 99,
    seed: int = 1,
) -> list[Clustering]:
    """Clustering of loneliness at several distances in one municipality.

    levels, lonely, band: one value a person. The reference exchanges people of one age band
    `exchanges` times (a permutation test; the same seed gives the same reference).
    """
    values = np.asarray(levels, np.float64)
    result = []
    for distance, ring in zip(
        sorted(distances), rings(offsets, neighbours, distances), strict=True
    ):
        generator = np.random.default_rng([seed, distance])
        drawn = np.empty((exchanges, 2))
        for k in range(exchanges):
            order = exchanged(band, generator)
            drawn[k] = pair_correlation(ring, values[order]), relative_risk(ring, lonely[order])
        result.append(
            Clustering(
                distance,
                int(ring.sum()),
                pair_correlation(ring, values),
                _reference(drawn[:, 0]),
                relative_risk(ring, lonely),
                _reference(drawn[:, 1]),
            )
        )
    return result


def _reference(drawn: NDArray[np.float64]) -> tuple[float, float, float]:
    known = drawn[np.isfinite(drawn)]
    if len(known) == 0:
        return float("nan"), float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(known.mean()), float(low), float(high)
