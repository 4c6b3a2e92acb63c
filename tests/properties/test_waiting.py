"""Demand and waiting: volunteers' hours bind, and lonely people wait for a place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.measures.outcomes import INDEX, measure, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import WAITING
from velfaerd_sim.processes import matching
from worlds import BASELINE, any_parameters, small

NAMES = (
    "fully_staffed_share",
    "lonely_reached_share",
    "waiting_months_mean",
    "waiting_share",
    "waiting_per_1000",
    "served_not_lonely_per_1000",
)
people = st.floats(0.0, 50.0)


def under_the_status_quo(seeds=12, **parameters):
    """Outcomes by name over seeds, in a town of 6 000 adults."""
    found = []
    for seed in range(seeds):
        scenario = BASELINE.with_(adults=6000, seed=300 + seed, parameters=parameters)
        town = Simulation(scenario)
        town.run(scenario.months)
        tables = town.tallies, town.at_risk, town.ended
        found.append(summarise(measure(*tables, scenario.burn_in_months))[0])
    return {name: np.array(found)[:, INDEX[name]] for name in NAMES}


@pytest.fixture(scope="module")
def usual():
    return under_the_status_quo(volunteer_hours=15.0)


def test_hours_bind_in_a_good_part_of_the_initiatives(usual):
    share = usual["fully_staffed_share"].mean()
    assert 0.3 <= share <= 0.7
    assert 0.5 < usual["waiting_months_mean"].mean() < 12.0


def test_a_third_more_hours_reach_more_of_the_lonely(usual):
    more = under_the_status_quo(volunteer_hours=20.0)
    rise = more["lonely_reached_share"].mean() / usual["lonely_reached_share"].mean()
    assert rise >= 1.1
    for name in ("waiting_months_mean", "waiting_share"):
        assert more[name].mean() < 0.9 * usual[name].mean()


def test_without_company_nothing_of_it_is_left_and_most_initiatives_have_room(usual):
    alone = under_the_status_quo(seeds=3, volunteer_hours=15.0, company_wished=0.0)
    other = under_the_status_quo(
        seeds=3, volunteer_hours=15.0, company_wished=0.0, company_first_share=1.0
    )
    assert np.all(alone["served_not_lonely_per_1000"] == 0.0)
    assert all(np.array_equal(alone[name], other[name]) for name in NAMES)
    room = "fully_staffed_share"
    assert alone[room].mean() > usual[room].mean() + 0.1


def test_without_preparation_hours_are_as_before():
    scenario = small(parameters={"preparation_share": 0.0})
    town = Simulation(scenario)
    vol = town.population.volunteers
    given_hours = vol["contact_hours"][(vol["citizen"] >= 0) & (vol["tenure_months"] > 0)]
    less = Simulation(small(parameters={"preparation_share": 0.5})).population.volunteers
    halved = less["contact_hours"][(less["citizen"] >= 0) & (less["tenure_months"] > 0)]
    assert halved.mean() < 0.7 * given_hours.mean()


def test_nobody_waits_who_is_not_lonely_any_more_or_has_a_role():
    town = Simulation(small(adults=3000, parameters={"company_wished": 30.0}))
    waited = 0
    for _ in range(12):
        before = town.population.citizens.flags & WAITING > 0
        lonely = town.population.citizens.lonely_history & 1 == 1
        town.run(1)
        now = town.population.citizens.flags & WAITING > 0
        assert not np.any(now & ~lonely)  # lonely when the month began
        waited += np.sum(before & now)
    assert waited > 0


@given(people, people, st.floats(-50.0, 50.0), any_parameters)
def test_company_never_takes_more_than_there_is(company, wished, room, p):
    change = matching.company_change.py_func(company, wished, room, p)
    assert company + change >= 0.0
    assert change <= max(0.0, room)
    assert company + change <= max(company, wished) + 1e-12
    if p.company_first_share < 1.0 and room > 0.0 and wished > company:
        assert change < room
