"""Writing files whole: under a temporary name first, so that no half of one is ever left."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from velfaerd_sim.engine.ownership import check_room
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import StorageError, StudyError
from velfaerd_sim.studies.written import (
    BEFORE,
    DIGEST,
    WRITTEN,
    WRITTEN_LOCK,
    Entry,
    digest_there,
    is_as_noted,
    read_written,
    text_of,
)

LONGEST_WAIT = 5.0
"""Seconds that are waited for another process that notes digests."""
REPORT, BRIEF, FIGURES_FOLDER = "report.html", "brief.html", "figures"


def report_path(folder: Path, language: str = "en") -> Path:
    """Where the report of a study stands: report.html, in Danish report.da.html."""
    return folder / (REPORT if language == "en" else f"report.{language}.html")


def brief_path(folder: Path, language: str = "en") -> Path:
    """Where the one page for those who decide stands: brief.html, in Danish brief.da.html."""
    return folder / (BRIEF if language == "en" else f"brief.{language}.html")


def figures_path(folder: Path, language: str = "en") -> Path:
    """Where its figures stand: figures, in Danish figures.da."""
    return folder / (FIGURES_FOLDER if language == "en" else f"{FIGURES_FOLDER}.{language}")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, and the folder it lies in; its digest is noted where that is a study's.

    Raises StorageError where the disk fails, StudyError where a folder of the study is a link.
    """
    folder = _study_of(path)
    if folder is None:
        _write(path, content)
        return
    name, digest = path.relative_to(folder).as_posix(), hashlib.sha256(content).hexdigest()
    with _alone(folder):
        files = _noted(folder)
        old = files.get(name)
        if old != {DIGEST: digest}:
            kept = old is not None and not is_as_noted(path, old)
            before = old[DIGEST] if old and kept else digest_there(path)
            files[name] = {DIGEST: digest, BEFORE: before}
            _note(folder, files)
        _write(path, content)
        if old != {DIGEST: digest}:
            files[name] = {DIGEST: digest}
            _note(folder, files)


def remove_written(path: Path) -> None:
    """Remove a file that was written beside a study; what cannot be removed stays."""
    if (folder := _study_of(path)) is not None:
        _forget(folder, {path.relative_to(folder).as_posix()})
    with suppress(OSError):
        path.unlink()


def forget_missing(folder: Path) -> None:
    """Note no longer what is not there any more: who writes a report anew knows that it is lost."""
    with suppress(StorageError):
        _forget(folder, {name for name in _noted(folder) if not (folder / name).is_file()})


def _study_of(path: Path) -> Path | None:
    """The folder of the study that a file lies in, at the top or in a folder of it.

    Raises StudyError where a folder between them is a link, or a file.
    """
    above = list(path.parents)[:3]
    for inner, outer in reversed([*pairwise(above)]):
        if (outer / RECORD).is_file():
            check_room(outer, inner.name)
    return next((each for each in above if (each / RECORD).is_file()), None)


def _noted(folder: Path) -> dict[str, Entry]:
    """What is noted of a study; nothing where it was changed, so that it can be written anew."""
    try:
        return read_written(folder)
    except StudyError:
        return {}


def _note(folder: Path, files: dict[str, Entry]) -> None:
    _write(folder / WRITTEN, text_of(files).encode())


def _forget(folder: Path, names: set[str]) -> None:
    with _alone(folder):
        files = _noted(folder)
        if names & {*files}:
            _note(folder, {name: entry for name, entry in files.items() if name not in names})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process note digests meanwhile, where the file system knows locks."""
    lock, held = FileLock(folder / WRITTEN_LOCK, timeout=LONGEST_WAIT), False
    with suppress(Timeout, OSError, NotImplementedError):
        lock.acquire()
        held = True
    try:
        yield
    finally:
        if held:
            if os.name != "nt":  # as for the lock of the folder, see `ownership.FolderLock`
                with suppress(OSError):
                    (folder / WRITTEN_LOCK).unlink()
            with suppress(OSError):
                lock.release()


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)  # else a link of that name would be written through
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"cannot write {path}: {reason}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def csv_text(table: pd.DataFrame, digits: int = 6) -> str:
    """A table as CSV; numbers with so many significant digits, so that files stay small."""
    rounded = table.copy()
    for name in rounded.select_dtypes("float").columns:
        rounded[name] = [float(f"{value:.{digits}g}") for value in rounded[name]]
    return str(rounded.to_csv(index=False, lineterminator="\n"))


def danish_csv_text(table: pd.DataFrame) -> str:
    """A table as CSV with semicolons and decimal commas, with all digits."""
    return str(table.to_csv(sep=";", decimal=",", index=False, lineterminator="\n"))


def parquet_bytes(table: pa.Table) -> bytes:
    """The content of a Parquet file with a table."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def write_table(table: pd.DataFrame, folder: Path, name: str) -> Path:
    """Write a table as Parquet and CSV; gives the path of the CSV file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    write_whole(folder / f"{name}.parquet", buffer.getvalue())
    path = folder / f"{name}.csv"
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode())
    return path
