"""Figures over time: key outcomes by month, and how the difference in loneliness builds up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import LABEL_SIZE, End, Margins
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.words import Words

SHOWN = (
    "volunteers_per_1000",
    "retention_12m",
    "motivation_mean",
    "lonely_share",
    "lonely_reached_share",
    "staff_hours_per_1000",
)
TOWN_OUTCOMES = ("retention_12m", "lonely_share", "volunteers_per_1000")


def trajectories(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Key outcomes by month; the regimes in focus with bands of their 95 % intervals."""
    outcomes = results.known_outcomes(SHOWN)
    rows = math.ceil(len(outcomes) / 2)
    made = style.figure(0.75 + rows * 2.45)
    room = _label_room(results)
    margins = Margins(0.42, room, 0.42, 0.55, 0.42 + room, 0.72)
    for number, (axes, outcome) in enumerate(
        zip(style.grid(made, rows, 2, margins), outcomes, strict=False)
    ):
        _course(axes, results, focus, outcome, words.language)
        _months(axes, results.months)
        _events(axes, results)
        if number >= len(outcomes) - 2:
            axes.set_xlabel(words("ax_months" if results.compares else "ax_months_run"))
    for axes in made.axes[len(outcomes) :]:
        axes.remove()
    return made


def _label_room(results: Results) -> float:
    """Inches to the right of a panel for the longest label."""
    if not results.compares:
        return 0.5
    longest = max(len(results.short(r)) for r in results.regimes)
    return 0.2 + longest * LABEL_SIZE * 0.62 / 72.0


def _course(
    axes: Axes, results: Results, focus: Sequence[str], outcome: Outcome, language: str
) -> None:
    """One outcome by month under all regimes, each labelled at its end."""
    shape = results.unit(outcome.name)
    style.heading(axes, outcome.label(language), shape.axis)
    ends: list[tuple[str, float]] = []
    drawn = [r for r in results.regimes if r not in focus and r != results.baseline]
    for regime in [*drawn, *focus, results.baseline]:
        band = results.band(outcome.name, regime)
        month, mean = band["month"].to_numpy(), band["mean"].to_numpy(float) * shape.scale
        if not np.isfinite(mean).any():
            continue
        shown = regime in focus or regime == results.baseline
        dress = style.dress(regime, results.regimes)
        if shown:
            low, high = (band[c].to_numpy(float) * shape.scale for c in ("ci_low", "ci_high"))
            if np.isfinite(low).any():
                axes.fill_between(month, low, high, color=dress.colour, alpha=0.14, lw=0)
            if {"town_low", "town_high"} <= set(band.columns):
                low, high = (
                    band[c].to_numpy(float) * shape.scale for c in ("town_low", "town_high")
                )
                axes.fill_between(month, low, high, color=dress.colour, alpha=0.12, lw=0)
            axes.plot(month, mean, color=dress.colour, ls=dress.line, lw=1.5, zorder=3)
            axes.plot(
                month[-1:],
                mean[-1:],
                dress.marker,
                color=dress.colour,
                ms=3.4,
                zorder=4,
                clip_on=False,
            )
        else:
            axes.plot(month, mean, color=style.FAINT, lw=0.8, zorder=2)
        ends.append((regime, float(mean[np.isfinite(mean)][-1])))
    style.rule_y(axes)
    axes.yaxis.set_major_locator(style.ticks())
    axes.margins(x=0.0, y=0.06)
    if outcome.name == "staff_hours_per_1000":
        axes.set_ylim(bottom=0.0)
    if results.compares:
        style.label_ends(axes, [_end(results, focus, regime, at) for regime, at in ends])


def _events(axes: Axes, results: Results) -> None:
    """Shade the months in which something happens from outside."""
    for shock in results.study.scenario.shocks:
        content = shock.to_dict()
        first, months = float(content["month"]), float(content.get("months") or 0)
        if months > 0:
            axes.axvspan(first, first + months, color=style.STRIPE, lw=0, zorder=0)
        elif first > 0:
            axes.axvline(first, color=style.FAINT, lw=0.7, ls=(0, (1, 2)), zorder=0)


def _end(results: Results, focus: Sequence[str], regime: str, at: float) -> End:
    shown = regime in focus or regime == results.baseline
    colour = style.dress(regime, results.regimes).colour if shown else None
    return End(results.short(regime), at, colour)


