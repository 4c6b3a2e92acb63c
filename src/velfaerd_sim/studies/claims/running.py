"""Running claims: batch by batch of worlds, until every verdict is settled or the worlds end.

Which worlds are run depends on the plan alone, not on who runs them nor on when it was stopped.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import check_asking, keep_asking
from velfaerd_sim.engine.dispatch import Dispatch, Work
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.engine.workers import Workers, workers_of
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.claims.effects import effects_of
from velfaerd_sim.studies.claims.folder import Joined, check_same_claims, joined
from velfaerd_sim.studies.claims.parts import (
    Batch,
    batch_of,
    batch_start,
    part_paths,
    part_table,
    parts_of,
    read_part,
    stem,
    table_paths,
    tables,
    values_of,
)
from velfaerd_sim.studies.claims.sets import FOLDER as SETS
from velfaerd_sim.studies.claims.study import (
    BATCH,
    CLAIMS_FILE,
    KIND,
    LEAST_WORLDS,
    ClaimPlan,
    Job,
    claim_record,
)
from velfaerd_sim.studies.claims.verdicts import verdict
from velfaerd_sim.studies.claims.worker import Outcome, Unit, run_units


@dataclass(frozen=True)
class ClaimsDone:
    """A study of claims that has run. stopped: the time was up before all was done.

    asked: the claims that were asked for; record: of all that the folder holds.
    """

    folder: Path
    asked: tuple[str, ...]
    record: dict[str, Any]
    new: int
    stopped: bool
    notes: tuple[str, ...]


@dataclass
class _Progress:
    """A job and how far it is.

    asked: worlds that are asked for now, at most. known: what worlds gave that come after one that
    failed and is tried again, by place; retried: how many worlds there were then.
    """

    job: Job
    asked: int
    outcomes: list[Outcome] = field(default_factory=list)
    known: dict[int, Outcome] = field(default_factory=dict)
    retried: int = 0

    @property
    def settled(self) -> bool:
        """Whether no more worlds were ever wanted."""
        if len(self.outcomes) >= self.job.worlds:
            return True
        return self._is_told()

    @property
    def done(self) -> bool:
        """Whether no more worlds are wanted now."""
        if len(self.outcomes) < self.retried:
            return False
        return len(self.outcomes) >= self.asked or self._is_told()

    def forget_failures(self) -> None:
        """Let worlds that failed be tried again; the others keep what they gave."""
        failed = [place for place, each in enumerate(self.outcomes) if each.values is None]
        if failed:
            first = batch_start(failed[0])
            self.known = {
                place: each
                for place, each in enumerate(self.outcomes)
                if place >= first and each.values is not None
            }
            self.retried = len(self.outcomes)
            del self.outcomes[first:]

    def _is_told(self) -> bool:
        """Whether the verdict is settled."""
        if not self.job.looks or self.job.claim.is_table or len(self.outcomes) < LEAST_WORLDS:
            return False
        places, values = values_of(self.job.claim, self.outcomes)
        met = effects_of(self.job.claim, values).met
        return verdict(int(met.sum()), len(places)).settled if len(places) else False

    @property
    def next_batch(self) -> tuple[int, int]:
        """The places of the worlds that come next: first and one after the last.

        A batch ends where it ends in any study, so that one that had fewer worlds at first looks
        at its verdict at the same places.
        """
        first = len(self.outcomes)
        most = max(self.asked, self.retried)
        return first, min(batch_start(first) + BATCH, most)


def run_claims(
    plan: ClaimPlan,
    out: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    minutes: float | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
    retry_failed: bool = False,
) -> ClaimsDone:
    """Run what is missing of a study of claims and write its tables.

    What the folder holds already stays, see `claim_folder`. minutes: no new work is begun after so
    many; the same call again goes on. retry_failed: run worlds again that failed.
    Raises StudyError where the folder holds another study,
    StorageError where the disk fails.
    """
    alone = claim_record(plan, command)
    with store.opened(out, alone, overwrite, partial(check_same_claims, plan)) as (folder, old):
        whole = joined(plan, old, folder.path)
        record = whole.record(command)
        work = _Work(whole, folder, record, progress)
        if old is None:
            folder.remove(part_paths(folder.path).values())
            folder.remove(table_paths(folder.path))
            folder.remove(f"{SETS}/{path.name}" for path in (folder.path / SETS).glob("*.json"))
        else:
            record["times"]["started"] = old.get("times", {}).get("started", records.now())
            work.earlier = float(old.get("times", {}).get("seconds") or 0.0)
        first = whole.plan.sets[0].name
        if first != plan.sets[0].name:
            work.notes.append(f"The set {first} decides, as it does in the folder.")
        work.restore(retry_failed)
        if old is not None:
            check_asking(old, alone, str(out), all(each.done for each in work.all))
            keep_asking(old, record)
        try:
            work.record_as(INCOMPLETE)
            deadline = None if minutes is None else time.monotonic() + 60.0 * minutes
            with workers_of(KIND, workers, executor, scheduler) as hired:
                stopped = work.run(hired, deadline)
        except BaseException:
            work.record_as(INCOMPLETE)
            raise
        work.write_tables(COMPLETE if work.complete else INCOMPLETE)
        ids = tuple(claim.id for claim in plan.claims)
        return ClaimsDone(folder.path, ids, record, work.new, stopped, tuple(work.notes))


class _Work:
    """A study of claims being carried out."""

    def __init__(
        self,
        whole: Joined,
        folder: store.Folder,
        record: dict[str, Any],
        progress: Progress | None,
    ) -> None:
        self.plan = whole.plan
        self.folder = folder
        self.record = record
        asked = whole.asked
        self.phases = [
            [_Progress(job, asked.get(job.name, 0)) for job in jobs] for jobs in whole.jobs()
        ]
        self.notes: list[str] = []
        self.new = 0
        self.earlier = 0.0
        self._progress = progress
        self._begun = time.monotonic()

    @property
    def all(self) -> list[_Progress]:
        """All jobs."""
        return [each for phase in self.phases for each in phase]

    @property
    def complete(self) -> bool:
        """Whether all that was ever asked for is there."""
        return not self.failures and all(each.settled for each in self.all)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Worlds that failed, as they stand in the record."""
        return [
            {"job": each.job.name, "place": place, "message": outcome.message}
            for each in self.all
            for place, outcome in enumerate(each.outcomes)
            if outcome.values is None
        ]

    def restore(self, retry_failed: bool = False) -> None:
        """Take in the parts of earlier sessions, in order; what is damaged is set aside.

        retry_failed: worlds that failed are run again.
        """
        found = part_paths(self.folder.path)
        for each in self.all:
            while True:
                name = found.get(stem(each.job, len(each.outcomes)))
                if name is None:
                    break
                try:
                    batch = batch_of(each.job, read_part(self.folder.path, name))
                except (StorageError, KeyError, ValueError) as error:
                    self.notes.append(f"{error}; its worlds are run again")
                    self.folder.set_aside(name)
                    break
                if batch.first != len(each.outcomes):
                    break
                each.outcomes += batch.outcomes
                if len(batch.outcomes) < BATCH:
                    break
            if retry_failed:
                each.forget_failures()

    def run(self, workers: Workers, deadline: float | None) -> bool:
        """Run all that is missing; whether the time was up first."""
        jobs = _Jobs(self.phases, deadline, self._take)
        dispatch = Dispatch(workers, claim_work(), jobs, self._tick)
        with closing(dispatch.results()) as results:
            for worlds, outcomes in results:
                for world, outcome in zip(worlds, outcomes, strict=True):
                    jobs.give(world, outcome)
        return jobs.stopped

    def _take(self, batch: _Batch) -> None:
        """Keep a batch; a part that had only its first worlds gives way to the longer one."""
        job, first = batch.of.job, batch_start(batch.first)
        self.new += len(batch.outcomes)
        batch.of.outcomes += batch.outcomes
        table = part_table(job, Batch(first, batch.of.outcomes[first:]))
        with self.folder.transaction() as work:
            name = work.part(stem(job, first), table)
        self.folder.remove(set(parts_of(self.folder.path, job, first)) - {name})

    def _tick(self) -> None:
        if self._progress is None:
            return
        done = total = failed = 0
        for each in self.all:
            count = len(each.outcomes)
            done += count
            total += count if each.done else max(count, min(each.asked, 5 * BATCH))
        failed = len(self.failures)
        self._progress(Advance(float(done), float(total), done, total, failed))

    def record_as(self, status: str) -> None:
        """Write the record, the file of claims and the worlds."""
        kept = {CLAIMS_FILE: self.plan.text} | {each.file: each.text for each in self.plan.sets}
        with self.folder.transaction() as work:
            for name, text in kept.items():
                work.text(name, text)
                self.record["files"][name] = {"sha256": work.sha256(name)}
            self._record(work, status)

    def write_tables(self, status: str) -> None:
        """Write the table of every claim, and the record that names them."""
        with self.folder.transaction() as work:
            for name, text in tables(self.plan, self.found()).items():
                work.text(name, text)
                self.record["files"][name] = {"sha256": work.sha256(name)}
            self._record(work, status)

    def found(self) -> dict[str, tuple[Job, list[Outcome]]]:
        """What there is by job."""
        return {each.job.name: (each.job, each.outcomes) for each in self.all}

    def _record(self, work: store.Transaction, status: str) -> None:
        done = sum(len(each.outcomes) for each in self.all)
        failures = self.failures
        planned = sum(len(each.outcomes) if each.settled else each.job.worlds for each in self.all)
        counts = {"planned": planned, "done": done - len(failures), "failed": len(failures)}
        self.record |= {"status": status, "counts": counts, "failures": failures}
        times = self.record["times"]
        times["finished"] = records.now() if status == COMPLETE else None
        times["seconds"] = round(self.earlier + time.monotonic() - self._begun, 3)
        work.text(RECORD, records.text(self.record))


