"""Numbers as readers expect them: per cent, per 1 000, hours; with the digits they bear.

A format belongs to a unit and a language. A difference of shares is given in percentage points
('pp'). Digits follow the width of the interval: what the interval cannot tell apart is not printed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from velfaerd_sim.telling.numerals import DANISH, ENGLISH, NUMERALS, Numerals
from velfaerd_sim.telling.numerals import EN_DASH as EN_DASH
from velfaerd_sim.telling.numerals import MINUS as MINUS
from velfaerd_sim.telling.numerals import MISSING as MISSING
from velfaerd_sim.telling.numerals import THIN as THIN

MOST_DECIMALS = 3


@dataclass(frozen=True)
class Format:
    """How numbers of one unit are written.

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
    numerals: Numerals = ENGLISH
    short: str = ""

    @property
    def column(self) -> str:
        """The unit at the head of a narrow column."""
        return self.short or self.axis

    def level(self, value: float) -> str:
        """Write a level with its unit, as '8.6%'."""
        text = self.numerals.number(value * self.scale, self.decimals)
        return text if text == MISSING else text + self.suffix

    def bare(self, value: float) -> str:
        """Write a level without its unit."""
        return self.numerals.number(value * self.scale, self.decimals)

    def interval(self, low: float, high: float) -> str:
        """Write the interval of a level, as '8.4–8.8'; empty where there is none."""
        return self.numerals.span(low * self.scale, high * self.scale, self.decimals)

    def difference(self, value: float) -> str:
        """Write a difference with its sign and unit, as '+1.2 pp'."""
        text = self.numerals.number(value * self.scale, self.difference_decimals, signed=True)
        return text if text == MISSING else text + self.difference_suffix

    def bare_difference(self, value: float) -> str:
        """Write a difference with its sign, without its unit."""
        return self.numerals.number(value * self.scale, self.difference_decimals, signed=True)

    def size(self, value: float) -> str:
        """Write the size of a difference without its sign, as '1.2 pp'."""
        text = self.numerals.number(abs(value) * self.scale, self.difference_decimals)
        return text if text == MISSING else text + self.difference_suffix

    def difference_interval(self, low: float, high: float) -> str:
        """Write the interval of a difference, as '+0.9 to +1.5'; empty where there is none."""
        return self.numerals.span(
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


_THOUSAND = f"1{THIN}000"
_SHARE = Format(100.0, "%", "\u00a0pp", "%", "percentage points")
_INDEX = Format(1.0, "", "", "0\u20131", "points on the 0\u20131 scale", 2, 2)


def _alike(unit: str, suffix: str = "", decimals: int = 1, short: str = "") -> Format:
    """A format whose levels and differences are written alike."""
    return Format(1.0, suffix, suffix, unit, unit, decimals, decimals, short=short)


_ENGLISH_UNITS = {
    "share": _SHARE,
    "per year": replace(_SHARE, suffix="% a year", axis="% a year"),
    "0-1": _INDEX,
    "per 1000 adults": _alike(
        f"per {_THOUSAND} adults", f" per {_THOUSAND}", short=f"per {_THOUSAND}"
    ),
    "a month per 1000 adults": _alike(
        f"a month per {_THOUSAND} adults", decimals=2, short=f"a month per {_THOUSAND}"
    ),
    "hours a month per 1000 adults": _alike(
        f"hours a month per {_THOUSAND} adults", "\u00a0h", short=f"h a month per {_THOUSAND}"
    ),
    "hours a month": _alike("hours a month", "\u00a0h", short="h a month"),
    "persons a month": _alike("persons a month"),
    "person-years per 1000 adults": _alike(
        f"person-years per {_THOUSAND} adults", short=f"person-years per {_THOUSAND}"
    ),
    "person-years per 100 hours": _alike("person-years per 100 hours", decimals=2),
    "points (3-9)": replace(_alike("points", decimals=2), axis="points (3\u20139)"),
}
_DANISH_SHARE = Format(100.0, "\u00a0%", "\u00a0procentpoint", "%", "procentpoint")
_DANISH_UNITS = {
    "share": _DANISH_SHARE,
    "per year": replace(_DANISH_SHARE, suffix="\u00a0% om året", axis="% om året"),
    "0-1": replace(_INDEX, difference_axis="point på skalaen 0\u20131"),
    "per 1000 adults": _alike("pr. 1.000 voksne", " pr. 1.000", short="pr. 1.000"),
    "a month per 1000 adults": _alike(
        "om måneden pr. 1.000 voksne", decimals=2, short="om måneden pr. 1.000"
    ),
    "hours a month per 1000 adults": _alike(
        "timer om måneden pr. 1.000 voksne", " timer", short="timer pr. md. pr. 1.000"
    ),
    "hours a month": _alike("timer om måneden", " timer", short="timer pr. md."),
    "persons a month": _alike("personer om måneden"),
    "person-years per 1000 adults": _alike("personår pr. 1.000 voksne", short="personår pr. 1.000"),
    "person-years per 100 hours": _alike("personår pr. 100 timer", decimals=2),
    "points (3-9)": replace(_alike("point", decimals=2), axis="point (3\u20139)"),
}
_UNITS = {
    "en": _ENGLISH_UNITS,
    "da": {unit: replace(form, numerals=DANISH) for unit, form in _DANISH_UNITS.items()},
}
PER_1000 = replace(_alike(f"per {_THOUSAND} citizens", f" per {_THOUSAND}"), scale=1000.0)
"""Shares of citizens that are small: gainers and losers."""
_DANISH_PER_1000 = replace(_alike("pr. 1.000 borgere", " pr. 1.000"), scale=1000.0)


def per_1000_citizens(language: str = "en") -> Format:
    """Return the format of shares of citizens that are small."""
    return {"en": PER_1000, "da": replace(_DANISH_PER_1000, numerals=DANISH)}[language]


def of_unit(unit: str, language: str = "en") -> Format:
    """Return the format of an outcome's unit; an unknown unit is written as it is."""
    known = _UNITS[language].get(unit)
    return known or replace(_alike(unit, f" {unit}", 2), numerals=NUMERALS[language])


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
    """Write a number in English: a true minus sign, thin spaces between thousands."""
    return ENGLISH.number(value, decimals, signed)


def span(low: float, high: float, decimals: int, signed: bool = False) -> str:
    """Write an interval in English: with an en dash where both ends are positive, else 'to'."""
    return ENGLISH.span(low, high, decimals, signed)


def whole(value: float) -> str:
    """Write a whole number in English."""
    return ENGLISH.whole(value)


def plain(value: float) -> str:
    """Write a parameter's value in English with the digits it has, at most four that count."""
    return ENGLISH.plain(value)


def listed(names: list[str], last: str = "and") -> str:
    """Join names as a sentence does: 'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
