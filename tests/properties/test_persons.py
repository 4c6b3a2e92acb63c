"""Persons: people of one initiative differ, and what holds them or drives them away is nil at 0."""

import numpy as np
import pytest

from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE
from velfaerd_sim.population.traits import need_traits
from velfaerd_sim.randomness import key_of
from worlds import BASELINE

NEEDS = ("autonomy", "competence", "relatedness")


def town(**parameters):
    """A town of the baseline after its burn-in."""
    return Simulation(BASELINE.with_(adults=6000, parameters=parameters))


def active(simulation):
    rows = simulation.population.volunteers
    return rows[rows["citizen"] != FREE]


def share_within(rows, name):
    """Share of the variance of a state that lies between people of the same initiative."""
    values, team = rows[name], rows["initiative"]
    sizes = np.bincount(team)
    means = np.bincount(team, values) / np.maximum(1, sizes)
    return float(np.sum((values - means[team]) ** 2) / np.sum((values - values.mean()) ** 2))


@pytest.fixture(scope="module")
def usual():
    return active(town())


@pytest.mark.parametrize("need", NEEDS)
def test_much_of_the_variance_of_needs_lies_within_initiatives(usual, need):
    assert 0.4 < share_within(usual, need) < 0.95


def test_without_personal_parts_the_setting_decides():
    alike = active(town(need_spread=0.0, relatedness_from_friends=0.0))
    assert max(share_within(alike, need) for need in NEEDS) < 0.2


def test_few_give_much(usual):
    factors = np.sort(usual["hours_factor"])
    assert np.mean(factors) == pytest.approx(1.0, abs=0.15)
    assert factors[-len(factors) // 3 :].sum() > 0.5 * factors.sum()
    assert np.all(active(town(hours_spread=0.0))["hours_factor"] == 1.0)


def test_the_personal_part_is_the_same_whenever_the_person_volunteers(usual):
    there = town().population
    key = key_of(BASELINE.seed, int(there.towns["code"][0]))
    entered = there.citizens.entered_month.tolist()
    for row in usual[:20]:
        traits = need_traits.py_func(key, int(row["citizen"]), entered[row["citizen"]])
        assert [row[f"trait_{need}"] for need in NEEDS] == list(traits)


def test_friends_are_ties_who_volunteer(usual):
    assert 0.2 < usual["friends"].mean() < 3.0


def test_long_service_tires(usual):
    tired = active(town(exhaustion_from_long_service=0.4))
    old = tired["exhaustion"][tired["tenure_months"] >= 96].mean()
    young = tired["exhaustion"][tired["tenure_months"] < 48].mean()
    assert old > young + 0.2


def test_role_identity_lengthens_service():
    strong, none = (active(town(leaving_role_identity=size)) for size in (2.0, 0.0))
    assert strong["tenure_months"].mean() > none["tenure_months"].mean() + 2.0


def test_friends_hold_people():
    strong, none = (active(town(leaving_friends=size)) for size in (1.5, 0.0))
    long = [rows["friends"][rows["tenure_months"] > 36].mean() for rows in (strong, none)]
    assert long[0] > 1.1 * long[1]