class _Batch:
    """The next worlds of a job."""

    def __init__(self, of: _Progress, key: tuple[int, int]) -> None:
        self.of = of
        self.key = key
        self.first, self._end = of.next_batch
        places = range(self.first, self._end)
        self._given = {place: of.known[place] for place in places if place in of.known}
        self.missing = [place for place in places if place not in self._given]

    def unit(self, place: int) -> Unit:
        """What is to be run in a world."""
        job = self.of.job
        return Unit(job.claim, job.variant, place, job.set.worlds[place].parameters)

    def give(self, place: int, outcome: Outcome) -> bool:
        """Take in what a world gave; whether that was the last."""
        self._given[place] = outcome
        return self.whole

    @property
    def whole(self) -> bool:
        """Whether all worlds are there."""
        return len(self._given) == self._end - self.first

    @property
    def outcomes(self) -> list[Outcome]:
        """What all worlds gave, in order."""
        return [self._given[place] for place in range(self.first, self._end)]


_World = tuple[_Batch, int]
"""A batch, and the place of a world in its set."""


def claim_work() -> Work[_World, list[Outcome]]:
    """How worlds of claims are run."""
    return Work(
        kind=KIND,
        run=run_units,
        pack=lambda worlds: [batch.unit(place) for batch, place in worlds],
        seconds=lambda outcomes: sum(outcome.seconds for outcome in outcomes),
        give_up=lambda _, why: [Outcome(None, why)],
    )


