"""Background work: pieces of it in lanes of threads, called off when something newer comes.

A piece of work is a list of tasks, each a function of its Job. Tasks of different sessions take
turns, so that nobody waits for another's long work; what somebody looks at (lane NOW) never waits
for files and analyses (lane LATER), and these not for a run of the country or a study (lane
COUNTRY, one at a time). What comes of it is told in a thread of the session's own, so
that a browser that does not answer holds up nobody else. The kernels release the interpreter's
lock, so threads are enough.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

from velfaerd_sim.dashboard.frame.settings import MOST_JOBS, MOST_JOBS_A_SESSION
from velfaerd_sim.engine.cores import cores
from velfaerd_sim.errors import VelfaerdError, refusal

NOW, LATER, COUNTRY = "now", "later", "country"
Task = Callable[["Job"], Any]
Around = Callable[[], AbstractContextManager[Any]]

_GENTLE = 10
_log = logging.getLogger(__name__)


class BusyError(VelfaerdError):
    """There is more work under way than a session, or the server, may have."""


class ResultTeller:
    """Tells one session what comes of its work: in order, in a thread of its own."""

    def __init__(self, around: Around = nullcontext) -> None:
        """around: the context of the session, entered for everything that is told."""
        self._around = around
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = False
        self._closed = False

    def __call__(self, news: Callable[[], None]) -> None:
        """Tell soon; nothing after `close`."""
        with self._lock:
            if self._closed:
                return
            if not self._started:
                self._started = True
                nobodys_thread(self._work, "velfaerd-teller").start()
        self._queue.put(news)

    def close(self) -> None:
        """Tell nothing more, and let the thread end."""
        with self._lock:
            self._closed = True
        self._queue.put(None)

    def _work(self) -> None:
        while (news := self._queue.get()) is not None:
            if self._closed:
                return
            try:
                with self._around():
                    news()
            except Exception:  # noqa: BLE001  one session's error must not end another's work
                _log.exception("what came of some work could not be told")
            del news


def nobodys_thread(work: Callable[[], None], name: str) -> threading.Thread:
    """A thread that belongs to no session: Solara would let it inherit the one that starts it."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.current_context = None  # type: ignore[attr-defined]
    return thread


def step_back() -> None:
    """Let the threads that answer people go first, where the system can do that for one thread.

    Threads that this one starts stand back too.
    """
    set_priority: Any = getattr(os, "setpriority", None)
    if set_priority is not None:
        with suppress(OSError):
            set_priority(os.PRIO_PROCESS, threading.get_native_id(), _GENTLE)


class Job:
    """One piece of work: whether it was called off, how far it is, and who is told.

    on_result is called with (index, result) of each task as it comes, on_progress with a share
    from 0 to 1, on_done once after the last task, on_error once with the error that ended the
    work; never two of them at a time, and none once the work is called off.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        teller: Callable[[Callable[[], None]], None],
        *,
        on_result: Callable[[int, Any], None] | None = None,
        on_done: Callable[[], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        self._waiting = deque(enumerate(tasks))
        self._left = len(tasks)
        self._teller = teller
        self._on_result, self._on_done = on_result, on_done
        self._on_error, self._on_progress = on_error, on_progress
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self.finished = threading.Event()
        """Set when nothing more will be told."""
        if not tasks:
            self._end()

    @property
    def cancelled(self) -> bool:
        """Whether the work was called off; long tasks look now and then and return."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Call the work off: no task starts any more, and nobody is told of those that run."""
        self._cancelled.set()
        self._waiting.clear()
        self.finished.set()

    def progress(self, share: float) -> None:
        """Tell how much of the work is done, from 0 to 1."""
        self._tell(self._on_progress, share)

    def take(self) -> tuple[int, Task] | None:
        """The next task, or None when there is none left."""
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def run(self, index: int, task: Task) -> None:
        """Run one task and tell what came of it; an error ends the work, not the thread."""
        if self.cancelled:
            return
        try:
            result = task(self)
        except Exception as error:  # noqa: BLE001  told to its session; others go on
            self._fail(error)
            return
        self._tell(self._on_result, index, result)
        with self._lock:
            self._left -= 1
            last = self._left == 0
        if last:
            self._end()

    def _end(self) -> None:
        self._tell(self._on_done)
        self._teller(self.finished.set)

    def _tell(self, listener: Callable[..., None] | None, *values: Any) -> None:
        def news() -> None:
            if not self.cancelled:
                assert listener is not None
                try:
                    listener(*values)
                except Exception as error:
                    if listener is self._on_error:
                        raise
                    self._fail(error)

        if listener is not None and not self.cancelled:
            self._teller(news)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, VelfaerdError):
            _log.error("work in the background failed", exc_info=error)
        self._waiting.clear()
        self._tell(self._on_error, error)
        self._teller(self.cancel)


