"""Whether the reference page of result files tells of every table and column of a folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from velfaerd_sim.measures.outcomes import NAMES

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/results.md"


@cache
def parts() -> dict[str, str]:
    """The text of the page by the command that its part is about; '' is what holds for all."""
    head, *rest = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {"": head}
    for part in rest:
        title, _, text = part.partition("\n")
        found |= dict.fromkeys(title.split(", "), text)
    return found


def undescribed(folder: Path, *commands: str) -> list[str]:
    """Tables and columns of a folder that the parts of the page about commands do not name."""
    own = "".join(parts()[name] for name in commands)
    names = set(re.findall(r"`([\w.*/-]+)`", parts()[""] + own))
    faults = []
    for path in sorted(folder.glob("*.parquet")):
        if path.name not in own:
            faults.append(path.name)
        for column in pq.read_schema(path).names:
            prefix = column.partition(".")[0]
            known = column in names or f"{prefix}.NAME" in names
            if not known and not ("one for each outcome" in own and column in NAMES):
                faults.append(f"{path.name}: {column}")
    return faults
