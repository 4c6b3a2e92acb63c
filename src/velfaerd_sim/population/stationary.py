"""Where loneliness, and whether the municipality knows a person, settle: the start of a person.

Both follow from the rules: loneliness is drawn to a level, moved by noise and life events, and cut
to 0 to 1; the municipality comes to know the lonely faster than others and loses sight of those who
are not. For each of some levels that is a Markov chain over steps of loneliness, and its stationary
distribution is solved once for a set of parameters. People start from it, those of the first
population and those who come later.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.compiled import entry, kernel, own_rules, rule
from velfaerd_sim.curves import clip
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population.scale import is_lonely
from velfaerd_sim.population.schema import Ties

STEPS = 84
"""Steps of loneliness; a whole number of them lies below the limit of being lonely."""
LEVELS = 31
"""Levels that are solved; between them people are drawn between."""
LOWEST_LEVEL, HIGHEST_LEVEL = -0.25, 1.25
"""A level with what ties add to it may lie outside the range of loneliness."""
ROUNDS = 12
"""How often the pull of ties is worked out anew before the levels count as settled."""
TINY = 1e-9
"""Kept from zero where it is divided by it."""
_HALF_WIDTH = 6.0**0.5
_PARAMETERS = (
    "set_point_rate",
    "loneliness_noise",
    "life_event_probability",
    "life_event_size",
    "known_rate_lonely",
    "known_rate_others",
    "forgotten_rate",
)


class Stationary(NamedTuple):
    """The stationary distribution by level.

    below: float64 (LEVELS, STEPS + 1), cumulative shares of persons over steps of loneliness;
    known: float64 (LEVELS, STEPS), share known to the municipality; lonely_before: the same shape,
    share of persons who were lonely a year before; mean: float64 (LEVELS,), mean loneliness.
    """

    below: Any
    known: Any
    lonely_before: Any
    mean: Any


@kernel
def ramp_of_noise(t: float, half_width: float) -> float:
    """Integral up to t of the distribution function of triangular noise of mean 0."""
    x = t / half_width
    if x <= -1.0:
        return 0.0
    if x >= 1.0:
        return t
    edge = 1.0 - abs(x)
    return half_width * (edge * edge * edge / 6.0 + max(0.0, x))


@kernel
def add_moves(row: Any, centre: float, half_width: float, share: float) -> None:
    """Add to a row of a transition matrix where noise takes a person from a centre.

    A place between the middles of two steps counts to both, by nearness, which keeps the mean.
    """
    width = 1.0 / STEPS
    before = 0.0
    for j in range(STEPS):
        # Share that lies below the middle of step j + 1, linear in between: a difference of ramps.
        if j == STEPS - 1:
            upto = 1.0
        else:
            middle = (j + 0.5) * width
            upto = (
                ramp_of_noise(middle + width - centre, half_width)
                - ramp_of_noise(middle - centre, half_width)
            ) / width
        row[j] += share * max(0.0, upto - before)
        before = upto


@kernel
def transitions(level: float, p: Any, moves: Any) -> None:
    """Fill moves, float64 (STEPS, STEPS): from a step of loneliness to another in a month."""
    width = 1.0 / STEPS
    # Splitting between two steps adds a sixth of a squared width to the noise's variance.
    spread = max(TINY, p.loneliness_noise * p.loneliness_noise - width * width / 6.0) ** 0.5
    half_width = _HALF_WIDTH * spread
    for i in range(STEPS):
        was = (i + 0.5) * width
        centre = was + p.set_point_rate * (level - was)
        moves[i, :] = 0.0
        add_moves(moves[i], centre, half_width, 1.0 - p.life_event_probability)
        add_moves(moves[i], centre + p.life_event_size, half_width, p.life_event_probability)


@kernel
def settle_shares(moves: Any, shares: Any) -> None:
    """Stationary shares of a transition matrix, into shares; the matrix is used up.

    State reduction (Grassmann, Taksar & Heyman 1985, doi 10.1287/opre.33.5.1107), which subtracts
    nothing.
    """
    for k in range(STEPS - 1, 0, -1):
        out = TINY * TINY
        for j in range(k):
            out += moves[k, j]
        for i in range(k):
            factor = moves[i, k] / out
            moves[i, k] = factor
            if factor > 0.0:
                for j in range(k):
                    moves[i, j] += factor * moves[k, j]
    shares[0] = 1.0
    for k in range(1, STEPS):
        weight = 0.0
        for i in range(k):
            weight += shares[i] * moves[i, k]
        # Each time all are brought to sum 1, since weights may rise beyond what a number can hold.
        for i in range(k):
            shares[i] /= 1.0 + weight
        shares[k] = weight / (1.0 + weight)


@kernel
def flow(moves: Any, before: Any, after: Any) -> None:
    """Where a distribution over steps of loneliness stands a month later, into after."""
    after[:] = 0.0
    for i in range(STEPS):
        for j in range(STEPS):
            after[j] += before[i] * moves[i, j]


@kernel
def settle_known(moves: Any, shares: Any, p: Any, known: Any) -> None:
    """Into known: stationary share of all persons who are known, by step of loneliness.

    Who is known at the end of a month was so and is not lost sight of, or became so by how lonely
    they were, and moved: a linear system, solved by elimination.
    """
    matrix = np.zeros((STEPS, STEPS + 1))
    for i in range(STEPS):
        lonely = is_lonely((i + 0.5) / STEPS)
        found = p.known_rate_lonely if lonely else p.known_rate_others
        lost = 0.0 if lonely else p.forgotten_rate
        stays = 1.0 - found - lost - TINY
        matrix[i, i] += 1.0
        for j in range(STEPS):
            matrix[j, i] -= moves[i, j] * stays
            matrix[j, STEPS] += moves[i, j] * found * shares[i]
    for k in range(STEPS):
        for i in range(k + 1, STEPS):
            factor = matrix[i, k] / matrix[k, k]
            if factor != 0.0:
                for j in range(k + 1, STEPS + 1):
                    matrix[i, j] -= factor * matrix[k, j]
    for k in range(STEPS - 1, -1, -1):
        value = matrix[k, STEPS]
        for j in range(k + 1, STEPS):
            value -= matrix[k, j] * known[j]
        known[k] = max(0.0, value / matrix[k, k])


@entry
def solve(parameters: Any) -> Any:
    """The stationary distribution by level for a record of parameters (1,), as four arrays."""
    p = parameters[0]
    below = np.zeros((LEVELS, STEPS + 1))
    known = np.zeros((LEVELS, STEPS))
    lonely_before = np.zeros((LEVELS, STEPS))
    mean = np.zeros(LEVELS)
    moves = np.zeros((STEPS, STEPS))
    shares, earlier, later = np.zeros(STEPS), np.zeros(STEPS), np.zeros(STEPS)
    for n in range(LEVELS):
        level = LOWEST_LEVEL + n * (HIGHEST_LEVEL - LOWEST_LEVEL) / (LEVELS - 1)
        transitions(level, p, moves)
        settle_shares(moves.copy(), shares)
        settle_known(moves, shares, p, known[n])
        for i in range(STEPS):
            earlier[i] = shares[i] if is_lonely((i + 0.5) / STEPS) else 0.0
        for _ in range(YEAR):
            flow(moves, earlier, later)
            earlier[:] = later
        for i in range(STEPS):
            below[n, i + 1] = below[n, i] + shares[i]
            mean[n] += shares[i] * (i + 0.5) / STEPS
            known[n, i] = clip(known[n, i] / max(TINY * TINY, shares[i]))
            lonely_before[n, i] = clip(earlier[i] / max(TINY * TINY, shares[i]))
    return below, known, lonely_before, mean


@lru_cache(maxsize=64)
def _solved(given: tuple[float, ...], rules: str) -> Stationary:
    record = np.array([given], [(name, "f8") for name in _PARAMETERS])
    return Stationary(*solve(record))


def stationary_of(values: Mapping[str, float]) -> Stationary:
    """The stationary distribution for the values of parameters, solved once for each set."""
    return _solved(tuple(float(values[name]) for name in _PARAMETERS), own_rules())


@rule
def place_of_level(level: float) -> float:
    """Where a level lies among those that are solved: whole numbers are levels."""
    return clip((level - LOWEST_LEVEL) / (HIGHEST_LEVEL - LOWEST_LEVEL)) * (LEVELS - 1.0)


@rule
def at_level(table: Any, step: int, level: float) -> float:
    """A value of a step of loneliness at a level, linear between those that are solved."""
    place = place_of_level(level)
    n = min(LEVELS - 2, int(place))
    return table[n, step] + (place - n) * (table[n + 1, step] - table[n, step])


@rule
def quantile(below: Any, u: float) -> float:
    """Loneliness at rank u of cumulative shares over steps, linear within a step."""
    low = 0
    high = STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if below[middle] <= u:
            low = middle
        else:
            high = middle
    inside = (u - below[low]) / max(TINY * TINY, below[low + 1] - below[low])
    return (low + clip(inside)) / STEPS


@rule
def first_loneliness(stationary: Stationary, level: float, u: float) -> float:
    """A person's first loneliness: of the stationary distribution at a level, by rank u."""
    place = place_of_level(level)
    n = min(LEVELS - 2, int(place))
    lower = quantile(stationary.below[n], u)
    upper = quantile(stationary.below[n + 1], u)
    return clip(lower + (place - n) * (upper - lower))


