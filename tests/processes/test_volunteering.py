"""Volunteering: rules worked by hand, the month of a volunteer, and leaving."""

import math

import numpy as np
import pytest

import tables
from compiled_steps import volunteering_step
from invariants import chain
from velfaerd_sim.population.schema import FREE, VOLUNTEERING
from velfaerd_sim.population.tallies import TENURES
from velfaerd_sim.processes import volunteering
from velfaerd_sim.randomness import LEAVING, key_of, uniform
from worlds import default_record, parameters


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def test_autonomy_is_say_less_rules_less_roles_of_others():
    p = parameters(
        autonomy_base=0.62,
        autonomy_from_influence=0.6,
        autonomy_lost_to_rules=0.4,
        autonomy_lost_to_roles=0.25,
    )
    rule = volunteering.autonomy_target.py_func
    assert rule(0.35, 0.0, 0.0, 0.3, p) == pytest.approx(0.62)
    # 0.62 + 0.6 (0.5 - 0.35) - 0.4 x 0.5 - 0.25 x 0.8 x (1 - 0.5) = 0.62 + 0.09 - 0.2 - 0.1
    assert rule(0.5, 0.5, 0.8, 0.5, p) == pytest.approx(0.41)
    assert rule(0.5, 0.5, 0.8, 1.0, p) == pytest.approx(0.51)  # roles that they wrote take nothing
    assert rule(1.0, 0.0, 1.0, 1.0, p) == 1.0  # 1.01


def test_competence_is_clarity_support_quality_and_a_fitting_load():
    p = parameters(
        competence_base=0.4,
        competence_from_clarity=0.3,
        competence_from_training=0.2,
        competence_from_quality=0.15,
        competence_lost_to_overload=0.15,
    )
    # 0.40 + 0.3 x 0.5 + 0.2 x 0.3 + 0.15 x 0.6 - 0.15 x 0.4 = 0.40 + 0.15 + 0.06 + 0.09 - 0.06
    assert volunteering.competence_target.py_func(0.5, 0.3, 0.6, 0.4, p) == pytest.approx(0.64)


def test_relatedness_is_recognition_contact_team_friends_and_peace():
    p = parameters(
        relatedness_base=0.35,
        relatedness_from_recognition=0.2,
        relatedness_from_contact=0.2,
        relatedness_from_team=0.15,
        relatedness_from_friends=0.1,
        relatedness_lost_to_strain=0.3,
    )
    # 0.35 + 0.2 x 0.5 + 0.2 x 0.8 + 0.15 x 0.4 + 0.1 x 0.5 - 0.3 x 0.5
    # = 0.35 + 0.1 + 0.16 + 0.06 + 0.05 - 0.15
    rule = volunteering.relatedness_target.py_func
    assert rule(0.5, 0.8, 0.4, 0.5, 0.5, p) == pytest.approx(0.57)


def test_people_expect_what_they_are_told_and_get_used_to_what_they_live():
    rule, p = volunteering.expectation.py_func, parameters(expectation_rate=0.2)
    # Told 0.6 + 0.25 x (1 - 0.6) = 0.7; a fifth of the way to the 0.3 that is lived.
    assert rule(0.6, 1.0, 0.25, 0.3, p) == pytest.approx(0.62)
    assert rule(0.6, 1.0, 0.25, 0.3, parameters(expectation_rate=0.0)) == pytest.approx(0.7)
    assert rule(0.3, 0.3, 0.25, 0.3, p) == 0.3


def test_a_promise_is_broken_beyond_what_is_tolerated():
    rule = volunteering.broken_promise.py_func
    assert rule(0.7, 0.3, 0.15) == pytest.approx(0.25)
    assert rule(0.4, 0.3, 0.15) == rule(0.2, 0.9, 0.0) == 0.0


def test_controlled_motivation_comes_from_rules_and_substitution():
    p = parameters(
        controlled_base=0.1, controlled_from_rules=0.35, controlled_from_substitution=0.6
    )
    # 0.10 + 0.35 x 0.5 + 0.6 x 0.25
    assert volunteering.controlled_target.py_func(0.5, 0.25, p) == pytest.approx(0.425)


def test_exhaustion_comes_from_overload_forms_and_strain():
    p = parameters(
        exhaustion_base=0.05,
        exhaustion_from_overload=0.5,
        exhaustion_from_administration=0.6,
        exhaustion_from_strain=0.4,
    )
    # 0.05 + 0.5 x 0.2 + 0.6 x 0.175 + 0.4 x 0.5 = 0.05 + 0.1 + 0.105 + 0.2
    assert volunteering.exhaustion_target.py_func(0.2, 0.175, 0.5, p) == pytest.approx(0.455)


