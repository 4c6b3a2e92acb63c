"""The twin's volunteers: they leave, join and feel, all at the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.analysis.twin.state import Twin
from velfaerd_sim.compiled import kernel
from velfaerd_sim.curves import clip
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population import schema
from velfaerd_sim.population.schema import ROUTE_COUNT
from velfaerd_sim.population.traits import hours_needed, volunteer_places
from velfaerd_sim.processes import initiatives, matching, volunteering

TENURES = 60
"""Months of tenure that the mean chance of leaving is taken over."""


@kernel
def chance_of_leaving(vol: Any, ini: Any, dep: Any, tenure: float, left: float, p: Any) -> float:
    """Monthly chance of leaving at a tenure, over those who feel bureaucracy and those who do not.

    left: chance that somebody left the team the month before.
    """
    total = 0.0
    friends = volunteering.friends_felt(vol.friends, p)
    for felt in range(2):
        for before in range(2):
            share = dep.felt_bureaucracy if felt == 1 else 1.0 - dep.felt_bureaucracy
            share *= left if before == 1 else 1.0 - left
            total += share * volunteering.leaving_probability(
                vol.motivation,
                vol.controlled_motivation,
                vol.exhaustion,
                vol.ownership,
                ini.strain,
                1.0 * felt,
                int(tenure),
                friends,
                1.0 * before,
                dep.rigidity,
                dep.training,
                p,
            )
    return total


@kernel
def tenures(
    vol: Any, ini: Any, dep: Any, left: float, closed: float, p: Any
) -> tuple[float, float, float]:
    """Of a stock that renews itself: mean chance of leaving, share who stay 12 months, mean tenure.

    The share who stay is of those who join, as Kaplan and Meier have it; it counts those too whose
    initiative closes, of which closed is the share a month.
    """
    alive, stock, leaving, months, stays = 1.0, 0.0, 0.0, 0.0, 0.0
    for tenure in range(TENURES):
        if tenure == YEAR:
            stays = alive
        chance = chance_of_leaving(vol, ini, dep, 1.0 * tenure, left, p)
        stock += alive
        leaving += alive * chance
        months += alive * tenure
        alive *= (1.0 - chance) * (1.0 - closed)
    # those who stay longer go on leaving as at the last tenure
    last = chance_of_leaving(vol, ini, dep, 1.0 * TENURES, left, p)
    ending = max(1e-9, 1.0 - (1.0 - last) * (1.0 - closed))
    rest = alive / ending
    leaving += rest * last
    months += rest * (TENURES + 1.0 / ending)
    return leaving / (stock + rest), stays, months / (stock + rest)


@kernel
def volunteer(twin: Twin, slots: float, p: Any) -> float:
    """Move volunteers by a month, and their numbers; the share of joiners who stay 12 months."""
    town, dep = twin.town[0], twin.department[0]
    members, stays, asked = 0.0, 0.0, 0.0
    for r in range(ROUTE_COUNT):
        members += twin.members[r]
    for r in range(ROUTE_COUNT):
        ini, vol = twin.initiatives[r], twin.volunteers[r]
        team = twin.members[r] / max(1e-9, twin.running[r])
        ini.volunteers = team
        vol.friends = p.mean_ties * members / 1000.0
        hours = team * vol.contact_hours
        needed = mean_hours_needed(p)
        taking_part = hours / needed  # company takes what hours are left
        contact = clip(taking_part / max(1.0, team))
        ini.overload = clip(p.overload_from_substitution * ini.substitution)
        volunteering.feel(vol, ini, dep, contact, 1.0, p)
        ini.quality += p.quality_rate * (quality_aimed_at(ini, vol, p) - ini.quality)
        left = 1.0 - (1.0 - ini.left_before) ** max(0.0, team - 1.0)
        chance, staying, months = tenures(vol, ini, dep, left, twin.closed[r], p)
        ini.left_before = chance
        vol.tenure_months = months
        stays += twin.members[r] / max(1e-9, members) * staying
        asked += twin.members[r] * matching.asking(vol.motivation, p)
        twin.members[r] *= 1.0 - chance
    base = matching.recruitment_base(dep.rigidity, 1.0, p)
    looking = matching.recruitment_chance(
        base,
        p.mean_ties * asked / 1000.0,
        p.initial_mean_loneliness,
        p.asking_effect,
        p.lonely_stay_away,
    )
    looking *= max(0.0, 1000.0 - members)
    join(twin, looking, slots, p)
    town.volunteers = members
    return stays


@kernel
def mean_hours_needed(p: Any) -> float:
    """Volunteer hours that one who takes part needs, over both formats."""
    pair = hours_needed(schema.ONE_TO_ONE, p)
    return p.one_to_one_share * pair + (1.0 - p.one_to_one_share) * hours_needed(schema.GROUP, p)


@kernel
def quality_aimed_at(ini: Any, vol: Any, p: Any) -> float:
    """Quality that a mean team works towards: see `initiatives.develop`."""
    return initiatives.quality_target(
        vol.ownership,
        vol.motivation,
        ini.effective_clarity,
        ini.authorship,
        ini.strain,
        ini.substitution,
        p,
    )


@kernel
def filled(twin: Twin, r: int, p: Any) -> float:
    """Share of the places for volunteers of a route that are taken, at most 1."""
    places = volunteer_places(twin.initiatives[r].backing, p) * twin.running[r]
    return min(1.0, twin.members[r] / max(1e-9, places))


@kernel
def join(twin: Twin, looking: float, slots: float, p: Any) -> None:
    """Let those who look for a place find one, and start as a newcomer does: see `enrol`.

    A person looks at a few slots; one has a place where an initiative runs and its team, filled at
    random to the mean share, is not full.
    """
    total = 0.0
    free = np.zeros(ROUTE_COUNT)
    for r in range(ROUTE_COUNT):
        places = volunteer_places(twin.initiatives[r].backing, p)
        free[r] = twin.running[r] * (1.0 - filled(twin, r, p) ** max(1.0, places))
        total += free[r]
    found = looking * (1.0 - (1.0 - min(1.0, total / slots)) ** p.places_looked_at)
    means = means_of_volunteers(twin)
    for r in range(ROUTE_COUNT):
        joined = found * free[r] / max(1e-9, total)
        share = joined / max(1e-9, twin.members[r] + joined)
        twin.members[r] += joined
        newcomer(twin.volunteers[r], twin.initiatives[r], means, share, p)


@kernel
def means_of_volunteers(twin: Twin) -> Any:
    """Mean autonomy, competence and relatedness over all volunteers, float64 (3,)."""
    found, count = np.zeros(3), 0.0
    for r in range(ROUTE_COUNT):
        vol, n = twin.volunteers[r], twin.members[r]
        found[0] += n * vol.autonomy
        found[1] += n * vol.competence
        found[2] += n * vol.relatedness
        count += n
    return found / max(1e-9, count)


@kernel
def newcomer(vol: Any, ini: Any, means: Any, share: float, p: Any) -> None:
    """Mix newcomers into the mean volunteer; share: of them."""
    start = (
        vol.weight_autonomy * means[0]
        + vol.weight_competence * means[1]
        + vol.weight_relatedness * means[2]
    )
    vol.autonomy += share * (means[0] - vol.autonomy)
    vol.competence += share * (means[1] - vol.competence)
    vol.relatedness += share * (means[2] - vol.relatedness)
    vol.motivation += share * (start - vol.motivation)
    vol.controlled_motivation += share * (p.controlled_base - vol.controlled_motivation)
    vol.ownership += share * (p.newcomer_ownership_share * ini.influence - vol.ownership)
    vol.exhaustion += share * (0.0 - vol.exhaustion)
