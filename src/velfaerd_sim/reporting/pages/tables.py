"""The tables of the report as plain rows for the template: cells, their marks, parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from velfaerd_sim.inputs.parameters import PARAMETERS, Parameter
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES, Outcome
from velfaerd_sim.telling.results import Estimate, Results
from velfaerd_sim.telling.sources import source_in
from velfaerd_sim.telling.texts import IMPORTANT_PARAMETERS, TEXTS, named
from velfaerd_sim.telling.words import Words

OVERVIEW = (
    "retention_12m",
    "motivation_mean",
    "volunteers_per_1000",
    "lonely_share",
    "lonely_reached_share",
    "staff_satisfaction_mean",
    "staff_hours_per_1000",
)
COURSE_FIRST = (
    *OVERVIEW,
    "joins",
    "leaves",
    "contact_hours_per_1000",
    "loneliness_mean",
    "dialogue_enacted_mean",
)
"""Outcomes of a single run that are shown unfolded, the first SHORT rows."""
SHORT = len(COURSE_FIRST)
LEFT_OUT = ("lonely_years_averted_per_100_staff_hours",)
"""Outcomes of which a difference says nothing: this one is reckoned from the level of month 0, so
a regime with few hours looks bad by the drift that all regimes share. What is averted against the
baseline per 100 hours is shown instead."""
SOFT_HYPHEN = "\u00ad"
SIGNS = {"better": "▲", "worse": "▼", "differs": "●", "unclear": "≈", "baseline": ""}


@dataclass(frozen=True)
class Cell:
    """One regime, one outcome: level and difference as written, and what the difference is.

    mark: 'better', 'worse', 'differs' (clear, where neither is better), 'unclear', 'baseline', or
    '' where there are no intervals.
    """

    level: str
    interval: str
    difference: str
    difference_interval: str
    mark: str

    @property
    def sign(self) -> str:
        """The mark as a character."""
        return SIGNS.get(self.mark, "")


@dataclass(frozen=True)
class Column:
    """A column of the overview: an outcome's label and its unit."""

    label: str
    unit: str
    definition: str


@dataclass(frozen=True)
class Row:
    """A row of the overview: a regime and its cells."""

    regime: str
    is_baseline: bool
    cells: tuple[Cell, ...]


def mark_of(difference: Estimate, direction: int) -> str:
    """What a difference is, by its interval."""
    if not difference.sure:
        return ""
    if not difference.clear:
        return "unclear"
    if direction == 0:
        return "differs"
    return "better" if difference.value * direction > 0.0 else "worse"


def cell(results: Results, name: str, regime: str) -> Cell:
    """The cell of one outcome under one regime."""
    style = results.difference_format(name, regime)
    level = results.level(name, regime)
    found = results.difference(name, regime)
    is_baseline = regime == results.baseline
    mark = "baseline" if is_baseline else mark_of(found, OUTCOMES[INDEX[name]].direction)
    return Cell(
        level=style.bare(level.value),
        interval=style.interval(level.low, level.high),
        difference="" if is_baseline else style.bare_difference(found.value),
        difference_interval="" if is_baseline else style.difference_interval(found.low, found.high),
        mark=mark,
    )


def definition(results: Results, outcome: Outcome) -> str:
    """What an outcome means, in the language of the report."""
    return TEXTS[results.language][f"definition_{outcome.name}"]


def _breakable(results: Results, outcome: Outcome) -> str:
    """An outcome's label, with places where its long words may be broken in a narrow column."""
    label = outcome.label(results.language)
    for word in Words(results.language, "report").lines("table_breaks"):
        label = label.replace(word.replace("|", ""), word.replace("|", SOFT_HYPHEN))
    return label


def overview(results: Results) -> tuple[list[Column], list[Row]]:
    """The regimes at a glance: columns and rows."""
    outcomes = results.known_outcomes(OVERVIEW)
    columns = [
        Column(_breakable(results, o), results.unit(o.name).column, definition(results, o))
        for o in outcomes
    ]
    rows = [
        Row(
            results.label(regime),
            regime == results.baseline,
            tuple(cell(results, o.name, regime) for o in outcomes),
        )
        for regime in results.order
    ]
    return columns, rows


