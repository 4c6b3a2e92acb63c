"""Parts of the page of studies: a sweep, analysed for one outcome at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.parts.charts import Chart
from velfaerd_sim.dashboard.parts.controls import Button, Select, Text
from velfaerd_sim.dashboard.parts.options import ChartLine, line_chart, with_axes, writer
from velfaerd_sim.dashboard.parts.rows import height_of, rows_option
from velfaerd_sim.dashboard.parts.sheets import Alert, Progress, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.dashboard.studies.answers import (
    DECIDING,
    SweepWords,
)
from velfaerd_sim.dashboard.studies.blocks import Report, rich
from velfaerd_sim.dashboard.studies.boxes import Boxes, More, axis_label
from velfaerd_sim.dashboard.studies.charts import is_even, picture_of
from velfaerd_sim.dashboard.studies.folder import Entry
from velfaerd_sim.dashboard.studies.labels import outcome_help, outcome_label
from velfaerd_sim.dashboard.studies.parts import NothingYet, chosen_of
from velfaerd_sim.dashboard.studies.state import StudiesState
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.reporting.figures.specifications import Axis, Scale
from velfaerd_sim.reporting.figures.sweep import (
    INDEX_LIMITS,
    SCALED,
    contrast_rows,
    sensitivity_rows,
)
from velfaerd_sim.reporting.pages import sweep as sweep_page
from velfaerd_sim.reporting.pages.blocks import Page
from velfaerd_sim.studies.sweep import sweeping
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.words import Words

MOST_ROWS = 16
"""Parameters of a chart, at most: the first, which are the largest."""
"""Sobol indices lie between 0 and 1; estimates may lie outside, and their intervals far outside."""


@solara.component_vue("../widgets/reversal_map.vue")
def _ReversalMap(
    label: str,
    picture: dict[str, Any],
    x_label: str,
    y_label: str,
    words: dict[str, str],
) -> None:
    """The map's template."""


GROUNDS = ("design", "cannot")
"""Sections of the report that stand below the charts."""


def columns_of(record: dict[str, Any]) -> list[str]:
    """The outcomes that a sweep keeps, as its columns name them, in the study's own order."""
    try:
        study = sweeping.study_of(record)
    except VelfaerdError:
        return []
    return [reading.column.partition(".")[2] for reading in study.readings]


@solara.component
def Sweep(folder: Path, entry: Entry, state: StudiesState, session: Session, words: Words) -> None:
    """A sweep: what its runs say of one outcome."""
    record = solara.use_memo(lambda: _record(folder), [folder])
    names = solara.use_memo(lambda: columns_of(record), [folder])
    options = [(name, outcome_label(name, words)) for name in names]
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
            help=outcome_help(outcome, words),
        )
    if job.key == key:
        Working(folder, entry, outcome, state, session, words)
    if answers is not None:
        Findings(answers, folder, state, words)


def _record(folder: Path) -> dict[str, Any]:
    try:
        return read_record(folder)
    except VelfaerdError:
        return {}


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

    if job.error is not None or job.stopped:
        if job.error is not None:
            message = told(job.error, words.language) if job.expected else words("unexpected")
            Alert(words("analysis_failed", message=message))
        with solara.Div(classes=["vf-card", "vf-row"]):
            Text("span", words("analysis_stopped", analyse=words("analyse")))
            Button(words("analyse"), again, primary=True)
        return
    with solara.Div(classes=["vf-card"]):
        text = words("analysing", share=words.percent(job.share, 0))
        Progress(text, job.share, words("cancel"), lambda: state.stop(session))


@solara.component
def Findings(answers: Answers, folder: Path, state: StudiesState, words: Words) -> None:
    """What the runs say: sentences, what decides, maps, boxes."""
    teller = solara.use_memo(lambda: SweepWords(answers, words), [id(answers), words])
    report = solara.use_memo(lambda: grounds_of(answers, teller.labels), [id(answers), words])
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("says"))
        Sentences(teller.short())
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
            Boxes(answers, teller, words)
    with solara.Div(classes=["vf-card"]):
        More(answers, teller, words)
    Report(report, folder, words, folded=True)


