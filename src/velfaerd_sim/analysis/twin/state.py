"""The state of the twin: means of initiatives, volunteers and staff as records of real numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.population import schema
from velfaerd_sim.population.schema import ROUTE_COUNT


def _continuous(columns: tuple[schema.StateColumn, ...]) -> np.dtype[Any]:
    """A record type with the same columns, all of them real numbers: means need no whole ones."""
    return np.dtype([(column.name, "f8") for column in columns])


TOWN, DEPARTMENT, STAFF, INITIATIVE, VOLUNTEER = map(
    _continuous,
    (schema.TOWN, schema.DEPARTMENT, schema.STAFF, schema.INITIATIVE, schema.VOLUNTEER),
)


class Twin(NamedTuple):
    """The state of a twin.

    town, department, staff: one record each; initiatives, volunteers: a record a route; running,
    members: numbers of initiatives and of volunteers per 1 000 adults, closed: share of volunteers
    who left last month as their initiative closed, float64 (routes,).
    """

    town: Any
    department: Any
    staff: Any
    initiatives: Any
    volunteers: Any
    running: Any
    members: Any
    closed: Any


def start(values: Mapping[str, float]) -> Twin:
    """Where the twin begins; after it has settled, nothing is left of it."""
    twin = Twin(
        np.zeros(1, TOWN),
        np.zeros(1, DEPARTMENT),
        np.zeros(1, STAFF),
        np.zeros(ROUTE_COUNT, INITIATIVE),
        np.zeros(ROUTE_COUNT, VOLUNTEER),
        np.full(ROUTE_COUNT, values["initial_initiatives_per_1000"] / ROUTE_COUNT),
        np.full(ROUTE_COUNT, 1000.0 * values["initial_volunteer_share"] / ROUTE_COUNT),
        np.zeros(ROUTE_COUNT),
    )
    twin.town["adults"] = 1000.0
    twin.staff["skill"] = values["entry_skill"]
    twin.staff["satisfaction"] = values["entry_satisfaction"]
    twin.town["mean_skill"] = values["entry_skill"]
    twin.initiatives["running"] = 1.0
    twin.initiatives["route"] = np.arange(ROUTE_COUNT)
    for name in ("fit", "quality", "backing", "influence", "promised", "authorship"):
        twin.initiatives[name] = 0.5
    weights = {
        "autonomy": values["autonomy_weight"],
        "competence": values["competence_weight"],
        "relatedness": 1.0,
    }
    for need, weight in weights.items():
        twin.volunteers[f"weight_{need}"] = weight / sum(weights.values())
        twin.volunteers[need] = values["initial_need_level"]
    twin.volunteers["motivation"] = values["initial_need_level"]
    twin.volunteers["hours_factor"] = 1.0
    twin.volunteers["contact_hours"] = values["volunteer_hours"]
    return twin
