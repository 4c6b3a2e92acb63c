"""Reports, figures and their tables are held to what was written; a stop makes no false alarm."""

import ast
import json
import multiprocessing
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

import velfaerd_sim
from faults.records import KINDS
from velfaerd_sim.engine.ownership import FolderLock
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import StudyError, VelfaerdError, VerificationError
from velfaerd_sim.reporting import files
from velfaerd_sim.reporting.crate import write_crate
from velfaerd_sim.reporting.files import remove_written, write_whole
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.verification import verify
from velfaerd_sim.studies.written import WRITTEN, changed_or_lost, read_written, text_of

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def reported(tmp_path: Path) -> Path:
    run_single(adults=300, months=3, out=tmp_path)
    write_report(tmp_path)
    write_report(tmp_path, brief=True)
    write_crate(tmp_path)
    return tmp_path


def test_every_file_beside_a_study_is_verified(reported: Path) -> None:
    """M5: a digit changed in what readers open first."""
    found = verify(reported)
    assert found.notes == ()
    names = [name for name in found.files if name not in (RECORD, "series.parquet")]
    there = [p.relative_to(reported).as_posix() for p in reported.rglob("*") if p.is_file()]
    assert sorted(names) == sorted({*there} - {RECORD, "series.parquet"})
    assert len(names) == 6
    for name in names:
        path = reported / name
        content = path.read_bytes()
        path.write_bytes(content[:-9] + b"7" + content[-8:])
        with pytest.raises(VerificationError, match=rf"{re.escape(name)} was changed"):
            verify(reported)
        path.unlink()
        if name != WRITTEN:
            with pytest.raises(VerificationError, match=rf"{re.escape(name)} is missing"):
                verify(reported)
        path.write_bytes(content)
    assert verify(reported).notes == ()
    (reported / WRITTEN).unlink()
    assert "no digest of them is held: brief.html" in verify(reported).notes[0]


def test_a_report_that_is_written_again_is_the_one_that_counts(reported: Path) -> None:
    (reported / "report.html").write_text("another")
    (reported / "brief.html").unlink()
    (reported / WRITTEN).write_text("{")
    with pytest.raises(VerificationError, match=rf"{WRITTEN} was changed"):
        verify(reported)
    write_report(reported)
    assert "report.html" in verify(reported).files
    (reported / "report.html").unlink()
    write_report(reported, language="da")
    assert {"report.da.html", "figures.da/time.svg"} <= {*verify(reported).files}


def test_one_that_goes_on_stays_whole(tmp_path: Path) -> None:
    from velfaerd_sim import compare

    asked = {"adults": 200, "months": 2, "workers": 1, "out": tmp_path}
    compare(["municipal_baton", "hands_off"], replicates=2, **asked)
    write_report(tmp_path)
    compare(["municipal_baton", "hands_off"], replicates=3, **asked)
    assert verify(tmp_path).notes == ()
    write_report(tmp_path)
    assert "report.html" in verify(tmp_path).files


def beside(folder: Path) -> Path:
    (folder / "s").mkdir()
    (folder / "s" / RECORD).write_text("{}")
    return folder / "s"


NAMES = ("report.html", "figures/forest.svg", "tables/targets.csv", "analysis/answers.json")


def writing(folder: str) -> None:
    for number in range(10_000):
        for name in NAMES:
            write_whole(Path(folder) / name, f"{name} {number}".encode() * 500)


