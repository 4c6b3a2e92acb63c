"""The tables of the report of a run or comparison: cells, their marks, parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from velfaerd_sim.inputs.parameters import PARAMETERS, Parameter
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES, Outcome
from velfaerd_sim.reporting.pages.blocks import Cell, Change, Column, Row, Table, row
from velfaerd_sim.telling.precision import each_alone
from velfaerd_sim.telling.results import Estimate, Results
from velfaerd_sim.telling.sources import source_in
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
"""Outcomes of a single run that are shown unfolded."""
UNDER_THEORIES = ("retention_12m", "motivation_mean", "lonely_share")
"""The outcomes that are shown under each theory."""
LEFT_OUT = ("lonely_years_averted_per_100_staff_hours",)
"""Outcomes of which a difference says nothing: this one is reckoned from the level of month 0, so
a regime with few hours looks bad by the drift that all regimes share. What is averted against the
baseline per 100 hours is shown instead."""
SOFT_HYPHEN = "\u00ad"
SIGNS = {"better": "▲", "worse": "▼", "differs": "●", "unclear": "≈"}
IMPORTANT_PARAMETERS = (
    "espoused_gap",
    "dialogue_hours_asked",
    "adults_per_staff",
    "promise_weight",
    "autonomy_from_influence",
    "autonomy_lost_to_rules",
    "influence_pace_from_dialogue",
    "leaving_log_odds",
    "leaving_motivation",
    "contact_effect",
    "companion_loss_effect",
    "contagion_strength",
    "life_event_probability",
    "outreach_rate",
)
"""The uncertain parameters that are shown unfolded; chosen by judgement."""


def mark_of(difference: Estimate, direction: int) -> str:
    """What a difference is, by its interval: '' where it has none."""
    if not difference.sure:
        return ""
    if not difference.clear:
        return "unclear"
    if direction == 0:
        return "differs"
    return "better" if difference.value * direction > 0.0 else "worse"


def level_cell(results: Results, name: str, regime: str) -> Cell:
    """The level of an outcome under a regime, with its interval."""
    style, level = results.difference_format(name, regime), results.level(name, regime)
    text, small = style.bare(level.value), style.interval(level.low, level.high)
    return Cell(text, small, look="level", key=level.value)


def change(results: Results, name: str, regime: str, words: Words) -> Change:
    """The difference of a regime to the baseline, and what it is."""
    if regime == results.baseline:
        return Change(words("mark_baseline"))
    style, found = results.difference_format(name, regime), results.difference(name, regime)
    mark = mark_of(found, OUTCOMES[INDEX[name]].direction)
    return Change(
        style.bare_difference(found.value),
        mark or "none",
        SIGNS.get(mark, ""),
        words(f"mark_{mark}") if mark else "",
        style.difference_interval(found.low, found.high),
    )


def definition(outcome: Outcome, words: Words) -> str:
    """What an outcome means, in the language of the report."""
    return words.known("outcomes", outcome.name, outcome.definition)


def _breakable(outcome: Outcome, words: Words) -> str:
    """An outcome's label, with places where its long words may be broken in a narrow column."""
    label = outcome.label(words.language)
    for word in words.lines("table_breaks"):
        label = label.replace(word.replace("|", ""), word.replace("|", SOFT_HYPHEN))
    return label


def overview(results: Results, words: Words, note: str) -> Table:
    """The regimes at a glance: level and difference of the main outcomes."""
    outcomes = results.known_outcomes(OVERVIEW)
    columns = [
        Column(_breakable(o, words), True, results.unit(o.name).column, definition(o, words))
        for o in outcomes
    ]
    rows = []
    for regime in results.order:
        cells = [
            replace(
                level_cell(results, o.name, regime), change=change(results, o.name, regime, words)
            )
            for o in outcomes
        ]
        look = "baseline" if regime == results.baseline else ""
        rows.append(row(results.label(regime), *cells, id=regime, look=look))
    head = Column(words("table_regime"))
    return Table(words("h_table"), (head, *columns), tuple(rows), note, "overview")


def all_outcomes(results: Results, words: Words, title: str) -> Table:
    """Every outcome: the baseline's level, and the differences of the other regimes to it."""
    others = results.order[1:]
    heads = [Column(words("table_outcome")), Column(results.short(results.baseline), True)]
    heads += [Column(results.short(regime), True) for regime in others]
    rows = []
    for o in results.known_outcomes(name for name in NAMES if name not in LEFT_OUT):
        head = Cell(o.label(words.language), results.unit(o.name).axis, title=definition(o, words))
        base = replace(level_cell(results, o.name, results.baseline), look="")
        rows.append(row(head, base, *(_difference(results, o.name, r, words) for r in others)))
    caption = words("all_outcomes_caption")
    if results.has_intervals:
        caption += " " + each_alone(words, len(rows) * len(others))
    return Table(title, tuple(heads), tuple(rows), caption, "wide")


