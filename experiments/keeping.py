"""What comes of an experiment, and how it gets into its folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.errors import VelfaerdError

MARKED = re.compile(r"(<!-- answer -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Done:
    """What came of an experiment.

    text: its answer as Markdown; figure: an SVG; folder: its results; tables: CSV texts by name.
    """

    name: str
    text: str
    figure: str
    folder: Path
    tables: Mapping[str, str] = field(default_factory=dict)


def command_of(name: str, small: bool = False) -> str:
    """The command that makes an experiment again."""
    return f"python experiments/run.py {name}" + (" --small" if small else "")


def made_by(name: str, study: Mapping[str, Any], counted: str, small: bool = False) -> str:
    """What numbers were made from, and by which command. study: as in study.json."""
    version, mark = study["package"]["version"], str(study["fingerprint"])[:16]
    return (
        f"*{counted}. Version {version}, fingerprint `{mark}`.*\n\n"
        f"*Made by `{command_of(name, small)}`; intervals hold 95 %.*\n"
    )


def csv_of(table: pd.DataFrame) -> str:
    """A table as the text of a CSV file."""
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def markdown(table: pd.DataFrame) -> str:
    """A table of texts as Markdown."""
    rows = [list(table.columns), ["---"] * table.shape[1], *table.to_numpy(object).tolist()]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows) + "\n"


def keep(done: Done, home: Path) -> None:
    """Put figure, tables and answer into the folder of the experiment. Raises VelfaerdError."""
    for name, text in {"figure.svg": done.figure, **done.tables}.items():
        (home / name).write_text(text, encoding="utf-8")
    readme = home / "README.md"
    text = readme.read_text(encoding="utf-8")
    if len(MARKED.findall(text)) != 1:
        raise VelfaerdError(f"{readme} needs the marks <!-- answer --> and <!-- end --> once")
    marked = MARKED.sub(lambda match: match[1] + done.text + match[2], text)
    readme.write_text(marked, encoding="utf-8")
