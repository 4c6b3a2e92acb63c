"""Verification: are the files of a study what was written, and does the model still give them?

Three questions, in this order: do the files and the record carry the digests that they were
written with; do recomputed runs agree with the recorded ones, bit for bit; do the tables follow
from the runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from velfaerd_sim import in_force
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import asked_otherwise
from velfaerd_sim.engine.cores import checked_workers
from velfaerd_sim.engine.ownership import BRANCHES, LOCK
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import RECORD, ROW_FILES
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import MISSING, InputError, VelfaerdError, VerificationError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.replicates import MOST_REPLICATES
from velfaerd_sim.studies.kinds import kind_of
from velfaerd_sim.studies.written import WRITTEN, WRITTEN_LOCK, changed_or_lost, read_written

_SHOWN = 5


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

    Of a sweep, a sample counts burn-ins, each with all its runs. Without a sample everything is
    recomputed, or four replicates of a large study. Raises VerificationError naming files, rows and
    columns that differ, InputError where the folder holds no study, or where a plugin of it is not
    in force: its code in the record is not run.
    """
    path = Path(folder)
    record = store.read_record(path)
    sample = checked_sample(sample)
    threads = checked_workers(workers)
    if faults := in_force.missing(record):
        allowed = f"the plugins that the study was run with: {', '.join(faults)}"
        raise InputError("plugin", MISSING, allowed)
    with in_force.holding(in_force.of_record(record)):
        return _verified(path, record, sample, threads, progress)


def _verified(
    path: Path,
    record: Mapping[str, Any],
    sample: int | None,
    threads: int,
    progress: Progress | None,
) -> Verification:
    notes = list(_version_notes(record))
    faults = list(_record_faults(record))
    if faults:
        _fail(path, faults, notes)
    names, faults = _file_faults(path, record)
    beside, lost = _beside_faults(path, record)
    names, faults = [*names, *beside], [*faults, *lost]
    check: PlanCheck | None = None
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
    notes += _uncovered(path, record, names)
    return Verification(path, tuple(names), check.runs, check.of_runs, tuple(notes))


def checked_sample(sample: Any) -> int | None:
    """How many replicates to recompute. Raises InputError."""
    return None if sample is None else checks.whole(sample, "sample", 1, MOST_REPLICATES)


def _check_of(
    path: Path,
    record: Mapping[str, Any],
    sample: int | None,
    threads: int,
    progress: Progress | None,
) -> PlanCheck:
    """The check of a kind of study. Raises VelfaerdError where its record does not give one."""
    how = sample, threads, progress
    return PlanCheck(kind_of(record, path).plan_of(record, path), path, record, *how)


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


def _uncovered(path: Path, record: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    """What stands in the folder and was not verified: files of others, and of earlier versions."""
    known = {*names, *record.get(ROW_FILES, ()), LOCK, WRITTEN_LOCK}
    found = [
        each.relative_to(path).as_posix()
        for each in sorted(path.rglob("*"))
        if each.is_file() and not each.is_relative_to(path / BRANCHES)
    ]
    if more := [name for name in found if name not in known]:
        shown = ", ".join(more[:_SHOWN]) + (", ..." if len(more) > _SHOWN else "")
        yield (
            f"not verified, as no digest of them is held: {shown} (velfaerd report writes reports "
            "and figures anew)"
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
    good, faults = [], []
    for name, digest in expected.items():
        if not (path / name).is_file():
            faults.append(f"{name} is missing")
        elif store.sha256(path / name) != digest:
            faults.append(f"{name} was changed after it was written")
        else:
            good.append(name)
    return [*good, RECORD], faults


def _beside_faults(path: Path, record: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The same for reports, figures and tables that were written beside the study."""
    try:
        files = read_written(path)
        told = {name: entry for name, entry in files.items() if name not in record["files"]}
        bad = dict(changed_or_lost(path, told))
    except VelfaerdError as error:
        return [], [str(error)]
    faults = [
        f"{name} {'was changed after it was written' if there else 'is missing'} (velfaerd report "
        "writes reports, figures and their tables anew)"
        for name, there in bad.items()
    ]
    good = [name for name in told if name not in bad]
    return [*good, *([WRITTEN] if files else [])], faults
