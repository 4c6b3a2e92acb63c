"""Volunteering: needs, expectations, motivation, ownership, exhaustion, and leaving.

Reads   town.volunteer_rows, volunteers; departments.rigidity, dialogue, influence, recognition,
        training, administration, felt_bureaucracy; initiatives.department, age_months, volunteers,
        participants, company, contact_hours, clarity, effective_clarity, influence, authorship,
        substitution, strain, quality, overload, left, left_before; volunteers.citizen, initiative,
        tenure_months, weight_autonomy, weight_competence, weight_relatedness, tolerance,
        trait_autonomy, trait_competence, trait_relatedness, hours_factor, friends, expected,
        autonomy, competence, relatedness, motivation, controlled_motivation, ownership, exhaustion,
        contact_hours, felt_bureaucracy; citizens.flags; ties; the month's contact_factor
Writes  town.mean_ownership, mean_autonomy, mean_competence, mean_relatedness;
        initiatives.contact_hours, left, left_before; volunteers.tenure_months, friends, expected,
        autonomy, competence, relatedness, motivation, controlled_motivation, ownership, exhaustion,
        contact_hours, felt_bureaucracy; tallies and ledgers; rows given back, by membership
Draws   LEAVING (one a volunteer and month)

Self-determination theory: autonomy, competence and relatedness feed autonomous motivation (Gagne
2003; Bidee et al. 2013). The psychological contract: a say that is expected and not lived costs
motivation (Vantilborgh 2014); people expect what they were told and what others live. They weigh
the three needs differently, so no one way of governing suits all (S4).

Persons differ and meet: each need has a personal part, friends among volunteers hold people, and
who sees another leave the team leaves more easily (Felps et al. 2009). Who stays long comes to be a
volunteer in their own eyes, and tires (Chacón, Vecina & Dávila 2007; Vecina et al. 2010).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, logistic
from velfaerd_sim.population.bundles import Counts, Now, People
from velfaerd_sim.population.membership import discharge
from velfaerd_sim.population.schema import FREE, VOLUNTEERING, Ties
from velfaerd_sim.population.traits import dialogue_at_work, influence_pace
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
    recognition: float, contact: float, team: float, friends: float, strain: float, p: Any
) -> float:
    """Relatedness felt: recognition, contact with participants, a team, friends, and peace."""
    return clip(
        p.relatedness_base
        + p.relatedness_from_recognition * recognition
        + p.relatedness_from_contact * contact
        + p.relatedness_from_team * team
        + p.relatedness_from_friends * friends
        - p.relatedness_lost_to_strain * strain
    )


@rule
def own_target(target: float, trait: float, p: Any) -> float:
    """A person's own target of a need: what the setting allows, and the personal part."""
    return clip(target + p.need_spread * trait)


@rule
def friends_felt(friends: float, p: Any) -> float:
    """What friends who volunteer are worth: the first counts most."""
    return friends / (friends + p.friends_half_effect)


@rule
def team_felt(volunteers: float, p: Any) -> float:
    """What a team adds to relatedness, by the others in it; from a full team on more add none."""
    return clip((volunteers - 1.0) / p.others_in_full_team)


@rule
def expectation(expected: float, announced: float, pace: float, lived: float, p: Any) -> float:
    """Say that a volunteer expects after a month: talked up or down, and then adapted to life.

    pace: share of the way to what is announced that the month's talks promise. People get used to
    what they live. Assumption; at 0 nobody does, and who was told only expects what was promised.
    """
    told = expected + pace * (announced - expected)
    return told + p.expectation_rate * (lived - told)


@rule
def broken_promise(expected: float, influence: float, tolerance: float) -> float:
    """Breach of the psychological contract: expected above actual say, beyond a tolerance."""
    return max(0.0, expected - influence - tolerance)


@rule
def motivation_crowding(recognition: float, controlled: float, p: Any) -> float:
    """What recognition and control do to autonomous motivation itself, besides the needs.

    They may crowd it out or in (Frey & Jegen 2001): both strengths have either sign.
    """
    own = controlled - p.controlled_centre
    return p.motivation_from_recognition * recognition + p.motivation_from_control * own


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
def exhaustion_of_service(tenure_months: int, p: Any) -> float:
    """Exhaustion of long service: from long_service_months on, in full at twice as many."""
    return p.exhaustion_from_long_service * clip(tenure_months / p.long_service_months - 1.0)


@rule
def leaving_probability(
    motivation: float,
    controlled: float,
    exhaustion: float,
    ownership: float,
    strain: float,
    felt_bureaucracy: float,
    tenure_months: int,
    friends: float,
    left: float,
    rigidity: float,
    training: float,
    p: Any,
) -> float:
    """Monthly chance that a volunteer leaves.

    felt_bureaucracy: 1 where it is felt, else 0; friends: what they are worth; left: how many of
    the team left the month before. Rules and training also act besides needs and exhaustion, with
    either sign. Role identity grows with tenure and is half of what it can be
    after role_identity_months.
    """
    role_identity = tenure_months / (tenure_months + p.role_identity_months)
    newcomer = p.leaving_newcomer if tenure_months < p.newcomer_months else 0.0
    return logistic(
        p.leaving_log_odds
        - p.leaving_motivation * (motivation - p.motivation_centre)
        + p.leaving_controlled * (controlled - p.controlled_centre)
        + p.leaving_exhaustion * exhaustion
        - p.leaving_ownership * (ownership - p.ownership_centre)
        + p.leaving_strain * strain
        + p.leaving_bureaucracy * felt_bureaucracy
        - p.leaving_role_identity * (role_identity - p.role_identity_centre)
        - p.leaving_friends * (friends - p.friends_centre)
        + (p.leaving_after_leaver if left > 0 else 0.0)
        + p.leaving_rules * rigidity
        + p.leaving_training * training
        + newcomer
    )


