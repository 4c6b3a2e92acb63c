"""What somebody states of their municipality, as a value: checked field by field, in every link."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from velfaerd_sim.errors import InputError, VelfaerdError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.governing import LETTERS, questionnaire
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.places import Place, load_place
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.towns import FEWEST_ADULTS, MOST_ADULTS, Town, danish_towns

HOURS, LONELY, ASKED = "hours", "lonely_share", "lonely_asked"
COUNTS = ("volunteers", "volunteers_left", "initiatives", "waiting")
"""Figures that are taken over the adults."""
NUMBERS = ("adults", *COUNTS[:2], LONELY, ASKED, HOURS, *COUNTS[2:])
"""Numbers that may be stated, in the order of their fields; lonely people in per cent, hours a
month per 1 000 adults."""
WHOLE = ("adults", ASKED)
QUICK, FULL = "quick", "full"
SIZES = (QUICK, FULL)
"""How much is run to learn from the figures."""
PLACE, STATED, TODAY, SIZE = "place", "stated", "today", "size"
KEYS = (PLACE, STATED, TODAY, SIZE)
"""Keys of a place in a query."""
_BETWEEN_THOUSANDS = (".", " ", "\u00a0")


@dataclass(frozen=True)
class StatedPlace:
    """A municipality as somebody states it; all of it may be left out. Raises InputError.

    code: of a packaged municipality, or 0; kind: of another one; numbers: of NUMBERS, by name;
    answers: letters by question on how it governs today; regime: a named one instead, or ''; size:
    how much is run to learn from it.
    """

    code: int = 0
    kind: str = ""
    numbers: tuple[tuple[str, float], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    regime: str = ""
    size: str = QUICK

    def __post_init__(self) -> None:
        towns = packaged_towns()
        if self.code and self.code not in towns:
            raise InputError("municipality", self.code, refusal("offered"))
        checks.one_of(self.size, SIZE, SIZES)
        if self.kind:
            checks.one_of(self.kind, "kind", MUNICIPALITY_KINDS)
        if self.regime:
            checks.one_of(self.regime, TODAY, REGIMES)
        known = {each.id for each in questionnaire().questions}
        for question, letter in self.answers:
            checks.one_of(question, TODAY, known)
            checks.one_of(letter, question, LETTERS)
        object.__setattr__(self, "answers", tuple(sorted(dict(self.answers).items())))
        given = dict(self.numbers)
        for name in given:
            checks.one_of(name, STATED, NUMBERS)
        kept = tuple((name, float(given[name])) for name in NUMBERS if name in given)
        object.__setattr__(self, "numbers", kept)
        self._check_numbers()
        load_place(self.table())

    def _check_numbers(self) -> None:
        for name, value in self.numbers:
            low, high = self.limits(name)
            if name in (*COUNTS, HOURS) and not self.adults:
                raise InputError(name, value, refusal("adults_first"))
            if not (math.isfinite(value) and low <= value <= high):
                code = "whole_between" if name in WHOLE else "number_between"
                raise InputError(name, value, refusal(code, low=f"{low:.9g}", high=f"{high:.9g}"))
            if name in WHOLE and value != int(value):
                raise InputError(name, value, refusal("whole"))
        stated = dict(self.numbers)
        if ASKED in stated and LONELY not in stated:
            raise InputError(ASKED, stated[ASKED], refusal("lonely_first"))
        left, there = stated.get("volunteers_left"), stated.get("volunteers")
        if left is not None and there is not None and left > 2.0 * there:
            raise InputError("volunteers_left", left, refusal("at_most", most=f"{2.0 * there:.9g}"))

    def limits(self, name: str) -> tuple[float, float]:
        """What a number may be, from and to."""
        if name == "adults":
            return FEWEST_ADULTS, MOST_ADULTS
        if name == LONELY:
            return 1.0, 90.0
        if name == ASKED:
            return 10, 1_000_000
        if name == HOURS:
            table = BY_NAME["hours_per_1000"]
            return table.low, table.high
        return 0.0 if name == "waiting" else 1.0, float(self.adults or MOST_ADULTS)

    @property
    def adults(self) -> int:
        """Adults of the municipality, or 0 where they are not known."""
        stated = dict(self.numbers).get("adults")
        if stated is not None:
            return int(stated)
        return packaged_towns()[self.code].adults if self.code else 0

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is stated at all."""
        return replace(self, size=QUICK) == StatedPlace()

    @property
    def place(self) -> Place:
        """The place as studies take it."""
        return _place_of(self)

    @property
    def governance(self) -> str | None:
        """How it is governed today, as it stands in links; None where that is not stated."""
        if self.regime:
            return self.regime
        if not self.answers:
            return None
        regime = self.place.governing.regime
        moved = zip(INSTRUMENTS, regime.instruments, strict=True)
        return ",".join([STATUS_QUO, *(f"{name}:{value:g}" for name, value in moved)])

    def table(self) -> dict[str, Any]:
        """The place as a table, as `load_place` takes it."""
        stated = dict(self.numbers)
        found: dict[str, Any] = {}
        if self.code:
            found["municipality"] = self.code
        else:
            found["name"] = "Stated"
        if "adults" in stated:
            found["adults"] = int(stated["adults"])
        if self.kind and self.adults:
            found["kind"] = self.kind
        found |= {name: stated[name] for name in COUNTS if name in stated}
        if LONELY in stated:
            share = {"value": stated[LONELY] / 100.0}
            found[LONELY] = share | ({"n": int(stated[ASKED])} if ASKED in stated else {})
        if HOURS in stated and self.adults:
            found["hours"] = stated[HOURS] * self.adults / 1000.0
        if self.answers:
            found["today"] = {"answers": dict(self.answers)}
        elif self.regime:
            found["today"] = {"regime": self.regime}
        return found

    def with_number(self, name: str, text: str) -> StatedPlace:
        """With another number, or without it where the text is empty. Raises InputError."""
        numbers = {key: value for key, value in self.numbers if key != name}
        if text.strip():
            numbers[name] = number_in(text, name, self.limits(name))
        return replace(self, numbers=tuple(numbers.items()))

    def with_answer(self, question: str, letter: str) -> StatedPlace:
        """With another answer, or without it where the letter is ''. Raises InputError."""
        answers = {key: value for key, value in self.answers if key != question}
        if letter:
            answers[question] = letter
        return replace(self, answers=tuple(answers.items()), regime="")

    def query(self) -> dict[str, object]:
        """The values of a link; what is not stated is left out."""
        answers = ",".join(f"{key}:{letter}" for key, letter in self.answers)
        return {
            PLACE: f"{self.code}{':' if self.kind else ''}{self.kind}",
            STATED: ",".join(f"{name}:{value:.12g}" for name, value in self.numbers),
            TODAY: answers or self.regime,
            SIZE: self.size if self.size != QUICK else "",
        }


