"""How an outcome, or a difference between regimes, answers to one factor: lines and effects.

On a grid the line of a factor is the mean over all values of the other factors. One at a time, the
others stay where they are. The place where a difference turns lies straight between grid values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    UnsuitedError,
    amount,
    parameter,
    parameters,
    rows,
)
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, Rows, known, read_points
from velfaerd_sim.analysis.arrays.layouts import PointLayout, names_of, rows_of
from velfaerd_sim.analysis.arrays.noise import Redraw, chance
from velfaerd_sim.analysis.sweep.maps import between_clear, extent_of, turns, turns_clearly
from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.outcomes import INDEX, named
from velfaerd_sim.statistics.intervals import CONFIDENCE
from velfaerd_sim.studies.sweep import designs

SHOWN, NOT_SHOWN = "shown", "not told from chance"


@dataclass(frozen=True)
class ResponseLine:
    """A quantity along one factor: x, mean, low, high (values,); intervals NaN where unknown."""

    factor: str
    x: Array
    mean: Array
    low: Array
    high: Array


def _by_value(points: PointValues, factor: str, chosen: Rows) -> tuple[Array, PointValues]:
    """Average the chosen points at every value of a factor, replicate by replicate.

    A replicate counts at a value where all its points have it; values without any are left out.
    """
    x = points.parameters[factor].to_numpy(np.float64)[chosen]
    levels = np.unique(x[np.isfinite(x)])
    values = np.stack([points.values[chosen][x == level].mean(axis=0) for level in levels])
    there = np.isfinite(values).any(axis=1)
    if there.sum() < 2:
        allowed = f"two values of {factor} with runs, or more"
        needs = Fact("needs_two_values", parameter=parameter(factor), there=int(there.sum()))
        raise UnsuitedError("points", int(there.sum()), allowed, needs)
    levels, values = levels[there], values[there]
    ids = np.arange(len(levels))
    pooled = PointValues(
        points.outcome,
        points.regime,
        points.against,
        ids,
        pd.DataFrame({factor: levels}),
        values,
        points.replicates,
    )
    return levels, pooled


def _line(factor: str, x: Array, pooled: PointValues, confidence: float) -> ResponseLine:
    half = chance(pooled).half_width(confidence)
    low, high = pooled.mean - half, pooled.mean + half
    if pooled.against is None and pooled.outcome in INDEX:  # no share is below 0 or above 1
        low, high = (np.clip(end, *named(pooled.outcome).limits) for end in (low, high))
    return ResponseLine(factor, x, pooled.mean, low, high)


def response(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str | None,
    factor: str,
    *,
    design: PointLayout | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Line of an outcome, or of the difference of two regimes, along one factor of a grid.

    Table: value, mean, low, high. data['line'] is a :class:`ResponseLine`; data['turns'] (place,
    low, high) the places where a difference changes sign, clearly on both sides. Raises InputError
    with fewer than two values.
    """
    points = read_points(frame, outcome, regime, against)
    known("factor", factor, names_of(points, design))
    everything = np.arange(len(points.point_ids), dtype=np.int64)
    x, pooled = _by_value(points, factor, everything)
    line = _line(factor, x, pooled, confidence)
    found = _turns(line, pooled, draws, seed, confidence) if against is not None else []
    table = pd.DataFrame({"value": x, "mean": line.mean, "low": line.low, "high": line.high})
    first, last = (Amount(line.mean[k], line.low[k], line.high[k]) for k in (0, -1))
    goes = Fact(
        "goes",
        parameter=parameter(factor),
        low=Amount(float(x[0])),
        high=Amount(float(x[-1])),
        about=points.about,
        first=first,
        last=last,
    )
    turning = (_turning(found, line, factor),) if against is not None else ()
    others = parameters(name for name in names_of(points, design) if name != factor)
    note = (Fact("mean_over", names=others),) if others else ()
    facts = (goes, *turning, *note, *points.left_out.facts())
    return AnalysisResult("response", points.about, table, facts, {"line": line, "turns": found})


def _turns(
    line: ResponseLine, pooled: PointValues, draws: int, seed: int, confidence: float
) -> list[tuple[float, float, float]]:
    """Places where a difference changes sign, each with an interval from redrawn chance."""
    if not (np.isfinite(line.mean).all() and turns_clearly(pooled, confidence)):
        return []
    clear = np.where(line.low > 0.0, 1, np.where(line.high < 0.0, -1, 0))
    places = [place for place in turns(line.x, line.mean) if between_clear(line.x, clear, place)]
    redraw = Redraw(pooled.values[:, None])
    if len(places) != 1:
        return [(place, float("nan"), float("nan")) for place in places]
    generator = np.random.default_rng(seed)
    sign = float(np.sign(line.mean[np.flatnonzero(line.mean)[0]]))
    near = [extent_of(sign, line.x, redraw.draw(generator)[:, 0]) for _ in range(draws)]
    low, high = np.percentile(near, [50.0 * (1.0 - confidence), 50.0 * (1.0 + confidence)])
    return [(places[0], float(low), float(high))]


