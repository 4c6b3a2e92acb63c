"""The plan of a selection: replicates of the regimes that may still be the best, until one is left.

A task is a replicate: one population and one burn-in, from which every regime starts that is still
in. Which ones are depends on the rows alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.cores import division
from velfaerd_sim.engine.plan import Plan, Rows, Table
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.losses import counted
from velfaerd_sim.instruments.replicates import MOST_REPLICATES, ReplicateTask, replicate_seed
from velfaerd_sim.measures.outcomes import NAMES, named
from velfaerd_sim.statistics.intervals import IntervalRule, interval
from velfaerd_sim.statistics.selection import Procedure, Selection, select, wanted
from velfaerd_sim.studies.compare.design import Governance, changed_scenario, load_regimes
from velfaerd_sim.studies.select.work import run_left

KIND = "selection"
TABLE = "selection.parquet"
BEST, OPEN, BEHIND = "best", "open", "behind"
"""What became of a regime: selected; not told apart from others that are left; left out."""
ZONES = {
    "share": 0.005,
    "per year": 0.005,
    "0-1": 0.01,
    "points (3-9)": 0.02,
    "per 1000 adults": 1.0,
    "a month per 1000 adults": 0.05,
    "hours a month per 1000 adults": 0.5,
    "months": 0.25,
    "persons a month": 1.0,
    "person-years per 1000 adults": 1.0,
    "person-years per 100 hours": 0.05,
}
"""The least difference that matters where none is said, by unit; an assumption."""
MOST = 2000
Array = NDArray[np.float64]


@dataclass(frozen=True)
class SelectionDesign:
    """A selection that was checked. most: replicates at most."""

    scenario: Scenario
    timelines: tuple[Timeline, ...]
    outcome: str
    procedure: Procedure
    most: int = MOST

    @property
    def regimes(self) -> tuple[str, ...]:
        """The names of the regimes."""
        return tuple(timeline.name for timeline in self.timelines)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in the record."""
        return {
            "kind": KIND,
            "outcome": self.outcome,
            "procedure": asdict(self.procedure),
            "max_replicates": self.most,
        }


def checked_selection(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    best: str,
    indifference: float | None = None,
    confidence: float | None = None,
    max_replicates: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
) -> SelectionDesign:
    """Check everything that a selection is asked for. Raises InputError naming the option.

    best: the outcome; indifference: the least difference in it that matters, in its unit;
    confidence: the probability that is stated.
    """
    timelines = load_regimes(regimes)
    base = changed_scenario(scenario, timelines[0], months, adults, seed, parameters)
    if best not in NAMES:
        raise InputError("best", best, refusal("select_outcome"), nearest(best, NAMES))
    outcome = named(best)
    if outcome.direction == 0:
        raise InputError("best", best, refusal("advice_goal_direction"))
    zone = ZONES.get(outcome.unit) if indifference is None else indifference
    if zone is None:
        raise InputError("indifference", "", refusal("select_zone", unit=outcome.unit))
    zone = checks.number(zone, "indifference", 1e-9, 1e9)
    sure = 0.95 if confidence is None else checks.number(confidence, "confidence", 0.5, 0.999)
    procedure = Procedure(zone, sure)
    most = MOST if max_replicates is None else max_replicates
    most = checks.whole(most, "max_replicates", procedure.first, MOST_REPLICATES)
    return SelectionDesign(base, timelines, best, procedure, most)


