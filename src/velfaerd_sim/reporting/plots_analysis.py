"""The figure of each analysis: rows of dots with intervals wherever they tell it.

Every function takes a finding and a language, and gives a figure; `draw` chooses by the method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.analysis.sensitivity import VISIBLE
from velfaerd_sim.analysis.wording import Finding, number, rows
from velfaerd_sim.reporting import plots_worlds, style
from velfaerd_sim.reporting import texts_analysis as texts
from velfaerd_sim.reporting.panels import DOT, dots, room_for, rows_panel
from velfaerd_sim.reporting.style import Margins


def draw(finding: Finding, language: str = "en") -> Figure | None:
    """Draw a finding; None where there is nothing to draw, as when no box was found."""
    if finding.method not in FIGURES or finding.table.empty:
        return None
    with style.styled():
        return FIGURES[finding.method](finding, language)


def _labels(table: pd.DataFrame, language: str) -> list[str]:
    return [texts.parameter(name, language) for name in table["parameter"]]


def sobol(finding: Finding, language: str) -> Figure:
    """Total and first-order indices; the band holds what counts as negligible."""
    table = finding.table
    made, axes = rows_panel(_labels(table, language), *texts.headings(finding, "sobol", language))
    known = table["total"].notna().any()
    if known:
        dots(axes, table["total"], table["total_low"], table["total_high"], shift=-0.14)
        dots(
            axes,
            table["first"],
            table["first_low"],
            table["first_high"],
            colour=style.NEUTRAL,
            shift=0.16,
            hollow=True,
        )
    axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    axes.axvspan(0.0, VISIBLE, color=style.RULE, lw=0, zorder=1)
    axes.set_xlim(-0.12, 1.12)
    return made


def morris(finding: Finding, language: str) -> Figure:
    """Mean size of the effects, their spread, and what chance alone would give."""
    table = finding.table
    made, axes = rows_panel(_labels(table, language), *texts.headings(finding, "morris", language))
    dots(axes, table["mu_star"], table["mu_star_low"], table["mu_star_high"])
    at = np.arange(len(table))
    axes.plot(table["sigma"], at, "o", ms=DOT, mfc="none", mec=style.NEUTRAL, ls="", zorder=4)
    axes.plot(table["by_chance"], at, "|", ms=9, mec=style.WORSE, mew=1.4, ls="", zorder=4)
    axes.set_xlim(left=0.0)
    return made


def pawn(finding: Finding, language: str) -> Figure:
    """Index of each parameter, and the level that idle ones reach."""
    table = finding.table
    made, axes = rows_panel(_labels(table, language), *texts.headings(finding, "pawn", language))
    if "low" in table:
        dots(axes, table["index"], table["low"], table["high"])
        axes.axvline(finding.data["idle"], color=style.NEUTRAL, lw=0.9, ls=(0, (4, 2)), zorder=2)
    axes.set_xlim(left=0.0)
    return made


def variance(finding: Finding, language: str) -> Figure:
    """Shares of parameters and chance."""
    table, words = finding.table, texts.WORDS[language]
    labels = [words[part] for part in table["part"]]
    made, axes = rows_panel(labels, *texts.headings(finding, "variance", language))
    dots(axes, table["share"], table["low"], table["high"])
    axes.set_xlim(0.0, 1.0)
    return made


def one_at_a_time(finding: Finding, language: str) -> Figure:
    """Values of the outcome over the steps of each factor, the widest range first."""
    lines = finding.data["lines"]
    labels = [texts.parameter(line.factor, language) for line in lines]
    made, axes = rows_panel(labels, *texts.headings(finding, "one_at_a_time", language))
    for row, line in enumerate(lines):
        ends = int(np.argmin(line.mean)), int(np.argmax(line.mean))
        axes.hlines(row, *line.mean[list(ends)], color=style.BETTER, lw=5.0, alpha=0.35, zorder=3)
        axes.plot(line.mean, np.full(len(line.mean), row), "|", ms=6, mec=style.BETTER, ls="")
        for end, side in zip(ends, (-1.0, 1.0), strict=True):
            axes.annotate(
                number(float(line.x[end])),
                (line.mean[end], row),
                (4.0 * side, 0.0),
                textcoords="offset points",
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=6.0,
                color=style.SOFT,
            )
    axes.axvline(finding.data["base"], color=style.NEUTRAL, lw=0.9, ls=(0, (4, 2)), zorder=2)
    axes.margins(x=0.12)
    return made


def prim(finding: Finding, language: str) -> Figure:
    """Left the limits of the box, right the points over its two most restricted parameters."""
    table = finding.table
    labels = _labels(table, language)
    made = style.figure(3.1)
    limits, points = style.grid(made, 1, 2, Margins(room_for(labels, 2.4), 0.2, 0.5, 0.45, 0.75))
    style.heading(limits, *texts.headings(finding, "box", language))
    low, extent = table["range_low"], table["range_high"] - table["range_low"]
    at = np.arange(len(table))
    limits.hlines(at, 0.0, 1.0, color=style.RULE, lw=7.0, zorder=2)
    ends = (table["low"] - low) / extent, (table["high"] - low) / extent
    limits.hlines(at, *ends, color=style.BETTER, lw=7.0, zorder=3)
    for row, line in enumerate(rows(table)):
        for value, free, place in (
            (line.low, line.range_low, ends[0].iloc[row]),
            (line.high, line.range_high, ends[1].iloc[row]),
        ):
            if value != free:
                limits.annotate(
                    number(float(value)),
                    (place, row),
                    (0.0, 7.0),
                    textcoords="offset points",
                    ha="center",
                    fontsize=6.5,
                    color=style.INK,
                )
    limits.set_yticks(at, labels)
    limits.set_ylim(len(table) - 0.4, -0.6)
    limits.set_xlim(-0.02, 1.02)
    limits.set_xticks([])
    style.rule_x(limits)
    limits.spines["bottom"].set_visible(False)
    _box_points(points, finding, language)
    return made


def _box_points(axes: Axes, finding: Finding, language: str) -> None:
    """Points over two parameters, filled where the label holds, and the box around its own."""
    table, words = finding.table, texts.WORDS[language]
    x, holds = finding.data["x"], finding.data["labels"].holds
    names = list(table["parameter"][:2])
    names += [name for name in x.columns if name not in names][: 2 - len(names)]
    across, up = (x[name].to_numpy(np.float64) for name in (names + names)[:2])
    style.heading(axes, words["points"], words["points_unit"])
    plain: dict[str, Any] = {"ls": "", "marker": "o", "ms": 2.4, "mew": 0.5}
    axes.plot(across[~holds], up[~holds], mfc="none", mec=style.FAINT, **plain)
    axes.plot(across[holds], up[holds], mfc=style.BETTER, mec=style.BETTER, **plain)
    limits = table.set_index("parameter")
    corners = []
    for name in (names + names)[:2]:
        ends = (x[name].min(), x[name].max())
        if name in limits.index:
            ends = (limits["low"][name], limits["high"][name])
        corners.append([float(end) for end in ends])
    (left, right), (low, high) = corners
    axes.plot(
        [left, right, right, left, left], [low, low, high, high, low], color=style.INK, lw=1.2
    )
    axes.set_xlabel(texts.parameter(names[0], language))
    axes.set_ylabel(texts.parameter((names + names)[1], language))


def cart(finding: Finding, language: str) -> Figure:
    """Density in each box of the tree, the area of the dot its share of all points."""
    table = finding.table
    labels = [_wrapped(_where(box, language)) for box in finding.data["boxes"]]
    made, axes = rows_panel(labels, *texts.headings(finding, "cart", language))
    at = np.arange(len(table))
    axes.hlines(at, 0.0, table["density"], color=style.BETTER, lw=1.2, zorder=3)
    axes.scatter(table["density"], at, s=300.0 * table["mass"] + 12.0, color=style.BETTER, zorder=4)
    axes.axvline(finding.data["labels"].share, color=style.NEUTRAL, lw=0.9, ls=(0, (4, 2)))
    axes.set_xlim(0.0, 1.04)
    return made


def _where(box: pd.DataFrame, language: str) -> str:
    """Limits of a box, short: 'hours > 12, gap < 0.4'."""
    parts = []
    for row in rows(box):
        name = texts.parameter(row.parameter, language)
        if row.low > row.range_low:
            parts.append(f"{name} > {number(row.low)}")
        if row.high < row.range_high:
            parts.append(f"{name} < {number(row.high)}")
    return ", ".join(parts) or "–"


def _wrapped(text: str, width: int = 46) -> str:
    """Break a list of limits at its commas."""
    lines = [""]
    for part in text.split(", "):
        joined = f"{lines[-1]}, {part}" if lines[-1] else part
        if len(joined) > width and lines[-1]:
            lines.append(part)
        else:
            lines[-1] = joined
    return "\n".join(lines)


FIGURES: dict[str, Callable[[Finding, str], Figure]] = {
    "sobol": sobol,
    "morris": morris,
    "pawn": pawn,
    "variance": variance,
    "one_at_a_time": one_at_a_time,
    "prim": prim,
    "cart": cart,
    "regret": plots_worlds.regret,
    "best_regimes": plots_worlds.best_regimes,
    "satisficing": plots_worlds.satisficing,
    "front": plots_worlds.front,
    "map": plots_worlds.reversal_map,
}
"""The figure of each method."""
