"""Measures of claims against known answers and against the model's own rules."""

from types import SimpleNamespace

import numpy as np
import pytest

from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments import claim_measures as measures
from velfaerd_sim.instruments.claim_measures import StartFacts, Survival
from velfaerd_sim.measures.outcomes import measure
from velfaerd_sim.model.simulation import TEMPLATE, Simulation
from velfaerd_sim.population.schema import KNOWN, PARTICIPATING, VOLUNTEERING
from velfaerd_sim.processes.initiatives import incident_probability


@pytest.fixture(scope="module")
def town():
    simulation = Simulation(load_scenario("baseline").with_(adults=1500, seed=3))
    facts = StartFacts.at_start(simulation)
    simulation.run(24)
    return simulation, facts


def people(**columns):
    """A stand-in for a simulation with some citizens, who have all lived there from the start."""
    citizens = SimpleNamespace(**{name: np.array(values) for name, values in columns.items()})
    nobody = np.zeros(len(next(iter(columns.values()))), bool)
    return SimpleNamespace(
        population=SimpleNamespace(citizens=citizens), entered_since=lambda month: nobody
    )


def initiatives(**columns):
    """A stand-in for a simulation with some initiatives, all running unless told otherwise."""
    count = len(next(iter(columns.values())))
    columns = {"running": [1] * count} | columns
    kinds = [(name, "f8") for name in columns]
    rows = np.zeros(count, kinds)
    for name, values in columns.items():
        rows[name] = values
    rows = rows.astype([(n, "i8" if n in WHOLE else "f8") for n in columns])
    return SimpleNamespace(population=SimpleNamespace(initiatives=rows))


WHOLE = ("running", "age_months", "department", "route", "format")


def test_expected_incidents_are_the_chances_of_the_rule(town):
    simulation, facts = town
    rows = simulation.population.initiatives
    p = SimpleNamespace(**simulation.scenario.parameter_values())
    chances = [
        incident_probability.py_func(row["substitution"], row["effective_clarity"], p)
        for row in rows[rows["running"] == 1]
    ]
    assert len(chances) > 3
    expected = 12.0 * 1000.0 * sum(chances) / 1500.0
    assert measures.expected_incidents(simulation, facts) == pytest.approx(expected, rel=1e-9)


def test_retention_over_twelve_months_is_the_outcome_of_that_name(town):
    simulation, _ = town
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    series = measure(*tables, simulation.scenario.burn_in_months, ("retention_12m",))[0, :, 0]
    assert measures.retention(simulation, 13, 24) == pytest.approx(series[24], rel=1e-12)


def test_hours_that_reach_people_are_those_that_rules_and_preparation_leave():
    scenario = load_scenario("baseline").with_(adults=1500, seed=3)
    base = Simulation(scenario)
    shares = []
    for regime in ("rigid_rules", "hands_off"):
        twin = base.fork(regime)
        twin.run(6)
        shares.append(measures.hours_reaching_people(twin, StartFacts.at_start(base)))
    values = scenario.parameter_values()
    taken, left = values["administration_by_rules"], 1.0 - values["preparation_share"]
    assert shares[0] == pytest.approx((1.0 - 0.9 * taken) * left)
    assert shares[1] == pytest.approx((1.0 - 0.05 * taken) * left)


def test_clarity_of_the_first_year_is_of_the_young_and_authorship_of_all():
    found = initiatives(
        age_months=[3, 12, 13], effective_clarity=[0.2, 0.4, 0.9], authorship=[0.1, 0.2, 0.6]
    )
    assert measures.clarity_first_year(found, None) == pytest.approx(0.3)
    assert measures.authorship(found, None) == pytest.approx(0.3)


def test_old_agreements_and_new_strain_are_told_apart_by_age():
    found = initiatives(
        age_months=[3, 12, 13, 24, 30], fit=[0.9, 0.8, 0.7, 0.4, 0.2], strain=[1, 0, 1, 1, 1]
    )
    assert measures.fit_of_old_agreements(found, None) == pytest.approx(0.3)
    assert measures.strain_first_year(found, None) == pytest.approx(0.5)


