"""The plan of a study of claims: batch by batch of worlds, until every verdict is settled.

Which worlds are run depends on the claims and on what worlds gave, not on who runs them nor on when
it was stopped. A row is a world under a variant of a claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from velfaerd_sim.engine.plan import MESSAGE, SECONDS, STATUS, Outlook, Plan, Rows
from velfaerd_sim.engine.record import INCOMPLETE
from velfaerd_sim.engine.task import Task
from velfaerd_sim.studies.claims.effects import effects_of
from velfaerd_sim.studies.claims.folder import Joined, check_same_claims, joined, plan_of
from velfaerd_sim.studies.claims.readings import readings
from velfaerd_sim.studies.claims.study import (
    BATCH,
    CLAIMS_FILE,
    KIND,
    LEAST_WORLDS,
    ClaimJob,
    ClaimPlan,
)
from velfaerd_sim.studies.claims.tables import tables, values_of
from velfaerd_sim.studies.claims.verdicts import verdict
from velfaerd_sim.studies.claims.worker import ClaimTask, UnitResult, run_world, seed_of

READINGS = "readings"
_FIRST_GUESS = 5 * BATCH
"""Worlds of a claim that is not settled yet, for the progress."""


class ClaimsStudy(Plan):
    """A study of claims, joined with what its folder was asked for before.

    asked: what is asked for now, alone.
    """

    kind = KIND
    work = run_world
    stages = True
    held = (READINGS,)
    order = ("claim", "set", "variant", "place")

    def __init__(self, whole: Joined, asked: ClaimPlan) -> None:
        self.whole = whole
        self.asked = asked
        self._jobs = whole.jobs()
        self._told: dict[tuple[str, int], bool] = {}

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path) -> ClaimsStudy:
        """The study of a folder, as its record tells. Raises StudyError."""
        plan = plan_of(folder, record, CLAIMS_FILE)
        return cls(joined(plan, record, folder), plan)

    def record(self, command: str) -> dict[str, Any]:
        """The record of all that the folder is to hold."""
        record = self.whole.record(command)
        record["readings"] = {
            claim.id: [reading.column for reading in readings(claim)]
            for claim in self.whole.plan.claims
        }
        return record

    def inputs(self) -> dict[str, str]:
        """The file of claims and the worlds, as they were when the study was asked for."""
        plan = self.whole.plan
        return {CLAIMS_FILE: plan.text} | {each.file: each.text for each in plan.sets}

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless the study goes on with the one in a folder."""
        check_same_claims(self.asked, old, new, folder)

    def schema(self) -> pa.Schema:
        """A row a world: which, and its readings, replicate by replicate.

        The names of the readings stand in the record, by claim.
        """
        texts = ("run_id", "claim", "set", "variant")
        return pa.schema(
            [(name, pa.string()) for name in texts]
            + [(name, pa.int64()) for name in ("place", "world", "seed")]
            + [(STATUS, pa.string()), (MESSAGE, pa.string()), (SECONDS, pa.float64())]
            + [(READINGS, pa.list_(pa.float64()))]
        )

    def labels(self) -> tuple[str, ...]:
        """What is known of a world beforehand; seed: of its first replicate."""
        return ("claim", "set", "variant", "place", "world", "seed")

    def bytes_per_row(self) -> float:
        """Room for a row on the disk."""
        claims = self.whole.plan.claims
        return 200.0 + 8.0 * max(len(readings(claim)) * claim.replicates for claim in claims)

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Of every job the worlds up to the end of its next batch; jobs with most weight first."""
        for phase in self._jobs:
            ends = {job.name: self._until(job, rows) for job in phase}
            for job in sorted(phase, key=lambda job: ends[job.name]):
                for place in range(ends[job.name]):
                    yield self._task(job, place)

    def _until(self, job: ClaimJob, rows: Rows) -> int:
        """How many worlds of a job are wanted by now.

        A batch ends where it ends in any study, so that one that had fewer worlds at first tells
        its verdict at the same places.
        """
        asked, end = self.whole.asked.get(job.name, 0), 0
        while end < asked and not self._is_told(job, end, rows):
            end = min(end + BATCH, asked)
            if any(rows.get(_key(job, place)) is None for place in range(end)):
                break
        return end

    def _is_told(self, job: ClaimJob, count: int, rows: Rows) -> bool:
        """Whether the verdict is settled by so many worlds."""
        if not job.may_stop or job.claim.is_table or count < LEAST_WORLDS:
            return False
        key = job.name, count
        if key not in self._told:
            outcomes = self.outcomes(job, rows)[:count]
            places, values = values_of(job.claim, outcomes)
            met = effects_of(job.claim, values).met
            settled = verdict(int(met.sum()), len(places)).settled if len(places) else False
            self._told[key] = settled
        return self._told[key]

    def _task(self, job: ClaimJob, place: int) -> Task:
        world = job.set.worlds[place]
        unit = ClaimTask(job.claim, job.variant, place, world.parameters)
        name = job.claim.id, job.set.name, job.variant.name
        labels = (*name, place, world.number, seed_of(unit, 0))
        return Task((_key(job, place),), (labels,), unit)

    def outcomes(self, job: ClaimJob, rows: Rows) -> list[UnitResult]:
        """What the worlds of a job gave, in order, up to the first that is not there."""
        shape = job.claim.replicates, len(readings(job.claim))
        outcomes: list[UnitResult] = []
        while (row := rows.get(_key(job, len(outcomes)))) is not None:
            values = None if row.message else np.array(row.values[0], np.float64).reshape(shape)
            outcomes.append(UnitResult(values, row.message))
        return outcomes

    def _is_settled(self, job: ClaimJob, rows: Rows, count: int) -> bool:
        """Whether no more worlds are wanted of all that was ever asked for."""
        return count >= job.worlds or (count % BATCH == 0 and self._is_told(job, count, rows))

    def outlook(self, rows: Rows) -> Outlook:
        """How many worlds there will be, about."""
        total = 0
        for job in self._every_job():
            count = len(self.outcomes(job, rows))
            asked = self.whole.asked.get(job.name, 0)
            more = not self._is_settled(job, rows, count) and count < asked
            total += max(count, min(asked, _FIRST_GUESS)) if more else count
        return Outlook(total, float(total), total)

    def _every_job(self) -> Iterable[ClaimJob]:
        return (job for phase in self._jobs for job in phase)

    def tables(self, rows: Rows) -> dict[str, str]:
        """A table a claim, and who does best."""
        each = {job.name: (job, self.outcomes(job, rows)) for job in self._every_job()}
        return tables(self.whole.plan, each)

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Count worlds, of all that was ever asked for."""
        done = planned = 0
        failures: list[dict[str, Any]] = []
        settled = True
        for job in self._every_job():
            outcomes = self.outcomes(job, rows)
            enough = self._is_settled(job, rows, len(outcomes))
            settled, done = settled and enough, done + len(outcomes)
            planned += len(outcomes) if enough else job.worlds
            failures += [
                {"job": job.name, "place": place, "message": outcome.message}
                for place, outcome in enumerate(outcomes)
                if outcome.values is None
            ]
        record["failures"] = failures
        counts = {"planned": planned, "done": done - len(failures), "failed": len(failures)}
        record["counts"] = counts
        if not settled:
            record["status"] = INCOMPLETE
            record["times"]["finished"] = None

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A world in words."""
        return f"claim {row['claim']}, variant {row['variant']}, world {row['place']}"


def _key(job: ClaimJob, place: int) -> str:
    return f"{job.name}.{place:05d}"
