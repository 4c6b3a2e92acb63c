"""Learning learns: steps whose worth is known from long runs in pairs, tried and judged."""

import numpy as np
import pytest

from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.measures.outcomes import INDEX, measure
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.processes.policy_review import DOING, TRYING
from worlds import BASELINE

STEPS = [(q, size) for q in range(len(INSTRUMENTS)) for size in (-0.2, 0.2)]
WORTH = 0.008
"""Lasting difference in motivation, 0-1, from which a step counts as good or as bad."""


def reviewing(seed, **parameters):
    """A town of 15 000 that has watched its figure for a year and is to try something now."""
    scenario = BASELINE.with_(
        adults=15_000,
        seed=seed,
        months=120,
        policy_review=True,
        parameters={"policy_weight_trial": 0.0} | parameters,
    )
    town = Simulation(scenario)
    town.run(48)
    assert town.population.records.policy_figure[0, DOING] == TRYING
    return town


def taking(town, q, size, **changes):
    """The town with a step of an instrument taken on trial."""
    step = town.fork(scenario=town.scenario.with_(**changes))
    step.population.records.policy_shift[0, q] += size
    step.population.records.policy_trial[0, q] = size
    return step


def kept(town, q, size):
    """Whether a step is still taken after a year, set against the same town without it."""
    ends = []
    for tried in (size, 0.0):
        step = taking(town, q, tried)
        step.run(12)
        ends.append(step.population.records.policy_shift[0, q])
    return abs(ends[0] - ends[1]) > abs(size) / 2


def motivation(town, months=24):
    """Mean motivation over the last months."""
    series = measure(town.tallies, town.at_risk, town.ended, town.scenario.burn_in_months)
    return series[0, town.month - months + 1 : town.month + 1, INDEX["motivation_mean"]].mean()


def lasting(town):
    """What every step does to motivation after three to five years, in pairs."""
    levels = []
    for q, size in ((0, 0.0), *STEPS):
        step = taking(town, q, size, policy_review=False)
        step.run(60)
        levels.append(motivation(step))
    return np.array(levels[1:]) - levels[0]


@pytest.mark.slow
def test_good_steps_are_kept_and_bad_ones_are_taken_back():
    """In at least three of four trials, in a town of 15 000 that is pulled elsewhere too."""
    worth = np.mean([lasting(reviewing(seed)) for seed in range(1, 5)], axis=0)
    good, bad = worth > WORTH, worth < -WORTH
    assert min(good.sum(), bad.sum()) >= 2
    tries = []
    for seed in range(11, 21):
        town = reviewing(seed)
        tries.append([kept(town, q, size) for q, size in STEPS])
    share = np.mean(tries, axis=0)
    assert share[good].mean() >= 0.75
    assert share[bad].mean() <= 0.25
    assert share[good].min() > share[bad].max()


def test_a_step_that_is_seen_by_nobody_is_not_kept_where_chance_is_to_be_passed():
    town = reviewing(1, policy_trial_threshold=3.0)
    nothing = INSTRUMENTS.index("openness")
    assert not kept(town, nothing, 0.2)
