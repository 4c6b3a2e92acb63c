"""Readings: what the model answers to the question of every target, under the status quo.

One call simulates a few stylised towns with the age mix of Denmark and asks them all. The same seed
gives every parameter set the same people and the same draws, so that readings of two parameter sets
differ by the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import AGE_BANDS, ANSWERS, age_shares, municipalities
from velfaerd_sim.inputs.regimes import STATUS_QUO, YEAR
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.targets import BY_ID, TARGETS
from velfaerd_sim.inputs.towns import Town, danish_towns
from velfaerd_sim.measures import age_profile, questionnaire, volunteer_survey
from velfaerd_sim.measures.retention import kaplan_meier
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.trial import randomised_referral
from velfaerd_sim.population.schema import FREE, ROUTES

STATIONARY_SHARE = 0.096
"""The share lonely of 2023, for the line of onset and recovery (T4)."""
MONTHS_OF_STARTS = 60
"""Months over which starts are expected: heads look back 36, more have less chance in them."""
TRIAL_SHARE = 0.2
"""Of the eligible, offered company in the trials of T12 and T13."""
OTHER_REGIME = "facilitative_dialogue"
EFFECTS = ("effect.motivation_mean", "effect.retention_12m", "effect.lonely_share")
"""Differences that governance makes, read beside the figures: OTHER_REGIME minus the status quo in
the last year that the towns are asked over, with the same people and draws."""
_NAN = float("nan")


def read(
    parameters: Mapping[str, float],
    *,
    adults: int = 20_000,
    replicates: int = 4,
    seed: int = 1,
    months: int = 24,
) -> dict[str, float]:
    """The model's answer to every target, by the target's id.

    parameters: on top of the defaults; adults: of each of `replicates` towns; months: over which
    the towns are asked, after the burn-in. NaN where there is nobody to ask. Raises InputError for
    parameters out of range.
    """
    simulation = Simulation(scenario_of(parameters, adults, replicates, seed, months))
    simulation.run(months)
    return ask(simulation)


def read_with_effects(
    parameters: Mapping[str, float],
    *,
    adults: int = 20_000,
    replicates: int = 4,
    seed: int = 1,
    months: int = 24,
) -> dict[str, float]:
    """The model's answer to every target, and the differences in EFFECTS; arguments as `read`."""
    simulation = Simulation(scenario_of(parameters, adults, replicates, seed, months))
    other = simulation.fork(OTHER_REGIME)
    simulation.run(months)
    other.run(months)
    there, here = _last_year(other), _last_year(simulation)
    apart = (there[k] - here[k] for k in range(len(EFFECTS)))
    return ask(simulation) | dict(zip(EFFECTS, apart, strict=True))


def _last_year(simulation: Simulation) -> tuple[float, float, float]:
    """Motivation, 12-month retention and the share lonely in the last year: of EFFECTS."""
    end = simulation.scenario.burn_in_months + simulation.month + 1
    rows = slice(end - YEAR, end)
    totals = {
        name: float(simulation.tallies[name][:, rows].sum())
        for name in ("motivation", "volunteers", "lonely", "adults")
    }
    at_risk = simulation.at_risk[:, rows, :YEAR].sum(axis=(0, 1))
    ended = simulation.ended[:, rows, :YEAR].sum(axis=(0, 1))
    return (
        _divide(totals["motivation"], totals["volunteers"]),
        float(kaplan_meier(at_risk, ended).share[-1]),
        _divide(totals["lonely"], totals["adults"]),
    )


def scenario_of(
    parameters: Mapping[str, float], adults: int, replicates: int, seed: int, months: int
) -> Scenario:
    """Towns alike but for their people, under the status quo."""
    towns = tuple(
        Town(code=n, name=f"Town {n}", kind="provincial_city", adults=adults)
        for n in range(1, replicates + 1)
    )
    return load_scenario("baseline").with_(
        towns=towns, regime=STATUS_QUO, months=months, seed=seed, parameters=parameters
    )


def ask(simulation: Simulation) -> dict[str, float]:
    """Ask a simulation that has run for some months; it is left as it is."""
    totals = _Totals(simulation)
    found = _loneliness(totals) | _volunteering(totals, simulation)
    found |= _routes(simulation) | _intentions(simulation) | _trials(simulation)
    found["T14.substitution"] = totals.ratio("substitution", "initiatives")
    found["T15.sizes"] = _difference_in_sizes()
    bands = totals.bands("adults")
    found["T15.age_mix"] = float(np.abs(bands / bands.sum() - age_shares()).max())
    return {target.id: float(found[target.id]) for target in TARGETS}


class _Totals:
    """Sums of the tallies over municipalities and the months after the burn-in."""

    def __init__(self, simulation: Simulation) -> None:
        self.first = simulation.scenario.burn_in_months + 1
        self.last = simulation.scenario.burn_in_months + simulation.month
        self._tallies = simulation.tallies

    def __getitem__(self, name: str) -> float:
        return float(self._tallies[name][:, self.first : self.last + 1].sum())

    def a_year_before(self, name: str) -> float:
        rows = slice(max(0, self.first - YEAR), max(0, self.last + 1 - YEAR))
        return float(self._tallies[name][:, rows].sum())

    def ratio(self, above: str, below: str) -> float:
        return _divide(self[above], self[below])

    def bands(self, what: str) -> Any:
        return np.array([self[f"{what}_band_{band}"] for band in range(len(AGE_BANDS))])


def _divide(above: float, below: float) -> float:
    return above / below if below != 0.0 else _NAN


