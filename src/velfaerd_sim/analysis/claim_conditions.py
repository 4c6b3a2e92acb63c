"""Where a claim turns and what it leans on: a box by PRIM, and rank correlations, over worlds.

There are more parameters than worlds, so PRIM looks only at the parameters whose ranks tell most;
the choice is made anew in every resample, so that the stability that is reported includes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from velfaerd_sim.analysis.arrays.frames import Array, Flags
from velfaerd_sim.analysis.sweep.discovery import STABLE
from velfaerd_sim.analysis.sweep.peeling import Box, choose, inside, trajectory

LEAST_CASES = 6
"""Worlds on the rarer side below which there is nothing to set apart."""
CANDIDATES = 12
RESAMPLES = 60
SHOWN = 5
LEAST_RANKED = 10
"""Worlds of a set below which its ranks tell nothing."""


@dataclass(frozen=True)
class Limit:
    """A parameter that a box restricts; a side without a limit is NaN.

    often: share of resamples in which the parameter is restricted again.
    """

    parameter: str
    low: float
    high: float
    often: float


@dataclass(frozen=True)
class Conditions:
    """Where the rarer side lies. fails: it is the worlds in which the claim is not met.

    coverage, density, mass: of the box; new_coverage, new_density: on worlds not used to find it,
    means over resamples; same: share of resamples that restrict the same parameters.
    """

    fails: bool
    share: float
    cases: int
    limits: tuple[Limit, ...] = ()
    coverage: float = float("nan")
    density: float = float("nan")
    mass: float = float("nan")
    new_coverage: float = float("nan")
    new_density: float = float("nan")
    same: float = float("nan")

    @property
    def stable(self) -> bool:
        """Whether most resamples restrict the same parameters."""
        return self.same >= STABLE


@dataclass(frozen=True)
class Leaning:
    """Rank correlation of a parameter with the share of readings that is met, and its interval.

    clear: the interval that allows for all parameters together leaves zero out.
    """

    parameter: str
    correlation: float
    low: float
    high: float
    clear: bool


def conditions(x: Array, met: Flags, names: Sequence[str], seed: int) -> Conditions:
    """Look for a box that holds most of the rarer side; x: (worlds, parameters)."""
    share = float(met.mean()) if len(met) else float("nan")
    fails = not share < 0.5
    cases: Flags = ~met if fails else met
    count = int(cases.sum())
    if min(count, len(met) - count) < LEAST_CASES or not names:
        return Conditions(fails, share, count)
    box, chosen = _box(x, cases)
    if not box.restricted.any():
        return Conditions(fails, share, count)
    found = _stability(x, cases, {names[chosen[j]] for j in box.parameters}, names, seed)
    limits = tuple(
        Limit(
            names[chosen[j]],
            float(box.limits[0, j]) if box.restricted[0, j] else float("nan"),
            float(box.limits[1, j]) if box.restricted[1, j] else float("nan"),
            found.often.get(names[chosen[j]], 0.0),
        )
        for j in box.parameters
    )
    return Conditions(
        fails,
        share,
        count,
        limits,
        box.coverage,
        box.density,
        box.mass,
        found.coverage,
        found.density,
        found.same,
    )


def _box(x: Array, cases: Flags) -> tuple[Box, list[int]]:
    """A box in the parameters whose ranks tell most of who is a case, and their columns."""
    told = np.abs(rank_correlations(x, cases.astype(np.float64)))
    chosen = np.argsort(-np.nan_to_num(told), kind="stable")[:CANDIDATES].tolist()
    some = x[:, chosen]
    return choose(some, cases, trajectory(some, cases, mass=0.1)), chosen


@dataclass(frozen=True)
class _Stability:
    same: float
    often: dict[str, float]
    coverage: float
    density: float


def _stability(
    x: Array, cases: Flags, restricted: set[str], names: Sequence[str], seed: int
) -> _Stability:
    generator = np.random.default_rng(seed)
    same, often = 0, dict.fromkeys(names, 0)
    coverage, density = [], []
    for _ in range(RESAMPLES):
        drawn = np.zeros(len(cases), bool)
        drawn[generator.integers(len(cases), size=len(cases))] = True
        count = int(cases[drawn].sum())
        if count == 0 or count == int(drawn.sum()):
            continue
        box, chosen = _box(x[drawn], cases[drawn])
        again = {names[chosen[j]] for j in box.parameters}
        same += again == restricted
        for name in again:
            often[name] += 1
        limits = np.where(box.restricted, box.limits, [[-np.inf], [np.inf]])
        within = inside(x[~drawn][:, chosen], limits)
        unseen = cases[~drawn]
        if unseen.any() and within.any():
            coverage.append(unseen[within].sum() / unseen.sum())
            density.append(unseen[within].mean())
    return _Stability(
        same / RESAMPLES,
        {name: number / RESAMPLES for name, number in often.items()},
        float(np.mean(coverage)) if coverage else float("nan"),
        float(np.mean(density)) if density else float("nan"),
    )


def rank_correlations(x: Array, y: Array) -> Array:
    """Spearman's rank correlation of every column with y; NaN where either does not vary."""
    return _correlations(_centred(x), _centred(y))


def _centred(values: Array) -> Array:
    """Ranks as shares of their number, with mean zero."""
    return np.asarray((rankdata(values, axis=0) - (len(values) + 1) / 2.0) / len(values))


def _correlations(ranks: Array, target: Array) -> Array:
    size = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    found: Array = np.full(ranks.shape[1], np.nan)
    np.divide(target @ ranks, size, out=found, where=size > 0.0)
    return found


def leanings(
    x: Sequence[Array], margin: Sequence[Array], names: Sequence[str], claims: int = 1
) -> tuple[Leaning, ...]:
    """The parameters whose ranks go most with a margin, strongest first.

    x, margin: one a set of worlds; ranks are taken within each set, so that a difference between
    sets is not taken for an effect. Intervals by Fisher's transformation, 95 %; `clear` asks for
    95 % over all parameters of so many claims together (Bonferroni).
    """
    ranks, targets = [], []
    for values, aim in zip(x, margin, strict=True):
        usable = np.isfinite(aim)
        if int(usable.sum()) >= LEAST_RANKED:
            ranks.append(_centred(values[usable]))
            targets.append(_centred(aim[usable]))
    if not ranks or not names:
        return ()
    found = _correlations(np.concatenate(ranks), np.concatenate(targets))
    count = sum(len(one) for one in targets) - len(targets) + 1
    error = 1.03 / np.sqrt(count - 3.0)
    together = float(ndtri(1.0 - 0.025 / (len(names) * claims))) * error
    order = np.argsort(-np.abs(np.nan_to_num(found)), kind="stable")[:SHOWN]
    made = []
    for j in order.tolist():
        z = np.arctanh(np.clip(found[j], -0.999, 0.999)) if np.isfinite(found[j]) else np.nan
        low, high = np.tanh(z - 1.96 * error), np.tanh(z + 1.96 * error)
        clear = bool(abs(z) > together)
        made.append(Leaning(names[j], float(found[j]), float(low), float(high), clear))
    return tuple(made)
