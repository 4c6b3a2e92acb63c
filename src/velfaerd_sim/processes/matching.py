"""Matching: lonely citizens find an initiative and a companion, citizens become volunteers.

Reads   town.volunteering_tradition, free_participation, volunteer_rows, participation_rows,
        mean_clarity, entry_barrier, open_door, capacity; initiatives.running, format, participants,
        company, company_wish, contact_hours; volunteers.citizen, motivation;
        participations.citizen, companion, months, bond; citizens.flags, push, lonely_history;
        loneliness of last month; ties; the month's contact_factor, recruitment_factor,
        demand_factor
Writes  initiatives.company; participations.months; citizens.flags, push; tallies; rows taken and
        given back, by membership
Draws   RECRUITMENT, REFERRAL (one each a citizen and month); VOLUNTEER_PROBE, PARTICIPANT_PROBE
        (when someone looks for a place); ENDING (one a participant and month)

Rigid systems reach those they know, open ones reach further: the known are referred by staff, the
unknown are found along the ties of motivated volunteers. Being asked is the most frequent way into
volunteering (VIVE 2020). Participants who are not lonely are company: counted, not followed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.compiled import inner, kernel, rule
from velfaerd_sim.curves import clip
from velfaerd_sim.population.bundles import Now, People, Search
from velfaerd_sim.population.membership import (
    admit,
    dismiss,
    enrol,
    participant_place,
    volunteer_place,
)
from velfaerd_sim.population.schema import (
    FREE,
    KNOWN,
    PARTICIPATING,
    RECOVERED,
    VOLUNTEERING,
    WAITING,
    Citizens,
    Ties,
)
from velfaerd_sim.population.traits import hours_left, hours_needed
from velfaerd_sim.randomness import (
    ENDING,
    PARTICIPANT_PROBE,
    RECRUITMENT,
    REFERRAL,
    VOLUNTEER_PROBE,
    uniform,
    unit,
)


@rule
def turn(step: int, count: int, month: int) -> int:
    """Whose turn it is: first to last in even months, last to first in odd ones.

    Places go to whoever asks first, so over the months nobody stands before another.
    """
    return step if month % 2 == 0 else count - 1 - step


@rule
def asking(motivation: float, p: Any) -> float:
    """What a volunteer's ties hear: a motivated one asks, an unhappy one deters."""
    return motivation - p.asking_threshold


@rule
def recruitment_base(entry_barrier: float, factor: float, p: Any) -> float:
    """Monthly chance to look for a place when nobody asks, behind the entry barrier.

    Formal record keeping costs recruitment (Stirling, Kilpatrick & Orpin 2011).
    """
    return p.recruitment_probability * factor * (1.0 - p.entry_barrier_by_rules * entry_barrier)


@rule
def recruitment_chance(
    base: float, asked: float, loneliness: float, effect: float, stay_away: float
) -> float:
    """Monthly chance that a citizen looks for a place as a volunteer."""
    return base * max(0.0, 1.0 + effect * asked) * (1.0 - stay_away * loneliness)


@rule
def referral_probability(capacity: float, clarity: float, p: Any) -> float:
    """Monthly chance that a known lonely citizen is referred; a clear target group helps."""
    share = p.referral_from_clarity
    return p.referral_rate * capacity * ((1.0 - share) + share * clarity)


@rule
def outreach_probability(asked: float, open_door: float, rate: float) -> float:
    """Monthly chance that an unknown lonely citizen is found by a motivated volunteer."""
    return rate * open_door * clip(asked)


@rule
def recovery_ending(lonely: bool, p: Any) -> float:
    """Monthly chance that a participant goes on without the initiative, once no longer lonely."""
    return 0.0 if lonely else p.recovered_ending_rate


@kernel
def spread_word(town: Any, volunteers: Any, ties: Ties, asked: Any, p: Any) -> None:
    """Let every volunteer's ties hear how it is; asked: one value a citizen, zero before."""
    for row in range(town.volunteer_rows):
        if volunteers[row].citizen != FREE:
            word = np.float32(asking(volunteers[row].motivation, p))
            person = volunteers[row].citizen
            near = ties.neighbours[ties.offsets[person] : ties.offsets[person + 1]]
            for t in range(len(near)):
                asked[np.uint32(near[t])] += word  # unsigned, as no row counts from the end


