"""Attacks by the machine: a disk that fills, little memory, workers and schedulers killed."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attacks.folders import unlike, whole
from attacks.inputs import is_sentence
from engine.faulty import Study
from velfaerd_sim.engine import dispatch, parts, rows, store
from velfaerd_sim.errors import StorageError, VelfaerdError
from velfaerd_sim.inputs.scenarios import load_scenario

_NEW_MOUNTS, _PRIVATE = 0x00020000, (1 << 18) | (1 << 14)


def in_a_child(work: Callable[[], str]) -> str:
    """Do work in a forked process, whose mounts and limits are its own; gives what it says."""
    context = multiprocessing.get_context("fork")
    end, other = context.Pipe(duplex=False)

    def told() -> None:
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001  the parent has to know
            said = f"{type(error).__name__}: {error}"
        other.send(said)

    process = context.Process(target=told)
    process.start()
    other.close()
    try:
        return str(end.recv()) if end.poll(120) else "no answer within two minutes"
    except EOFError:
        process.join()
        return f"the process died ({process.exitcode})"
    finally:
        process.kill()
        process.join()


def _mounted(folder: Path, kilobytes: int) -> None:
    """A small file system in memory on a folder, seen by this process only."""
    libc = ctypes.CDLL(None, use_errno=True)
    size = f"size={kilobytes}k".encode()
    for done in (
        libc.unshare(_NEW_MOUNTS),
        libc.mount(b"none", b"/", None, _PRIVATE, None),
        libc.mount(b"none", str(folder).encode(), b"tmpfs", 0, size),
    ):
        if done:
            raise OSError(ctypes.get_errno(), "no mounts of one's own")


def no_mounts() -> str:
    """Why no file system can be mounted here, '' where one can."""
    if not sys.platform.startswith("linux") or os.getuid() != 0:
        return "file systems are mounted by root on Linux only"

    def tried() -> str:
        _mounted(Path("/mnt"), 64)
        return ""

    return in_a_child(tried)


def filling_disk(draws: random.Random, folder: Path, kind: str) -> str:
    """The disk is full in the middle of a study; once there is room the same command goes on."""
    size = draws.randint(8, 400)
    whole(kind)

    def filled() -> str:
        _mounted(folder, size)
        rows.FLUSH_ROWS, rows.FLUSH_SECONDS, dispatch.CHUNK_SECONDS = 1, 0.0, 0.01
        store.Folder.check_space = lambda *_: None  # type: ignore[method-assign]
        study = Study(kind, folder)
        try:
            study.run(workers=1)
        except StorageError as error:
            if not is_sentence(str(error)):
                return f"not a sentence: {str(error)[:200]!r}"
        _grown(folder)
        said = unlike(study.run(workers=1), kind)
        return f"{kind}, {size} kB: {said}" if said else ""

    return in_a_child(filled)


def _grown(folder: Path) -> None:
    remount = 32
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", str(folder).encode(), b"tmpfs", remount, b"size=64m"):
        raise OSError(ctypes.get_errno(), "the file system could not be made larger")


BOMBS: dict[str, Callable[[int], str]] = {
    "dotted": lambda n: "a." * n + "a = 1",
    "quoted": lambda n: '"\\"".' * n + '"\\"" = 1',
    "headers": lambda n: "\n".join(f"[a{k}]" for k in range(n)),
    "keys": lambda n: "\n".join(f"k{k} = 1" for k in range(n)),
    "values": lambda n: "x = [" + "7, " * n + "]",
    "nested": lambda n: "x = " + "[" * n + "]" * n,
    "tables": lambda n: "x = " + "{a = " * n + "1" + "}" * n,
    "digits": lambda n: "seed = " + "9" * n,
    "text": lambda n: f'name = "{"a" * n}"',
    "lines": lambda n: "\n" * n,
    "comments": lambda n: "# x\n" * n,
}
MEGABYTES, SECONDS = 400, 10.0


def bombs(draws: random.Random, folder: Path) -> str:
    """A file that asks for time and memory without end is refused, in bounded time and memory."""
    name = draws.choice(list(BOMBS))
    text = BOMBS[name](round(10.0 ** draws.uniform(3.0, 6.3)))
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")

    def read() -> str:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = used + MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        begun = time.process_time()
        try:
            load_scenario(path)
        except VelfaerdError as error:
            if not is_sentence(str(error)):
                return f"{name}: not a sentence"
        spent = time.process_time() - begun
        return "" if spent < SECONDS else f"{name}, {len(text)} bytes: {spent:.1f} s"

    return in_a_child(read)


def no_proc() -> str:
    """Why memory cannot be limited here, '' where it can."""
    return "" if Path("/proc/self/statm").exists() else "memory is limited on Linux only"


def no_dask() -> str:
    """Why no cluster can be had here, '' where one can."""
    return "" if importlib.util.find_spec("distributed") else "Dask is not installed"


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler with two workers, each a process; gives its address and the processes."""
    file = folder / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet |= {"env": environment, "cwd": folder}
    where = ["--scheduler-file", str(file), "--no-dashboard"]
    start = [sys.executable, "-m", "distributed.cli.dask_"]
    line = [*start[:2], f"{start[2]}scheduler", "--host", "127.0.0.1", "--port", "0", *where]
    processes = [subprocess.Popen(line, **quiet)]
    try:
        end = time.monotonic() + 60
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.05)
        line = [*start[:2], f"{start[2]}worker", *where, "--nthreads", "1", "--no-nanny"]
        processes += [subprocess.Popen(line, **quiet) for _ in range(2)]
        while not file.read_text() and time.monotonic() < end:
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], processes
    finally:
        for each in processes:
            with suppress(OSError):
                each.kill()
            each.wait()


def killed_in_a_cluster(
    draws: random.Random, folder: Path, kind: str, victim: int
) -> tuple[str, str]:
    """Kill one of the processes of a cluster at work; gives what was raised and what differs."""
    usual = len(whole(kind)[1].rows)
    rows.FLUSH_ROWS, rows.FLUSH_SECONDS, dispatch.CHUNK_SECONDS = 1, 0.0, 0.01
    study = Study(kind, folder)
    (folder / "slow").touch()
    raised = ""
    with cluster(folder) as (address, processes):

        def kill() -> None:
            wanted, end = draws.randrange(1, max(2, usual // 2)), time.monotonic() + 60
            while len(parts.part_names(study.path)) < wanted and time.monotonic() < end:
                time.sleep(0.01)
            processes[victim].send_signal(signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            study.run(scheduler=address)
        except VelfaerdError as error:
            raised = str(error)
        killer.join()
    shutil.rmtree(folder / "dask-scratch-space", ignore_errors=True)
    study.mend()
    return raised, unlike(study.run(), kind)


def killed_worker(draws: random.Random, folder: Path, kind: str) -> str:
    """One of two Dask workers is killed at work; the study ends as if nothing had been."""
    raised, said = killed_in_a_cluster(draws, folder, kind, draws.choice([1, 2]))
    return raised or said


def killed_scheduler(draws: random.Random, folder: Path, kind: str) -> str:
    """The Dask scheduler is killed at work; that is told, and the study goes on elsewhere."""
    raised, said = killed_in_a_cluster(draws, folder, kind, 0)
    if raised and not is_sentence(raised):
        return f"not a sentence: {raised[:200]!r}"
    return said
