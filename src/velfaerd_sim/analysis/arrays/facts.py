"""What an analysis hands back: a table, facts with their numbers, and the arrays of a figure.

No sentence is written here: a fact names what is so, `telling` puts it into words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from velfaerd_sim.errors import InputError

NAN = float("nan")


@dataclass(frozen=True)
class Amount:
    """A number in the unit of its outcome or parameter, with its interval where it has one."""

    value: float
    low: float = NAN
    high: float = NAN


class Change(Amount):
    """A difference, which is told with its sign."""


@dataclass(frozen=True)
class Share:
    """A part of one, with its interval where it has one."""

    value: float
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True)
class Count:
    """A number of things: 'run', 'point', 'replicate', 'world', ..."""

    number: int
    of: str


@dataclass(frozen=True)
class Thing:
    """A thing by its identifier; kind: 'outcome', 'regime', 'parameter', 'method', ..."""

    kind: str
    name: str


@dataclass(frozen=True, init=False)
class Fact:
    """One thing that is so: its key, and the values that belong to it."""

    key: str
    values: Mapping[str, Value]

    def __init__(self, key: str, /, **values: Value) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)


NOTHING = Fact("nothing")
"""Stands where there is nothing to say."""
Value: TypeAlias = Amount | Share | Count | Thing | Fact | int | str | tuple["Value", ...]
"""A tuple is a list of values; a text is shown as it is."""


def plain(value: Value) -> Any:
    """A value as JSON has it; an end of an interval that is unknown is left out."""
    if isinstance(value, Fact):
        return {"key": value.key} | {key: plain(each) for key, each in value.values.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Amount | Share):
        parts = {"value": value.value, "low": value.low, "high": value.high}
        return {key: float(part) for key, part in parts.items() if math.isfinite(part)}
    if isinstance(value, Count):
        return {"number": value.number, "of": value.of}
    return {value.kind: value.name} if isinstance(value, Thing) else value


class UnsuitedError(InputError):
    """The study does not suit an analysis; needs: what it would need, and what it has."""

    def __init__(self, place: str, value: object, allowed: str, needs: Fact) -> None:
        super().__init__(place, value, allowed)
        self.needs = needs


@dataclass(frozen=True)
class AnalysisResult:
    """The result of one analysis.

    method: its name ('sobol', 'prim', ...); about: the quantity analysed; table: the result, one
    row a parameter, regime, box or world; facts: what it says, the main one first; data: what a
    figure is drawn from; sufficient: whether the sample was large enough for the facts to be relied
    on, None where the method does not judge it; names: the outcome, then the regime and the one it
    is compared with, as far as they apply.
    """

    method: str
    about: Fact
    table: pd.DataFrame
    facts: tuple[Fact, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    sufficient: bool | None = None
    names: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        """Whether a fact of that key is among the facts."""
        return any(fact.key == key for fact in self.facts)


def rows(table: pd.DataFrame) -> list[Any]:
    """Rows of a table as tuples with the columns as names."""
    return list(table.itertuples(index=False))


def three_digits(value: float) -> str:
    """A finite number with three digits that count, without an exponent where that is readable."""
    if value == 0.0:
        return "0"
    if not 1e-4 <= abs(value) < 1e7:
        return f"{value:.2e}"
    text = f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def outcome(name: str) -> Thing:
    """An outcome, by the name of its column."""
    return Thing("outcome", name)


def regime(name: object) -> Thing:
    """A regime."""
    return Thing("regime", str(name))


def parameter(name: object) -> Thing:
    """A parameter."""
    return Thing("parameter", str(name))


def parameters(names: Any) -> tuple[Thing, ...]:
    """A list of parameters."""
    return tuple(parameter(name) for name in names)


def amount(row: Any, name: str, kind: type[Amount] = Amount) -> Amount:
    """A column of a table's row with the columns of its interval, NAME_low and NAME_high."""
    return kind(*(float(getattr(row, f"{name}{end}")) for end in ("", "_low", "_high")))


def share(row: Any, name: str = "share") -> Share:
    """A share of a table's row with the interval in its columns `low` and `high`."""
    return Share(*(float(getattr(row, each)) for each in (name, "low", "high")))
