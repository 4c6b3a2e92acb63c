"""Surveys: what a simulation's heads and volunteers would answer if they were asked now.

Here rules of the processes meet the instruments of `measures`, which know no process.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import in_python
from velfaerd_sim.measures import volunteer_survey
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, REMEMBERED_MONTHS, ROUTES
from velfaerd_sim.population.traits import opening_rate
from velfaerd_sim.processes.initiatives import opening_factor
from velfaerd_sim.processes.volunteering import friends_felt, leaving_probability

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Volunteers:
    """The volunteers of all municipalities as a survey meets them; one value a person.

    town: row of the municipality; citizen: row within it; leaving_log_odds: by the rule of leaving
    in the present state, as of someone who is not new; felt: finds the setting too bureaucratic;
    autonomous, controlled: the two kinds of motivation.
    """

    town: NDArray[np.int64]
    citizen: NDArray[np.int64]
    leaving_log_odds: Array
    felt: NDArray[np.bool_]
    autonomous: Array
    controlled: Array


def parameters_of(simulation: Simulation) -> Any:
    """The parameters as attributes, for rules in their plain Python form."""
    record = simulation.parameters
    return SimpleNamespace(**dict(zip(record.dtype.names, record.item(), strict=True)))


def volunteers_now(simulation: Simulation) -> Volunteers:
    """Everyone who volunteers at the end of the month reached."""
    state, p = simulation.population, parameters_of(simulation)
    towns = state.towns
    slots = towns["volunteer_slots"]
    rows = state.volunteers
    taken = np.flatnonzero(rows["citizen"] != FREE)
    own = rows[taken]
    town = np.repeat(np.arange(len(towns)), slots)[taken]
    per_town = len(state.departments) // len(towns)
    setting = state.initiatives[towns["first_initiative"][town] + own["initiative"]]
    office = state.departments[per_town * town + setting["department"]]
    columns = (
        own["motivation"],
        own["controlled_motivation"],
        own["exhaustion"],
        own["ownership"],
        setting["strain"],
        own["felt_bureaucracy"],
        np.maximum(own["tenure_months"], ceil(p.newcomer_months)),  # being new is left out
        in_python(friends_felt)(own["friends"], p),
        setting["left"],
        office["rigidity"],
        office["training"],
    )
    chance_of = in_python(leaving_probability)
    persons = zip(*(column.tolist() for column in columns), strict=True)
    chances = np.array([chance_of(*person, p) for person in persons], np.float64)
    return Volunteers(
        town=town,
        citizen=own["citizen"].astype(np.int64),
        leaving_log_odds=np.log(chances / (1.0 - chances)),
        felt=own["felt_bureaucracy"] > 0.5,
        autonomous=own["motivation"].astype(np.float64),
        controlled=own["controlled_motivation"].astype(np.float64),
    )


def intentions(simulation: Simulation, asked: Volunteers) -> tuple[Array, NDArray[np.bool_]]:
    """Scores of intention to continue, and who says to continue, with each person's own noise."""
    p, towns = simulation.parameters, simulation.population.towns
    row = simulation.month + simulation.scenario.burn_in_months
    own = np.zeros(len(asked.town))
    for m, code in enumerate(towns["code"]):
        here = asked.town == m
        own[here] = volunteer_survey.own_noise(
            simulation.scenario.seed, int(code), row, asked.citizen[here]
        )
    noise = float(p["intention_noise"])
    scores = volunteer_survey.intention_scores(asked.leaving_log_odds, noise, own)
    return scores, scores > float(p["intention_threshold"])


def start_rates(simulation: Simulation, months: int = REMEMBERED_MONTHS) -> Array:
    """Expected starts a year per 1 000 adults over the last months; (municipalities, 6).

    What the rule of opening makes of each month's state, for a head who is as fond of the route as
    most: the mean of the starts that are drawn, without the chance of the draw. Openness and rules
    are the departments' of the last month.
    """
    state, p = simulation.population, parameters_of(simulation)
    last = simulation.month + simulation.scenario.burn_in_months
    tallies = simulation.tallies[:, max(1, last + 1 - months) : last + 1]
    towns = state.towns
    per_town = len(state.departments) // len(towns)

    def present(name: str) -> Array:
        values: Array = state.departments[name].reshape(len(towns), per_town).mean(axis=1)
        return values[:, None]

    def ratio(above: str, below: str, otherwise: Array) -> Array:
        some = tallies[below] > 0.0
        return np.where(some, tallies[above] / np.where(some, tallies[below], 1.0), otherwise)

    dialogue = ratio("dialogue_enacted", "initiatives", present("enacted_dialogue"))
    ownership = ratio("ownership", "volunteers", towns["mean_ownership"][:, None])
    room = 1.0 - tallies["initiatives"] / np.maximum(1, towns["initiative_slots"])[:, None]
    rates = np.zeros((len(towns), len(ROUTES)))
    factor, rate = in_python(opening_factor), in_python(opening_rate)
    for route in range(len(ROUTES)):
        moved = factor(
            route,
            tallies["capacity"],
            dialogue,
            present("openness"),
            present("rigidity"),
            ownership,
            p,
        )
        rates[:, route] = rate(route, p) * (moved * room).mean(axis=1)
    return rates
