"""What the numbers say before it is put into words: who leads, who is level, where it turns.

Nothing here claims more than its interval allows: a regime leads only where its difference to the
baseline is clear, and a ranking turns only where both sides of the turn are clear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.statistics.intervals import CONFIDENCE, IntervalRule
from velfaerd_sim.studies.compare.design import LEVER as HOURS
from velfaerd_sim.studies.compare.tables import AVERTED_AGAINST_BASELINE
from velfaerd_sim.telling.results import Estimate, Results, paired

Array = NDArray[np.float64]

QUESTIONS = ("retention_12m", "motivation_mean", "lonely_share")
"""The outcomes that the answer is about."""

TURN_OUTCOMES = ("stock_retention_12m", "motivation_mean", "lonely_share")
"""The outcomes that are followed over staff hours.

Retention of all volunteers, not of new ones only: it is the less noisy of the two, and staff hours
are run with few replicates.
"""

HEADLINE_PAIRS = (
    ("facilitative_dialogue", "hands_off"),
    ("facilitative_dialogue", "clear_roles_no_rigid_rules"),
)
"""Pairs whose ranking by staff hours is of interest where both were run."""


TURN_KINDS = ("turns", "mixed", "leans", "ahead", "close")
"""What the ranking of two regimes may do, the most telling first."""


@dataclass(frozen=True)
class Verdict:
    """Who does best on one outcome, and how surely.

    kind: 'leads' (the best is clearly better than the baseline), 'baseline' (nobody is clearly
    better and somebody is clearly worse), 'none' (nobody differs clearly), 'unsure' (there are no
    intervals). tied: those that cannot be told apart from the best; worst: clearly worse than
    the baseline, or None.
    """

    outcome: str
    kind: str
    best: str
    tied: tuple[str, ...]
    better: tuple[str, ...]
    worst: str | None


def verdict(results: Results, name: str) -> Verdict:
    """Judge one outcome over all regimes."""
    direction = OUTCOMES[INDEX[name]].direction or 1
    gain = {r: results.difference(name, r).times(direction) for r in results.regimes}
    known = [r for r in results.regimes if math.isfinite(gain[r].value)]
    best = max(known, key=lambda r: gain[r].value, default=results.baseline)
    if not any(gain[r].sure for r in results.others):
        return Verdict(name, "unsure", best, (), (), None)
    better = tuple(r for r in known if gain[r].low > 0.0)
    poorer = [r for r in known if gain[r].high < 0.0]
    worst = min(poorer, key=lambda r: gain[r].value, default=None)
    if better:
        best = max(better, key=lambda r: gain[r].value)
        return Verdict(name, "leads", best, tied_with(results, name, best), better, worst)
    kind = "baseline" if poorer else "none"
    same = tuple(r for r in results.others if r not in poorer)
    return Verdict(name, kind, results.baseline, same, (), worst)


def tied_with(results: Results, name: str, best: str) -> tuple[str, ...]:
    """The regimes that are not clearly behind the best one, all comparisons at once."""
    direction = OUTCOMES[INDEX[name]].direction or 1
    rivals = [r for r in results.order if r != best]
    lead = {
        r: results.between(name, best, r, comparisons=len(rivals)).times(direction) for r in rivals
    }
    return tuple(
        r for r in rivals if math.isfinite(lead[r].value) and not (lead[r].sure and lead[r].low > 0)
    )


def in_focus(results: Results, most: int = 5) -> tuple[str, ...]:
    """The regimes that figures emphasise besides the baseline, at most five.

    The best and the worst of each question, then the pairs whose ranking is of interest.
    """
    if len(results.others) <= most:
        return results.others
    found: list[str] = []
    for name in QUESTIONS:
        judged = verdict(results, name)
        found.append(judged.best)
    found += [r for pair in HEADLINE_PAIRS for r in pair if r in results.others]
    for name in QUESTIONS:
        worst = verdict(results, name).worst
        if worst is not None:
            found.append(worst)
    unique = [r for r in dict.fromkeys(found) if r != results.baseline]
    return tuple(unique[:most])


@dataclass(frozen=True)
class Turn:
    """How the ranking of two regimes moves with staff hours.

    kind: 'turns' (each is clearly ahead on one side), 'mixed' (clearly ahead in turns, more than
    once), 'leans' (one is clearly ahead, and the means cross, but the other never is), 'ahead'
    (one is clearly ahead, and the means do not end the other way round), 'close' (neither ever
    is). ahead: who is clearly ahead, with 'turns' at the fewest hours. sure_ahead, sure_behind: the
    hours at which it, or the other, is clearly ahead. crossings: hours where the means cross.
    """

    outcome: str
    first: str
    second: str
    kind: str
    ahead: str
    hours: tuple[float, ...]
    sure_ahead: tuple[float, ...]
    sure_behind: tuple[float, ...]
    crossings: tuple[float, ...]

    @property
    def behind(self) -> str:
        """The other of the two."""
        return self.second if self.ahead == self.first else self.first

    @property
    def turning_points(self) -> tuple[float, ...]:
        """The crossings that mean something: inside the turn, or where one side at least is clear.

        Where nobody overtakes clearly, means that cross are chance.
        """
        if self.kind == "turns":
            low, high = self.between
            return tuple(x for x in self.crossings if low <= x <= high)
        return self.crossings if self.kind in ("mixed", "leans") else ()

    @property
    def between(self) -> tuple[float, float]:
        """Between which hours studied the ranking turns: both ends are clear. For 'turns' only."""
        return self.sure_ahead[-1], self.sure_behind[0]


@dataclass(frozen=True)
class Gap:
    """First minus second by staff hours, in the outcome's unit: mean and interval."""

    hours: Array
    mean: Array
    low: Array
    high: Array


