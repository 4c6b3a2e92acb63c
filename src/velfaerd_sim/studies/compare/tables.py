"""Tables of a comparison: effects, levels, bands and groups, from what the replicates gave.

Pure functions of the replicates, used when a study is made and again when it is verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.instruments.losses import counted, nobody_left, number_of
from velfaerd_sim.instruments.replicates import YEAR
from velfaerd_sim.measures.outcomes import INDEX, NAMES, named
from velfaerd_sim.statistics.intervals import (
    Interval,
    IntervalRule,
    interval,
    jackknife_ratio,
    paired,
    quantiles,
    spread,
)
from velfaerd_sim.statistics.over_worlds import Units

Array = NDArray[np.float64]
Table = dict[str, Any]

OF_CITIZENS = ("tils_score_mean", "loneliness_mean", "lonely_share")
"""The outcomes whose effects carry the shares of gainers and losers."""
AVERTED_AGAINST_BASELINE = "lonely_years_averted_against_baseline_per_100_staff_hours"
"""In levels only: lonely person-years averted against the baseline over the staff hours used."""
LOW, HIGH = 0.05, 0.95
_AVERTED = INDEX["lonely_years_averted_per_1000"]
_BLOCK = 8
SINGLE = Units()
"""Every replicate counts as one observation."""


def texts(values: Iterable[str]) -> NDArray[Any]:
    """Texts as a column."""
    return np.array(list(values), object)


def ends(names: Sequence[str], found: Interval, axis: int = -1) -> tuple[Array, Array]:
    """The ends of intervals of levels, inside of what each outcome can be.

    names: of the outcomes along the axis. Ends that are unknown or infinite stay so.
    """
    low, high = found.low, found.high
    shape = [1] * low.ndim
    shape[axis] = len(names)
    least, most = np.array([named(name).limits for name in names]).T.reshape(2, *shape)
    low = np.where(np.isfinite(low), np.clip(low, least, most), low)
    return low, np.where(np.isfinite(high), np.clip(high, least, most), high)


def effects(
    regimes: tuple[str, ...], summary: Array, gains: Array | None, rule: IntervalRule
) -> Table:
    """Each regime against the first, an outcome a row.

    summary: (replicates, regimes, outcomes); gains: (replicates, regimes - 1, CELLS, 4).
    """
    others, count = len(regimes) - 1, len(NAMES)
    result = paired(summary[:, 1:], summary[:, :1], rule)
    shares = np.full((2, others, count), np.nan)
    if gains is not None:
        total = gains.sum(axis=2)
        for index, column in enumerate((1, 2)):
            mean = spread(_share(total[..., column], total[..., 0])).mean
            for name in OF_CITIZENS:
                shares[index, :, INDEX[name]] = mean
    return {
        "outcome": texts(NAMES * others),
        "regime": texts(name for name in regimes[1:] for _ in NAMES),
        "baseline": texts([regimes[0]] * (others * count)),
        "baseline_mean": result.baseline_mean.ravel(),
        "regime_mean": result.regime_mean.ravel(),
        "difference": result.difference.ravel(),
        "ci_low": result.low.ravel(),
        "ci_high": result.high.ravel(),
        "replicates": result.number.astype(np.int32).ravel(),
        "variance_reduction": result.variance_reduction.ravel(),
        "gainers_share": shares[0].ravel(),
        "losers_share": shares[1].ravel(),
    }


def levels(
    regimes: tuple[str, ...],
    summary: Array,
    hours: Array,
    rule: IntervalRule,
    units: Units = SINGLE,
) -> Table:
    """Each regime by itself, an outcome a row, and what it averts against the first an hour.

    hours: (replicates, regimes), staff hours per 1 000 adults over all months. sd is that between
    replicates, in whichever world they are; lost: replicates that ended without anybody of whom the
    outcome speaks, and count with its worst value.
    """
    every, found = spread(summary), interval(units.means(summary), rule)
    averted = summary[:, :, _AVERTED] - summary[:, :1, _AVERTED]
    ratio = jackknife_ratio(100.0 * units.means(averted), units.means(hours), rule)
    deviation = ratio.error * np.sqrt(ratio.number)
    low, high = ends(NAMES, found)
    used = (np.isfinite(averted) & np.isfinite(hours)).sum(axis=0)

    def column(plain: Array, extra: Array) -> Array:
        return np.concatenate([plain, extra[:, None]], axis=1).ravel()

    return {
        "outcome": texts((*NAMES, AVERTED_AGAINST_BASELINE) * len(regimes)),
        "regime": texts(name for name in regimes for _ in range(len(NAMES) + 1)),
        "mean": column(found.mean, ratio.value),
        "ci_low": column(low, ratio.value - ratio.half_width),
        "ci_high": column(high, ratio.value + ratio.half_width),
        "sd": column(every.sd, deviation),
        "replicates": column(every.number, used).astype(np.int32),
        "lost": column(nobody_left(summary).sum(axis=0), np.zeros(len(regimes))).astype(np.int32),
    }


def groups(
    regimes: tuple[str, ...], gains: Array, months: int, rule: IntervalRule, units: Units = SINGLE
) -> Table:
    """Gainers and losers among citizens: all, by age band, and by known to the municipality.

    gains: (replicates, regimes - 1, CELLS, 4). A group belongs to the same people under both
    regimes, since age and being known are those of month 0.
    """
    by_cell = gains.reshape(*gains.shape[:2], len(AGE_BANDS), 2, gains.shape[-1])
    parts = [
        ("all", ("all",), by_cell.sum(axis=(2, 3))[:, :, None]),
        ("age_band", AGE_BANDS, by_cell.sum(axis=3)),
        ("known", ("unknown", "known"), by_cell.sum(axis=2)),
    ]
    names = [(grouping, group) for grouping, members, _ in parts for group in members]
    counts = np.concatenate([values for _, _, values in parts], axis=2)
    citizens = counts[..., 0]
    columns: Table = {
        "regime": texts(name for name in regimes[1:] for _ in names),
        "baseline": texts([regimes[0]] * (len(names) * (len(regimes) - 1))),
        "grouping": texts(grouping for _ in regimes[1:] for grouping, _ in names),
        "group": texts(group for _ in regimes[1:] for _, group in names),
        "citizens": citizens.mean(axis=0).ravel(),
    }
    scale = float(min(YEAR, months))
    for name, index, unit in (("gainers", 1, 1.0), ("losers", 2, 1.0), ("score", 3, scale)):
        found = interval(units.means(_share(counts[..., index], citizens * unit)), rule)
        columns["score_difference" if name == "score" else f"{name}_share"] = found.mean.ravel()
        limits = (-np.inf, np.inf) if name == "score" else (0.0, 1.0)
        columns[f"{name}_low"] = np.clip(found.low, *limits).ravel()
        columns[f"{name}_high"] = np.clip(found.high, *limits).ravel()
    return columns


def _share(above: Array, below: Array) -> Array:
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below != 0.0)
    return result


def bands(
    regimes: tuple[str, ...],
    months: int,
    pooled: Callable[[Sequence[str]], Array],
    rule: IntervalRule,
    units: Units = SINGLE,
) -> Table:
    """Every outcome month by month: mean with interval, the middle 90 % of replicates, difference.

    months: with month 0. pooled: gives some outcomes of all municipalities together, float64
    (replicates, regimes, months, outcomes). The difference to the first regime is paired; none for
    the first. A month in which nobody is left of whom an outcome speaks counts with its worst.
    """
    counts = ("volunteers_per_1000", "initiatives_per_1000")
    there = dict(zip(counts, np.moveaxis(pooled(counts), -1, 0), strict=True))
    rows = (len(regimes), len(NAMES), months)
    names = ("mean", "ci_low", "ci_high", "low", "high")
    paired_names = ("difference", "difference_low", "difference_high")
    columns: Table = {name: np.full(rows, np.nan) for name in (*names, *paired_names)}
    for first in range(0, len(NAMES), _BLOCK):
        some = slice(first, first + _BLOCK)
        values = pooled(NAMES[some]).transpose(0, 1, 3, 2)
        for place, name in enumerate(NAMES[some]):
            if number := number_of(name):
                values[:, :, place] = counted(name, values[:, :, place], there[number])
        found = interval(units.means(values), rule)
        inside = ends(NAMES[some], found, axis=1)
        low, high = quantiles(values, (LOW, HIGH))
        gap = interval(units.means(values[:, 1:] - values[:, :1]), rule)
        for name, part in zip(names, (found.mean, *inside, low, high), strict=True):
            columns[name][:, some] = part
        for name, part in zip(paired_names, (gap.mean, gap.low, gap.high), strict=True):
            columns[name][1:, some] = part
    return {
        "regime": np.repeat(texts(regimes), len(NAMES) * months),
        "month": np.tile(np.arange(months, dtype=np.int32), len(regimes) * len(NAMES)),
        "outcome": np.tile(np.repeat(texts(NAMES), months), len(regimes)),
        **{name: values.ravel() for name, values in columns.items()},
    }
