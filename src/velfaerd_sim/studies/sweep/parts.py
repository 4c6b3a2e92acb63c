"""Parts: the runs of a sweep on disk, one row a run, in Parquet files that check themselves.

A part is `runs/part-NUMBER-DIGEST.parquet`, where DIGEST begins the SHA-256 of the file: what is
damaged or cut short does not fit its name. Parts only ever appear whole, and old ones are removed
after those that replace them are there; so a row may stand twice after a crash, and is read once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine import store
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.sweep.study import Study

DONE, FAILED = "done", "failed"
TEXTS = ("run_id", "point_id", "regime", "status", "message")
TIMES = "seconds"
"""The only column that differs when a sweep is run again."""

_TRIES = 5


def schema(study: Study) -> pa.Schema:
    """The columns of the runs of a study; `world` is the number of the world in its set."""
    fields = [
        ("run_id", pa.string()),
        ("point_id", pa.string()),
        ("replicate", pa.int32()),
        *([("world", pa.int64())] if study.worlds is not None else []),
        ("seed", pa.int64()),
        ("regime", pa.string()),
        ("status", pa.string()),
        ("message", pa.string()),
        (TIMES, pa.float64()),
    ]
    fields += [(f"parameter.{factor.name}", pa.float64()) for factor in study.factors]
    fields += [(reading.column, pa.float64()) for reading in study.readings]
    return pa.schema(fields)


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
        raise StorageError(f"{folder / name} is damaged: its content does not fit its name")


def read_part(folder: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a part, or some of its columns, after checking it. Raises StorageError."""
    check_part(folder, name)
    return store.read_table(folder / name, columns)


def read_runs(folder: Path) -> pa.Table | None:
    """All runs in a folder, each once, in the order in which they are stored; None without any.

    Raises StorageError for a damaged part. A sweep that is running may replace parts meanwhile;
    then the folder is read anew.
    """
    for attempt in range(_TRIES):
        names = part_names(folder)
        try:
            tables = [read_part(folder, name) for name in names]
        except StorageError as error:
            if attempt + 1 < _TRIES and part_names(folder) != names:
                continue
            text = f"{error}; the same sweep again sets it aside and runs its rows anew"
            raise StorageError(text) from None
        return once(pa.concat_tables(tables, promote_options="default")) if tables else None
    return None


def once(table: pa.Table) -> pa.Table:
    """The rows of a table with each run id once, the first."""
    _, first = np.unique(run_keys(table), return_index=True)
    if len(first) == table.num_rows:
        return table
    return table.take(np.sort(first))


def run_keys(table: pa.Table) -> NDArray[np.uint64]:
    """The first 64 bits of the run ids, uint64 (rows,); enough to tell ten million runs apart."""
    names = table.column("run_id").to_pylist()
    return keys(names)


def keys(names: Iterable[str]) -> NDArray[np.uint64]:
    """The first 64 bits of run ids, uint64."""
    digits = "".join(name[:16] for name in names)
    return np.frombuffer(bytes.fromhex(digits), ">u8").astype(np.uint64)


class Order:
    """The order of the runs of a study: by replicate, then point, then regime."""

    def __init__(self, study: Study) -> None:
        self._points = pa.array([point.point_id for point in study.points.distinct], pa.string())
        self._regimes = pa.array([timeline.name for timeline in study.regimes], pa.string())
        self.replicates = study.repeats

    def ranks(self, table: pa.Table) -> NDArray[np.int64]:
        """The place of every row in the study, int64 (rows,); -1 for a run of another study."""
        point = _places(table.column("point_id"), self._points)
        regime = _places(table.column("regime"), self._regimes)
        replicate = store.numbers(table, "replicate").astype(np.int64)
        rank = (replicate * len(self._points) + point) * len(self._regimes) + regime
        foreign = (point < 0) | (regime < 0) | (replicate >= self.replicates)
        return np.where(foreign, np.int64(-1), rank)


def _places(column: pa.ChunkedArray, known: pa.Array) -> NDArray[np.int64]:
    found = pc.fill_null(pc.index_in(column, value_set=known), -1)
    return np.asarray(found.to_numpy(), np.int64)


def compacted(folder: Path, names: Sequence[str], order: Order, rows: int) -> Iterator[pa.Table]:
    """The runs of a study in order, each once, as tables of at most `rows` rows.

    Reads only the parts that a table needs, so memory is bounded. Raises StorageError.
    """
    columns = ["point_id", "regime", "replicate"]
    ranks = [order.ranks(read_part(folder, name, columns)) for name in names]
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *ranks]))
    wanted = wanted[wanted >= 0]
    for start in range(0, len(wanted), rows):
        block = wanted[start : start + rows]
        tables, places = [], []
        for name, found in zip(names, ranks, strict=True):
            chosen = np.flatnonzero((found >= block[0]) & (found <= block[-1]))
            if len(chosen):
                tables.append(store.read_table(folder / name).take(chosen))
                places.append(found[chosen])
        _, first = np.unique(np.concatenate(places), return_index=True)
        joined = pa.concat_tables(tables, promote_options="default")
        yield joined.take(first).combine_chunks()


class Digest:
    """SHA-256 over the runs of a study in order, all columns but the times."""

    def __init__(self) -> None:
        self._digest: Any = hashlib.sha256()
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Take in the next rows."""
        self.rows += table.num_rows
        for name in table.column_names:
            if name == TIMES:
                continue
            self._digest.update(f"{name}\n".encode())
            if name in TEXTS:
                texts = [text or "" for text in table.column(name).to_pylist()]
                self._digest.update("\n".join(texts).encode())
            else:
                values = np.ascontiguousarray(store.numbers(table, name))
                if values.dtype.kind == "f":
                    values = np.where(np.isnan(values), np.nan, values)
                self._digest.update(values.tobytes())

    def hex(self) -> str:
        """The digest."""
        return str(self._digest.hexdigest())
