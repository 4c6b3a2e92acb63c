"""Run the same small studies with two revisions of this project and compare every table to the bit.

    python scripts/compare_revisions.py OLD NEW [--only NAME] [--keep FOLDER]

Run it before a refactoring lands: one that moves no number gives equal tables. OLD and NEW are
folders with a checkout, which are copied first, so that work in them may go on, or revisions of
git, which are checked out into a temporary worktree. Each runs on its own source, with the
interpreter and the dependencies that run this script.

The studies are of all kinds; the test of a calibration, recovery, stands beside it. Compared are
Parquet, CSV, JSON and TOML files. Rows of parts are compared as one table, in any order. What says
when, how long, by which version or with which fingerprint is left out, and so are figures and
pages. Exit code 1 where a table differs or is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]

# The name of a table in the older revision and in the newer one, where they differ.
MOVED: dict[str, str] = {}

# Folders of a study whose parts have another form in the two revisions, where they have.
OTHER_FORM = ("claims/runs/", "robustness/runs/", "validate/runs/")

# Keys of JSON files and columns of tables that may differ between equal studies.
NOT_COMPARED = {
    *("package", "dependencies", "command", "times", "seconds", "finished", "files", "format"),
    *("fingerprint", "run_id", "row_files"),
}
DIGEST = re.compile("[0-9a-f]{64}")  # in JSON: what it is made from is compared itself

SWEEP = """
name = "little"
adults = 500
months = 14
replicates = 1
regimes = ["rigid_rules", "facilitative_dialogue"]
outcomes = ["loneliness_mean", "retention_12m", "motivation_mean"]
read_months = [3]
[factors]
"""
GRID = 'drift_rate = [0.01, 0.1]\nbase_pressure = [0.1, 0.3]\n[design]\nkind = "grid"\n'
SOBOL = 'drift_rate = {}\nbase_pressure = {}\n[design]\nkind = "sobol"\nsize = 8\n'
SALTELLI = 'drift_rate = {}\nbase_pressure = {}\n[design]\nkind = "saltelli"\nsize = 4\n'
INSTRUMENTS = """
"instrument.rigidity" = [0.2, 0.8]
"instrument.training.rigid_rules" = [0.1, 0.9]
drift_rate = [0.01, 0.1]
[design]
kind = "grid"
"""
CALIBRATION = """
name = "little"
targets = ["T1", "T4"]
free = ["life_event_probability", "contagion_strength", "espoused_gap"]
members = 24
assimilations = 2
noise_members = 2
adults = 300
replicates = 1
final_replicates = 2
seed = 3
"""
TRIAL = """
intervention = "facilitative_dialogue"
adults = 49000
towns = ["Kolding", "Vejle", "Horsens", "Odense"]
trials = 20
[design]
municipalities = [4]
months = [6]
baseline = 3
steps = 2
implementation = 2
settling = 1
[survey]
invited = [20]
"""
FILES = {
    "trial.toml": TRIAL,
    "grid.toml": SWEEP + GRID,
    "instruments.toml": SWEEP.replace("replicates = 1", "replicates = 16") + INSTRUMENTS,
    "sobol.toml": SWEEP + SOBOL,
    "saltelli.toml": SWEEP + SALTELLI,
    "calibration.toml": CALIBRATION,
}
SMALL = "--adults 300 --months 12"

# The name of a study and its commands. All write into the folder of that name.
STUDIES = {
    "run": [f"run {SMALL} --out run"],
    "run_denmark": ["run denmark --adults 9800 --months 6 --out run_denmark"],
    "compare": [
        f"compare municipal_baton rigid_rules experimenting {SMALL} --replicates 4 --out compare"
    ],
    "compare_worlds": [
        f"compare rigid_rules experimenting {SMALL} --worlds prior:3 --out compare_worlds"
    ],
    "compare_precision": [
        f"compare hands_off experimenting {SMALL} --precision 1.5 --max-replicates 16"
        " --out compare_precision"
    ],
    "compare_hours": [
        f"compare hands_off experimenting {SMALL} --hours 4,28 --replicates 3 --out compare_hours"
    ],
    "sweep_grid": ["sweep grid.toml --worlds prior:2 --out sweep_grid", "analyse sweep_grid"],
    "sweep_instruments": ["sweep instruments.toml --out sweep_instruments"],
    "sweep_sobol": ["sweep sobol.toml --out sweep_sobol", "analyse sweep_sobol"],
    "sweep_saltelli": ["sweep saltelli.toml --out sweep_saltelli", "analyse sweep_saltelli"],
    "claims": ["claims C02 C14 --sets prior --worlds 2 --robustness 1 --out claims"],
    "validate": ["validate --adults 300 --seeds 2 --worlds prior:2 --out validate"],
    "robustness": [
        "robustness --adults 300 --months 14 --replicates 3 --worlds prior:3"
        " --kind worlds --kind size --kind step --out robustness"
    ],
    "calibrate": ["calibrate calibration.toml --recover 3 --out calibrate"],
    "advise": [
        "advise --hours-at-most 20 --adults 200 --months 12 --worlds prior:3 --evaluations 16"
        " --search-worlds 2 --fresh 4 --out advise"
    ],
    "trial": ["trial trial.toml --worlds prior:2 --out trial"],
    "value": [
        f"compare rigid_rules experimenting {SMALL} --worlds prior:12 --out value_of",
        "value value_of --goal retention_12m --out value",
    ],
}


def main() -> int:
    """Run the studies with both revisions, two at a time, and tell what differs."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given.add_argument("old", help="a folder with a checkout, or a revision of git")
    given.add_argument("new", help="the same")
    given.add_argument("--only", action="append", choices=STUDIES, metavar="NAME", default=None)
    given.add_argument("--keep", metavar="FOLDER", help="keep the results there")
    asked = given.parse_args()
    names = asked.only or list(STUDIES)
    with tempfile.TemporaryDirectory(prefix="revisions-") as made:
        results = Path(asked.keep or made).resolve()
        checkouts = [checkout(each, Path(made)) for each in (asked.old, asked.new)]
        try:
            with ThreadPoolExecutor(2) as pool:
                sides = [results / "old", results / "new"]
                list(pool.map(run_studies, checkouts, sides, [names] * 2))
        finally:
            for source, temporary in checkouts:
                if temporary:
                    git("worktree", "remove", "--force", str(source))
        differing = sum(not compare_study(name, *sides) for name in names)
    print(f"{len(names) - differing} of {len(names)} studies are equal.")
    return 1 if differing else 0


