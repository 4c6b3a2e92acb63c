"""Verification: are the files of a study what was written, and does the model still give them?

Three questions, in this order: do the files and the record carry the digests that they were
written with; do recomputed runs agree with the recorded ones, bit for bit; do the tables follow
from the runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import asked_otherwise
from velfaerd_sim.engine.differences import TOLERANCE, first_difference
from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.engine.runner import (
    MOST_REPLICATES,
    Advance,
    Meter,
    Progress,
    Replicate,
    checked_workers,
    run_replicate,
    run_summary,
    stream,
    thread_pool,
)
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import VelfaerdError, VerificationError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.readings import read
from velfaerd_sim.studies.calibrate import calibrating
from velfaerd_sim.studies.calibrate.verification import CalibrationCheck
from velfaerd_sim.studies.claims.plan import study_of as claims_of
from velfaerd_sim.studies.claims.study import KIND as CLAIMS
from velfaerd_sim.studies.compare import all_tables as comparison_tables
from velfaerd_sim.studies.compare import comparison, reversal
from velfaerd_sim.studies.compare.archive import (
    GAINS_FILE,
    SERIES,
    Archive,
    Shape,
    gains_table,
    part_name,
    replicates_from,
    series_table,
)
from velfaerd_sim.studies.compare.files import STAFF_HOURS_FILE, STAFF_HOURS_RUNS
from velfaerd_sim.studies.compare.plan import Plan, plan_of
from velfaerd_sim.studies.robustness import standing
from velfaerd_sim.studies.run import single
from velfaerd_sim.studies.sweep import sweeping
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.validate import validating

SMALL = 1.0e9
"""Adult-months up to which everything is recomputed unless a sample is asked for."""
SAMPLE = 4
_SHOWN = 5
Task = TypeVar("Task")


class Check(Protocol):
    """What verifies one study: `faults` then says what differs, `names` what is as written."""

    names: list[str]
    faults: list[str]
    notes: list[str]
    runs: int
    of_runs: int

    def run(self) -> None:
        """Compare files, tables and a sample of runs."""


@dataclass(frozen=True)
class Verification:
    """What was verified: files whose digests agree, runs recomputed of all runs, and notes."""

    folder: Path
    files: tuple[str, ...]
    runs: int
    of_runs: int
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """What was verified, in a sentence."""
        return (
            f"{len(self.files)} files are as they were written; {self.runs} of {self.of_runs} runs "
            "were recomputed and agree bit for bit"
        )


def verify(
    folder: str | Path,
    sample: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a study; `sample`: how many replicates to recompute, spread evenly over the study.

    Of a sweep, a sample counts burn-ins: points with a replicate, each with all regimes. Without a
    sample everything is recomputed, or four replicates of a large study. Raises
    VerificationError naming files, rows and columns that differ, InputError where the folder
    holds no study.
    """
    path = Path(folder)
    record = store.read_record(path)
    if sample is not None:
        sample = checks.whole(sample, "sample", 1, MOST_REPLICATES)
    threads = checked_workers(workers)
    notes = list(_version_notes(record))
    faults = list(_record_faults(record))
    if faults:
        _fail(path, faults, notes)
    names, faults = _file_faults(path, record)
    check: Check | None = None
    try:
        check = _check_of(path, record, sample, threads, progress)
        with np.errstate(all="ignore"):  # damaged numbers may be of any size
            check.run()
    except VelfaerdError as error:
        faults.append(str(error))
    except (KeyError, ValueError) as error:
        faults.append(f"the files do not fit the record ({type(error).__name__}: {error})")
    if check is None:
        _fail(path, faults, notes)
    faults += check.faults
    notes += check.notes
    if faults:
        _fail(path, faults, notes)
    names += check.names
    return Verification(path, tuple(names), check.runs, check.of_runs, tuple(notes))


def _check_of(
    path: Path,
    record: Mapping[str, Any],
    sample: int | None,
    threads: int,
    progress: Progress | None,
) -> Check:
    """The check of a kind of study. Raises VelfaerdError where its record does not give one."""
    kind, how = record["kind"], (sample, threads, progress)
    if kind == sweeping.KIND:
        return PlanCheck(SweepPlan.of(record), path, record, *how)
    if kind == CLAIMS:
        return PlanCheck(claims_of(record, path), path, record, *how)
    if kind == calibrating.KIND:
        return CalibrationCheck(path, record, read, *how)
    if kind == standing.KIND:
        return PlanCheck(standing.RobustnessPlan.of(record), path, record, *how)
    if kind == validating.KIND:
        return PlanCheck(validating.ValidationPlan.of(record), path, record, *how)
    return _Check(path, record, *how)