class _Jobs:
    """The worlds that are wanted next: of each job a batch, then another if it is not settled.

    take_in: is called with every whole batch. stopped: the time was up before all was taken.
    """

    def __init__(
        self,
        phases: list[list[_Progress]],
        deadline: float | None,
        take_in: Callable[[_Batch], None],
    ) -> None:
        self._of = {
            (phase, number): each
            for phase, jobs in enumerate(phases)
            for number, each in enumerate(jobs)
        }
        self._ready: list[tuple[int, int, int]] = []
        self._waiting: deque[_World] = deque()
        self._deadline = deadline
        self._take_in = take_in
        self.stopped = False
        for key in self._of:
            self._queue(key)

    def _queue(self, key: tuple[int, int]) -> None:
        each = self._of[key]
        if not each.done:
            heapq.heappush(self._ready, (key[0], len(each.outcomes), key[1]))

    def take(self, count: int) -> tuple[_World, ...]:
        """The next worlds, of the jobs that have most weight and fewest worlds."""
        late = self._deadline is not None and time.monotonic() > self._deadline
        while len(self._waiting) < count and self._ready and not late:
            phase, _, number = heapq.heappop(self._ready)
            batch = _Batch(self._of[phase, number], (phase, number))
            self._waiting.extend((batch, place) for place in batch.missing)
            if batch.whole:  # all of it was known
                self._end(batch)
        self.stopped = bool(self._ready) and late
        return tuple(self._waiting.popleft() for _ in range(min(count, len(self._waiting))))

    def left(self) -> int:
        """How many worlds are still to be taken, about."""
        return len(self._waiting) + BATCH * len(self._ready)

    def give(self, world: _World, outcome: Outcome) -> None:
        """Take in what a world gave."""
        batch, place = world
        if batch.give(place, outcome):
            self._end(batch)

    def _end(self, batch: _Batch) -> None:
        self._take_in(batch)
        self._queue(batch.key)
