"""Observation: read the month's tallies off the rows of a municipality.

Reads   town.adults, volunteer_rows, volunteers, participants, initiatives, mean_loneliness,
        capacity, hours_contact, hours_rules, hours_agreements, hours_dialogue;
        departments.enacted_dialogue; staff.skill, concern, satisfaction, vacant_months;
        initiatives.running, department, format, affiliated, participants, company, company_wish,
        contact_hours, fit, effective_clarity, influence, promised, leeway, substitution, strain,
        quality, overload; volunteers.citizen, initiative, tenure_months, expected, autonomy,
        competence, relatedness, motivation, controlled_motivation, ownership, exhaustion,
        contact_hours, felt_bureaucracy; citizens.age_band, flags, loneliness, lonely_history
Writes  town.mean_loneliness; the month's tally
Draws   none
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry, kernel, rule
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.measures.loneliness_scale import UNITS, count_band
from velfaerd_sim.population.bundles import rows_of
from velfaerd_sim.population.membership import has_participant_place
from velfaerd_sim.population.scale import tils_score
from velfaerd_sim.population.schema import (
    AGE_16_24,
    AGE_25_34,
    AGE_35_44,
    AGE_45_54,
    AGE_55_64,
    AGE_65_74,
    AGE_75_84,
    AGE_85_PLUS,
    BAND_COUNT,
    FREE,
    KNOWN,
    PARTICIPATING,
    Population,
)
from velfaerd_sim.population.traits import hours_left, hours_needed

STRAINED_FROM = 0.5
"""Strain from which an initiative counts as strained."""


@rule
def is_strained(strain: float) -> bool:
    """Whether an initiative counts as strained: what remains of an event is half of it or more."""
    return strain >= STRAINED_FROM


@kernel
def observe_volunteers(town: Any, volunteers: Any, initiatives: Any, tally: Any) -> None:
    """Sum the volunteers' states."""
    for row in range(town.volunteer_rows):
        vol = volunteers[row]
        if vol.citizen == FREE:
            continue
        tally.motivation += vol.motivation
        tally.motivation_squares += vol.motivation * vol.motivation
        tally.autonomy += vol.autonomy
        tally.competence += vol.competence
        tally.relatedness += vol.relatedness
        tally.controlled_motivation += vol.controlled_motivation
        tally.ownership += vol.ownership
        tally.exhaustion += vol.exhaustion
        tally.felt_bureaucracy += vol.felt_bureaucracy
        tally.contact_hours += vol.contact_hours
        ini = initiatives[vol.initiative]
        tally.expectation_gap += max(0.0, vol.expected - ini.influence)
        tally.affiliated_volunteers += ini.affiliated
        if vol.tenure_months >= YEAR:
            tally.volunteers_over_12_months += 1.0


@kernel
def observe_initiatives(departments: Any, initiatives: Any, p: Any, tally: Any) -> None:
    """Sum the running initiatives' states."""
    for k in range(len(initiatives)):
        ini = initiatives[k]
        if ini.running == 0:
            continue
        tally.effective_clarity += ini.effective_clarity
        tally.fit += ini.fit
        tally.influence += ini.influence
        tally.influence_gap += max(0.0, ini.promised - ini.influence)
        tally.strained += 1.0 if is_strained(ini.strain) else 0.0
        tally.substitution += ini.substitution
        tally.quality += ini.quality
        tally.leeway += ini.leeway
        tally.overload += ini.overload
        tally.dialogue_enacted += departments[ini.department].enacted_dialogue
        tally.company += ini.company
        tally.with_room += 1.0 if has_participant_place(ini, p) else 0.0
        needed = hours_needed(ini.format, p)
        left = hours_left(ini.participants, ini.company_wish, needed, ini.contact_hours)
        tally.hours_short += max(0.0, -left)


@kernel
def observe_staff(staff: Any, tally: Any) -> None:
    """Sum the states of staff in post."""
    for s in range(len(staff)):
        if staff[s].vacant_months == 0:
            tally.posts += 1.0
            tally.skill += staff[s].skill
            tally.concern += staff[s].concern
            tally.satisfaction += staff[s].satisfaction


@kernel
def write_bands(bands: Any, tally: Any) -> None:
    """Write the number of adults by age band; bands: float64 (age bands,)."""
    tally.adults_band_0 = bands[AGE_16_24]
    tally.adults_band_1 = bands[AGE_25_34]
    tally.adults_band_2 = bands[AGE_35_44]
    tally.adults_band_3 = bands[AGE_45_54]
    tally.adults_band_4 = bands[AGE_55_64]
    tally.adults_band_5 = bands[AGE_65_74]
    tally.adults_band_6 = bands[AGE_75_84]
    tally.adults_band_7 = bands[AGE_85_PLUS]


@kernel
def observe(
    town: Any,
    departments: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    bands: Any,
    loneliness_total: int,
    p: Any,
    tally: Any,
) -> None:
    """Fill the month's tally; what citizens answered was counted block by block before."""
    tally.hours_contact = town.hours_contact
    tally.hours_rules = town.hours_rules
    tally.hours_agreements = town.hours_agreements
    tally.hours_dialogue = town.hours_dialogue
    tally.loneliness = loneliness_total / UNITS
    town.mean_loneliness = tally.loneliness / town.adults
    observe_town(town, departments, staff, initiatives, volunteers, bands, p, tally)


@kernel
def observe_town(
    town: Any,
    departments: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    bands: Any,
    p: Any,
    tally: Any,
) -> None:
    """Write what there is at the end of a month; bands: float64 (age bands,)."""
    tally.adults = town.adults
    tally.volunteers = town.volunteers
    tally.participants = town.participants
    tally.initiatives = town.initiatives
    tally.capacity = town.capacity
    write_bands(bands, tally)
    observe_volunteers(town, volunteers, initiatives, tally)
    observe_initiatives(departments, initiatives, p, tally)
    observe_staff(staff, tally)


@entry
def observe_start(population: Population, m: int, parameters: Any, tallies: Any) -> None:
    """Write the first row of municipality m: who there is before any month has run.

    parameters: record (1,). Nobody has used hours yet, and whoever is lonely is taken to have
    been so for a year.
    """
    tally, town = tallies[m, 0], population.towns[m]
    own = rows_of(population, m)
    office, people = own.office, own.people
    citizens = people.citizens
    bands = np.zeros(BAND_COUNT)
    for i in range(town.adults):
        band = np.int64(citizens.age_band[i])
        bands[band] += 1.0
        tally.score += tils_score(np.float64(citizens.loneliness[i]))
        known = np.int64(citizens.flags[i]) & KNOWN
        tally.known += known
        if citizens.lonely_history[i] & 1:
            tally.lonely += 1.0
            tally.lonely_known += known
            tally.lonely_reached += (np.int64(citizens.flags[i]) & PARTICIPATING) // PARTICIPATING
            count_band(tally, band)
    tally.lonely_a_year_ago = tally.lonely
    tally.loneliness = town.mean_loneliness * town.adults
    initiatives, volunteers, p = people.initiatives, people.volunteers, parameters[0]
    observe_town(town, office.departments, office.staff, initiatives, volunteers, bands, p, tally)
