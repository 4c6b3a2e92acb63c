"""Who belongs where: rows of volunteers and of participations, taken and given back.

Free rows form a chain through the column `initiative`, headed by the municipality's free_volunteer
and free_participation; the volunteers of an initiative form a chain through `next_in_team`. Every
function keeps the counts of municipality and initiative in step with the rows.

Reads   town.free_volunteer, free_participation, volunteer_rows, participation_rows, volunteers,
        participants, mean_autonomy, mean_competence, mean_relatedness; initiatives.running, format,
        volunteers, first_volunteer, participants, company, contact_hours, influence, promised,
        backing; volunteers.citizen, initiative, next_in_team, companions, autonomy, competence,
        relatedness; participations.citizen, initiative, companion; citizens.flags,
        entered_month
Writes  town.free_volunteer, free_participation, volunteer_rows, participation_rows, volunteers,
        participants; initiatives.volunteers, first_volunteer, participants; volunteers.citizen,
        initiative, next_in_team, tenure_months, companions, weight_autonomy, weight_competence,
        weight_relatedness, tolerance, trait_autonomy, trait_competence, trait_relatedness,
        hours_factor, friends, expected, autonomy, competence, relatedness, motivation,
        controlled_motivation, ownership, exhaustion, contact_hours, felt_bureaucracy;
        participations.citizen, initiative, companion, months, bond, comfort; citizens.flags
Draws   none; of a person's traits see population.traits
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import kernel
from velfaerd_sim.population.bundles import People
from velfaerd_sim.population.schema import FREE, ONE_TO_ONE, PARTICIPATING, VOLUNTEERING, WAITING
from velfaerd_sim.population.traits import (
    hours_left,
    hours_needed,
    hours_trait,
    need_traits,
    need_weights,
    newcomer_expectation,
    tolerance_rank,
    volunteer_places,
)
from velfaerd_sim.randomness import Key, unit, words


@kernel
def join_team(people: People, row: int, k: int) -> None:
    """Put a volunteer on the team of initiative k."""
    volunteers, initiatives = people.volunteers, people.initiatives
    volunteers[row].initiative = k
    volunteers[row].next_in_team = initiatives[k].first_volunteer
    initiatives[k].first_volunteer = row
    initiatives[k].volunteers += 1


@kernel
def leave_team(people: People, row: int) -> None:
    """Take a volunteer off the team; the row stays the person's."""
    volunteers, initiatives = people.volunteers, people.initiatives
    k = volunteers[row].initiative
    if initiatives[k].first_volunteer == row:
        initiatives[k].first_volunteer = volunteers[row].next_in_team
    else:
        before = initiatives[k].first_volunteer
        while volunteers[before].next_in_team != row:
            before = volunteers[before].next_in_team
        volunteers[before].next_in_team = volunteers[row].next_in_team
    initiatives[k].volunteers -= 1


@kernel
def enrol(town: Any, people: People, key: Key, person: int, k: int, p: Any) -> int:
    """Make a person a volunteer of initiative k and return the row.

    A newcomer's needs and motivation start at what volunteers of the municipality tell about
    (their mean), so nobody knows the setting before having been in it.
    """
    row = town.free_volunteer
    vol = people.volunteers[row]
    town.free_volunteer = vol.initiative
    town.volunteer_rows = max(town.volunteer_rows, row + 1)
    vol.citizen = person
    vol.tenure_months = 0
    vol.companions = 0
    entered = people.citizens.entered_month[person]
    autonomy, competence, relatedness = need_weights(key, person, entered, p)
    vol.weight_autonomy = autonomy
    vol.weight_competence = competence
    vol.weight_relatedness = relatedness
    vol.tolerance = tolerance_rank(key, person, entered)
    traits = need_traits(key, person, entered)
    vol.trait_autonomy = traits[0]
    vol.trait_competence = traits[1]
    vol.trait_relatedness = traits[2]
    vol.hours_factor = hours_trait(key, person, entered, p.hours_spread)
    vol.friends = 0
    vol.autonomy = town.mean_autonomy
    vol.competence = town.mean_competence
    vol.relatedness = town.mean_relatedness
    vol.motivation = (
        autonomy * vol.autonomy + competence * vol.competence + relatedness * vol.relatedness
    )
    vol.controlled_motivation = p.controlled_base
    ini = people.initiatives[k]
    vol.ownership = p.newcomer_ownership_share * ini.influence
    vol.expected = newcomer_expectation(ini.promised, ini.influence, p)
    vol.exhaustion = 0.0
    vol.contact_hours = 0.0
    vol.felt_bureaucracy = 0.0
    join_team(people, row, k)
    town.volunteers += 1
    people.citizens.flags[person] |= VOLUNTEERING
    people.citizens.flags[person] &= ~WAITING
    return row


