"""Which regime to choose when the world is not known: regret, satisficing, best regime by world.

A world is a point of the design. Regret of a regime in a world: how far it stays behind the best
regime there (Savage 1951). Satisficing: the share of worlds in which a regime meets all criteria
(Simon 1956; both as in McPhail et al. 2018, doi 10.1002/2017EF000649). Regimes are compared on the
same seeds, so what chance does to all of them alike cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    Share,
    Value,
    amount,
    regime,
    rows,
)
from velfaerd_sim.analysis.arrays.facts import (
    outcome as named,
)
from velfaerd_sim.analysis.arrays.facts import (
    share as share_of,
)
from velfaerd_sim.analysis.arrays.frames import Array, Flags, PointValues
from velfaerd_sim.analysis.arrays.layouts import PointLayout, names_of
from velfaerd_sim.analysis.arrays.noise import chance
from velfaerd_sim.analysis.arrays.worlds import DRAWS, WorldValues, read_worlds
from velfaerd_sim.analysis.sweep.contrasts import LEAST_POINTS
from velfaerd_sim.errors import InputError
from velfaerd_sim.statistics.intervals import CONFIDENCE


def regrets(means: Array, better: int) -> Array:
    """How far each regime (worlds, regimes) stays behind the best of its world; never negative."""
    value = better * means
    regret: Array = value.max(axis=1, keepdims=True) - value
    return regret


def regret(
    frame: pd.DataFrame,
    outcome: str,
    regimes: Sequence[str] | None = None,
    *,
    better: str | None = None,
    design: PointLayout | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Regret of every regime over the worlds: expected, nine tenths of the worlds, largest.

    Table, least expected regret first: regime, expected, most_of (90 % of worlds are below),
    largest, each with _low and _high, worst_world (the point id of the largest), by_chance.
    Chance makes the best of noisy means too good, and so regret too large. How much it adds to the
    expected regret, by_chance, is worlds by adding chance once more, and is taken off (Efron &
    Tibshirani 1993, chapter 10); most_of and largest are as observed. Intervals are for worlds
    drawn like these and other seeds, that of the largest regret for these worlds; their ends mirror
    the resamples, which have the chance twice.
    """
    worlds = read_worlds(frame, outcome, regimes, better=better, design=design)
    value = regrets(worlds.means, worlds.better)
    plain = _summaries(value)
    again, elsewhere = _draw_regrets(worlds, draws, seed)
    bias = again[:, 0].mean(axis=0) - plain[0] if worlds.replicates > 1 else np.zeros_like(plain[0])
    tails = [50.0 * (1.0 + confidence), 50.0 * (1.0 - confidence)]
    low, high = np.maximum(2.0 * plain - np.percentile(elsewhere, tails, axis=0), 0.0)
    if worlds.replicates > 1:  # the worlds at hand have the largest: only seeds are drawn again
        ends = 2.0 * plain - np.percentile(again, tails, axis=0)
        low[2], high[2] = np.maximum(ends[:, 2], 0.0)
    else:
        low[2] = high[2] = np.nan
    estimate = np.stack([np.maximum(plain[0] - bias, 0.0), plain[1], plain[2]])
    high = np.maximum(high, estimate)
    columns: dict[str, object] = {"regime": worlds.regimes}
    for k, name in enumerate(("expected", "most_of", "largest")):
        columns |= {name: estimate[k], f"{name}_low": low[k], f"{name}_high": high[k]}
    columns["worst_world"] = worlds.tables[0].point_ids[value.argmax(axis=0)]
    columns["by_chance"] = bias if worlds.replicates > 1 else np.nan
    table = pd.DataFrame(columns).sort_values("expected", kind="stable", ignore_index=True)
    return AnalysisResult(
        "regret",
        Fact("regret_in", outcome=named(outcome)),
        table,
        (*_regret_facts(worlds, table), *_chance_note(worlds), *worlds.left_out.facts()),
        {"regrets": value, "regimes": worlds.regimes, "point_ids": worlds.tables[0].point_ids},
        names=(outcome,),
    )


def _summaries(value: Array) -> Array:
    """Mean, ninth decile and largest (3, regimes) of regrets (worlds, regimes)."""
    return np.stack([value.mean(axis=0), np.quantile(value, 0.9, axis=0), value.max(axis=0)])


def _draw_regrets(worlds: WorldValues, draws: int, seed: int) -> tuple[Array, Array]:
    """Summaries (draws, 3, regimes) on other seeds: in these worlds, and in others like them."""
    generator = np.random.default_rng(seed)
    redraw = worlds.redraw()
    again, elsewhere = np.empty((2, draws, 3, len(worlds.regimes)))
    for k in range(draws):
        value = regrets(redraw.draw(generator), worlds.better)
        again[k] = _summaries(value)
        elsewhere[k] = _summaries(value[generator.integers(worlds.count, size=worlds.count)])
    return again, elsewhere


