"""Work in the background: told in order, called off by the newer, limited, errors told."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest

from velfaerd_sim.dashboard.frame.work import (
    COUNTRY,
    LATER,
    NOW,
    BusyError,
    Job,
    JobQueue,
    SessionJobs,
)
from velfaerd_sim.errors import VelfaerdError

PATIENCE = 20.0


def wait(job: Job) -> None:
    assert job.finished.wait(PATIENCE)


def test_results_progress_and_the_end_are_told_one_at_a_time() -> None:
    jobs, told, busy = SessionJobs(JobQueue(4)), [], threading.Lock()

    def note(*what: Any) -> None:
        assert busy.acquire(blocking=False)
        told.append(what)
        busy.release()

    def task(number: int) -> Callable[[Job], int]:
        return lambda job: (job.progress(number / 20), number * number)[1]

    job = jobs.start(
        "squares",
        [task(n) for n in range(20)],
        on_result=lambda index, result: note("result", index, result),
        on_progress=lambda share: note("progress", share),
        on_done=lambda: note("done"),
    )
    wait(job)
    results = {what[1]: what[2] for what in told if what[0] == "result"}
    assert results == {n: n * n for n in range(20)}
    assert sum(what[0] == "progress" for what in told) == 20
    assert told[-1] == ("done",)
    assert not job.cancelled


def test_the_newer_calls_the_older_off() -> None:
    jobs, told, go = SessionJobs(JobQueue(1)), [], threading.Event()

    def slow(job: Job) -> str:
        go.wait(PATIENCE)
        return "old"

    old = jobs.start("view", [slow, slow], on_result=lambda *found: told.append(found))
    new = jobs.start("view", [lambda _: "new"], on_result=lambda *found: told.append(found))
    assert old.cancelled
    go.set()
    wait(new)
    assert told == [(0, "new")]


def test_an_error_is_told_once_and_ends_only_its_own_work() -> None:
    queue, errors, done = JobQueue(2), [], []

    def fail(_: Job) -> None:
        raise VelfaerdError("no")

    one, other = SessionJobs(queue), SessionJobs(queue)
    bad = one.start("x", [fail] * 5, on_error=errors.append, on_done=lambda: done.append("bad"))
    good = other.start("x", [lambda _: 1], on_done=lambda: done.append("good"))
    wait(bad)
    wait(good)
    assert [str(error) for error in errors] == ["no"]
    assert done == ["good"]


def test_an_error_of_a_listener_is_told_as_well() -> None:
    jobs, errors = SessionJobs(JobQueue(1)), []

    def stumble(*_: Any) -> None:
        raise RuntimeError("stumbled")

    wait(jobs.start("x", [lambda _: 1], on_result=stumble, on_error=errors.append))
    assert [str(error) for error in errors] == ["stumbled"]
    wait(jobs.start("x", [lambda _: 1]))


def test_a_session_and_the_server_have_limits() -> None:
    go = threading.Event()
    queue = JobQueue(1, most=3)
    jobs = SessionJobs(queue, most=2)
    for key in ("one", "two"):
        jobs.start(key, [lambda _: go.wait(PATIENCE)], lane=LATER)
    with pytest.raises(BusyError):
        jobs.start("three", [lambda _: 1])
    jobs.start("two", [lambda _: go.wait(PATIENCE)])  # in the place of the old one
    other = SessionJobs(queue)
    other.start("x", [lambda _: go.wait(PATIENCE)])
    with pytest.raises(BusyError):
        other.start("y", [lambda _: 1])
    jobs.close()
    last = other.start("y", [lambda _: 1])
    go.set()
    wait(last)


def test_neither_views_nor_files_wait_for_a_run_of_the_country() -> None:
    go, queue = threading.Event(), JobQueue(2)
    country = [
        SessionJobs(queue).start("map", [lambda _: go.wait(PATIENCE)], lane=COUNTRY)
        for _ in range(3)
    ]
    for lane in (NOW, LATER):
        wait(SessionJobs(queue).start("x", [lambda _: 1], lane=lane))
    assert not any(each.finished.is_set() for each in country)
    go.set()
    for each in country:
        wait(each)


def test_what_was_called_off_does_not_wait_in_line_for_a_free_thread() -> None:
    go, queue = threading.Event(), JobQueue(1)
    busy = SessionJobs(queue).start("x", [lambda _: go.wait(PATIENCE)], lane=LATER)
    jobs, gone = SessionJobs(queue), []
    for _ in range(20):
        gone.append(weakref.ref(jobs.start("file", [lambda _: 1], lane=LATER)))
    last = jobs.start("file", [lambda _: 1], lane=LATER)
    gc.collect()
    assert sum(each() is not None for each in gone) == 0
    go.set()
    wait(busy)
    wait(last)


def test_a_closed_desk_tells_nothing_and_takes_nothing() -> None:
    go, told = threading.Event(), []
    jobs = SessionJobs(JobQueue(1))
    job = jobs.start("x", [lambda _: go.wait(PATIENCE)], on_result=lambda *a: told.append(a))
    jobs.close()
    go.set()
    assert job.cancelled
    assert jobs.start("y", [lambda _: 1]).cancelled
    assert told == []


def test_sessions_take_turns() -> None:
    order: list[str] = []
    queue, go = JobQueue(1), threading.Event()
    one, other = SessionJobs(queue), SessionJobs(queue)
    first = one.start("x", [lambda _: go.wait(PATIENCE), *[lambda _: order.append("one")] * 10])
    second = other.start("x", [lambda _: order.append("other")] * 10)
    go.set()
    wait(first)
    wait(second)
    assert order.index("other") <= 1
    assert "one" in order[order.index("other") : -1]


def test_what_is_told_is_told_in_the_sessions_context() -> None:
    inside = threading.local()

    @contextmanager
    def context() -> Any:
        inside.there = True
        yield
        inside.there = False

    seen = []
    jobs = SessionJobs(JobQueue(1), context)
    wait(jobs.start("x", [lambda _: 1], on_result=lambda *_: seen.append(inside.there)))
    assert seen == [True]


def test_no_tasks_are_done_at_once() -> None:
    done: list[int] = []
    wait(SessionJobs(JobQueue(1)).start("x", [], on_done=lambda: done.append(1)))
    assert done == [1]
