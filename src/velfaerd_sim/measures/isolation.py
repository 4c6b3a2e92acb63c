"""A year of isolation: how far loneliness rises against the same town without it, and returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Response:
    """What isolation did to a share.

    peak and peak_month: the largest excess and when (months after the begin); at_end: the excess in
    the last month of isolation; half_life_months: after the end until half of the peak is left (NaN
    where the series ends before); left_after_12, left_after_24: excess so many months after the end
    over the peak.
    """

    peak: float
    peak_month: int
    at_end: float
    half_life_months: float
    left_after_12: float
    left_after_24: float


def response(excess: NDArray[np.float64], months: int) -> Response:
    """Read the response off an excess by month; row 0 is the last month before the isolation.

    excess: float64 (rows,), with isolation in rows 1 .. months. The half-life lies between months,
    on the straight line between the two that hold it.
    """
    k = int(np.argmax(excess))
    peak = float(excess[k])
    half = float("nan")
    for row in range(max(k, months), len(excess)):
        if excess[row] <= peak / 2.0:
            step = excess[row - 1] - excess[row]
            back = (peak / 2.0 - excess[row]) / step if step > 0.0 else 0.0
            half = max(0.0, row - back - months)
            break

    def left(after: int) -> float:
        row = months + after
        return float(excess[row] / peak) if row < len(excess) and peak > 0.0 else float("nan")

    return Response(peak, k, float(excess[months]), float(half), left(12), left(24))
