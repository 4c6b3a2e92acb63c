"""A progress bar with results coming in, on standard error and only where that is a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from velfaerd_sim.cli.terminal import fitting
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.studies.compare.comparison import Interim

SILENT_SECONDS = 2.0
"""Work that takes no longer is not worth a progress bar."""

SECONDS_BETWEEN_TABLES = 2.0
"""Making a table of the results so far must not slow down the work."""


class Bar:
    """A progress bar that appears when the work takes longer than two seconds.

    Where standard error is no terminal it stays silent.
    """

    def __init__(self, title: str, screen: Console) -> None:
        """Show the title beside the bar."""
        self._screen = screen
        self._begin = time.monotonic()
        self._next_table = self._begin
        self._first: tuple[float, int] | None = None
        self._interim: Interim | None = None
        self._table: Table | None = None
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f}%  {task.fields[runs]}"),
            TimeRemainingColumn(),
            console=screen,
        )
        self._task = self._bar.add_task(title, total=None, runs="")
        self._live: Live | None = None

    def __call__(self, advance: Advance) -> None:
        """Take note of what is done."""
        runs = ""
        if advance.runs_total > 1:
            rate = self._rate(advance.runs_done)
            runs = f"{rate}{advance.runs_done} of {advance.runs_total} runs"
        if advance.failed:
            runs += f", {advance.failed} failed"
        self._bar.update(self._task, completed=advance.done, total=advance.total, runs=runs)
        now = time.monotonic()
        if self._live is None and now - self._begin > SILENT_SECONDS and self._screen.is_terminal:
            self._live = Live(
                get_renderable=self._shown,
                console=self._screen,
                transient=True,
                refresh_per_second=5,
            )
            self._live.start()
        if self._live is not None and self._interim is not None and now > self._next_table:
            self._table = fitting(self._interim.effects(), None, self._screen)
            self._interim, self._next_table = None, time.monotonic() + SECONDS_BETWEEN_TABLES

    def _rate(self, runs: int) -> str:
        """Return the runs a second since the first call, where they are many."""
        now = time.monotonic()
        if self._first is None:
            self._first = (now, runs)
        begin, before = self._first
        rate = (runs - before) / max(now - begin, 1.0)
        return f"{rate:.0f} a second, " if rate >= 2.0 else ""

    def interim(self, interim: Interim) -> None:
        """Take note of the results so far, to be shown above the bar."""
        self._interim = interim

    def _shown(self) -> Group:
        return Group(self._table, "", self._bar) if self._table else Group(self._bar)

    def stop(self) -> None:
        """Take the bar away."""
        if self._live is not None:
            self._live.stop()


@contextmanager
def progress_bar(title: str) -> Iterator[Bar]:
    """Give a progress bar on standard error, and take it away at the end."""
    bar = Bar(title, Console(stderr=True, highlight=False, markup=False, emoji=False))
    try:
        yield bar
    finally:
        bar.stop()
