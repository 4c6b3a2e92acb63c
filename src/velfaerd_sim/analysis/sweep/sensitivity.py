"""Which uncertain parameters decide an outcome, or the difference between two regimes: Sobol.

First-order index: the share of the variance between points that goes when the parameter is known.
Total index: the share that stays when all others are known, so interactions count. Indices are
SALib's (estimators of Saltelli et al. 2010, doi 10.1016/j.cpc.2009.09.018). What chance adds to
them is taken away where there are replicates: a product of two means over n replicates is on
average too large by their covariance over replicates / n. Intervals resample whole blocks of the
design; they hold for the replicates' seeds at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    Share,
    amount,
    parameter,
    rows,
)
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, read_points, require
from velfaerd_sim.analysis.arrays.layouts import PointLayout, Saltelli, names_of, saltelli
from velfaerd_sim.analysis.arrays.libraries import load
from velfaerd_sim.statistics.intervals import CONFIDENCE

LEAST_BLOCKS = 16
VISIBLE = 0.05
"""A total index up to here counts as negligible: one part in twenty of the variance. It is the
customary limit of screening (Sarrazin, Pianosi & Wagener 2016, doi 10.1016/j.envsoft.2016.02.005).
"""
NARROW = 0.20
"""Widest interval of an index for its size to count as settled: known to about a tenth of the
variance, enough to tell a parameter behind half of it from one behind a third."""

NOISY = 0.5
"""With a larger part of chance in the variance of the means, replicates help more than points."""
ROUNDING = 1e-12
"""An index smaller than this is rounding: it is zero."""

DECIDES, NEGLIGIBLE, ZERO, UNCLEAR = "decides", "negligible", "not told from zero", "unclear"


@dataclass(frozen=True)
class Terms:
    """What the indices are made of, a row a block; an index is a ratio of means over blocks.

    first, total (blocks, parameters): products whose means are the numerators; square, middle
    (blocks,): mean square and mean of the two base rows, whose variance is the denominator. With
    replicates all are free of the bias that chance gives to products.
    """

    first: Array
    total: Array
    square: Array
    middle: Array
    bias: float

    def indices(self, weights: Array) -> tuple[Array, Array, Array]:
        """First and total indices (draws, parameters) and the variance (draws,).

        weights (draws, blocks) sum to 1.
        """
        variance = weights @ self.square - (weights @ self.middle) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            found = [weights @ part / variance[:, None] for part in (self.first, self.total)]
        first, total = (np.where(np.abs(part) < ROUNDING, 0.0, part) for part in found)
        return first, total, variance


def mean_product(x: Array, y: Array) -> Array:
    """Estimate the product of two true means from the same replicates, last axis, NaN left out.

    The product of the sample means minus their covariance / n; with one replicate, the product.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = both.sum(axis=-1)
    sums = [np.where(both, part, 0.0).sum(axis=-1) for part in (x, y)]
    inner = np.where(both, x * y, 0.0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = sums[0] * sums[1] / n**2
        corrected = (sums[0] * sums[1] - inner) / (n * (n - 1.0))
    product: Array = np.where(n > 1, corrected, plain)
    return product


def terms(values: Array) -> Terms:
    """Make the terms of the indices; values (blocks, rows of a block, replicates), aligned."""
    a, mixed, b = values[:, 0], values[:, 1:-1], values[:, -1]
    first = mean_product(np.broadcast_to(b[:, None], mixed.shape), mixed - a[:, None])
    gap = a[:, None] - mixed
    square = 0.5 * (mean_product(a, a) + mean_product(b, b))
    mean_a, mean_b = np.nanmean(a, axis=1), np.nanmean(b, axis=1)
    bias = float(np.mean(0.5 * (mean_a**2 + mean_b**2) - square))
    return Terms(first, 0.5 * mean_product(gap, gap), square, 0.5 * (mean_a + mean_b), bias)


def aligned_blocks(points: PointValues, design: Saltelli) -> Array:
    """Values (blocks, rows of a block, replicates) less the replicate's mean over all of them.

    A block has a replicate where all its points have it (else NaN), and is kept with two of them,
    or one where the study has no more.
    """
    values = points.values[design.layout]
    common = np.asarray(np.isfinite(values).all(axis=1), np.bool_)
    keep = common.sum(axis=1) >= min(2, len(points.replicates))
    values, common = values[keep], common[keep]
    present = np.maximum(common.sum(axis=0), 1) * values.shape[1]
    means = np.where(common[:, None], values, 0.0).sum(axis=(0, 1)) / present
    return np.where(common[:, None], values - means, np.nan)


def sobol(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    design: PointLayout | None = None,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """First-order and total Sobol indices of an outcome, or of a paired difference of regimes.

    Table, largest total first: parameter, first, first_low, first_high, total, total_low,
    total_high, first_uncorrected, total_uncorrected (as SALib gives them), role ('decides',
    'negligible', 'not told from zero', 'unclear'). Raises InputError where the points are no
    Saltelli design or fewer than 16 of its blocks are whole.
    """
    points = read_points(frame, outcome, regime, against)
    names = names_of(points, design)
    planned = saltelli(points, design)
    values = aligned_blocks(points, planned)
    n = len(values)
    require(n * (len(names) + 2), LEAST_BLOCKS * (len(names) + 2), "sobol")
    parts = terms(values)
    generator = np.random.default_rng(seed)
    weights = generator.multinomial(n, np.full(n, 1.0 / n), size=resamples) / n
    firsts, totals, variances = parts.indices(weights)
    first, total, variance = (part[0] for part in parts.indices(np.full((1, n), 1.0 / n)))
    tail = 50.0 * (1.0 - confidence)
    constant = is_constant(points.mean[planned.layout])
    if constant or np.percentile(variances, tail) <= 0.0:
        return _nothing(points, names, constant)
    plain = _by_salib(values, names)
    first_ends, total_ends = (
        np.percentile(part, [tail, 100.0 - tail], axis=0) for part in (firsts, totals)
    )
    table = _table(names, (first, *first_ends), (total, *total_ends), plain)
    order = np.argsort(-total, kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    noise = parts.bias / (float(variance) + parts.bias)
    verdict, sufficient = _verdict(table, totals[:, order], n, noise)
    lost = planned.blocks - n
    incomplete = (Fact("blocks_lost", lost=lost, all=planned.blocks),) if lost else ()
    return AnalysisResult(
        "sobol",
        points.about,
        table,
        (
            *_facts(points, table),
            *verdict,
            _on_chance(points, noise),
            *points.left_out.facts(),
            *incomplete,
        ),
        {"blocks": n, "totals": totals[:, order], "firsts": firsts[:, order], "chance": noise},
        sufficient,
        points.names,
    )


def _table(
    names: list[str],
    first: tuple[Array, Array, Array],
    total: tuple[Array, Array, Array],
    plain: Mapping[str, Any],
) -> pd.DataFrame:
    """A row a parameter; first, total: index and ends of its interval; plain: as SALib has them."""
    return pd.DataFrame(
        {
            "parameter": names,
            **dict(zip(("first", "first_low", "first_high"), first, strict=True)),
            **dict(zip(("total", "total_low", "total_high"), total, strict=True)),
            "first_uncorrected": plain["S1"],
            "total_uncorrected": plain["ST"],
            "role": [_role(*ends) for ends in zip(*total[1:], strict=True)],
        }
    )


def is_constant(values: Array) -> bool:
    """Whether values differ by no more than rounding."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def _by_salib(values: Array, names: list[str]) -> Any:
    """SALib's indices of means over replicates; values (blocks, rows of a block, replicates)."""
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    return load("SALib.analyze.sobol").analyze(
        problem,
        np.nanmean(values, axis=2).ravel(),
        calc_second_order=False,
        num_resamples=2,
        seed=1,
    )


def _role(low: float, high: float) -> str:
    if low > VISIBLE:
        return DECIDES
    if low <= 0.0:
        return ZERO
    return NEGLIGIBLE if high <= VISIBLE else UNCLEAR


def _verdict(
    table: pd.DataFrame, totals: NDArray[Any], blocks: int, noise: float
) -> tuple[tuple[Fact, ...], bool]:
    """Say what the sample suffices for, from the widths of the intervals.

    Sizes are settled when no interval is wider than NARROW; the leader when it leads in 95 % of
    the resamples; the screening when every parameter is on one side of VISIBLE.
    """
    widths = np.maximum(
        table["total_high"] - table["total_low"], table["first_high"] - table["first_low"]
    )
    widest = float(widths.max())
    leads = float(np.mean(np.argmax(totals, axis=1) == 0))
    screened = bool(((table["role"] == DECIDES) | (table["total_high"] <= VISIBLE)).all())
    sizes = widest <= NARROW
    leader = parameter(table["parameter"][0])
    parts = (
        (leads >= 0.95, Fact("to_name", parameter=leader, share=Share(leads))),
        (screened, Fact("to_separate")),
        (sizes, Fact("to_size", widest=Amount(widest))),
    )
    can = tuple(fact for holds, fact in parts if holds)
    cannot = tuple(fact for holds, fact in parts if not holds)
    not_to = Fact("any_of", parts=cannot)
    if not can:
        verdict = Fact("suffices_not", cannot=not_to)
    else:
        verdict = (
            Fact("suffices_partly", can=can, cannot=not_to) if cannot else Fact("suffices", can=can)
        )
    facts = [verdict]
    if not sizes and noise > NOISY:
        facts.append(Fact("replicates_needed", share=Share(noise)))
    elif not sizes:
        needed = 2 ** int(np.ceil(np.log2(blocks * (widest / NARROW) ** 2)))
        facts.append(Fact("blocks_needed", narrow=Amount(NARROW), blocks=needed, there=blocks))
    return tuple(facts), sizes and screened


def _facts(points: PointValues, table: pd.DataFrame) -> tuple[Fact, ...]:
    named = rows(table)
    deciding = tuple(
        Fact(
            "index",
            parameter=parameter(row.parameter),
            total=amount(row, "total"),
            first=Amount(row.first),
        )
        for row in named
        if row.role == DECIDES
    )
    if not deciding:
        facts = [Fact("decided_by_none", about=points.about)]
    else:
        facts = [Fact("decided", about=points.about, parts=deciding)]
    interactions = 1.0 - float(table["first"].sum())
    if deciding and interactions > VISIBLE:
        facts.append(Fact("interactions", share=Share(min(1.0, interactions))))
    for role, key in ((NEGLIGIBLE, "negligible"), (ZERO, "not_from_zero"), (UNCLEAR, "unclear")):
        parts = tuple(
            Fact(
                "at_most_index",
                parameter=parameter(row.parameter),
                most=Amount(min(1.0, row.total_high)),
            )
            for row in named
            if row.role == role
        )
        limit = {"limit": Amount(VISIBLE)} if role == NEGLIGIBLE else {}
        if parts:
            facts.append(Fact(key, parts=parts, **limit))
    return tuple(facts)


def _on_chance(points: PointValues, noise: float) -> Fact:
    if len(points.replicates) < 2:
        return Fact("indices_chance_unknown")
    replicates = Count(len(points.replicates), "replicate")
    return Fact("indices_chance", share=Share(max(0.0, noise)), replicates=replicates)


def _nothing(points: PointValues, names: list[str], constant: bool) -> AnalysisResult:
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    table = pd.DataFrame({"parameter": names} | dict.fromkeys(columns, np.nan))
    table["role"] = ZERO
    if constant:
        fact = Fact("same_no_parameter", about=points.about)
    else:
        replicates = Count(len(points.replicates), "replicate")
        fact = Fact("only_chance", about=points.about, replicates=replicates)
    facts = (fact, *points.left_out.facts())
    return AnalysisResult("sobol", points.about, table, facts, {}, constant, points.names)
