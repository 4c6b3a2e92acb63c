"""Parts of the page of studies: comparisons, single runs, tables, how a study was made."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import solara

from velfaerd_sim.dashboard import study_folder, study_results
from velfaerd_sim.dashboard.charts import Chart, Line, line_chart, rounded
from velfaerd_sim.dashboard.controls import Select, Text
from velfaerd_sim.dashboard.map_view import outcomes_in_order
from velfaerd_sim.dashboard.sheets import Alert, Column, Row, Sheet
from velfaerd_sim.dashboard.study_charts import Dot, dot_chart, height_of, judged_colour
from velfaerd_sim.dashboard.study_folder import Facts
from velfaerd_sim.dashboard.study_results import Course
from velfaerd_sim.dashboard.study_state import StudiesState
from velfaerd_sim.dashboard.texts import Words
from velfaerd_sim.dashboard.theme import COLOURS
from velfaerd_sim.dashboard.units import measure_of
from velfaerd_sim.errors import StorageError, VelfaerdError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome

MOST_COLUMNS = 40


def regime_labels(facts: Facts, words: Words) -> dict[str, str]:
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


@solara.component
def NothingYet(facts: Facts, words: Words) -> None:
    """A study that has nothing to show yet, and how to go on with it."""
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("not_done_yet"))
        Text("p", words("not_done_what"), classes=["vf-soft"])
        if facts.command:
            Text("div", facts.command, classes=["vf-code-line"])


@solara.component
def Comparison(folder: Path, facts: Facts, state: StudiesState, words: Words) -> None:
    """A comparison: differences with intervals, courses over time, all effects."""
    ready = study_results.has(folder, study_results.EFFECTS)
    effects, problem = solara.use_memo(lambda: _read_effects(folder, ready), [folder, ready])
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
    with solara.Div(classes=["vf-card", "vf-choose"]):
        Select(
            words("outcome"),
            name,
            options,
            lambda value: state.choose(outcome=value),
            words,
            help=words("outcome_help", definition=outcome.definition),
        )
    with solara.Div(classes=["vf-columns"]):
        with solara.Div(classes=["vf-card"]):
            _differences(effects[effects["outcome"] == name], outcome, labels, baseline, words)
        with solara.Div(classes=["vf-card"]):
            Courses(folder, outcome, labels, baseline, state, words)
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("all_effects"))
        EffectsTable(effects, labels, words)


def _read_effects(folder: Path, ready: bool) -> tuple[pd.DataFrame | None, str]:
    if not ready:
        return None, ""
    try:
        return study_results.effects(folder), ""
    except StorageError as error:
        return None, str(error)


def _differences(
    part: pd.DataFrame, outcome: Outcome, labels: dict[str, str], baseline: str, words: Words
) -> None:
    measure = measure_of(outcome, words, difference=True)
    dots = []
    for row in part.to_dict("records"):
        low, high = float(row["ci_low"]), float(row["ci_high"])
        colour = judged_colour(low, high, outcome.direction)
        name = labels.get(str(row["regime"]), str(row["regime"]))
        dots.append(Dot(name, float(row["difference"]), low, high, colour))
    dots.sort(key=lambda dot: -dot.value if outcome.direction >= 0 else dot.value)
    title = words("difference_to", baseline=labels.get(baseline, baseline))
    Text("h2", title)
    option = dot_chart(dots, words, measure.axis, outcome.label(words.language))
    Chart(option, f"{outcome.label(words.language)}: {title}", height=height_of(len(dots)))
    note = words("difference_note", unit=measure.name)
    Text("p", note, classes=["vf-small", "vf-soft"])


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
        lambda: _read_courses(folder, outcome.name), [folder, outcome.name]
    )
    others = [(c.regime, labels.get(c.regime, c.regime)) for c in courses if c.regime != baseline]
    chosen = chosen_of(state.chosen.value.regime, others)
    measure = measure_of(outcome, words)
    Text("h2", words("course"))
    if problem or not courses:
        Text("p", words("table_broken", message=problem or words("not_done_yet")))
        return
    Select(words("course_regime"), chosen, others, lambda name: state.choose(regime=name), words)
    lines = []
    for course in courses:
        if course.regime in (baseline, chosen):
            colour = COLOURS["a" if course.regime == baseline else "b"]
            name = labels.get(course.regime, course.regime)
            lines.append(Line(name, colour, course.mean, course.low, course.high))
    months = int(max(course.months[-1] for course in courses if len(course.months)))
    label = f"{outcome.label(words.language)}: {words('course')}"
    Chart(line_chart(lines, words, measure.axis, months=months), label, height="240px")
    Text("p", words("course_note", unit=measure.name), classes=["vf-small", "vf-soft"])


def _read_courses(folder: Path, outcome: str) -> tuple[list[Course], str]:
    try:
        return study_results.courses(folder, outcome), ""
    except StorageError as error:
        return [], str(error)


@solara.component
def EffectsTable(effects: pd.DataFrame, labels: dict[str, str], words: Words) -> None:
    """Every effect with its interval."""
    columns = (
        Column(words("outcome")),
        Column(words("regime")),
        Column(words("difference"), right=True),
        Column(words("interval"), right=True, sort=False),
        Column(words("judged")),
    )

    def rows() -> list[Row]:
        found = []
        for number, row in enumerate(effects.to_dict("records")):
            outcome = OUTCOMES[INDEX[str(row["outcome"])]]
            measure = measure_of(outcome, words, difference=True)
            value, low, high = (float(row[key]) for key in ("difference", "ci_low", "ci_high"))
            between = f"{measure.text(low, words)} … {measure.text(high, words)}"
            cells = (
                outcome.label(words.language),
                labels.get(str(row["regime"]), str(row["regime"])),
                measure.text(value, words),
                between if math.isfinite(low) and math.isfinite(high) else "",
                words(judged(low, high, outcome.direction)),
            )
            found.append(Row(str(number), cells, {2: rounded([value])[0]}, also=outcome.name))
        return found

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


def judged(low: float, high: float, direction: int) -> str:
    """The key of the word for an effect: better, worse, more, less, or not clear."""
    if not (low > 0.0 or high < 0.0):
        return "is_unclear"
    if direction == 0:
        return "is_more" if low > 0.0 else "is_less"
    return "is_better" if (low > 0.0) == (direction > 0) else "is_worse"


@solara.component
def SingleRun(folder: Path, facts: Facts, state: StudiesState, words: Words) -> None:
    """A single run: an outcome over time."""
    options = [(each.name, each.label(words.language)) for each in outcomes_in_order()]
    name = chosen_of(state.chosen.value.outcome, options)
    outcome = OUTCOMES[INDEX[name]]
    ready = study_results.has(folder, study_results.SERIES)

    def read() -> tuple[list[Course], str]:
        try:
            return (study_results.series(folder, name) if ready else []), ""
        except StorageError as error:
            return [], str(error)

    courses, problem = solara.use_memo(read, [folder, name, ready])
    if problem:
        Alert(words("table_broken", message=problem))
    if not courses:
        NothingYet(facts, words)
        return
    labels, measure = regime_labels(facts, words), measure_of(outcome, words)
    with solara.Div(classes=["vf-card"]):
        Select(
            words("outcome"),
            name,
            options,
            lambda value: state.choose(outcome=value),
            words,
            help=words("outcome_help", definition=outcome.definition),
        )
        lines = [Line(labels.get(c.regime, c.regime), COLOURS["b"], c.mean) for c in courses]
        months = int(max(course.months[-1] for course in courses))
        label = f"{outcome.label(words.language)}: {words('course')}"
        Chart(line_chart(lines, words, measure.axis, months=months), label, height="280px")
        Text("p", words("course_note_run", unit=measure.name), classes=["vf-small", "vf-soft"])


@solara.component
def Tables(folder: Path, state: StudiesState, words: Words) -> None:
    """Any table of a study, its first rows."""
    names = study_folder.tables_in(folder)
    wanted = state.chosen.value.table
    options = [("", words("choose_table")), *((name, name) for name in names)]
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("tables"))
        if not names:
            Text("p", words("no_tables"), classes=["vf-soft"])
            return
        with solara.Div(style={"max-width": "640px", "margin": "8px 0"}):
            Select(
                words("table"),
                wanted if wanted in names else "",
                options,
                lambda name: state.choose(table=name),
                words,
            )
        if wanted:
            OneTable(folder, wanted, words)


@solara.component
def OneTable(folder: Path, name: str, words: Words) -> None:
    """The first rows of a table."""

    def read() -> tuple[study_folder.Table | None, str]:
        try:
            return study_folder.table_of(folder, name), ""
        except VelfaerdError as error:
            return None, str(error)

    table, problem = solara.use_memo(read, [folder, name])
    if table is None:
        Alert(words("table_broken", message=problem))
        return
    frame = table.frame.iloc[:, :MOST_COLUMNS]
    shown, count = words.number(len(frame)), words.number(table.rows)
    note = words("rows_all", count=shown)
    if table.rows < 0:
        note = words("rows_first_of_many", shown=shown)
    elif table.rows > len(frame):
        note = words("rows_first", shown=shown, count=count)
    numeric = [pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns]
    columns = [
        Column(str(column), right=right)
        for column, right in zip(frame.columns, numeric, strict=True)
    ]
    rows = [
        Row(
            str(number),
            [cell_text(value, words) for value in values],
            {k: _key(value) for k, value in enumerate(values) if numeric[k]},
        )
        for number, values in enumerate(frame.itertuples(index=False, name=None))
    ]
    Text("p", note, classes=["vf-small", "vf-soft"])
    Sheet(name, columns, rows, words, empty=words("no_tables"), height="420px")


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


def _key(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


@solara.component
def About(facts: Facts, record: dict[str, Any], words: Words) -> None:
    """How a study was made, and what its record says was found."""
    labels = regime_labels(facts, words)
    seconds = words("seconds", count=words.number(facts.seconds, 1)) if facts.seconds else ""
    rows = (
        (words("command"), facts.command),
        (words("regimes_of"), ", ".join(labels.values())),
        (words("version"), f"velfaerd_sim {facts.version}" if facts.version else ""),
        (words("fingerprint"), facts.fingerprint),
        (words("started"), facts.started),
        (words("finished"), facts.finished),
        (words("took"), seconds),
    )
    result = record.get("result")
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("about_study"))
        with solara.Div(classes=["vf-kv"], style={"margin-top": "8px"}):
            for key, value in rows:
                if value:
                    Text("dt", key)
                    Text("dd", value)
            if isinstance(result, dict):
                for key, value in result.items():
                    Text("dt", str(key)[:60])
                    Text("dd", json.dumps(value, ensure_ascii=False)[:400])
