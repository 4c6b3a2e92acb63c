"""The figure of the turn: outcomes by staff hours, and where two regimes change places."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import LABEL_SIZE, Margins
from velfaerd_sim.telling import findings
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.words import Words


def turning(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Left the outcome by staff hours, right the difference of the pairs of interest."""
    names = findings.turn_outcomes(results)
    made = style.figure(0.7 + 2.5 * len(names))
    room = (
        0.2 + (3 + max(len(results.short(r)) for r in results.regimes)) * LABEL_SIZE * 0.62 / 72.0
    )
    margins = Margins(0.42, room, 0.42, 0.55, 0.5 + room, 0.75)
    panels = style.grid(made, len(names), 2, margins)
    for row, name in enumerate(names):
        outcome = OUTCOMES[INDEX[name]]
        pairs = findings.pairs_of_interest(results, name)
        _levels(panels[2 * row], results, outcome, pairs, words)
        _gaps(panels[2 * row + 1], results, outcome, pairs, words)
        if row == len(names) - 1:
            for axes in panels[2 * row : 2 * row + 2]:
                axes.set_xlabel(words("ax_staff_hours"), fontsize=6.8, loc="left")
    return made


def hours_used(results: Results) -> float:
    """The staff hours available in the comparison itself."""
    return results.study.scenario.parameter_values()["hours_per_1000"]


def _axis(axes: Axes, hours: Sequence[float], here: float, words: Words) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xlim(min(hours), max(hours))
    shown: list[float] = []
    for hour in sorted(hours):
        if not shown or math.log2(hour / shown[-1]) >= 0.36 or hour == max(hours):
            if hour == max(hours) and shown and math.log2(hour / shown[-1]) < 0.36:
                shown.pop()
            shown.append(hour)
    axes.set_xticks(shown)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: style.ENGLISH.plain(x)))
    axes.axvline(here, color=style.SOFT, lw=0.8, ls=(0, (1, 2)), zorder=1)
    late = math.log(here / min(hours)) > 0.5 * math.log(max(hours) / min(hours))
    axes.annotate(
        words("ax_here", hours=words.plain(here)),
        (here, 1.0),
        (-2.5 if late else 2.5, -1.0),
        xycoords=axes.get_xaxis_transform(),
        textcoords="offset points",
        fontsize=6.0,
        color=style.SOFT,
        va="top",
        ha="right" if late else "left",
        bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8},
    )


def _unit(unit: str, outcome: Outcome, words: Words) -> str:
    """The unit, and which way is better."""
    return f"{unit}  ·  {words('ax_better_up' if outcome.direction > 0 else 'ax_better_down')}"


def _levels(
    axes: Axes,
    results: Results,
    outcome: Outcome,
    pairs: Sequence[tuple[str, str]],
    words: Words,
) -> None:
    frame = results.staff_hours
    frame = frame[frame["outcome"] == outcome.name]
    shape = results.unit(outcome.name)
    style.heading(axes, outcome.label(words.language), _unit(shape.axis, outcome, words))
    shown = list(dict.fromkeys(r for pair in pairs for r in pair))
    present = [r for r in results.regimes if r in set(frame["regime"])]
    ends: list[tuple[str, float]] = []
    for regime in sorted(present, key=lambda r: r in shown):
        rows = frame[frame["regime"] == regime].sort_values("hours_per_1000")
        hours = rows["hours_per_1000"].to_numpy(float)
        mean, low, high = (
            rows[c].to_numpy(float) * shape.scale for c in ("mean", "ci_low", "ci_high")
        )
        dress = style.dress(regime, results.regimes)
        if regime in shown:
            axes.fill_between(hours, low, high, color=dress.colour, alpha=0.14, lw=0)
            axes.plot(
                hours,
                mean,
                color=dress.colour,
                ls=dress.line,
                lw=1.5,
                marker=dress.marker,
                ms=3.2,
                clip_on=False,
            )
        else:
            base = regime == results.baseline
            colour = dress.colour if base else style.FAINT
            axes.plot(
                hours,
                mean,
                color=colour,
                lw=1.2 if base else 0.8,
                ls=dress.line if base else "-",
                zorder=1.5,
            )
        ends.append((regime, last(mean)))
    style.rule_y(axes)
    axes.yaxis.set_major_locator(style.ticks())
    _axis(axes, sorted(set(frame["hours_per_1000"])), hours_used(results), words)
    style.label_ends(
        axes, [style.End(results.short(r), v, _colour(results, r, shown)) for r, v in ends]
    )


def last(values: NDArray[np.float64]) -> float:
    """The last value that is there."""
    present = values[np.isfinite(values)]
    return float(present[-1]) if len(present) else math.nan


def _colour(results: Results, regime: str, shown: Sequence[str]) -> str | None:
    """The colour of a regime in focus; None for one in the background."""
    if regime not in shown and regime != results.baseline:
        return None
    return style.dress(regime, results.regimes).colour


def _gaps(
    axes: Axes,
    results: Results,
    outcome: Outcome,
    pairs: Sequence[tuple[str, str]],
    words: Words,
) -> None:
    """Differences of pairs over staff hours; the crossing is ringed."""
    shape = results.unit(outcome.name)
    title = words("ax_minus", regime=results.short(pairs[0][0]))
    style.heading(axes, title, _unit(shape.difference_axis, outcome, words))
    axes.axhline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    hours: list[float] = []
    ends: list[style.End] = []
    for first, second in pairs:
        found = findings.gap(results, outcome.name, first, second)
        dress = style.dress(second, results.regimes)
        mean, low, high = (part * shape.scale for part in (found.mean, found.low, found.high))
        axes.fill_between(found.hours, low, high, color=dress.colour, alpha=0.16, lw=0)
        axes.plot(
            found.hours,
            mean,
            color=dress.colour,
            ls=dress.line,
            lw=1.5,
            marker=dress.marker,
            ms=3.2,
            clip_on=False,
        )
        judged = findings.turn(results, outcome.name, first, second)
        for at in judged.turning_points if judged else ():
            axes.plot(
                [at],
                [0.0],
                "o",
                ms=8.5,
                mfc="none",
                mec=dress.colour,
                mew=1.2,
                zorder=5,
                clip_on=False,
            )
        hours = list(found.hours)
        ends.append(style.End(f"… {results.short(second)}", last(mean), dress.colour))
    style.rule_y(axes)
    axes.yaxis.set_major_locator(style.ticks())
    axes.yaxis.set_major_formatter(FuncFormatter(style.signed))
    if hours:
        _axis(axes, hours, hours_used(results), words)
    style.label_ends(axes, ends)
