"""The environment is what the lock says, and everything in it that the package needs loads."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_dependency_loads() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[^\w-]", wanted)[0] for wanted in project["dependencies"]]
    assert "mesa" in names
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr


def test_installed_versions_are_the_locked_ones() -> None:
    name = "lock-py311.txt" if sys.version_info < (3, 12) else "lock-py312.txt"
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))
    assert len(locked) == text.count("==") > 100
    assert {package: version(package) for package in locked} == locked


def test_the_package_loads_nothing_heavy() -> None:
    heavy = "numpy", "pandas", "mesa", "numba", "matplotlib", "scipy", "pyarrow"
    code = f"import velfaerd_sim, sys; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
