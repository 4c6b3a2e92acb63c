"""Which conclusions stand: statements about two regimes, and what becomes of each elsewhere.

A conclusion is a statement such as "A keeps more volunteers than B" that is clear under the
defaults. Under another condition it survives, weakens or turns. Under sets of worlds the question
is in how many of them it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import NOTHING, Count, Fact, Thing, regime
from velfaerd_sim.instruments.conditions import (
    ARROW,
    DEFAULTS,
    GROUP,
    LONELINESS,
    NETWORK,
    SIZE,
    STEP,
    WORLDS_KIND,
    Condition,
)
from velfaerd_sim.statistics import intervals
from velfaerd_sim.statistics.intervals import IntervalRule, spread
from velfaerd_sim.statistics.over_worlds import over_worlds
from velfaerd_sim.studies.robustness.plan import OUTCOMES, Robustness

Array = NDArray[np.float64]

SURVIVES, WEAKENS, TURNS = "survives", "weakens", "turns"
VERDICTS = (SURVIVES, WEAKENS, TURNS)

CLEAR = 0.99
"""Confidence with which a difference must be other than zero to be a conclusion."""
LEAST_SHARE = 0.5
"""A difference below this share of the one under the defaults has weakened."""
MOST_WORLDS, FEWEST_WORLDS = 0.9, 0.5
"""Shares of worlds in which a conclusion must hold to survive, and not to turn."""

SMALLEST = {
    "motivation_mean": 0.01,
    "retention_12m": 0.02,
    "lonely_share": 0.0005,
    "lonely_years_averted_per_1000": 2.0,
    "staff_hours_per_1000": 0.5,
}
"""Differences too small to draw a conclusion from, however clear; in the unit of the outcome."""

_LESS = ("lonely_share",)
"""Outcomes whose statement is about less of it."""


def statement(outcome: str, first: str, second: str) -> Fact:
    """That one regime has more than another of what the statement about an outcome is about."""
    return Fact(f"says_{outcome}", a=regime(first), b=regime(second))


@dataclass(frozen=True)
class Conclusion:
    """A statement about two regimes, with the size of the difference under the defaults."""

    outcome: str
    first: str
    second: str
    size: float
    low: float
    high: float

    @property
    def statement(self) -> Fact:
        """What the conclusion says."""
        return statement(self.outcome, self.first, self.second)


def sizes(robustness: Robustness, condition: Condition, outcome: str, a: int, b: int) -> Array:
    """How much more regime a has than b of what the statement is about, draw by draw."""
    values = robustness.values[condition.name][:, :, OUTCOMES.index(outcome)]
    found: Array = values[:, a] - values[:, b]
    return -found if outcome in _LESS else found


def interval(values: Array, confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean of draws with its interval; NaN bounds below two draws."""
    found = intervals.interval(values, IntervalRule(confidence=confidence))
    return float(found.mean), float(found.low), float(found.high)


def conclusions(robustness: Robustness, against: Sequence[str] | None = None) -> list[Conclusion]:
    """Every statement about two regimes that is clear, and not too small, under the defaults.

    against: only statements in which one of these regimes takes part.
    """
    (base,) = (each for each in robustness.conditions if each.kind == DEFAULTS)
    found = []
    for outcome in OUTCOMES:
        for a, first in enumerate(robustness.regimes):
            for b, second in enumerate(robustness.regimes):
                if a == b or (against and not {first, second} & set(against)):
                    continue
                drawn = sizes(robustness, base, outcome, a, b)
                mean, low, _ = interval(drawn, CLEAR)
                if low > 0.0 and mean >= SMALLEST[outcome]:
                    found.append(Conclusion(outcome, first, second, *interval(drawn)))
    return found


def verdicts(robustness: Robustness, found: Sequence[Conclusion]) -> pd.DataFrame:
    """What becomes of each conclusion under each other condition, a row each.

    Columns: outcome, first, second, condition, kind, label, size, low, high (95% interval of the
    mean; under worlds the middle nine tenths of them, chance taken out), share_of_default,
    holds_in (share of worlds or draws), verdict.
    """
    rows = []
    place = {regime: k for k, regime in enumerate(robustness.regimes)}
    for condition in robustness.conditions:
        if condition.kind == DEFAULTS:
            continue
        for one in found:
            drawn = sizes(robustness, condition, one.outcome, place[one.first], place[one.second])
            rows.append(_row(one, condition, drawn))
    return pd.DataFrame(rows)


