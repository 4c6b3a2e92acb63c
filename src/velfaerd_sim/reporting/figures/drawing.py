"""Specifications drawn with matplotlib, for reports."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.specifications import Gains, Mark, Rows, Sign
from velfaerd_sim.reporting.figures.style import Margins


def panels_of_rows(
    shown: Sequence[Rows], columns: int, height: float, margins: Margins, ticks: int = 5
) -> Figure:
    """Panels with the same rows, whose names stand at the left of each line of panels.

    height: of the figure, inches; ticks: of an axis, at most.
    """
    made = style.figure(height)
    panels = style.grid(made, math.ceil(len(shown) / columns), columns, margins)
    for number, (axes, each) in enumerate(zip(panels, shown, strict=False)):
        rows_panel(axes, each, labelled=number % columns == 0, ticks=ticks)
    for axes in panels[len(shown) :]:
        axes.remove()
    return made


def rows_panel(axes: Axes, shown: Rows, labelled: bool = True, ticks: int = 5) -> None:
    """Draw marks in rows. labelled: with the names of the rows."""
    room = axes.get_position().width * style.FULL_WIDTH + 0.12
    style.heading(axes, shown.title, shown.axis.unit, room)
    if shown.axis.zero:
        axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    for row, mark in enumerate(shown.marks):
        dot(axes, mark, float(row), shown.axis.scale.factor)
    style.rule_x(axes)
    style.zebra(axes, len(shown.marks))
    axes.set_ylim(len(shown.marks) - 0.5, -0.5)
    axes.set_yticks(range(len(shown.marks)))
    axes.set_yticklabels([mark.name for mark in shown.marks] if labelled else [])
    axes.xaxis.set_major_locator(style.ticks(ticks, 3))
    if shown.axis.scale.signed:
        axes.xaxis.set_major_formatter(FuncFormatter(style.signed))


def deciding_panel(axes: Axes, shown: Rows) -> None:
    """Draw marks of parameters: band and rulers, second marks below the first, limits of chance."""
    factor = shown.axis.scale.factor
    if shown.band is not None:
        axes.axvspan(*(end * factor for end in shown.band), color=style.RULE, lw=0, zorder=1)
    if math.isfinite(shown.ruler):
        axes.axvline(shown.ruler * factor, color=style.WORSE, lw=1.0, ls=(0, (4, 2)), zorder=2)
    if shown.axis.zero:
        axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    up = 0.14 if shown.second else 0.0
    for row, mark in enumerate(shown.marks):
        dot(axes, mark, row - up, factor)
        axes.plot([mark.limit * factor], [row - up], "|", ms=8, mec=style.WORSE, mew=1.3)
    for row, mark in enumerate(shown.second):
        dot(axes, mark, row + 0.18, factor, hollow=True)
    if shown.axis.limits is not None:
        axes.set_xlim(*shown.axis.limits)
    elif not shown.axis.zero:
        axes.set_xlim(left=0.0)
    if shown.axis.scale.signed:
        axes.xaxis.set_major_formatter(FuncFormatter(style.signed))


def dot(axes: Axes, mark: Mark, row: float, factor: float = 1.0, hollow: bool = False) -> None:
    """A mark as a dot with its interval: open where it may be chance or is a second one."""
    colour = style.SIGNS[mark.sign]
    if mark.spread is not None:
        ends = [end * factor for end in mark.spread]
        axes.plot(ends, [row, row], color=colour, lw=6.0, alpha=0.22, zorder=2.5)
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        ends = [mark.low * factor, mark.high * factor]
        axes.plot(ends, [row, row], color=colour, lw=1.0 if hollow else 1.5, zorder=3)
    if not math.isfinite(mark.value):
        return
    fill = "white" if hollow or mark.sign is Sign.UNCLEAR else colour
    value = mark.value * factor
    axes.plot([value], [row], "o", ms=4.6, mfc=fill, mec=colour, mew=1.1, zorder=4, clip_on=False)


ROW, SECOND_LINE, LINE = 0.19, 0.035, 0.09
"""Inches of a row, and what a second and every further line of its label add."""
LONGEST_LABEL = 50


def wrapped(text: str, longest: int = LONGEST_LABEL) -> str:
    """A label in as many lines as it takes beside its row; nothing is cut off."""
    return "\n".join(textwrap.wrap(text, longest, break_long_words=False)) or text


def labelled_rows(
    labels: Sequence[str], panels: int, foot: float = 0.45
) -> tuple[Figure, list[Axes]]:
    """Panels side by side with the same rows, the first on top; rows hold all lines of labels."""
    lines = [line for label in labels for line in label.split("\n")]
    most = max(label.count("\n") for label in labels)
    row = ROW + SECOND_LINE * (most > 0) + LINE * max(0, most - 1)
    left = min(3.1, 0.25 + 0.056 * max(len(line) for line in lines))
    margins = Margins(left, 0.2, 0.45, foot, 0.35)
    made = style.figure(margins.top + margins.bottom + row * len(labels))
    found = style.grid(made, 1, panels, margins)
    for number, axes in enumerate(found):
        style.zebra(axes, len(labels))
        style.rule_x(axes)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_yticks(range(len(labels)))
        axes.set_yticklabels(labels if number == 0 else [], fontsize=6.2, linespacing=0.95)
    return made, found


def ruler_figure(shown: Rows) -> Figure:
    """Marks on one fixed ruler with its band; what lies beyond an end is an arrow there."""
    made, (axes,) = labelled_rows([wrapped(mark.name) for mark in shown.marks], 1)
    style.heading(axes, shown.title, shown.axis.unit)
    if shown.band is not None:
        axes.axvspan(*shown.band, color=style.BAND, lw=0, zorder=0.5)
    axes.axvline(0.0, color=style.FAINT, lw=0.6, zorder=1)
    assert shown.axis.limits is not None
    axes.set_xlim(*shown.axis.limits)
    inside = shown.cut()
    for row, (mark, whole) in enumerate(zip(inside.marks, shown.marks, strict=True)):
        if mark.value == whole.value:
            dot(axes, mark, float(row))
        elif math.isfinite(mark.value):
            dot(axes, replace(mark, value=math.nan), float(row))
            arrow, colour = "<" if whole.value < mark.value else ">", style.SIGNS[mark.sign]
            axes.plot([mark.value], [row], arrow, ms=4.0, color=colour, zorder=4, clip_on=False)
    for row, mark in enumerate(inside.second):
        (ring,) = axes.plot([mark.value], [row], "o", ms=4.6, mew=0.8, zorder=5, clip_on=False)
        ring.set(markerfacecolor="none", markeredgecolor=style.NEUTRAL)
    return made


def gains_panel(axes: Axes, shown: Gains, height: float = 0.62) -> None:
    """Draw gainers and losers as bars, with intervals that end at zero; height: of a bar."""
    factor = shown.axis.scale.factor
    for row, group in enumerate(shown.groups):
        for (value, low, high), side in group.sides():
            if not math.isfinite(value):
                continue
            axes.barh(
                row,
                side * value * factor,
                height,
                color=style.SIGNS[Sign.BETTER if side > 0.0 else Sign.WORSE],
                alpha=0.9 if side > 0.0 else 0.75,
                hatch=None if side > 0.0 else "////",
                edgecolor="white",
                lw=0.0,
                zorder=2,
            )
            if math.isfinite(low) and math.isfinite(high):
                ends = [side * max(0.0, low) * factor, side * high * factor]
                axes.plot(ends, [row, row], color=style.INK, lw=0.9, zorder=3)
    axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=4)
    style.rule_x(axes)
    axes.set_ylim(len(shown.groups) - 0.4, -0.6)
    axes.set_yticks(range(len(shown.groups)))
    axes.set_yticklabels([group.name for group in shown.groups])
    axes.xaxis.set_major_formatter(FuncFormatter(style.unsigned))
    axes.xaxis.set_major_locator(style.ticks(5, 3))