LEAVING_VALUES = {
    "leaving_log_odds": -4.6,
    "leaving_motivation": 4.4,
    "leaving_controlled": 1.2,
    "leaving_exhaustion": 1.2,
    "leaving_ownership": 0.6,
    "leaving_strain": 0.5,
    "leaving_bureaucracy": 0.43,
    "leaving_newcomer": 0.5,
    "leaving_role_identity": 0.0,
    "leaving_friends": 0.0,
    "leaving_after_leaver": 0.0,
}


def test_leaving_follows_its_log_odds():
    p = parameters(**LEAVING_VALUES)
    rule = volunteering.leaving_probability.py_func
    at_ease = (0.5, 0.3, 0.0, 0.3, 0.0)
    assert rule(*at_ease, 0.0, 6, 0.3, 0, 0.5, 0.3, p) == pytest.approx(logistic(-4.6))  # 0.00995
    assert rule(*at_ease, 0.0, 5, 0.3, 0, 0.5, 0.3, p) == pytest.approx(
        logistic(-4.1)
    )  # a newcomer
    assert rule(*at_ease, 1.0, 6, 0.3, 0, 0.5, 0.3, p) == pytest.approx(logistic(-4.17))
    # -4.6 - 4.4 (0.6 - 0.5) + 1.2 (0.4 - 0.3) + 1.2 x 0.2 - 0.6 (0.5 - 0.3) + 0.5 x 0.4
    # = -4.6 - 0.44 + 0.12 + 0.24 - 0.12 + 0.2 = -4.6
    assert rule(0.6, 0.4, 0.2, 0.5, 0.4, 0.0, 30, 0.3, 0, 0.5, 0.3, p) == pytest.approx(
        logistic(-4.6)
    )


def test_bureaucracy_that_is_felt_has_the_odds_ratio_of_the_survey():
    p = parameters(leaving_bureaucracy=0.43)
    rule = volunteering.leaving_probability.py_func
    stay, feel = (
        rule(0.6, 0.3, 0.2, 0.4, 0.0, felt, 30, 0.3, 0, 0.5, 0.3, p) for felt in (0.0, 1.0)
    )
    odds = (1 - feel) / feel / ((1 - stay) / stay)  # of continuing, felt against not felt
    assert odds == pytest.approx(0.65, abs=0.001)


def test_hours_rise_with_motivation():
    p = parameters(volunteer_hours=15.5, hours_from_motivation=0.8)
    rule = volunteering.hours_given.py_func
    assert rule(0.5, 1.0, p) == pytest.approx(15.5)
    assert rule(0.75, 1.0, p) == pytest.approx(15.5 * 1.2)
    assert rule(0.75, 3.0, p) == pytest.approx(3 * 15.5 * 1.2)  # one who gives three times as much
    p = parameters(volunteer_hours=15.5, hours_from_motivation=1.6)
    assert rule(0.0, 1.0, p) == pytest.approx(15.5 * 0.2)


VALUES = LEAVING_VALUES | {
    "relatedness_from_friends": 0.0,
    "exhaustion_from_long_service": 0.0,
    "need_spread": 0.1,
    "autonomy_base": 0.62,
    "competence_base": 0.4,
    "competence_from_quality": 0.15,
    "competence_lost_to_overload": 0.15,
    "relatedness_base": 0.35,
    "relatedness_from_team": 0.15,
    "controlled_base": 0.1,
    "exhaustion_base": 0.05,
    "autonomy_from_influence": 0.6,
    "autonomy_lost_to_rules": 0.4,
    "autonomy_lost_to_roles": 0.25,
    "competence_from_clarity": 0.3,
    "competence_from_training": 0.2,
    "relatedness_from_recognition": 0.2,
    "relatedness_from_contact": 0.2,
    "relatedness_lost_to_strain": 0.3,
    "controlled_from_rules": 0.35,
    "controlled_from_substitution": 0.6,
    "exhaustion_from_overload": 0.5,
    "exhaustion_from_administration": 0.6,
    "exhaustion_from_strain": 0.4,
    "need_rate": 0.15,
    "motivation_rate": 0.12,
    "exhaustion_rate": 0.2,
    "ownership_rate": 0.05,
    "influence_rate": 0.2,
    "influence_pace_from_dialogue": 0.5,
    "dialogue_half_effect": 0.2,
    "expectation_rate": 0.2,
    "promise_weight": 0.8,
    "promise_tolerance": 0.1,
    "volunteer_hours": 15.0,
    "hours_from_motivation": 0.8,
}
DEPARTMENT = {"rigidity": 0.5, "training": 0.3, "recognition": 0.5, "administration": 0.2}
DEPARTMENT |= {"felt_bureaucracy": 0.27, "dialogue": 0.2, "influence": 0.9}
INITIATIVE = {
    "influence": 0.5,
    "authorship": 0.5,
    "age_months": 20,
    "clarity": 0.8,
    "effective_clarity": 0.5,
    "quality": 0.6,
    "overload": 0.4,
    "strain": 0.5,
    "substitution": 0.25,
    "participants": 2,
}
VOLUNTEER = {
    "weight_autonomy": 0.5,
    "weight_competence": 0.3,
    "weight_relatedness": 0.2,
    "tolerance": 0.2,
    "hours_factor": 1.0,
    "expected": 0.7125,  # told 0.75, adapted 0.7
    "autonomy": 0.5,
    "competence": 0.5,
    "relatedness": 0.5,
    "motivation": 0.6,
    "controlled_motivation": 0.2,
    "ownership": 0.3,
    "exhaustion": 0.1,
    "tenure_months": 8,
}


