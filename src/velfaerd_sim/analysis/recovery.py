"""What a test of recovery says: how often intervals hold known truths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from velfaerd_sim.analysis.arrays.facts import Count, Fact, Share


def facts(coverage: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """What the intervals cover, from the coverage as it stands in the record of a recovery."""
    found = []
    for which in ("all", "known", "identified"):
        rows = [row for row in coverage if row["which"] == which and row["intervals"]]
        if rows:
            parts = tuple(
                Fact(
                    "interval_holds",
                    level=Share(row["level"]),
                    coverage=Share(row["coverage"]),
                    error=round(100.0 * row["error"]),
                )
                for row in rows
            )
            intervals = Count(rows[0]["intervals"], "interval")
            truths = Count(rows[0]["truths"], "truth")
            found.append(
                Fact(f"recovered_{which}", parts=parts, intervals=intervals, truths=truths)
            )
    return found
