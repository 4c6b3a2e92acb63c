"""Names of files and folders that cannot be used are refused in one short sentence."""

import os
from pathlib import Path

import pytest

from engine.toy import Squares
from velfaerd_sim.cli.main import main
from velfaerd_sim.engine import store
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import InputError

PATHS = {
    "not UTF-8": os.fsdecode(b"r\xff\xfe"),
    "256 characters": "a" * 256,
    "5 000 characters": "b" * 5000,
    "deep": "/".join(["c" * 100] * 60),
    "up": "../" * 2000 + "x",
    "two lines": "a\nb",
}
COMMANDS = {
    "sweep": ["sweep", "?", "--out", "o", "--dry-run"],
    "out": ["sweep", "study.toml", "--out", "?", "--dry-run"],
    "scenario": ["run", "--scenario", "?", "--out", "o", "--dry-run"],
    "worlds": ["compare", "municipal_baton", "hands_off", "--worlds", "?", "--out", "o"],
    "regime": ["compare", "?", "hands_off", "--out", "o", "--dry-run"],
    "claims": ["claims", "--file", "?", "--out", "o", "--dry-run"],
    "verify": ["verify", "?"],
    "analyse": ["analyse", "?"],
    "report": ["report", "?"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_that_cannot_be_used_is_one_short_sentence(
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """O, L3."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("velfaerd_sim.cli.terminal.compile_once", lambda: None)
    for name, path in PATHS.items():
        if command == "out" and name == "two lines":
            continue  # that is a folder that can be made
        assert main([path if word == "?" else word for word in COMMANDS[command]]) == 2, name
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1, name
        assert len(said) < 1000, name
        assert "unexpected" not in said, name
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [os.fsdecode(b"r\xff"), "a" * 256, "/".join(["c" * 100] * 60)])
def test_no_study_is_begun_or_read_where_files_could_not_be_named(
    path: str, tmp_path: Path
) -> None:
    """O."""
    with pytest.raises(InputError, match=r"UTF-8|a path of at most"):
        carry_out(Squares(3), tmp_path / path, Options(workers=1))
    with pytest.raises(InputError, match=r"UTF-8|a path of at most"):
        store.read_record(tmp_path / path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("digits", [17, 4000, 5000])
def test_a_number_of_worlds_of_thousands_of_digits(
    digits: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """L3."""
    given = ["--worlds", "plausible:" + "9" * digits, "--out", str(tmp_path / "o")]
    assert main(["compare", "municipal_baton", "hands_off", *given]) == 2
    assert "a whole number from 1 to 100000" in capsys.readouterr().err