class _Lane:
    """A queue of jobs, and the threads that take tasks from them in turn."""

    def __init__(self, name: str, threads: int) -> None:
        self._name, self._threads = name, threads
        self._ready = threading.Condition()
        self._queue: deque[Job] = deque()
        self._started = False

    def add(self, job: Job) -> None:
        """Put a job in line; threads are started with the first one.

        What was called off leaves the line now, not when a thread is free: it holds its session.
        """
        with self._ready:
            self._queue = deque(each for each in self._queue if not each.cancelled)
            self._queue.append(job)
            if not self._started:
                self._started = True
                for number in range(self._threads):
                    nobodys_thread(self._work, f"velfaerd-{self._name}-{number}").start()
            self._ready.notify_all()

    def _work(self) -> None:
        while True:
            job, index, task = self._take()
            job.run(index, task)
            del job, task  # a waiting thread must not keep a closed session's work alive

    def _take(self) -> tuple[Job, int, Task]:
        with self._ready:
            while True:
                while self._queue:
                    job = self._queue.popleft()
                    found = job.take()
                    if found is not None:
                        self._queue.append(job)
                        return job, *found
                self._ready.wait()


class JobQueue:
    """All work of a server, in three lanes; counts what is under way."""

    def __init__(self, threads: int | None = None, most: int = MOST_JOBS) -> None:
        """threads: of the lane NOW, all cores unless told otherwise; LATER has one less."""
        count = cores() if threads is None else threads
        threads_of = {NOW: count, LATER: max(1, count - 1), COUNTRY: 1}
        self._lanes = {name: _Lane(name, number) for name, number in threads_of.items()}
        self._most = most
        self._lock = threading.Lock()
        self._open: set[Job] = set()

    def start(self, job: Job, lane: str = NOW) -> None:
        """Put work in line. Raises BusyError where there is too much already."""
        with self._lock:
            self._open = {each for each in self._open if not each.finished.is_set()}
            if len(self._open) >= self._most:
                raise BusyError(refusal("busy"))
            self._open.add(job)
        self._lanes[lane].add(job)

    @property
    def open(self) -> int:
        """How many pieces of work are under way or waiting."""
        with self._lock:
            return sum(not each.finished.is_set() for each in self._open)


class SessionJobs:
    """The work of one session: one piece a key, the newer one in the place of the older."""

    def __init__(
        self, queue: JobQueue, around: Around = nullcontext, most: int = MOST_JOBS_A_SESSION
    ) -> None:
        self._server, self._most = queue, most
        self._teller = ResultTeller(around)
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._closed = False

    def start(
        self,
        key: str,
        tasks: Sequence[Task],
        *,
        lane: str = NOW,
        on_result: Callable[[int, Any], None] | None = None,
        on_done: Callable[[], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> Job:
        """Start work and call off what this session had under the same key.

        Raises BusyError where the session, or the server, has too much under way.
        """
        job = Job(
            tasks,
            self._teller,
            on_result=on_result,
            on_done=on_done,
            on_error=on_error,
            on_progress=on_progress,
        )
        self.cancel(key)
        with self._lock:
            self._jobs = {k: t for k, t in self._jobs.items() if not t.finished.is_set()}
            if self._closed:
                job.cancel()
                return job
            if len(self._jobs) >= self._most:
                raise BusyError(refusal("too_much", count=self._most))
            self._server.start(job, lane)
            self._jobs[key] = job
        return job

    def cancel(self, key: str) -> None:
        """Call off the work under a key, if there is any."""
        with self._lock:
            job = self._jobs.pop(key, None)
        if job is not None:
            job.cancel()

    def close(self) -> None:
        """Call off everything; nothing starts any more."""
        with self._lock:
            self._closed = True
            jobs, self._jobs = list(self._jobs.values()), {}
        for job in jobs:
            job.cancel()
        self._teller.close()


JOB_QUEUE = JobQueue()
"""The queue of this server; sessions share its threads, and nothing else."""