def _months(axes: Axes, months: int) -> None:
    step = next((s for s in (1, 2, 3, 6, 12, 24, 36, 60, 120) if months / s <= 6), 240)
    axes.set_xticks(range(0, months + 1, step))
    axes.set_xlim(0, max(1, months))


def paths(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Difference in the share of lonely adults by month, one panel a regime."""
    name = "lonely_share"
    outcome = OUTCOMES[INDEX[name]]
    shape = results.unit(outcome.name)
    columns = min(3, len(results.others))
    rows = math.ceil(len(results.others) / columns)
    made = style.figure(0.7 + rows * 1.55)
    margins = Margins(0.42, 0.12, 0.42, 0.55, 0.32, 0.5)
    every = {r: results.band(name, r) for r in results.others}
    panels = style.grid(made, rows, columns, margins)
    for number, (axes, regime) in enumerate(zip(panels, results.order[1:], strict=False)):
        for other, band in every.items():
            if other != regime:
                axes.plot(band["month"], band["difference"] * shape.scale, color=style.RULE, lw=0.8)
        band = every[regime]
        low, high = (band[c] * shape.scale for c in ("difference_low", "difference_high"))
        colour = style.dress(regime, results.regimes).colour
        axes.axhline(0.0, color=style.NEUTRAL, lw=0.7)
        axes.fill_between(band["month"], low, high, color=colour, alpha=0.25, lw=0)
        axes.plot(band["month"], band["difference"] * shape.scale, color=colour, lw=1.5)
        axes.set_title(results.short(regime), fontsize=7.5, color=colour, pad=4)
        style.rule_y(axes)
        _months(axes, results.months)
        if number >= len(results.others) - columns:
            axes.set_xlabel(words("ax_months"), fontsize=6.8)
    for axes in panels[len(results.others) :]:
        axes.remove()
    _same_limits(panels[: len(results.others)])
    made.text(
        0.06 / style.FULL_WIDTH,
        1.0 - 0.05 / made.get_size_inches()[1],
        f"{outcome.label(words.language)}, {shape.difference_axis}",
        fontsize=6.8,
        color=style.SOFT,
        va="top",
    )
    return made


def _same_limits(panels: Sequence[Axes]) -> None:
    ends = [axes.get_ylim() for axes in panels]
    low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    for axes in panels:
        axes.set_ylim(low, high)
        axes.yaxis.set_major_locator(style.ticks(4, 3))
        axes.yaxis.set_major_formatter(FuncFormatter(style.signed))


def towns(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Municipalities by type, one dot each: levels of a run, differences of a comparison."""
    names = [o.name for o in results.known_outcomes(TOWN_OUTCOMES)]
    made = style.figure(2.9)
    margins = Margins(0.95, 0.15, 0.45, 0.45, 0.25)
    regime = focus[0] if results.compares and focus else results.baseline
    table = results.towns.set_index(["regime", "municipality"])
    here, base = table.loc[regime], table.loc[results.baseline]
    kinds = [kind for kind in MUNICIPALITY_KINDS if kind in set(here["kind"])]
    for number, (axes, name) in enumerate(
        zip(style.grid(made, 1, 3, margins), names, strict=False)
    ):
        outcome = OUTCOMES[INDEX[name]]
        shape = results.unit(outcome.name)
        values = (here[name] - base[name] if results.compares else here[name]) * shape.scale
        unit = shape.difference_axis if results.compares else shape.axis
        style.heading(axes, outcome.label(words.language), unit)
        if results.compares:
            axes.axvline(0.0, color=style.NEUTRAL, lw=0.8)
            axes.xaxis.set_major_formatter(FuncFormatter(style.signed))
        for row, kind in enumerate(kinds):
            some = np.sort(values[here["kind"] == kind].to_numpy(float))
            some = some[np.isfinite(some)]
            away = ((np.arange(len(some)) * 0.618034) % 1.0 - 0.5) * 0.6
            axes.plot(some, row + away, "o", ms=2.6, mfc=style.BETTER, mec="none", alpha=0.55)
            if len(some):
                axes.plot([np.median(some)] * 2, [row - 0.38, row + 0.38], color=style.INK, lw=1.2)
        style.rule_x(axes)
        style.zebra(axes, len(kinds))
        axes.set_ylim(len(kinds) - 0.5, -0.5)
        axes.set_yticks(range(len(kinds)))
        labels = [words(f"kind_{kind}") for kind in kinds]
        axes.set_yticklabels(labels if number == 0 else [])
        axes.xaxis.set_major_locator(style.ticks(4, 3))
    return made
