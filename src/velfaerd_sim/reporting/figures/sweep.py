"""Figures of a sweep in rows: regimes compared, what decides, chance, the choice of a regime.

A figure has one panel a regime or outcome; the rows are the same in all its panels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.analysis.arrays.facts import rows
from velfaerd_sim.analysis.sweep import variance, world_shares
from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer
from velfaerd_sim.analysis.sweep.sensitivity import VISIBLE
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.drawing import deciding_panel, panels_of_rows
from velfaerd_sim.reporting.figures.specifications import (
    Axis,
    Mark,
    Rows,
    Scale,
    Sign,
    sign_of,
)
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.sweep_words import Labels

ROW = 0.2
"""Inches a row."""
COLUMNS = 3
MOST_ROWS = 16
"""Rows of a panel, at most: the first, which are the largest."""
PARTS_COLOURS = dict(zip(variance.PARTS, (style.BETTER, style.FAINT, "#d5d9de"), strict=True))
WORLDS_COLOURS = dict(
    zip(world_shares.PARTS, ("#bcd9ea", style.BETTER, "#5aa3cc", "#d5d9de"), strict=True)
)
MARKED = (variance.PARTS[0], world_shares.PARTS[1])
"""The parts that carry an interval."""


def rows_of_panels(
    heads: Sequence[tuple[str, str]], labels: Sequence[str], columns: int = COLUMNS
) -> tuple[Figure, list[Axes]]:
    """Make panels with the same rows, the first on top; labels stand at the left of each line."""
    columns, height, margins = layout(len(heads), labels, columns)
    made = style.figure(height)
    panels = style.grid(made, math.ceil(len(heads) / columns), columns, margins)
    for number, (axes, (title, unit)) in enumerate(zip(panels, heads, strict=False)):
        style.heading(axes, title, unit, axes.get_position().width * style.FULL_WIDTH + 0.12)
        style.zebra(axes, len(labels))
        style.rule_x(axes)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_yticks(range(len(labels)))
        axes.set_yticklabels(labels if number % columns == 0 else [])
        axes.xaxis.set_major_locator(style.ticks(4, 3))
    for axes in panels[len(heads) :]:
        axes.remove()
    return made, panels[: len(heads)]


def layout(
    panels: int, labels: Sequence[str], columns: int = COLUMNS
) -> tuple[int, float, Margins]:
    """Columns, height in inches and margins of so many panels with rows of these labels."""
    columns = min(columns, panels)
    lines = math.ceil(panels / columns)
    high = max(0.45, ROW * len(labels))
    left = min(3.2, 0.2 + 0.062 * max(len(label) for label in labels))
    margins = Margins(left, 0.15, 0.42, 0.5, 0.25, 0.72)
    height = margins.top + margins.bottom + lines * high + (lines - 1) * margins.down
    return columns, height, margins


def dot(
    axes: Axes,
    row: float,
    value: float,
    low: float,
    high: float,
    colour: str,
    hollow: bool = False,
) -> None:
    """Set a dot with its interval; an interval that is not known is left out."""
    if not math.isfinite(value):
        return
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [row, row], color=colour, lw=1.0 if hollow else 1.5, zorder=3)
    face = "white" if hollow else colour
    axes.plot([value], [row], "o", ms=4.4, mfc=face, mec=colour, mew=1.0, zorder=4)


def better_side(direction: int, labels: Labels, upright: bool = False) -> str:
    """Say at an axis which way is better."""
    if not direction:
        return ""
    side = ("up", "down") if upright else ("right", "left")
    return f"  ·  {labels.text(f'ax_better_{side[direction < 0]}')}"


def label_room(labels: Labels) -> float:
    """Inches to the right of a panel for the labels at the ends of its lines."""
    return max(1.5, 0.18 + 0.0485 * max(len(labels.regime(name)) for name in labels.regimes))


def contrasts(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Differences to the baseline: mean with interval, and the middle nine tenths of the points."""
    shown = []
    for one in answers:
        shape = labels.shape(one.outcome)
        unit = shape.difference_axis + better_side(labels.direction(one.outcome), labels)
        axis = Axis(unit, Scale(shape.scale, signed=True))
        shown.append(contrast_rows(one, labels, axis))
    return panels_of_rows(shown, *layout(len(shown), [mark.name for mark in shown[0].marks]), 4)