def test_reach_counts_only_those_who_are_meant():
    part, known = PARTICIPATING, KNOWN
    found = people(flags=[part, part | known, 0, known, part], lonely_history=[1, 1, 1, 1, 2])
    facts = StartFacts(np.zeros(5), np.zeros(5), np.zeros(5), np.array([9, 9, 9, 0, 4], np.uint8))
    name = "lonely_unknown_reached_share"
    assert measures.STATES[name][1](found, facts) == pytest.approx(1 / 2)
    assert measures.unknown_to_known(found, facts) == pytest.approx(0.5 / 0.5)
    assert measures.STATES["reach_of_neediest_tenth"][1](found, facts) == pytest.approx(2 / 3)
    assert measures.STATES["reach_of_middle_tenths"][1](found, facts) == pytest.approx(1.0)


def test_tenths_hold_a_tenth_each_and_rise_with_need(town):
    _, facts = town
    assert np.bincount(facts.tenths).tolist() == [150] * 10


def test_new_volunteers_are_compared_with_others_like_them():
    before = np.array([0.30, 0.31, 0.32, 0.61, 0.62, 0.33])
    facts = StartFacts(before, np.zeros(6, np.uint8), np.zeros(6, np.uint8), np.zeros(6, np.uint8))
    facts.cohort = np.array([True, False, False, True, False, False])
    # The last one has volunteered meanwhile, and is like nobody's other.
    now = [0.20, 0.31, 0.30, 0.51, 0.66, 0.9]
    found = people(loneliness=now, flags=[VOLUNTEERING, 0, 0, 0, 0, VOLUNTEERING])
    expected = np.mean([-0.10 - (0.0 - 0.02) / 2, -0.10 - 0.04]) / before.std(ddof=1)
    assert measures.joiners_against_matched(found, facts) == pytest.approx(expected)
    others = before[[1, 2, 4, 5]].mean()
    apart = (before[[0, 3]].mean() - others) / before.std(ddof=1)
    assert measures.joiners_before(found, facts) == pytest.approx(apart)


def test_survival_follows_initiatives_from_look_to_look():
    survival = Survival()
    survival.note(initiatives(age_months=[0, 3, 21, 30]), False)
    # The first lives on, the second's row has a new one, the third ended, the fourth is old.
    survival.note(initiatives(running=[1, 1, 0, 1], age_months=[3, 1, 24, 33]), True)
    assert survival.at_risk.tolist() == [1, 1, 0, 0, 0, 0, 0, 1]
    assert survival.ended.tolist() == [0, 1, 0, 0, 0, 0, 0, 1]
    assert np.isnan(survival.value())
    survival.at_risk[:] = 10.0
    survival.ended[:] = 1.0
    assert survival.value() == pytest.approx(0.9**8)


def test_the_template_is_nowhere_nearer_than_under_itself():
    base = Simulation(load_scenario("baseline").with_(adults=300, seed=1))
    facts = StartFacts.at_start(base)
    twin = base.fork(TEMPLATE)
    twin.run(1)
    assert measures.distance_to_template(twin, facts) == pytest.approx(0.0, abs=1e-12)
    other = base.fork("hands_off")
    other.run(1)
    apart = np.abs(np.subtract(REGIMES["hands_off"].instruments, REGIMES[TEMPLATE].instruments))
    assert measures.distance_to_template(other, facts) == pytest.approx(apart.mean())


def test_relief_is_none_where_substitution_frees_no_hours():
    scenario = load_scenario("baseline").with_(adults=1500, seed=3)
    free = Simulation(scenario.with_(parameters={"substitution_relief": 0.0}))
    some = Simulation(scenario.with_(parameters={"substitution_relief": 1.0}))
    assert measures.relief_hours(free, StartFacts.at_start(free)) == 0.0
    assert measures.relief_hours(some, StartFacts.at_start(some)) > 0.0