def git(*arguments: str) -> None:
    """Run git in this checkout; raises CalledProcessError with what it says."""
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True)


def checkout(revision: str, made: Path) -> tuple[Path, bool]:
    """The folder of a revision, and whether it is a worktree of git that must be removed."""
    folder = made / f"checkout-{len(list(made.glob('checkout-*')))}"
    if Path(revision, "pyproject.toml").is_file():
        for part in ("src", "experiments"):
            shutil.copytree(Path(revision, part), folder / part)
        shutil.copy(Path(revision, "pyproject.toml"), folder)
        return folder, False
    git("worktree", "add", "--quiet", "--detach", str(folder), revision)
    return folder, True


def run_studies(
    source: tuple[Path, bool],
    folder: Path,
    names: list[str],
    python: str = sys.executable,
    how: tuple[str, ...] = ("--workers", "1"),
) -> None:
    """Run the commands of the studies in a folder, with the source of one checkout.

    python: the interpreter; how: what is added to every command that runs the model.
    """
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    project = tomllib.loads((source[0] / "pyproject.toml").read_text("utf-8"))
    module, _, function = project["project"]["scripts"]["velfaerd"].partition(":")
    start = f"import sys; from {module} import {function} as main; sys.exit(main(sys.argv[1:]))"
    settings = {"PYTHONPATH": str(source[0] / "src"), "MPLBACKEND": "agg", "COLUMNS": "100"}
    for name in names:
        for command in STUDIES[name]:
            words = command.split()
            if words[0] != "analyse" and not (words[0] == "run" and "--scheduler" in how):
                words += how
            done = subprocess.run(
                [python, "-c", start, *words],
                cwd=folder,
                env=os.environ | settings,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                last = "\n".join(done.stderr.splitlines()[-5:])
                print(f"{folder.name}: velfaerd {command} ended with {done.returncode}: {last}")


def compare_study(name: str, old: Path, new: Path) -> bool:
    """Compare all tables of a study, print a line for each, and return whether all are equal."""
    before, after = tables(old, name), tables(new, name)
    equal = bool(before)
    if not before:
        print(f"{name}: no tables in the older revision")
    for table, frame in before.items():
        place = MOVED.get(table, table)
        difference = first_difference(frame, after.get(place))
        equal = equal and difference is None
        print(f"{place}: " + ("equal" if difference is None else f"DIFFERS: {difference}"))
    for table in after.keys() - {MOVED.get(table, table) for table in before}:
        print(f"{table}: only in the newer revision")
    return equal


def tables(folder: Path, name: str) -> dict[str, pd.DataFrame]:
    """All tables of a study; Parquet files whose names end in a digest are one table a folder."""
    frames: dict[str, pd.DataFrame] = {}
    parts: dict[str, list[pd.DataFrame]] = {}
    for path in sorted((folder / name).rglob("*")):
        place = path.relative_to(folder).as_posix()
        if place.startswith(OTHER_FORM):
            continue
        match path.suffix:
            case ".parquet" if "-" in path.stem:
                parts.setdefault(f"{path.parent.relative_to(folder).as_posix()}/*", []).append(
                    pd.read_parquet(path)
                )
            case ".parquet":
                frames[place] = pd.read_parquet(path)
            case ".csv":
                frames[place] = pd.read_csv(path, dtype=str, keep_default_na=False)
            case ".json":
                frames[place] = leaves(json.loads(path.read_text("utf-8")))
            case ".toml":
                frames[place] = leaves(tomllib.loads(path.read_text("utf-8")))
    for place, found in parts.items():
        rows = pd.concat(found, ignore_index=True).drop(columns="run_id", errors="ignore")
        lists = [name for name in rows if any(isinstance(each, np.ndarray) for each in rows[name])]
        for name in lists:
            rows[name] = [None if each is None else repr(each.tolist()) for each in rows[name]]
        order = [name for name in rows if name not in NOT_COMPARED]
        frames[place] = rows.sort_values(order, ignore_index=True)
    return frames


def leaves(value: Any) -> pd.DataFrame:
    """The numbers and texts of nested mappings and lists, a row each, with where they stand."""
    rows: list[tuple[str, str]] = []

    def walk(inner: Any, place: str) -> None:
        if isinstance(inner, dict):
            for key in sorted(inner.keys() - NOT_COMPARED):
                walk(inner[key], f"{place}.{key}")
        elif isinstance(inner, list):
            for index, each in enumerate(inner):
                walk(each, f"{place}[{index}]")
        elif not (isinstance(inner, str) and DIGEST.fullmatch(inner)):
            rows.append((place, repr(inner)))

    walk(value, "")
    return pd.DataFrame(rows, columns=["place", "value"])


def first_difference(old: pd.DataFrame, new: pd.DataFrame | None) -> str | None:
    """Where two tables first differ, or None where they are equal to the bit."""
    if new is None:
        return "it is missing in the newer revision"
    columns = [name for name in old.columns if name not in NOT_COMPARED]
    others = [name for name in new.columns if name not in NOT_COMPARED]
    if columns != others:
        return f"columns {columns} are {others} now"
    for row in range(min(len(old), len(new))) if columns == ["place", "value"] else ():
        if tuple(old.iloc[row]) != tuple(new.iloc[row]):
            return f"{' = '.join(old.iloc[row])} is {' = '.join(new.iloc[row])} now"
    if len(old) != len(new):
        return f"{len(old)} rows are {len(new)} now"
    for name in columns:
        if old[name].dtype != new[name].dtype:
            return f"{name}: {old[name].dtype} is {new[name].dtype} now"
        unequal = np.flatnonzero(~same(old[name], new[name]))
        if len(unequal):
            row = unequal[0]
            return f"{name}, row {row}: {old[name][row]!r} is {new[name][row]!r} now"
    return None


def same(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Which values are equal to the bit, missing ones included."""
    if one.dtype.kind == "f":
        bits = f"u{one.dtype.itemsize}"
        return one.to_numpy().view(bits) == other.to_numpy().view(bits)
    return np.array([repr(a) == repr(b) for a, b in zip(one, other, strict=True)], dtype=bool)


if __name__ == "__main__":
    sys.exit(main())
