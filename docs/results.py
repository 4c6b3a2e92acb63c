"""Take results of studies into the documents, small, with the command that made them.

    velfaerd validate --out results/validation
    velfaerd robustness --out results/robustness
    python docs/results.py results/validation results/robustness
    make docs

Each table keeps the columns that a document shows, and figures are copied as SVG. `about.csv` says
for every file which study it is from: command, version, digests, fingerprint, and the file's own
SHA-256, which a test compares. What the dashboard tells of arrows at zero goes into the package.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sys
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parent
RESULTS, FIGURES = FOLDER / "results", FOLDER / "figures"
ABOUT = RESULTS / "about.csv"
KNOCKED = FOLDER.parent / "src/velfaerd_sim/dashboard/model/knock_outs.csv"
MOST_WORDS = 160

TABLES = {
    "validation": {
        "targets": (
            *("id", "group", "label", "role", "low", "high", "at_defaults", "median"),
            *("from_", "to", "inside", "defaults_inside", "distance"),
        ),
        "held_out": (
            *("id", "label", "unit", "figure", "source", "median", "from_", "to", "verdict"),
        ),
        "scale": (
            *("outcome", "condition", "base", "level", "difference", "low", "high"),
            *("relative", "notable"),
        ),
    },
    "robustness": {
        "conclusions": (
            *("statement", "outcome", "first", "second", "size", "low", "high"),
            *("survives", "weakens", "turns", "turns_under", "worst", "worst_size"),
            *("worst_low", "worst_high"),
        ),
        "conditions": ("condition", "kind", "label", "survives", "weakens", "turns"),
        "ranking": ("condition", "kind", "label", "outcome", "tau", "first_place"),
    },
}
DRAWN = {"validation": ("targets", "held_out"), "robustness": ("conclusions",)}
HEAD = ("file", "study", "command", "version", "model", "fingerprint", "finished", "sha256")


def kept(kind: str, name: str, folder: Path) -> pd.DataFrame:
    """Give the columns of a table that documents show; single arrows stay out of the ranking."""
    table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
    if name == "ranking":
        table = table[table["kind"] != "arrow"]
    return table[list(TABLES[kind][name])]


def shortened(value: object) -> object:
    if isinstance(value, str) and len(value) > MOST_WORDS:
        return value[: MOST_WORDS - 1] + "…"
    return float(f"{value:.4g}") if isinstance(value, float) else value


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def about() -> list[dict[str, str]]:
    """Give what is known of each file, in order."""
    if not ABOUT.is_file():
        return []
    return list(csv.DictReader(ABOUT.read_text(encoding="utf-8").splitlines()))


def knocked() -> str:
    """Give what the dashboard tells of arrows at zero, with the digest of the model."""
    model = next(row["model"] for row in about() if row["file"] == "results/conditions.csv")
    table = pd.read_csv(RESULTS / "conditions.csv")
    table = table[table["kind"].isin(("arrow", "group", "contagion"))].assign(model=model)
    columns = ["condition", "survives", "weakens", "turns", "model"]
    return str(table[columns].to_csv(index=False, lineterminator="\n"))


def take(folder: Path) -> None:
    """Take the tables and figures of one study."""
    study = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    kind = study["kind"]
    if study["status"] != "complete":
        sys.exit(f"{folder} is not complete: run its command again")
    made = []
    for name in TABLES[kind]:
        table = kept(kind, name, folder).map(shortened)
        path = RESULTS / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(table.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        made.append(path)
    for name in DRAWN[kind]:
        path = FIGURES / f"{name}.svg"
        shutil.copyfile(folder / "figures" / f"{name}.svg", path)
        made.append(path)
    rows = [row for row in about() if row["study"] != kind]
    words = study["command"].split(" --out")[0]
    for path in made:
        rows.append(
            {
                "file": path.relative_to(FOLDER).as_posix(),
                "study": kind,
                "command": words,
                "version": study["package"]["version"],
                "model": study["package"]["model_digest"][:16],
                "fingerprint": study["fingerprint"][:16],
                "finished": study["times"]["finished"][:10],
                "sha256": sha256(path),
            }
        )
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["file"]))
    ABOUT.write_text(buffer.getvalue(), encoding="utf-8")
    if kind == "robustness":
        KNOCKED.write_text(knocked(), encoding="utf-8")
    print(f"{folder}: {len(made)} files")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        take(Path(argument))