def _turning(found: list[tuple[float, float, float]], line: ResponseLine, factor: str) -> Fact:
    if not found:
        same = bool((line.mean >= 0.0).all() or (line.mean <= 0.0).all())
        return Fact("no_turn" if same else "no_turn_shown")
    places = tuple(Amount(*ends) for ends in found)
    return Fact("turns_on_line", parameter=parameter(factor), places=places)


def one_at_a_time(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str | None = None,
    *,
    design: PointLayout,
    counts: Sequence[int],
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Effect of every factor over its range, all others where they are.

    counts: how many values each factor takes, in the order of the design.
    Table, largest first: parameter, low, high (ends of the range), at_low, at_high, effect,
    effect_low, effect_high (paired on seeds), span (largest minus least value on the way), role
    ('shown', 'not told from chance'). data['lines']: a :class:`ResponseLine` a factor;
    data['base']: the value where nothing is varied. Raises InputError for another design, or
    without any factor.
    """
    if design.kind != designs.ONE_AT_A_TIME:
        raise InputError("design", design.kind, designs.ONE_AT_A_TIME)
    points = read_points(frame, outcome, regime, against)
    stand = rows_of(points, design)
    lines: list[ResponseLine] = []
    ends: list[Array] = []
    for factor, chosen in _rows_by_factor(design, counts, stand):
        try:
            x, pooled = _by_value(points, factor, chosen)
        except InputError:
            continue
        lines.append(_line(factor, x, pooled, confidence))
        ends.append(pooled.values[-1] - pooled.values[0])
    if not lines:
        count = len(points.point_ids)
        needs = Fact("needs_any_values", there=count)
        raise UnsuitedError("points", count, "two values of a factor with runs", needs)
    about = points.about
    paired = PointValues(
        outcome,
        regime,
        against,
        np.arange(len(ends)),
        pd.DataFrame(),
        np.stack(ends),
        points.replicates,
    )
    order = np.argsort(-np.abs(paired.mean), kind="stable")
    table = _effects_table(lines, paired, confidence).iloc[order].reset_index(drop=True)
    base = float(points.mean[stand[0]]) if stand[0] >= 0 else float("nan")
    facts = (*_effects_facts(table, about, paired), *points.left_out.facts())
    return AnalysisResult(
        "one_at_a_time",
        about,
        table,
        facts,
        {"lines": [lines[k] for k in order], "base": base},
    )


def _effects_table(
    lines: Sequence[ResponseLine], paired: PointValues, confidence: float
) -> pd.DataFrame:
    """A row a line; paired: the difference between its ends, on the same seeds."""
    effect, half = paired.mean, chance(paired).half_width(confidence)
    return pd.DataFrame(
        {
            "parameter": [line.factor for line in lines],
            "low": [line.x[0] for line in lines],
            "high": [line.x[-1] for line in lines],
            "at_low": [line.mean[0] for line in lines],
            "at_high": [line.mean[-1] for line in lines],
            "effect": effect,
            "effect_low": effect - half,
            "effect_high": effect + half,
            "span": [float(np.ptp(line.mean)) for line in lines],
            "role": np.where(np.abs(effect) > half, SHOWN, NOT_SHOWN),
        }
    )


def _rows_by_factor(
    design: PointLayout, counts: Sequence[int], stand: Rows
) -> list[tuple[str, Rows]]:
    """Points of the rows in which each factor was varied: the first row is the base.

    A row differs from the base in its factor; the rows of a factor stand together.
    """
    found, at = [], 1
    for name, count in zip(design.names, counts, strict=True):
        rows_ = stand[at : at + count]
        found.append((name, np.unique(rows_[rows_ >= 0])))
        at += count
    return found


def _effects_facts(table: pd.DataFrame, about: Fact, paired: PointValues) -> tuple[Fact, ...]:
    all_rows = rows(table)
    if not np.isfinite(chance(paired).error).any():
        first = all_rows[0]
        name, size = parameter(first.parameter), Amount(first.effect)
        most = Fact("moves_most", about=about, parameter=name, size=size)
        return most, Fact("contrasts_chance_unknown")
    shown = tuple(
        Fact(
            "effect_from_to",
            parameter=parameter(row.parameter),
            effect=amount(row, "effect"),
            low=Amount(row.low),
            high=Amount(row.high),
        )
        for row in all_rows
        if row.role == SHOWN
    )
    found = [
        Fact("moves_with", about=about, parts=shown) if shown else Fact("no_effect", about=about)
    ]
    rest = parameters(row.parameter for row in all_rows if row.role == NOT_SHOWN)
    if rest:
        found.append(Fact("not_from_chance_here", parts=rest))
    bent = parameters(
        row.parameter
        for row in all_rows
        if row.span > 2.0 * max(abs(row.effect), 1e-300)
        and row.span > (row.effect_high - row.effect_low)
    )
    if bent:
        found.append(Fact("bent", parts=bent))
    return (*found, Fact("others_stay", count=Count(len(table), "factor")))
