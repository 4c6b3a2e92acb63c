"""Search with few evaluations: Gaussian processes, and where to look next for two objectives.

Two things are wanted of a point, much benefit and few hours. Each is modelled by a Gaussian process
over what was evaluated (scikit-learn; Matern 5/2, a length scale a coordinate, the known variance
of chance). The next points are those with the largest expected improvement of the hypervolume that
the Pareto front dominates, in turn with those that are expected to improve the most benefit within
the budget. scikit-learn was chosen among what is locked: it is kept well, gives hyperparameters by
marginal likelihood, and what is missing, the two acquisitions, is a few lines each in closed form.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import qmc

from velfaerd_sim.errors import MISSING, InputError

Array = NDArray[np.float64]
LONGEST = 4.0
"""Longest length scale: a coordinate that seems to matter little is never thought to be nothing."""
APART = 0.04
"""How far a new point lies from all before in at least one coordinate."""
POOL = 2048
"""Points among which the next ones are chosen, a power of two."""
EVERY = 4
"""Of so many points one is to widen the front; the others are to raise the best in the budget."""
_CLIMB = (0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.02, 0.02)
_TOP, _AROUND = 8, 32
"""Sizes of steps from the best points of a pool; how many are stepped from, and how often."""
_STEPS = (0.05, 0.15)
"""Standard deviations of steps around good points, in coordinates from 0 to 1."""


def library(name: str) -> Any:
    """A module of scikit-learn. Raises InputError, naming the extra, where it is not installed."""
    try:
        return importlib.import_module(f"sklearn.{name}")
    except ImportError:
        allowed = "with scikit-learn installed: pip install 'velfaerd-sim[analysis]'"
        raise InputError("scikit-learn", MISSING, allowed) from None


class Surrogate:
    """A Gaussian process over points in [0, 1], float64 (n, d), and noisy values (n,)."""

    def __init__(self, points: Array, values: Array, variances: Array, kernel: Any = None) -> None:
        """variances: of the values by chance. kernel: one that was found before, kept as it is."""
        process, kernels = library("gaussian_process"), library("gaussian_process.kernels")
        self._shift, scale = float(values.mean()), float(values.std())
        self._scale = scale if scale > 0.0 else 1.0
        start = kernels.ConstantKernel(1.0, (0.05, 50.0)) * kernels.Matern(
            np.full(points.shape[1], 0.8), (0.1, LONGEST), nu=2.5
        )
        self._fit = process.GaussianProcessRegressor(
            start if kernel is None else kernel,
            alpha=np.maximum(variances / self._scale**2, 1e-6),
            optimizer="fmin_l_bfgs_b" if kernel is None else None,
        )
        with warnings.catch_warnings():  # a length scale at its bound is no fault
            warnings.simplefilter("ignore")
            self._fit.fit(points, (values - self._shift) / self._scale)
        self.kernel = self._fit.kernel_

    def at(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of what is true at points, each (m,)."""
        mean, sd = self._fit.predict(points, return_std=True)
        return self._shift + self._scale * mean, np.maximum(self._scale * sd, 1e-12)


def undominated(benefit: Array, cost: Array) -> NDArray[np.bool_]:
    """Which of (..., n) have no other with at least their benefit at no more cost, and better."""
    order = np.lexsort((-benefit, cost), axis=-1)
    ordered = np.take_along_axis(benefit, order, axis=-1)
    before = np.maximum.accumulate(ordered, axis=-1)
    first = np.ones(ordered.shape, bool)
    first[..., 1:] = ordered[..., 1:] > before[..., :-1]
    found = np.empty(ordered.shape, bool)
    np.put_along_axis(found, order, first, axis=-1)
    return found


def hypervolume(benefit: Array, cost: Array, worst: float, most: float) -> float:
    """The area that points (n,) dominate, above the benefit `worst` and below the cost `most`."""
    heights, ends = _stairs(benefit, cost, worst, most)
    return float(np.sum((heights[1:] - worst) * np.diff(ends)))


