"""Regimes under many conditions, with the same luck: the runs that robustness is read off.

Draw k has the same seed under every condition, and every regime of a draw starts from the same
month 0, so regimes are compared pair by pair. What is done is kept condition by condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import ASKING, asking_digest
from velfaerd_sim.engine.kept_work import KeptWork
from velfaerd_sim.engine.record import COMPLETE, new_record
from velfaerd_sim.engine.runner import (
    Advance,
    Meter,
    Progress,
    checked_workers,
    replicate_seed,
    stream,
    thread_pool,
)
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.regimes import Timeline, load_timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.conditions import Condition
from velfaerd_sim.instruments.time_steps import read, stepped
from velfaerd_sim.statistics.intervals import spread

KIND = "robustness"
RUNS = "runs.parquet"
OUTCOMES = (
    "motivation_mean",
    "retention_12m",
    "lonely_share",
    "lonely_years_averted_per_1000",
    "staff_hours_per_1000",
)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """What the regimes reached: condition -> float64 (draws, regimes, OUTCOMES)."""

    study: dict[str, Any]
    regimes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    values: Mapping[str, Array] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


@dataclass(frozen=True)
class _Task:
    scenario: Scenario
    condition: Condition
    draw: int
    timelines: tuple[Timeline, ...]


def _task(
    base: Scenario, condition: Condition, draw: int, timelines: tuple[Timeline, ...]
) -> _Task:
    seed = replicate_seed(base.seed, draw)
    return _Task(condition.scenario(base, draw).with_(seed=seed), condition, draw, timelines)


def _run(task: _Task, advance: Callable[[int], None]) -> Array:
    """All regimes of one draw under one condition; (regimes, OUTCOMES)."""
    steps = task.condition.steps
    base = stepped(task.scenario, steps)
    months = round(task.scenario.months * steps)
    advance(task.scenario.adults * base.scenario.burn_in_months)
    result = np.empty((len(task.timelines), len(OUTCOMES)))
    for k, timeline in enumerate(task.timelines):
        twin = base.fork(timeline)
        twin.run(months)
        result[k] = read(twin, OUTCOMES, steps)
        advance(task.scenario.adults * months)
    return result


def stand(
    conditions: Sequence[Condition],
    regimes: Sequence[str],
    scenario: Scenario,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
) -> Standing:
    """Run every regime under every condition; the first regime is the baseline.

    out: a folder, where the same call again, or one with more conditions, goes on with those that
    are missing. Results
    are the same for any number of workers. Raises InputError for wrong arguments, StudyError where
    the folder holds another study, StorageError where the disk fails.
    """
    timelines = tuple(load_timeline(regime) for regime in regimes)
    count = checked_workers(workers)
    design = {"kind": KIND, "conditions": [each.to_dict() for each in conditions]}
    record = new_record(KIND, scenario, timelines, design, command)
    record[ASKING] = asking_digest(KIND)
    work = _Work(tuple(conditions), timelines, scenario, record, progress)
    work.carry_out(out, count, overwrite, check_continues)
    return work.standing()


def check_continues(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError unless the new study goes on with the old one.

    Conditions may be added; those of the old study must all be there as they were.
    """
    before = old.get("design", {}).get("conditions", [])
    after = new["design"]["conditions"]
    if isinstance(before, list) and all(each in after for each in before):
        old = {**old, "design": {**old.get("design", {}), "conditions": after}}
    records.check_same_study(old, new, folder)


