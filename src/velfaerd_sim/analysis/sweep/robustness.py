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

from velfaerd_sim.analysis.arrays.frames import Array, Flags, Points
from velfaerd_sim.analysis.arrays.layouts import Design, names_of
from velfaerd_sim.analysis.arrays.noise import chance
from velfaerd_sim.analysis.arrays.wording import (
    Finding,
    counted,
    interval,
    joined,
    listed,
    number,
    percent,
    percent_interval,
    rows,
)
from velfaerd_sim.analysis.arrays.worlds import DRAWS, Worlds, read_worlds
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
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> Finding:
    """Regret of every regime over the worlds: expected, nine tenths of the worlds, largest.

    Table, least expected regret first: regime, expected, most_of (90 % of worlds are below),
    largest, each with _low and _high, worst_world (the point id of the largest), by_chance.
    Chance makes the best of noisy means too good, and so regret too large. How much it adds to the
    expected regret, by_chance, is found by adding chance once more, and is taken off (Efron &
    Tibshirani 1993, chapter 10); most_of and largest are as observed. Intervals are for worlds
    drawn like these and other seeds, that of the largest regret for these worlds; their ends mirror
    the resamples, which have the chance twice.
    """
    found = read_worlds(frame, outcome, regimes, better=better, design=design)
    value = regrets(found.means, found.better)
    plain = _summaries(value)
    again, elsewhere = _draw_regrets(found, draws, seed)
    bias = again[:, 0].mean(axis=0) - plain[0] if found.replicates > 1 else np.zeros_like(plain[0])
    tails = [50.0 * (1.0 + confidence), 50.0 * (1.0 - confidence)]
    low, high = np.maximum(2.0 * plain - np.percentile(elsewhere, tails, axis=0), 0.0)
    if found.replicates > 1:  # the worlds at hand have the largest: only seeds are drawn again
        ends = 2.0 * plain - np.percentile(again, tails, axis=0)
        low[2], high[2] = np.maximum(ends[:, 2], 0.0)
    else:
        low[2] = high[2] = np.nan
    estimate = np.stack([np.maximum(plain[0] - bias, 0.0), plain[1], plain[2]])
    high = np.maximum(high, estimate)
    columns: dict[str, object] = {"regime": found.regimes}
    for k, name in enumerate(("expected", "most_of", "largest")):
        columns |= {name: estimate[k], f"{name}_low": low[k], f"{name}_high": high[k]}
    columns["worst_world"] = found.tables[0].point_ids[value.argmax(axis=0)]
    columns["by_chance"] = bias if found.replicates > 1 else np.nan
    table = pd.DataFrame(columns).sort_values("expected", kind="stable", ignore_index=True)
    return Finding(
        "regret",
        f"regret in {outcome}",
        table,
        joined(_regret_sentence(found, table), _chance_note(found), found.left_out.sentence()),
        {"regrets": value, "regimes": found.regimes, "point_ids": found.tables[0].point_ids},
        names=(outcome,),
    )


def _summaries(value: Array) -> Array:
    """Mean, ninth decile and largest (3, regimes) of regrets (worlds, regimes)."""
    return np.stack([value.mean(axis=0), np.quantile(value, 0.9, axis=0), value.max(axis=0)])


def _draw_regrets(found: Worlds, draws: int, seed: int) -> tuple[Array, Array]:
    """Summaries (draws, 3, regimes) on other seeds: in these worlds, and in others like them."""
    generator = np.random.default_rng(seed)
    redraw = found.redraw()
    again, elsewhere = np.empty((2, draws, 3, len(found.regimes)))
    for k in range(draws):
        value = regrets(redraw.draw(generator), found.better)
        again[k] = _summaries(value)
        elsewhere[k] = _summaries(value[generator.integers(found.count, size=found.count)])
    return again, elsewhere


def _regret_sentence(found: Worlds, table: pd.DataFrame) -> str:
    first, second = table.iloc[0], table.iloc[1]
    safest = table.iloc[int(table["largest"].argmin())]
    text = (
        f"Over {counted(found.count, 'world')}, {first['regime']} has the least expected regret in"
        f" {found.outcome}: {number(first['expected'])}"
        f"{interval(first['expected_low'], first['expected_high'])}, against"
        f" {number(second['expected'])}{interval(second['expected_low'], second['expected_high'])}"
        f" for {second['regime']}; in nine worlds of ten its regret is below"
        f" {number(first['most_of'])}."
    )
    if safest["regime"] == first["regime"]:
        return f"{text} Its largest regret, {number(safest['largest'])}, is the least too."
    return (
        f"{text} The least largest regret has {safest['regime']}: {number(safest['largest'])}"
        f"{interval(safest['largest_low'], safest['largest_high'])}, against"
        f" {number(first['largest'])} for {first['regime']}."
    )


def _chance_note(found: Worlds) -> str:
    if found.replicates > 1:
        return ""
    return "With one replicate a world, chance is not separated from what the worlds do."


