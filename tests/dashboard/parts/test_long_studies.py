"""Studies that pages run: kept by what was asked, told of, called off, and the eldest removed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.frame.work import JobQueue, SessionJobs
from velfaerd_sim.dashboard.parts.long_studies import (
    StudyRunner,
    StudyShelf,
    seconds_per_adult_month,
)
from velfaerd_sim.engine.progress import Advance, CalledOffError
from velfaerd_sim.errors import VelfaerdError


class OneSession:
    """What a runner needs of a session."""

    def __init__(self) -> None:
        self.jobs = SessionJobs(JobQueue())


class OneJob:
    """A job that may be called off."""

    def __init__(self) -> None:
        self.cancelled = False
        self.told: list[float] = []

    def progress(self, share: float) -> None:
        self.told.append(share)


def make(folder: Path, progress: Any) -> None:
    folder.mkdir()
    progress(Advance(1.0, 4.0, 1, 4))


def write(folder: Path, _: Any, language: str) -> Path:
    path = folder / f"report.{language}.html"
    path.write_text(language)
    return path


def test_a_study_is_run_once_and_found_again_by_what_was_asked() -> None:
    shelf, job = StudyShelf(), OneJob()
    assert shelf.known("a") is None
    folder = shelf.get("a", make, write, job)  # type: ignore[arg-type]
    assert sorted(path.name for path in folder.iterdir()) == ["report.da.html", "report.en.html"]
    assert shelf.get("a", lambda *_: pytest.fail("run again"), write, job) == folder  # type: ignore[arg-type]
    assert shelf.known("a") == folder


def test_the_eldest_are_removed_with_their_folders() -> None:
    shelf, job = StudyShelf(most=2), OneJob()
    folders = [shelf.get(name, make, write, job) for name in "abc"]  # type: ignore[arg-type]
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert shelf.known("a") is None
    assert shelf.known("c") == folders[2]


def test_a_study_that_is_called_off_or_fails_leaves_nothing() -> None:
    shelf, job, begun = StudyShelf(), OneJob(), threading.Event()

    def long(folder: Path, progress: Any) -> None:
        folder.mkdir()
        begun.set()
        while True:
            progress(Advance(1.0, 2.0, 1, 2))

    def call_off() -> None:
        begun.wait(60)
        job.cancelled = True

    threading.Thread(target=call_off).start()
    with pytest.raises(CalledOffError):
        shelf.get("a", long, write, job)  # type: ignore[arg-type]

    def fail(folder: Path, progress: Any) -> None:
        raise VelfaerdError("no")

    with pytest.raises(VelfaerdError, match="no"):
        shelf.get("b", fail, write, OneJob())  # type: ignore[arg-type]
    assert shelf.known("a") is shelf.known("b") is None
    assert shelf._root is not None
    assert not list(Path(shelf._root.name).iterdir())


def test_a_page_is_told_how_far_its_study_is() -> None:
    shelf = StudyShelf()
    runner = StudyRunner(OneSession(), "page", shelf)  # type: ignore[arg-type]
    seen: list[Any] = []
    ended = threading.Event()

    def look(run: Any) -> None:
        seen.append(run)
        if run.asked is None:
            ended.set()

    runner.run.subscribe(look)
    runner.start("a", make, write)
    assert ended.wait(60)
    assert seen[0].asked == "a"
    assert [run.begun for run in seen[:2]] == [False, True]
    assert runner.known("a") is not None
    assert seen[-1].error is None

    def fail(folder: Path, progress: Any) -> None:
        raise VelfaerdError("no")

    ended.clear()
    runner.start("b", fail, write)
    assert ended.wait(60)
    assert str(runner.run.value.error) == "no"


def test_the_pace_of_the_machine_is_a_small_time() -> None:
    assert 1e-10 < seconds_per_adult_month() < 1e-5
