"""The runner: any executor will do, few tasks wait at a time, and stopping is quick."""

import pickle
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from studies.small import REGIMES, three_towns
from velfaerd_sim.engine.runner import (
    CalledOffError,
    Meter,
    ReplicateTask,
    checked_workers,
    division,
    places,
    run_replicate,
    run_summary,
    stream,
    thread_pool,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation

TIMELINES = tuple(load_timeline(name) for name in REGIMES)
SCENARIO = load_scenario("baseline").with_(adults=200, months=13)


def test_a_task_is_its_result() -> None:
    task = ReplicateTask(SCENARIO, 0, TIMELINES)
    found = run_replicate(pickle.loads(pickle.dumps(task)))
    assert found.series.shape == (3, 1, 14, len(outcomes.NAMES))
    for index, timeline in enumerate(TIMELINES):
        plain = Simulation(SCENARIO.with_(regime=timeline))
        plain.run(13)
        expected = outcomes.measure(plain.tallies, plain.at_risk, plain.ended, 60)
        assert np.array_equal(found.series[index], expected, equal_nan=True)
    assert np.array_equal(run_summary(task), found.summary, equal_nan=True)
    assert found.gains[:, :, 0].sum(axis=1).tolist() == [200, 200]


def test_progress_counts_every_adult_month() -> None:
    task, meter = ReplicateTask(SCENARIO, 0, TIMELINES), Meter()
    run_replicate(task, meter)
    assert meter.done == task.adult_months == 200 * (60 + 3 * 13)


def test_a_stopped_meter_ends_the_work() -> None:
    meter = Meter()
    meter.stop()
    with pytest.raises(CalledOffError):
        run_replicate(ReplicateTask(three_towns(), 0, TIMELINES, 2), meter)


def test_places_start_with_all_of_several() -> None:
    assert places(SCENARIO) == (1,)
    assert places(three_towns()) == (0, 101, 102, 103)


class Counting(Executor):
    """An executor in the same thread that counts what is handed in at a time."""

    def __init__(self) -> None:
        self.handed_in = 0

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.handed_in += 1
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except ZeroDivisionError as error:
            future.set_exception(error)
        return future


def test_few_tasks_are_under_way_at_a_time() -> None:
    executor = Counting()
    seen = 0
    for task, future in stream(executor, pow, iter(range(1000)), 2, window=4):
        seen += 1
        assert future.result() == task**2
        assert executor.handed_in <= seen + 4
    assert seen == 1000


def test_a_task_that_fails_is_yielded_with_its_error() -> None:
    def divide(number: int) -> float:
        return 1 / number

    found = dict(stream(Counting(), divide, [0, 1, 2], window=2))
    assert isinstance(found[0].exception(), ZeroDivisionError)
    assert found[2].result() == 0.5


def test_closing_the_stream_cancels_what_waits() -> None:
    gate = threading.Event()
    ran = []

    def work(number: int) -> None:
        ran.append(number)
        gate.wait(5)

    with ThreadPoolExecutor(1) as pool:
        tasks = stream(pool, work, range(50), window=10, tick=lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            next(tasks)
        tasks.close()
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
    assert time.monotonic() - started < 2.0
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
