"""Install the built wheel as people do, into clean environments, and try the command.

    python scripts/check_wheels.py                    this Python: without extras, and with all
    python scripts/check_wheels.py --each             also with each extra alone
    python scripts/check_wheels.py --python PATH ...  other interpreters
    python scripts/check_wheels.py --locked           with the versions of requirements/

In each environment the command says its version, its questions, its regimes and its help, makes a
small study and its report, and runs it again. What needs an extra works with it, and without it
says in its last line which extra it needs. Ends with 1 where something fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 900
"""Seconds that one command may take: the first one compiles the model, on a busy machine."""
SMALL = ("--adults", "200", "--months", "3", "--workers", "1")
ALWAYS = (
    ("--version",),
    (),
    ("regimes", "--format", "json"),
    ("parameters", "hours_per_1000"),
    ("compare", "--help"),
    ("run", "--example"),
    ("twin",),
    ("compare", "rigid_rules", "hands_off", "--replicates", "2", *SMALL, "--out", "first"),
    ("report", "first", "--language", "da"),
    ("verify", "first", "--sample", "1"),
)
MORRIS = """
adults = 200
months = 3
replicates = 1
regimes = ["rigid_rules", "hands_off"]
[factors]
espoused_gap = [0, 0.9]
drift_rate = [0, 0.1]
[design]
kind = "morris"
size = 2
"""


@dataclass(frozen=True)
class Extra:
    """What an extra is needed for. module: is there with it; asks: what needs it, as commands."""

    module: str
    asks: tuple[tuple[str, ...], ...] = ()


EXTRAS = {
    "dashboard": Extra("velfaerd_sim.dashboard.server", (("dashboard", "--port", "0"),)),
    "cluster": Extra(
        "distributed",
        (("sweep", "plain.toml", "--scheduler", "tcp://127.0.0.1:1", "--out", "out"),),
    ),
    "analysis": Extra(
        "SALib",
        (
            ("sweep", "morris.toml", "--out", "out"),
            ("advise", "--hours-at-most", "20", *SMALL, "--out", "out"),
        ),
    ),
    "site": Extra("mkdocs"),
    "browser": Extra("playwright"),
    "dev": Extra("pytest"),
}


def built(folder: Path) -> Path:
    """The wheel of this source."""
    line = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    own = ["--no-build-isolation"] if _has("hatchling") else []
    subprocess.run([*line, str(folder), *own, str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _has(module: str) -> bool:
    line = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(line, capture_output=True).returncode == 0


def locked(python: str, folder: Path) -> Path:
    """A file that holds packages to the versions of the lock for an interpreter."""
    asked = [python, "-c", "import sys; print(sys.version_info[:2] == (3, 11))"]
    first = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    name = "lock-py311.txt" if first == "True" else "lock-py312.txt"
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    pins = [line.rstrip("\\ ") for line in lines if line[:1] not in ("", "#", " ")]
    path = folder / name
    path.write_text("\n".join(pins) + "\n", encoding="utf-8")
    return path


def environment(
    python: str, folder: Path, wheel: Path, extras: tuple[str, ...], limits: Path | None = None
) -> Path:
    """Make a clean environment with the wheel; gives its folder of programs.

    limits: a file of versions that packages are held to.
    """
    if Path(python).resolve() == Path(sys.executable).resolve():
        venv.create(folder, with_pip=True)
    else:
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    wanted = f"{wheel}[{','.join(extras)}]" if extras else str(wheel)
    line = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-compile", wanted]
    line += [] if limits is None else ["--constraint", str(limits)]
    subprocess.run(line, check=True)
    return programs


def problems(programs: Path, work: Path, extras: tuple[str, ...]) -> list[str]:
    """What does not work in an environment, in words."""
    (work / "morris.toml").write_text(MORRIS, encoding="utf-8")
    plain = MORRIS.partition("[factors]")[0]
    (work / "plain.toml").write_text(plain, encoding="utf-8")
    found = []
    for words in ALWAYS:
        done = ask(programs / "velfaerd", words, work)
        if done.returncode or not done.stdout.strip():
            found.append(f"velfaerd {' '.join(words)}: {done.stderr.strip()[-300:]}")
    for name, extra in EXTRAS.items():
        if name in extras:
            done = ask(programs / "python", ("-c", f"import {extra.module}"), work)
            if done.returncode:
                found.append(f"import {extra.module}: {done.stderr.strip()[-300:]}")
        else:
            found += [each for words in extra.asks for each in untold(name, words, programs, work)]
    return found


def untold(extra: str, words: tuple[str, ...], programs: Path, work: Path) -> list[str]:
    """What is wrong where a command is given without the extra that it needs."""
    done = ask(programs / "velfaerd", words, work)
    told = done.stderr.strip()
    (*_, last) = told.splitlines() or [""]
    if done.returncode and f"velfaerd-sim[{extra}]" in last:
        return []
    return [f"without {extra}, velfaerd {' '.join(words)}: {told[-300:]}"]


def ask(program: Path, words: tuple[str, ...], work: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, without anything of this environment."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    kept["VELFAERD_CACHE_DIR"] = str(work.parent.parent / "compiled")  # once for all environments
    line = [str(program), *words]
    try:
        return subprocess.run(
            line, cwd=work, env=kept, capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        late = f"not done within {PATIENCE} seconds"
        return subprocess.CompletedProcess(line, 1, stdout="", stderr=late)


def main() -> int:
    """Try all environments that were asked for; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--python", nargs="+", default=[sys.executable], metavar="PATH")
    parser.add_argument("--each", action="store_true", help="also with each extra alone")
    parser.add_argument("--only", nargs="*", metavar="EXTRA", help="one environment with these")
    parser.add_argument("--locked", action="store_true", help="with the versions of requirements/")
    asked = parser.parse_args()
    combinations: list[tuple[str, ...]] = [(), tuple(EXTRAS)]
    if asked.each:
        combinations[1:1] = [(name,) for name in EXTRAS]
    if asked.only is not None:
        combinations = [tuple(asked.only)]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = built(folder)
        for python in asked.python:
            limits = locked(python, folder) if asked.locked else None
            for number, extras in enumerate(combinations):
                started = time.monotonic()
                place = folder / f"{len(list(folder.iterdir()))}-{number}"
                work = place / "work"
                programs = environment(python, place, wheel, extras, limits)
                work.mkdir()
                found = problems(programs, work, extras)
                failed += len(found)
                state = "works" if not found else "FAILS"
                state += f", {time.monotonic() - started:.0f} s"
                print(f"{python} [{', '.join(extras)}]: {state}", *found, sep="\n  ", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
