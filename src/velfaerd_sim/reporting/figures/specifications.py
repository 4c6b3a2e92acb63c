"""What a figure shows, as data: marks and lines with intervals, axes with units, signs.

A specification is built once from results and drawn twice: by `drawing` for reports, by the
dashboard as options of its charts. Values are those of the tables; the scale of an axis says by
what they are multiplied where they are written. No colour stands here: a sign has one in `style`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Sign(Enum):
    """What can be said of a value against its interval; it has one colour and one mark everywhere.

    CLEAR: told from zero where neither side is better; UNCLEAR: may be chance, drawn open. DECIDES,
    MINOR: of a parameter, told from zero or not. INSIDE, OUTSIDE: of a published interval.
    """

    BETTER = "better"
    WORSE = "worse"
    CLEAR = "clear"
    UNCLEAR = "unclear"
    DECIDES = "decides"
    MINOR = "minor"
    INSIDE = "inside"
    OUTSIDE = "outside"


def sign_of(low: float, high: float, direction: int) -> Sign:
    """The sign of a difference with this interval (NaN: none is known).

    direction: 1 where more is better, -1 where less is, 0 where neither.
    """
    if not (low > 0.0 or high < 0.0):
        return Sign.UNCLEAR
    if direction == 0:
        return Sign.CLEAR
    return Sign.BETTER if (low > 0.0) == (direction > 0) else Sign.WORSE


@dataclass(frozen=True)
class Scale:
    """How the numbers of a figure are written: factor, digits, what follows, with a sign or not.

    absolute: without any sign, where left and right of zero say what it would.
    """

    factor: float = 1.0
    decimals: int = 0
    suffix: str = ""
    signed: bool = False
    absolute: bool = False


@dataclass(frozen=True)
class Axis:
    """An axis of values: its unit in words, how numbers are written, its ends where they are fixed.

    zero: there is a ruler at zero, which the axis holds.
    """

    unit: str = ""
    scale: Scale = Scale()
    zero: bool = True
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Mark:
    """A value with its interval (NaN: none), in a row of its own.

    spread: the middle nine tenths of what the value is a mean of; limit: what chance alone would
    give, drawn as a stroke.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    sign: Sign = Sign.CLEAR
    spread: tuple[float, float] | None = None
    limit: float = math.nan

    def cut(self, least: float, most: float) -> Mark:
        """The same with its ends inside least and most; what is missing stays so."""

        def inside(value: float) -> float:
            return value if math.isnan(value) else max(least, min(most, value))

        spread = self.spread and (inside(self.spread[0]), inside(self.spread[1]))
        value, low, high = map(inside, (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high, spread=spread)


@dataclass(frozen=True)
class Rows:
    """Marks below each other, the first on top.

    marked: what the marks are, in words; second, second_marked: a second mark in every row, drawn
    open and thin. band: a part of the axis that is shaded; ruler: a dashed line, beyond which a
    mark tells.
    """

    title: str
    axis: Axis
    marks: tuple[Mark, ...]
    marked: str = ""
    second: tuple[Mark, ...] = ()
    second_marked: str = ""
    band: tuple[float, float] | None = None
    ruler: float = math.nan

    def cut(self) -> Rows:
        """The same with everything inside a fixed axis; what lies beyond stands at its end."""
        if self.axis.limits is None:
            return self
        marks, second = (
            tuple(mark.cut(*self.axis.limits) for mark in marks)
            for marks in (self.marks, self.second)
        )
        return replace(self, marks=marks, second=second)


def differences(
    title: str,
    axis: Axis,
    direction: int,
    rows: Iterable[tuple[str, float, float, float]],
    marked: str = "",
) -> Rows:
    """Differences to a baseline with their intervals: rows of name, difference, low, high."""
    marks = (Mark(*row, sign=sign_of(row[2], row[3], direction)) for row in rows)
    return Rows(title, axis, tuple(marks), marked)


Share = tuple[float, float, float]
"""A share with its interval: value, low, high; NaN where there is none."""


@dataclass(frozen=True)
class Group:
    """A group of citizens: the shares of it that gain and that lose."""

    name: str
    gainers: Share
    losers: Share

    def sides(self) -> tuple[tuple[Share, float], tuple[Share, float]]:
        """Gainers and losers with the side on which they are drawn: 1.0 right, -1.0 left."""
        return (self.gainers, 1.0), (self.losers, -1.0)


@dataclass(frozen=True)
class Gains:
    """Gainers to the right and losers to the left of zero, a group a row, the first on top.

    gain, loss: what the sides are, in words.
    """

    axis: Axis
    groups: tuple[Group, ...]
    gain: str = ""
    loss: str = ""
