"""What the runs of Compare say: curves with bands, paired differences, who gains and who loses.

The statistics are those of the studies. With one set of parameters a band is the 95 % interval of
the mean and narrows as replicates come; with uncertain worlds it holds the middle 90 % of worlds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.compare.runs import Track
from velfaerd_sim.instruments.losses import losses_as_worst, nobody_left
from velfaerd_sim.instruments.replicates import count_gains
from velfaerd_sim.measures.outcomes import INDEX
from velfaerd_sim.statistics.intervals import IntervalRule, interval, paired, quantiles
from velfaerd_sim.studies.compare import tables

Array = NDArray[np.float64]

SHOWN = (
    "volunteers_per_1000",
    "motivation_mean",
    "retention_12m",
    "lonely_share",
    "lonely_reached_share",
    "staff_hours_per_1000",
)
"""The outcomes that are drawn, in the order of the page."""
_COLUMNS = [INDEX[name] for name in SHOWN]
_RULE = IntervalRule()
_WORLD_SHARES = (0.05, 0.95)
AGREE_ENOUGH = 0.9
"""From this share of worlds on, a direction counts as clear."""
LEAST_PAIRS = 8
"""With fewer pairs nothing is called clear, and no sentence is told from them."""


@dataclass(frozen=True)
class Curve:
    """A mean by month with its band; each float64 (months + 1,)."""

    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Finding:
    """One outcome: both sides and their difference (B minus A), by month and in the last year.

    low and high: of the difference, or of the middle of the worlds; agreeing: share of replicates
    in which it has the sign of the mean; clear: whether the sign is beyond doubt; half: half the
    width of the 95 % interval of the mean; missing: replicates in which a side has no value; lost:
    those in which a side ended without volunteers, which counts as the worst there can be;
    equal: whether both sides are the same in every replicate.
    """

    a: Curve
    b: Curve
    gap: Curve
    a_level: float
    b_level: float
    difference: float
    low: float
    high: float
    agreeing: float
    clear: bool
    half: float = math.nan
    missing: int = 0
    lost: int = 0
    equal: bool = False


@dataclass(frozen=True)
class GroupGains:
    """Of a group of citizens, the shares at least one T-ILS point better and worse off under B.

    gainers, losers: the mean share and its 95 % interval, which ends at 0 and 1.
    """

    grouping: str
    group: str
    citizens: float
    gainers: tuple[float, float, float]
    losers: tuple[float, float, float]


@dataclass(frozen=True)
class Result:
    """All that is shown after so many of the planned replicates."""

    replicates: int
    planned: int
    worlds: bool
    months: int
    findings: Mapping[str, Finding]
    gains: tuple[GroupGains, ...]


def result_of(
    a: Mapping[int, Track], b: Mapping[int, Track], planned: int, worlds: bool
) -> Result | None:
    """What the complete pairs say, in the order of the replicates; None without any."""
    there = [r for r in range(planned) if r in a and r in b]
    if not there:
        return None
    one, other = [a[r] for r in there], [b[r] for r in there]
    findings = _findings(one, other, worlds)
    months = len(one[0].series) - 1
    gains = _gains(one, other, months)
    return Result(len(there), planned, worlds, months, findings, gains)


def _findings(a: Sequence[Track], b: Sequence[Track], worlds: bool) -> dict[str, Finding]:
    one, other = (
        np.stack([losses_as_worst(track.series)[:, _COLUMNS] for track in side]) for side in (a, b)
    )
    curves_a, curves_b = _curves(one, worlds), _curves(other, worlds)
    gap = _curves(other - one, worlds)
    whole_a, whole_b = (np.stack([track.summary for track in side]) for side in (a, b))
    level_a, level_b = (losses_as_worst(each)[:, _COLUMNS] for each in (whole_a, whole_b))
    lost = (nobody_left(whole_a) | nobody_left(whole_b))[:, _COLUMNS].sum(axis=0)
    pairs = paired(level_b, level_a, _RULE)
    low, high = pairs.low, pairs.high
    half = (high - low) / 2.0
    if worlds and len(a) > 1:
        low, high = quantiles(level_b - level_a, _WORLD_SHARES)
    with np.errstate(invalid="ignore"):
        same = np.sign(level_b - level_a) == np.sign(pairs.difference)
    number = np.isfinite(level_b - level_a).sum(axis=0)
    agreeing = same.sum(axis=0) / np.maximum(1, number)
    equal = (number > 0) & ((level_a == level_b) | ~np.isfinite(level_b - level_a)).all(axis=0)
    found = {}
    for column, name in enumerate(SHOWN):
        clear = _is_clear(low[column], high[column], agreeing[column], worlds, len(a))
        found[name] = Finding(
            a=curves_a[column],
            b=curves_b[column],
            gap=gap[column],
            a_level=float(pairs.baseline_mean[column]),
            b_level=float(pairs.regime_mean[column]),
            difference=float(pairs.difference[column]),
            low=float(low[column]),
            high=float(high[column]),
            agreeing=float(agreeing[column]),
            clear=clear,
            half=float(half[column]),
            missing=len(a) - int(number[column]),
            lost=int(lost[column]),
            equal=bool(equal[column]),
        )
    return found


def _is_clear(low: float, high: float, agreeing: float, worlds: bool, count: int) -> bool:
    if count < LEAST_PAIRS or not (math.isfinite(low) and math.isfinite(high)):
        return False
    if worlds:
        return bool(agreeing >= AGREE_ENOUGH)
    return bool(low * high > 0.0)


def _curves(values: Array, worlds: bool) -> list[Curve]:
    """Mean and band of each outcome; values (replicates, months + 1, outcomes)."""
    found = interval(values, _RULE)
    low, high = found.low, found.high
    if worlds and len(values) > 1:
        low, high = quantiles(values, _WORLD_SHARES)
    return [
        Curve(found.mean[:, column], low[:, column], high[:, column])
        for column in range(values.shape[2])
    ]


def gain_counts(a: Track, b: Track) -> Array:
    """Citizens, those a point better, those a point worse, and points, by cell; (CELLS, 4)."""
    difference = b.scores.astype(np.int32) - a.scores
    return count_gains(difference, a.cells.astype(np.intp), a.lived.astype(np.int32)).astype(float)


def _gains(a: Sequence[Track], b: Sequence[Track], months: int) -> tuple[GroupGains, ...]:
    counts = np.stack([gain_counts(one, other) for one, other in zip(a, b, strict=True)])
    table = tables.groups(("a", "b"), counts[:, None], months, _RULE)

    def three(name: str, row: int) -> tuple[float, float, float]:
        keys = (f"{name}_share", f"{name}_low", f"{name}_high")
        share, low, high = (float(table[key][row]) for key in keys)
        if not math.isfinite(high - low):
            return share, math.nan, math.nan
        return share, max(0.0, low), min(1.0, high)

    return tuple(
        GroupGains(
            str(table["grouping"][row]),
            str(table["group"][row]),
            float(table["citizens"][row]),
            three("gainers", row),
            three("losers", row),
        )
        for row in range(len(table["group"]))
    )