def number_in(text: str, name: str, limits: tuple[float, float]) -> float:
    """The number in a text as people write it: 2900, 2.900, 11,5 or 11.5 %. Raises InputError."""
    whole, comma, rest = text.strip().removesuffix("%").strip().partition(",")
    for sign in _BETWEEN_THOUSANDS:
        first, *groups = whole.split(sign)
        if first.strip("0").isdigit() and all(len(one) == 3 and one.isdigit() for one in groups):
            whole = "".join([first, *groups])
    try:
        return float(f"{whole}.{rest}" if comma else whole)
    except ValueError:
        low, high = limits
        allowed = refusal("number_between", low=f"{low:.9g}", high=f"{high:.9g}")
        raise InputError(name, text, allowed) from None


@lru_cache(maxsize=256)
def _place_of(stated: StatedPlace) -> Place:
    return load_place(stated.table())


@lru_cache(maxsize=1)
def packaged_towns() -> Mapping[int, Town]:
    """The municipalities that come with the package, by code, in the order of their names."""
    return {town.code: town for town in sorted(danish_towns(), key=lambda town: town.name)}


def place_in(values: Mapping[str, str]) -> tuple[StatedPlace | None, tuple[VelfaerdError, ...]]:
    """The place in the values of a query, and what could not be read; None where there is none."""
    if values.keys().isdisjoint(KEYS):
        return None, ()
    found, faults = StatedPlace(), list[VelfaerdError]()

    def read(change: Callable[[StatedPlace], StatedPlace]) -> None:
        nonlocal found
        try:
            found = change(found)
        except VelfaerdError as error:
            faults.append(error)

    code, _, kind = values.get(PLACE, "0").partition(":")
    read(lambda now: replace(now, code=_whole(code), kind=kind))
    for name, text in _pairs(values.get(STATED, "")):
        read(lambda now, name=name, text=text: _with_known(now, name, text))  # type: ignore[misc]
    today = values.get(TODAY, "")
    if ":" in today:
        read(lambda now: replace(now, answers=tuple(_pairs(today))))
    elif today:
        read(lambda now: replace(now, regime=today))
    if SIZE in values:
        read(lambda now: replace(now, size=values[SIZE]))
    return found, tuple(faults)


def _with_known(now: StatedPlace, name: str, text: str) -> StatedPlace:
    checks.one_of(name, STATED, NUMBERS)
    try:
        value = float(text)
    except ValueError:
        raise InputError(name, text, refusal("number")) from None
    return replace(now, numbers=(*now.numbers, (name, value)))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InputError(PLACE, text, refusal("offered"))
    return int(text)


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = (part.partition(":") for part in text.split(",") if part)
    return [(key, value) for key, _, value in parts]
