"""Small comparisons for the tests of studies, and how to look at what they leave."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from velfaerd_sim.inputs.scenarios import Scenario, Town
from velfaerd_sim.studies.compare.comparison import Comparison, compare

REGIMES = ("municipal_baton", "rigid_rules", "facilitative_dialogue")
SMALL: dict[str, Any] = {"adults": 300, "months": 18, "seed": 7, "workers": 2}
HOURS: dict[str, Any] = {"hours": [4, 60], "hours_replicates": 3}


def compared(out: Path | None = None, **changes: Any) -> Comparison:
    """A comparison of three regimes on a few hundred adults."""
    options = SMALL | {"replicates": 10, "out": out} | changes
    return compare(options.pop("regimes", REGIMES), **options)


def three_towns(adults: int = 200, months: int = 14) -> Scenario:
    """Three small municipalities of different kinds."""
    kinds = ("capital", "rural", "commuter")
    towns = tuple(
        Town(code=101 + index, name=f"Town {index}", kind=kind, adults=adults + 40 * index)
        for index, kind in enumerate(kinds)
    )
    return Scenario(name="three", towns=towns, months=months, burn_in_months=12, seed=3)


def digests(folder: Path, leave_out: tuple[str, ...] = ("study.json",)) -> dict[str, str]:
    """SHA-256 of every file in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in leave_out
    }
