"""The README does what it says: its commands and code are run, in order, in an empty folder."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from velfaerd_sim.cli import main as cli

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:<!-- (not run here: [^>]+) -->\n)?```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A block of code: its language, the code, and why it is not run, if it is not."""

    language: str
    code: str
    reason: str


BLOCKS = [Block(found[2], found[3], found[1] or "") for found in BLOCK.finditer(TEXT)]


def test_every_block_is_read() -> None:
    assert TEXT.count("```") == 2 * len(BLOCKS)
    assert {block.language for block in BLOCKS} == {"sh", "toml", "python", "text"}


def test_the_blocks_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    names: dict[str, object] = {}
    for block in BLOCKS:
        if block.reason:
            continue
        if block.language == "toml":
            name = re.match(r"# (\w+\.toml)\n", block.code)
            assert name, "a file starts with its name"
            (tmp_path / name[1]).write_text(block.code, encoding="utf-8")
        elif block.language == "sh":
            done = subprocess.run(["sh", "-e", "-c", block.code], capture_output=True, text=True)
            assert done.returncode == 0, f"{block.code}\n{done.stdout}\n{done.stderr}"
        elif block.language == "python":
            exec(compile(block.code, "README.md", "exec"), names)  # noqa: S102  this is the test
            assert capsys.readouterr().out.strip()
    assert (tmp_path / "results/first/report.html").is_file()
    assert (tmp_path / "results/ours/effects.parquet").is_file()


def test_what_is_not_run_is_a_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    left_out = [block for block in BLOCKS if block.reason]
    assert left_out
    for block in left_out:
        for line in block.code.splitlines():
            assert line.startswith("make ")
            assert line.removeprefix("make ") in targets
    mentioned = set(re.findall(r"`make (\w+)`", TEXT))
    assert mentioned <= targets


def test_commands_options_and_links_exist() -> None:
    commands = {one.name or one.callback.__name__ for one in cli.app.registered_commands}  # type: ignore[union-attr]
    table = set(re.findall(r"^\| `velfaerd (\w+)", TEXT, re.MULTILINE))
    assert table == commands
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert link.startswith("http") or (ROOT / link).exists(), link
    for path in re.findall(r"`((?:src|docs|tests)/[\w/.]+)`", TEXT):
        assert (ROOT / path).exists(), path


def test_the_package_carries_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["readme"] == "README.md"
