"""Figures of a calibration: what is known of parameters, and trade-offs between them."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import ndtr

from velfaerd_sim.analysis.calibration import RANKS, Findings
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.drawing import labelled_rows, wrapped
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.statistics.normal_scores import scores
from velfaerd_sim.studies.calibrate.plausibility import PARTLY_BELOW
from velfaerd_sim.telling.words import Words

MOST_PARAMETERS = 45
PANELS = 6
_NARROW_LABEL = 34


def known_parameters(found: Findings) -> pd.DataFrame:
    """The parameters that the figures say something about, at most as many as a page holds."""
    table = found.parameters
    known = table[table["spread"] < PARTLY_BELOW]
    return (known if len(known) else table).head(MOST_PARAMETERS)


def shrinkage_figure(found: Findings, words: Words) -> Figure:
    """Where parameters lie in their range, and how much narrower than before."""
    table = known_parameters(found)
    labels = [wrapped(text) for text in table[f"label_{words.language}"]]
    made, (place, width) = labelled_rows(labels, 2)
    columns = [f"posterior_{100 * rank:02.0f}" for rank in RANKS]
    style.heading(place, *words.lines("cal_ax_place"))
    style.heading(width, *words.lines("cal_ax_width"))
    for number, row in enumerate(table.to_dict("records")):
        name = str(row["parameter"])
        ranks = [_rank(name, float(row[column])) for column in columns]
        place.plot([ranks[0], ranks[-1]], [number, number], color=style.BETTER, lw=1.2, zorder=2)
        place.plot([ranks[1], ranks[3]], [number, number], color=style.BETTER, lw=3.4, zorder=2)
        place.plot([ranks[2]], [number], "o", ms=3.6, color=style.BETTER, zorder=4)
        start = _rank(name, float(row["default"]))
        place.plot([start], [number], "|", ms=6, color=style.INK, zorder=5)
        width.plot([0.0, row["spread"]], [number, number], color=style.FAINT, lw=3.4, zorder=2)
    place.set_xlim(0.0, 1.0)
    width.set_xlim(0.0, 1.05)
    width.axvline(1.0, color=style.NEUTRAL, lw=0.8)
    return made


def _rank(name: str, value: float) -> float:
    return float(ndtr(scores({name: value})[0]))


def pairs_figure(found: Findings, words: Words) -> Figure:
    """The strongest trade-offs: one dot a world."""
    pairs = found.pairs.head(PANELS)
    margins = Margins(0.55, 0.25, 0.68, 0.75, 0.62, 1.2)
    lines = -(-len(pairs) // 3)
    made = style.figure(margins.top + margins.bottom + 1.75 * lines + margins.down * (lines - 1))
    panels = style.grid(made, lines, 3, margins)
    ranks = ndtr(found.scores)
    names = list(found.calibration.free)
    for axes, row in zip(panels, pairs.to_dict("records"), strict=False):
        first, second = str(row["first"]), str(row["second"])
        x, y = (ranks[:, names.index(name)] for name in (first, second))
        axes.scatter(x, y, s=5.0, color=style.BETTER, alpha=0.35, lw=0)
        across, up = (words.name("parameter", name) for name in (first, second))
        _headed(axes, f"r = {words.plain(round(float(row['correlation']), 2))}", f"↑ {up}")
        axes.set_xlabel(wrapped(f"{across} →", _NARROW_LABEL), fontsize=6.6)
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0.0, 1.0)
        axes.grid(True)
    for axes in panels[len(pairs) :]:
        axes.remove()
    return made


def _headed(axes: Axes, title: str, label: str) -> None:
    """A panel's title, and below it what goes up, in as many lines as it takes."""
    lines = wrapped(label, _NARROW_LABEL)
    pad = 15.0 + 8.0 * lines.count("\n")
    axes.set_title(title, loc="left", pad=pad, fontsize=8.5, fontweight="bold", color=style.INK)
    axes.annotate(
        lines,
        (0.0, 1.0),
        (0.0, 4.0),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=6.6,
        color=style.SOFT,
        va="bottom",
        annotation_clip=False,
    )
