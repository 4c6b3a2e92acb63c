"""Staff: skill, boundary concern, satisfaction and turnover.

Reads   town.mean_substitution, mean_strain, capacity; departments.boundary_protection, training,
        enacted_dialogue; staff.department, skill, concern, satisfaction, tenure_months,
        vacant_months
Writes  town.mean_skill, mean_concern; staff.skill, concern, satisfaction, tenure_months,
        vacant_months; tallies
Draws   STAFF_LEAVING (one a staff member and month)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, logistic
from velfaerd_sim.population.bundles import Now, Office
from velfaerd_sim.randomness import STAFF_LEAVING, uniform


@rule
def skill_change(skill: float, training: float, dialogue: float, p: Any) -> float:
    """Monthly change of facilitation skill: trained, learned by doing, and lost (S2)."""
    learned = p.skill_from_training * training + p.skill_from_dialogue * dialogue
    return learned * (1.0 - skill) - p.skill_decay_rate * skill


@rule
def concern_target(
    substitution: float, strain: float, boundary_protection: float, dialogue: float, p: Any
) -> float:
    """Concern for the boundary: follows substitution and strain, eased by protection and talks."""
    return clip(
        p.concern_base
        + p.concern_from_substitution * substitution
        + p.concern_from_strain * strain
        - p.concern_relief_by_boundary * boundary_protection
        - p.concern_relief_by_dialogue * dialogue
    )


@rule
def satisfaction_target(
    capacity: float, strain: float, concern: float, skill: float, p: Any
) -> float:
    """Job satisfaction: falls with overload, strain and concern, rises with skill."""
    return clip(
        p.satisfaction_base
        - p.satisfaction_lost_to_overload * (1.0 - capacity)
        - p.satisfaction_lost_to_strain * strain
        - p.satisfaction_lost_to_concern * concern
        + p.satisfaction_from_skill * skill
    )


@rule
def staff_leaving_probability(satisfaction: float, p: Any) -> float:
    """Monthly chance that a staff member leaves; it rises when satisfaction falls."""
    above = satisfaction - p.satisfaction_centre
    return logistic(p.staff_leaving_log_odds - p.staff_leaving_satisfaction * above)


@kernel
def step(town: Any, office: Office, now: Now, tally: Any) -> None:
    """Move every staff member by a month; the means are over those in post from now on."""
    departments, staff, p = office.departments, office.staff, now.p
    for s in range(len(staff)):
        one = staff[s]
        if one.vacant_months > 0:
            one.vacant_months -= 1
            continue
        dep = departments[one.department]
        one.skill += skill_change(one.skill, dep.training, dep.enacted_dialogue, p)
        aim = concern_target(
            town.mean_substitution,
            town.mean_strain,
            dep.boundary_protection,
            dep.enacted_dialogue,
            p,
        )
        one.concern += p.concern_rate * (aim - one.concern)
        aim = satisfaction_target(town.capacity, town.mean_strain, one.concern, one.skill, p)
        one.satisfaction += p.satisfaction_rate * (aim - one.satisfaction)
        one.tenure_months += 1
        chance = staff_leaving_probability(one.satisfaction, p)
        if uniform(now.key, STAFF_LEAVING, now.month, s) < chance:
            one.skill = p.entry_skill
            one.concern = p.concern_base
            one.satisfaction = p.entry_satisfaction
            one.tenure_months = 0
            one.vacant_months = np.int64(p.vacancy_months)
            tally.staff_left += 1.0
    skill = 0.0
    concern = 0.0
    posts = 0
    for s in range(len(staff)):
        if staff[s].vacant_months == 0:
            posts += 1
            skill += staff[s].skill
            concern += staff[s].concern
    if posts > 0:
        town.mean_skill = skill / posts
        town.mean_concern = concern / posts
