"""What kernels are given together: the rows of one municipality, the month, what is counted."""

from __future__ import annotations

from typing import Any, NamedTuple

from velfaerd_sim.compiled import kernel
from velfaerd_sim.population.schema import Citizens, Population, Ties
from velfaerd_sim.randomness import Key


class Office(NamedTuple):
    """The municipal side of one municipality: its departments and staff, as views.

    route_starts: int32 (departments, 36, routes); attitude: float64 (departments, routes);
    policy_shift: float64 (instruments,). See schema.Records.
    """

    departments: Any
    staff: Any
    route_starts: Any
    attitude: Any
    policy_shift: Any


class People(NamedTuple):
    """The civil side of one municipality: initiatives, who is in them, and citizens, as views."""

    initiatives: Any
    volunteers: Any
    participations: Any
    citizens: Citizens


class OwnRows(NamedTuple):
    """All rows of one municipality in the tables of a population, as views.

    A kernel is given the side that it needs: each array that is handed on costs some nanoseconds.
    """

    office: Office
    people: People
    ties: Ties


@kernel
def rows_of(population: Population, m: int) -> OwnRows:
    """The rows of municipality m."""
    town = population.towns[m]
    per_town = len(population.departments) // len(population.towns)
    d = m * per_town
    ties, records = population.ties, population.records
    ends = town.first_citizen + m  # each municipality has one end of ties more than citizens
    office = Office(
        population.departments[d : d + per_town],
        population.staff[town.first_staff :][: town.staff],
        records.route_starts[d : d + per_town],
        records.attitude[d : d + per_town],
        records.policy_shift[m],
    )
    people = People(
        population.initiatives[town.first_initiative :][: town.initiative_slots],
        population.volunteers[town.first_volunteer :][: town.volunteer_slots],
        population.participations[town.first_participation :][: town.participation_slots],
        citizens_of(population.citizens, town.first_citizen, town.first_citizen + town.adults),
    )
    own_ties = Ties(ties.offsets[ends : ends + town.adults + 1], ties.neighbours[town.first_tie :])
    return OwnRows(office, people, own_ties)


@kernel
def citizens_of(citizens: Citizens, first: int, last: int) -> Citizens:
    """The citizens of one municipality."""
    return Citizens(
        citizens.age_band[first:last],
        citizens.flags[first:last],
        citizens.loneliness[first:last],
        citizens.set_point[first:last],
        citizens.ties_gained[first:last],
        citizens.push[first:last],
        citizens.lonely_history[first:last],
        citizens.score_sum[first:last],
        citizens.entered_month[first:last],
    )


class Now(NamedTuple):
    """What holds in a municipality for one month.

    shock: record of the month; key: of its draws; month: row of the tables; p: record of the
    parameters.
    """

    shock: Any
    key: Key
    month: int
    p: Any


class Lives(NamedTuple):
    """How people come and go in a municipality.

    flows: float64 (4, age bands), of the month, see levels.flows_of; quantiles: of the loneliness
    level by age band, see levels.level_quantiles; stationary: how new persons start.
    """

    flows: Any
    quantiles: Any
    stationary: Any


class Instruments(NamedTuple):
    """Instruments as records (departments,): those announced for a month, and the status quo."""

    announced: Any
    status_quo: Any


class Counts(NamedTuple):
    """What is counted in a month: the tally (record), and volunteers by month of tenure.

    at_risk, ended: int32 (TENURES,), those who could leave and those who did.
    """

    tally: Any
    at_risk: Any
    ended: Any


class Search(NamedTuple):
    """What decides who seeks something in a month.

    By citizen: before (float32, last month's loneliness), asked (float32, what the ties tell). By
    block of citizens: lanes (uint32 (4, block), the month's draws), chosen (uint8, who seeks what).
    """

    before: Any
    asked: Any
    lanes: Any
    chosen: Any


class Scratch(NamedTuple):
    """Working space of one municipality; nothing in it lasts beyond a month but bands.

    levels (int32, by citizen, last month's loneliness in whole units); sums (int64, over the ties
    of a block), means (float32, by block, of the ties); bands (float64 (age bands,), adults);
    closing (uint8, by initiative slot).
    """

    search: Search
    levels: Any
    sums: Any
    means: Any
    bands: Any
    closing: Any
