"""The start of a person: where the rules of loneliness and of being known lead in time."""

import numpy as np
import pytest
from hypothesis import given, settings

from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import HISTORY, KNOWN
from velfaerd_sim.population.stationary import LEVELS, STEPS, stationary_of
from worlds import BASELINE, any_values

# In a closed population people are followed from their start for a lifetime. That ageing and moving
# do not bring drift either is tested in tests/properties/test_start.py.
CLOSED = {"renewal": 0.0}
# Without contact, volunteers and ties only the rules remain that the start is solved from.
ALONE = CLOSED | {
    "contagion_strength": 0.0,
    "contact_effect": 0.0,
    "ties_rate": 0.0,
    "own_benefit": 0.0,
    "companion_loss_effect": 0.0,
}
WORLDS = {
    "defaults": {},
    "restless": {"loneliness_noise": 0.045, "life_event_probability": 0.009},
    "slow": {"set_point_rate": 0.015, "loneliness_noise": 0.01, "known_rate_lonely": 0.04},
    "well_known": {"known_rate_others": 0.009, "forgotten_rate": 0.003},
}
ADULTS = 20_000


def state(simulation):
    """Mean and spread of loneliness, and shares of persons: lonely, known, both, both a year on."""
    people = simulation.population.citizens
    level = people.loneliness.astype(np.float64)
    lonely = (people.lonely_history & 1) == 1
    before = (people.lonely_history >> 12 & 1) == 1
    known = (people.flags & KNOWN) != 0
    shares = (lonely, known, lonely & known, lonely & before)
    return [level.mean(), level.std(), *(share.mean() for share in shares)]


def close(found, expected):
    """Whether two states of towns of so many adults differ by chance alone."""
    errors = [0.002, 0.002, *(4.5 * np.sqrt(2 * max(e, 1e-4) / ADULTS) for e in expected[2:])]
    return np.all(np.abs(np.subtract(found, expected)) <= errors)


@pytest.mark.parametrize("world", WORLDS)
def test_people_start_where_the_rules_lead(world):
    values = ALONE | WORLDS[world]
    simulation = Simulation(BASELINE.with_(adults=ADULTS, parameters=values), burn_in=False)
    start = state(simulation)
    simulation.run(24)
    assert close(state(simulation), start)
    # From far away the same rules come to the same.
    people = simulation.population.citizens
    people.loneliness[:] = people.set_point
    people.flags[:] &= np.uint8(HISTORY & ~KNOWN & 0xFF)
    assert not close(state(simulation), start)
    simulation.run(700)
    assert close(state(simulation), start)


def test_ties_are_reckoned_with():
    closed = BASELINE.with_(adults=ADULTS, parameters=CLOSED)
    simulation = Simulation(closed, burn_in=False)
    start = state(simulation)
    alone = BASELINE.with_(adults=ADULTS, parameters=ALONE)
    assert not close(state(Simulation(alone, burn_in=False)), start)
    simulation.run(120)
    later = state(simulation)
    assert later[0] == pytest.approx(start[0], abs=0.004)
    assert later[2] == pytest.approx(start[2], abs=0.006)
    assert later[3] == pytest.approx(start[3], abs=0.012)


@settings(max_examples=25)
@given(any_values)
def test_shares_are_shares_for_all_parameters(values):
    found = stationary_of(values)
    assert found.below.shape == (LEVELS, STEPS + 1)
    assert np.all(np.diff(found.below, axis=1) >= 0.0)
    assert found.below[:, -1] == pytest.approx(1.0)
    for shares in (found.known, found.lonely_before):
        assert np.all((shares >= 0.0) & (shares <= 1.0))
    assert np.all(np.diff(found.mean) > -1e-9)


def test_it_is_solved_once_for_a_set_of_parameters():
    assert stationary_of(defaults()) is stationary_of(defaults() | {"contact_effect": 0.01})
    assert stationary_of(defaults()) is not stationary_of(defaults() | {"forgotten_rate": 0.02})
