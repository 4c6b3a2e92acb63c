"""Tasks of a plan in a worker: a chunk of them, run in any process that has this package.

A worker process loads neither pandas nor Mesa for it. A chunk is plain values, and so is what
comes back; the result does not depend on who ran it, nor on the chunk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from velfaerd_sim.engine.dispatch import Work
from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.engine.process import message_of
from velfaerd_sim.engine.runner import CalledOffError
from velfaerd_sim.engine.task import Answer, Context, Run, Task, no_advance


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be done of a task: its payload, and how many answers it gives."""

    payload: Any
    rows: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tasks for one call of a worker; context: what they share."""

    run: Run
    context: Context
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a chunk gave: answers and seconds, task by task."""

    answers: tuple[tuple[Answer, ...], ...]
    seconds: tuple[float, ...]


def run_chunk(chunk: Chunk) -> Reply:
    """Run the tasks of a chunk; a task that fails is an answer with a message."""
    answers, times = [], []
    for piece in chunk.pieces:
        chunk.context.advance(0)  # stops here when the work is called off
        start = time.perf_counter()
        given = _answers(chunk.run, piece, chunk.context)
        spent = time.perf_counter() - start
        answers.append(tuple(_timed(each, spent / piece.rows) for each in given))
        times.append(spent)
    return Reply(tuple(answers), tuple(times))


def _answers(run: Run, piece: Piece, context: Context) -> Sequence[Answer]:
    try:
        given = run(piece.payload, context)
        if len(given) != piece.rows:
            raise ValueError(f"the work gave {len(given)} rows instead of {piece.rows}")
    except CalledOffError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        return (Answer(message=message_of(error)),) * piece.rows
    return given


def _timed(answer: Answer, seconds: float) -> Answer:
    if answer.message or not math.isnan(answer.seconds):
        return answer
    return Answer(answer.values, "", seconds)


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
