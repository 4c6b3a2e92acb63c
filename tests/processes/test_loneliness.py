"""Loneliness: rules worked by hand, contact, and the month of a citizen."""

import math

import numpy as np
import pytest

import compiled_steps
import tables
from velfaerd_sim.population.schema import FREE, GROUP, ONE_TO_ONE
from velfaerd_sim.processes import loneliness
from velfaerd_sim.randomness import LIFE_EVENT, MOOD
from worlds import default_record, parameters

SINGLE = 2e-7  # states of citizens are kept in single precision


def test_everyone_drifts_to_the_own_level():
    rule = loneliness.pull_to_set_point.py_func
    assert rule(0.5, 0.3, 0.0, 0.04) == pytest.approx(-0.008)
    assert rule(0.1, 0.3, 0.05, 0.04) == pytest.approx(0.006)
    assert rule(0.2, 0.1, 0.4, 0.04) == pytest.approx(-0.008)  # a level below 0 counts as 0


def test_ties_pull_toward_their_own_mean():
    assert loneliness.pull_of_ties.py_func(0.4, 0.25, 0.03) == pytest.approx(0.0045)
    assert loneliness.pull_of_ties.py_func(0.2, 0.25, 0.0) == 0.0


def test_contact_comforts_by_bond_hours_and_leeway():
    p = parameters(contact_effect=0.03, group_intensity=0.7, comfort_from_leeway=0.6)
    rule = loneliness.comfort_of_contact.py_func
    # 0.03 x 0.5 x 0.8 x (0.4 + 0.6 x 0.5) = 0.03 x 0.28
    assert rule(0.5, 0.8, 0.5, 1.0, False, p) == pytest.approx(0.0084)
    assert rule(0.5, 0.8, 0.5, 1.0, True, p) == pytest.approx(0.7 * 0.0084)
    assert rule(0.5, 0.8, 0.5, 0.25, True, p) == pytest.approx(0.25 * 0.7 * 0.0084)


def test_a_ceiling_leaves_less_room_the_more_is_gained():
    rule = loneliness.room_left.py_func
    assert [rule(gained, 0.1) for gained in (0.0, 0.025, 0.1, 0.3)] == [1.0, 0.75, 0.0, 0.0]
    assert rule(0.3, 1.0) == 1.0


