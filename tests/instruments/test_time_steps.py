"""Time steps: every unit with a time is converted, and several steps do what one month did."""

import math

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETERS, defaults
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments import time_steps
from velfaerd_sim.instruments.time_steps import (
    BY_RENEWAL,
    FEEDS,
    HOURS,
    LIMITS,
    QUESTIONS,
    converted,
    read,
    stepped,
)
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation

NAMES = ("motivation_mean", "retention_12m", "lonely_share", "lonely_years_averted_per_1000")


def town(adults=1000, months=24):
    return load_scenario("baseline").with_(adults=adults, months=months)


def test_every_parameter_with_a_time_in_its_unit_is_converted():
    """A new parameter cannot slip by: it is converted, or is named among the hours."""
    values = defaults() | dict.fromkeys(FEEDS, 0.1)
    other = converted(values, 2.0)
    timed = {p.name for p in PARAMETERS if any(w in p.unit for w in ("month", "year"))}
    moved = {name for name in values if other[name] != values[name]}
    assert timed - set(HOURS) - set(QUESTIONS) - set(LIMITS) - set(BY_RENEWAL) == moved - {
        "leaving_newcomer"
    }
    assert "volunteer_hours" in HOURS


def test_one_step_a_month_changes_nothing():
    same = converted(defaults(), 1.0)
    assert same == pytest.approx(defaults(), rel=1e-12)


@pytest.mark.parametrize("steps", [0.5, 2.0, 4.0])
def test_several_steps_do_what_a_month_did(steps):
    month, step = defaults(), converted(defaults(), steps)
    # An approach: what is left of a gap after a month.
    assert (1 - step["need_rate"]) ** steps == pytest.approx(1 - month["need_rate"])
    assert (1 - step["dropout_rate"]) ** steps == pytest.approx(1 - month["dropout_rate"])
    assert step["strain_persistence"] ** steps == pytest.approx(month["strain_persistence"])
    # Loneliness x' = (1 - r) x + r s + c + noise: the same mean and variance in the long run.
    for values in (month, step):
        r = values["set_point_rate"]
        values["pull"] = values["contact_effect"] / r
        values["variance"] = values["loneliness_noise"] ** 2 / (1 - (1 - r) ** 2)
    assert step["pull"] == pytest.approx(month["pull"])
    assert step["variance"] == pytest.approx(month["variance"])
    # Chances of leaving: the hazard of a month, for small chances.
    chance = [1 / (1 + math.exp(-v["leaving_log_odds"])) for v in (month, step)]
    hazard = [-math.log1p(-c) for c in chance]
    assert steps * hazard[1] == pytest.approx(hazard[0], rel=0.02)
    assert step["opening_users"] * steps == pytest.approx(month["opening_users"])
    assert step["vacancy_months"] == steps * month["vacancy_months"]


def test_the_memory_of_strain_keeps_its_mean():
    month, step = defaults(), converted(defaults(), 2.0)
    level = [math.exp(v["strain_log_odds"]) / (1 - v["strain_persistence"]) for v in (month, step)]
    assert level[1] == pytest.approx(level[0])


def test_a_month_a_step_is_the_simulation_itself():
    scenario = town()
    one, other = stepped(scenario), Simulation(scenario)
    for each in (one, other):
        each.run(24)
    assert np.array_equal(one.tallies, other.tallies)
    series = outcomes.measure(other.tallies, other.at_risk, other.ended, 60)[0]
    summary = outcomes.summarise(series)
    assert read(one, NAMES) == pytest.approx([summary[outcomes.INDEX[n]] for n in NAMES])


STOCKS = ("volunteers_per_1000", "motivation_mean", "lonely_share", "retention_12m")


def stocks(steps, make=stepped):
    """Give means over six towns of 20 000 adults after two years."""
    values = []
    for seed in range(1, 7):
        simulation = make(town(20_000).with_(seed=seed), steps)
        simulation.run(round(24 * steps))
        assert simulation.month == round(24 * steps)
        values.append(read(simulation, STOCKS, steps))
    return np.mean(values, axis=0)


def unconverted(scenario, steps):
    return Simulation(scenario.with_(burn_in_months=round(60 * steps), months=round(24 * steps)))


def test_stocks_are_near_those_of_months():
    """Within 4 % of what a month gives, for what stays, and four standard errors of six towns."""
    month = stocks(1.0)
    allowed = 0.04 * month + 4.0 * np.sqrt(2.0) * np.array([0.55, 0.006, 0.001, 0.012])
    for steps in (0.5, 2.0):
        assert np.all(np.abs(stocks(steps) - month) < allowed)
    # Without conversion they are not: this test would notice.
    assert np.any(np.abs(stocks(2.0, unconverted) - month) > allowed)


def test_what_knows_months_only_is_refused():
    with pytest.raises(InputError, match="no shocks"):
        stepped(load_scenario("crisis").with_(adults=500), 2.0)
    with pytest.raises(InputError, match="above 0"):
        converted(defaults(), 0.0)
    with pytest.raises(InputError, match="lonely_onset_rate"):
        read(stepped(town()), ("lonely_onset_rate",))
    assert len(time_steps.STAYS) > 3
