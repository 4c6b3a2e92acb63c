"""What a test of recovery says: how often intervals hold known truths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from velfaerd_sim.analysis.arrays.facts import Count, Fact, Share


def facts(record: Mapping[str, Any]) -> list[Fact]:
    """What the intervals cover, and how even ranks are, from the record of a recovery."""
    coverage: Sequence[Mapping[str, Any]] = record.get("coverage", ())
    found = []
    for which in ("all", "known", "identified", "effects"):
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
    ranks = record.get("ranks")
    if ranks and ranks["quantities"]:
        even = ranks["quantities"] - len(ranks["uneven"])
        found.append(Fact("ranks_even", even=even, all=ranks["quantities"]))
    return found
