"""Volunteering: needs, motivation, ownership, exhaustion, and leaving.

Reads   town.volunteer_rows, volunteers; departments.rigidity, recognition, training,
        administration, felt_bureaucracy; initiatives.department, volunteers, participants,
        contact_hours, clarity, effective_clarity, influence, promised, authorship, substitution,
        strain, quality, overload; volunteers.citizen, initiative, tenure_months, weight_autonomy,
        weight_competence, weight_relatedness, tolerance, autonomy, competence, relatedness,
        motivation, controlled_motivation, ownership, exhaustion, contact_hours, felt_bureaucracy;
        the month's contact_factor
Writes  town.mean_ownership, mean_autonomy, mean_competence, mean_relatedness;
        initiatives.contact_hours; volunteers.tenure_months, autonomy, competence, relatedness,
        motivation, controlled_motivation, ownership, exhaustion, contact_hours, felt_bureaucracy;
        tallies and ledgers; rows given back, by membership
Draws   LEAVING (one a volunteer and month)

Self-determination theory: autonomy, competence and relatedness feed autonomous motivation (Gagne
2003; Bidee et al. 2013). The psychological contract: a promise of influence that is not kept costs
motivation (Vantilborgh 2014). People weigh the three needs differently, so no one way of governing
suits all (S4).
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, logistic
from velfaerd_sim.population.bundles import Counts, Now, People
from velfaerd_sim.population.membership import discharge
from velfaerd_sim.population.schema import FREE
from velfaerd_sim.randomness import LEAVING, uniform


@rule
def autonomy_target(
    influence: float, rigidity: float, clarity: float, authorship: float, p: Any
) -> float:
    """Autonomy that the setting allows: say, less rules, less roles written by others."""
    return clip(
        p.autonomy_base
        + p.autonomy_from_influence * (influence - p.influence_centre)
        - p.autonomy_lost_to_rules * rigidity
        - p.autonomy_lost_to_roles * clarity * (1.0 - authorship)
    )


@rule
def competence_target(
    clarity: float, training: float, quality: float, overload: float, p: Any
) -> float:
    """Competence felt: clear roles, support by trained staff, good work, and not too much of it."""
    return clip(
        p.competence_base
        + p.competence_from_clarity * clarity
        + p.competence_from_training * training
        + p.competence_from_quality * quality
        - p.competence_lost_to_overload * overload
    )


@rule
def relatedness_target(
    recognition: float, contact: float, team: float, strain: float, p: Any
) -> float:
    """Relatedness felt: recognition, contact with participants, a team, and peace."""
    return clip(
        p.relatedness_base
        + p.relatedness_from_recognition * recognition
        + p.relatedness_from_contact * contact
        + p.relatedness_from_team * team
        - p.relatedness_lost_to_strain * strain
    )


@rule
def team_felt(volunteers: float, p: Any) -> float:
    """What a team adds to relatedness, by the others in it; from a full team on more add none."""
    return clip((volunteers - 1.0) / p.others_in_full_team)


@rule
def broken_promise(promised: float, influence: float, tolerance: float) -> float:
    """Breach of the psychological contract: promised above actual say, beyond a tolerance."""
    return max(0.0, promised - influence - tolerance)


@rule
def controlled_target(rigidity: float, substitution: float, p: Any) -> float:
    """Controlled motivation: rules, and being used as an almost-employee (S2)."""
    return clip(
        p.controlled_base
        + p.controlled_from_rules * rigidity
        + p.controlled_from_substitution * substitution
    )


@rule
def exhaustion_target(overload: float, administration: float, strain: float, p: Any) -> float:
    """Exhaustion: overload, administration, strain (Allen & Mueller 2013)."""
    return clip(
        p.exhaustion_base
        + p.exhaustion_from_overload * overload
        + p.exhaustion_from_administration * administration
        + p.exhaustion_from_strain * strain
    )


@rule
def leaving_probability(
    motivation: float,
    controlled: float,
    exhaustion: float,
    ownership: float,
    strain: float,
    felt_bureaucracy: float,
    tenure_months: int,
    p: Any,
) -> float:
    """Monthly chance that a volunteer leaves; felt_bureaucracy is 1 where it is felt, else 0."""
    newcomer = p.leaving_newcomer if tenure_months < p.newcomer_months else 0.0
    return logistic(
        p.leaving_log_odds
        - p.leaving_motivation * (motivation - p.motivation_centre)
        + p.leaving_controlled * (controlled - p.controlled_centre)
        + p.leaving_exhaustion * exhaustion
        - p.leaving_ownership * (ownership - p.ownership_centre)
        + p.leaving_strain * strain
        + p.leaving_bureaucracy * felt_bureaucracy
        + newcomer
    )


@rule
def hours_given(motivation: float, p: Any) -> float:
    """Hours a month that a volunteer gives; the mean at a middle motivation, rising with it."""
    above = motivation - p.motivation_centre
    return p.volunteer_hours * max(0.0, 1.0 + p.hours_from_motivation * above)


@kernel
def feel(vol: Any, ini: Any, dep: Any, contact: float, contact_factor: float, p: Any) -> None:
    """Move one volunteer's needs, motivation and exhaustion by a month."""
    administration = dep.administration
    team = team_felt(ini.volunteers, p)
    autonomy = autonomy_target(ini.influence, dep.rigidity, ini.clarity, ini.authorship, p)
    competence = competence_target(
        ini.effective_clarity, dep.training, ini.quality, ini.overload, p
    )
    relatedness = relatedness_target(dep.recognition, contact, team, ini.strain, p)
    vol.autonomy += p.need_rate * (autonomy - vol.autonomy)
    vol.competence += p.need_rate * (competence - vol.competence)
    vol.relatedness += p.need_rate * (relatedness - vol.relatedness)
    breach = broken_promise(ini.promised, ini.influence, p.promise_tolerance)
    aim = clip(
        vol.weight_autonomy * vol.autonomy
        + vol.weight_competence * vol.competence
        + vol.weight_relatedness * vol.relatedness
        - p.promise_weight * breach
    )
    vol.motivation += p.motivation_rate * (aim - vol.motivation)
    controlled = controlled_target(dep.rigidity, ini.substitution, p)
    vol.controlled_motivation += p.motivation_rate * (controlled - vol.controlled_motivation)
    exhaustion = exhaustion_target(ini.overload, administration, ini.strain, p)
    vol.exhaustion += p.exhaustion_rate * (exhaustion - vol.exhaustion)
    vol.ownership += p.ownership_rate * (ini.influence - vol.ownership)
    vol.contact_hours = hours_given(vol.motivation, p) * (1.0 - administration) * contact_factor
    vol.felt_bureaucracy = 1.0 if vol.tolerance < dep.felt_bureaucracy else 0.0


