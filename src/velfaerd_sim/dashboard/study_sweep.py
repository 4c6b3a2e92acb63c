"""Parts of the page of studies: a sweep, analysed for one outcome at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import solara

from velfaerd_sim.analysis.answers import MAIN_OUTCOMES, NAMES_OF_METHODS, Answer, Answers
from velfaerd_sim.dashboard import study_folder
from velfaerd_sim.dashboard.charts import Chart, Line, Scale, line_chart
from velfaerd_sim.dashboard.controls import Button, Select, Text
from velfaerd_sim.dashboard.session import Session
from velfaerd_sim.dashboard.sheets import Alert, Column, Progress, Row, Sheet
from velfaerd_sim.dashboard.study_answers import DECIDING, SIZES, Teller, Told
from velfaerd_sim.dashboard.study_charts import (
    UNCLEAR,
    Dot,
    dot_chart,
    height_of,
    judged_colour,
    picture_of,
)
from velfaerd_sim.dashboard.study_folder import Entry
from velfaerd_sim.dashboard.study_parts import NothingYet, chosen_of
from velfaerd_sim.dashboard.study_state import StudiesState
from velfaerd_sim.dashboard.texts import Words
from velfaerd_sim.dashboard.theme import COLOURS
from velfaerd_sim.dashboard.units import measure_of
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.studies import sweeping

MOST_ROWS = 16
"""Parameters of a chart, at most: the first, which are the largest."""
MOST_BOXES = 8
INDEX_LIMITS = (-0.25, 1.25)
"""Sobol indices lie between 0 and 1; estimates may lie outside, and their intervals far outside."""


@solara.component_vue("widgets/reversal_map.vue")
def _ReversalMap(
    label: str,
    picture: dict[str, Any],
    x_label: str,
    y_label: str,
    words: dict[str, str],
) -> None:
    """The map's template."""


def columns_of(record: dict[str, Any]) -> list[str]:
    """The outcomes that a sweep keeps, as its columns name them, the main ones first."""
    try:
        study = sweeping.study_of(record)
    except VelfaerdError:
        return []
    names = [reading.column.partition(".")[2] for reading in study.readings]
    first = [name for name in MAIN_OUTCOMES if name in names]
    return first + [name for name in names if name not in first]


@solara.component
def Sweep(folder: Path, entry: Entry, state: StudiesState, session: Session, words: Words) -> None:
    """A sweep: what its runs say of one outcome."""
    record = solara.use_memo(lambda: _record(folder), [folder])
    names = solara.use_memo(lambda: columns_of(record), [folder])
    options = [(name, column_label(name, words)) for name in names]
    outcome = chosen_of(state.chosen.value.outcome, options)
    key = (entry.name, outcome)
    answers, job = state.answers.get(key), state.job.value

    def begin() -> None:
        if outcome and entry.done and answers is None and job.key != key:
            state.analyse(session, folder, entry.name, outcome)

    solara.use_effect(begin, [key, entry.done > 0])
    if not outcome or not entry.done:
        NothingYet(study_folder.facts_of(record), words)
        return
    with solara.Div(classes=["vf-card", "vf-choose"]):
        Select(
            words("outcome"),
            outcome,
            options,
            lambda name: state.choose(outcome=name, of="", map=""),
            words,
            help=words("outcome_help", definition=definition_of(outcome)),
        )
    if job.key == key:
        Working(folder, entry, outcome, state, session, words)
    if answers is not None:
        Findings(answers, state, words)


def _record(folder: Path) -> dict[str, Any]:
    try:
        return study_folder.read_record(folder)
    except VelfaerdError:
        return {}


def column_label(column: str, words: Words) -> str:
    """An outcome's label, with the month that it is read at."""
    name, _, month = column.partition(".month_")
    label = OUTCOMES[INDEX[name]].label(words.language) if name in INDEX else name
    return f"{label}, {words('month')} {month}" if month else label


def definition_of(column: str) -> str:
    """What an outcome is."""
    name = column.partition(".month_")[0]
    return OUTCOMES[INDEX[name]].definition if name in INDEX else name


