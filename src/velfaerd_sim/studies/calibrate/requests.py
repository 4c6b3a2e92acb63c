"""Readings that are wanted, and courses of work that ask for them and go on when they are there.

A course of work is a generator: it yields readings that it wants and is sent their figures. What it
asks for next depends on nothing else, so it comes to the same place whenever it is begun anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np

from velfaerd_sim.engine.plan import Rows
from velfaerd_sim.studies.calibrate.observations import Array
from velfaerd_sim.studies.calibrate.plan import Calibration
from velfaerd_sim.studies.calibrate.rounds import Asking
from velfaerd_sim.studies.calibrate.work import ReadingTask

Result = TypeVar("Result")
Place = tuple[int, str, int]
"""Stage, purpose, member."""


@dataclass(frozen=True, slots=True)
class WantedReading:
    """A reading that is wanted.

    asked: digest of what is asked; key: of place and digest. names, values: of the parameters.
    """

    place: Place
    asked: str
    key: str
    names: tuple[str, ...]
    values: Array
    replicates: int
    seed: int

    def reading(self) -> ReadingTask:
        """What a worker is given."""
        parameters = zip(self.names, self.values.tolist(), strict=True)
        return ReadingTask(tuple(parameters), self.replicates, self.seed)


Course: TypeAlias = Generator[Sequence[WantedReading], Array, Result]
"""A course of work that asks for readings and is sent all figures, float64 (readings, names)."""


def wanted(calibration: Calibration, place: Place, world: Mapping[str, float]) -> WantedReading:
    """A reading with the seed and the size that a calibration gives it."""
    stage, purpose, member = place
    seed = calibration.seed_of(stage, purpose, member)
    replicates = calibration.replicates_of(purpose)
    size = calibration.adults, replicates, calibration.months
    asked = digest_of(tuple(world.items()), seed, size)
    key = ".".join(map(str, (*place, asked)))
    values = np.array(list(world.values()), np.float64)
    return WantedReading(place, asked, key, tuple(world), values, replicates, seed)


def digest_of(parameters: Sequence[tuple[str, float]], seed: int, size: Sequence[int]) -> str:
    """Digest of what a reading asks: 16 hex digits over parameters, seed and size."""
    text = repr((tuple(parameters), seed, tuple(size)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def course_of(calibration: Calibration, asking: Asking[Result]) -> Course[Result]:
    """What a course of work asks for as readings of a calibration."""
    found: Any = None
    while True:
        try:
            requests = asking.send(found)
        except StopIteration as end:
            result: Result = end.value
            return result
        found = yield [
            wanted(calibration, one.key, calibration.world(one.scores)) for one in requests
        ]


class Followed(Generic[Result]):
    """A course of work, as far as the rows of a study answer it.

    asked: all readings that it has asked for, in order; waiting: the last of these, not all of
    which are answered; result: of the course, when it has ended; fault: what it ended with where it
    could not go on.
    """

    def __init__(self, course: Course[Result], names: int) -> None:
        self.asked: list[WantedReading] = []
        self.waiting: Sequence[WantedReading] = ()
        self.result: Result | None = None
        self.ended = False
        self.fault: BaseException | None = None
        self._names = names
        self._course = course
        self._send(None)

    def follow(self, rows: Rows) -> None:
        """Send what is answered. Raises what the work cannot go on for, each time."""
        if self.fault is not None:
            raise self.fault
        while not self.ended and (figures := self._answers(rows)) is not None:
            self._send(figures)

    def _answers(self, rows: Rows) -> Array | None:
        """The figures that are waited for, NaN where a reading failed; None until all are there."""
        found = []
        for one in self.waiting:
            row = rows.get(one.key)
            if row is None:
                return None
            found.append(row.values or (np.nan,) * self._names)
        return np.array(found, np.float64).reshape(len(found), self._names)

    def _send(self, figures: Any) -> None:
        try:
            self.waiting = self._course.send(figures)
        except StopIteration as end:
            self.waiting, self.result, self.ended = (), end.value, True
        except BaseException as error:
            self.fault = error
            raise
        self.asked += self.waiting
