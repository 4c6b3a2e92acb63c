"""Regimes under many conditions, with the same seed noise: the runs that robustness is read off.

Draw k has the same seed under every condition, and every regime of a draw starts from the same
month 0, so regimes are compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.plan import Outlook, Plan, Rows
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import COMPLETE, new_record
from velfaerd_sim.engine.rows import DONE
from velfaerd_sim.engine.session import Options
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.conditions import Condition
from velfaerd_sim.instruments.losses import losses_as_worst, nobody_left
from velfaerd_sim.shown import InOneLine
from velfaerd_sim.statistics.intervals import spread
from velfaerd_sim.studies.robustness.work import OUTCOMES as OUTCOMES
from velfaerd_sim.studies.robustness.work import draw_of, run_draw

KIND = "robustness"
RUNS = "runs.parquet"
IN_THIS_PROCESS = 3.0e7
"""Adult-months up to which threads do the work: about as long as processes take to start."""
Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Robustness(InOneLine):
    """What the regimes reached: condition -> float64 (draws, regimes, OUTCOMES).

    Conditions with draws that are missing or failed have no values. late: the time was up first.
    lost: condition -> int64 (regimes,), runs that ended without volunteers: as bad as can be.
    """

    study: dict[str, Any]
    regimes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    values: Mapping[str, Array] = field(repr=False)
    notes: tuple[str, ...] = ()
    late: bool = False
    lost: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])

    @property
    def complete(self) -> bool:
        """Whether every condition has all its draws."""
        return len(self.values) == len(self.conditions)


class RobustnessPlan(Plan):
    """Regimes under conditions: a task a condition and draw, a row a regime of it."""

    kind = KIND
    work = run_draw
    exact = (RUNS,)

    def __init__(
        self,
        conditions: tuple[Condition, ...],
        timelines: tuple[Timeline, ...],
        scenario: Scenario,
    ) -> None:
        self.conditions = conditions
        self.timelines = timelines
        self.scenario = scenario
        self._outlook = self._whole()
        self.processes = self._outlook.cost > IN_THIS_PROCESS
        starts = np.cumsum([0, *(each.draws for each in conditions)])
        names = (each.name for each in conditions)
        self._first = dict(zip(names, starts.tolist(), strict=False))
        self._place = {timeline.name: k for k, timeline in enumerate(timelines)}

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> RobustnessPlan:
        """The plan of a record."""
        conditions = tuple(Condition.from_dict(each) for each in record["design"]["conditions"])
        return cls(conditions, records.timelines_of(record), records.scenario_of(record))

    def record(self, command: str) -> dict[str, Any]:
        """The record of a study of which nothing is done."""
        design = {"kind": KIND, "conditions": [each.to_dict() for each in self.conditions]}
        return new_record(KIND, self.scenario, self.timelines, design, command)

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless conditions were only added."""
        check_continues(old, new, folder)

    def schema(self) -> pa.Schema:
        """A row a run."""
        texts = ("run", "condition", "regime", "status", "message")
        fields = [(name, pa.string()) for name in texts]
        fields += [("draw", pa.int64()), ("seconds", pa.float64())]
        return pa.schema([*fields, *((name, pa.float64()) for name in OUTCOMES)])

    def labels(self) -> tuple[str, ...]:
        """What is known of a run beforehand."""
        return "condition", "draw", "regime"

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Every draw of every condition."""
        regimes = [timeline.name for timeline in self.timelines]
        for condition in self.conditions:
            for draw in range(condition.draws):
                payload = draw_of(self.scenario, condition, draw, self.timelines)
                labels = tuple((condition.name, draw, regime) for regime in regimes)
                keys = tuple(f"{condition.name} {draw} {regime}" for regime in regimes)
                yield Task(keys, labels, payload, payload.adult_months)

    def outlook(self, rows: Rows) -> Outlook:
        """All runs; their cost in adult-months."""
        return self._outlook

    def _whole(self) -> Outlook:
        cost = sum(
            each.draws * draw_of(self.scenario, each, 0, self.timelines).adult_months
            for each in self.conditions
        )
        draws = sum(each.draws for each in self.conditions)
        return Outlook(draws * len(self.timelines), cost, draws)

    def order_columns(self) -> tuple[str, ...]:
        """What the order of runs depends on."""
        return "condition", "draw", "regime"

    def ranks(self, table: pa.Table) -> NDArray[np.int64]:
        """Runs in the order of conditions, draws, regimes."""
        columns = [table.column(name).to_pylist() for name in self.order_columns()]
        found = [
            (self._first[condition] + draw) * len(self.timelines) + self._place[regime]
            if condition in self._first and regime in self._place
            else -1
            for condition, draw, regime in zip(*columns, strict=True)
        ]
        return np.array(found, np.int64)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """One row a run of the conditions that are whole."""
        return {RUNS: runs_table(self.values(rows.table()), self)} if len(rows) else {}

    def values(self, table: pa.Table) -> dict[str, Array]:
        """The conditions that are whole in a table of rows in order."""
        frame = store.frame(table)
        frame = frame[frame["status"] == DONE] if "status" in frame else frame
        shape = (-1, len(self.timelines), len(OUTCOMES))
        found = {}
        for condition in self.conditions:
            own = frame[frame["condition"] == condition.name]
            if len(own) == condition.draws * len(self.timelines):
                found[condition.name] = own[list(OUTCOMES)].to_numpy().reshape(shape)
        return found

    def result(
        self,
        record: dict[str, Any],
        table: pa.Table,
        notes: tuple[str, ...] = (),
        late: bool = False,
    ) -> Robustness:
        """What a study gave, from its rows in order."""
        names = tuple(timeline.name for timeline in self.timelines)
        held = self.values(table)
        values = {name: losses_as_worst(own, OUTCOMES) for name, own in held.items()}
        lost = {name: _lost(own).sum(axis=0) for name, own in held.items()}
        return Robustness(record, names, self.conditions, values, notes, late, lost)


def _lost(values: Array) -> NDArray[np.bool_]:
    """Runs that ended without volunteers, (draws, regimes)."""
    return nobody_left(values, OUTCOMES)[..., OUTCOMES.index("motivation_mean")]


def runs_table(values: Mapping[str, Array], plan: RobustnessPlan) -> pa.Table:
    """One row a condition, draw and regime."""
    texts: dict[str, list[Any]] = {name: [] for name in ("condition", "regime")}
    numbers: dict[str, list[Any]] = {name: [np.empty(0)] for name in OUTCOMES}
    which = [np.empty(0, np.int64)]
    for name, own in values.items():
        draws, regimes = own.shape[:2]
        texts["condition"] += [name] * (draws * regimes)
        texts["regime"] += [timeline.name for timeline in plan.timelines] * draws
        which.append(np.repeat(np.arange(draws), regimes))
        for k, outcome in enumerate(OUTCOMES):
            numbers[outcome].append(own[:, :, k].ravel())
    joined = {name: np.concatenate(each) for name, each in numbers.items()}
    return store.arrow({**texts, "draw": np.concatenate(which), **joined})


def run_robustness(
    conditions: Sequence[Condition],
    regimes: Sequence[str],
    scenario: Scenario,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
) -> Robustness:
    """Run every regime under every condition; the first regime is the baseline.

    out: a folder, where the same call again, or one with more conditions, goes on with those that
    are missing. Results are the same for any number of workers; the other options are those of
    `session.Options`. Raises InputError for wrong arguments, StudyError where the folder holds
    another study, StorageError where the disk fails, VelfaerdError where workers do.
    """
    timelines = tuple(load_timeline(regime) for regime in regimes)
    options = Options(
        workers,
        executor,
        scheduler,
        fail_fast,
        retry_failed,
        minutes,
        progress,
        task_minutes=task_minutes,
    )
    plan = RobustnessPlan(tuple(conditions), timelines, scenario)
    done = session.carry_out(plan, out, options, overwrite=overwrite, command=command)
    return plan.result(done.record, done.rows.table(), done.notes, done.late)


def check_continues(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError unless the new study goes on with the old one.

    Conditions may be added; those of the old study must all be there as they were.
    """
    before = old.get("design", {}).get("conditions", [])
    after = new["design"]["conditions"]
    if isinstance(before, list) and all(each in after for each in before):
        old = {**old, "design": {**old.get("design", {}), "conditions": after}}
    records.check_same_study(old, new, folder)


def load_robustness(folder: str | Path) -> Robustness:
    """Read a study from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a folder made by velfaerd robustness to its end")
    table = store.read_table(path / RUNS)
    return RobustnessPlan.of(record).result(record, table)


def levels(robustness: Robustness) -> pd.DataFrame:
    """Mean of each outcome by condition and regime, in rows; for files and checks.

    lost: of so many `draws`, those that ended without volunteers.
    """
    rows = [
        {
            "condition": condition.name,
            "regime": regime,
            **dict(zip(OUTCOMES, mean, strict=True)),
            "lost": int(lost),
            "draws": condition.draws,
        }
        for condition in robustness.conditions
        for regime, mean, lost in zip(
            robustness.regimes,
            spread(robustness.values[condition.name]).mean,
            robustness.lost.get(condition.name, np.zeros(len(robustness.regimes))),
            strict=True,
        )
    ]
    return pd.DataFrame(rows)