def grounds_of(answers: Answers, labels: Labels) -> Page:
    """Of the report: what was asked and varied, and what it cannot tell."""
    whole = sweep_page.page(answers, labels, "")
    return replace(whole, sections=tuple(one for one in whole.sections if one.id in GROUNDS))


@solara.component
def Sentences(told: Sequence[str]) -> None:
    """Sentences, one below the other."""
    with solara.Div(classes=["vf-told"], style={"margin-top": "8px"}):
        for text in told:
            rich("p", text, ["vf-told-one"])


def _scale_of(teller: SweepWords, outcome: str, difference: bool) -> Scale:
    shape = teller.labels.shape(outcome)
    share = shape.scale == 100.0
    percent = "\u00a0%" if teller.words.language == "da" else "%"
    suffix = percent if share and not difference else ""
    return Scale(shape.scale, 3 if shape.scale == 1.0 else 2, suffix, difference)


@solara.component
def SideBySide(one: AnalysisAnswer, teller: SweepWords, words: Words) -> None:
    """Differences to the baseline, means over the worlds."""
    baseline = teller.labels.regime(str(one.finding.table["regime"].iloc[0]))
    title = words("difference_to", baseline=baseline)
    Text("h2", words("side_by_side"))
    Text("p", f"{teller.outcome(one.outcome)}: {title}", classes=["vf-small", "vf-soft"])
    unit = words("axis_difference", unit=teller.unit_of(one.outcome))
    axis = Axis(unit, _scale_of(teller, one.outcome, True))
    shown = contrast_rows(one, teller.labels, axis, title)
    label = f"{words('side_by_side')}: {title}"
    Chart(rows_option(shown, words), label, height=height_of(len(shown.marks)))
    note = words("difference_note", over=words("over_points"))
    Text(
        "p", f"{note} {words('spread_note')} {words('each_alone')}", classes=["vf-small", "vf-soft"]
    )


@solara.component
def Decides(answers: Answers, teller: SweepWords, state: StudiesState, words: Words) -> None:
    """Bars of sensitivity: which parameters decide an outcome, or a difference in it."""
    found = [one for method in DECIDING for one in answers.of(method)]
    options = [
        (one.key, f"{teller.of_what(one)} · {words.name('method', one.method)}") for one in found
    ]
    key = chosen_of(state.chosen.value.of, options)
    one = next(each for each in found if each.key == key)
    Text("h2", words("decides"))
    Select(words("decides_of"), key, options, lambda value: state.choose(of=value), words)
    names = [str(name) for name in one.finding.table["parameter"].head(MOST_ROWS)]
    title = {"sobol": words("total"), "pawn": words("index")}.get(one.method, words("effect"))
    scale, unit = Scale(1.0, 2), words(f"axis_{one.method}")
    if one.method in SCALED:
        scale = _scale_of(teller, one.outcome, True)
        if one.method == "morris":
            scale = replace(scale, signed=False)
        unit = f"{unit}, {teller.unit_of(one.outcome)}"
    limits = INDEX_LIMITS if one.method == "sobol" else None
    axis = Axis(unit, scale, limits=limits)
    label = f"{words('decides')}: {teller.about(one)}"
    told_of = (label, title, words("spread_of" if one.method == "morris" else "alone"))
    shown = sensitivity_rows(one, teller.labels, names, axis, told_of)
    Chart(rows_option(shown, words), label, height=height_of(len(names)))
    Text(
        "p", f"{words(f'{one.method}_what')} {words('each_alone')}", classes=["vf-small", "vf-soft"]
    )