@dataclass(frozen=True)
class Criterion:
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

    def unsure(self, points: Points) -> Flags:
        """Points at which the interval of the mean holds a limit."""
        half = chance(points).half_width()
        flags = np.zeros(len(half), bool)
        for limit in (self.at_least, self.at_most):
            if limit is not None:
                flags |= np.abs(points.mean - limit) <= half
        return flags

    def words(self) -> str:
        """The criterion in words."""
        limits = []
        if self.at_least is not None:
            limits.append(f"at least {number(self.at_least)}")
        if self.at_most is not None:
            limits.append(f"at most {number(self.at_most)}")
        return f"{self.outcome} {' and '.join(limits)}"


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
    criteria: Sequence[Criterion],
    regimes: Sequence[str] | None = None,
    *,
    design: Design | None = None,
    confidence: float = CONFIDENCE,
) -> Finding:
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
    parts = [
        f"{row.regime} in {percent(row.share)}{percent_interval(row.low, row.high)}"
        for row in rows(table)
    ]
    wanted = listed(criterion.words() for criterion in criteria)
    text = f"Of {counted(len(ids), 'world')}, {wanted} is met by {listed(parts)}."
    if np.isfinite(doubt).all() and doubt.max() > 0.0:
        text += f" In up to {percent(float(doubt.max()))} of the worlds chance may decide."
    sentence = joined(text, _chance_note(found[0]), found[0].left_out.sentence())
    data = {"met": met, "point_ids": ids}
    outcomes = tuple(criterion.outcome for criterion in criteria)
    return Finding("satisficing", wanted, table, sentence, data, names=outcomes)


def best_regimes(
    frame: pd.DataFrame,
    outcome: str,
    regimes: Sequence[str] | None = None,
    *,
    better: str | None = None,
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = 1,
) -> Finding:
    """Tell the best regime of every world, with the error that chance leaves.

    Table, one row a world: point_id, parameters that vary, best, second, margin, margin_low,
    margin_high (paired difference of the two, in the outcome's good direction), probability (of
    being the best, by resampling replicates), clear (the interval of the margin is above zero).
    data['shares']: a row a regime with the share of worlds in which it is best, and clearly best.
    """
    found = read_worlds(frame, outcome, regimes, better=better, design=design)
    value = found.better * found.means
    order = np.argsort(-value, axis=1, kind="stable")
    best, second = order[:, 0], order[:, 1]
    at = np.arange(found.count)
    stacked = found.better * np.stack([table.values for table in found.tables])
    first = found.tables[0]
    paired = Points(
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
    names = np.array(found.regimes)
    table = pd.DataFrame({"point_id": first.point_ids})
    for name in names_of(first, design):
        table[name] = first.parameters[name]
    table["best"], table["second"] = names[best], names[second]
    table["margin"], table["margin_low"], table["margin_high"] = (
        margin,
        margin - half,
        margin + half,
    )
    table["probability"] = _probability_best(found, best, draws, seed)
    table["clear"] = margin - half > 0.0
    counts = [float((best == k).mean()) for k in range(len(names))]
    clear = [float(((best == k) & table["clear"]).mean()) for k in range(len(names))]
    low, high = wilson(np.array(counts), found.count)
    shares = pd.DataFrame(
        {"regime": names, "share": counts, "low": low, "high": high, "clear_share": clear}
    ).sort_values("share", ascending=False, kind="stable", ignore_index=True)
    return Finding(
        "best_regimes",
        f"the best regime by {outcome}",
        table,
        joined(
            _best_sentence(found, table, shares), _chance_note(found), found.left_out.sentence()
        ),
        {"shares": shares},
        names=(outcome,),
    )


def _probability_best(found: Worlds, best: NDArray[np.int64], draws: int, seed: int) -> Array:
    if found.replicates < 2:
        return np.full(found.count, np.nan)
    generator = np.random.default_rng(seed)
    redraw = found.redraw()
    wins = np.zeros(found.count)
    for _ in range(draws):
        again = found.better * redraw.draw(generator)
        top = again.max(axis=1)
        leads = again[np.arange(found.count), best] == top
        wins += leads / np.maximum((again == top[:, None]).sum(axis=1), 1)
    return wins / draws


def _best_sentence(found: Worlds, table: pd.DataFrame, shares: pd.DataFrame) -> str:
    parts = [
        f"{row.regime} in {percent(row.share)}{percent_interval(row.low, row.high)}"
        for row in rows(shares)
        if row.share > 0.0
    ]
    of_worlds = counted(found.count, "world")
    text = f"By {found.outcome}, the best regime of {of_worlds} is {listed(parts)}."
    if found.replicates < 2:
        return text
    sure = percent(float(table["probability"].mean()))
    return (
        f"{text} In {percent(float(table['clear'].mean()))} of the worlds the best is clearly ahead"
        f" of the second; on average the chance that it is truly the best is {sure}."
    )
