"""Agreements: clarity, fit, influence, substitution, strain and backing of each initiative.

Reads   town.mean_concern, pressure, capacity, served_first; departments.rigidity, role_clarity,
        dialogue, influence, recognition, boundary_protection, promise_kept, enacted_dialogue,
        attention; initiatives.running, department, route, format, age_months, participants,
        company, contact_hours, clarity, fit, effective_clarity, influence, promised, authorship,
        substitution, strain; the month's contact_factor
Writes  town.mean_substitution, mean_strain, mean_clarity; initiatives.clarity, fit,
        effective_clarity, influence, promised, authorship, leeway, substitution, strain, backing,
        overload
Draws   STRAIN (one an initiative and month)
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip, logistic
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population.bundles import Now
from velfaerd_sim.population.traits import (
    dialogue_at_work,
    hours_needed,
    influence_pace,
    own_say,
    route_influence,
)
from velfaerd_sim.randomness import STRAIN, uniform


@rule
def fit_change(fit: float, dialogue: float, clarity: float, drift: float, p: Any) -> float:
    """Monthly change of fit: work drifts away from the agreement, talking and review restore it.

    Written agreements age, living ones do not (S0).
    """
    restored = p.fit_from_dialogue * dialogue + p.fit_from_review * clarity
    return restored * (1.0 - fit) - drift * fit


@rule
def clarity_target(announced: float, capacity: float, dialogue: float, p: Any) -> float:
    """Clarity that the municipality's preparation and the talks lead to (S1, S4)."""
    prepared = announced * (1.0 - p.clarity_lost_to_overload * (1.0 - capacity))
    return clip(prepared + p.clarity_from_dialogue * dialogue)


@rule
def influence_target(own: float, announced: float, kept: float) -> float:
    """Say that is reached: the volunteers' own, and the share that is kept of what goes beyond it.

    Announced and reached stand on one scale: where all is kept, what is announced is reached.
    """
    return own + kept * max(0.0, announced - own)


@rule
def fit_of_roles(authorship: float, p: Any) -> float:
    """Fit of new roles: those who know the problem from life help to describe the work (S3)."""
    return clip(p.fit_at_start + p.fit_from_definition * (authorship - p.authorship_centre))


@rule
def leeway_left(clarity: float, authorship: float, rigidity: float, p: Any) -> float:
    """Closeness, flexibility and openness that are left (S0).

    Roles written without the volunteers and rigid rules narrow what they may do.
    """
    narrowed = p.leeway_lost_to_roles * clarity * (1.0 - authorship)
    return clip(1.0 - narrowed - p.leeway_lost_to_rules * rigidity)


@rule
def substitution_level(pressure: float, boundary_protection: float, clarity: float) -> float:
    """Volunteers on core tasks: by pressure, unprotected boundary, unclear roles (S1, S4)."""
    return pressure * (1.0 - boundary_protection) * (1.0 - clarity)


@rule
def strain_probability(
    clarity: float, substitution: float, concern: float, dialogue: float, p: Any
) -> float:
    """Monthly chance of an event that strains the collaboration.

    Ambiguity of roles strains (Allen & Mueller 2013); so does work on the profession's ground.
    """
    return logistic(
        p.strain_log_odds
        - p.strain_from_ambiguity * (clarity - p.clarity_centre)
        + p.strain_from_substitution * substitution * (p.strain_without_concern + concern)
        - p.strain_relief_by_dialogue * dialogue
    )


@rule
def strain_memory(strain: float, happened: bool, p: Any) -> float:
    """Strain after the month: a share of what was there lasts, an event brings it to the full."""
    return 1.0 if happened else p.strain_persistence * strain


@rule
def backing_given(served: float, attention: float, recognition: float, p: Any) -> float:
    """Premises, small grants and a known contact person, in so far as hours are served."""
    share = p.backing_from_recognition
    return served * attention * ((1.0 - share) + share * recognition)


@rule
def overload_level(
    participants: float, needed: float, hours: float, substitution: float, p: Any
) -> float:
    """Load above the hours there are, and tasks that are not the volunteers' own.

    Where a shock suspends contact, `needed` is suspended with the hours.
    """
    load = participants * needed / hours if hours > 0.0 else 0.0
    return clip(max(0.0, load - 1.0) + p.overload_from_substitution * substitution)