def _stairs(benefit: Array, cost: Array, worst: float, most: float) -> tuple[Array, Array]:
    """The staircase of a front from the cheapest on.

    Heights (k + 1,), the first `worst`; costs (k + 1,) at which the next height begins, the last
    `most`.
    """
    kept = (cost <= most) & (benefit > worst)
    benefit, cost = benefit[kept], cost[kept]
    front = undominated(benefit, cost)
    order = np.argsort(cost[front], kind="stable")
    heights, ends = benefit[front][order], cost[front][order]
    return np.concatenate([[worst], heights]), np.concatenate([ends, [most]])


def _below(level: Array, mean: Array, sd: Array) -> Array:
    """E max(0, level - x) of normal x: (levels,) and (m,) to (m, levels)."""
    away = level - mean[:, None]
    ratio = away / sd[:, None]
    density = np.exp(-0.5 * ratio**2) / np.sqrt(2.0 * np.pi)
    found: Array = away * ndtr(ratio) + sd[:, None] * density
    return found


def expected_volume(
    stairs: tuple[Array, Array], benefit: tuple[Array, Array], cost: tuple[Array, Array]
) -> Array:
    """Expected growth of the hypervolume by points whose benefit and cost are normal, (m,).

    benefit, cost: means and standard deviations, (m,) each, independent of each other. Above every
    stair the area that a point adds is a width times a height, so their expectations are
    multiplied (Emmerich, Deutz & Klinkenberg 2011, doi 10.1109/CEC.2011.5949880; in this form Yang
    et al. 2019, doi 10.1007/s10898-019-00798-7).
    """
    heights, ends = stairs
    until = _below(ends, *cost)
    widths = np.diff(until, axis=1, prepend=0.0)
    rises = _below(-heights, -benefit[0], benefit[1])
    return np.asarray((widths * rises).sum(axis=1))


def expected_gain(
    best: float, most: float, benefit: tuple[Array, Array], cost: tuple[Array, Array]
) -> Array:
    """Expected improvement of the best benefit times the chance to be within the budget, (m,).

    Schonlau, Welch & Jones 1998 (doi 10.1214/lnms/1215456182).
    """
    gain = _below(np.array([-best]), -benefit[0], benefit[1])[:, 0]
    return np.asarray(gain * ndtr((most - cost[0]) / cost[1]))


Fits = tuple[Surrogate, Surrogate]
"""Of the benefit and of the cost."""


@dataclass(frozen=True)
class Evaluated:
    """What was evaluated: points (n, d) in [0, 1]; benefit, cost (n,) and their variances."""

    points: Array
    benefit: Array
    benefit_variance: Array
    cost: Array
    cost_variance: Array

    def fitted(self, kernels: tuple[Any, Any] = (None, None)) -> tuple[Surrogate, Surrogate]:
        """A surrogate of the benefit and one of the cost."""
        return (
            Surrogate(self.points, self.benefit, self.benefit_variance, kernels[0]),
            Surrogate(self.points, self.cost, self.cost_variance, kernels[1]),
        )

    def with_(self, point: Array, benefit: float, cost: float) -> Evaluated:
        """The same and a point that is believed to be what it is expected to be."""
        return Evaluated(
            np.vstack([self.points, point]),
            np.append(self.benefit, benefit),
            np.append(self.benefit_variance, self.benefit_variance.mean()),
            np.append(self.cost, cost),
            np.append(self.cost_variance, self.cost_variance.mean()),
        )


def first_points(count: int, dimensions: int, seed: int) -> Array:
    """Points spread evenly, float64 (count, dimensions) in [0, 1): a scrambled Sobol sequence."""
    power = int(np.ceil(np.log2(max(count, 2))))
    sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
    return np.asarray(sequence.random_base2(power)[:count])


