"""Regression on smooth functions of many columns, judged by what it says of rows left out.

Each column becomes a cubic P-spline over its ranks (Eilers & Marx 1996, doi 10.1214/ss/1038425655)
whose straight part is penalised too, so that a column that tells nothing drops out (Marra & Wood
2011, doi 10.1016/j.csda.2011.02.004). One penalty for all columns is chosen by the squares of what
is left out (PRESS, Allen 1974, doi 10.1080/00401706.1974.10489157). What the regression says of a
row without that row follows from the hat matrix, so nothing is fitted twice and nothing is drawn.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline
from scipy.stats import rankdata

Array = NDArray[np.float64]
SPLINES = 6
"""Basis functions of a column, with the constant."""
MOST_PRODUCTS = 8
"""Up to so many columns their products in pairs are offered too."""
PENALTIES = np.geomspace(1e-4, 1e6, 41)
_DEGREE = 3
_KNOWN = 1e-9


def features(columns: Array) -> Array:
    """Smooth functions of columns and, of a few, their products in pairs; (rows, features).

    columns: (rows, columns), missing values as NaN: they count as the middle, and a column says
    where they are. Columns that do not vary give nothing.
    """
    kept: list[Array] = []
    straight: list[Array] = []
    for column in np.asarray(columns, np.float64).T:
        lost = ~np.isfinite(column)
        if lost.any() and not lost.all():
            kept.append(_scaled(lost.astype(np.float64))[:, None])
            column = np.where(lost, np.median(column[~lost]), column)
        if lost.all() or np.ptp(column) <= _KNOWN * max(1.0, float(np.abs(column).max())):
            continue
        smooth = _splines((rankdata(column) - 0.5) / len(column))
        kept.append(smooth)
        straight.append(_scaled(column))
    if len(straight) <= MOST_PRODUCTS:
        pairs = (one * other for one, other in combinations(straight, 2))
        kept += [_scaled(pair)[:, None] for pair in pairs]
    return np.concatenate(kept, axis=1) if kept else np.empty((len(columns), 0))


def _scaled(column: Array) -> Array:
    spread = float(column.std())
    return np.asarray((column - column.mean()) / (spread if spread > 0.0 else 1.0))


def _splines(ranks: Array) -> Array:
    """The P-spline of ranks in (0, 1): its straight part, then bends, each scaled by its penalty.

    Ridge on these columns is the penalty on second differences of the coefficients.
    """
    inner = np.linspace(0.0, 1.0, SPLINES - _DEGREE + 1)
    knots = np.concatenate([[0.0] * _DEGREE, inner, [1.0] * _DEGREE])
    basis = BSpline.design_matrix(ranks, knots, _DEGREE).toarray()
    differences = np.diff(np.eye(SPLINES), 2, axis=0)
    penalty, ways = np.linalg.eigh(differences.T @ differences)
    bends = basis @ ways[:, 2:]
    bends -= bends.mean(axis=0)
    scale = np.sqrt(penalty[2] / penalty[2:]) / max(float(bends[:, 0].std()), _KNOWN)
    return np.column_stack([_scaled(ranks), 0.5 * bends * scale])


def left_out(given: Array, targets: Array, weights: Array) -> Array:
    """How far from their mean the regression expects each row that is left out; (rows, targets).

    given: (rows, features); targets: (rows, targets); weights: (rows,), how much a row counts. A
    penalty without end, which expects every row at the mean, is what stays unless another one is
    better by more than the standard error of the difference (Breiman, Friedman, Olshen & Stone
    1984, Classification and Regression Trees, section 3.4.3).
    """
    if not given.shape[1]:
        return np.zeros(targets.shape)
    root = np.sqrt(weights / weights.sum() * len(weights))[:, None]
    share = root[:, 0] ** 2 / len(weights)
    others = (1.0 - share)[:, None]
    away = root * (targets - share @ targets)
    nothing = away / others
    best = nothing
    least = (nothing**2).sum(axis=0)
    left, values, _ = np.linalg.svd(root * (given - share @ given), full_matrices=False)
    along = left.T @ away
    for penalty in PENALTIES[::-1] * len(weights):
        kept = values**2 / (values**2 + penalty)
        hat = share + (left**2) @ kept
        missed = (away - left @ (kept[:, None] * along)) / np.maximum(1.0 - hat, 1e-6)[:, None]
        total = (missed**2).sum(axis=0)
        best = np.where(total < least, missed, best)
        least = np.minimum(total, least)
    better = nothing**2 - best**2
    clear = better.sum(axis=0) > np.sqrt(len(root)) * better.std(axis=0)
    return np.where(clear, (nothing - best) / root, 0.0)