@kernel
def discharge(town: Any, people: People, row: int) -> None:
    """End a person's volunteering and give the row back."""
    volunteers = people.volunteers
    leave_team(people, row)
    people.citizens.flags[volunteers[row].citizen] &= ~VOLUNTEERING
    volunteers[row].citizen = FREE
    volunteers[row].initiative = town.free_volunteer
    town.free_volunteer = row
    town.volunteers -= 1


@kernel
def count_ending(at_risk: Any, ended: Any, tenure_months: int) -> None:
    """Note in the ledger that a spell ended after the month's leaving had been decided.

    The ledger has the person at risk at the tenure with which the month began; who joined in this
    month is not in it yet.
    """
    tenure = min(tenure_months, len(ended)) - 1
    if tenure < 0:
        tenure = 0
        at_risk[0] += 1
    ended[tenure] += 1


@kernel
def find_companion(people: People, k: int) -> int:
    """The volunteer of initiative k with the fewest companions, FREE when there is none."""
    volunteers, initiatives = people.volunteers, people.initiatives
    best = FREE
    row = initiatives[k].first_volunteer
    while row != FREE:
        if best == FREE or volunteers[row].companions < volunteers[best].companions:
            best = row
        row = volunteers[row].next_in_team
    return best


@kernel
def admit(town: Any, people: People, person: int, k: int) -> int:
    """Make a person a participant of initiative k, with a companion in one-to-one formats."""
    participations, initiatives = people.participations, people.initiatives
    row = town.free_participation
    town.free_participation = participations[row].initiative
    town.participation_rows = max(town.participation_rows, row + 1)
    participations[row].citizen = person
    participations[row].initiative = k
    participations[row].companion = FREE
    participations[row].months = 0
    participations[row].bond = 0.0
    participations[row].comfort = 0.0
    if initiatives[k].format == ONE_TO_ONE:
        companion = find_companion(people, k)
        participations[row].companion = companion
        people.volunteers[companion].companions += 1
    initiatives[k].participants += 1
    town.participants += 1
    people.citizens.flags[person] |= PARTICIPATING
    people.citizens.flags[person] &= ~WAITING
    return row


@kernel
def dismiss(town: Any, people: People, row: int) -> None:
    """End a participation and give the row back."""
    participations, volunteers, citizens = people.participations, people.volunteers, people.citizens
    companion = participations[row].companion
    if companion != FREE and volunteers[companion].citizen != FREE:
        volunteers[companion].companions -= 1
    people.initiatives[participations[row].initiative].participants -= 1
    citizens.flags[participations[row].citizen] &= ~PARTICIPATING
    participations[row].citizen = FREE
    participations[row].initiative = town.free_participation
    town.free_participation = row
    town.participants -= 1


@kernel
def has_volunteer_place(ini: Any, p: Any) -> bool:
    """Whether an initiative runs and wants one more volunteer."""
    return ini.running == 1 and ini.volunteers < volunteer_places(ini.backing, p)


@kernel
def has_participant_place(ini: Any, p: Any) -> bool:
    """Whether an initiative runs and its volunteers have the hours for one more participant."""
    needed = hours_needed(ini.format, p)
    return (
        ini.running == 1
        and ini.volunteers > 0
        and hours_left(ini.participants + 1.0, ini.company, needed, ini.contact_hours) >= 0.0
    )


@kernel
def volunteer_place(
    initiatives: Any, key: Key, process: int, month: int, person: int, p: Any
) -> int:
    """The first of the slots the person looks at that wants a volunteer, else FREE.

    Slots are drawn over all slots, so a place that opens or closes elsewhere changes nothing for
    the person, and the chance to find one falls as places fill up.
    """
    four = words(key, process, month, person)
    for j in range(int(p.places_looked_at)):
        k = int(unit(four[j]) * len(initiatives))
        if has_volunteer_place(initiatives[k], p):
            return k
    return FREE


@kernel
def participant_place(
    initiatives: Any, key: Key, process: int, month: int, person: int, p: Any
) -> int:
    """The first of the slots the person is offered with room for a participant, else FREE."""
    four = words(key, process, month, person)
    for j in range(int(p.places_offered)):
        k = int(unit(four[j]) * len(initiatives))
        if has_participant_place(initiatives[k], p):
            return k
    return FREE
