"""The patient rule induction method on arrays, fast enough to be repeated hundreds of times.

Step by step the rule of the EMA Workbench for real parameters, to which the tests hold it: peel off
the face of the box that raises the density most for the points it costs, then paste back where that
helps (Friedman & Fisher 1999, doi 10.1023/A:1008894516817; Bryant & Lempert 2010, doi
10.1016/j.techfore.2009.08.002). The box that is reported comes from the workbench itself; this
here serves the resamples.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from velfaerd_sim.analysis.arrays.frames import Array, Flags, Rows

PEEL = 0.05
LEAST_MASS = 0.05


def inside(x: Array, box: Array) -> Flags:
    """Points (points, parameters) that lie in a box (2, parameters), its faces included."""
    flags: Flags = ((x >= box[0]) & (x <= box[1])).all(axis=1)
    return flags


def edge(ordered: Array, share: float) -> float:
    """Cut between two different values of an ordered array, near the quantile `share`."""
    position = (len(ordered) - 1) * share
    lower, higher = math.floor(position), math.ceil(position)
    if share > 0.5:
        while ordered[lower] == ordered[higher] and lower > 0:
            lower -= 1
    else:
        while ordered[lower] == ordered[higher] and higher < len(ordered) - 1:
            higher += 1
    return float((ordered[lower] + ordered[higher]) / 2.0)


def _gain(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Change of the density for each point given up or taken in; arguments (points, cases)."""
    old = before[1] / before[0]
    new = after[1] / after[0] if after[0] else 0.0
    return (new - old) / abs(before[0] - after[0]) if new != old else 0.0


Candidate = tuple[Array, tuple[int, int]]
"""A box (2, parameters), and how many points and cases it holds."""


def _best(before: tuple[int, int], whole: Array, candidates: Iterator[Candidate]) -> Candidate:
    """Return the candidate of the largest gain: of equals the one with fewer limits, or the first.

    Where none gains, the count that is returned is that of the box the candidates come from.
    """
    best: tuple[float, int] = (-math.inf, 0)
    chosen: Candidate = (whole, before)
    for box, after in candidates:
        score = (_gain(before, after), int((box == whole).all(axis=0).sum()))
        if score > best:
            best, chosen = score, (box, after)
    return chosen if best[0] > 0.0 else (whole, before)


def trajectory(x: Array, y: Flags, peel: float = PEEL, mass: float = LEAST_MASS) -> list[Array]:
    """Boxes (2, parameters) from the whole sample to the last that peeling and pasting reach.

    x (points, parameters); y (points,) marks the cases; peel: share taken off at a time; mass:
    least share of the points that a box may hold.
    """
    whole = np.stack([x.min(axis=0), x.max(axis=0)])
    order = [np.argsort(x[:, j], kind="stable") for j in range(x.shape[1])]
    boxes, held = [whole], (len(y), int(y.sum()))
    while True:
        members = inside(x, boxes[-1])
        box, after = _best(held, whole, _peels(x, y, order, boxes[-1], members, peel))
        if not (after[0] < held[0] and after[0] / len(y) >= mass):
            break
        boxes.append(box)
        held = after
    while True:
        box, after = _best(held, whole, _pastes(x, y, boxes[-1], whole, peel))
        if not (after[0] > held[0] and after[0] / len(y) >= mass):
            return boxes
        boxes.append(box)
        held = after


def _peels(
    x: Array, y: Flags, order: list[Rows], box: Array, members: Flags, peel: float
) -> Iterator[Candidate]:
    for j in range(x.shape[1]):
        rows = order[j][members[order[j]]]
        values, cases = x[rows, j], np.cumsum(y[rows])
        for side, share in ((1, 1.0 - peel), (0, peel)):
            candidate = box.copy()
            cut = candidate[side, j] = edge(values, share)
            if side == 1:
                count = int(np.searchsorted(values, cut, "right"))
                yield candidate, (count, int(cases[count - 1]))
            else:
                below = int(np.searchsorted(values, cut, "left"))
                before = int(cases[below - 1]) if below else 0
                yield candidate, (len(rows) - below, int(cases[-1]) - before)


def _pastes(x: Array, y: Flags, box: Array, whole: Array, paste: float) -> Iterator[Candidate]:
    for j in np.flatnonzero((box != whole).any(axis=0)):
        for side, share in ((0, 1.0 - paste), (1, paste)):
            beyond = box.copy()
            beyond[:, j] = (whole[0, j], box[0, j]) if side == 0 else (box[1, j], whole[1, j])
            values = np.sort(x[inside(x, beyond), j])
            candidate = box.copy()
            candidate[side, j] = edge(values, share) if len(values) else whole[side, j]
            members = inside(x, candidate)
            yield candidate, (int(members.sum()), int(y[members].sum()))


@dataclass(frozen=True)
class Box:
    """A box and what it holds: limits (2, parameters), restricted (2, parameters) flags of limits.

    coverage: share of all cases that lie in it; density: share of its points that are cases; mass:
    share of all points that lie in it; p_values (2, parameters): see :func:`p_values`.
    """

    limits: Array
    restricted: Flags
    coverage: float
    density: float
    mass: float
    p_values: Array

    @property
    def parameters(self) -> tuple[int, ...]:
        """Columns that the box restricts."""
        return tuple(int(j) for j in np.flatnonzero(self.restricted.any(axis=0)))


def p_values(x: Array, y: Flags, limits: Array, restricted: Flags) -> Array:
    """Quasi-p-value of every limit; NaN where a side is not limited.

    The chance to find as many cases in the box as there are, if without that limit the cases were
    spread evenly: the one-sided binomial test of Bryant & Lempert (2010). 'Quasi', as the limits
    were chosen on the same points.
    """
    found = np.full(limits.shape, np.nan)
    members = inside(x, limits)
    points, cases = int(members.sum()), int(y[members].sum())
    whole = np.stack([x.min(axis=0), x.max(axis=0)])
    for side, j in zip(*np.nonzero(restricted), strict=True):
        wider = limits.copy()
        wider[side, j] = whole[side, j]
        chance = float(y[inside(x, wider)].mean())
        found[side, j] = float(bdtrc(cases - 1, points, chance)) if cases else 1.0
    return found


def describe(x: Array, y: Flags, limits: Array) -> Box:
    """Measure a box on a sample."""
    whole = np.stack([x.min(axis=0), x.max(axis=0)])
    restricted: Flags = limits != whole
    members = inside(x, limits)
    cases = int(y[members].sum())
    return Box(
        limits,
        restricted,
        cases / int(y.sum()),
        cases / int(members.sum()),
        float(members.mean()),
        p_values(x, y, limits, restricted),
    )


def choose(x: Array, y: Flags, boxes: list[Array], level: float = 0.05) -> Box:
    """Choose a box of a trajectory, and take away limits that chance may have set.

    The box has the largest harmonic mean of coverage and density. Then the limit with the largest
    quasi-p-value goes, until all are below level / number of possible limits, as any of them might
    have been set by chance.
    """
    total = int(y.sum())
    scores = []
    for limits in boxes:
        members = inside(x, limits)
        scores.append(2.0 * int(y[members].sum()) / (int(members.sum()) + total))
    box = describe(x, y, boxes[int(np.argmax(scores))])
    whole = np.stack([x.min(axis=0), x.max(axis=0)])
    while box.restricted.any():
        worst = np.unravel_index(int(np.nanargmax(box.p_values)), box.p_values.shape)
        if box.p_values[worst] <= level / box.p_values.size:
            break
        limits = box.limits.copy()
        limits[worst] = whole[worst]
        box = describe(x, y, limits)
    return box
