"""Tasks of a plan as work that the dispatch hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from velfaerd_sim.engine.dispatch import Work
from velfaerd_sim.engine.plan import Plan
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
    )
