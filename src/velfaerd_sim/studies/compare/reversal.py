"""The reversal: the same regimes where staff have few hours for collaboration, and many.

Replicates have the seeds of the main comparison, so levels differ only by the hours. Every level
has its own burn-in, since the hours hold there too.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine.plan import Rows
from velfaerd_sim.engine.store import numbers
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.statistics.intervals import IntervalRule, interval
from velfaerd_sim.statistics.over_worlds import Units
from velfaerd_sim.studies.compare.design import LEVER, ComparisonDesign
from velfaerd_sim.studies.compare.rows import KEY, REGIME, REPLICATE, SEED, SUMMARY, key_of, whole
from velfaerd_sim.studies.compare.tables import Table, ends, texts
from velfaerd_sim.studies.compare.work import REVERSAL_OUTCOMES

Run = tuple[int, int]
"""Level and replicate."""
Found = dict[Run, NDArray[np.float64]]
"""Summaries by run; float64 (regimes, REVERSAL_OUTCOMES)."""


def runs(design: ComparisonDesign) -> list[Run]:
    """Every level and replicate."""
    repeats = range(design.hours_replicates)
    return [(level, number) for level in range(len(design.hours)) for number in repeats]


def found_in(design: ComparisonDesign, rows: Rows) -> tuple[Found, dict[Run, str]]:
    """What the runs that are there gave, and the messages of those that failed."""
    found: Found = {}
    failed: dict[Run, str] = {}
    for level, number in runs(design):
        hours = design.hours[level]
        held = [rows.get(key_of(number, regime, hours)) for regime in design.regimes]
        there = [each for each in held if each is not None]
        if len(there) < len(held):
            continue
        messages = [each.message for each in there if each.message]
        if messages:
            failed[level, number] = messages[0]
        else:
            values = np.array([each.values[0] for each in there], np.float64)
            found[level, number] = losses_as_worst(values, REVERSAL_OUTCOMES)
    return found, failed


def runs_table(design: ComparisonDesign, found: Found) -> Table:
    """Every run as a row: hours, regime, replicate, seed, outcomes."""
    order = sorted(found)
    count = len(design.regimes)
    values = np.array([found[run] for run in order]).reshape(len(order) * count, -1)
    levels = [design.hours[level] for level, _ in order]
    replicates = np.array([number for _, number in order], np.int32)
    seeds = [replicate_seed(design.scenario.seed, number) for _, number in order]
    return {
        LEVER: np.repeat(np.array(levels, np.float64), count),
        "regime": texts(design.regimes * len(order)),
        "replicate": np.repeat(replicates, count),
        "seed": np.repeat(np.array(seeds, np.int64), count),
        **{name: values[:, index] for index, name in enumerate(REVERSAL_OUTCOMES)},
    }


def rows_of(table: pa.Table) -> pa.Table:
    """The rows that stand in a table made by `runs_table`."""
    labels = {name: table.column(name) for name in (LEVER, REGIME, REPLICATE, SEED)}
    named = (REPLICATE, REGIME, LEVER)
    keys = zip(*(labels[name].to_pylist() for name in named), strict=True)
    values = np.stack([numbers(table, name) for name in REVERSAL_OUTCOMES], axis=-1)
    summaries = pa.array(list(values), pa.list_(pa.float64()), from_pandas=True)
    columns = {KEY: [key_of(*each) for each in keys], **labels, SUMMARY: summaries}
    return whole(columns, table.num_rows)


def staff_hours_table(design: ComparisonDesign, found: Found) -> Table:
    """Levels of each regime and its paired difference to the baseline, by staff hours.

    A row a level, regime and outcome; the baseline has no difference.
    """
    rule = IntervalRule()
    regimes, count = design.regimes, len(REVERSAL_OUTCOMES)
    shape = len(design.hours), len(regimes), count
    values = {name: np.full(shape, np.nan) for name in _MEASURES}
    used = np.zeros(shape, np.int32)
    for level in range(len(design.hours)):
        numbers = [number for each, number in sorted(found) if each == level]
        if not numbers:
            continue
        summary = np.array([found[level, number] for number in numbers])
        units = Units.of(numbers, design.number_of_worlds)
        one = interval(units.means(summary), rule)
        gap = interval(units.means(summary[:, 1:] - summary[:, :1]), rule)
        values["mean"][level] = one.mean
        values["ci_low"][level], values["ci_high"][level] = ends(REVERSAL_OUTCOMES, one)
        values["difference_to_baseline"][level, 1:] = gap.mean
        values["difference_low"][level, 1:] = gap.low
        values["difference_high"][level, 1:] = gap.high
        used[level] = np.isfinite(summary).sum(axis=0)
    return {
        LEVER: np.repeat(np.array(design.hours), len(regimes) * count),
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
