"""Figures of a calibration: targets before and after, what is known of parameters, trade-offs.

Targets are drawn in standard errors of observation from the middle of what was published, so that
one ruler serves all of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import ndtr

from velfaerd_sim.analysis.calibration import RANKS, Findings
from velfaerd_sim.inputs.targets import BY_ID, NORMAL_95
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.statistics.normal_scores import scores
from velfaerd_sim.studies.calibrate.plausibility import PARTLY_BELOW
from velfaerd_sim.telling.words import Words

ROW, SECOND_LINE, LINE = 0.19, 0.035, 0.09
"""Inches of a row, and what a second and every further line of its label add."""
REACH = 7.0
"""Standard errors that the ruler shows to both sides; what lies beyond is an arrow at its end."""
MOST_PARAMETERS = 45
PANELS = 6
_LONGEST_LABEL, _NARROW_LABEL = 50, 34
PRIOR_COLOUR = "#b9bec6"


def wrapped(text: str, longest: int = _LONGEST_LABEL) -> str:
    """A label in as many lines as it takes beside its row; nothing is cut off."""
    return "\n".join(textwrap.wrap(text, longest, break_long_words=False)) or text


def rows_panel(labels: Sequence[str], panels: int, foot: float = 0.45) -> tuple[Figure, list[Axes]]:
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


def distances(row: dict[str, object], columns: Sequence[str]) -> list[float]:
    """Readings of a target in standard errors from the middle of what was published."""
    target = BY_ID[str(row["target"])]
    y = target.transformed(np.array([float(str(row[column])) for column in columns]))
    middle = 0.5 * sum(float(target.transformed(float(str(row[end])))) for end in ("low", "high"))
    half = 0.5 * (
        target.transformed(float(str(row["high"]))) - target.transformed(float(str(row["low"])))
    )
    return [float(each) for each in (y - middle) / (half / NORMAL_95)]


def targets_figure(rows: pd.DataFrame, words: Words, title: str) -> Figure:
    """Prior and posterior of figures against what was published."""
    labels = [
        wrapped(f"{row['target'].split('.')[0]}  {row[f'label_{words.language}']}")
        for row in rows.to_dict("records")
    ]
    made, (axes,) = rows_panel(labels, 1)
    style.heading(axes, title, words("cal_ax_errors"))
    axes.axvspan(-NORMAL_95, NORMAL_95, color=style.BAND, lw=0, zorder=0.5)
    axes.axvline(0.0, color=style.FAINT, lw=0.6, zorder=1)
    axes.set_xlim(-REACH, REACH)
    for place, row in enumerate(rows.to_dict("records")):
        before = distances({str(k): v for k, v in row.items()}, ["prior_05", "prior_95"])
        after = distances(
            {str(k): v for k, v in row.items()},
            ["posterior_05", "posterior_50", "posterior_95", "medoid", "defaults"],
        )
        _bar(axes, place, before[0], before[1], PRIOR_COLOUR, 3.6)
        colour = style.BETTER if row["inside"] else style.WORSE
        _bar(axes, place, after[0], after[2], colour, 2.0)
        _mark(axes, place, after[1], "o", colour, 4.0)
        _mark(axes, place, after[3], "|", style.INK, 6.0)
    return made


def _bar(axes: Axes, row: float, low: float, high: float, colour: str, width: float) -> None:
    if np.isfinite(low) and np.isfinite(high):
        ends = np.clip([low, high], -REACH, REACH)
        axes.plot(ends, [row, row], color=colour, lw=width, solid_capstyle="butt", zorder=2)


def _mark(axes: Axes, row: float, at: float, marker: str, colour: str, size: float) -> None:
    if not np.isfinite(at):
        return
    if abs(at) > REACH:
        marker, at = ("<", -REACH) if at < 0.0 else (">", REACH)
    axes.plot([at], [row], marker, ms=size, mfc=colour, mec=colour, zorder=4, clip_on=False)


def known_parameters(found: Findings) -> pd.DataFrame:
    """The parameters that the figures say something about, at most as many as a page holds."""
    table = found.parameters
    known = table[table["spread"] < PARTLY_BELOW]
    return (known if len(known) else table).head(MOST_PARAMETERS)


def shrinkage_figure(found: Findings, words: Words) -> Figure:
    """Where parameters lie in their range, and how much narrower than before."""
    table = known_parameters(found)
    labels = [wrapped(text) for text in table[f"label_{words.language}"]]
    made, (place, width) = rows_panel(labels, 2)
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
    """The strongest trade-offs: one dot a plausible member."""
    pairs = found.pairs.head(PANELS)
    margins = Margins(0.55, 0.25, 0.68, 0.75, 0.62, 1.2)
    lines = -(-len(pairs) // 3)
    made = style.figure(margins.top + margins.bottom + 1.75 * lines + margins.down * (lines - 1))
    panels = style.grid(made, lines, 3, margins)
    kept = found.weights > 0.0
    size = 3.0 + 9.0 * found.weights[kept] / found.weights.max()
    ranks = ndtr(found.scores[kept])
    names = list(found.calibration.free)
    for axes, row in zip(panels, pairs.to_dict("records"), strict=False):
        first, second = str(row["first"]), str(row["second"])
        x, y = (ranks[:, names.index(name)] for name in (first, second))
        axes.scatter(x, y, s=size, color=style.BETTER, alpha=0.45, lw=0)
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
