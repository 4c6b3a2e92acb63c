"""Held-out patterns on small towns: all are read, and each instrument sees what it should."""

import numpy as np
import pytest

from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments import held_out, signs
from velfaerd_sim.instruments.held_out import isolated, read_held_out
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.model.simulation import Simulation


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


def test_signs_are_seen_and_vanish_without_governance():
    found = signs.read_signs({}, 5000, 1)
    assert found["H8.rules_leaving"] > 0.0 > found["H8.rules_joining"]
    none = signs.read_signs({"governance_strength": 0.0}, 1000, 1)
    assert set(none.values()) == {0.0}


def test_slopes_are_those_of_a_regression():
    generator = np.random.default_rng(4)
    causes = generator.normal(size=(4000, 3))
    effect = 0.5 * causes[:, 0] - 0.3 * causes[:, 2] + generator.normal(size=4000)
    slopes = np.array(signs.standardised_slopes(causes, effect)) * effect.std()
    assert slopes == pytest.approx([0.5, 0.0, -0.3], abs=0.05)
    assert np.isnan(signs.standardised_slopes(causes, np.ones(4000))).all()


def test_an_instrument_is_moved_inside_its_limits():
    status_quo = REGIMES[STATUS_QUO]
    assert signs.moved(rigidity=0.3).rigidity == pytest.approx(status_quo.rigidity + 0.3)
    assert signs.moved(rigidity=2.0).rigidity == 1.0
    assert signs.moved(rigidity=0.3).openness == status_quo.openness


def test_isolation_against_the_same_town_without_it():
    base = load_scenario("baseline").with_(adults=5000, seed=2)
    found = isolated(base)
    assert found.peak > 0.01
    assert 0 < found.peak_month < 30
    assert found.half_life_months > 0.0
    assert found.left_after_24 < found.left_after_12 < 1.0
