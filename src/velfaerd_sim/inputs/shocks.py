"""Shocks: what happens to a town from outside, month by month.

Each kind is a small frozen class with its fields, their limits and what it does to the table of
monthly values that the engine reads. Factors of several shocks multiply, pushes add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import MISSING, InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import LAST_MONTH

SHOCK_COLUMNS = (
    "contact_factor",
    "loneliness_push",
    "hours_factor",
    "demand_factor",
    "recruitment_factor",
    "ageing_probability",
    "consultants_lost",
)
"""The columns of the table: factors on contact, staff hours, demand and recruitment; what is added
to everybody's loneliness in the month; the share of an age band that moves up a band in the year
(stands in every twelfth month); consultants lost in the month, in every town."""

NEUTRAL = (1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0)
"""What the columns hold when nothing happens."""

_FACTORS = tuple(n for n, value in enumerate(NEUTRAL) if value == 1.0)


def _count(default: int, high: int, unit: str, low: int = 1) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "whole": True, "unit": unit})


def _number(low: float, high: float, unit: str, default: float | None = None) -> Any:
    limits = {"low": low, "high": high, "whole": False, "unit": unit}
    return field(metadata=limits) if default is None else field(default=default, metadata=limits)


@dataclass(frozen=True, kw_only=True)
class Shock:
    """What all shocks share: ``month``, the first month (1 or later) in which it is felt.

    ``source`` says where its numbers come from. Raises InputError for a value out of its limits.
    """

    kind: ClassVar[str] = ""
    month: int = field(metadata={"low": 1, "high": LAST_MONTH, "whole": True, "unit": "month"})
    source: str = ""

    def __post_init__(self) -> None:
        checks.text(self.source, "source")
        for entry in value_fields(type(self)):
            limits, value = entry.metadata, getattr(self, entry.name)
            check = checks.whole if limits["whole"] else checks.number
            value = check(value, entry.name, limits["low"], limits["high"])
            object.__setattr__(self, entry.name, value)

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Return the columns that this shock touches, each for the months 0..months."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; an empty source is left out."""
        result: dict[str, Any] = {"kind": self.kind}
        result |= {entry.name: getattr(self, entry.name) for entry in value_fields(type(self))}
        return result | ({"source": self.source} if self.source else {})


def value_fields(kind: type[Shock]) -> tuple[Field[Any], ...]:
    """Return the fields of a kind of shock that have limits (low, high, unit, whole)."""
    return tuple(entry for entry in fields(kind) if "low" in entry.metadata)


def _strength(first: int, lasting: int, release: int, months: int) -> NDArray[np.float64]:
    """Return 1 while a shock lasts, falling to 0 in equal steps over the release, 0 elsewhere."""
    since = np.arange(months + 1) - first
    falling = 1.0 - (since - lasting + 1.0) / (release + 1.0)
    return np.where(since < 0, 0.0, np.clip(np.where(since < lasting, 1.0, falling), 0.0, 1.0))


@dataclass(frozen=True, kw_only=True)
class Lockdown(Shock):
    """People meet less for ``months``, feel lonelier, and then come back over ``release_months``.

    ``contact_factor`` scales contact; ``loneliness_push`` is added to loneliness (0 to 1) a month.
    """

    kind: ClassVar[str] = "lockdown"
    months: int = _count(12, LAST_MONTH, "months")
    release_months: int = _count(0, LAST_MONTH, "months", low=0)
    contact_factor: float = _number(0.0, 1.0, "factor on contact")
    loneliness_push: float = _number(-1.0, 1.0, "loneliness a month", 0.0)

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Scale contact and push loneliness while it lasts."""
        strength = _strength(self.month, self.months, self.release_months, months)
        return {
            "contact_factor": 1.0 + (self.contact_factor - 1.0) * strength,
            "loneliness_push": self.loneliness_push * strength,
        }


@dataclass(frozen=True, kw_only=True)
class Spontaneous(Shock):
    """More (or fewer) people step forward as volunteers for ``months``, then as before."""

    kind: ClassVar[str] = "spontaneous"
    months: int = _count(12, LAST_MONTH, "months")
    release_months: int = _count(0, LAST_MONTH, "months", low=0)
    recruitment_factor: float = _number(0.0, 20.0, "factor on recruitment")

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Scale recruitment while it lasts."""
        strength = _strength(self.month, self.months, self.release_months, months)
        return {"recruitment_factor": 1.0 + (self.recruitment_factor - 1.0) * strength}


