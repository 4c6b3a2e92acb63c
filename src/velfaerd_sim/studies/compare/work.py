"""The work of a comparison: one replicate, which is every regime from the same month 0."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.instruments.replicates import ReplicateTask, run_replicate
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.studies.compare.design import LEVER, ComparisonDesign
from velfaerd_sim.studies.compare.rows import hours_used

REVERSAL_OUTCOMES = (
    "retention_12m",
    "stock_retention_12m",
    "motivation_mean",
    "lonely_share",
    "volunteers_per_1000",
    "dialogue_enacted_mean",
    "influence_gap_mean",
)
"""What is kept of a run at other staff hours."""
_KEPT = [INDEX[name] for name in REVERSAL_OUTCOMES]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a replicate, at the staff hours of the scenario or at others.

    regimes: the places of those that are answered for; None for all.
    """

    replicate: int
    hours: float | None = None
    regimes: tuple[int, ...] | None = None


def task_of(design: ComparisonDesign, runs: Runs) -> ReplicateTask:
    """The task that answers for some regimes; the first is always among those that are run."""
    parameters = None if runs.hours is None else {LEVER: runs.hours}
    task = design.task(runs.replicate, parameters)
    if runs.regimes is None:
        return task
    chosen = tuple(task.timelines[place] for place in runs.regimes)
    first = () if runs.regimes[0] == 0 else task.timelines[:1]
    return replace(task, timelines=first + chosen)


def run_regimes(runs: Runs, context: Context) -> list[Answer]:
    """Run the regimes of a replicate; an answer a regime, with what is told of it and its outcomes.

    The design of the comparison is what all tasks share.
    """
    task = replace(task_of(context.common, runs), threads=context.threads)
    found = run_replicate(task, context.advance)
    summary = found.summary
    which = range(int(bool(runs.regimes and runs.regimes[0])), len(summary))
    if runs.hours is not None:
        nothing = (math.nan, None, *(None for _ in NAMES))
        return [Answer((summary[regime][_KEPT], *nothing)) for regime in which]
    used = hours_used(found.series)
    answers = []
    for regime in which:
        counts = found.gains[regime - 1].ravel() if regime else None
        series = np.ascontiguousarray(found.series[regime].transpose(2, 0, 1))
        by_outcome = series.reshape(len(NAMES), -1)
        answers.append(Answer((summary[regime], used[regime], counts, *by_outcome)))
    return answers
