"""Frames: series of outcomes and snapshots of any entity, and checked writes to columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs.evidence import AGE_BANDS, ANSWERS, MUNICIPALITY_KINDS
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.measures import outcomes, retention
from velfaerd_sim.measures import questionnaire as six_routes
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.model import surveys
from velfaerd_sim.model.own_code import WRITABLE
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import (
    CITIZEN,
    FORMATS,
    FREE,
    KNOWN,
    PARTICIPATING,
    RECOVERED,
    ROUTES,
    VOLUNTEERING,
    WAITING,
)

SNAPSHOTS = ("citizens", "volunteers", "participations", "initiatives", "staff", "municipalities")
_AGE_BAND_TYPE = pd.CategoricalDtype(list(AGE_BANDS), ordered=True)


def series_values(simulation: Simulation) -> NDArray[np.float64]:
    """Outcomes by municipality and month, 0 to the month reached; (towns, months + 1, outcomes)."""
    until = simulation.scenario.burn_in_months + max(0, simulation.month) + 1
    return simulation.measured(last=until)


def series(simulation: Simulation) -> pd.DataFrame:
    """One row a municipality and month: municipality (code), month, then a column an outcome."""
    values = series_values(simulation)
    towns, months, count = values.shape
    codes = simulation.population.towns["code"]
    frame = pd.DataFrame(values.reshape(-1, count), columns=list(outcomes.NAMES))
    frame.insert(0, "month", np.tile(np.arange(months), towns))
    frame.insert(0, "municipality", np.repeat(codes, months))
    return frame


def _check_entity(entity: str, known: Any) -> None:
    if entity not in known:
        raise InputError(
            "entity", entity, refusal("one_of", names=", ".join(known)), nearest(entity, known)
        )


def active_rows(simulation: Simulation, entity: str) -> NDArray[np.int64]:
    """Row numbers of an entity that are in use now, ascending."""
    state = simulation.population
    if entity == "volunteers":
        return np.flatnonzero(state.volunteers["citizen"] != FREE)
    if entity == "participations":
        return np.flatnonzero(state.participations["citizen"] != FREE)
    if entity == "initiatives":
        return np.flatnonzero(state.initiatives["running"] == 1)
    if entity == "citizens":
        return np.arange(len(state.citizens.loneliness))
    if entity == "staff":
        return np.arange(len(state.staff))
    return np.arange(len(state.towns))


def town_of(simulation: Simulation, rows: NDArray[np.int64], first: str) -> NDArray[np.int64]:
    """Index of the municipality that each row belongs to; first: e.g. 'first_volunteer'."""
    starts = simulation.population.towns[first]
    return np.searchsorted(starts, rows, side="right") - 1


def _citizens(simulation: Simulation) -> pd.DataFrame:
    state = simulation.population
    people = state.citizens
    rows = active_rows(simulation, "citizens")
    towns = town_of(simulation, rows, "first_citizen")
    flags = people.flags
    scores = tils_scores(people.loneliness)
    starts = state.ties.offsets[rows + towns]
    return pd.DataFrame(
        {
            "citizen_id": rows,
            "municipality": state.towns["code"][towns],
            "age_band": pd.Categorical.from_codes(people.age_band, dtype=_AGE_BAND_TYPE),
            "loneliness": people.loneliness.copy(),
            "tils_score": scores,
            "lonely": scores >= LONELY_FROM,
            "known": (flags & KNOWN) != 0,
            "participating": (flags & PARTICIPATING) != 0,
            "is_volunteer": (flags & VOLUNTEERING) != 0,
            "recovered": (flags & RECOVERED) != 0,
            "waiting": (flags & WAITING) != 0,
            "set_point": people.set_point.copy(),
            "ties_gained": people.ties_gained.copy(),
            "ties": state.ties.offsets[rows + towns + 1] - starts,
        }
    )


def _with_place(
    simulation: Simulation, entity: str, table: NDArray[Any], name: str
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    rows = active_rows(simulation, entity)
    towns = town_of(simulation, rows, f"first_{name}")
    assert table.dtype.names is not None
    frame = pd.DataFrame({column: table[column][rows] for column in table.dtype.names})
    frame.insert(0, "municipality", simulation.population.towns["code"][towns])
    return frame, rows, towns


def _members(simulation: Simulation, entity: str) -> pd.DataFrame:
    """Volunteers or participations, with citizens and initiatives numbered over the whole run."""
    state = simulation.population
    table = state.volunteers if entity == "volunteers" else state.participations
    frame, _, towns = _with_place(simulation, entity, table, entity[:-1])
    frame["citizen"] += state.towns["first_citizen"][towns]
    frame["initiative"] += state.towns["first_initiative"][towns]
    frame = frame.rename(columns={"citizen": "citizen_id"})
    if entity == "volunteers":
        return frame.drop(columns=["next_in_team"])
    companions = frame["companion"].to_numpy()
    first = state.towns["first_volunteer"][towns]
    persons = state.volunteers["citizen"][np.maximum(companions, 0) + first]
    frame["companion"] = np.where(
        companions == FREE, FREE, persons + state.towns["first_citizen"][towns]
    )
    return frame.rename(columns={"companion": "companion_citizen_id"})


def snapshot(simulation: Simulation, entity: str) -> pd.DataFrame:
    """The rows of an entity as they are now.

    entity: citizens, volunteers, participations, initiatives, staff or municipalities. Raises
    InputError for any other.
    """
    _check_entity(entity, SNAPSHOTS)
    state = simulation.population
    if entity == "citizens":
        return _citizens(simulation)
    if entity in ("volunteers", "participations"):
        return _members(simulation, entity)
    if entity == "initiatives":
        frame, rows, _ = _with_place(simulation, entity, state.initiatives, "initiative")
        frame.insert(0, "initiative", rows)
        frame["department"] = np.array(DEPARTMENTS)[frame["department"]]
        frame["route"] = np.array(ROUTES)[frame["route"]]
        frame["format"] = np.array(FORMATS)[frame["format"]]
        return frame.drop(columns=["running", "first_volunteer"])
    if entity == "staff":
        frame, rows, _ = _with_place(simulation, entity, state.staff, "staff")
        frame.insert(0, "staff_id", rows)
        frame["department"] = np.array(DEPARTMENTS)[frame["department"]]
        return frame
    return _municipalities(simulation)


def _municipalities(simulation: Simulation) -> pd.DataFrame:
    state = simulation.population
    names = [
        name
        for name in state.towns.dtype.names or ()
        if not name.startswith(("first_", "free_")) and not name.endswith("_slots")
    ]
    frame = pd.DataFrame({name: state.towns[name] for name in names})
    frame["kind"] = np.array(MUNICIPALITY_KINDS)[frame["kind"]]
    frame.insert(1, "name", [town.name for town in simulation.scenario.towns])
    return frame.rename(columns={"code": "municipality"})


def column_of(simulation: Simulation, entity: str, column: str) -> NDArray[Any]:
    """The whole column of an entity, free rows included; a view that can be written."""
    state = simulation.population
    if entity == "citizens":
        names = [c.name for c in CITIZEN]
        result: NDArray[Any] = state.citizens[names.index(column)]
        return result
    name = "towns" if entity == "municipalities" else entity
    values: NDArray[Any] = getattr(state, name)[column]
    return values


def write(simulation: Simulation, entity: str, column: str, values: object) -> None:
    """Write a column that an experiment may change, for all rows in use.

    values: one number in [0, 1] or one a row, in the order of the snapshot. Raises InputError for
    another entity, column, number of values, type, NaN, or a value out of [0, 1].
    """
    _check_entity(entity, WRITABLE)
    columns = WRITABLE[entity]
    if column not in columns:
        place = f"column of {entity}"
        raise InputError(
            place, column, refusal("one_of", names=", ".join(columns)), nearest(column, columns)
        )
    rows = active_rows(simulation, entity)
    place = f"{entity}.{column}"
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(place, values, "numbers from 0 to 1") from None
    if numbers.ndim > 0 and numbers.shape != (len(rows),):
        raise InputError(place, f"shape {numbers.shape}", f"one number or {len(rows)} numbers")
    wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
    if wrong.any():
        first = numbers[wrong].flat[0]
        raise InputError(place, float(first), "numbers from 0 to 1")
    column_of(simulation, entity, column)[rows] = numbers


def ties(simulation: Simulation) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The network as compressed sparse rows: offsets (citizens + 1) and neighbours, citizen ids.

    The ties of citizen i are neighbours[offsets[i]:offsets[i + 1]], ascending; each tie stands in
    both rows.
    """
    state = simulation.population
    adults = state.towns["adults"]
    neighbours = state.ties.neighbours.astype(np.int64)
    offsets = np.zeros(len(state.citizens.loneliness) + 1, np.int64)
    ends = np.append(state.towns["first_tie"][1:], len(neighbours))
    for m, town in enumerate(state.towns):
        first = int(town["first_citizen"])
        own = state.ties.offsets[first + m : first + m + int(adults[m]) + 1]
        offsets[first : first + len(own)] = own + town["first_tie"]
        neighbours[town["first_tie"] : ends[m]] += first
    return offsets, neighbours