def gap(results: Results, name: str, first: str, second: str) -> Gap:
    """The difference of two regimes by staff hours, paired by replicate, or by world.

    Where the pair was chosen among all, its intervals are widened for that (Bonferroni).
    """
    runs = results.staff_hours_runs
    if runs.empty:
        return _gap_of_means(results, name, first, second)
    table = runs.pivot_table(
        index=HOURS, columns=["regime", "replicate"], values=name, dropna=False
    )
    hours = table.index.to_numpy(float)
    apart = table[first].to_numpy(float) - table[second].to_numpy(float)
    rule = IntervalRule(confidence=1.0 - (1.0 - CONFIDENCE) / comparisons_of(results))
    units = results.units(table[first].columns)
    found = [paired(units.means(row), rule) for row in apart]
    mean, low, high = (np.array([getattr(e, k) for e in found]) for k in ("value", "low", "high"))
    return Gap(hours, mean, low, high)


def _gap_of_means(results: Results, name: str, first: str, second: str) -> Gap:
    """The same where only summaries by regime are at hand.

    The half-width is the sum of the two half-widths against the baseline: the standard deviation
    of a difference is never larger than the sum of the two, so the interval is if anything wide.
    """
    rows = results.staff_hours[results.staff_hours["outcome"] == name]
    one, two = (rows[rows["regime"] == r].set_index(HOURS).sort_index() for r in (first, second))
    hours = np.array(sorted(set(one.index) & set(two.index)), float)
    one, two = one.loc[hours], two.loc[hours]
    mean = (one["mean"] - two["mean"]).to_numpy(float)
    half = np.zeros(len(hours))
    for side, regime in ((one, first), (two, second)):
        if regime != results.baseline:
            width = side["difference_high"] - side["difference_low"]
            half = half + width.to_numpy(float) / 2.0
    return Gap(hours, mean, mean - half, mean + half)


def crossings(hours: Sequence[float], mean: Sequence[float]) -> tuple[float, ...]:
    """Where a line through the means crosses zero; straight lines over the logarithm of hours."""
    found = []
    for k in range(len(hours) - 1):
        left, right = float(mean[k]), float(mean[k + 1])
        if left * right < 0.0:
            ratio = float(hours[k + 1]) / float(hours[k])
            found.append(float(hours[k]) * ratio ** (left / (left - right)))
    return tuple(found)


