"""What happened in a month: the state before it and the state after it, compared.

The engine keeps no list of events. Everything told here is read from two states of the same town,
a month apart; why a volunteer left is asked of the rule that decided it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import in_python
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import FREE, Population
from velfaerd_sim.processes.volunteering import friends_felt, leaving_probability

OPENED, CLOSED = "opened", "closed"
JOINED, LEFT, MOVED = "joined", "left", "moved"
MATCHED, ENDED = "matched", "ended"

CLOSED_INITIATIVE = "closed_initiative"
DEPARTED = "departed"
"""The person moved away or died, and another lives in the row."""
COMPANION_LEFT = "companion_left"
NOT_LONELY = "not_lonely"
DROPPED_OUT = "dropped_out"
EVERYDAY = "everyday"
"""Nothing about the work weighs on the person: the leaving that there always is."""

SMALLEST_REASON = 0.05
"""Log odds from which a strain counts as a reason."""

_AT_EASE: dict[str, float] = {
    "motivation": 0.5,
    "controlled": 0.3,
    "exhaustion": 0.0,
    "ownership": 0.3,
    "strain": 0.0,
    "felt_bureaucracy": 0.0,
    "tenure_months": 0,
    "left": 0.0,
    "rigidity": 0.0,
    "training": 0.0,
}
"""The values at which the terms of the leaving rule are nil; of tenure, that of one not new.

Friends hold people and drive nobody away.
"""

REASONS = (*_AT_EASE, DEPARTED, CLOSED_INITIATIVE, EVERYDAY)
"""Why a volunteer leaves."""

ENDINGS = (DEPARTED, CLOSED_INITIATIVE, COMPANION_LEFT, NOT_LONELY, DROPPED_OUT)
"""Why a participation ends."""


class Event(NamedTuple):
    """One thing that happened.

    kind: one of the words above; citizen: row, FREE for an event of an initiative; initiative:
    slot; other: the slot moved from, or the companion's row, else FREE; reason: a word; odds: how
    many times the reason multiplies the odds of leaving.
    """

    kind: str
    citizen: int
    initiative: int
    other: int = FREE
    reason: str = ""
    odds: float = 1.0


@dataclass(frozen=True)
class Moment:
    """The part of a town's state that the next month is compared with, copied."""

    departments: NDArray[Any]
    initiatives: NDArray[Any]
    volunteers: NDArray[Any]
    participations: NDArray[Any]
    scores: NDArray[np.int64]
    entered: NDArray[Any]


def moment(state: Population) -> Moment:
    """A copy of what there is to compare in the only town of a population."""
    return Moment(
        state.departments.copy(),
        state.initiatives.copy(),
        state.volunteers.copy(),
        state.participations.copy(),
        tils_scores(state.citizens.loneliness),
        state.citizens.entered_month.copy(),
    )


def leaving_terms(
    volunteer: Any, setting: dict[str, float], parameters: dict[str, float]
) -> dict[str, float]:
    """What each circumstance adds to the log odds that a volunteer leaves this month.

    setting: what comes from the initiative, by name of the rule's argument.

    A circumstance's part is the log odds by the rule less the log odds with that circumstance at
    the value where its term is nil; so the parts add up to the whole but for the constant.
    """
    rule = in_python(leaving_probability)
    worth = in_python(friends_felt)
    p = SimpleNamespace(**parameters)
    felt: dict[str, float] = {
        "motivation": float(volunteer["motivation"]),
        "controlled": float(volunteer["controlled_motivation"]),
        "exhaustion": float(volunteer["exhaustion"]),
        "ownership": float(volunteer["ownership"]),
        "felt_bureaucracy": float(volunteer["felt_bureaucracy"]),
        "tenure_months": int(volunteer["tenure_months"]),
        "friends": worth(int(volunteer["friends"]), p),
        **setting,
    }
    whole = _log_odds(rule(**felt, p=p))
    nil = _AT_EASE | {"tenure_months": max(felt["tenure_months"], p.newcomer_months)}
    return {name: whole - _log_odds(rule(**felt | {name: nil[name]}, p=p)) for name in _AT_EASE}


def _log_odds(chance: float) -> float:
    inside = min(1.0 - 1e-12, max(1e-12, chance))
    return math.log(inside / (1.0 - inside))


def why_left(
    volunteer: Any, setting: dict[str, float], parameters: dict[str, float]
) -> tuple[str, float]:
    """The circumstance that adds most to the odds of leaving, and by what factor."""
    terms = leaving_terms(volunteer, setting, parameters)
    name = max(terms, key=lambda each: terms[each])
    if terms[name] < SMALLEST_REASON:
        return EVERYDAY, 1.0
    return name, math.exp(terms[name])


def replaced(before: Moment, after: Moment) -> NDArray[np.bool_]:
    """Rows of citizens in which another person lives than a month ago."""
    other: NDArray[np.bool_] = before.entered != after.entered
    return other


