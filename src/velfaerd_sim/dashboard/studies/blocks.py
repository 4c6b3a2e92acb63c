"""The blocks of a report in the page of studies: the same sentences, tables and figures."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd
import solara
from markupsafe import Markup

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.parts.charts import Chart
from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.dashboard.parts.rows import height_of, rows_option
from velfaerd_sim.dashboard.parts.sheets import Alert, Number, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.studies.folder import LARGEST_TABLE_BYTES
from velfaerd_sim.errors import StorageError, VelfaerdError, cannot_read, refusal
from velfaerd_sim.reporting.figures.specifications import Rows
from velfaerd_sim.reporting.files import figures_path
from velfaerd_sim.reporting.pages import blocks
from velfaerd_sim.reporting.pages.blocks import Block, Cell, Page, Section
from velfaerd_sim.telling.words import Words

LARGEST_FIGURE_BYTES = 16 * 2**20
MOST_ROWS = 20_000
SEARCHED = 8
"""Tables of more rows than this can be searched."""
HIGH = 14
"""Tables of more rows than this scroll."""
GROUNDS = {
    "good": ("#dcebf5", "#0b3c5d"),
    "bad": ("#f6e0d0", "#7a3100"),
    "weak": ("#f3f4f6", "#1f2328"),
    "baseline": ("#f3f4f6", "#1f2328"),
}
TOLD_ELSEWHERE = ("again",)
"""Sections that the page of studies tells in a place of its own."""
NO_CHARTS: Mapping[str, Rows] = MappingProxyType({})
_ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError)
Made = TypeVar("Made")


def read(make: Callable[[], Made], language: str) -> tuple[Made | None, str]:
    """What is made from the files of a study, or why it cannot be.

    Files come from the results folder and are looked at like any input.
    """
    try:
        return make(), ""
    except VelfaerdError as error:
        return None, told(error, language)
    except _ODD as error:
        name = type(error).__name__
        return None, told(StorageError(refusal("odd_files", reason=name)), language)


def table_of(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """A table with these columns at least; empty where there is none. Raises StorageError."""
    path = folder / name
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    try:
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise StorageError(refusal("too_large", name=name))
        frame = pd.read_csv(path, nrows=MOST_ROWS, keep_default_na=True)
    except (OSError, ValueError) as error:
        raise StorageError(cannot_read(name, error)) from None
    if missing := [column for column in columns if column not in frame.columns]:
        raise StorageError(refusal("no_column", name=name, column=missing[0]))
    return frame


def answer_of(page: Page) -> Page:
    """The answer of a report alone."""
    return replace(page, sections=tuple(part for part in page.sections if part.look == "answer"))


def rest_of(page: Page) -> Page:
    """A report without its answer."""
    return replace(page, sections=tuple(part for part in page.sections if part.look != "answer"))


@solara.component
def Report(
    page: Page,
    folder: Path,
    words: Words,
    charts: Mapping[str, Rows] = NO_CHARTS,
    folded: bool = False,
) -> None:
    """The sections of a report, each a card; folded: all but the answer folded away."""
    for part in page.sections:
        if part.id in TOLD_ELSEWHERE:
            continue
        with solara.Div(classes=["vf-card"]):
            away = folded and part.look != "answer"
            Part(part, folder, words, charts, away).key(f"{part.id} {page.language}")


@solara.component
def Part(
    part: Section, folder: Path, words: Words, charts: Mapping[str, Rows], folded: bool
) -> None:
    """A section with its heading."""
    shown, set_shown = solara.use_state(not folded)
    if folded:
        with solara.Div(classes=["vf-heading"]):
            rich("h2", part.heading)
            Button(words("fold" if shown else "unfold"), lambda: set_shown(not shown))
    else:
        rich("h2", part.heading)
    if shown:
        Blocks(part.blocks, folder, words, charts)


@solara.component
def Blocks(
    given: tuple[Block, ...], folder: Path, words: Words, charts: Mapping[str, Rows]
) -> None:
    """Blocks below each other."""
    for block in given:
        match block:
            case blocks.Heading():
                rich("h3", block.text)
            case blocks.Note():
                looks = {"small": ["vf-small", "vf-soft"], "headline": ["vf-intro"]}
                rich("p", block.text, looks.get(block.look, ["vf-line"]))
            case blocks.Sentences():
                _sentences(block)
            case blocks.Numbers():
                with solara.Div(classes=["vf-figures", "vf-figures-many"]):
                    for number, label in block.items:
                        Number(label, number)
            case blocks.Figure():
                _figure(block, folder, words, charts)
            case blocks.Table():
                _sheet(block, words)
            case blocks.Code():
                for line in block.lines:
                    Text("div", line, classes=["vf-code-line"])
            case blocks.Fold():
                Folded(block, folder, words, charts)


@solara.component
def Folded(block: blocks.Fold, folder: Path, words: Words, charts: Mapping[str, Rows]) -> None:
    """Blocks that are folded away."""
    shown, set_shown = solara.use_state(False)
    with solara.Div(classes=["vf-heading"]):
        rich("h3", block.summary)
        Button(words("fold" if shown else "unfold"), lambda: set_shown(not shown))
    if shown:
        Blocks(block.blocks, folder, words, charts)


def _sentences(block: blocks.Sentences) -> None:
    if block.look in ("points", "facts"):
        with solara.v.Html(tag="dl", class_="vf-kv", style_="margin: 8px 0"):
            for catchword, text in block.items:
                rich("dt", catchword)
                rich("dd", text)
        return
    with solara.Div(classes=["vf-lines"], attributes={"role": "list"}):
        for catchword, text in block.items:
            line = Markup("<b>{}</b> {}").format(catchword, text) if catchword else text
            rich("p", line, ["vf-line"], {"role": "listitem"})


def _figure(block: blocks.Figure, folder: Path, words: Words, charts: Mapping[str, Rows]) -> None:
    """A figure as a chart where there is one, else as the command drew it, if it did."""
    caption = Markup(block.caption).striptags() if isinstance(block.caption, Markup) else ""
    label = caption or block.caption
    if block.key in charts:
        shown = charts[block.key]
        Chart(rows_option(shown, words), label, height=height_of(len(shown.marks)))
    else:
        source = drawn(folder, block.key, words.language)
        if not source:
            return
        style = {"src": source, "alt": label, "style": "width: 100%; max-width: 900px"}
        solara.v.Html(tag="img", attributes=style)
    rich("p", block.caption, ["vf-small", "vf-soft"])


def drawn(folder: Path, key: str, language: str) -> str:
    """A figure that a command drew, as the source of an image; '' where there is none.

    As an image a drawing can neither run code nor ask other hosts for anything.
    """
    for each in (language, "en"):
        path = figures_path(folder, each) / f"{key}.svg"
        try:
            if path.stat().st_size <= LARGEST_FIGURE_BYTES:
                encoded = base64.b64encode(path.read_bytes()).decode("ascii")
                return f"data:image/svg+xml;base64,{encoded}"
        except OSError:
            continue
    return ""


def _sheet(block: blocks.Table, words: Words) -> None:
    """A table, sorted by its heads; searched and scrolled where it is long."""
    long = len(block.rows) > SEARCHED
    Sheet(
        plain(block.title),
        [
            SheetColumn(
                f"{each.label} ({each.unit})" if each.unit else each.label,
                right=each.number,
                wrap=not each.number,
                title=each.title,
            )
            for each in block.columns
        ],
        [sheet_row(each, place) for place, each in enumerate(block.rows)],
        words,
        search=words("studies.search_table") if long else "",
        empty=words("studies.nothing_found"),
        counted=words("studies.counted", shown="{shown}", all="{all}") if long else "",
        height="460px" if len(block.rows) > HIGH else "",
    )
    if block.note:
        rich("p", block.note, ["vf-small", "vf-soft"])


def sheet_row(given: blocks.Row, place: int) -> SheetRow:
    """A row as the browser's table takes it; a marked one has its ground in the first cell."""
    keys = {at: cell.key for at, cell in enumerate(given.cells) if _is_key(cell.key)}
    grounds = {0: GROUNDS[given.look]} if given.look in GROUNDS else {}
    also = " ".join(filter(None, [given.id, *(cell.name for cell in given.cells)]))
    return SheetRow(
        given.id or str(place), [_text(cell) for cell in given.cells], keys, grounds, also
    )


