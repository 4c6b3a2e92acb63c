"""Observation: read the month's tallies off the rows of a municipality.

Reads   every entity
Writes  the month's tally, town.mean_loneliness
Draws   none
"""

from __future__ import annotations

from typing import Any

from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.population.schema import FREE


@kernel
def observe_volunteers(volunteers: Any, initiatives: Any, tally: Any) -> None:
    """Sum the volunteers' states."""
    for row in range(len(volunteers)):
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
        tally.affiliated_volunteers += initiatives[vol.initiative].affiliated
        if vol.tenure_months >= 12:
            tally.volunteers_over_12_months += 1.0


@kernel
def observe_initiatives(departments: Any, initiatives: Any, tally: Any) -> None:
    """Sum the running initiatives' states."""
    for k in range(len(initiatives)):
        ini = initiatives[k]
        if ini.running == 0:
            continue
        tally.effective_clarity += ini.effective_clarity
        tally.fit += ini.fit
        tally.influence += ini.influence
        tally.influence_gap += max(0.0, ini.promised - ini.influence)
        tally.strained += 1.0 if ini.strain >= 0.5 else 0.0
        tally.substitution += ini.substitution
        tally.quality += ini.quality
        tally.leeway += ini.leeway
        tally.overload += ini.overload
        tally.dialogue_enacted += departments[ini.department].enacted_dialogue


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
def observe(
    town: Any,
    departments: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    bands: Any,
    loneliness_total: int,
    tally: Any,
) -> None:
    """Fill the month's tally; what citizens answered was counted block by block before."""
    tally.adults = town.adults
    tally.volunteers = town.volunteers
    tally.participants = town.participants
    tally.initiatives = town.initiatives
    tally.capacity = town.capacity
    tally.hours_contact = town.hours_contact
    tally.hours_rules = town.hours_rules
    tally.hours_agreements = town.hours_agreements
    tally.hours_dialogue = town.hours_dialogue
    tally.loneliness = loneliness_total * 2.0**-30
    town.mean_loneliness = tally.loneliness / town.adults
    tally.adults_band_0 = bands[0]
    tally.adults_band_1 = bands[1]
    tally.adults_band_2 = bands[2]
    tally.adults_band_3 = bands[3]
    tally.adults_band_4 = bands[4]
    tally.adults_band_5 = bands[5]
    tally.adults_band_6 = bands[6]
    tally.adults_band_7 = bands[7]
    observe_volunteers(volunteers, initiatives, tally)
    observe_initiatives(departments, initiatives, tally)
    observe_staff(staff, tally)


@entry
def observe_start(m: int, towns: Any, citizens: Any, tallies: Any) -> None:
    """Write the first row of municipality m: who there is before any month has run."""
    tally = tallies[m, 0]
    first = towns[m].first_citizen
    tally.adults = towns[m].adults
    tally.volunteers = towns[m].volunteers
    tally.participants = towns[m].participants
    tally.initiatives = towns[m].initiatives
    tally.loneliness = towns[m].mean_loneliness * towns[m].adults
    for i in range(first, first + towns[m].adults):
        if citizens.lonely_history[i] & 1:
            tally.lonely += 1.0