def _difference(results: Results, name: str, regime: str, words: Words) -> Cell:
    found = change(results, name, regime, words)
    return Cell(change=found, small=found.title, key=results.difference(name, regime).value)


def theories(results: Results, words: Words) -> Table:
    """The differences under the model as it is and under each theory, by regime."""
    labels = {each.name: each.label(words.language) for each in results.study.theories}
    shown = [OUTCOMES[INDEX[name]] for name in UNDER_THEORIES]
    heads = [Column(words(f"table_{key}")) for key in ("theory", "regime")]
    heads += [Column(o.label(words.language), True, results.unit(o.name).column) for o in shown]
    rows = []
    for (name, regime), own in results.theories.groupby(["theory", "regime"], sort=False):
        found = own.set_index("outcome")[["difference", "ci_low", "ci_high"]]
        cells = []
        for outcome in shown:
            values = Estimate(*found.loc[[outcome.name]].to_numpy()[0].tolist())
            style = results.difference_format(outcome.name, str(regime))
            mark = mark_of(values, outcome.direction)
            small = style.difference_interval(values.low, values.high)
            told = words(f"mark_{mark}") if mark else ""
            text = style.bare_difference(values.value)
            change = Change(text, mark or "none", SIGNS.get(mark, ""), told, small)
            cells.append(Cell(change=change, small=small, key=values.value))
        label = labels.get(str(name), words("theory_none"))
        rows.append(row(label, results.label(str(regime)), *cells))
    return Table(words("h_theories"), tuple(heads), tuple(rows), words("theories_caption"), "wide")


def course(results: Results, words: Words, names: Sequence[str]) -> Table:
    """A single run: outcomes at the start and in the last year."""
    rows = []
    for name in names:
        outcome = OUTCOMES[INDEX[name]]
        style = results.unit(outcome.name)
        band = results.band(outcome.name, results.baseline)
        start = band.loc[band["month"] == 0, "mean"]
        first = float(start.iloc[0]) if len(start) else math.nan
        last = results.level(outcome.name, results.baseline).value
        head = Cell(outcome.label(words.language), title=definition(outcome, words))
        rows.append(row(head, style.axis, style.bare(first), style.bare(last), id=name))
    heads = [words(key) for key in ("table_outcome", "p_unit", "table_start", "table_end")]
    columns = tuple(Column(head, place > 1) for place, head in enumerate(heads))
    return Table(words("h_course"), columns, tuple(rows), words("table_caption_one"))


def course_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Outcomes of a single run that are shown unfolded, and the others."""
    return COURSE_FIRST, tuple(name for name in NAMES if name not in COURSE_FIRST)


def regimes(results: Results, words: Words) -> Table:
    """The regimes in plain words with their instruments; none for one that changes over time."""
    heads = [Column(words.name("instrument", name), turned=True) for name in INSTRUMENTS]
    rows = []
    for regime in results.order:
        own = results.words[regime]
        bars = [Cell(words.number(value, 2), bar=value) for value in own.instruments]
        rows.append(row(Cell(own.label, own.summary), *(bars or [Cell()]), id=regime))
    columns = (Column(words("table_regime")), *heads)
    note = words("instruments_caption")
    return Table(words("h_regimes"), columns, tuple(rows), note, "bars")


def sources(results: Results) -> tuple[tuple[str, str], ...]:
    """The regimes that have a source, and it."""
    known = (results.words[regime] for regime in results.order)
    return tuple((w.label, source_in(results.language, w.source)) for w in known if w.source)


def parameters(
    results: Results,
    words: Words,
    title: str,
    names: Sequence[str],
    ranges: Mapping[str, str] | None = None,
) -> Table:
    """Parameters in the order of the table; ranges: over worlds, of those that differ there."""
    used = results.study.scenario.parameter_values()
    rows = [
        _parameter_row(p, used.get(p.name, p.default), words, ranges or {})
        for p in PARAMETERS
        if p.name in names
    ]
    heads = [words(key) for key in ("p_name", "p_value", "p_unit", "p_range", "p_source")]
    columns = tuple(Column(head, place == 1) for place, head in enumerate(heads))
    return Table(title, columns, tuple(rows))


def _parameter_row(p: Parameter, value: float, words: Words, ranges: Mapping[str, str]) -> Row:
    usual = words("p_usual", default=words.plain(p.default)) if value != p.default else ""
    return row(
        Cell(p.label(words.language), name=p.name),
        Cell(ranges.get(p.name, words.plain(value)), small=usual, key=value),
        words.unit(p.unit),
        words.range(p.low, p.high),
        source_in(words.language, p.source),
        id=p.name,
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
