"""Staff hours: rules worked by hand, and a month of two initiatives from asking to dialogue."""

import math

import numpy as np
import pytest

import tables
from compiled_steps import staff_hours_step
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.processes import staff_hours
from worlds import default_record, parameters


def test_in_force_goes_from_the_status_quo_to_the_regime():
    rule = staff_hours.in_force.py_func
    assert rule(0.5, 0.9, 0.0, 0.0) == 0.5  # no strength: the status quo
    assert rule(0.5, 0.9, 0.0, 1.0) == pytest.approx(0.9)  # full strength: the regime
    assert rule(0.5, 0.9, 0.0, 0.25) == pytest.approx(0.5 + 0.25 * 0.4)
    assert rule(0.5, 0.9, -0.2, 1.0) == pytest.approx(0.7)  # the town's own deviation
    assert rule(0.5, 0.9, 0.3, 1.0) == 1.0  # 1.2 is cut at 1
    assert rule(0.5, 0.1, -0.3, 0.5) == pytest.approx(0.25)  # -0.2 is cut at 0, half way


def test_any_governing_brings_a_contact_person():
    rule = staff_hours.contact_attention.py_func
    assert rule(0.0, 0.0, 0.0) == 0.0
    assert rule(0.5, 0.5, 0.3) == pytest.approx(1 - 0.5 * 0.5 * 0.7)  # 0.825
    assert rule(1.0, 0.2, 0.2) == 1.0


def test_rules_take_a_share_of_volunteer_hours():
    p = parameters(administration_by_rules=0.35)
    assert staff_hours.administration_share.py_func(0.9, p) == pytest.approx(0.315)
    assert staff_hours.administration_share.py_func(0.0, p) == 0.0


def test_rules_are_felt_as_bureaucracy():
    p = parameters(bureaucracy_log_odds=-2.0, bureaucracy_from_rules=2.5)
    # Log odds of -2 + 2.5 x 0.8 = 0
    assert staff_hours.felt_bureaucracy_share.py_func(0.8, p) == 0.5
    lowest = 1.0 / (1.0 + math.exp(2.0))
    assert staff_hours.felt_bureaucracy_share.py_func(0.0, p) == pytest.approx(lowest)


def test_what_is_promised_is_meant_served_and_done_with_skill():
    rule = staff_hours.promise_kept.py_func
    p = parameters(dialogue_from_skill=0.7)
    # (1 - 0.2) x 0.5 x (0.3 + 0.7 x 0.4) = 0.8 x 0.5 x 0.58
    assert rule(0.2, 0.5, 0.4, p) == pytest.approx(0.232)
    assert rule(0.0, 1.0, 1.0, p) == 1.0
    assert rule(0.0, 1.0, 0.0, p) == pytest.approx(0.3)  # an unskilled hour
    assert rule(1.0, 1.0, 1.0, p) == 0.0  # nothing is meant
    assert rule(0.0, 1.0, 0.0, parameters(dialogue_from_skill=0.0)) == 1.0


def test_a_say_beyond_their_own_asks_for_hours():
    rule, p = staff_hours.influence_hours.py_func, parameters(influence_hours_asked=3.0)
    assert rule(0.8, 0.3, 0.2, p) == pytest.approx(3.0 * 0.5 * 0.8)
    assert rule(0.3, 0.3, 0.0, p) == rule(0.2, 0.6, 0.0, p) == 0.0  # nothing beyond their own
    assert rule(0.8, 0.3, 1.0, p) == 0.0  # nothing is meant
    assert rule(1.0, 0.0, 0.0, parameters(influence_hours_asked=0.0)) == 0.0


def test_a_month_in_which_a_say_is_promised():
    # Own say of individuals who were recruited: 0.2 - 0.3 x 0.5 = 0.05; three quarters are meant.
    say = {"influence_recruited_individuals": 0.2, "influence_lost_to_rules": 0.3}
    town, departments = month(13.0, influence_hours_asked=4.0, route=1, **say)
    assert town["served_dialogue"] == 1.0
    assert town["hours_dialogue"] == pytest.approx(3.0 + 2 * 4.0 * (0.4 - 0.05) * 0.75)
    assert departments["promise_kept"][0] == pytest.approx(0.75)
    # In the first month roles are defined; later nothing is offered.
    phases = {"influence_at_definition": 0.5, "influence_at_delivery": 0.0}
    for age, asked in ((0, 2 * 4.0 * (0.2 - 0.05) * 0.75), (1, 0.0)):
        town, _ = month(120.0, influence_hours_asked=4.0, route=1, age=age, **say, **phases)
        assert town["hours_dialogue"] == pytest.approx(3.0 + asked)


