"""Events and lives of a watched town in words, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from velfaerd_sim.dashboard.watch.events import (
    CLOSED,
    CLOSED_INITIATIVE,
    ENDED,
    JOINED,
    LEFT,
    MATCHED,
    MOVED,
    OPENED,
    Event,
)
from velfaerd_sim.dashboard.watch.frames import InitiativePlace
from velfaerd_sim.dashboard.watch.lives import VOLUNTEER, Life
from velfaerd_sim.dashboard.watch.recovery import LASTING, Recovery
from velfaerd_sim.dashboard.watch.town import WatchTown
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import FORMATS, FREE, ROUTES
from velfaerd_sim.telling.facts import within_sentence
from velfaerd_sim.telling.words import Words

GROUPS = {
    OPENED: "initiatives",
    CLOSED: "initiatives",
    JOINED: "volunteers",
    LEFT: "volunteers",
    MOVED: "volunteers",
    MATCHED: "participants",
    ENDED: "participants",
}
"""The kinds of line that a reader can show or hide, by kind of event."""


class LogLine(NamedTuple):
    """One line of a log: month, kind of event, the citizen it is about (FREE for none), text."""

    month: int
    kind: str
    citizen: int
    text: str


def person(citizen: int, words: Words) -> str:
    """The number by which a citizen is called; the first is 1."""
    return words.number(citizen + 1)


def age_label(band: int) -> str:
    """An age band with an en dash."""
    return AGE_BANDS[band].replace("-", "–")


def initiative_label(initiative: InitiativePlace, words: Words) -> str:
    """An initiative by its number and department."""
    department = words.name("department", DEPARTMENTS[initiative.department])
    return words("initiative", number=initiative.number, department=department)


def month_lines(
    month: int, events: tuple[Event, ...], town: WatchTown, words: Words
) -> Iterator[LogLine]:
    """The log of a month; what a closing brings about stands in one line with it."""
    for event in events:
        if event.kind == CLOSED:
            text = _closing(month, event, events, town, words)
        elif event.kind == MOVED or event.reason == CLOSED_INITIATIVE:
            continue
        else:
            text = _sentence(event, town, words)
        yield LogLine(month, event.kind, event.citizen, text)


def _label(number: int, town: WatchTown, words: Words) -> str:
    return initiative_label(town.initiatives[number], words)


def _reason(event: Event, words: Words) -> str:
    text = words(f"reason_{event.reason}")
    if event.kind == LEFT and event.odds > 1.0:
        text += words("left_odds", odds=words.number(event.odds, 1))
    return text


def _sentence(event: Event, town: WatchTown, words: Words) -> str:
    label = _label(event.initiative, town, words)
    if event.kind == OPENED:
        initiative = town.initiatives[event.initiative]
        return words(
            OPENED,
            initiative=label,
            format=words(f"format_{FORMATS[initiative.format]}"),
            route=within_sentence(words.name("route", ROUTES[initiative.route])),
        )
    who = person(event.citizen, words)
    reason = _reason(event, words) if event.reason else ""
    text = words(event.kind, citizen=who, initiative=label, reason=reason)
    if event.kind == MATCHED and event.other != FREE:
        text += words("matched_with", companion=person(event.other, words))
    return text


def _closing(
    month: int, event: Event, events: tuple[Event, ...], town: WatchTown, words: Words
) -> str:
    counts: Counter[str] = Counter()
    for each in events:
        if each.kind == MOVED and each.other == event.initiative:
            counts["closed_moved"] += 1
        elif each.reason == CLOSED_INITIATIVE and each.initiative == event.initiative:
            counts["closed_stopped" if each.kind == LEFT else "closed_ended"] += 1
    age = words.duration(max(1, month - town.initiatives[event.initiative].opened))
    text = words(CLOSED, initiative=_label(event.initiative, town, words), age=age)
    parts = [
        words(f"{key}_one") if counts[key] == 1 else words(key, count=words.number(counts[key]))
        for key in ("closed_stopped", "closed_moved", "closed_ended")
        if counts[key]
    ]
    return f"{text}: {words.listed(parts)}" if parts else text


def life_lines(life: Life, which: int, town: WatchTown, words: Words) -> list[LogLine]:
    """A citizen's events on one side, oldest first: roles at the start, roles, loneliness."""
    side = life.sides[which]
    lines = []
    for spell in side.spells:
        if spell.first == 0:
            key = "start_volunteer" if spell.role == VOLUNTEER else "start_participant"
            text = words(key, initiative=_label(spell.initiative, town, words))
            lines.append(LogLine(0, "start", life.citizen, text))
    lines += [
        LogLine(month, event.kind, life.citizen, _own_sentence(event, life.citizen, town, words))
        for month, event in side.events
    ]
    lines += [LogLine(month, "entered", life.citizen, words("entered")) for month in side.entered]
    lonely = side.scores >= LONELY_FROM
    for month in (np.flatnonzero(np.diff(lonely)) + 1).tolist():
        if month in side.entered:
            continue
        kind = "became_lonely" if lonely[month] else "below_limit"
        lines.append(LogLine(month, kind, life.citizen, words(kind, score=int(side.scores[month]))))
    return sorted(lines, key=lambda line: line.month)


