"""Regimes side by side over all points of a study: levels, differences, and how often one leads.

Differences are paired: the same points, the same seeds. Intervals redraw chance; where the points
are a sample of worlds they resample the worlds too, and else they hold for these points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    NOTHING,
    Amount,
    AnalysisResult,
    Change,
    Count,
    Fact,
    Share,
    UnsuitedError,
    Value,
    amount,
    regime,
    rows,
)
from velfaerd_sim.analysis.arrays.facts import (
    outcome as named,
)
from velfaerd_sim.analysis.arrays.frames import (
    Array,
    PointValues,
    direction,
    read_points,
    together,
)
from velfaerd_sim.analysis.arrays.layouts import PointLayout, independent
from velfaerd_sim.analysis.arrays.noise import Redraw, chance
from velfaerd_sim.errors import InputError
from velfaerd_sim.statistics.intervals import CONFIDENCE
from velfaerd_sim.studies.sweep import designs

SAMPLES = (designs.LATIN_HYPERCUBE, designs.SOBOL, designs.SALTELLI)
"""Designs whose points are a random sample of possible worlds."""
LEAST_POINTS = 20
"""Of fewer points no sentence tells the share in which a regime is ahead."""
MIDDLE = (5.0, 95.0)
DRAWS = 1000


def contrasts(
    frame: pd.DataFrame,
    outcome: str,
    baseline: str,
    regimes: Sequence[str],
    *,
    design: PointLayout | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Compare regimes with a baseline over the points of a study.

    Table, the baseline first: regime, mean, low, high, difference, difference_low, difference_high
    (mean over points, with intervals), from_, to (the middle nine tenths of the points'
    differences), ahead, clearly_ahead, clearly_behind (shares of points; NaN for an outcome that is
    neither good nor bad, or with one replicate). Raises InputError where no point has a value of
    all regimes.
    """
    names = [baseline, *(name for name in regimes if name != baseline)]
    tables = [_points(frame, outcome, name, design) for name in names]
    both = np.logical_and.reduce([np.isfinite(table.mean) for table in tables])
    if not both.any():
        allowed = f"a point at which all regimes have a value of {outcome}"
        needs = Fact("needs_values", outcome=named(outcome), there=0)
        raise UnsuitedError("points", 0, allowed, needs)
    tables = [table.select(both) for table in tables]
    means = np.column_stack([table.mean for table in tables])
    sampled = design is not None and design.kind in SAMPLES and len(means) > 1
    known = len(tables[0].replicates) > 1
    drawn = _drawn(tables, draws, seed, sampled)
    tails = [50.0 * (1.0 - confidence), 50.0 * (1.0 + confidence)]
    level = np.percentile(drawn, tails, axis=0)
    gap = np.percentile(drawn - drawn[:, :1], tails, axis=0)
    table = _table(tables, means, level, gap)
    if not (known or sampled):
        table[["low", "high", "difference_low", "difference_high"]] = np.nan
    table.loc[0, ["ahead", "clearly_ahead", "clearly_behind"]] = np.nan
    over = Count(len(means), "world" if sampled else "point")
    facts = (
        *_facts(table, outcome, over, len(means) >= LEAST_POINTS),
        *(() if known else (Fact("contrasts_chance_unknown"),)),
        *together([table.left_out for table in tables], int((~both).sum())).facts(),
    )
    data = {"means": means, "regimes": tuple(names), "sampled": sampled}
    about = Fact("over", outcome=named(outcome), count=over)
    return AnalysisResult("contrasts", about, table, facts, data)


def _drawn(tables: Sequence[PointValues], draws: int, seed: int, sampled: bool) -> Array:
    """Means over points (draws, regimes) on other seeds, and on other worlds where sampled."""
    redraw = Redraw(np.stack([table.values for table in tables], axis=1))
    generator = np.random.default_rng(seed)
    drawn = np.empty((draws, len(tables)))
    for k in range(draws):
        again = redraw.draw(generator)
        if sampled:
            again = again[generator.integers(len(again), size=len(again))]
        drawn[k] = again.mean(axis=0)
    return drawn


def _table(tables: Sequence[PointValues], means: Array, level: Array, gap: Array) -> pd.DataFrame:
    """A row a regime. means: (points, regimes); level, gap: ends of intervals, (2, regimes)."""
    lines = []
    for k, points in enumerate(tables):
        away = means[:, k] - means[:, 0]
        line = {"regime": points.regime, "mean": means[:, k].mean()}
        line |= dict(zip(("low", "high"), level[:, k], strict=True))
        line["difference"] = away.mean()
        line |= dict(zip(("difference_low", "difference_high"), gap[:, k], strict=True))
        line |= dict(zip(("from_", "to"), np.percentile(away, MIDDLE), strict=True))
        lines.append(line | _leads(points, tables[0], points.outcome))
    return pd.DataFrame(lines)


def _points(
    frame: pd.DataFrame, outcome: str, regime: str, design: PointLayout | None
) -> PointValues:
    points = read_points(frame, outcome, regime)
    if design is not None and design.kind == designs.SALTELLI:
        return independent(points, design, "contrasts")[0]
    return points


def _leads(points: PointValues, base: PointValues, outcome: str) -> dict[str, float]:
    """Shares of points at which a regime is ahead, clearly ahead and clearly behind."""
    away = points.values - base.values
    try:
        sign = direction(outcome)
    except InputError:
        return dict.fromkeys(("ahead", "clearly_ahead", "clearly_behind"), np.nan)
    paired = PointValues(
        outcome,
        points.regime,
        base.regime,
        points.point_ids,
        points.parameters,
        away,
        points.replicates,
    )
    mean, half = sign * paired.mean, chance(paired).half_width()
    known = len(points.replicates) > 1
    return {
        "ahead": float((mean > 0.0).mean()),
        "clearly_ahead": _share(mean > half) if known else np.nan,
        "clearly_behind": _share(mean < -half) if known else np.nan,
    }


def _share(flags: Array | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    return float(np.mean(flags))


def _facts(table: pd.DataFrame, outcome: str, over: Count, many: bool) -> tuple[Fact, ...]:
    base, *others = rows(table)
    found = [
        Fact(
            "baseline_level",
            regime=regime(base.regime),
            outcome=named(outcome),
            level=Amount(base.mean, base.low, base.high),
            over=over,
        )
    ]
    for row in others:
        difference = amount(row, "difference", Change)
        values: dict[str, Value] = {"regime": regime(row.regime), "difference": difference}
        if not (many and np.isfinite(row.ahead)):
            found.append(Fact("differs", **values))
            continue
        of = Fact(f"of_the_{over.of}s")
        clearly = NOTHING
        if np.isfinite(row.clearly_ahead):
            ahead, behind = Share(row.clearly_ahead), Share(row.clearly_behind)
            clearly = Fact("clearly", ahead=ahead, behind=behind)
        ahead = Share(row.ahead)
        found.append(Fact("differs_ahead", ahead=ahead, of=of, clearly=clearly, **values))
    return tuple(found)
