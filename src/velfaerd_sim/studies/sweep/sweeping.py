"""Sweep: all runs of a study, on all cores or a cluster, broken off and resumed without loss."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.compiled import is_warm
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.dispatch import Dispatch, Listed
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress, checked_workers, division
from velfaerd_sim.engine.workers import workers_of
from velfaerd_sim.errors import MISSING, InputError, StorageError, StudyError, VelfaerdError, shown
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.model.warm_up import warm_up
from velfaerd_sim.studies.sweep import tasks
from velfaerd_sim.studies.sweep.parts import read_runs
from velfaerd_sim.studies.sweep.study import Study, continuation_faults
from velfaerd_sim.studies.sweep.study_files import load_study_file
from velfaerd_sim.studies.sweep.table import RunTable
from velfaerd_sim.studies.sweep.worker import KIND as KIND
from velfaerd_sim.studies.sweep.worker import (
    Chunk,
    Found,
    Unit,
    run_chunk,
    sweep_work,
    without_points,
)

_SHARE_ON_DISK = 0.8
"""Size of a row in Parquet over its size in memory, at most; parts and their compaction: twice."""


@dataclass(frozen=True)
class Sweep:
    """A sweep that ran to its end.

    folder: where it stands. study: its record. done, failed: runs in the folder; new: run now.
    notes: what was damaged and done again.
    """

    folder: Path
    study: dict[str, Any]
    done: int
    failed: int
    new: int
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The first runs that failed: run_id, point_id, replicate, seed, regime, message."""
        found: list[dict[str, Any]] = self.study["failures"]
        return found

    def frame(self) -> pd.DataFrame:
        """The runs as a tidy frame."""
        return runs_frame(self.folder)


def sweep(
    study: Study | str | Path,
    out: str | Path,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    progress: Progress | None = None,
    branch: str | None = None,
    *,
    worlds: str | Path | Worlds | None = None,
    retry_failed: bool = False,
    command: str = "",
) -> Sweep:
    """Run everything of a study that `out` does not hold yet.

    study: a Study or a TOML file. workers: processes on this machine, all cores without; with an
    executor or a scheduler, how many chunks are at work at a time. executor: any
    `concurrent.futures.Executor` whose workers have this package. scheduler: address of a Dask
    scheduler. fail_fast: stop at the first run that fails, otherwise it is a row with its message.
    worlds: in place of the study's own, by name or file as of `Worlds.drawn`; every point is run in
    each of them. branch: go to `out`/branches/NAME, for another version of a study or of the model.
    retry_failed: run those again that failed.

    Writes runs/part-*.parquet and study.json. The same call again resumes; more replicates or
    points extend. Raises InputError, StudyError where the folder holds another study, StorageError
    where the disk fails, VelfaerdError where workers do.
    """
    chosen = checked_study(study)
    if worlds is not None:
        chosen = chosen.with_(worlds=worlds)
    check_varies(chosen)
    if executor is not None and scheduler is not None:
        raise InputError("scheduler", scheduler, "either an executor or a scheduler")
    if workers is not None:
        checked_workers(workers)
    path = branch_folder(out, branch)
    written = command or _command(study, out, branch, worlds)
    record = sweep_record(chosen, written)
    with store.opened(path, record, check=check_continues) as (folder, old):
        work = _Work(chosen, folder, record, old, progress, fail_fast)
        return work.run(retry_failed, workers, executor, scheduler)


def checked_study(study: object) -> Study:
    """A study, or the one in a TOML file. Raises InputError."""
    if isinstance(study, Study):
        return study
    if isinstance(study, str | Path):
        return load_study_file(study)
    raise InputError("study", study, "a Study or a TOML file with one")


def check_varies(study: Study) -> None:
    """Raise InputError where a study would run one regime at one point in one world."""
    if study.factors or len(study.regimes) > 1 or study.worlds is not None:
        return
    allowed = (
        "something that varies: [factors] with a line such as staff_hours_per_month = [12, 28, 60],"
        ' or two regimes or more, as in regimes = ["municipal_baton", "rigid_rules"]; for one run '
        "there is velfaerd run"
    )
    raise InputError("factors", MISSING, allowed)