def _loneliness(totals: _Totals) -> dict[str, float]:
    lonely, adults = totals.bands("lonely"), totals.bands("adults")
    old = list(age_profile.OLD)
    chances = age_profile.chances_by_age(lonely[old], adults[old])
    onset = _divide(totals["onsets"], totals["adults"] - totals["lonely_a_year_ago"])
    recovery = totals.ratio("recoveries", "lonely_a_year_ago")
    line = onset * (1.0 - STATIONARY_SHARE) / STATIONARY_SHARE
    return {
        "T1.lonely_share": totals.ratio("lonely", "adults"),
        "T2.age_16_24": _divide(lonely[0], adults[0]),
        "T2.age_25_34": _divide(lonely[1], adults[1]),
        "T2.age_35_plus": age_profile.pooled_share(lonely[2:], adults[2:]),
        "T3.age_65_79": age_profile.share_between(chances, 65.0, 80.0),
        "T3.age_80_plus": age_profile.share_between(chances, 80.0),
        "T3.age_90_plus": age_profile.share_between(chances, 90.0),
        "T4.onset": onset,
        "T4.recovery": recovery,
        "T4.line": recovery - line,
    }


def _volunteering(totals: _Totals, simulation: Simulation) -> dict[str, float]:
    active = totals["volunteers"] - totals["joins"]
    forms = float(simulation.population.departments["administration"].mean())
    with_people = (1.0 - forms) * (1.0 - simulation.parameters["preparation_share"])
    rows = slice(totals.first, totals.last + 1)
    at_risk = simulation.at_risk[:, rows, :YEAR].sum(axis=(0, 1))
    ended = simulation.ended[:, rows, :YEAR].sum(axis=(0, 1))
    stayed = _divide(totals["volunteers_over_12_months"], totals.a_year_before("volunteers"))
    return {
        "T5.volunteer_share": totals.ratio("volunteers", "adults"),
        "T6.hours": _divide(totals["contact_hours"], active * with_people),
        "T7.retention": float(kaplan_meier(at_risk, ended).share[-1]),
        "T8.association_share": totals.ratio("affiliated_volunteers", "volunteers"),
        "T10.felt_bureaucracy": totals.ratio("felt_bureaucracy", "volunteers"),
        "V1.stock_retention": stayed,
    }


def _routes(simulation: Simulation) -> dict[str, float]:
    table = questionnaire.expected_table(
        surveys.start_rates(simulation, MONTHS_OF_STARTS),
        questionnaire.danish_departments(),
        simulation.scenario.seed,
        simulation.parameters,
    )
    return {
        f"T9.{route}.{answer}": float(table[i, j]) / 100.0
        for i, route in enumerate(ROUTES)
        for j, answer in enumerate(ANSWERS)
    }


def _intentions(simulation: Simulation) -> dict[str, float]:
    asked = surveys.volunteers_now(simulation)
    noise = float(simulation.parameters["intention_noise"])
    threshold = float(simulation.parameters["intention_threshold"])
    if len(asked.town) == 0:
        names = ("T10.odds_ratio", "T10.continue_share", "T11.autonomous", "T11.controlled")
        return dict.fromkeys(names, _NAN)
    chances = volunteer_survey.continuing_chances(asked.leaving_log_odds, noise, threshold)
    first, second = volunteer_survey.standardised_paths(
        -asked.leaving_log_odds, asked.autonomous, asked.controlled, noise
    )
    return {
        "T10.odds_ratio": volunteer_survey.odds_ratio(chances, asked.felt),
        "T10.continue_share": float(chances.mean()),
        "T11.autonomous": first,
        "T11.controlled": second,
    }


def _trials(simulation: Simulation) -> dict[str, float]:
    effects = {}
    usual = simulation.fork()
    usual.run(YEAR)
    for form in ("one_to_one", "group"):
        try:
            found = randomised_referral(simulation, form, YEAR, TRIAL_SHARE, usual)
            effects[form] = found.effect_sd
        except InputError:  # nobody is eligible, or no initiative of the format runs
            effects[form] = _NAN
    taken = simulation.population.participations["citizen"] != FREE
    paired = simulation.population.participations["companion"] != FREE
    pairs = _divide(float(np.sum(taken & paired)), float(np.sum(taken)))
    return {
        "T12.befriending": effects["one_to_one"],
        "T13.social_support": -(pairs * effects["one_to_one"] + (1.0 - pairs) * effects["group"]),
        "T13.social_interaction": -effects["group"],
    }


@cache
def _difference_in_sizes() -> float:
    """Largest difference between a municipality's share of adults here and of people there."""
    here = {town.code: town.adults for town in danish_towns()}
    there = {one.code: one.population for one in municipalities()}
    total = sum(here.values()), sum(there.values())
    return max(abs(here.get(code, 0) / total[0] - there[code] / total[1]) for code in there)


def read_frame(
    parameters: Mapping[str, float],
    seeds: Iterable[int],
    *,
    adults: int = 20_000,
    replicates: int = 4,
    months: int = 24,
) -> pd.DataFrame:
    """Readings of one parameter set with several seeds: a row a seed, a column a target."""
    size = {"adults": adults, "replicates": replicates, "months": months}
    rows = {seed: read(parameters, seed=seed, **size) for seed in seeds}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("seed")


def noise(readings: pd.DataFrame) -> dict[str, float]:
    """Standard deviation of each reading between seeds, on the scale of the target's transform."""
    return {
        name: float(np.std(BY_ID[name].transformed(readings[name].to_numpy(float)), ddof=1))
        for name in map(str, readings.columns)
    }
