"""Workers: few tasks are at work at a time, one that fails is told, and stopping is quick."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from velfaerd_sim.engine.cores import checked_workers, division
from velfaerd_sim.engine.dispatch import Dispatch, Listed, Work
from velfaerd_sim.engine.progress import CalledOffError, Meter
from velfaerd_sim.engine.workers import Given, thread_pool, threads_of
from velfaerd_sim.errors import InputError


class Counting(Executor):
    """An executor in the same thread that counts what is handed in."""

    def __init__(self) -> None:
        self.handed_in = 0

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.handed_in += 1
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **named))
        return future


def work_by(run: Any) -> Work[int, Any]:
    return Work("", run, lambda items: items, lambda _: 1.0, lambda _, message: message)


def test_few_tasks_are_under_way_at_a_time() -> None:
    executor, seen = Counting(), 0
    work = work_by(lambda items: [item**2 for item in items])
    numbers: Iterator[int] = iter(range(1000))
    source = Listed(numbers, 1000)
    for items, squares in Dispatch(Given(executor, 2), work, source, lambda: None).results():
        seen += len(items)
        assert squares == [item**2 for item in items]
        assert executor.handed_in <= seen + 4
    assert seen == 1000


def test_closing_what_comes_in_cancels_what_waits() -> None:
    gate, ran = threading.Event(), []

    def work(numbers: tuple[int, ...]) -> None:
        ran.extend(numbers)
        gate.wait(5)

    def tick() -> None:
        raise ZeroDivisionError

    with threads_of(1) as workers:
        source = Listed(iter(range(50)), 50)
        results = Dispatch(workers, work_by(work), source, tick).results()
        with pytest.raises(ZeroDivisionError):
            next(results)
        results.close()
        gate.set()
    assert ran == [0]


def test_the_pool_is_left_soon_even_when_work_hangs() -> None:
    gate, meter = threading.Event(), Meter()
    started = time.monotonic()

    def interrupted() -> None:
        with thread_pool(2, meter, patience=0.2) as pool:
            pool.submit(gate.wait, 10)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - started < 10.0
    gate.set()
    with pytest.raises(CalledOffError):
        meter(1)


def test_workers_and_their_division() -> None:
    assert checked_workers(None) >= 1
    assert checked_workers(3) == 3
    for wrong in (0, -1, 1.5, "2", True, 10**9):
        with pytest.raises(InputError, match="workers"):
            checked_workers(wrong)
    assert division(adults=5_000, towns=98, workers=4) == (4, 1)
    assert division(adults=4_800_000, towns=98, workers=4) == (1, 4)
    assert division(adults=4_800_000, towns=1, workers=4) == (4, 1)
