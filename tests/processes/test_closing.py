"""Initiatives that close: who decides it, what is lost, who moves on."""

import math

import numpy as np
import pytest

import compiled_steps
import tables
from invariants import chain
from velfaerd_sim.population.schema import (
    FREE,
    GROUP,
    ONE_TO_ONE,
    PARTICIPATING,
    VOLUNTEERING,
)
from velfaerd_sim.population.tallies import TENURES
from velfaerd_sim.processes import initiatives
from velfaerd_sim.randomness import (
    CLOSING,
    TRANSFER,
    key_of,
    uniform,
)
from worlds import default_record, parameters

KEY = key_of(1, 1)


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


CLOSES = {"closing_quality": 1.5, "closing_strain": 0.8, "closing_empty": 2.0}


def test_closing_is_kept_away_by_backing_and_quality():
    p = parameters(closing_log_odds=-4.4, closing_backing=2.0, **CLOSES)
    rule = initiatives.closing_probability.py_func
    assert rule(0.5, 0.5, 0.0, False, p) == pytest.approx(logistic(-4.4))
    # -4.4 - 2 x 0.2 - 1.5 x 0.1 + 0.8 x 0.5 = -4.55
    assert rule(0.7, 0.6, 0.5, False, p) == pytest.approx(logistic(-4.55))
    assert rule(0.7, 0.6, 0.5, True, p) == pytest.approx(logistic(-2.55))


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
