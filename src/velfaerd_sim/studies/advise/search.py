"""Decisions of the search: which points to try next, and which of them are worth fresh runs.

Everything is a function of what was found, `Found`; noise is held down by common random numbers: a
point is compared with today's governance in the same towns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, YEAR
from velfaerd_sim.statistics import surrogate
from velfaerd_sim.studies.advise.design import AdviceDesign
from velfaerd_sim.studies.advise.space import HOURS, LEVER, NAMES, point_of, rounded
from velfaerd_sim.studies.advise.work import NAMED, PATH, Candidate

Array = NDArray[np.float64]
TRIED, FRONT, PACKAGE, MOVE, FIRST, MORE = "tried", "front", "package", "move", "first", "hours"
"""Roles of candidates beside today's governance and named regimes.

tried: by the search; front: on the Pareto front as the search sees it; package: 'package RANK';
move: the best package with one instrument elsewhere, 'move NAME'; first: today's governance with
one instrument where the best package has it, 'first NAME'; hours: the best package with some hours
more or fewer, 'hours NUMBER'.
"""
PACKAGES, MOST_ON_FRONT = 3, 12
APART = 0.25
"""How far two packages differ at least in one instrument."""
STEPS, MOVES = 3, 0.1
"""Steps of a path, and from which difference on an instrument has a place in them."""
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Where an instrument of the best package is moved to."""
NEAR = 0.05
"""A level so near to the package's own value says nothing more."""


@dataclass(frozen=True)
class Found:
    """What candidates gave in the worlds of the search, paired with today's governance.

    points: (n, 9); gains: benefit over today's, (n, worlds), NaN where it was not run; hours: used
    a month per 1 000 adults, (n, worlds).
    """

    candidates: tuple[Candidate, ...]
    gains: Array
    hours: Array

    @cached_property
    def points(self) -> Array:
        """The points of the candidates, float64 (n, 9)."""
        return np.array([each.point for each in self.candidates])

    @cached_property
    def evaluated(self) -> tuple[Array, Array, Array, Array]:
        """Benefit, its variance, hours, their variance: (n,) each, as if run in all worlds."""
        return *_mean(self.gains), *_mean(self.hours)

    def known(self, design: AdviceDesign, which: NDArray[np.bool_]) -> surrogate.Evaluated:
        """What the surrogates are fitted to."""
        parts = (part[which] for part in self.evaluated)
        return surrogate.Evaluated(design.space.unit(self.points[which]), *parts)


def _mean(values: Array) -> tuple[Array, Array]:
    """Means over worlds and their variances; (n, worlds), NaN where something was not run.

    What a world adds for all is told by those that were run in every world, and taken out, so that
    those run in the first worlds only are compared as if they had been run in all. The variance of
    chance is that of what is left, pooled over candidates.
    """
    values = values[:, np.isfinite(values).any(axis=0)]
    count = np.isfinite(values).sum(axis=1)
    whole = values[count == values.shape[1]]
    of_world = (whole - whole.mean(axis=1, keepdims=True)).mean(axis=0)
    mean = np.nanmean(values - of_world, axis=1)
    rest = values - of_world - mean[:, None]
    degrees = max(1, int(count.sum()) - len(values) - values.shape[1] + 1)
    return mean, np.maximum(float(np.nansum(rest**2)) / degrees / count, 1e-12)


def first_candidates(design: AdviceDesign) -> list[Candidate]:
    """Where the search begins: today, named regimes with all hours, points from everywhere."""
    most = design.space.high[HOURS]
    named = [Candidate(f"{NAMED} {name}", _named(name, most)) for name in REGIMES]
    free = int(design.space.free.sum())
    unit = surrogate.first_points(design.size.start, free, design.scenario.seed)
    return [design.today, *named, *map(_tried, design.space.points(unit))]


def _named(name: str, hours: float) -> tuple[float, ...]:
    return tuple(point_of(REGIMES[name], hours).tolist())


def _tried(point: Array) -> Candidate:
    return Candidate(TRIED, tuple(point.tolist()))


def inside(design: AdviceDesign, found: Found) -> NDArray[np.bool_]:
    """Which candidates may be advised: what was tried, and named regimes that lie in the space."""
    return design.space.holds(found.points)


def next_candidates(design: AdviceDesign, found: Found, batch: int, step: int) -> list[Candidate]:
    """The next points to try."""
    space = design.space

    def snapped(unit: Array) -> Array:
        return space.unit(space.points(unit))

    known = found.known(design, inside(design, found))
    seed = design.scenario.seed + 1000 * step
    return list(
        map(_tried, space.points(surrogate.next_points(known, design.most, batch, snapped, seed)))
    )