def test_pressure_is_a_base_demand_and_a_lack_of_hours():
    rule = staff_hours.resource_pressure.py_func
    assert rule(0.25, 1.0, 1.0, 0.35) == 0.25
    assert rule(0.25, 1.15, 0.6, 0.35) == pytest.approx(0.25 * 1.15 + 0.35 * 0.4)
    assert rule(0.6, 2.0, 0.5, 1.0) == 1.0  # 1.7 is cut at 1


QUO = {
    "rigidity": 0.5,
    "role_clarity": 0.5,
    "dialogue": 0.4,
    "influence": 0.4,
    "recognition": 0.4,
    "boundary_protection": 0.5,
    "openness": 0.6,
    "training": 0.3,
    "espoused_gap": 0.25,
}
HOURS = {
    "contact_hours_asked": 1.0,
    "rules_hours_asked": 4.0,
    "agreement_hours_asked": 2.0,
    "dialogue_hours_asked": 5.0,
    "influence_hours_asked": 0.0,
    "dialogue_from_skill": 0.7,
    "door_closed_by_rules": 0.5,
    "administration_by_rules": 0.4,
    "substitution_relief": 0.5,
    "base_pressure": 0.2,
    "capacity_pressure": 0.3,
}


def month(
    hours, members=1, posts=None, shift=(0.0,) * 8, shock=None, running=2, regime=None, **more
):
    """A month of 1 000 adults, two departments and three slots, all of department 0."""
    town = tables.towns(adults=1000, mean_skill=more.pop("skill", 1.0))
    town["mean_substitution"] = more.pop("substitution", 0.0)
    departments = tables.departments(2)
    staff = tables.staff(members, vacant_months=posts or 0)
    started = {"route": more.pop("route", 0), "age_months": more.pop("age", 20)}
    slots = tables.initiatives(3, running=[1] * running + [0] * (3 - running), **started)
    record = default_record(**(HOURS | {"hours_per_1000": hours} | more))
    quo = tables.announced(2, **QUO)
    announced = tables.announced(2, **(QUO | (regime or {})))
    rows = tables.shock(**(shock or {}))
    staff_hours_step(town, departments, staff, slots, announced, quo, np.array(shift), rows, record)
    return town[0], departments


def test_a_month_with_too_few_hours():
    # Each of two initiatives asks: contact 1 x (1 - 0.5 x 0.5 x 0.6) = 0.85, rules 4 x 0.5 = 2,
    # agreements 2 x 0.5 = 1, dialogue 5 x 0.4 x (1 - 0.25) = 1.5: in all 7.7 first, then 3.
    town, departments = month(9.2)
    assert town["served_first"] == 1.0
    assert town["served_dialogue"] == pytest.approx((9.2 - 7.7) / 3)  # 0.5
    assert town["capacity"] == pytest.approx(9.2 / 10.7)
    assert town["hours_contact"] == pytest.approx(1.7)
    assert town["hours_rules"] == pytest.approx(4.0)
    assert town["hours_agreements"] == pytest.approx(2.0)
    assert town["hours_dialogue"] == pytest.approx(1.5)
    assert town["pressure"] == pytest.approx(0.2 + 0.3 * (1 - 9.2 / 10.7))
    assert town["entry_barrier"] == pytest.approx(0.5)
    assert town["open_door"] == pytest.approx(0.6 * (1 - 0.25))
    for dep in departments:
        assert dep["promise_kept"] == pytest.approx(0.75 * 0.5)
        assert dep["enacted_dialogue"] == pytest.approx(0.4 * 0.75 * 0.5)
        assert dep["administration"] == pytest.approx(0.2)
        assert dep["attention"] == pytest.approx(0.85)
        for name in INSTRUMENTS:
            assert dep[name] == pytest.approx(QUO[name])


