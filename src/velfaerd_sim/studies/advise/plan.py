"""The plan of a search for advice: points in batches, contenders in more worlds, fresh runs.

A task is a town of one world with all the ways of governing of a step; a row is a way. A step is
named when the one before is whole. What a step tried stands in its rows, so that a search that was
stopped, or is verified elsewhere, goes on with the same points and decides nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine.plan import Outlook, Plan, Rows, Table
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.task import Task
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.studies.advise import search
from velfaerd_sim.studies.advise.design import FRESH, PATHS, SEARCH, AdviceDesign, design_of
from velfaerd_sim.studies.advise.search import Found
from velfaerd_sim.studies.advise.space import NAMES
from velfaerd_sim.studies.advise.tables import FreshRuns, alone, tables_of
from velfaerd_sim.studies.advise.work import TODAY, Candidate, Town, run_town

KIND = "advise"
USED = "staff_hours_per_1000"
TOLD = ("lonely_share", "retention_12m", "motivation_mean", "volunteers_per_1000")
"""Outcomes that are told beside the goal."""
IN_THIS_PROCESS = 3.0e7
"""Adult-months up to which threads do the work: about as long as processes take to start."""
Array = NDArray[np.float64]


class AdvicePlan(Plan):
    """A search: steps of the search, then contenders, fresh runs, and paths to the best package."""

    kind = KIND
    work = run_town
    stages = True
    order = ("step", "world", "place")
    exact = ("front.parquet", "packages.parquet", "margins.parquet")

    def __init__(self, design: AdviceDesign) -> None:
        self.design = design
        self.outcomes = tuple(dict.fromkeys([*design.goals.names, USED, *TOLD]))
        self.held = ("role", *NAMES, *self.outcomes)
        size = design.size
        self.steps = -(-max(0, size.evaluations - size.start) // size.batch) + 1
        """Steps of the search; then come contenders, fresh runs and paths."""
        self._rows: Rows | None = None
        self._steps: dict[int, list[Candidate]] = {}
        self.processes = self.outlook_cost() > IN_THIS_PROCESS

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> AdvicePlan:
        """The plan of a record."""
        return cls(design_of(record))

    # --- what is wanted -------------------------------------------------------------------------

    def record(self, command: str) -> dict[str, Any]:
        """The record of a search of which nothing is done."""
        scenario = self.design.scenario
        return new_record(KIND, scenario, (scenario.timeline,), self.design.to_dict(), command)

    def schema(self) -> pa.Schema:
        """A row a way of governing in a town."""
        texts = [(name, pa.string()) for name in ("run", "status", "message", "role")]
        whole = [(name, pa.int64()) for name in ("step", "world", "place", "seed")]
        numbers = [(name, pa.float64()) for name in ("seconds", *NAMES, *self.outcomes)]
        return pa.schema([*texts, *whole, *numbers])

    def labels(self) -> tuple[str, ...]:
        """What is known of a row beforehand."""
        return "step", "world", "place", "seed"

    def common(self) -> tuple[str, ...]:
        """The outcomes that are read."""
        return self.outcomes

    def worlds_of(self, step: int) -> range:
        """The places of the worlds of a step, in those of the search or in the fresh ones."""
        size = self.design.size
        if step < self.steps:
            return range(min(size.first, len(self.design.searched)))
        if step == self.steps:
            return range(min(size.first, len(self.design.searched)), len(self.design.searched))
        return range(len(self.design.fresh))

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Steps in order, as far as those before are whole."""
        for step in range(self.steps + 3):
            candidates = self.candidates(step, rows)
            if not candidates:
                return
            yield from (self._task(step, world, candidates) for world in self.worlds_of(step))

    def _task(self, step: int, world: int, candidates: list[Candidate]) -> Task:
        part = (SEARCH, FRESH, PATHS)[max(0, step - self.steps)]
        scenario = self.design.world(world, part)
        places = range(len(candidates))
        keys = tuple(key_of(step, world, place) for place in places)
        labels = tuple((step, world, place, scenario.seed) for place in places)
        town = Town(scenario, tuple(candidates))
        return Task(keys, labels, town, float(town.adult_months))

    # --- what was decided -----------------------------------------------------------------------

    def candidates(self, step: int, rows: Rows) -> list[Candidate]:
        """What a step tries; nothing where the steps before are not whole."""
        if rows is not self._rows:
            self._rows, self._steps = rows, {}
        if step not in self._steps:
            found = self._in_rows(step, rows) or self._decided(step, rows)
            if not found and (step <= self.steps + 1 or not self.is_whole(step - 1, rows)):
                return []
            self._steps[step] = found
        return self._steps[step]

    def _in_rows(self, step: int, rows: Rows) -> list[Candidate]:
        """What a step tried, as it stands in the rows of one of its towns."""
        for world in self.worlds_of(step):
            found: list[Candidate] = []
            while (held := rows.get(key_of(step, world, len(found)))) and held.values:
                role, *numbers = held.values[: 1 + len(NAMES)]
                found.append(Candidate(str(role), tuple(map(_number, numbers))))
            if found:
                return found
        return []

    def _decided(self, step: int, rows: Rows) -> list[Candidate]:
        design, size = self.design, self.design.size
        if step == 0:
            return search.first_candidates(design)
        if not all(self.is_whole(one, rows) for one in range(step)):
            return []
        found = self.found(rows, step)
        if step < self.steps:
            done = size.start + (step - 1) * size.batch
            batch = min(size.batch, size.evaluations - done)
            return search.next_candidates(design, found, batch, step)
        if step == self.steps:
            return search.contenders(design, found)
        if step == self.steps + 1:
            return search.finalists(design, found)
        fresh = self.fresh_runs(rows)
        return search.paths(design, fresh.points[fresh.which(search.PACKAGE)[0]], alone(fresh))

    def is_whole(self, step: int, rows: Rows) -> bool:
        """Whether all towns of a step are done."""
        count = len(self.candidates(step, rows))
        held = [rows.get(key_of(step, world, 0)) for world in self.worlds_of(step)]
        last = [rows.get(key_of(step, world, count - 1)) for world in self.worlds_of(step)]
        return count > 0 and all(each is not None and each.values for each in (*held, *last))

    def outcomes_of(self, step: int, rows: Rows) -> Array:
        """Outcomes of a whole step; float64 (candidates, worlds, outcomes)."""
        count, start = len(self.candidates(step, rows)), 1 + len(NAMES)
        values = [
            [_values(rows, key_of(step, world, place))[start:] for world in self.worlds_of(step)]
            for place in range(count)
        ]
        return np.array(values, np.float64).reshape(count, -1, len(self.outcomes))

    def paired(self, step: int, rows: Rows, today: Array | None = None) -> tuple[Array, Array]:
        """Benefit over today's governance in the same towns, and hours; (candidates, worlds).

        today: outcomes of today's governance, where the step itself does not have it.
        """
        found = self.outcomes_of(step, rows)
        goals, width = self.design.goals, len(self.design.goals.names)
        start = found[:1] if today is None else today
        gains = goals.value(found[..., :width]) - goals.value(start[..., :width])
        return gains, found[..., self.outcomes.index(USED)]

    def found(self, rows: Rows, until: int) -> Found:
        """What the steps before `until` found, in the worlds of the search."""
        today = self.outcomes_of(0, rows)[:1]
        columns = len(self.design.searched)
        candidates: list[Candidate] = []
        parts: tuple[list[Array], list[Array]] = ([], [])
        for step in range(min(until, self.steps)):
            own = self.paired(step, rows, today)
            which = [k for k, c in enumerate(self.candidates(step, rows)) if c.role != TODAY]
            candidates += [self.candidates(step, rows)[k] for k in which]
            for values, kept in zip(parts, own, strict=True):
                values.append(_widened(kept[which], columns))
        gains, hours = map(np.concatenate, parts)
        if until > self.steps and len(self.worlds_of(self.steps)):
            place = {(c.role, c.point): k for k, c in enumerate(candidates)}
            worlds = list(self.worlds_of(self.steps))
            more = self.paired(self.steps, rows)
            for k, candidate in enumerate(self.candidates(self.steps, rows)):
                if candidate.role != TODAY:
                    row = place[candidate.role, candidate.point]
                    gains[row, worlds], hours[row, worlds] = more[0][k], more[1][k]
        return Found(tuple(candidates), gains, hours)

    # --- how large it is ------------------------------------------------------------------------

    def outlook(self, rows: Rows) -> Outlook:
        """The whole search, as far as can be said."""
        count, cost, tasks = 0, 0.0, 0
        scenario = self.design.scenario
        for step in range(self.steps + 3):
            known = self._steps.get(step) if rows is self._rows else None
            ways = self._guess(step) if known is None else len(known)
            worlds = len(self.worlds_of(step)) if ways else 0
            months = scenario.burn_in_months + ways * scenario.months
            count, tasks = count + ways * worlds, tasks + worlds
            cost += float(worlds * scenario.adults * months)
        return Outlook(count, cost, tasks)

    def outlook_cost(self) -> float:
        """The cost of the whole search before any of it is done."""
        return self.outlook(None).cost  # type: ignore[arg-type]

    def _guess(self, step: int) -> int:
        """About how many ways of governing a step tries."""
        size = self.design.size
        if step == 0:
            return 1 + len(REGIMES) + size.start
        if step < self.steps:
            return min(size.batch, size.evaluations - size.start - (step - 1) * size.batch)
        if step == self.steps:
            return 1 + len(REGIMES) + size.contenders
        if step == self.steps + 2:
            return 4 if search.may_take_steps(self.design) else 0
        moves = len(INSTRUMENTS) * len(search.LEVELS)
        return 1 + search.MOST_ON_FRONT + len(REGIMES) + moves + len(NAMES) + 2

    # --- what comes out -------------------------------------------------------------------------

    def tables(self, rows: Rows) -> dict[str, Table]:
        """What is advised, from the fresh runs alone; nothing where these are not whole."""
        last = self.steps + 1
        if not self.candidates(last, rows) or not self.is_whole(last, rows):
            return {}
        paths = self.candidates(last + 1, rows)
        if paths and not self.is_whole(last + 1, rows):
            return {}
        taken = self.fresh_runs(rows, last + 1) if paths else None
        return tables_of(self.design, self.fresh_runs(rows), taken)

    def fresh_runs(self, rows: Rows, step: int | None = None) -> FreshRuns:
        """The fresh runs, or those of another step that is whole."""
        step = self.steps + 1 if step is None else step
        candidates = tuple(self.candidates(step, rows))
        return FreshRuns(
            candidates, *self.paired(step, rows), self.outcomes, self.outcomes_of(step, rows)
        )

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter how many fresh worlds the search had not seen, and how many lost all volunteers."""
        record["advice"] = {
            "fresh_worlds": len(self.design.fresh),
            "new_worlds": self.design.new_worlds,
        }
        last = self.steps + 1
        if self.candidates(last, rows) and self.is_whole(last, rows):
            lost = self.fresh_runs(rows).without_volunteers()
            record["advice"] |= {"without_volunteers": lost} if any(lost.values()) else {}


def key_of(step: int, world: int, place: int) -> str:
    """The name of a row."""
    return f"{step} {world} {place}"


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _values(rows: Rows, key: str) -> list[float]:
    held = rows.get(key)
    assert held is not None
    return [0.0 if isinstance(each, str) else _number(each) for each in held.values]


def _widened(values: Array, columns: int) -> Array:
    """Values of the first worlds as of all, NaN where there are none."""
    found = np.full((len(values), columns), np.nan)
    found[:, : values.shape[1]] = values
    return found