def contrast_rows(one: AnalysisAnswer, labels: Labels, axis: Axis, marked: str = "") -> Rows:
    """Differences of regimes to the baseline in a sweep, for one outcome.

    axis: how they are written; marked: what they are, in words.
    """
    direction, marks = labels.direction(one.outcome), []
    for line in one.finding.table.iloc[1:].to_dict("records"):
        low, high = float(line["difference_low"]), float(line["difference_high"])
        marks.append(
            Mark(
                labels.regime(str(line["regime"])),
                float(line["difference"]),
                low,
                high,
                sign_of(low, high, direction),
                (float(line["from_"]), float(line["to"])),
            )
        )
    return Rows(labels.outcome(one.outcome), axis, tuple(marks), marked)


def _line_of(table: pd.DataFrame, column: str, name: str) -> dict[str, Any]:
    chosen = table[table[column] == name]
    if not len(chosen):
        return dict.fromkeys(map(str, table.columns), math.nan) | {column: name}
    return {str(key): value for key, value in chosen.iloc[0].items()}


SIZES = {
    "sobol": ("total", "total_low", "total_high"),
    "morris": ("mu_star", "mu_star_low", "mu_star_high"),
    "pawn": ("index", "low", "high"),
    "one_at_a_time": ("effect", "effect_low", "effect_high"),
}
"""The column that orders the parameters of each method, with its interval."""
SECOND = {"sobol": ("first", "first_low", "first_high"), "morris": ("sigma", "", "")}
"""What stands beside it."""
ROLES = {"sobol": "decides", "morris": "matters", "pawn": "influential"}
"""The role of a parameter that decides; of single effects the sign does."""
SCALED = ("morris", "one_at_a_time")
"""Methods whose sizes are in the unit of the outcome."""
INDEX_LIMITS = (-0.2, 1.2)
ZERO = ("sobol", "one_at_a_time")
"""Methods whose sizes may lie on both sides of zero."""


def sensitivity_rows(
    one: AnalysisAnswer,
    labels: Labels,
    names: Sequence[str],
    axis: Axis,
    told: tuple[str, str, str],
) -> Rows:
    """What decides an outcome, or a difference in it: a mark a parameter of these names.

    axis: its unit and how numbers are written; told: title, what the marks are, what the second
    ones are.
    """
    lines = [_line_of(one.finding.table, "parameter", name) for name in names]
    direction, method = labels.direction(one.outcome), one.method
    marks = [_mark(line, SIZES[method], labels, _sign(line, method, direction)) for line in lines]
    second = [_mark(line, SECOND[method], labels, Sign.CLEAR) for line in lines if method in SECOND]
    marks = [
        replace(mark, limit=float(line.get("by_chance", math.nan)))
        for mark, line in zip(marks, lines, strict=True)
    ]
    band = (0.0, VISIBLE) if method == "sobol" else None
    ruler = one.finding.data.get("idle") if method == "pawn" else None
    ruler = math.nan if ruler is None else float(ruler)
    return Rows(told[0], axis, tuple(marks), told[1], tuple(second), told[2], band, ruler)


def _mark(line: Mapping[str, Any], columns: tuple[str, ...], labels: Labels, sign: Sign) -> Mark:
    value, low, high = (float(line.get(column, math.nan)) for column in columns)
    return Mark(labels.factor(str(line["parameter"])), value, low, high, sign)


def _sign(line: Mapping[str, Any], method: str, direction: int) -> Sign:
    if method in ROLES:
        return Sign.DECIDES if line["role"] == ROLES[method] else Sign.MINOR
    return sign_of(float(line["effect_low"]), float(line["effect_high"]), direction)


