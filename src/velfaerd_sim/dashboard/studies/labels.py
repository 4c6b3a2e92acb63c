"""What a study calls things, in the session's language: outcomes, instruments, units, titles."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from velfaerd_sim.dashboard.parts.units import definition_of, measure_of
from velfaerd_sim.dashboard.studies.results import regime_label
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.studies.kinds import KINDS
from velfaerd_sim.telling.words import LANGUAGES, Words


def outcome_label(column: str, words: Words) -> str:
    """An outcome's label, with the month that it is read at."""
    name, _, month = column.partition(".month_")
    label = OUTCOMES[INDEX[name]].label(words.language) if name in INDEX else name
    return f"{label}, {words('month')} {month}" if month else label


def outcome_help(column: str, words: Words) -> str:
    """How an outcome is defined and measured, and which way is better."""
    name = column.partition(".month_")[0]
    if name not in INDEX:
        return name
    outcome = OUTCOMES[INDEX[name]]
    better = words(
        {1: "more_is_better", -1: "less_is_better", 0: "neither_is_better"}[outcome.direction]
    )
    unit = measure_of(outcome, words).name
    told = words("outcome_help", unit=unit, better=better)
    return f"{definition_of(outcome, words)}. {told}"


def titles_of(record: Mapping[str, Any]) -> tuple[str, str]:
    """What a study is called that has no title of its own: English, Danish; '' where unknown."""
    kind = KINDS.get(str(record.get("kind", "")))
    if kind is not None and kind.title:
        english, danish = (Words(one, "studies")(f"title_{kind.word}") for one in LANGUAGES)
        return english, danish
    regimes = record.get("regimes")
    known = (
        [each for each in regimes if isinstance(each, Mapping)] if isinstance(regimes, list) else []
    )
    if kind is None or isinstance(record.get("study"), Mapping) or not known:
        return "", ""
    english, danish = (_title(known, record.get("scenario"), language) for language in LANGUAGES)
    return english, danish


def _title(regimes: list[Mapping[str, Any]], scenario: object, language: str) -> str:
    words = Words(language, "studies")
    names = [regime_label(each, language) for each in regimes[:2]]
    told = words.listed(names)
    if len(regimes) > 2:
        told = words("title_more", first=names[0], count=words.number(len(regimes) - 1))
    place = scenario.get(f"title_{language}") if isinstance(scenario, Mapping) else ""
    short = place.partition(":")[0][:80] if isinstance(place, str) else ""
    return f"{told} · {short}" if short else told


def moment(text: str, words: Words) -> str:
    """A time of a record in the form of the language, in UTC as the record has it."""
    return words.moment(text)[:40]


def day_and_time(time: datetime.datetime, words: Words) -> str:
    """A time in a table, short, in the form of the language."""
    return f"{time:%d.%m.%Y %H.%M}" if words.language == "da" else f"{time:%d/%m/%Y %H:%M}"


def lasted(seconds: float, words: Words) -> str:
    """How long a study took."""
    if seconds < 60.0:
        return words("seconds", count=words.number(seconds, 1))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return words("minutes", minutes=minutes, seconds=rest)
    return words("hours", hours=minutes // 60, minutes=minutes % 60)