def branch_folder(out: str | Path, branch: str | None) -> Path:
    """The folder of a sweep. Raises InputError for a branch that cannot be a folder's name."""
    if str(out) == "" or "\0" in str(out):
        raise InputError("out", str(out), "a new or empty folder, or one with the same study")
    if branch is None:
        return Path(out)
    name = checks.word(branch, "branch")
    if name.startswith("."):
        raise InputError("branch", branch, "a name that does not begin with a dot")
    return Path(out) / store.BRANCHES / name


def sweep_record(study: Study, command: str) -> dict[str, Any]:
    """The record of a sweep of which nothing is done."""
    design = study.design.to_dict() | {"replicates": study.replicates}
    design.pop("rows", None)
    record = records.new_record(KIND, study.scenario, study.regimes, design, command)
    record["outcomes"] = list(study.outcomes)
    record["study"] = study.to_dict()
    record["study_digest"] = study.digest()
    record["seeds"] = list(study.seeds)
    record["table"] = None
    return record


def study_of(record: Mapping[str, Any]) -> Study:
    """The study of a sweep's record. Raises StudyError where it is not one."""
    try:
        return Study.from_dict(record["study"])
    except (VelfaerdError, KeyError, TypeError) as error:
        raise StudyError(f"{RECORD} does not hold the study of a sweep: {error}") from None


