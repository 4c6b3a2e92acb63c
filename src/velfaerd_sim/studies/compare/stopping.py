"""When a comparison may stop by itself, and which outcome decided."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.measures.outcomes import INDEX
from velfaerd_sim.statistics.intervals import IntervalRule, spread

DECIDING = ("lonely_share", "retention_12m", "motivation_mean")
"""The outcomes whose differences must be precise enough."""
SMALLEST = 16
"""The fewest replicates, at the first interim analysis: with fewer the standard deviation is often
so far off that the comparison would stop much too early."""
BATCH = 2
"""Replicates from one interim analysis to the next: fixed, whatever the workers."""


@dataclass(frozen=True)
class InterimAnalysis:
    """What the widths of the intervals were after the first `replicates`.

    width: the widest half-width of a difference over the standard deviation of the outcome
    between replicates of the baseline; outcome and regime: where that is.
    """

    replicates: int
    width: float
    outcome: str
    regime: str
    precision: float

    @property
    def enough(self) -> bool:
        """Whether there are replicates enough for every half-width to be what was asked for."""
        return self.replicates >= SMALLEST and self.width < self.precision

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the record; a width that is not finite is None."""
        content = asdict(self)
        content["width"] = self.width if math.isfinite(self.width) else None
        content["reached"] = self.enough
        return content


def interim_analysis(
    summary: NDArray[np.float64],
    regimes: tuple[str, ...],
    rule: IntervalRule,
    precision: float,
) -> InterimAnalysis:
    """InterimAnalysis at the replicates so far; summary: (replicates, regimes, outcomes).

    A difference that does not vary counts as precise; an outcome that was not observed does not.
    """
    some = summary[:, :, [INDEX[name] for name in DECIDING]]
    gap = spread(some[:, 1:] - some[:, :1])
    half = rule.half_width(gap.sd, gap.number)
    sd = spread(some[:, 0]).sd
    with np.errstate(invalid="ignore", divide="ignore"):
        widths = np.where(half == 0.0, 0.0, half / sd)
    widths = np.where(np.isnan(widths), np.inf, widths)
    regime, outcome = np.unravel_index(int(np.argmax(widths)), widths.shape)
    return InterimAnalysis(
        replicates=len(summary),
        width=float(widths[regime, outcome]),
        outcome=DECIDING[int(outcome)],
        regime=regimes[int(regime) + 1],
        precision=precision,
    )
