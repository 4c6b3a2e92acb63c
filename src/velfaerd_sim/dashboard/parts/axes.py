"""Axes of charts: where the ticks stand and with how many decimals they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Ticks:
    """Ticks of an axis, in stored values: its ends, the step between ticks, decimals as written."""

    low: float
    high: float
    step: float
    decimals: int

    def option(self) -> dict[str, float]:
        """What ECharts needs of it."""
        return {"min": self.low, "max": self.high, "interval": self.step}


def axis_for(
    values: Iterable[ArrayLike],
    factor: float,
    decimals: int,
    *,
    zero: bool = False,
    limits: tuple[float, float] = (-math.inf, math.inf),
) -> Ticks:
    """Round ticks for values, at most six of them, none beyond the limits; zero: it is among them.

    factor, decimals: how stored values are written. A span of nothing is given one: ten of the
    smallest numbers that are written, or two per cent.
    """
    found = [np.ravel(np.asarray(each, np.float64)) for each in values]
    numbers = np.concatenate(found) if found else np.empty(0)
    numbers = factor * numbers[np.isfinite(numbers)]
    if zero or not numbers.size:
        numbers = np.append(numbers, 0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if high - low < 0.01 * 10.0**-decimals:
        room = max(10.0 ** (1 - decimals), 0.02 * abs(high))
        low, high = low - room, high + room
    least, most = (factor * limit for limit in limits)
    low, high = max(low, least), min(high, most)
    step = _round_step((high - low) / 4.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    digits += round(step * 10.0**digits, 6) != round(step * 10.0**digits)
    start, end, between = (round(n * step / factor, 12) for n in (first, last, 1))
    return Ticks(start, end, between, digits)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if power * n >= least * (1 - 1e-9))