def _is_key(key: float | None) -> bool:
    return key is not None and key == key and abs(key) != float("inf")


def _text(cell: Cell) -> str:
    """A cell as one line: its text, what stands small below it, the difference."""
    small = cell.small
    if cell.text and small:
        small = f"· {small}" if "(" in small else f"({small})"
    parts = [cell.link, cell.text, small]
    if cell.change is not None:
        parts[2:2] = [f"{cell.change.sign} {cell.change.text}".strip()]
    return plain(" ".join(part for part in parts if part) or cell.name)


def plain(text: str) -> str:
    """A text without its markup."""
    return text.striptags() if isinstance(text, Markup) else str(text)


class TextRuns(HTMLParser):
    """The pieces of a text of ours, each with how it is set: 'b' strong, 'i' a name, '' plain."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside = list[str]()
        self.found = list[tuple[str, str]]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """One more element is open."""
        self.inside.append("b" if tag == "b" else "i")

    def handle_endtag(self, tag: str) -> None:
        """One element less is open."""
        self.inside.pop()

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        self.found.append((data, self.inside[-1] if self.inside else ""))


def rich(
    tag: str,
    text: str,
    classes: list[str] | None = None,
    attributes: Mapping[str, str] | None = None,
) -> Any:
    """A text in an element; of markup only what is emphasised is kept, all else is text."""
    if not isinstance(text, Markup):
        return Text(tag, str(text), classes=classes or [], attributes=attributes)
    children = [
        solara.v.Html(tag=look, children=[piece]) if look else piece
        for piece, look in TextRuns(str(text)).found
    ]
    return solara.v.Html(
        tag=tag,
        class_=" ".join(classes or []),
        attributes=dict(attributes or {}),
        children=children,
    )


@solara.component
def NothingFound(problem: str, text: str, words: Words) -> None:
    """What is said where a study has nothing to show, or its files are not what they should be."""
    if problem:
        Alert(words("studies.table_broken", message=problem))
        return
    with solara.Div(classes=["vf-card"]):
        Text("p", text, classes=["vf-soft"])
