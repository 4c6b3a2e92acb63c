"""Numbers as readers expect them: per cent, per 1 000, hours; with the digits they bear.

A format belongs to a unit. A difference of shares is given in percentage points ('pp'). Digits
follow the width of the interval: what the interval cannot tell apart is not printed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

MINUS = "\u2212"
THIN = "\u202f"
EN_DASH = "\u2013"
MISSING = "\u2013"
"""Shown where there is no number."""

MOST_DECIMALS = 3


@dataclass(frozen=True)
class Format:
    """How numbers of one unit are written.

    scale: what the stored value is multiplied by; suffix: what follows a level; difference_suffix:
    what follows a difference; axis: the unit as an axis names it, difference_axis likewise.
    """

    scale: float
    suffix: str
    difference_suffix: str
    axis: str
    difference_axis: str
    decimals: int = 1
    difference_decimals: int = 1

    @property
    def column(self) -> str:
        """The unit at the head of a narrow column."""
        return self.axis.replace("hours a month", "h a month").replace(" adults", "")

    def level(self, value: float) -> str:
        """Write a level with its unit, as '8.6%'."""
        text = number(value * self.scale, self.decimals)
        return text if text == MISSING else text + self.suffix

    def bare(self, value: float) -> str:
        """Write a level without its unit."""
        return number(value * self.scale, self.decimals)

    def interval(self, low: float, high: float) -> str:
        """Write the interval of a level, as '8.4–8.8'; empty where there is none."""
        return span(low * self.scale, high * self.scale, self.decimals)

    def difference(self, value: float) -> str:
        """Write a difference with its sign and unit, as '+1.2 pp'."""
        text = number(value * self.scale, self.difference_decimals, signed=True)
        return text if text == MISSING else text + self.difference_suffix

    def bare_difference(self, value: float) -> str:
        """Write a difference with its sign, without its unit."""
        return number(value * self.scale, self.difference_decimals, signed=True)

    def size(self, value: float) -> str:
        """Write the size of a difference without its sign, as '1.2 pp'."""
        text = number(abs(value) * self.scale, self.difference_decimals)
        return text if text == MISSING else text + self.difference_suffix

    def difference_interval(self, low: float, high: float) -> str:
        """Write the interval of a difference, as '+0.9 to +1.5'; empty where there is none."""
        return span(low * self.scale, high * self.scale, self.difference_decimals, signed=True)

    def showing(self, low: float, high: float) -> Format:
        """Return the format with digits enough that an interval without zero does not show zero."""
        nearest = min(abs(low), abs(high)) * self.scale
        if not low * high > 0.0:
            return self
        digits = self.difference_decimals
        while digits < MOST_DECIMALS and round(nearest, digits) == 0.0:
            digits += 1
        return replace(self, difference_decimals=digits)

    def for_widths(self, levels: Iterable[float] = (), differences: Iterable[float] = ()) -> Format:
        """Return the format with the digits that intervals of these half-widths can bear."""
        return replace(
            self,
            decimals=decimals_for((w * self.scale for w in levels), self.decimals),
            difference_decimals=decimals_for(
                (w * self.scale for w in differences), self.difference_decimals
            ),
        )


_SHARE = Format(100.0, "%", "\u00a0pp", "%", "percentage points")
_INDEX = Format(1.0, "", "", "0\u20131", "points on the 0\u20131 scale", 2, 2)
_BY_UNIT = {
    "share": _SHARE,
    "per year": replace(_SHARE, suffix="% a year", axis="% a year"),
    "0-1": _INDEX,
    "per 1000 adults": Format(
        1.0, " per 1\u202f000", " per 1\u202f000", "per 1\u202f000 adults", "per 1\u202f000 adults"
    ),
    "a month per 1000 adults": Format(
        1.0, "", "", "a month per 1\u202f000 adults", "a month per 1\u202f000 adults", 2, 2
    ),
    "hours a month per 1000 adults": Format(
        1.0,
        "\u00a0h",
        "\u00a0h",
        "hours a month per 1\u202f000 adults",
        "hours a month per 1\u202f000 adults",
    ),
    "hours a month": Format(1.0, "\u00a0h", "\u00a0h", "hours a month", "hours a month"),
    "persons a month": Format(1.0, "", "", "persons a month", "persons a month"),
    "person-years per 1000 adults": Format(
        1.0, "", "", "person-years per 1\u202f000 adults", "person-years per 1\u202f000 adults"
    ),
    "person-years per 100 hours": Format(
        1.0, "", "", "person-years per 100 hours", "person-years per 100 hours", 2, 2
    ),
    "points (3-9)": Format(1.0, "", "", "points (3\u20139)", "points", 2, 2),
}
PER_1000 = Format(
    1000.0,
    " per 1\u202f000",
    " per 1\u202f000",
    "per 1\u202f000 citizens",
    "per 1\u202f000 citizens",
)
"""Shares of citizens that are small: gainers and losers."""


def of_unit(unit: str) -> Format:
    """Return the format of an outcome's unit; an unknown unit is written as it is."""
    return _BY_UNIT.get(unit, Format(1.0, f" {unit}", f" {unit}", unit, unit, 2, 2))


def decimals_for(half_widths: Iterable[float], least: int) -> int:
    """Return the digits after the point at which a typical half-width has one digit or two.

    The typical one is the median of those that are positive; at least ``least`` digits are kept
    and at most MOST_DECIMALS.
    """
    widths = sorted(w for w in half_widths if math.isfinite(w) and w > 0.0)
    if not widths:
        return least
    typical = widths[len(widths) // 2]
    return max(least, min(MOST_DECIMALS, math.ceil(-math.log10(typical))))


def number(value: float, decimals: int, signed: bool = False) -> str:
    """Write a number with a true minus sign and thin spaces between thousands.

    A number that rounds to zero carries no sign.
    """
    if not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    is_zero = not text.strip("0." + THIN)
    if is_zero:
        return text
    sign = MINUS if value < 0.0 else "+" if signed else ""
    return sign + text


def span(low: float, high: float, decimals: int, signed: bool = False) -> str:
    """Write an interval: with an en dash where both ends are positive, else with 'to'."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = number(low, decimals, signed), number(high, decimals, signed)
    return " to ".join(ends) if signed or low < 0.0 else EN_DASH.join(ends)


def whole(value: float) -> str:
    """Write a whole number with thin spaces between thousands."""
    return number(round(value), 0)


def plain(value: float) -> str:
    """Write a parameter's value with the digits it has, at most four that count."""
    if not math.isfinite(value):
        return MISSING
    text = f"{value:.4g}"
    if "e" in text:
        text = f"{value:.6f}".rstrip("0")
    return text.replace("-", MINUS)


def listed(names: list[str], last: str = "and") -> str:
    """Join names as a sentence does: 'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