def events_between(
    before: Moment, after: Moment, parameters: dict[str, float]
) -> tuple[Event, ...]:
    """Everything that is told about the month between two moments of a town, in a fixed order."""
    closed = (before.initiatives["running"] == 1) & _renewed(before, after)
    return (
        *_initiative_events(before, after, closed),
        *_volunteer_events(before, after, closed, parameters),
        *_participant_events(before, after, closed),
    )


def _renewed(before: Moment, after: Moment) -> NDArray[np.bool_]:
    """Slots that stand empty or hold an initiative opened this month."""
    now = after.initiatives
    renewed: NDArray[np.bool_] = (now["running"] == 0) | (now["age_months"] == 0)
    return renewed


def _initiative_events(before: Moment, after: Moment, closed: NDArray[Any]) -> Iterator[Event]:
    now = after.initiatives
    for slot in np.flatnonzero(closed).tolist():
        yield Event(CLOSED, FREE, slot)
    for slot in np.flatnonzero((now["running"] == 1) & (now["age_months"] == 0)).tolist():
        yield Event(OPENED, FREE, slot)


def _rows_of(table: NDArray[Any]) -> dict[int, int]:
    """Citizen to row of the rows in use."""
    rows = np.flatnonzero(table["citizen"] != FREE)
    return dict(zip(table["citizen"][rows].tolist(), rows.tolist(), strict=True))


def _volunteer_events(
    before: Moment, after: Moment, closed: NDArray[Any], parameters: dict[str, float]
) -> Iterator[Event]:
    then, now = _rows_of(before.volunteers), _rows_of(after.volunteers)
    was, is_ = before.volunteers, after.volunteers
    for citizen, row in then.items():
        slot = int(was["initiative"][row])
        if citizen not in now or is_["tenure_months"][now[citizen]] == 0:
            reason, odds = _reason(before, after, closed, row, parameters)
            yield Event(LEFT, citizen, slot, FREE, reason, odds)
        elif closed[slot]:
            yield Event(MOVED, citizen, int(is_["initiative"][now[citizen]]), slot)
    for citizen, row in now.items():
        if is_["tenure_months"][row] == 0:
            yield Event(JOINED, citizen, int(is_["initiative"][row]))


def _reason(
    before: Moment, after: Moment, closed: NDArray[Any], row: int, parameters: dict[str, float]
) -> tuple[str, float]:
    """Why the volunteer of a row left.

    A row that nobody took since still holds what the person felt when the draw was made; else
    what was felt a month earlier is the nearest there is. Who left before the closing of the
    initiative, or before moving away, has a month of tenure less than who left because of it.
    """
    was, left = before.volunteers[row], after.volunteers[row]
    slot = int(was["initiative"])
    untouched = left["citizen"] == FREE and left["weight_autonomy"] == was["weight_autonomy"]
    stayed_on = not untouched or left["tenure_months"] > was["tenure_months"]
    if stayed_on and before.entered[was["citizen"]] != after.entered[was["citizen"]]:
        return DEPARTED, 1.0
    if closed[slot] and stayed_on:
        return CLOSED_INITIATIVE, 1.0
    place = before.initiatives if closed[slot] else after.initiatives
    office = after.departments[int(before.initiatives["department"][slot])]
    setting = {
        "strain": float(place["strain"][slot]),
        "left": float(before.initiatives["left"][slot]),
        "rigidity": float(office["rigidity"]),
        "training": float(office["training"]),
    }
    return why_left(left if untouched else was, setting, parameters)


def _participant_events(before: Moment, after: Moment, closed: NDArray[Any]) -> Iterator[Event]:
    then, now = _rows_of(before.participations), _rows_of(after.participations)
    was, is_ = before.participations, after.participations
    volunteers, others = _rows_of(after.volunteers), replaced(before, after)
    for citizen, row in then.items():
        if citizen in now and is_["months"][now[citizen]] > 0:
            continue
        slot = int(was["initiative"][row])
        companion = companion_of(before, row)
        if others[citizen]:
            reason = DEPARTED
        elif closed[slot]:
            reason = CLOSED_INITIATIVE
        elif companion != FREE and companion not in volunteers:
            reason = COMPANION_LEFT
        else:
            lonely = before.scores[citizen] >= LONELY_FROM
            reason = DROPPED_OUT if lonely else NOT_LONELY
        yield Event(ENDED, citizen, slot, companion, reason)
    for citizen, row in now.items():
        if is_["months"][row] == 0:
            yield Event(MATCHED, citizen, int(is_["initiative"][row]), companion_of(after, row))


def companion_of(state: Moment, row: int) -> int:
    """The citizen who accompanies the participant of a row, FREE in a group."""
    companion = int(state.participations["companion"][row])
    return FREE if companion == FREE else int(state.volunteers["citizen"][companion])
