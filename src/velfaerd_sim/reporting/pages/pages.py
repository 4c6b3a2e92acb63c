"""A page of findings: sentences, figures and tables of a study in one file, and CSV beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.reporting.figures.comparison import Drawn, save
from velfaerd_sim.reporting.files import write_whole

REPORT, FIGURES_FOLDER = "report.html", "figures"
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class PageTable:
    """A table of a page.

    rows: (whether to point at it, cells as text); numbers: heads of columns set flush right.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[tuple[bool, Sequence[str]]]
    note: str = ""
    numbers: Sequence[str] = ()


def csv_text(table: pd.DataFrame, digits: int = 6) -> str:
    """A table as CSV; numbers with so many significant digits, so that files stay small."""
    rounded = table.copy()
    for name in rounded.select_dtypes("float").columns:
        rounded[name] = [float(f"{value:.{digits}g}") for value in rounded[name]]
    return str(rounded.to_csv(index=False, lineterminator="\n"))


def write_page(
    folder: str | Path,
    record: Mapping[str, Any],
    title: str,
    eyebrow: str,
    meta: Sequence[str],
    sentences: Iterable[str],
    tables: Sequence[PageTable],
    figures: Sequence[Drawn],
    frames: Mapping[str, pd.DataFrame],
) -> Path:
    """Write report.html, figures/ and a CSV file a frame into a folder; gives the page's path.

    Raises StorageError where the disk fails.
    """
    home = Path(folder)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template("page.html").render(
        title=title,
        eyebrow=eyebrow,
        meta=[*meta, f"velfaerd_sim {record['package']['version']}"],
        sentences=list(sentences),
        tables=tables,
        figures=[{"svg": Markup(each.svg), "alt": each.alt} for each in figures],
        command=record["command"],
        fingerprint=record["fingerprint"],
        version=record["package"]["version"],
    )
    for name, frame in frames.items():
        write_whole(home / f"{name}.csv", csv_text(frame).encode())
    save(figures, home / FIGURES_FOLDER)
    write_whole(home / REPORT, text.encode())
    return home / REPORT
