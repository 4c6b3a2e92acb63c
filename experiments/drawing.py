"""The main figure of an experiment: one of its report, or a difference over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from telling import find
from velfaerd_sim.analysis.sweep.answers import Answers
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import rendered
from velfaerd_sim.reporting.figures.of_sweep import wanted_figures
from velfaerd_sim.reporting.figures.style import End, Margins
from velfaerd_sim.reporting.pages.sweep import small_print
from velfaerd_sim.telling.sweep_words import Labels

OVER_TIME = "over_time"
ROOM = 2.2


def draw(wanted: Mapping[str, Any], answers: Answers) -> str:
    """Draw what the table [figure] of answer.toml asks for, as SVG. Raises VelfaerdError."""
    kind, outcome, labels = wanted["kind"], wanted["outcome"], Labels.of(answers)
    with style.styled():
        made = _over_time(outcome, answers, labels) if kind == OVER_TIME else None
        for name, of, work in wanted_figures(answers, labels):
            if (name, of) == (kind, outcome):
                made = work()
        if made is None:
            raise VelfaerdError(f"figure: the analysis has none of '{kind}' for {outcome}")
        style.small_print(made, f"{labels.outcome(outcome)} · {small_print(answers)}")
        return rendered(made, "main", wanted["shows"]).svg


def _over_time(name: str, answers: Answers, labels: Labels) -> Figure:
    """Differences to the baseline when read at different months, and at the end."""
    study = answers.study
    months = [*study.read_months, study.months]
    keys = [*(f"{name}.month_{month}" for month in study.read_months), name]
    tables = [find({"outcome": key}, answers, "contrasts").finding.table for key in keys]
    made = style.figure(3.1)
    (axes,) = style.grid(made, 1, 1, Margins(0.6, ROOM, 0.5, 0.6))
    baseline = labels.regime(labels.regimes[0])
    style.heading(axes, labels.outcome(name), f"difference from “{baseline}”, 95 % intervals")
    style.rule_y(axes)
    axes.axhline(0.0, color=style.NEUTRAL, lw=0.9, zorder=1)
    ends = []
    for regime in labels.regimes[1:]:
        found = [table[table["regime"] == regime].iloc[0] for table in tables]
        mean, low, high = (
            [float(row[f"difference{end}"]) for row in found] for end in ("", "_low", "_high")
        )
        dress = style.dress(regime, labels.regimes)
        axes.fill_between(months, low, high, color=dress.colour, alpha=0.15, lw=0)
        axes.plot(months, mean, marker=dress.marker, ms=3.5, color=dress.colour)
        ends.append(End(labels.regime(regime), mean[-1], dress.colour))
    axes.set_xticks(months)
    axes.set_xlabel("month")
    style.label_ends(axes, ends)
    return made
