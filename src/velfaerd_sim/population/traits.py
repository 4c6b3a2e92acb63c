"""What comes with a person, a route or a format, as small rules over the parameters."""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import rule
from velfaerd_sim.curves import clip, exponential, logarithm
from velfaerd_sim.population.schema import (
    AGE_16_24,
    AGE_25_34,
    AGE_35_44,
    AGE_45_54,
    AGE_55_64,
    AGE_65_74,
    AGE_75_84,
    BY_DIALOGUE,
    BY_INVITATION,
    BY_LOCAL_ACTORS,
    BY_RECRUITMENT,
    BY_USERS,
    ONE_TO_ONE,
)
from velfaerd_sim.randomness import LANES, TRAIT_TOLERANCE, TRAIT_WEIGHTS, Key, uniform, unit, words


@rule
def set_point_mean(band: Any, p: Any) -> float:
    """Mean loneliness set point of an age band (0 for 16-24 up to 7 for 85+), from the parameters.

    A shallow U over the life course: Mund et al. 2020, doi 10.1177/1088868319850738.
    """
    if band == AGE_16_24:
        return p.set_point_16_24
    if band == AGE_25_34:
        return p.set_point_25_34
    if band == AGE_35_44:
        return p.set_point_35_44
    if band == AGE_45_54:
        return p.set_point_45_54
    if band == AGE_55_64:
        return p.set_point_55_64
    if band == AGE_65_74:
        return p.set_point_65_74
    if band == AGE_75_84:
        return p.set_point_75_84
    return p.set_point_85_plus


@rule
def route_influence(route: int, p: Any) -> float:
    """Say that comes with the way an initiative began (the six routes of KORA/SDU 2016)."""
    if route == BY_INVITATION:
        return p.influence_invited_organisations
    if route == BY_RECRUITMENT:
        return p.influence_recruited_individuals
    if route == BY_DIALOGUE:
        return p.influence_dialogue
    if route == BY_USERS:
        return p.influence_users
    if route == BY_LOCAL_ACTORS:
        return p.influence_local_actors
    return p.influence_national_actors


@rule
def hours_needed(form: int, p: Any) -> float:
    """Volunteer hours a month that one participant takes in a one-to-one or a group format."""
    return p.hours_per_companion if form == ONE_TO_ONE else p.hours_per_group_member


@rule
def volunteer_places(backing: float, p: Any) -> float:
    """Places for volunteers: all of them from half of full backing on, fewer below."""
    return p.volunteers_per_initiative * clip(1.0 - p.places_from_backing * (1.0 - 2.0 * backing))


@rule
def need_weights(key: Key, person: int) -> tuple[float, float, float]:
    """A person's weights on autonomy, competence and relatedness: Dirichlet(2, 2, 2), sum 1.

    Each is the sum of two exponential numbers over the total of six. They are keyed by the person
    alone, so a person who volunteers twice is the same person.
    """
    a, b, c, d = words(key, TRAIT_WEIGHTS, 0, person)
    e, f, _, _ = words(key, TRAIT_WEIGHTS + LANES, 0, person)
    autonomy = -logarithm(unit(a)) - logarithm(unit(b))
    competence = -logarithm(unit(c)) - logarithm(unit(d))
    relatedness = -logarithm(unit(e)) - logarithm(unit(f))
    total = autonomy + competence + relatedness
    return autonomy / total, competence / total, relatedness / total


@rule
def tolerance_rank(key: Key, person: int) -> float:
    """A person's rank in tolerance of bureaucracy, uniform in (0, 1)."""
    return uniform(key, TRAIT_TOLERANCE, 0, person)


@rule
def opening_rate(route: int, p: Any) -> float:
    """Starts a year per 1 000 adults by a route, before instruments act."""
    if route == BY_INVITATION:
        return p.opening_invited_organisations
    if route == BY_RECRUITMENT:
        return p.opening_recruited_individuals
    if route == BY_DIALOGUE:
        return p.opening_dialogue
    if route == BY_USERS:
        return p.opening_users
    if route == BY_LOCAL_ACTORS:
        return p.opening_local_actors
    return p.opening_national_actors


@rule
def attitude_to_route(z: float, spread: float) -> float:
    """How fond a head is of a route: a factor of mean about 1, log-normal where z is normal."""
    return exponential(spread * z - spread * spread / 2.0)
