"""Parts: the rows of a study on disk, in Parquet files that check themselves.

A part is `runs/part-NUMBER-DIGEST.parquet`, where DIGEST begins the SHA-256 of the file: what is
damaged or cut short does not fit its name. Parts only ever appear whole, and old ones are removed
after those that replace them are there; so a row may stand twice after a crash, and is read once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import store
from velfaerd_sim.engine.plan import SECONDS, Plan
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.engine.record import COMPLETE, ROW_FILES
from velfaerd_sim.errors import StorageError, refusal

_TRIES = 5
_LOOKED_AT = 64
"""Rows of a part by which it is told whether it is of another study."""


def part_names(folder: Path) -> list[str]:
    """The names of the parts in a folder, as paths inside it, in the order of their numbers."""
    return sorted(
        f"{store.RUNS}/{path.name}" for path in (folder / store.RUNS).glob("part-*.parquet")
    )


def stem(number: int) -> str:
    """The name of a part up to its digest."""
    return f"{store.RUNS}/part-{number:06d}"


def number_of(name: str) -> int:
    """The number of a part; 0 where the name has none."""
    middle = Path(name).name.split("-")[1]
    return int(middle) if middle.isdigit() else 0


def check_part(folder: Path, name: str) -> None:
    """Raise StorageError unless the content of a part fits its name."""
    digest = store.sha256(folder / name)[: store.DIGITS]
    if not name.endswith(f"-{digest}.parquet"):
        raise StorageError(refusal("damaged", name=folder / name))


def read_part(folder: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a part, or some of its columns, after checking it. Raises StorageError."""
    check_part(folder, name)
    return store.read_table(folder / name, columns)


def own_part(plan: Plan, folder: Path, name: str, columns: Sequence[str]) -> pa.Table | None:
    """Columns of a part of a plan, its key and order too; None where it is damaged or another's."""
    try:
        table = read_part(folder, name, columns)
    except StorageError:
        return None
    looked_at = np.unique(np.linspace(0, max(0, table.num_rows - 1), _LOOKED_AT).astype(int))
    return table if plan.owns(table.take(looked_at[: table.num_rows])) else None


def check_count(folder: Path, there: int, written: int) -> None:
    """Raise StorageError where fewer rows are there than were written."""
    if there < written:
        raise StorageError(
            f"{folder / store.RUNS}: {written - there} of {written} rows that were "
            "written are gone from the folder; the same command runs them again"
        )


