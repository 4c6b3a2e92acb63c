"""Two programs that write in one folder are kept apart, or it is said that they are not."""

import errno
import fcntl
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from engine.faulty import Study
from faults.records import made
from velfaerd_sim.engine import store
from velfaerd_sim.errors import StorageError


@pytest.fixture
def needs_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that locks only what is open for writing, such as NFS."""
    plain = fcntl.flock

    def flock(handle: int, operation: int) -> None:
        mode = fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE
        if mode == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        plain(handle, operation)

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.usefixtures("needs_writing")
def test_a_lock_holds_where_only_open_files_can_be_locked(tmp_path: Path) -> None:
    """C."""
    with (
        store.opened(tmp_path / "study", made()),
        pytest.raises(StorageError, match="another process is writing"),
        store.opened(tmp_path / "study", made()),
    ):
        pass


@pytest.mark.usefixtures("needs_writing")
def test_two_sweeps_exclude_each_other_there(tmp_path: Path) -> None:
    """C: the second is refused at once, and the first is whole."""
    told = []

    def another(_: Any) -> None:
        with pytest.raises(StorageError, match="another process is writing") as refused:
            Study("sweep", tmp_path).run(workers=1)
        told.append(str(refused.value))

    done = Study("sweep", tmp_path).run(workers=1, after_task=another)
    assert len(told) > 1
    assert done.record["status"] == "complete"
    assert done.record["counts"]["failed"] == 0


def test_where_no_lock_can_be_had_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """C."""

    def flock(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with caplog.at_level(logging.WARNING), store.opened(tmp_path / "study", made()) as (folder, _):
        assert folder.path.is_dir()
    assert "cannot be locked (No locks available)" in caplog.text


def test_a_lock_leaves_nothing_and_follows_no_link(tmp_path: Path) -> None:
    """C."""
    with store.opened(tmp_path / "study", made()) as (folder, _), folder.transaction() as work:
        work.text("study.json", "{}")
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["study.json"]
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / ".velfaerd.lock").symlink_to(tmp_path / "mine")
    with store.opened(tmp_path / "next", made()):
        pass
    assert (tmp_path / "mine").read_text() == "mine"
