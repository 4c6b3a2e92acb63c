"""The figure of differences over worlds: every world a dot, the middle 90 %, the mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.measures.outcomes import Outcome
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.findings import QUESTIONS
from velfaerd_sim.telling.in_worlds import OverWorlds, over_worlds
from velfaerd_sim.telling.results import Estimate, Results
from velfaerd_sim.telling.words import Words

ROW = 0.36
"""Inches a row."""
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
MOST_DOTS = 400
"""Dots of a row, at most; of more worlds every so manieth is drawn."""


def worlds(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Difference to the baseline per regime and world for the main outcomes."""
    outcomes = results.known_outcomes(QUESTIONS)
    regimes = results.order[1:]
    made = style.figure(1.1 + ROW * len(regimes))
    longest = max(len(results.short(regime)) for regime in regimes)
    margins = Margins(0.12 + longest * 7.0 * 0.6 / 72.0, 0.5, 0.5, 0.6, 0.55)
    panels = style.grid(made, 1, len(outcomes), margins)
    for number, (axes, outcome) in enumerate(zip(panels, outcomes, strict=True)):
        _panel(axes, results, outcome, words, labelled=number == 0)
    return made


def _panel(axes: Axes, results: Results, outcome: Outcome, words: Words, labelled: bool) -> None:
    shape = results.unit(outcome.name)
    regimes = results.order[1:]
    style.heading(axes, outcome.label(words.language), shape.difference_axis)
    axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    _beside(axes, -0.5 - 7.5 / (72.0 * ROW), words("ax_worlds_better"), style.SOFT)
    for row, regime in enumerate(regimes):
        found = over_worlds(results, outcome.name, regime)
        mean = results.difference(outcome.name, regime).times(shape.scale)
        if found is not None and math.isfinite(mean.value):
            _row(axes, row, found, mean, shape.scale, outcome.direction or 1)
            _beside(axes, float(row), results.write.percent(found.better), style.INK)
    style.rule_x(axes)
    style.zebra(axes, len(regimes))
    axes.set_ylim(len(regimes) - 0.5, -0.5)
    axes.set_yticks(range(len(regimes)))
    axes.set_yticklabels([results.short(regime) for regime in regimes] if labelled else [])
    axes.xaxis.set_major_formatter(FuncFormatter(style.signed))
    axes.xaxis.set_major_locator(style.ticks(5, 2))


def _row(
    axes: Axes, row: int, found: OverWorlds, mean: Estimate, scale: float, direction: int
) -> None:
    estimates = np.array(found.estimates) * scale
    estimates = estimates[:: -(-len(estimates) // MOST_DOTS)]
    # heights that fill the strip evenly for any number of dots, the same at every drawing
    heights = row + 0.62 * (np.arange(1, len(estimates) + 1) * GOLDEN % 1.0 - 0.5)
    for colour, some in (
        (style.BETTER, estimates * direction > 0.0),
        (style.WORSE, estimates * direction < 0.0),
        (style.UNCLEAR, estimates == 0.0),
    ):
        axes.plot(
            estimates[some], heights[some], "o", ms=2.4, color=colour, alpha=0.4, mew=0.0, zorder=3
        )
    axes.plot(
        [found.low * scale, found.high * scale], [row, row], color=style.INK, lw=0.9, zorder=4
    )
    if mean.sure:
        axes.plot([mean.low, mean.high], [row, row], color=style.INK, lw=2.6, zorder=5)
    axes.plot([mean.value], [row], "o", ms=4.6, mfc="white", mec=style.INK, mew=1.1, zorder=6)


def _beside(axes: Axes, row: float, text: str, colour: str) -> None:
    """Text to the right of the panel, in the line of a row."""
    axes.annotate(
        text,
        (1.0, row),
        (5.0, 0.0),
        xycoords=axes.get_yaxis_transform(),
        textcoords="offset points",
        fontsize=6.6,
        color=colour,
        va="center",
        annotation_clip=False,
    )
