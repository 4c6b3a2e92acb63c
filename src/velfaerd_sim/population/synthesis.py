"""The first population: who there is before the burn-in.

Every draw is keyed by the municipality's code and the person, initiative or staff member, so a
municipality's people do not depend on which others are simulated with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from velfaerd_sim.compiled import entry, in_python, kernel, rule
from velfaerd_sim.curves import clip, logarithm
from velfaerd_sim.inputs.evidence import age_shares
from velfaerd_sim.inputs.parameters import as_record
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.population.bundles import People, rows_of
from velfaerd_sim.population.layout import allocate
from velfaerd_sim.population.levels import (
    STEPS,
    age_mixes,
    level_at,
    levels_of_town,
    quantiles_of,
)
from velfaerd_sim.population.membership import (
    admit,
    enrol,
    participant_place,
    volunteer_place,
)
from velfaerd_sim.population.scale import is_lonely
from velfaerd_sim.population.schema import (
    BAND_COUNT,
    DEPARTMENT_COUNT,
    FREE,
    GROUP,
    HISTORY,
    KNOWN,
    ONE_TO_ONE,
    ROUTE_COUNT,
    VOLUNTEERING,
    Population,
    Ties,
)
from velfaerd_sim.population.stationary import (
    Stationary,
    first_known,
    first_loneliness,
    levels_with_ties,
    lonely_a_year_ago,
    stationary_of,
)
from velfaerd_sim.population.ties import tie
from velfaerd_sim.population.traits import (
    TINY,
    company_wish,
    log_normal,
    opening_rate,
    own_say,
    route_influence,
    set_point_mean,
)
from velfaerd_sim.randomness import (
    BORN_AGE,
    BORN_ATTITUDE,
    BORN_BOND,
    BORN_INITIATIVE,
    BORN_INITIATIVE_AGE,
    BORN_PARTICIPANT,
    BORN_PARTICIPANT_PROBE,
    BORN_STAFF_SKILL,
    BORN_STAFF_TENURE,
    BORN_TENURE,
    BORN_VOLUNTEER,
    BORN_VOLUNTEER_PROBE,
    POLICY_INITIAL,
    Key,
    centred,
    key_of,
    lower_end,
    uniform,
    unit,
    words,
)


@rule
def exponential_number(u: float, mean: float) -> int:
    """The whole part of the exponential number at rank 1 - u, u in (0, 1), with a mean."""
    return int(-mean * logarithm(u))


@kernel
def born_bands(age_band: Any, age_mix: Any, key: Key, neighbourhood: int) -> None:
    """Draw age bands and order them within each neighbourhood of so many adults."""
    adults = len(age_band)
    counts = np.zeros(BAND_COUNT, np.int64)
    for first in range(0, adults, neighbourhood):
        last = min(adults, first + neighbourhood)
        counts[:] = 0
        for i in range(first, last):
            u = uniform(key, BORN_AGE, 0, i)
            band = 0
            while band < BAND_COUNT - 1 and u >= age_mix[band]:
                band += 1
            counts[band] += 1
        i = first
        for band in range(BAND_COUNT):
            for _ in range(counts[band]):
                age_band[i] = band
                i += 1


@kernel
def born_levels(citizens: Any, age_mix: Any, quantiles: Any, key: Key, p: Any) -> None:
    """Draw age and loneliness level."""
    born_bands(citizens.age_band, age_mix, key, int(p.neighbourhood_adults))
    for i in range(len(citizens.set_point)):
        rank = unit(words(key, BORN_AGE, 0, i)[1]) * STEPS
        citizens.set_point[i] = level_at(quantiles[citizens.age_band[i]], rank)


@kernel
def history_of(lonely: bool, before: bool, u: float) -> int:
    """Months in which a person was lonely, as bits: one change in the year where there was one."""
    since = 1 + int(u * YEAR)
    months = (1 << since) - 1
    now = months if lonely else 0
    return now | (HISTORY & ~months if before else 0)


@kernel
def born_citizens(citizens: Any, ties: Ties, stationary: Stationary, key: Key, p: Any) -> None:
    """Draw loneliness, and whether the municipality knows the person, as they settle in time.

    The upper ends of two words decide on now, the lower ones on a year ago.
    """
    levels = np.empty(len(citizens.loneliness))
    ratio = p.contagion_strength / p.set_point_rate
    levels_with_ties(citizens.set_point, ties, stationary, ratio, levels)
    for i in range(len(citizens.loneliness)):
        _, _, level_word, known_word = words(key, BORN_AGE, 0, i)
        level = first_loneliness(stationary, levels[i], unit(level_word))
        known = first_known(stationary, levels[i], level, unit(known_word))
        before = lonely_a_year_ago(stationary, levels[i], level, lower_end(known_word))
        citizens.loneliness[i] = level
        citizens.flags[i] = KNOWN if known else 0
        citizens.lonely_history[i] = history_of(
            is_lonely(np.float64(citizens.loneliness[i])), before, lower_end(level_word)
        )


@kernel
def born_staff(staff: Any, key: Key, p: Any) -> None:
    """Draw staff: the first half, at most one a department, are heads."""
    heads = min(DEPARTMENT_COUNT, len(staff) // 2)
    for s in range(len(staff)):
        staff[s].department = s % DEPARTMENT_COUNT
        staff[s].chief = 1 if s < heads else 0
        more = p.initial_skill_spread * uniform(key, BORN_STAFF_SKILL, 0, s)
        staff[s].skill = clip(p.entry_skill + more)
        staff[s].concern = p.concern_base
        staff[s].satisfaction = p.initial_satisfaction
        u = uniform(key, BORN_STAFF_TENURE, 0, s)
        staff[s].tenure_months = exponential_number(u, p.initial_staff_tenure)
        staff[s].vacant_months = 0


@kernel
def route_shares(p: Any) -> Any:
    """Cumulative shares of the routes among all starts, float64 (routes,)."""
    shares = np.empty(ROUTE_COUNT)
    total = 0.0
    for route in range(ROUTE_COUNT):
        total += opening_rate(route, p)
        shares[route] = total
    for route in range(ROUTE_COUNT):
        shares[route] /= max(TINY, total)
    return shares


@kernel
def born_initiatives(town: Any, initiatives: Any, status_quo: Any, key: Key, p: Any) -> None:
    """Draw the initiatives that run at the start."""
    routes = route_shares(p)
    running = p.initial_initiatives_per_1000 * town.adults
    for k in range(len(initiatives)):
        ini = initiatives[k]
        ini.first_volunteer = FREE
        slot, origin, form, tie_word = words(key, BORN_INITIATIVE, 0, k)
        if unit(slot) * len(initiatives) * 1000.0 >= running:
            continue
        route = 0
        while route < ROUTE_COUNT - 1 and unit(origin) >= routes[route]:
            route += 1
        age = words(key, BORN_INITIATIVE_AGE, 0, k)
        ini.running = 1
        ini.route = route
        ini.department = int(unit(age[1]) * DEPARTMENT_COUNT)
        ini.format = ONE_TO_ONE if unit(form) < p.one_to_one_share else GROUP
        ini.affiliated = 1 if unit(tie_word) < p.affiliated_share else 0
        ini.company_wish = company_wish(unit(age[2]), p)
        ini.age_months = exponential_number(unit(age[0]), p.initial_initiative_age)
        now = status_quo[ini.department]
        ini.clarity = now.role_clarity
        ini.fit = p.initial_fit
        ini.effective_clarity = ini.clarity * ini.fit
        ini.influence = own_say(route_influence(route, p), now.rigidity, p)
        ini.promised = ini.influence
        ini.authorship = ini.influence
        ini.leeway = p.initial_leeway
        ini.quality = p.quality_at_start
        ini.backing = p.backing_at_start
        town.initiatives += 1


@kernel
def born_members(town: Any, people: People, key: Key, p: Any) -> None:
    """Make some citizens volunteers and some of the lonely participants."""
    initiatives, volunteers, citizens = people.initiatives, people.volunteers, people.citizens
    share = p.initial_volunteer_share / (1.0 - p.initial_mean_loneliness * p.lonely_stay_away)
    share *= town.volunteering_tradition
    adults = len(citizens.loneliness)
    for step in range(adults):
        # From both ends in turn, so that no part of the rows has the first choice of places.
        i = step // 2 if step % 2 == 0 else adults - 1 - step // 2
        chance = share * (1.0 - p.lonely_stay_away * citizens.loneliness[i])
        if uniform(key, BORN_VOLUNTEER, 0, i) < chance:
            k = volunteer_place(initiatives, key, BORN_VOLUNTEER_PROBE, 0, i, p)
            if k != FREE:
                row = enrol(town, people, key, i, k, p)
                u = uniform(key, BORN_TENURE, 0, i)
                volunteers[row].tenure_months = exponential_number(u, p.initial_volunteer_tenure)
                hours = p.volunteer_hours * volunteers[row].hours_factor
                volunteers[row].contact_hours = p.initial_hours_share * hours
                initiatives[k].contact_hours += volunteers[row].contact_hours
    for step in range(adults):
        i = step // 2 if step % 2 == 0 else adults - 1 - step // 2
        lonely = is_lonely(np.float64(citizens.loneliness[i]))
        free = citizens.flags[i] & np.uint8(VOLUNTEERING) == 0
        if lonely and free and uniform(key, BORN_PARTICIPANT, 0, i) < p.initial_participant_share:
            k = participant_place(initiatives, key, BORN_PARTICIPANT_PROBE, 0, i, p)
            if k != FREE and town.free_participation != FREE:
                row = admit(town, people, i, k)
                people.participations[row].bond = uniform(key, BORN_BOND, 0, i)


@kernel
def leave_free(rows: Any) -> None:
    """Chain all rows of volunteers, or of participations, as free ones."""
    for row in range(len(rows)):
        rows[row].citizen = FREE
        rows[row].initiative = row + 1 if row + 1 < len(rows) else FREE


@kernel
def first_means(town: Any, staff: Any, citizens: Any, p: Any) -> None:
    """Write the means that the first month reads."""
    skill = 0.0
    for s in range(len(staff)):
        skill += staff[s].skill
    town.mean_skill = skill / len(staff)
    town.mean_concern = p.concern_base
    loneliness = 0.0
    for i in range(len(citizens.loneliness)):
        loneliness += np.float64(citizens.loneliness[i])
    town.mean_loneliness = loneliness / len(citizens.loneliness)


class Start(NamedTuple):
    """What the first population is drawn from.

    status_quo: records (departments,) of the instruments in force; age_mixes: float64 (types of
    municipality, age bands), cumulative shares; quantiles: of the loneliness level by age band, see
    levels.level_quantiles; stationary: of loneliness and being known; vary: whether municipalities
    deviate from what is announced; parameters: record (1,).
    """

    status_quo: Any
    age_mixes: Any
    quantiles: Any
    stationary: Stationary
    vary: bool
    parameters: Any


@entry
def born_people(population: Population, m: int, start: Start, key: Key) -> None:
    """Draw age and loneliness level of the people of municipality m, which ties depend on."""
    town = population.towns[m]
    citizens = rows_of(population, m).people.citizens
    quantiles = levels_of_town(start.quantiles, town.loneliness_level)
    born_levels(citizens, start.age_mixes[town.kind], quantiles, key, start.parameters[0])


@entry
def born_town(population: Population, m: int, neighbours: Any, start: Start, key: Key) -> None:
    """Draw how people are, and the initiatives and staff of municipality m, into its rows."""
    town = population.towns[m]
    own = rows_of(population, m)
    p = start.parameters[0]
    office, people = own.office, own.people
    leave_free(people.volunteers)
    leave_free(people.participations)
    town.mean_autonomy = p.initial_need_level
    town.mean_competence = p.initial_need_level
    town.mean_relatedness = p.initial_need_level
    town.mean_ownership = p.initial_ownership
    ties = Ties(own.ties.offsets, neighbours)
    born_citizens(people.citizens, ties, start.stationary, key, p)
    born_staff(office.staff, key, p)
    born_initiatives(town, people.initiatives, start.status_quo, key, p)
    born_members(town, people, key, p)
    first_means(town, office.staff, people.citizens, p)
    attitude, shift = office.attitude, office.policy_shift
    for d in range(attitude.shape[0]):
        for route in range(ROUTE_COUNT):
            z = centred(words(key, BORN_ATTITUDE, 0, ROUTE_COUNT * d + route)[0])
            attitude[d, route] = log_normal(z, p.chief_attitude_spread)
    if start.vary:
        for q in range(len(shift)):
            shift[q] = p.policy_variation * centred(words(key, POLICY_INITIAL, 0, q)[2])


def level_means(values: Mapping[str, float]) -> tuple[float, ...]:
    """Mean loneliness level of each age band, from the values of the parameters."""
    mean_of = in_python(set_point_mean)
    return tuple(float(mean_of(band, SimpleNamespace(**values))) for band in range(BAND_COUNT))


def synthesise(
    scenario: Scenario, status_quo: np.ndarray[Any, Any], threads: int = 1
) -> Population:
    """The population of a scenario at the first month of its burn-in.

    status_quo: records (departments,) of the instruments in force. The result does not depend on
    the number of threads.
    """
    values = scenario.parameter_values()
    means = level_means(values)
    start = Start(
        status_quo,
        age_mixes(values["age_tilt_rural"], values["age_tilt_urban"]),
        quantiles_of(means, values["set_point_concentration"]),
        stationary_of(values),
        scenario.local_variation,
        as_record(values),
    )
    mean_level = float(np.dot(means, age_shares()))
    population = allocate(scenario)
    count = len(population.towns)

    def build(m: int) -> np.ndarray[Any, Any]:
        key = key_of(scenario.seed, int(population.towns["code"][m]))
        born_people(population, m, start, key)
        neighbours = ties_of(population, m, mean_level, values, key)
        born_town(population, m, neighbours, start, key)
        return neighbours

    if threads == 1 or count == 1:
        neighbours = [build(m) for m in range(count)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            neighbours = list(pool.map(build, range(count)))
    sizes = np.array([len(part) for part in neighbours])
    population.towns["first_tie"] = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    joined = neighbours[0] if count == 1 else np.concatenate(neighbours)
    return population._replace(ties=Ties(population.ties.offsets, joined))


def ties_of(
    population: Population, m: int, mean_level: float, values: Mapping[str, float], key: Key
) -> np.ndarray[Any, Any]:
    """Draw the ties of municipality m; fills in its offsets and returns its neighbours."""
    town = population.towns[m]
    first, adults = int(town["first_citizen"]), int(town["adults"])
    neighbours: np.ndarray[Any, Any] = tie(
        population.citizens.set_point[first : first + adults],
        mean_level,
        values["mean_ties"],
        values["long_tie_share"],
        values["nearest_tie_factor"],
        values["lonely_fewer_ties"],
        key,
        population.ties.offsets[first + m : first + m + adults + 1],
    )
    return neighbours
