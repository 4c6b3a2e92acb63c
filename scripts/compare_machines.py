"""Run the same small studies in several ways and compare every table to the bit.

    python scripts/compare_machines.py [--python PATH ...] [--only NAME ...] [--keep FOLDER]

The ways: 1, 2 and 4 workers, and a Dask cluster of which a worker is killed while it works; each
with the interpreter that runs this script and with every one that is named, such as that of an
environment made by `sh scripts/environment.sh FOLDER python3.13`. The tables of the first way, one
worker of this interpreter, are what the others are held against. The studies, and what is compared,
are those of `compare_revisions.py`. Exit code 1 where a table differs or is missing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from compare_revisions import ROOT, STUDIES, compare_study, run_studies

WORKERS = (1, 2, 4)
LONGEST_SECONDS = 120.0
"""So long is waited for a cluster, and for rows after which a worker is killed."""


def main() -> int:
    """Run the studies in every way, one after another, and tell what differs."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given.add_argument("--python", action="append", default=[], metavar="PATH")
    given.add_argument("--only", action="append", choices=STUDIES, metavar="NAME", default=None)
    given.add_argument("--keep", metavar="FOLDER", help="keep the results there")
    asked = given.parse_args()
    names = asked.only or list(STUDIES)
    differing, killed = 0, 0
    with tempfile.TemporaryDirectory(prefix="machines-") as made:
        results = Path(asked.keep or made).resolve()
        first: Path | None = None
        for python in (sys.executable, *asked.python):
            version = version_of(python)
            for count in WORKERS:
                folder = results / f"{version}-{count}"
                run_studies((ROOT, False), folder, names, python, ("--workers", str(count)))
                differing += told(first, folder, names)
                first = first or folder
            for name in names:
                if name.startswith("run"):
                    continue
                folder = results / f"{version}-dask-{name}"
                killed += run_in_a_cluster(python, folder, name, results / "cluster")
                differing += told(first, folder, [name])
    print(f"{killed} workers of clusters were killed while they worked.")
    print("All tables are equal to the bit." if not differing else f"{differing} studies differ.")
    return 1 if differing else 0


def version_of(python: str) -> str:
    """The version of an interpreter, such as '3.13.0'."""
    script = "import platform; print(platform.python_version())"
    done = subprocess.run([python, "-c", script], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def told(first: Path | None, folder: Path, names: list[str]) -> int:
    """Compare studies with those of the first way; gives how many differ. Tables are told."""
    if first is None:
        return 0
    print(f"--- {folder.name} against {first.name}", flush=True)
    return sum(not compare_study(name, first, folder) for name in names)


def run_in_a_cluster(python: str, folder: Path, name: str, place: Path) -> int:
    """Run a study on a cluster and kill a worker of it; gives how many were killed at work."""
    done = threading.Event()
    killed = 0
    with cluster(python, place) as (address, kill_one):

        def kill() -> None:
            nonlocal killed
            end = time.monotonic() + LONGEST_SECONDS
            while not done.is_set() and time.monotonic() < end:
                if any(folder.glob("*/runs/part-*")) or any(folder.glob("*/study.json")):
                    kill_one()
                    killed = 1
                    return
                time.sleep(0.005)

        killer = threading.Thread(target=kill)
        killer.start()
        run_studies((ROOT, False), folder, [name], python, ("--scheduler", address))
        done.set()
        killer.join()
    return killed


@contextlib.contextmanager
def cluster(python: str, place: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A Dask scheduler with two workers on this machine; gives its address and kills a worker."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / "scheduler.json"
    file.unlink(missing_ok=True)
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet |= {"cwd": place, "env": os.environ | {"PYTHONPATH": str(ROOT / "src")}}

    def started(what: str, *more: str) -> subprocess.Popen[bytes]:
        line = [python, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file)]
        return subprocess.Popen([*line, "--no-dashboard", *more], **quiet)

    processes = [started("scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        processes += [started("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]
        end = time.monotonic() + LONGEST_SECONDS
        while not (file.exists() and file.read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], processes[-1].kill
    finally:
        for each in processes:
            each.kill()
            each.wait()


if __name__ == "__main__":
    sys.exit(main())
