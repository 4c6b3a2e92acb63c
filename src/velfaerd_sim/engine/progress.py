"""Progress: how far the work of a study is, and how it is called off."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from velfaerd_sim.errors import VelfaerdError

P = ParamSpec("P")
R = TypeVar("R")


class CalledOffError(VelfaerdError):
    """The work was called off."""


@dataclass(frozen=True)
class Advance:
    """How far the work is: adult-months and runs, done and planned, and failed runs.

    The totals are estimates while a study decides by itself when to stop.
    """

    done: float
    total: float
    runs_done: int
    runs_total: int
    failed: int = 0

    def followed_by(self, other: Advance, ahead: tuple[float, int] = (0.0, 0)) -> Advance:
        """This work and the next one together; `ahead`: adult-months and runs after that."""
        return Advance(
            self.done + other.done,
            self.total + other.total + ahead[0],
            self.runs_done + other.runs_done,
            self.runs_total + other.runs_total + ahead[1],
            self.failed + other.failed,
        )


Progress = Callable[[Advance], None]
"""Called now and then in the thread that asked for the work; what it raises stops the work."""


class Meter:
    """Counts adult-months from several threads, and calls the work off when asked to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.done = 0

    def __call__(self, adult_months: int) -> None:
        """Count; raises CalledOffError after `stop`."""
        with self._lock:
            self.done += adult_months
        if self._stopped.is_set():
            raise CalledOffError("called off")

    def stop(self) -> None:
        """Let every worker stop at its next report."""
        self._stopped.set()


NOTEBOOK = "ZMQInteractiveShell"
"""The class of IPython's shell in Jupyter; in a terminal it is another."""
_FORM = "{desc}: {percentage:3.0f}%|{bar}| [{elapsed}<{remaining}]"


def in_notebook() -> bool:
    """Whether the one who asks sits at a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == NOTEBOOK


@contextmanager
def notebook_bar(title: str, given: Progress | None) -> Iterator[Progress | None]:
    """The progress that is given; in a notebook, where none is, that of a bar with a title."""
    if given is not None or not in_notebook():
        yield given
        return
    bar = _bar_class()(desc=title, total=1.0, bar_format=_FORM, leave=False)

    def advanced(advance: Advance) -> None:
        bar.total = max(advance.total, advance.done, 1.0)
        runs = f"{title} {advance.runs_done}/{advance.runs_total}"
        bar.set_description_str(runs, refresh=False)
        bar.update(advance.done - bar.n)

    try:
        yield advanced
    finally:
        bar.close()


def with_notebook_bar(title: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function that takes `progress` show a bar in a notebook where it is given none."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        known = signature(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if not in_notebook():
                return function(*args, **kwargs)
            given = known.bind(*args, **kwargs)
            with notebook_bar(title, given.arguments.get("progress")) as progress:
                given.arguments["progress"] = progress
                return function(*given.args, **given.kwargs)

        return call

    return wrap


def _bar_class() -> type[Any]:
    """The bar of widgets where these are installed, else the one in text."""
    name = "tqdm.std" if find_spec("ipywidgets") is None else "tqdm.notebook"
    found: type[Any] = import_module(name).tqdm
    return found
