"""The main figure of an experiment: one of the package, or lines over time or along a factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from telling import find, outcome

from velfaerd_sim.analysis.answers import Answers
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.reporting import plots_analysis, style
from velfaerd_sim.reporting import texts_analysis as texts
from velfaerd_sim.reporting.style import End, Margins

ROOM = 2.35


@dataclass(frozen=True)
class Line:
    """A line with its interval and the regime it belongs to."""

    regime: str
    label: str
    x: ArrayLike
    mean: ArrayLike
    low: ArrayLike
    high: ArrayLike


def draw(wanted: Mapping[str, Any], found: Mapping[str, Answers]) -> Figure:
    """Draw what the table [figure] of answer.toml asks for. Raises VelfaerdError."""
    answers = found[wanted.get("study", "study")]
    try:
        if wanted["kind"] == "over_time":
            return _over_time(wanted, answers)
        if wanted["kind"] == "along":
            return _along(wanted, answers)
        finding = find(wanted, answers, wanted["kind"]).finding
        if wanted["kind"] == "map":  # drawn also where the ranking nowhere turns
            with style.styled():
                return plots_analysis.FIGURES["map"](finding, "en")
        made = plots_analysis.draw(finding)
    except LookupError as error:
        raise VelfaerdError(f"no figure: {error.args[0]}") from None
    if made is None:
        raise VelfaerdError(f"no figure: there is nothing to draw of '{wanted['kind']}'")
    return made


def _over_time(wanted: Mapping[str, Any], answers: Answers) -> Figure:
    """Differences to the baseline when read at different months, and at the end."""
    study, name = answers.study, wanted["outcome"]
    months = [*study.read_months, study.months]
    keys = [*(f"{name}.month_{month}" for month in study.read_months), name]
    tables = [find({"outcome": key}, answers, "contrasts").finding.table for key in keys]
    lines = []
    for timeline in study.regimes:
        if timeline.name == answers.wanted.baseline:
            continue
        found = [table[table["regime"] == timeline.name].iloc[0] for table in tables]
        parts = ([row[f"difference{end}"] for row in found] for end in ("", "_low", "_high"))
        lines.append(Line(timeline.name, timeline.label(), months, *parts))
    base = next(one.label() for one in study.regimes if one.name == answers.wanted.baseline)
    return _lines(lines, name, f"difference from “{base}”, with 95 % intervals", "Month", study)


def _along(wanted: Mapping[str, Any], answers: Answers) -> Figure:
    """An outcome under every regime along a factor."""
    study, name, (factor,) = answers.study, wanted["outcome"], wanted["factors"]
    lines = []
    for timeline in study.regimes:
        own = {"regime": timeline.name, "against": None}
        table = find(wanted, answers, "response", **own).finding.table
        parts = (table[column] for column in ("value", "mean", "low", "high"))
        lines.append(Line(timeline.name, timeline.label(), *parts))
    unit = "mean with 95 % intervals"
    return _lines(lines, name, unit, texts.parameter(factor), study)


def _lines(lines: list[Line], name: str, unit: str, across: str, study: Any) -> Figure:
    names = [timeline.name for timeline in study.regimes]
    with style.styled():
        made = style.figure(3.2)
        (axes,) = style.grid(made, 1, 1, Margins(0.62, ROOM, 0.5, 0.45))
        title = outcome(name)
        style.heading(axes, f"{title[:1].upper()}{title[1:]}", unit)
        style.rule_y(axes)
        ends = []
        for line in lines:
            dress = style.dress(line.regime, names)
            axes.fill_between(line.x, line.low, line.high, color=dress.colour, alpha=0.15, lw=0)
            axes.plot(line.x, line.mean, marker=dress.marker, ms=3.5, color=dress.colour)
            ends.append(End(line.label, float(list(line.mean)[-1]), dress.colour))
        if axes.get_ylim()[0] < 0.0 < axes.get_ylim()[1]:
            axes.axhline(0.0, color=style.NEUTRAL, lw=0.9, zorder=1)
        axes.set_xlabel(across)
        style.label_ends(axes, ends)
    return made
