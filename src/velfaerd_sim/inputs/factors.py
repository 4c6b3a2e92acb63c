"""Factors: what a study varies, and over which range or values.

A factor is a parameter by its name, or an instrument: `instrument.rigidity` sets the rigidity of
every regime, `instrument.rigidity.rigid_rules` that of one regime, in all phases and departments.
Ranges lie within the parameter table and are the table's unless narrower ones are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from velfaerd_sim.errors import InputError, located, nearest, refusal, shown
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME, DISTRIBUTIONS, Parameter
from velfaerd_sim.inputs.regimes import INSTRUMENTS, Phase, Regime, Timeline

INSTRUMENT = "instrument."
MOST_LEVELS = 1000
MOST_VALUES = 10_000
ROLES = ("uncertainty", "lever")
_DIGITS = ".12g"


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One thing that varies: over [low, high] with a distribution, or over explicit values.

    levels: how many values it takes in a grid, where not as many as the design says. With explicit
    values, low and high are the least and the greatest of them. Raises InputError for an unknown
    name, an empty or inverted range, and values out of the range of the parameter table.
    """

    name: str
    low: float
    high: float
    distribution: str = "uniform"
    values: tuple[float, ...] = ()
    levels: int | None = None

    def __post_init__(self) -> None:
        source = described(self.name)
        if self.values:
            self._set("values", _checked_values(source, self.values))
            self._set("low", min(self.values))
            self._set("high", max(self.values))
        else:
            self._check_range(source)
        checks.one_of(self.distribution, "distribution", DISTRIBUTIONS)
        if self.distribution == "log_uniform" and self.low <= 0.0:
            raise InputError(
                "low", self.low, "a number above 0, as the distribution is log_uniform"
            )
        if self.levels is not None:
            if self.values:
                raise InputError("levels", self.levels, "either values or levels")
            self._set("levels", checks.whole(self.levels, "levels", 2, MOST_LEVELS))

    def _set(self, key: str, value: object) -> None:
        object.__setattr__(self, key, value)

    def _check_range(self, source: Parameter) -> None:
        for key in ("low", "high"):
            self._set(key, _within(source, getattr(self, key), key))
        if self.low == self.high:
            allowed = f"a range that is not empty: more than low, which is {shown(self.low)}"
            raise InputError("high", self.high, allowed)
        if self.low > self.high:
            allowed = f"a range that is not inverted: more than low, which is {shown(self.low)}"
            raise InputError("high", self.high, allowed)

    @classmethod
    def of(
        cls,
        name: str,
        *,
        low: float | None = None,
        high: float | None = None,
        distribution: str | None = None,
        values: Iterable[float] | None = None,
        levels: int | None = None,
    ) -> Factor:
        """Make a factor; what is not given comes from the parameter table."""
        source = described(name)
        with located(f"factors.{name}", "."):
            if values is not None:
                for key, given in (("low", low), ("high", high), ("distribution", distribution)):
                    if given is not None:
                        raise InputError(key, given, "either values or a range")
            return cls(
                name=name,
                low=source.low if low is None else low,
                high=source.high if high is None else high,
                distribution=source.distribution if distribution is None else distribution,
                values=() if values is None else _listed(values),
                levels=levels,
            )

    @property
    def instrument(self) -> str | None:
        """The instrument that is set, or None for a parameter."""
        return self.name.split(".")[1] if self.name.startswith(INSTRUMENT) else None

    @property
    def regime(self) -> str | None:
        """The only regime of which an instrument is set, or None for every regime."""
        parts = self.name.split(".", 2)
        return parts[2] if self.instrument and len(parts) == 3 else None

    @property
    def role(self) -> str:
        """The role: 'lever', 'uncertainty' or 'constant'; an instrument is a lever."""
        return described(self.name).role

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return described(self.name).unit

    @property
    def column(self) -> str:
        """The column of its values in the table of runs."""
        return self.name if self.instrument else f"parameter.{self.name}"

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da'); an instrument has its name."""
        return described(self.name).label(language)

    def value(self, rank: float) -> float:
        """The value at a rank in [0, 1], to twelve significant digits.

        Explicit values share the ranks evenly. The digits beyond are left out since they may differ
        from machine to machine, and the name of a point is made from its values.
        """
        if self.values:
            return self.values[min(int(rank * len(self.values)), len(self.values) - 1)]
        rounded = float(format(self._narrowed.quantile(float(rank)), _DIGITS)) + 0.0
        return min(self.high, max(self.low, rounded))

    @cached_property
    def _narrowed(self) -> Parameter:
        known = described(self.name)
        return replace(known, low=self.low, high=self.high, distribution=self.distribution)

    def all_values(self, ranks: Iterable[float]) -> list[float]:
        """The values at many ranks."""
        known: dict[float, float] = {}
        for rank in (ranks := list(ranks)):
            if rank not in known:
                known[rank] = self.value(rank)
        return [known[rank] for rank in ranks]

    def rank(self, value: float) -> float:
        """The rank in [0, 1] at which a value lies; NaN outside of the range.

        The rank of an explicit value is the middle of its share.
        """
        if not self.low <= value <= self.high:
            return math.nan
        if self.values:
            found = self.values.index(value) if value in self.values else math.nan
            return (found + 0.5) / len(self.values)
        if self.distribution == "log_uniform":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def steps(self, levels: int) -> tuple[float, ...]:
        """The values it takes in a grid: its own, or so many at even ranks from low to high."""
        count = levels if self.levels is None else self.levels
        return self.values or tuple(self.value(i / (count - 1)) for i in range(count))

    def count(self, levels: int) -> int:
        """How many values it takes in a grid."""
        return len(self.values) or self.levels or levels

    def checked(self, value: object, place: str) -> float:
        """A value of this factor. Raises InputError unless it is a number in its range."""
        if type(value) is float and not self.values and self.low <= value <= self.high:
            return value + 0.0
        number = _within(described(self.name), value, place)
        if self.values and number not in self.values:
            raise InputError(
                place, value, refusal("one_of", names=", ".join(map(checks.plain, self.values)))
            )
        if not self.low <= number <= self.high:
            allowed = refusal(
                "number_between", low=checks.plain(self.low), high=checks.plain(self.high)
            )
            raise InputError(place, value, f"{allowed}, the range of the factor")
        return number

    def to_dict(self) -> dict[str, Any]:
        """Plain values from which :meth:`of` makes the same factor."""
        result: dict[str, Any] = {"name": self.name}
        if self.values:
            return result | {"values": list(self.values)}
        result |= {"low": self.low, "high": self.high, "distribution": self.distribution}
        return result if self.levels is None else result | {"levels": self.levels}