def _row(one: Conclusion, condition: Condition, drawn: Array) -> dict[str, Any]:
    mean, low, high = interval(drawn)
    share = mean / one.size
    if condition.worlds is not None:
        place = np.arange(len(drawn)) // condition.repeats
        found = over_worlds(drawn[:, None], place, IntervalRule())
        mean, low, high = (float(each[0]) for each in (found.mean, found.low, found.high))
        share, holds = mean / one.size, float(found.positive[0])
        verdict = _in_worlds(holds)
    else:
        holds = float(np.mean(drawn[np.isfinite(drawn)] > 0.0)) if np.isfinite(mean) else np.nan
        survives = low > 0.0 and share >= LEAST_SHARE
        verdict = TURNS if high < 0.0 else SURVIVES if survives else WEAKENS
    return {
        "outcome": one.outcome,
        "first": one.first,
        "second": one.second,
        "condition": condition.name,
        "kind": condition.kind,
        "label": condition.label,
        "size": mean,
        "low": low,
        "high": high,
        "share_of_default": share,
        "holds_in": holds,
        "verdict": verdict,
    }


def _in_worlds(holds: float) -> str:
    if holds >= MOST_WORLDS:
        return SURVIVES
    return TURNS if holds < FEWEST_WORLDS else WEAKENS


def by_conclusion(found: Sequence[Conclusion], judged: pd.DataFrame) -> pd.DataFrame:
    """One row a conclusion, the most fragile first: how often it turns, weakens, survives.

    `worst` is the condition that leaves the least of it, of the single arrows and all others.
    """
    rows: list[dict[str, Any]] = []
    for one in found if not judged.empty else ():
        own = judged[
            (judged["outcome"] == one.outcome)
            & (judged["first"] == one.first)
            & (judged["second"] == one.second)
        ]
        counts = {verdict: int((own["verdict"] == verdict).sum()) for verdict in VERDICTS}
        worst = own.iloc[int(own["share_of_default"].argmin())]
        rows.append(
            {
                "outcome": one.outcome,
                "first": one.first,
                "second": one.second,
                "size": one.size,
                "low": one.low,
                "high": one.high,
                **counts,
                "turns_under": _named(own, TURNS),
                "weakens_under": _named(own, WEAKENS),
                "worst": worst["label"],
                "worst_size": worst["size"],
                "worst_low": worst["low"],
                "worst_high": worst["high"],
            }
        )
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    order = [TURNS, WEAKENS]
    return table.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _named(own: pd.DataFrame, verdict: str) -> str:
    return "; ".join(own.loc[own["verdict"] == verdict, "label"])


def by_condition(judged: pd.DataFrame) -> pd.DataFrame:
    """One row a condition: how many conclusions survive, weaken and turn under it."""
    rows = []
    for (name, kind, label), own in judged.groupby(["condition", "kind", "label"], sort=False):
        counts = {verdict: int((own["verdict"] == verdict).sum()) for verdict in VERDICTS}
        share = counts[SURVIVES] / len(own)
        row = {"condition": name, "kind": kind, "label": label, **counts}
        rows.append(row | {"share_surviving": share})
    return pd.DataFrame(rows)


def hardest(conditions: pd.DataFrame) -> list[str]:
    """The conditions under which not all conclusions survive, the hardest first.

    conditions: of `by_condition`.
    """
    if conditions.empty:
        return []
    hard = conditions[conditions["share_surviving"] < 1.0]
    return list(hard.sort_values([TURNS, WEAKENS], ascending=False, kind="stable")["condition"])


