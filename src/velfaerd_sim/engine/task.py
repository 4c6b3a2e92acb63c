"""Tasks and their answers: what a study hands to its workers, and what comes back.

A task gives one row or several; each row has a key, which stands in a folder once. A worker is
given chunks of tasks, of each the payload, with a context, and nothing else. It loads neither
pandas nor Mesa for it; what comes back does not depend on who ran it, nor on the chunk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from velfaerd_sim.engine.process import message_of
from velfaerd_sim.engine.progress import CalledOffError


def no_advance(_: int) -> None:
    """Count nothing: the work is in another process."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work and the rows that it gives.

    keys: of the rows. labels: what is known of each row beforehand, in the order of the plan's
    label columns. payload: what the work is given; it is pickled. cost: its size, in a unit of the
    plan, such as adult-months.
    """

    keys: tuple[str, ...]
    labels: tuple[tuple[Any, ...], ...]
    payload: Any
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the work gave for one row.

    values: in the order of the plan's value columns; where a row failed they do not count.
    message: why it failed, empty where it did not. seconds: an equal share of the time of its task
    unless given.
    """

    values: Sequence[Any] = ()
    message: str = ""
    seconds: float = math.nan


@dataclass(frozen=True, slots=True)
class Context:
    """What a worker knows beside the payload.

    common: what all tasks of a plan share. threads: that one task may use. advance: is told of
    adult-months where the work is in this process, and raises to call the work off.
    """

    common: Any
    threads: int = 1
    advance: Callable[[int], None] = no_advance


Run = Callable[[Any, Context], Sequence[Answer]]
"""A function at the top of a module, which workers import: an answer for every row of a task.

It may run twice, anywhere, in any order, so it depends on payload and context alone. An exception
is a failure of all rows of the task.
"""


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