def sensitivity(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """What decides: one panel a difference, parameters in the same order, the largest first."""
    method = answers[0].method
    size = SIZES[method][0]
    tables = [one.finding.table.set_index("parameter")[size].abs() for one in answers]
    together = pd.concat([table / (table.max() or 1.0) for table in tables], axis=1)
    order = together.max(axis=1).fillna(0.0).sort_values(ascending=False, kind="stable")
    names = [str(name) for name in order.index[:MOST_ROWS]]
    heads = [_head(one, labels) for one in answers]
    made, panels = rows_of_panels(heads, [labels.factor(name) for name in names])
    for axes, one in zip(panels, answers, strict=True):
        scale = labels.shape(one.outcome).scale if method in SCALED else 1.0
        limits = INDEX_LIMITS if method == "sobol" else None
        axis = Axis("", Scale(scale, signed=method == "one_at_a_time"), method in ZERO, limits)
        if method == "sobol" and not one.finding.table["total"].notna().any():
            nothing(axes, labels.text("ax_not_told"))
        else:
            deciding_panel(axes, sensitivity_rows(one, labels, names, axis, ("", "", "")))
    return made


def _head(answer: AnalysisAnswer, labels: Labels) -> tuple[str, str]:
    """The regime, and what the axis shows."""
    what = {
        "sobol": labels.text("ax_variance_share"),
        "morris": labels.shape(answer.outcome).difference_axis,
        "pawn": labels.text("ax_pawn"),
        "one_at_a_time": labels.shape(answer.outcome).difference_axis,
    }[answer.method]
    return labels.regime(str(answer.regime)), what


def nothing(axes: Axes, text: str) -> None:
    """Say in a panel why it is empty."""
    axes.annotate(
        text,
        (0.5, 0.5),
        xycoords="axes fraction",
        fontsize=7.0,
        color=style.SOFT,
        ha="center",
        va="center",
        bbox={"boxstyle": "square,pad=0.3", "fc": "white", "ec": "none"},
    )
    axes.set_xticks([])


def chance(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Shares of parameters and of chance in the variance between runs, a row a quantity."""
    return _shares(answers, labels, labels.text("ax_chance"), PARTS_COLOURS)


def worlds(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Shares of design, worlds and chance in the variance between runs, a row a quantity."""
    return _shares(answers, labels, labels.text("ax_worlds"), WORLDS_COLOURS)


def _shares(
    answers: Sequence[AnalysisAnswer], labels: Labels, heading: str, colours: Mapping[str, str]
) -> Figure:
    """Stacked shares; the interval is that of the first part that is not chance or design."""
    rows_ = [one for one in answers if one.finding.table["share"].notna().all()]
    names = []
    for one in rows_:
        text = f"{labels.outcome(one.outcome)}: {labels.regime(str(one.regime))}"
        names.append(f"{text} − {labels.regime(one.against)}" if one.against else text)
    left = min(4.3, 0.2 + 0.06 * max(len(name) for name in names))
    high = ROW * len(names)
    made = style.figure(high + 1.15)
    (axes,) = style.grid(made, 1, 1, Margins(left, 0.2, 0.5, 0.65))
    style.heading(axes, heading, labels.text("ax_variance"))
    for row, one in enumerate(rows_):
        start = 0.0
        for line in rows(one.finding.table):
            share = 100.0 * float(line.share)
            axes.barh(row, share, left=start, height=0.62, color=colours[line.part], zorder=2)
            if line.part in MARKED:
                ends = [start + 100.0 * float(line.low), start + 100.0 * float(line.high)]
                axes.plot(ends, [row, row], color=style.INK, lw=1.2, zorder=4)
            start += share
    style.rule_x(axes)
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)))
    axes.set_yticklabels(names)
    _legend(axes, {labels.text(f"legend.{k}"): v for k, v in colours.items()}, high)
    return made


def _legend(axes: Axes, colours: Mapping[str, str], high: float) -> None:
    """The parts in a line under the panel, each with its colour."""
    place = -90.0
    for text, colour in colours.items():
        for shown, shade, shift in (("■", colour, 0.0), (text, style.SOFT, 9.0)):
            axes.annotate(
                shown,
                (0.0, 1.0),
                (place + shift, -10.0 - high * 72.0 - 16.0),
                xycoords="axes fraction",
                textcoords="offset points",
                fontsize=6.6,
                color=shade,
                annotation_clip=False,
            )
        place += 24.0 + 3.4 * len(text)


