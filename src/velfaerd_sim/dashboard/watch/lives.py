"""Citizens' lives in the frames of a town: scores, roles and events, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.watch.events import ENDED, MATCHED, Event
from velfaerd_sim.dashboard.watch.frames import (
    KNOWN_BIT,
    NOBODY,
    PARTICIPANT_BIT,
    SCALE,
    SCORE_BITS,
    VOLUNTEER_BIT,
    TownFrame,
)
from velfaerd_sim.population.scale import LOWEST

VOLUNTEER, PARTICIPANT = "volunteer", "participant"
WITH_COMPANION = (MATCHED, ENDED)
"""Events in which the second person is a companion."""


class Spell(NamedTuple):
    """A time in a role: volunteer or participant in one initiative, first and last month.

    companions: whom the person accompanied, or was accompanied by.
    """

    role: str
    initiative: int
    first: int
    last: int
    companions: tuple[int, ...]


@dataclass(frozen=True)
class LifeSide:
    """A citizen's life so far on one side: scores by month, roles, events with their months.

    entered: months in which another person took the place of who lived here before.
    """

    scores: NDArray[np.uint8]
    known: bool
    motivation: float | None
    spells: tuple[Spell, ...]
    events: tuple[tuple[int, Event], ...]
    entered: tuple[int, ...]


@dataclass(frozen=True)
class Life:
    """A citizen's life so far, under A and under B."""

    citizen: int
    age_band: int
    ties: NDArray[np.int32]
    sides: tuple[LifeSide, LifeSide]


def life_in(frames: list[TownFrame], citizen: int) -> LifeSide:
    """A citizen's life in the frames of one side."""
    statuses = np.array([frame.status[citizen] for frame in frames], np.uint8)
    spells: list[Spell] = []
    motivation = None
    for month, frame in enumerate(frames):
        if not statuses[month] & (VOLUNTEER_BIT | PARTICIPANT_BIT):
            continue
        if statuses[month] & VOLUNTEER_BIT:
            row = frame.volunteers[frame.volunteers[:, 0] == citizen][0]
            with_them = frame.participants[frame.participants[:, 1] == citizen, 0]
            _extend(spells, VOLUNTEER, int(row[1]), month, with_them)
            if month == len(frames) - 1:
                motivation = float(row[4]) / SCALE
        else:
            row = frame.participants[frame.participants[:, 0] == citizen][0]
            with_them = row[1:2][row[1:2] != NOBODY]
            _extend(spells, PARTICIPANT, int(row[2]), month, with_them)
    events = tuple(
        (month, event)
        for month, frame in enumerate(frames)
        for event in frame.events
        if event.citizen == citizen or (event.other == citizen and event.kind in WITH_COMPANION)
    )
    known = bool(statuses[-1] & KNOWN_BIT)
    scores = ((statuses & SCORE_BITS) + LOWEST).astype(np.uint8)
    entered = tuple(month for month, frame in enumerate(frames) if citizen in frame.entered)
    return LifeSide(scores, known, motivation, tuple(spells), events, entered)


def _extend(
    spells: list[Spell], role: str, initiative: int, month: int, others: NDArray[Any]
) -> None:
    """Add a month to the latest spell where it goes on, else begin a new one."""
    last = spells[-1] if spells else None
    if last and (last.role, last.initiative, last.last) == (role, initiative, month - 1):
        together = dict.fromkeys((*last.companions, *others.tolist()))
        spells[-1] = last._replace(last=month, companions=tuple(together))
    else:
        spells.append(Spell(role, initiative, month, month, tuple(others.tolist())))
