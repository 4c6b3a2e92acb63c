"""What a process that does work needs: its versions, how it starts and ends, and one order of work.

Results must agree to the bit whoever made them, so every order names the versions that its worker
must have, and a worker with others refuses it.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import connection, parent_process
from typing import Any

from velfaerd_sim.digests import model_digest
from velfaerd_sim.engine.asking import FILES, asking_digest
from velfaerd_sim.errors import VelfaerdError

Versions = tuple[tuple[str, str], ...]
_LONGEST_MESSAGE = 500


class WorkerDiffersError(VelfaerdError):
    """A worker has another version of the model, or of what its numbers depend on."""


@dataclass(frozen=True, slots=True)
class Order:
    """Work for one call of a worker: `run` of `payload`, both picklable; run stands in a module.

    kind: the kind of study; versions: what the worker must have, see `versions`.
    """

    kind: str
    versions: Versions
    run: Callable[[Any], Any]
    payload: Any


def carry_out(order: Order) -> Any:
    """Do what an order says. Raises WorkerDiffersError in a process with other versions."""
    _check_once(order.kind, order.versions)
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


def start_up() -> None:
    """Prepare a process of the pool: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def modules() -> list[str]:
    """The names of loaded modules, to see what a worker carries."""
    return sorted(sys.modules)
