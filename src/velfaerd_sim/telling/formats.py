"""Numbers of outcomes as readers expect them: per cent, per 1,000, hours, with fitting digits.

A format belongs to a unit and a language. A difference of shares is given in percentage points
('pp'). Digits follow the width of the interval: what the interval cannot tell apart is not printed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from velfaerd_sim.telling.words import MISSING, Words, catalogue

MOST_DECIMALS = 3


@dataclass(frozen=True)
class Format:
    """How numbers of one unit are written in one language.

    scale: what the stored value is multiplied by; suffix: what follows a level; difference_suffix:
    what follows a difference; axis: the unit as an axis names it, difference_axis likewise; short:
    the unit in a narrow column, where it is another than on an axis.
    """

    scale: float
    suffix: str
    difference_suffix: str
    axis: str
    difference_axis: str
    decimals: int = 1
    difference_decimals: int = 1
    language: str = "en"
    short: str = ""

    @property
    def words(self) -> Words:
        """Words of its language."""
        return Words(self.language)

    @property
    def column(self) -> str:
        """The unit at the head of a narrow column."""
        return self.short or self.axis

    def level(self, value: float) -> str:
        """Write a level with its unit, as '8.6%'."""
        text = self.words.number(value * self.scale, self.decimals)
        return text if text == MISSING else text + self.suffix

    def bare(self, value: float) -> str:
        """Write a level without its unit."""
        return self.words.number(value * self.scale, self.decimals)

    def interval(self, low: float, high: float) -> str:
        """Write the interval of a level, as '8.4–8.8'; empty where there is none."""
        return self.words.interval(low * self.scale, high * self.scale, self.decimals)

    def difference(self, value: float) -> str:
        """Write a difference with its sign and unit, as '+1.2 pp'."""
        text = self.words.number(value * self.scale, self.difference_decimals, signed=True)
        return text if text == MISSING else text + self.difference_suffix

    def bare_difference(self, value: float) -> str:
        """Write a difference with its sign, without its unit."""
        return self.words.number(value * self.scale, self.difference_decimals, signed=True)

    def size(self, value: float) -> str:
        """Write the size of a difference without its sign, as '1.2 pp'."""
        text = self.words.number(abs(value) * self.scale, self.difference_decimals)
        return text if text == MISSING else text + self.difference_suffix

    def difference_interval(self, low: float, high: float) -> str:
        """Write the interval of a difference, as '+0.9 to +1.5'; empty where there is none."""
        return self.words.interval(
            low * self.scale, high * self.scale, self.difference_decimals, signed=True
        )

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


_SCALES: dict[str, tuple[float, int]] = {
    "share": (100.0, 1),
    "per year": (100.0, 1),
    "0-1": (1.0, 2),
    "per 1000 adults": (1.0, 1),
    "a month per 1000 adults": (1.0, 2),
    "hours a month per 1000 adults": (1.0, 1),
    "hours a month": (1.0, 1),
    "months": (1.0, 1),
    "persons a month": (1.0, 1),
    "person-years per 1000 adults": (1.0, 1),
    "person-years per 100 hours": (1.0, 2),
    "points (3-9)": (1.0, 2),
    "per 1000 citizens": (1000.0, 1),
}
"""What numbers of a unit are multiplied by, and their digits; the words stand in the catalogue."""


def of_unit(unit: str, language: str = "en") -> Format:
    """Return the format of an outcome's unit; an unknown unit is written as it is."""
    words = Words(language)
    if unit not in _SCALES:
        label = words.unit(unit)
        return Format(1.0, f" {label}", f" {label}", label, label, 2, 2, language)
    scale, decimals = _SCALES[unit]
    axis, suffix = _word("axis", unit, language), _word("suffix", unit, language)
    return Format(
        scale,
        suffix,
        _word("difference_suffix", unit, language) or suffix,
        axis,
        _word("difference_axis", unit, language) or axis,
        decimals,
        decimals,
        language,
        _word("short", unit, language),
    )


def _word(kind: str, unit: str, language: str) -> str:
    entry = catalogue("units").get(f"{kind}.{unit}")
    return "" if entry is None else str(entry[language])


def per_1000_citizens(language: str = "en") -> Format:
    """Return the format of shares of citizens that are small: gainers and losers."""
    return of_unit("per 1000 citizens", language)


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
