"""What a survey would find: the model as the world, asked as people would be asked.

A survey is made where governance is as it is now. The questions are those of the model's own
instruments; who is asked and what they make of it is drawn anew for every world, so that a finding
holds as much chance as it would in reality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.surveys import DIARY, PANEL, TRIAL, VOLUNTEERS, Survey
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.instruments.readings import TRIAL_SHARE
from velfaerd_sim.measures import volunteer_survey
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.trial import randomised_referral

HOURS = ("hours_contact", "hours_rules", "hours_agreements", "hours_dialogue")
FINDINGS: Mapping[str, tuple[str, ...]] = {
    VOLUNTEERS: ("continue_share", "felt_share", "autonomous", "controlled", "log_odds_ratio"),
    DIARY: (*HOURS, "capacity"),
    TRIAL: ("effect_sd",),
    PANEL: ("lonely_share", "onset", "recovery"),
}
"""What a survey of a kind finds, in the order of its findings."""
_NAN = float("nan")


def scenario_of(base: Scenario, survey: Survey, world: Mapping[str, float], seed: int) -> Scenario:
    """The towns that a survey goes to, in one world, governed as `base` is at month 0."""
    towns = tuple(
        Town(code=n, name=f"Town {n}", kind=survey.town_kind, adults=survey.adults)
        for n in range(1, survey.municipalities + 1)
    )
    months = max(survey.months, YEAR)
    return base.with_(towns=towns, parameters=world, seed=seed, months=months)


def adult_months(base: Scenario, survey: Survey) -> float:
    """The size of the work; a trial is run with the offer and without it."""
    months = base.burn_in_months + (2 * survey.months if survey.kind == TRIAL else survey.months)
    return float(survey.municipalities * survey.adults * months)


def findings(
    scenario: Scenario, survey: Survey, advance: Callable[[int], None] | None = None
) -> list[float]:
    """What the survey finds, in the order of FINDINGS; NaN where there was nobody to ask."""
    town = Simulation(scenario, progress=advance)
    generator = np.random.default_rng([scenario.seed, KINDS_PLACE[survey.kind]])
    return [float(each) for each in _FINDERS[survey.kind](town, survey, generator)]


def _asked(size: int, survey: Survey, generator: np.random.Generator) -> int:
    """How many of a town answer."""
    return int(generator.binomial(min(size, survey.people), survey.response))


def _of_volunteers(
    town: Simulation, survey: Survey, generator: np.random.Generator
) -> tuple[float, ...]:
    everyone = surveys.volunteers_now(town)
    persons: list[int] = []
    for m in range(len(town.population.towns)):
        own = np.flatnonzero(everyone.town == m)
        count = _asked(len(own), survey, generator)
        persons += generator.choice(own, count, replace=False).tolist()
    if not persons:
        return (_NAN,) * len(FINDINGS[VOLUNTEERS])
    _, goes_on = surveys.intentions(town, everyone)
    felt, says = everyone.felt[persons], goes_on[persons].astype(np.float64)
    return (
        says.mean(),
        felt.mean(),
        everyone.autonomous[persons].mean(),
        everyone.controlled[persons].mean(),
        np.log(volunteer_survey.odds_ratio(says, felt)),
    )


def _of_diaries(
    town: Simulation, survey: Survey, generator: np.random.Generator
) -> tuple[float, ...]:
    first = town.scenario.burn_in_months + 1
    town.run(survey.months)
    rows = town.tallies[:, first : first + survey.months]
    written = dict.fromkeys(HOURS, 0.0)
    diaries = 0
    for own in rows:
        count = _asked(survey.people, survey, generator)
        diaries += count
        for name in HOURS:
            used = 1000.0 * own[name].sum() / own["adults"].sum()
            size = (count, survey.months)
            noise = generator.normal(-(survey.spread**2) / 2.0, survey.spread, size)
            written[name] += used * float(np.exp(noise).mean(axis=1).sum())
    if not diaries:
        return (_NAN,) * len(FINDINGS[DIARY])
    return (*(written[name] / diaries for name in HOURS), rows["capacity"].mean())


def _of_a_trial(
    town: Simulation, survey: Survey, generator: np.random.Generator
) -> tuple[float, ...]:
    """The effect in standard deviations, with the chance of two arms of those who stay in it."""
    try:
        found = randomised_referral(town, survey.format, survey.months, TRIAL_SHARE)
    except InputError:  # nobody is eligible, or no initiative of the format runs
        return (_NAN,)
    people = min(survey.municipalities * survey.people, found.treated + found.controls)
    stayed = max(2, int(generator.binomial(people, survey.response)))
    return (found.effect_sd + generator.normal(0.0, 2.0 / np.sqrt(stayed)),)


def _of_a_panel(
    town: Simulation, survey: Survey, generator: np.random.Generator
) -> tuple[float, ...]:
    """The share lonely in the second round, and who has become so or no longer is."""
    before = (town.population.citizens.lonely_history & 1) == 1
    month = town.month
    town.run(survey.months)
    now = (town.population.citizens.lonely_history & 1) == 1
    stayed = ~town.entered_since(month)
    persons: list[int] = []
    for own in town.population.towns:
        first = int(own["first_citizen"])
        here = first + np.flatnonzero(stayed[first : first + int(own["adults"])])
        count = _asked(len(here), survey, generator)
        persons += generator.choice(here, count, replace=False).tolist()
    was, are = before[persons], now[persons]
    onset = are[~was].mean() if (~was).any() else _NAN
    recovery = (~are[was]).mean() if was.any() else _NAN
    return (are.mean() if len(are) else _NAN), onset, recovery


_FINDERS: Mapping[str, Callable[[Simulation, Survey, np.random.Generator], tuple[float, ...]]] = {
    VOLUNTEERS: _of_volunteers,
    DIARY: _of_diaries,
    TRIAL: _of_a_trial,
    PANEL: _of_a_panel,
}
KINDS_PLACE = {kind: place for place, kind in enumerate(_FINDERS)}
