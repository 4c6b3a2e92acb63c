"""Parts of the page of studies: comparisons, single runs, tables, how a study was made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import solara

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.map.view import outcomes_in_order
from velfaerd_sim.dashboard.parts.charts import Chart
from velfaerd_sim.dashboard.parts.controls import Select, Text
from velfaerd_sim.dashboard.parts.options import ChartLine, line_chart, rounded, with_axes
from velfaerd_sim.dashboard.parts.rows import height_of, rows_option
from velfaerd_sim.dashboard.parts.sheets import Alert, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.parts.units import measure_of
from velfaerd_sim.dashboard.studies import results as study_results
from velfaerd_sim.dashboard.studies.blocks import Report, answer_of, read, rest_of
from velfaerd_sim.dashboard.studies.folder import RecordFacts
from velfaerd_sim.dashboard.studies.labels import outcome_help
from velfaerd_sim.dashboard.studies.results import Course
from velfaerd_sim.dashboard.studies.state import StudiesState
from velfaerd_sim.errors import StorageError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome
from velfaerd_sim.reporting.figures.specifications import Axis, Sign, differences, sign_of
from velfaerd_sim.reporting.pages.blocks import Page
from velfaerd_sim.reporting.pages.comparison import page as page_of_results
from velfaerd_sim.telling.reading import load
from velfaerd_sim.telling.words import Words

LARGEST_SERIES_BYTES = 64 * 2**20
"""Reports of larger runs are not put together while somebody waits."""
WORLD_COLUMNS = ("low_90", "high_90", "share_positive", "share_negative")


def regime_labels(facts: RecordFacts, words: Words) -> dict[str, str]:
    """Short labels of the regimes of a study by name."""
    return {
        str(content.get("name", "")): study_results.regime_label(content, words.language)
        for content in facts.regimes
    }


def outcome_options(names: Sequence[str], words: Words) -> list[tuple[str, str]]:
    """Outcomes as options of a menu, those most asked for first."""
    known = [each for each in outcomes_in_order() if each.name in set(names)]
    return [(each.name, each.label(words.language)) for each in known]


def chosen_of(wanted: str, options: Sequence[tuple[str, str]]) -> str:
    """What is wanted where it is one of the options, else the first of them, or ''."""
    names = [name for name, _ in options]
    return wanted if wanted in names else names[0] if names else ""


def cell_text(value: object, words: Words) -> str:
    """A cell of any table as text: six digits of numbers, nothing where it is empty."""
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        try:
            number = float(value) if hasattr(value, "dtype") else None  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = None
        if number is None or isinstance(value, bool):
            return str(value)[:200]
        value = number
    if isinstance(value, int):
        return words.number(value)
    if not math.isfinite(value):
        return ""
    text = f"{value:.6g}"
    if "e" in text:
        return text
    return words.number(value, len(text.partition(".")[2]))


@solara.component
def NothingYet(facts: RecordFacts, words: Words) -> None:
    """A study that has nothing to show yet, and how to go on with it."""
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("not_done_yet"))
        Text("p", words("not_done_what"), classes=["vf-soft"])
        if facts.command:
            Text("div", facts.command, classes=["vf-code-line"])


def use_report(folder: Path, words: Words) -> Page | None:
    """The blocks of the report of a run or comparison; None where it is not done, or is large."""

    def make() -> Page | None:
        size = (folder / study_results.SERIES).stat().st_size
        return (
            None if size > LARGEST_SERIES_BYTES else page_of_results(load(folder, words.language))
        )

    def found() -> Page | None:
        with suppress(OSError):
            return read(make, words.language)[0]
        return None

    page: Page | None = solara.use_memo(found, [folder, words.language])
    return page


@solara.component
def Comparison(folder: Path, facts: RecordFacts, state: StudiesState, words: Words) -> None:
    """A comparison: differences with intervals, courses over time, all effects."""
    report = use_report(folder, words)
    ready = study_results.has(folder, study_results.EFFECTS)
    effects, problem = solara.use_memo(
        lambda: _read_effects(folder, ready, words.language), [folder, ready, words.language]
    )
    if problem:
        Alert(words("table_broken", message=problem))
        return
    if effects is None:
        NothingYet(facts, words)
        return
    labels = regime_labels(facts, words)
    options = outcome_options(list(effects["outcome"].unique()), words)
    name = chosen_of(state.chosen.value.outcome, options)
    if not name:
        NothingYet(facts, words)
        return
    outcome = OUTCOMES[INDEX[name]]
    baseline = str(facts.regimes[0].get("name", "")) if facts.regimes else ""
    if report is not None:
        Report(answer_of(report), folder, words)
    with solara.Div(classes=["vf-card", "vf-choose"]):
        Select(
            words("outcome"),
            name,
            options,
            lambda value: state.choose(outcome=value),
            words,
            help=outcome_help(name, words),
        )
    with solara.Div(classes=["vf-columns"]):
        with solara.Div(classes=["vf-card"]):
            part = effects[effects["outcome"] == name]
            _differences(part, outcome, labels, baseline, facts.over, words)
        with solara.Div(classes=["vf-card"]):
            Courses(folder, outcome, labels, baseline, state, words)
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("all_effects"))
        EffectsTable(effects, labels, words)
    if report is not None:
        Report(rest_of(report), folder, words, folded=True)


def _read_effects(folder: Path, ready: bool, language: str) -> tuple[pd.DataFrame | None, str]:
    if not ready:
        return None, ""
    try:
        return study_results.effects(folder), ""
    except StorageError as error:
        return None, told(error, language)


def _differences(
    part: pd.DataFrame,
    outcome: Outcome,
    labels: dict[str, str],
    baseline: str,
    over: str,
    words: Words,
) -> None:
    measure = measure_of(outcome, words, difference=True)
    rows = []
    for row in part.to_dict("records"):
        value, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
        rows.append((labels.get(str(row["regime"]), str(row["regime"])), value, low, high))
    rows.sort(key=lambda row: -row[1] if outcome.direction >= 0 else row[1])
    title = words("difference_to", baseline=labels.get(baseline, baseline))
    label = outcome.label(words.language)
    Text("h2", title)
    axis = Axis(words("axis_difference", unit=measure.name), measure.axis)
    shown = differences(title, axis, outcome.direction, rows, marked=label)
    Chart(rows_option(shown, words), f"{label}: {title}", height=height_of(len(rows)))
    note = words("difference_note", over=words(over))
    Text("p", f"{note} {words('each_alone')}", classes=["vf-small", "vf-soft"])


@solara.component
def Courses(
    folder: Path,
    outcome: Outcome,
    labels: dict[str, str],
    baseline: str,
    state: StudiesState,
    words: Words,
) -> None:
    """An outcome over time under the baseline and one other regime."""
    courses, problem = solara.use_memo(
        lambda: _read_courses(folder, outcome.name, words.language),
        [folder, outcome.name, words.language],
    )
    others = [(c.regime, labels.get(c.regime, c.regime)) for c in courses if c.regime != baseline]
    chosen = chosen_of(state.chosen.value.regime, others)
    measure = measure_of(outcome, words)
    Text("h2", words("course"))
    if problem or not courses:
        Text("p", words("table_broken", message=problem or words("not_done_yet")))
        return
    title = words("course_regime", baseline=labels.get(baseline, baseline))
    Select(title, chosen, others, lambda name: state.choose(regime=name), words)
    lines = []
    for course in courses:
        if course.regime in (baseline, chosen):
            colour = COLOURS["a" if course.regime == baseline else "b"]
            name = labels.get(course.regime, course.regime)
            lines.append(ChartLine(name, colour, course.mean, course.low, course.high))
    months = int(max(course.months[-1] for course in courses if len(course.months)))
    label = f"{outcome.label(words.language)}: {words('course')}"
    option = line_chart(lines, words, measure.axis, months=months)
    Chart(with_axes(option, "", measure.name), label, height="300px")
    Legend(lines)
    Text("p", words("course_note"), classes=["vf-small", "vf-soft"])


@solara.component
def Legend(lines: Sequence[ChartLine]) -> None:
    """Which line is which."""
    with solara.Div(classes=["vf-facts"]):
        for line in lines:
            with solara.Div(classes=["vf-line-key"]):
                style = f"background: {line.colour}"
                Text("i", "", attributes={"aria-hidden": "true", "style": style})
                Text("span", line.name)


def _read_courses(folder: Path, outcome: str, language: str) -> tuple[list[Course], str]:
    try:
        return study_results.courses(folder, outcome), ""
    except StorageError as error:
        return [], told(error, language)


@solara.component
def EffectsTable(effects: pd.DataFrame, labels: dict[str, str], words: Words) -> None:
    """Every effect with its interval, and where there are several worlds, how it differs there."""
    several = set(WORLD_COLUMNS) <= set(effects.columns)
    worlds = (
        SheetColumn(words("middle_worlds"), right=True, sort=False),
        SheetColumn(words("better_in"), right=True, wrap=True),
    )
    columns = (
        SheetColumn(words("outcome"), wrap=True),
        SheetColumn(words("regime"), wrap=True),
        SheetColumn(words("difference"), right=True),
        SheetColumn(words("interval"), right=True, sort=False),
        *(worlds if several else ()),
        SheetColumn(words("unit"), wrap=True),
        SheetColumn(words("judged")),
    )

    def rows() -> list[SheetRow]:
        given = enumerate(effects.to_dict("records"))
        return [_effect_row(str(number), row, labels, several, words) for number, row in given]

    Sheet(
        words("all_effects"),
        columns,
        solara.use_memo(rows, [id(effects), words]),
        words,
        search=words("search_effects"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height="420px",
    )


def _effect_row(
    key: str, row: Mapping[Any, Any], labels: Mapping[str, str], several: bool, words: Words
) -> SheetRow:
    """An effect: outcome, regime, difference, interval, worlds, unit, and how it is judged."""
    outcome = OUTCOMES[INDEX[str(row["outcome"])]]
    measure = measure_of(outcome, words, difference=True)
    scale = measure.scale

    def write(value: float) -> str:
        return words.number(scale.factor * value, scale.decimals, signed=True)

    def between(low: float, high: float) -> str:
        known = math.isfinite(low) and math.isfinite(high)
        return f"{write(low)} … {write(high)}" if known else ""

    value, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
    worlds: tuple[str, ...] = ()
    keys = {2: rounded([value])[0]}
    if several:
        least, most, above, below = (float(row[name]) for name in WORLD_COLUMNS)
        share = below if outcome.direction < 0 else above
        worlds = (between(least, most), words.percent(share, 0))
        keys[5] = share if math.isfinite(share) else None
    cells = (
        outcome.label(words.language),
        labels.get(str(row["regime"]), str(row["regime"])),
        write(value),
        between(low, high),
        *worlds,
        measure.name,
        words(judged(low, high, outcome.direction)),
    )
    return SheetRow(key, cells, keys, also=outcome.name)


def judged(low: float, high: float, direction: int) -> str:
    """The key of the word for an effect: better, worse, more, less, or not clear."""
    sign = sign_of(low, high, direction)
    if sign is Sign.CLEAR:
        return "is_more" if low > 0.0 else "is_less"
    return f"is_{sign.value}"


@solara.component
def SingleRun(folder: Path, facts: RecordFacts, state: StudiesState, words: Words) -> None:
    """A single run: an outcome over time."""
    report = use_report(folder, words)
    options = [(each.name, each.label(words.language)) for each in outcomes_in_order()]
    name = chosen_of(state.chosen.value.outcome, options)
    outcome = OUTCOMES[INDEX[name]]
    ready = study_results.has(folder, study_results.SERIES)

    def read() -> tuple[list[Course], str]:
        try:
            return (study_results.series(folder, name) if ready else []), ""
        except StorageError as error:
            return [], told(error, words.language)

    courses, problem = solara.use_memo(read, [folder, name, ready, words.language])
    if problem:
        Alert(words("table_broken", message=problem))
    if not courses:
        NothingYet(facts, words)
        return
    labels, measure = regime_labels(facts, words), measure_of(outcome, words)
    if report is not None:
        Report(answer_of(report), folder, words)
    with solara.Div(classes=["vf-card"]):
        Select(
            words("outcome"),
            name,
            options,
            lambda value: state.choose(outcome=value),
            words,
            help=outcome_help(name, words),
        )
        lines = [ChartLine(labels.get(c.regime, c.regime), COLOURS["b"], c.mean) for c in courses]
        months = int(max(course.months[-1] for course in courses))
        label = f"{outcome.label(words.language)}: {words('course')}"
        option = line_chart(lines, words, measure.axis, months=months)
        Chart(with_axes(option, "", measure.name), label, height="320px")
        Text("p", words("course_note_run"), classes=["vf-small", "vf-soft"])
    if report is not None:
        Report(rest_of(report), folder, words, folded=True)
