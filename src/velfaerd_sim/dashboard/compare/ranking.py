"""All packaged regimes in the town of Compare, ranked by one outcome; own governances among them.

Every regime governs the same people with the same draws, in the same worlds, as A and B do. A rank
is an interval: a regime that is clearly better than another stands before it, and what cannot be
told apart shares places. All pairs are judged together (Bonferroni), so that with 95 % all ranks
hold (Mogstad, Romano, Shaikh & Wilhelm 2024, doi 10.1093/restud/rdad006).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.results import LEAST_PAIRS
from velfaerd_sim.dashboard.compare.runs import BURN_INS, BurnIns, replicate_scenario, run_track
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.inputs.regimes import REGIMES, Regime
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.statistics.intervals import CONFIDENCE, IntervalRule, paired

Array = NDArray[np.float64]
Runs = dict[Regime, dict[int, Array]]
HOURS_USED = "staff_hours_per_1000"


@dataclass(frozen=True)
class Entry:
    """A governance that is ranked. side: 'a' or 'b' where it is one that was moved, else ''."""

    governance: Governance
    side: str = ""

    @property
    def regime(self) -> Regime:
        """What is run, whatever it is called."""
        return self.governance.unnamed.as_regime("x")


@dataclass(frozen=True)
class Ranked:
    """A governance in the ranking.

    first, last: the ranks that it may have. level, hours: means of the outcome and of the staff
    hours used. difference, low, high: from A, with the 95 % interval of the mean; better: in how
    many of the `known` worlds (or pairs) it is better than A. is_a: whether it is A itself.
    """

    entry: Entry
    first: int
    last: int
    level: float
    hours: float
    difference: float
    low: float
    high: float
    better: int
    known: int
    is_a: bool


def entries(view: CompareView) -> tuple[Entry, ...]:
    """The packaged regimes, and A and B where they are none of them."""
    named = tuple(Entry(Governance(name)) for name in REGIMES)
    own = tuple(Entry(view.governance(s), s) for s in "ab" if not view.governance(s).is_named)
    return (*named, *own)


class RankRuns:
    """The summaries of runs for the ranking: of one town, horizon, world and seed at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._setting: CompareView | None = None
        self._kept: Runs = {}

    def show(self, view: CompareView) -> Runs:
        """What there is for a view; forgets what it cannot use."""
        usual = CompareView()
        setting = replace(view, a=usual.a, b=usual.b)
        with self._lock:
            if setting != self._setting:
                self._setting, self._kept = setting, {}
            wanted = {entry.regime for entry in entries(view)}
            self._kept = {regime: self._kept.get(regime, {}) for regime in wanted}
            return self._kept


def missing(view: CompareView, runs: Runs) -> list[tuple[int, Regime]]:
    """The runs that are not there: replicate and regime, replicate by replicate."""
    regimes = dict.fromkeys(entry.regime for entry in entries(view))
    return [(r, each) for r in range(view.replicates) for each in regimes if r not in runs[each]]


def summary_of(
    view: CompareView, replicate: int, regime: Regime, burn_ins: BurnIns = BURN_INS
) -> Array:
    """One value an outcome, of one run; all of outcomes.NAMES."""
    return run_track(replicate_scenario(view, replicate), regime, burn_ins).summary


def ranked(
    view: CompareView, runs: Mapping[Regime, Mapping[int, Array]], name: str
) -> list[Ranked]:
    """The ranking by an outcome, the best first; where neither way is better, the least first.

    Empty with fewer complete replicates than a sentence takes.
    """
    listed = entries(view)
    there = [r for r in range(view.replicates) if all(r in runs[each.regime] for each in listed)]
    if len(there) < LEAST_PAIRS:
        return []
    whole = np.stack([[runs[each.regime][r] for r in there] for each in listed])
    values = losses_as_worst(whole)[:, :, INDEX[name]]
    hours = whole[:, :, INDEX[HOURS_USED]].mean(axis=1)
    sign = OUTCOMES[INDEX[name]].direction or -1
    places = rank_intervals(sign * values)
    at_a = _place_of_a(view, listed)
    found = []
    for k, entry in enumerate(listed):
        gap = paired(values[k][:, None], values[at_a][:, None], IntervalRule())
        away = sign * (values[k] - values[at_a])
        found.append(
            Ranked(
                entry,
                *places[k],
                float(gap.regime_mean[0]),
                float(hours[k]),
                float(gap.difference[0]),
                float(gap.low[0]),
                float(gap.high[0]),
                int((away > 0.0).sum()),
                int(np.isfinite(away).sum()),
                k == at_a,
            )
        )
    means = sign * np.array([each.level for each in found])
    order = np.argsort(-np.where(np.isfinite(means), means, -np.inf), kind="stable")
    return [found[k] for k in order]


def _place_of_a(view: CompareView, listed: Sequence[Entry]) -> int:
    own = [k for k, entry in enumerate(listed) if entry.side == "a"]
    return own[0] if own else next(k for k, e in enumerate(listed) if e.governance == view.a)


def rank_intervals(values: Array) -> list[tuple[int, int]]:
    """First and last rank of each of several, more being better; (k, replicates), paired.

    Two that are the same in all replicates, or have no value in common, are not told apart.
    """
    count = len(values)
    pairs = list(combinations(range(count), 2))
    rule = IntervalRule(confidence=1.0 - (1.0 - CONFIDENCE) / max(1, len(pairs)))
    above, below = np.zeros((2, count), int)
    for i, j in pairs:
        gap: Any = paired(values[i][:, None], values[j][:, None], rule)
        if gap.low[0] > 0.0 or gap.high[0] < 0.0:
            better, worse = (i, j) if gap.low[0] > 0.0 else (j, i)
            above[worse] += 1
            below[better] += 1
    return [(int(1 + above[k]), int(count - below[k])) for k in range(count)]