class Month:
    """A month of a town of one department, with the teams named."""

    def __init__(
        self, *members, month=0, shock=None, slots=1, parameters=None, left=0, ties=None, **changes
    ):
        self.town = tables.towns(volunteers=len(members), free_volunteer=FREE)
        self.departments = tables.departments(1, **DEPARTMENT)
        self.initiatives = tables.initiatives(slots, left=left, **INITIATIVE)
        self.volunteers = tables.teams(self.initiatives, *members)
        for name, value in (VOLUNTEER | changes).items():
            self.volunteers[name] = value
        self.citizens = tables.citizens(len(members) + 1, flags=VOLUNTEERING | 1)
        self.citizens.flags[-1] = 1
        self.tally, self.at_risk, self.ended = tables.tally(), tables.ledger(), tables.ledger()
        volunteering_step(
            self.town,
            self.departments,
            self.initiatives,
            self.volunteers,
            self.citizens,
            ties or tables.ties(*[[]] * (len(members) + 1)),
            tables.shock(**(shock or {})),
            key_of(1, 1),
            month,
            default_record(**(VALUES | (parameters or {}))),
            self.tally,
            self.at_risk,
            self.ended,
        )


STAYS = {"leaving_log_odds": -5.6, "leaving_motivation": 8.0}


def test_the_month_of_a_volunteer():
    done = Month(0, 0, 0, 0, parameters=STAYS)
    assert done.tally["leaves"][0] == 0.0
    for vol in done.volunteers:
        # Each need goes 15 % of the way to its target: autonomy 0.41, competence
        # 0.40 + 0.15 + 0.06 + 0.09 - 0.06 = 0.64; relatedness with two participants for four
        # volunteers and a team of four: 0.35 + 0.1 + 0.2 x 0.5 + 0.15 x 0.5 - 0.15 = 0.475.
        assert vol["autonomy"] == pytest.approx(0.5 + 0.15 * (0.41 - 0.5))
        assert vol["competence"] == pytest.approx(0.5 + 0.15 * 0.14)
        assert vol["relatedness"] == pytest.approx(0.5 + 0.15 * (0.475 - 0.5))
        # Motivation goes 12 % of the way to the weighted needs less 0.8 x (0.7 - 0.5 - 0.1).
        needs = 0.5 * 0.4865 + 0.3 * 0.521 + 0.2 * 0.49625
        motivation = 0.6 + 0.12 * (needs - 0.08 - 0.6)
        assert vol["motivation"] == pytest.approx(motivation)
        assert vol["controlled_motivation"] == pytest.approx(0.2 + 0.12 * (0.425 - 0.2))
        # 0.05 + 0.5 x 0.4 + 0.6 x 0.2 + 0.4 x 0.5 = 0.57
        assert vol["exhaustion"] == pytest.approx(0.1 + 0.2 * (0.57 - 0.1))
        assert vol["ownership"] == pytest.approx(0.3 + 0.05 * 0.2)
        hours = 15.0 * (1 + 0.8 * (motivation - 0.5)) * 0.8 * 0.8  # forms, then preparation
        assert vol["contact_hours"] == pytest.approx(hours)
        assert vol["felt_bureaucracy"] == 1.0  # tolerance 0.2 < 0.27
        assert vol["tenure_months"] == 9
    assert done.initiatives["contact_hours"][0] == pytest.approx(4 * hours)
    assert done.town["mean_autonomy"][0] == pytest.approx(0.4865)
    assert done.town["mean_competence"][0] == pytest.approx(0.521)
    assert done.town["mean_relatedness"][0] == pytest.approx(0.49625)
    assert done.town["mean_ownership"][0] == pytest.approx(0.31)


