"""What is said of a place: its figures with their units, the answers, what could not be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.stated import KINDS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.words import Words

SHOWN = ("retention_12m", "motivation_mean", "volunteers_per_1000", "lonely_share")
"""Outcomes that the page tells of; all stand in the tables."""
_ROUTE = "route."
_IN_PER_CENT = ("volunteers", "lonely_share")
_PER_1000 = ("volunteers_left",)


def place_words(language: str) -> Words:
    """The words of the page of a place."""
    return Words(language, "place")


def figure_name(words: Words, id: str) -> str:
    """What a figure is called."""
    if id.startswith(_ROUTE):
        return words("told_route_is", route=words.name("route", id.removeprefix(_ROUTE)))
    return words(f"told_{id}_is")


def figure_text(words: Words, id: str, *values: float) -> str:
    """A figure, or the ends of its interval, in its unit."""
    if id in _IN_PER_CENT:
        texts = [words.number(100.0 * value, 1) for value in values]
        return "–".join(texts) + words.percent(0.0).removeprefix("0")
    factor, digits = (1000.0, 1) if id in _PER_1000 else (1.0, 2 if id in KINDS else 1)
    return "–".join(words.number(factor * value, digits) for value in values)


def shape_of(outcome: str, halves: Sequence[float], language: str) -> Format:
    """How differences of an outcome are written, with the digits that intervals can bear."""
    return of_unit(OUTCOMES[INDEX[outcome]].unit, language).for_widths((), halves)


def regime_name(words: Words, record: Mapping[str, Any], name: str) -> str:
    """What a regime of the study is called."""
    if name in REGIMES:
        return words.name("regime", name)
    for content in record["regimes"]:
        if content["name"] == name:
            label = content.get(f"label_{words.language}") or name
            first = content["phase"][0]["regime"] if content.get("phase") else {}
            return str(first.get(f"label_{words.language}") or label)
    return name


def in_short(
    words: Words, record: Mapping[str, Any], learned: pd.DataFrame, moves: pd.DataFrame
) -> list[str]:
    """The place in sentences: what the figures left, the answers, what was not reached."""
    texts = [what_is_left(words, record, learned)]
    for outcome in SHOWN:
        own = moves[moves["outcome"] == outcome]
        if len(own):
            texts += [_best(words, record, outcome, own), _moves(words, record, outcome, own)]
    return texts + reached(words, learned)


def what_is_left(words: Words, record: Mapping[str, Any], learned: pd.DataFrame) -> str:
    """How many worlds the figures leave, and whether these were moved."""
    if learned.empty:
        return words("says_nothing")
    told = record["learned"]
    numbers = {
        "effective": words.number(told["effective"]),
        "worlds": words.number(told["worlds"]),
    }
    if not told["moved"]:
        return words("weighed", **numbers)
    least, steps = words.number(told["least"]), words.number(told["steps"] - 1)
    return words("moved", **numbers, least=least, steps=steps)


def reached(words: Words, learned: pd.DataFrame) -> list[str]:
    """The figures that the model does not reach, each with the closest found."""
    if learned.empty:
        return []
    beyond = learned[~learned["within_reach"].astype(bool)]
    return [
        words(
            "not_reached",
            figure=figure_name(words, str(each["figure"])),
            stated=figure_text(words, str(each["figure"]), float(each["stated"])),
            closest=figure_text(words, str(each["figure"]), float(each["closest"])),
        )
        for each in beyond.to_dict("records")
    ] or [words("all_reached")]


def better_share(outcome: str, share_positive: float) -> float:
    """Share of worlds in which a regime does better, from the share in which it has more."""
    down = OUTCOMES[INDEX[outcome]].direction < 0
    return 1.0 - share_positive if down else share_positive


def is_better(each: Mapping[Any, Any]) -> bool:
    """Whether a regime is clearly better than today's governance here; each: a row of moves."""
    down = OUTCOMES[INDEX[str(each["outcome"])]].direction < 0
    return bool(each["place_high"] < 0.0 if down else each["place_low"] > 0.0)


def _best(words: Words, record: Mapping[str, Any], outcome: str, own: pd.DataFrame) -> str:
    sign = -1.0 if OUTCOMES[INDEX[outcome]].direction < 0 else 1.0
    label = words.name("outcome", outcome)
    best = own.iloc[int((sign * own["place"]).to_numpy().argmax())]
    if not is_better(best.to_dict()):
        return words("today_best", outcome=label)
    shape = shape_of(outcome, [(best["place_high"] - best["place_low"]) / 2.0], words.language)
    return words(
        "best",
        outcome=label,
        regime=regime_name(words, record, str(best["regime"])),
        difference=shape.difference(best["place"]),
        interval=shape.difference_interval(best["place_low"], best["place_high"]),
        share=words.percent(better_share(outcome, float(best["place_share_positive"]))),
    )


def _moves(words: Words, record: Mapping[str, Any], outcome: str, own: pd.DataFrame) -> str:
    most = own.iloc[int(own["moved"].abs().to_numpy().argmax())]
    shape = shape_of(outcome, [(most["moved_high"] - most["moved_low"]) / 2.0], words.language)
    return words(
        "moves_most",
        outcome=words.name("outcome", outcome),
        regime=regime_name(words, record, str(most["regime"])),
        national=shape.difference(most["national"]),
        place=shape.difference(most["place"]),
        moved=shape.difference(most["moved"]),
        interval=shape.difference_interval(most["moved_low"], most["moved_high"]),
    )
