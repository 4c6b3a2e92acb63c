"""Verification of a study of any kind: its parts and tables, and a sample of tasks run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.differences import TOLERANCE, first_difference
from velfaerd_sim.engine.dispatch import Dispatch, Listed
from velfaerd_sim.engine.plan import SECONDS, STATUS, Plan, Table
from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.engine.queue import work_of
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.engine.rows import DONE, RowStore
from velfaerd_sim.engine.task import Answer, Task
from velfaerd_sim.engine.workers import threads_of
from velfaerd_sim.errors import StorageError


def _holds(path: Path, text: str) -> bool:
    """Whether a file is there and holds a text."""
    try:
        return path.read_text(encoding="utf-8", errors="replace") == text
    except OSError:
        return False


class PlanCheck:
    """Verifies one study: `faults` then says what differs, `names` which files are as written.

    sample: how many tasks are run again, None for as many as the plan holds usual (all where it is
    small). runs: how many rows were compared, of so many.
    """

    def __init__(
        self,
        plan: Plan,
        path: Path,
        record: Mapping[str, Any],
        sample: int | None,
        workers: int,
        progress: Progress | None,
    ) -> None:
        self.plan = plan
        self.path = path
        self.record = record
        self.sample = sample
        self.workers = workers
        self.names: list[str] = []
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.runs = 0
        self.of_runs = 0
        self._progress = progress
        self._rows = RowStore(plan, store.Folder(path, None))
        self._from_tables = False

    def run(self) -> None:
        """Check the parts and the whole of the rows, run a sample again, then check the tables."""
        if self.record["status"] != COMPLETE:
            failed = ", or runs of it failed" if self.record["counts"]["failed"] else ""
            self.notes.append(f"the study did not run to its end{failed}")
        there, done = self._read(), self.record["counts"]["done"]
        if not there and done and not self.faults:
            self.faults.append(f"the {done} rows that were written are missing")
        if there:
            self._check_whole()
            again = self._sample()
            if self._from_tables:  # the tables then show what differs
                merged = RowStore(self.plan, None)
                merged.take_over([again.table(), *self._rows.stream()])
                self._check_tables(merged)
            else:
                self._check_tables(self._rows)
                self._check_sample(again)

    def _read(self) -> bool:
        """Take in the rows; whether there are any."""
        names = parts.part_names(self.path)
        for name in names:
            try:
                parts.check_part(self.path, name)
            except StorageError:
                self.faults.append(f"{name} was changed after it was written")
            else:
                self.names.append(name)
        if names:
            others = [] if self.faults else self._rows.look()
            if others := parts.foreign_parts(self.path, self.record) or others:
                self.faults.append(parts.foreign(others))
        elif not self.plan.keeps_parts:
            self._from_tables = True
            self._rows = RowStore(self.plan, None)
            self._rows.take_over(self.plan.rows_in_tables(self.path, self.record))
        self.of_runs = self._rows.done
        return len(self._rows) > 0

    def _check_whole(self) -> None:
        made = self.record.get("table")
        if made is None:
            return
        digest = parts.Digest()
        for table in self._rows.stream():
            digest.add(table)
        if made != {"rows": digest.rows, "sha256": digest.hex()}:
            self.faults.append(
                f"the {digest.rows} rows of the folder are not the {made['rows']} that were written"
            )

    def _check_tables(self, rows: RowStore) -> None:
        """Compare every table with the one that rows give; a stopped session wrote none."""
        tables = self.plan.tables(rows)
        for name in sorted({*self.record["files"]} - {*tables} - {*self.plan.inputs()}):
            self.faults.append(f"{name} is not what the rows give")
        for name, again in tables.items():
            if name not in self.record["files"]:
                if self.record["status"] == COMPLETE:
                    self.faults.append(f"{name} is missing")
            elif isinstance(again, str):
                if not _holds(self.path / name, again):
                    self.faults.append(f"{name} is not what the rows give")
            else:
                self._compare_table(name, again)

    def _compare_table(self, name: str, again: Table) -> None:
        if isinstance(again, Mapping | pa.Table):
            made: Iterator[Any] = iter([again])
            recorded: Iterator[Any] = iter([store.read_table(self.path / name)])
        else:
            made, recorded = iter(again), store.read_row_groups(self.path / name)
        for number, (one, other) in enumerate(zip(recorded, made, strict=True)):
            table = other if isinstance(other, pa.Table) else store.arrow(other)
            tolerance = 0.0 if name in self.plan.exact else TOLERANCE
            fault = first_difference(one, table, tolerance)
            if fault:
                place = f", row group {number}" if number else ""
                self.faults.append(f"{name}{place}: {fault}")

    def _sample(self) -> RowStore:
        """The rows of a sample of tasks, run again."""
        again = RowStore(self.plan, None)
        for task, answers in self._done_again(self._chosen()):
            again.add(task, answers)
            self.runs += len(task.keys)
        return again

    def _check_sample(self, again: RowStore) -> None:
        """Compare rows that were run again with those that were written as done."""
        columns = [name for name in again.columns if name != SECONDS]
        made, key = again.table(columns), columns[0]
        found = []
        for table in self._rows.stream():
            own = pc.is_in(table.column(key), value_set=made.column(key))
            found.append(table.filter(pc.and_(own, pc.equal(table.column(STATUS), DONE))))
        recorded = pa.concat_tables(found, promote_options="default")
        try:
            made = made.filter(pc.is_in(made.column(key), value_set=recorded.column(key)))
            fault = first_difference(recorded.select(columns), made)
        except KeyError as error:
            fault = f"a column is missing ({error})"
        if fault:
            self.faults.append(f"runs: {fault}")

    def _chosen(self) -> list[Task]:
        """The tasks that are run again, evenly spread; those of which a row is done."""
        every = (task for task in self.plan.tasks(self._rows) if self._rows.there(task.keys).any())
        size = self.sample
        if size is None:
            size = self.plan.usual_sample(self._rows)
        if size is None:
            return list(every)
        count = sum(1 for _ in every)
        if not count:
            return []
        places = np.linspace(0, count - 1, min(size, count)).round().astype(int)
        every = (task for task in self.plan.tasks(self._rows) if self._rows.there(task.keys).any())
        wanted = set(places.tolist())
        return [task for place, task in enumerate(every) if place in wanted]

    def _done_again(self, chosen: Sequence[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        total = sum(len(task.keys) for task in chosen)
        cost = sum(task.cost for task in chosen)

        def tick() -> None:
            if self._progress is not None:
                done = cost * self.runs / max(total, 1)
                self._progress(Advance(done, cost, self.runs, total))

        count, threads = self.plan.division(self.workers)
        with threads_of(count, threads) as workers:
            work = work_of(self.plan, threads, workers.meter)
            source = Listed(iter(chosen), len(chosen))
            for done, reply in Dispatch(workers, work, source, tick).results():
                yield from zip(done, reply.answers, strict=True)
        tick()
