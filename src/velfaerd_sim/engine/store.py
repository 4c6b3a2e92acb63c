"""The store: study folders on disk, the only place of this room that writes files.

Every file is written under a temporary name, synced and renamed, so a folder never holds half a
file; several files that belong together are renamed together, the record last. The record names
each file with its SHA-256.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.ownership import (
    BRANCHES,
    PARTS,
    RUNS,
    FolderLock,
    check_room,
    check_rooms,
    foreign,
    is_inside,
    is_own_name,
    is_part,
    is_temporary,
)
from velfaerd_sim.engine.reading import (
    check_name,
    damage_told,
    is_as_written,
    is_unchanged,
    read_any_record,
    read_record,
    sha256,
)
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import InputError, StorageError, StudyError, cannot_read, reason_of

__all__ = ["BRANCHES", "PARTS", "RUNS", "is_as_written", "read_record", "sha256"]
Columns = Mapping[str, Any]
"""A table: column name -> numpy array, or a sequence of texts; all of one length."""
Check = Callable[[Mapping[str, Any], Mapping[str, Any], str], None]
"""Compares the record in a folder with that of a new study; the folder is for messages."""

DIGITS = 16
"""Hex digits of its SHA-256 in the name of a part of a sweep."""
_ALLOWED = "a new or empty folder, or one that holds the same study"
_MARGIN = 16 * 2**20


def arrow(columns: Columns) -> pa.Table:
    """A table as Arrow; what is NaN becomes null."""
    return pa.table({name: _arrow_column(values) for name, values in columns.items()})


def _arrow_column(values: Any) -> Any:
    if isinstance(values, np.ndarray) and values.dtype != object:
        return pa.array(values, from_pandas=values.dtype.kind == "f")
    return pa.array(values, pa.string())


def frame(columns: Columns | pa.Table) -> pd.DataFrame:
    """A table as a pandas frame; texts are pandas' strings, what is missing is NaN."""
    table = columns if isinstance(columns, pa.Table) else arrow(columns)
    result: pd.DataFrame = table.to_pandas()
    return result


def numbers(table: pa.Table, name: str) -> np.ndarray[Any, Any]:
    """A column of numbers; null becomes NaN."""
    values: np.ndarray[Any, Any] = table.column(name).to_numpy()
    return values


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file. Raises StorageError where it cannot be read or is damaged."""
    try:
        return pq.read_table(path, columns=columns, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise StorageError(cannot_read(path, error)) from None


def read_row_groups(path: Path) -> Iterator[pa.Table]:
    """Read a Parquet file row group by row group. Raises StorageError as `read_table`."""
    try:
        with pq.ParquetFile(path) as file:
            for index in range(file.num_row_groups):
                yield file.read_row_group(index)
    except (OSError, pa.ArrowException) as error:
        raise StorageError(cannot_read(path, error)) from None


class Transaction:
    """Files that are written under temporary names and appear together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, Path] = {}

    @contextmanager
    def _temporary(self, name: str) -> Iterator[Path]:
        final = self._folder / name
        if final.parent != self._folder:
            check_room(self._folder, Path(name).parts[0])
        final.parent.mkdir(parents=True, exist_ok=True)
        path = final.with_name(f".{final.name}.{os.getpid()}.tmp")
        path.unlink(missing_ok=True)  # else a link of that name would be written through
        self._waiting[name] = path
        yield path
        with open(path, "rb+") as file:
            os.fsync(file.fileno())

    @contextmanager
    def tables(self, name: str) -> Iterator[_RowGroups]:
        """Write a Parquet file of several row groups."""
        with self._temporary(name) as path:
            groups = _RowGroups(path)
            try:
                yield groups
            finally:
                groups.close()

    def table(self, name: str, columns: Columns | pa.Table) -> None:
        """Write a Parquet file of one row group."""
        with self.tables(name) as groups:
            groups.write(columns if isinstance(columns, pa.Table) else arrow(columns))

    def text(self, name: str, content: str) -> None:
        """Write a text file."""
        with self._temporary(name) as path:
            path.write_text(content, encoding="utf-8")

    def part(self, stem: str, table: pa.Table) -> str:
        """Write a Parquet file whose name carries its SHA-256; gives the name.

        Such a file can be checked without a list of files: `STEM-<first 16 hex digits>.parquet`.
        """
        self.table(stem, table)
        path = self._waiting.pop(stem)
        name = f"{stem}-{sha256(path)[:DIGITS]}.parquet"
        self._waiting[name] = path
        return name

    def sha256(self, name: str) -> str:
        """SHA-256 (hex) of a file of this transaction."""
        return sha256(self._waiting[name])

    def commit(self) -> None:
        """Give every file its name, in the order of writing."""
        for name, path in self._waiting.items():
            os.replace(path, self._folder / name)
        for parent in {(self._folder / name).parent for name in self._waiting}:
            _sync_folder(parent)
        self._waiting.clear()

    def drop(self) -> None:
        """Remove what has not got its name."""
        for path in self._waiting.values():
            with suppress(OSError):
                path.unlink()
        self._waiting.clear()


