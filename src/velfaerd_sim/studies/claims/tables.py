"""The tables of a study of claims that people can open.

`claims/CLAIM.csv` has a row a world with the effects, in seven significant digits; everything that
is said about claims is computed from these. `claims/winners.csv` says who does best how often.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.studies.claims.claims import BASE, ROUTE_CELLS, Claim
from velfaerd_sim.studies.claims.effects import cells_of, effects_of, winners
from velfaerd_sim.studies.claims.readings import readings
from velfaerd_sim.studies.claims.study import ClaimJob, ClaimPlan

Array = NDArray[np.float64]
TABLES = "claims"
WINNERS = "winners.csv"
DIGITS = 7


@dataclass(frozen=True)
class UnitResult:
    """What a world gave for a claim: float64 (replicates, readings), or why it failed."""

    values: Array | None
    message: str = ""


def values_of(claim: Claim, outcomes: Sequence[UnitResult]) -> tuple[NDArray[np.int64], Array]:
    """Places of the worlds that ran, and their readings (worlds, replicates, readings)."""
    done = [(place, each.values) for place, each in enumerate(outcomes) if each.values is not None]
    places = np.array([place for place, _ in done], np.int64)
    shape = (0, 1, len(readings(claim)))
    return places, np.stack([values for _, values in done]) if done else np.empty(shape)


def columns_of(claim: Claim) -> list[str]:
    """The columns of a claim's table."""
    names = [criterion.name for criterion in claim.criteria if criterion.how != "table"]
    cells = [f"cell_{cell}" for cell in range(ROUTE_CELLS)] if claim.is_table else []
    errors = [f"error.{name}" for name in names]
    return ["set", "variant", "place", "world", "replicates", *names, *errors, *cells]


def claim_table(
    claim: Claim, found: Mapping[tuple[str, str], tuple[ClaimJob, list[UnitResult]]]
) -> str:
    """The table of a claim as CSV: a row a set, variant and world.

    found: (set, variant) -> the job and what its worlds gave, in order.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns_of(claim))
    shown = [n for n, criterion in enumerate(claim.criteria) if criterion.how != "table"]
    for (set_name, variant), (job, outcomes) in found.items():
        places, values = values_of(claim, outcomes)
        if not len(places):
            continue
        effects = effects_of(claim, values)
        cells = cells_of(claim, values) if claim.is_table else np.empty((len(places), 0))
        for row, place in enumerate(places.tolist()):
            numbers = [*effects.effect[row, shown], *effects.error[row, shown], *cells[row]]
            world = job.set.worlds[place].number
            writer.writerow(
                [set_name, variant, place, world, values.shape[1], *map(_number, numbers)]
            )
    return out.getvalue()


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}" if np.isfinite(value) else ""


def winners_table(found: Mapping[str, tuple[ClaimJob, list[UnitResult]]]) -> str:
    """Who does best how often, as CSV: a row a claim, criterion, set, locality and winner."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["claim", "criterion", "set", "locality", "winner", "worlds"])
    for job, outcomes in found.values():
        places, values = values_of(job.claim, outcomes)
        if job.variant.name != BASE.name or not len(places):
            continue
        for criterion, locality, best in winners(job.claim, values):
            counts = sorted(
                Counter(filter(None, best)).items(), key=lambda item: (-item[1], item[0])
            )
            for winner, count in counts:
                writer.writerow([job.claim.id, criterion, job.set.name, locality, winner, count])
    return out.getvalue()


def tables(
    plan: ClaimPlan, found: Mapping[str, tuple[ClaimJob, list[UnitResult]]]
) -> dict[str, str]:
    """The tables of all claims: name of the file -> CSV."""
    made = {}
    for claim in plan.claims:
        own = {
            (job.set.name, job.variant.name): (job, outcomes)
            for job, outcomes in found.values()
            if job.claim.id == claim.id
        }
        made[f"{TABLES}/{claim.id}.csv"] = claim_table(claim, own)
    made[f"{TABLES}/{WINNERS}"] = winners_table(found)
    return made
