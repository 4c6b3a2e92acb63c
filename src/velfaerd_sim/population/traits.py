"""What comes with a person, a route or a format, as small rules over the parameters."""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import rule
from velfaerd_sim.curves import clip, exponential, logarithm
from velfaerd_sim.inputs.regimes import YEAR
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
from velfaerd_sim.randomness import (
    LANES,
    TRAIT_HOURS,
    TRAIT_NEEDS,
    TRAIT_TOLERANCE,
    TRAIT_WEIGHTS,
    Key,
    centred,
    nearly_normal,
    uniform,
    unit,
    words,
)

TINY = 1e-9
"""Added to a sum of rates that may be 0, before something is divided by it."""


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
def own_say(base: float, rigidity: float, p: Any) -> float:
    """Say that the way it began leaves the volunteers under the rules, whatever is announced."""
    return clip(base - p.influence_lost_to_rules * rigidity)


@rule
def influence_phase(age_months: int, p: Any) -> float:
    """Share of the announced say that is offered: in the first month roles are defined (S3)."""
    return p.influence_at_definition if age_months == 0 else p.influence_at_delivery


@rule
def dialogue_at_work(dialogue: float, age_months: int, p: Any) -> float:
    """Dialogue in an initiative's month: in its first year less what was held before it started."""
    if age_months < YEAR:
        return dialogue * (1.0 - p.dialogue_before_start_share)
    return dialogue


@rule
def influence_pace(dialogue: float, p: Any) -> float:
    """Share of the way to a say that a month brings: faster the more is talked (S3).

    At `dialogue_half_effect` the pace is `influence_rate`.
    """
    share = p.influence_pace_from_dialogue
    talked = 2.0 * dialogue / (dialogue + p.dialogue_half_effect)
    return p.influence_rate * ((1.0 - share) + share * talked)


@rule
def newcomer_expectation(promised: float, lived: float, p: Any) -> float:
    """Say that a newcomer expects: what was promised, and what the others of the team live."""
    heard = p.expectation_from_others
    return (1.0 - heard) * promised + heard * lived


@rule
def hours_needed(form: int, p: Any) -> float:
    """Volunteer hours a month that one participant takes in a one-to-one or a group format."""
    return p.hours_per_companion if form == ONE_TO_ONE else p.hours_per_group_member


@rule
def company_wish(u: float, p: Any) -> float:
    """Persons who would come for company if there were hours: exponential, so few draw many.

    u: rank of the initiative in (0, 1).
    """
    return -p.company_wished * logarithm(u)


@rule
def hours_left(participants: float, company: float, needed: float, hours: float) -> float:
    """Hours a month that an initiative has beyond what those who take part need; may be negative.

    needed: by one of them, lonely or company.
    """
    return hours - (participants + company) * needed


@rule
def volunteer_places(backing: float, p: Any) -> float:
    """Places for volunteers: all of them from half of full backing on, fewer below."""
    return p.volunteers_per_initiative * clip(1.0 - p.places_from_backing * (1.0 - 2.0 * backing))


@rule
def need_weights(key: Key, person: int, entered: int, p: Any) -> tuple[float, float, float]:
    """A person's weights on autonomy, competence and relatedness, sum 1.

    Each is the sum of two exponential numbers over the total of six, Dirichlet(2, 2, 2), where
    the parameters weigh the needs alike. They are keyed by the person
    alone (row and month of entry), so a person who volunteers twice is the same person.
    """
    a, b, c, d = words(key, TRAIT_WEIGHTS, entered, person)
    e, f, _, _ = words(key, TRAIT_WEIGHTS + LANES, entered, person)
    autonomy = p.autonomy_weight * (-logarithm(unit(a)) - logarithm(unit(b)))
    competence = p.competence_weight * (-logarithm(unit(c)) - logarithm(unit(d)))
    relatedness = -logarithm(unit(e)) - logarithm(unit(f))
    total = autonomy + competence + relatedness
    return autonomy / total, competence / total, relatedness / total


@rule
def tolerance_rank(key: Key, person: int, entered: int) -> float:
    """A person's rank in tolerance of bureaucracy, uniform in (0, 1)."""
    return uniform(key, TRAIT_TOLERANCE, entered, person)


@rule
def need_traits(key: Key, person: int, entered: int) -> tuple[float, float, float]:
    """How far a person is above or below others in each need, in standard deviations.

    Triangular numbers of mean 0, in the order autonomy, competence, relatedness.
    """
    _, autonomy, competence, relatedness = words(key, TRAIT_NEEDS, entered, person)
    return centred(autonomy), centred(competence), centred(relatedness)


@rule
def hours_trait(key: Key, person: int, entered: int, spread: float) -> float:
    """A person's hours over those of a mean volunteer: log-normal, so few give much."""
    _, _, one, other = words(key, TRAIT_HOURS, entered, person)
    return log_normal(nearly_normal(one, other), spread)


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
def log_normal(z: float, spread: float) -> float:
    """A factor of mean about 1, log-normal where z is normal; exactly 1 where spread is 0."""
    return exponential(spread * z - spread * spread / 2.0)
