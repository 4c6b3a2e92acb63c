"""The month: the order of its processes, once, and the loop over the months of a municipality.

Municipalities meet only in the yearly policy review, so up to twelve months of one are simulated
while its rows are in the processor's cache. The loop releases the interpreter lock: several
threads take different municipalities and give the same bits as one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.measures import loneliness_scale, observation
from velfaerd_sim.population.schema import BAND_COUNT, Citizens, Ties
from velfaerd_sim.processes import (
    agreements,
    loneliness,
    matching,
    shocks,
    staff_hours,
    volunteering,
)
from velfaerd_sim.processes import (
    initiatives as initiative_process,
)
from velfaerd_sim.processes import (
    staff as staff_process,
)
from velfaerd_sim.randomness import LANES, MOOD, Key, fill

BLOCK = 1024
"""Citizens whose draws are made together, so that the hashing runs in vector registers."""

ORDER = (
    ("shocks", "scenario events"),
    ("staff_hours", "staff hours and enacted instruments"),
    ("agreements", "initiatives: clarity, fit, influence, strain"),
    ("volunteering", "volunteers: needs, motivation, exhaustion, leaving"),
    ("matching", "pairs broken by leaving; participations that end"),
    ("loneliness", "contact, bonds and own benefit"),
    ("matching", "referral, outreach, companions, recruitment (citizen by citizen)"),
    ("loneliness", "loneliness (citizen by citizen)"),
    ("initiatives", "quality and incidents; initiatives close and open"),
    ("staff", "skill, concern, satisfaction, turnover"),
    ("observation", "tallies"),
    ("policy_review", "once a year, where the scenario has it on"),
)


class Scratch(NamedTuple):
    """Working space of one municipality; nothing in it lasts beyond a month but bands.

    By citizen: before (float32, last month's loneliness), asked (float32, what the ties tell),
    levels (int32, last month's loneliness in whole units). By block: lanes (uint32 (4, BLOCK),
    the month's draws), means (float32, of the ties), chosen (uint8, who seeks), sums (int64, over
    ties). bands (float64 (8,), adults by age band); closing (uint8, by initiative slot).
    """

    before: Any
    asked: Any
    levels: Any
    sums: Any
    lanes: Any
    means: Any
    chosen: Any
    bands: Any
    closing: Any


@kernel
def citizens_month(
    town: Any,
    initiatives: Any,
    volunteers: Any,
    participations: Any,
    citizens: Any,
    ties: Any,
    scratch: Any,
    shock: Any,
    key: Key,
    month: int,
    p: Any,
    tally: Any,
) -> Any:
    """Matching, loneliness and the scale for all citizens, block by block; the loneliness total."""
    before, asked, lanes, means = scratch.before, scratch.asked, scratch.lanes, scratch.means
    adults = len(citizens.loneliness)
    before[:adults] = citizens.loneliness
    asked[:adults] = 0.0
    loneliness.as_whole_numbers(citizens.loneliness, scratch.levels)
    matching.spread_word(volunteers[: town.volunteer_rows], ties, asked, p)
    total = np.int64(0)
    blocks = (adults + BLOCK - 1) // BLOCK
    for step in range(blocks):
        first = BLOCK * matching.turn(step, blocks, month)
        count = min(BLOCK, adults - first)
        fill(lanes, key, MOOD, month, first, count)
        matching.seek_block(
            town,
            initiatives,
            volunteers,
            participations,
            citizens,
            before,
            asked,
            lanes,
            scratch.chosen,
            first,
            count,
            shock,
            key,
            month,
            p,
            tally,
        )
        loneliness.mean_of_ties_block(
            ties, scratch.levels, town.mean_loneliness, first, count, scratch.sums, means
        )
        loneliness.update_block(town, citizens, before, means, lanes, first, count, shock, p)
        total += loneliness_scale.observe_block(citizens, first, count, tally)
    return total


@kernel
def one_month(
    town: Any,
    departments: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    participations: Any,
    citizens: Any,
    ties: Any,
    starts: Any,
    attitude: Any,
    shift: Any,
    announced: Any,
    status_quo: Any,
    shock: Any,
    scratch: Any,
    key: Key,
    month: int,
    p: Any,
    tally: Any,
    at_risk: Any,
    ended: Any,
) -> None:
    """One month of one municipality, in the order of ORDER."""
    active = volunteers[: town.volunteer_rows]
    taking_part = participations[: town.participation_rows]
    shocks.step(staff, citizens, shock, key, month, p, tally)
    staff_hours.step(town, departments, staff, initiatives, announced, status_quo, shift, shock, p)
    agreements.step(town, departments, initiatives, shock, key, month, p)
    volunteering.step(
        town,
        departments,
        initiatives,
        active,
        citizens,
        shock,
        key,
        month,
        p,
        tally,
        at_risk,
        ended,
    )
    matching.break_pairs(town, taking_part, volunteers, initiatives, citizens, p, tally)
    matching.end_participations(
        town, taking_part, volunteers, initiatives, citizens, key, month, p, tally
    )
    loneliness.contact(initiatives, taking_part, citizens, p)
    loneliness.own_benefit(active, citizens, p)
    total = citizens_month(
        town,
        initiatives,
        volunteers,
        participations,
        citizens,
        ties,
        scratch,
        shock,
        key,
        month,
        p,
        tally,
    )
    initiative_process.develop(town, volunteers, initiatives, key, month, p, tally)
    initiative_process.close(
        town,
        volunteers,
        participations[: town.participation_rows],
        initiatives,
        citizens,
        scratch.closing,
        key,
        month,
        p,
        tally,
        at_risk,
        ended,
    )
    initiative_process.open_new(
        town, departments, initiatives, attitude, starts, shock, key, month, p, tally
    )
    staff_process.step(town, departments, staff, key, month, p, tally)
    if shock.ageing_probability > 0.0:
        loneliness_scale.count_bands(citizens, scratch.bands)
    observation.observe(
        town,
        departments,
        staff,
        initiatives,
        volunteers[: town.volunteer_rows],
        scratch.bands,
        total,
        tally,
    )


@kernel
def own_citizens(citizens: Any, first: int, last: int) -> Any:
    """The citizens of one municipality, as views."""
    return Citizens(
        citizens.age_band[first:last],
        citizens.flags[first:last],
        citizens.loneliness[first:last],
        citizens.set_point[first:last],
        citizens.ties_gained[first:last],
        citizens.push[first:last],
        citizens.lonely_history[first:last],
        citizens.score_sum[first:last],
    )


@kernel
def most_ties(ties: Any, adults: int) -> Any:
    """The most ties that a block of citizens has."""
    most = np.int64(0)
    for first in range(0, adults, BLOCK):
        last = min(adults, first + BLOCK)
        most = max(most, np.int64(ties.offsets[last]) - np.int64(ties.offsets[first]))
    return most


@entry
def run_town(
    m: int,
    first_month: int,
    last_month: int,
    towns: Any,
    departments: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    participations: Any,
    citizens: Any,
    ties: Any,
    records: Any,
    announced: Any,
    status_quo: Any,
    shock_rows: Any,
    parameters: Any,
    seed_low: np.uint64,
    seed_high: np.uint64,
    tallies: Any,
    at_risk: Any,
    ended: Any,
) -> None:
    """Simulate the months first_month .. last_month (rows of the tables) of municipality m.

    announced: records (months, departments) of instruments in force; status_quo: records
    (departments,); shock_rows: records (months,); tallies: records (municipalities, months);
    at_risk, ended: int32 (municipalities, months, TENURES). Writes the state, tallies and ledgers
    in place.
    """
    town = towns[m]
    p = parameters[0]
    per_town = len(departments) // len(towns)
    adults = town.adults
    own_departments = departments[m * per_town : (m + 1) * per_town]
    own_staff = staff[town.first_staff : town.first_staff + town.staff]
    own_initiatives = initiatives[
        town.first_initiative : town.first_initiative + town.initiative_slots
    ]
    own_volunteers = volunteers[town.first_volunteer : town.first_volunteer + town.volunteer_slots]
    own_participations = participations[
        town.first_participation : town.first_participation + town.participation_slots
    ]
    people = own_citizens(citizens, town.first_citizen, town.first_citizen + adults)
    own_ties = Ties(
        ties.offsets[town.first_citizen + m : town.first_citizen + m + adults + 1],
        ties.neighbours[town.first_tie :],
    )
    starts = records.route_starts[m * per_town : (m + 1) * per_town]
    attitude = records.attitude[m * per_town : (m + 1) * per_town]
    key = (seed_low, seed_high, np.uint64(town.code))
    scratch = Scratch(
        np.empty(adults, np.float32),
        np.empty(adults, np.float32),
        np.empty(adults, np.int32),
        np.empty(most_ties(own_ties, adults) + 1, np.int64),
        np.empty((LANES, BLOCK), np.uint32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.uint8),
        np.zeros(BAND_COUNT),
        np.zeros(town.initiative_slots, np.uint8),
    )
    loneliness_scale.count_bands(people, scratch.bands)
    for month in range(first_month, last_month + 1):
        one_month(
            town,
            own_departments,
            own_staff,
            own_initiatives,
            own_volunteers,
            own_participations,
            people,
            own_ties,
            starts,
            attitude,
            records.policy_shift[m],
            announced[month],
            status_quo,
            shock_rows[month],
            scratch,
            key,
            month,
            p,
            tallies[m, month],
            at_risk[m, month],
            ended[m, month],
        )
