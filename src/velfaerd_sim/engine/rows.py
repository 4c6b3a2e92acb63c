"""The rows of a study while they grow: kept a moment, written as parts, and put in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine import parts
from velfaerd_sim.engine.ownership import is_temporary
from velfaerd_sim.engine.plan import ENGINES_COLUMNS, MESSAGE, SECONDS, STATUS, Held, Plan
from velfaerd_sim.engine.store import RUNS, Folder, read_table
from velfaerd_sim.engine.task import Answer, Task

DONE, FAILED = "done", "failed"
FLUSH_ROWS, FLUSH_SECONDS = 4096, 5.0
_LONGER = 3.0
"""Parts that are taken away in the end are written less often."""
MOST_SMALL_PARTS = 48
_BYTES_IN_MEMORY = 16e6
_MOST_IN_BLOCK = 500_000
_BLOCKS_IN_MEMORY = 8
_LARGE_PART = 0.25
"""Share of a block from which on a part is not joined with others."""
_SHOWN_FAILURES = 20


class _Waiting(NamedTuple):
    key: str
    labels: tuple[Any, ...]
    answer: Answer


class _Known(NamedTuple):
    """Rows that are there: their hashed keys, uint64, and which of them failed, bool."""

    keys: NDArray[np.uint64]
    failed: NDArray[np.bool_]


class RowStore:
    """The rows of a plan, in a folder or, without one, in memory.

    done, failed: numbers of rows by how they ended. notes: what was damaged.
    """

    def __init__(
        self, plan: Plan, folder: Folder | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.done = 0
        self.failed = 0
        self.notes: list[str] = []
        self._schema = plan.schema()
        self._key = self._schema.names[0]
        self._labels = plan.labels()
        own = {self._key, *self._labels, *ENGINES_COLUMNS}
        self._values = [field for field in self._schema if field.name not in own]
        self._held_at = [[field.name for field in self._values].index(one) for one in plan.held]
        self._clock = clock
        self._old: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._new: set[str] = set()
        self._held: dict[str, Held] = {}
        self._waiting: list[_Waiting] = []
        self._since = 0.0
        self._small: dict[str, int] = {}
        self._unwritten: list[pa.Table] = []
        self._in_order = False
        self._next = 1
        room = _BYTES_IN_MEMORY / plan.bytes_per_row()
        self._block_rows = int(max(1, min(_MOST_IN_BLOCK, room)))
        self._large = int(max(1, self._block_rows * _LARGE_PART))
        in_memory = self._block_rows * (1 if plan.keeps_parts else _BLOCKS_IN_MEMORY)
        self._flush_rows = max(1, min(FLUSH_ROWS, in_memory))

    # --- what is there --------------------------------------------------------------------------

    def __len__(self) -> int:
        """How many rows there are, failed ones too."""
        return self.done + self.failed

    def __contains__(self, key: object) -> bool:
        """Whether the row of a key is there."""
        return isinstance(key, str) and bool(self.there([key])[0])

    def there(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows are there, bool (keys,)."""
        new = np.fromiter((key in self._new for key in keys), bool, len(keys))
        if not len(self._old):
            return new
        wanted = parts.hashes(keys)
        place = np.minimum(np.searchsorted(self._old, wanted), len(self._old) - 1)
        return np.asarray(new | (self._old[place] == wanted))

    def get(self, key: str) -> Held | None:
        """The held values of a row, None where it is not there. A failed row has no values."""
        return self._held.get(key)

    @property
    def columns(self) -> list[str]:
        """The names of all columns."""
        return list(self._schema.names)

    def stream(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """All rows in order, as tables of a size that fits into memory."""
        self._gather()
        if not self._in_order and (self.folder is None or not parts.part_names(self.folder.path)):
            ordered = parts.in_order(self.plan, self._readers(), None, self._block_rows)
            self._unwritten, self._in_order = list(ordered), True
        return parts.in_order(self.plan, self._readers(), columns, self._block_rows)

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows in order."""
        tables = list(self.stream(columns))
        names = self._schema.names if columns is None else columns
        empty = self._schema.empty_table().select(names)
        return pa.concat_tables(tables) if tables else empty

    def failures(self) -> list[dict[str, Any]]:
        """The first rows that failed, as they stand in the record."""
        if not self.failed:
            return []
        wanted = [*dict.fromkeys([self._key, *self._labels, *self.plan.order_columns()])]
        shown: list[dict[str, Any]] = []
        for table in self.stream([*wanted, STATUS, MESSAGE]):
            bad = table.filter(pc.equal(table.column(STATUS), FAILED))
            rows = bad.select([self._key, *self._labels, MESSAGE]).to_pylist()
            shown += islice(map(self.plan.failure, rows), _SHOWN_FAILURES - len(shown))
            if len(shown) >= _SHOWN_FAILURES:
                break
        return shown

    # --- taking over what an earlier session has done -------------------------------------------

    def restore(self, retry_failed: bool = False) -> None:
        """Take in what is there; a damaged or foreign part is set aside and noted.

        retry_failed: drop rows that failed, so that they are missing.
        """
        if self.folder is None:
            return
        path = self.folder.path
        leftovers = filter(is_temporary, (path / RUNS).glob(".*.tmp"))
        self.folder.remove([f"{RUNS}/{each.name}" for each in leftovers])
        for name in self.look():
            self.folder.set_aside(name)
            what = "is damaged or of another study"
            self.notes.append(f"{path / name} {what}: it was set aside, what is missing is run")
        if retry_failed and self.failed:
            for name in parts.part_names(path):
                self._drop_failures(name)
            self.look()

    def look(self) -> list[str]:
        """Take note of the rows that are there, without changing anything; gives other parts.

        Those are damaged, or of another study.
        """
        assert self.folder is not None
        path = self.folder.path
        self._small.clear()
        self._held.clear()
        held = [MESSAGE, *self.plan.held] if self.plan.held else []
        order = self.plan.order_columns()
        wanted = list(dict.fromkeys([self._key, STATUS, *order, *held]))
        known, damaged = [], []
        for name in parts.part_names(path):
            self._next = max(self._next, parts.number_of(name) + 1)
            table = parts.own_part(self.plan, path, name, wanted)
            if table is None:
                damaged.append(name)
                continue
            if table.num_rows < self._large:
                self._small[name] = table.num_rows
            self._hold(table)
            known.append(self._known(table))
        self._count(known)
        return damaged

    def take_over(self, tables: Iterable[pa.Table]) -> None:
        """Take in the rows of a finished study that keeps none, each key once, the first.

        In a folder they become parts again as soon as something is added.
        """
        self._since, self._in_order = self._clock(), False
        for table in tables:
            self._unwritten.append(table.select(self._schema.names).cast(self._schema))
            self._hold(self._unwritten[-1])
            if sum(map(len, self._unwritten)) >= _BLOCKS_IN_MEMORY * self._block_rows:
                self.flush()
        columns = list(dict.fromkeys([self._key, STATUS, *self.plan.order_columns()]))
        self._count([self._known(read(columns)) for read in self._readers()])

    def _known(self, table: pa.Table) -> _Known:
        """The rows of this study in a table."""
        places = self.plan.ranks(table.select(list(self.plan.order_columns())))
        if places is not None:
            table = table.filter(pa.array(places >= 0))
        bad = pc.equal(table.column(STATUS), FAILED)
        keys = parts.hashes(table.column(self._key).to_pylist())
        return _Known(keys, np.asarray(bad.to_numpy(), bool))

    def _count(self, known: Sequence[_Known]) -> None:
        empty = _Known(np.empty(0, np.uint64), np.empty(0, bool))
        keys, failed = map(np.concatenate, zip(empty, *known, strict=True))
        self._old, first = np.unique(keys, return_index=True)
        self.failed = int(failed[first].sum())
        self.done = len(self._old) - self.failed

    def _hold(self, table: pa.Table) -> None:
        if not self.plan.held:
            return
        columns = [table.column(name).to_pylist() for name in self.plan.held]
        keys, messages = (table.column(name).to_pylist() for name in (self._key, MESSAGE))
        for key, message, *values in zip(keys, messages, *columns, strict=True):
            self._held.setdefault(key, Held(() if message else tuple(values), message or ""))

    def _drop_failures(self, name: str) -> None:
        assert self.folder is not None
        table = read_table(self.folder.path / name)
        good = table.filter(pc.not_equal(table.column(STATUS), FAILED))
        if not good.num_rows:
            self.folder.remove([name])
        elif good.num_rows < table.num_rows:
            self._write(good, [name])

    # --- taking in what is new ------------------------------------------------------------------

    def add(self, task: Task, answers: Sequence[Answer]) -> list[dict[str, Any]]:
        """Take in what a task gave; gives the rows of it that failed, as key, labels, message."""
        if not self._waiting and not self._unwritten:
            self._since = self._clock()
        there = self.there(task.keys) if len(self._old) else np.zeros(len(task.keys), bool)
        new = [
            _Waiting(key, labels, answer)
            for key, labels, answer, known in zip(
                task.keys, task.labels, answers, there.tolist(), strict=True
            )
            if not known
        ]
        if self.plan.stages:
            self._new.update(row.key for row in new)
        if self.plan.held:
            self._held.update((row.key, self._held_of(row.answer)) for row in new)
        bad = [row for row in new if row.answer.message]
        self._waiting += new  # at once: an interrupted task is there whole or not at all
        self.done += len(new) - len(bad)
        self.failed += len(bad)
        if len(self._waiting) >= self._flush_rows:
            self.flush()
        names = (self._key, *self._labels)
        return [
            dict(zip(names, (row.key, *row.labels), strict=True)) | {MESSAGE: row.answer.message}
            for row in bad
        ]

    def _held_of(self, answer: Answer) -> Held:
        values = () if answer.message else tuple(answer.values[i] for i in self._held_at)
        return Held(values, answer.message)

    def flush_when_due(self) -> None:
        """Write rows that have waited long."""
        waits = self._waiting or self._unwritten
        longest = FLUSH_SECONDS if self.plan.keeps_parts else _LONGER * FLUSH_SECONDS
        if self.folder is not None and waits and self._clock() - self._since >= longest:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait as a part, where there is a folder. Raises StorageError."""
        self._gather()
        if self.folder is None or not self._unwritten:
            return
        table = pa.concat_tables(self._unwritten)
        for start in range(0, table.num_rows, self._block_rows):
            part = table.slice(start, self._block_rows)
            name = self._write(part, [])
            if part.num_rows < self._large:
                self._small[name] = part.num_rows
        self._unwritten.clear()
        if len(self._small) >= MOST_SMALL_PARTS or sum(self._small.values()) >= self._block_rows:
            self._merge()

    def _gather(self) -> None:
        """Make a table of the rows that wait."""
        if self._waiting:
            if not self.plan.keeps_parts:  # they may be read more than once from memory
                self._sort_waiting()
            self._unwritten.append(self._as_table(self._waiting))
            self._in_order = False
            self._waiting.clear()

    def _sort_waiting(self) -> None:
        names = self._labels
        columns = [list(each) for each in zip(*(row.labels for row in self._waiting), strict=True)]
        types = [self._schema.field(name).type for name in names]
        table = pa.table(list(map(parts.column, columns, types)), names=names)
        ranks = self.plan.ranks(table) if set(self.plan.order_columns()) <= set(names) else None
        if ranks is not None:
            self._waiting = [self._waiting[place] for place in np.argsort(ranks, kind="stable")]

    def _as_table(self, rows: Sequence[_Waiting]) -> pa.Table:
        columns: dict[str, Any] = {
            self._key: [row.key for row in rows],
            STATUS: [FAILED if row.answer.message else DONE for row in rows],
            MESSAGE: [row.answer.message or None for row in rows],
            SECONDS: [None if row.answer.message else row.answer.seconds for row in rows],
        }
        for place, name in enumerate(self._labels):
            columns[name] = [row.labels[place] for row in rows]
        for place, field in enumerate(self._values):
            columns[field.name] = [
                None if row.answer.message else row.answer.values[place] for row in rows
            ]
        arrays = [parts.column(columns[field.name], field.type) for field in self._schema]
        return pa.Table.from_arrays(arrays, schema=self._schema)

    # --- parts ----------------------------------------------------------------------------------

    def _readers(self) -> list[parts.Reader]:
        unwritten: list[parts.Reader] = [partial(_selected, table) for table in self._unwritten]
        if self.folder is None:
            return unwritten
        path = self.folder.path
        return [*(partial(read_table, path / name) for name in parts.part_names(path)), *unwritten]

    def _write(self, table: pa.Table, instead: Iterable[str]) -> str:
        """Write a part, then remove those that it replaces."""
        assert self.folder is not None
        with self.folder.transaction() as work:
            name = work.part(parts.stem(self._next), table)
        self._next += 1
        self.folder.remove(list(instead))
        return name

    def _merge(self) -> None:
        assert self.folder is not None
        tables = [parts.read_part(self.folder.path, name) for name in self._small]
        self._write(pa.concat_tables(tables), self._small)
        self._small.clear()

    def compact(self) -> dict[str, Any]:
        """Write all rows in order into few parts; gives the number of rows and their digest.

        Raises StorageError where rows that were written are damaged or no longer there.
        """
        self.flush()
        digest = parts.Digest()
        if self.folder is None:
            for table in self.stream():
                digest.add(table)
            return {"rows": digest.rows, "sha256": digest.hex()}
        old, new = parts.part_names(self.folder.path), []
        for name in old:
            parts.check_part(self.folder.path, name)
        neat = self._is_neat()
        with self.folder.transaction() as work:
            for table in self.stream():
                digest.add(table)
                if not neat:
                    new.append(work.part(parts.stem(self._next), table))
                    self._next += 1
        if not neat:
            self.folder.remove(name for name in old if name not in new)
        self._small.clear()
        parts.check_count(self.folder.path, digest.rows, len(self))
        return {"rows": digest.rows, "sha256": digest.hex()}

    def check_written(self) -> None:
        """Raise StorageError where rows that were written are damaged or no longer there."""
        if self.folder is not None and self._next > 1:
            self.flush()
            written = len(self)
            self.look()
            parts.check_count(self.folder.path, len(self), written)

    def forget_parts(self) -> None:
        """Remove the parts, after the tables of the study hold their rows."""
        if self.folder is not None:
            self.folder.remove(parts.part_names(self.folder.path))
            self.folder.remove_empty(RUNS)
        self._small.clear()

    def _is_neat(self) -> bool:
        """Whether the parts are few, in order, and hold no row twice or of another study."""
        ranks = parts.ranked(self.plan, self._readers())
        joined = np.concatenate([np.full(1, -1, np.int64), *ranks])
        few = len(ranks) <= -(-(len(joined) - 1) // self._block_rows)
        return few and bool((np.diff(joined) > 0).all())


def _selected(table: pa.Table, columns: Sequence[str] | None) -> pa.Table:
    return table if columns is None else table.select(list(columns))