class _Work(KeptWork):
    """The runs of one study, kept condition by condition."""

    file = RUNS
    done_again = "everything is run again"

    def __init__(
        self,
        conditions: tuple[Condition, ...],
        timelines: tuple[Timeline, ...],
        scenario: Scenario,
        record: dict[str, Any],
        progress: Progress | None,
    ) -> None:
        super().__init__(record, progress)
        self.conditions = conditions
        self.timelines = timelines
        self.scenario = scenario
        self.values: dict[str, Array] = {}

    def take(self, frame: pd.DataFrame) -> None:
        """Take over the conditions that are whole in a table of runs."""
        shape = (-1, len(self.timelines), len(OUTCOMES))
        for condition in self.conditions:
            own = frame[frame["condition"] == condition.name]
            if len(own) == condition.draws * len(self.timelines):
                self.values[condition.name] = own[list(OUTCOMES)].to_numpy().reshape(shape)

    def _tasks(self) -> list[_Task]:
        return [
            _task(self.scenario, condition, draw, self.timelines)
            for condition in self.conditions
            if condition.name not in self.values
            for draw in range(condition.draws)
        ]

    def run_missing(self, workers: int) -> None:
        """Run the conditions that are missing."""
        tasks = self._tasks()
        regimes, months = len(self.timelines), self.scenario.months
        every = self.scenario.burn_in_months + regimes * months
        total = float(sum(t.scenario.adults * every * t.condition.steps for t in tasks))
        meter = Meter()
        found: dict[str, dict[int, Array]] = {}
        finished = 0

        def tick() -> None:
            if self.progress is not None:
                done = float(min(meter.done, total))
                runs = finished * regimes
                self.progress(Advance(done, total, runs, len(tasks) * regimes))

        with thread_pool(workers, meter) as pool:
            work = stream(pool, _run, tasks, meter, window=2 * workers, tick=tick)
            with closing(work):
                for task, future in work:
                    own = found.setdefault(task.condition.name, {})
                    own[task.draw] = future.result()
                    finished += 1
                    if len(own) == task.condition.draws:
                        ordered = [own[draw] for draw in range(task.condition.draws)]
                        self.values[task.condition.name] = np.stack(ordered)
                        del found[task.condition.name]
                        self.save_now_and_then()
        tick()

    def counts(self) -> dict[str, int]:
        """Runs that are planned and done."""
        regimes = len(self.timelines)
        planned = regimes * sum(each.draws for each in self.conditions)
        done = regimes * sum(len(values) for values in self.values.values())
        return {"planned": planned, "done": done, "failed": 0}

    def columns(self) -> dict[str, Any]:
        """One row a condition, draw and regime."""
        if not self.values:
            return {}
        columns: dict[str, list[Any]] = {name: [] for name in ("condition", "regime")}
        numbers: dict[str, list[Any]] = {name: [] for name in ("draw", *OUTCOMES)}
        for condition in self.conditions:
            values = self.values.get(condition.name)
            if values is None:
                continue
            draws, regimes = values.shape[:2]
            columns["condition"] += [condition.name] * (draws * regimes)
            columns["regime"] += [timeline.name for timeline in self.timelines] * draws
            numbers["draw"].append(np.repeat(np.arange(draws), regimes))
            for k, name in enumerate(OUTCOMES):
                numbers[name].append(values[:, :, k].ravel())
        return {**columns, **{name: np.concatenate(parts) for name, parts in numbers.items()}}

    def standing(self) -> Standing:
        """What was found. Raises VelfaerdError where a condition is missing."""
        missing = [each.name for each in self.conditions if each.name not in self.values]
        if missing:
            raise VelfaerdError(f"conditions without runs: {', '.join(missing)}")
        names = tuple(timeline.name for timeline in self.timelines)
        return Standing(self.record, names, self.conditions, self.values, tuple(self.notes))


def load_standing(folder: str | Path) -> Standing:
    """Read a study from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a folder made by velfaerd robustness to its end")
    conditions = tuple(Condition.from_dict(each) for each in record["design"]["conditions"])
    scenario = records.scenario_of(record)
    work = _Work(conditions, records.timelines_of(record), scenario, record, None)
    work.take(store.frame(store.read_table(path / RUNS)))
    return work.standing()


def again(standing: Standing, condition: Condition, draw: int) -> Array:
    """Run all regimes of one draw of a study anew; (regimes, OUTCOMES)."""
    scenario = records.scenario_of(standing.study)
    timelines = records.timelines_of(standing.study)
    return _run(_task(scenario, condition, draw, timelines), lambda _: None)


def levels(standing: Standing) -> pd.DataFrame:
    """Mean of each outcome by condition and regime, in rows; for files and checks."""
    rows = [
        {"condition": condition.name, "regime": regime, **dict(zip(OUTCOMES, mean, strict=True))}
        for condition in standing.conditions
        for regime, mean in zip(
            standing.regimes, spread(standing.values[condition.name]).mean, strict=True
        )
    ]
    return pd.DataFrame(rows)