def test_regular_hours_count_in_full_and_rare_ones_less():
    rule = loneliness.regular_hours.py_func
    assert [rule(share, 1.0) for share in (0.0, 0.5, 1.0)] == [0.0, 0.25, 1.0]
    assert [rule(share, 0.0) for share in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


def test_bonds_grow_with_the_hours_and_slower_in_a_group():
    p = parameters(bond_rate=0.1, group_bond_share=0.6)
    assert loneliness.bond_growth.py_func(0.25, 0.8, False, p) == pytest.approx(0.06)
    assert loneliness.bond_growth.py_func(0.25, 0.8, True, p) == pytest.approx(0.036)
    assert loneliness.bond_growth.py_func(1.0, 1.0, False, p) == 0.0


def test_groups_found_more_lasting_ties_than_pairs():
    p = parameters(ties_rate=0.004, pair_ties_share=0.3)
    # 0.004 x 0.5 x 0.9 x 0.8, and 0.3 of it
    rule = loneliness.ties_growth.py_func
    assert rule(0.5, 0.9, 0.8, 1.0, True, p) == pytest.approx(0.00144)
    assert rule(0.5, 0.9, 0.8, 1.0, False, p) == pytest.approx(0.000432)
    assert rule(0.5, 0.9, 0.8, 0.5, True, p) == pytest.approx(0.00072)


VALUES = {
    "contact_effect": 0.03,
    "group_intensity": 0.7,
    "comfort_from_leeway": 0.6,
    "group_bond_share": 0.6,
    "pair_ties_share": 0.3,
    "bond_rate": 0.1,
    "ties_rate": 0.004,
    "contact_ceiling": 1.0,
    "ties_ceiling": 1.0,
    "comfort_from_regularity": 0.0,
    "hours_per_companion": 10.0,
    "hours_per_group_member": 5.0,
}


def after_contact(contact_hours=(8.0, 40.0), months=1, **values):
    """A participant in a pair, one in a group, and an empty row."""
    slots = tables.initiatives(
        2,
        format=[ONE_TO_ONE, GROUP],
        participants=[1, 4],
        contact_hours=contact_hours,
        leeway=0.5,
    )
    parts = tables.participations(3, citizen=[1, 0, FREE], initiative=[0, 1, FREE], bond=0.5)
    people = tables.citizens(2, ties_gained=0.01)
    for _ in range(months):
        compiled_steps.contact(slots, parts, people, default_record(**(VALUES | values)))
    return parts, people


def test_contact_works_on_pairs_and_groups():
    parts, people = after_contact()
    # The pair has 8 of 10 hours, the group all of its 4 x 5.
    pair = 0.03 * 0.5 * 0.8 * 0.7
    group = 0.7 * 0.03 * 0.5 * 1.0 * 0.7
    assert people.push == pytest.approx([-group, -pair], abs=SINGLE)
    gained = [0.01 + 0.004 * 0.5 * 0.5, 0.01 + 0.3 * 0.004 * 0.5 * 0.8 * 0.5]
    assert people.ties_gained == pytest.approx(gained, abs=SINGLE)
    assert parts["bond"][:2] == pytest.approx([0.5 + 0.1 * 0.8 * 0.5, 0.5 + 0.06 * 0.5])
    assert parts["comfort"][:2] == pytest.approx([pair, group])


@pytest.mark.parametrize("ceiling", [0.05, 0.1, 0.3])
@pytest.mark.parametrize("rate", [0.0, 0.01, 0.1])
def test_contact_and_ties_stay_below_their_ceilings_for_ever(ceiling, rate):
    values = {"contact_ceiling": ceiling, "ties_ceiling": ceiling / 2, "set_point_rate": rate}
    reached = []
    for months in (12, 24, 240):
        parts, people = after_contact(months=months, **values)
        gained = people.ties_gained[parts["citizen"][:2]]
        reached.append(parts["comfort"][:2] + gained)
        assert np.all(reached[-1] <= ceiling + SINGLE)
        assert np.all(gained <= ceiling / 2 + SINGLE)
    assert np.all(reached[0] > 0.0)
    if rate == 0.0:  # nothing comes back: the ceiling is reached
        assert reached[-1] == pytest.approx(ceiling, rel=0.01)


def test_rare_contact_comforts_less_than_in_proportion():
    _, people = after_contact(comfort_from_regularity=0.5)
    # The pair has 8 of 10 hours, of which 1 - 0.5 x 0.2 comforts; the group has all it asks for.
    pair = 0.03 * 0.5 * 0.8 * 0.7
    assert people.push[1] == pytest.approx(-0.9 * pair, abs=SINGLE)
    assert people.push[0] == pytest.approx(-0.7 * 0.03 * 0.5 * 0.7, abs=SINGLE)


def test_contact_without_hours_comforts_nobody():
    parts, people = after_contact(contact_hours=[0.0, 0.0])
    assert np.all(people.push == 0.0)
    assert np.all(people.ties_gained == np.float32(0.01))
    assert np.all(parts["bond"][:2] == 0.5)


def test_volunteering_does_good_to_the_volunteer():
    volunteers = tables.teams(tables.initiatives(1), 0, 0)
    volunteers["relatedness"] = (0.6, 0.9)
    volunteers["citizen"] = (2, FREE)
    people = tables.citizens(3, push=0.01)
    compiled_steps.own_benefit(volunteers, people, default_record(own_benefit=0.002))
    assert people.push == pytest.approx([0.01, 0.01, 0.01 - 0.0012], abs=SINGLE)


def test_the_mean_of_ties_and_of_nobody():
    before = np.array([0.1, 0.4, 0.7, 0.2], np.float32)
    network = tables.ties([1, 2], [0], [0], [])
    means = np.zeros(4, np.float32)
    compiled_steps.mean_of_ties(network, before, 0.35, 0, 4, means)
    assert means == pytest.approx([0.55, 0.1, 0.1, 0.35], abs=SINGLE)
    part = np.zeros(2, np.float32)
    compiled_steps.mean_of_ties(network, before, 0.35, 1, 2, part)
    assert np.array_equal(part, means[1:3])


def test_the_mean_of_ties_does_not_depend_on_their_order():
    generator = np.random.default_rng(1)
    before = generator.uniform(size=500).astype(np.float32)
    network = tables.ties(*(generator.choice(500, 8, replace=False) for _ in range(500)))
    means, mirrored = np.zeros((2, 500), np.float32)
    compiled_steps.mean_of_ties(network, before, 0.0, 0, 500, means)
    turned = 499 - network.neighbours.reshape(500, 8)
    network = network._replace(neighbours=turned.ravel())
    compiled_steps.mean_of_ties(network, before[::-1].copy(), 0.0, 0, 500, mirrored)
    assert np.array_equal(means, mirrored)
    rows = network.neighbours.reshape(500, 8)
    assert means == pytest.approx(before[::-1][rows].mean(axis=1), abs=SINGLE)


MONTH = {
    "set_point_rate": 0.04,
    "contagion_strength": 0.03,
    "loneliness_noise": 0.02,
    "life_event_probability": 0.01,
    "life_event_size": 0.28,
    "ties_decay_rate": 0.02,
}
QUIET = 0xFFFF0000  # a mood of exactly 0


def after_a_month(level=0.3, mood=QUIET, event=0.5, means=0.3, shock=None, **columns):
    people = tables.citizens(1, **({"set_point": 0.3, "loneliness": level} | columns))
    lanes = np.zeros((4, 1), np.uint32)
    lanes[MOOD], lanes[LIFE_EVENT] = mood, int(event * 2**32)
    compiled_steps.update_loneliness(
        tables.towns(mean_loneliness=0.25),
        people,
        np.array([level], np.float32),
        np.array([means], np.float32),
        lanes,
        tables.shock(**(shock or {})),
        default_record(**MONTH),
    )
    return float(people.loneliness[0]), people


def test_the_month_of_a_citizen():
    rest, people = after_a_month()
    assert rest == pytest.approx(0.3 + 0.03 * 0.05, abs=SINGLE)
    assert people.push[0] == 0.0
    drift, _ = after_a_month(level=0.5)
    assert drift == pytest.approx(0.5 - 0.04 * 0.2 + 0.0015, abs=SINGLE)
    gained, people = after_a_month(ties_gained=0.1)
    assert gained == pytest.approx(rest - 0.004, abs=SINGLE)
    assert people.ties_gained[0] == pytest.approx(0.098, abs=SINGLE)
    pushed, people = after_a_month(push=-0.05)
    assert pushed == pytest.approx(rest - 0.05, abs=SINGLE)
    assert people.push[0] == 0.0
    need, _ = after_a_month(shock={"loneliness_push": 0.003})
    assert need == pytest.approx(rest + 0.003, abs=SINGLE)


def test_life_events_come_below_their_chance():
    rest, _ = after_a_month()
    assert after_a_month(event=0.0099)[0] == pytest.approx(rest + 0.28, abs=SINGLE)
    assert after_a_month(event=0.0101)[0] == rest


def test_moods_add_their_noise():
    rest, _ = after_a_month()
    highest = math.sqrt(6.0) * (1 - 2.0**-16) * 0.02
    assert after_a_month(mood=0xFFFFFFFF)[0] == pytest.approx(rest + highest, abs=SINGLE)
    assert after_a_month(mood=0)[0] == pytest.approx(rest - highest, abs=SINGLE)


def test_loneliness_stays_in_its_range():
    assert after_a_month(level=0.99, event=0.0, push=0.3)[0] == 1.0
    assert after_a_month(level=0.01, push=-0.3)[0] == 0.0
