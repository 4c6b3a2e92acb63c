"""Loneliness: how a citizen's loneliness moves in a month.

Reads   town.volunteer_rows, participation_rows; initiatives.format, participants, company,
        contact_hours, leeway; volunteers.citizen, relatedness; participations.citizen, initiative,
        bond, comfort; citizens.set_point, ties_gained, push; loneliness of last month; ties; the
        month's loneliness_push
Writes  participations.bond, comfort; citizens.loneliness, ties_gained, push
Draws   MOOD, LIFE_EVENT (one each a citizen and month)

Updates are synchronous: everyone sees last month's loneliness of the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.curves import clip
from velfaerd_sim.population.bundles import Now, People
from velfaerd_sim.population.schema import FREE, ONE_TO_ONE, Citizens, Ties
from velfaerd_sim.population.traits import hours_needed
from velfaerd_sim.randomness import LIFE_EVENT, MOOD, centred, unit

UNITS = 2.0**24
"""Whole units in which loneliness of ties is summed."""


@rule
def pull_to_set_point(
    loneliness: float, set_point: float, ties_gained: float, rate: float
) -> float:
    """Drift toward the person's own level, a month.

    Loneliness is about as stable as personality (Mund et al. 2020); ties gained lower the level.
    """
    return rate * (max(0.0, set_point - ties_gained) - loneliness)


@rule
def pull_of_ties(mean_of_ties: float, mean_of_all: float, strength: float) -> float:
    """Contagion along ties, a month; contested, so it may be zero (Cacioppo et al. 2009).

    mean_of_all: over all ties of the municipality, so that contagion by itself moves nothing on
    the whole.
    """
    return strength * (mean_of_ties - mean_of_all)


@rule
def room_left(gained: float, ceiling: float) -> float:
    """Share of an effect that is left before its ceiling; a ceiling of 1 is none (assumption)."""
    return 1.0 if ceiling >= 1.0 else clip(1.0 - gained / ceiling)


@rule
def regular_hours(hours_share: float, regularity: float) -> float:
    """Share of the hours asked, as far as it comforts: rare contact does less than in proportion.

    Assumption; with a regularity of 0 comfort is in proportion to the hours.
    """
    return hours_share * (1.0 - regularity * (1.0 - hours_share))


@rule
def comfort_of_contact(
    bond: float, hours_share: float, leeway: float, room: float, group: bool, p: Any
) -> float:
    """What contact takes off loneliness in a month: by bond, hours, leeway, and the room left.

    Befriending works weakly: 0.18 standard deviations (Siette, Cassidy & Priebe 2017).
    """
    share = p.comfort_from_leeway
    effect = p.contact_effect * room * bond * hours_share * ((1.0 - share) + share * leeway)
    return p.group_intensity * effect if group else effect


@rule
def bond_growth(bond: float, hours_share: float, group: bool, p: Any) -> float:
    """Monthly growth of a bond with the hours spent together; slower in a group."""
    rate = p.bond_rate * (p.group_bond_share if group else 1.0)
    return rate * hours_share * (1.0 - bond)


@rule
def ties_growth(
    bond: float, hours_share: float, leeway: float, room: float, group: bool, p: Any
) -> float:
    """Lasting ties found in a month where people meet; groups create more of them than pairs."""
    rate = p.ties_rate * (1.0 if group else p.pair_ties_share)
    return rate * room * bond * hours_share * leeway


@kernel
def meet(part: Any, ini: Any, citizens: Citizens, p: Any) -> None:
    """A participant's month of contact: comfort, lasting ties, a stronger bond.

    part.comfort holds what contact has taken off and the pull to the own level has not brought
    back. With the ties gained it cannot pass the ceiling, however long a participation lasts.
    """
    person = part.citizen
    group = ini.format != ONE_TO_ONE
    asked = (ini.participants + ini.company) * hours_needed(ini.format, p)
    share = clip(ini.contact_hours / asked)
    gained = np.float64(citizens.ties_gained[person])
    room = room_left(part.comfort + gained, p.contact_ceiling)
    hours = regular_hours(share, p.comfort_from_regularity)
    comfort = comfort_of_contact(part.bond, hours, ini.leeway, room, group, p)
    citizens.push[person] -= comfort
    part.comfort += comfort - p.set_point_rate * part.comfort
    room = min(room, room_left(gained, p.ties_ceiling))
    citizens.ties_gained[person] = clip(
        gained + ties_growth(part.bond, share, ini.leeway, room, group, p)
    )
    part.bond += bond_growth(part.bond, share, group, p)


@kernel
def contact(town: Any, people: People, p: Any) -> None:
    """Gather what contact does to every participant in citizens.push and ties_gained."""
    initiatives, participations, citizens = (
        people.initiatives,
        people.participations,
        people.citizens,
    )
    for row in range(town.participation_rows):
        part = participations[row]
        if part.citizen != FREE:
            meet(part, initiatives[part.initiative], citizens, p)


@kernel
def own_benefit(town: Any, people: People, p: Any) -> None:
    """Gather in citizens.push what volunteering does to the volunteer's own loneliness (S4)."""
    volunteers, citizens = people.volunteers, people.citizens
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen != FREE:
            citizens.push[vol.citizen] -= p.own_benefit * vol.relatedness


