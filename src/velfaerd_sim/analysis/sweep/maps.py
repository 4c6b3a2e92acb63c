"""Maps of the difference between two regimes over two parameters, and the line where it turns.

The map needs a grid of the two parameters. What else varies is averaged over, provided that it was
varied alike in every cell. The line is where the mean difference is zero, straight between
neighbouring cells; a cell is clear where the interval of its mean does not hold zero. A line is
drawn, and a place told, only where the difference is clear on both of its sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    UnsuitedError,
    parameter,
    rows,
    three_digits,
)
from velfaerd_sim.analysis.arrays.facts import (
    outcome as named,
)
from velfaerd_sim.analysis.arrays.facts import (
    regime as side,
)
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, direction, known, read_points
from velfaerd_sim.analysis.arrays.layouts import PointLayout, names_of
from velfaerd_sim.analysis.arrays.libraries import load
from velfaerd_sim.analysis.arrays.noise import Redraw, chance
from velfaerd_sim.errors import InputError
from velfaerd_sim.statistics.intervals import CONFIDENCE

LEAST_STEPS = 3


@dataclass(frozen=True)
class Map:
    """Arrays of a map: x (columns,), y (rows,), the others (rows, columns).

    better: 1 where more of the outcome is better, else -1; difference: regime minus against; low,
    high: its interval (NaN with one replicate); sign: 1 or -1 where the regime is clearly better or
    worse, 0 where the interval holds zero or is unknown; line, line_low, line_high: lists of
    (points, 2) arrays, the zero lines of the difference and of the two ends of its interval,
    between which the true line may run; all empty where the difference does not turn clearly.
    """

    x_name: str
    y_name: str
    better: int
    x: Array
    y: Array
    difference: Array
    low: Array
    high: Array
    sign: NDArray[np.int64]
    line: list[Array]
    line_low: list[Array]
    line_high: list[Array]


def reversal_map(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str,
    x: str,
    y: str,
    *,
    better: str | None = None,
    design: PointLayout | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Map the difference between two regimes over parameters x and y, with its zero line.

    Table, one row a crossing of the line with a grid value of x: x, y, y_low, y_high (interval by
    resampling replicates; NaN with one).
    data['map'] is a :class:`Map`. Raises InputError where the points are no grid of x and y.
    """
    sign = direction(outcome, better)
    points = read_points(frame, outcome, regime, against)
    names = names_of(points, design)
    for place, name in (("x", x), ("y", y)):
        known(place, name, names)
    if x == y:
        raise InputError("y", y, f"another parameter than {x}")
    cells = _cells(points, x, y)
    difference = cells.mean.reshape(len(cells.y), len(cells.x))
    turned = turns_clearly(cells.points, confidence)
    half = _half_width(cells, confidence).reshape(difference.shape)
    clear = np.where(np.abs(difference) > half, sign * np.sign(difference), 0.0)
    found = Map(
        x,
        y,
        sign,
        cells.x,
        cells.y,
        difference,
        difference - half,
        difference + half,
        clear.astype(np.int64),
        *(
            zero_line(cells.x, cells.y, part) if turned else []
            for part in (difference, difference - half, difference + half)
        ),
    )
    table = _crossings(cells, found, draws if turned else 0, seed, confidence)
    facts = (*_facts(points, found, table, turned), *points.left_out.facts())
    about = Fact("over_two", about=points.about, x=parameter(x), y=parameter(y))
    return AnalysisResult("map", about, table, facts, {"map": found}, names=points.names)


@dataclass(frozen=True)
class _Cells:
    """Cells of a grid, rows of y by columns of x flattened; values (cells, replicates)."""

    x: Array
    y: Array
    points: PointValues

    @property
    def mean(self) -> Array:
        return self.points.mean


