"""Stated figures: numbers with their uncertainty, as a place writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import ANSWERS, ROUTES, kora_table
from velfaerd_sim.inputs.targets import NORMAL_95

ABOUT, COUNTED = 0.25, 0.1
"""Half-widths of 95 % intervals, as shares of the figure: of one said to be about, and of a bare
number, as registers are read off at different times."""
SCORES = {"as_a_rule": 3.0, "sometimes": 2.0, "seldom": 1.0, "never": 0.0}
"""How often a route is used, as a number; who does not know is left out."""
LOG, LOG_ODDS, ROOT, PLAIN = "log", "log_odds", "root", "identity"
LONELY, VOLUNTEERS = "lonely_share", "volunteers"
_SAID = re.compile(r"(?:about|around|ca\.?|cirka|omkring)\s+(?P<number>\d+(?:[.,]\d+)*)", re.I)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+|.*[.,].*[.,].*")


@dataclass(frozen=True)
class Kind:
    """What a figure of a place is: how it is compared, and over what it is taken.

    transform: the scale on which its error is normal. share: whether it is a share already;
    otherwise it is a count, taken per so many adults.
    """

    id: str
    transform: str
    share: bool = False
    per: float = 1.0


KINDS = {
    each.id: each
    for each in (
        Kind(VOLUNTEERS, LOG_ODDS),
        Kind("volunteers_left", LOG),
        Kind(LONELY, LOG_ODDS, share=True),
        Kind("initiatives", LOG, per=1000.0),
        Kind("waiting", ROOT, per=1000.0),
        *(Kind(f"route.{route}", PLAIN, share=True) for route in ROUTES),
    )
}
"""Figures that the model answers too, by id."""


def transformed(id: str, value: Any) -> Any:
    """A figure on the scale of its error: see `Kind.transform`."""
    transform = KINDS[id].transform
    if transform == PLAIN:
        return value
    if transform == ROOT:
        return np.sqrt(np.maximum(value, 0.0))
    least = 1e-6
    if transform == LOG:
        return np.log(np.maximum(value, least))
    share = np.clip(value, least, 1.0 - least)
    return np.log(share / (1.0 - share))


@dataclass(frozen=True)
class Figure:
    """A stated figure, as a share or per so many adults, with the ends of its 95 % interval.

    given: the number as it was written; n: respondents, where it is from a survey.
    """

    id: str
    value: float
    low: float
    high: float
    given: float
    n: float | None = None

    @property
    def centre(self) -> float:
        """The figure on the scale of its error."""
        return float(transformed(self.id, self.value))

    @property
    def sigma(self) -> float:
        """Standard deviation of its error on that scale."""
        low, high = (float(transformed(self.id, end)) for end in (self.low, self.high))
        return (high - low) / (2.0 * NORMAL_95)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        plain = {key: getattr(self, key) for key in self.__dataclass_fields__}
        return {key: value for key, value in plain.items() if value is not None}


def wilson(share: float, n: float) -> tuple[float, float]:
    """The middle and half the width of the 95 % interval of a share (Wilson 1927)."""
    square = NORMAL_95 * NORMAL_95
    middle = (share * n + 0.5 * square) / (n + square)
    half = NORMAL_95 / (n + square) * math.sqrt(n * share * (1.0 - share) + 0.25 * square)
    return middle, half


def stated(content: object, id: str, low: float, high: float, share: bool) -> Figure:
    """A number with its uncertainty; see `places.load_place`."""
    table = content if isinstance(content, Mapping) else {"value": content}
    keys = checks.table(table, id, ("value", "plus_minus", "n", "about"))
    given, about = checks.needed(keys, "value", refusal("number")), keys.get("about", False)
    if isinstance(given, str) and (said := _SAID.fullmatch(given.strip())):
        if _THOUSANDS.fullmatch(said["number"]):
            raise InputError(id, given, "a number without a sign between thousands")
        given, about = float(said["number"].replace(",", ".")), True
    value = checks.number(given, id, low, high)
    if sum(key in keys for key in ("plus_minus", "n", "about")) > 1:
        raise InputError(id, ", ".join(keys), "one of plus_minus, n and about")
    n = None
    if "n" in keys:
        if not share:
            raise InputError(f"{id}.n", keys["n"], "a share; of a count say plus_minus or about")
        n = float(checks.whole(keys["n"], f"{id}.n", 1, 10**7))
        middle, half = wilson(value, n)
        return Figure(id, value, middle - half, middle + half, value, n)
    if "plus_minus" in keys:
        half = checks.number(keys["plus_minus"], f"{id}.plus_minus", 0.0, high)
        if half == 0.0:
            raise InputError(f"{id}.plus_minus", half, "a number above 0")
    else:
        half = (ABOUT if checks.flag(about, f"{id}.about") else COUNTED) * value
        half = half if share else max(half, 1.0)
    return Figure(id, value, max(low, value - half), min(high, value + half), value, n)


def figure_of(kind: Kind, content: object, adults: float) -> Figure:
    """A stated figure, over so many adults where it is a count. Raises InputError."""
    if kind.share:
        found = stated(content, kind.id, 0.0, 1.0, True)
        if not 0.0 < found.value < 1.0:
            raise InputError(kind.id, found.value, "a share between 0 and 1")
        low = max(found.low, COUNTED * found.value)  # an end at 0 would tell nothing on log odds
        high = min(found.high, 1.0 - COUNTED * (1.0 - found.value))
        return replace(found, low=low, high=high)
    found = stated(content, kind.id, 0.0, 1e7, False)
    if found.value > adults:
        raise InputError(kind.id, found.given, f"at most as many as there are adults, {adults:g}")
    if kind.transform != ROOT and found.value <= 0.0:
        raise InputError(kind.id, found.given, "a number above 0")
    least = 0.0 if kind.transform == ROOT else 0.1 * found.value
    ends = max(found.low, least), min(found.high, adults)
    value, low, high = (kind.per * each / adults for each in (found.value, *ends))
    return Figure(kind.id, value, low, high, found.given)


def routes_of(content: object) -> list[Figure]:
    """Mean of how often heads say that a route is used, by route; the error is that of a mean."""
    found = []
    keys = checks.table(content, "routes", ROUTES)
    rows = {row.route: row.percent for row in kora_table()}
    for route, given in keys.items():
        place = f"routes.{route}"
        answers = {given: 1} if isinstance(given, str) else given
        counts = checks.table(answers, place, ANSWERS)
        known = {
            answer: checks.whole(count, f"{place}.{answer}", 0, 10**6)
            for answer, count in counts.items()
            if answer in SCORES
        }
        n = sum(known.values())
        if n == 0:
            continue
        value = sum(SCORES[answer] * count for answer, count in known.items()) / n
        half = NORMAL_95 * _spread_of(rows[route]) / math.sqrt(n)
        found.append(Figure(f"route.{route}", value, value - half, value + half, value, float(n)))
    return found


def _spread_of(percent: tuple[float, ...]) -> float:
    """Standard deviation of the answers of heads on a route, in the national table."""
    weights = {a: p for a, p in zip(ANSWERS, percent, strict=True) if a in SCORES}
    total = sum(weights.values())
    mean = sum(SCORES[a] * p for a, p in weights.items()) / total
    return math.sqrt(sum((SCORES[a] - mean) ** 2 * p for a, p in weights.items()) / total)