@rule
def first_known(stationary: Stationary, level: float, loneliness: float, u: float) -> bool:
    """Whether the municipality knows a person of a level and loneliness, by a draw u in (0, 1)."""
    step = min(STEPS - 1, int(loneliness * STEPS))
    return u < at_level(stationary.known, step, level)


@rule
def lonely_a_year_ago(stationary: Stationary, level: float, loneliness: float, u: float) -> bool:
    """Whether a person of a level and loneliness was lonely a year ago, by a draw u in (0, 1)."""
    step = min(STEPS - 1, int(loneliness * STEPS))
    return u < at_level(stationary.lonely_before, step, level)


@kernel
def levels_with_ties(
    set_point: Any, ties: Ties, stationary: Stationary, ratio: float, levels: Any
) -> None:
    """Levels that people settle around where ties pull, into levels, float64 (adults,).

    ratio: the strength of ties over the pull to one's own level. Each round takes the mean
    loneliness that the levels of the round before lead to.
    """
    adults = len(set_point)
    settled = np.empty(adults)
    for i in range(adults):
        levels[i] = set_point[i]
    for _ in range(ROUNDS if ratio > 0.0 else 0):
        total = 0.0
        for i in range(adults):
            place = place_of_level(levels[i])
            n = min(LEVELS - 2, int(place))
            mean = stationary.mean
            settled[i] = mean[n] + (place - n) * (mean[n + 1] - mean[n])
            total += settled[i] * (ties.offsets[i + 1] - ties.offsets[i])
        for i in range(adults):
            first, last = ties.offsets[i], ties.offsets[i + 1]
            near = 0.0
            for t in range(first, last):
                near += settled[ties.neighbours[t]]
            apart = near / (last - first) - total / ties.offsets[adults] if last > first else 0.0
            levels[i] = set_point[i] + ratio * apart