@kernel
def as_whole_numbers(loneliness: Any, levels: Any) -> None:
    """Loneliness in whole units of 2**-24 into levels, int32; sums of these have no order."""
    for i in range(len(loneliness)):
        levels[i] = np.int32(np.float64(loneliness[i]) * UNITS)


@kernel
def mean_over_all_ties(town_mean: float, ties: Ties, levels: Any) -> float:
    """Mean loneliness over all ties of a municipality, its own mean where there are none."""
    total = np.int64(0)
    for i in range(len(levels)):
        total += np.int64(levels[i]) * np.int64(ties.offsets[i + 1] - ties.offsets[i])
    count = np.int64(ties.offsets[len(levels)])
    return np.float64(total) / (UNITS * count) if count > 0 else town_mean


@kernel
def mean_of_ties_block(
    town_mean: float, ties: Ties, levels: Any, sums: Any, means: Any, first: int, count: int
) -> None:
    """Mean loneliness of each citizen's ties last month; the municipality's where there are none.

    sums: int64, one more than the ties of the block, scratch. A running sum over all ties of the
    block needs no inner loop; each citizen's sum is a difference of two of its values.
    """
    start = ties.offsets[first]
    neighbours = ties.neighbours[start : ties.offsets[first + count]]
    total = np.int64(0)
    sums[0] = 0
    for t in range(len(neighbours)):
        total += levels[np.uint32(neighbours[t])]  # unsigned, as no row counts from the end
        sums[t + 1] = total
    for j in range(count):
        a = ties.offsets[first + j] - start
        b = ties.offsets[first + j + 1] - start
        mean = np.float64(sums[b] - sums[a]) / (UNITS * max(1, b - a))
        means[j] = mean if b > a else town_mean


@kernel
def update_block(
    town_mean: float,
    citizens: Citizens,
    now: Now,
    before: Any,
    means: Any,
    lanes: Any,
    first: int,
    count: int,
) -> None:
    """Move loneliness of the citizens first .. first + count - 1 by a month."""
    p = now.p
    loneliness = citizens.loneliness[first : first + count]
    set_point = citizens.set_point[first : first + count]
    gained = citizens.ties_gained[first : first + count]
    push = citizens.push[first : first + count]
    old = before[first : first + count]
    rate = p.set_point_rate
    strength = p.contagion_strength
    noise = p.loneliness_noise
    keep = 1.0 - p.ties_decay_rate
    need = now.shock.loneliness_push
    chance = p.life_event_probability
    jump = p.life_event_size
    for j in range(count):
        was = np.float64(old[j])
        change = pull_to_set_point(was, np.float64(set_point[j]), np.float64(gained[j]), rate)
        change += pull_of_ties(np.float64(means[j]), town_mean, strength)
        change += noise * centred(np.uint64(lanes[MOOD, j]))
        change += jump if unit(np.uint64(lanes[LIFE_EVENT, j])) < chance else 0.0
        loneliness[j] = clip(was + change + need + np.float64(push[j]))
        push[j] = 0.0
        gained[j] = np.float64(gained[j]) * keep