@dataclass(frozen=True, kw_only=True)
class Austerity(Shock):
    """Staff hours shrink by ``yearly_cut`` of what is left: in ``month`` and every 12 months on.

    After ``years`` cuts the hours stay where they are.
    """

    kind: ClassVar[str] = "austerity"
    yearly_cut: float = _number(0.0, 1.0, "share of hours a year")
    years: int = _count(100, 100, "years")

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Scale staff hours, one step a year."""
        cuts = np.clip((np.arange(months + 1.0) - self.month) // 12 + 1, 0, self.years)
        return {"hours_factor": np.power(1.0 - self.yearly_cut, cuts)}


@dataclass(frozen=True, kw_only=True)
class Demand(Shock):
    """The need for help moves on a straight line to ``demand_factor`` and stays there.

    The line starts in the month before ``month`` and takes ``ramp_months`` (0: at once).
    """

    kind: ClassVar[str] = "demand"
    demand_factor: float = _number(0.0, 20.0, "factor on demand")
    ramp_months: int = _count(0, LAST_MONTH, "months", low=0)

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Scale demand."""
        since = np.arange(months + 1) - self.month
        share = np.clip((since + 1.0) / max(1, self.ramp_months), 0.0, 1.0)
        return {"demand_factor": 1.0 + (self.demand_factor - 1.0) * share}


@dataclass(frozen=True, kw_only=True)
class Ageing(Shock):
    """Once a year a share of each age band below the last moves up one band, beyond replacement.

    Acts in every twelfth month of the run from ``month`` on, ``years`` times.
    """

    kind: ClassVar[str] = "ageing"
    yearly_probability: float = _number(0.0, 1.0, "share of an age band a year")
    years: int = _count(100, 100, "years")

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Set the yearly probability in the months that are multiples of twelve."""
        month = np.arange(months + 1)
        first = -(-self.month // 12) * 12
        acts = (month % 12 == 0) & (month >= first) & (month < first + 12 * self.years)
        return {"ageing_probability": np.where(acts, self.yearly_probability, 0.0)}


@dataclass(frozen=True, kw_only=True)
class ConsultantLoss(Shock):
    """In ``month`` every town loses ``consultants`` of its volunteer consultants."""

    kind: ClassVar[str] = "consultant_loss"
    consultants: int = _count(1, 1000, "persons")

    def values(self, months: int) -> dict[str, NDArray[np.float64]]:
        """Set the number lost in its month."""
        lost = np.where(np.arange(months + 1) == self.month, float(self.consultants), 0.0)
        return {"consultants_lost": lost}


SHOCK_KINDS: dict[str, type[Shock]] = {
    kind.kind: kind for kind in (Lockdown, Spontaneous, Austerity, Demand, Ageing, ConsultantLoss)
}
"""The kinds of shock by the name they have in files."""


def shock_from_table(content: object) -> Shock:
    """Return the shock in a table: ``kind``, ``month``, the fields of its kind, ``source``.

    Raises InputError for an unknown kind or key, a missing or a wrong value.
    """
    if not isinstance(content, Mapping):
        raise InputError("", content, "a table with kind, month and the values of that kind")
    kind = SHOCK_KINDS[
        checks.one_of(checks.needed(content, "kind", ", ".join(SHOCK_KINDS)), "kind", SHOCK_KINDS)
    ]
    known = {entry.name: entry for entry in value_fields(kind)}
    keys = checks.table(content, "", ("kind", *known, "source"))
    for name, entry in known.items():
        if name not in keys and entry.default is NO_DEFAULT:
            limits = entry.metadata
            low, high = checks.plain(limits["low"]), checks.plain(limits["high"])
            raise InputError(name, MISSING, f"a number from {low} to {high} ({limits['unit']})")
    del keys["kind"]
    return kind(**keys)


def shock_table(shocks: Iterable[Shock], months: int) -> NDArray[np.float64]:
    """Return what happens in the months 0..months, shape (months + 1, 7), as in SHOCK_COLUMNS.

    Factors are multiplied, pushes and losses added; a probability stays at most 1.
    """
    table = np.tile(np.array(NEUTRAL), (months + 1, 1))
    for shock in shocks:
        for name, values in shock.values(months).items():
            column = SHOCK_COLUMNS.index(name)
            if column in _FACTORS:
                table[:, column] *= values
            else:
                table[:, column] += values
    ageing = SHOCK_COLUMNS.index("ageing_probability")
    table[:, ageing] = np.minimum(table[:, ageing], 1.0)
    return table
