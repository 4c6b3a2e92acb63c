"""Shocks: a consultant is lost, people grow older."""

import numpy as np
import pytest

import tables
from compiled_steps import shocks_step
from velfaerd_sim.randomness import AGEING, key_of, uniform
from worlds import default_record

KEY = key_of(1, 1)


def month(members, people, which=12, values=None, **shock):
    rows, tally = tables.shock(**shock), tables.tally()
    shocks_step(members, people, rows, KEY, which, default_record(**(values or {})), tally)
    return tally[0]


def team():
    return tables.staff(
        4,
        chief=[1, 0, 0, 0],
        skill=[0.9, 0.5, 0.7, 0.8],
        vacant_months=[0, 0, 0, 1],
        tenure_months=40,
    )


def test_the_most_skilled_consultant_in_post_is_lost():
    members = team()
    values = {"entry_skill": 0.3, "vacancy_months": 3}
    tally = month(members, tables.citizens(1), values=values, consultants_lost=1)
    assert tally["staff_left"] == 1.0
    assert list(members["vacant_months"]) == [0, 0, 3, 1]
    assert list(members["skill"]) == [0.9, 0.5, 0.3, 0.8]
    assert list(members["tenure_months"]) == [40, 40, 0, 40]


def test_no_more_consultants_are_lost_than_there_are():
    members = team()
    month(members, tables.citizens(1), values={"vacancy_months": 2}, consultants_lost=9)
    assert list(members["vacant_months"]) == [0, 2, 2, 1]


def test_in_an_ordinary_month_nothing_happens():
    members, people = team(), tables.citizens(50, age_band=3, set_point=0.4)
    month(members, people)
    assert members.tobytes() == team().tobytes()
    assert np.all(people.age_band == 3)
    assert np.all(people.set_point == np.float32(0.4))


def test_a_share_of_each_band_moves_up_with_its_level():
    count = 4000
    bands = np.arange(count) % 8
    people = tables.citizens(count, age_band=bands, set_point=0.5)
    values = {"set_point_16_24": 0.3, "set_point_25_34": 0.25, "set_point_85_plus": 0.3}
    values |= {"set_point_75_84": 0.2}
    month(team(), people, which=24, values=values, ageing_probability=0.1)
    drawn = np.array([uniform(KEY, AGEING, 24, i) < 0.1 for i in range(count)])
    moved = drawn & (bands < 7)
    assert np.array_equal(people.age_band, bands + moved)
    young, old = moved & (bands == 0), moved & (bands == 6)
    assert people.set_point[young] == pytest.approx(0.45, abs=1e-6)
    assert people.set_point[old] == pytest.approx(0.6, abs=1e-6)
    assert np.all(people.set_point[~moved] == np.float32(0.5))
    assert np.all(people.age_band[bands == 7] == 7)


def test_a_level_stays_in_its_range_when_people_move_up():
    people = tables.citizens(200, age_band=0, set_point=0.01)
    values = {"set_point_16_24": 0.45, "set_point_25_34": 0.2}
    month(team(), people, values=values, ageing_probability=1.0)
    assert np.all(people.age_band == 1)
    assert np.all(people.set_point == 0.0)