def _instruments() -> dict[str, Parameter]:
    plain = Parameter("", 0.0, "0-1", 0.0, 1.0, "uniform", "lever", "regime", "", "", "")
    return {
        INSTRUMENT + name: replace(
            plain, name=INSTRUMENT + name, label_en=name.replace("_", " "), label_da=name
        )
        for name in INSTRUMENTS
    }


_INSTRUMENTS = _instruments()


def described(name: object) -> Parameter:
    """What is known of a factor: the row of the parameter table, or the like for an instrument.

    Raises InputError with the nearest known name.
    """
    if isinstance(name, str):
        if name in BY_NAME:
            return BY_NAME[name]
        instrument, _, regime = name.removeprefix(INSTRUMENT).partition(".")
        source = _INSTRUMENTS.get(INSTRUMENT + instrument)
        if source is not None and name.startswith(INSTRUMENT) and (regime or name[-1] != "."):
            return source
    known = [*_INSTRUMENTS, *BY_NAME]
    suggestion = f"{INSTRUMENT}{name}" if name in INSTRUMENTS else nearest(name, known)
    allowed = (
        "the name of a parameter (see: velfaerd parameters), instrument.NAME, or "
        "instrument.NAME.REGIME"
    )
    raise InputError("factors", name, allowed, suggestion)


def _within(source: Parameter, value: object, place: str) -> float:
    """A number within the range of the parameter table."""
    try:
        return checks.number(value, place, source.low, source.high)
    except InputError as error:
        allowed = f"{error.allowed} ({source.unit}), the range of {source.name}"
        raise InputError(place, value, allowed) from None


def _listed(values: object) -> tuple[Any, ...]:
    allowed = "a list of at least two numbers"
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise InputError("values", values, allowed)
    found = tuple(values)
    if not found:
        raise InputError("values", list(found), allowed)
    return found


def _checked_values(source: Parameter, values: tuple[Any, ...]) -> tuple[float, ...]:
    found: list[float] = []
    if not 2 <= len(values) <= MOST_VALUES:
        allowed = f"2 to {MOST_VALUES} numbers; what does not vary stands under [parameters]"
        raise InputError("values", list(values), allowed)
    for number, value in enumerate(values, start=1):
        place = f"values[{number}]"
        value = _within(source, value, place)
        if value in found:
            raise InputError(place, value, "each value once")
        found.append(value)
    return tuple(found)


def factors_of(kinds: Iterable[str], constants: bool = False) -> tuple[str, ...]:
    """Names of all parameters of some roles ('uncertainty', 'lever') or groups, in table order.

    Constants belong to a group only where they are allowed. Raises InputError for another word.
    """
    groups = dict.fromkeys(parameter.group for parameter in BY_NAME.values())
    wanted = list(kinds)
    for number, kind in enumerate(wanted, start=1):
        checks.one_of(kind, f"all_of[{number}]", [*ROLES, *groups])
    return tuple(
        name
        for name, parameter in BY_NAME.items()
        if parameter.role in wanted
        or (parameter.group in wanted and (constants or parameter.role != "constant"))
    )


def governed(timeline: Timeline, settings: Mapping[str, float]) -> Timeline:
    """The timeline with some instruments set in every phase and department; names stay."""
    if not settings:
        return timeline

    def changed(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        return tuple(replace(phase, regime=_set(phase.regime, settings)) for phase in phases)

    departments = tuple((name, changed(phases)) for name, phases in timeline.departments)
    return replace(timeline, phases=changed(timeline.phases), departments=departments)


def _set(regime: Regime, settings: Mapping[str, float]) -> Regime:
    values: dict[str, Any] = dict(settings)
    return replace(regime, **values)
