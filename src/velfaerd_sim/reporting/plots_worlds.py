"""Figures of robustness: regret, best regimes, criteria met, the front, and maps of reversal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from velfaerd_sim.analysis.wording import Finding
from velfaerd_sim.reporting import style
from velfaerd_sim.reporting import texts_analysis as texts
from velfaerd_sim.reporting.panels import DOT, dots, rows_panel
from velfaerd_sim.reporting.style import Margins

DIVERGING = LinearSegmentedColormap.from_list("turn", [style.WORSE, "#f7f7f7", style.BETTER])


def _labels(table: pd.DataFrame, language: str) -> list[str]:
    return [texts.regime(name, language) for name in table["regime"]]


def regret(finding: Finding, language: str) -> Figure:
    """Expected regret with its interval, the ninth decile and the largest."""
    table = finding.table
    made, axes = rows_panel(_labels(table, language), *texts.headings(finding, "regret", language))
    at = np.arange(len(table))
    axes.hlines(at, 0.0, table["largest"], color=style.BETTER, lw=6.0, alpha=0.2, zorder=2)
    axes.plot(table["most_of"], at, "|", ms=9, mec=style.BETTER, mew=1.4, ls="", zorder=4)
    dots(axes, table["expected"], table["expected_low"], table["expected_high"])
    axes.set_xlim(left=0.0)
    return made


def best_regimes(finding: Finding, language: str) -> Figure:
    """Share of worlds in which each regime is best, and clearly so."""
    table = finding.data["shares"]
    made, axes = rows_panel(_labels(table, language), *texts.headings(finding, "best", language))
    at = np.arange(len(table))
    axes.barh(at, table["share"], height=0.5, color=style.BETTER, alpha=0.3, zorder=2)
    axes.barh(at, table["clear_share"], height=0.5, color=style.BETTER, zorder=3)
    axes.hlines(at, table["low"], table["high"], color=style.INK, lw=1.0, zorder=4)
    axes.set_xlim(0.0, 1.0)
    return made


def satisficing(finding: Finding, language: str) -> Figure:
    """Share of worlds in which each regime meets the criteria."""
    table = finding.table
    made, axes = rows_panel(
        _labels(table, language), *texts.headings(finding, "satisficing", language)
    )
    dots(axes, table["share"], table["low"], table["high"])
    axes.set_xlim(0.0, 1.0)
    return made


def front(finding: Finding, language: str) -> Figure:
    """Benefit against cost of each regime; a line joins those that none beats on both."""
    table = finding.table
    benefit, cost = finding.names
    made = style.figure(3.4)
    (axes,) = style.grid(made, 1, 1, Margins(0.7, 2.2, 0.5, 0.45))
    style.heading(axes, *texts.headings(finding, "front", language))
    chosen = table[table["on_front"]]
    axes.plot(chosen["cost"], chosen["benefit"], color=style.FAINT, lw=1.2, zorder=2)
    ends = []
    for row in table.to_dict("records"):
        name = str(row["regime"])
        dress = style.dress(name, finding.data["regimes"])
        colour = dress.colour if row["on_front"] else style.FAINT
        x, y = row["cost"], row["benefit"]
        axes.hlines(y, row["cost_low"], row["cost_high"], color=colour, lw=0.8, zorder=3)
        axes.vlines(x, row["benefit_low"], row["benefit_high"], color=colour, lw=0.8, zorder=3)
        axes.plot([x], [y], dress.marker, ms=DOT + 0.5, color=colour, zorder=4)
        label = texts.regime(name, language)
        ends.append(style.End(label, float(y), dress.colour if row["on_front"] else None))
    axes.margins(0.06)
    style.label_ends(axes, ends)
    axes.set_xlabel(texts.outcome(cost, language))
    axes.set_ylabel(texts.outcome(benefit, language))
    return made


def reversal_map(finding: Finding, language: str) -> Figure:
    """The difference over two parameters, pale where not clear, and the line where it turns."""
    found = finding.data["map"]
    made = style.figure(4.2, 6.0)
    (axes,) = style.grid(made, 1, 1, Margins(0.75, 1.1, 0.5, 0.5))
    style.heading(axes, *texts.headings(finding, "map", language))
    most = float(np.abs(found.difference).max()) or 1.0
    shown = found.difference
    colours = DIVERGING if found.better > 0 else DIVERGING.reversed()
    known = np.isfinite(found.low).all()
    pale: Any = np.where((found.sign == 0) & known, 0.35, 1.0)
    mesh = axes.pcolormesh(
        found.x,
        found.y,
        shown,
        cmap=colours,
        norm=TwoSlopeNorm(0.0, -most, most),
        shading="nearest",
        alpha=pale,
        rasterized=True,
    )
    for lines, dash in ((found.line, "-"), (found.line_low, "--"), (found.line_high, "--")):
        for line in lines:
            width = 1.6 if dash == "-" else 0.8
            axes.plot(line[:, 0], line[:, 1], color=style.INK, ls=dash, lw=width, zorder=3)
    axes.set_xlabel(texts.parameter(found.x_name, language))
    axes.set_ylabel(texts.parameter(found.y_name, language))
    width, height = made.get_size_inches()
    side = made.add_axes(((width - 0.9) / width, 0.5 / height, 0.13 / width, 0.72))
    bar = made.colorbar(mesh, cax=side)
    if bar.solids is not None:
        bar.solids.set_alpha(1.0)
    return made
