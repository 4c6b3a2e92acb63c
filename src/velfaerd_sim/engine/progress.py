"""Progress: how far the work of a study is, and how it is called off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from velfaerd_sim.errors import VelfaerdError


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