def test_the_team_is_worth_most_at_seven():
    alone = Month(0, parameters=STAYS).volunteers["relatedness"][0]
    seven = Month(*[0] * 7, parameters=STAYS).volunteers["relatedness"][0]
    # One participant each at most counts as contact: 2 of 1 is cut at 1, against 2 / 7.
    assert alone == pytest.approx(0.5 + 0.15 * (0.35 + 0.1 + 0.2 - 0.15 - 0.5))
    assert seven == pytest.approx(0.5 + 0.15 * (0.35 + 0.1 + 0.2 * 2 / 7 + 0.15 - 0.15 - 0.5))


def test_a_lockdown_takes_contact_and_hours():
    usual, locked = (
        Month(0, parameters=STAYS, shock={"contact_factor": factor}) for factor in (1.0, 0.25)
    )
    before, after = usual.volunteers[0], locked.volunteers[0]
    assert after["relatedness"] == pytest.approx(before["relatedness"] - 0.15 * 0.2 * 0.75)
    share = after["contact_hours"] / before["contact_hours"]
    assert share == pytest.approx(0.25, rel=0.01)


def test_a_satisfied_or_a_tolerant_person_feels_no_bureaucracy():
    assert Month(0, parameters=STAYS, tolerance=0.3).volunteers["felt_bureaucracy"][0] == 0.0


def test_who_leaves_is_decided_by_the_own_draw():
    left = []
    for month in range(60):
        done = Month(0, 0, 0, month=month, tenure_months=[2, 8, 60], motivation=0.2)
        leaves = [
            uniform(key_of(1, 1), LEAVING, month, person)
            < volunteering.leaving_probability.py_func(
                *(
                    done.volunteers[name][person]
                    for name in ("motivation", "controlled_motivation")
                ),
                *(done.volunteers[name][person] for name in ("exhaustion", "ownership")),
                0.5,
                done.volunteers["felt_bureaucracy"][person],
                tenure,
                0.0,
                0,
                0.5,
                0.3,
                parameters(**VALUES),
            )
            for person, tenure in enumerate((2, 8, 60))
        ]
        assert list(done.volunteers["citizen"] == FREE) == leaves
        assert done.tally["leaves"][0] == sum(leaves)
        assert [done.at_risk[2], done.at_risk[8], done.at_risk[TENURES - 1]] == [1, 1, 1]
        ended = [done.ended[2], done.ended[8], done.ended[TENURES - 1]]
        assert ended == [int(x) for x in leaves]
        left += leaves
    assert 3 < sum(left) < 60


def test_no_month_depends_on_who_left_before():
    """A volunteer sees the team as it was, whether or not one in an earlier row leaves."""
    states = ("autonomy", "competence", "relatedness", "motivation", "exhaustion", "contact_hours")
    sure = {"leaving_log_odds": -3.6, "leaving_motivation": 8.0}
    some = False
    for month in range(20):
        stays = Month(0, 0, 0, month=month, parameters=STAYS).volunteers[2]
        leaves = Month(0, 0, 0, month=month, parameters=sure, motivation=[0.0, 0.0, 0.6])
        assert [leaves.volunteers[2][name] for name in states] == [stays[name] for name in states]
        some |= leaves.tally["leaves"][0] > 0
    assert some


def test_who_left_is_free_again_and_the_team_goes_on():
    sure = {"leaving_log_odds": -3.6, "leaving_motivation": 8.0, "leaving_newcomer": 1.5}
    motivation = [0.0, 0.9, 0.0, 0.9, 0.0]
    for month in range(30):
        done = Month(
            *[0] * 5, month=month, parameters=sure, motivation=motivation, autonomy=motivation
        )
        gone = [row for row in range(5) if done.volunteers["citizen"][row] == FREE]
        stayed = [row for row in range(5) if row not in gone]
        flags = done.citizens.flags[:5]
        assert [row for row in range(5) if flags[row] & VOLUNTEERING] == stayed
        assert np.all(flags & 1), "other bits stay"
        team = chain(done.initiatives["first_volunteer"][0], done.volunteers["next_in_team"])
        assert sorted(team) == stayed
        free = chain(done.town["free_volunteer"][0], done.volunteers["initiative"])
        assert sorted(free) == gone
        assert done.initiatives["volunteers"][0] == done.town["volunteers"][0] == len(stayed)
        hours = done.volunteers["contact_hours"][stayed].sum()
        assert done.initiatives["contact_hours"][0] == pytest.approx(hours)


def test_without_volunteers_the_means_stay_what_was_told():
    done = Month(slots=2)
    assert done.tally["leaves"][0] == 0.0
    assert np.all(done.initiatives["contact_hours"] == 0.0)
    assert done.town["mean_autonomy"][0] == 0.0
