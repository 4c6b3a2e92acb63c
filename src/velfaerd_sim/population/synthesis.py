"""The first population: who there is before the burn-in.

Every draw is keyed by the municipality's code and the person, initiative or staff member, so a
municipality's people do not depend on which others are simulated with it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.curves import clip, exponential, logarithm
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS as KINDS
from velfaerd_sim.inputs.evidence import age_shares
from velfaerd_sim.inputs.parameters import as_record
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.population.membership import (
    admit,
    enrol,
    participant_place,
    volunteer_place,
)
from velfaerd_sim.population.schema import (
    CITIZEN,
    DEPARTMENT_TYPE,
    FREE,
    INITIATIVE_TYPE,
    KNOWN,
    PARTICIPATION_TYPE,
    ROUTES,
    STAFF_TYPE,
    TOWN_TYPE,
    VOLUNTEER_TYPE,
    Citizens,
    Population,
    Records,
    Ties,
)
from velfaerd_sim.population.ties import tie
from velfaerd_sim.population.traits import route_influence, set_point_mean
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
    uniform,
    unit,
    words,
)

NEIGHBOURHOOD = 150
STEPS = 512
LONELY_FROM = 4.0 / 7.0
RURAL, LARGE_CITY, CAPITAL = (KINDS.index(k) for k in ("rural", "large_city", "capital"))


@entry
def level_quantiles(means: Any, concentration: float) -> Any:
    """Quantiles of the loneliness level by age band: beta with a mean and a + b = concentration.

    means: float64 (8,). Returns float64 (8, STEPS + 1), at ranks 0, 1/STEPS, ... 1. The density is
    summed over x = z squared, which tames it at 0.
    """
    table = np.empty((len(means), STEPS + 1))
    mass = np.empty(STEPS)
    for band in range(len(means)):
        a = means[band] * concentration
        b = concentration - a
        total = 0.0
        for step in range(STEPS):
            z = (step + 0.5) / STEPS
            x = z * z
            mass[step] = exponential(
                (2.0 * a - 1.0) * logarithm(z) + (b - 1.0) * logarithm(1.0 - x)
            )
            total += mass[step]
        step = 0
        below = 0.0
        for rank in range(STEPS + 1):
            wanted = rank / STEPS * total
            while step < STEPS - 1 and below + mass[step] < wanted:
                below += mass[step]
                step += 1
            z = (step + min(1.0, (wanted - below) / mass[step])) / STEPS
            table[band, rank] = z * z
    return table


@lru_cache(maxsize=64)
def _quantiles(means: tuple[float, ...], concentration: float) -> Any:
    return level_quantiles(np.array(means), concentration)


@lru_cache(maxsize=64)
def _age_mix(kind: int, rural: float, urban: float) -> Any:
    """Cumulative shares of the age bands, tilted by type of municipality; float64 (8,)."""
    shares = np.array(age_shares())
    tilt = rural if kind == RURAL else -urban if kind in (LARGE_CITY, CAPITAL) else 0.0
    for band in range(len(shares)):
        shares[band] *= exponential(tilt * (band - 3.5))
    cumulative = np.cumsum(shares)
    return cumulative / cumulative[-1]


@kernel
def born_bands(age_band: Any, age_mix: Any, key: Key) -> None:
    """Draw age bands and order them within each neighbourhood."""
    adults = len(age_band)
    counts = np.zeros(8, np.int64)
    for first in range(0, adults, NEIGHBOURHOOD):
        last = min(adults, first + NEIGHBOURHOOD)
        counts[:] = 0
        for i in range(first, last):
            u = uniform(key, BORN_AGE, 0, i)
            band = 0
            while band < 7 and u >= age_mix[band]:
                band += 1
            counts[band] += 1
        i = first
        for band in range(8):
            for _ in range(counts[band]):
                age_band[i] = band
                i += 1


@kernel
def born_citizens(citizens: Any, age_mix: Any, quantiles: Any, key: Key, p: Any) -> None:
    """Draw age, loneliness level, loneliness, and whether the municipality knows the person."""
    born_bands(citizens.age_band, age_mix, key)
    for i in range(len(citizens.loneliness)):
        drawn = words(key, BORN_AGE, 0, i)
        rank = unit(drawn[1]) * STEPS
        step = int(rank)
        row = quantiles[citizens.age_band[i]]
        level = row[step] + (rank - step) * (row[step + 1] - row[step])
        citizens.set_point[i] = level
        citizens.loneliness[i] = clip(level + 2.5 * p.loneliness_noise * centred(drawn[2]))
        lonely = citizens.loneliness[i] >= LONELY_FROM
        known = p.known_rate_others / (p.known_rate_others + p.forgotten_rate + 1e-9)
        if lonely:
            known = p.known_rate_lonely / (p.known_rate_lonely + 0.02)
        citizens.flags[i] = KNOWN if unit(drawn[3]) < known else 0
        citizens.lonely_history[i] = 0xFFFF if lonely else 0


@kernel
def born_staff(staff: Any, key: Key, p: Any) -> None:
    """Draw staff: the first half, at most one a department, are heads."""
    heads = min(len(DEPARTMENTS), len(staff) // 2)
    for s in range(len(staff)):
        staff[s].department = s % len(DEPARTMENTS)
        staff[s].chief = 1 if s < heads else 0
        staff[s].skill = clip(p.entry_skill + 0.4 * uniform(key, BORN_STAFF_SKILL, 0, s))
        staff[s].concern = p.concern_base
        staff[s].satisfaction = 0.65
        staff[s].tenure_months = int(-60.0 * logarithm(uniform(key, BORN_STAFF_TENURE, 0, s)))
        staff[s].vacant_months = 0


@kernel
def born_initiatives(
    town: Any, initiatives: Any, routes: Any, status_quo: Any, key: Key, p: Any
) -> None:
    """Draw the initiatives that run at the start; routes: cumulative shares, float64 (6,)."""
    for k in range(len(initiatives)):
        ini = initiatives[k]
        ini.first_volunteer = FREE
        drawn = words(key, BORN_INITIATIVE, 0, k)
        if (
            unit(drawn[0]) * len(initiatives) * 1000.0
            >= p.initial_initiatives_per_1000 * town.adults
        ):
            continue
        route = 0
        while route < 5 and unit(drawn[1]) >= routes[route]:
            route += 1
        age = words(key, BORN_INITIATIVE_AGE, 0, k)
        ini.running = 1
        ini.route = route
        ini.department = int(unit(age[1]) * len(DEPARTMENTS))
        ini.format = 0 if unit(drawn[2]) < p.one_to_one_share else 1
        ini.affiliated = 1 if unit(drawn[3]) < p.affiliated_share else 0
        ini.age_months = int(-36.0 * logarithm(unit(age[0])))
        now = status_quo[ini.department]
        ini.clarity = now.role_clarity
        ini.fit = 0.5
        ini.effective_clarity = 0.5 * ini.clarity
        ini.influence = route_influence(route, p)
        ini.promised = now.influence
        ini.authorship = ini.influence
        ini.leeway = 0.6
        ini.quality = 0.5
        ini.backing = 0.5
        town.initiatives += 1


@kernel
def born_members(
    town: Any,
    initiatives: Any,
    volunteers: Any,
    participations: Any,
    citizens: Any,
    key: Key,
    p: Any,
) -> None:
    """Make some citizens volunteers and some of the lonely participants."""
    share = p.initial_volunteer_share / max(0.05, 1.0 - 0.25 * p.lonely_stay_away)
    adults = len(citizens.loneliness)
    for step in range(adults):
        # From both ends in turn, so that no part of the rows has the first choice of places.
        i = step // 2 if step % 2 == 0 else adults - 1 - step // 2
        chance = share * (1.0 - p.lonely_stay_away * citizens.loneliness[i])
        if uniform(key, BORN_VOLUNTEER, 0, i) < chance:
            k = volunteer_place(initiatives, key, BORN_VOLUNTEER_PROBE, 0, i, p)
            if k != FREE:
                row = enrol(town, volunteers, initiatives, citizens, key, i, k, p)
                tenure = -logarithm(uniform(key, BORN_TENURE, 0, i))
                volunteers[row].tenure_months = int(36.0 * tenure)
                volunteers[row].contact_hours = 0.8 * p.volunteer_hours
                initiatives[k].contact_hours += volunteers[row].contact_hours
    for step in range(adults):
        i = step // 2 if step % 2 == 0 else adults - 1 - step // 2
        lonely = citizens.loneliness[i] >= LONELY_FROM
        free = citizens.flags[i] & np.uint8(2) == 0
        if lonely and free and uniform(key, BORN_PARTICIPANT, 0, i) < 0.2:
            k = participant_place(initiatives, key, BORN_PARTICIPANT_PROBE, 0, i, p)
            if k != FREE and town.free_participation != FREE:
                row = admit(town, participations, volunteers, initiatives, citizens, i, k)
                participations[row].bond = uniform(key, BORN_BOND, 0, i)


@entry
def born_town(
    town_rows: Any,
    staff: Any,
    initiatives: Any,
    volunteers: Any,
    participations: Any,
    citizens: Any,
    attitude: Any,
    shift: Any,
    status_quo: Any,
    age_mix: Any,
    quantiles: Any,
    routes: Any,
    vary: bool,
    key: Key,
    parameters: Any,
) -> None:
    """Draw one municipality's people, initiatives and staff into its rows."""
    town = town_rows[0]
    p = parameters[0]
    for row in range(len(volunteers)):
        volunteers[row].citizen = FREE
        volunteers[row].initiative = row + 1 if row + 1 < len(volunteers) else FREE
    for row in range(len(participations)):
        participations[row].citizen = FREE
        participations[row].initiative = row + 1 if row + 1 < len(participations) else FREE
    town.mean_autonomy = 0.55
    town.mean_competence = 0.55
    town.mean_relatedness = 0.55
    town.mean_ownership = 0.3
    born_citizens(citizens, age_mix, quantiles, key, p)
    born_staff(staff, key, p)
    born_initiatives(town, initiatives, routes, status_quo, key, p)
    born_members(town, initiatives, volunteers, participations, citizens, key, p)
    skill = 0.0
    for s in range(len(staff)):
        skill += staff[s].skill
    town.mean_skill = skill / len(staff)
    town.mean_concern = p.concern_base
    loneliness = 0.0
    for i in range(len(citizens.loneliness)):
        loneliness += np.float64(citizens.loneliness[i])
    town.mean_loneliness = loneliness / len(citizens.loneliness)
    spread = p.chief_attitude_spread
    for d in range(attitude.shape[0]):
        for route in range(attitude.shape[1]):
            z = centred(words(key, BORN_ATTITUDE, 0, 6 * d + route)[0])
            attitude[d, route] = exponential(spread * z - 0.5 * spread * spread)
    if vary:
        for q in range(len(shift)):
            shift[q] = p.policy_variation * centred(words(key, POLICY_INITIAL, 0, q)[2])


