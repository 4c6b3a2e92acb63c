"""The plan of a study of claims: a pilot, then all worlds, each arm once in a world.

A row is an arm in a world and a replicate; arms are told by content (`arms`), so what several
claims need is run once. The pilot tells how many replicates a claim needs for its noise to be at
most a fifth. Which rows are wanted depends on the claims and on what the pilot gave, not on who
runs them nor on when it was stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from velfaerd_sim.engine.plan import MESSAGE, SECONDS, STATUS, Held, Outlook, Plan, Rows
from velfaerd_sim.engine.record import INCOMPLETE
from velfaerd_sim.engine.task import Task
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.claims.arms import Arms, ArmWork, place_of
from velfaerd_sim.studies.claims.claims import BASE, Claim
from velfaerd_sim.studies.claims.effects import effects_of
from velfaerd_sim.studies.claims.folder import Joined, check_same_claims, joined, plan_of
from velfaerd_sim.studies.claims.noise import noise_share, replicates_of
from velfaerd_sim.studies.claims.readings import readings
from velfaerd_sim.studies.claims.sets import WorldSet
from velfaerd_sim.studies.claims.study import CLAIMS_FILE, KIND, PILOT_WORLDS, ClaimJob, ClaimPlan
from velfaerd_sim.studies.claims.tables import UnitResult, tables, values_of
from velfaerd_sim.studies.claims.worker import BurnIn, run_burn_in, seed_of

READINGS = "readings"


Counts = Mapping[str, int | None]
"""Replicates by the id of a claim; None as long as its pilot is not there."""


class _Wanted(NamedTuple):
    """Arms with one start that are wanted in a world and a replicate."""

    set: WorldSet
    change: str
    place: int
    replicate: int
    arms: tuple[ArmWork, ...]


class ClaimsStudy(Plan):
    """A study of claims, joined with what its folder was asked for before.

    asked: what is asked for now, alone.
    """

    kind = KIND
    work = run_burn_in
    stages = True
    held = (READINGS,)
    order = ("set", "variant", "place", "replicate", "arm")

    def __init__(self, whole: Joined, asked: ClaimPlan) -> None:
        self.whole = whole
        self.asked = asked
        self._jobs = [job for phase in whole.jobs() for job in phase]
        self._arms = Arms(whole.plan.file)
        self._burn_ins: dict[
            tuple[tuple[str, int], ...], list[tuple[int, tuple[ArmWork, ...]]]
        ] = {}
        self._after_pilot: dict[str, int] = {}

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path) -> ClaimsStudy:
        """The study of a folder, as its record tells. Raises StudyError."""
        plan = plan_of(folder, record, CLAIMS_FILE)
        return cls(joined(plan, record, folder), plan)

    def record(self, command: str) -> dict[str, Any]:
        """The record of all that the folder is to hold."""
        return self.whole.record(command)

    def inputs(self) -> dict[str, str]:
        """The file of claims and the worlds, as they were when the study was asked for."""
        plan = self.whole.plan
        return {CLAIMS_FILE: plan.text} | {each.file: each.text for each in plan.sets}

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless the study goes on with the one in a folder."""
        check_same_claims(self.asked, old, new, folder)

    def schema(self) -> pa.Schema:
        """A row an arm in a world: which, and its readings, sorted by measure and months."""
        texts = ("run_id", "arm", "set", "variant")
        return pa.schema(
            [(name, pa.string()) for name in texts]
            + [(name, pa.int64()) for name in ("place", "world", "replicate", "seed")]
            + [(STATUS, pa.string()), (MESSAGE, pa.string()), (SECONDS, pa.float64())]
            + [(READINGS, pa.list_(pa.float64()))]
        )

    def labels(self) -> tuple[str, ...]:
        """What is known of a row beforehand."""
        return ("arm", "set", "variant", "place", "world", "replicate", "seed")

    def bytes_per_row(self) -> float:
        """Room for a row on the disk."""
        return 200.0

    # --- what is wanted -------------------------------------------------------------------------

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """The pilot of what is asked for; when that is there, all of it."""
        asked = self.whole.asked
        jobs = [replace(j, worlds=asked[j.name]) for j in self._jobs if asked.get(j.name, 0)]
        pilots = [self._pilot(job.claim) for job in jobs if job.variant is BASE]
        counts = self._counts(pilots, rows)
        wanted = self._wanted(pilots if None in counts.values() else jobs, counts)
        return map(self._task, wanted)

    def _counts(self, jobs: Iterable[ClaimJob], rows: Rows) -> Counts:
        return {job.claim.id: self.replicates(job.claim, rows) for job in jobs}

    def _wanted(self, jobs: Iterable[ClaimJob], counts: Counts) -> Iterator[_Wanted]:
        """The burn-ins of some jobs with their arms, change by change and world by world."""
        groups: dict[tuple[str, str], list[ClaimJob]] = {}
        for job in jobs:
            groups.setdefault((job.set.name, job.variant.name), []).append(job)
        for (_, change), own in groups.items():
            for place in range(max(job.worlds for job in own)):
                there = tuple(job for job in own if job.worlds > place)
                for replicate, arms in self._in_a_world(there, counts):
                    yield _Wanted(own[0].set, change, place, replicate, arms)

    def _in_a_world(
        self, jobs: tuple[ClaimJob, ...], counts: Counts
    ) -> list[tuple[int, tuple[ArmWork, ...]]]:
        """The burn-ins of a world: the replicate and the arms of each."""
        numbers = tuple(counts[job.claim.id] or job.claim.replicates for job in jobs)
        key = tuple((job.name, number) for job, number in zip(jobs, numbers, strict=True))
        if key not in self._burn_ins:
            found = []
            for replicate in range(max(numbers)):
                starts: dict[str, dict[str, ArmWork]] = {}
                for job, number in zip(jobs, numbers, strict=True):
                    arms = self._arms.of(job.claim, job.variant) if replicate < number else {}
                    for work in arms.values():
                        starts.setdefault(work.start_key, {})[work.key] = work
                found += [(replicate, tuple(arms.values())) for arms in starts.values()]
            self._burn_ins[key] = found
        return self._burn_ins[key]

    def _task(self, one: _Wanted) -> Task:
        start, world = one.arms[0].start, one.set.worlds[one.place]
        months = max(work.months for work in one.arms)
        seed = seed_of(start, one.place, one.replicate)
        where = one.set.name, one.change, one.place
        return Task(
            _keys(one),
            tuple((work.key, *where, world.number, one.replicate, seed) for work in one.arms),
            BurnIn(start, seed, world.parameters, months, one.arms),
            cost_of(one.arms),
        )

    def partly(self, task: Task, wanted: tuple[int, ...]) -> Task:
        """The arms that are missing of a burn-in."""
        arms = tuple(task.payload.arms[place] for place in wanted)
        keys = tuple(task.keys[place] for place in wanted)
        labels = tuple(task.labels[place] for place in wanted)
        return Task(keys, labels, replace(task.payload, arms=arms), cost_of(arms))

    # --- what there is --------------------------------------------------------------------------

    def _pilot(self, claim: Claim) -> ClaimJob:
        """The worlds that tell how many replicates a claim needs: of what is asked for now."""
        jobs = [j for j in self._jobs if j.variant is BASE and j.claim.id == claim.id]
        asked = [job for job in jobs if self.whole.asked.get(job.name, 0)]
        job = (asked or jobs)[0]
        worlds = self.whole.asked.get(job.name, 0) or job.worlds
        return replace(job, worlds=min(worlds, PILOT_WORLDS))

    def replicates(self, claim: Claim, rows: Rows) -> int | None:
        """Replicates of a claim, as its pilot asks for; None as long as that is not there."""
        if claim.most_replicates == claim.replicates:
            return claim.replicates
        if claim.id not in self._after_pilot:
            pilot = self._pilot(claim)
            found = self.outcomes(pilot, rows, claim.replicates)
            if len(found) < pilot.worlds:
                return None
            effects = effects_of(claim, values_of(claim, found)[1])
            shares = [
                noise_share(effects.effect[:, place], effects.error[:, place])
                for place, criterion in enumerate(claim.criteria)
                if criterion.name in claim.deciding and criterion.how != "table"
            ]
            self._after_pilot[claim.id] = replicates_of(claim, shares)
        return self._after_pilot[claim.id]

    def outcomes(self, job: ClaimJob, rows: Rows, most: int | None = None) -> list[UnitResult]:
        """What the worlds of a job gave, in order, up to the first that has no whole pilot.

        most: replicates, by default all that the claim needs; where a study was stopped, as many
        as all of these worlds have.
        """
        pilot = job.claim.replicates
        most = most or self.replicates(job.claim, rows) or pilot
        arms = self._arms.of(job.claim, job.variant)
        where = [place_of(reading, arms) for reading in readings(job.claim)]
        works = {work.key: work for work in arms.values()}
        found: list[list[dict[str, Held]]] = []
        for place in range(job.worlds):
            each = (self._held(works, job, place, number, rows) for number in range(most))
            held = list(takewhile(bool, each))
            if len(held) < pilot:
                break
            found.append(held)
        count = min(map(len, found), default=0)
        return [_result(held[:count], where) for held in found]

    def _held(
        self, works: Mapping[str, ArmWork], job: ClaimJob, place: int, replicate: int, rows: Rows
    ) -> dict[str, Held]:
        """The rows of some arms by their keys, none where not all of them are there."""
        where = job.set.name, job.variant.name, place, replicate
        held = {key: rows.get(_key(work, *where)) for key, work in works.items()}
        there = {key: row for key, row in held.items() if row is not None}
        return there if len(there) == len(held) else {}

    def outlook(self, rows: Rows) -> Outlook:
        """All that was ever asked for, with the replicates that are known by now."""
        count, cost, tasks = 0, 0.0, 0
        for one in self._wanted(self._jobs, self._counts(self._jobs, rows)):
            count, cost, tasks = count + len(one.arms), cost + cost_of(one.arms), tasks + 1
        return Outlook(count, cost, tasks)

    def most_cost(self) -> float:
        """The cost if every claim needs as many replicates as are allowed, in adult-months."""
        counts = {job.claim.id: job.claim.most_replicates for job in self._jobs}
        return sum(cost_of(one.arms) for one in self._wanted(self._jobs, counts))

    def tables(self, rows: Rows) -> dict[str, str]:
        """A table a claim, and who does best."""
        each = {job.name: (job, self.outcomes(job, rows)) for job in self._jobs}
        return tables(self.whole.plan, each)

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Tell of all that was ever asked for, also where only a part is asked for now."""
        counts = self._counts(self._jobs, rows)
        keys = [key for one in self._wanted(self._jobs, counts) for key in _keys(one)]
        record["counts"]["planned"] = max(len(keys), len(rows))
        if None in counts.values() or not rows.there(keys).all():
            record["status"] = INCOMPLETE
            record["times"]["finished"] = None

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A row in words."""
        return f"arm {row['arm']}, variant {row['variant']}, world {row['place']}"


def _result(held: list[dict[str, Held]], where: list[tuple[str, int]]) -> UnitResult:
    """What a world gave for a claim from its rows, a replicate each; where: arm and place."""
    message = next((row.message for one in held for row in one.values() if row.message), "")
    if message:
        return UnitResult(None, message)
    values = [[one[key].values[0][n] for key, n in where] for one in held]
    return UnitResult(np.array(values, np.float64))  # a missing number is None on the disk


def cost_of(arms: tuple[ArmWork, ...]) -> float:
    """Adult-months of a burn-in with its arms."""
    start = arms[0].start
    return float(start.adults * (_burn_in(start.scenario) + sum(work.months for work in arms)))


@cache
def _burn_in(scenario: str) -> int:
    return load_scenario(scenario).burn_in_months


def _keys(one: _Wanted) -> tuple[str, ...]:
    where = one.set.name, one.change, one.place, one.replicate
    return tuple(_key(work, *where) for work in one.arms)


def _key(work: ArmWork, set_name: str, change: str, place: int, replicate: int) -> str:
    return f"{work.key}.{set_name}.{change}.{place:05d}.{replicate:03d}"
