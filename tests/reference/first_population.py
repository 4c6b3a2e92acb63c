"""The first population: the rows of the package's synthesis, read into objects.

This is the only place of the reference that knows rows. The state of a simulation that has run
is read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.population.schema import FREE, KNOWN, RECOVERED, WAITING, Population

from .citizens import YEAR, Citizen, Participation, Volunteer
from .collaboration import Department, Initiative, StaffMember
from .town import Municipality

if TYPE_CHECKING:
    from .model import ReferenceModel

STATE_OF_VOLUNTEER = (
    "tenure_months",
    "tolerance",
    "expected",
    "autonomy",
    "competence",
    "relatedness",
    "motivation",
    "controlled_motivation",
    "ownership",
    "exhaustion",
    "contact_hours",
    "friends",
)
STATE_OF_INITIATIVE = (
    "age_months",
    "idle_months",
    "company",
    "company_wish",
    "contact_hours",
    "clarity",
    "fit",
    "influence",
    "promised",
    "authorship",
    "leeway",
    "substitution",
    "strain",
    "backing",
    "quality",
    "overload",
    "left",
    "left_before",
)
STATE_OF_STAFF = ("skill", "concern", "satisfaction", "tenure_months", "vacant_months")
STATE_OF_CITIZEN = (
    "age_band",
    "loneliness",
    "set_point",
    "ties_gained",
    "push",
    "score_sum",
    "entered_month",
)
MEANS_OF_TOWN = (
    "loneliness_level",
    "volunteering_tradition",
    "hours_level",
    "mean_loneliness",
    "mean_skill",
    "mean_concern",
    "mean_substitution",
    "mean_strain",
    "mean_clarity",
    "mean_ownership",
    "mean_autonomy",
    "mean_competence",
    "mean_relatedness",
)


def settle(model: ReferenceModel, population: Population) -> list[Municipality]:
    """Return the municipalities with everybody in them."""
    return [settle_town(model, population, m) for m in range(len(population.towns))]


def settle_town(model: ReferenceModel, population: Population, m: int) -> Municipality:
    """Return one municipality, read from its rows."""
    row = population.towns[m]
    town = Municipality(model, int(row["code"]), int(row["kind"]))
    copy(row, town, MEANS_OF_TOWN)
    town.levels = [[min(1.0, town.loneliness_level * at) for at in own] for own in model.levels]
    town.most_participations = int(row["participation_slots"])
    town.shift = population.records.policy_shift[m].tolist()
    town.trial = population.records.policy_trial[m].tolist()
    town.memory = tuple(population.records.policy_figure[m].tolist())

    def own(table, kind: str, size: str):
        return table[row[f"first_{kind}"] :][: row[size]]

    attitudes = population.records.attitude[m * len(DEPARTMENTS) :]
    for number in range(len(DEPARTMENTS)):
        department = Department(town, number)
        department.attitude = attitudes[number].tolist()
        # An agreement is fresh under the status quo until its own state is read below.
        department.take_up(model.instruments, model.status_quo)
        town.departments.append(department)
    for number, member in enumerate(own(population.staff, "staff", "staff")):
        one = StaffMember(town.departments[member["department"]], number)
        copy(member, one, STATE_OF_STAFF)
        one.is_chief = bool(member["chief"])
        town.staff.append(one)
    settle_citizens(town, population, m)
    settle_initiatives(town, own(population.initiatives, "initiative", "initiative_slots"))
    volunteers = own(population.volunteers, "volunteer", "volunteer_slots")
    first_of_team = own(population.initiatives, "initiative", "initiative_slots")
    settle_volunteers(town, volunteers, first_of_team["first_volunteer"])
    for part in own(population.participations, "participation", "participation_slots"):
        if part["citizen"] != FREE:
            settle_participation(town, part, volunteers)
    return town


def copy(row, agent: object, names: tuple[str, ...]) -> None:
    """Set an agent's attributes to the values of a row."""
    for name in names:
        setattr(agent, name, row[name].item())


def settle_citizens(town: Municipality, population: Population, m: int) -> None:
    """Read the citizens and tie them."""
    row = population.towns[m]
    first, adults = int(row["first_citizen"]), int(row["adults"])
    town.citizens = [Citizen(town, number) for number in range(adults)]
    offsets = population.ties.offsets[first + m :]
    neighbours = population.ties.neighbours[row["first_tie"] :]
    for citizen in town.citizens:
        i = first + citizen.number
        for name in STATE_OF_CITIZEN:
            setattr(citizen, name, getattr(population.citizens, name)[i].item())
        flags = int(population.citizens.flags[i])
        citizen.known, citizen.recovered = bool(flags & KNOWN), bool(flags & RECOVERED)
        citizen.waiting = bool(flags & WAITING)
        past = int(population.citizens.lonely_history[i])
        citizen.lonely_months.extend(bool(past >> ago & 1) for ago in reversed(range(YEAR)))
        tied = neighbours[offsets[citizen.number] : offsets[citizen.number + 1]]
        citizen.ties = [town.citizens[other] for other in tied]


def settle_initiatives(town: Municipality, rows) -> None:
    """Read the initiatives into their places."""
    for place, row in enumerate(rows):
        if not row["running"]:
            town.places.append(None)
            continue
        initiative = Initiative(town.departments[row["department"]], int(row["route"]), place)
        copy(row, initiative, STATE_OF_INITIATIVE)
        initiative.form = int(row["format"])
        initiative.affiliated = bool(row["affiliated"])
        town.places.append(initiative)


def settle_volunteers(town: Municipality, rows, first_of_team) -> None:
    """Read the volunteers in the order of their rows, and the teams in the order of the chains."""
    by_row: dict[int, Volunteer] = {}
    for number, row in enumerate(rows):
        if row["citizen"] != FREE:
            initiative = town.places[row["initiative"]]
            volunteer = Volunteer(town.citizens[row["citizen"]], initiative)
            copy(row, volunteer, STATE_OF_VOLUNTEER)
            volunteer.felt_bureaucracy = bool(row["felt_bureaucracy"])
            by_row[number] = volunteer
            town.volunteers.append(volunteer)
    for initiative in town.initiatives:
        number = int(first_of_team[initiative.place])
        while number != FREE:
            initiative.team.append(by_row[number])
            number = int(rows[number]["next_in_team"])


def settle_participation(town: Municipality, row, volunteers) -> None:
    """Read one participation, and who is paired with whom."""
    initiative = town.places[row["initiative"]]
    part = Participation(town.citizens[row["citizen"]], initiative)
    if row["companion"] != FREE:
        part.pair_with(town.citizens[volunteers[row["companion"]]["citizen"]].volunteering)
    part.months = int(row["months"])
    part.bond = float(row["bond"])
    part.comfort = float(row["comfort"])
    town.participations.append(part)