def _layout(scenario: Scenario, values: dict[str, float]) -> np.ndarray[Any, Any]:
    """Municipality rows with the place of each in the other tables."""
    towns = np.zeros(len(scenario.towns), TOWN_TYPE)
    places = np.zeros(5, np.int64)
    for m, town in enumerate(scenario.towns):
        slots = max(2, ceil(values["initiative_slots_per_1000"] * town.adults / 1000.0))
        sizes = (
            town.adults,
            max(2, round(town.adults / values["adults_per_staff"])),
            slots,
            slots * ceil(values["volunteers_per_initiative"]),
            max(20, ceil(0.15 * town.adults)),
        )
        row = towns[m]
        row["code"], row["kind"], row["adults"] = town.code, KINDS.index(town.kind), town.adults
        for name, place in zip(
            ("citizen", "staff", "initiative", "volunteer", "participation"), places, strict=True
        ):
            row[f"first_{name}"] = place
        row["staff"], row["initiative_slots"] = sizes[1], sizes[2]
        row["volunteer_slots"], row["participation_slots"] = sizes[3], sizes[4]
        row["capacity"], row["served_first"], row["served_dialogue"] = 0.8, 1.0, 0.8
        places += sizes
    return towns


def _rows(towns: np.ndarray[Any, Any], name: str, size: str) -> int:
    return int(towns[-1][f"first_{name}"] + towns[-1][size])


