"""Staff hours: what is asked, what is served, and how much dialogue takes place.

Reads   town.adults, hours_level, mean_skill, mean_substitution, capacity, served_first,
        served_dialogue;
        departments.rigidity, role_clarity, dialogue, influence, openness, espoused_gap,
        promise_kept, attention; staff.vacant_months; initiatives.running, department, route,
        age_months; announced instruments and those of the status quo; records.policy_shift; the
        month's hours_factor, demand_factor
Writes  town.entry_barrier, open_door, pressure, capacity, served_first, served_dialogue,
        hours_contact, hours_rules, hours_agreements, hours_dialogue; departments.rigidity,
        role_clarity, dialogue, influence, recognition, boundary_protection, openness, training,
        espoused_gap, promise_kept, enacted_dialogue, administration, felt_bureaucracy, attention
Draws   none
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, logistic
from velfaerd_sim.inputs.regimes import (
    BOUNDARY_PROTECTION,
    DIALOGUE,
    INFLUENCE,
    OPENNESS,
    RECOGNITION,
    RIGIDITY,
    ROLE_CLARITY,
    TRAINING,
)
from velfaerd_sim.population.bundles import Instruments, Now, Office
from velfaerd_sim.population.schema import INSTRUMENT_COUNT
from velfaerd_sim.population.traits import influence_phase, own_say, route_influence


@rule
def in_force(status_quo: float, announced: float, shift: float, strength: float) -> float:
    """Instrument in force: the status quo plus `strength` times the way from it to the regime.

    `shift` is the municipality's own deviation. Strength 0 makes all regimes alike.
    """
    return clip(status_quo + strength * (clip(announced + shift) - status_quo))


@rule
def contact_attention(rigidity: float, clarity: float, dialogue: float) -> float:
    """Chance that a known contact person exists: any governing activity brings one."""
    return 1.0 - (1.0 - rigidity) * (1.0 - clarity) * (1.0 - dialogue)


@rule
def administration_share(rigidity: float, p: Any) -> float:
    """Share of a volunteer's hours that goes to forms and reports instead of people."""
    return clip(p.administration_by_rules * rigidity)


@rule
def navigation_hours(spread: float, p: Any) -> float:
    """Hours a month per initiative that go to finding one's way between ways of governing (S2)."""
    return p.navigation_hours_asked * spread


@rule
def felt_bureaucracy_share(rigidity: float, p: Any) -> float:
    """Share of volunteers who find the setting too bureaucratic (about a quarter: NCVO 2018)."""
    return logistic(p.bureaucracy_log_odds + p.bureaucracy_from_rules * rigidity)


@rule
def influence_hours(announced: float, own: float, gap: float, p: Any) -> float:
    """Hours a month per initiative for a say that is meant, above the volunteers' own say.

    The less an initiative's origin gave its volunteers, the dearer the same say (S3; size:
    assumption).
    """
    return p.influence_hours_asked * max(0.0, announced - own) * (1.0 - gap)


@rule
def promise_kept(gap: float, served: float, skill: float, p: Any) -> float:
    """Share of what is promised that takes place: meant, served with hours and done with skill.

    Facilitation is a skill that is slow to build (S2); an unskilled hour is worth less.
    """
    share = p.dialogue_from_skill
    return (1.0 - gap) * served * ((1.0 - share) + share * skill)


@rule
def resource_pressure(base: float, demand: float, capacity: float, weight: float) -> float:
    """Pressure on the municipality's own services: a base, demand, and a lack of hours."""
    return clip(base * demand + weight * (1.0 - capacity))


@rule
def relief_share(substitution: float, p: Any) -> float:
    """Hours that substitution sets free, as a share of those that there are.

    Negative where volunteers on core tasks make work for staff instead of taking it.
    """
    return p.substitution_relief * substitution


@rule
def hours_of_staff(filled: float, adults: int, p: Any) -> float:
    """Hours a month that staff have for collaboration, by the share of posts that are filled."""
    return p.hours_per_1000 * adults / 1000.0 * filled


@kernel
def announce(departments: Any, shift: Any, instruments: Instruments, p: Any) -> None:
    """Put the month's announced instruments in force in each department."""
    s = p.governance_strength
    for d in range(len(departments)):
        now, then, dep = instruments.announced[d], instruments.status_quo[d], departments[d]
        dep.rigidity = in_force(then.rigidity, now.rigidity, shift[RIGIDITY], s)
        dep.role_clarity = in_force(then.role_clarity, now.role_clarity, shift[ROLE_CLARITY], s)
        dep.dialogue = in_force(then.dialogue, now.dialogue, shift[DIALOGUE], s)
        dep.influence = in_force(then.influence, now.influence, shift[INFLUENCE], s)
        dep.recognition = in_force(then.recognition, now.recognition, shift[RECOGNITION], s)
        dep.boundary_protection = in_force(
            then.boundary_protection, now.boundary_protection, shift[BOUNDARY_PROTECTION], s
        )
        dep.openness = in_force(then.openness, now.openness, shift[OPENNESS], s)
        dep.training = in_force(then.training, now.training, shift[TRAINING], s)
        dep.espoused_gap = in_force(then.espoused_gap, now.espoused_gap, 0.0, s)
        dep.administration = administration_share(dep.rigidity, p)
        dep.felt_bureaucracy = felt_bureaucracy_share(dep.rigidity, p)
        dep.attention = contact_attention(dep.rigidity, dep.role_clarity, dep.dialogue)


