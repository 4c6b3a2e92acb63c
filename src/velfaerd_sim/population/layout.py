"""The tables of a population, and where each municipality stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

import numpy as np

from velfaerd_sim.compiled import in_python
from velfaerd_sim.curves import exponential, logarithm
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS as KINDS
from velfaerd_sim.inputs.regimes import DEPARTMENTS, INSTRUMENTS
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.population.schema import (
    CITIZEN,
    DEPARTMENT_TYPE,
    INITIATIVE_TYPE,
    PARTICIPATION_TYPE,
    REMEMBERED_MONTHS,
    REVIEW_MEMORY,
    ROUTES,
    STAFF_TYPE,
    TOWN_TYPE,
    VOLUNTEER_TYPE,
    Citizens,
    Population,
    Records,
    Ties,
)
from velfaerd_sim.population.traits import log_normal
from velfaerd_sim.randomness import TOWN_LONELINESS, centred, key_of, words

FEWEST_STAFF, FEWEST_SLOTS = 2, 2
"""A head and a consultant, and two initiatives, in the smallest municipality."""
_PLACED = ("citizen", "staff", "initiative", "volunteer", "participation")


def write_levels(
    towns: np.ndarray[Any, Any], scenario: Scenario, values: Mapping[str, float]
) -> None:
    """Write how each municipality differs from the others, into its row.

    Where the scenario has local variation: a factor of mean about 1 with the spread of the
    parameter, times the size over the mean size, raised to an elasticity. A factor that the
    scenario sets for the municipality holds instead. Both are times the factor of all places.
    """
    mean = scenario.adults / len(scenario.towns)
    draws, factor, number = in_python(words), in_python(log_normal), in_python(centred)
    power, log = in_python(exponential), in_python(logarithm)
    differ = {
        "loneliness_level": (values["town_loneliness_spread"], 0.0),
        "volunteering_tradition": (
            values["town_volunteering_spread"],
            values["volunteering_size_elasticity"],
        ),
        "hours_level": (values["town_hours_spread"], values["hours_size_elasticity"]),
    }
    for row, town in zip(towns, scenario.towns, strict=True):
        drawn = draws(key_of(scenario.seed, town.code), TOWN_LONELINESS, 0, 0)
        for (name, (spread, elasticity)), word in zip(differ.items(), drawn, strict=False):
            own = getattr(town, name)
            if own is not None:
                row[name] = own
            elif scenario.local_variation:
                row[name] = factor(number(word), spread) * power(
                    elasticity * log(town.adults / mean)
                )
            else:
                row[name] = 1.0
        row["loneliness_level"] *= values["loneliness_level_factor"]
        row["volunteering_tradition"] *= values["volunteering_level_factor"]


def _layout(scenario: Scenario, values: dict[str, float]) -> np.ndarray[Any, Any]:
    """Municipality rows with the place of each in the other tables."""
    towns = np.zeros(len(scenario.towns), TOWN_TYPE)
    places = np.zeros(len(_PLACED), np.int64)
    fewest = int(values["fewest_participation_slots"])
    for m, town in enumerate(scenario.towns):
        slots = max(FEWEST_SLOTS, ceil(values["initiative_slots_per_1000"] * town.adults / 1000.0))
        sizes = (
            town.adults,
            max(FEWEST_STAFF, round(town.adults / values["adults_per_staff"])),
            slots,
            slots * ceil(values["volunteers_per_initiative"]),
            max(fewest, ceil(values["participation_slots_share"] * town.adults)),
        )
        row = towns[m]
        row["code"], row["kind"] = town.code, KINDS.index(town.kind)
        for name, place in zip(_PLACED, places, strict=True):
            row[f"first_{name}"] = place
        counts = ("adults", "staff", "initiative_slots", "volunteer_slots", "participation_slots")
        for name, size in zip(counts, sizes, strict=True):
            row[name] = size
        row["capacity"] = row["served_dialogue"] = values["initial_capacity"]
        row["served_first"] = 1.0
        places += sizes
    write_levels(towns, scenario, values)
    return towns


def _rows(towns: np.ndarray[Any, Any], name: str, size: str) -> int:
    return int(towns[-1][f"first_{name}"] + towns[-1][size])


def allocate(scenario: Scenario) -> Population:
    """The tables of a scenario's population, with municipalities laid out and nobody in them."""
    towns = _layout(scenario, scenario.parameter_values())
    count = len(towns)
    adults = _rows(towns, "citizen", "adults")
    per_town = len(DEPARTMENTS)
    population = Population(
        towns=towns,
        departments=np.zeros(count * per_town, DEPARTMENT_TYPE),
        staff=np.zeros(_rows(towns, "staff", "staff"), STAFF_TYPE),
        initiatives=np.zeros(_rows(towns, "initiative", "initiative_slots"), INITIATIVE_TYPE),
        volunteers=np.zeros(_rows(towns, "volunteer", "volunteer_slots"), VOLUNTEER_TYPE),
        participations=np.zeros(
            _rows(towns, "participation", "participation_slots"), PARTICIPATION_TYPE
        ),
        citizens=Citizens(*(np.zeros(adults, column.dtype) for column in CITIZEN)),
        ties=Ties(np.zeros(adults + count, np.int32), np.zeros(0, np.int32)),
        records=Records(
            route_starts=np.zeros((count * per_town, REMEMBERED_MONTHS, len(ROUTES)), np.int32),
            attitude=np.zeros((count * per_town, len(ROUTES))),
            policy_shift=np.zeros((count, len(INSTRUMENTS))),
            policy_trial=np.zeros((count, len(INSTRUMENTS))),
            policy_figure=np.zeros((count, len(REVIEW_MEMORY))),
        ),
    )
    population.departments["town"] = np.repeat(np.arange(count), per_town)
    return population
