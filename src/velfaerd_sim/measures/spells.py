"""Spells of volunteering: how long they last, and how long-stayers differ from newcomers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.measures.retention import SurvivalCurve, kaplan_meier
from velfaerd_sim.population.schema import FREE

NEW, LONG = int(defaults()["newcomer_months"]), 2 * YEAR
TENURE_CLASSES = (("newcomers", 0, NEW), ("settled", NEW, LONG), ("long-stayers", LONG, 10_000))
"""Name, first month of tenure, first month beyond; newcomers as the model has them."""


@dataclass(frozen=True)
class Spells:
    """How long a spell that begins now will last.

    under_a_year: share that ends within twelve months; median_months: until half have ended (NaN
    where more than half outlast what is counted); over_three_years: share that lasts longer.
    """

    under_a_year: float
    median_months: float
    over_three_years: float


def spell_curve(at_risk: NDArray[Any], ended: NDArray[Any], first: int) -> SurvivalCurve:
    """Survival of spells by months, pooled over municipalities and the rows from `first` on.

    at_risk, ended: int32 (municipalities, rows, tenures); the last tenure, which holds all longer
    ones, is left out.
    """
    counts = (table[:, first:, :-1].sum(axis=(0, 1), dtype=np.int64) for table in (at_risk, ended))
    return kaplan_meier(*counts)


def spells(curve: SurvivalCurve) -> Spells:
    """The length of spells read off their survival curve."""
    share = curve.share
    below = np.flatnonzero(share <= 0.5)
    median = float("nan")
    if len(below):
        k = int(below[0])
        fall = share[k - 1] - share[k]
        median = k - 1 + float((share[k - 1] - 0.5) / fall) if fall > 0.0 else float(k)
    return Spells(1.0 - float(share[YEAR]), median, float(share[3 * YEAR]))


def by_tenure(volunteers: NDArray[Any], columns: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Means of volunteers' columns by class of tenure, with their number as `count`.

    volunteers: rows of the entity; empty rows are left out. A class without anyone has NaN.
    """
    rows = volunteers[volunteers["citizen"] != FREE]
    result: dict[str, dict[str, float]] = {}
    for name, first, beyond in TENURE_CLASSES:
        own = rows[(rows["tenure_months"] >= first) & (rows["tenure_months"] < beyond)]
        means = {c: float(own[c].mean()) if len(own) else float("nan") for c in columns}
        result[name] = {"count": float(len(own)), **means}
    return result
