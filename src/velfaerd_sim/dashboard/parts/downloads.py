"""Downloads and uploads: one menu with a link, files to take along, and files to open.

A page says what there is and prepares what is asked for, at once or in the background; the file
goes to the browser once and is forgotten. An uploaded file comes as text of limited size.
"""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import solara
import xlsxwriter

from velfaerd_sim.dashboard.frame.settings import LARGEST_UPLOAD_BYTES
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.reporting.files import danish_csv_text
from velfaerd_sim.telling.words import Words

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOML, SVG, PNG, HTML = "application/toml", "image/svg+xml", "image/png", "text/html"
DEEPEST_KEY = 16
_WORDS = (
    *("share", "copied", "share_detail", "share_local", "send", "send_detail"),
    *("embed", "embed_detail"),
    *("snapshot", "snapshot_detail", "snapshot_foot", "print", "print_detail"),
    *("upload", "preparing"),
)
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{{DEEPEST_KEY}}}")
"""A dotted key of more parts: the parser's memory grows with their square."""
DRAWING = threading.Lock()
"""Held while figures are drawn: their settings are those of the whole process."""


@dataclass(frozen=True)
class Item:
    """Something to take along or to open: its key, what it is, a word more."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class File:
    """A file for the browser."""

    name: str
    media: str
    content: bytes


@dataclass(frozen=True)
class Upload:
    """A file that somebody opened: for which item, its name, its text."""

    key: str
    name: str
    text: str


@solara.component_vue("../widgets/downloads.vue")
def _Downloads(
    words: dict[str, str],
    note: str,
    groups: list[dict[str, Any]],
    uploads: list[dict[str, str]],
    accept: str,
    largest: int,
    busy: str,
    file: dict[str, str] | None,
    report: str,
    embed: bool,
    event_ask: Callable[[str], None],
    event_taken: Callable[[str], None],
    event_opened: Callable[[Any], None],
) -> None:
    """The menu's template."""


def Downloads(
    groups: Sequence[tuple[str, Sequence[Item]]],
    words: Words,
    *,
    file: File | None,
    on_ask: Callable[[str], None],
    on_taken: Callable[[], None],
    busy: str = "",
    report: str = "",
    embed: bool = False,
    uploads: Sequence[Item] = (),
    accept: str = ".toml",
    on_upload: Callable[[Upload], None] | None = None,
    on_refused: Callable[[InputError], None] | None = None,
) -> Any:
    """The menu. groups: (heading, items).

    on_ask: prepare the item of a key and hand the file in as `file`; busy: the key of the one being
    prepared; report: the key of the item that is the report, which is sent where a link would lead
    nobody here; embed: whether other sites may show the page in a frame;
    on_taken: the browser has the file; on_upload: somebody opened a file;
    on_refused: it was too large or no text.
    """
    items = [item for _, own in groups for item in own]
    known = {item.key for item in items}
    targets = {item.key for item in uploads}

    def ask(key: object) -> None:
        if isinstance(key, str) and key in known:
            on_ask(key)

    def opened(given: Any) -> None:
        try:
            upload = checked_upload(given, targets)
        except InputError as error:
            if on_refused is not None:
                on_refused(error)
            return
        if on_upload is not None:
            on_upload(upload)

    shown = None
    if file is not None:
        content = base64.b64encode(file.content).decode()
        shown = {"name": file.name, "media": file.media, "content": content}
    return _Downloads(
        words={key: words(key) for key in _WORDS} | {"open": words("download_menu")},
        note=words("csv_form") if any("CSV" in f"{i.label} {i.detail}" for i in items) else "",
        groups=[{"label": head, "items": [asdict(i) for i in own]} for head, own in groups],
        uploads=[asdict(item) for item in uploads],
        accept=accept,
        largest=LARGEST_UPLOAD_BYTES,
        busy=busy,
        file=shown,
        report=report if report in known else "",
        embed=embed,
        event_ask=ask,
        event_taken=lambda _: on_taken(),
        event_opened=opened,
    )


def checked_upload(given: Any, targets: set[str]) -> Upload:
    """An uploaded file as the browser sent it, which may be anything. Raises InputError."""
    key = given.get("key") if isinstance(given, dict) else None
    if not isinstance(key, str) or key not in targets:
        raise InputError("file", "the upload", "a file of this page")
    name, text = given.get("name"), given.get("text")
    name = name if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 80 else "file"
    if not isinstance(text, str) or len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD_BYTES:
        raise InputError(name, "the file", refusal("small_file", bytes=LARGEST_UPLOAD_BYTES))
    if _DEEP_KEY.search(text):
        raise InputError(name, "the file", refusal("shallow", parts=DEEPEST_KEY))
    return Upload(key, name, text)


def csv_bytes(table: pa.Table, language: str = "en") -> bytes:
    """A table as CSV, UTF-8, with a header: comma and decimal point.

    In Danish as a Danish spreadsheet opens it: semicolon, decimal comma, a byte order mark.
    """
    if language == "da":
        return danish_csv_text(table.to_pandas()).encode("utf-8-sig")
    out = io.BytesIO()
    pa_csv.write_csv(table, out)
    return out.getvalue()


def xlsx_bytes(table: pa.Table) -> bytes:
    """A table as a workbook for spreadsheets of any language; the heads stay when one scrolls.

    Texts are written as texts: what begins like a formula is none. What has no value stays empty.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for place, name in enumerate(table.column_names):
        sheet.write_string(0, place, name, bold)
        column = table.column(place)
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_finite(column), column, None)
        for row, value in enumerate(column.to_pylist(), 1):
            if isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value)
            elif value is not None:
                sheet.write_string(row, place, str(value))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.num_rows, max(0, table.num_columns - 1))
    book.close()
    return out.getvalue()


def xlsx_file(stem: str, table: pa.Table) -> File:
    """A table as a workbook for the browser."""
    return File(f"{stem}.xlsx", XLSX, xlsx_bytes(table))


def table_file(stem: str, table: pa.Table, kind: str, language: str) -> File:
    """A table as the file of a kind: 'csv', as spreadsheets in the language open it, or 'xlsx'."""
    if kind == "xlsx":
        return xlsx_file(stem, table)
    return File(f"{stem}.csv", CSV, csv_bytes(table, language))
