"""Sweep: all runs of a study, on all cores or a cluster, broken off and resumed without loss."""

from __future__ import annotations

import shlex
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.ownership import check_room
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import MISSING, InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.sweep.plan import KIND as KIND
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.sweep.plan import study_of as study_of
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.studies.sweep.study_files import load_study_file


@dataclass(frozen=True, repr=False)
class Sweep(Shown):
    """A sweep that has run.

    folder: where it stands. study: its record. done, failed: runs in the folder; new: run now.
    late: the time was up before all was done. notes: what was damaged and done again.
    """

    folder: Path
    study: dict[str, Any]
    done: int
    failed: int
    new: int
    late: bool = False
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The first runs that failed: run_id, point_id, replicate, seed, regime, message."""
        found: list[dict[str, Any]] = self.study["failures"]
        return found

    def frame(self) -> pd.DataFrame:
        """The runs as a tidy frame."""
        return runs_frame(self.folder)


@with_notebook_bar("sweep")
def sweep(
    study: SweepStudy | str | Path,
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
    minutes: float | None = None,
    task_minutes: float | None = None,
    command: str = "",
) -> Sweep:
    """Run everything of a study that `out` does not hold yet.

    study: a Study or a TOML file. workers: processes on this machine, all cores without; with an
    executor or a scheduler, how many chunks are at work at a time. executor: any
    `concurrent.futures.Executor` whose workers have this package. scheduler: address of a Dask
    scheduler. fail_fast: stop at the first run that fails, otherwise it is a row with its message.
    worlds: in place of the study's own, by name or file as of `Worlds.drawn`; every point is run in
    each of them. branch: go to `out`/branches/NAME, for another version of a study or of the model.
    retry_failed: run those again that failed. minutes: no new work is begun after so many.

    Writes runs/part-*.parquet and study.json. The same call again resumes; more replicates or
    points extend. Raises InputError, StudyError where the folder holds another study, StorageError
    where the disk fails, VelfaerdError where workers do.
    """
    chosen = checked_study(study)
    if worlds is not None:
        chosen = chosen.with_(worlds=worlds)
    check_varies(chosen)
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
    path = branch_folder(out, branch)
    written = command or _command(study, out, branch, worlds)
    done = carry_out(SweepPlan(chosen), path, options, command=written)
    rows = done.rows
    return Sweep(path, done.record, rows.done, rows.failed, done.new, done.late, done.notes)


def checked_study(study: object) -> SweepStudy:
    """A study, or the one in a TOML file. Raises InputError."""
    if isinstance(study, SweepStudy):
        return study
    if isinstance(study, str | Path):
        return load_study_file(study)
    raise InputError("study", study, "a Study or a TOML file with one")


def check_varies(study: SweepStudy) -> None:
    """Raise InputError where a study would run one regime at one point in one world.

    Or where its points cannot be drawn, as those of a design whose library is not installed.
    """
    several = len(study.points.ids) > 1 or len(study.regimes) > 1
    if several or study.factors or study.worlds is not None:
        return
    allowed = (
        "something that varies: [factors] with a line such as hours_per_1000 = [8, 20, 60],"
        ' or two regimes or more, as in regimes = ["municipal_baton", "rigid_rules"]; for one run '
        "there is velfaerd run"
    )
    raise InputError("factors", MISSING, allowed)


def branch_folder(out: str | Path, branch: str | None) -> Path:
    """The folder of a sweep.

    Raises InputError for a branch that cannot be a folder's name, StudyError where one is a link.
    """
    if str(out) == "" or "\0" in str(out):
        raise InputError("out", str(out), "a new or empty folder, or one with the same study")
    if branch is None:
        return Path(out)
    name = checks.word(branch, "branch")
    if name.startswith("."):
        raise InputError("branch", branch, "a name that does not begin with a dot")
    check_room(Path(out), store.BRANCHES)
    check_room(Path(out) / store.BRANCHES, name)
    return Path(out) / store.BRANCHES / name


def runs_frame(folder: Path) -> pd.DataFrame:
    """The runs of a sweep as a tidy frame, also of one that is not finished.

    Raises InputError where there is none yet, StorageError where a part is damaged.
    """
    table = parts.read_rows(folder, "run_id")
    if table is None:
        allowed = "a sweep with runs (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(table)


def _command(study: object, out: str | Path, branch: str | None, worlds: object) -> str:
    if isinstance(study, SweepStudy) or isinstance(worlds, Worlds):
        return ""
    words = ["velfaerd", "sweep", str(study), "--out", str(out)]
    words += [] if worlds is None else ["--worlds", str(worlds)]
    return shlex.join(words if branch is None else [*words, "--branch", branch])