def questionnaire(simulation: Simulation) -> pd.DataFrame:
    """Per cent of heads of department by route (rows) and answer (columns), as they answer now."""
    state = simulation.population
    scenario = simulation.scenario
    row = simulation.month + scenario.burn_in_months
    answers = six_routes.ask_heads(
        state.records.route_starts, state.towns["code"], scenario.seed, row, simulation.parameters
    )
    return pd.DataFrame(
        six_routes.table(answers), index=pd.Index(ROUTES, name="route"), columns=list(ANSWERS)
    )


def volunteer_survey(simulation: Simulation) -> pd.DataFrame:
    """What each volunteer answers now on bureaucracy and on continuing; a row a volunteer."""
    asked = surveys.volunteers_now(simulation)
    scores, continuing = surveys.intentions(simulation, asked)
    towns = simulation.population.towns
    return pd.DataFrame(
        {
            "citizen_id": towns["first_citizen"][asked.town] + asked.citizen,
            "municipality": towns["code"][asked.town],
            "felt_bureaucracy": asked.felt,
            "intention_score": scores,
            "will_continue": continuing,
            "motivation": asked.autonomous,
            "controlled_motivation": asked.controlled,
        }
    )


def retention_curve(simulation: Simulation, first_month: int, last_month: int) -> pd.DataFrame:
    """Kaplan-Meier curve of the volunteers who joined in the months first_month .. last_month."""
    start = simulation.scenario.burn_in_months
    until = start + simulation.month + 1
    curve = retention.cohort_curve(
        simulation.at_risk[:, :until],
        simulation.ended[:, :until],
        start + first_month,
        start + last_month,
    )
    return pd.DataFrame(
        {
            "months": np.arange(len(curve.share)),
            "share": curve.share,
            "low": curve.low,
            "high": curve.high,
            "at_risk": np.append(curve.at_risk, 0),
            "ended": np.append(curve.ended, 0),
        }
    )
