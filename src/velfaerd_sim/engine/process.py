"""What a process that does work needs: its versions, how it starts and ends, and one order of work.

Results must agree to the bit whoever made them, so every order names the versions that its worker
must have, and a worker with others refuses it.
"""

from __future__ import annotations

import gc
import os
import platform
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import connection, parent_process, util
from typing import Any, NoReturn

from velfaerd_sim import in_force
from velfaerd_sim.digests import model_digest
from velfaerd_sim.engine.asking import FILES, asking_digest
from velfaerd_sim.errors import VelfaerdError

Versions = tuple[tuple[str, str], ...]
_LONGEST_MESSAGE = 500
_LONGEST_SOCKET = 103  # of the path of a socket: 107 on Linux, 103 on macOS


class WorkerDiffersError(VelfaerdError):
    """A worker has another version of the model, or of what its numbers depend on."""


@dataclass(frozen=True, slots=True)
class Order:
    """Work for one call of a worker: `run` of `payload`, both picklable; run stands in a module.

    kind: the kind of study; versions: what the worker must have, see `versions`; plugins: that
    are in force during the work, by name and text.
    """

    kind: str
    versions: Versions
    run: Callable[[Any], Any]
    payload: Any
    plugins: in_force.Sources = ()


def carry_out(order: Order) -> Any:
    """Do what an order says. Raises WorkerDiffersError in a process with other versions."""
    _check_once(order.kind, order.versions)
    with in_force.holding(in_force.made(order.plugins)):
        return order.run(order.payload)


@lru_cache(maxsize=8)
def _check_once(kind: str, wanted: Versions) -> None:
    check_versions(wanted, versions(kind))


def versions(kind: str = "") -> Versions:
    """What the results of a kind of study depend on to the bit.

    The digests of the model and of the code that asks it, Python, numpy and numba.
    """
    python = ".".join(platform.python_version_tuple()[:2])
    asking = (("asking", asking_digest(kind)),) if kind in FILES else ()
    return (
        ("model", model_digest()),
        *asking,
        ("python", python),
        *((name, version(name)) for name in ("numpy", "numba")),
    )


def check_versions(wanted: Versions, here: Versions) -> None:
    """Raise WorkerDiffersError, naming what differs."""
    known = dict(here)
    parts = [
        f"{name} {known.get(name, 'none')[:12]} instead of {value[:12]}"
        for name, value in wanted
        if known.get(name) != value
    ]
    if parts:
        raise WorkerDiffersError(
            f"a worker on {platform.node() or 'another machine'} has {', '.join(parts)}; results "
            "would not agree to the bit: install the same versions on every worker"
        )


def message_of(error: BaseException) -> str:
    """An error on one line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text[:_LONGEST_MESSAGE]


def sockets() -> str:
    """The folder of the sockets by which processes are started."""
    return util.get_temp_dir()


def short_enough() -> bool:
    """Whether a server of processes can listen in the folder of sockets (TMPDIR may be long)."""
    return len(os.fsencode(sockets())) + len("/listener-") + 8 <= _LONGEST_SOCKET


def leave(error: BaseException, code: int) -> NoReturn:
    """End this process at once, and leave neither semaphores nor a folder of sockets behind.

    What an error passed on its way still holds what it used; that is let go of.
    """
    passed: BaseException | None = error
    while passed is not None:
        traceback.clear_frames(passed.__traceback__)
        passed = passed.__cause__ or passed.__context__
    gc.collect()
    shutil.rmtree(sockets(), ignore_errors=True)
    os._exit(code)


def start_up(folder: str) -> None:
    """Prepare a process of the pool: leave Ctrl-C to the parent, and end when the parent ends.

    folder: of the parent's sockets, removed where the parent was killed and can no more.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, folder), daemon=True).start()


def _end_with(sentinel: int, folder: str) -> None:
    connection.wait([sentinel])
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def modules() -> list[str]:
    """The names of loaded modules, to see what a worker carries."""
    return sorted(sys.modules)