@solara.component
def Working(
    folder: Path,
    entry: Entry,
    outcome: str,
    state: StudiesState,
    session: Session,
    words: Words,
) -> None:
    """The analysis that is under way, was stopped, or failed."""
    job = state.job.value

    def again() -> None:
        state.analyse(session, folder, entry.name, outcome)

    if job.error or job.stopped:
        if job.error:
            message = job.error if job.expected else words("unexpected")
            Alert(words("analysis_failed", message=message))
        with solara.Div(classes=["vf-card", "vf-row"]):
            Text("span", words("analysis_stopped", analyse=words("analyse")))
            Button(words("analyse"), again, primary=True)
        return
    with solara.Div(classes=["vf-card"]):
        text = words("analysing", share=words.percent(job.share, 0))
        Progress(text, job.share, words("cancel"), lambda: state.stop(session))


@solara.component
def Findings(answers: Answers, state: StudiesState, words: Words) -> None:
    """What the runs say: sentences, what decides, maps, boxes."""
    teller = solara.use_memo(lambda: Teller(answers, words), [id(answers), words])
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("says"))
        Sentences(teller.summary(), words)
    with solara.Div(classes=["vf-columns"]):
        if any(len(one.finding.table) > 1 for one in answers.of("contrasts")):
            with solara.Div(classes=["vf-card"]):
                SideBySide(answers.of("contrasts")[0], teller, words)
        if any(answers.of(method) for method in DECIDING):
            with solara.Div(classes=["vf-card"]):
                Decides(answers, teller, state, words)
    if answers.of("map"):
        with solara.Div(classes=["vf-card"]):
            Turns(answers, teller, state, words)
    elif answers.of("response"):
        with solara.Div(classes=["vf-card"]):
            Responses(answers, teller, words)
    if answers.of("prim"):
        with solara.Div(classes=["vf-card"]):
            Boxes(teller, words)
    with solara.Div(classes=["vf-card"]):
        More(answers, teller, words)


@solara.component
def Sentences(told: Sequence[Told], words: Words) -> None:
    """Sentences, one below the other."""
    with solara.Div(classes=["vf-told"], style={"margin-top": "8px"}):
        for one in told:
            Text("p", one.text, classes=["vf-told-one", *(["vf-told-weak"] if one.weak else [])])
    if any(one.weak for one in told):
        Text("p", words("weak_note"), classes=["vf-small", "vf-soft"])


def _scale_of(teller: Teller, outcome: str, difference: bool) -> Scale:
    shape = teller.labels.shape(outcome)
    share = shape.scale == 100.0
    suffix = "%" if share and not difference else ""
    return Scale(shape.scale, 3 if shape.scale == 1.0 else 2, suffix, difference)


@solara.component
def SideBySide(one: Answer, teller: Teller, words: Words) -> None:
    """Differences to the baseline, means over the worlds."""
    table, direction = one.finding.table, teller.labels.direction(one.outcome)
    baseline = teller.labels.regime(str(table["regime"].iloc[0]))
    dots = []
    for row in table.iloc[1:].to_dict("records"):
        low, high = float(row["difference_low"]), float(row["difference_high"])
        colour = judged_colour(low, high, direction)
        name = teller.labels.regime(str(row["regime"]))
        dots.append(Dot(name, float(row["difference"]), low, high, colour))
    title = words("difference_to", baseline=baseline)
    Text("h2", words("side_by_side"))
    Text("p", f"{teller.outcome(one.outcome)}: {title}", classes=["vf-small", "vf-soft"])
    option = dot_chart(dots, words, _scale_of(teller, one.outcome, True), title)
    Chart(option, f"{words('side_by_side')}: {title}", height=height_of(len(dots)))
    unit = measure_name(teller, one.outcome, words)
    Text("p", words("difference_note", unit=unit), classes=["vf-small", "vf-soft"])


def measure_name(teller: Teller, outcome: str, words: Words) -> str:
    """The unit of a difference in an outcome, in words."""
    name = outcome.partition(".month_")[0]
    if name not in INDEX:
        return teller.labels.shape(outcome).difference_axis
    return measure_of(OUTCOMES[INDEX[name]], words, difference=True).name