def allocate(scenario: Scenario) -> Population:
    """The tables of a scenario's population, with municipalities laid out and nobody in them."""
    towns = _layout(scenario, scenario.parameter_values())
    count = len(towns)
    adults = _rows(towns, "citizen", "adults")
    per_town = len(DEPARTMENTS)
    population = Population(
        towns=towns,
        departments=np.zeros(count * per_town, DEPARTMENT_TYPE),
        staff=np.zeros(_rows(towns, "staff", "staff"), STAFF_TYPE),
        initiatives=np.zeros(_rows(towns, "initiative", "initiative_slots"), INITIATIVE_TYPE),
        volunteers=np.zeros(_rows(towns, "volunteer", "volunteer_slots"), VOLUNTEER_TYPE),
        participations=np.zeros(
            _rows(towns, "participation", "participation_slots"), PARTICIPATION_TYPE
        ),
        citizens=Citizens(*(np.zeros(adults, column.dtype) for column in CITIZEN)),
        ties=Ties(np.zeros(adults + count, np.int32), np.zeros(0, np.int32)),
        records=Records(
            route_starts=np.zeros((count * per_town, 36, len(ROUTES)), np.int32),
            attitude=np.zeros((count * per_town, len(ROUTES))),
            policy_shift=np.zeros((count, 8)),
            policy_trial=np.zeros((count, 8)),
            policy_figure=np.zeros((count, 2)),
        ),
    )
    population.departments["town"] = np.repeat(np.arange(count), per_town)
    return population


