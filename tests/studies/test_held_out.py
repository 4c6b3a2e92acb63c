"""Held-out patterns on small towns: all are read, and each instrument sees what it should."""

import numpy as np
import pytest

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies import held_out
from velfaerd_sim.studies.held_out import PATTERNS, isolated, read_held_out


@pytest.fixture(scope="module")
def readings():
    patch = pytest.MonkeyPatch()
    patch.setattr(held_out, "NATIONAL_ADULTS", 40_000)
    yield read_held_out({}, adults=1500, seed=3)
    patch.undo()


def test_every_pattern_is_read(readings):
    assert set(readings) == {pattern.id for pattern in PATTERNS}
    assert all(np.isfinite(value) for value in readings.values())


def test_readings_are_what_they_can_be(readings):
    for pattern in PATTERNS:
        if pattern.unit == "share":
            assert -0.05 < readings[pattern.id] <= 1.0, pattern.id
    ranks = [readings[f"H1.rank_{years}y"] for years in (1, 5, 10)]
    assert ranks == sorted(ranks, reverse=True)
    assert readings["H3.volunteers_low"] < readings["H3.volunteers_high"]


def test_without_contagion_neighbours_are_alike_by_age_alone():
    """Contagion is what makes more of it: the instrument sees the arrow and its absence."""
    found = {}
    for strength in (0.0, 0.08):
        values = []
        for seed in (1, 2):
            base = load_scenario("baseline").with_(
                adults=3000, seed=seed, parameters={"contagion_strength": strength}
            )
            read = held_out._clustering(Simulation(base), 20, seed)
            values.append([read["H2.correlation_1"], read["H2.by_age_1"]])
        found[strength] = np.mean(values, axis=0)
    assert abs(found[0.0][0] - found[0.0][1]) < 0.03
    assert found[0.08][0] > found[0.08][1] + 0.2


def test_asking_is_counted_where_it_acts():
    base = load_scenario("baseline").with_(adults=1500)
    shares = []
    for effect in (0.0, 6.0, 15.0):
        simulation = Simulation(base.with_(parameters={"asking_effect": effect}))
        shares.append(held_out._asked(simulation))
    assert shares[0] == 0.0
    assert shares[0] < shares[1] < shares[2] < 1.0


def test_isolation_against_the_same_town_without_it():
    base = load_scenario("baseline").with_(adults=5000, seed=2)
    found = isolated(base)
    assert found.peak > 0.01
    assert 0 < found.peak_month < 30
    assert found.half_life_months > 0.0
    assert found.left_after_24 < found.left_after_12 < 1.0
