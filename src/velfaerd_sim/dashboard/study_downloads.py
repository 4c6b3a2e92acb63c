"""What can be taken along from a study: its record, its report, its tables."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from velfaerd_sim.dashboard.downloads import CSV, HTML, PARQUET, File, csv_bytes
from velfaerd_sim.dashboard.study_folder import LARGEST_TABLE_BYTES, tables_in
from velfaerd_sim.errors import InputError, StorageError
from velfaerd_sim.studies import store
from velfaerd_sim.studies.record import RECORD

REPORT = "report.html"
LARGEST_BYTES = 32 * 2**20
"""Larger files go through no browser message; they lie in the results folder anyway."""
_MEDIA = {".csv": CSV, ".parquet": PARQUET, ".html": HTML, ".json": "application/json"}


def kinds_of(folder: Path, table: str) -> list[str]:
    """Return what can be taken along: 'record', 'report', and of the table shown 'csv', 'file'."""
    found = ["record"]
    if (folder / REPORT).is_file():
        found.append("report")
    if table and table in tables_in(folder):
        found += ["csv"] if table.endswith(".csv") else ["csv", "file"]
    return found


def file_of(folder: Path, kind: str, table: str) -> File:
    """Return the file of a kind. Raises InputError where it is not offered, or too large."""
    if kind not in kinds_of(folder, table):
        raise InputError("file", kind, "one of those that are offered")
    name = {"record": RECORD, "report": REPORT}.get(kind, table)
    stem = f"{folder.name}_{PurePosixPath(name).stem}"
    path = folder / name
    if kind == "csv" and path.suffix == ".parquet":
        _check_size(path, min(LARGEST_BYTES // 2, LARGEST_TABLE_BYTES))
        content = csv_bytes(store.read_table(path))
        return File(f"{stem}.csv", CSV, content)
    _check_size(path, LARGEST_BYTES)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror or error}") from None
    return File(f"{stem}{path.suffix}", _MEDIA[path.suffix], content)


def _check_size(path: Path, most: int) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise StorageError(f"cannot read {path.name}: {error.strerror or error}") from None
    if size > most:
        allowed = f"at most {most // 2**20} MB here; the file itself lies in the results folder"
        raise InputError(path.name, f"{size / 2**20:.0f} MB", allowed)
