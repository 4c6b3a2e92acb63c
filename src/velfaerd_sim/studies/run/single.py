"""A single run: one scenario under one regime, municipality by municipality.

It is one task, however large its country is: one that was stopped starts anew.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.plan import Plan, Rows
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import InputError, run_failed
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.compare.design import ComparisonDesign, Governance, changed_scenario
from velfaerd_sim.studies.compare.plan import SERIES
from velfaerd_sim.studies.compare.rows import LABELS, Shape, key_of, schema
from velfaerd_sim.studies.compare.work import Runs, run_regimes

KIND = "run"


@dataclass(frozen=True, repr=False)
class Run(Shown):
    """A single run: its series (a row a municipality and month; 0 is all), record and folder."""

    series: pd.DataFrame
    study: dict[str, Any]
    folder: Path | None


class RunPlan(Plan):
    """A single run: one task with one row, which stands in `series.parquet` when it is done."""

    kind = KIND
    work = run_regimes
    processes = False
    keeps_parts = False
    exact = (SERIES,)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.shape = Shape.of(scenario)
        self._design = ComparisonDesign(scenario, (scenario.timeline,), replicates=1)

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> RunPlan:
        """The plan of a record."""
        return cls(records.scenario_of(record))

    def record(self, command: str) -> dict[str, Any]:
        """The record of a run that is not done."""
        timelines = (self.scenario.timeline,)
        return new_record(KIND, self.scenario, timelines, {"replicates": 1}, command)

    def schema(self) -> pa.Schema:
        """The columns of the run."""
        return schema()

    def labels(self) -> tuple[str, ...]:
        """What is known of it beforehand."""
        return LABELS

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """The run."""
        scenario, name = self.scenario, self.scenario.timeline.name
        labels = None, name, 0, scenario.seed
        cost = float(self._design.task(0).adult_months)
        yield Task((key_of(0, name),), (labels,), Runs(0), cost)

    def common(self) -> ComparisonDesign:
        """What the run is made from."""
        return self._design

    def division(self, workers: int) -> tuple[int, int]:
        """All workers are threads of the run: its municipalities are done side by side."""
        return 1, workers

    def bytes_per_row(self) -> float:
        """Room for the run on the disk."""
        return float(self.shape.bytes)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """Every outcome by municipality and month."""
        return {SERIES: self.shape.series(rows.table())} if rows.done else {}

    def rows_in_tables(self, folder: Path, record: Mapping[str, Any]) -> Iterator[pa.Table]:
        """The row of a run that is done."""
        if SERIES in record["files"]:
            yield self.shape.rows(store.read_table(folder / SERIES))

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter the seed."""
        record["seeds"] = [self.scenario.seed] if rows.done else []

    def name_of(self, row: Mapping[str, Any]) -> str:
        """The run in words."""
        return f"seed {row['seed']}"


def run_single(
    scenario: str | Path | Scenario = "baseline",
    *,
    regime: Governance | None = None,
    out: str | Path | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
) -> Run:
    """Simulate a scenario once; several municipalities on so many threads.

    Writes series.parquet and study.json into `out`; the same call again leaves what is done there.
    Raises InputError, StudyError and StorageError as `compare`, VelfaerdError where the run fails.
    """
    base = changed_scenario(scenario, regime, months, adults, seed, parameters)
    options = Options(workers, retry_failed=True, progress=progress)
    written = command or _command(base, regime, scenario)
    done = carry_out(RunPlan(base), out, options, overwrite=overwrite, command=written)
    if done.record["failures"]:
        raise run_failed("the run failed: {}", done.record["failures"][0]["message"])
    if SERIES not in done.tables:
        assert done.folder is not None
        return load_run(done.folder)
    return Run(store.frame(done.tables[SERIES]), done.record, done.folder)


def load_run(folder: str | Path) -> Run:
    """Read a run from its folder. Raises InputError where there is none that is done."""
    path = Path(folder)
    study = store.read_record(path)
    if study["kind"] != KIND or SERIES not in study["files"]:
        raise InputError("folder", str(folder), "a folder made by a single run")
    return Run(store.frame(store.read_table(path / SERIES)), study, path)


def _command(scenario: Scenario, regime: Governance | None, given: str | Path | Scenario) -> str:
    if isinstance(given, Scenario) or isinstance(regime, Regime | Timeline):
        return ""
    words = ["velfaerd", "run", str(given)]
    words += [] if regime is None else ["--regime", str(regime)]
    words += ["--months", str(scenario.months), "--adults", str(scenario.adults)]
    words += ["--seed", str(scenario.seed)]
    for name, value in scenario.parameters:
        words += ["--set", f"{name}={value!r}"]
    return shlex.join(words)
