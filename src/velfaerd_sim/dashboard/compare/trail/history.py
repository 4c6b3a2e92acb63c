"""The runs of a session: which views were run to the end, what came of them, what they are called.

A run is one view, however often it is gone back to; it keeps its number and its name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from velfaerd_sim.dashboard.compare.results import Result
from velfaerd_sim.dashboard.compare.view import CompareView

MOST_RUNS = 30
"""Runs that are kept; the oldest without a name goes first."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class KeptRun:
    """A view that was run to the end. name: what the user calls it, '' for none."""

    number: int
    view: CompareView
    result: Result
    name: str = ""


def with_run(runs: tuple[KeptRun, ...], view: CompareView, result: Result) -> tuple[KeptRun, ...]:
    """The runs with one more; a view that was run before keeps its place and its name."""
    for place, run in enumerate(runs):
        if run.view == view:
            return (*runs[:place], replace(run, result=result), *runs[place + 1 :])
    number = 1 + max((run.number for run in runs), default=0)
    found = (*runs, KeptRun(number, view, result))
    if len(found) > MOST_RUNS:
        nameless = [run for run in found[:-1] if not run.name]
        dropped = (nameless or list(found))[0]
        found = tuple(run for run in found if run is not dropped)
    return found


def named(runs: tuple[KeptRun, ...], number: object, name: object) -> tuple[KeptRun, ...]:
    """The runs with one of them called something else; what is too long is cut."""
    text = " ".join(name.split())[:LONGEST_NAME].strip() if isinstance(name, str) else ""
    return tuple(replace(run, name=text) if run.number == number else run for run in runs)


def run_of(runs: tuple[KeptRun, ...], number: object) -> KeptRun | None:
    """The run of a number, if there is one."""
    return next((run for run in runs if run.number == number), None)
