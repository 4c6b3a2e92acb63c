"""Initiatives: rules worked by hand, quality, opening by six routes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import compiled_steps
import tables
from velfaerd_sim.population import traits
from velfaerd_sim.population.schema import (
    FREE,
    GROUP,
    INITIATIVE_TYPE,
    ONE_TO_ONE,
)
from velfaerd_sim.processes import initiatives
from velfaerd_sim.randomness import (
    INCIDENT,
    OPENING,
    OPENING_AFFILIATION,
    OPENING_FORMAT,
    key_of,
    uniform,
)
from worlds import default_record, parameters

KEY = key_of(1, 1)


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


QUALITY = {
    "quality_base": 0.2,
    "quality_from_ownership": 0.3,
    "quality_from_motivation": 0.4,
    "quality_from_clarity": 0.2,
    "quality_from_definition": 0.1,
    "quality_lost_to_strain": 0.2,
    "quality_lost_to_substitution": 0.2,
}


def test_quality_is_made_by_ownership_and_motivation():
    p = parameters(**QUALITY)
    rule = initiatives.quality_target.py_func
    # 0.20 + 0.3 x 0.4 + 0.4 x 0.6 + 0.2 x 0.5 - 0.2 x 0.3 - 0.2 x 0.1
    assert rule(0.4, 0.6, 0.5, 0.4, 0.3, 0.1, p) == pytest.approx(0.58)
    # ... + 0.1 (0.9 - 0.4): volunteers took part when the problem was described
    assert rule(0.4, 0.6, 0.5, 0.9, 0.3, 0.1, p) == pytest.approx(0.63)


def test_incidents_come_from_substitution_and_unclear_roles():
    p = parameters(
        incident_log_odds=-6.0, incident_from_substitution=6.0, incident_from_ambiguity=1.5
    )
    rule = initiatives.incident_probability.py_func
    assert rule(0.0, 0.4, p) == pytest.approx(logistic(-6.0))
    assert rule(0.25, 0.2, p) == pytest.approx(logistic(-6.0 + 1.5 + 0.3))


STARTS = {
    "dialogue_half_effect": 0.2,
    "starts_from_openness": 1.0,
    "starts_from_ownership": 1.0,
    "start_barrier_local": 0.6,
    "start_barrier_national": 0.3,
    "municipal_starts_yield": 0.5,
}


def test_routes_answer_to_instruments():
    rule = initiatives.opening_factor.py_func
    p = parameters(**STARTS)
    state = {"capacity": 0.8, "dialogue": 0.2, "openness": 0.6, "rigidity": 0.5, "ownership": 0.4}
    state["p"] = p
    for route in (0, 1, 3):  # the municipality's own: 0.8 (1.2 - 0.5 x 0.6)
        assert rule(route, **state) == pytest.approx(0.72)
    assert rule(2, **state) == pytest.approx(1.0)  # 2 x 0.2 / 0.4
    assert rule(4, **state) == pytest.approx(0.8 * 0.7 * 0.9)
    assert rule(5, **state) == pytest.approx(1.1 * 0.85)
    assert rule(2, **(state | {"dialogue": 0.0})) == 0.0
    state["p"] = parameters(**dict.fromkeys(STARTS, 0.0) | {"dialogue_half_effect": 0.2})
    assert [rule(r, **state) for r in (0, 4, 5)] == pytest.approx([0.8, 0.1, 0.5])


def test_each_route_has_its_own_rate():
    names = ("invited_organisations", "recruited_individuals", "dialogue", "users")
    names = (*names, "local_actors", "national_actors")
    p = parameters(**{f"opening_{name}": n / 10 for n, name in enumerate(names)})
    assert [traits.opening_rate.py_func(r, p) for r in range(6)] == [n / 10 for n in range(6)]


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.0, 20.0))
def test_poisson_numbers_are_quantiles(u, mean):
    count = initiatives.poisson(u, mean)
    assert 0 <= count <= initiatives.MOST_STARTS
    if count > 0:
        assert stats.poisson.cdf(count - 1, mean) < u + 1e-12
    if count < initiatives.MOST_STARTS:
        assert stats.poisson.cdf(count, mean) > u - 1e-12


@given(st.floats(0.001, 0.999), st.floats(0.0, 1.0), st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_poisson_numbers_rise_with_the_rank_and_the_mean(u, rank, mean, more):
    assert initiatives.poisson(u * rank, mean) <= initiatives.poisson(u, mean)
    assert initiatives.poisson(u, mean) <= initiatives.poisson(u, mean + more)


def test_poisson_known_answers():
    # exp(-1) = 0.3679, then 0.7358, 0.9197
    assert [initiatives.poisson(u, 1.0) for u in (0.36, 0.37, 0.73, 0.74, 0.92)] == [0, 1, 1, 2, 3]
    assert initiatives.poisson(0.999, 0.0) == 0


DEVELOP = QUALITY | {
    "quality_rate": 0.15,
    "incident_from_ambiguity": 1.5,
    "incident_log_odds": -4.0,
    "incident_from_substitution": 12.0,
}


def developed(month=0, **values):
    start = {"quality": 0.5, "effective_clarity": 0.5, "strain": 0.3, "substitution": 0.1}
    start["authorship"] = 0.4
    slots = tables.initiatives(3, **(start | {"running": [1, 1, 0]} | values))
    volunteers = tables.teams(slots, 0, 0)
    volunteers["motivation"], volunteers["ownership"] = (0.5, 0.7), (0.3, 0.5)
    tally = tables.tally()
    record = default_record(**DEVELOP)
    compiled_steps.develop(volunteers, slots, KEY, month, record, tally)
    return slots, tally


def test_quality_follows_the_team_and_an_empty_one_is_idle():
    slots, _ = developed(age_months=7, idle_months=2)
    # The target is 0.20 + 0.3 x 0.4 + 0.4 x 0.6 + 0.1 - 0.06 - 0.02 = 0.58; without a team 0.22.
    assert slots["quality"] == pytest.approx([0.5 + 0.15 * 0.08, 0.5 - 0.15 * 0.28, 0.5])
    assert list(slots["age_months"]) == [8, 8, 7]
    assert list(slots["idle_months"]) == [0, 3, 2]


def test_incidents_are_counted_and_strain():
    count = 0
    for month in range(80):
        slots, tally = developed(month, substitution=0.3)
        chance = logistic(-4.0 + 3.6 - 1.5 * 0.1)
        happened = [uniform(KEY, INCIDENT, month, k) < chance for k in range(2)]
        assert tally["incidents"][0] == sum(happened)
        assert list(slots["strain"][:2]) == [1.0 if one else 0.3 for one in happened]
        count += sum(happened)
    assert 0 < count < 160


OPEN = STARTS | {
    "opening_dialogue": 2.0,
    "opening_local_actors": 2.0,
    "one_to_one_share": 0.4,
    "affiliated_share": 0.7,
    "influence_dialogue": 0.5,
    "influence_lost_to_rules": 0.2,
}
OPEN |= {f"opening_{n}": 0.0 for n in ("invited_organisations", "recruited_individuals")}
OPEN |= {f"opening_{n}": 0.0 for n in ("users", "national_actors")}


def opened(month=3, running=0, slots=20, adults=60_000, demand=1.0, **values):
    table = tables.initiatives(slots, running=0)
    table["running"][:running] = 1
    town = tables.towns(adults=adults, initiatives=running, capacity=1.0, mean_ownership=0.5)
    departments = tables.departments(
        2, enacted_dialogue=0.2, openness=0.8, rigidity=0.5, role_clarity=0.6
    )
    starts, tally = np.zeros((2, 36, 6), np.int32), tables.tally()
    before = table.copy()
    compiled_steps.open_new(
        town,
        departments,
        table,
        np.array([[1.0] * 6, [0.5] * 6]),
        starts,
        tables.shock(demand_factor=demand),
        KEY,
        month,
        default_record(**(OPEN | values)),
        tally,
    )
    return town, before, table, starts, tally


@pytest.mark.parametrize(("running", "demand"), [(0, 1.0), (10, 1.0), (10, 1.5)])
def test_starts_are_poisson_by_route_department_and_room(running, demand):
    for month in range(40):
        town, _, table, starts, tally = opened(month, running, slots=60, demand=demand)
        # 60 000 adults, two departments: 60 / 12 / 2 = 2.5 times the room times the rates.
        scale = 2.5 * (1 - running / 60) * demand
        local = (0.2 + 0.8) * (1 - 0.6 * 0.5) * (0.5 + 0.5)
        for d, attitude in enumerate((1.0, 0.5)):
            for route, factor in ((2, 1.0), (4, local)):
                u = uniform(KEY, OPENING, month, 6 * d + route)
                expected = initiatives.poisson(u, scale * 2.0 * factor * attitude)
                assert starts[d, month % 36, route] == expected
        assert starts.sum() == tally["opened"][0] == town["initiatives"][0] - running
        assert np.sum(table["running"]) == town["initiatives"][0]
        assert tally["opened_by_municipality"][0] == 0.0


def test_a_new_initiative_starts_afresh():
    _, before, table, starts, _ = opened(opening_local_actors=0.0)
    new = table[(before["running"] == 0) & (table["running"] == 1)]
    assert len(new) == starts.sum() > 2
    for name, value in {
        "route": 2,
        "clarity": 0.6,
        "fit": 0.9,
        "effective_clarity": 0.54,
        "influence": 0.4,  # 0.5 by the route, less 0.2 x 0.5
        "promised": 0.4,
        "leeway": 1.0,
        "quality": 0.5,
        "age_months": 0,
        "strain": 0.0,
        "backing": 0.5,
        "volunteers": 0,
        "first_volunteer": FREE,
    }.items():
        assert new[name] == pytest.approx(value), name
    assert set(new["department"]) <= {0, 1}


def test_format_and_affiliation_are_drawn_by_the_start():
    shares = {ONE_TO_ONE: 0, "affiliated": 0, "all": 0}
    for month in range(60):
        _, _, table, starts, _ = opened(month, opening_local_actors=0.0, slots=60)
        expected = []
        for d in (0, 1):
            for n in range(starts[d, month % 36, 2]):
                agent = 6 * d + 2 + 30 * n
                one = uniform(KEY, OPENING_FORMAT, month, agent) < 0.4
                own = uniform(KEY, OPENING_AFFILIATION, month, agent) < 0.7
                expected.append((d, ONE_TO_ONE if one else GROUP, int(own)))
        new = table[table["running"] == 1]
        found = zip(new["department"], new["format"], new["affiliated"], strict=True)
        assert sorted(tuple(map(int, row)) for row in found) == sorted(expected)
        shares["all"] += len(expected)
        shares[ONE_TO_ONE] += sum(row[1] == ONE_TO_ONE for row in expected)
        shares["affiliated"] += sum(row[2] for row in expected)
    assert shares[ONE_TO_ONE] / shares["all"] == pytest.approx(0.4, abs=0.1)
    assert shares["affiliated"] / shares["all"] == pytest.approx(0.7, abs=0.1)


def test_nothing_opens_without_room():
    town, before, table, starts, tally = opened(running=20)
    assert starts.sum() == tally["opened"][0] == 0
    assert table.tobytes() == before.tobytes()
    assert town["initiatives"][0] == 20


def test_more_starts_than_room_fill_it_and_no_more():
    town, _, table, starts, tally = opened(slots=3, adults=6_000_000)
    assert np.all(table["running"] == 1)
    assert starts.sum() == tally["opened"][0] == town["initiatives"][0] == 3


def test_a_running_initiative_is_left_alone():
    _, before, table, _, _ = opened(running=7)
    kept = np.flatnonzero(before["running"] == 1)
    assert before[kept].tobytes() == table[kept].tobytes()
    assert table.dtype == INITIATIVE_TYPE