def turn(results: Results, name: str, first: str, second: str) -> Turn | None:
    """Say how the ranking of two regimes moves with staff hours; None where it was not run."""
    frame = results.staff_hours
    if frame.empty or name not in set(frame["outcome"]):
        return None
    if not {first, second} <= set(frame["regime"]):
        return None
    direction = OUTCOMES[INDEX[name]].direction or 1
    found = gap(results, name, first, second)
    known = np.isfinite(found.mean)
    if known.sum() < 2:
        return None
    found = Gap(*(part[known] for part in (found.hours, found.mean, found.low, found.high)))
    ends = np.sort(np.stack([found.low * direction, found.high * direction]), axis=0)
    return judge_turn(name, first, second, found.hours, found.mean * direction, ends[0], ends[1])


def judge_turn(
    name: str,
    first: str,
    second: str,
    hours: Array,
    lead: Array,
    low: Array,
    high: Array,
) -> Turn:
    """Judge from the lead of the first over the second (more is better) and its interval.

    hours, lead, low, high: shape (levels,), hours rising.
    """
    sure_first = tuple(float(hour) for hour in hours[low > 0.0])
    sure_second = tuple(float(hour) for hour in hours[high < 0.0])
    crossed = crossings(list(hours), list(lead))
    swapped = bool(sure_second) and (not sure_first or sure_second[0] < sure_first[0])
    if not sure_first and not sure_second:
        swapped = bool(lead.mean() < 0.0)
    ahead, early, late = (
        (second, sure_second, sure_first) if swapped else (first, sure_first, sure_second)
    )
    sign = -1.0 if swapped else 1.0
    if early and late:
        kind = "turns" if early[-1] < late[0] else "mixed"
    elif early:
        kind = "leans" if min(sign * lead[0], sign * lead[-1]) < 0.0 else "ahead"
    else:
        kind = "close"
    levels = tuple(float(hour) for hour in hours)
    return Turn(name, first, second, kind, ahead, levels, early, late, crossed)


def named_pairs(results: Results) -> list[tuple[str, str]]:
    """The pairs fixed beforehand that were both run over staff hours."""
    if results.staff_hours.empty:
        return []
    present = set(results.staff_hours["regime"])
    return [pair for pair in HEADLINE_PAIRS if set(pair) <= present]


def turn_outcomes(results: Results) -> list[str]:
    """The outcomes over staff hours for which there is a pair to look at."""
    return [name for name in TURN_OUTCOMES if pairs_of_interest(results, name)]


def comparisons_of(results: Results) -> int:
    """Of how many comparisons a pair is one: of as many as there are pairs, where one is chosen."""
    count = len(results.regimes)
    return 1 if named_pairs(results) else max(1, count * (count - 1) // 2)


def pairs_of_interest(results: Results, name: str) -> list[tuple[str, str]]:
    """At most two pairs to look at, with the same first regime.

    Those named above where they were run, else the pair that turns most clearly and the next one
    that shares a regime with it.
    """
    named = [pair for pair in named_pairs(results) if turn(results, name, *pair)]
    if named or results.staff_hours.empty:
        return named
    rated: list[tuple[int, float, tuple[str, str]]] = []
    for i, first in enumerate(results.regimes):
        for second in results.regimes[i + 1 :]:
            found = turn(results, name, second, first)
            if found is not None:
                size = float(np.ptp(gap(results, name, second, first).mean))
                rated.append((TURN_KINDS.index(found.kind), -size, (second, first)))
    if not rated:
        return []
    best, *rest = (pair for _, _, pair in sorted(rated))
    for one, two in rest:
        for shared, other in (best, best[::-1]):
            if shared in (one, two):
                return [(shared, other), (shared, two if one == shared else one)]
    return [best]


@dataclass(frozen=True)
class Yield:
    """Lonely person-years averted against the baseline per 100 staff hours that a regime uses."""

    regime: str
    averted: Estimate
    hours: Estimate
    per_100_hours: Estimate


def yields(results: Results) -> list[Yield]:
    """What the staff hours of each regime bring for lonely citizens, against the baseline.

    averted: person-years per 1 000 adults over all months, difference to the baseline; hours:
    staff hours used a month per 1 000 adults.
    """
    return [
        Yield(
            regime,
            results.difference("lonely_years_averted_per_1000", regime),
            results.level("staff_hours_per_1000", regime),
            results.level(AVERTED_AGAINST_BASELINE, regime),
        )
        for regime in results.order[1:]
    ]
