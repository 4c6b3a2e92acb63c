"""How well advice finds what is known to be best: `python benchmarks/deciding.py [PART ...]`.

Parts: `search`, the search of `velfaerd advise` on planted functions with noise, 200 evaluations
against 5 000 points from everywhere; `selection`, how often `velfaerd compare --best` selects the
best regime and at what cost, over 1 000 repeats drawn from a pool of runs of the model. Prints the
tables of docs/advise.md; some five minutes on one idle core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.instruments.replicates import run_replicate
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.statistics.selection import Procedure, select
from velfaerd_sim.statistics.surrogate import (
    Evaluated,
    first_points,
    hypervolume,
    next_points,
    undominated,
)
from velfaerd_sim.studies.advise.goals import Goals
from velfaerd_sim.studies.compare.design import checked_design

Array = NDArray[np.float64]
MOST, SIZE, START, BATCH, CHANCE = 14.0, 200, 40, 8, 0.5
SEARCHES = 5
REPEATS, POOL, ADULTS, MONTHS = 1000, 400, 1000, 36
OUTCOMES = ("lonely_years_averted_per_1000", "retention_12m", "motivation_mean", "lonely_share")
MOST_REPLICATES = 3000


def ridge(points: Array) -> tuple[Array, Array]:
    """Benefit and hours: one best place in eight coordinates, two that work together, hours."""
    target = np.array([0.1, 0.6, 0.8, 0.5, 0.7, 0.4, 0.9, 0.3])
    weight = np.array([3.0, 1.0, 2.0, 1.5, 1.0, 0.5, 1.5, 0.7])
    hours, x = points[:, -1], points[:, :-1]
    fit = 1.0 - ((x - target) ** 2 * weight).sum(axis=1) / weight.sum()
    together = 0.3 * x[:, 2] * hours - 0.25 * x[:, 0] * x[:, 3]
    return 10.0 * (fit**3 * np.sqrt(hours) + together), 2.0 + 18.0 * hours * (0.6 + 0.4 * x[:, 2])


def corner(points: Array) -> tuple[Array, Array]:
    """Benefit and hours: saturating gains, each with its own hours, and a quarrel of two."""
    gain = np.array([0.0, 2.0, 3.0, 1.5, 1.0, 0.5, 2.0, 1.0])
    price = np.array([0.0, 2.0, 6.0, 2.0, 0.5, 0.2, 3.0, 2.0])
    hours, x = points[:, -1], points[:, :-1]
    need = 1.0 + x @ price
    kept = np.minimum(1.0, 16.0 * hours / need)
    benefit = (np.sqrt(x) @ gain) * kept - 3.0 * x[:, 0] - 1.5 * x[:, 3] * x[:, 5]
    return benefit, np.minimum(need, 16.0 * hours)


class Searched(NamedTuple):
    """What a search came to, as shares: of the optimum, of the hypervolume of 5 000 points."""

    optimum: float
    volume: float


def searched(planted: Callable[[Array], tuple[Array, Array]], seed: int) -> Searched:
    """A search of `SIZE` evaluations with chance of standard deviation `CHANCE`."""
    generator = np.random.default_rng(seed)

    def snapped(unit: Array) -> Array:
        return np.round(unit, 2)

    def tried(points: Array, known: Evaluated | None) -> Evaluated:
        benefit, cost = planted(points)
        seen = benefit + CHANCE * generator.normal(size=len(points))
        parts = [points, seen, np.full(len(points), CHANCE**2), cost, np.full(len(points), 1e-4)]
        if known is not None:
            parts = [np.concatenate(pair) for pair in zip(vars(known).values(), parts, strict=True)]
        return Evaluated(*parts)

    known = tried(snapped(first_points(START, 9, seed)), None)
    while (done := len(known.points)) < SIZE:
        known = tried(next_points(known, MOST, BATCH, snapped, 1000 * seed + done), known)
    mean = known.fitted()[0].at(known.points)[0]
    benefit, cost = planted(known.points)
    within = cost <= MOST
    front = undominated(np.where(within, mean, -np.inf), cost) & within
    everywhere = first_points(5000, 9, 77)
    others = planted(everywhere)
    worst = float(others[0].min())
    share = hypervolume(benefit[front], cost[front], worst, MOST) / hypervolume(
        *others, worst, MOST
    )
    chosen = int(np.argmax(np.where(within, mean, -np.inf)))
    return Searched(float(benefit[chosen]) / best_of(planted, everywhere), share)


def best_of(planted: Callable[[Array], tuple[Array, Array]], starts: Array) -> float:
    """The true optimum within the budget, from many starts."""
    budget = {"type": "ineq", "fun": lambda x: MOST - planted(x[None])[1][0]}
    order = np.argsort(-np.where(planted(starts)[1] <= MOST, planted(starts)[0], -np.inf))
    found = [
        minimize(
            lambda x: -planted(x[None])[0][0],
            starts[k],
            bounds=[(0.0, 1.0)] * 9,
            constraints=[budget],
        )
        for k in order[:20]
    ]
    return max(-each.fun for each in found if planted(each.x[None])[1][0] <= MOST + 1e-6)


def pool_of(adults: int, months: int, replicates: int) -> Array:
    """All named regimes in replicates of the model; (replicates, regimes, outcomes)."""
    names = [STATUS_QUO, *(name for name in REGIMES if name != STATUS_QUO)]
    design = checked_design(names, "baseline", adults=adults, months=months, replicates=1)
    return np.stack([run_replicate(design.task(number)).summary for number in range(replicates)])


class Chosen(NamedTuple):
    """How often a procedure was right, and its runs on average."""

    right: float
    runs: float


def one_by_one(values: Array, zone: float, seed: int) -> Chosen:
    """Selections by the sequential procedure from a pool (replicates, regimes)."""
    generator = np.random.default_rng(seed)
    procedure, truth = Procedure(zone), values.mean(axis=0)
    right, runs = 0, 0
    for _ in range(REPEATS):
        drawn = values[generator.integers(len(values), size=MOST_REPLICATES)]
        found = select(drawn, procedure)  # it looks at nobody who was left out before
        means = drawn[: found.replicates].mean(axis=0)
        best = int(np.argmax(np.where(found.left, means, -np.inf)))
        right += bool(truth[best] > truth.max() - 0.999 * zone)
        runs += int(np.where(found.left, found.replicates, found.dropped).sum())
    return Chosen(right / REPEATS, runs / REPEATS)


def all_alike(values: Array, zone: float, seed: int) -> Chosen:
    """The fewest equal replicates that select rightly in 95 % of repeats, known beforehand."""
    generator = np.random.default_rng(seed)
    truth = values.mean(axis=0)
    low, high = 2, MOST_REPLICATES
    while low < high:
        size = (low + high) // 2
        if _right(values, truth, zone, size, generator) >= 0.95:
            high = size
        else:
            low = size + 1
    return Chosen(_right(values, truth, zone, low, generator), float(low * values.shape[1]))


def _right(values: Array, truth: Array, zone: float, size: int, generator: object) -> float:
    draws = generator.integers(len(values), size=(REPEATS, size))  # type: ignore[attr-defined]
    best = [int(np.argmax(values[each].mean(axis=0))) for each in draws]
    return float(np.mean(truth[best] > truth.max() - 0.999 * zone))


def stated_alike(values: Array, zone: float) -> float:
    """Runs of equal allocation that states 95 % beforehand: the first stage tells the variances.

    Bonferroni over pairs, with common random numbers (Nelson & Matejcik 1995, Management Science
    41, 1935-1945, of which this is the bound of the largest pair): n = (t s / zone)^2.
    """
    first, count = Procedure(zone).first, values.shape[1]
    generator = np.random.default_rng(5)
    from scipy.stats import t

    quantile = float(t.ppf(1.0 - 0.05 / (count - 1), first - 1))
    sizes = []
    for _ in range(REPEATS):
        start = values[generator.integers(len(values), size=first)]
        apart = (start[:, :, None] - start[:, None, :]).var(axis=0, ddof=1).max()
        sizes.append(max(first, int(np.ceil(quantile**2 * apart / zone**2))))
    return float(np.mean(sizes)) * count


def print_search() -> None:
    """The table of searches."""
    print("| planted | benefit, share of the optimum | hypervolume, share of 5 000 points |")
    print("| --- | --- | --- |")
    for planted in (ridge, corner):
        found = [searched(planted, seed) for seed in range(1, SEARCHES + 1)]
        optimum = ", ".join(f"{each.optimum:.3f}" for each in found)
        volume = ", ".join(f"{each.volume:.3f}" for each in found)
        print(f"| {planted.__name__} | {optimum} | {volume} |", flush=True)


def print_selection() -> None:
    """The table of selections."""
    pool = pool_of(ADULTS, MONTHS, POOL)
    assert pool.shape[2] == len(NAMES)
    print("| outcome | zone | right | runs | equal, size known | equal, stated | of it |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for number, name in enumerate(OUTCOMES):
        values = Goals(((name, 1.0),)).value(pool[:, :, [INDEX[name]]])
        ordered = np.sort(values.mean(axis=0))
        zone = float(ordered[-1] - ordered[-2])
        found, known = one_by_one(values, zone, number), all_alike(values, zone, number)
        stated = stated_alike(values, zone)
        cells = [name, f"{zone:.4g}", f"{found.right:.3f}", f"{found.runs:.0f}"]
        cells += [f"{known.runs:.0f}", f"{stated:.0f}"]
        cells += [f"{found.runs / known.runs:.2f} / {found.runs / stated:.2f}"]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parts = {"search": print_search, "selection": print_selection}
    for part in sys.argv[1:] or parts:
        parts[part]()
