"""Twins: the same town, the same month, one instrument apart (model.md, section 10.4).

Staff hours are plenty, so that what an instrument costs does not blur what it does.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE
from worlds import BASELINE, drawn_values, small

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
PLENTY = {"hours_per_1000": 80.0, "adults_per_staff": 300.0}
SLACK = 1e-12


@pytest.fixture(scope="module")
def town():
    return Simulation(BASELINE.with_(adults=3000, parameters=PLENTY))


def twins(start, instrument, months=1, levels=LEVELS):
    """The same town after the same months, with an instrument at each of the levels."""
    found = []
    for level in levels:
        fork = start.fork(replace(REGIMES[STATUS_QUO], name="own", **{instrument: level}))
        fork.run(months)
        found.append(fork)
    return found


def staying(simulations):
    """The volunteer rows that none of the twins has lost, of the same persons."""
    rows = np.array([s.population.volunteers["citizen"] for s in simulations])
    tenure = np.array([s.population.volunteers["tenure_months"] for s in simulations])
    same = np.all(rows == rows[0], axis=0) & (rows[0] != FREE) & np.all(tenure > 0, axis=0)
    assert np.sum(same) > 20
    return same


def states(simulations, name):
    same = staying(simulations)
    return np.array([s.population.volunteers[name][same] for s in simulations])


def steps(start, simulations, name):
    """How a need differs from level to level, one way only, and as far as the scale leaves room.

    The month moves a need by need_rate toward a person's own target, which ends at 0 and 1: whoever
    aims beyond an end at two levels aims at the same, and for everybody else the two differ.
    """
    both = staying([start, *simulations])
    before = start.population.volunteers[name][both]
    after = np.array([s.population.volunteers[name][both] for s in simulations])
    aim = before + (after - before) / start.parameters["need_rate"]
    inside = (aim > 1e-9) & (aim < 1 - 1e-9)
    room = inside[1:] | inside[:-1]
    assert np.all(np.sum(room, axis=1) > 20)
    found = np.diff(after, axis=0)
    assert np.array_equal(found != 0, room)
    return found[room]


def running(simulations, name):
    table = np.array([s.population.initiatives[name] for s in simulations])
    alive = np.array([s.population.initiatives["age_months"] for s in simulations])
    same = np.all(alive > 0, axis=0)
    for s in simulations:
        same &= s.population.initiatives["running"] == 1
    return table[:, same]


def test_more_rigidity_less_autonomy_fewer_contact_hours_more_controlled(town):
    runs = twins(town, "rigidity")
    assert np.all(steps(town, runs, "autonomy") < 0)
    assert np.all(np.diff(states(runs, "contact_hours"), axis=0) < 0)
    assert np.all(np.diff(states(runs, "controlled_motivation"), axis=0) > 0)
    assert np.all(np.diff(states(runs, "exhaustion"), axis=0) > 0)
    assert np.all(np.diff(running(runs, "leeway"), axis=0) < 0)


def test_more_rigidity_for_years_costs_volunteers_and_hours(town):
    low, high = twins(town, "rigidity", 60, (0.1, 0.9))
    row = town.scenario.burn_in_months + 60
    for name in ("volunteers", "contact_hours", "autonomy"):
        assert low.tallies[name][0, row] > high.tallies[name][0, row]


def test_more_clarity_less_strain_and_less_substitution(town):
    runs = twins(town, "role_clarity", months=6)
    row = town.scenario.burn_in_months
    assert np.all(np.diff(running(runs, "effective_clarity"), axis=0) > 0)
    assert np.all(np.diff(running(runs, "substitution"), axis=0) < 0)
    # The draws are the same, so whatever strains at a lower chance strains at a higher one.
    strained = [s.tallies["strained"][0, row + 1 : row + 7].sum() for s in runs]
    assert np.all(np.diff(strained) <= 0)
    assert strained[0] > strained[-1]


def test_more_recognition_more_relatedness_and_backing(town):
    runs = twins(town, "recognition")
    assert np.all(steps(town, runs, "relatedness") > 0)
    assert np.all(np.diff(running(runs, "backing"), axis=0) > 0)


def test_more_dialogue_more_fit_and_influence(town):
    runs = twins(town, "dialogue")
    assert np.all(np.diff(running(runs, "fit"), axis=0) > 0)
    assert np.all(np.diff(running(runs, "influence"), axis=0) >= 0)


def test_more_protection_less_substitution(town):
    runs = twins(town, "boundary_protection")
    assert np.all(np.diff(running(runs, "substitution"), axis=0) < 0)


def test_more_training_more_competence_and_skill(town):
    runs = twins(town, "training")
    assert np.all(steps(town, runs, "competence") > 0)
    assert np.all(np.diff([s.population.towns["mean_skill"][0] for s in runs]) > 0)


@settings(max_examples=25)
@given(
    st.integers(0, 255).map(drawn_values),
    st.integers(0, 2**53 - 1),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_more_rigidity_never_more_autonomy_or_hours_in_any_world(values, seed, one, other):
    """Also where hours are short: rules take what dialogue would have had."""
    start = Simulation(small(adults=250, seed=seed, parameters=values))
    low, high = twins(start, "rigidity", levels=sorted((one, other)))
    rows = [s.population.volunteers for s in (low, high)]
    same = (rows[0]["citizen"] == rows[1]["citizen"]) & (rows[0]["citizen"] != FREE)
    same &= (rows[0]["tenure_months"] > 0) & (rows[1]["tenure_months"] > 0)
    for name in ("autonomy", "contact_hours"):
        assert np.all(rows[1][name][same] <= rows[0][name][same] + SLACK), name
