"""The table of a sweep while it grows: rows are kept a moment, written as parts, and compacted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine.ownership import is_temporary
from velfaerd_sim.engine.store import RUNS, Folder, arrow, read_table
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.sweep import parts
from velfaerd_sim.studies.sweep.parts import DONE, FAILED
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.tasks import RunNames, bytes_per_run, tasks
from velfaerd_sim.studies.sweep.worker import Found, Unit

FLUSH_ROWS, FLUSH_SECONDS = 4096, 5.0
MOST_SMALL_PARTS = 48
_BYTES_IN_MEMORY = 16e6
_BATCH = 1024

_SHOWN_FAILURES = 20


Row = tuple[Unit, int, NDArray[np.float64], float, str]
"""Unit, place of the regime in the unit, outcomes, seconds, message of a failure."""


def rows_table(study: Study, rows: Sequence[Row]) -> pa.Table:
    """Runs as a table with the columns of the study."""
    regimes = [timeline.name for timeline in study.regimes]
    columns: dict[str, Any] = {
        "run_id": [unit.run_ids[place] for unit, place, *_ in rows],
        "point_id": [unit.task.point.point_id for unit, *_ in rows],
        "replicate": np.array([unit.task.replicate for unit, *_ in rows], np.int32),
        **_world_column(study, rows),
        "seed": np.array([unit.task.seed for unit, *_ in rows], np.int64),
        "regime": [regimes[unit.regimes[place]] for unit, place, *_ in rows],
        "status": [FAILED if message else DONE for *_, message in rows],
        "message": [message or None for *_, message in rows],
        parts.TIMES: np.array([seconds for *_, seconds, _ in rows], np.float64),
    }
    settings = [dict(unit.task.point.values) for unit, *_ in rows]
    for factor in study.factors:
        values = [each.get(factor.name, np.nan) for each in settings]
        columns[f"parameter.{factor.name}"] = np.array(values, np.float64)
    table = np.array([values for _, _, values, *_ in rows], np.float64)
    for index, reading in enumerate(study.readings):
        columns[reading.column] = table[:, index]
    return arrow(columns).cast(parts.schema(study))


def _world_column(study: Study, rows: Sequence[Row]) -> dict[str, Any]:
    worlds = study.worlds
    if worlds is None:
        return {}
    numbers = [worlds[unit.task.replicate % len(worlds)].number for unit, *_ in rows]
    return {"world": np.array(numbers, np.int64)}


def block_rows(study: Study) -> int:
    """The most rows of a part in the end, which is also what stands in memory at a time."""
    return int(max(1, min(500_000, _BYTES_IN_MEMORY / bytes_per_run(study))))


class RunTable:
    """The runs of a study in its folder.

    done, failed: numbers of runs by how they ended. notes: what was damaged.
    """

    def __init__(
        self, folder: Folder, study: Study, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = folder
        self.study = study
        self.done = 0
        self.failed = 0
        self.notes: list[str] = []
        self._names = RunNames(study)
        self._clock = clock
        self._known: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._there: NDArray[np.bool_] = np.zeros((0, 0), bool)
        self._waiting: list[Row] = []
        self._since = 0.0
        self._small: list[str] = []
        self._next = 1
        room = _BYTES_IN_MEMORY / bytes_per_run(study)
        self._flush_rows = int(max(1, min(FLUSH_ROWS, room / MOST_SMALL_PARTS)))
        self._block_rows = block_rows(study)

    @property
    def planned(self) -> int:
        """Runs of the study."""
        study = self.study
        return len(study.points.distinct) * study.repeats * len(study.regimes)

    def restore(self, retry_failed: bool = False) -> None:
        """Take in what is there; a damaged part is set aside and noted.

        retry_failed: drop runs that failed, so that they are missing.
        """
        path = self.folder.path
        leftovers = filter(is_temporary, (path / RUNS).glob(".*.tmp"))
        self.folder.remove([f"{RUNS}/{each.name}" for each in leftovers])
        for name in self.look():
            self.folder.set_aside(name)
            text = f"{path / name} was damaged: it was set aside and its runs are run again"
            self.notes.append(text)
        if retry_failed:
            for name in parts.part_names(path):
                self._drop_failures(name)
            self._small.clear()
            self.look()

    def look(self) -> list[str]:
        """Take note of the runs that are there, without changing anything; gives damaged parts."""
        path = self.folder.path
        found: list[NDArray[np.uint64]] = []
        damaged = []
        for name in parts.part_names(path):
            self._next = max(self._next, parts.number_of(name) + 1)
            try:
                table = parts.read_part(path, name, ["run_id"])
            except StorageError:
                damaged.append(name)
                continue
            if table.num_rows < self._flush_rows:
                self._small.append(name)
            found.append(parts.run_keys(table))
        self._known = np.unique(np.concatenate([np.empty(0, np.uint64), *found]))
        return damaged

    def _drop_failures(self, name: str) -> None:
        table = read_table(self.folder.path / name)
        good = table.filter(pc.not_equal(table.column("status"), FAILED))
        if good.num_rows < table.num_rows:
            self._write(good, [name])

    def count(self) -> int:
        """Count the runs that are there, those that failed too; gives the number of units to do."""
        shape = len(self.study.points.distinct) * self.study.repeats, len(self.study.regimes)
        self._there = np.zeros(shape, bool)
        every, row = tasks(self.study), 0
        while len(self._known) and (batch := list(islice(every, _BATCH))):
            keys = parts.keys(name for task in batch for name in self._names.of(task))
            place = np.minimum(np.searchsorted(self._known, keys), len(self._known) - 1)
            there = np.asarray(self._known[place] == keys)
            self._there[row : row + len(batch)] = there.reshape(len(batch), -1)
            row += len(batch)
        there_now = int(self._there.sum())
        self.failed = sum(1 for _ in self._failed_rows()) if there_now else 0
        self.done = there_now - self.failed
        return len(self._there) - int(self._there.all(axis=1).sum())

    def missing(self) -> Iterator[Unit]:
        """The units of which runs were missing when counted, in the order of the study."""
        whole = np.asarray(self._there.all(axis=1))
        for row, task in enumerate(tasks(self.study)):
            if not whole[row]:
                regimes = tuple(np.flatnonzero(~self._there[row]).tolist())
                names = self._names.of(task)
                yield Unit(task, regimes, tuple(names[regime] for regime in regimes))

    def _failed_rows(self) -> Iterator[dict[str, Any]]:
        order, seen = parts.Order(self.study), set()
        columns = ["run_id", "point_id", "replicate", "seed", "regime", "status", "message"]
        for name in parts.part_names(self.folder.path):
            table = read_table(self.folder.path / name, columns)
            table = table.filter(pc.equal(table.column("status"), FAILED))
            for rank, row in zip(order.ranks(table).tolist(), table.to_pylist(), strict=True):
                if rank >= 0 and rank not in seen:
                    seen.add(rank)
                    yield row

    def failures(self) -> list[dict[str, Any]]:
        """The first runs that failed, as they stand in the record."""
        rows = islice(self._failed_rows(), _SHOWN_FAILURES) if self.failed else iter(())
        return [{key: row[key] for key in row if key != "status"} for row in rows]

    def add(self, units: Sequence[Unit], found: Found) -> list[str]:
        """Take in what a chunk gave; gives the messages of what failed in it."""
        failed = {(each.unit, each.regime): each.message for each in found.failures}
        if not self._waiting:
            self._since = self._clock()
        for index, unit in enumerate(units):
            for place, regime in enumerate(unit.regimes):
                message = failed.get((index, regime), "")
                values, seconds = found.values[index, regime], found.seconds[index, regime]
                self._waiting.append((unit, place, values, float(seconds), message))
        runs = sum(len(unit.regimes) for unit in units)
        self.failed += len(failed)
        self.done += runs - len(failed)
        if len(self._waiting) >= self._flush_rows:
            self.flush()
        return list(failed.values())

    def flush_when_due(self) -> None:
        """Write rows that have waited long."""
        if self._waiting and self._clock() - self._since >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait as a part. Raises StorageError."""
        if not self._waiting:
            return
        table = rows_table(self.study, self._waiting)
        self._small.append(self._write(table, []))
        self._waiting.clear()
        if len(self._small) >= MOST_SMALL_PARTS:
            self._merge()

    def _write(self, table: pa.Table, instead: Iterable[str]) -> str:
        """Write a part, then remove those that it replaces."""
        with self.folder.transaction() as work:
            name = work.part(parts.stem(self._next), table)
        self._next += 1
        self.folder.remove(instead)
        return name

    def _merge(self) -> None:
        path = self.folder.path
        tables = [read_table(path / name) for name in self._small]
        self._write(pa.concat_tables(tables), self._small)
        self._small.clear()

    def compact(self) -> dict[str, Any]:
        """Write all runs in order into few files; gives the number of rows and their digest."""
        path, digest = self.folder.path, parts.Digest()
        old, order = parts.part_names(path), parts.Order(self.study)
        new: list[str] = []
        neat = self._is_neat(old, order)
        with self.folder.transaction() as work:
            for table in parts.compacted(path, old, order, self._block_rows):
                digest.add(table)
                if not neat:
                    new.append(work.part(parts.stem(self._next), table))
                    self._next += 1
        if not neat:
            self.folder.remove(name for name in old if name not in new)
        self._small.clear()
        return {"rows": digest.rows, "sha256": digest.hex()}

    def _is_neat(self, names: Sequence[str], order: parts.Order) -> bool:
        """Whether the parts are few, in order, and hold no run twice or of another study."""
        columns = ["point_id", "regime", "replicate"]
        path = self.folder.path
        ranks = [order.ranks(read_table(path / name, columns)) for name in names]
        joined = np.concatenate([np.full(1, -1, np.int64), *ranks])
        few = len(names) <= -(-(len(joined) - 1) // self._block_rows)
        return few and bool((np.diff(joined) > 0).all())
