"""Matching: rules worked by hand, the word that spreads, and ends of participations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiled_steps
import tables
from velfaerd_sim.population.schema import (
    FREE,
    GROUP,
    KNOWN,
    ONE_TO_ONE,
    PARTICIPATING,
    RECOVERED,
    VOLUNTEERING,
    WAITING,
)
from velfaerd_sim.processes import matching
from velfaerd_sim.randomness import ENDING, RECRUITMENT, REFERRAL, key_of, uniform
from worlds import default_record, parameters

KEY = key_of(1, 1)


def test_a_motivated_volunteer_asks_and_an_unhappy_one_deters():
    p = parameters(asking_threshold=0.35)
    assert matching.asking.py_func(0.6, p) == pytest.approx(0.25)
    assert matching.asking.py_func(0.2, p) == pytest.approx(-0.15)


def test_few_come_unasked_and_fewer_behind_a_barrier():
    p = parameters(recruitment_probability=0.002, entry_barrier_by_rules=0.6)
    assert matching.recruitment_base.py_func(0.5, 1.0, p) == pytest.approx(0.002 * 0.7)
    assert matching.recruitment_base.py_func(0.5, 1.8, p) == pytest.approx(0.002 * 0.7 * 1.8)


def test_being_asked_brings_people_and_loneliness_keeps_them_away():
    rule = matching.recruitment_chance.py_func
    # 0.002 (1 + 6 x 0.5)(1 - 0.6 x 0.25) = 0.002 x 4 x 0.85
    assert rule(0.002, 0.5, 0.25, 6.0, 0.6) == pytest.approx(0.0068)
    assert rule(0.002, 0.0, 0.0, 6.0, 0.6) == pytest.approx(0.002)
    assert rule(0.002, -0.5, 0.0, 6.0, 0.6) == 0.0  # deterred: 1 - 3 is cut at 0


def test_referral_needs_hours_and_a_clear_target_group():
    p = parameters(referral_rate=0.1, referral_from_clarity=0.5)
    assert matching.referral_probability.py_func(0.8, 0.5, p) == pytest.approx(0.06)
    assert matching.referral_probability.py_func(0.0, 1.0, p) == 0.0
    assert matching.referral_probability.py_func(1.0, 0.0, p) == pytest.approx(0.05)


def test_outreach_needs_an_open_door_and_someone_who_asks():
    rule = matching.outreach_probability.py_func
    assert rule(0.5, 0.6, 0.12) == pytest.approx(0.036)
    assert rule(3.0, 0.6, 0.12) == pytest.approx(0.072)  # no more than certain to be asked
    assert rule(-0.4, 0.6, 0.12) == 0.0


def test_only_who_is_no_longer_lonely_goes_on_without():
    p = parameters(recovered_ending_rate=0.06)
    assert matching.recovery_ending.py_func(True, p) == 0.0
    assert matching.recovery_ending.py_func(False, p) == 0.06


def test_the_municipality_comes_to_know_and_forgets():
    rule = matching.known_change.py_func
    rates = (0.012, 0.0015, 0.01)
    assert rule(False, True, 1 - 0.011, *rates)
    assert not rule(False, True, 1 - 0.013, *rates)
    assert rule(False, False, 1 - 0.0014, *rates)
    assert not rule(False, False, 1 - 0.0016, *rates)
    assert rule(True, False, 1 - 0.009, *rates)  # lost sight of
    assert not rule(True, False, 1 - 0.011, *rates)
    assert not rule(True, True, 1 - 1e-9, *rates)  # the lonely stay known


def test_every_tie_of_a_volunteer_hears_how_it_is():
    slots = tables.initiatives(1)
    volunteers = tables.teams(slots, 0, 0, 0)
    volunteers["motivation"] = (0.6, 0.2, 0.9)
    volunteers["citizen"] = (0, 2, FREE)
    # Citizen 1 is tied to both volunteers, 3 to the unhappy one, 0 and 2 to each other.
    network = tables.ties([1, 2], [0, 2], [0, 1, 3], [2])
    asked = np.zeros(4, np.float32)
    compiled_steps.spread_word(volunteers, network, asked, default_record(asking_threshold=0.35))
    assert asked == pytest.approx([-0.15, 0.25 - 0.15, 0.25, -0.15], abs=1e-6)


class Pairs:
    """Two pairs in a one-to-one initiative, two members of a group."""

    def __init__(self):
        self.town = tables.towns(participants=4, free_participation=4, volunteers=3)
        self.initiatives = tables.initiatives(2, format=[ONE_TO_ONE, GROUP], participants=2)
        self.volunteers = tables.teams(self.initiatives, 0, 0, 1)
        self.volunteers["companions"] = (1, 1, 0)
        self.participations = tables.participations(5)
        self.participations["citizen"] = (3, 4, 5, 6, FREE)
        self.participations["initiative"] = (0, 0, 1, 1, FREE)
        self.participations["companion"] = (0, 1, FREE, FREE, FREE)
        self.participations["bond"] = (0.5, 0.8, 0.9, 0.4, 0.0)
        self.citizens = tables.citizens(7, flags=[2, 2, 2, 4, 4, 4, 4])
        self.tally = tables.tally()


def test_a_companion_who_left_is_missed_by_the_bond():
    pairs = Pairs()
    pairs.volunteers["citizen"][1] = FREE
    compiled_steps.break_pairs(
        pairs.town,
        pairs.participations,
        pairs.volunteers,
        pairs.initiatives,
        pairs.citizens,
        default_record(companion_loss_effect=0.1),
        pairs.tally,
    )
    assert pairs.citizens.push == pytest.approx([0, 0, 0, 0, 0.08, 0, 0])
    assert list(pairs.participations["citizen"]) == [3, FREE, 5, 6, FREE]
    assert list(pairs.citizens.flags) == [2, 2, 2, 4, 0, 4, 4]
    assert list(pairs.initiatives["participants"]) == [1, 2]
    assert pairs.town["participants"][0] == 3
    assert pairs.tally["pairs_broken"][0] == 1.0
    assert pairs.town["free_participation"][0] == 1


def ended(month, history, rate=0.3, dropout=0.1):
    pairs = Pairs()
    pairs.citizens.lonely_history[:] = history
    compiled_steps.end_participations(
        pairs.town,
        pairs.participations,
        pairs.volunteers,
        pairs.initiatives,
        pairs.citizens,
        KEY,
        month,
        default_record(recovered_ending_rate=rate, dropout_rate=dropout),
        pairs.tally,
    )
    return pairs


@pytest.mark.parametrize("history", [0b110, 0b1])
def test_participations_end_by_the_draw_of_the_person(history):
    lonely = history & 1 == 1
    ends = {"recovered": 0, "dropped_out": 0}
    for month in range(60):
        pairs = ended(month, history)
        for row, person in enumerate((3, 4, 5, 6)):
            u = uniform(KEY, ENDING, month, person)
            recovered = not lonely and u < 0.3
            dropped = not recovered and u < (0.1 if lonely else 0.4)
            part, flags = pairs.participations[row], int(pairs.citizens.flags[person])
            assert (part["citizen"] == FREE) == (recovered or dropped)
            assert (flags & PARTICIPATING == 0) == (recovered or dropped)
            assert (flags & RECOVERED != 0) == recovered
            assert part["months"] == (0 if recovered or dropped else 1)
            ends["recovered"] += recovered
            ends["dropped_out"] += dropped
        assert sum(pairs.tally[name][0] for name in ends) == 4 - pairs.town["participants"][0]
        companions = [int(pairs.participations["citizen"][row] != FREE) for row in (0, 1)]
        assert list(pairs.volunteers["companions"][:2]) == companions
    assert ends["dropped_out"] > 0
    assert (ends["recovered"] > 0) == (not lonely)


CHOICE = {
    "asking_effect": 6.0,
    "lonely_stay_away": 0.6,
    "outreach_rate": 0.4,
    "peer_factor": 3.0,
    "known_rate_lonely": 0.05,
    "known_rate_others": 0.01,
    "forgotten_rate": 0.05,
    "giving_up_rate": 0.25,
}


@given(
    st.lists(
        st.sampled_from([0, KNOWN, VOLUNTEERING, PARTICIPATING, RECOVERED, WAITING]), max_size=3
    ),
    st.booleans(),
    st.floats(0, 1, width=32),
    st.floats(-2, 3, width=32),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_block_chooses_as_the_rules_say(bits, lonely, level, word, u, v):
    flags = sum(set(bits))
    lanes = np.zeros((4, 1), np.uint32)
    lanes[REFERRAL, 0] = min(2**32 - 1, int(u * 2**32))
    lanes[RECRUITMENT, 0] = min(2**32 - 1, int(v * 2**32))
    draw, other = ((int(lanes[lane, 0]) + 0.5) / 2**32 for lane in (REFERRAL, RECRUITMENT))
    chosen = np.zeros(1, np.uint8)
    base, referral, door, demand = 0.05, 0.3, 0.7, 1.5
    compiled_steps.choose_block(
        tables.citizens(1, flags=flags, lonely_history=int(lonely)),
        np.array([level], np.float32),
        np.array([word], np.float32),
        lanes,
        1,
        base,
        referral,
        door,
        demand,
        default_record(**CHOICE),
        chosen,
    )
    free = not flags & (VOLUNTEERING | PARTICIPATING)
    known = bool(flags & KNOWN)
    found = referral if known else matching.outreach_probability.py_func(word, door, 0.4)
    chance = matching.recruitment_chance.py_func(base, word, level, 6.0, 0.6)
    chance *= 3.0 if flags & RECOVERED else 1.0
    waiting = bool(flags & WAITING)
    seeks = bool(free and lonely and (draw >= 0.25 if waiting else draw < found))
    expected = int(seeks) | 8 * int(waiting and not seeks)
    expected |= 2 * int(free and other < chance)
    changed = matching.known_change.py_func(known, lonely, draw, 0.05 * demand, 0.01, 0.05)
    assert chosen[0] == expected | 4 * int(changed)


def test_company_moves_toward_the_wish_within_its_share_of_the_room():
    rule = matching.company_change.py_func
    p = parameters(company_turnover=0.1, company_first_share=0.5)
    assert rule(2.0, 6.0, 10.0, p) == pytest.approx(0.4)  # a tenth of the way
    assert rule(2.0, 6.0, 0.5, p) == pytest.approx(0.25)  # half of the room, the rest is open
    assert rule(6.0, 2.0, 0.0, p) == pytest.approx(-0.4)  # fewer come than there are
    assert rule(2.0, 6.0, -0.5, p) == pytest.approx(-0.5)  # hours fall short: company leaves first
    assert rule(2.0, 6.0, -3.0, p) == pytest.approx(-2.0)  # no more than there are
    assert rule(0.0, 0.0, 8.0, p) == 0.0


def test_who_waits_looks_every_month_unless_giving_up():
    rule = matching.asks_for_place.py_func
    assert rule(False, 0.1, 0.2, 0.5)
    assert not rule(False, 0.3, 0.2, 0.5)
    assert rule(True, 0.5, 0.0, 0.5)
    assert not rule(True, 0.4, 1.0, 0.5)
    assert rule(True, 1e-9, 0.0, 0.0)  # at 0 nobody gives up