@kernel
def governed_apart(one: Any, other: Any) -> float:
    """How differently two departments are governed: mean absolute difference of instruments."""
    return (
        abs(one.rigidity - other.rigidity)
        + abs(one.role_clarity - other.role_clarity)
        + abs(one.dialogue - other.dialogue)
        + abs(one.influence - other.influence)
        + abs(one.recognition - other.recognition)
        + abs(one.boundary_protection - other.boundary_protection)
        + abs(one.openness - other.openness)
        + abs(one.training - other.training)
    ) / INSTRUMENT_COUNT


@kernel
def spread_of_governance(departments: Any) -> float:
    """How differently departments are governed: mean over pairs of them, exactly 0 when alike."""
    total = 0.0
    pairs = 0
    for d in range(len(departments)):
        for e in range(d):
            total += governed_apart(departments[e], departments[d])
            pairs += 1
    return total / max(1, pairs)


@kernel
def available_hours(town: Any, staff: Any, shock: Any, p: Any) -> float:
    """Hours for collaboration this month: those of the posts that are filled, and the relief.

    The municipality has so many hours for its adults; its posts carry them in equal parts, and
    substitution sets more free.
    """
    posts = 0
    for s in range(len(staff)):
        if staff[s].vacant_months == 0:
            posts += 1
    hours = hours_of_staff(posts / len(staff), town.adults, p) * town.hours_level
    return hours * shock.hours_factor * (1.0 + relief_share(town.mean_substitution, p))


@kernel
def asked_hours(departments: Any, initiatives: Any, p: Any) -> tuple[float, float, float, float]:
    """Hours that initiatives ask for: contact, rules, agreements, dialogue."""
    navigation = navigation_hours(spread_of_governance(departments), p)
    contact = 0.0
    rules = 0.0
    agreements = 0.0
    dialogue = 0.0
    for k in range(len(initiatives)):
        if initiatives[k].running == 1:
            dep = departments[initiatives[k].department]
            contact += p.contact_hours_asked * dep.attention
            rules += p.rules_hours_asked * dep.rigidity
            agreements += p.agreement_hours_asked * dep.role_clarity + navigation
            own = own_say(route_influence(initiatives[k].route, p), dep.rigidity, p)
            phase = influence_phase(initiatives[k].age_months, p)
            asked = p.dialogue_hours_asked * dep.dialogue * (1.0 - dep.espoused_gap)
            dialogue += asked + influence_hours(dep.influence * phase, own, dep.espoused_gap, p)
    return contact, rules, agreements, dialogue


@kernel
def step(town: Any, office: Office, initiatives: Any, instruments: Instruments, now: Now) -> None:
    """Serve contact, rules and agreements first; dialogue gets what is left."""
    departments, shock, p = office.departments, now.shock, now.p
    announce(departments, office.policy_shift, instruments, p)
    contact, rules, agreements, dialogue = asked_hours(departments, initiatives, p)
    hours = available_hours(town, office.staff, shock, p)
    first = contact + rules + agreements
    town.served_first = min(1.0, hours / first) if first > 0.0 else 1.0
    left = max(0.0, hours - first)
    town.served_dialogue = min(1.0, left / dialogue) if dialogue > 0.0 else 1.0
    asked = first + dialogue
    town.capacity = min(1.0, hours / asked) if asked > 0.0 else 1.0
    town.hours_contact = contact * town.served_first
    town.hours_rules = rules * town.served_first
    town.hours_agreements = agreements * town.served_first
    town.hours_dialogue = dialogue * town.served_dialogue
    town.pressure = resource_pressure(
        p.base_pressure, shock.demand_factor, town.capacity, p.capacity_pressure
    )
    barrier = 0.0
    door = 0.0
    for d in range(len(departments)):
        dep = departments[d]
        dep.promise_kept = promise_kept(dep.espoused_gap, town.served_dialogue, town.mean_skill, p)
        dep.enacted_dialogue = dep.dialogue * dep.promise_kept
        barrier += dep.rigidity
        door += dep.openness * (1.0 - p.door_closed_by_rules * dep.rigidity)
    town.entry_barrier = barrier / len(departments)
    town.open_door = door / len(departments)