def _fail(path: Path, faults: list[str], notes: list[str]) -> NoReturn:
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    words = "; ".join([*notes, *faults[:_SHOWN]])
    raise VerificationError(f"{path} does not verify: {words}{more}")


def _version_notes(record: Mapping[str, Any]) -> Iterator[str]:
    made, here = record.get("package", {}), records.package()
    if made.get("source_digest") == here["source_digest"]:
        return
    same = made.get("model_digest") == here["model_digest"]
    what = "program, with the same model" if same else "model"
    if same and asked_otherwise(record):
        what = "code that asks the model, with the same model"
    yield (
        f"the study was made by another version of the {what} (version {made.get('version')}, "
        f"source {str(made.get('source_digest'))[:12]}; installed is version "
        f"{here['version']}, source {here['source_digest'][:12]})"
    )


def _record_faults(record: Mapping[str, Any]) -> Iterator[str]:
    """What in the record does not fit its fingerprint, or the rest of it."""
    if record.get("fingerprint") == records.fingerprint(record):
        return
    yield f"{RECORD} was changed after it was written: its fingerprint does not fit its content"
    try:
        expected = Scenario.from_dict(record["scenario"]).parameter_values()
    except (VelfaerdError, KeyError, TypeError):
        return
    for place, there, here in records.differences(record.get("parameters"), expected):
        yield f"{RECORD}: parameter {place} is {there}, by the scenario it is {here}"


