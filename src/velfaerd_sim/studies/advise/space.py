"""The space that advice is sought in: eight instruments and the hours that staff have for them.

A point is nine numbers: the instruments in the order of INSTRUMENTS, each in [0, 1], then the hours
that are available a month per 1 000 adults. Points are rounded, so that the same advice can be
written down and comes out the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, Regime, Timeline

Array = NDArray[np.float64]
LEVER = "hours_per_1000"
NAMES = (*INSTRUMENTS, LEVER)
"""What a point holds, in its order."""
HOURS = len(INSTRUMENTS)
DECIMALS = np.array([2] * HOURS + [1])
OWN = "advised"
"""The name of a regime that is no named one."""


@dataclass(frozen=True)
class Space:
    """The lowest and highest value of each of NAMES; a fixed one has them alike."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which of NAMES may be chosen, bool (9,)."""
        return np.array(self.high) > np.array(self.low)

    def points(self, unit: Array) -> Array:
        """Points from coordinates in [0, 1] of those that are free: (n, free) to (n, 9)."""
        low, high = np.array(self.low), np.array(self.high)
        full = np.tile(low, (len(unit), 1))
        full[:, self.free] += unit * (high - low)[self.free]
        return np.clip(rounded(full), low, high)

    def unit(self, points: Array) -> Array:
        """Coordinates in [0, 1] of those that are free: (n, 9) to (n, free)."""
        low, free = np.array(self.low), self.free
        width = np.where(free, np.array(self.high) - low, 1.0)
        found: Array = ((points - low) / width)[:, free]
        return found

    def holds(self, points: Array) -> NDArray[np.bool_]:
        """Which points lie inside, bool (n,)."""
        inside = (points >= np.array(self.low)) & (points <= np.array(self.high))
        return np.asarray(inside.all(axis=1))

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        ends = zip(NAMES, self.low, self.high, strict=True)
        return {name: [low, high] for name, low, high in ends}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Space:
        """The space in plain values made by :meth:`to_dict`."""
        ends = [content[name] for name in NAMES]
        return cls(tuple(low for low, _ in ends), tuple(high for _, high in ends))


def rounded(points: Array) -> Array:
    """Points as they can be written down: instruments to hundredths, hours to tenths."""
    scale = 10.0**DECIMALS
    return np.asarray(np.round(points * scale) / scale)


def space_of(
    most: float, fixed: Mapping[str, Any] | None, bounds: Mapping[str, Any] | None
) -> Space:
    """The space for at most so many hours. Raises InputError, naming the instrument.

    fixed: values that may not be moved; bounds: (low, high) within which others may.
    """
    table = BY_NAME[LEVER]
    ends = dict.fromkeys(INSTRUMENTS, (0.0, 1.0)) | {LEVER: (table.low, min(most, table.high))}
    for name, value in (fixed or {}).items():
        checks.one_of(name, "fix", NAMES)
        number = checks.number(value, f"fix: {name}", *ends[name])
        ends[name] = number, number
    for name, value in (bounds or {}).items():
        checks.one_of(name, "bounds", NAMES)
        place = f"bounds: {name}"
        if name in (fixed or {}):
            raise InputError(place, value, "an instrument that is not fixed")
        pair = checks.items(value, place, "a low and a high end")
        if len(pair) != 2:
            raise InputError(place, value, "a low and a high end")
        low, high = (checks.number(end, place, *ends[name]) for end in pair)
        if low >= high:
            raise InputError(place, value, "a low end below the high end")
        ends[name] = low, high
    if all(low == high for low, high in ends.values()):
        raise InputError("fix", len(ends), refusal("advice_all_fixed"))
    return Space(tuple(ends[name][0] for name in NAMES), tuple(ends[name][1] for name in NAMES))


def point_of(regime: Regime, hours: float) -> Array:
    """The point of a regime with so many hours available, float64 (9,)."""
    return np.array([*regime.instruments, hours])


def timeline_of(point: Array, name: str = OWN) -> Timeline:
    """Governance at a point, from month 0 on; hours are a matter of parameters."""
    values = dict(zip(INSTRUMENTS, np.asarray(point)[:HOURS].tolist(), strict=True))
    return Timeline.of(Regime(name=name, **values))
