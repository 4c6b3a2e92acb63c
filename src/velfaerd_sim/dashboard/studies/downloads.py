"""What can be taken along from a study: record, scenario, report, figures, tables."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.csv as pa_csv

from velfaerd_sim.dashboard.parts.downloads import (
    CSV,
    HTML,
    PARQUET,
    PNG,
    SVG,
    TOML,
    File,
    table_file,
)
from velfaerd_sim.dashboard.studies.folder import (
    LARGEST_TABLE_BYTES,
    facts_of,
    tables_in,
)
from velfaerd_sim.engine import store
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError, cannot_read, refusal
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.reporting.files import (
    FIGURES_FOLDER,
    figures_path,
    parquet_bytes,
    report_path,
)

LARGEST_BYTES = 32 * 2**20
"""Larger files go through no browser message; they lie in the results folder anyway."""
MOST_FIGURES = 12
MAIN_TABLES = (
    *("effects.parquet", "series.parquet", "tables/targets.parquet", "targets.csv"),
    *("conclusions.csv", "recovery.parquet"),
)
"""The table that is offered where none is chosen: the first of these, else the first there is."""
_MEDIA = {".csv": CSV, ".parquet": PARQUET, ".html": HTML, ".json": "application/json"}
_MEDIA |= {".svg": SVG, ".png": PNG}


def table_offered(folder: Path, table: str) -> str:
    """The table that can be taken along: the chosen one, else the main one of the study, or ''."""
    known = tables_in(folder)
    if table in known:
        return table
    return next((name for name in MAIN_TABLES if name in known), known[0] if known else "")


def report_of(folder: Path, language: str) -> tuple[str, str]:
    """The report that a study has: its file, '' where there is none, and the language it is in.

    It is the one in the language asked for where there is one, else the English one.
    """
    for each in (language, "en"):
        path = report_path(folder, each)
        if path.is_file():
            return path.name, each
    return "", language


def figures_of(folder: Path, language: str) -> tuple[str, str]:
    """The folder with the figures of a study, and their language, chosen as a report is."""
    for each in (language, "en"):
        path = figures_path(folder, each)
        with suppress(OSError):
            if any(path.glob("*.svg")):
                return path.name, each
    return FIGURES_FOLDER, "en"


def figures_in(folder: Path, claim: str = "", language: str = "en") -> list[str]:
    """The figures of a study that are there as SVG and PNG, by name; only a claim's where given."""
    found: list[str] = []
    name, _ = figures_of(folder, language)
    with suppress(OSError):
        for path in sorted((folder / name).glob("*.svg")):
            if path.with_suffix(".png").is_file() and claim in ("", path.stem):
                found.append(path.stem)
    return found[:MOST_FIGURES]


def kinds_of(folder: Path, table: str, claim: str = "", language: str = "en") -> list[str]:
    """Return what can be taken along.

    'record', 'scenario', 'report', 'csv', 'xlsx' and 'file' of a table, 'svg:NAME' and 'png:NAME'.
    """
    found = ["record"]
    if _scenario(folder) is not None:
        found.append("scenario")
    if report_of(folder, language)[0]:
        found.append("report")
    if table_offered(folder, table):
        found += ["csv", "xlsx", "file"]
    for name in figures_in(folder, claim, language):
        found += [f"svg:{name}", f"png:{name}"]
    return found


def _scenario(folder: Path) -> Scenario | None:
    """The scenario of a study, where this version reads it."""
    with suppress(VelfaerdError, RecursionError, MemoryError):
        return facts_of(read_record(folder)).scenario
    return None


def file_of(folder: Path, kind: str, table: str, claim: str = "", language: str = "en") -> File:
    """Return the file of a kind. Raises InputError where it is not offered, or too large."""
    if kind not in kinds_of(folder, table, claim, language):
        raise InputError("file", kind, refusal("offered"))
    scenario = _scenario(folder)
    if kind == "scenario" and scenario is not None:
        return File(f"{folder.name}_scenario.toml", TOML, scenario.to_toml().encode())
    if kind in ("csv", "xlsx", "file"):
        return _table(folder, table_offered(folder, table), kind, language)
    ending, _, figure = kind.partition(":")
    name = RECORD if kind == "record" else report_of(folder, language)[0]
    if figure:
        name = f"{figures_of(folder, language)[0]}/{figure}.{ending}"
    path = folder / name
    stem = f"{folder.name}_{PurePosixPath(name).stem}"
    return File(f"{stem}{path.suffix}", _MEDIA[path.suffix], _content(path, LARGEST_BYTES))


def _table(folder: Path, name: str, kind: str, language: str) -> File:
    """A table as CSV, for spreadsheets in a language, as XLSX or as Parquet, whatever it is."""
    path = folder / name
    stem = f"{folder.name}_{PurePosixPath(name).stem}"
    wanted = ".parquet" if kind == "file" else f".{kind}"
    if path.suffix == wanted and (kind == "file" or language == "en"):
        return File(f"{stem}{wanted}", _MEDIA[wanted], _content(path, LARGEST_BYTES))
    _check_size(path, min(LARGEST_BYTES // 2, LARGEST_TABLE_BYTES))
    try:
        read = pa_csv.read_csv(path) if path.suffix == ".csv" else store.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StorageError(cannot_read(name, error)) from None
    if kind != "file":
        return table_file(stem, read, kind, language)
    return File(f"{stem}.parquet", PARQUET, parquet_bytes(read))


def _content(path: Path, most: int) -> bytes:
    _check_size(path, most)
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(cannot_read(path.name, error)) from None


def _check_size(path: Path, most: int) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise StorageError(cannot_read(path.name, error)) from None
    if size > most:
        allowed = refusal("most_here", size=most // 2**20)
        raise InputError(path.name, f"{size / 2**20:.0f} MB", allowed)
