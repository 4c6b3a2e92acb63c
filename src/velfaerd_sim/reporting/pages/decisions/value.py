"""The page of a study of the value of information: what to measure next, and what not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.inputs.surveys import LASTING
from velfaerd_sim.inputs.targets import NORMAL_95
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.decisions.value import value_rows
from velfaerd_sim.reporting.figures.drawing import dot, labelled_rows, wrapped
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Figure,
    Page,
    Row,
    Section,
    Sentences,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.frame import again, answer, made_with, page_of, section
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.value.valuing import Valuation, load_valuation
from velfaerd_sim.telling.short.deciding import of_value
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import Words

FILES = ("evidence", "value")
"""Catalogue files of the page."""
MOST_ROWS = 20
"""Rows that are printed; all stand in value.parquet."""


def write_value_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the page of a study in a folder; gives its path. It takes no time to be told of.

    Raises InputError where the study tells nothing yet, StorageError where the disk fails.
    """
    study = load_valuation(folder)
    tell = ValueTeller(study, Words(language, *FILES))
    return write_page(Path(folder), page(study, language), drawn(tell), brief)


def page(study: Valuation, language: str = "en") -> Page:
    """The page of a study."""
    words = Words(language, *FILES)
    tell, record = ValueTeller(study, words), study.study
    meta = [words.count(len(study.decision.worlds), "worlds_of"), study.decision.source["name"]]
    how = Sentences(tuple((words(f"{key}_head"), words(key)) for key in _HOW), "limits")
    sections = [
        answer(words, of_value(tell)),
        section("more", words("short.more"), listed(tell.sentences())),
        section("value", words("figure_head"), Figure("value", words("figure_caption"))),
        _values(tell),
        _surveys(tell),
        section("how", words("how_head"), how),
        again(words, [record["command"]], words("again_workers"), made_with(words, record)),
    ]
    title, eyebrow = words("title"), words("eyebrow")
    return page_of(words, record, title, eyebrow, meta, sections, words("report_conditional"))


_HOW = ("how_value", "how_error", "how_hours", "how_survey", "how_worlds")


def _values(tell: ValueTeller) -> Section:
    words, form = tell.words, tell.format
    heads = ("col_what", "col_kind", "col_value", "interval", "col_hours", "col_told")
    ordered = tell.table.sort_values("value", ascending=False, kind="stable")
    rows = tuple(_row(tell, each) for each in ordered.to_dict("records"))
    named = [words(head, unit=form.difference_axis) for head in heads]
    note = words("table_note", file="value.parquet")
    heading = words("table_head")
    made = Table(heading, columns(named, (2, 3, 4)), rows, note, "numbers", MOST_ROWS)
    return section("values", heading, made)


def _row(tell: ValueTeller, each: Mapping[Any, Any]) -> Row:
    words, form = tell.words, tell.format
    value, half = float(each["value"]), NORMAL_95 * float(each["standard_error"])
    return row(
        Cell(tell.called(each), name=str(each["what"])),
        words(f"kind_{each['kind']}"),
        Cell(form.bare_difference(value), key=value),
        form.difference_interval(value - half, value + half),
        Cell(tell.hours(each), key=float(each["staff_hours"])),
        words("told" if each["told_apart"] else "not_told"),
        id=f"{each['of']} {each['what']}",
        look="good" if each["told_apart"] else "",
    )


def _surveys(tell: ValueTeller) -> Section | None:
    words = tell.words
    if not tell.surveys:
        return None
    heads = ("col_survey", "col_towns", "col_people", "col_answer", "col_months", "col_source")
    rows = tuple(
        row(
            Cell(survey.label(words.language), name=survey.name),
            words.number(survey.municipalities),
            words.number(survey.people),
            words.percent(survey.response),
            words.number(survey.months if survey.kind in LASTING else None),
            survey.source,
        )
        for survey in tell.surveys.values()
    )
    heading = words("surveys_head")
    made = Table(
        heading, columns([words(h) for h in heads], (1, 2, 3, 4)), rows, words("surveys_note")
    )
    return section("surveys", heading, made)


def drawn(tell: ValueTeller) -> list[Drawn]:
    """The figure of what each piece of information is worth."""
    shown, words = value_rows(tell), tell.words
    record = tell.study.study
    values = {"version": record["package"]["version"], "fingerprint": tell.study.fingerprint[:16]}
    with style.styled():
        made, (axes,) = labelled_rows([wrapped(mark.name) for mark in shown.marks], 1)
        style.heading(axes, shown.title, shown.axis.unit)
        axes.axvline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
        for place, mark in enumerate(shown.marks):
            dot(axes, mark, float(place), shown.axis.scale.factor)
        axes.xaxis.set_major_locator(style.ticks(6, 3))
        style.small_print(made, words("small_print", **values))
        style.localise(made, words)
        return [rendered(made, "value", words("figure_caption"))]
