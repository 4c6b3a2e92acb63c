"""Retention of volunteers by joining cohort: Kaplan-Meier curves with right-censoring.

The ledgers count, for each month and month of tenure, the volunteers at risk and those who left. A
cohort that joined in month c is at risk at tenure k in month c + 1 + k, so cohorts are diagonals
of the ledgers. Who is still there at the end is censored: at risk as long as seen, no longer.

A volunteer who stops because the initiative closes is counted at the tenure with which the month
began. Who joined in that very month began it outside, was at risk in no month, and is counted as at
risk and as left at tenure 0 of the month, so with the cohort of the month before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError

NORMAL_95 = 1.959963984540054
_TAIL = 0.025
"""The chance that is left on either side of a 95 % interval."""


@dataclass(frozen=True)
class SurvivalCurve:
    """Share still volunteering after 0, 1, 2 ... months, with the log-log 95 % interval.

    at_risk and ended count volunteers by month of tenure; share has one entry more.
    """

    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def kaplan_meier(at_risk: NDArray[Any], ended: NDArray[Any]) -> SurvivalCurve:
    """The product-limit estimate (Kaplan & Meier 1958) from counts by month of tenure.

    at_risk, ended: (months,). The interval uses Greenwood's variance on the log-log scale. After
    the last month in which anyone is at risk the estimate is NaN. While nobody has left, or once
    all have, that variance is zero however few were seen; then the end is that of Clopper & Pearson
    (1934): where none of n leaves it is 0.025^(1/n), where all of n leave 1 - 0.025^(1/n) of the
    end before.
    """
    at_risk = np.asarray(at_risk, dtype=np.int64)
    ended = np.asarray(ended, dtype=np.int64)
    seen = at_risk > 0
    stay = np.where(seen, 1.0 - ended / np.maximum(at_risk, 1), np.nan)
    share = np.concatenate([[1.0], np.cumprod(stay)])
    left = at_risk - ended
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(seen, ended / (np.maximum(at_risk, 1) * left.astype(float)), np.nan)
        variance = np.concatenate([[0.0], np.cumsum(terms)])
        log_share = np.log(share)
        width = NORMAL_95 * np.sqrt(variance) / np.abs(log_share)
        low = share ** np.exp(width)
        high = share ** np.exp(-width)
    fewest = np.minimum.accumulate(np.maximum(at_risk, 1))
    still = np.concatenate([[1.0], _TAIL ** (1.0 / fewest)])
    certain = share == 1.0
    low[certain], high[certain] = still[certain], 1.0
    for month in np.flatnonzero(share == 0.0):  # who comes later changes nothing
        last = 1.0 - _TAIL ** (1.0 / at_risk[month - 1]) if share[month - 1] > 0.0 else 1.0
        low[month], high[month] = 0.0, high[month - 1] * last
    return SurvivalCurve(at_risk, ended, share, low, high)


def cohort_counts(
    at_risk: NDArray[Any], ended: NDArray[Any], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Volunteers at risk and left by tenure, of those who joined in rows first .. last.

    at_risk, ended: int32 (municipalities, rows, tenures). The last tenure holds all longer ones
    and is left out. Raises InputError when the cohort is empty or out of range.
    """
    rows, tenures = at_risk.shape[1], at_risk.shape[2] - 1
    if not 0 <= first <= last < rows:
        raise InputError("cohort", (first, last), f"rows from 0 to {rows - 1}, first before last")
    pooled_risk = at_risk.sum(axis=0)
    pooled_ended = ended.sum(axis=0)
    risk = np.zeros(tenures, np.int64)
    left = np.zeros(tenures, np.int64)
    for joined in range(first, last + 1):
        for tenure in range(min(tenures, rows - joined - 1)):
            risk[tenure] += pooled_risk[joined + 1 + tenure, tenure]
            left[tenure] += pooled_ended[joined + 1 + tenure, tenure]
    return risk, left


def cohort_curve(
    at_risk: NDArray[Any], ended: NDArray[Any], first: int, last: int
) -> SurvivalCurve:
    """Survival curve of the volunteers who joined in rows first .. last of the ledgers."""
    return kaplan_meier(*cohort_counts(at_risk, ended, first, last))
