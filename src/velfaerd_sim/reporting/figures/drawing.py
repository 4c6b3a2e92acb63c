"""Specifications drawn with matplotlib, for reports."""

from __future__ import annotations

import math
from collections.abc import Sequence

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


def dot(axes: Axes, mark: Mark, row: float, factor: float = 1.0) -> None:
    """A mark as a dot with its interval: open where it may be chance, else filled."""
    if not math.isfinite(mark.value):
        return
    colour = style.SIGNS[mark.sign]
    if mark.spread is not None:
        ends = [end * factor for end in mark.spread]
        axes.plot(ends, [row, row], color=colour, lw=6.0, alpha=0.22, zorder=2.5)
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        ends = [mark.low * factor, mark.high * factor]
        axes.plot(ends, [row, row], color=colour, lw=1.5, zorder=3)
    fill = "white" if mark.sign is Sign.UNCLEAR else colour
    value = mark.value * factor
    axes.plot([value], [row], "o", ms=4.6, mfc=fill, mec=colour, mew=1.1, zorder=4, clip_on=False)


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
