"""Which design of a trial to choose: by what it may cost, what it must reach, and its honesty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from velfaerd_sim.studies.trial.study import Budget

COVERED, BIASED = 0.9, 0.1
"""A design is not recommended whose 95 % intervals hold the truth less often than the first and
whose bias is more than the second, as a share of the effect."""
ENOUGH, TOO_WEAK, TOO_DEAR, DISHONEST = "enough", "too_weak", "too_dear", "dishonest"


def honest(row: Mapping[Any, Any]) -> bool:
    """Whether what a design finds can be taken for the truth. row: of power.parquet."""
    return bool(row["coverage"] >= COVERED or abs(row["bias"]) <= BIASED * abs(row["effect"]))


@dataclass(frozen=True)
class Choice:
    """The recommended design, a row of power.parquet, and how it stands.

    verdict: 'enough', the cheapest that reaches the power; 'too_weak', none within the budget does,
    the strongest; 'too_dear', none is within the budget, the cheapest; 'dishonest', all are biased
    so much that their intervals miss the truth, the one that does least.
    """

    row: dict[str, Any]
    verdict: str


def recommended(power: pd.DataFrame, budget: Budget) -> Choice:
    """The design to choose under a budget. power: rows of power.parquet, at least one."""
    good = power[[honest(row) for row in power.to_dict("records")]]
    if not len(good):
        return _first(power, ["coverage", "power"], [False, False], DISHONEST)
    order = ["staff_hours", "months", "municipalities", "n"]
    affordable = good
    if budget.staff_hours is not None:
        affordable = good[good["staff_hours"] <= budget.staff_hours]
    if not len(affordable):
        return _first(good, order, [True] * 4, TOO_DEAR)
    strong = affordable[affordable["power"] >= budget.power]
    if len(strong):
        return _first(strong, order, [True] * 4, ENOUGH)
    return _first(affordable, ["power", "staff_hours"], [False, True], TOO_WEAK)


def _first(power: pd.DataFrame, by: list[str], ascending: list[bool], verdict: str) -> Choice:
    row = power.sort_values(by, ascending=ascending, kind="stable").iloc[0]
    return Choice({str(key): value for key, value in row.to_dict().items()}, verdict)