def _file_faults(path: Path, record: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The files whose digests agree, and what is wrong with the others."""
    expected = {name: entry["sha256"] for name, entry in record["files"].items()}
    for block, entry in record.get("parts", {}).items():
        for kind in ("series", "gains"):
            expected[part_name(kind, int(block))] = entry[kind]
    good, faults = [], []
    for name, digest in expected.items():
        if not (path / name).is_file():
            faults.append(f"{name} is missing")
        elif store.sha256(path / name) != digest:
            faults.append(f"{name} was changed after it was written")
        else:
            good.append(name)
    return [*good, RECORD], faults


class _Check:
    """Recomputes runs and tables of one study; `faults` then says what differs."""

    def __init__(
        self,
        path: Path,
        record: Mapping[str, Any],
        sample: int | None,
        threads: int,
        progress: Progress | None,
    ) -> None:
        self.path = path
        self.record = record
        self.sample = sample
        self.threads = threads
        self.names: list[str] = []
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.runs = 0
        self.of_runs = int(record["counts"]["done"])
        self._progress = progress

    def run(self) -> None:
        """Recompute according to the kind of study."""
        if self.record["status"] != COMPLETE:
            self.notes.append("the study did not run to its end")
        if self.record["kind"] == single.KIND:
            self._run_single()
        elif self.record["kind"] == comparison.KIND:
            self._run_comparison()
        else:
            self.notes.append(f"a study of the kind {self.record['kind']} is not recomputed")

    def _run_single(self) -> None:
        scenario = records.scenario_of(self.record)
        found = single.simulate(scenario, self.threads, self._progress)
        shape = Shape.of(scenario, (scenario.timeline.name,))
        self._compare(SERIES, store.read_table(self.path / SERIES), series_table(shape, [found]))
        self.runs = 1

    def _run_comparison(self) -> None:
        plan = plan_of(self.record, self.threads)
        shape = Shape.of(plan.scenario, plan.regimes)
        archive = Archive(shape, None, plan.most)
        recorded = dict(self._recorded(archive))
        done = archive.done
        hours: reversal.Found = {}
        if STAFF_HOURS_RUNS in self.record["files"]:
            hours = reversal.found_in(plan, store.read_table(self.path / STAFF_HOURS_RUNS))
        chosen, levels = self._sampled(plan, done, sorted(hours))
        fresh: dict[int, Replicate] = dict(
            self._recomputed(plan, chosen, run_replicate, plan.task, len(levels))
        )
        for names, found in recorded.items():
            self._compare_block(names, found, shape, fresh)
        if SERIES in self.record["files"] and not self.faults:
            self._compare_tables(plan, archive, done[-1] + 1)
        if hours:
            self._compare_hours(plan, hours, levels)

    def _recorded(self, archive: Archive) -> Iterator[tuple[tuple[str, str, int], Any]]:
        """Every recorded block: (series file, gains file, first row of gains), its tables."""
        if SERIES in self.record["files"]:
            names = [(SERIES, GAINS_FILE)]
        else:
            blocks = sorted(map(int, self.record.get("parts", {})))
            names = [(part_name("series", block), part_name("gains", block)) for block in blocks]
        for pair in names:
            groups = [store.read_row_groups(self.path / name) for name in pair]
            for index, found in enumerate(zip(*groups, strict=True)):
                for replicate in replicates_from(archive.shape, *found):
                    archive.add(replicate)
                yield (*pair, index), found

    def _sampled(
        self, plan: Plan, done: list[int], hours: list[reversal.Run]
    ) -> tuple[list[int], list[reversal.Run]]:
        total = (len(done) + len(hours)) * plan.task(0).adult_months
        size = self.sample
        if size is None and total > SMALL:
            size = SAMPLE
        return _spread_out(done, size), _spread_out(hours, size)

    def _recomputed(
        self,
        plan: Plan,
        wanted: list[Task],
        work: Callable[..., Any],
        task: Callable[[Task], Any],
        ahead: int,
    ) -> Iterator[tuple[Task, Any]]:
        meter = Meter()
        size, regimes = plan.task(0).adult_months, len(plan.regimes)
        before = self.runs

        def tick() -> None:
            if self._progress is not None:
                total = (before // regimes + len(wanted) + ahead) * size
                done = before // regimes * size + meter.done
                runs = before + (len(wanted) + ahead) * regimes
                self._progress(Advance(float(done), float(total), self.runs, runs))

        def call(each: Task, advance: Meter) -> Any:
            return work(task(each), advance)

        workers = plan.division[0]
        with thread_pool(workers, meter) as pool:
            for each, future in stream(pool, call, wanted, meter, window=2 * workers, tick=tick):
                self.runs += regimes
                yield each, future.result()
            tick()

    def _compare_block(
        self,
        names: tuple[str, str, int],
        found: tuple[pa.Table, pa.Table],
        shape: Shape,
        fresh: Mapping[int, Replicate],
    ) -> None:
        """Compare a block with itself rebuilt, recomputed replicates in the place of recorded."""
        rebuilt = [fresh.get(r.replicate, r) for r in replicates_from(shape, *found)]
        place = f", row group {names[2]}" if names[2] else ""
        self._compare(names[0] + place, found[0], series_table(shape, rebuilt))
        self._compare(names[1] + place, found[1], gains_table(shape, rebuilt))

    def _compare_tables(self, plan: Plan, archive: Archive, count: int) -> None:
        made = comparison_tables.all_tables(archive, count, plan)
        for name, table in made.items():
            file = f"{name}.parquet"
            recorded = store.read_table(self.path / file)
            self._compare(file, recorded, store.arrow(table), TOLERANCE)

    def _compare_hours(self, plan: Plan, hours: reversal.Found, levels: list[reversal.Run]) -> None:
        def task(run: reversal.Run) -> Any:
            return reversal.task(plan, run)

        recorded = store.read_table(self.path / STAFF_HOURS_RUNS)
        again = dict(hours)
        for run, summary in self._recomputed(plan, levels, run_summary, task, 0):
            again[run] = reversal.chosen(summary)
        self._compare(STAFF_HOURS_RUNS, recorded, store.arrow(reversal.runs_table(plan, again)))
        table = store.read_table(self.path / STAFF_HOURS_FILE)
        result = store.arrow(reversal.staff_hours_table(plan, hours))
        self._compare(STAFF_HOURS_FILE, table, result, TOLERANCE)

    def _compare(
        self, name: str, recorded: pa.Table, again: pa.Table, tolerance: float = 0.0
    ) -> None:
        fault = first_difference(recorded, again, tolerance)
        if fault:
            self.faults.append(f"{name}: {fault}")


def _spread_out(items: Iterable[Task], size: int | None) -> list[Task]:
    """So many items, evenly spread from the first to the last; all when None."""
    found = list(items)
    if size is None or size >= len(found):
        return found
    places = np.unique(np.linspace(0, len(found) - 1, size).round().astype(int))
    return [found[index] for index in places]
