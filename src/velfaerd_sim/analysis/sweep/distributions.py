"""Which parameters move the whole distribution of an outcome, not only its variance: PAWN.

The index of a parameter is the median, over slices of its range, of the Kolmogorov-Smirnov distance
between the outcomes in the slice and all outcomes (Pianosi & Wagener 2018, doi
10.1016/j.envsoft.2018.07.019), from any sample of points. A parameter that does nothing has an
index above zero in a finite sample; how large it can be is found by shuffling the outcomes.
Indices are SALib's; resamples use the same rule on arrays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    UnsuitedError,
    Value,
    parameter,
    parameters,
    rows,
)
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, read_points
from velfaerd_sim.analysis.arrays.layouts import PointLayout, coordinates, names_of, usable
from velfaerd_sim.analysis.arrays.libraries import load
from velfaerd_sim.analysis.sweep.sensitivity import is_constant
from velfaerd_sim.statistics.intervals import CONFIDENCE

LEAST_POINTS = 60
POINTS_PER_SLICE = 15
INFLUENTIAL, NOT_SHOWN = "influential", "not told from zero"


def slices_for(count: int) -> int:
    """Number of slices: ten, or fewer so that each has at least 15 points.

    Not six and not nine, for which SALib 1.6 counts a slice too many by rounding and fails.
    """
    return max((s for s in (5, 7, 8, 10) if s * POINTS_PER_SLICE <= count), default=4)


def distances(x: Array, y: Array, slices: int) -> Array:
    """Kolmogorov-Smirnov distance (slices,) of the outcomes in each slice of x from all outcomes.

    Slices lie between quantiles of x, as in SALib: the largest x is in none. NaN in empty slices.
    """
    order = np.argsort(y, kind="stable")
    ranked = y[order]
    last_of_ties = np.append(ranked[1:] != ranked[:-1], True)
    edges = np.quantile(x, np.minimum(np.arange(slices + 1) * (1.0 / slices), 1.0))
    ordered = x[order]
    inside = (ordered >= edges[:-1, None]) & (ordered < edges[1:, None])
    count = inside.sum(axis=1, keepdims=True)
    everywhere = np.arange(1, len(y) + 1) / len(y)
    with np.errstate(invalid="ignore"):
        gap = np.abs(np.cumsum(inside, axis=1) / count - everywhere)
    return np.asarray(gap[:, last_of_ties].max(axis=1), np.float64)


def index(x: Array, y: Array, slices: int) -> Array:
    """Median distance of each column of x (points, parameters)."""
    return np.array([np.nanmedian(distances(x[:, j], y, slices)) for j in range(x.shape[1])])


def pawn(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    design: PointLayout | None = None,
    resamples: int = 200,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """PAWN indices of an outcome, or of a paired difference of regimes, from any random sample.

    Table, largest first: parameter, index, low, high, maximum, idle (the largest index that an idle
    parameter reaches in 95 % of shuffles), role ('influential', 'not told from zero'). Raises
    InputError with fewer than 60 points, and for grids and Morris designs.
    """
    everywhere = read_points(frame, outcome, regime, against)
    names = names_of(everywhere, design)
    points, rows_used = usable(everywhere, design, "pawn", LEAST_POINTS)
    x = coordinates(everywhere, design)[rows_used]
    y = points.mean
    slices = slices_for(len(y))
    _check_fine(x, names, slices)
    if is_constant(y):
        table = pd.DataFrame({"parameter": names, "index": 0.0, "role": NOT_SHOWN})
        facts = (Fact("same_at_all", about=points.about), *points.left_out.facts())
        return AnalysisResult("pawn", points.about, table, facts, {}, True, points.names)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = load("SALib.analyze.pawn").analyze(problem, x, y, S=slices)
    value = np.asarray(found["median"], float)
    drawn, shuffled = _drawn(x, y, slices, resamples, seed)
    tail = 50.0 * (1.0 - confidence)
    drawn += value - drawn.mean(axis=0)  # distances in a resample are too large on average
    low, high = np.maximum(np.percentile(drawn, [tail, 100.0 - tail], axis=0), 0.0)
    idle = float(np.percentile(shuffled.max(axis=1), 100.0 * confidence))
    table = pd.DataFrame(
        {
            "parameter": names,
            "index": value,
            "low": low,
            "high": high,
            "maximum": np.asarray(found["maximum"], float),
            "idle": idle,
            "role": np.where(value > idle, INFLUENTIAL, NOT_SHOWN),
        }
    )
    table = table.sort_values("index", ascending=False, kind="stable").reset_index(drop=True)
    return AnalysisResult(
        "pawn",
        points.about,
        table,
        (*_facts(points, table, slices, idle), *points.left_out.facts()),
        {"slices": slices, "idle": idle, "points": len(y)},
        bool((table["role"] == NOT_SHOWN).all() or _leads_clearly(table)),
        points.names,
    )


def _drawn(x: Array, y: Array, slices: int, resamples: int, seed: int) -> tuple[Array, Array]:
    """Indices (resamples, parameters) of resampled points, and where outcomes are shuffled."""
    generator = np.random.default_rng(seed)
    drawn, shuffled = np.empty((2, resamples, x.shape[1]))
    for k in range(resamples):
        again = generator.integers(len(y), size=len(y))
        drawn[k] = index(x[again], y[again], slices)
        shuffled[k] = index(x, generator.permutation(y), slices)
    return drawn, shuffled


def _check_fine(x: Array, names: list[str], slices: int) -> None:
    """Raise InputError where a parameter takes too few values to be cut into slices."""
    for j, name in enumerate(names):
        values = len(np.unique(x[:, j]))
        if values < 4 * slices:
            allowed = "a design that samples the range (Latin hypercube, Sobol, Saltelli) for PAWN"
            needs = Fact("needs_fine", values=values, parameter=parameter(name))
            raise UnsuitedError("design", f"{values} values of {name}", allowed, needs)


def _leads_clearly(table: pd.DataFrame) -> bool:
    """Whether the influential parameters' intervals stay above what idle ones reach."""
    chosen = table[table["role"] == INFLUENTIAL]
    return bool((chosen["low"] > chosen["idle"]).all())


def _facts(points: PointValues, table: pd.DataFrame, slices: int, idle: float) -> tuple[Fact, ...]:
    moving = tuple(
        Fact(
            "size",
            parameter=parameter(row.parameter),
            size=Amount(row.index, row.low, row.high),
        )
        for row in rows(table)
        if row.role == INFLUENTIAL
    )
    size: dict[str, Value] = {"points": Count(len(points.point_ids), "point"), "slices": slices}
    common: dict[str, Value] = {"about": points.about, "idle": Amount(idle), **size}
    if moving:
        fact = Fact("moves_one" if len(moving) == 1 else "moves_many", parts=moving, **common)
    else:
        fact = Fact("moves_none", **common)
    rest = [row.parameter for row in rows(table) if row.role == NOT_SHOWN]
    if rest and len(rest) < len(table):
        return fact, Fact("not_from_idle", parts=parameters(rest))
    return (fact,)