@kernel
def say_in_reach(ini: Any, dep: Any, phase: float, p: Any) -> float:
    """Say that can be lived in a phase of the work, of which `phase` is the share offered."""
    own = own_say(route_influence(ini.route, p), dep.rigidity, p)
    return influence_target(own, dep.influence * phase, dep.promise_kept)


@kernel
def share_influence(
    ini: Any, announced: float, reached: float, said: float, held: float, p: Any
) -> None:
    """Move what is promised by now, and what is lived, by a month.

    said, held: announced dialogue, and dialogue that takes place. A promise is kept where the say
    comes as fast as was said: with no gap, hours enough and full skill it is, in every month.
    """
    ini.promised += influence_pace(said, p) * (announced - ini.promised)
    ini.influence += influence_pace(held, p) * (reached - ini.influence)


@kernel
def write_roles(town: Any, dep: Any, ini: Any, p: Any) -> None:
    """Write the roles of a new initiative, and hold the talks that come before its start.

    A share of the first year's dialogue may be held before: the months that it makes up move
    clarity, fit and influence, lived and promised, before the first month of work.
    """
    dialogue = dep.enacted_dialogue
    announced = dep.influence * p.influence_at_definition
    ini.authorship = say_in_reach(ini, dep, p.influence_at_definition, p)
    ini.fit = fit_of_roles(ini.authorship, p)
    clarity = clarity_target(dep.role_clarity, town.capacity, dialogue, p)
    for _ in range(int(YEAR * p.dialogue_before_start_share + 0.5)):
        ini.fit = clip(ini.fit + fit_change(ini.fit, dialogue, ini.clarity, 0.0, p))
        ini.clarity += p.clarity_rate * (clarity - ini.clarity)
        share_influence(ini, announced, ini.authorship, dep.dialogue, dialogue, p)


@kernel
def renew(town: Any, dep: Any, ini: Any, contact_factor: float, p: Any) -> None:
    """Move the state of one agreement by a month, without its strain."""
    if ini.age_months == 0:
        write_roles(town, dep, ini, p)
    dialogue = dialogue_at_work(dep.enacted_dialogue, ini.age_months, p)
    ini.fit = clip(ini.fit + fit_change(ini.fit, dialogue, ini.clarity, p.drift_rate, p))
    clarity = clarity_target(dep.role_clarity, town.capacity, dialogue, p)
    ini.clarity += p.clarity_rate * (clarity - ini.clarity)
    ini.effective_clarity = ini.clarity * ini.fit
    announced = dep.influence * p.influence_at_delivery
    reached = say_in_reach(ini, dep, p.influence_at_delivery, p)
    said = dialogue_at_work(dep.dialogue, ini.age_months, p)
    share_influence(ini, announced, reached, said, dialogue, p)
    ini.authorship += p.roles_rewritten_rate * (ini.influence - ini.authorship)
    ini.leeway = leeway_left(ini.clarity, ini.authorship, dep.rigidity, p)
    ini.substitution = substitution_level(
        town.pressure, dep.boundary_protection, ini.effective_clarity
    )
    ini.backing = backing_given(town.served_first, dep.attention, dep.recognition, p)
    needed = hours_needed(ini.format, p) * contact_factor
    load = ini.participants + ini.company
    ini.overload = overload_level(load, needed, ini.contact_hours, ini.substitution, p)


@kernel
def step(town: Any, departments: Any, initiatives: Any, now: Now) -> None:
    """Move every running initiative's agreement by a month."""
    p = now.p
    running = 0
    substitution = 0.0
    strain = 0.0
    clarity = 0.0
    for k in range(len(initiatives)):
        ini = initiatives[k]
        if ini.running == 1:
            dep = departments[ini.department]
            renew(town, dep, ini, now.shock.contact_factor, p)
            chance = strain_probability(
                ini.effective_clarity,
                ini.substitution,
                town.mean_concern,
                dialogue_at_work(dep.enacted_dialogue, ini.age_months, p),
                p,
            )
            ini.strain = strain_memory(
                ini.strain, uniform(now.key, STRAIN, now.month, k) < chance, p
            )
            running += 1
            substitution += ini.substitution
            strain += ini.strain
            clarity += ini.effective_clarity
    count = max(1, running)
    town.mean_substitution = substitution / count
    town.mean_strain = strain / count
    town.mean_clarity = clarity / count
