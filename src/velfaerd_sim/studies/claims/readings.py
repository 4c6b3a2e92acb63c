"""Readings of a claim: which numbers its runs must give, in a fixed order.

A reading is a measure of one arm, in one locality, over a window of months. Everything else about
a claim (effects, verdicts) is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.studies.claims.claims import ROUTE_CELLS, Claim, ClaimCriterion

SPREAD = "cohort_spread"
TABLE = "route_table"


@dataclass(frozen=True, order=True)
class ArmReading:
    """A measure of an arm in a locality over the months first .. last; cell: of a table, else 0."""

    locality: str
    arm: str
    measure: str
    first: int
    last: int
    cell: int = 0

    @property
    def column(self) -> str:
        """Its name as a column."""
        where = f"{self.locality}/{self.arm}" if self.locality else self.arm
        cell = f".{self.cell}" if self.measure == TABLE else ""
        return f"{where}/{self.measure}{cell}/{self.first}-{self.last}"


def steps(claim: Claim, criterion: ClaimCriterion) -> tuple[tuple[int, int], ...]:
    """The steps into which the window of a criterion that looks at time is cut."""
    size = claim.step or 6
    first, last = criterion.window
    return tuple((month, month + size - 1) for month in range(first, last - size + 2, size))


def swing_arms() -> tuple[str, ...]:
    """The factors that are moved one at a time: instruments and the gap."""
    return (*INSTRUMENTS, "gap")


def readings(claim: Claim) -> tuple[ArmReading, ...]:
    """All readings of a claim, each once, in the order in which criteria ask for them."""
    found: dict[ArmReading, None] = {}
    for criterion in claim.criteria:
        for reading in _wanted(claim, criterion):
            found[reading] = None
    return tuple(found)


def _wanted(claim: Claim, criterion: ClaimCriterion) -> Iterator[ArmReading]:
    measure, (first, last) = criterion.measure, criterion.window
    if criterion.how == "regret":
        for place in claim.localities:
            for arm in claim.arms:
                yield ArmReading(place.name, arm.name, measure, first, last)
    elif criterion.how == "largest_swing":
        for name in swing_arms():
            for end in (0, 1):
                yield ArmReading("", f"{name}_{end}", measure, first, last)
    elif criterion.how == "table":
        for cell in range(ROUTE_CELLS):
            yield ArmReading("", criterion.of[0], measure, first, last, cell)
    elif criterion.how in ("delay", "half_time"):
        arms = [*criterion.of, *criterion.against]
        if criterion.how == "delay":
            arms.append(criterion.rival)
        else:
            yield ArmReading("", criterion.of[0], measure, 0, 0)
        for name in arms:
            for start, end in steps(claim, criterion):
                yield ArmReading("", name, measure, start, end)
    else:
        for name in (*criterion.of, *criterion.against):
            yield ArmReading("", name, measure, first, last)
        if criterion.how == "standardised":
            for name in criterion.against:
                yield ArmReading("", name, SPREAD, first, last)
