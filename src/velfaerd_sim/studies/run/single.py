"""A single run: one scenario under one regime, municipality by municipality."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import COMPLETE, RECORD, new_record
from velfaerd_sim.engine.runner import (
    CELLS,
    GAINS,
    Advance,
    Meter,
    Progress,
    Replicate,
    checked_workers,
    measured,
    stream,
    thread_pool,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.compare.archive import SERIES, Shape, series_table
from velfaerd_sim.studies.compare.plan import Governance, changed_scenario

KIND = "run"


@dataclass(frozen=True)
class Run:
    """A single run: its series (a row a municipality and month; 0 is all), record and folder."""

    series: pd.DataFrame
    study: dict[str, Any]
    folder: Path | None


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

    Writes series.parquet and study.json into `out`. The same call again overwrites them with the
    same. Raises InputError, StudyError and StorageError as `compare`.
    """
    base = changed_scenario(scenario, regime, months, adults, seed, parameters)
    threads = checked_workers(workers)
    written = command or _command(base, regime, scenario)
    record = new_record(KIND, base, (base.timeline,), {"replicates": 1}, written)
    if out is None:
        table = _simulated(base, threads, record, progress)
        records.text(record)
        return Run(store.frame(table), record, None)
    with store.opened(out, record, overwrite) as (folder, _):
        shape = Shape.of(base, (base.timeline.name,))
        folder.check_space(shape.bytes)
        table = _simulated(base, threads, record, progress)
        with folder.transaction() as work:
            work.table(SERIES, table)
            record["files"][SERIES] = {"sha256": work.sha256(SERIES)}
            work.text(RECORD, records.text(record))
        return Run(store.frame(table), record, folder.path)


def simulate(scenario: Scenario, threads: int = 1, progress: Progress | None = None) -> Replicate:
    """The series of one run. KeyboardInterrupt, and what progress raises, stops it soon."""
    total = scenario.adults * (scenario.burn_in_months + scenario.months)
    meter = Meter()

    def work(given: Scenario, advance: Meter) -> Replicate:
        simulation = Simulation(given, threads, advance)
        simulation.run(given.months, advance)
        nobody = np.zeros((0, CELLS, len(GAINS)), np.int64)
        return Replicate(0, given.seed, measured(simulation)[None], nobody)

    def tick() -> None:
        if progress is not None:
            progress(Advance(float(meter.done), float(total), 0, 1))

    with thread_pool(1, meter) as pool:
        ((_, future),) = stream(pool, work, [scenario], meter, window=1, tick=tick)
        found = future.result()
    if progress is not None:
        progress(Advance(float(total), float(total), 1, 1))
    return found


def _simulated(
    scenario: Scenario, threads: int, record: dict[str, Any], progress: Progress | None
) -> Any:
    started = time.monotonic()
    found = simulate(scenario, threads, progress)
    record["seeds"] = [scenario.seed]
    record["counts"] = {"planned": 1, "done": 1, "failed": 0}
    record["status"] = COMPLETE
    record["times"]["finished"] = records.now()
    record["times"]["seconds"] = round(time.monotonic() - started, 3)
    return series_table(Shape.of(scenario, (scenario.timeline.name,)), [found])


def load_run(folder: str | Path) -> Run:
    """Read a run from its folder. Raises InputError where there is none."""
    path = Path(folder)
    study = store.read_record(path)
    if study["kind"] != KIND:
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
