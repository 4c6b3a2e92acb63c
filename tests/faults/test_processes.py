"""Processes that hang, are stopped or are killed: named, replaced, and nothing left behind."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from velfaerd_sim.cli.work import _end_on_signals
from velfaerd_sim.engine import dispatch
from velfaerd_sim.engine.dispatch import Dispatch, Listed, Work
from velfaerd_sim.errors import VelfaerdError

SCRIPT = """
import sys
from pathlib import Path
from engine.toy import Squares
from velfaerd_sim.engine.process import leave
from velfaerd_sim.engine import session
from velfaerd_sim.engine.session import Options, carry_out

session.warm_up = lambda: None

def said(rows):
    print("begun", flush=True)

if __name__ == "__main__":
    out = Path(sys.argv[1])
    try:
        carry_out(Squares(200_000, processes=True), out, Options(workers=2), after_task=said)
    except KeyboardInterrupt as error:
        leave(error, 130)
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@posix
@pytest.mark.parametrize("length", [1, 100])
def test_a_stop_and_a_kill_leave_nothing_behind(length: int) -> None:
    """L2, L6: no warning of semaphores after Ctrl-C, no folder of sockets after kill -9.

    With a TMPDIR that is too long for the path of a socket, too.
    """
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as place:
        _stop_and_kill(Path(place) / ("t" * length))


def _stop_and_kill(folder: Path) -> None:
    running = {}
    for number in (signal.SIGINT, signal.SIGKILL):
        own = folder / number.name
        own.mkdir(parents=True)
        environment = os.environ | {"TMPDIR": str(own)}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        command = [sys.executable, "-c", SCRIPT, str(own / "s")]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        running[number] = subprocess.Popen(command, env=environment, **pipes)
    for number, process in running.items():
        assert process.stdout.readline() == "begun\n", process.stderr.read()
        process.send_signal(number)
    stopped = running[signal.SIGINT]
    assert stopped.communicate(timeout=60)[1] == ""
    assert stopped.returncode == 130
    running[signal.SIGKILL].communicate(timeout=60)
    deadline = time.monotonic() + 20
    while (left := list(folder.glob("*/pymp-*"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_library_that_answers_a_signal_with_its_own_error_is_stopped(number: int) -> None:
    """L4: found by attack; numpy told of structured arrays where a signal came inside of it."""

    def compare_arrays() -> None:
        try:
            os.kill(os.getpid(), number)
            time.sleep(5.0)
        except KeyboardInterrupt:
            raise TypeError("Cannot compare structured arrays") from None

    with pytest.raises(KeyboardInterrupt), _end_on_signals():
        compare_arrays()


class Hanging:
    """Two workers of whom one never answers to some numbers; time passes as work is asked for."""

    count, threads = 2, 1

    def __init__(self, hang: set[int], clock: list[float]) -> None:
        self.hang, self.clock, self.renewed = hang, clock, 0
        self.handed: list[Future[Any]] = []

    def submit(self, order: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.hang & set(order.payload):
            future.set_result([number**2 for number in order.payload])
        self.handed.append(future)
        return future

    def renew(self) -> bool:
        self.renewed += 1
        return True

    def gone(self) -> str:
        return ""


def squares_of(hanging: set[int], monkeypatch: Any, longest: float | None) -> tuple[Any, Hanging]:
    """What ten numbers give, where some hang; half a minute passes with each look around."""
    clock = [0.0]
    monkeypatch.setattr(
        dispatch, "wait", lambda futures, **_: ([f for f in futures if f.done()], [])
    )
    monkeypatch.setattr(dispatch.time, "monotonic", lambda: clock[0])
    workers = Hanging(hanging, clock)
    work: Work[int, Any] = Work(
        kind="",
        run=len,
        pack=lambda items: items,
        seconds=lambda _: 0.1,
        give_up=lambda _, message: message,
        name="number {}".format,
    )

    def tick() -> None:
        clock[0] += 30.0
        if longest is None and clock[0] > 1000.0:
            raise KeyboardInterrupt

    found = Dispatch(workers, work, Listed(iter(range(10)), 10), tick, longest).results()
    return found, workers


def test_a_worker_that_hangs_is_named_after_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """L5: and again after twice the time, not all the time."""
    found, workers = squares_of({3}, monkeypatch, None)
    with caplog.at_level(logging.WARNING), pytest.raises(KeyboardInterrupt):
        list(found)
    times = [int(record.args[0]) for record in caplog.records]
    assert times[0] == 90
    assert all(later > 2 * earlier for earlier, later in pairwise(times))
    assert 2 <= len(times) <= 5
    assert "number 3" in caplog.text or "1 more" in caplog.text
    assert workers.renewed == 0


def test_a_worker_that_hangs_is_replaced_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """L5: what hung has failed alone, all others are done."""
    found, workers = squares_of({3, 8}, monkeypatch, 120.0)
    done: dict[int, Any] = {}
    for items, given in found:
        done |= dict(zip(items, [given] if isinstance(given, str) else given, strict=True))
    failed = {number for number, each in done.items() if isinstance(each, str)}
    assert failed == {3, 8}
    assert done[3] == "it took longer than 120 s and was ended"
    assert {
        number: number**2 for number in range(10) if number not in failed
    }.items() <= done.items()
    assert workers.renewed >= 2


def test_workers_that_will_never_answer_end_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Dask scheduler that was killed was waited for without end."""
    found, workers = squares_of({3}, monkeypatch, None)
    monkeypatch.setattr(workers, "gone", lambda: "the Dask scheduler is gone, closed")
    with pytest.raises(VelfaerdError, match=r"scheduler is gone, closed.*the folder is kept"):
        list(found)