def recovery_lines(citizen: int, which: int, town: WatchTown, words: Words) -> list[LogLine]:
    """What did it each time that a citizen recovered for a year, at the month when that is known.

    Whether it has lasted since is for who knows the month that is shown.
    """
    return [
        LogLine(
            found.month + LASTING - 1,
            "recovery",
            citizen,
            _recovery_text(found, which, town, words),
        )
        for found in town.recoveries(town.reached, still=False)[which]
        if found.citizen == citizen
    ]


def _recovery_text(found: Recovery, which: int, town: WatchTown, words: Words) -> str:
    why = town.why(which, found)
    head = words(
        "recovery",
        month=found.month,
        before=words.number(found.lonely_before),
        after=words.number(LASTING),
    )
    fall = words(
        "recovery_fall",
        first=why.first,
        last=why.last,
        high=words.number(why.before, 1),
        low=words.number(why.after, 1),
    )
    told = {name: round(part, 1) for name, part in why.parts.items()}
    down = sorted((part, name) for name, part in told.items() if part < 0.0)
    up = sorted(((part, name) for name, part in told.items() if part > 0.0), reverse=True)
    sentences = [head, fall]
    for key, causes in (("recovery_down", down), ("recovery_up", up)):
        if causes:
            parts = [
                words(f"cause_{name}", size=words.number(abs(part), 1)) for part, name in causes
            ]
            sentences.append(words(key, causes=words.listed(parts)))
    return " ".join(sentences)


def recovered_text(town: WatchTown, until: int, words: Words) -> str:
    """How many had recovered for good by a month, and how many of them had taken part."""
    sides = town.recoveries(until)
    counts = {}
    for name, side in zip("ab", sides, strict=True):
        counts[name] = words.number(len({each.citizen for each in side}))
        counts[f"{name}_helped"] = words.number(len({e.citizen for e in side if e.helped}))
    key = "recovered_count" if any(sides) else "recovered_nobody"
    return words(key, month=until, after=words.number(LASTING), **counts)


def _own_sentence(event: Event, citizen: int, town: WatchTown, words: Words) -> str:
    reason = _reason(event, words) if event.reason else ""
    if event.citizen != citizen:
        key = f"as_companion_{event.kind}"
        return words(key, citizen=person(event.citizen, words), reason=reason)
    label = _label(event.initiative, town, words)
    text = words(f"own_{event.kind}", initiative=label, reason=reason)
    if event.kind == MATCHED and event.other != FREE:
        text += words("matched_with", companion=person(event.other, words))
    return text
