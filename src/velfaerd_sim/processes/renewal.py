"""Renewal: people grow older, die, move away; others come of age or move in and take their row.

Reads   town.volunteer_rows, participation_rows; volunteers.citizen, tenure_months;
        participations.citizen, companion, bond; citizens.age_band, flags, loneliness, set_point,
        push
Writes  citizens.age_band, flags, loneliness, set_point, ties_gained, push, lonely_history,
        score_sum, entered_month; tallies; rows given back, by membership
Draws   LIFE_EVENT (one a citizen and month); ENTERING (when someone enters)

Nothing that governance touches enters here, so under all regimes the same person lives in a row in
the same months. Ties belong to the row: neighbours change, the place in the network stays.
Neighbours in a row grow older together, and who moves in is of the age of a neighbour.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import inner, kernel, rule
from velfaerd_sim.population.bundles import Counts, Lives, Now, People, Search
from velfaerd_sim.population.levels import (
    AGE,
    ENTER,
    LEAVE,
    LEAVE_OR_MOVE,
    STEPS,
    level_at,
    level_kept,
)
from velfaerd_sim.population.membership import count_ending, discharge, dismiss
from velfaerd_sim.population.scale import is_lonely
from velfaerd_sim.population.schema import (
    AGE_85_PLUS,
    BAND_COUNT,
    FREE,
    HISTORY,
    KNOWN,
    LEFT_ROLE,
    PARTICIPATING,
    VOLUNTEERING,
    Citizens,
)
from velfaerd_sim.population.stationary import first_known, first_loneliness
from velfaerd_sim.randomness import ENTERING, LIFE_EVENT, unit, words

STAYS, LEAVES, MOVES, AGES = range(4)
"""What a month does to a person: nothing, leaves for good, moves away, grows into the next band."""

TOGETHER = 8
"""Neighbours who grow into the next age band in the same month, as friends of an age do."""


@rule
def fate(
    own: float, shared: float, leave: float, leave_or_move: float, most: float, age: float
) -> int:
    """What the upper ends of two draws decide; their lower ends decide on life events.

    own: the person's draw; shared: of the first of those who grow older together. leave,
    leave_or_move, age: chances of the person's age band; most: the highest leave_or_move of all
    bands, beyond which the shared draw is looked at.
    """
    rest = 1.0 - own
    if rest < leave:
        return LEAVES
    if rest < leave_or_move:
        return MOVES
    rest = 1.0 - shared - most
    return AGES if rest >= 0.0 and rest < age else STAYS


@inner
def grow_older(citizens: Citizens, i: int, quantiles: Any) -> None:
    """Move a person one age band up; the rank in loneliness level among people of the age stays."""
    band = np.int64(citizens.age_band[i])
    level = np.float64(citizens.set_point[i])
    citizens.age_band[i] = band + 1
    citizens.set_point[i] = level_kept(level, quantiles[band], quantiles[band + 1])


@inner
def enter(citizens: Citizens, i: int, band: int, lives: Lives, now: Now) -> bool:
    """Let a new person take row i; whether who lived there before had a role, which has to end.

    band: of the new person, FREE where it is drawn from those who come of age or move in.
    """
    band_word, level_word, mood_word, known_word = words(now.key, ENTERING, now.month, i)
    if band == FREE:
        band = 0
        while band < BAND_COUNT - 1 and unit(band_word) >= lives.flows[ENTER, band]:
            band += 1
    level = level_at(lives.quantiles[band], unit(level_word) * STEPS)
    citizens.age_band[i] = band
    citizens.set_point[i] = level
    loneliness = first_loneliness(lives.stationary, level, unit(mood_word))
    citizens.loneliness[i] = loneliness
    lonely = is_lonely(np.float64(citizens.loneliness[i]))
    had_role = (np.int64(citizens.flags[i]) & (VOLUNTEERING | PARTICIPATING)) != 0
    known = first_known(lives.stationary, level, loneliness, unit(known_word))
    citizens.flags[i] = (KNOWN if known else 0) | (LEFT_ROLE if had_role else 0)
    citizens.ties_gained[i] = 0.0
    citizens.push[i] = 0.0
    citizens.lonely_history[i] = HISTORY if lonely else 0
    citizens.score_sum[i] = 0
    citizens.entered_month[i] = now.month
    return had_role


@kernel
def mark_block(lane: Any, age_band: Any, flows: Any, marks: Any, count: int) -> None:
    """Mark the citizens of a block whose draw may let them leave: at the end of its range.

    The oldest leave most often, so they have an end of their own. marks: uint8, one a citizen,
    zero up to a whole number of TOGETHER.
    """
    most = 0.0
    for band in range(AGE_85_PLUS):
        most = max(most, flows[LEAVE_OR_MOVE, band])
    end = 1.0 - most
    end_oldest = 1.0 - flows[LEAVE_OR_MOVE, AGE_85_PLUS]
    for j in range(count):
        u = unit(np.uint64(lane[j]))
        marks[j] = np.uint8(u > (end_oldest if age_band[j] == AGE_85_PLUS else end))
    for j in range(count, count + (-count) % TOGETHER):
        marks[j] = 0


@inner
def renew_one(
    citizens: Citizens, i: int, neighbour: int, what: int, lives: Lives, now: Now, bands: Any
) -> bool:
    """Let person i grow older, leave or move; whether who left had a role, which has to end.

    Who moves in is of the age of a neighbour, so that neighbours stay of an age and the mix as it
    is. bands: float64 (age bands,), adults, kept in step.
    """
    bands[citizens.age_band[i]] -= 1.0
    had_role = False
    if what == AGES:
        grow_older(citizens, i, lives.quantiles)
    else:
        band = int(citizens.age_band[neighbour]) if what == MOVES else FREE
        had_role = enter(citizens, i, band, lives, now)
    bands[citizens.age_band[i]] += 1.0
    return had_role


@inner
def renew_block(
    citizens: Citizens,
    lives: Lives,
    now: Now,
    search: Search,
    bands: Any,
    first: int,
    count: int,
    tally: Any,
) -> int:
    """Renew the citizens first .. first + count - 1; how many who left had a role.

    Of search are read lanes; chosen is scratch.
    """
    flows, lane, marks = lives.flows, search.lanes[LIFE_EVENT], search.chosen
    most, ages = 0.0, 0.0
    for band in range(BAND_COUNT):
        most = max(most, flows[LEAVE_OR_MOVE, band])
        ages = max(ages, flows[AGE, band])
    mark_block(lane, citizens.age_band[first : first + count], flows, marks, count)
    eights = marks.view(np.uint64)
    roles = 0
    for start in range(0, count, TOGETHER):
        shared = unit(np.uint64(lane[start]))
        together = 1.0 - shared < most + ages
        if eights[start // TOGETHER] == 0 and not together:
            continue
        size = min(TOGETHER, count - start)
        for n in range(size):
            if marks[start + n] == 0 and not together:
                continue
            i = first + start + n
            own = int(citizens.age_band[i])
            what = fate(
                unit(np.uint64(lane[start + n])),
                shared,
                flows[LEAVE, own],
                flows[LEAVE_OR_MOVE, own],
                most,
                flows[AGE, own],
            )
            if what != STAYS:
                neighbour = first + start + (n + 1) % size
                roles += renew_one(citizens, i, neighbour, what, lives, now, bands)
                tally.arrivals += 1.0 if what != AGES else 0.0
    return roles


@kernel
def end_roles(town: Any, people: People, p: Any, counts: Counts) -> None:
    """End what those who left did here; participants who lose their companion are hurt by it."""
    participations, volunteers, citizens = people.participations, people.volunteers, people.citizens
    tally = counts.tally
    for row in range(town.participation_rows):
        part = participations[row]
        if part.citizen == FREE:
            continue
        if np.int64(citizens.flags[part.citizen]) & LEFT_ROLE:
            citizens.flags[part.citizen] &= ~LEFT_ROLE
            tally.participants_departed += 1.0
            dismiss(town, people, row)
        elif part.companion != FREE:
            companion = volunteers[part.companion].citizen
            if np.int64(citizens.flags[companion]) & LEFT_ROLE:
                citizens.push[part.citizen] += p.companion_loss_effect * part.bond
                tally.pairs_broken += 1.0
                dismiss(town, people, row)
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen != FREE and np.int64(citizens.flags[vol.citizen]) & LEFT_ROLE:
            citizens.flags[vol.citizen] &= ~LEFT_ROLE
            count_ending(counts.at_risk, counts.ended, vol.tenure_months)
            tally.volunteers_departed += 1.0
            discharge(town, people, row)