@kernel
def work(
    town: Any, departments: Any, initiatives: Any, volunteers: Any, shock: Any, p: Any
) -> None:
    """Move every volunteer's state by a month; all see the teams as they were."""
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen == FREE:
            continue
        ini = initiatives[vol.initiative]
        contact = clip(ini.participants / max(1.0, 1.0 * ini.volunteers)) * shock.contact_factor
        feel(vol, ini, departments[ini.department], contact, shock.contact_factor, p)


@kernel
def step(town: Any, departments: Any, people: People, now: Now, counts: Counts) -> None:
    """Move every volunteer by a month; then some leave, and the hours of those who stay count."""
    initiatives, volunteers, p = people.initiatives, people.volunteers, now.p
    at_risk, ended = counts.at_risk, counts.ended
    work(town, departments, initiatives, volunteers, now.shock, p)
    for k in range(len(initiatives)):
        initiatives[k].contact_hours = 0.0
    total_ownership = 0.0
    total_autonomy = 0.0
    total_competence = 0.0
    total_relatedness = 0.0
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen == FREE:
            continue
        ini = initiatives[vol.initiative]
        chance = leaving_probability(
            vol.motivation,
            vol.controlled_motivation,
            vol.exhaustion,
            vol.ownership,
            ini.strain,
            vol.felt_bureaucracy,
            vol.tenure_months,
            p,
        )
        tenure = min(vol.tenure_months, len(at_risk) - 1)
        at_risk[tenure] += 1
        if uniform(now.key, LEAVING, now.month, vol.citizen) < chance:
            ended[tenure] += 1
            counts.tally.leaves += 1.0
            discharge(town, people, row)
        else:
            vol.tenure_months += 1
            ini.contact_hours += vol.contact_hours
            total_ownership += vol.ownership
            total_autonomy += vol.autonomy
            total_competence += vol.competence
            total_relatedness += vol.relatedness
    if town.volunteers > 0:
        town.mean_ownership = total_ownership / town.volunteers
        town.mean_autonomy = total_autonomy / town.volunteers
        town.mean_competence = total_competence / town.volunteers
        town.mean_relatedness = total_relatedness / town.volunteers
