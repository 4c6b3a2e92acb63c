"""The start is where the model settles: no drift under the status quo, no sway of the burn-in."""

from itertools import combinations

import numpy as np
import pytest

from velfaerd_sim.inputs.regimes import STATUS_QUO
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import (
    CUMULATIVE,
    INDEX,
    NAMES,
    OUTCOMES,
    measure,
    pool,
    summarise,
)
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN
from worlds import BASELINE

SEEDS = range(1, 13)
YEARS = 30
LEVELS = np.array([outcome.kind != CUMULATIVE for outcome in OUTCOMES])
ERRORS = 3.0
"""Standard errors that a mean over seeds may lie beyond a limit by chance."""
EFFECTS = ("motivation_mean", "retention_12m", "lonely_share", "lonely_reached_share")


def series(simulation):
    """Outcomes by month from month 0 on; (months + 1, outcomes)."""
    tables = pool(simulation.tallies, simulation.at_risk, simulation.ended)
    return measure(*tables, simulation.scenario.burn_in_months)[0]


def drifts(values, adults, change=None):
    """Outcomes whose change over thirty years is more than their spread between seeds."""
    first, last = [], []
    for seed in SEEDS:
        scenario = BASELINE.with_(adults=adults, seed=seed, months=12 * YEARS, parameters=values)
        simulation = Simulation(scenario, burn_in=False)
        if change:
            change(simulation)
        simulation.run(scenario.burn_in_months + 12 * YEARS)
        found = series(simulation)
        first.append(summarise(found[:13]))
        last.append(np.nanmean([summarise(found[: 12 * y + 1]) for y in (10, 20, 30)], axis=0))
    first, last = np.array(first), np.array(last)
    spread = first.std(axis=0, ddof=1)
    drift = first - last
    error = drift.std(axis=0, ddof=1) / np.sqrt(len(SEEDS))
    moved = np.abs(drift.mean(axis=0)) > spread + ERRORS * error
    return [NAMES[i] for i in np.flatnonzero(moved & LEVELS)]


def test_nothing_drifts_over_thirty_years_under_the_status_quo():
    assert drifts({}, 5000) == []


LONELINESS = {name for name in NAMES if name.startswith(("lonel", "tils"))} - {
    "lonely_known_share",
    "lonely_unknown_share",
    "lonely_reached_share",
}
"""Being known and reached goes on with what contact does in a town, which the start leaves out."""


@pytest.mark.slow
def test_loneliness_drifts_in_few_plausible_worlds():
    """The start leaves out what contact does in a town; in a few worlds that is not little."""
    worlds = Worlds.drawn("plausible:6", seed=2)
    still = [LONELINESS.isdisjoint(drifts(world.parameters, 5000)) for world in worlds]
    assert sum(still) >= 4


def nobody_known(simulation):
    simulation.population.citizens.flags[:] &= np.uint8(~KNOWN & 0xFF)


def test_a_start_away_from_it_is_seen():
    assert "lonely_reached_share" in drifts({}, 5000, nobody_known)


def differences(burn_in, regime):
    """What a regime moves against the status quo after five years; (seeds, EFFECTS)."""
    found = []
    for seed in SEEDS:
        scenario = BASELINE.with_(adults=5000, seed=seed, months=60, burn_in_months=burn_in)
        start = Simulation(scenario)
        arms = [start.fork(name) for name in (regime, STATUS_QUO)]
        for arm in arms:
            arm.run(60)
        one, other = (summarise(series(arm)) for arm in arms)
        found.append([(one - other)[INDEX[name]] for name in EFFECTS])
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize("regime", ["facilitative_dialogue", "hands_off"])
def test_what_a_regime_moves_does_not_depend_on_the_burn_in(regime):
    found = [differences(burn_in, regime) for burn_in in (0, 60, 360)]
    for one, other in combinations(found, 2):
        variance = (one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / len(SEEDS)
        assert np.all(np.abs(one.mean(axis=0) - other.mean(axis=0)) < 3.5 * np.sqrt(variance))