def contenders(design: AdviceDesign, found: Found) -> list[Candidate]:
    """Today, all named regimes, and the points that may be on the front or be the best package."""
    which = np.flatnonzero(inside(design, found))
    known = found.known(design, inside(design, found))
    (benefit, sd), (hours, _) = (fit.at(known.points) for fit in known.fitted())
    within = hours <= design.most
    hopeful = benefit + sd
    front = surrogate.undominated(np.where(within, hopeful, -np.inf), hours) & within
    order = np.argsort(-np.where(within, hopeful, -np.inf), kind="stable")
    best = order[: design.size.contenders // 2]
    spread = _spread(np.flatnonzero(front), hours, design.size.contenders - len(best))
    kept = dict.fromkeys([*best.tolist(), *spread])
    chosen = [found.candidates[which[k]] for k in kept]
    own = [each for each in chosen if each.role == TRIED]
    named = [each for each in found.candidates if each.role.startswith(NAMED)]
    return [design.today, *named, *own]


def _spread(which: NDArray[np.intp], hours: Array, count: int) -> list[int]:
    """At most so many of some points, evenly by their hours."""
    ordered = which[np.argsort(hours[which], kind="stable")]
    if len(ordered) > count:
        ordered = ordered[np.unique(np.linspace(0, len(ordered) - 1, count).round().astype(int))]
    return [int(each) for each in ordered]


def finalists(design: AdviceDesign, found: Found) -> list[Candidate]:
    """What is run anew in fresh worlds: packages, front, named regimes, moves around the best.

    Chosen by what the search found, so that fresh runs favour none of them.
    """
    may = inside(design, found)
    known = found.known(design, may)
    benefit = known.fitted()[0].at(known.points)[0]
    hours, points = known.cost, found.points[may]
    within = hours <= design.most
    if not within.any():
        within = hours == hours.min()
    packages = _packages(points, np.where(within, benefit, -np.inf))
    front = np.flatnonzero(surrogate.undominated(np.where(within, benefit, -np.inf), hours))
    thin = [k for k in _spread(front, hours, MOST_ON_FRONT) if within[k] and k not in packages]
    best = points[packages[0]]
    chosen = [design.today]
    chosen += [
        Candidate(f"{PACKAGE} {rank}", tuple(points[k].tolist()))
        for rank, k in enumerate(packages, start=1)
    ]
    chosen += [Candidate(FRONT, tuple(points[k].tolist())) for k in thin]
    chosen += [Candidate(f"{NAMED} {name}", _named(name, best[HOURS])) for name in REGIMES]
    return chosen + _moves(design, best) + _first(design, best) + _hours(best)


def may_take_steps(design: AdviceDesign) -> bool:
    """Whether there are months for steps, and today's governance is a point to begin at."""
    return bool(np.isfinite(design.today.point).all()) and design.scenario.months > STEPS


def paths(design: AdviceDesign, best: Array, alone: Mapping[str, float]) -> list[Candidate]:
    """Ways to get to the best package: at once, in steps, in the opposite order; none for one step.

    alone: what each instrument gives by itself, the most first in the steps. Instruments that move
    by less than `MOVES` go along with the last step.
    """
    today = np.array(design.today.point)
    moved = [k for k in range(HOURS) if abs(best[k] - today[k]) >= MOVES]
    if not may_take_steps(design) or len(moved) < 2:
        return []
    names = sorted((INSTRUMENTS[k] for k in moved), key=lambda name: -alone[name])
    steps = [list(part) for part in np.array_split(names, min(STEPS, len(names)))]
    rest = [name for k, name in enumerate(INSTRUMENTS) if k not in moved and best[k] != today[k]]
    point, months = tuple(best.tolist()), design.scenario.months // (STEPS + 1)
    found = [design.today, Candidate(f"{PATH} at_once 1 {'+'.join([*names, *rest])}", point)]
    for name, order in (("best_first", steps), ("best_last", steps[::-1])):
        parts = [[*part, *(rest if part is order[-1] else [])] for part in order]
        told = " ".join("+".join(part) for part in parts)
        found.append(Candidate(f"{PATH} {name} {min(months, YEAR)} {told}", point))
    return found


def _packages(points: Array, benefit: Array) -> list[int]:
    """The places of the best points that differ from each other by APART in an instrument."""
    chosen: list[int] = []
    for k in np.argsort(-benefit, kind="stable").tolist():
        away = [np.abs(points[k] - points[other])[:HOURS].max() for other in chosen]
        if np.isfinite(benefit[k]) and all(each >= APART - 1e-9 for each in away):
            chosen.append(k)
        if len(chosen) == PACKAGES:
            break
    return chosen


def _moved(point: Array, name: str, value: float) -> tuple[float, ...]:
    moved = point.copy()
    moved[NAMES.index(name)] = value
    return tuple(rounded(moved).tolist())


def _moves(design: AdviceDesign, best: Array) -> list[Candidate]:
    """The best package with one instrument at other levels, and where it is today."""
    today = design.today.point
    moves = []
    for k, name in enumerate(INSTRUMENTS):
        levels = {level for level in LEVELS if abs(level - best[k]) > NEAR}
        if np.isfinite(today[k]) and today[k] != best[k]:
            levels.add(float(today[k]))
        moves += [Candidate(f"{MOVE} {name}", _moved(best, name, each)) for each in sorted(levels)]
    return moves


def _first(design: AdviceDesign, best: Array) -> list[Candidate]:
    """Today's governance with one instrument moved, and with the hours of the best package."""
    today = np.array(design.today.point)
    if not np.isfinite(today).all():
        return []
    first = [
        Candidate(f"{FIRST} {name}", _moved(today, name, best[k]))
        for k, name in enumerate(NAMES)
        if best[k] != today[k]
    ]
    return first


def _hours(best: Array) -> list[Candidate]:
    """The best package with an hour more and an hour less."""
    return [
        Candidate(f"{MORE} {step:+d}", _moved(best, LEVER, best[HOURS] + step))
        for step in (-1, 1)
        if 2.0 <= best[HOURS] + step <= 80.0
    ]