@kernel
def break_pairs(town: Any, people: People, p: Any, tally: Any) -> None:
    """End the participations whose companion has left; the loss hurts by the bond."""
    participations, volunteers, citizens = people.participations, people.volunteers, people.citizens
    for row in range(town.participation_rows):
        part = participations[row]
        if part.citizen == FREE or part.companion == FREE:
            continue
        if volunteers[part.companion].citizen == FREE:
            citizens.push[part.citizen] += p.companion_loss_effect * part.bond
            tally.pairs_broken += 1.0
            dismiss(town, people, row)


@kernel
def end_participations(town: Any, people: People, now: Now, tally: Any) -> None:
    """Participants drop out or, no longer lonely, go on without the initiative."""
    participations, citizens, p = people.participations, people.citizens, now.p
    for row in range(town.participation_rows):
        part = participations[row]
        if part.citizen == FREE:
            continue
        lonely = (np.int64(citizens.lonely_history[part.citizen]) & 1) == 1
        recovered = recovery_ending(lonely, p)
        u = uniform(now.key, ENDING, now.month, part.citizen)
        if u < recovered:
            citizens.flags[part.citizen] |= RECOVERED
            tally.recovered += 1.0
            dismiss(town, people, row)
        elif u < recovered + p.dropout_rate:
            tally.dropped_out += 1.0
            dismiss(town, people, row)
        else:
            part.months += 1


@kernel
def keep_company(initiatives: Any, now: Now) -> None:
    """Let company come to every running initiative, or leave it.

    Where a shock suspends contact, the hours that people need are suspended with those given.
    """
    p, suspended = now.p, now.shock.contact_factor
    for k in range(len(initiatives)):
        ini = initiatives[k]
        needed = hours_needed(ini.format, p) * suspended
        if ini.running == 1 and needed > 0.0:
            room = hours_left(ini.participants, ini.company, needed, ini.contact_hours) / needed
            ini.company += company_change(ini.company, ini.company_wish, room, p)


@rule
def known_change(
    known: bool, lonely: bool, u: float, rate_lonely: float, rate_others: float, forgotten: float
) -> bool:
    """Whether the municipality comes to know a citizen, or loses sight of one who is not lonely.

    The upper end of the draw decides; the lower end decides on referral, outreach and waiting.
    """
    if known:
        return not lonely and u > 1.0 - forgotten
    return u > 1.0 - (rate_lonely if lonely else rate_others)


@rule
def asks_for_place(waiting: bool, u: float, found: float, giving_up: float) -> bool:
    """Whether a lonely citizen looks for a place: on being referred or found, then every month.

    Who waits looks with certainty, unless giving up. The lower end of the draw decides.
    """
    return u >= giving_up if waiting else u < found


@rule
def company_change(company: float, wished: float, room: float, p: Any) -> float:
    """Persons by which the company of an initiative changes in a month.

    room: persons whom the hours not taken would still serve, negative where hours fall short. It
    moves toward what is wished and takes at most a share of the room; the rest is open to lonely
    people. Where hours fall short, company leaves first.
    """
    if room < 0.0:
        return max(-company, room)
    return min(p.company_turnover * (wished - company), p.company_first_share * room)


REFERRED, LOOKS, CHANGED, STOPS = 1, 2, 4, 8
"""Bits of what a citizen does in a month: looks for a place as one who is referred, found or waits;
looks for a place as a volunteer; becomes known or forgotten; waits no longer."""
EIGHT = 8
"""Citizens whose bits are looked at together, as one word: most do nothing in a month."""


class Chances(NamedTuple):
    """What a municipality's state makes of this month's chances, the same for all citizens.

    base: to look for a place when nobody asks; referral: of a known lonely citizen; open_door:
    factor on outreach; demand: factor on becoming known.
    """

    base: float
    referral: float
    open_door: float
    demand: float