class SelectionPlan(Plan):
    """A selection: a task a replicate, a row a regime that is still in it."""

    kind = KIND
    work = run_left
    stages = True
    processes = False
    exact = (TABLE,)
    order = ("replicate", "place")

    def __init__(self, design: SelectionDesign) -> None:
        self.design = design
        self.held = (design.outcome,)
        self._rows: Rows | None = None
        self._values = np.empty((0, len(design.timelines)))
        self._found = select(self._values, design.procedure)

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> SelectionPlan:
        """The plan of a record."""
        content = record["design"]
        scenario, timelines = records.scenario_of(record), records.timelines_of(record)
        procedure = Procedure(**content["procedure"])
        most = content["max_replicates"]
        return cls(SelectionDesign(scenario, timelines, content["outcome"], procedure, most))

    def record(self, command: str) -> dict[str, Any]:
        """The record of a selection of which nothing is done."""
        design = self.design
        return new_record(KIND, design.scenario, design.timelines, design.to_dict(), command)

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless replicates at most were only raised."""
        before = old.get("design", {})
        had, wants = before.get("max_replicates"), new["design"]["max_replicates"]
        if isinstance(had, int) and had <= wants:
            old = {**old, "design": {**before, "max_replicates": wants}}
        records.check_same_study(old, new, folder)

    def schema(self) -> pa.Schema:
        """A row a regime of a replicate."""
        texts = [(name, pa.string()) for name in ("run", "regime", "status", "message")]
        whole = [(name, pa.int64()) for name in ("replicate", "place", "seed")]
        numbers = [(name, pa.float64()) for name in ("seconds", *NAMES)]
        return pa.schema([*texts, *whole, *numbers])

    def labels(self) -> tuple[str, ...]:
        """What is known of a row beforehand."""
        return "replicate", "place", "regime", "seed"

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Replicates of who was left at each look, and of who is left for the next one."""
        found, done = self.selection(rows)
        for number in range(len(done)):
            yield self._task(number, self._left_at(found, number))
        for number in self._next(found):
            yield self._task(number, np.flatnonzero(found.left))

    def _next(self, found: Selection) -> range:
        """The replicates up to the next look; none where one is left or there may be no more."""
        more = wanted(found, self.design.procedure)
        return more if more and more[-1] < self.design.most else range(0)

    def selection(self, rows: Rows) -> tuple[Selection, Array]:
        """Who is left, and the values it rests on, (replicates, regimes)."""
        if rows is not self._rows:
            self._rows, self._values = rows, self._values[:0]
            self._found = select(self._values, self.design.procedure)
        while more := self._next(self._found):
            values = [self._read(number, self._found.left, rows) for number in more]
            whole = [each for each in values if each is not None]
            if len(whole) < len(values):
                break
            self._values = np.vstack([self._values, *whole])
            self._found = select(self._values, self.design.procedure)
        return self._found, self._values

    def _left_at(self, found: Selection, number: int) -> NDArray[np.intp]:
        """Who was in a replicate: those who were not left out at a look before it."""
        return np.flatnonzero((found.dropped == 0) | (found.dropped > number))

    def _task(self, number: int, places: NDArray[np.intp]) -> Task:
        design = self.design
        seed = replicate_seed(design.scenario.seed, number)
        which = places.tolist()
        timelines = tuple(design.timelines[place] for place in which)
        task = ReplicateTask(design.scenario.with_(seed=seed), number, timelines)
        keys = tuple(key_of(number, design.regimes[place]) for place in which)
        labels = tuple((number, place, design.regimes[place], seed) for place in which)
        return Task(keys, labels, task, float(task.adult_months))

    def _read(self, number: int, left: NDArray[np.bool_], rows: Rows) -> Array | None:
        """The values of a replicate, more is better, NaN for who is out; None if not all done."""
        outcome = named(self.design.outcome)
        found = np.full(len(left), np.nan)
        for place in np.flatnonzero(left).tolist():
            held = rows.get(key_of(number, self.design.regimes[place]))
            if held is None or not held.values:
                return None
            value = np.nan if held.values[0] is None else float(held.values[0])
            found[place] = outcome.direction * float(counted(outcome.name, np.array(value)))
        return found

    def division(self, workers: int) -> tuple[int, int]:
        """Replicates side by side, or threads inside of one where it has many towns."""
        scenario = self.design.scenario
        return division(scenario.adults, len(scenario.towns), workers)

    def tables(self, rows: Rows) -> dict[str, Table]:
        """What became of every regime, the best first."""
        found, values = self.selection(rows)
        return {TABLE: selection_table(self.design, found, values)} if found.replicates else {}

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter who is left, after how many replicates and runs."""
        found, values = self.selection(rows)
        record["seeds"] = [
            replicate_seed(self.design.scenario.seed, number) for number in range(len(values))
        ]
        record["selected"] = {
            "left": [self.design.regimes[place] for place in np.flatnonzero(found.left).tolist()],
            "settled": found.settled,
            "replicates": found.replicates,
            "runs": int(np.isfinite(values).sum()),
        }


def selection_table(design: SelectionDesign, found: Selection, values: Array) -> pa.Table:
    """What became of every regime: its mean, and how far it is behind the best.

    behind, ci_low, ci_high: the mean difference to the first in the table over the replicates that
    both were run in, with its interval; more is better.
    """
    direction = named(design.outcome).direction
    runs = np.isfinite(values).sum(axis=0)
    last = [values[:count, place].mean() for place, count in enumerate(runs.tolist())]
    alive = np.where(found.left, np.inf, found.dropped.astype(np.float64))
    order = np.lexsort((-np.array(last), -alive))
    best = int(order[0])
    gap = interval(values[:, order] - values[:, [best]], IntervalRule())
    said = [BEST if found.settled else OPEN if found.left[place] else BEHIND for place in order]
    said = [each if found.left[place] else BEHIND for each, place in zip(said, order, strict=True)]
    return store.arrow(
        {
            "regime": [design.regimes[place] for place in order.tolist()],
            "result": said,
            "mean": direction * np.array(last)[order],
            "behind": gap.mean,
            "ci_low": gap.low,
            "ci_high": gap.high,
            "replicates": runs[order],
            "left_out_after": found.dropped[order],
        }
    )


def key_of(replicate: int, regime: str) -> str:
    """The name of a row."""
    return f"{replicate} {regime}"
