"""Agreements: rules worked by hand, and the month of one initiative."""

import math

import numpy as np
import pytest

import tables
from compiled_steps import agreements_step
from velfaerd_sim.population import traits
from velfaerd_sim.processes import agreements
from velfaerd_sim.randomness import STRAIN, key_of, uniform
from worlds import default_record, parameters


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def test_fit_drifts_away_and_is_restored():
    p = parameters(fit_from_dialogue=0.35, fit_from_review=0.04)
    rule = agreements.fit_change.py_func
    # (0.35 x 0.4 + 0.04 x 0.5)(1 - 0.6) - 0.05 x 0.6 = 0.16 x 0.4 - 0.03
    assert rule(0.6, 0.4, 0.5, 0.05, p) == pytest.approx(0.034)
    assert rule(1.0, 1.0, 1.0, 0.05, p) == pytest.approx(-0.05)  # nothing to restore
    assert rule(0.0, 0.0, 1.0, 0.05, p) == pytest.approx(0.04)


def test_clarity_comes_from_preparation_and_talks():
    p = parameters(clarity_from_dialogue=0.35, clarity_lost_to_overload=0.3)
    rule = agreements.clarity_target.py_func
    # 0.75 (1 - 0.3 x 0.5) + 0.35 x 0.2 = 0.6375 + 0.07
    assert rule(0.75, 0.5, 0.2, p) == pytest.approx(0.7075)
    assert rule(1.0, 1.0, 1.0, p) == 1.0
    assert rule(0.0, 1.0, 0.0, p) == 0.0
    p = parameters(clarity_from_dialogue=0.0, clarity_lost_to_overload=0.0)
    assert rule(0.75, 0.0, 0.5, p) == 0.75  # hours do not matter


def test_influence_is_reached_as_far_as_promises_are_kept():
    rule = agreements.influence_target.py_func
    assert rule(0.3, 0.8, 0.6) == pytest.approx(0.3 + 0.6 * 0.5)
    assert rule(0.3, 0.8, 1.0) == pytest.approx(0.8)  # all that was announced
    assert rule(0.3, 0.8, 0.0) == 0.3  # words only
    assert rule(0.5, 0.2, 0.6) == 0.5  # no less than the volunteers have by themselves


def test_influence_comes_faster_with_dialogue():
    p = parameters(influence_rate=0.2, influence_pace_from_dialogue=0.6, dialogue_half_effect=0.2)
    rule = traits.influence_pace.py_func
    assert rule(0.2, p) == pytest.approx(0.2)
    assert rule(0.0, p) == pytest.approx(0.2 * 0.4)
    assert rule(0.6, p) == pytest.approx(0.2 * (0.4 + 0.6 * 1.5))  # 1.2 / 0.8
    p = parameters(influence_rate=0.2, influence_pace_from_dialogue=0.0)
    assert rule(0.0, p) == rule(1.0, p) == 0.2


def test_leeway_is_narrowed_by_roles_of_others_and_by_rules():
    p = parameters(leeway_lost_to_roles=0.5, leeway_lost_to_rules=0.5)
    rule = agreements.leeway_left.py_func
    # 1 - 0.5 x 0.8 x (1 - 0.25) - 0.5 x 0.3 = 1 - 0.3 - 0.15
    assert rule(0.8, 0.25, 0.3, p) == pytest.approx(0.55)
    assert rule(0.8, 1.0, 0.0, p) == 1.0  # roles that the volunteers wrote
    assert rule(1.0, 0.0, 1.0, p) == 0.0


def test_substitution_needs_pressure_and_an_open_boundary():
    rule = agreements.substitution_level.py_func
    assert rule(0.4, 0.5, 0.3) == pytest.approx(0.4 * 0.5 * 0.7)
    assert rule(0.0, 0.0, 0.0) == rule(1.0, 1.0, 0.0) == rule(1.0, 0.0, 1.0) == 0.0


def test_strain_comes_from_ambiguity_and_substitution():
    p = parameters(
        strain_log_odds=-3.2,
        strain_from_ambiguity=1.5,
        strain_from_substitution=3.0,
        strain_relief_by_dialogue=1.0,
    )
    rule = agreements.strain_probability.py_func
    assert rule(0.4, 0.0, 0.25, 0.0, p) == pytest.approx(logistic(-3.2))  # 0.0392
    # -3.2 - 1.5 x (0.2 - 0.4) + 3 x 0.2 x (0.5 + 0.25) - 0.3 = -3.2 + 0.3 + 0.45 - 0.3 = -2.75
    assert rule(0.2, 0.2, 0.25, 0.3, p) == pytest.approx(logistic(-2.75))


