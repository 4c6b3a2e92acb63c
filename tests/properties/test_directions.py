"""Directions, other things equal (model.md, section 10.4), for all parameters in their ranges.

Each property draws two levels of one instrument or state and holds everything else.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tables
from compiled_steps import staff_hours_step
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.population import traits
from velfaerd_sim.processes import (
    agreements,
    initiatives,
    loneliness,
    matching,
    staff,
    staff_hours,
    volunteering,
)
from worlds import any_parameters, default_record, drawn_values, shares

P = any_parameters
S = shares
SLACK = 1e-12

# (rule, which argument rises, sign of the result's change, what goes in)
DIRECTIONS = {
    "more rigidity, less autonomy": (volunteering.autonomy_target, 1, -1, (S, S, S, S, P)),
    "more say, more autonomy": (volunteering.autonomy_target, 0, 1, (S, S, S, S, P)),
    "more roles of others, less autonomy": (volunteering.autonomy_target, 2, -1, (S, S, S, S, P)),
    "more rigidity, more forms": (staff_hours.administration_share, 0, 1, (S, P)),
    "more rigidity, more felt as bureaucracy": (
        staff_hours.felt_bureaucracy_share,
        0,
        1,
        (S, P),
    ),
    "more say in the roles, more autonomy": (
        volunteering.autonomy_target,
        3,
        1,
        (S, S, S, S, P),
    ),
    "more say in the roles, more fit": (agreements.fit_of_roles, 0, 1, (S, P)),
    "more say in the roles, more quality": (
        initiatives.quality_target,
        3,
        1,
        (S, S, S, S, S, S, P),
    ),
    "more rigidity, less leeway": (agreements.leeway_left, 2, -1, (S, S, S, P)),
    "more roles of others, less leeway": (agreements.leeway_left, 0, -1, (S, S, S, P)),
    "more say in the roles, more leeway": (agreements.leeway_left, 1, 1, (S, S, S, P)),
    "more rigidity, less say": (traits.own_say, 1, -1, (S, S, P)),
    "more say by origin, no less reached": (agreements.influence_target, 0, 1, (S, S, S)),
    "more dialogue, a faster say": (traits.influence_pace, 0, 1, (S, P)),
    "more influence announced, no less": (agreements.influence_target, 1, 1, (S, S, S)),
    "more kept, more influence": (agreements.influence_target, 2, 1, (S, S, S)),
    "more influence announced, more hours": (staff_hours.influence_hours, 0, 1, (S, S, S, P)),
    "more say by origin, fewer hours": (staff_hours.influence_hours, 1, -1, (S, S, S, P)),
    "more rigidity, more controlled": (volunteering.controlled_target, 0, 1, (S, S, P)),
    "more substitution, more controlled": (volunteering.controlled_target, 1, 1, (S, S, P)),
    "more clarity, less strain": (agreements.strain_probability, 0, -1, (S, S, S, S, P)),
    "more substitution, more strain": (agreements.strain_probability, 1, 1, (S, S, S, S, P)),
    "more dialogue, less strain": (agreements.strain_probability, 3, -1, (S, S, S, S, P)),
    "more clarity, less substitution": (agreements.substitution_level, 2, -1, (S, S, S)),
    "more protection, less substitution": (agreements.substitution_level, 1, -1, (S, S, S)),
    "more pressure, more substitution": (agreements.substitution_level, 0, 1, (S, S, S)),
    "more clarity, more competence": (volunteering.competence_target, 0, 1, (S, S, S, S, P)),
    "more training, more competence": (volunteering.competence_target, 1, 1, (S, S, S, S, P)),
    "more recognition, more relatedness": (
        volunteering.relatedness_target,
        0,
        1,
        (S, S, S, S, S, P),
    ),
    "more strain, less relatedness": (volunteering.relatedness_target, 4, -1, (S, S, S, S, S, P)),
    "more clarity announced, more clarity": (agreements.clarity_target, 0, 1, (S, S, S, P)),
    "more dialogue, more clarity": (agreements.clarity_target, 2, 1, (S, S, S, P)),
    "more dialogue, more fit": (agreements.fit_change, 1, 1, (S, S, S, S, P)),
    "more drift, less fit": (agreements.fit_change, 3, -1, (S, S, S, S, P)),
    "more announced, more expected": (volunteering.expectation, 1, 1, (S, S, S, S, P)),
    "more lived, more expected": (volunteering.expectation, 3, 1, (S, S, S, S, P)),
    "more expected, more broken": (volunteering.broken_promise, 0, 1, (S, S, S)),
    "more kept, less broken": (volunteering.broken_promise, 1, -1, (S, S, S)),
    "more motivation, fewer leave": (
        volunteering.leaving_probability,
        0,
        -1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more controlled, more leave": (
        volunteering.leaving_probability,
        1,
        1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more exhausted, more leave": (
        volunteering.leaving_probability,
        2,
        1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more ownership, fewer leave": (
        volunteering.leaving_probability,
        3,
        -1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more strain, more leave": (
        volunteering.leaving_probability,
        4,
        1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more felt as bureaucracy, more leave": (
        volunteering.leaving_probability,
        5,
        1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more friends, fewer leave": (
        volunteering.leaving_probability,
        7,
        -1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more left, more leave": (
        volunteering.leaving_probability,
        8,
        1,
        (S, S, S, S, S, S, st.integers(0, 60), S, st.integers(0, 9), S, S, P),
    ),
    "more motivation, more hours": (volunteering.hours_given, 0, 1, (S, st.floats(0.0, 40.0), P)),
    "more barriers, fewer come": (
        matching.recruitment_base,
        0,
        -1,
        (S, st.floats(0.0, 5.0), P),
    ),
    "more hours, more referred": (matching.referral_probability, 0, 1, (S, S, P)),
    "a clearer target group, more referred": (matching.referral_probability, 1, 1, (S, S, P)),
    "a more open door, more found": (
        matching.outreach_probability,
        1,
        1,
        (st.floats(-2.0, 2.0), S, S),
    ),
    "more bond, more comfort": (
        loneliness.comfort_of_contact,
        0,
        1,
        (S, S, S, S, st.booleans(), P),
    ),
    "more leeway, more comfort": (
        loneliness.comfort_of_contact,
        2,
        1,
        (S, S, S, S, st.booleans(), P),
    ),
    "more hours for people, more comfort": (
        loneliness.comfort_of_contact,
        1,
        1,
        (S, S, S, S, st.booleans(), P),
    ),
    "more taken off already, less room": (loneliness.room_left, 0, -1, (S, st.floats(0.01, 1.0))),
    "more backing, fewer close": (
        initiatives.closing_probability,
        0,
        -1,
        (S, S, S, st.booleans(), P),
    ),
    "more recognition, more backing": (agreements.backing_given, 2, 1, (S, S, S, P)),
    "more backing, more places": (traits.volunteer_places, 0, 1, (S, P)),
    "clearer roles, fewer incidents": (initiatives.incident_probability, 1, -1, (S, S, P)),
    "better work, fewer close": (
        initiatives.closing_probability,
        1,
        -1,
        (S, S, S, st.booleans(), P),
    ),
    "more openness, fewer municipal starts": (
        initiatives.opening_factor,
        3,
        -1,
        (st.just(0), S, S, S, S, S, P),
    ),
    "more rigidity, fewer local starts": (
        initiatives.opening_factor,
        4,
        -1,
        (st.just(4), S, S, S, S, S, P),
    ),
    "more substitution, more incidents": (initiatives.incident_probability, 0, 1, (S, S, P)),
    "more training, more skill": (staff.skill_change, 1, 1, (S, S, S, P)),
    "more dialogue, more skill": (staff.skill_change, 2, 1, (S, S, S, P)),
    "more protection, less concern": (staff.concern_target, 2, -1, (S, S, S, S, P)),
    "more hours, more satisfied": (staff.satisfaction_target, 0, 1, (S, S, S, S, P)),
    "more satisfied, fewer staff leave": (staff.staff_leaving_probability, 0, -1, (S, P)),
    "more skill, more is kept": (staff_hours.promise_kept, 2, 1, (S, S, S, P)),
    "a larger gap, less is kept": (staff_hours.promise_kept, 0, -1, (S, S, S, P)),
}


@pytest.mark.parametrize("name", DIRECTIONS)
@settings(max_examples=60)
@given(st.data())
def test_direction(name, data):
    rule, place, sign, strategies = DIRECTIONS[name]
    values = list(data.draw(st.tuples(*strategies)))
    low, high = sorted((values[place], data.draw(strategies[place])))
    results = [rule.py_func(*values[:place], x, *values[place + 1 :]) for x in (low, high)]
    assert sign * (results[1] - results[0]) >= -SLACK


def a_month_of_staff(values, regime, members, running, skill, hours):
    """Enacted dialogue by department, and the town's hours; so many for each of 1 000 adults."""
    town = tables.towns(adults=1000, mean_skill=skill)
    departments = tables.departments(5)
    slots = tables.initiatives(10, running=[1] * running + [0] * (10 - running))
    slots["department"] = np.arange(10) % 5
    announced = tables.announced(5, **regime)
    quo = tables.announced(5, **dict.fromkeys(regime, 0.5))
    staff_hours_step(
        town,
        departments,
        tables.staff(members),
        slots,
        announced,
        quo,
        np.zeros(8),
        tables.shock(),
        default_record(**(values | {"hours_per_1000": hours})),
    )
    return town[0], departments


