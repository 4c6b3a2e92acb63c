"""Attacks on folders of studies of every kind: damage, tampering, two writers, faults, kill -9."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from atexit import register
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from engine.faulty import Study
from faults.records import made
from velfaerd_sim.cli.work import _end_on_signals
from velfaerd_sim.engine import dispatch, parts, rows, session, store
from velfaerd_sim.engine.record import COMPLETE, text
from velfaerd_sim.engine.session import Done
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import StorageError, VelfaerdError, VerificationError
from velfaerd_sim.reporting.files import write_whole
from velfaerd_sim.studies import kinds, verification
from velfaerd_sim.studies.written import WRITTEN

SIGNALS = (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
BESIDE = ("report.html", "figures/forest.svg", "tables/targets.csv", "claims.md")
"""What is written beside a study: a report, a figure, a table for readers, a document."""
SINGLE = "run"
"""The kind that is one task: it is done or not."""
KINDS = tuple(kinds.KINDS)
session.warm_up = lambda: None  # type: ignore[assignment]  stand-ins do no work of the model


@cache
def whole(kind: str) -> tuple[Path, Done]:
    """A finished study of a kind with its stand-in; the folder is copied by those who change it."""
    folder = Path(tempfile.mkdtemp(prefix="whole-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "s", Study(kind, folder).run()


def copied(kind: str, folder: Path) -> Study:
    """A study of its own with the files of the finished one."""
    shutil.copytree(whole(kind)[0], folder / "s")
    return Study(kind, folder)


def unlike(done: Done, kind: str) -> str:
    """What differs from the study that was carried out in one go; '' where nothing does."""
    usual = whole(kind)[1]
    rest = () if usual.rows.plan.takes_failures else ("table", "fingerprint")
    for key in ("status", "counts", "failures", "files", "seeds", *rest):
        if done.record.get(key) != usual.record.get(key):
            return f"{kind}: {key} is {str(done.record.get(key))[:100]}"
    return ""


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def harm(path: Path, draws: random.Random) -> str:
    """Change a file somehow; gives what was done."""
    content = bytearray(path.read_bytes())
    way = draws.choice(["byte", "cut", "empty", "gone", "longer", "zeros"])
    place = draws.randrange(len(content))
    if way == "gone":
        path.unlink()
        return way
    if way == "byte":
        content[place] ^= 1 << draws.randrange(8)
    elif way == "longer":
        content += bytes(draws.randrange(1, 100))
    elif way == "zeros":
        content[place:] = bytes(len(content) - place)
    else:
        content = content[: 0 if way == "empty" else place]
    changed = bytes(content) != path.read_bytes()
    path.write_bytes(bytes(content))
    return way if changed else "nothing"


def damaged_parts(draws: random.Random, folder: Path, kind: str) -> str:
    """Files of rows are damaged; the same command makes the study whole again."""
    study = copied(kind, folder)
    found = [path for path in files_of(study.path) if path.name != "study.json"]
    own = found if kind in (SINGLE, "compare") else [p for p in found if p.parent.name == "runs"]
    path = draws.choice(own)
    way = harm(path, draws)
    said = unlike(study.run(), kind)
    return f"{path.name}, {way}: {said}" if said else ""


def tampering(draws: random.Random, folder: Path, kind: str) -> str:
    """A file of a study is changed; verification finds it, or says that it does not cover it."""
    study = copied(kind, folder)
    for name in BESIDE:
        write_whole(study.path / name, f"{name} of {kind}\n".encode() * 20)
    path = draws.choice(files_of(study.path))
    way = harm(path, draws)
    if way == "nothing":
        return ""
    try:
        if path.name == WRITTEN and all(name in verified(study).notes[0] for name in BESIDE):
            return ""  # without their digests they are named as not covered
        verified(study)
    except VerificationError:
        return ""
    except VelfaerdError as error:
        return "" if path.name == "study.json" else f"{path.name}, {way}: {error}"
    return f"{kind}: {path.name}, {way}: verified as if nothing were"


def verified(study: Study) -> verification.Verification:
    """Verify a study with its stand-in, without running anything again. Raises VelfaerdError."""

    def check(folder: Path, record: Any, *how: Any) -> PlanCheck:
        return PlanCheck(study.case.on(study.path, study.faults), folder, record, 0, 1, None)

    with mock.patch.object(verification, "_check_of", check):
        return verification.verify(study.path, workers=1)


def two_writers(draws: random.Random, folder: Path, kind: str) -> str:
    """While one program writes in a folder, another is refused, also after a file is replaced."""
    record = made(kind)
    with store.opened(folder / "s", record) as (first, _):
        for _ in range(draws.randint(0, 2)):
            with first.transaction() as work:
                work.text("study.json", text(made(kind)))
        try:
            with store.opened(folder / "s", record, overwrite=draws.random() < 0.5):
                return "two programs write in one folder"
        except StorageError:
            pass
    with store.opened(folder / "s", record, overwrite=True):
        return ""


def working(folder: str, kind: str) -> None:
    """In a process of its own: a study, each row written as soon as it is there."""
    rows.FLUSH_ROWS, rows.FLUSH_SECONDS, dispatch.CHUNK_SECONDS = 1, 0.0, 0.01
    Study(kind, Path(folder)).run(workers=1)


def killed(draws: random.Random, folder: Path, kind: str) -> str:
    """A study is killed with kill -9 at a moment drawn at random; the same command goes on."""
    usual = len(whole(kind)[1].rows)
    study = Study(kind, folder)
    (folder / "slow").touch()
    process = multiprocessing.get_context("fork").Process(target=working, args=(str(folder), kind))
    process.start()
    wanted = draws.randrange(1, max(2, usual))
    end = time.monotonic() + 20.0 * draws.random()
    while process.is_alive() and time.monotonic() < end:
        if len(parts.part_names(study.path)) >= wanted:
            break
        time.sleep(0.001)
    time.sleep(0.05 * draws.random())
    if process.is_alive():
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    study.mend()
    return unlike(study.run(), kind)


def interruptible(folder: str, kind: str) -> None:
    """In a process of its own: a study as a command carries it out; `begun` is as long as rows."""
    begun = Path(folder) / "begun"
    begun.touch()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt), _end_on_signals():
        study = Study(kind, Path(folder))
        study.run(workers=1, after_task=lambda rows: os.truncate(begun, len(rows)))


def stopped(draws: random.Random, folder: Path, kind: str) -> str:
    """A study is stopped by a signal: it ends within ten seconds and keeps what is done."""
    whole(kind)
    study, begun = Study(kind, folder), folder / "begun"
    (folder / "slow").touch()
    process = multiprocessing.get_context("fork").Process(
        target=interruptible, args=(str(folder), kind)
    )
    process.start()
    end = time.monotonic() + 20.0
    while process.is_alive() and time.monotonic() < end:
        if begun.exists() and begun.stat().st_size:
            break
        time.sleep(0.001)
    time.sleep(0.3 * draws.random())
    there, number = begun.stat().st_size, draws.choice(SIGNALS)
    os.kill(process.pid or 0, number)
    process.join(10.0)
    if process.is_alive():
        process.kill()
        return f"{kind}: it goes on ten seconds after {number.name}"
    if process.exitcode:
        return f"{kind}: it ended with an error after {number.name}"
    kept = study.kept() if parts.part_names(study.path) else 0
    if store.read_record(study.path)["status"] != COMPLETE and kept < there:
        return f"{kind}: of {there} rows {kept} are left after {number.name}"
    study.mend()
    return unlike(study.run(), kind)


def failing_rows(draws: random.Random, folder: Path, kind: str) -> str:
    """A row of a study fails; the others are there, and it can be tried again."""
    study = Study(kind, folder)
    study.fault("fail", draws.randrange(3))
    done = study.run(workers=draws.choice([1, 2]))
    if not done.rows.failed:
        return f"{kind}: nothing failed"
    study.mend()
    return unlike(study.run(retry_failed=True), kind)