@pytest.mark.parametrize("seed", range(8))
def test_a_kill_at_any_moment_makes_no_false_alarm(tmp_path: Path, seed: int) -> None:
    folder = beside(tmp_path)
    process = multiprocessing.get_context("fork").Process(target=writing, args=(str(folder),))
    process.start()
    while not (folder / WRITTEN).exists():
        time.sleep(0.001)
    time.sleep(0.05 * random.Random(seed).random())
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert list(changed_or_lost(folder, read_written(folder))) == []
    write_whole(folder / NAMES[0], b"anew")
    assert read_written(folder)[NAMES[0]].keys() == {"sha256"}


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_stop_between_digest_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """Before the digest, between it and the file, and before the digest that remains."""
    folder, count, write = beside(tmp_path), 0, files._write
    write_whole(folder / "report.html", b"old")

    def stopped(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == place:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(files, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_whole(folder / "report.html", b"new")
    count = 0
    with pytest.raises(KeyboardInterrupt):
        write_whole(folder / "first.html", b"new")
    assert list(changed_or_lost(folder, read_written(folder))) == []
    (folder / "report.html").write_bytes(b"neither")
    monkeypatch.setattr(files, "_write", write)
    write_whole(folder / "other.html", b"other")
    assert [name for name, _ in changed_or_lost(folder, read_written(folder))] == ["report.html"]


def test_several_processes_note_digests_at_once(tmp_path: Path) -> None:
    folder = beside(tmp_path)
    names = [f"figures/{number}.svg" for number in range(24)]
    processes = [
        multiprocessing.get_context("fork").Process(target=write_some, args=(folder, names[k::3]))
        for k in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert {*read_written(folder)} == {*names}
    assert [each.name for each in folder.glob(".*")] == []


def write_some(folder: Path, names: list[str]) -> None:
    for name in names:
        write_whole(folder / name, name.encode())


def test_a_program_that_runs_the_study_does_not_keep_reports_waiting(tmp_path: Path) -> None:
    folder = beside(tmp_path)
    lock = FolderLock(folder)
    begun = time.monotonic()
    write_whole(folder / "report.html", b"x")
    lock.release()
    assert time.monotonic() - begun < 2.0


def test_what_is_removed_is_noted_no_longer(tmp_path: Path) -> None:
    folder = beside(tmp_path)
    write_whole(folder / "analysis" / "a.csv", b"x")
    remove_written(folder / "analysis" / "a.csv")
    assert read_written(folder) == {}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 1, "files": {}}',
        "[" * 100_000,
        text_of({"../outside": {"sha256": DIGEST}}),
        text_of({"/etc/passwd": {"sha256": DIGEST}}),
        text_of({RECORD: {"sha256": DIGEST}}),
        text_of({"a": {}}),
        text_of({"a": {"sha256": "x"}}),
        text_of({"a": {"sha256": DIGEST, "before": "y"}}),
        text_of({"a": {"sha256": DIGEST, "more": None}}),
        text_of({"a": {"sha256": DIGEST}}).replace("0123", "0124"),
        text_of({"a": {"sha256": DIGEST}}).replace('"format": 1', '"format": NaN'),
    ],
)
def test_digests_are_input_like_any_other(tmp_path: Path, content: str) -> None:
    folder = beside(tmp_path)
    (folder / WRITTEN).write_text(content)
    with pytest.raises(StudyError, match=f"{WRITTEN} was changed after it was written"):
        read_written(folder)
    write_whole(folder / "report.html", b"x")
    assert {*read_written(folder)} == {"report.html"}


def test_digests_that_are_changed_at_random_are_refused(tmp_path: Path) -> None:
    folder, draws = beside(tmp_path), random.Random(1)
    plain = text_of({name: {"sha256": DIGEST} for name in NAMES})
    for _ in range(300):
        content = bytearray(plain.encode())
        content[draws.randrange(len(content) - 1)] ^= 1 << draws.randrange(7)
        (folder / WRITTEN).write_bytes(bytes(content))
        try:
            assert json.dumps(read_written(folder)) == json.dumps(json.loads(plain)["files"])
        except VelfaerdError:
            continue


def test_reports_of_every_kind_are_written_by_the_function_that_notes_them() -> None:
    """So that every kind of study is covered, with all that a report writes."""
    room = Path(velfaerd_sim.__file__).parent / "reporting"
    direct = {"write_text", "write_bytes", "open"}
    for path in room.rglob("*.py"):
        calls = [
            each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call)
        ]
        names = {getattr(each.func, "attr", getattr(each.func, "id", "")) for each in calls}
        assert path.name == "files.py" or not names & direct, path
    assert len(KINDS) > 10
