"""A promise that is meant, has its hours and is done with skill is kept, whatever is promised."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO, Phase, Timeline
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, ROUTE_COUNT
from worlds import any_values, shares, small

# No gap, and hours enough for whatever is asked in a small town.
HONEST = {"espoused_gap": 0.0, "hours_per_1000": 80.0, "adults_per_staff": 300.0}
HONEST |= {"vacancy_months": 0.0}
PLENTY = {name: each.low for name, each in BY_NAME.items() if name.endswith("_hours_asked")}
LASTING = HONEST | PLENTY | {"initiative_slots_per_1000": 20.0, "closing_log_odds": -5.0}
SLACK = 1e-12

regimes = st.builds(
    lambda values: replace(REGIMES[STATUS_QUO], name="own", **values),
    st.fixed_dictionaries(dict.fromkeys(INSTRUMENTS, shares)),
)


def breaches(town, months, skill=1.0):
    """The largest breach in each month, and the share of hours served for dialogue.

    Of what initiatives were promised, and of what any of their volunteers expects.
    """
    found, hours = [], []
    for _ in range(months):
        town.population.towns["mean_skill"] = skill
        town.run(1)
        hours.append(town.population.towns["served_dialogue"][0])
        initiatives, people = town.population.initiatives, town.population.volunteers
        running = initiatives[initiatives["running"] == 1]
        people = people[people["citizen"] != FREE]
        felt = people["expected"] - initiatives["influence"][people["initiative"]]
        broken = np.max(running["promised"] - running["influence"], initial=-1.0)
        found.append(max(broken, felt.max(initial=-1.0)))
    return np.array(found), np.array(hours)


@settings(max_examples=25)
@given(any_values, regimes, regimes, shares, shares, st.integers(0, 2**31))
def test_an_honest_municipality_with_hours_and_skill_breaks_no_promise(
    values, first, then, at_definition, at_delivery, seed
):
    """In any world, under any governance and a change of it, in both phases, in every month."""
    phases = {"influence_at_definition": at_definition, "influence_at_delivery": at_delivery}
    scenario = small(
        adults=200,
        burn_in_months=0,
        regime=Timeline("own", (Phase(0, first), Phase(9, then, ramp_months=3))),
        seed=seed,
        parameters=values | HONEST | PLENTY | phases,
    )
    broken, hours = breaches(Simulation(scenario, burn_in=False), 18)
    assert hours.min() == 1.0
    assert broken.max() <= SLACK


@pytest.mark.parametrize("announced", [0.3, 0.75, 1.0])
@pytest.mark.parametrize("dialogue", [0.0, 0.85])
def test_what_is_announced_is_reached_by_every_route(announced, dialogue):
    regime = replace(REGIMES[STATUS_QUO], name="own", influence=announced, dialogue=dialogue)
    scenario = small(adults=3000, burn_in_months=0, months=60, parameters=LASTING)
    town = Simulation(scenario).fork(regime)
    assert breaches(town, 60)[1].min() == 1.0
    old = town.population.initiatives
    old = old[(old["running"] == 1) & (old["age_months"] > 60)]
    p = town.scenario.parameter_values()
    assert set(old["route"]) == set(range(ROUTE_COUNT))
    lost = p["influence_lost_to_rules"] * regime.rigidity
    bases = (
        *("invited_organisations", "recruited_individuals", "dialogue"),
        *("users", "local_actors", "national_actors"),
    )
    own = np.array([p[f"influence_{name}"] for name in bases])[old["route"]] - lost
    assert old["influence"] == pytest.approx(np.maximum(own, announced), abs=5e-3)


@pytest.mark.parametrize(
    ("lacking", "skill"),
    [({"espoused_gap": 0.3}, 1.0), ({"hours_per_1000": 8.0}, 1.0), ({}, 0.3)],
    ids=["meant", "hours", "skill"],
)
def test_a_promise_that_lacks_something_is_broken(lacking, skill):
    scenario = small(adults=1500, burn_in_months=0, parameters=HONEST | lacking)
    town = Simulation(scenario).fork("facilitative_dialogue")
    assert breaches(town, 24, skill)[0][-1] > 0.05


def felt(town):
    """What volunteers expect, and what was promised to their initiatives and is lived there."""
    people = town.population.volunteers
    people = people[people["citizen"] != FREE]
    own = town.population.initiatives[people["initiative"]]
    return people["expected"], own["promised"], own["influence"]


def test_who_neither_hears_others_nor_gets_used_to_it_expects_what_was_promised():
    told = {"expectation_from_others": 0.0, "expectation_rate": 0.0}
    scenario = small(adults=1500, burn_in_months=0, parameters=told)
    town = Simulation(scenario).fork("facilitative_dialogue")
    for _ in range(24):
        town.run(1)
        expected, promised, lived = felt(town)
        assert np.all(expected == promised)
    assert np.any(promised > lived + 0.05)


def test_who_gets_used_to_what_is_lived_feels_less_of_a_broken_promise():
    gaps = []
    for rate in (0.0, 0.05, 0.2):
        scenario = small(adults=3000, months=36, parameters={"expectation_rate": rate})
        town = Simulation(scenario).fork("facilitative_dialogue")
        town.run(36)
        expected, _, lived = felt(town)
        gaps.append(np.mean(expected - lived))
    assert gaps[0] > gaps[1] + 0.01 > gaps[2] + 0.02


def test_where_less_is_announced_than_they_have_nothing_is_broken():
    own = replace(REGIMES[STATUS_QUO], name="own", influence=0.0, dialogue=0.5)
    town = Simulation(small(adults=1500, burn_in_months=0)).fork(own)
    assert breaches(town, 24, skill=0.2)[0].max() <= SLACK