def foreign_parts(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """The parts in a folder that a finished study does not name in its record."""
    named = record.get(ROW_FILES) if record["status"] == COMPLETE else None
    return [] if named is None else [name for name in part_names(folder) if name not in named]


def foreign(names: Sequence[str]) -> str:
    """What is said of parts that are not of a study."""
    return f"{', '.join(names)} is not of this study: its record does not name it"


def read_rows(folder: Path, key: str) -> pa.Table | None:
    """All rows in a folder, each key once, in the order in which they are stored; None without any.

    Raises StorageError for a damaged part, and for one of another study. A study that is running
    may replace parts meanwhile; then the folder is read anew.
    """
    for attempt in range(_TRIES):
        record = read_record(folder)
        names = part_names(folder)
        if others := foreign_parts(folder, record):
            raise StorageError(f"{folder}: {foreign(others)}; remove it, or run the study anew")
        try:
            tables = [read_part(folder, name) for name in names]
        except StorageError as error:
            if attempt + 1 < _TRIES and part_names(folder) != names:
                continue
            text = f"{error}; the same command again sets it aside and runs its rows anew"
            raise StorageError(text) from None
        return once(pa.concat_tables(tables, promote_options="default"), key) if tables else None
    return None


def once(table: pa.Table, key: str) -> pa.Table:
    """The rows of a table with each key once, the first."""
    _, first = np.unique(hashes(table.column(key).to_pylist()), return_index=True)
    if len(first) == table.num_rows:
        return table
    return table.take(np.sort(first))


def hashes(keys: Iterable[str]) -> NDArray[np.uint64]:
    """64 bits of each key, uint64; enough to tell ten million rows apart."""
    digits = b"".join(hashlib.blake2b(key.encode(), digest_size=8).digest() for key in keys)
    return np.frombuffer(digits, ">u8").astype(np.uint64)


Reader = Callable[[Sequence[str] | None], pa.Table]
"""Reads some columns of a part, or all."""


def ranked(plan: Plan, read: Sequence[Reader]) -> list[NDArray[np.int64]]:
    """The places of the rows of each of some parts, int64; -1 for rows of another study."""
    columns = list(plan.order_columns())
    ranks, tuples = [], []
    for each in read:
        table = each(columns)
        places = plan.ranks(table)
        if places is None:
            names = (table.column(name).to_pylist() for name in columns)
            tuples.append(list(zip(*names, strict=True)))
        else:
            ranks.append(places)
    place = {each: k for k, each in enumerate(sorted({row for rows in tuples for row in rows}))}
    return ranks + [np.array([place[row] for row in rows], np.int64) for rows in tuples]


def in_order(
    plan: Plan, read: Sequence[Reader], columns: Sequence[str] | None, rows: int
) -> Iterator[pa.Table]:
    """The rows of a study in order, each once, as tables of at most `rows` rows.

    Reads only the parts that a table needs, so memory is bounded. Raises StorageError.
    """
    ranks = ranked(plan, read)
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *ranks]))
    wanted = wanted[wanted >= 0]
    for start in range(0, len(wanted), rows):
        block = wanted[start : start + rows]
        tables, places = [], []
        for each, own in zip(read, ranks, strict=True):
            chosen = np.flatnonzero((own >= block[0]) & (own <= block[-1]))
            if len(chosen):
                tables.append(_taken(each(columns), chosen))
                places.append(own[chosen])
        _, first = np.unique(np.concatenate(places), return_index=True)
        joined = pa.concat_tables(tables, promote_options="default")
        yield _taken(joined, first).combine_chunks()


def column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values as Arrow; lists that are given as arrays are joined rather than read one by one."""
    if not pa.types.is_list(kind) or not all(isinstance(each, np.ndarray) for each in values):
        return pa.array(values, kind, from_pandas=True)
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    joined = pa.array(np.concatenate(values), kind.value_type, from_pandas=True)
    return pa.ListArray.from_arrays(ends, joined, type=kind)


def _taken(table: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    """Some rows of a table; the table itself where they are all, in order."""
    whole = len(rows) == table.num_rows and bool((rows == np.arange(len(rows))).all())
    return table if whole else table.take(rows)


class Digest:
    """SHA-256 over the rows of a study in order, all columns but the times."""

    def __init__(self) -> None:
        self._digest: Any = hashlib.sha256()
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Take in the next rows."""
        self.rows += table.num_rows
        for name in table.column_names:
            if name == SECONDS:
                continue
            self._digest.update(f"{name}\n".encode())
            column = table.column(name)
            if pa.types.is_string(column.type):
                texts = [text or "" for text in column.to_pylist()]
                self._digest.update("\n".join(texts).encode())
            elif pa.types.is_list(column.type):
                joined = column.combine_chunks()
                self._digest.update(_bytes(joined.value_lengths().fill_null(-1).to_numpy()))
                values = joined.flatten()
                texts = pa.types.is_string(values.type)
                plain = np.array(values.to_pylist()) if texts else values.to_numpy(False)
                self._digest.update(_bytes(plain))
            else:
                self._digest.update(_bytes(store.numbers(table, name)))

    def hex(self) -> str:
        """The digest."""
        return str(self._digest.hexdigest())


def _bytes(values: NDArray[Any]) -> bytes:
    if values.dtype.kind == "U":
        return "\n".join(values.tolist()).encode()
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.nan, values)
    return np.ascontiguousarray(values).tobytes()
