"""Figures of gainers and losers: overall, known and unknown to the municipality, by age band."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.reporting.figures import specifications, style
from velfaerd_sim.reporting.figures.drawing import gains_panel
from velfaerd_sim.reporting.figures.specifications import Axis, Group, Scale
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.results import Estimate, Gains, Results
from velfaerd_sim.telling.words import EN_DASH, Words

PER = 1000.0
LETTER = 4.6
"""Points that a letter of the words above a panel takes, about."""
MARGIN = 40.0
"""Points to the left of a panel that the words above it may use."""


def _shown(rows: Sequence[tuple[str, Gains]]) -> specifications.Gains:
    """Groups by name as the data of a figure, per 1,000 citizens."""
    axis = Axis(scale=Scale(PER, absolute=True))
    groups = (Group(name, _share(row.gainers), _share(row.losers)) for name, row in rows)
    return specifications.Gains(axis, tuple(groups))


def _share(estimate: Estimate) -> specifications.Share:
    return estimate.value, estimate.low, estimate.high


def _sides(axes: Axes, words: Words) -> None:
    """Say at the top which side is which, beside zero as far as both words stay in the panel."""
    low, high = axes.get_xlim()
    wide = axes.get_position().width * style.FULL_WIDTH * 72.0
    zero = wide * -low / (high - low)
    left, right = (LETTER * len(words(key)) + 5.0 for key in ("ax_lonelier", "ax_less_lonely"))
    moved = min(0.0, wide - zero - right) + max(0.0, left - zero - MARGIN)
    for key, colour, side, shift in (
        ("ax_lonelier", style.WORSE, "right", -5.0),
        ("ax_less_lonely", style.BETTER, "left", 5.0),
    ):
        axes.annotate(
            words(key), (0.0, 1.0), (shift + moved, 4.0), xycoords=axes.get_xaxis_transform(),
            textcoords="offset points", ha=side, va="bottom", fontsize=6.8, color=colour,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, fontsize=8.5, pad=19)


def people(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Gainers and losers among all citizens, and among known and unknown ones."""
    regimes = results.order[1:]
    made = style.figure(1.05 + 0.3 * len(regimes))
    longest = max(len(results.short(r)) for r in regimes)
    margins = Margins(0.12 + longest * 7.0 * 0.6 / 72.0, 0.15, 0.6, 0.5, 0.75)
    one, two = style.grid(made, 1, 2, margins)
    everybody = [(results.short(r), results.gains(r, "all")["all"]) for r in regimes]
    gains_panel(one, _shown(everybody))
    _title(one, words("ax_all"))
    _title(two, words("ax_by_known"))
    rows: list[tuple[str, Gains]] = []
    for regime in regimes:
        parts = results.gains(regime, "known")
        known = (group for group in ("known", "unknown") if group in parts)
        rows += [(words(f"ax_{group}"), parts[group]) for group in known]
    gains_panel(two, _shown(rows), 0.74)
    two.tick_params(axis="y", labelsize=5.8)
    for edge in range(2, len(rows), 2):
        two.axhline(edge - 0.5, color=style.RULE, lw=0.6)
    for axes in (one, two):
        _sides(axes, words)
        axes.set_xlabel(words("ax_gain"))
    return made


def ages(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Gainers and losers by age band, one panel a regime."""
    regimes = results.order[1:]
    columns = min(3, len(regimes))
    rows = math.ceil(len(regimes) / columns)
    made = style.figure(0.65 + rows * 1.45)
    margins = Margins(0.55, 0.15, 0.4, 0.5, 0.25, 0.52)
    panels = style.grid(made, rows, columns, margins)
    for number, (axes, regime) in enumerate(zip(panels, regimes, strict=False)):
        found = results.gains(regime, "age_band")
        bands = [band for band in AGE_BANDS if band in found]
        named = number % columns == 0
        labels = [b.replace("-", EN_DASH) if named else "" for b in bands]
        gains = [found[band] for band in bands]
        gains_panel(axes, _shown(list(zip(labels, gains, strict=True))), 0.7)
        axes.tick_params(axis="y", labelsize=6.4)
        axes.set_title(results.short(regime), fontsize=7.5, pad=4)
        if number >= len(regimes) - columns:
            axes.set_xlabel(words("ax_gain"), fontsize=6.8)
    used = panels[: len(regimes)]
    ends = [axes.get_xlim() for axes in used]
    for axes in used:
        axes.set_xlim(min(e[0] for e in ends), max(e[1] for e in ends))
    for axes in panels[len(regimes) :]:
        axes.remove()
    height = made.get_size_inches()[1]
    for x, key, colour in (
        (0.0, "ax_lonelier", style.WORSE),
        (0.09 * len(words("ax_lonelier")), "ax_less_lonely", style.BETTER),
    ):
        made.text(
            (0.06 + x) / style.FULL_WIDTH, 1.0 - 0.05 / height, words(key), fontsize=6.8,
            color=colour, fontweight="bold", va="top",
        )  # fmt: skip
    return made