def test_strain_is_remembered_and_fades():
    rule = agreements.strain_memory.py_func
    p = parameters(strain_persistence=0.6)
    assert rule(0.5, False, p) == pytest.approx(0.3)
    assert rule(0.0, True, p) == rule(0.9, True, p) == 1.0
    assert rule(0.9, False, parameters(strain_persistence=0.0)) == 0.0


def test_backing_is_served_known_and_recognised():
    rule = agreements.backing_given.py_func
    # 0.9 x 0.825 x (0.4 + 0.6 x 0.5)
    p = parameters(backing_from_recognition=0.6)
    assert rule(0.9, 0.825, 0.5, p) == pytest.approx(0.51975)
    assert rule(1.0, 1.0, 1.0, p) == 1.0
    assert rule(1.0, 0.0, 1.0, p) == 0.0  # nobody knows whom to call
    assert rule(0.9, 0.5, 0.0, parameters(backing_from_recognition=0.0)) == pytest.approx(0.45)


def test_overload_is_load_beyond_the_hours():
    rule = agreements.overload_level.py_func
    p = parameters(overload_from_substitution=0.5)
    assert rule(4, 10.0, 50.0, 0.0, p) == 0.0  # 40 of 50 hours
    assert rule(6, 10.0, 50.0, 0.0, p) == pytest.approx(0.2)  # 60 of 50
    assert rule(6, 10.0, 50.0, 0.3, p) == pytest.approx(0.35)
    assert rule(0, 10.0, 0.0, 0.3, p) == pytest.approx(0.15)
    assert rule(30, 10.0, 50.0, 0.0, p) == 1.0


VALUES = {
    "drift_rate": 0.05,
    "fit_from_dialogue": 0.35,
    "fit_from_review": 0.04,
    "clarity_rate": 0.15,
    "clarity_from_dialogue": 0.35,
    "clarity_lost_to_overload": 0.3,
    "dialogue_half_effect": 0.2,
    "strain_persistence": 0.6,
    "backing_from_recognition": 0.6,
    "overload_from_substitution": 0.5,
    "influence_rate": 0.2,
    "influence_pace_from_dialogue": 0.6,
    "influence_lost_to_rules": 0.3,
    "influence_dialogue": 0.5,
    "leeway_lost_to_roles": 0.5,
    "leeway_lost_to_rules": 0.5,
    "fit_at_start": 0.9,
    "fit_from_definition": 0.2,
    "roles_rewritten_rate": 0.05,
    "hours_per_companion": 10.0,
    "strain_log_odds": -3.0,
    "strain_from_ambiguity": 2.0,
    "strain_from_substitution": 3.0,
    "strain_relief_by_dialogue": 1.0,
}
DEPARTMENT = {
    "rigidity": 0.5,
    "role_clarity": 0.6,
    "dialogue": 0.6,
    "influence": 0.8,
    "promise_kept": 0.5,
    "recognition": 0.5,
    "boundary_protection": 0.5,
    "enacted_dialogue": 0.3,
    "attention": 0.8,
}
START = {
    "route": 2,
    "fit": 0.6,
    "clarity": 0.5,
    "influence": 0.4,
    "promised": 0.5,
    "authorship": 0.3,
    "age_months": 20,
    "strain": 0.5,
    "participants": 6,
    "contact_hours": 50.0,
}


def pace(dialogue):
    return 0.2 * (0.4 + 0.6 * 2 * dialogue / (dialogue + 0.2))


PACE_SAID, PACE_HELD = pace(0.6), pace(0.3)


def month(which=0, count=1, shock=None, levers=None, **more):
    town = tables.towns(capacity=0.5, served_first=0.9, pressure=0.4, mean_concern=0.25)
    slots = tables.initiatives(count, **(START | more))
    departments = tables.departments(1, **DEPARTMENT)
    record = default_record(**(VALUES | (levers or {})))
    rows = tables.shock(**(shock or {}))
    agreements_step(town, departments, slots, rows, key_of(1, 1), which, record)
    return town[0], slots


