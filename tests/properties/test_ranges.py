"""Every rule stays in its range, whatever the parameters and the state: with all drawn freely."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.population import traits
from velfaerd_sim.processes import (
    agreements,
    initiatives,
    loneliness,
    matching,
    policy_review,
    staff,
    staff_hours,
    volunteering,
)
from worlds import any_parameters, shares

demand = st.floats(0.0, 20.0)
tenure = st.integers(0, 200)
hours = st.floats(0.0, 500.0)
people = st.integers(0, 60)
heard = st.floats(-20.0, 20.0)
yes_or_no = st.booleans()
P = any_parameters
S = shares

# Rules whose result is a share or a probability, with what goes in.
SHARES = {
    staff_hours.in_force: (S, S, st.floats(-3.0, 3.0), S),
    staff_hours.contact_attention: (S, S, S),
    staff_hours.administration_share: (S, P),
    staff_hours.felt_bureaucracy_share: (S, P),
    staff_hours.promise_kept: (S, S, S, P),
    staff_hours.resource_pressure: (S, demand, S, S),
    agreements.clarity_target: (S, S, S, P),
    agreements.influence_target: (S, S, S),
    agreements.leeway_left: (S, S, S, P),
    agreements.fit_of_roles: (S, P),
    agreements.substitution_level: (S, S, S),
    agreements.strain_probability: (S, S, S, S, P),
    agreements.strain_memory: (S, yes_or_no, P),
    agreements.backing_given: (S, S, S, P),
    agreements.overload_level: (people, st.floats(2.0, 16.0), hours, S, P),
    volunteering.autonomy_target: (S, S, S, S, P),
    volunteering.competence_target: (S, S, S, S, P),
    volunteering.relatedness_target: (S, S, S, S, S, P),
    volunteering.own_target: (S, st.floats(-2.45, 2.45), P),
    volunteering.friends_felt: (st.integers(0, 60), P),
    volunteering.exhaustion_of_service: (tenure, P),
    volunteering.expectation: (S, S, S, S, P),
    volunteering.broken_promise: (S, S, S),
    volunteering.team_felt: (st.integers(1, 30), P),
    volunteering.controlled_target: (S, S, P),
    volunteering.exhaustion_target: (S, S, S, P),
    volunteering.leaving_probability: (S, S, S, S, S, S, tenure, S, st.integers(0, 9), S, S, P),
    matching.referral_probability: (S, S, P),
    matching.outreach_probability: (heard, S, S),
    matching.recovery_ending: (yes_or_no, P),
    matching.asks_for_place: (yes_or_no, S, S, S),
    loneliness.room_left: (S, st.floats(0.01, 1.0)),
    loneliness.regular_hours: (S, S),
    loneliness.comfort_of_contact: (S, S, S, S, yes_or_no, P),
    loneliness.bond_growth: (S, S, yes_or_no, P),
    loneliness.ties_growth: (S, S, S, S, yes_or_no, P),
    initiatives.quality_target: (S, S, S, S, S, S, P),
    initiatives.incident_probability: (S, S, P),
    initiatives.closing_probability: (S, S, S, yes_or_no, P),
    staff.concern_target: (S, S, S, S, P),
    staff.satisfaction_target: (S, S, S, S, P),
    staff.staff_leaving_probability: (S, P),
}
# Rules whose result may be any number from 0.
POSITIVE = {
    staff_hours.navigation_hours: (S, P),
    staff_hours.influence_hours: (S, S, S, P),
    volunteering.hours_given: (S, st.floats(0.0, 40.0), P),
    volunteering.hours_with_people: (st.floats(0.0, 200.0), S, P),
    staff_hours.hours_of_staff: (S, st.integers(1, 10**6), P),
    matching.recruitment_base: (S, demand, P),
    matching.recruitment_chance: (st.floats(0.0, 0.2), heard, S, st.floats(0.0, 15.0), S),
    initiatives.opening_factor: (st.integers(0, 5), S, S, S, S, S, P),
    policy_review.visible_figure: (people, st.floats(50.0, 1000.0)),
    policy_review.survey_error: (S, S, people),
}
# The same for a rule that comes with a route, and so stands with the population.
OF_ROUTES = {
    traits.company_wish: (st.floats(1e-9, 1.0), P),
    traits.opening_rate: (st.integers(0, 5), P),
    traits.own_say: (S, S, P),
    traits.influence_pace: (S, P),
    traits.dialogue_at_work: (S, st.integers(0, 60), P),
    traits.newcomer_expectation: (S, S, P),
    traits.influence_phase: (st.integers(0, 60), P),
}
# Monthly changes: the state they are added to stays in [0, 1].
CHANGES = {
    agreements.fit_change: (S, S, S, st.floats(0.0, 0.15), P),
    staff.skill_change: (S, S, S, P),
}


def name_of(rule):
    return f"{rule.py_func.__module__.split('.')[-1]}.{rule.py_func.__name__}"


@pytest.mark.parametrize("rule", SHARES, ids=name_of)
@given(st.data())
def test_the_result_is_a_share(rule, data):
    result = rule.py_func(*data.draw(st.tuples(*SHARES[rule])))
    assert 0.0 <= result <= 1.0


@pytest.mark.parametrize("rule", POSITIVE | OF_ROUTES, ids=name_of)
@given(st.data())
def test_the_result_is_finite_and_not_negative(rule, data):
    result = rule.py_func(*data.draw(st.tuples(*(POSITIVE | OF_ROUTES)[rule])))
    assert result >= 0.0
    assert math.isfinite(result)


@pytest.mark.parametrize("rule", CHANGES, ids=name_of)
@given(st.data())
def test_the_state_stays_a_share_after_the_change(rule, data):
    values = data.draw(st.tuples(*CHANGES[rule]))
    assert -1e-12 <= values[0] + rule.py_func(*values) <= 1.0 + 1e-12


def test_every_rule_of_the_processes_has_its_range_here_or_elsewhere():
    elsewhere = {
        "loneliness.pull_to_set_point",  # changes of either sign; the month clips the sum
        "loneliness.pull_of_ties",
        "matching.asking",
        "matching.company_change",  # no more than there is of company, nor than fits: test_waiting
        "volunteering.motivation_crowding",
        "staff_hours.relief_share",
        "matching.known_change",
        "matching.turn",
        "policy_review.asked_change",
        "policy_review.trial_gain",
        "policy_review.trial_kept",
        "initiatives.poisson",
    }
    modules = (agreements, initiatives, loneliness, matching, policy_review, staff, staff_hours)
    found = set()
    for module in (*modules, volunteering):
        for value in vars(module).values():
            options = getattr(value, "targetoptions", {})
            is_rule = hasattr(value, "py_func") and not options.get("no_cpython_wrapper")
            if is_rule and not options.get("cache") and value.__module__ == module.__name__:
                found.add(name_of(value))
    known = {name_of(rule) for rule in (*SHARES, *POSITIVE, *CHANGES)} | elsewhere
    found -= {"policy_review.review"}
    assert found == known
