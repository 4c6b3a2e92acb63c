"""Ties between citizens: a neighbourhood lattice with long links, as compressed sparse rows.

Citizens stand in their neighbourhoods, ordered by age within, so that near rows are people of the
same place and age. Each is tied to some of the next rows, which gives clustering by place and age,
and to some drawn from the whole municipality (small world: Watts & Strogatz 1998). Lonely people
have fewer ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry, kernel, rule
from velfaerd_sim.curves import clip
from velfaerd_sim.randomness import LANES, TIE_LOCAL, TIE_LONG, Key, unit, words

REACH = 2 * LANES
"""How many following rows a citizen can be tied to."""


@rule
def sociability(set_point: float, fewer: float) -> float:
    """Readiness to tie, 1 for a person who is never lonely, less by the loneliness set point."""
    return clip(1.0 - fewer * set_point)


@rule
def nearness(d: int, nearest: float) -> float:
    """How often a row is tied relative to the mean: `nearest` at the next row, falling evenly.

    d: rows between, 0 for the next.
    """
    return nearest - 2.0 * (nearest - 1.0) * d / (REACH - 1.0)


@kernel
def add_local(
    i: int,
    set_point: Any,
    scale: float,
    nearest: float,
    fewer: float,
    key: Key,
    source: Any,
    target: Any,
    n: int,
) -> int:
    """Tie citizen i to some of the next REACH rows; both must be ready. Returns the edge count."""
    four = words(key, TIE_LOCAL, 0, i)
    more = words(key, TIE_LOCAL + LANES, 0, i)
    own = scale * sociability(set_point[i], fewer)
    for d in range(REACH):
        j = i + d + 1
        if j >= len(set_point):
            break
        word = four[d] if d < LANES else more[d - LANES]
        if unit(word) < own * nearness(d, nearest) * sociability(set_point[j], fewer):
            source[n] = i
            target[n] = j
            n += 1
    return n


@kernel
def add_long(
    i: int, set_point: Any, mean: float, fewer: float, key: Key, source: Any, target: Any, n: int
) -> int:
    """Tie citizen i to people drawn from the whole municipality. Returns the edge count."""
    tries = int(np.ceil(mean))
    for t in range(tries):
        drawn = words(key, TIE_LONG, t + 1, i)
        j = int(unit(drawn[0]) * len(set_point))
        chance = mean / tries * sociability(set_point[i], fewer) * sociability(set_point[j], fewer)
        if j != i and unit(drawn[1]) < chance:
            source[n] = i
            target[n] = j
            n += 1
    return n


@kernel
def as_rows(source: Any, target: Any, count: int, adults: int, offsets: Any) -> Any:
    """Both directions of each edge as sorted rows without doubles; fills offsets (adults + 1)."""
    filled = np.zeros(adults + 1, np.int32)
    for e in range(count):
        filled[source[e] + 1] += 1
        filled[target[e] + 1] += 1
    for i in range(adults):
        filled[i + 1] += filled[i]
    start = filled.copy()
    rows = np.empty(2 * count, np.int32)
    for e in range(count):
        rows[filled[source[e]]] = target[e]
        filled[source[e]] += 1
        rows[filled[target[e]]] = source[e]
        filled[target[e]] += 1
    kept = 0
    offsets[0] = 0
    for i in range(adults):
        first = start[i]
        last = start[i + 1]
        for a in range(first + 1, last):
            value = rows[a]
            b = a
            while b > first and rows[b - 1] > value:
                rows[b] = rows[b - 1]
                b -= 1
            rows[b] = value
        previous = np.int32(-1)
        for a in range(first, last):
            value = rows[a]
            if value != previous:
                rows[kept] = value
                kept += 1
                previous = value
        offsets[i + 1] = kept
    return rows[:kept].copy()


@entry
def tie(
    set_point: Any,
    mean_set_point: float,
    mean_ties: float,
    long_share: float,
    nearest: float,
    fewer: float,
    key: Key,
    offsets: Any,
) -> Any:
    """Draw the ties of one municipality.

    set_point: float32 (adults,); offsets: int32 (adults + 1,), written. Returns neighbours, int32.
    The mean number of ties is mean_ties, short of it by the few doubles and, near the upper end of
    mean_ties, by the limit of REACH: a chance to tie to a near row is at most 1.
    """
    adults = len(set_point)
    ready = sociability(mean_set_point, fewer)
    ready_square = ready * ready
    long_mean = mean_ties / 2.0 * long_share / ready_square
    scale = mean_ties / 2.0 * (1.0 - long_share) / (REACH * ready_square)
    most = adults * (REACH + int(np.ceil(long_mean)))
    source = np.empty(most, np.int32)
    target = np.empty(most, np.int32)
    count = 0
    for i in range(adults):
        count = add_local(i, set_point, scale, nearest, fewer, key, source, target, count)
        count = add_long(i, set_point, long_mean, fewer, key, source, target, count)
    return as_rows(source, target, count, adults, offsets)
