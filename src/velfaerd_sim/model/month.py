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
from velfaerd_sim.population.bundles import (
    Counts,
    Instruments,
    Lives,
    Now,
    OwnRows,
    People,
    Scratch,
    Search,
    rows_of,
)
from velfaerd_sim.population.levels import levels_of_town
from velfaerd_sim.population.schema import BAND_COUNT, Population, Ties
from velfaerd_sim.processes import (
    agreements,
    loneliness,
    matching,
    renewal,
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
from velfaerd_sim.randomness import LANES, MOOD, fill

BLOCK = 1024
"""Citizens whose draws are made together, so that the hashing runs in vector registers."""

ORDER = (
    ("shocks", "scenario events"),
    ("staff_hours", "staff hours and enacted instruments"),
    ("agreements", "initiatives: clarity, fit, influence, strain"),
    ("volunteering", "volunteers: needs, motivation, exhaustion, leaving"),
    ("matching", "pairs broken by leaving; participations that end; company"),
    ("loneliness", "contact, bonds and own benefit"),
    ("matching", "referral, outreach, companions, recruitment (citizen by citizen)"),
    ("loneliness", "loneliness (citizen by citizen)"),
    ("renewal", "people grow older, leave and enter (citizen by citizen); their roles end"),
    ("initiatives", "quality and incidents; initiatives close and open"),
    ("staff", "skill, concern, satisfaction, turnover"),
    ("observation", "tallies"),
    ("policy_review", "once a year, where the scenario has it on"),
)


class MonthlyInputs(NamedTuple):
    """What a scenario sets, month by month.

    announced: records (months, departments) of instruments in force; status_quo: records
    (departments,); shocks: records (months,); flows: float64 (months, types of municipality, 4, age
    bands), see levels.flow_table; quantiles: of the loneliness level by age band; stationary: how
    persons start, see population.stationary; parameters: record (1,); seed: its low and high half.
    """

    announced: Any
    status_quo: Any
    shocks: Any
    flows: Any
    quantiles: Any
    stationary: Any
    parameters: Any
    seed: tuple[np.uint64, np.uint64]


class Ledgers(NamedTuple):
    """What is counted in all months: tallies, records (municipalities, months).

    at_risk, ended: int32 (municipalities, months, TENURES).
    """

    tallies: Any
    at_risk: Any
    ended: Any


@kernel
def citizens_month(
    town: Any, people: People, ties: Ties, lives: Lives, now: Now, counts: Counts, scratch: Scratch
) -> Any:
    """All that citizens do or meet one by one, block by block; the loneliness total."""
    citizens, month, search = people.citizens, now.month, scratch.search
    before, lanes = search.before, search.lanes
    bands, tally = scratch.bands, counts.tally
    renews = now.p.renewal > 0.0
    roles = 0
    levels, sums, means = scratch.levels, scratch.sums, scratch.means
    adults = len(citizens.loneliness)
    before[:adults] = citizens.loneliness
    search.asked[:adults] = 0.0
    loneliness.as_whole_numbers(citizens.loneliness, levels)
    mean = loneliness.mean_over_all_ties(town.mean_loneliness, ties, levels)
    matching.spread_word(town, people.volunteers, ties, search.asked, now.p)
    total = np.int64(0)
    blocks = (adults + BLOCK - 1) // BLOCK
    for step in range(blocks):
        first = BLOCK * matching.turn(step, blocks, month)
        count = min(BLOCK, adults - first)
        fill(lanes, now.key, MOOD, month, first, count)
        matching.seek_block(town, people, now, tally, search, first, count)
        loneliness.mean_of_ties_block(mean, ties, levels, sums, means, first, count)
        loneliness.update_block(mean, citizens, now, before, means, lanes, first, count)
        if renews:
            roles += renewal.renew_block(citizens, lives, now, search, bands, first, count, tally)
        total += loneliness_scale.observe_block(citizens, first, count, tally)
    if roles > 0:
        renewal.end_roles(town, people, now.p, counts)
    return total


@kernel
def one_month(
    town: Any,
    own: OwnRows,
    instruments: Instruments,
    lives: Lives,
    now: Now,
    counts: Counts,
    scratch: Scratch,
) -> None:
    """One month of one municipality, in the order of ORDER."""
    office, people, tally = own.office, own.people, counts.tally
    departments, staff = office.departments, office.staff
    initiatives, volunteers = people.initiatives, people.volunteers
    citizens = people.citizens
    shocks.step(staff, citizens, now, lives.quantiles, tally)
    staff_hours.step(town, office, initiatives, instruments, now)
    agreements.step(town, departments, initiatives, now)
    volunteering.step(town, departments, people, own.ties, now, counts)
    matching.break_pairs(town, people, now.p, tally)
    matching.end_participations(town, people, now, tally)
    matching.keep_company(initiatives, now)
    loneliness.contact(town, people, now.p)
    loneliness.own_benefit(town, people, now.p)
    total = citizens_month(town, people, own.ties, lives, now, counts, scratch)
    initiative_process.develop(initiatives, volunteers, now, tally)
    initiative_process.close(town, people, now, counts, scratch.closing)
    initiative_process.open_new(town, office, initiatives, now, tally)
    staff_process.step(town, office, now, tally)
    if now.shock.ageing_probability > 0.0:
        loneliness_scale.count_bands(citizens, scratch.bands)
    observation.observe(
        town, departments, staff, initiatives, volunteers, scratch.bands, total, now.p, tally
    )


@kernel
def most_ties(ties: Any, adults: int) -> Any:
    """The most ties that a block of citizens has."""
    most = np.int64(0)
    for first in range(0, adults, BLOCK):
        last = min(adults, first + BLOCK)
        most = max(most, np.int64(ties.offsets[last]) - np.int64(ties.offsets[first]))
    return most


@kernel
def scratch_for(own: OwnRows) -> Scratch:
    """Working space for a municipality, with its adults by age band."""
    citizens = own.people.citizens
    adults = len(citizens.loneliness)
    bands = np.zeros(BAND_COUNT)
    loneliness_scale.count_bands(citizens, bands)
    search = Search(
        np.empty(adults, np.float32),
        np.empty(adults, np.float32),
        np.empty((LANES, BLOCK), np.uint32),
        np.empty(BLOCK, np.uint8),
    )
    return Scratch(
        search,
        np.empty(adults, np.int32),
        np.empty(most_ties(own.ties, adults) + 1, np.int64),
        np.empty(BLOCK, np.float32),
        bands,
        np.zeros(len(own.people.initiatives), np.uint8),
    )


@entry
def run_town(
    population: Population, m: int, months: tuple[int, int], inputs: MonthlyInputs, ledgers: Ledgers
) -> None:
    """Simulate the months (rows of the tables) from the first to the last of municipality m.

    Writes the state and what is counted in place.
    """
    town = population.towns[m]
    own = rows_of(population, m)
    key = (inputs.seed[0], inputs.seed[1], np.uint64(town.code))
    p = inputs.parameters[0]
    scratch = scratch_for(own)
    quantiles = levels_of_town(inputs.quantiles, town.loneliness_level)
    for month in range(months[0], months[1] + 1):
        instruments = Instruments(inputs.announced[month], inputs.status_quo)
        lives = Lives(inputs.flows[month, town.kind], quantiles, inputs.stationary)
        now = Now(inputs.shocks[month], key, month, p)
        counts = Counts(
            ledgers.tallies[m, month], ledgers.at_risk[m, month], ledgers.ended[m, month]
        )
        one_month(town, own, instruments, lives, now, counts, scratch)
