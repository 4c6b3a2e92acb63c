"""Crews: who does the work of a sweep, behind `concurrent.futures.Executor`.

A pool of processes on this machine, a Dask cluster, or any executor that was given. Processes of
the pool are forked from a clean server process (forkserver): forking this process could copy a
lock that one of its threads holds, and the default way differs between systems and is changed by
Mesa. Where there is no forkserver, processes are spawned.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, Protocol

from velfaerd_sim.engine.runner import checked_workers, division
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.studies.sweep import worker as sweep_worker
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.worker import check_versions, run_chunk, versions

Work = Callable[[Any], Any]
"""A function at the top of a module, which workers import, of one chunk."""

_PATIENCE = 10
_SERVER = "velfaerd_sim.studies.sweep.server"


class Crew(Protocol):
    """Those who do the work."""

    workers: int
    threads: int

    def submit(self, chunk: Any) -> Future[Any]:
        """Hand a chunk of work over."""

    def renew(self) -> bool:
        """Replace a crew that broke; False where that cannot be done."""


class Pool:
    """Processes on this machine. work: what they do with a chunk, by default one of a sweep."""

    def __init__(self, workers: int, threads: int, work: Work = run_chunk) -> None:
        self.workers = workers
        self.threads = threads
        self._work = work
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            context.set_forkserver_preload([_SERVER])
        return ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=sweep_worker.settle_in
        )

    def submit(self, chunk: Any) -> Future[Any]:
        """Hand a chunk over; raises BrokenExecutor where the server or the pool has died."""
        try:
            with _nameless_main(), _deaf_to_interrupts():
                return self._pool.submit(self._work, chunk)
        except (EOFError, OSError) as error:
            raise BrokenExecutor(f"no worker could be started ({error!r})") from error

    def renew(self) -> bool:
        """Make a new pool."""
        self.close()
        self._pool = self._new()
        return True

    def close(self) -> None:
        """End the processes, also in the middle of their work."""
        processes: dict[int, Any] = dict(getattr(self._pool, "_processes", None) or {})
        for process in processes.values():
            with suppress(OSError, ValueError):
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Let processes start without the main module.

    They would import it, with all that it imports, and a script that sweeps without asking for its
    `__name__` would start again in every worker. Nothing that they are sent comes from there.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes start that never hear Ctrl-C, also not while they load their modules.

    They inherit which signals are held back. This process hears it as soon as they are started.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


class Given:
    """An executor that was given; it stays as it is when the work ends."""

    def __init__(
        self, executor: Executor, workers: int, threads: int = 1, work: Work = run_chunk
    ) -> None:
        self.workers = workers
        self.threads = threads
        self._work = work
        self._executor = executor

    def submit(self, chunk: Any) -> Future[Any]:
        """Hand a chunk over; raises BrokenExecutor where the executor takes no more work."""
        try:
            return self._executor.submit(self._work, chunk)
        except Exception as error:  # each kind of executor has its own
            raise BrokenExecutor(" ".join(f"{type(error).__name__}: {error}".split())) from error

    def renew(self) -> bool:
        """Another's executor cannot be replaced."""
        return False


@contextmanager
def crew(
    study: Study, workers: int | None, executor: Executor | None, scheduler: str | None
) -> Iterator[Crew]:
    """Those who run a study. Raises InputError, WorkerDiffersError."""
    threads = 1
    if executor is None and scheduler is None:
        side_by_side, threads = division(
            study.adults, len(study.scenario.towns), checked_workers(workers)
        )
        tasks = len(study.points.distinct) * study.repeats
        workers = max(1, min(side_by_side, tasks))
    with hands(run_chunk, workers, executor, scheduler, threads) as found:
        yield found


@contextmanager
def hands(
    work: Work,
    workers: int | None,
    executor: Executor | None,
    scheduler: str | None,
    threads: int = 1,
) -> Iterator[Crew]:
    """Those who do any work on chunks. Raises InputError, WorkerDiffersError."""
    if executor is not None:
        known = getattr(executor, "_max_workers", None) if workers is None else workers
        yield Given(executor, checked_workers(known), work=work)
    elif scheduler is not None:
        with _cluster(scheduler, workers, work) as found:
            yield found
    else:
        pool = Pool(checked_workers(workers), threads, work)
        try:
            yield pool
        finally:
            pool.close()
            del pool
            gc.collect()  # lets go of semaphores, which outlive a process that leaves in a hurry


@contextmanager
def _cluster(address: str, workers: int | None, work: Work) -> Iterator[Crew]:
    """The workers of a Dask scheduler."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        allowed = "a Dask scheduler, with Dask installed: pip install 'velfaerd-sim[cluster]'"
        raise InputError("scheduler", address, allowed) from None
    client = _client(distributed, address)
    try:
        _check_workers(client, address)
        count = sum(client.ncores().values()) if workers is None else checked_workers(workers)
        yield Given(client.get_executor(pure=False), max(1, count), work=work)
    finally:
        with suppress(Exception):
            client.close(timeout=1)


def _client(distributed: Any, address: str) -> Any:
    allowed = "the address of a Dask scheduler that can be reached, such as tcp://HOST:8786"
    try:
        # A client that cannot connect tries for long, and again when it is thrown away.
        host, port = distributed.comm.get_address_host_port(address)
        with socket.create_connection((host, port), timeout=_PATIENCE):
            pass
        return distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise InputError("scheduler", address, f"{allowed} ({reason})") from None


def _check_workers(client: Any, address: str) -> None:
    """Raise unless the scheduler has workers, and all have the same versions as this process."""
    if not client.ncores():
        with suppress(Exception):
            client.wait_for_workers(1, timeout=_PATIENCE)
    if not client.ncores():
        raise InputError("scheduler", address, "a Dask scheduler with at least one worker")
    try:
        found = client.run(versions)
    except Exception as error:  # a worker without this package fails in any way
        text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise VelfaerdError(
            f"scheduler: the workers of {address} cannot load this package ({text}); install the "
            "same version of velfaerd-sim on every worker"
        ) from error
    for each in found.values():
        check_versions(versions(), tuple(map(tuple, each)))
