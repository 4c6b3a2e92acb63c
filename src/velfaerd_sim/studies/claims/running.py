"""Running claims: batch by batch of worlds, until every verdict is settled or the worlds end.

Which worlds are run depends on the plan alone, not on who runs them nor on when it was stopped.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import check_asking, keep_asking
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.errors import StorageError, VelfaerdError
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
    LEAST_WORLDS,
    ClaimPlan,
    Job,
    claim_record,
)
from velfaerd_sim.studies.claims.verdicts import verdict
from velfaerd_sim.studies.claims.worker import Outcome, Unit, run_units
from velfaerd_sim.studies.sweep.crews import hands

UNITS = 2
"""Worlds handed to a worker at a time."""
_MOST_LOSSES = 5
"""So often a piece of work may lose its worker."""
_DIED = "workers died again and again; what is done is kept, and the same command goes on from it"


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
    """A job and how far it is. asked: worlds that are asked for now, at most."""

    job: Job
    asked: int
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether no more worlds were ever wanted."""
        if len(self.outcomes) >= self.job.worlds:
            return True
        return self._is_told()

    @property
    def done(self) -> bool:
        """Whether no more worlds are wanted now."""
        return len(self.outcomes) >= self.asked or self._is_told()

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
        return first, min(batch_start(first) + BATCH, self.asked)


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
) -> ClaimsDone:
    """Run what is missing of a study of claims and write its tables.

    What the folder holds already stays, see `claim_folder`. minutes: no new work is begun after so
    many; the same call again goes on. Raises StudyError where the folder holds another study,
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
        work.restore()
        if old is not None:
            check_asking(old, alone, str(out), all(each.done for each in work.all))
            keep_asking(old, record)
        try:
            work.record_as(INCOMPLETE)
            deadline = None if minutes is None else time.monotonic() + 60.0 * minutes
            with hands(run_units, workers, executor, scheduler) as crew:
                stopped = work.run(crew, deadline)
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
        self._lost: Counter[tuple[int, int, int]] = Counter()

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

    def restore(self) -> None:
        """Take in the parts of earlier sessions, in order; what is damaged is set aside."""
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

    def run(self, crew: Any, deadline: float | None) -> bool:
        """Run all that is missing; whether the time was up first."""
        ready: list[tuple[int, int, int]] = []
        by_key = {}
        for phase, jobs in enumerate(self.phases):
            for number, each in enumerate(jobs):
                by_key[phase, number] = each
                if not each.done:
                    heapq.heappush(ready, (phase, len(each.outcomes), number))
        running: dict[Future[list[Outcome]], _Piece] = {}
        waiting: list[_Piece] = []
        broken = False
        while True:
            late = deadline is not None and time.monotonic() > deadline
            while len(running) + len(waiting) < 2 * crew.workers and ready and not late:
                phase, _, number = heapq.heappop(ready)
                batch = _Batch(by_key[phase, number], (phase, number))
                waiting += [(batch, offset) for offset in batch.offsets]
            broken = broken or self._hand_out(crew, running, waiting)
            if not running and not waiting:
                return bool(ready)
            broken = self._collect(running, waiting, ready) or broken
            if broken and not running:  # until then what still runs may end well
                if not crew.renew():
                    raise VelfaerdError(f"{_DIED}; start it with a new executor")
                broken = False

    def _hand_out(
        self, crew: Any, running: dict[Future[list[Outcome]], _Piece], waiting: list[_Piece]
    ) -> bool:
        """Give the workers what they have room for; whether they can take no more work."""
        while waiting and len(running) < crew.workers + 1:
            batch, offset = waiting.pop(0)
            try:
                running[crew.submit(batch.units(offset))] = batch, offset
            except BrokenExecutor:
                self._lose((batch, offset), waiting)
                return True
        return False

    def _lose(self, piece: _Piece, waiting: list[_Piece]) -> None:
        """Let a piece wait again whose worker died. Raises VelfaerdError after several times."""
        batch, offset = piece
        place = (*batch.key, offset)
        self._lost[place] += 1
        if self._lost[place] > _MOST_LOSSES:
            raise VelfaerdError(f"{_DIED}; try fewer workers")
        waiting.insert(0, piece)

    def _collect(
        self,
        running: dict[Future[list[Outcome]], _Piece],
        waiting: list[_Piece],
        ready: list[tuple[int, int, int]],
    ) -> bool:
        """Take what is ready; whether a worker died, whose work then waits again."""
        done, _ = wait(running, timeout=0.1, return_when=FIRST_COMPLETED)
        self._tick()
        lost = False
        for future in done:
            batch, offset = running.pop(future)
            try:
                batch.found[offset] = future.result()
            except (BrokenExecutor, CancelledError):
                self._lose((batch, offset), waiting)
                lost = True
                continue
            if batch.whole:
                self._take(batch)
                if not batch.of.done:
                    phase, number = batch.key
                    heapq.heappush(ready, (phase, len(batch.of.outcomes), number))
        return lost

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
    """The next worlds of a job, handed out a few at a time."""

    def __init__(self, of: _Progress, key: tuple[int, int]) -> None:
        self.of = of
        self.key = key
        self.first, self._end = of.next_batch
        self.found: dict[int, list[Outcome]] = {}

    @property
    def offsets(self) -> range:
        """Where each piece of work starts."""
        return range(self.first, self._end, UNITS)

    def units(self, offset: int) -> Sequence[Unit]:
        """A piece of work."""
        job = self.of.job
        places = range(offset, min(offset + UNITS, self._end))
        return [
            Unit(job.claim, job.variant, place, job.set.worlds[place].parameters)
            for place in places
        ]

    @property
    def whole(self) -> bool:
        """Whether all pieces are done."""
        return len(self.found) == len(self.offsets)

    @property
    def outcomes(self) -> list[Outcome]:
        """What all worlds gave, in order."""
        return [outcome for offset in self.offsets for outcome in self.found[offset]]


_Piece = tuple[_Batch, int]
"""A batch and where in it a piece of work starts."""