def next_points(
    known: Evaluated, most: float, count: int, snapped: Callable[[Array], Array], seed: int
) -> Array:
    """The points to evaluate next, float64 (count, d), none of them evaluated before.

    most: of the cost; snapped: moves points to where they may lie. Each point is chosen as if those
    before had given what is expected of them (Ginsbourger, Le Riche & Carraro 2010,
    doi 10.1007/978-3-642-10701-6_6).
    """
    fits = known.fitted()
    kernels = fits[0].kernel, fits[1].kernel
    worst = float(known.benefit.min())
    chosen: list[Array] = []
    for place in range(count):
        if place:
            fits = known.fitted(kernels)
        means = fits[0].at(known.points)[0], fits[1].at(known.points)[0]
        within = means[1] <= most
        best = float(means[0][within].max()) if within.any() else worst
        stairs = _stairs(*means, worst, most)
        wanted = partial(_gain, fits, best, most)
        if place % EVERY == 0:
            wanted = partial(_volume, fits, stairs)
        pool = _pool(known.points, means, most, snapped, seed + place)
        point = _climbed(pool, wanted, known.points, snapped, seed + place)
        chosen.append(point)
        known = known.with_(point, *(float(fit.at(point[None])[0][0]) for fit in fits))
    return np.array(chosen)


def _volume(fits: Fits, stairs: tuple[Array, Array], points: Array) -> Array:
    return expected_volume(stairs, fits[0].at(points), fits[1].at(points))


def _gain(fits: Fits, best: float, most: float, points: Array) -> Array:
    return expected_gain(best, most, fits[0].at(points), fits[1].at(points))


def _climbed(
    pool: Array,
    wanted: Callable[[Array], Array],
    known: Array,
    snapped: Callable[[Array], Array],
    seed: int,
) -> Array:
    """The point that is wanted most, after ever smaller steps from the best of a pool."""
    rng = np.random.default_rng(seed)
    values = wanted(pool)
    for size in _CLIMB:
        top = np.argsort(-values, kind="stable")[:_TOP]
        starts = np.repeat(pool[top], _AROUND, axis=0)
        moved = rng.random(starts.shape) < 0.4
        near = np.clip(starts + moved * size * rng.standard_normal(starts.shape), 0.0, 1.0)
        near = np.unique(snapped(near), axis=0)
        near = near[_is_new(near, known)]
        if len(near):
            pool = np.vstack([pool[top], near])
            values = np.concatenate([values[top], wanted(near)])
    return np.asarray(pool[int(np.argmax(values))])


def _pool(
    known: Array,
    means: tuple[Array, Array],
    most: float,
    snapped: Callable[[Array], Array],
    seed: int,
) -> Array:
    """Points to choose from: some from everywhere, some around the best so far; all new."""
    rng = np.random.default_rng(seed)
    dimensions = known.shape[1]
    everywhere = first_points(POOL // 2, dimensions, seed)
    within = np.flatnonzero(means[1] <= most)
    within = within if len(within) else np.arange(len(known))
    front = within[undominated(means[0][within], means[1][within])]
    best = within[np.argsort(-means[0][within])[:8]]
    starts = known[rng.choice(np.concatenate([front, best]), POOL // 2)]
    sizes = rng.choice(_STEPS, (POOL // 2, 1))
    moved = rng.random(starts.shape) < max(0.3, 1.0 / dimensions)
    around = np.clip(starts + moved * sizes * rng.standard_normal(starts.shape), 0.0, 1.0)
    pool = np.unique(snapped(np.vstack([everywhere, around])), axis=0)
    new = _is_new(pool, known)
    return pool[new] if new.any() else pool


def _is_new(points: Array, known: Array) -> NDArray[np.bool_]:
    """Which points lie `APART` from all known ones in at least one coordinate."""
    away = np.abs(points[:, None] - known).max(axis=-1).min(axis=-1)
    return np.asarray(away > APART - 1e-9)
