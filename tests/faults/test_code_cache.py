"""Compiled code is kept only where nobody else can plant it, and is done without elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from velfaerd_sim import digests

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes of POSIX")


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No home that can be written; gives the folder in the temporary one."""
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.delenv("VELFAERD_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(digests.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / f"velfaerd_sim-{os.getuid()}"


@posix
def test_a_folder_that_others_may_write_is_not_taken(no_home: Path) -> None:
    """B, M3."""
    no_home.mkdir()
    no_home.chmod(0o777)
    assert digests.writable_folder("code") is None
    no_home.chmod(0o700)
    assert digests.writable_folder("code") == no_home / "code"
    (no_home / "code").chmod(0o777)
    assert digests.writable_folder("code") is None


@posix
def test_a_link_is_not_taken(no_home: Path, tmp_path: Path) -> None:
    """B, M3."""
    (tmp_path / "planted").mkdir()
    no_home.symlink_to(tmp_path / "planted")
    assert digests.writable_folder("code") is None
    assert list((tmp_path / "planted").iterdir()) == []


@posix
def test_a_folder_of_another_user_is_not_taken(
    no_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B, M3."""
    no_home.mkdir(mode=0o700)
    mine = os.getuid()
    (no_home.parent / f"velfaerd_sim-{mine + 1}").mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert digests.writable_folder("code") is None


@posix
def test_a_folder_made_here_is_for_this_user_alone(no_home: Path) -> None:
    """B, M3."""
    folder = digests.writable_folder("code")
    assert folder is not None
    assert [path.stat().st_mode & 0o777 for path in (folder, no_home)] == [0o700, 0o700]


def test_without_a_home_and_a_temporary_folder_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A, G: also with a folder named, the home is not asked for."""

    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    def nowhere() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.delenv("VELFAERD_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", none)
    monkeypatch.setattr(digests.tempfile, "gettempdir", nowhere)
    assert digests.writable_folder("code") is None


def test_a_named_folder_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A."""

    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none)
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(tmp_path / "own"))
    assert digests.writable_folder("code") == tmp_path / "own" / "code"


def test_the_model_can_be_imported_with_compilation_disabled() -> None:
    """H."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    script = "from velfaerd_sim.compiled import entry; print(entry(lambda x: 2 * x)(3))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    assert (done.stdout.strip(), done.returncode) == ("6", 0)
