"""The page of a selection: which of several regimes is best, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.decisions.selection import selection_rows
from velfaerd_sim.reporting.figures.drawing import panels_of_rows
from velfaerd_sim.reporting.pages.blocks import Cell, Figure, Page, Row, Table, columns, listed, row
from velfaerd_sim.reporting.pages.frame import (
    again,
    answer,
    cannot_tell,
    made_with,
    page_of,
    section,
)
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.select.selecting import Selected, load_selection
from velfaerd_sim.telling.selection import SelectionWords
from velfaerd_sim.telling.short.deciding import of_selection


def write_selection_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the report of a selection in a folder; gives its path. It takes no time to be told of.

    Raises InputError where there is none, StorageError where the disk fails.
    """
    return write_selection(load_selection(folder), folder, language, brief)[0]


def write_selection(
    selected: Selected, folder: str | Path, language: str = "en", brief: bool = False
) -> tuple[Path, list[str]]:
    """Write the page and the figure; gives the page's path and its sentences."""
    told = SelectionWords(selected, language)
    return write_page(Path(folder), page(told), [_drawn(told)], brief), told.told()


def page(told: SelectionWords) -> Page:
    """The page of a selection."""
    words, record = told.words, told.selected.study
    more = section("more", words("short.more"), listed(told.told()))
    heads = [words(f"select_{name}") for name in ("regime", "result", "mean", "behind", "count")]
    rows = tuple(_row(told, each) for each in told.selected.table.to_dict("records"))
    heading = words("select_head")
    table = Table(heading, columns(heads, (2, 3, 4)), rows, words("select_note"), "numbers")
    found = section("regimes", heading, Figure("behind", words("select_caption")), table)
    limits = cannot_tell(words, words("report.h_limits"), False)
    end = again(words, [record["command"]], words("again_note"), made_with(words, record))
    title, eyebrow = words("select_title", outcome=told.outcome), words("select_eyebrow")
    meta = [words.count(record["selected"]["replicates"], "select_meta")]
    sections = [answer(words, of_selection(told)), more, found, limits, end]
    return page_of(words, record, title, eyebrow, meta, sections, words("select_conditional"))


def _row(told: SelectionWords, each: Mapping[Any, Any]) -> Row:
    words, shape = told.words, told.format
    labels = {one.name: one.label(told.language) for one in told.selected.design.timelines}
    behind = shape.bare_difference(each["behind"])
    ends = shape.difference_interval(each["ci_low"], each["ci_high"])
    return row(
        labels[each["regime"]],
        words(f"result_{each['result']}"),
        Cell(shape.level(each["mean"]), key=float(each["mean"])),
        Cell(f"{behind} ({ends})" if each["behind"] else "", key=float(each["behind"])),
        Cell(words.number(each["replicates"]), key=float(each["replicates"])),
        id=str(each["regime"]),
        look="good" if each["result"] == "best" else "",
    )


def _drawn(told: SelectionWords) -> Drawn:
    record, words = told.selected.study, told.words
    values = {"version": record["package"]["version"], "fingerprint": record["fingerprint"][:16]}
    shown = selection_rows(told)
    with style.styled():
        margins = style.Margins(2.2, 0.2, 0.45, 0.5)
        made = panels_of_rows([shown], 1, 1.0 + 0.2 * len(shown.marks), margins)
        style.small_print(made, words("evidence.small_print", **values))
        style.localise(made, words)
        return rendered(made, "behind", words("select_caption"))
