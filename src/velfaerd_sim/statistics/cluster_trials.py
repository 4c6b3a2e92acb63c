"""The analysis of trials of whole towns: a mixed model of town means, for many trials at once.

A town's mean in a period is a period effect, the effect of treatment, the town's own level (normal,
variance tau2) and a rest (normal, variance sigma2): Hussey & Hughes 2007,
doi 10.1016/j.cct.2006.05.007. It is fitted by REML. Towns of a sequence have the same rows, so what
costs is done once a ratio of variances and not once a trial; the estimates are those of
`statsmodels.MixedLM`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from velfaerd_sim.errors import InputError

Array = NDArray[np.float64]

KENWARD_ROGER, ROBUST = "kenward_roger", "robust"
ANALYSES = (KENWARD_ROGER, ROBUST)
LEVEL = 0.05
"""Two-sided level of the tests; intervals hold the rest."""
_RATIOS = np.concatenate([[0.0], np.exp(np.linspace(-7.0, 9.0, 49))])
_ZOOM, _ZOOMS = 8, 2


@dataclass(frozen=True)
class Layout:
    """Who is treated when, by sequence and period.

    treated: float (sequences, periods), 1 where a sequence is treated; used: bool, the cells that
    are analysed; towns: int (sequences,), how many towns follow each. growing: an effect for every
    length of treatment so far, of which the mean over the treated cells is estimated (Kenny et al.
    2022, doi 10.1002/sim.9511); otherwise one effect from the first period on. Raises InputError
    where the effect cannot be told from periods.
    """

    treated: Array
    used: NDArray[np.bool_]
    towns: NDArray[np.int64]
    growing: bool = False

    def __post_init__(self) -> None:
        """Check that there is an effect to estimate."""
        if not (self.used * self.treated).any():
            raise InputError("design", "no treated period", "a design in which one is analysed")
        rows = np.concatenate([self.rows(s) for s in range(len(self.towns)) if self.towns[s]])
        if np.linalg.matrix_rank(rows) < rows.shape[1]:
            allowed = "a design in which some are treated while others are not, measured in both"
            raise InputError("design", "its periods", allowed)

    @cached_property
    def periods(self) -> NDArray[np.int64]:
        """The periods in which anything is analysed."""
        return np.flatnonzero(self.used.any(axis=0))

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Periods under treatment so far, 0 where there is none; int (sequences, periods)."""
        on = self.treated > 0.0
        found = np.zeros(on.shape, np.int64)
        for period in range(on.shape[1]):
            before = found[:, period - 1] if period else 0
            found[:, period] = np.where(on[:, period], before + 1, 0)
        return found if self.growing else np.minimum(found, 1)

    @cached_property
    def weights(self) -> tuple[NDArray[np.int64], Array]:
        """The lengths that are analysed, and the share of treated cells that each has."""
        cells = self.used * self.towns[:, None] * (self.lengths > 0)
        found = np.bincount(self.lengths.ravel(), cells.ravel())
        known = np.flatnonzero(found)
        return known, found[known] / found.sum()

    @cached_property
    def contrast(self) -> Array:
        """What of the coefficients is estimated; float64 (p,)."""
        return np.concatenate([np.zeros(len(self.periods)), self.weights[1]])

    def rows(self, sequence: int) -> Array:
        """The rows of one town: a column a period, then one a length of treatment."""
        cells = np.flatnonzero(self.used[sequence])
        known = self.weights[0]
        rows = np.zeros((len(cells), len(self.periods) + len(known)))
        rows[np.arange(len(cells)), np.searchsorted(self.periods, cells)] = 1.0
        rows[:, len(self.periods) :] = self.lengths[sequence, cells, None] == known
        return rows

    @cached_property
    def sequence_of(self) -> NDArray[np.int64]:
        """The sequence of every town, in order."""
        return np.repeat(np.arange(len(self.towns)), self.towns)


@dataclass(frozen=True)
class Estimates:
    """One estimate a trial, float64 (trials,).

    effect, standard_error, df (of the t distribution); sigma2, tau2: variances by REML.
    """

    effect: Array
    standard_error: Array
    df: Array
    sigma2: Array
    tau2: Array

    @property
    def reach(self) -> Array:
        """Half the width of the interval."""
        return np.asarray(-stdtrit(self.df, LEVEL / 2.0) * self.standard_error)

    def told(self, shift: float = 0.0) -> NDArray[np.bool_]:
        """Which trials tell the effect from zero, had everyone treated gained `shift` more.

        Residuals do not move with a shift of what is estimated, so this is exact.
        """
        return np.abs(self.effect + shift) > self.reach

    def holds(self, truth: Array | float) -> NDArray[np.bool_]:
        """Which intervals hold the truth."""
        return np.abs(self.effect - truth) <= self.reach

    @property
    def p_value(self) -> Array:
        """Two-sided p value."""
        return np.asarray(2.0 * stdtr(self.df, -np.abs(self.effect / self.standard_error)))