def _regret_facts(worlds: WorldValues, table: pd.DataFrame) -> tuple[Fact, Fact]:
    ordered = rows(table)
    first, second = ordered[:2]
    safest = ordered[int(table["largest"].argmin())]
    least = Fact(
        "least_regret",
        worlds=Count(worlds.count, "world"),
        regime=regime(first.regime),
        outcome=named(worlds.outcome),
        regret=amount(first, "expected"),
        other=amount(second, "expected"),
        second=regime(second.regime),
        most=Amount(first.most_of),
    )
    if safest.regime == first.regime:
        return least, Fact("largest_too", largest=Amount(safest.largest))
    largest = Fact(
        "largest_other",
        safest=regime(safest.regime),
        regret=amount(safest, "largest"),
        other=Amount(first.largest),
        regime=regime(first.regime),
    )
    return least, largest


def _chance_note(worlds: WorldValues) -> tuple[Fact, ...]:
    return () if worlds.replicates > 1 else (Fact("worlds_chance_unknown"),)


@dataclass(frozen=True)
class RegimeCriterion:
    """What a regime must reach: an outcome at least, or at most, some value."""

    outcome: str
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        """Refuse a criterion without a limit."""
        if self.at_least is None and self.at_most is None:
            raise InputError(f"criteria.{self.outcome}", "no limit", "at_least or at_most")

    def met(self, values: Array) -> Flags:
        """Whether values meet the criterion."""
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        flags: Flags = (values >= low) & (values <= high)
        return flags

    def unsure(self, points: PointValues) -> Flags:
        """Points at which the interval of the mean holds a limit."""
        half = chance(points).half_width()
        flags = np.zeros(len(half), bool)
        for limit in (self.at_least, self.at_most):
            if limit is not None:
                flags |= np.abs(points.mean - limit) <= half
        return flags

    def fact(self) -> Fact:
        """The criterion."""
        limits = (("at_least", self.at_least), ("at_most", self.at_most))
        parts = tuple(Fact(key, value=Amount(one)) for key, one in limits if one is not None)
        return Fact("criterion", outcome=named(self.outcome), limits=parts)


