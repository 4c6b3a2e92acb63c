"""Patterns that nothing is fitted to: what the model does that nobody told it to do.

Each pattern has an instrument, and a published figure where one is known; where none is, the
reading is shown for judgement. Nothing here may be used to choose a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import in_python
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.instruments.patterns import YEARS_LATER
from velfaerd_sim.instruments.signs import read_signs, read_staying
from velfaerd_sim.measures import trajectories
from velfaerd_sim.measures.between_towns import town_spread
from velfaerd_sim.measures.clustering import clustering
from velfaerd_sim.measures.isolation import Response, response
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.measures.recruitment import asked_share
from velfaerd_sim.measures.spells import by_tenure, spell_curve, spells
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.surveys import parameters_of
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import FREE, PARTICIPATING, RECOVERED, VOLUNTEERING
from velfaerd_sim.processes.matching import asking

NATIONAL_ADULTS = 150_000
TENURE_COLUMNS = ("exhaustion", "ownership", "motivation")


def scores(simulation: Simulation) -> NDArray[np.int64]:
    """T-ILS score of every citizen now."""
    found: NDArray[np.int64] = tils_scores(simulation.population.citizens.loneliness)
    return found


def read_held_out(
    parameters: Mapping[str, float], *, adults: int = 5000, seed: int = 1, exchanges: int = 20
) -> dict[str, float]:
    """Every held-out pattern in one world under the status quo, by id.

    adults: of the town; exchanges: of the reference of clustering. The same arguments give the
    same readings.
    """
    base = load_scenario("baseline").with_(
        adults=adults, months=YEAR * max(YEARS_LATER), seed=seed, parameters=parameters
    )
    simulation = Simulation(base)
    found = _clustering(simulation, exchanges, seed)
    before = scores(simulation)
    for years in YEARS_LATER:
        simulation.run(YEAR * years - simulation.month)
        same = ~simulation.entered_since(0)
        found |= _looked_at_again(before[same], scores(simulation)[same], years)
    found |= _spells(simulation) | _by_tenure(simulation)
    found["H7.asked"] = _asked(simulation)
    national = load_scenario("denmark").with_(
        adults=max(NATIONAL_ADULTS, adults), months=YEAR, seed=seed, parameters=parameters
    )
    found |= _isolation(base) | _between_towns(national)
    return found | read_signs(parameters, adults, seed) | read_staying(parameters, adults, seed)


def _looked_at_again(before: Any, after: Any, years: int) -> dict[str, float]:
    moved = trajectories.transitions(before >= LONELY_FROM, after >= LONELY_FROM)
    return {
        f"H1.rank_{years}y": trajectories.rank_stability(before, after),
        f"H1.still_lonely_{years}y": moved.still_lonely,
        f"H1.newly_lonely_{years}y": moved.newly_lonely,
    }


def _clustering(simulation: Simulation, exchanges: int, seed: int) -> dict[str, float]:
    people, ties = simulation.population.citizens, simulation.population.ties
    found = {}
    lonely = scores(simulation) >= LONELY_FROM
    for one in clustering(
        ties.offsets,
        ties.neighbours,
        people.loneliness,
        lonely,
        people.age_band,
        exchanges=exchanges,
        seed=seed,
    ):
        found[f"H2.correlation_{one.distance}"] = one.correlation
        found[f"H2.by_age_{one.distance}"] = one.chance_correlation[0]
        found[f"H2.risk_{one.distance}"] = one.relative_risk
        found[f"H2.risk_by_age_{one.distance}"] = one.chance_risk[0]
    return found


def _spells(simulation: Simulation) -> dict[str, float]:
    first = simulation.scenario.burn_in_months + 1
    last = first + simulation.month
    found = spells(spell_curve(simulation.at_risk[:, :last], simulation.ended[:, :last], first))
    return {
        "H4.under_a_year": found.under_a_year,
        "H4.median_months": found.median_months,
        "H4.over_three_years": found.over_three_years,
    }


def _by_tenure(simulation: Simulation) -> dict[str, float]:
    found = by_tenure(simulation.population.volunteers, TENURE_COLUMNS)
    return {
        f"H5.{name}": found["long-stayers"][name] - found["newcomers"][name]
        for name in TENURE_COLUMNS
    }


def _asked(simulation: Simulation) -> float:
    """The share that came by being asked, now; as the rule of recruitment has it."""
    state, p = simulation.population, parameters_of(simulation)
    people, ties = state.citizens, state.ties
    active = state.volunteers[state.volunteers["citizen"] != FREE]
    asked = np.zeros(len(people.loneliness))
    for row in active:
        own = slice(ties.offsets[row["citizen"]], ties.offsets[row["citizen"] + 1])
        asked[ties.neighbours[own]] += in_python(asking)(row["motivation"], p)
    weight = np.where(people.flags & RECOVERED, p.peer_factor, 1.0)
    weight[(people.flags & (PARTICIPATING | VOLUNTEERING)) > 0] = 0.0
    loneliness = people.loneliness.astype(np.float64)
    return asked_share(asked, loneliness, weight, p.asking_effect, p.lonely_stay_away)


def _isolation(base: Scenario) -> dict[str, float]:
    found = isolated(base)
    return {
        "H6.peak": found.peak,
        "H6.half_life": found.half_life_months,
        "H6.left_12": found.left_after_12,
        "H6.left_24": found.left_after_24,
    }


def isolated(base: Scenario) -> Response:
    """The response of a town to the year of isolation of the scenario `crisis`."""
    crisis = load_scenario("crisis")
    (lockdown,) = (shock for shock in crisis.shocks if shock.kind == "lockdown")
    lasting = int(lockdown.to_dict()["months"])
    last = lockdown.month + lasting + 60
    share = []
    for shocks in (crisis.shocks, ()):
        simulation = Simulation(base.with_(shocks=shocks, months=last))
        simulation.run(last)
        tally = simulation.tallies[:, simulation.scenario.burn_in_months :]
        share.append(tally["lonely"].sum(axis=0) / tally["adults"].sum(axis=0))
    return response((share[0] - share[1])[lockdown.month - 1 :], lasting)


def _between_towns(national: Scenario) -> dict[str, float]:
    simulation = Simulation(national)
    simulation.run(national.months)
    last = simulation.tallies[:, -YEAR:]
    adults = last["adults"].mean(axis=1)
    lonely = town_spread(last["lonely"].mean(axis=1), adults)
    volunteers = town_spread(last["volunteers"].mean(axis=1), adults)
    return {
        "H3.lonely_sd": lonely.sd,
        "H3.lonely_by_number": lonely.by_number,
        "H3.volunteers_low": 1000.0 * volunteers.low,
        "H3.volunteers_high": 1000.0 * volunteers.high,
    }
