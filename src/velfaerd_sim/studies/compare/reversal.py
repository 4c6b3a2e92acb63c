"""The reversal: the same regimes where staff have few hours for collaboration, and many.

Replicates have the seeds of the main comparison, so levels differ only by the hours. Every level
has its own burn-in, since the hours hold there too.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine.runner import ReplicateTask, replicate_seed
from velfaerd_sim.engine.store import numbers
from velfaerd_sim.measures.outcomes import INDEX
from velfaerd_sim.statistics.intervals import IntervalRule, spread
from velfaerd_sim.statistics.over_worlds import Units
from velfaerd_sim.studies.compare.plan import LEVER, Plan
from velfaerd_sim.studies.compare.tables import Table, texts

REVERSAL_OUTCOMES = (
    "retention_12m",
    "stock_retention_12m",
    "motivation_mean",
    "lonely_share",
    "volunteers_per_1000",
    "dialogue_enacted_mean",
    "influence_gap_mean",
)
_COLUMNS = [INDEX[name] for name in REVERSAL_OUTCOMES]
Run = tuple[int, int]
"""Level and replicate."""
Found = dict[Run, NDArray[np.float64]]
"""Summaries by run; float64 (regimes, REVERSAL_OUTCOMES)."""


def chosen(summary: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outcomes that are kept of a summary (regimes, outcomes)."""
    return summary[:, _COLUMNS]


def runs(plan: Plan) -> list[Run]:
    """Every level and replicate."""
    repeats = range(plan.staff_hours_replicates)
    return [(level, number) for level in range(len(plan.staff_hours)) for number in repeats]


def task(plan: Plan, run: Run) -> ReplicateTask:
    """The work of one level and replicate."""
    level, number = run
    return plan.task(number, {LEVER: plan.staff_hours[level]})


def runs_table(plan: Plan, found: Found) -> Table:
    """Every run as a row: hours, regime, replicate, seed, outcomes."""
    order = sorted(found)
    count = len(plan.regimes)
    values = np.array([found[run] for run in order]).reshape(len(order) * count, -1)
    levels = [plan.staff_hours[level] for level, _ in order]
    replicates = np.array([number for _, number in order], np.int32)
    seeds = [replicate_seed(plan.scenario.seed, number) for _, number in order]
    return {
        LEVER: np.repeat(np.array(levels, np.float64), count),
        "regime": texts(plan.regimes * len(order)),
        "replicate": np.repeat(replicates, count),
        "seed": np.repeat(np.array(seeds, np.int64), count),
        **{name: values[:, index] for index, name in enumerate(REVERSAL_OUTCOMES)},
    }


def found_in(plan: Plan, table: pa.Table) -> Found:
    """The summaries in a table made by `runs_table`."""
    count = len(plan.regimes)
    values = np.stack([numbers(table, name) for name in REVERSAL_OUTCOMES], axis=-1)
    levels = numbers(table, LEVER)[::count]
    replicates = numbers(table, "replicate")[::count]
    found: Found = {}
    for index, (level, number) in enumerate(zip(levels, replicates, strict=True)):
        run = plan.staff_hours.index(float(level)), int(number)
        found[run] = values[index * count : (index + 1) * count]
    return found


def staff_hours_table(plan: Plan, found: Found) -> Table:
    """Levels of each regime and its paired difference to the baseline, by staff hours.

    A row a level, regime and outcome; the baseline has no difference.
    """
    rule = IntervalRule()
    regimes, count = plan.regimes, len(REVERSAL_OUTCOMES)
    shape = len(plan.staff_hours), len(regimes), count
    values = {name: np.full(shape, np.nan) for name in _MEASURES}
    used = np.zeros(shape, np.int32)
    for level in range(len(plan.staff_hours)):
        numbers = [number for each, number in sorted(found) if each == level]
        if not numbers:
            continue
        summary = np.array([found[level, number] for number in numbers])
        units = Units.of(numbers, plan.number_of_worlds)
        one = spread(units.means(summary))
        half = rule.half_width(one.sd, one.number)
        gap = spread(units.means(summary[:, 1:] - summary[:, :1]))
        width = rule.half_width(gap.sd, gap.number)
        values["mean"][level] = one.mean
        values["ci_low"][level] = one.mean - half
        values["ci_high"][level] = one.mean + half
        values["difference_to_baseline"][level, 1:] = gap.mean
        values["difference_low"][level, 1:] = gap.mean - width
        values["difference_high"][level, 1:] = gap.mean + width
        used[level] = np.isfinite(summary).sum(axis=0)
    return {
        LEVER: np.repeat(np.array(plan.staff_hours), len(regimes) * count),
        "regime": texts([name for name in regimes for _ in range(count)] * shape[0]),
        "outcome": texts(REVERSAL_OUTCOMES * (shape[0] * len(regimes))),
        **{name: part.ravel() for name, part in values.items()},
        "replicates": used.ravel(),
    }


_MEASURES = (
    "mean",
    "ci_low",
    "ci_high",
    "difference_to_baseline",
    "difference_low",
    "difference_high",
)
