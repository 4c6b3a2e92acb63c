"""Tasks and their answers: what a study hands to its workers, and what comes back.

A task gives one row or several; each row has a key, which stands in a folder once. A worker is
given the payload and a context, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


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