@solara.component
def Turns(answers: Answers, teller: SweepWords, state: StudiesState, words: Words) -> None:
    """A map of two parameters with the line where the ranking turns."""
    found = sorted(answers.of("map"), key=lambda one: not len(one.finding.table))
    options = []
    alike = len({one.factors for one in found}) == 1
    for one in found:
        regime, against = (teller.labels.regime(str(n)) for n in (one.regime, one.against))
        factors = " × ".join(teller.labels.factor(name) for name in one.factors)
        label = words("map_between", regime=regime, against=against)
        options.append((one.key, label if alike else f"{label}: {factors}"))
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
    key = "map_note" if len(one.finding.table) else "map_note_none"
    note = words(key, regime=regime, against=against)
    if is_even(one.finding.data["map"], teller.labels.factors):
        note = f"{note} {words('map_even')}"
    unit = teller.unit_of(one.outcome)
    Text("p", f"{outcome}, {unit}. {note}", classes=["vf-small", "vf-soft"])


def _turn_map(one: AnalysisAnswer, teller: SweepWords, words: Words) -> None:
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
            "keys": words("map_keys"),
            "language": words.language,
        },
    )


@solara.component
def Crossings(one: AnalysisAnswer, teller: SweepWords, words: Words) -> None:
    """Where the ranking turns, as a table."""
    made, table = one.finding.data["map"], one.finding.table
    if not len(table):
        return
    columns = (
        SheetColumn(axis_label(made.x_name, teller), right=True, wrap=True),
        SheetColumn(axis_label(made.y_name, teller), right=True, wrap=True),
        SheetColumn(words("interval"), right=True, sort=False),
    )
    rows = []
    for number, row in enumerate(table.to_dict("records")):
        x, y = float(row["x"]), float(row["y"])
        ends = (teller.number(float(row[key])) for key in ("y_low", "y_high"))
        cells = (teller.number(x), teller.number(y), " … ".join(ends))
        rows.append(SheetRow(str(number), cells, {0: x, 1: y}))
    with solara.Div(classes=["vf-tight"]):
        Text("h3", words("turn_places"))
        Sheet(words("turn_places"), columns, rows, words, height="380px")


@solara.component
def Responses(answers: Answers, teller: SweepWords, words: Words) -> None:
    """Differences along each factor of a grid."""
    found = [one for one in answers.of("response") if one.against]
    Text("h2", words("turns"))
    by_factor: dict[str, list[AnalysisAnswer]] = {}
    for one in found:
        by_factor.setdefault(one.factors[0], []).append(one)
    palette = (COLOURS["b"], "#00805d", "#b07900", "#882255", "#7b7a1e", COLOURS["a"])
    for factor, group in by_factor.items():
        Text("h3", words("line_of", factor=axis_label(factor, teller)))
        lines = []
        for number, one in enumerate(group):
            line = one.finding.data["line"]
            name = teller.labels.regime(str(one.regime))
            colour = palette[number % len(palette)]
            lines.append(ChartLine(name, colour, line.mean, line.low, line.high))
        scale = _scale_of(teller, group[0].outcome, True)
        option = along(line_chart(lines, words, scale, months=1, zero_line=True), group, words)
        unit = words("axis_difference", unit=teller.unit_of(group[0].outcome))
        option = with_axes(option, axis_label(factor, teller), unit)
        Chart(option, words("line_of", factor=axis_label(factor, teller)), height="270px")
    if found:
        baseline = teller.labels.regime(str(found[0].against))
        Text("p", words("line_note", baseline=baseline), classes=["vf-small", "vf-soft"])


def along(option: dict[str, Any], group: Sequence[AnalysisAnswer], words: Words) -> dict[str, Any]:
    """Put the lines of a chart along the values of a factor instead of months."""
    x = group[0].finding.data["line"].x
    for series in option["series"]:
        series["data"] = [[float(at), *row[1:]] for at, row in zip(x, series["data"], strict=True)]
    axis = {key: value for key, value in option["xAxis"].items() if key != "interval"}
    label = {key: v for key, v in axis["axisLabel"].items() if key != "formatter"}
    formatter = {"$number": writer(Scale(1.0, 3), words, trim=True)}
    label |= {"formatter": formatter}
    option["xAxis"] = axis | {"min": float(x.min()), "max": float(x.max()), "axisLabel": label}
    return option
