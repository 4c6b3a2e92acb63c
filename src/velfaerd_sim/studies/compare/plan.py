"""The plan of a comparison: replicates until they are enough, then the runs at other staff hours.

A task is a replicate: one population and one burn-in, from which every regime starts. When all is
done, the rows stand in `series.parquet`, `gains.parquet` and `staff_hours_runs.parquet` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.cores import division
from velfaerd_sim.engine.plan import Outlook, Plan, Rows, Table
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.task import Task
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.instruments.replicates import CELLS, GAINS, replicate_seed
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.statistics.intervals import replicates_needed
from velfaerd_sim.studies.compare import reversal
from velfaerd_sim.studies.compare.all_tables import Summaries, all_tables
from velfaerd_sim.studies.compare.design import LEVER, ComparisonDesign, design_of
from velfaerd_sim.studies.compare.rows import (
    COUNTS,
    HOURS_USED,
    LABELS,
    REGIME,
    REPLICATE,
    SEED,
    SUMMARY,
    Shape,
    gains_table,
    key_of,
    of_comparison,
    schema,
)
from velfaerd_sim.studies.compare.stopping import BATCH, SMALLEST, InterimAnalysis, interim_analysis
from velfaerd_sim.studies.compare.work import Runs, run_regimes, task_of

KIND = "compare"
SERIES, GAINS_FILE = "series.parquet", "gains.parquet"
STAFF_HOURS_FILE, STAFF_HOURS_RUNS = "staff_hours.parquet", "staff_hours_runs.parquet"
SMALL = 1.0e9
"""Adult-months up to which verification runs everything again unless a sample is asked for."""
SAMPLE = 4
_FIRST_GUESS = 80
"""Replicates that are expected before the first interim analysis."""


class ComparisonPlan(Plan):
    """A comparison: a task a replicate, a row a regime of it.

    Replicates are named until an interim analysis finds them precise enough; so some more may be at
    work then, which do not count.
    """

    kind = KIND
    work = run_regimes
    stages = True
    processes = False
    keeps_parts = False
    held = (SUMMARY, HOURS_USED, COUNTS)
    exact = (SERIES, GAINS_FILE, STAFF_HOURS_RUNS)

    def __init__(self, design: ComparisonDesign) -> None:
        self.design = design
        self.shape = Shape.of(design.scenario)
        self._names = design.regimes
        self._cost = float(design.task(0).adult_months)
        self._rows: Rows | None = None
        self._analysed = 0
        self._observed = np.empty(0)
        self.last_interim: InterimAnalysis | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> ComparisonPlan:
        """The plan of a record."""
        return cls(design_of(record))

    # --- what is wanted -------------------------------------------------------------------------

    def record(self, command: str) -> dict[str, Any]:
        """The record of a comparison of which nothing is done."""
        design = self.design
        return new_record(KIND, design.scenario, design.timelines, design.to_dict(), command)

    def schema(self) -> pa.Schema:
        """A row a run."""
        return schema()

    def labels(self) -> tuple[str, ...]:
        """What is known of a run beforehand."""
        return LABELS

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Replicates in order as long as they are not enough, then those at other staff hours."""
        for number in range(self.design.most):
            if self._settled(rows) and number >= self._analysed:
                break
            yield self._task(Runs(number))
        for level, number in reversal.runs(self.design):
            yield self._task(Runs(number, self.design.hours[level]))

    def _task(self, runs: Runs) -> Task:
        names, number, hours = self._names, runs.replicate, runs.hours
        seed = replicate_seed(self.design.scenario.seed, number)
        keys = tuple(key_of(number, name, hours) for name in names)
        labels = tuple((hours, name, number, seed) for name in names)
        return Task(keys, labels, runs, self._cost)

    def partly(self, task: Task, wanted: tuple[int, ...]) -> Task:
        """The regimes that are missing of a replicate, and the first for who gains and loses."""
        runs = replace(task.payload, regimes=wanted)
        keys = tuple(task.keys[place] for place in wanted)
        labels = tuple(task.labels[place] for place in wanted)
        return Task(keys, labels, runs, float(task_of(self.design, runs).adult_months))

    def common(self) -> ComparisonDesign:
        """What every replicate is made from."""
        return self.design

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless replicates, staff hours or last regimes were only added."""
        before, after = old.get("regimes"), new["regimes"]
        if isinstance(before, list) and len(before) > 1 and before == after[: len(before)]:
            old = {**old, "regimes": after}
        records.check_same_study(old, new, folder)

    # --- how it goes on -------------------------------------------------------------------------

    def _settled(self, rows: Rows) -> bool:
        """Whether no more replicates are needed, by interim analyses of every whole batch."""
        if rows is not self._rows:
            self._rows, self._analysed, self.last_interim = rows, 0, None
            self._observed = self.summaries(rows, []).values
        design = self.design
        while self._analysed < design.most:
            if self.last_interim is not None and self.last_interim.enough:
                return True
            until = min(self._analysed + BATCH, design.most)
            if not all(self._is_there(rows, number) for number in range(self._analysed, until)):
                return False
            before, self._analysed = self._analysed, until
            if design.precision is None:
                continue
            more = [n for n in range(before, until) if self._message(rows, n) == ""]
            values = np.concatenate([self._observed, self.summaries(rows, more).values])
            self._observed = values
            if until >= SMALLEST and len(values):
                self.last_interim = interim_analysis(
                    values, design.regimes, design.rule, design.precision
                )
        return True

    def _is_there(self, rows: Rows, number: int) -> bool:
        return all(rows.get(key_of(number, name)) is not None for name in self._names)

    def done(self, rows: Rows, count: int) -> list[int]:
        """Which of the first replicates are done under every regime."""
        return [number for number in range(count) if self._message(rows, number) == ""]

    def _message(self, rows: Rows, number: int) -> str | None:
        """Why a replicate failed, empty where it did not, None where it is not there."""
        held = [rows.get(key_of(number, name)) for name in self._names]
        messages = [each.message for each in held if each is not None]
        return max(messages) if len(messages) == len(held) else None

    def whole(self, rows: Rows) -> int:
        """How many replicates stand in whole batches, from the first on."""
        self._settled(rows)
        return self._analysed

    def enough(self, rows: Rows) -> bool:
        """Whether replicates that are still at work are not needed any more."""
        by_precision = self.design.precision is not None and not self.design.hours
        return by_precision and self._settled(rows)

    # --- how large it is ------------------------------------------------------------------------

    def outlook(self, rows: Rows) -> Outlook:
        """All runs, as far as can be said before the replicates are precise enough."""
        tasks = self._estimate(rows) + len(reversal.runs(self.design))
        return Outlook(tasks * len(self._names), tasks * self._cost, tasks)

    def _estimate(self, rows: Rows) -> int:
        most = self.design.most
        settled, found = self._settled(rows), self.last_interim
        if settled or self.design.precision is None:
            return self._analysed if settled else most
        if found is None:
            return min(most, _FIRST_GUESS)
        needed = replicates_needed(found.replicates, found.width / found.precision, most)
        return max(self._analysed, min(most, -(-needed // BATCH) * BATCH))

    def division(self, workers: int) -> tuple[int, int]:
        """Replicates side by side, or threads inside of one where it has many towns."""
        scenario = self.design.scenario
        return division(scenario.adults, len(scenario.towns), workers)

    def bytes_per_row(self) -> float:
        """Room for a run on the disk, on average; at other staff hours little is kept of it."""
        main, others = self.design.most, len(reversal.runs(self.design))
        return (main * self.shape.bytes + others * 300.0) / max(1, main + others)

    def usual_sample(self, rows: Rows) -> int | None:
        """Everything of a small comparison, a few replicates of a large one."""
        runs = len(rows) / len(self._names)
        return None if runs * self._cost <= SMALL else SAMPLE

    # --- what comes out -------------------------------------------------------------------------

    def order_columns(self) -> tuple[str, ...]:
        """What the order of runs depends on."""
        return LEVER, REPLICATE, REGIME

    def ranks(self, table: pa.Table) -> NDArray[np.int64]:
        """Runs by replicate and regime, then those at other staff hours, level by level."""
        most, repeats = self.design.most, self.design.hours_replicates
        hours, regimes = self.design.hours, self._names
        main = np.asarray(pc.is_null(table.column(LEVER)))
        level = _places(table.column(LEVER), pa.array(hours, pa.float64()))
        regime = _places(table.column(REGIME), pa.array(regimes))
        number = store.numbers(table, REPLICATE).astype(np.int64)
        before = np.where(main, number, most + level * repeats + number)
        known = (main | (level >= 0)) & (regime >= 0) & (number < np.where(main, most, repeats))
        return np.where(known, before * len(regimes) + regime, -1)

    def summaries(self, rows: Rows, numbers: Sequence[int]) -> Summaries:
        """What is held of some replicates, all of which are done."""
        regimes, shape = self._names, (len(self._names) - 1, CELLS, len(GAINS))
        values, hours, gains, count = [], [], [], len(numbers)
        for number in numbers:
            there = (rows.get(key_of(number, name)) for name in regimes)
            of_regimes = [each.values for each in there if each is not None]
            values.append([each[0] for each in of_regimes])
            hours.append([each[1] for each in of_regimes])
            gains.append(np.array([each[2] for each in of_regimes[1:]], np.float64))
        held = np.array(values, np.float64)
        return Summaries(
            list(numbers),
            losses_as_worst(held.reshape(count, len(regimes), len(NAMES))),
            np.array(hours, np.float64).reshape(count, len(regimes)),
            np.array(gains, np.float64).reshape(count, *shape),
        )

    def numbers(self, rows: Rows) -> list[int]:
        """The replicates that the tables rest on: of those that are enough, or the first there."""
        count = self._analysed if self._settled(rows) else self.design.most
        ended = takewhile(
            lambda each: each[1] is not None,
            ((number, self._message(rows, number)) for number in range(count)),
        )
        return [number for number, message in ended if message == ""]

    def tables(self, rows: Rows) -> dict[str, Table]:
        """Series, counts of gainers, and the tables; of staff hours when all of them are there."""
        found = self.summaries(rows, self.numbers(rows))
        made: dict[str, Table] = {}
        if found.numbers:
            gains = map(gains_table, of_comparison(rows, found.numbers, [SEED, COUNTS]))
            made = {SERIES: self.series(rows, found.numbers), GAINS_FILE: gains}

            def pooled(names: Sequence[str]) -> NDArray[np.float64]:
                parts = of_comparison(rows, found.numbers, names)
                joined = np.concatenate([self.shape.pooled(part, names) for part in parts])
                shape = len(found.numbers), len(self._names), *joined.shape[1:]
                return joined.reshape(shape)

            each = all_tables(found, pooled, self.design)
            made |= {f"{name}.parquet": table for name, table in each.items()}
        return made | self._staff_hours_tables(rows)

    def series(self, rows: Rows, numbers: Sequence[int]) -> Iterator[pa.Table]:
        """Every outcome of some replicates by regime, replicate, municipality and month."""
        return map(self.shape.series, of_comparison(rows, numbers))

    def _staff_hours_tables(self, rows: Rows) -> dict[str, Table]:
        found, failed = reversal.found_in(self.design, rows)
        if not found or len(found) + len(failed) < len(reversal.runs(self.design)):
            return {}
        return {
            STAFF_HOURS_RUNS: reversal.runs_table(self.design, found),
            STAFF_HOURS_FILE: reversal.staff_hours_table(self.design, found),
        }

    def rows_in_tables(self, folder: Path, record: Mapping[str, Any]) -> Iterator[pa.Table]:
        """The rows of a finished comparison."""
        files = record["files"]
        if SERIES in files and GAINS_FILE in files:
            yield from self._rows_of_series(folder)
        if STAFF_HOURS_RUNS in files:
            yield reversal.rows_of(store.read_table(folder / STAFF_HOURS_RUNS))

    def _rows_of_series(self, folder: Path) -> Iterator[pa.Table]:
        gains = store.read_table(folder / GAINS_FILE)
        values = np.stack([store.numbers(gains, name) for name in GAINS], axis=-1)
        named = (gains.column(name).to_pylist()[::CELLS] for name in (REPLICATE, REGIME))
        runs = zip(*named, strict=True)
        counts = dict(zip(runs, values.reshape(-1, CELLS * len(GAINS)), strict=True))
        for part in store.read_row_groups(folder / SERIES):
            rows = self.shape.rows(part)
            named = (rows.column(name).to_pylist() for name in (REPLICATE, REGIME))
            own = [counts.get(run) for run in zip(*named, strict=True)]
            place = rows.column_names.index(COUNTS)
            yield rows.set_column(place, COUNTS, pa.array(own, pa.list_(pa.int64())))

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter seeds, counts, failures, and where it stopped by precision."""
        design, settled = self.design, self._settled(rows)
        planned = self._analysed if settled else design.most
        hours, lost = reversal.found_in(design, rows)
        seed, width = design.scenario.seed, len(design.regimes)
        ended = {number: self._message(rows, number) for number in range(planned)}
        done = [number for number, message in ended.items() if message == ""]
        record["seeds"] = [replicate_seed(seed, number) for number in done]
        failures = [
            {"replicate": number, "seed": replicate_seed(seed, number), "message": message}
            for number, message in ended.items()
            if message
        ]
        failed = len(failures) + len(lost)
        failures += [
            {
                "replicate": number,
                "seed": replicate_seed(seed, number),
                LEVER: design.hours[level],
                "message": message,
            }
            for (level, number), message in sorted(lost.items())
        ]
        counts = {
            "planned": planned + len(reversal.runs(design)),
            "done": len(done) + len(hours),
            "failed": failed,
        }
        record["counts"] = {name: number * width for name, number in counts.items()}
        record["failures"] = failures
        if design.precision is not None:
            record["stopping"] = None if self.last_interim is None else self.last_interim.to_dict()

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A run in words."""
        hours = (
            "" if row[LEVER] is None else f", {row[LEVER]:g} staff hours a month per 1000 adults"
        )
        return f"replicate {row[REPLICATE]}, seed {row[SEED]}{hours}"


def _places(column: pa.ChunkedArray, values: pa.Array) -> NDArray[np.int64]:
    """The place of each value of a column among some values, -1 where it is not there."""
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=values), -1), np.int64)
