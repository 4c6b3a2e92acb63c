"""The work of a comparison: one replicate, which is every regime from the same month 0."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from velfaerd_sim.engine.runner import ReplicateTask, run_replicate
from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.measures.outcomes import INDEX, NAMES
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
    """The runs of a replicate. first: the regimes before are not answered for.

    at_staff_hours: whether only summaries are kept.
    """

    task: ReplicateTask
    first: int = 0
    at_staff_hours: bool = False


def run_regimes(runs: Runs, context: Context) -> list[Answer]:
    """Run the regimes of a replicate; an answer a regime, with the values of `rows.VALUES`."""
    found = run_replicate(replace(runs.task, threads=context.threads), context.advance)
    summary = found.summary
    which = range(runs.first, len(summary))
    if runs.at_staff_hours:
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
