"""Handing out the units of a sweep in chunks, and doing again what a dead worker has lost.

A chunk is made as large as about half a second of work, and smaller toward the end, so that the
workers finish together. When a worker dies, nobody can say which of the chunks at work killed it;
all are done again. A chunk that is lost twice is then done alone, lost again unit by unit; a unit
that still kills its worker is a failure of its runs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    wait,
)
from dataclasses import dataclass
from itertools import islice

import numpy as np

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.studies.sweep.crews import Crew
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.worker import (
    Chunk,
    Failure,
    Found,
    Unit,
    told,
    versions,
    without_points,
)

CHUNK_SECONDS = 0.5
MOST_UNITS = 500
ALONE, LAST = 2, 5
"""Times that a chunk is lost before it is done alone; before its only unit has failed."""
_MOST_LOSSES = 15


@dataclass(frozen=True)
class _Order:
    units: tuple[Unit, ...]
    lost: int = 0


class Dispatch:
    """Runs units on a crew.

    count: how many units there are. tick is called about ten times a second while waiting.
    """

    def __init__(
        self,
        crew: Crew,
        study: Study,
        units: Iterator[Unit],
        count: int,
        tick: Callable[[], None],
    ) -> None:
        self._crew = crew
        self._units = units
        self._left = count
        self._tick = tick
        self._study = without_points(study)
        self._shape = len(study.regimes), len(study.readings)
        self._versions = versions()
        self._running: dict[Future[Found], _Order] = {}
        self._again: list[_Order] = []
        self._seconds: float | None = None
        self._losses = 0

    def results(self) -> Generator[tuple[Sequence[Unit], Found], None, None]:
        """What the units gave, as it comes; closing the iterator cancels what has not started."""
        try:
            while self._fill():
                ready, _ = wait(self._running, timeout=0.1, return_when=FIRST_COMPLETED)
                self._tick()
                for future in ready:
                    order = self._running.pop(future)
                    yield from self._collected(order, future)
        finally:
            for future in self._running:
                future.cancel()

    def _fill(self) -> bool:
        """Hand out what there is room for; whether anything is at work."""
        while len(self._running) < self._window():
            order = self._next()
            if order is None:
                break
            chunk = Chunk(self._study, self._versions, order.units, self._crew.threads)
            try:
                future = self._crew.submit(chunk)
            except BrokenExecutor as error:
                self._again.append(order)
                if self._running:  # these come back as lost first
                    break
                self._renew(error)
                continue
            self._running[future] = order
        return bool(self._running)

    def _window(self) -> int:
        alone = any(order.lost >= ALONE for order in self._running.values())
        return 1 if alone else self._crew.workers + max(2, self._crew.workers // 2)

    def _next(self) -> _Order | None:
        """The next chunk: first those that were lost; one that is done alone waits for the rest."""
        self._again.sort(key=lambda order: -order.lost)
        if self._again and self._again[-1].lost < ALONE:
            return self._again.pop()
        units = tuple(islice(self._units, self._size())) if not self._again else ()
        if units:
            self._left -= len(units)
            return _Order(units)
        return self._again.pop() if self._again and not self._running else None

    def _size(self) -> int:
        """How many units the next chunk has."""
        if self._seconds is None:
            return 1
        by_time = CHUNK_SECONDS / max(self._seconds, 1e-6)
        by_share = math.ceil(self._left / (3 * self._crew.workers))
        return int(max(1, min(by_time, by_share, MOST_UNITS)))

    def _collected(
        self, order: _Order, future: Future[Found]
    ) -> Iterator[tuple[Sequence[Unit], Found]]:
        try:
            found = future.result()
        except VelfaerdError:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001  the worker, or the way to it
            yield from self._lost(order, error)
            return
        self._losses = 0
        spent = float(np.nansum(found.seconds)) / len(order.units)
        self._seconds = spent if self._seconds is None else 0.7 * self._seconds + 0.3 * spent
        yield order.units, found

    def _lost(self, order: _Order, error: BaseException) -> Iterator[tuple[Sequence[Unit], Found]]:
        lost = order.lost + 1
        if len(order.units) == 1 and lost >= LAST:
            self._losses = 0
            yield order.units, self._given_up(order.units[0], error)
        elif lost > ALONE:
            self._again += [_Order((unit,), lost) for unit in reversed(order.units)]
        else:
            self._again.append(_Order(order.units, lost))
        if not self._running:
            self._renew(error)

    def _renew(self, error: BaseException) -> None:
        """After a loss, when nothing is at work any more: replace the crew if it broke."""
        self._losses += 1
        if self._losses > _MOST_LOSSES:
            raise VelfaerdError(
                f"the workers fail whatever they are given ({told(error)}); the folder is kept and "
                "the same sweep goes on from there"
            ) from error
        # What died may take a moment to be gone, and is asked for again until then.
        time.sleep(0.05 * 2 ** min(self._losses, 5))
        if isinstance(error, BrokenExecutor) and not self._crew.renew():
            raise VelfaerdError(
                f"the executor broke ({error}); the folder is kept and the same sweep with a new "
                "executor goes on from there"
            ) from error

    def _given_up(self, unit: Unit, error: BaseException) -> Found:
        regimes, readings = self._shape
        message = f"the worker died {LAST} times ({told(error)})"
        failures = tuple(Failure(0, regime, message) for regime in unit.regimes)
        values = np.full((1, regimes, readings), np.nan)
        return Found(values, np.full((1, regimes), np.nan), failures)