def all_outcomes(results: Results) -> list[tuple[Column, Cell, list[Cell]]]:
    """Every outcome: its column, the baseline's cell, and the other regimes' cells in order."""
    return [
        (
            Column(o.label(results.language), results.unit(o.name).axis, definition(results, o)),
            cell(results, o.name, results.baseline),
            [cell(results, o.name, regime) for regime in results.order[1:]],
        )
        for o in results.known_outcomes(name for name in NAMES if name not in LEFT_OUT)
    ]


def course(results: Results) -> list[tuple[Column, str, str]]:
    """A single run: every outcome at the start and in the last year."""
    rows = []
    names = (*COURSE_FIRST, *(name for name in NAMES if name not in COURSE_FIRST))
    for name in names:
        outcome = OUTCOMES[INDEX[name]]
        style = results.unit(outcome.name)
        band = results.band(outcome.name, results.baseline)
        start = band.loc[band["month"] == 0, "mean"]
        first = float(start.iloc[0]) if len(start) else math.nan
        last = results.level(outcome.name, results.baseline).value
        column = Column(outcome.label(results.language), style.axis, definition(results, outcome))
        rows.append((column, style.bare(first), style.bare(last)))
    return rows


@dataclass(frozen=True)
class Bar:
    """One instrument of a regime: value as written and as a share of full use."""

    value: str
    share: float


@dataclass(frozen=True)
class RegimeRow:
    """A regime in plain words, with its instruments; empty for one that changes over time."""

    label: str
    summary: str
    source: str
    bars: tuple[Bar, ...]


def regimes(results: Results) -> list[RegimeRow]:
    """The regimes in the order of the report."""
    return [
        RegimeRow(
            words.label,
            words.summary,
            source_in(results.language, words.source),
            tuple(Bar(results.numerals.number(value, 2), value) for value in words.instruments),
        )
        for words in (results.words[regime] for regime in results.order)
    ]


def instrument_labels(texts: Mapping[str, str]) -> list[str]:
    """Names of the eight instruments for readers."""
    return [texts[f"i_{name}"] for name in INSTRUMENTS]


@dataclass(frozen=True)
class ParameterRow:
    """A parameter as shown: value used, usual value where another was used, range, source."""

    label: str
    name: str
    value: str
    default: str
    unit: str
    range: str
    role: str
    source: str


def parameter_rows(
    results: Results,
    names: list[str],
    ranges: Mapping[str, str] | None = None,
) -> list[ParameterRow]:
    """The parameters of these names in the order of the table; ranges: of those that differ."""
    used = results.study.scenario.parameter_values()
    rows = [_parameter_row(p, used, results) for p in PARAMETERS if p.name in names]
    known = ranges or {}
    return [replace(row, value=known.get(row.name, row.value)) for row in rows]


def _parameter_row(p: Parameter, used: Mapping[str, float], results: Results) -> ParameterRow:
    value, write = used.get(p.name, p.default), results.numerals
    return ParameterRow(
        label=p.label(results.language),
        name=p.name,
        value=write.plain(value),
        default="" if value == p.default else write.plain(p.default),
        unit=named(TEXTS[results.language], "unit", p.unit),
        range=write.range(p.low, p.high),
        role=p.role,
        source=source_in(results.language, p.source),
    )


def levers() -> list[str]:
    """Names of what governance decides."""
    return [p.name for p in PARAMETERS if p.role == "lever"]


def important() -> list[str]:
    """Names of the uncertain parameters that are shown unfolded."""
    return [name for name in IMPORTANT_PARAMETERS if name in {p.name for p in PARAMETERS}]


def changed(results: Results) -> list[str]:
    """Names of the parameters that the study set to another than the usual value."""
    used = results.study.scenario.parameter_values()
    return [p.name for p in PARAMETERS if used[p.name] != p.default]
