"""The recipes of docs/developing.md, carried out as they stand on a copy of the project."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
GUIDE = HOME / "docs" / "developing.md"
MOST_FILES = {
    "A rule": 4,
    "An outcome": 3,
    "An instrument": 8,
    "A chart": 4,
    "A command": 3,
    "A kind of study": 5,
}
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
_BLOCK = re.compile(r"^```(diff|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def recipes() -> dict[str, list[tuple[str, str]]]:
    """The blocks of each recipe, in order: 'diff' or 'console', and the text."""
    chapters = re.split(r"^## (.*)\n", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = dict(zip(chapters[1::2], chapters[2::2], strict=True))
    return {name: _BLOCK.findall(text) for name, text in found.items() if name in MOST_FILES}


RECIPES = recipes()


def change(project: Path, block: str) -> str:
    """Carry a block out, and return the file that it is about."""
    name, _, text = block.partition("\n")
    path = project / name
    lines = text.splitlines(keepends=True)
    if not path.exists():
        assert all(line.startswith("+") for line in lines), f"no file {name} to change"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(line[1:] for line in lines), encoding="utf-8")
        return name
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    if lines[-1].startswith(" "):  # the last line that is shown may be the start of a line
        old, new = old.removesuffix("\n"), new.removesuffix("\n")
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{name} has these lines {content.count(old)} times:\n{old}"
    path.write_text(content.replace(old, new), encoding="utf-8")
    return name


def run(project: Path, block: str) -> None:
    """Run the commands of a block; what stands below a command is in what it prints."""
    environment = os.environ | {"PYTHONPATH": str(project / "src"), "COLUMNS": "200"}
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *wanted = part.strip().splitlines()
        words = shlex.split(command)
        start = {
            "velfaerd": [sys.executable, "-m", "velfaerd_sim"],
            "python": [sys.executable],
            "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        }[words[0]]
        done = subprocess.run(
            [*start, *words[1:]],
            cwd=project,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"$ {command}\n{said}"
        for line in wanted:
            assert line in said, f"$ {command}\n{said}"


def test_every_recipe_is_there():
    assert set(RECIPES) == set(MOST_FILES)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, tmp_path: Path):
    project = tmp_path / "project"
    shutil.copytree(HOME, project, ignore=_LEFT_OUT)
    touched = set()
    for kind, block in RECIPES[name]:
        if kind == "diff":
            touched.add(change(project, block))
        else:
            run(project, block)
    assert len(touched) <= MOST_FILES[name]


def test_a_recipe_that_no_longer_fits_is_found(tmp_path: Path):
    (tmp_path / "a.py").write_text("one\ntwo\n")
    assert change(tmp_path, "a.py\n one\n+and a half\n two\n") == "a.py"
    assert (tmp_path / "a.py").read_text() == "one\nand a half\ntwo\n"
    with pytest.raises(AssertionError, match=r"a\.py has these lines 0 times"):
        change(tmp_path, "a.py\n three\n+four\n")
    with pytest.raises(AssertionError, match=r"no file b\.py"):
        change(tmp_path, "b.py\n one\n+two\n")
