"""Staff: rules worked by hand, the month of a staff member, turnover and vacancies."""

import math

import numpy as np
import pytest

import tables
from compiled_steps import staff_step
from velfaerd_sim.processes import staff
from velfaerd_sim.randomness import STAFF_LEAVING, key_of, uniform
from worlds import default_record, parameters


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def test_skill_is_learned_and_lost():
    p = parameters(skill_from_training=0.02, skill_from_dialogue=0.03, skill_decay_rate=0.01)
    # (0.02 x 0.5 + 0.03 x 0.4)(1 - 0.3) - 0.01 x 0.3
    assert staff.skill_change.py_func(0.3, 0.5, 0.4, p) == pytest.approx(0.0124)
    assert staff.skill_change.py_func(1.0, 1.0, 1.0, p) == pytest.approx(-0.01)


CONCERN = {
    "concern_base": 0.25,
    "concern_from_substitution": 1.2,
    "concern_from_strain": 0.5,
    "concern_relief_by_boundary": 0.2,
    "concern_relief_by_dialogue": 0.15,
}
SATISFACTION = {
    "satisfaction_base": 0.75,
    "satisfaction_lost_to_overload": 0.4,
    "satisfaction_lost_to_strain": 0.4,
    "satisfaction_lost_to_concern": 0.3,
    "satisfaction_from_skill": 0.1,
}


def test_concern_follows_substitution_and_strain():
    p = parameters(**CONCERN)
    # 0.25 + 1.2 x 0.2 + 0.5 x 0.3 - 0.2 x 0.5 - 0.15 x 0.4 = 0.25 + 0.24 + 0.15 - 0.1 - 0.06
    assert staff.concern_target.py_func(0.2, 0.3, 0.5, 0.4, p) == pytest.approx(0.48)


def test_satisfaction_falls_with_overload_strain_and_concern():
    p = parameters(**SATISFACTION)
    # 0.75 - 0.4 x 0.25 - 0.4 x 0.3 - 0.3 x 0.5 + 0.1 x 0.4
    assert staff.satisfaction_target.py_func(0.75, 0.3, 0.5, 0.4, p) == pytest.approx(0.42)


def test_leaving_rises_when_satisfaction_falls():
    p = parameters(staff_leaving_log_odds=-4.4, staff_leaving_satisfaction=3.0)
    rule = staff.staff_leaving_probability.py_func
    assert rule(0.6, p) == pytest.approx(logistic(-4.4))  # 1.2 % a month, 14 % a year
    assert 1 - (1 - rule(0.6, p)) ** 12 == pytest.approx(0.14, abs=0.01)
    assert rule(0.2, p) == pytest.approx(logistic(-3.2))


VALUES = {
    "skill_from_training": 0.02,
    "skill_from_dialogue": 0.03,
    "skill_decay_rate": 0.01,
    "concern_rate": 0.1,
    "satisfaction_rate": 0.1,
    "staff_leaving_log_odds": -5.5,
    "staff_leaving_satisfaction": 3.0,
    "entry_skill": 0.3,
    "entry_satisfaction": 0.7,
    "vacancy_months": 2,
}
VALUES |= CONCERN | SATISFACTION


def month(members, which=0, **values):
    town = tables.towns(capacity=0.75, mean_substitution=0.2, mean_strain=0.3)
    departments = tables.departments(
        2, training=[0.5, 0.0], enacted_dialogue=[0.4, 0.0], boundary_protection=[0.5, 0.0]
    )
    tally = tables.tally()
    record = default_record(**(VALUES | values))
    staff_step(town, departments, members, key_of(1, 1), which, record, tally)
    return town[0], tally


def test_the_month_of_a_staff_member():
    members = tables.staff(
        2, department=[0, 1], skill=0.3, concern=0.4, satisfaction=0.65, tenure_months=5
    )
    town, tally = month(members)
    assert tally["staff_left"][0] == 0.0
    skill = [0.3 + 0.0124, 0.3 - 0.003]
    assert members["skill"] == pytest.approx(skill)
    # Targets: 0.48 as above; without protection and talks 0.25 + 0.24 + 0.15 = 0.64.
    concern = [0.4 + 0.1 * 0.08, 0.4 + 0.1 * 0.24]
    assert members["concern"] == pytest.approx(concern)
    # The month's skill and concern count: 0.75 - 0.1 - 0.12 - 0.3 x concern + 0.1 x skill.
    for row in range(2):
        aim = 0.53 - 0.3 * concern[row] + 0.1 * skill[row]
        assert members["satisfaction"][row] == pytest.approx(0.65 + 0.1 * (aim - 0.65))
    assert list(members["tenure_months"]) == [6, 6]
    assert town["mean_skill"] == pytest.approx(np.mean(skill))
    assert town["mean_concern"] == pytest.approx(np.mean(concern))


def test_a_vacant_post_waits_and_counts_nowhere():
    members = tables.staff(2, skill=[0.5, 0.9], concern=0.25, satisfaction=0.7)
    members["vacant_months"] = (0, 2)
    for left in (1, 0):
        town, _ = month(members, which=left)
        assert members["vacant_months"][1] == left
        assert members["skill"][1] == 0.9
    # In post from now on, so it counts in the means of the next month.
    assert town["mean_skill"] == pytest.approx(members["skill"].mean())


def test_who_leaves_takes_the_skill_along():
    left = 0
    # What decides is the month's satisfaction, 10 % of the way from 0 to its target.
    skill = 0.8 + (0.02 * 0.5 + 0.03 * 0.4) * 0.2 - 0.01 * 0.8
    concern = 0.9 + 0.1 * (0.48 - 0.9)
    satisfaction = 0.1 * (0.53 - 0.3 * concern + 0.1 * skill)
    chance = logistic(-3.5 - 6.0 * (satisfaction - 0.6))
    for which in range(60):
        members = tables.staff(3, skill=0.8, concern=0.9, satisfaction=0.0, tenure_months=50)
        values = {"staff_leaving_log_odds": -3.5, "staff_leaving_satisfaction": 6.0}
        town, tally = month(members, which, **values)
        for row in range(3):
            gone = uniform(key_of(1, 1), STAFF_LEAVING, which, row) < chance
            assert members["vacant_months"][row] == (2 if gone else 0)
            assert members["skill"][row] == pytest.approx(0.3 if gone else skill)
            assert members["tenure_months"][row] == (0 if gone else 51)
            assert members["concern"][row] == pytest.approx(0.25 if gone else concern)
            assert members["satisfaction"][row] == pytest.approx(0.7 if gone else satisfaction)
            left += gone
        stayed = members["vacant_months"] == 0
        assert tally["staff_left"][0] == 3 - np.sum(stayed)
        if np.any(stayed):
            assert town["mean_skill"] == pytest.approx(skill)
    assert 20 < left < 180


def test_without_anyone_in_post_the_means_stay():
    members = tables.staff(1, vacant_months=3)
    town = tables.towns(mean_skill=0.6, mean_concern=0.4)
    record = default_record(**VALUES)
    staff_step(town, tables.departments(1), members, key_of(1, 1), 0, record, tables.tally())
    assert (town["mean_skill"][0], town["mean_concern"][0]) == (0.6, 0.4)
