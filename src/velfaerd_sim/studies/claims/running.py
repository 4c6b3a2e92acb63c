"""Running claims: the study of a folder goes on, and its tables are written."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import store
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.reading import damage_told
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.studies.claims.folder import check_same_claims, joined
from velfaerd_sim.studies.claims.plan import ClaimsStudy
from velfaerd_sim.studies.claims.study import ClaimPlan, claim_record


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


def run_claims(
    plan: ClaimPlan,
    out: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    minutes: float | None = None,
    task_minutes: float | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
) -> ClaimsDone:
    """Run what is missing of a study of claims and write its tables.

    What the folder holds already stays, see `folder`; the options are those of `session.Options`.
    Raises StudyError where the folder holds another study, StorageError where the disk fails.
    """
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
    path = Path(out)
    study = claims_study(plan, path, overwrite)
    done = carry_out(study, out, options, overwrite=overwrite, command=command)
    first, notes = study.whole.plan.sets[0].name, done.notes
    if first != plan.sets[0].name:
        notes = (f"The set {first} decides, as it does in the folder.", *notes)
    ids = tuple(claim.id for claim in plan.claims)
    return ClaimsDone(path, ids, done.record, done.new, done.late, notes)


def claims_study(plan: ClaimPlan, path: Path, overwrite: bool = False) -> ClaimsStudy:
    """The study of what is asked for and of what a folder was asked for before.

    Raises StudyError where the folder holds another study that is not to be overwritten.
    """
    return ClaimsStudy(joined(plan, _there(plan, path, overwrite), path), plan)


def _there(plan: ClaimPlan, path: Path, overwrite: bool) -> Mapping[str, Any] | None:
    """The record of a folder that the study goes on with, None where there is none.

    Raises StudyError where the folder holds another study that is not to be overwritten.
    """
    if not (path / RECORD).is_file():
        return None
    try:
        old = store.read_record(path)
        with damage_told(old, path):
            check_same_claims(plan, old, claim_record(plan, ""), str(path))
    except (InputError, StudyError):
        if overwrite:
            return None
        raise
    return old