def with_known_variances(layout: Layout, means: Array, sigma2: float, tau2: float) -> Estimates:
    """Generalised least squares in every trial, with variances that are known (normal test)."""
    model, ratio = _Model(layout, means), tau2 / sigma2
    effect = layout.contrast @ model.fit(ratio)[0]
    phi = np.linalg.inv(model.cross(1.0, 1.0 / model.between(ratio)))
    error = float(np.sqrt(sigma2 * layout.contrast @ phi @ layout.contrast))
    same = np.ones(len(means))
    return Estimates(effect, error * same, np.inf * same, sigma2 * same, tau2 * same)


def analyse(layout: Layout, means: Array, analysis: str = KENWARD_ROGER) -> Estimates:
    """Fit the mixed model to every trial.

    means: float64 (trials, towns, periods), towns in the order of `Layout.sequence_of`. analysis:
    'kenward_roger', standard errors and degrees of freedom of the model with the correction of
    Kenward & Roger 1997, doi 10.2307/2533558; or 'robust', clustered standard errors that hold for
    any dependence within a town, bias-reduced (CR2) with Satterthwaite's degrees of freedom:
    Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, doi 10.1080/07350015.2016.1247004.
    """
    model = _Model(layout, means)
    ratios = model.best_ratios(_ZOOMS if analysis == KENWARD_ROGER else 1)
    effect, sigma2, error, df = (np.empty(len(means)) for _ in range(4))
    for ratio in np.unique(ratios):
        own = np.flatnonzero(ratios == ratio)
        beta, rest = model.fit(ratio, own)
        effect[own], sigma2[own] = layout.contrast @ beta, rest / model.left
        if analysis == ROBUST:
            clustered, df[own] = model.robust(ratio, own, beta)
            error[own] = np.sqrt(clustered)
        else:
            variance, freedom = model.corrected(ratio)
            error[own], df[own] = np.sqrt(variance * sigma2[own]), freedom
    return Estimates(effect, error, df, sigma2, ratios * sigma2)


