"""Workers: who does the work of a study, behind `concurrent.futures.Executor`.

Threads of this process, a pool of processes on this machine, a Dask cluster, or any executor that
was given. Processes of the pool are forked from a clean server process (forkserver): forking this
process could copy a lock that one of its threads holds, and the default way differs between
systems and is changed by Mesa. Where there is no forkserver, processes are spawned.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, Protocol

from velfaerd_sim.engine import process
from velfaerd_sim.engine.cores import checked_workers
from velfaerd_sim.engine.process import Order, carry_out, check_versions, versions
from velfaerd_sim.engine.progress import Meter
from velfaerd_sim.errors import InputError, VelfaerdError

_PATIENCE = 10
_SERVER = "velfaerd_sim.engine.server"


class Workers(Protocol):
    """Those who do the work. count: how many; threads: that each may use."""

    count: int
    threads: int

    def submit(self, order: Order) -> Future[Any]:
        """Hand an order over; raises BrokenExecutor where no worker can take it."""

    def renew(self) -> bool:
        """Replace workers that broke; False where that cannot be done."""

    def gone(self) -> str:
        """Why nobody will answer any more; '' while somebody may."""


def no_processes() -> str:
    """Why a pool of processes cannot be had on this machine, '' where it can.

    Its queues need semaphores, and these a /dev/shm that can be written.
    """
    try:
        multiprocessing.get_context("spawn").Lock()
    except (ImportError, OSError) as error:
        return str(error)
    return ""


class Processes:
    """Processes on this machine."""

    def __init__(self, count: int, threads: int = 1) -> None:
        self.count = count
        self.threads = threads
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        served = "forkserver" in multiprocessing.get_all_start_methods() and process.short_enough()
        context = multiprocessing.get_context("forkserver" if served else "spawn")
        if served:
            context.set_forkserver_preload([_SERVER])
        given = (process.sockets(),)
        return ProcessPoolExecutor(
            self.count, mp_context=context, initializer=process.start_up, initargs=given
        )

    def submit(self, order: Order) -> Future[Any]:
        """Hand an order over; raises BrokenExecutor where the server or the pool has died."""
        try:
            with _nameless_main(), _deaf_to_interrupts():
                return self._pool.submit(carry_out, order)
        except (EOFError, OSError) as error:
            raise BrokenExecutor(f"no worker could be started ({error!r})") from error

    def renew(self) -> bool:
        """Make a new pool."""
        self.close()
        self._pool = self._new()
        return True

    def gone(self) -> str:
        """What breaks is told by the work that it was given."""
        return ""

    def close(self) -> None:
        """End the processes, also in the middle of their work."""
        processes: dict[int, Any] = dict(getattr(self._pool, "_processes", None) or {})
        for each in processes.values():
            with suppress(OSError, ValueError):
                each.kill()
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

    def __init__(self, executor: Executor, count: int, threads: int = 1) -> None:
        self.count = count
        self.threads = threads
        self._executor = executor

    def submit(self, order: Order) -> Future[Any]:
        """Hand an order over; raises BrokenExecutor where the executor takes no more work."""
        try:
            return self._executor.submit(carry_out, order)
        except Exception as error:  # each kind of executor has its own
            raise BrokenExecutor(" ".join(f"{type(error).__name__}: {error}".split())) from error

    def renew(self) -> bool:
        """Another's executor cannot be replaced."""
        return False

    def gone(self) -> str:
        """What breaks is told by the work that it was given."""
        return ""


class Cluster(Given):
    """The workers of a Dask scheduler. Work that a lost connection was to bring back never ends."""

    def __init__(self, client: Any, count: int) -> None:
        super().__init__(client.get_executor(pure=False), count)
        self._client = client

    def gone(self) -> str:
        """Why nobody will answer: the connection to the scheduler was lost and given up."""
        state = str(self._client.status)
        return f"the Dask scheduler is gone, {state}" if state in ("closing", "closed") else ""


class Threads:
    """Threads of this process: nothing is started or pickled, and work can be called off.

    meter: counts the adult-months that the work tells of.
    """

    def __init__(self, executor: Executor, meter: Meter, count: int, threads: int) -> None:
        self.count = count
        self.threads = threads
        self.meter = meter
        self._executor = executor

    def submit(self, order: Order) -> Future[Any]:
        """Hand an order over."""
        return self._executor.submit(carry_out, order)

    def renew(self) -> bool:
        """Threads do not break."""
        return False

    def gone(self) -> str:
        """What breaks is told by the work that it was given."""
        return ""


@contextmanager
def thread_pool(workers: int, meter: Meter, patience: float = 1.5) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads that is left within `patience` seconds when something goes wrong."""
    name = f"velfaerd-{id(meter)}"
    pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        meter.stop()
        pool.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + patience
        for thread in threading.enumerate():
            if thread.name.startswith(name):
                thread.join(max(0.0, deadline - time.monotonic()))
        raise
    pool.shutdown(wait=False, cancel_futures=True)
    meter.stop()


@contextmanager
def threads_of(count: int, threads: int = 1) -> Iterator[Threads]:
    """Threads that do the work; where they are left early, what they do is called off."""
    meter = Meter()
    with thread_pool(count, meter) as executor:
        yield Threads(executor, meter, count, threads)


@contextmanager
def workers_of(
    kind: str,
    count: int | None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    threads: int = 1,
) -> Iterator[Workers]:
    """Those who work for a kind of study. Raises InputError, WorkerDiffersError.

    count: processes on this machine, all cores without; of an executor or of the Dask scheduler at
    an address: how many orders are at work at a time. threads: that a process here may use.
    """
    if executor is not None and scheduler is not None:
        raise InputError("scheduler", scheduler, "either an executor or a scheduler")
    if executor is not None:
        known = getattr(executor, "_max_workers", None) if count is None else count
        yield Given(executor, checked_workers(known))
    elif scheduler is not None:
        with _cluster(kind, scheduler, count) as cluster:
            yield cluster
    else:
        pool = Processes(checked_workers(count), threads)
        try:
            yield pool
        finally:
            pool.close()
            del pool
            gc.collect()  # lets go of semaphores, which outlive a process that leaves in a hurry


@contextmanager
def _cluster(kind: str, address: str, count: int | None) -> Iterator[Workers]:
    """The workers of a Dask scheduler."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        allowed = "a Dask scheduler, with Dask installed: pip install 'velfaerd-sim[cluster]'"
        raise InputError("scheduler", address, allowed) from None
    client = _client(distributed, address)
    try:
        _check_workers(client, kind, address)
        known = sum(client.ncores().values()) if count is None else checked_workers(count)
        yield Cluster(client, max(1, known))
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


def _check_workers(client: Any, kind: str, address: str) -> None:
    """Raise unless the scheduler has workers, and all have the same versions as this process."""
    if not client.ncores():
        with suppress(Exception):
            client.wait_for_workers(1, timeout=_PATIENCE)
    if not client.ncores():
        raise InputError("scheduler", address, "a Dask scheduler with at least one worker")
    try:
        found = client.run(versions, kind)
    except Exception as error:  # a worker without this package fails in any way
        text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise VelfaerdError(
            f"scheduler: the workers of {address} cannot load this package ({text}); install the "
            "same version of velfaerd-sim on every worker"
        ) from error
    for each in found.values():
        check_versions(versions(kind), tuple(map(tuple, each)))