def test_departments_governed_differently_ask_for_hours_to_find_the_way():
    assert staff_hours.navigation_hours.py_func(0.2, parameters(navigation_hours_asked=1.5)) == (
        pytest.approx(0.3)
    )
    # Departments apart by 0.5 in one of eight instruments, a pair in one: 2 x (0.5 / 8) hours.
    town = tables.towns(adults=1000, mean_skill=1.0)
    departments, slots = tables.departments(2), tables.initiatives(3, running=[1, 1, 0])
    quo = tables.announced(2, **QUO)
    announced = tables.announced(2, **(QUO | {"openness": [0.1, 0.6]}))
    record = default_record(**(HOURS | {"hours_per_1000": 60, "navigation_hours_asked": 2}))
    staff = tables.staff(1, vacant_months=0)
    staff_hours_step(
        town, departments, staff, slots, announced, quo, np.zeros(8), tables.shock(), record
    )
    assert town[0]["hours_agreements"] == pytest.approx(2.0 + 2 * 2 * 0.5 / 8)


def test_a_month_in_which_rules_take_it_all():
    town, departments = month(3.85)  # half of the 7.7 that are served first
    assert town["served_first"] == pytest.approx(0.5)
    assert town["served_dialogue"] == 0.0
    assert town["hours_rules"] == pytest.approx(2.0)
    assert town["hours_dialogue"] == 0.0
    assert np.all(departments["enacted_dialogue"] == 0.0)


def test_a_month_with_hours_to_spare():
    town, departments = month(80.0, skill=0.5)
    assert town["served_first"] == town["served_dialogue"] == town["capacity"] == 1.0
    assert town["hours_dialogue"] == pytest.approx(3.0)  # no more than was asked for
    assert departments["enacted_dialogue"][0] == pytest.approx(0.3 * (0.3 + 0.7 * 0.5))


def test_a_month_without_initiatives_asks_for_nothing():
    town, _ = month(10.0, running=0)
    assert town["served_first"] == town["served_dialogue"] == town["capacity"] == 1.0
    assert town["hours_contact"] == town["hours_dialogue"] == 0.0


def test_hours_come_from_posts_shocks_and_relief():
    # Two of three posts are filled: 2/3 of 12 hours, 0.8 of them left, x (1 + 0.5 x 0.3) by relief.
    town, _ = month(12.0, members=3, posts=[0, 2, 0], shock={"hours_factor": 0.8}, substitution=0.3)
    assert town["capacity"] == pytest.approx(8 * 0.8 * 1.15 / 10.7)


def test_hours_go_with_the_adults_and_not_with_the_posts():
    rule = staff_hours.hours_of_staff.py_func
    p = parameters(hours_per_1000=12.0)
    assert rule(1.0, 1000, p) == 12.0
    assert rule(1.0, 50_000, p) == 600.0
    assert rule(0.75, 1000, p) == 9.0
    few, many = month(9.2, members=1)[0], month(9.2, members=7)[0]
    assert few["capacity"] == many["capacity"] < 1.0


def test_demand_raises_pressure():
    town, _ = month(60.0, shock={"demand_factor": 1.5})
    assert town["pressure"] == pytest.approx(0.2 * 1.5)


def test_a_department_of_its_own_regime_counts_half():
    town, departments = month(60.0, regime={"rigidity": [0.9, 0.1], "openness": [0.2, 1.0]})
    assert list(departments["rigidity"]) == pytest.approx([0.9, 0.1])
    assert town["entry_barrier"] == pytest.approx(0.5)
    assert town["open_door"] == pytest.approx((0.2 * 0.55 + 1.0 * 0.95) / 2)
    # Initiatives work with department 0, so its rules are what is asked for.
    assert town["hours_rules"] == pytest.approx(2 * 4 * 0.9)


def test_a_shift_moves_one_instrument():
    for place, name in enumerate(INSTRUMENTS):
        shift = np.zeros(8)
        shift[place] = 0.05
        _, departments = month(60.0, shift=shift)
        for other in INSTRUMENTS:
            moved = 0.05 if other == name else 0.0
            assert departments[other][0] == pytest.approx(QUO[other] + moved)


def test_without_strength_regime_shift_and_own_gap_change_nothing():
    regime = dict.fromkeys(QUO, 0.9)
    same = month(9.2, governance_strength=0.0)
    other = month(9.2, governance_strength=0.0, regime=regime, shift=(0.3,) * 8)
    assert same[0].tobytes() == other[0].tobytes()
    assert same[1].tobytes() == other[1].tobytes()