@solara.component
def Decides(answers: Answers, teller: Teller, state: StudiesState, words: Words) -> None:
    """Bars of sensitivity: which parameters decide an outcome, or a difference in it."""
    found = [one for method in DECIDING for one in answers.of(method)]
    options = [(one.key, f"{words(f'method_{one.method}')}: {teller.about(one)}") for one in found]
    key = chosen_of(state.chosen.value.of, options)
    one = next(each for each in found if each.key == key)
    Text("h2", words("decides"))
    Select(words("decides_of"), key, options, lambda value: state.choose(of=value), words)
    rows = one.finding.table.head(MOST_ROWS).to_dict("records")
    size = SIZES[one.method]
    dots = [_sensitivity_dot(one, row, size, teller) for row in rows]
    hollow = None
    if one.method == "sobol":
        second = [_sensitivity_dot(one, row, "first", teller) for row in rows]
        hollow = (words("alone"), second)
    title = {"sobol": words("total"), "pawn": words("index")}.get(one.method, words("effect"))
    scale = Scale(1.0, 2)
    if one.method in ("morris", "one_at_a_time"):
        scale = _scale_of(teller, one.outcome, one.method == "one_at_a_time")
    limits = INDEX_LIMITS if one.method == "sobol" else None
    option = dot_chart(dots, words, scale, title, hollow, limits)
    Chart(option, f"{words('decides')}: {teller.about(one)}", height=height_of(len(dots)))
    Text("p", words(f"{one.method}_what"), classes=["vf-small", "vf-soft"])


def method_name(one: Answer) -> str:
    """The name of an analysis."""
    return NAMES_OF_METHODS[one.method]


def _sensitivity_dot(one: Answer, row: dict[Any, Any], size: str, teller: Teller) -> Dot:
    plain = one.method in ("pawn", "one_at_a_time", "morris")
    low_key, high_key = ("low", "high") if plain else (f"{size}_low", f"{size}_high")
    if one.method == "morris" and low_key not in row:
        low_key, high_key = f"{size}_low", f"{size}_high"
    role = str(row.get("role", ""))
    sure = role in ("decides", "influential", "shown", "matters")
    return Dot(
        teller.labels.factor(str(row["parameter"])),
        float(row[size]),
        float(row.get(low_key, np.nan)),
        float(row.get(high_key, np.nan)),
        COLOURS["accent"] if sure else UNCLEAR,
    )


@solara.component
def Turns(answers: Answers, teller: Teller, state: StudiesState, words: Words) -> None:
    """A map of two parameters with the line where the ranking turns."""
    found = answers.of("map")
    options = []
    for one in found:
        regime, against = (teller.labels.regime(str(n)) for n in (one.regime, one.against))
        factors = " × ".join(teller.labels.factor(name) for name in one.factors)
        options.append((one.key, f"{regime} – {against}: {factors}"))
    key = chosen_of(state.chosen.value.map, options)
    one = next(each for each in found if each.key == key)
    regime, against = (teller.labels.regime(str(name)) for name in (one.regime, one.against))
    Text("h2", words("turns"))
    if len(options) > 1:
        Select(words("map_of"), key, options, lambda value: state.choose(map=value), words)
    outcome = teller.outcome(one.outcome)
    with solara.Div(classes=["vf-turn-row"]):
        _turn_map(one, teller, words)
        Crossings(one, teller, words)
    note = words("map_note", regime=regime, against=against)
    unit = measure_name(teller, one.outcome, words)
    Text("p", f"{outcome}, {unit}. {note}", classes=["vf-small", "vf-soft"])


def _turn_map(one: Answer, teller: Teller, words: Words) -> None:
    made = one.finding.data["map"]
    regime, against = (teller.labels.regime(str(name)) for name in (one.regime, one.against))
    x, y = (axis_label(name, teller) for name in (made.x_name, made.y_name))
    outcome = teller.outcome(one.outcome)
    _ReversalMap(
        label=words("map_label", outcome=outcome, regime=regime, against=against, x=x, y=y),
        picture=picture_of(
            made, teller.labels.factors, words, _scale_of(teller, one.outcome, True)
        ),
        x_label=x,
        y_label=y,
        words={
            "worse": words("worse_short"),
            "better": words("better_short"),
            "unclear": words("unclear_short"),
            "hover": words("hover_cell"),
            "language": words.language,
        },
    )


@solara.component
def Crossings(one: Answer, teller: Teller, words: Words) -> None:
    """Where the ranking turns, as a table."""
    made, table = one.finding.data["map"], one.finding.table
    if not len(table):
        return
    columns = (
        Column(axis_label(made.x_name, teller), right=True, wrap=True),
        Column(axis_label(made.y_name, teller), right=True, wrap=True),
        Column(words("interval"), right=True, sort=False),
    )
    rows = []
    for number, row in enumerate(table.to_dict("records")):
        x, y = float(row["x"]), float(row["y"])
        ends = (teller.number(float(row[key])) for key in ("y_low", "y_high"))
        cells = (teller.number(x), teller.number(y), " … ".join(ends))
        rows.append(Row(str(number), cells, {0: x, 1: y}))
    with solara.Div(classes=["vf-tight"]):
        Text("h3", words("turn_places"))
        Sheet(words("turn_places"), columns, rows, words, height="380px")


