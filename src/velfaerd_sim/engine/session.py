"""A session: a plan is carried out in a folder until it is finished, stopped or out of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from velfaerd_sim.compiled import is_warm
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import (
    ASKING,
    FILES,
    asked_alike,
    asking_digest,
    check_asking,
    keep_asking,
)
from velfaerd_sim.engine.cores import checked_workers
from velfaerd_sim.engine.dispatch import Dispatch
from velfaerd_sim.engine.parts import part_names
from velfaerd_sim.engine.plan import Plan, Table
from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.engine.queue import Queue, missing, work_of
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD, ROW_FILES
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.task import Reply, Task, no_advance
from velfaerd_sim.engine.workers import Threads, Workers, no_processes, threads_of, workers_of
from velfaerd_sim.errors import InputError, StorageError, run_failed
from velfaerd_sim.inputs import checks
from velfaerd_sim.model.warm_up import warm_up

_TWICE = 2.0
"""Room for rows: as parts, and once more while they are put in order."""
_SAME = ("design", "regimes", "package", "plugins")


@dataclass(frozen=True)
class Options:
    """How the tasks of any plan are carried out.

    workers: side by side, all cores without; with an executor or a scheduler, how many chunks are
    at work at a time. executor: any `concurrent.futures.Executor` whose workers have this package.
    scheduler: address of a Dask scheduler. fail_fast: stop at the first row that fails, otherwise
    it is a row with its message. retry_failed: run those again that failed. minutes: nothing new
    is begun after so many; the same call again goes on. progress: told how far it is. tasks: how
    many are begun at most. task_minutes: a task that takes longer is ended with its worker, where
    these are processes of this machine, and is a row that failed.
    """

    workers: int | None = None
    executor: Executor | None = None
    scheduler: str | None = None
    fail_fast: bool = False
    retry_failed: bool = False
    minutes: float | None = None
    progress: Progress | None = None
    tasks: int | None = None
    task_minutes: float | None = None

    def __post_init__(self) -> None:
        """Check. Raises InputError."""
        if self.executor is not None and self.scheduler is not None:
            raise InputError("scheduler", self.scheduler, "either an executor or a scheduler")
        if self.workers is not None:
            checked_workers(self.workers)
        if self.minutes is not None:
            checks.number(self.minutes, "minutes", 0.0, 1e6)
        if self.task_minutes is not None:
            checks.number(self.task_minutes, "task_minutes", 0.01, 1e6)
        if self.tasks is not None:
            checks.whole(self.tasks, "tasks", 0, 10**9)


@dataclass(frozen=True)
class Done:
    """A session that has ended well.

    rows: of the plan; none where nothing had to be done in a folder that keeps no parts. new: rows
    of this session. late: the time, or the number of tasks, was used up before all was done.
    tables: as `Plan.tables` gave them; what is no mapping was used up by writing it.
    """

    folder: Path | None
    record: dict[str, Any]
    rows: RowStore
    new: int
    late: bool
    notes: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)


def carry_out(
    plan: Plan,
    out: str | Path | None,
    options: Options | None = None,
    *,
    overwrite: bool = False,
    command: str = "",
    after_task: Callable[[RowStore], None] | None = None,
) -> Done:
    """Run everything of a plan that a folder does not hold yet; in memory where there is none.

    after_task: called when the rows of a task are there. Raises InputError, StudyError where the
    folder holds another study, StorageError where the disk fails, VelfaerdError where workers do.
    """
    chosen = options or Options()
    record = plan.record(command)
    if plan.kind in FILES:
        record[ASKING] = asking_digest(plan.kind)
    if out is None:
        return _Session(plan, None, record, None, chosen, after_task).run()

    def check(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> None:
        plan.check_continues(old, new, path)
        if ASKING in new and not asked_alike(old, new):
            check_asking(old, new, path, not missing(plan, Path(path)).any())

    with store.opened(out, record, overwrite, check) as (folder, old):
        if old is None:
            folder.remove(part_names(folder.path))
        return _Session(plan, folder, record, old, chosen, after_task).run()


class _Session:
    """One plan being carried out."""

    def __init__(
        self,
        plan: Plan,
        folder: store.Folder | None,
        record: dict[str, Any],
        old: Mapping[str, Any] | None,
        options: Options,
        after_task: Callable[[RowStore], None] | None,
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.record = record
        self.old = old
        self.options = options
        self.rows = RowStore(plan, folder)
        self._after_task = after_task
        self._started = time.monotonic()
        times = {} if old is None else old.get("times", {})
        record["times"]["started"] = times.get("started", records.now())
        self._earlier = float(times.get("seconds") or 0.0)
        self._cost = 0.0
        self._workers: Workers | None = None

    def run(self) -> Done:
        """Run what is missing, put the rows in order, write the tables; keep what is done."""
        rows, plan, folder = self.rows, self.plan, self.folder
        if self.old is None:
            rows.forget_parts()  # of a study that was overwritten
        rows.restore(self.options.retry_failed)
        if (there := self._whole_in_tables()) is not None:
            return there
        before = len(rows)
        self._tasks = Queue(plan, rows)
        wanted = not plan.enough(rows) and self._tasks.any()
        if ASKING in self.record:
            keep_asking(self.old if before else None, self.record)
        late = False
        if wanted:
            late = self._run_missing()
        else:
            self._tick()
        whole = not late and (plan.takes_failures or not rows.failed)
        try:
            tables = self._finish(COMPLETE if whole else INCOMPLETE)
        except StorageError:
            raise
        except BaseException:
            with suppress(StorageError):
                rows.flush()  # those of a plan that keeps no parts would stand in its tables alone
            raise
        path = None if folder is None else folder.path
        new, notes = len(rows) - before, tuple(rows.notes)
        return Done(path, self.record, rows, new, late, notes, tables)

    def _whole_in_tables(self) -> Done | None:
        """What is done where nothing is missing of a study whose rows stand in its tables alone.

        Otherwise its rows are taken over, as far as there are any.
        """
        plan, old, folder = self.plan, self.old, self.folder
        if plan.keeps_parts or old is None or folder is None or old["status"] != COMPLETE:
            return None
        path, files = folder.path, old["files"]
        bad = [name for name, entry in files.items() if not store.is_as_written(path / name, entry)]
        if not bad and all(old.get(key) == self.record.get(key) for key in _SAME):
            return Done(path, dict(old), self.rows, 0, False)
        lost = [name for name in bad if name in plan.exact]
        if lost:
            text = f"{', '.join(lost)} was changed after it was written; its rows are run again"
            self.rows.notes.append(text)
        sound = {name: entry for name, entry in files.items() if name not in bad}
        self.rows.take_over(plan.rows_in_tables(path, {**old, "files": sound}))
        return None

    def _run_missing(self) -> bool:
        """Run the tasks; whether the time was up before all were done."""
        self._check_space()
        self.rows.flush()
        tasks = self._tasks
        options, minutes = self.options, self.options.minutes
        tasks.deadline = None if minutes is None else self._started + 60.0 * minutes
        tasks.allowed = options.tasks
        if options.scheduler is None and not is_warm():
            warm_up()
        with self._hired() as workers:
            self._workers = workers
            try:
                self._save(INCOMPLETE)
                advance = workers.meter if isinstance(workers, Threads) else no_advance
                work = work_of(self.plan, workers.threads, advance)
                longest = None if options.task_minutes is None else 60.0 * options.task_minutes
                dispatch = Dispatch(workers, work, tasks, self._tick, longest)
                with closing(dispatch.results()) as results:
                    for done, reply in results:
                        tasks.ended(done)
                        self._take(done, reply)
                        if self.plan.enough(self.rows):
                            break
                tasks.look_ahead()
                self._tick()
            except StorageError:
                raise
            except BaseException:
                with suppress(StorageError):
                    self.rows.flush()
                    if self.folder is not None:
                        self.rows.look()  # an interruption may come between a row and its count
                    self.record["failures"] = self.rows.failures()
                    self._save(INCOMPLETE)
                raise
            finally:
                self._workers = None
        return tasks.late

    def _hired(self) -> AbstractContextManager[Workers]:
        plan, options = self.plan, self.options
        if options.executor is not None or options.scheduler is not None:
            return workers_of(plan.kind, options.workers, options.executor, options.scheduler)
        outlook = self._tasks.outlook
        side_by_side, threads = plan.division(checked_workers(options.workers))
        count = side_by_side if plan.stages else max(1, min(side_by_side, outlook.tasks))
        if plan.processes and (reason := no_processes()):
            note = f"no processes can be started here ({reason}); threads do the work"
            self.rows.notes.append(note)
        elif plan.processes:
            return workers_of(plan.kind, count, threads=threads)
        return threads_of(count, threads)

    def _take(self, tasks: Sequence[Task], reply: Reply) -> None:
        failed = []
        for task, answers in zip(tasks, reply.answers, strict=True):
            self._cost += task.cost
            failed += self.rows.add(task, answers)
        if failed and self.options.fail_fast:
            row = failed[0]
            name = self.plan.name_of(row)
            raise run_failed(f"a run failed: {{}} ({name}); the others are kept", row["message"])
        if self._after_task is not None:
            self._after_task(self.rows)

    def _tick(self) -> None:
        self.rows.flush_when_due()
        if self.options.progress is None:
            return
        self._tasks.look_ahead_when_due()
        outlook, there = self._tasks.outlook, len(self.rows)
        rows = max(outlook.rows, there)
        done = self._cost
        if isinstance(self._workers, Threads):
            done = max(done, float(self._workers.meter.done))
        each = outlook.cost / max(rows, 1)
        if outlook.left is not None:
            each = outlook.left / max(rows - self._tasks.looked_with, 1)
        total = done if rows == there else each * (rows - there) + self._cost
        self.options.progress(Advance(min(done, total), total, there, rows, self.rows.failed))

    def _check_space(self) -> None:
        if self.folder is not None:
            missing = max(0, self._tasks.outlook.rows - len(self.rows))
            self.folder.check_space(missing * _TWICE * self.plan.bytes_per_row())

    def _finish(self, status: str) -> Mapping[str, Table]:
        """Put the rows in order, write the tables and the record; gives the tables."""
        plan, rows = self.plan, self.rows
        try:
            if plan.keeps_parts:
                self.record["table"] = rows.compact()
            else:
                rows.check_written()
        except StorageError:
            rows.look()  # what is told as done is what is left
            self._save(INCOMPLETE)
            raise
        if plan.keeps_parts and self.folder is not None:
            self.record[ROW_FILES] = part_names(self.folder.path)
        self.record["failures"] = rows.failures()
        tables = plan.tables(rows)
        in_tables = bool(tables) and not plan.keeps_parts and status == COMPLETE
        if not in_tables:
            rows.flush()
        self._save(status, tables)
        if tables and self.folder is not None and self.old is not None:
            self.folder.remove(set(self.old.get("files", {})) - set(self.record["files"]))
        if in_tables:
            rows.forget_parts()
        return tables

    def _save(self, status: str, tables: Mapping[str, Table] | None = None) -> None:
        rows, record = self.rows, self.record
        planned = len(rows) if status == COMPLETE else max(self._tasks.outlook.rows, len(rows))
        record["counts"] = {"planned": planned, "done": rows.done, "failed": rows.failed}
        record["status"] = status
        times = record["times"]
        times["finished"] = records.now() if status == COMPLETE else None
        times["seconds"] = round(self._earlier + time.monotonic() - self._started, 3)
        self.plan.describe(record, rows)
        if self.folder is None:
            records.text(record)
            return
        with self.folder.transaction() as work:
            for name, content in {**self.plan.inputs(), **(tables or {})}.items():
                write(work, name, content)
                record["files"][name] = {"sha256": work.sha256(name)}
            work.text(RECORD, records.text(record))


def write(work: store.Transaction, name: str, content: Table) -> None:
    """Write a table of a plan, whatever form it has."""
    if isinstance(content, str):
        work.text(name, content)
    elif isinstance(content, pa.Table | Mapping):
        work.table(name, content)
    else:
        with work.tables(name) as groups:
            for each in content:
                groups.write(each)