def check_continues(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError, naming what differs, unless a sweep goes on with what a folder holds."""
    if old.get("kind") != KIND:
        raise StudyError(
            f"out: '{folder}' holds a study of another kind, {shown(old.get('kind'))}; choose "
            "another folder"
        )
    if old.get("format") != records.FORMAT:
        raise StudyError(
            f"out: '{folder}' holds a study in format {shown(old.get('format'))}, this version "
            f"writes format {records.FORMAT}; choose another folder"
        )
    faults = []
    made, here = old.get("package", {}), new["package"]
    if made.get("model_digest") != here["model_digest"]:
        faults.append(
            f"it was made by another version of the model (version {made.get('version')}, model "
            f"{str(made.get('model_digest'))[:12]}; installed is version {here['version']}, model "
            f"{here['model_digest'][:12]})"
        )
    faults += continuation_faults(study_of(old), study_of(new))
    if faults:
        raise StudyError(
            f"out: '{folder}' holds another study: {'; '.join(faults)}; choose another folder, or "
            "a branch of this one (--branch NAME)"
        )


class _Work:
    """One sweep being carried out in a folder."""

    def __init__(
        self,
        study: Study,
        folder: store.Folder,
        record: dict[str, Any],
        old: Mapping[str, Any] | None,
        progress: Progress | None,
        fail_fast: bool,
    ) -> None:
        self.study = study
        self.folder = folder
        self.record = record
        self.table = RunTable(folder, study)
        self._progress = progress
        self._fail_fast = fail_fast
        self._started = time.monotonic()
        times = {} if old is None else old.get("times", {})
        record["times"]["started"] = times.get("started", records.now())
        self._earlier = float(times.get("seconds") or 0.0)
        self._done_units = 0
        self._units = 0

    def run(
        self,
        retry_failed: bool,
        workers: int | None,
        executor: Executor | None,
        scheduler: str | None,
    ) -> Sweep:
        """Run what is missing, then put the table in order; keep what is done on any error."""
        table = self.table
        table.restore(retry_failed)
        self._units = table.count()
        before = table.done + table.failed
        self._check_space(table.planned - before)
        if self._units:
            if scheduler is None and not is_warm():
                warm_up()
            count, threads = self._division(workers, executor is None and scheduler is None)
            with workers_of(KIND, count, executor, scheduler, threads) as found:
                self._save(INCOMPLETE)
                try:
                    work = sweep_work(self.study, found.threads)
                    missing = Listed(table.missing(), self._units)
                    dispatch = Dispatch(found, work, missing, self._tick)
                    with closing(dispatch.results()) as results:
                        for units, result in results:
                            self._take(units, result)
                except StorageError:
                    raise
                except BaseException:
                    with suppress(StorageError):
                        self._keep()
                    raise
        table.flush()
        self._tick()
        self._finish()
        new = table.done + table.failed - before
        return Sweep(
            self.folder.path, self.record, table.done, table.failed, new, tuple(table.notes)
        )

    def _division(self, workers: int | None, here: bool) -> tuple[int | None, int]:
        """How many orders at a time, and with how many threads each; `here`: on this machine."""
        if not here:
            return workers, 1
        scenario = self.study.scenario
        count, threads = division(self.study.adults, len(scenario.towns), checked_workers(workers))
        tasks_of_study = len(self.study.points.distinct) * self.study.repeats
        return max(1, min(count, tasks_of_study)), threads

    def _take(self, units: Any, result: Found) -> None:
        messages = self.table.add(units, result)
        self._done_units += len(units)
        if messages and self._fail_fast:
            failure = result.failures[0]
            unit: Unit = units[failure.unit]
            regime = self.study.regimes[failure.regime].name
            raise VelfaerdError(
                f"a run failed: {failure.message} (point {unit.task.point.point_id}, replicate "
                f"{unit.task.replicate}, seed {unit.task.seed}, regime {regime}); the others are "
                "kept"
            )

    def _tick(self) -> None:
        self.table.flush_when_due()
        if self._progress is not None:
            scenario, table = self.study.scenario, self.table
            months = scenario.burn_in_months + len(self.study.regimes) * scenario.months
            size = float(scenario.adults * months)
            there = table.done + table.failed
            self._progress(
                Advance(
                    self._done_units * size, self._units * size, there, table.planned, table.failed
                )
            )

    def _check_space(self, missing: int) -> None:
        room = 2 * _SHARE_ON_DISK * tasks.bytes_per_run(self.study)
        self.folder.check_space(missing * room)

    def _keep(self) -> None:
        self.table.flush()
        self._save(INCOMPLETE)

    def _finish(self) -> None:
        self.record["table"] = self.table.compact()
        self.record["failures"] = self.table.failures()
        self._save(COMPLETE if self.table.done == self.table.planned else INCOMPLETE)

    def _save(self, status: str) -> None:
        table, record = self.table, self.record
        counts = {"planned": table.planned, "done": table.done, "failed": table.failed}
        record["counts"] = counts
        record["status"] = status
        times = record["times"]
        times["finished"] = records.now() if status == COMPLETE else None
        times["seconds"] = round(self._earlier + time.monotonic() - self._started, 3)
        with self.folder.transaction() as work:
            work.text(RECORD, records.text(record))


def estimate_sweep(
    study: Study | str | Path, workers: int | None = None, timed: bool = True
) -> tasks.Estimate:
    """What a sweep will cost: points, runs, time from a timed sample, bytes on the disk.

    The model must be compiled, or the compiling is timed too.
    """
    chosen = checked_study(study)
    count, threads = division(chosen.adults, len(chosen.scenario.towns), checked_workers(workers))
    content = without_points(chosen)
    regimes = tuple(range(len(chosen.regimes)))

    def work(task: tasks.SweepTask) -> object:
        unit = Unit(task, regimes, ())
        return run_chunk(Chunk(content, (unit,), threads))

    row = _SHARE_ON_DISK * tasks.bytes_per_run(chosen)
    return tasks.estimate(chosen, work if timed else None, workers=count, row_bytes=row)


def missing_runs(study: Study, out: str | Path, branch: str | None = None) -> int:
    """How many runs of a study a folder does not hold; all where there is no such folder.

    Writes nothing. Raises StudyError where the folder holds another study, StorageError where it
    is in use.
    """
    path = branch_folder(out, branch)
    if not (path / RECORD).is_file():
        return len(study.points.distinct) * study.repeats * len(study.regimes)
    check_continues(store.read_record(path), sweep_record(study, ""), str(path))
    table = RunTable(store.Folder(path, None), study)
    table.look()
    table.count()
    return table.planned - table.done - table.failed


def runs_frame(folder: Path) -> pd.DataFrame:
    """The runs of a sweep as a tidy frame, also of one that is not finished.

    Raises InputError where there is none yet, StorageError where a part is damaged.
    """
    table = read_runs(folder)
    if table is None:
        allowed = "a sweep with runs (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(table)


def _command(study: object, out: str | Path, branch: str | None, worlds: object) -> str:
    if isinstance(study, Study) or isinstance(worlds, Worlds):
        return ""
    words = ["velfaerd", "sweep", str(study), "--out", str(out)]
    words += [] if worlds is None else ["--worlds", str(worlds)]
    return shlex.join(words if branch is None else [*words, "--branch", branch])