class _RowGroups:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=texts,
                write_statistics=["replicate", "month", *texts],
            )
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # not every system can sync a folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Folder:
    """A folder that one process writes a study into."""

    def __init__(self, path: Path, lock: FolderLock | None = None) -> None:
        self.path = path
        self._lock = lock

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write files that appear together when the block ends well, and not at all otherwise.

        Raises StorageError where the disk fails.
        """
        work = Transaction(self.path)
        try:
            yield work
            work.commit()
        except (OSError, pa.ArrowException) as error:
            raise StorageError(f"cannot write in {self.path}: {reason_of(error)}") from None
        finally:
            work.drop()

    def remove_parts(self, keep: Sequence[str] = ()) -> None:
        """Remove all parts but some, and temporary files that a killed process left.

        What is not of our making stays.
        """
        check_room(self.path, PARTS)
        parts = [path for path in (self.path / PARTS).glob("*") if is_part(path)]
        left = [*self.path.glob(".*.tmp"), *(self.path / PARTS).glob(".*.tmp")]
        paths = [*parts, *filter(is_temporary, left)]
        names = [path.relative_to(self.path).as_posix() for path in paths]
        self.remove(name for name in names if name not in keep)
        self.remove_empty(PARTS)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files of this folder, as far as they are there; through no link.

        What has no name that a study gives stays, whoever names it.
        """
        for name in names:
            if is_own_name(name) and is_inside(self.path, name):
                with suppress(OSError):
                    (self.path / name).unlink()

    def remove_empty(self, name: str) -> None:
        """Remove a folder inside, where nothing is in it."""
        with suppress(OSError):
            (self.path / name).rmdir()

    def set_aside(self, name: str) -> None:
        """Rename a damaged file so that nothing reads it. Raises StorageError."""
        try:
            os.replace(self.path / name, self.path / f"{name}.damaged")
        except OSError as error:
            raise StorageError(f"cannot rename {self.path / name}: {reason_of(error)}") from None

    def check_space(self, needed: float) -> None:
        """Raise StorageError unless so many bytes fit on the disk."""
        try:
            free = shutil.disk_usage(self.path).free
        except OSError:
            return
        if needed + _MARGIN > free:
            raise StorageError(
                f"out: not enough room for the study in {self.path}: it needs about "
                f"{needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are free"
            )

    def close(self) -> None:
        """Let other processes in."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


@contextmanager
def opened(
    out: str | Path,
    record: Mapping[str, Any],
    overwrite: bool = False,
    check: Check = records.check_same_study,
) -> Iterator[tuple[Folder, dict[str, Any] | None]]:
    """Open a folder for a study; gives the folder and the record found there, if any.

    Raises InputError where the path cannot be a folder, StudyError where it holds something else,
    StorageError where it cannot be written or another process writes there. With `overwrite`
    another study's files are removed; `check` raises StudyError where a study is another. A folder
    made here is removed again when it stays empty.
    """
    path = Path(out)
    if str(out) == "" or "\0" in str(out):
        raise InputError("out", str(out), _ALLOWED)
    check_name(path, "out")
    made = _make(path)
    folder: Folder | None = None
    try:
        folder = Folder(path, FolderLock(path))
        old = _inspect(path, record, overwrite, check)
        _check_writable(path)
        if old is None:
            folder.remove_parts()
        yield folder, old
    finally:
        if folder is not None:
            folder.close()
        for each in made:
            with suppress(OSError):
                each.rmdir()


def _make(path: Path) -> list[Path]:
    """Make a folder and those above it; gives the ones that were made, the innermost first."""
    try:
        if path.exists() and not path.is_dir():
            raise InputError("out", str(path), _ALLOWED + ", not a file")
        missing = [each for each in (path, *path.parents) if not each.exists()]
        path.mkdir(parents=True, exist_ok=True)
    except (NotADirectoryError, FileExistsError):
        raise InputError("out", str(path), _ALLOWED + ", not inside a file") from None
    except OSError as error:
        raise StorageError(f"out: cannot make the folder {path}: {reason_of(error)}") from None
    return missing


def _inspect(
    path: Path, record: Mapping[str, Any], overwrite: bool, check: Check
) -> dict[str, Any] | None:
    check_rooms(path)
    if not (path / RECORD).is_file():
        other = foreign(path)
        if other is not None:
            raise StudyError(
                f"out: '{path}' holds other files, such as '{other}', and no study; "
                f"allowed: {_ALLOWED}"
            )
        return None
    try:
        old = read_record(path)
        with damage_told(old, path):
            check(old, record, str(path))
    except (InputError, StudyError):
        if not overwrite:
            raise
        _remove_study(path)
        return None
    return old


def _remove_study(path: Path) -> None:
    """Remove the record of a folder and the files that it names, as far as it can be read.

    Of a record that was changed since it was written, only files with the digests in it.
    """
    names = [RECORD]
    with suppress(InputError, StudyError, StorageError):
        record = read_any_record(path)
        trusted = is_unchanged(record)
        for name, entry in record["files"].items():
            if trusted or (is_inside(path, name) and is_as_written(path / name, entry)):
                names.append(name)
    Folder(path).remove(names)


def _check_writable(path: Path) -> None:
    probe = path / f".probe.{os.getpid()}.tmp"
    try:
        probe.unlink(missing_ok=True)  # else a link of that name would be written through
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StorageError(f"out: cannot write in the folder {path}: {reason_of(error)}") from None
