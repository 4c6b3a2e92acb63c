"""What an analysis hands back, and the few forms of words that all of them use.

A finding is a table, one or a few sentences in plain English, and the arrays a figure is drawn
from. Numbers in sentences have three significant digits; intervals stand in brackets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Finding:
    """The result of one analysis.

    method: its name ('sobol', 'prim', ...); about: the quantity analysed, in words; table: the
    result, one row a parameter, regime, box or world; sentence: what it says, with numbers and
    intervals; data: what a figure is drawn from; sufficient: whether the sample was large enough
    for the sentence to be relied on, None where the method does not judge it; names: the outcome,
    then the regime and the one it is compared with, as far as they apply.
    """

    method: str
    about: str
    table: pd.DataFrame
    sentence: str
    data: Mapping[str, Any] = field(default_factory=dict)
    sufficient: bool | None = None
    names: tuple[str, ...] = ()


def rows(table: pd.DataFrame) -> list[Any]:
    """Rows of a table as tuples with the columns as names."""
    return list(table.itertuples(index=False))


def capital(text: str) -> str:
    """Write a text with its first letter large."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Write a number with three significant digits, without an exponent where that is readable."""
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else ("infinity" if value > 0 else "-infinity")
    if value == 0.0:
        return "0"
    if not 1e-4 <= abs(value) < 1e7:
        return f"{value:.2e}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """Write a share as per cent; a share that is neither all nor nothing is never shown as such."""
    if not math.isfinite(share):
        return "unknown"
    value = 100.0 * share
    if 0.0 < value < 0.1:
        return "below 0.1 %"
    if 99.9 < value < 100.0:
        return "above 99.9 %"
    return f"{value:.0f} %" if 2.0 <= value <= 98.0 or value in (0.0, 100.0) else f"{value:.1f} %"


def interval(low: float, high: float) -> str:
    """Write an interval as '[low, high]'; empty where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f" [{number(low)}, {number(high)}]"


def percent_interval(low: float, high: float) -> str:
    """Write an interval of shares."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f" [{percent(low)}, {percent(high)}]"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Write a list as 'a, b and c'."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Write a number of things: '1 run', '3 runs'."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}".replace(",", " ")


def joined(*sentences: str) -> str:
    """Join sentences with spaces, leaving out empty ones."""
    return " ".join(sentence for sentence in sentences if sentence)