class _Model:
    """The mixed model over all trials, by the ratio of variances tau2 / sigma2."""

    def __init__(self, layout: Layout, means: Array) -> None:
        self.layout = layout
        kinds = [s for s in range(len(layout.towns)) if layout.towns[s]]
        self.rows = [layout.rows(s) for s in kinds]
        self.count = layout.towns[kinds].astype(float)
        self.cells = np.array([len(rows) for rows in self.rows], float)
        self.means = [
            means[:, layout.sequence_of == s][:, :, layout.used[s]] for s in kinds
        ]  # (trials, towns of the sequence, cells)
        self.inner = np.array([rows.T @ rows for rows in self.rows])
        self.sums = np.array([rows.sum(axis=0) for rows in self.rows])
        self.parts = [
            np.einsum("tjk,kp->pt", y, r) for y, r in zip(self.means, self.rows, strict=True)
        ]
        self.totals = np.array([y.sum(axis=(1, 2)) for y in self.means])
        self.squares = sum(np.square(y).sum(axis=(1, 2)) for y in self.means)
        self.town_squares = np.array([np.square(y.sum(axis=2)).sum(axis=1) for y in self.means])
        self.left = float(self.count @ self.cells) - self.inner.shape[1]

    def cross(self, within: float, between: Array) -> Array:
        """X' F X where F has one eigenvalue within towns and one between, by sequence."""
        mean = self.sums[:, :, None] * self.sums[:, None, :] / self.cells[:, None, None]
        each = within * (self.inner - mean) + between[:, None, None] * mean
        return np.asarray((self.count[:, None, None] * each).sum(axis=0))

    def between(self, ratio: float) -> Array:
        """The variance of a town's mean times its cells, in units of sigma2, by sequence."""
        return 1.0 + self.cells * ratio

    def fit(self, ratio: float, own: Any = slice(None)) -> tuple[Array, Array]:
        """Coefficients (p, trials) and the weighted sum of squares that is left (trials,)."""
        taken = ratio / self.between(ratio)
        right = sum(part[:, own] for part in self.parts)
        right = right - np.einsum("s,sp,st->pt", taken, self.sums, self.totals[:, own])
        beta = np.linalg.solve(self.cross(1.0, 1.0 / self.between(ratio)), right)
        total: Array = self.squares[own] - taken @ self.town_squares[:, own]
        return beta, total - np.einsum("pt,pt->t", beta, right)

    def deviance(self, ratio: float, own: Any = slice(None)) -> Array:
        """Minus twice the profiled restricted log likelihood, but for a constant."""
        between = self.between(ratio)
        _, size = np.linalg.slogdet(self.cross(1.0, 1.0 / between))
        left = np.maximum(self.fit(ratio, own)[1], np.finfo(float).tiny)
        return np.asarray(self.left * np.log(left) + self.count @ np.log(between) + size)

    def best_ratios(self, zooms: int) -> Array:
        """The ratio of variances by REML, a trial each: a grid, and finer grids around its best."""
        found = np.stack([self.deviance(ratio) for ratio in _RATIOS])
        best: Array = _RATIOS[found.argmin(axis=0)]
        step = float(np.log(_RATIOS[2] / _RATIOS[1]))
        for _ in range(zooms):
            best, step = self._finer(best, step), step / _ZOOM
        return best

    def _finer(self, best: Array, step: float) -> Array:
        finer = best.copy()
        for ratio in np.unique(best[best > 0.0]):
            own = np.flatnonzero(best == ratio)
            near = ratio * np.exp(step * np.arange(-_ZOOM, _ZOOM + 1) / _ZOOM)
            found = np.stack([self.deviance(each, own) for each in near])
            finer[own] = near[found.argmin(axis=0)]
        return finer

    def corrected(self, ratio: float) -> tuple[float, float]:
        """Variance of the effect where sigma2 is 1, and degrees of freedom, by Kenward & Roger."""
        b, n, k = self.between(ratio), self.count, self.cells
        phi = np.linalg.inv(self.cross(1.0, 1.0 / b))
        first = [-self.cross(1.0, 1.0 / b**2), -self.cross(0.0, k / b**2)]
        q = self.cross(1.0, 1.0 / b**3), self.cross(0.0, k / b**3), self.cross(0.0, k**2 / b**3)
        second = [[q[0], q[1]], [q[1], q[2]]]
        trace = [
            [n @ (k - 1.0 + 1.0 / b**2), n @ (k / b**2)],
            [n @ (k / b**2), n @ (k**2 / b**2)],
        ]
        pairs = [(i, j) for i in range(2) for j in range(2)]
        information = np.empty((2, 2))
        for i, j in pairs:
            twice = np.trace(phi @ first[i] @ phi @ first[j])
            information[i, j] = 0.5 * (trace[i][j] - 2.0 * np.trace(phi @ second[i][j]) + twice)
        spread = np.linalg.inv(information)
        more = sum(spread[i, j] * (second[i][j] - first[i] @ phi @ first[j]) for i, j in pairs)
        way = phi @ self.layout.contrast
        moved = np.array([way @ each @ way for each in first]) / float(self.layout.contrast @ way)
        df = 2.0 / float(moved @ spread @ moved)
        return float(self.layout.contrast @ way + 2.0 * way @ more @ way), df

    def robust(self, ratio: float, own: Any, beta: Array) -> tuple[Array, float]:
        """Variance of the effect by trial, and degrees of freedom, from clustered residuals."""
        phi = np.linalg.inv(self.cross(1.0, 1.0 / self.between(ratio)))
        way = phi @ self.layout.contrast
        weights, inner, variance = [], [], np.zeros(beta.shape[1])
        for rows, means, cells in zip(self.rows, self.means, self.cells, strict=True):
            covariance = np.eye(int(cells)) + ratio
            root = np.linalg.cholesky(covariance).T
            middle = root @ (covariance - rows @ phi @ rows.T) @ root.T
            values, vectors = np.linalg.eigh(middle)
            good = values > 1e-10 * max(values.max(), 1e-300)
            power = (vectors[:, good] / np.sqrt(values[good])) @ vectors[:, good].T
            weight = root.T @ power.T @ root @ np.linalg.solve(covariance, rows @ way)
            rest = means[own] - (rows @ beta).T[:, None, :]
            variance += np.square(rest @ weight).sum(axis=1)
            weights.append(float(weight @ covariance @ weight))
            inner.append(rows.T @ weight)
        sequence = np.repeat(np.arange(len(weights)), self.count.astype(int))
        u = np.array(inner)[sequence]
        joint = np.diag(np.array(weights)[sequence]) - u @ phi @ u.T
        return variance, float(np.trace(joint) ** 2 / np.square(joint).sum())


def hussey_hughes_variance(
    treated: Array, towns: NDArray[np.int64], sigma2: float, tau2: float
) -> float:
    """The variance of the effect where variances are known, in closed form.

    treated: (sequences, periods), all cells used; towns: of each sequence. sigma2: of a town's mean
    in a period around its own level; tau2: between towns (Hussey & Hughes 2007, equation 8).
    """
    x = np.repeat(treated, towns, axis=0)
    count, periods = x.shape
    u = x.sum()
    w = np.square(x.sum(axis=0)).sum()
    v = np.square(x.sum(axis=1)).sum()
    above = count * sigma2 * (sigma2 + periods * tau2)
    below = (count * u - w) * sigma2
    below += (u * u + count * periods * u - periods * w - count * v) * tau2
    return float(above / below)
