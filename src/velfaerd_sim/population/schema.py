"""The columns of every entity: name, type, unit, writers and meaning.

The first writer of a column owns it: the file that moves it from month to month, or `synthesis`
where it never moves. The others write it at an event or give it its value in a new row. That
`synthesis` writes the first values of all goes without saying. A test reads the code for it.

Entities that are visited row by row (municipalities, departments, staff, initiatives, volunteers,
participations) are structured arrays; citizens, who are swept in long loops, are separate columns.
Rows of one municipality stand together. Within a municipality citizens, ties, volunteers and
initiatives are numbered from 0, so that a municipality's life does not depend on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.inputs.evidence import AGE_BANDS as AGE_BANDS
from velfaerd_sim.inputs.evidence import ROUTES as ROUTES
from velfaerd_sim.inputs.regimes import DEPARTMENTS, INSTRUMENTS

FREE = -1
FORMATS = ("one_to_one", "group")
ONE_TO_ONE, GROUP = 0, 1

# Age bands, as indices into AGE_BANDS
(
    AGE_16_24,
    AGE_25_34,
    AGE_35_44,
    AGE_45_54,
    AGE_55_64,
    AGE_65_74,
    AGE_75_84,
    AGE_85_PLUS,
) = range(len(AGE_BANDS))

# The routes by which an initiative starts, as indices into ROUTES
(
    BY_INVITATION,
    BY_RECRUITMENT,
    BY_DIALOGUE,
    BY_USERS,
    BY_LOCAL_ACTORS,
    BY_NATIONAL_ACTORS,
) = range(len(ROUTES))
ROUTE_COUNT, DEPARTMENT_COUNT = len(ROUTES), len(DEPARTMENTS)
INSTRUMENT_COUNT, BAND_COUNT = len(INSTRUMENTS), len(AGE_BANDS)
REMEMBERED_MONTHS = 36
"""Months of starts that a department remembers; heads are asked about the last three years."""
REVIEW_MEMORY = ("start", "before", "reviews", "doing")

# Bits of citizens.flags; LEFT_ROLE in a month only: who lived here before left a role to be ended
KNOWN, VOLUNTEERING, PARTICIPATING, RECOVERED, LEFT_ROLE, WAITING = 1, 2, 4, 8, 16, 32
HISTORY = 0xFFFF
"""All months that citizens.lonely_history holds."""


@dataclass(frozen=True)
class StateColumn:
    """One column: its numpy type, unit, the files that write it, the owner first, its meaning."""

    name: str
    dtype: str
    unit: str
    writers: tuple[str, ...]
    meaning: str


def _columns(*rows: tuple[str, str, str, str, str]) -> tuple[StateColumn, ...]:
    return tuple(
        StateColumn(name, dtype, unit, tuple(writers.split(", ")), meaning)
        for name, dtype, unit, writers, meaning in rows
    )


TOWN = _columns(
    ("code", "i8", "code", "synthesis", "official code of the municipality"),
    ("kind", "i8", "index", "synthesis", "type of municipality, index into KINDS"),
    ("adults", "i8", "persons", "synthesis", "adults aged 16 and over"),
    ("loneliness_level", "f8", "factor", "synthesis", "loneliness levels over those elsewhere"),
    ("volunteering_tradition", "f8", "factor", "synthesis", "recruitment over that elsewhere"),
    ("hours_level", "f8", "factor", "synthesis", "collaboration hours over those elsewhere"),
    ("first_citizen", "i8", "row", "synthesis", "first row among citizens"),
    ("first_tie", "i8", "row", "synthesis", "first entry among ties"),
    ("first_staff", "i8", "row", "synthesis", "first row among staff"),
    ("staff", "i8", "persons", "synthesis", "staff who work with civil society"),
    ("first_initiative", "i8", "row", "synthesis", "first row among initiatives"),
    ("initiative_slots", "i8", "rows", "synthesis", "most initiatives that can run at once"),
    ("first_volunteer", "i8", "row", "synthesis", "first row among volunteers"),
    ("volunteer_slots", "i8", "rows", "synthesis", "most volunteers at once"),
    ("first_participation", "i8", "row", "synthesis", "first row among participations"),
    ("participation_slots", "i8", "rows", "synthesis", "most participations at once"),
    ("free_volunteer", "i8", "row", "membership", "first free row among volunteers"),
    ("free_participation", "i8", "row", "membership", "first free row among participations"),
    ("volunteer_rows", "i8", "rows", "membership", "rows of volunteers ever used"),
    ("participation_rows", "i8", "rows", "membership", "rows of participations ever used"),
    ("volunteers", "i8", "persons", "membership", "volunteers now"),
    ("participants", "i8", "persons", "membership", "participants now"),
    ("initiatives", "i8", "number", "initiatives", "initiatives running now"),
    ("mean_loneliness", "f8", "0-1", "observation", "mean loneliness last month"),
    ("mean_skill", "f8", "0-1", "staff", "mean facilitation skill"),
    ("mean_concern", "f8", "0-1", "staff", "mean boundary concern"),
    ("mean_substitution", "f8", "0-1", "agreements", "mean substitution over initiatives"),
    ("mean_strain", "f8", "0-1", "agreements", "mean strain over initiatives"),
    ("mean_clarity", "f8", "0-1", "agreements", "mean effective clarity over initiatives"),
    ("mean_ownership", "f8", "0-1", "volunteering", "mean ownership over volunteers"),
    ("mean_autonomy", "f8", "0-1", "volunteering", "mean autonomy over volunteers"),
    ("mean_competence", "f8", "0-1", "volunteering", "mean competence over volunteers"),
    ("mean_relatedness", "f8", "0-1", "volunteering", "mean relatedness over volunteers"),
    (
        "entry_barrier",
        "f8",
        "0-1",
        "staff_hours",
        "rigidity met by a newcomer, mean of departments",
    ),
    ("open_door", "f8", "0-1", "staff_hours", "openness net of rigidity, mean of departments"),
    ("pressure", "f8", "0-1", "staff_hours", "resource pressure"),
    ("capacity", "f8", "share", "staff_hours", "hours available over hours asked for, at most 1"),
    ("served_first", "f8", "share", "staff_hours", "served share of contact, rules and agreements"),
    ("served_dialogue", "f8", "share", "staff_hours", "served share of dialogue"),
    ("hours_contact", "f8", "hours", "staff_hours", "staff hours used as contact persons"),
    ("hours_rules", "f8", "hours", "staff_hours", "staff hours used on rules"),
    ("hours_agreements", "f8", "hours", "staff_hours", "staff hours used on agreements"),
    ("hours_dialogue", "f8", "hours", "staff_hours", "staff hours used on dialogue"),
)

DEPARTMENT = _columns(
    ("town", "i8", "index", "synthesis", "the municipality"),
    *((name, "f8", "0-1", "staff_hours", f"announced {name} in force") for name in INSTRUMENTS),
    ("espoused_gap", "f8", "share", "staff_hours", "share of what is promised that is not done"),
    ("promise_kept", "f8", "share", "staff_hours", "share of what is promised that takes place"),
    ("enacted_dialogue", "f8", "0-1", "staff_hours", "dialogue that takes place"),
    ("administration", "f8", "share", "staff_hours", "share of volunteer hours that goes to forms"),
    ("felt_bureaucracy", "f8", "share", "staff_hours", "share who find it too bureaucratic"),
    ("attention", "f8", "share", "staff_hours", "chance that there is a known contact person"),
)

STAFF = _columns(
    ("department", "i8", "index", "synthesis", "department"),
    ("chief", "i8", "0/1", "synthesis", "1 for the head of a department"),
    ("skill", "f8", "0-1", "staff, shocks", "facilitation skill"),
    ("concern", "f8", "0-1", "staff, shocks", "concern for the boundary of the profession"),
    ("satisfaction", "f8", "0-1", "staff, shocks", "job satisfaction"),
    ("tenure_months", "i8", "months", "staff, shocks", "months in the post"),
    ("vacant_months", "i8", "months", "staff, shocks", "months until a vacant post is filled"),
)

INITIATIVE = _columns(
    ("running", "i8", "0/1", "initiatives", "1 while the initiative runs"),
    ("department", "i8", "index", "initiatives", "department it works with"),
    ("route", "i8", "index", "initiatives", "how it started, index into ROUTES"),
    ("format", "i8", "index", "initiatives", "0 one-to-one, 1 group"),
    ("affiliated", "i8", "0/1", "initiatives", "1 when tied to an association"),
    ("age_months", "i8", "months", "initiatives", "months since it opened"),
    ("idle_months", "i8", "months", "initiatives", "months in a row without volunteers"),
    ("volunteers", "i8", "persons", "membership", "its volunteers now"),
    ("first_volunteer", "i8", "row", "membership", "first of its volunteers, FREE when none"),
    ("participants", "i8", "persons", "membership", "its participants now"),
    ("company", "f8", "persons", "matching, initiatives", "participants who are not lonely"),
    ("company_wish", "f8", "persons", "initiatives", "company that would come, had it the hours"),
    (
        "contact_hours",
        "f8",
        "hours",
        "volunteering, initiatives",
        "volunteer hours a month that reach people",
    ),
    ("clarity", "f8", "0-1", "agreements, initiatives", "clarity of roles on paper"),
    ("fit", "f8", "0-1", "agreements, initiatives", "how well the agreement fits the work"),
    ("effective_clarity", "f8", "0-1", "agreements, initiatives", "clarity times fit"),
    ("influence", "f8", "0-1", "agreements, initiatives", "say that volunteers have"),
    (
        "promised",
        "f8",
        "0-1",
        "agreements, initiatives",
        "say that volunteers were promised by now",
    ),
    (
        "authorship",
        "f8",
        "0-1",
        "agreements, initiatives",
        "say that volunteers had when roles were written",
    ),
    ("leeway", "f8", "0-1", "agreements, initiatives", "closeness, flexibility and openness left"),
    (
        "substitution",
        "f8",
        "0-1",
        "agreements, initiatives",
        "volunteers on core professional tasks",
    ),
    ("strain", "f8", "0-1", "agreements, initiatives", "memory of strain between the parties"),
    (
        "backing",
        "f8",
        "0-1",
        "agreements, initiatives",
        "premises, small grants, a known contact person",
    ),
    ("quality", "f8", "0-1", "initiatives", "quality of the work"),
    ("overload", "f8", "0-1", "agreements, initiatives", "load beyond the volunteers' hours"),
    ("left", "i8", "persons", "volunteering, initiatives", "volunteers who left this month"),
    (
        "left_before",
        "i8",
        "persons",
        "volunteering, initiatives",
        "volunteers who left last month",
    ),
)

VOLUNTEER = _columns(
    ("citizen", "i8", "row", "membership", "the person, FREE for an empty row"),
    ("initiative", "i8", "row", "membership", "where; in an empty row the next free row"),
    (
        "next_in_team",
        "i8",
        "row",
        "membership",
        "next volunteer of the initiative, FREE at the end",
    ),
    ("tenure_months", "i8", "months", "volunteering, membership", "months as a volunteer"),
    ("companions", "i8", "persons", "membership", "participants paired with this volunteer"),
    ("weight_autonomy", "f8", "share", "membership", "personal weight on autonomy"),
    ("weight_competence", "f8", "share", "membership", "personal weight on competence"),
    ("weight_relatedness", "f8", "share", "membership", "personal weight on relatedness"),
    ("tolerance", "f8", "0-1", "membership", "rank in tolerance of bureaucracy"),
    ("trait_autonomy", "f8", "sd", "membership", "personal part of autonomy"),
    ("trait_competence", "f8", "sd", "membership", "personal part of competence"),
    ("trait_relatedness", "f8", "sd", "membership", "personal part of relatedness"),
    ("hours_factor", "f8", "factor", "membership", "own hours over those of a mean volunteer"),
    ("friends", "i8", "persons", "volunteering, membership", "ties who volunteer too"),
    ("expected", "f8", "0-1", "volunteering, initiatives, membership", "say that is expected"),
    ("autonomy", "f8", "0-1", "volunteering, membership", "satisfaction of the need for autonomy"),
    (
        "competence",
        "f8",
        "0-1",
        "volunteering, membership",
        "satisfaction of the need for competence",
    ),
    (
        "relatedness",
        "f8",
        "0-1",
        "volunteering, membership",
        "satisfaction of the need for relatedness",
    ),
    ("motivation", "f8", "0-1", "volunteering, membership", "autonomous motivation"),
    ("controlled_motivation", "f8", "0-1", "volunteering, membership", "controlled motivation"),
    ("ownership", "f8", "0-1", "volunteering, initiatives, membership", "ownership of the work"),
    ("exhaustion", "f8", "0-1", "volunteering, membership", "exhaustion"),
    (
        "contact_hours",
        "f8",
        "hours",
        "volunteering, membership",
        "own hours a month that reach people",
    ),
    (
        "felt_bureaucracy",
        "f8",
        "0/1",
        "volunteering, membership",
        "finds the setting too bureaucratic",
    ),
)

PARTICIPATION = _columns(
    ("citizen", "i8", "row", "membership", "the person, FREE for an empty row"),
    ("initiative", "i8", "row", "membership", "where; in an empty row the next free row"),
    ("companion", "i8", "row", "membership", "the volunteer in one-to-one formats, else FREE"),
    ("months", "i8", "months", "matching, membership", "months as a participant"),
    ("bond", "f8", "0-1", "loneliness, membership", "strength of the bond"),
    ("comfort", "f8", "0-1", "loneliness, membership", "loneliness that contact holds off"),
)

CITIZEN = _columns(
    ("age_band", "u1", "index", "renewal, shocks", "age band, index into AGE_BANDS"),
    (
        "flags",
        "u1",
        "bits",
        "matching, renewal, membership",
        "known, volunteering, participating, recovered, waiting for a place",
    ),
    ("loneliness", "f4", "0-1", "loneliness, renewal", "loneliness"),
    ("set_point", "f4", "0-1", "renewal, shocks", "level the person drifts toward"),
    ("ties_gained", "f4", "0-1", "loneliness, renewal", "lasting ties found, lower the set point"),
    (
        "push",
        "f4",
        "0-1",
        "loneliness, initiatives, matching, renewal",
        "effects of contact and of loss waiting for the month",
    ),
    ("lonely_history", "u2", "bits", "loneliness_scale, renewal", "bit m: lonely m months ago"),
    ("score_sum", "u2", "points", "loneliness_scale, renewal", "T-ILS scores since entry, summed"),
    ("entered_month", "u2", "month", "renewal", "when the person entered; 0 for the first people"),
)

ENTITIES: dict[str, tuple[StateColumn, ...]] = {
    "municipalities": TOWN,
    "departments": DEPARTMENT,
    "staff": STAFF,
    "initiatives": INITIATIVE,
    "volunteers": VOLUNTEER,
    "participations": PARTICIPATION,
    "citizens": CITIZEN,
}


def record_type(columns: tuple[StateColumn, ...]) -> np.dtype[Any]:
    """The structured numpy type of an entity that is visited row by row."""
    return np.dtype([(column.name, column.dtype) for column in columns], align=True)


TOWN_TYPE = record_type(TOWN)
DEPARTMENT_TYPE = record_type(DEPARTMENT)
STAFF_TYPE = record_type(STAFF)
INITIATIVE_TYPE = record_type(INITIATIVE)
VOLUNTEER_TYPE = record_type(VOLUNTEER)
PARTICIPATION_TYPE = record_type(PARTICIPATION)


class Citizens(NamedTuple):
    """Citizen columns, one array a column; the fields are those of CITIZEN, in order."""

    age_band: Any
    flags: Any
    loneliness: Any
    set_point: Any
    ties_gained: Any
    push: Any
    lonely_history: Any
    score_sum: Any
    entered_month: Any


class Ties(NamedTuple):
    """Ties between citizens of a municipality as compressed sparse rows.

    offsets: int32, one more than adults per municipality, counted within the municipality;
    neighbours: int32, rows within the municipality, ascending.
    """

    offsets: Any
    neighbours: Any


class Records(NamedTuple):
    """What the municipality remembers.

    route_starts: int32 (departments, 36, 6), collaborations started in each of the last 36 months;
    attitude: float64 (departments, 6), the chief's factor on each route;
    policy_shift: float64 (municipalities, instruments), deviation from what is announced;
    policy_trial: float64 (municipalities, instruments), the deviation on trial this year;
    policy_figure: float64 (municipalities, REVIEW_MEMORY), the own figure when this period and when
    the one before began, reviews since then, and what is done (policy_review.TRYING or its like).
    """

    route_starts: Any
    attitude: Any
    policy_shift: Any
    policy_trial: Any
    policy_figure: Any


class Population(NamedTuple):
    """Everything that changes from month to month, and the ties, which do not."""

    towns: np.ndarray[Any, Any]
    departments: np.ndarray[Any, Any]
    staff: np.ndarray[Any, Any]
    initiatives: np.ndarray[Any, Any]
    volunteers: np.ndarray[Any, Any]
    participations: np.ndarray[Any, Any]
    citizens: Citizens
    ties: Ties
    records: Records

    def copy(self) -> Population:
        """An independent copy; the ties are shared, since nothing writes them."""
        return Population(
            self.towns.copy(),
            self.departments.copy(),
            self.staff.copy(),
            self.initiatives.copy(),
            self.volunteers.copy(),
            self.participations.copy(),
            Citizens(*(column.copy() for column in self.citizens)),
            self.ties,
            Records(*(record.copy() for record in self.records)),
        )
