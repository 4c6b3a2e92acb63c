"""Tasks of a plan for the dispatch: which are neither done nor at work, and how they are done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from velfaerd_sim.engine import store
from velfaerd_sim.engine.dispatch import Work
from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.task import (
    Answer,
    Chunk,
    Context,
    Piece,
    Reply,
    Task,
    no_advance,
    run_chunk,
)

_BETWEEN_QUESTIONS, _BETWEEN_OUTLOOKS = 0.1, 1.0
"""Seconds: a plan with stages is asked for tasks, and for its size, no more often."""
_REST = 30.0
"""An outlook is learnt anew after at least so many times the time that it took."""
_LOOKED_UP = 1024
"""Tasks whose rows are looked up at a time."""


class Queue:
    """Tasks to be done, for the dispatch.

    deadline, allowed: when and after how many tasks nothing more is given. late: whether one of
    them was reached. outlook: of the whole; looked_with: how many rows there were then.
    """

    def __init__(self, plan: Plan, rows: RowStore) -> None:
        self._plan = plan
        self._rows = rows
        self._at_work: set[str] = set()
        self._ahead: list[Task] = []
        self.deadline: float | None = None
        self.allowed: int | None = None
        self.late = False
        self._ask()

    def _ask(self) -> None:
        self._asked_at, self._asked_with = time.monotonic(), len(self._rows)
        self._waiting = self._missing()
        self.look_ahead()

    def look_ahead(self) -> None:
        """Learn anew how large the whole is."""
        started, self.looked_with = time.monotonic(), len(self._rows)
        self.outlook = self._plan.outlook(self._rows)
        now = time.monotonic()
        self._look_after = now + max(_BETWEEN_OUTLOOKS, _REST * (now - started))

    def look_ahead_when_due(self) -> None:
        """Learn anew how large the whole is, where that depends on rows, now and then."""
        if self._plan.stages and time.monotonic() > self._look_after:
            self.look_ahead()

    def any(self) -> bool:
        """Whether there is one; a plan with stages is asked again when there is none."""
        if not self._ahead:
            self._ahead = list(islice(self._waiting, 1))
        if not self._ahead and self._plan.stages and self._worth_asking():
            self._ask()
            self._ahead = list(islice(self._waiting, 1))
        return bool(self._ahead)

    def take(self, count: int) -> tuple[Task, ...]:
        """The next tasks: at least one where there is any, none when the time is up."""
        if not self.any():
            return ()
        if self.deadline is not None and time.monotonic() >= self.deadline:
            self.late = True
            return ()
        if self.allowed is not None:
            count = min(count, self.allowed)
            if not count:
                self.late = True
                return ()
        first, self._ahead = self._ahead, []
        tasks = (*first, *islice(self._waiting, count - 1))
        if self.allowed is not None:
            self.allowed -= len(tasks)
        if self._plan.stages:
            self._at_work.update(key for task in tasks for key in task.keys)
        return tasks

    def left(self) -> int:
        """About how many tasks wait."""
        whole = self.outlook
        return round(whole.tasks * (1.0 - len(self._rows) / max(1, whole.rows)))

    def ended(self, tasks: Iterable[Task]) -> None:
        """Note that tasks are no longer at work."""
        self._at_work.difference_update(key for task in tasks for key in task.keys)

    def _worth_asking(self) -> bool:
        if len(self._rows) == self._asked_with:
            return False
        return not self._at_work or time.monotonic() - self._asked_at > _BETWEEN_QUESTIONS

    def _missing(self) -> Iterator[Task]:
        rows, tasks = self._rows, iter(self._plan.tasks(self._rows))
        if not len(rows):
            yield from tasks
        ahead = 1 if self._plan.stages else _LOOKED_UP
        while batch := list(islice(tasks, ahead)):
            batch = [task for task in batch if self._at_work.isdisjoint(task.keys)]
            there = iter(rows.there([key for task in batch for key in task.keys]).tolist())
            for task in batch:
                known = list(islice(there, len(task.keys)))
                if not any(known):
                    yield task
                elif not all(known):
                    wanted = tuple(place for place, one in enumerate(known) if not one)
                    yield self._plan.partly(task, wanted)


def missing(plan: Plan, folder: Path) -> Queue:
    """What a folder does not hold of a plan; changes nothing."""
    rows = RowStore(plan, store.Folder(folder, None))
    rows.look()
    return Queue(plan, rows)


def chunk_of(plan: Plan, tasks: Iterable[Task], context: Context) -> Chunk:
    """Tasks of a plan for one call of a worker."""
    pieces = tuple(Piece(task.payload, len(task.keys)) for task in tasks)
    return Chunk(type(plan).work, context, pieces)


def work_of(
    plan: Plan, threads: int = 1, advance: Callable[[int], None] = no_advance
) -> Work[Task, Reply]:
    """How the tasks of a plan are done. threads: that one task may use."""
    context = Context(plan.common(), threads, advance)

    def given_up(task: Task, message: str) -> Reply:
        return Reply(((Answer(message=message),) * len(task.keys),), (0.0,))

    return Work(
        kind=plan.kind,
        run=run_chunk,
        pack=lambda tasks: chunk_of(plan, tasks, context),
        seconds=lambda reply: sum(reply.seconds),
        give_up=given_up,
        name=lambda task: plan.name_of(dict(zip(plan.labels(), task.labels[0], strict=True))),
    )
