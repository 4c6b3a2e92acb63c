"""A place's figures, asked of a simulation: the same definitions as a municipality would use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from velfaerd_sim.inputs.evidence import ANSWERS, ROUTES
from velfaerd_sim.inputs.regimes import DEPARTMENTS, YEAR
from velfaerd_sim.inputs.stated import SCORES
from velfaerd_sim.measures import questionnaire
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation

MONTHS = 24
"""Months under the governance of today before the figures are read, over the last twelve."""
_HEADS = 40
"""Towns' worth of heads who are drawn for the expected answers."""
_ROUTE = "route."


def figures_of(simulation: Simulation, ids: Sequence[str], adults: int) -> list[float]:
    """The figures of these ids over the last twelve months; NaN where there is nothing to count.

    Counts are over adults, per 1 000 of them where `places.KINDS` says so. adults: of the true
    place, whose heads are asked about routes.
    """
    last = simulation.scenario.burn_in_months + simulation.month + 1
    rows = slice(last - YEAR, last)
    totals = {
        name: float(simulation.tallies[name][:, rows].sum())
        for name in ("adults", "volunteers", "leaves", "lonely", "initiatives", "waiting")
    }
    persons = totals["adults"]
    found = {
        "volunteers": totals["volunteers"] / persons,
        "volunteers_left": YEAR * totals["leaves"] / persons,
        "lonely_share": totals["lonely"] / persons,
        "initiatives": 1000.0 * totals["initiatives"] / persons,
        "waiting": 1000.0 * totals["waiting"] / persons,
    }
    if any(id.startswith(_ROUTE) for id in ids):
        found |= _routes(simulation, adults)
    return [found[id] for id in ids]


def _routes(simulation: Simulation, adults: int) -> dict[str, float]:
    """How often heads say that each route is used, 0 to 3; of those who know."""
    table = questionnaire.expected_table(
        surveys.start_rates(simulation),
        np.full(_HEADS, adults / len(DEPARTMENTS)),
        simulation.scenario.seed,
        simulation.parameters,
    )
    known = [ANSWERS.index(answer) for answer in SCORES]
    scores = np.array(list(SCORES.values()))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = table[:, known] @ scores / table[:, known].sum(axis=1)
    return {f"{_ROUTE}{route}": float(mean) for route, mean in zip(ROUTES, means, strict=True)}
