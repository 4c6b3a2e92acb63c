"""Maps of the difference between two regimes over two parameters, and the line where it turns.

The map needs a grid of the two parameters. What else varies is averaged over, provided that it was
varied alike in every cell. The line is where the mean difference is zero, straight between
neighbouring cells; a cell is clear where the interval of its mean does not hold zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.frames import Array, Points, direction, known, read_points
from velfaerd_sim.analysis.arrays.layouts import Design, names_of
from velfaerd_sim.analysis.arrays.libraries import load
from velfaerd_sim.analysis.arrays.noise import Redraw, chance
from velfaerd_sim.analysis.arrays.wording import Finding, counted, interval, joined, number, percent
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
    between which the true line may run.
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
    design: Design | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> Finding:
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
            zero_line(cells.x, cells.y, part)
            for part in (difference, difference - half, difference + half)
        ),
    )
    table = _crossings(cells, found, draws, seed, confidence)
    sentence = joined(
        _sentence(points, found, table, sign, len(points.replicates)), points.left_out.sentence()
    )
    about, data = f"{points.about} over {x} and {y}", {"map": found}
    return Finding("map", about, table, sentence, data, names=points.names)


@dataclass(frozen=True)
class _Cells:
    """Cells of a grid, rows of y by columns of x flattened; values (cells, replicates)."""

    x: Array
    y: Array
    points: Points

    @property
    def mean(self) -> Array:
        return self.points.mean


def _cells(points: Points, x: str, y: str) -> _Cells:
    """Average the points of each cell, replicate by replicate."""
    columns = points.parameters[x].to_numpy(np.float64), points.parameters[y].to_numpy(np.float64)
    xs, ys = np.unique(columns[0]), np.unique(columns[1])
    if len(xs) * len(ys) > len(points.point_ids) or min(len(xs), len(ys)) < LEAST_STEPS:
        shape = f"{len(xs)} values of {x}, {len(ys)} of {y} in {len(points.point_ids)} points"
        allowed = f"a grid of the two with at least {LEAST_STEPS} values of each"
        raise InputError("design", shape, allowed)
    cell = np.searchsorted(ys, columns[1]) * len(xs) + np.searchsorted(xs, columns[0])
    count = np.bincount(cell, minlength=len(xs) * len(ys))
    others = points.parameters.drop(columns=[x, y])
    others = others.loc[:, others.nunique() > 1]
    if (count != count[0]).any() or not _alike(others, cell, int(count[0])):
        shape = f"other parameters ({', '.join(others.columns) or 'none'}) differ between cells"
        raise InputError("design", shape, f"a grid that crosses {x} and {y} with all the rest")
    values = points.values[np.argsort(cell, kind="stable")].reshape(len(count), count[0], -1)
    holes = ~np.isfinite(values).all(axis=1)
    means = np.where(holes, np.nan, np.where(np.isfinite(values), values, 0.0).mean(axis=1))
    empty = ~np.isfinite(means).any(axis=1)
    if empty.any():
        at = int(np.flatnonzero(empty)[0])
        where = f"{x} = {number(xs[at % len(xs)])}, {y} = {number(ys[at // len(xs)])}"
        raise InputError("study", f"no value at {where}", "a value in every cell; resume the study")
    ids = np.arange(len(count))
    cells = Points(
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
    """Crossings of the line with each grid value of x, with intervals."""
    lines = []
    generator = np.random.default_rng(seed)
    redraw = Redraw(cells.points.values[:, None])
    count = draws if redraw.replicates > 1 else 0
    drawn = np.empty((*found.difference.shape, count))
    for k in range(count):
        drawn[:, :, k] = redraw.draw(generator).reshape(found.difference.shape)
    tails = [50.0 * (1.0 - confidence), 50.0 * (1.0 + confidence)]
    for k, at in enumerate(found.x):
        mean = found.difference[:, k]
        places = turns(found.y, mean)
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


def _sentence(points: Points, found: Map, table: pd.DataFrame, better: int, replicates: int) -> str:
    ahead = float((better * found.difference > 0.0).mean())
    size = f"{len(found.x)} x {len(found.y)} cells of {found.x_name} and {found.y_name}"
    text = (
        f"{points.regime} is ahead of {points.against} on {points.outcome} in {percent(ahead)} of"
        f" {size}"
    )
    if replicates > 1:
        wins, losses = (float((found.sign == s).mean()) for s in (1, -1))
        text += (
            f"; clearly ahead in {percent(wins)}, clearly behind in {percent(losses)}, and not told"
            f" apart in {percent(max(0.0, 1.0 - wins - losses))}"
        )
    else:
        text += "; with one replicate it is not known which of them are chance"
    if not len(table):
        return f"{text}. The ranking does not turn between values of {found.y_name}."
    ends = [table.iloc[0], table.iloc[-1]] if len(table) > 1 else [table.iloc[0]]
    places = " and ".join(
        f"at {found.y_name} = {number(row['y'])}{interval(row['y_low'], row['y_high'])} for"
        f" {found.x_name} = {number(row['x'])}"
        for row in ends
    )
    return f"{text}. The ranking turns {places} ({counted(len(table), 'crossing')} in all)."