def test_the_month_of_an_agreement():
    town, slots = month()
    ini = slots[0]
    # Fit first, from last month's clarity: 0.6 + (0.35 x 0.3 + 0.04 x 0.5)(0.4) - 0.05 x 0.6
    fit = 0.6 + 0.125 * 0.4 - 0.03
    assert ini["fit"] == pytest.approx(fit)  # 0.62
    # Clarity goes 15 % of the way to 0.6 (0.7 + 0.15) + 0.35 x 0.3 = 0.615.
    clarity = 0.5 + 0.15 * 0.115
    assert ini["clarity"] == pytest.approx(clarity)
    assert ini["effective_clarity"] == pytest.approx(clarity * fit)
    # Own say 0.5 - 0.3 x 0.5 = 0.35; half of what goes beyond it is kept: 0.575 is reached.
    influence = 0.4 + PACE_HELD * (0.575 - 0.4)
    assert ini["influence"] == pytest.approx(influence)
    assert ini["promised"] == pytest.approx(0.5 + PACE_SAID * (0.8 - 0.5))
    # Roles are rewritten by 5 % of the way to the influence there is.
    authorship = 0.3 + 0.05 * (influence - 0.3)
    assert ini["authorship"] == pytest.approx(authorship)
    assert ini["leeway"] == pytest.approx(1 - 0.5 * clarity * (1 - authorship) - 0.25)
    substitution = 0.4 * 0.5 * (1 - clarity * fit)
    assert ini["substitution"] == pytest.approx(substitution)
    assert ini["backing"] == pytest.approx(0.9 * 0.8 * 0.7)
    assert ini["overload"] == pytest.approx(60 / 50 - 1 + 0.5 * substitution)
    chance = logistic(-3.0 - 2.0 * (clarity * fit - 0.4) + 3.0 * substitution * (0.5 + 0.25) - 0.3)
    happened = uniform(key_of(1, 1), STRAIN, 0, 0) < chance
    assert ini["strain"] == pytest.approx(1.0 if happened else 0.3)
    assert town["mean_substitution"] == ini["substitution"]
    assert town["mean_strain"] == ini["strain"]
    assert town["mean_clarity"] == ini["effective_clarity"]


def test_dialogue_held_before_the_start_is_taken_off_the_first_year():
    rule = traits.dialogue_at_work.py_func
    assert rule(0.4, 3, parameters(dialogue_before_start_share=0.25)) == pytest.approx(0.3)
    assert rule(0.4, 12, parameters(dialogue_before_start_share=0.25)) == 0.4
    assert rule(0.4, 3, parameters(dialogue_before_start_share=0.0)) == 0.4


def test_new_roles_fit_better_where_volunteers_described_the_problem():
    p = parameters(fit_at_start=0.9, fit_from_definition=0.2)
    rule = agreements.fit_of_roles.py_func
    assert rule(0.4, p) == pytest.approx(0.9)
    assert rule(0.1, p) == pytest.approx(0.84)
    assert rule(1.0, p) == 1.0


def test_the_first_month_writes_the_roles():
    _, slots = month(age_months=0)
    ini = slots[0]
    written = 0.575  # what volunteers could say
    start = 0.9 + 0.2 * (written - 0.4)
    fit = start + (0.35 * 0.3 + 0.04 * 0.5) * (1 - start) - 0.05 * start
    assert ini["fit"] == pytest.approx(fit)
    influence = 0.4 + PACE_HELD * (0.575 - 0.4)
    assert ini["influence"] == pytest.approx(influence)
    assert ini["authorship"] == pytest.approx(written + 0.05 * (influence - written))
    assert ini["promised"] == pytest.approx(0.5 + PACE_SAID * (0.8 - 0.5))


def test_a_quarter_of_the_first_years_dialogue_before_the_start_is_three_months_of_it():
    _, slots = month(age_months=0, levers={"dialogue_before_start_share": 0.25})
    ini = slots[0]
    fit, clarity, influence, promised = 0.9 + 0.2 * 0.175, 0.5, 0.4, 0.5
    for _ in range(3):
        fit += (0.35 * 0.3 + 0.04 * clarity) * (1 - fit)
        clarity += 0.15 * (0.615 - clarity)
        influence += PACE_HELD * (0.575 - influence)
        promised += PACE_SAID * (0.8 - promised)
    left = 0.3 * 0.75  # of the talks at work
    fit += (0.35 * left + 0.04 * clarity) * (1 - fit) - 0.05 * fit
    clarity += 0.15 * (0.51 + 0.35 * left - clarity)
    influence += pace(left) * (0.575 - influence)
    promised += pace(0.6 * 0.75) * (0.8 - promised)
    assert ini["fit"] == pytest.approx(fit)
    assert ini["clarity"] == pytest.approx(clarity)
    assert ini["influence"] == pytest.approx(influence)
    assert ini["promised"] == pytest.approx(promised)


