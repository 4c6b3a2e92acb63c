"""Membership: places are found as the rules say, and rows, chains and counts stay in step."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import compiled_steps
from invariants import TownRows, check_participations, check_volunteers, within_unit
from velfaerd_sim.population.schema import (
    FREE,
    GROUP,
    INITIATIVE_TYPE,
    ONE_TO_ONE,
    PARTICIPATING,
    VOLUNTEERING,
    Citizens,
)
from velfaerd_sim.randomness import PARTICIPANT_PROBE, VOLUNTEER_PROBE, key_of, unit, words
from worlds import default_record, settled

KEY = key_of(1, 1)
NEWCOMER = {"newcomer_ownership_share": 0.25, "controlled_base": 0.2}
NEWCOMER |= {"expectation_from_others": 0.25}


class Hand:
    """A town whose members are moved by hand."""

    def __init__(self, seed):
        self.population = settled(200, 1).population
        self.rows = TownRows(self.population, 0)
        self.towns = self.population.towns
        self.citizens = Citizens(**self.rows.citizens)
        self.generator = np.random.default_rng(seed)

    def pick(self, candidates):
        return int(self.generator.choice(candidates)) if len(candidates) else FREE

    def person(self):
        busy = self.citizens.flags & (VOLUNTEERING | PARTICIPATING)
        return self.pick(np.flatnonzero(busy == 0))

    def initiative(self, **wanted):
        found = self.rows.initiatives["running"] == 1
        if wanted.get("volunteers"):
            found &= self.rows.initiatives["volunteers"] > 0
        return self.pick(np.flatnonzero(found))

    def volunteer(self, alone=False):
        found = self.rows.volunteers["citizen"] != FREE
        if alone:
            found &= self.rows.volunteers["companions"] == 0
        return self.pick(np.flatnonzero(found))

    def participation(self):
        return self.pick(np.flatnonzero(self.rows.participations["citizen"] != FREE))

    def enrol(self):
        person, k = self.person(), self.initiative()
        if FREE not in (person, k) and self.towns["free_volunteer"][0] != FREE:
            row = compiled_steps.enrol(
                self.towns,
                self.rows.volunteers,
                self.rows.initiatives,
                self.citizens,
                KEY,
                person,
                k,
                default_record(**NEWCOMER),
            )
            self.check_newcomer(row, person, k)

    def check_newcomer(self, row, person, k):
        new, town = self.rows.volunteers[row], self.towns[0]
        assert new["citizen"] == person
        assert new["initiative"] == k
        assert new["tenure_months"] == new["companions"] == new["exhaustion"] == 0
        mean = 0.0
        for need in ("autonomy", "competence", "relatedness"):
            assert new[need] == town[f"mean_{need}"]
            mean += new[f"weight_{need}"] * new[need]
        assert np.isclose(new["motivation"], mean, rtol=1e-14)
        assert new["controlled_motivation"] == 0.2
        ini = self.rows.initiatives[k]
        assert new["ownership"] == 0.25 * ini["influence"]
        assert new["expected"] == 0.75 * ini["promised"] + 0.25 * ini["influence"]

    def discharge(self):
        row = self.volunteer(alone=True)
        if row != FREE:
            args = (self.rows.volunteers, self.rows.initiatives, self.citizens, row)
            compiled_steps.discharge(self.towns, *args)

    def move(self):
        row, k = self.volunteer(alone=True), self.initiative()
        if FREE not in (row, k):
            compiled_steps.move(self.rows.volunteers, self.rows.initiatives, row, k)

    def admit(self):
        person, k = self.person(), self.initiative(volunteers=True)
        if FREE in (person, k) or self.towns["free_participation"][0] == FREE:
            return
        team = self.rows.volunteers[self.rows.volunteers["citizen"] != FREE]
        team = team[team["initiative"] == k]
        fewest = team["companions"].min()
        row = compiled_steps.admit(
            self.towns,
            self.rows.participations,
            self.rows.volunteers,
            self.rows.initiatives,
            self.citizens,
            person,
            k,
        )
        new = self.rows.participations[row]
        assert (new["citizen"], new["initiative"]) == (person, k)
        assert new["bond"] == new["months"] == 0
        if self.rows.initiatives["format"][k] == ONE_TO_ONE:
            # The companion is a volunteer of the initiative who had the fewest companions.
            assert self.rows.volunteers["companions"][new["companion"]] == fewest + 1
        else:
            assert new["companion"] == FREE

    def dismiss(self):
        row = self.participation()
        if row != FREE:
            compiled_steps.dismiss(
                self.towns,
                self.rows.participations,
                self.rows.volunteers,
                self.rows.initiatives,
                self.citizens,
                row,
            )


steps = st.lists(
    st.sampled_from(["enrol", "discharge", "move", "admit", "dismiss"]), min_size=5, max_size=40
)


@settings(max_examples=60)
@given(steps, st.integers(0, 2**32 - 1))
def test_rows_chains_and_counts_stay_in_step(names, seed):
    hand = Hand(seed)
    for name in names:
        getattr(hand, name)()
        check_volunteers(hand.rows)
        check_participations(hand.rows)


def test_who_volunteers_twice_is_the_same_person():
    hand = Hand(0)
    person, k = hand.person(), hand.initiative()
    parts = (hand.rows.volunteers, hand.rows.initiatives, hand.citizens)
    traits = ["weight_autonomy", "weight_competence", "weight_relatedness", "tolerance"]
    seen = []
    for _ in range(2):
        row = compiled_steps.enrol(hand.towns, *parts, KEY, person, k, default_record())
        seen.append([float(hand.rows.volunteers[name][row]) for name in traits])
        compiled_steps.discharge(hand.towns, *parts, row)
        assert hand.citizens.flags[person] & VOLUNTEERING == 0
    assert seen[0] == seen[1]
    assert within_unit(np.array(seen))


def slots():
    """Four slots: full, wanting a volunteer, closed, without volunteers."""
    table = np.zeros(4, INITIATIVE_TYPE)
    table["running"] = (1, 1, 0, 1)
    table["backing"] = 0.5
    table["volunteers"] = (10, 9, 3, 0)
    table["participants"] = (4, 3, 0, 0)
    table["contact_hours"] = (44.0, 40.0, 60.0, 90.0)
    table["format"] = ONE_TO_ONE
    return table


def found_by(table, process, for_volunteers, people=400, **values):
    out = np.zeros(people, np.int64)
    record = default_record(**({"places_offered": 4.0} | values))
    compiled_steps.places(table, KEY, process, 5, people, record, for_volunteers, out)
    return out


def first_of_four(process, person, wanted, slots):
    for word in words(KEY, process, 5, person):
        k = int(unit(word) * slots)
        if k in wanted:
            return k
    return FREE


def test_a_volunteer_takes_the_first_of_four_places_that_wants_one():
    # Ten places each: slot 0 is full, 1 wants one more, 2 is closed, 3 wants ten.
    found = found_by(slots(), VOLUNTEER_PROBE, True, volunteers_per_initiative=10)
    assert list(found) == [first_of_four(VOLUNTEER_PROBE, i, {1, 3}, 4) for i in range(400)]
    assert set(found) == {FREE, 1, 3}


def test_places_for_volunteers_are_lost_without_backing():
    table = slots()
    table["backing"] = (1.0, 0.4, 0.5, 0.0)
    # Full backing adds no place; at 0.4 there are 10 (1 - 0.5 x 0.2) = 9, taken in slot 1.
    values = {"volunteers_per_initiative": 10, "places_from_backing": 0.5}
    assert set(found_by(table, VOLUNTEER_PROBE, True, **values)) == {FREE, 3}
    values["places_from_backing"] = 0.0
    assert set(found_by(table, VOLUNTEER_PROBE, True, **values)) == {FREE, 1, 3}


def test_a_participant_takes_the_first_of_four_places_with_hours():
    # Ten hours a companion: 5 x 10 hours are not there in slot 0 (44), 4 x 10 are in slot 1 (40);
    # slot 3 has hours and nobody who gives them.
    found = found_by(slots(), PARTICIPANT_PROBE, False, hours_per_companion=10)
    assert list(found) == [first_of_four(PARTICIPANT_PROBE, i, {1}, 4) for i in range(400)]
    assert set(found) == {FREE, 1}


def test_a_group_needs_fewer_hours_a_head():
    table = slots()
    table["format"] = GROUP
    # Six hours a member: 5 x 6 of 44 hours and 4 x 6 of 40 hours are there.
    found = found_by(table, PARTICIPANT_PROBE, False, hours_per_group_member=6)
    assert set(found) == {FREE, 0, 1}


def test_a_place_elsewhere_changes_nothing_for_who_finds_one_before():
    before = found_by(slots(), VOLUNTEER_PROBE, True)
    table = slots()
    table["running"][3] = 0
    after = found_by(table, VOLUNTEER_PROBE, True)
    assert np.array_equal(before[before == 1], after[before == 1])
