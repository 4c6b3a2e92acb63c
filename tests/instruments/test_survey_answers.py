"""What surveys find: the world, with as much chance as people and answers bring."""

from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.surveys import DIARY, KINDS, PANEL, TRIAL, VOLUNTEERS, Survey
from velfaerd_sim.instruments.survey_answers import (
    FINDINGS,
    HOURS,
    adult_months,
    findings,
    scenario_of,
)
from velfaerd_sim.model.simulation import Simulation

BASE = load_scenario("baseline").with_(adults=1000, months=12)
SMALL = {"municipalities": 2, "adults": 1000, "people": 40, "months": 3}


def survey(kind, **changes):
    return Survey("one", kind, "one", "en", **{**SMALL, **changes})


def found(kind, seed=1, world=None, **changes):
    asked = survey(kind, **changes)
    return findings(scenario_of(BASE, asked, world or {}, seed), asked)


@pytest.mark.parametrize("kind", KINDS)
def test_findings_follow_from_the_seed_and_have_their_names(kind):
    one = found(kind)
    assert len(one) == len(FINDINGS[kind])
    assert one == found(kind)
    assert one != found(kind, seed=2)
    assert np.isfinite(one).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_of_the_work_counts_every_month(kind):
    asked = survey(kind)
    counted = []
    findings(scenario_of(BASE, asked, {}, 1), asked, counted.append)
    least = 2000 * BASE.burn_in_months
    assert least <= sum(counted) <= adult_months(BASE, asked)


def test_everybody_asked_gives_the_towns_own_shares():
    asked = survey(PANEL, people=1000, response=1.0)
    scenario = scenario_of(BASE, asked, {}, 3)
    town = Simulation(scenario)
    town.run(3)
    lonely = (town.population.citizens.lonely_history & 1) == 1
    stayed = ~town.entered_since(0)
    assert findings(scenario, asked)[0] == pytest.approx(lonely[stayed].mean())


def test_diaries_tell_the_hours_that_were_used():
    asked = survey(DIARY, spread=0.0, response=1.0)
    scenario = scenario_of(BASE, asked, {}, 3)
    town = Simulation(scenario)
    town.run(3)
    rows = town.tallies[:, BASE.burn_in_months + 1 : BASE.burn_in_months + 4]
    exact = [
        np.mean([1000.0 * own[name].sum() / own["adults"].sum() for own in rows]) for name in HOURS
    ]
    assert findings(scenario, asked)[:4] == pytest.approx(exact)
    many = [findings(scenario, replace(asked, spread=0.5, people=10_000))[0]]
    assert many[0] == pytest.approx(exact[0], rel=0.02)


def test_more_people_leave_less_to_chance():
    few = [found(PANEL, seed, people=20)[0] for seed in range(12)]
    many = [found(PANEL, seed, people=1000, response=1.0)[0] for seed in range(12)]
    assert np.std(many) < 0.6 * np.std(few)


def test_a_trial_of_more_people_is_nearer_to_the_effect():
    few = [found(TRIAL, seed, people=4)[0] for seed in range(8)]
    many = [found(TRIAL, seed, people=10_000, response=1.0)[0] for seed in range(8)]
    assert np.std(many) < np.std(few)


def test_a_world_shows_in_what_volunteers_say():
    calm = found(VOLUNTEERS, world={"intention_threshold": 1.0}, people=1000, response=1.0)
    strict = found(VOLUNTEERS, world={"intention_threshold": 4.0}, people=1000, response=1.0)
    assert calm[0] > strict[0] + 0.1
    assert calm[2] == pytest.approx(strict[2])


def test_nobody_who_answers_is_no_number():
    assert np.isnan(found(VOLUNTEERS, people=1, response=0.01)).all()
    assert np.isnan(found(DIARY, people=1, response=0.01)[:4]).all()
