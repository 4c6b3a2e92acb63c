"""Initiatives: quality, incidents, closing and opening.

Reads   town.adults, participation_rows, initiatives, mean_ownership, capacity;
        departments.rigidity, role_clarity, openness, enacted_dialogue; initiatives.running, format,
        affiliated, age_months, idle_months, volunteers, first_volunteer, clarity, fit,
        effective_clarity, influence, promised, authorship, substitution, strain, backing, quality;
        volunteers.citizen, next_in_team, tenure_months, motivation, ownership;
        participations.citizen, initiative, bond; citizens.push; records.attitude; the month's
        demand_factor
Writes  town.initiatives; initiatives.running, department, route, format, affiliated, age_months,
        idle_months, company, company_wish, contact_hours, clarity, fit, effective_clarity,
        influence, promised, authorship, leeway, substitution, strain, backing, quality, overload,
        left, left_before; volunteers.expected, ownership; citizens.push; records.route_starts;
        tallies and ledgers; rows given back, by membership
Draws   INCIDENT, CLOSING (one each an initiative and month); TRANSFER, TRANSFER_PROBE (one a
        volunteer of a closed initiative); OPENING (one a department, route and month);
        OPENING_SLOT, OPENING_FORMAT, OPENING_AFFILIATION, OPENING_COMPANY (one each a new
        initiative)
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, exponential, logistic
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population.bundles import Counts, Now, Office, People
from velfaerd_sim.population.membership import (
    count_ending,
    discharge,
    dismiss,
    join_team,
    leave_team,
    volunteer_place,
)
from velfaerd_sim.population.schema import (
    BY_DIALOGUE,
    BY_INVITATION,
    BY_LOCAL_ACTORS,
    BY_NATIONAL_ACTORS,
    BY_RECRUITMENT,
    BY_USERS,
    DEPARTMENT_COUNT,
    FREE,
    GROUP,
    ONE_TO_ONE,
    REMEMBERED_MONTHS,
    ROUTE_COUNT,
)
from velfaerd_sim.population.traits import (
    company_wish,
    newcomer_expectation,
    opening_rate,
    own_say,
    route_influence,
)
from velfaerd_sim.randomness import (
    CLOSING,
    INCIDENT,
    OPENING,
    OPENING_AFFILIATION,
    OPENING_COMPANY,
    OPENING_FORMAT,
    OPENING_SLOT,
    TRANSFER,
    TRANSFER_PROBE,
    uniform,
)

MOST_STARTS = 50
"""By one route in one department and month; a Poisson number beyond is cut."""
MUNICIPAL_ROUTES = (BY_INVITATION, BY_RECRUITMENT, BY_USERS)


@rule
def quality_target(
    ownership: float,
    motivation: float,
    clarity: float,
    authorship: float,
    strain: float,
    substitution: float,
    p: Any,
) -> float:
    """Quality of the work: ownership and motivation make it (S2), clarity helps, strain hurts.

    Volunteers who took part when the problem was described improve what is done (S3).
    """
    return clip(
        p.quality_base
        + p.quality_from_ownership * ownership
        + p.quality_from_motivation * motivation
        + p.quality_from_clarity * clarity
        + p.quality_from_definition * (authorship - p.authorship_centre)
        - p.quality_lost_to_strain * strain
        - p.quality_lost_to_substitution * substitution
    )


@rule
def incident_probability(substitution: float, clarity: float, p: Any) -> float:
    """Monthly chance of a professional incident: untrained people on core tasks (S0, S1)."""
    return logistic(
        p.incident_log_odds
        + p.incident_from_substitution * substitution
        - p.incident_from_ambiguity * (clarity - p.clarity_centre)
    )


@rule
def closing_probability(
    backing: float, quality: float, strain: float, empty: bool, p: Any
) -> float:
    """Monthly chance that an initiative closes; backing keeps it going."""
    return logistic(
        p.closing_log_odds
        - p.closing_backing * (backing - p.backing_centre)
        - p.closing_quality * (quality - p.quality_centre)
        + p.closing_strain * strain
        + (p.closing_empty if empty else 0.0)
    )


@rule
def opening_factor(
    route: int,
    capacity: float,
    dialogue: float,
    openness: float,
    rigidity: float,
    ownership: float,
    p: Any,
) -> float:
    """How instruments move the rate of starts by a route (six routes of KORA/SDU 2016).

    Municipal routes need staff capacity and give way to openness; dialogue starts what is talked
    about; local initiative needs openness, ownership and few rules.
    """
    if route == BY_DIALOGUE:
        return 2.0 * dialogue / (dialogue + p.dialogue_half_effect)
    if route == BY_LOCAL_ACTORS:
        invited = p.local_starts_base + p.starts_from_openness * openness
        owned = p.owned_starts_base + p.starts_from_ownership * ownership
        return invited * (1.0 - p.start_barrier_local * rigidity) * owned
    if route == BY_NATIONAL_ACTORS:
        invited = p.national_starts_base + p.starts_from_openness * openness
        return invited * (1.0 - p.start_barrier_national * rigidity)
    return capacity * (1.0 + p.municipal_starts_yield * (p.openness_centre - openness))


@rule
def poisson(u: float, mean: float) -> int:
    """The Poisson number at rank u in (0, 1), at most 50: rises with u and with the mean."""
    term = exponential(-mean)
    total = term
    count = 0
    while u > total and count < MOST_STARTS:
        count += 1
        term *= mean / count
        total += term
    return count


@kernel
def develop(initiatives: Any, volunteers: Any, now: Now, tally: Any) -> None:
    """Move quality and age of every running initiative; note incidents and empty teams."""
    p = now.p
    for k in range(len(initiatives)):
        ini = initiatives[k]
        if ini.running == 0:
            continue
        motivation = 0.0
        ownership = 0.0
        row = ini.first_volunteer
        while row != FREE:
            motivation += volunteers[row].motivation
            ownership += volunteers[row].ownership
            row = volunteers[row].next_in_team
        team = max(1, ini.volunteers)
        quality = quality_target(
            ownership / team,
            motivation / team,
            ini.effective_clarity,
            ini.authorship,
            ini.strain,
            ini.substitution,
            p,
        )
        ini.quality += p.quality_rate * (quality - ini.quality)
        ini.age_months += 1
        ini.idle_months = ini.idle_months + 1 if ini.volunteers == 0 else 0
        chance = incident_probability(ini.substitution, ini.effective_clarity, p)
        if uniform(now.key, INCIDENT, now.month, k) < chance:
            tally.incidents += 1.0
            ini.strain = 1.0


@kernel
def move_on(town: Any, people: People, now: Now, counts: Counts, k: int) -> None:
    """Volunteers of a closed initiative move to another, more often so within an association."""
    initiatives, volunteers = people.initiatives, people.volunteers
    at_risk, ended, tally = counts.at_risk, counts.ended, counts.tally
    key, month, p = now.key, now.month, now.p
    stay = p.transfer_affiliated if initiatives[k].affiliated == 1 else p.transfer_informal
    while initiatives[k].first_volunteer != FREE:
        row = initiatives[k].first_volunteer
        vol = volunteers[row]
        place = FREE
        if uniform(key, TRANSFER, month, vol.citizen) < stay:
            place = volunteer_place(initiatives, key, TRANSFER_PROBE, month, vol.citizen, p)
        if place != FREE:
            leave_team(people, row)
            join_team(people, row, place)
            vol.ownership *= p.transfer_ownership_kept
            ini = initiatives[place]
            vol.expected = newcomer_expectation(ini.promised, ini.influence, p)
            tally.transfers += 1.0
        else:
            count_ending(at_risk, ended, vol.tenure_months)
            tally.leaves += 1.0
            discharge(town, people, row)


@kernel
def draw_closing(initiatives: Any, now: Now, closing: Any) -> bool:
    """Note in closing, uint8 by slot, who closes this month; whether any does."""
    p = now.p
    some = False
    for k in range(len(initiatives)):
        ini = initiatives[k]
        if ini.running == 0:
            continue
        chance = closing_probability(ini.backing, ini.quality, ini.strain, ini.volunteers == 0, p)
        if (
            ini.idle_months >= p.idle_months_to_closing
            or uniform(now.key, CLOSING, now.month, k) < chance
        ):
            closing[k] = 1
            some = True
    return some


@kernel
def close(town: Any, people: People, now: Now, counts: Counts, closing: Any) -> None:
    """Close initiatives; participants lose their bond, volunteers move on or leave.

    closing: uint8, one value a slot, zero before and after.
    """
    initiatives, participations = people.initiatives, people.participations
    citizens = people.citizens
    tally, p = counts.tally, now.p
    if not draw_closing(initiatives, now, closing):
        return
    for row in range(town.participation_rows):
        part = participations[row]
        if part.citizen != FREE and closing[part.initiative] == 1:
            pair = initiatives[part.initiative].format == ONE_TO_ONE
            pain = 1.0 if pair else p.group_loss_share
            citizens.push[part.citizen] += pain * p.companion_loss_effect * part.bond
            tally.pairs_broken += 1.0
            dismiss(town, people, row)
    for k in range(len(initiatives)):
        if closing[k] == 1:
            initiatives[k].running = 0
            town.initiatives -= 1
            tally.closed += 1.0
    for k in range(len(initiatives)):
        if closing[k] == 1:
            closing[k] = 0
            move_on(town, people, now, counts, k)


@kernel
def open_one(initiatives: Any, dep: Any, now: Now, d: int, route: int, n: int) -> bool:
    """Open one initiative in the first free slot from a drawn one on; False when all are taken.

    d: number of the department `dep`; n: how many it has opened by the route this month.
    """
    key, month, p = now.key, now.month, now.p
    agent = d * ROUTE_COUNT + route + DEPARTMENT_COUNT * ROUTE_COUNT * n
    slots = len(initiatives)
    start = int(uniform(key, OPENING_SLOT, month, agent) * slots)
    for j in range(slots):
        k = (start + j) % slots
        ini = initiatives[k]
        if ini.running == 0:
            one_to_one = uniform(key, OPENING_FORMAT, month, agent) < p.one_to_one_share
            affiliated = uniform(key, OPENING_AFFILIATION, month, agent) < p.affiliated_share
            ini.running = 1
            ini.department = d
            ini.route = route
            ini.format = ONE_TO_ONE if one_to_one else GROUP
            ini.affiliated = 1 if affiliated else 0
            ini.age_months = 0
            ini.idle_months = 0
            ini.company = 0.0
            ini.company_wish = company_wish(uniform(key, OPENING_COMPANY, month, agent), p)
            ini.contact_hours = 0.0
            ini.clarity = dep.role_clarity
            ini.fit = p.fit_at_start
            ini.effective_clarity = ini.clarity * ini.fit
            ini.influence = own_say(route_influence(route, p), dep.rigidity, p)
            ini.promised = ini.influence
            ini.authorship = ini.influence
            ini.leeway = 1.0
            ini.substitution = 0.0
            ini.strain = 0.0
            ini.backing = p.backing_at_start
            ini.quality = p.quality_at_start
            ini.overload = 0.0
            ini.left = 0
            ini.left_before = 0
            return True
    return False


@kernel
def open_new(town: Any, office: Office, initiatives: Any, now: Now, tally: Any) -> None:
    """Start new initiatives by the six routes, and remember how many by each."""
    departments, attitude = office.departments, office.attitude
    shock, month, p = now.shock, now.month, now.p
    room = 1.0 - town.initiatives / max(1, len(initiatives))
    scale = town.adults / 1000.0 / YEAR / len(departments) * room * shock.demand_factor
    for d in range(len(departments)):
        dep = departments[d]
        for route in range(ROUTE_COUNT):
            factor = opening_factor(
                route,
                town.capacity,
                dep.enacted_dialogue,
                dep.openness,
                dep.rigidity,
                town.mean_ownership,
                p,
            )
            mean = scale * opening_rate(route, p) * factor * attitude[d, route]
            count = poisson(uniform(now.key, OPENING, month, d * ROUTE_COUNT + route), mean)
            opened = 0
            for n in range(count):
                if open_one(initiatives, dep, now, d, route, n):
                    opened += 1
            office.route_starts[d, month % REMEMBERED_MONTHS, route] = opened
            town.initiatives += opened
            tally.opened += opened
            tally.opened_by_municipality += opened if route in MUNICIPAL_ROUTES else 0