def ranking(robustness: Robustness) -> pd.DataFrame:
    """Ranks of the regimes by condition and outcome, and how they agree with the defaults.

    Columns: condition, kind, label, outcome, tau (Kendall's, of mean values against those under the
    defaults), first_place (the regime with most, or least, of it), then a rank a regime.
    """
    (base,) = (each for each in robustness.conditions if each.kind == DEFAULTS)
    rows = []
    for condition in robustness.conditions:
        for k, outcome in enumerate(OUTCOMES):
            sign = -1.0 if outcome in _LESS else 1.0
            now = sign * spread(robustness.values[condition.name][:, :, k]).mean
            then = sign * spread(robustness.values[base.name][:, :, k]).mean
            ranks = (-now).argsort(kind="stable").argsort(kind="stable") + 1
            rows.append(
                {
                    "condition": condition.name,
                    "kind": condition.kind,
                    "label": condition.label,
                    "outcome": outcome,
                    "tau": agreement(now, then),
                    "first_place": robustness.regimes[int(now.argmax())] if np.ptp(now) else "none",
                    **{name: int(r) for name, r in zip(robustness.regimes, ranks, strict=True)},
                }
            )
    return pd.DataFrame(rows)


def agreement(one: Array, other: Array) -> float:
    """Kendall's tau of two orders: pairs in the same order minus pairs in the other, over all."""
    signs = [np.sign(np.subtract.outer(each, each)) for each in (one, other)]
    upper = np.triu_indices(len(one), 1)
    return float((signs[0] * signs[1])[upper].sum() / len(upper[0]))


def facts(table: pd.DataFrame, judged: pd.DataFrame) -> Iterator[Fact]:
    """What to say first: the fragile conclusions, then how many stand, by kind of condition.

    table, judged: of `by_conclusion` and `verdicts`.
    """
    if table.empty:
        yield Fact("no_conclusion")
        return
    turned = table[table[TURNS] > 0]
    if len(turned):
        parts = tuple(
            Fact(
                "turning_one",
                statement=statement(row["outcome"], row["first"], row["second"]),
                count=int(row[TURNS]),
            )
            for row in turned.head(MOST_TOLD).to_dict("records")
        )
        count = Count(len(table), "conclusion")
        yield Fact("turning", turned=len(turned), conclusions=count, parts=parts)
    worlds = judged[judged["kind"] == WORLDS_KIND]
    for name, part in worlds.groupby("condition", sort=False):
        condition = Thing("condition", str(name))
        yield Fact("standing_in", condition=condition, standing=_standing_of(part, len(table)))
    for family in FAMILIES:
        own = judged[judged["kind"].isin(family)]
        if len(own):
            there = (kind for kind in family if (own["kind"] == kind).any())
            yield Fact(
                "standing_under",
                kinds=tuple(Thing("conditions", kind) for kind in there),
                count=Count(own["condition"].nunique(), "condition"),
                standing=_standing_of(own, len(table)),
                hardest=_hardest(own),
            )


FAMILIES = ((LONELINESS, SIZE, STEP, NETWORK), (ARROW,), (GROUP,))
"""Kinds of conditions that are told together."""
MOST_TOLD = 4


def _standing_of(own: pd.DataFrame, total: int) -> Fact:
    turned = _keys(own[own["verdict"] == TURNS])
    weak = _keys(own[own["verdict"] == WEAKENS]) - turned
    stay = total - len(turned) - len(weak)
    return Fact("standing", turn=len(turned), weaken=len(weak), survive=stay)


def _hardest(own: pd.DataFrame) -> Fact:
    """Which of several conditions are the hardest; nothing where all conclusions survive."""
    table = by_condition(own)
    hard = table[table["share_surviving"] < 1.0]
    hard = hard.sort_values([TURNS, WEAKENS], ascending=False, kind="stable").head(MOST_TOLD)
    if hard.empty:
        return NOTHING
    parts = tuple(
        Fact(
            "hard_one",
            condition=Thing("condition", row["condition"]),
            turn=int(row[TURNS]),
            weaken=int(row[WEAKENS]),
        )
        for row in hard.to_dict("records")
    )
    return Fact("hardest", parts=parts)


def _keys(rows: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(zip(rows["outcome"], rows["first"], rows["second"], strict=True))
