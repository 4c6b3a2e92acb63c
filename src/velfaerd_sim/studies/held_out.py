"""Patterns that nothing is fitted to: what the model does that nobody told it to do.

Each pattern has an instrument, and a published figure where one is known; where none is, the
reading is shown for judgement. Nothing here may be used to choose a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.measures import trajectories
from velfaerd_sim.measures.between_towns import town_spread
from velfaerd_sim.measures.clustering import clustering
from velfaerd_sim.measures.isolation import Response, response
from velfaerd_sim.measures.loneliness_scale import LONELY_FROM, tils_score
from velfaerd_sim.measures.recruitment import asked_share
from velfaerd_sim.measures.spells import by_tenure, spell_curve, spells
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, PARTICIPATING, RECOVERED, VOLUNTEERING

YEAR = 12
LOOKS = (1, 5, 10)
"""Years after month 0 at which the same citizens are looked at again."""
NATIONAL_ADULTS = 150_000
TENURE_COLUMNS = ("exhaustion", "ownership", "motivation")
NONE = "no figure found: shown for judgement"


@dataclass(frozen=True)
class Pattern:
    """A pattern that is held out.

    figure: what is published, or that nothing is; low, high: what counts as inside, where it is a
    number or an order.
    """

    id: str
    label: str
    unit: str
    question: str
    figure: str = NONE
    source: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def group(self) -> str:
        """The group of the pattern, H1 to H7."""
        return self.id.partition(".")[0]


def _of_years(stem: str, label: str, unit: str, question: str, **more: Any) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(f"{stem}_{y}y", f"{label}, {y} year{'s' * (y > 1)} apart", unit, question, **more)
        for y in LOOKS
    )


def _of_distances(stem: str, label: str, unit: str, question: str) -> tuple[Pattern, ...]:
    contested = "Cacioppo, Fowler & Christakis 2009: spread along ties, contested; zero allowed"
    return tuple(
        Pattern(f"{stem}_{d}", f"{label}, distance {d}", unit, question, NONE, contested)
        for d in (1, 2, 3)
    )


_STABLE = "Mund et al. 2020 (doi 10.1177/1088868319850738): stable, as personality is; sign only"

PATTERNS: tuple[Pattern, ...] = (
    *_of_years(
        "H1.rank",
        "Rank stability of loneliness",
        "rank correlation",
        "Spearman's correlation of T-ILS scores of the same citizens",
        source=_STABLE,
    ),
    *_of_years(
        "H1.still_lonely",
        "Still lonely of the lonely",
        "share",
        "T-ILS of 7 or more at both looks, of those with it at the first (one year: fitted by T4)",
    ),
    *_of_years(
        "H1.newly_lonely",
        "Lonely of those who were not",
        "share",
        "T-ILS of 7 or more at the second look only (one year: fitted by T4)",
    ),
    *_of_distances(
        "H2.correlation",
        "Loneliness along ties",
        "correlation",
        "Correlation of loneliness over pairs of citizens at that distance in the network",
    ),
    *_of_distances(
        "H2.by_age",
        "The same by age alone",
        "correlation",
        "Mean correlation when loneliness is exchanged at random within age bands",
    ),
    *_of_distances(
        "H2.risk",
        "Lonely beside a lonely person",
        "relative risk",
        "Chance to be lonely when a person at that distance is, over that when the person is not",
    ),
    *_of_distances(
        "H2.risk_by_age",
        "The same by age alone",
        "relative risk",
        "Mean relative risk when loneliness is exchanged at random within age bands",
    ),
    Pattern("H3.lonely_sd", "Lonely adults between municipalities", "standard deviation",
            "Standard deviation of the share of lonely adults over 98 municipalities"),
    Pattern("H3.lonely_by_number", "Of that by small numbers alone", "standard deviation",
            "The same if the share were equal everywhere and only counting differed"),
    Pattern("H3.volunteers_low", "Volunteers, first decile of municipalities", "per 1000 adults",
            "A tenth of the municipalities have fewer"),
    Pattern("H3.volunteers_high", "Volunteers, ninth decile of municipalities", "per 1000 adults",
            "A tenth of the municipalities have more"),
    Pattern("H4.under_a_year", "Spells of volunteering under a year", "share",
            "One minus the Kaplan-Meier share after twelve months, over ten years (the first year "
            "is fitted by T7)"),
    Pattern("H4.median_months", "Median spell of volunteering", "months",
            "Months until half of those who begin have stopped"),
    Pattern("H4.over_three_years", "Spells of more than three years", "share",
            "Kaplan-Meier share after 36 months"),
    Pattern("H5.exhaustion", "Exhaustion of long-stayers less that of newcomers", "0-1",
            "Mean of those with two years and more less that of the first six months"),
    Pattern("H5.ownership", "Ownership of long-stayers less that of newcomers", "0-1",
            "The same for ownership of the work, the model's word for identity as a volunteer"),
    Pattern("H5.motivation", "Motivation of long-stayers less that of newcomers", "0-1",
            "The same for autonomous motivation"),
    Pattern("H6.peak", "A year of isolation: most lonely adults more", "share",
            "Largest excess of the share of lonely adults over the same town without the crisis"),
    Pattern("H6.half_life", "A year of isolation: half-life of the return", "months",
            "Months after the year until half of the largest excess is left"),
    Pattern("H6.left_12", "A year of isolation: left after a year", "share of the peak",
            "Excess twelve months after the year over the largest"),
    Pattern("H6.left_24", "A year of isolation: left after two years", "share of the peak",
            "Excess 24 months after the year over the largest"),
    Pattern("H7.asked", "Newcomers who came by being asked", "share",
            "Share of those who look for a place who would not have without being asked by ties",
            "the most frequent way in: more than half", "VIVE 2020 (secondary)", 0.5, 1.0),
)  # fmt: skip
BY_ID = {pattern.id: pattern for pattern in PATTERNS}


def scores(simulation: Simulation) -> NDArray[np.int64]:
    """T-ILS score of every citizen now."""
    levels = simulation.population.citizens.loneliness.astype(np.float64)
    return np.array([tils_score.py_func(level) for level in levels])  # type: ignore[attr-defined]


def read_held_out(
    parameters: Mapping[str, float], *, adults: int = 5000, seed: int = 1, exchanges: int = 20
) -> dict[str, float]:
    """Every held-out pattern in one world under the status quo, by id.

    adults: of the town; exchanges: of the reference of clustering. The same arguments give the
    same readings.
    """
    base = load_scenario("baseline").with_(
        adults=adults, months=YEAR * max(LOOKS), seed=seed, parameters=parameters
    )
    simulation = Simulation(base)
    found = _clustering(simulation, exchanges, seed)
    before = scores(simulation)
    for years in LOOKS:
        simulation.run(YEAR * years - simulation.month)
        found |= _looked_at_again(before, scores(simulation), years)
    found |= _spells(simulation) | _by_tenure(simulation)
    found["H7.asked"] = _asked(simulation)
    national = load_scenario("denmark").with_(
        adults=max(NATIONAL_ADULTS, adults), months=YEAR, seed=seed, parameters=parameters
    )
    return found | _isolation(base) | _between_towns(national)


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
    state, p = simulation.population, simulation.parameters
    people, ties = state.citizens, state.ties
    active = state.volunteers[state.volunteers["citizen"] != FREE]
    asked = np.zeros(len(people.loneliness))
    for row in active:
        own = slice(ties.offsets[row["citizen"]], ties.offsets[row["citizen"] + 1])
        asked[ties.neighbours[own]] += row["motivation"] - p["asking_threshold"]
    weight = np.where(people.flags & RECOVERED, p["peer_factor"], 1.0)
    weight[(people.flags & (PARTICIPATING | VOLUNTEERING)) > 0] = 0.0
    loneliness = people.loneliness.astype(np.float64)
    return asked_share(
        asked, loneliness, weight, float(p["asking_effect"]), float(p["lonely_stay_away"])
    )


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