def wilson(share: Array, count: int, confidence: float = CONFIDENCE) -> tuple[Array, Array]:
    """Wilson's interval of shares of `count` worlds; sound at 0 and 1 too."""
    z = float(ndtri(0.5 + 0.5 * confidence))
    middle = (share + z**2 / (2.0 * count)) / (1.0 + z**2 / count)
    half = (
        z * np.sqrt(share * (1.0 - share) / count + z**2 / (4.0 * count**2)) / (1.0 + z**2 / count)
    )
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def satisficing(
    frame: pd.DataFrame,
    criteria: Sequence[RegimeCriterion],
    regimes: Sequence[str] | None = None,
    *,
    design: PointLayout | None = None,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Share of the worlds in which each regime meets all criteria.

    Table, largest share first: regime, share, low, high (Wilson's interval for worlds drawn like
    these), unsure (share of worlds in which chance may decide: the interval of a mean holds a
    limit). Raises InputError without criteria.
    """
    if not criteria:
        raise InputError("criteria", "none", "one criterion or more")
    found = [
        read_worlds(frame, c.outcome, regimes, better="higher", design=design) for c in criteria
    ]
    names = found[0].regimes
    ids = found[0].tables[0].point_ids
    for other in found[1:]:
        ids = ids[np.isin(ids, other.tables[0].point_ids)]
    met = np.ones((len(ids), len(names)), bool)
    unsure = np.zeros((len(ids), len(names)), bool)
    for criterion, part in zip(criteria, found, strict=True):
        for k, points in enumerate(part.tables):
            chosen = points.select(np.isin(points.point_ids, ids))
            met[:, k] &= criterion.met(chosen.mean)
            unsure[:, k] |= criterion.unsure(chosen)
    share = met.mean(axis=0)
    low, high = wilson(share, len(ids), confidence)
    doubt = unsure.mean(axis=0) if found[0].replicates > 1 else np.full(len(names), np.nan)
    table = pd.DataFrame(
        {"regime": names, "share": share, "low": low, "high": high, "unsure": doubt}
    )
    table = table.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)
    wanted = tuple(criterion.fact() for criterion in criteria)
    count = Count(len(ids), "world")
    facts = [Fact("few_worlds", worlds=count)]
    if len(ids) >= LEAST_POINTS:
        facts = [Fact("met", worlds=count, criteria=wanted, parts=_shares(table))]
    if len(ids) >= LEAST_POINTS and np.isfinite(doubt).all() and doubt.max() > 0.0:
        facts.append(Fact("met_by_chance", share=Share(float(doubt.max()))))
    facts += [*_chance_note(found[0]), *found[0].left_out.facts()]
    data = {"met": met, "point_ids": ids}
    outcomes = tuple(criterion.outcome for criterion in criteria)
    about = Fact("criteria", criteria=wanted)
    return AnalysisResult("satisficing", about, table, tuple(facts), data, names=outcomes)


def _shares(table: pd.DataFrame) -> tuple[Value, ...]:
    """The regimes of a table with their shares of the worlds."""
    return tuple(
        Fact("in_share", regime=regime(row.regime), share=share_of(row)) for row in rows(table)
    )


def best_regimes(
    frame: pd.DataFrame,
    outcome: str,
    regimes: Sequence[str] | None = None,
    *,
    better: str | None = None,
    design: PointLayout | None = None,
    draws: int = DRAWS,
    seed: int = 1,
) -> AnalysisResult:
    """Tell the best regime of every world, with the error that chance leaves.

    Table, one row a world: point_id, parameters that vary, best, second, margin, margin_low,
    margin_high (paired difference of the two, in the outcome's good direction), probability (of
    being the best, by resampling replicates), clear (the interval of the margin is above zero).
    data['shares']: a row a regime with the share of worlds in which it is best, and clearly best.
    """
    worlds = read_worlds(frame, outcome, regimes, better=better, design=design)
    value = worlds.better * worlds.means
    order = np.argsort(-value, axis=1, kind="stable")
    best, second = order[:, 0], order[:, 1]
    at = np.arange(worlds.count)
    stacked = worlds.better * np.stack([table.values for table in worlds.tables])
    first = worlds.tables[0]
    paired = PointValues(
        outcome,
        "best",
        "second",
        first.point_ids,
        first.parameters,
        stacked[best, at] - stacked[second, at],
        first.replicates,
    )
    half = chance(paired).half_width()
    margin = value[at, best] - value[at, second]
    names = np.array(worlds.regimes)
    table = pd.DataFrame({"point_id": first.point_ids})
    for name in names_of(first, design):
        table[name] = first.parameters[name]
    table["best"], table["second"] = names[best], names[second]
    table["margin"], table["margin_low"], table["margin_high"] = (
        margin,
        margin - half,
        margin + half,
    )
    table["probability"] = _probability_best(worlds, best, draws, seed)
    table["clear"] = margin - half > 0.0
    shares = _best_shares(worlds, best, table["clear"].to_numpy())
    return AnalysisResult(
        "best_regimes",
        Fact("best_by", outcome=named(outcome)),
        table,
        (*_best_facts(worlds, table, shares), *_chance_note(worlds), *worlds.left_out.facts()),
        {"shares": shares},
        names=(outcome,),
    )


def _best_shares(worlds: WorldValues, best: NDArray[np.int64], clear: Flags) -> pd.DataFrame:
    """The share of worlds in which each regime is best, and clearly best, largest first."""
    places = range(len(worlds.regimes))
    counts = [float((best == k).mean()) for k in places]
    low, high = wilson(np.array(counts), worlds.count)
    return pd.DataFrame(
        {
            "regime": np.array(worlds.regimes),
            "share": counts,
            "low": low,
            "high": high,
            "clear_share": [float(((best == k) & clear).mean()) for k in places],
        }
    ).sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _probability_best(worlds: WorldValues, best: NDArray[np.int64], draws: int, seed: int) -> Array:
    if worlds.replicates < 2:
        return np.full(worlds.count, np.nan)
    generator = np.random.default_rng(seed)
    redraw = worlds.redraw()
    wins = np.zeros(worlds.count)
    for _ in range(draws):
        again = worlds.better * redraw.draw(generator)
        top = again.max(axis=1)
        leads = again[np.arange(worlds.count), best] == top
        wins += leads / np.maximum((again == top[:, None]).sum(axis=1), 1)
    return wins / draws


def _best_facts(worlds: WorldValues, table: pd.DataFrame, shares: pd.DataFrame) -> tuple[Fact, ...]:
    best = _shares(shares[shares["share"] > 0.0])
    count = Count(worlds.count, "world")
    if worlds.count < LEAST_POINTS:
        return (Fact("few_worlds", worlds=count),)
    first = Fact("best", outcome=named(worlds.outcome), worlds=count, parts=best)
    if worlds.replicates < 2:
        return (first,)
    clear = Share(float(table["clear"].mean()))
    return first, Fact("best_clear", clear=clear, sure=Share(float(table["probability"].mean())))
