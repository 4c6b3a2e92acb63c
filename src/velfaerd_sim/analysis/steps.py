"""What each factor does alone: points that differ from a base point in one factor.

The change of the outcome from the base point is taken replicate by replicate, on the same seeds.
Nothing is said of interactions, for which a design that varies all factors at once is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.frames import Points, Rows, read_points
from velfaerd_sim.analysis.layouts import Design, names_of, rows_of
from velfaerd_sim.analysis.noise import chance
from velfaerd_sim.analysis.wording import (
    Finding,
    capital,
    counted,
    interval,
    joined,
    listed,
    number,
    rows,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies import designs
from velfaerd_sim.studies.statistics import CONFIDENCE


@dataclass(frozen=True)
class _Steps:
    """Points of each factor's steps, with the value that the factor takes in each."""

    base: int
    points: dict[str, Rows]
    values: dict[str, np.ndarray]


def one_at_a_time(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    design: Design,
    confidence: float = CONFIDENCE,
) -> Finding:
    """Change of an outcome, or of a paired difference of regimes, as each factor steps alone.

    Table, one row a step: parameter, value, mean, change, change_low, change_high (from the base
    point). data['ranges'], widest first: parameter, from_value, to_value (where the mean is lowest
    and highest), span, span_low, span_high (their paired difference). Raises InputError where the
    points were not changed one at a time.
    """
    points = read_points(frame, outcome, regime, against)
    steps = _steps(points, names_of(points, design), design)
    mean = points.mean
    if not np.isfinite(mean[steps.base]):
        raise InputError("study", "no value at the base point", "a value; resume the study")
    parts, ranges = [], []
    for name, where in steps.points.items():
        change, half = _paired(points, where, np.full_like(where, steps.base), confidence)
        part = {"parameter": name, "value": steps.values[name], "mean": mean[where]}
        ends = {"change": change, "change_low": change - half, "change_high": change + half}
        parts.append(pd.DataFrame(part | ends))
        low, high = where[[np.nanargmin(mean[where])]], where[[np.nanargmax(mean[where])]]
        span, width = _paired(points, high, low, confidence)
        at = {int(k): float(v) for k, v in zip(where, steps.values[name], strict=True)}
        ends_at = at[int(low[0])], at[int(high[0])]
        ranges.append((name, *ends_at, span[0], span[0] - width[0], span[0] + width[0]))
    table = pd.concat(parts, ignore_index=True)
    columns = ["parameter", "from_value", "to_value", "span", "span_low", "span_high"]
    spans = pd.DataFrame(ranges, columns=columns)
    spans = spans.sort_values("span", ascending=False, kind="stable", ignore_index=True)
    return Finding(
        "one_at_a_time",
        points.about,
        table,
        joined(_sentence(points, spans), points.left_out.sentence()),
        {"ranges": spans, "base": float(mean[steps.base])},
    )


def _steps(points: Points, names: list[str], design: Design) -> _Steps:
    """Tell the steps of each factor: points at which all the others are as at the base point."""
    if design.kind != designs.ONE_AT_A_TIME:
        allowed = "a design of kind 'one_at_a_time'"
        raise InputError("design", design.kind, allowed)
    order = rows_of(points, design)
    if order[0] < 0:
        raise InputError("study", "no run of the base point", "all points; resume the study")
    base = int(order[0])
    table = points.parameters[names].to_numpy(np.float64)
    same = (table == table[base]) | (np.isnan(table) & np.isnan(table[base]))
    there = np.isfinite(points.mean)
    found: dict[str, Rows] = {}
    values: dict[str, np.ndarray] = {}
    for j, name in enumerate(names):
        others = np.delete(same, j, axis=1).all(axis=1)
        where = np.flatnonzero(others & there & np.isfinite(table[:, j])).astype(np.int64)
        where = where[np.argsort(table[where, j], kind="stable")]
        if len(where) > 1:
            found[name], values[name] = where, table[where, j]
    if not found:
        raise InputError("study", "no steps", "points that differ from the base in one factor")
    return _Steps(base, found, values)


def _paired(
    points: Points, one: Rows, other: Rows, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean difference between points, and half its interval; NaN with one replicate."""
    gaps = replace(
        points, point_ids=np.arange(len(one)), values=points.values[one] - points.values[other]
    )
    return gaps.mean, chance(gaps).half_width(confidence)


def _sentence(points: Points, spans: pd.DataFrame) -> str:
    known = bool(np.isfinite(spans["span_low"]).any())
    clear = [row for row in rows(spans) if row.span_low > 0.0] if known else rows(spans)
    parts = [
        f"{row.parameter} by {number(row.span)}{interval(row.span_low, row.span_high)} (lowest at"
        f" {number(row.from_value)}, highest at {number(row.to_value)})"
        for row in clear[:5]
    ]
    text = f"{capital(points.about)}, one factor at a time, is moved by {listed(parts)}."
    if not parts:
        text = f"No factor alone is shown to move {points.about}."
    if len(clear) > 5:
        text += f" Less so by {counted(len(clear) - 5, 'further factor')}."
    rest = [row.parameter for row in rows(spans) if known and not row.span_low > 0.0]
    if rest:
        text += f" Not told from chance: {listed(rest)}."
    if not known:
        text += " With one replicate a point, chance cannot be told from small effects."
    return text