def synthesise(
    scenario: Scenario, status_quo: np.ndarray[Any, Any], threads: int = 1
) -> Population:
    """The population of a scenario at the first month of its burn-in.

    status_quo: records (departments,) of the instruments in force. The result does not depend on
    the number of threads.
    """
    values = scenario.parameter_values()
    record = as_record(values)
    population = allocate(scenario)
    towns = population.towns
    people = population.citizens
    count = len(towns)
    per_town = len(DEPARTMENTS)
    means = tuple(float(set_point_mean(band, record[0])) for band in range(8))
    quantiles = _quantiles(means, values["set_point_concentration"])
    mean_level = float(np.dot(means, age_shares()))
    names = ("invited_organisations", "recruited_individuals", "dialogue", "users")
    rates = [values[f"opening_{name}"] for name in (*names, "local_actors", "national_actors")]
    routes = np.cumsum(rates) / max(1e-9, sum(rates))

    def build(m: int) -> np.ndarray[Any, Any]:
        row = towns[m]
        key = key_of(scenario.seed, int(row["code"]))

        def own(table: Any, name: str, size: str) -> Any:
            return table[row[f"first_{name}"] : row[f"first_{name}"] + row[size]]

        mine = Citizens(*(own(column, "citizen", "adults") for column in people))
        born_town(
            towns[m : m + 1],
            own(population.staff, "staff", "staff"),
            own(population.initiatives, "initiative", "initiative_slots"),
            own(population.volunteers, "volunteer", "volunteer_slots"),
            own(population.participations, "participation", "participation_slots"),
            mine,
            population.records.attitude[m * per_town : (m + 1) * per_town],
            population.records.policy_shift[m],
            status_quo,
            _age_mix(int(row["kind"]), values["age_tilt_rural"], values["age_tilt_urban"]),
            quantiles,
            routes,
            scenario.local_variation,
            key,
            record,
        )
        first = row["first_citizen"] + m
        offsets = population.ties.offsets[first : first + row["adults"] + 1]
        neighbours: np.ndarray[Any, Any] = tie(
            mine.set_point,
            mean_level,
            values["mean_ties"],
            values["long_tie_share"],
            values["lonely_fewer_ties"],
            key,
            offsets,
        )
        return neighbours

    if threads == 1 or count == 1:
        neighbours = [build(m) for m in range(count)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            neighbours = list(pool.map(build, range(count)))
    sizes = np.array([len(part) for part in neighbours])
    towns["first_tie"] = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    joined = neighbours[0] if count == 1 else np.concatenate(neighbours)
    population.ties = Ties(population.ties.offsets, joined)
    return population
