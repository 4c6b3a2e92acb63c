"""Counts balance every month, states stay in range, nothing is NaN: in every world."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inputs.strategies import timelines
from invariants import check_balance, check_state
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import SCENARIOS, load_scenario
from velfaerd_sim.inputs.shocks import (
    Ageing,
    Austerity,
    ConsultantLoss,
    Demand,
    Lockdown,
    Spontaneous,
)
from velfaerd_sim.measures.outcomes import OUTCOMES, measure
from velfaerd_sim.model.simulation import Simulation
from worlds import any_values, small

# Outcomes that are shares, states of 0 to 1 or scores, and the others that are never negative.
BOUNDED = {"0-1": (0.0, 1.0), "share": (0.0, 1.0), "points (3-9)": (3.0, 9.0)}
SIGNED = {"lonely_years_averted_per_1000", "lonely_years_averted_per_100_staff_hours"}
MONTHS = 14


def check_outcomes(simulation):
    start = simulation.scenario.burn_in_months
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    rows = start + simulation.month + 1
    series = measure(*(table[:, :rows] for table in tables), start)
    assert series.shape == (len(simulation.scenario.towns), simulation.month + 1, len(OUTCOMES))
    assert not np.any(np.isinf(series))
    for place, outcome in enumerate(OUTCOMES):
        values = series[..., place]
        values = values[np.isfinite(values)]
        if outcome.name in SIGNED:
            continue
        low, high = BOUNDED.get(outcome.unit, (0.0, np.inf))
        assert np.all(values >= low - 1e-9), outcome.name
        assert np.all(values <= high + 1e-9), outcome.name


def check_months(simulation, months):
    check_state(simulation)
    for _ in range(months):
        simulation.run(1)
        check_state(simulation)
    check_balance(simulation)
    check_outcomes(simulation)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_packaged_scenario_month_by_month(name):
    adults = 9800 if name == "denmark" else 500
    scenario = load_scenario(name).with_(adults=adults, burn_in_months=2, months=26)
    simulation = Simulation(scenario)
    for months in [1] * 4 + [8, 1, 1, 10]:
        simulation.run(months)
        check_state(simulation)
    check_balance(simulation)
    check_outcomes(simulation)


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_month_by_month(regime):
    simulation = Simulation(small(adults=800, regime=regime))
    check_months(simulation, MONTHS)


shocks = st.lists(
    st.one_of(
        st.builds(
            Lockdown,
            month=st.integers(1, 9),
            months=st.integers(1, 6),
            contact_factor=st.floats(0.0, 1.0),
            loneliness_push=st.floats(-1.0, 1.0),
        ),
        st.builds(Spontaneous, month=st.integers(1, 9), recruitment_factor=st.floats(0.0, 20.0)),
        st.builds(Austerity, month=st.integers(1, 9), yearly_cut=st.floats(0.0, 1.0)),
        st.builds(Demand, month=st.integers(1, 9), demand_factor=st.floats(0.0, 20.0)),
        st.builds(Ageing, month=st.integers(1, 9), yearly_probability=st.floats(0.0, 1.0)),
        st.builds(ConsultantLoss, month=st.integers(1, 9), consultants=st.integers(1, 9)),
    ),
    max_size=3,
)


@settings(max_examples=40)
@given(
    any_values,
    timelines,
    shocks,
    st.integers(50, 250),
    st.integers(0, 2**53 - 1),
    st.sampled_from([0, 1, 13]),
)
def test_any_world_month_by_month(values, timeline, shocks, adults, seed, burn_in_months):
    scenario = small(
        adults=adults,
        seed=seed,
        regime=timeline,
        parameters=values,
        shocks=tuple(shocks),
        burn_in_months=burn_in_months,
    )
    check_months(Simulation(scenario), MONTHS)


@settings(max_examples=25)
@given(any_values, st.sampled_from(list(REGIMES)), st.integers(0, 2**53 - 1))
def test_the_smallest_town_in_any_world(values, regime, seed):
    scenario = small(adults=50, seed=seed, regime=regime, parameters=values)
    check_months(Simulation(scenario), MONTHS)
