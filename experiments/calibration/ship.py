"""Put the result of a calibration into the package: the plausible worlds, and their record.

    python experiments/calibration/ship.py DIR              worlds.csv and study.json of DIR
    python experiments/calibration/ship.py DIR --defaults   the suggested defaults too

Writes `inputs/data/plausible.csv` and `plausible.json`, and with --defaults the defaults in
`inputs/data/parameters.csv` of those parameters that the figures say something about. Prints what
moves, as lines for the changelog.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.inputs.parameters import BY_NAME, check
from velfaerd_sim.inputs.worlds import read_worlds
from velfaerd_sim.studies.calibrate.calibrating import KIND
from velfaerd_sim.studies.calibrate.files import WORLDS

DATA = Path(__file__).resolve().parents[2] / "src" / "velfaerd_sim" / "inputs" / "data"
FEWEST_WORLDS = 1000


def checked(folder: Path) -> dict[str, object]:
    """The record of a calibration that is done, whose worlds are as they were written."""
    record = store.read_record(folder)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise SystemExit(f"{folder} holds no calibration that is done")
    if store.sha256(folder / WORLDS) != record["files"][WORLDS]["sha256"]:
        raise SystemExit(f"{folder / WORLDS} was changed after it was written")
    count = len(read_worlds(folder / WORLDS))
    if count < FEWEST_WORLDS:
        raise SystemExit(f"{folder / WORLDS} holds {count} worlds, at least {FEWEST_WORLDS} needed")
    return record


def ship(folder: Path) -> None:
    """Copy the worlds and the record into the package."""
    record = checked(folder)
    (DATA / "plausible.csv").write_bytes((folder / WORLDS).read_bytes())
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    (DATA / "plausible.json").write_text(text, encoding="utf-8")
    count = len(read_worlds(DATA / "plausible.csv"))
    sys.stdout.write(f"{count} worlds, fingerprint {record['fingerprint']}\n")


def move_defaults(folder: Path) -> None:
    """Write the suggested defaults into the table of parameters, line by line."""
    record = store.read_record(folder)
    suggested = record["special"]["suggested"]["parameters"]
    path = DATA / "parameters.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines[1:], 1):
        name, before, rest = line.split(",", 2)
        value = suggested.get(name)
        if value is not None and float(value) != float(before):
            after = f"{check(name, value, name):g}"
            lines[place] = f"{name},{after},{rest}"
            sys.stdout.write(f"- {name}: {before} -> {after} ({BY_NAME[name].label_en})\n")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Ship a folder; see the top of this file."""
    folders = [Path(each) for each in arguments if not each.startswith("-")]
    if len(folders) != 1 or not (folders[0] / RECORD).is_file():
        raise SystemExit(__doc__)
    ship(folders[0])
    if "--defaults" in arguments:
        move_defaults(folders[0])


if __name__ == "__main__":
    main(sys.argv[1:])
