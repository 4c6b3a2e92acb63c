"""Initiatives: rules worked by hand, quality, closing with its losses, opening by six routes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import compiled_steps
import tables
from invariants import chain
from velfaerd_sim.population import traits
from velfaerd_sim.population.schema import (
    FREE,
    GROUP,
    INITIATIVE_TYPE,
    ONE_TO_ONE,
    PARTICIPATING,
    VOLUNTEERING,
)
from velfaerd_sim.population.tallies import TENURES
from velfaerd_sim.processes import initiatives
from velfaerd_sim.randomness import (
    CLOSING,
    INCIDENT,
    OPENING,
    OPENING_AFFILIATION,
    OPENING_FORMAT,
    TRANSFER,
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


CLOSES = {"closing_quality": 1.5, "closing_strain": 0.8, "closing_empty": 2.0}


def test_closing_is_kept_away_by_backing_and_quality():
    p = parameters(closing_log_odds=-4.4, closing_backing=2.0, **CLOSES)
    rule = initiatives.closing_probability.py_func
    assert rule(0.5, 0.5, 0.0, False, p) == pytest.approx(logistic(-4.4))
    # -4.4 - 2 x 0.2 - 1.5 x 0.1 + 0.8 x 0.5 = -4.55
    assert rule(0.7, 0.6, 0.5, False, p) == pytest.approx(logistic(-4.55))
    assert rule(0.7, 0.6, 0.5, True, p) == pytest.approx(logistic(-2.55))


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


class Closing:
    """Three initiatives: a pair in 0, a group in 1, room in 2; the ones idle for long close."""

    def __init__(self, idle, affiliated=1, month=0, tenure=9, **values):
        self.initiatives = tables.initiatives(
            3,
            format=[ONE_TO_ONE, GROUP, GROUP],
            affiliated=affiliated,
            idle_months=idle,
            backing=1.0,
            quality=1.0,
        )
        self.volunteers = tables.teams(self.initiatives, 0, 0, 1)
        self.volunteers["tenure_months"] = tenure
        self.volunteers["ownership"] = 0.6
        self.volunteers["companions"] = (1, 0, 0)
        self.initiatives["participants"] = (1, 2, 0)
        self.participations = tables.participations(3, citizen=[3, 4, 5], initiative=[0, 1, 1])
        self.participations["companion"][0] = 0
        self.participations["bond"] = (0.5, 0.6, 0.2)
        self.citizens = tables.citizens(6, flags=[2, 2, 2, 4, 4, 4])
        self.town = tables.towns(
            initiatives=3,
            volunteers=3,
            participants=3,
            free_volunteer=FREE,
            free_participation=FREE,
        )
        self.tally, self.at_risk, self.ended = tables.tally(), tables.ledger(), tables.ledger()
        self.closing = np.zeros(3, np.uint8)
        record = {"companion_loss_effect": 0.1, "closing_log_odds": -5.0, "closing_backing": 4.0}
        record |= {"transfer_affiliated": 1.0, "transfer_informal": 0.0} | CLOSES
        record |= {"transfer_ownership_kept": 0.5, "group_loss_share": 0.5}
        compiled_steps.close(
            self.town,
            self.volunteers,
            self.participations,
            self.initiatives,
            self.citizens,
            self.closing,
            KEY,
            month,
            default_record(**(record | values)),
            self.tally,
            self.at_risk,
            self.ended,
        )


def test_nothing_closes_without_cause():
    done = Closing([0, 0, 5])
    assert done.tally["closed"][0] == 0.0
    assert list(done.initiatives["running"]) == [1, 1, 1]
    assert list(done.participations["citizen"]) == [3, 4, 5]


def test_half_a_year_without_volunteers_closes():
    done = Closing([0, 0, 6])
    assert done.tally["closed"][0] == 1.0
    assert list(done.initiatives["running"]) == [1, 1, 0]
    assert done.town["initiatives"][0] == 2


def test_participants_lose_their_bond_and_half_of_it_in_a_group():
    done = Closing([6, 6, 0])
    assert done.citizens.push == pytest.approx([0, 0, 0, 0.05, 0.03, 0.01], abs=1e-7)
    assert np.all(done.participations["citizen"] == FREE)
    assert not np.any(done.citizens.flags & PARTICIPATING)
    assert done.tally["pairs_broken"][0] == 3.0
    assert done.town["participants"][0] == 0
    assert not np.any(done.initiatives["participants"])


def test_volunteers_without_a_transfer_leave():
    done = Closing([6, 0, 0], affiliated=0)
    assert done.tally["transfers"][0] == 0.0
    assert done.tally["leaves"][0] == 2.0
    assert list(done.volunteers["citizen"]) == [FREE, FREE, 2]
    assert list(done.citizens.flags[:3] & VOLUNTEERING) == [0, 0, 2]
    # They were at risk, this month, at a tenure of one month less.
    assert done.ended[8] == done.ended.sum() == 2
    assert done.at_risk.sum() == 0
    assert sorted(chain(done.town["free_volunteer"][0], done.volunteers["initiative"])) == [0, 1]


def test_very_long_tenures_share_the_last_place_of_the_ledger():
    done = Closing([6, 0, 0], affiliated=0, tenure=[TENURES, 200, 0])
    assert done.ended[TENURES - 1] == done.ended.sum() == 2


def test_who_joined_this_month_was_at_risk_in_no_month_before():
    done = Closing([6, 0, 0], affiliated=0, tenure=0)
    assert done.ended[0] == done.ended.sum() == 2
    assert done.at_risk[0] == done.at_risk.sum() == 2


def test_volunteers_of_an_association_move_on_where_there_is_room():
    done = Closing([6, 0, 0])
    # With two of three slots open and four looks, 1 in 81 finds no place.
    assert done.tally["transfers"][0] == 2.0
    assert done.tally["leaves"][0] == 0.0
    assert np.all(done.volunteers["citizen"] == [0, 1, 2])
    assert np.all(done.volunteers["initiative"] > 0)
    assert done.volunteers["ownership"] == pytest.approx([0.3, 0.3, 0.6])
    assert np.all(done.volunteers["tenure_months"] == 9)
    for k in range(3):
        team = chain(done.initiatives["first_volunteer"][k], done.volunteers["next_in_team"])
        assert len(team) == done.initiatives["volunteers"][k]
        assert sorted(team) == list(np.flatnonzero(done.volunteers["initiative"] == k))


def test_the_own_draw_decides_on_moving_on():
    for month in range(20):
        done = Closing(
            [6, 0, 0], month=month, transfer_affiliated=0.5, volunteers_per_initiative=25
        )
        moves = [uniform(KEY, TRANSFER, month, person) < 0.5 for person in (0, 1)]
        for person in (0, 1):
            if done.volunteers["citizen"][person] != FREE:
                assert moves[person]


def test_when_all_close_nobody_moves_on():
    done = Closing([6, 6, 6])
    assert done.tally["closed"][0] == 3.0
    assert done.tally["leaves"][0] == 3.0
    assert done.town["volunteers"][0] == done.town["initiatives"][0] == 0
    assert not np.any(done.closing)


def test_closing_is_decided_by_the_draw_of_the_slot():
    closed = 0
    for month in range(60):
        done = Closing(0, month=month, closing_log_odds=-3.0, closing_backing=0.0)
        for k in range(3):
            chance = logistic(-3.0 - 1.5 * 0.5 + (2.0 if k == 2 else 0.0))
            stays = uniform(KEY, CLOSING, month, k) >= chance
            assert done.initiatives["running"][k] == stays
            closed += not stays
    assert closed > 0


OPEN = STARTS | {
    "opening_dialogue": 2.0,
    "opening_local_actors": 2.0,
    "one_to_one_share": 0.4,
    "affiliated_share": 0.7,
    "influence_dialogue": 0.5,
}
OPEN |= {f"opening_{n}": 0.0 for n in ("invited_organisations", "recruited_individuals")}
OPEN |= {f"opening_{n}": 0.0 for n in ("users", "national_actors")}


def opened(month=3, running=0, slots=20, adults=60_000, demand=1.0, **values):
    table = tables.initiatives(slots, running=0)
    table["running"][:running] = 1
    town = tables.towns(adults=adults, initiatives=running, capacity=1.0, mean_ownership=0.5)
    departments = tables.departments(
        2, enacted_dialogue=0.2, openness=0.8, rigidity=0.5, role_clarity=0.6, influence=0.7
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
        "influence": 0.5,
        "promised": 0.7,
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
