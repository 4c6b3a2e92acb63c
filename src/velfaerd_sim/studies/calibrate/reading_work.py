"""Reading many parameter sets: in processes, on a cluster, or with any executor.

A reading asks the model every target under the status quo. What comes back does not depend on who
made it. A reading that kills its worker again and again counts as failed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from velfaerd_sim.engine.dispatch import Dispatch, Listed, Work
from velfaerd_sim.engine.process import message_of
from velfaerd_sim.engine.workers import Workers

Reader = Callable[..., Mapping[str, float]]
"""Reads targets of parameters: (parameters, *, adults, replicates, seed, months) -> by id."""
KIND = "calibration"


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
    """Make the readings of a batch; one that fails is an answer with a message."""
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
        message = message_of(error)
    values = tuple(float(found.get(name, math.nan)) for name in batch.names)
    return Answer(order.place, values, message, time.perf_counter() - start)


class Readers:
    """Makes readings with workers.

    tick is called about ten times a second, and may raise to stop the work.
    """

    def __init__(
        self, workers: Workers, reader: Reader, names: Sequence[str], tick: Callable[[], None]
    ) -> None:
        names = tuple(names)
        self._workers = workers
        self._tick = tick
        self._work: Work[Order, tuple[Answer, ...]] = Work(
            kind=KIND,
            run=read_batch,
            pack=lambda orders: Batch(reader, names, orders),
            seconds=lambda answers: sum(answer.seconds for answer in answers),
            give_up=lambda order, why: (Answer(order.place, (math.nan,) * len(names), why, 0.0),),
        )

    def answers(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """The answers as they come; closing the iterator cancels what has not started."""
        source = Listed(iter(orders), len(orders))
        dispatch = Dispatch(self._workers, self._work, source, self._tick)
        with closing(dispatch.results()) as results:
            for _, answers in results:
                yield from answers