regimes = st.fixed_dictionaries(dict.fromkeys((*INSTRUMENTS, "espoused_gap"), S))
worlds = st.integers(0, 255).map(drawn_values)
hours = st.floats(2.0, 80.0)


@given(worlds, regimes, st.integers(1, 9), st.integers(0, 10), S, hours, hours)
def test_more_staff_hours_never_lower_enacted_dialogue(
    values, regime, members, running, skill, one, other
):
    few, many = sorted((one, other))
    (less, before), (more, after) = (
        a_month_of_staff(values, regime, members, running, skill, h) for h in (few, many)
    )
    assert np.all(after["enacted_dialogue"] >= before["enacted_dialogue"] - SLACK)
    for name in ("capacity", "served_first", "served_dialogue", "hours_dialogue"):
        assert more[name] >= less[name] - SLACK
    assert more["pressure"] <= less["pressure"] + SLACK


@given(worlds, regimes, st.integers(1, 9), st.integers(1, 10), S, hours, S)
def test_more_rigidity_leaves_no_more_for_dialogue(
    values, regime, members, running, skill, h, more
):
    """Rules crowd dialogue out; the same regime with more rigidity enacts no more of it."""
    low, high = sorted((regime["rigidity"], more))
    few, many = (
        a_month_of_staff(values, regime | {"rigidity": x}, members, running, skill, h)
        for x in (low, high)
    )
    assert np.all(many[1]["enacted_dialogue"] <= few[1]["enacted_dialogue"] + SLACK)
    assert np.all(many[1]["administration"] >= few[1]["administration"] - SLACK)
    assert many[0]["entry_barrier"] >= few[0]["entry_barrier"] - SLACK
    assert many[0]["open_door"] <= few[0]["open_door"] + SLACK


@given(worlds, regimes, st.integers(1, 9), st.integers(0, 10), S, hours)
def test_hours_used_are_never_more_than_there_are(values, regime, members, running, skill, h):
    town, _ = a_month_of_staff(values, regime, members, running, skill, h)
    uses = ("contact", "rules", "agreements", "dialogue")
    used = sum(town[f"hours_{use}"] for use in uses)
    assert used <= h * (1 + SLACK)
    assert town["hours_dialogue"] == 0.0 or town["served_first"] == 1.0  # dialogue comes last
