"""Machines that lack something: the work is done all the same, with the same numbers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.toy import Squares
from velfaerd_sim.engine import session
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
staff_hours_per_month = [10, 20]
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


@pytest.mark.slow
@pytest.mark.skipif(not _may_mount(), reason="no mounts of one's own here")
def test_a_sweep_where_shared_memory_and_temporary_files_cannot_be_written(tmp_path: Path):
    """F, G."""
    (tmp_path / "study.toml").write_text(STUDY)
    mounts = "mount -t tmpfs -o ro none /dev/shm && mount -o bind,ro /tmp /tmp"
    out = tmp_path / "out"
    out.mkdir()
    mounts += f" && mount --bind {out} {out} && mount -o remount,rw,bind {out}"
    line = f"{sys.executable} -m velfaerd_sim sweep {tmp_path / 'study.toml'} --out {out}"
    command = ["unshare", "-m", "sh", "-c", f"{mounts} && {line} --workers 2"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "threads do the work" in done.stdout + done.stderr
