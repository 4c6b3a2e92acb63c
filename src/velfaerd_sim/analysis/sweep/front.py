"""What benefit costs in staff hours: the regimes that no other beats on both (Pareto front)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    AnalysisResult,
    Count,
    Fact,
    Share,
    amount,
    outcome,
    regime,
    rows,
)
from velfaerd_sim.analysis.arrays.frames import Array, Flags
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.arrays.noise import Redraw
from velfaerd_sim.analysis.arrays.worlds import DRAWS, WorldValues, read_worlds
from velfaerd_sim.statistics.intervals import CONFIDENCE

HOURS = "staff_hours_per_1000"


def non_dominated(benefit: Array, cost: Array) -> Flags:
    """Whether nothing else has as much benefit for as little cost, and more of one; last axis."""
    more = benefit[..., None, :] >= benefit[..., :, None]
    less = cost[..., None, :] <= cost[..., :, None]
    strictly = (benefit[..., None, :] > benefit[..., :, None]) | (
        cost[..., None, :] < cost[..., :, None]
    )
    beaten = np.asarray((more & less & strictly).any(axis=-1), np.bool_)
    return ~beaten


def front(
    frame: pd.DataFrame,
    benefit: str,
    cost: str = HOURS,
    regimes: Sequence[str] | None = None,
    *,
    better: str | None = None,
    design: PointLayout | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Regimes that no other beats both on a benefit and on its cost, over all worlds.

    Cost is better when lower. Table, cheapest first: regime, cost, cost_low, cost_high, benefit,
    benefit_low, benefit_high, on_front, probability (of being on the front, resampling worlds and
    replicates), worlds_share (worlds in which it is on their front), beaten_by (regimes that beat
    it on both). Raises InputError with fewer than two regimes or worlds.
    """
    good = read_worlds(frame, benefit, regimes, better=better, design=design)
    dear = read_worlds(frame, cost, regimes, better="lower", design=design)
    good, dear = _same_worlds(good, dear)
    generator = np.random.default_rng(seed)
    # Benefit and cost of a regime come from the same runs, so they are redrawn together.
    joint = Redraw(
        np.stack([table.values for part in (good, dear) for table in part.tables], axis=1)
    )
    count = len(good.regimes)
    drawn = np.empty((2, draws, count))
    for k in range(draws):
        means = joint.draw(generator)[generator.integers(good.count, size=good.count)].mean(axis=0)
        drawn[:, k] = means.reshape(2, count)
    mean, price = good.means.mean(axis=0), dear.means.mean(axis=0)
    value = good.better * mean
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(drawn, [tail, 100.0 - tail], axis=1)
    table = pd.DataFrame(
        {
            "regime": good.regimes,
            "cost": price,
            "cost_low": low[1],
            "cost_high": high[1],
            "benefit": mean,
            "benefit_low": low[0],
            "benefit_high": high[0],
            "on_front": non_dominated(value, price),
            "probability": non_dominated(good.better * drawn[0], drawn[1]).mean(axis=0),
            "worlds_share": non_dominated(good.better * good.means, dear.means).mean(axis=0),
            "beaten_by": _beaten_by(value, price, good.regimes),
        }
    ).sort_values("cost", kind="stable", ignore_index=True)
    return AnalysisResult(
        "front",
        Fact("benefit_cost", benefit=outcome(benefit), cost=outcome(cost)),
        table,
        (*_facts(table, good, benefit, cost), *good.left_out.facts()),
        {"benefit": good.means, "cost": dear.means, "regimes": good.regimes},
        names=(benefit, cost),
    )


def _same_worlds(one: WorldValues, other: WorldValues) -> tuple[WorldValues, WorldValues]:
    """Keep the worlds that both have."""
    ids = one.tables[0].point_ids
    ids = ids[np.isin(ids, other.tables[0].point_ids)]
    parts = []
    for each in (one, other):
        tables = tuple(table.select(np.isin(table.point_ids, ids)) for table in each.tables)
        parts.append(WorldValues(each.outcome, each.regimes, tables, each.better))
    return parts[0], parts[1]


def _beaten_by(benefit: Array, cost: Array, names: Sequence[str]) -> list[str]:
    """Name the regimes that beat each on both counts."""
    lists = []
    for k in range(len(names)):
        strictly = (benefit > benefit[k]) | (cost < cost[k])
        worse = (benefit >= benefit[k]) & (cost <= cost[k]) & strictly
        lists.append(", ".join(names[j] for j in np.flatnonzero(worse).tolist()))
    return lists


def _facts(table: pd.DataFrame, worlds: WorldValues, benefit: str, cost: str) -> tuple[Fact, ...]:
    front = tuple(
        Fact(
            "on_front",
            regime=regime(row.regime),
            benefit=amount(row, "benefit"),
            cost=amount(row, "cost"),
            share=Share(row.probability),
        )
        for row in rows(table)
        if row.on_front
    )
    what = {"benefit": outcome(benefit), "cost": outcome(cost)}
    found = [
        Fact(
            "front",
            worlds=Count(worlds.count, "world"),
            regimes=Fact("any_of", parts=front),
            **what,
        )
    ]
    beaten = tuple(regime(row.regime) for row in rows(table) if not row.on_front)
    if beaten:
        found.append(Fact("beaten", regimes=beaten))
    return tuple(found)
