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
from velfaerd_sim.studies.calibrate.smoother import Asking
from velfaerd_sim.studies.calibrate.work import ReadingTask

Result = TypeVar("Result")
Place = tuple[int, int, str, int, int]
"""Case, stage, purpose, member, attempt."""


@dataclass(frozen=True, slots=True)
class WantedReading:
    """A reading that is wanted.

    asked: digest of what is asked; key: of place and digest. names, values: of the parameters.
    more: it comes on top of those that are needed in any case.
    """

    place: Place
    asked: str
    key: str
    names: tuple[str, ...]
    values: Array
    replicates: int
    seed: int
    more: bool

    def reading(self) -> ReadingTask:
        """What a worker is given."""
        parameters = zip(self.names, self.values.tolist(), strict=True)
        return ReadingTask(tuple(parameters), self.replicates, self.seed)


Course: TypeAlias = Generator[Sequence[WantedReading], Array, Result]
"""A course of work that asks for readings and is sent all figures, float64 (readings, names)."""


def wanted(
    calibration: Calibration, place: Place, world: Mapping[str, float], more: bool = False
) -> WantedReading:
    """A reading with the seed and the size that a calibration gives it."""
    case, stage, purpose = place[:3]
    seed = calibration.seed_of(stage, purpose, case=case)
    replicates = calibration.replicates_of(purpose)
    size = calibration.adults, replicates, calibration.months
    asked = digest_of(tuple(world.items()), seed, size)
    key = ".".join(map(str, (*place, asked)))
    values = np.array(list(world.values()), np.float64)
    return WantedReading(place, asked, key, tuple(world), values, replicates, seed, more)


def digest_of(parameters: Sequence[tuple[str, float]], seed: int, size: Sequence[int]) -> str:
    """Digest of what a reading asks: 16 hex digits over parameters, seed and size."""
    text = repr((tuple(parameters), seed, tuple(size)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def course_of(calibration: Calibration, asking: Asking[Result], case: int = 0) -> Course[Result]:
    """What an ensemble asks for as readings of a calibration; it is sent the fitted figures.

    case: which of several calibrations of one folder.
    """
    fitted, found = len(calibration.targets), None
    while True:
        try:
            requests = next(asking) if found is None else asking.send(found[:, :fitted])
        except StopIteration as end:
            result: Result = end.value
            return result
        found = yield [
            wanted(
                calibration,
                (case, *one.key),
                calibration.world(one.scores),
                calibration.settings.is_more(one),
            )
            for one in requests
        ]


def side_by_side(courses: Sequence[Course[Result]]) -> Course[list[Result]]:
    """Courses of work in step with each other; gives their results in the same order."""
    results: dict[int, Result] = {}
    found: dict[int, Any] = dict.fromkeys(range(len(courses)))
    while found:
        asked: dict[int, Sequence[WantedReading]] = {}
        for place, figures in found.items():
            try:
                asked[place] = courses[place].send(figures)
            except StopIteration as end:
                results[place] = end.value
        if asked:
            together = yield [one for each in asked.values() for one in each]
            ends = np.cumsum([len(each) for each in asked.values()])[:-1]
            found = dict(zip(asked, np.split(together, ends), strict=True))
        else:
            found = {}
    return [results[place] for place in range(len(courses))]


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
