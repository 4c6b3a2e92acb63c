"""Reading many parameter sets: in processes, on a cluster, or with any executor.

A reading asks the model every target under the status quo. What comes back does not depend on who
made it. A reading that kills its worker again and again counts as failed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Any

import numpy as np

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.studies.sweep.crews import Crew
from velfaerd_sim.studies.sweep.worker import check_versions, told, versions

Reader = Callable[..., Mapping[str, float]]
"""Reads targets of parameters: (parameters, *, adults, replicates, seed, months) -> by id."""
Versions = tuple[tuple[str, str], ...]

_CHUNK_SECONDS = 0.5
_MOST_IN_CHUNK = 64
_MOST_LOSSES, _SHARED_LOSSES = 4, 12


@dataclass(frozen=True)
class Order:
    """One reading to be made. place: where its answer goes."""

    place: int
    parameters: tuple[tuple[str, float], ...]
    adults: int
    replicates: int
    seed: int
    months: int


@dataclass(frozen=True)
class Batch:
    """Readings for one call of a worker; names: what is kept of each."""

    reader: Reader
    names: tuple[str, ...]
    versions: Versions
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Answer:
    """What a reading gave: values in the order of the names, NaN where there is none.

    message: why it failed, empty where it did not.
    """

    place: int
    values: tuple[float, ...]
    message: str
    seconds: float


def read_batch(batch: Batch) -> tuple[Answer, ...]:
    """Make the readings of a batch; one that fails is an answer with a message.

    Raises WorkerDiffersError in a process with other versions.
    """
    check_versions(batch.versions, versions())
    return tuple(_answer(batch, order) for order in batch.orders)


def _answer(batch: Batch, order: Order) -> Answer:
    start = time.perf_counter()
    message = ""
    found: Mapping[str, float] = {}
    try:
        found = batch.reader(
            dict(order.parameters),
            adults=order.adults,
            replicates=order.replicates,
            seed=order.seed,
            months=order.months,
        )
    except Exception as error:  # noqa: BLE001  whatever it is, the calibration goes on
        message = told(error)
    values = tuple(float(found.get(name, math.nan)) for name in batch.names)
    return Answer(order.place, values, message, time.perf_counter() - start)


class Readers:
    """Hands readings to a crew in batches of about half a second.

    tick is called about ten times a second, and may raise to stop the work.
    """

    def __init__(
        self, crew: Crew, reader: Reader, names: Sequence[str], tick: Callable[[], None]
    ) -> None:
        self._crew = crew
        self._reader = reader
        self._names = tuple(names)
        self._tick = tick
        self._versions = versions()
        self._seconds: float | None = None

    def answers(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """The answers as they come; closing the iterator cancels what has not started."""
        waiting = list(reversed(orders))
        lost: dict[int, int] = {}
        losses = 0
        running: dict[Future[Any], tuple[Order, ...]] = {}
        try:
            while waiting or running:
                broken = self._fill(waiting, running, lost)
                ready, _ = wait(running, timeout=0.1, return_when=FIRST_COMPLETED)
                self._tick()
                for future in ready:
                    chunk = running.pop(future)
                    error = _error_of(future)
                    if error is None:
                        losses = 0
                        for order in chunk:
                            lost.pop(order.place, None)
                        yield from self._noted(future.result())
                        continue
                    broken = broken or error
                    yield from self._again(chunk, error, waiting, lost)
                if broken is not None and not running:
                    losses += 1
                    self._renew(broken, losses)
        finally:
            for future in running:
                future.cancel()

    def _fill(
        self,
        waiting: list[Order],
        running: dict[Future[Any], tuple[Order, ...]],
        lost: Mapping[int, int],
    ) -> BaseException | None:
        """Hand out what there is room for; gives the error of a crew that broke."""
        room = self._crew.workers + max(1, self._crew.workers // 2)
        while waiting and len(running) < room:
            alone = bool(lost)  # nobody can say which one killed the worker: one after the other
            if alone and running:
                break
            size = 1 if alone else self._size(len(waiting))
            chunk = tuple(waiting.pop() for _ in range(min(size, len(waiting))))
            batch = Batch(self._reader, self._names, self._versions, chunk)
            try:
                running[self._crew.submit(batch)] = chunk
            except BrokenExecutor as error:
                waiting.extend(reversed(chunk))
                return error
        return None

    def _size(self, left: int) -> int:
        if self._seconds is None:
            return 1
        by_time = _CHUNK_SECONDS / max(self._seconds, 1e-6)
        by_share = math.ceil(left / (3 * self._crew.workers))
        return int(max(1, min(by_time, by_share, _MOST_IN_CHUNK)))

    def _noted(self, answers: Sequence[Answer]) -> Iterator[Answer]:
        spent = float(np.mean([each.seconds for each in answers]))
        self._seconds = spent if self._seconds is None else 0.7 * self._seconds + 0.3 * spent
        yield from answers

    def _again(
        self,
        chunk: Sequence[Order],
        error: BaseException,
        waiting: list[Order],
        lost: dict[int, int],
    ) -> Iterator[Answer]:
        """Put lost readings back; one that was lost alone several times has failed."""
        for order in chunk:
            lost[order.place] = lost.get(order.place, 0) + 1
            if len(chunk) == 1 and lost[order.place] >= _MOST_LOSSES:
                text = f"the worker died {_MOST_LOSSES} times ({told(error)})"
                del lost[order.place]
                yield Answer(order.place, (math.nan,) * len(self._names), text, 0.0)
            else:
                waiting.append(order)

    def _renew(self, error: BaseException, losses: int) -> None:
        if losses > _SHARED_LOSSES:
            raise VelfaerdError(
                f"the workers fail whatever they are given ({told(error)}); the folder is kept and "
                "the same calibration goes on from there"
            ) from error
        time.sleep(0.05 * 2 ** min(losses, 5))  # what died may take a moment to be gone
        if isinstance(error, BrokenExecutor) and not self._crew.renew():
            raise VelfaerdError(
                f"the executor broke ({error}); the folder is kept and the same calibration with a "
                "new executor goes on from there"
            ) from error


def _error_of(future: Future[Any]) -> BaseException | None:
    """What a future ended with. Raises what this package raises on purpose."""
    try:
        error = future.exception()
    except CancelledError as cancelled:
        return cancelled
    if isinstance(error, VelfaerdError):
        raise error
    return error