def axis_label(name: str, teller: Teller) -> str:
    """A factor's label with its unit."""
    label, unit = teller.labels.factor(name), teller.labels.unit(name)
    return f"{label} ({unit})" if unit and teller.words.language == "en" else label


@solara.component
def Responses(answers: Answers, teller: Teller, words: Words) -> None:
    """Differences along each factor of a grid."""
    found = [one for one in answers.of("response") if one.against]
    Text("h2", words("turns"))
    by_factor: dict[str, list[Answer]] = {}
    for one in found:
        by_factor.setdefault(one.factors[0], []).append(one)
    palette = (COLOURS["b"], COLOURS["loss"], COLOURS["gain"], "#7a4b9a", "#7b6a00", COLOURS["a"])
    for factor, group in by_factor.items():
        Text("h3", words("line_of", factor=axis_label(factor, teller)))
        lines = []
        for number, one in enumerate(group):
            line = one.finding.data["line"]
            name = teller.labels.regime(str(one.regime))
            colour = palette[number % len(palette)]
            lines.append(Line(name, colour, line.mean, line.low, line.high))
        scale = _scale_of(teller, group[0].outcome, True)
        option = along(line_chart(lines, words, scale, months=1, zero_line=True), group)
        Chart(option, words("line_of", factor=axis_label(factor, teller)), height="220px")
    if found:
        baseline = teller.labels.regime(str(found[0].against))
        Text("p", words("line_note", baseline=baseline), classes=["vf-small", "vf-soft"])


def along(option: dict[str, Any], group: Sequence[Answer]) -> dict[str, Any]:
    """Put the lines of a chart along the values of a factor instead of months."""
    x = group[0].finding.data["line"].x
    for series in option["series"]:
        series["data"] = [[float(at), *row[1:]] for at, row in zip(x, series["data"], strict=True)]
    axis = {key: value for key, value in option["xAxis"].items() if key != "interval"}
    option["xAxis"] = axis | {"min": float(x.min()), "max": float(x.max())}
    return option


@solara.component
def Boxes(teller: Teller, words: Words) -> None:
    """The discovered boxes: sentences, and the part of each range they hold."""
    Text("h2", words("boxes"))
    for answer, told in teller.boxes()[:MOST_BOXES]:
        weak = ["vf-told-weak"] if told.weak else []
        with solara.Div(style={"margin-top": "12px"}):
            Text("p", told.text, classes=["vf-told-one", *weak])
            if len(answer.finding.table):
                Ranges(answer, teller, words)


@solara.component
def Ranges(answer: Answer, teller: Teller, words: Words) -> None:
    """The part of each parameter's range that lies in a box."""
    Text("p", words("box_ranges"), classes=["vf-small", "vf-soft"])
    with solara.Div(classes=["vf-ranges"]):
        for row in answer.finding.table.to_dict("records"):
            first, last = float(row["range_low"]), float(row["range_high"])
            width = (last - first) or 1.0
            start, end = (100.0 * (float(row[key]) - first) / width for key in ("low", "high"))
            Text("span", teller.labels.factor(str(row["parameter"])))
            with solara.Div():
                with solara.Div(classes=["vf-range"]):
                    Text("i", "", attributes={"style": f"left:{start:.2f}%;right:{100 - end:.2f}%"})
                with solara.Div(classes=["vf-range-ends"]):
                    digits = max(0, 1 - math.floor(math.log10(width)))
                    Text("span", words.number(first, digits))
                    Text("span", words.number(last, digits))


@solara.component
def More(answers: Answers, teller: Teller, words: Words) -> None:
    """All analyses as they were written, folded away."""
    shown, set_shown = solara.use_state(False)
    with solara.Div(classes=["vf-heading"]):
        Text("h2", words("more_answers"))
        Button("−" if shown else "+", lambda: set_shown(not shown), title=words("more_answers"))
    if not shown:
        return
    Text("p", words("more_answers_note"), classes=["vf-small", "vf-soft"])
    with solara.Div(attributes={"lang": "en"}):
        for one in answers.answers:
            Text("h3", f"{method_name(one)} · {teller.about(one)}")
            Text("p", teller.plain(one.finding.sentence), classes=["vf-intro"])
        for missing in answers.not_done:
            Text("p", f"{NAMES_OF_METHODS[missing.method]}: {missing.reason}", classes=["vf-soft"])
