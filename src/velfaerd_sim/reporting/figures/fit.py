"""The figure of validation: held-out patterns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.words import Words

_YEARS = ("rank", "still_lonely")


def held_out(table: pd.DataFrame, words: Words) -> Figure:
    """What is held out, in four panels: years apart, ties apart, long-stayers, isolation.

    Dots are medians, lines the middle nine tenths of the worlds. table: of `held_out_table`.
    """
    rows = {str(row["id"]): row for _, row in table.iterrows()}
    margins = Margins(0.45, 0.2, 0.45, 0.55, 0.55, 0.85)
    made = style.figure(4.6)
    panels = style.grid(made, 2, 2, margins)
    ranks, still = ([rows[f"H1.{name}_{y}y"] for y in (1, 5, 10)] for name in _YEARS)
    series = [(words("ax_rank"), ranks, style.BETTER), (words("ax_still"), still, style.WORSE)]
    _lines(panels[0], words.lines("ax_same_people"), ["1", "5", "10"], series)
    near, age = ([rows[f"H2.{name}_{d}"] for d in (1, 2, 3)] for name in ("correlation", "by_age"))
    series = [(words("ax_model"), near, style.BETTER), (words("ax_by_age"), age, style.UNCLEAR)]
    _lines(panels[1], words.lines("ax_along_ties"), ["1", "2", "3"], series)
    stayers = [rows[f"H5.{name}"] for name in ("exhaustion", "ownership", "motivation")]
    names, looks = words.lines("ax_traits"), words.lines("ax_looks")
    _lines(panels[2], words.lines("ax_stayers"), names, [("", stayers, style.BETTER)], joined=False)
    left = [None, rows["H6.left_12"], rows["H6.left_24"]]
    _lines(panels[3], words.lines("ax_isolation"), looks, [("", left, style.BETTER)])
    return made


def _lines(
    axes: Axes,
    heading: Sequence[str],
    ticks: Sequence[str],
    series: Sequence[tuple[str, Sequence[pd.Series | None], str]],
    joined: bool = True,
) -> None:
    style.heading(axes, heading[0], heading[1])
    style.rule_y(axes)
    for k, (name, points, colour) in enumerate(series):
        aside = 0.05 * k
        values = [1.0 if point is None else float(point["median"]) for point in points]
        for x, point in enumerate(points):
            if point is not None:
                ends = [point["from_"], point["to"]]
                axes.plot([x + aside, x + aside], ends, color=colour, lw=1.2)
        places = [x + aside for x in range(len(ticks))]
        axes.plot(places, values, "o-" if joined else "o", color=colour, ms=4.0, lw=1.0)
        if name:
            axes.annotate(
                name,
                (places[0], values[0]),
                (7.0, 3.0 if k == 0 else -10.0),
                textcoords="offset points",
                fontsize=6.4,
                color=colour,
            )
    axes.axhline(0.0, color=style.FAINT, lw=0.7)
    axes.set_xticks(range(len(ticks)), list(ticks))
    axes.set_xlim(-0.4, len(ticks) - 0.6)
