"""A randomised trial inside the model."""

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.targets import named
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.trial import eligible, randomised_referral
from velfaerd_sim.population.schema import PARTICIPATING
from worlds import BASELINE


@pytest.fixture(scope="module")
def town():
    return Simulation(BASELINE.with_(adults=6000))


def test_company_helps_a_little(town):
    trial = randomised_referral(town, "one_to_one", share=0.2)
    assert trial.treated > 30
    later = town.fork()
    later.run(12)
    stayed = ~later.entered_since(0)
    assert trial.treated + trial.controls == (eligible(town) & stayed).sum() < eligible(town).sum()
    assert trial.effect_sd > 3 * trial.standard_error > 0.0


@pytest.mark.parametrize("form", ["one_to_one", "group"])
def test_the_effect_stays_below_what_trials_found_however_long(form):
    """In every plausible world; in some of them company that is lost hurts more than it helped."""
    target = named("T12.befriending")
    worlds = [world.parameters for world in Worlds.drawn("plausible:12", seed=3)]
    found = []
    for values in ({}, *worlds):
        start = Simulation(BASELINE.with_(adults=5000, parameters=values))
        trials = [randomised_referral(start, form, months=m, share=0.4) for m in (6, 12, 24)]
        assert all(each.effect_sd <= target.high for each in trials), values
        found.append([each.effect_sd for each in trials])
    assert np.median(found, axis=0)[0] > target.low
    assert np.mean(np.array(found)[:, 1] > target.low) > 0.5


def test_without_a_ceiling_the_effect_goes_on_growing():
    bounded = Simulation(BASELINE.with_(adults=15_000))
    off = bounded.scenario.with_(parameters={"contact_ceiling": 1.0, "ties_ceiling": 1.0})
    both = (bounded.fork(scenario=off), bounded)
    grown, bound = (randomised_referral(one, "group", months=24, share=0.4) for one in both)
    assert grown.effect_sd > bound.effect_sd + 3 * bound.standard_error


def test_without_an_effect_of_contact_there_is_none():
    off = {"contact_effect": 0.0, "ties_rate": 0.0, "companion_loss_effect": 0.0}
    off |= {"contagion_strength": 0.0, "own_benefit": 0.0}
    trial = randomised_referral(Simulation(BASELINE.with_(adults=3000, parameters=off)))
    assert abs(trial.effect_sd) < 1e-6


def test_a_trial_leaves_the_simulation_as_it_was(town):
    before = town.population.citizens.loneliness.copy()
    taking_part = town.population.citizens.flags & PARTICIPATING
    first = randomised_referral(town, "group", months=3)
    assert np.array_equal(before, town.population.citizens.loneliness)
    assert np.array_equal(taking_part, town.population.citizens.flags & PARTICIPATING)
    assert town.month == 0
    assert first == randomised_referral(town, "group", months=3)


def test_the_usual_course_can_be_given(town):
    usual = town.fork()
    usual.run(6)
    given = randomised_referral(town, "one_to_one", months=6, usual=usual)
    assert given == randomised_referral(town, "one_to_one", months=6)
    assert usual.month == 6


@pytest.mark.parametrize(("form", "share"), [("pair", 0.2), ("group", 0.0), ("group", 0.6)])
def test_wrong_input_is_named(town, form, share):
    with pytest.raises(InputError, match=r"form|share"):
        randomised_referral(town, form, share=share)


def test_nobody_to_be_placed_is_said():
    nothing = {"initial_initiatives_per_1000": 1, "initial_volunteer_share": 0}
    start = Simulation(BASELINE.with_(adults=500, parameters=nothing), burn_in=False)
    with pytest.raises(InputError, match="running initiatives"):
        randomised_referral(start)
