"""What volunteers bring themselves and what they are to each other: rules worked by hand."""

import pytest

import tables
from processes.test_volunteering import LEAVING_VALUES, STAYS, Month, logistic
from velfaerd_sim.processes import volunteering
from worlds import parameters


def test_others_and_the_role_hold_people():
    p = parameters(
        **LEAVING_VALUES
        | {"leaving_role_identity": 0.6, "leaving_friends": 0.5, "leaving_after_leaver": 0.2},
        role_identity_months=24,
        role_identity_centre=0.5,
        friends_half_effect=1,
        friends_centre=0.3,
    )
    assert [volunteering.friends_felt.py_func(n, p) for n in (0, 1, 3)] == [0.0, 0.5, 0.75]
    rule = volunteering.leaving_probability.py_func
    at_ease = (0.5, 0.3, 0.0, 0.3, 0.0, 0.0)
    assert rule(*at_ease, 24, 0.3, 0, 0.5, 0.3, p) == pytest.approx(logistic(-4.6))
    # -4.6 - 0.6 (0.75 - 0.5) - 0.5 (0.5 - 0.3) + 0.2 = -4.6 - 0.15 - 0.1 + 0.2
    assert rule(*at_ease, 72, 0.5, 2, 0.5, 0.3, p) == pytest.approx(logistic(-4.65))


def test_long_service_tires_from_some_years_on():
    p = parameters(exhaustion_from_long_service=0.2, long_service_months=48)
    rule = volunteering.exhaustion_of_service.py_func
    found = [rule(months, p) for months in (0, 48, 72, 96, 200)]
    assert found == pytest.approx([0.0, 0.0, 0.1, 0.2, 0.2])


def test_a_person_is_above_or_below_what_the_setting_allows():
    usual, own = (
        Month(0, 0, parameters=STAYS, trait_competence=trait).volunteers["competence"][0]
        for trait in (0.0, 1.5)
    )
    assert own == pytest.approx(usual + 0.15 * 0.1 * 1.5)  # need_rate x need_spread x 1.5
    same = Month(0, 0, parameters=STAYS | {"need_spread": 0.0}, trait_competence=1.5)
    assert same.volunteers["competence"][0] == usual


def test_ties_who_volunteer_are_friends():
    ties = tables.ties([1, 3], [0, 2], [1], [0])  # citizen 3 does not volunteer
    members = {"parameters": STAYS | {"relatedness_from_friends": 0.2}, "ties": ties}
    done = Month(0, 0, 0, **members)
    assert done.volunteers["friends"].tolist() == [1, 2, 1]
    alone = Month(0, 0, 0, parameters=STAYS).volunteers["relatedness"][0]
    friends = [1 / 2, 2 / 3, 1 / 2]
    expected = [alone + 0.15 * 0.2 * worth for worth in friends]
    assert done.volunteers["relatedness"] == pytest.approx(expected)


def test_who_sees_another_leave_leaves_more_easily_the_month_after():
    after = {"leaving_log_odds": -4.6, "leaving_after_leaver": 1.0}
    quiet = [Month(*[0] * 40, month=m, parameters=after) for m in range(12)]
    seen = [Month(*[0] * 40, month=m, parameters=after, left=1) for m in range(12)]
    none = [
        Month(*[0] * 40, month=m, parameters=after | {"leaving_after_leaver": 0.0}, left=1)
        for m in range(12)
    ]
    leaves = [sum(done.tally["leaves"][0] for done in group) for group in (quiet, seen, none)]
    assert leaves[1] > 1.5 * leaves[0] > 0
    assert leaves[2] == leaves[0]
    for done in seen:
        assert done.initiatives["left_before"][0] == 1
        assert done.initiatives["left"][0] == done.tally["leaves"][0]


def test_signs_that_are_disputed_are_free():
    rule = volunteering.leaving_probability.py_func
    state = (0.5, 0.3, 0.0, 0.3, 0.0, 0.0, 24, 0.3, 0, 0.5, 0.4)
    base = {**LEAVING_VALUES, "role_identity_centre": 0.5, "friends_centre": 0.3}
    for rules, training in ((0.0, 0.0), (-1.0, 0.5), (1.0, -1.0)):
        p = parameters(**base, leaving_rules=rules, leaving_training=training)
        expected = logistic(-4.6 + 0.5 * rules + 0.4 * training)
        assert rule(*state, p) == pytest.approx(expected)


def test_recognition_and_control_crowd_motivation_out_or_in():
    p = parameters(
        motivation_from_recognition=-0.2, motivation_from_control=-0.5, controlled_centre=0.3
    )
    # -0.2 x 0.5 - 0.5 (0.5 - 0.3) = -0.1 - 0.1
    assert volunteering.motivation_crowding.py_func(0.5, 0.5, p) == pytest.approx(-0.2)
    usual, less, more = (
        Month(0, 0, parameters=STAYS | {"motivation_from_recognition": size})
        for size in (0.0, -0.2, 0.2)
    )
    motivation = [done.volunteers["motivation"][0] for done in (less, usual, more)]
    assert motivation == sorted(motivation)
    assert motivation[1] - motivation[0] == pytest.approx(0.12 * 0.2 * 0.5)