@kernel
def choose_block(
    citizens: Citizens, search: Search, first: int, count: int, chances: Chances, p: Any
) -> None:
    """Note who looks for a place, becomes known or forgotten, waits no longer.

    Into search.chosen: bits REFERRED, LOOKS, CHANGED, STOPS. Nothing else is written, so the
    loop runs in vector registers.
    """
    lanes, chosen = search.lanes, search.chosen
    base, referral, open_door = chances.base, chances.referral, chances.open_door
    flags = citizens.flags[first : first + count]
    history = citizens.lonely_history[first : first + count]
    level = search.before[first : first + count]
    heard = search.asked[first : first + count]
    referral_lane = lanes[REFERRAL]
    recruitment_lane = lanes[RECRUITMENT]
    effect = p.asking_effect
    stay_away = p.lonely_stay_away
    outreach = p.outreach_rate
    giving_up = p.giving_up_rate
    peer = p.peer_factor
    rate_lonely = p.known_rate_lonely * chances.demand
    rate_others = p.known_rate_others
    forgotten = p.forgotten_rate
    for j in range(count):
        flag = np.int32(flags[j])
        lonely = (np.int32(history[j]) & 1) == 1
        known = (flag & KNOWN) != 0
        free = (flag & (PARTICIPATING | VOLUNTEERING)) == 0
        word = np.float64(heard[j])
        u = unit(np.uint64(referral_lane[j]))
        found = referral if known else outreach_probability(word, open_door, outreach)
        chance = recruitment_chance(base, word, np.float64(level[j]), effect, stay_away)
        chance = chance * (peer if (flag & RECOVERED) != 0 else 1.0)
        waiting = (flag & WAITING) != 0
        seen = np.int32(lonely & free & asks_for_place(waiting, u, found, giving_up))
        stops = np.int32(waiting) & (1 - seen)
        looks = np.int32(free & (unit(np.uint64(recruitment_lane[j])) < chance))
        changed = np.int32(known_change(known, lonely, u, rate_lonely, rate_others, forgotten))
        chosen[j] = np.uint8(REFERRED * seen | LOOKS * looks | CHANGED * changed | STOPS * stops)


@inner
def seek_place(town: Any, people: People, now: Now, tally: Any, person: int) -> None:
    """Give a person who is referred, found or waits a place, or let the person wait for one."""
    flags = people.citizens.flags
    if not np.int64(flags[person]) & WAITING:
        tally.referrals += 1.0
    k = FREE
    if town.free_participation != FREE:
        k = participant_place(
            people.initiatives, now.key, PARTICIPANT_PROBE, now.month, person, now.p
        )
    if k != FREE:
        admit(town, people, person, k)
        tally.matches += 1.0
    else:
        flags[person] |= WAITING


@inner
def act(town: Any, people: People, now: Now, tally: Any, i: int, choice: int) -> None:
    """Let citizen i do what was chosen: bits of REFERRED, LOOKS, CHANGED, STOPS."""
    citizens, p = people.citizens, now.p
    if choice & STOPS:
        citizens.flags[i] &= ~WAITING
        tally.gave_up += np.int64(citizens.lonely_history[i]) & 1
    if choice & REFERRED:
        seek_place(town, people, now, tally, i)
    if choice & LOOKS and not np.int64(citizens.flags[i]) & PARTICIPATING:
        k = volunteer_place(people.initiatives, now.key, VOLUNTEER_PROBE, now.month, i, p)
        if k != FREE:
            enrol(town, people, now.key, i, k, p)
            tally.joins += 1.0
    if choice & CHANGED:
        citizens.flags[i] ^= KNOWN


@inner
def seek_block(
    town: Any, people: People, now: Now, tally: Any, search: Search, first: int, count: int
) -> None:
    """Recruit, refer and find among the citizens first .. first + count - 1.

    Of search are read before, asked and lanes; chosen is scratch.
    """
    citizens, chosen = people.citizens, search.chosen
    shock, month, p = now.shock, now.month, now.p
    chances = Chances(
        recruitment_base(
            town.entry_barrier, shock.recruitment_factor * town.volunteering_tradition, p
        ),
        referral_probability(town.capacity, town.mean_clarity, p),
        town.open_door,
        shock.demand_factor,
    )
    choose_block(citizens, search, first, count, chances, p)
    eights = chosen.view(np.uint64)
    groups = (count + EIGHT - 1) // EIGHT
    for step in range(groups):
        group = turn(step, groups, month)
        if eights[group] == 0:
            continue
        size = min(EIGHT, count - EIGHT * group)
        for n in range(size):
            j = EIGHT * group + turn(n, size, month)
            if chosen[j] != 0:
                act(town, people, now, tally, first + j, int(chosen[j]))
