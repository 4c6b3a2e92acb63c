"""Verification of a study of claims: its parts, its tables, and a sample of worlds run again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from velfaerd_sim.engine.differences import first_difference
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.engine.sampled_check import SampledCheck, spread_evenly
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.claims.folder import plan_of
from velfaerd_sim.studies.claims.parts import (
    Batch,
    batch_of,
    part_paths,
    part_table,
    read_part,
    tables,
)
from velfaerd_sim.studies.claims.study import CLAIMS_FILE, Job
from velfaerd_sim.studies.claims.worker import Outcome, Unit, run_units

SAMPLE = 12


class ClaimsCheck(SampledCheck):
    """Verifies one study of claims; the sample is of worlds, each with all arms and replicates."""

    def run(self) -> None:
        """Check the parts, run a sample again, and make the tables anew."""
        if self.record["status"] != COMPLETE:
            self.notes.append("not all that was asked for is run")
        plan = plan_of(self.path, self.record, CLAIMS_FILE)
        jobs = {job.name: job for phase in plan.phases(everywhere=True) for job in phase}
        batches = self._batches(jobs)
        self._run_again(batches)
        found = {
            name: (job, [outcome for batch in own for outcome in batch.outcomes])
            for name, (job, own) in _by_job(jobs, batches).items()
        }
        for name, text in tables(plan, found).items():
            if (self.path / name).is_file() and (self.path / name).read_text("utf-8") != text:
                self.faults.append(f"{name} does not follow from the runs")

    def _batches(self, jobs: Mapping[str, Job]) -> list[tuple[Job, Batch, str]]:
        found = []
        for stem, name in part_paths(self.path).items():
            job = jobs.get(Path(stem).name.rpartition(".")[0])
            if job is None:
                self.notes.append(f"{name} is of no claim of this study")
                continue
            try:
                found.append((job, batch_of(job, read_part(self.path, name)), name))
            except StorageError as error:
                self.faults.append(str(error))
            else:
                self.names.append(name)
        self.of_runs = sum(len(batch.outcomes) for _, batch, _ in found)
        return found

    def _run_again(self, batches: list[tuple[Job, Batch, str]]) -> None:
        """Run some worlds again, spread evenly, and compare them bit for bit."""
        places = [
            (n, k) for n, (_, batch, _) in enumerate(batches) for k in range(len(batch.outcomes))
        ]
        chosen = spread_evenly(places, SAMPLE if self.sample is None else self.sample)

        def work(each: tuple[int, int]) -> Outcome:
            job, batch, _name = batches[each[0]]
            place = batch.first + each[1]
            unit = Unit(job.claim, job.variant, place, job.set.worlds[place].parameters)
            return run_units([unit])[0]

        for each, outcome in self.made_again(work, chosen):
            job, batch, name = batches[each[0]]
            first = batch.first + each[1]
            before = part_table(job, Batch(first, [batch.outcomes[each[1]]]))
            fault = first_difference(before, part_table(job, Batch(first, [outcome])), 0.0)
            if fault:
                self.faults.append(f"{name}, world {first}: {fault}")


def _by_job(
    jobs: Mapping[str, Job], batches: list[tuple[Job, Batch, str]]
) -> dict[str, tuple[Job, list[Batch]]]:
    """Batches of each job in the order of their worlds, jobs in the order of the plan."""
    own: dict[str, list[Batch]] = {name: [] for name in jobs}
    for job, batch, _ in batches:
        own[job.name].append(batch)
    return {
        name: (jobs[name], sorted(found, key=lambda batch: batch.first))
        for name, found in own.items()
    }
