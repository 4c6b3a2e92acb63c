"""Shocks: a consultant is lost, people grow older."""

import numpy as np
import pytest

import tables
from compiled_steps import shocks_step
from velfaerd_sim.compiled import in_python
from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.population.levels import STEPS, level_at, quantiles_of, rank_of
from velfaerd_sim.population.synthesis import level_means
from velfaerd_sim.randomness import AGEING, key_of, uniform
from worlds import default_record

KEY = key_of(1, 1)


def month(members, people, which=12, values=None, **shock):
    rows, tally = tables.shock(**shock), tables.tally()
    values = defaults() | (values or {})
    quantiles = quantiles_of(level_means(values), values["set_point_concentration"])
    shocks_step(members, people, rows, KEY, which, default_record(**values), quantiles, tally)
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


def test_a_share_of_each_band_moves_up_and_keeps_its_rank():
    count = 4000
    bands = np.arange(count) % 8
    levels = quantiles_of(level_means(defaults()), defaults()["set_point_concentration"])
    ranks = np.linspace(1.0, STEPS - 1.0, count)
    here = np.array([in_python(level_at)(levels[b], r) for b, r in zip(bands, ranks, strict=True)])
    people = tables.citizens(count, age_band=bands, set_point=here)
    month(team(), people, which=24, ageing_probability=0.1)
    drawn = np.array([uniform(KEY, AGEING, 24, i) < 0.1 for i in range(count)])
    moved = drawn & (bands < 7)
    assert 200 < moved.sum() < 600
    assert np.array_equal(people.age_band, bands + moved)
    after = [
        in_python(rank_of)(levels[band], float(level))
        for band, level in zip(people.age_band, people.set_point, strict=True)
    ]
    assert after == pytest.approx(ranks, abs=0.01)
    assert np.all(people.set_point[~moved] == here[~moved].astype(np.float32))


def test_who_is_least_lonely_stays_so_when_people_move_up():
    people = tables.citizens(200, age_band=0, set_point=[0.0, 1.0] * 100)
    month(team(), people, ageing_probability=1.0)
    assert np.all(people.age_band == 1)
    assert list(people.set_point) == [0.0, 1.0] * 100
