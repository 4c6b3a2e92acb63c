"""Machines that lack something: the work is done all the same, with the same numbers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.toy import Squares
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.session import Options, carry_out

STUDY = """
name = "small"
title_en = "Small"
title_da = "Lille"
question_en = "Which?"
question_da = "Hvilken?"
adults = 300
regimes = ["municipal_baton", "hands_off"]
replicates = 2
[factors]
hours_per_1000 = [10, 20]
[design]
kind = "grid"
"""


def test_without_processes_threads_do_the_work(tmp_path, monkeypatch):
    """F."""
    usual = carry_out(Squares(5, processes=True), tmp_path / "usual", Options(workers=2))
    monkeypatch.setattr(session, "no_processes", lambda: "Read-only file system")
    done = carry_out(Squares(5, processes=True), tmp_path / "s", Options(workers=2))
    assert done.rows.table(["name", "square"]) == usual.rows.table(["name", "square"])
    (note,) = done.notes
    assert note == "no processes can be started here (Read-only file system); threads do the work"


def _may_mount() -> bool:
    if shutil.which("unshare") is None or os.name != "posix" or os.getuid() != 0:
        return False
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "ro", "none", "/dev/shm"]
    return subprocess.run(command, capture_output=True).returncode == 0


COMMANDS = {
    "sweep": "sweep study.toml",
    "compare": "compare municipal_baton hands_off --adults 300 --months 12 --replicates 2",
}
NOBODY = "unshare -U --map-user=54321 --map-group=54321 env -u HOME"
"""In front of a command: the user has no name and no home, and owns the same files."""


@pytest.mark.slow
@pytest.mark.skipif(not _may_mount(), reason="no mounts of one's own here")
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("user", ["", NOBODY], ids=["this user", "a user without a name"])
def test_work_where_shared_memory_and_temporary_files_cannot_be_written(
    name: str, user: str, tmp_path: Path
):
    """A, F, G: the same tables come out as elsewhere."""
    (tmp_path / "study.toml").write_text(STUDY)
    line = f"{sys.executable} -m velfaerd_sim {COMMANDS[name]} --workers 2 --out"
    usual = subprocess.run(
        [*line.split(), "usual"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert usual.returncode == 0, usual.stdout + usual.stderr
    mounts = "mount -t tmpfs -o ro none /dev/shm && mount -o bind,ro /tmp /tmp"
    out = tmp_path / "out"
    out.mkdir()
    mounts += f" && mount --bind {out} {out} && mount -o remount,rw,bind {out}"
    command = ["unshare", "-m", "sh", "-c", f"{mounts} && {user} {line} {out}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    if name == "sweep":
        assert "threads do the work" in done.stdout + done.stderr
    tables = [store.read_record(folder).get("files") for folder in (tmp_path / "usual", out)]
    assert tables[0] == tables[1]
    rows = [store.read_record(folder).get("table") for folder in (tmp_path / "usual", out)]
    assert rows[0] == rows[1]
