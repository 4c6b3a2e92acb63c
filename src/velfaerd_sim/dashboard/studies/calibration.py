"""A calibration in the page Studies: how many parameter sets are plausible, and how they fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.parts.charts import Chart
from velfaerd_sim.dashboard.parts.controls import Text
from velfaerd_sim.dashboard.parts.options import Option
from velfaerd_sim.dashboard.parts.rows import height_of, rows_option
from velfaerd_sim.dashboard.parts.sheets import Alert, Column, Number, Row, Sheet
from velfaerd_sim.dashboard.studies import evidence as study_evidence
from velfaerd_sim.dashboard.studies.evidence import SIX_ROUTES, Fit
from velfaerd_sim.dashboard.studies.folder import Facts
from velfaerd_sim.dashboard.studies.parts import NothingYet
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign
from velfaerd_sim.telling.words import Words

TARGETS, PARAMETERS = "tables/targets.csv", "tables/parameters.csv"
SHOWN = ("members", "plausible", "effective")
FARTHEST = 4.0
"""Half-widths of a published interval beyond which a chart cuts off."""
_PARAMETERS = ("parameter", "standing", "unit", "default", "spread")
_QUANTILES = ("posterior_05", "posterior_50", "posterior_95")


def numbers_of(record: dict[str, Any]) -> dict[str, float]:
    """The numbers of a calibration's record that are shown large, as far as they are numbers."""
    result = record.get("result")
    found: dict[str, float] = {}
    content = result if isinstance(result, dict) else {}
    for key in SHOWN:
        value = content.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = float(value)
    return found


def unreachable_of(record: dict[str, Any]) -> list[str]:
    """The targets that no parameter set reaches, by id."""
    result = record.get("result")
    missed = result.get("unreachable") if isinstance(result, dict) else None
    entries = missed if isinstance(missed, list) else []
    return [str(one["target"])[:80] for one in entries if isinstance(one, dict) and "target" in one]


@solara.component
def Calibrated(folder: Path, facts: Facts, record: dict[str, Any], page: Words) -> None:
    """A calibration."""
    words = Words(page.language, "studies", "evidence")
    numbers = numbers_of(record)

    def read() -> tuple[list[Fit], list[Row], int, str]:
        try:
            fits = study_evidence.fits_of(folder, TARGETS, words.language)
            frame = study_evidence.table_of(folder, PARAMETERS, (*_PARAMETERS, *_QUANTILES))
            return fits, study_evidence.parameter_rows(frame, words), len(frame), ""
        except VelfaerdError as error:
            return [], [], 0, told(error, words.language)

    fits, parameters, count, problem = solara.use_memo(read, [folder, words.language])
    if not numbers:
        NothingYet(facts, words)
        return
    if problem:
        Alert(words("table_broken", message=problem))
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("checks_head"))
        Found(numbers, fits, len(parameters), count, words)
        missed = unreachable_of(record)
        if missed:
            names = {one.id: one.label for one in fits}
            listed = words.listed([names.get(id, id) for id in missed])
            Text("p", words("unreachable", names=listed), classes=["vf-soft"])
    if fits:
        with solara.Div(classes=["vf-card"]):
            Text("h2", words("fit_head"))
            FitChart([one for one in fits if one.role == "fit"], words)
            Text("p", words("fit_note"), classes=["vf-small", "vf-soft"])
            FitTable(fits, words("fit_head"), words("middle_90"), words)
    if parameters:
        with solara.Div(classes=["vf-card"]):
            Text("h2", words("parameters_head"))
            note = words("parameters_note", count=words.number(count - len(parameters)))
            Text("p", note, classes=["vf-small", "vf-soft"])
            ParameterTable(parameters, words)


@solara.component
def Found(
    numbers: dict[str, float], fits: list[Fit], known: int, parameters: int, words: Words
) -> None:
    """The numbers of a calibration that are read at a glance."""
    fitted = [one for one in fits if one.role == "fit"]
    inside = sum(one.inside for one in fitted)
    members = words.number(numbers.get("members"))
    with solara.Div(classes=["vf-figures", "vf-figures-many"]):
        label = words("calibration_sets", members=members)
        Number(label, words.number(numbers.get("plausible")))
        if "effective" in numbers:
            Number(words("calibration_effective"), words.number(numbers["effective"]))
        if fitted:
            label = words("calibration_inside", fitted=words.number(len(fitted)))
            Number(label, words.number(inside))
        if parameters:
            label = words("calibration_known", parameters=words.number(parameters))
            Number(label, words.number(known))


@solara.component
def FitChart(fits: list[Fit], words: Words) -> None:
    """Figures on a ruler of their published intervals; the six-route table stands in the table."""
    shown = [one for one in fits if one.group != SIX_ROUTES]
    if not shown:
        return
    Text("h3", words("fit_chart"))
    Chart(fit_chart(shown, words), words("fit_chart"), height=height_of(len(shown)))
    Text("p", words("fit_chart_note"), classes=["vf-small", "vf-soft"])


def fit_chart(fits: list[Fit], words: Words) -> Option:
    """The chart: a row a figure, its median and middle nine tenths; the published interval shaded.

    What lies farther than the ends of the axis is drawn at them.
    """
    marks = []
    for one in fits:
        median, least, most = (
            max(-FARTHEST, min(FARTHEST, one.ruled(value)))
            for value in (one.median, one.least, one.most)
        )
        sign = Sign.INSIDE if one.inside else Sign.OUTSIDE
        marks.append(Mark(one.label, median, least, most, sign))
    axis = Axis(words("fit_axis"), Scale(1.0, 1), limits=(-FARTHEST, FARTHEST))
    shown = Rows(words("fit_chart"), axis, tuple(marks), words("median"), band=(-1.0, 1.0))
    return rows_option(shown, words)


@solara.component
def FitTable(fits: list[Fit], label: str, middle: str, words: Words) -> None:
    """The published figures, those that are missed first."""
    columns = (
        Column(words("figure"), wrap=True),
        Column(words("published"), right=True),
        Column(words("median"), right=True),
        Column(middle, right=True),
        Column(words("defaults"), right=True),
        Column(words("inside")),
        Column(words("used_for")),
        Column(words("unit"), wrap=True),
    )
    Sheet(
        label,
        columns,
        study_evidence.fit_rows(fits, words),
        words,
        search=words("search_figure"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height="460px",
    )


@solara.component
def ParameterTable(rows: list[Row], words: Words) -> None:
    """The parameters that the figures narrow, the most narrowed first."""
    columns = (
        Column(words("parameter"), wrap=True),
        Column(words("default"), right=True),
        Column(words("median"), right=True),
        Column(words("middle_90"), right=True),
        Column(words("spread"), right=True),
        Column(words("standing")),
        Column(words("unit"), wrap=True),
    )
    Sheet(
        words("parameters_head"),
        columns,
        rows,
        words,
        by=4,
        search=words("search_parameter"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height="460px",
    )