def _cells(points: PointValues, x: str, y: str) -> _Cells:
    """Average the points of each cell, replicate by replicate."""
    columns = points.parameters[x].to_numpy(np.float64), points.parameters[y].to_numpy(np.float64)
    xs, ys = np.unique(columns[0]), np.unique(columns[1])
    if len(xs) * len(ys) > len(points.point_ids) or min(len(xs), len(ys)) < LEAST_STEPS:
        shape = f"{len(xs)} values of {x}, {len(ys)} of {y} in {len(points.point_ids)} points"
        allowed = f"a grid of the two with at least {LEAST_STEPS} values of each"
        needs = Fact(
            "needs_grid",
            least=LEAST_STEPS,
            columns=len(xs),
            x=parameter(x),
            rows=len(ys),
            y=parameter(y),
            points=Count(len(points.point_ids), "point"),
        )
        raise UnsuitedError("design", shape, allowed, needs)
    cell = np.searchsorted(ys, columns[1]) * len(xs) + np.searchsorted(xs, columns[0])
    count = np.bincount(cell, minlength=len(xs) * len(ys))
    others = points.parameters.drop(columns=[x, y])
    others = others.loc[:, others.nunique() > 1]
    if (count != count[0]).any() or not _alike(others, cell, int(count[0])):
        shape = f"other parameters ({', '.join(others.columns) or 'none'}) differ between cells"
        allowed = f"a grid that crosses {x} and {y} with all the rest"
        needs = Fact("needs_crossed", x=parameter(x), y=parameter(y))
        raise UnsuitedError("design", shape, allowed, needs)
    values = points.values[np.argsort(cell, kind="stable")].reshape(len(count), count[0], -1)
    holes = ~np.isfinite(values).all(axis=1)
    means = np.where(holes, np.nan, np.where(np.isfinite(values), values, 0.0).mean(axis=1))
    empty = ~np.isfinite(means).any(axis=1)
    if empty.any():
        at = int(np.flatnonzero(empty)[0])
        places = float(xs[at % len(xs)]), float(ys[at // len(xs)])
        where = f"no value at {x} = {three_digits(places[0])}, {y} = {three_digits(places[1])}"
        allowed = "a value in every cell; resume the study"
        at_x, at_y = map(Amount, places)
        needs = Fact("needs_cells", x=parameter(x), at_x=at_x, y=parameter(y), at_y=at_y)
        raise UnsuitedError("study", where, allowed, needs)
    ids = np.arange(len(count))
    cells = PointValues(
        points.outcome, points.regime, points.against, ids, pd.DataFrame(), means, points.replicates
    )
    return _Cells(xs, ys, cells)


def _alike(others: pd.DataFrame, cell: NDArray[np.int64], count: int) -> bool:
    """Whether every cell holds the same values of the other parameters."""
    if not others.shape[1]:
        return count == 1
    keys = [others[name].to_numpy() for name in reversed(others.columns)]
    order = np.lexsort((*keys, cell))
    table = others.to_numpy(np.float64)[order].reshape(-1, count, others.shape[1])
    return bool(np.allclose(table, table[0]))


def _half_width(cells: _Cells, confidence: float) -> Array:
    return chance(cells.points).half_width(confidence)


def turns_clearly(points: PointValues, confidence: float = CONFIDENCE) -> bool:
    """Whether some points are clearly above zero and some clearly below; no with one replicate.

    Judged for all points together (Bonferroni), so that chance alone seldom shows a turn.
    """
    half = chance(points).half_width(1.0 - (1.0 - confidence) / max(1, len(points.mean)))
    above, below = points.mean > half, points.mean < -half
    return bool(above.any() and below.any())


def between_clear(y: Array, clear: NDArray[np.int64], place: float) -> bool:
    """Whether a place along y lies between values with a clear sign, and with opposite signs.

    clear: 1, -1 or 0, (rows,).
    """
    under, over = clear[y < place], clear[y > place]
    return any(bool((under == s).any() and (over == -s).any()) for s in (1, -1))


def zero_line(x: Array, y: Array, height: Array) -> list[Array]:
    """Lines (points, 2) along which a surface (rows of y, columns of x) is zero."""
    if not np.isfinite(height).all():
        return []
    drawn = load("contourpy").contour_generator(x, y, height).lines(0.0)
    return [np.asarray(line, np.float64) for line in drawn]


def turns(y: Array, height: Array) -> list[float]:
    """Places between grid values of y at which a profile (rows,) changes sign, straight between.

    A zero on the grid counts where the signs on its two sides differ.
    """
    places: list[float] = []
    last: tuple[float, float] | None = None
    zeros: list[float] = []
    for at, value in zip(y, height, strict=True):
        if value == 0.0:
            zeros.append(float(at))
            continue
        if last is not None and value * last[1] < 0.0:
            share = last[1] / (last[1] - value)
            between = last[0] + share * (at - last[0])
            places.append(float(np.mean(zeros)) if zeros else float(between))
        last, zeros = (float(at), float(value)), []
    return places


def extent_of(sign: float, y: Array, height: Array) -> float:
    """Place that has as much of y below it as a profile (rows,) has of a sign, in length.

    Where the profile changes once from that sign to the other, this is the place of the change;
    where chance makes it change more often, it lies between the changes.
    """
    value = sign * height
    low, high = value[:-1], value[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = np.maximum(low, high) / np.abs(low - high)
    part = np.where(low * high < 0.0, crossed, (low + high > 0.0).astype(np.float64))
    return float(y[0] + (part * np.diff(y)).sum())


def _crossings(cells: _Cells, found: Map, draws: int, seed: int, confidence: float) -> pd.DataFrame:
    """Crossings of the line with each grid value of x, with intervals; none without draws."""
    lines: list[tuple[float, float, float, float]] = []
    generator = np.random.default_rng(seed)
    redraw = Redraw(cells.points.values[:, None])
    drawn = np.empty((*found.difference.shape, draws))
    for k in range(draws):
        drawn[:, :, k] = redraw.draw(generator).reshape(found.difference.shape)
    tails = [50.0 * (1.0 - confidence), 50.0 * (1.0 + confidence)]
    for k, at in enumerate(found.x if draws else ()):
        mean, clear = found.difference[:, k], found.sign[:, k]
        places = [place for place in turns(found.y, mean) if between_clear(found.y, clear, place)]
        again = places_again(found.y, mean, places, drawn[:, k])
        for place, near in zip(places, again, strict=True):
            low, high = np.percentile(near, tails) if near.size else (np.nan, np.nan)
            lines.append((float(at), place, float(low), float(high)))
    return pd.DataFrame(lines, columns=["x", "y", "y_low", "y_high"])


def places_again(y: Array, mean: Array, places: list[float], drawn: Array) -> list[Array]:
    """Where each crossing of a profile lies in draws (rows, draws) of it.

    A single crossing is followed by the extent of the sign below it; of several, each by the
    nearest in the draw.
    """
    if len(places) == 1:
        sign = float(np.sign(mean[np.flatnonzero(mean)[0]]))
        return [np.array([extent_of(sign, y, profile) for profile in drawn.T])]
    found: list[list[float]] = [[] for _ in places]
    for profile in drawn.T if places else ():
        there = np.array(turns(y, profile))
        for near, place in zip(found, places, strict=True):
            if there.size:
                near.append(float(there[np.argmin(np.abs(there - place))]))
    return [np.array(near) for near in found]


def _facts(points: PointValues, found: Map, table: pd.DataFrame, turned: bool) -> tuple[Fact, ...]:
    clear = Fact("cells_unknown")
    if len(points.replicates) > 1:
        wins, losses = (int((found.sign == s).sum()) for s in (1, -1))
        clear = Fact("cells_clear", wins=wins, losses=losses, rest=found.sign.size - wins - losses)
    x, y = parameter(found.x_name), parameter(found.y_name)
    cells = Fact(
        "in_cells",
        regime=side(points.regime),
        against=side(str(points.against)),
        outcome=named(points.outcome),
        columns=len(found.x),
        rows=len(found.y),
        x=x,
        y=y,
        clear=clear,
    )
    crossings = rows(table)
    if not crossings:
        same = bool((found.difference >= 0.0).all() or (found.difference <= 0.0).all())
        if turned or same:
            return cells, Fact("no_turn_between", parameter=y)
        return cells, Fact("no_turn_shown")
    ends = (crossings[0], crossings[-1]) if len(crossings) > 1 else (crossings[0],)
    places = tuple(
        Fact("turns_at", y=y, at=Amount(row.y, row.y_low, row.y_high), x=x, where=Amount(row.x))
        for row in ends
    )
    return cells, Fact("turns", places=places, count=Count(len(crossings), "crossing"))
