"""How a language writes numbers, intervals and dates: one entry a language."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

MINUS = "\u2212"
THIN = "\u202f"
EN_DASH = "\u2013"
MISSING = "\u2013"
"""Shown where there is no number."""

_THOUSANDS = rf"(?<![\w.])\d{{1,3}}(?:[ {THIN}]\d{{3}})+(?!\d)(?:\.\d+)?"
_NUMBER = re.compile(rf"{_THOUSANDS}|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]\d+)?(?!\.?\w)")
_PAIR = re.compile(r"\[([^][,]+), ([^][,]+)\]")
"""An interval in brackets."""


@dataclass(frozen=True)
class Numerals:
    """The signs of a language.

    decimal, thousands: between digits; to: between the ends of an interval in words; apart: between
    the ends of an interval in brackets; percent: what follows a share; months: the names of months;
    date: the form of a date, of which text is how records write it.
    """

    decimal: str
    thousands: str
    to: str
    apart: str
    percent: str
    months: tuple[str, ...]
    date: str

    def number(self, value: float, decimals: int, signed: bool = False) -> str:
        """Write a number with a true minus sign and a sign between thousands.

        A number that rounds to zero carries no sign.
        """
        if not math.isfinite(value):
            return MISSING
        text = f"{abs(value):,.{decimals}f}"
        is_zero = not text.strip("0.,")
        text = self._signs(text.replace(",", THIN))
        if is_zero:
            return text
        sign = MINUS if value < 0.0 else "+" if signed else ""
        return sign + text

    def _signs(self, text: str) -> str:
        """A number that was written with a decimal point and thin spaces."""
        head, point, tail = text.partition(".")
        return re.sub(f"[ {THIN}]", self.thousands, head) + (self.decimal if point else "") + tail

    def span(self, low: float, high: float, decimals: int, signed: bool = False) -> str:
        """Write an interval: with an en dash where both ends are positive, else with 'to'."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return ""
        ends = self.number(low, decimals, signed), self.number(high, decimals, signed)
        return self.to.join(ends) if signed or low < 0.0 else EN_DASH.join(ends)

    def whole(self, value: float) -> str:
        """Write a whole number."""
        return self.number(round(value), 0)

    def plain(self, value: float) -> str:
        """Write a parameter's value with the digits it has, at most four that count."""
        if not math.isfinite(value):
            return MISSING
        text = f"{value:.4g}"
        if "e" in text:
            text = f"{value:.6f}".rstrip("0")
        return self._signs(text.replace("-", MINUS))

    def range(self, low: float, high: float) -> str:
        """Write the range of a parameter."""
        return f"{self.plain(low)}{self.to}{self.plain(high)}"

    def share(self, value: float) -> str:
        """Write a share as whole per cent."""
        return f"{self.number(100.0 * value, 0)}{self.percent}"

    def of(self, text: str) -> str:
        """A text whose numbers were written with a decimal point, with those of this language."""
        told = _PAIR.sub(rf"[\1{self.apart}\2]", text)
        return _NUMBER.sub(lambda found: self._signs(found.group()), told)

    def day(self, text: str) -> str:
        """A time as records write it, as readers do; what is no time stays as it is."""
        try:
            when = datetime.datetime.fromisoformat(text)
        except ValueError:
            return text
        month = self.months[when.month - 1] if self.months else ""
        clock = f"{when:%H}.{when:%M} {when:%Z}".strip()
        return self.date.format(text=text, day=when.day, month=month, year=when.year, clock=clock)


_DANISH_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
ENGLISH = Numerals(".", THIN, " to ", ", ", "%", (), "{text}")
DANISH = Numerals(
    ",", ".", " til ", "; ", "\u00a0%", _DANISH_MONTHS, "{day}. {month} {year} kl. {clock}"
)
NUMERALS = {"en": ENGLISH, "da": DANISH}