@rule
def hours_given(motivation: float, factor: float, p: Any) -> float:
    """Hours a month that a volunteer gives: own factor, the mean at a middle motivation."""
    above = motivation - p.motivation_centre
    return p.volunteer_hours * factor * max(0.0, 1.0 + p.hours_from_motivation * above)


@rule
def hours_with_people(hours: float, administration: float, p: Any) -> float:
    """Hours that reach people: less forms, and less preparation, meetings and transport."""
    return hours * (1.0 - administration) * (1.0 - p.preparation_share)


@kernel
def volunteering_ties(person: int, citizens: Any, ties: Ties) -> int:
    """How many of a person's ties volunteer."""
    count = 0
    for t in range(ties.offsets[person], ties.offsets[person + 1]):
        if np.int64(citizens.flags[ties.neighbours[t]]) & VOLUNTEERING:
            count += 1
    return count


@kernel
def feel(vol: Any, ini: Any, dep: Any, contact: float, contact_factor: float, p: Any) -> None:
    """Move one volunteer's needs, motivation and exhaustion by a month."""
    administration = dep.administration
    team = team_felt(ini.volunteers, p)
    autonomy = autonomy_target(ini.influence, dep.rigidity, ini.clarity, ini.authorship, p)
    competence = competence_target(
        ini.effective_clarity, dep.training, ini.quality, ini.overload, p
    )
    friends = friends_felt(vol.friends, p)
    relatedness = relatedness_target(dep.recognition, contact, team, friends, ini.strain, p)
    own = own_target(autonomy, vol.trait_autonomy, p)
    vol.autonomy += p.need_rate * (own - vol.autonomy)
    own = own_target(competence, vol.trait_competence, p)
    vol.competence += p.need_rate * (own - vol.competence)
    own = own_target(relatedness, vol.trait_relatedness, p)
    vol.relatedness += p.need_rate * (own - vol.relatedness)
    announced = dep.influence * p.influence_at_delivery
    pace = influence_pace(dialogue_at_work(dep.dialogue, ini.age_months, p), p)
    vol.expected = expectation(vol.expected, announced, pace, ini.influence, p)
    breach = broken_promise(vol.expected, ini.influence, p.promise_tolerance)
    aim = clip(
        vol.weight_autonomy * vol.autonomy
        + vol.weight_competence * vol.competence
        + vol.weight_relatedness * vol.relatedness
        - p.promise_weight * breach
        + motivation_crowding(dep.recognition, vol.controlled_motivation, p)
    )
    vol.motivation += p.motivation_rate * (aim - vol.motivation)
    controlled = controlled_target(dep.rigidity, ini.substitution, p)
    vol.controlled_motivation += p.motivation_rate * (controlled - vol.controlled_motivation)
    exhaustion = exhaustion_target(ini.overload, administration, ini.strain, p)
    exhaustion = clip(exhaustion + exhaustion_of_service(vol.tenure_months, p))
    vol.exhaustion += p.exhaustion_rate * (exhaustion - vol.exhaustion)
    vol.ownership += p.ownership_rate * (ini.influence - vol.ownership)
    hours = hours_given(vol.motivation, vol.hours_factor, p)
    vol.contact_hours = hours_with_people(hours, administration, p) * contact_factor
    vol.felt_bureaucracy = 1.0 if vol.tolerance < dep.felt_bureaucracy else 0.0


@kernel
def work(town: Any, departments: Any, people: People, ties: Ties, shock: Any, p: Any) -> None:
    """Move every volunteer's state by a month; all see the teams and their friends as they were."""
    initiatives, volunteers, citizens = people.initiatives, people.volunteers, people.citizens
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen == FREE:
            continue
        ini = initiatives[vol.initiative]
        vol.friends = volunteering_ties(vol.citizen, citizens, ties)
        contact = (
            clip((ini.participants + ini.company) / max(1.0, 1.0 * ini.volunteers))
            * shock.contact_factor
        )
        feel(vol, ini, departments[ini.department], contact, shock.contact_factor, p)


@kernel
def step(town: Any, departments: Any, people: People, ties: Ties, now: Now, counts: Counts) -> None:
    """Move every volunteer by a month; then some leave, and the hours of those who stay count."""
    initiatives, volunteers, p = people.initiatives, people.volunteers, now.p
    at_risk, ended = counts.at_risk, counts.ended
    work(town, departments, people, ties, now.shock, p)
    for k in range(len(initiatives)):
        initiatives[k].contact_hours = 0.0
        initiatives[k].left_before = initiatives[k].left
        initiatives[k].left = 0
    total_ownership = 0.0
    total_autonomy = 0.0
    total_competence = 0.0
    total_relatedness = 0.0
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen == FREE:
            continue
        ini = initiatives[vol.initiative]
        dep = departments[ini.department]
        chance = leaving_probability(
            vol.motivation,
            vol.controlled_motivation,
            vol.exhaustion,
            vol.ownership,
            ini.strain,
            vol.felt_bureaucracy,
            vol.tenure_months,
            friends_felt(vol.friends, p),
            ini.left_before,
            dep.rigidity,
            dep.training,
            p,
        )
        tenure = min(vol.tenure_months, len(at_risk) - 1)
        at_risk[tenure] += 1
        if uniform(now.key, LEAVING, now.month, vol.citizen) < chance:
            ended[tenure] += 1
            counts.tally.leaves += 1.0
            ini.left += 1
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