def test_influence_may_be_offered_in_one_phase_only():
    _, slots = month(age_months=0, levers={"influence_at_delivery": 0.0})
    early = slots[0]
    own = 0.5 - 0.15  # what the route gave, less the rules
    assert early["influence"] == pytest.approx(0.4 + PACE_HELD * (own - 0.4))
    assert early["authorship"] == pytest.approx(0.575 + 0.05 * (early["influence"] - 0.575))
    assert early["promised"] == pytest.approx(0.5 - PACE_SAID * 0.5)  # toward nothing promised
    _, slots = month(age_months=0, levers={"influence_at_definition": 0.0})
    late = slots[0]
    assert late["influence"] == pytest.approx(0.4 + PACE_HELD * (0.575 - 0.4))
    assert late["authorship"] == pytest.approx(own + 0.05 * (late["influence"] - own))
    assert late["promised"] == pytest.approx(0.5 + PACE_SAID * (0.8 - 0.5))


def test_where_contact_is_suspended_so_is_what_is_needed():
    _, usual = month()
    # Six companions need 60 hours; at a quarter of the contact 15, for which 12.5 are given.
    _, locked = month(shock={"contact_factor": 0.25}, contact_hours=12.5)
    assert locked["overload"] == pytest.approx(usual["overload"])
    _, relieved = month(shock={"contact_factor": 0.25})
    assert relieved["overload"] == pytest.approx(0.5 * usual["substitution"])


def test_strain_happens_when_the_draw_of_the_slot_falls_below_the_chance():
    events = []
    for which in range(40):
        _, slots = month(which, count=5)
        effective, substitution = slots["effective_clarity"][0], slots["substitution"][0]
        chance = logistic(-3.0 - 2.0 * (effective - 0.4) + 3.0 * substitution * 0.75 - 0.3)
        draws = [uniform(key_of(1, 1), STRAIN, which, k) for k in range(5)]
        assert list(slots["strain"] == 1.0) == [u < chance for u in draws]
        events += list(slots["strain"] == 1.0)
    assert any(events)


def test_means_are_over_what_runs_and_the_rest_stays_as_it_was():
    town, slots = month(count=3, running=[1, 0, 1])
    before = tables.initiatives(3, **(START | {"running": [1, 0, 1]}))
    assert slots[1].tobytes() == before[1].tobytes()
    running = slots[[0, 2]]
    for name, column in (
        ("mean_substitution", "substitution"),
        ("mean_strain", "strain"),
        ("mean_clarity", "effective_clarity"),
    ):
        assert town[name] == pytest.approx(running[column].mean(), rel=1e-14)


def test_without_initiatives_the_means_are_zero():
    town, _ = month(running=0)
    assert town["mean_substitution"] == town["mean_strain"] == town["mean_clarity"] == 0.0


def test_an_agreement_without_talks_ages_and_a_talked_about_one_lives():
    departments = tables.departments(2, **DEPARTMENT)
    departments["enacted_dialogue"] = (0.0, 0.6)
    slots = tables.initiatives(2, **START, department=[0, 1])
    town = tables.towns(capacity=0.5, served_first=0.9, pressure=0.4, mean_concern=0.25)
    for which in range(60):
        record = default_record(**VALUES)
        agreements_step(town, departments, slots, tables.shock(), key_of(1, 1), which, record)
    # Fit at rest: r / (r + 0.05), r = 0.35 x dialogue + 0.04 x clarity at rest.
    quiet = 0.04 * 0.6 * 0.85
    assert slots["fit"][0] == pytest.approx(quiet / (quiet + 0.05), abs=0.02)
    talked = 0.35 * 0.6 + 0.04 * (0.6 * 0.85 + 0.35 * 0.6)
    assert slots["fit"][1] == pytest.approx(talked / (talked + 0.05), abs=0.01)
    assert np.all(np.diff(slots["fit"]) > 0.4)