def choice(best: AnalysisAnswer, regret: AnalysisAnswer, labels: Labels) -> Figure:
    """Left the share of worlds in which each regime is best, right what choosing it may cost."""
    names = [str(name) for name in regret.finding.table["regime"]]
    shape = labels.shape(regret.outcome)
    heads = [
        (labels.text("ax_best"), labels.text("ax_best_unit")),
        (labels.text("ax_regret"), shape.difference_axis + better_side(-1, labels)),
    ]
    made, (left, right) = rows_of_panels(heads, [labels.regime(name) for name in names])
    for row, name in enumerate(names):
        share = _line_of(best.finding.data["shares"], "regime", name)
        left.barh(row, 100.0 * share["share"], height=0.6, color=style.BETTER, alpha=0.3, zorder=2)
        left.barh(row, 100.0 * share["clear_share"], height=0.6, color=style.BETTER, zorder=3)
        ends = [100.0 * share["low"], 100.0 * share["high"]]
        left.plot(ends, [row, row], color=style.INK, lw=1.2, zorder=4)
        line = _line_of(regret.finding.table, "regime", name)
        value, low, high, most, largest = (
            line[key] * shape.scale
            for key in ("expected", "expected_low", "expected_high", "most_of", "largest")
        )
        right.plot([0.0, largest], [row, row], color=style.NEUTRAL, lw=6.0, alpha=0.15, zorder=2)
        right.plot([most], [row], "|", ms=9, mec=style.NEUTRAL, mew=1.4, zorder=4)
        dot(right, row, value, low, high, style.NEUTRAL)
    left.set_xlim(0.0, 100.0)
    right.set_xlim(left=0.0)
    return made


def satisficing(answer: AnalysisAnswer, labels: Labels) -> Figure:
    """Share of the worlds in which each regime meets all criteria."""
    table = answer.finding.table
    names = [str(name) for name in table["regime"]]
    head = [(labels.text("ax_all_met"), labels.text("ax_of_worlds"))]
    made, (axes,) = rows_of_panels(head, [labels.regime(name) for name in names])
    for row, name in enumerate(names):
        line = _line_of(table, "regime", name)
        value, low, high = (100.0 * line[key] for key in ("share", "low", "high"))
        dot(axes, row, value, low, high, style.BETTER)
    axes.set_xlim(-1.0, 101.0)
    return made


def front(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Benefit against staff hours, means over the worlds; a line joins what nothing beats."""
    columns = min(2, len(answers))
    lines = math.ceil(len(answers) / columns)
    made = style.figure(0.95 + 2.2 * lines + 0.85 * (lines - 1))
    room = label_room(labels)
    panels = style.grid(made, lines, columns, Margins(0.55, room, 0.45, 0.55, 0.3 + room, 0.85))
    for axes, one in zip(panels, answers, strict=False):
        shape = labels.shape(one.outcome)
        side = better_side(labels.direction(one.outcome), labels, upright=True)
        style.heading(axes, labels.outcome(one.outcome), shape.axis + side)
        table = one.finding.table
        on = table[table["on_front"]]
        axes.plot(on["cost"], on["benefit"] * shape.scale, color=style.FAINT, lw=1.2, zorder=2)
        ends = []
        for line in table.to_dict("records"):
            name = str(line["regime"])
            dress = style.dress(name, labels.regimes)
            colour = dress.colour if line["on_front"] else style.UNCLEAR
            x, y = line["cost"], line["benefit"] * shape.scale
            up = [line["benefit_low"] * shape.scale, line["benefit_high"] * shape.scale]
            axes.plot([line["cost_low"], line["cost_high"]], [y, y], color=colour, lw=0.8)
            axes.plot([x, x], up, color=colour, lw=0.8)
            axes.plot([x], [y], dress.marker, ms=5.5, color=colour, zorder=4)
            ends.append(style.End(labels.regime(name), y, colour if line["on_front"] else None))
        style.rule_y(axes)
        axes.yaxis.set_major_locator(style.ticks())
        axes.set_xlabel(labels.text("ax_used_sweep"))
        axes.margins(0.08)
        style.label_ends(axes, ends)
    for axes in panels[len(answers) :]:
        axes.remove()
    return made


def finite(values: Any) -> bool:
    """Whether all numbers are finite."""
    return bool(np.isfinite(np.asarray(values, np.float64)).all())
