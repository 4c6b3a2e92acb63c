"""The emulator: figures as a smooth function of the parameters, learnt from readings.

A polynomial of second degree in the normal scores of the parameters that some figure depends on,
with a penalty on its coefficients (ridge regression; Hoerl & Kennard 1970, doi
10.1080/00401706.1970.10488634) that is chosen for each figure by the errors on readings left out.
It only guides where the model is read and how parameters are weighed; every world is read by the
model itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STANDARD_ERRORS = 4.0
"""A parameter counts as one that a figure depends on from a correlation of so many standard errors
on: of 150 parameters and 50 figures less than one pair is beyond it by chance."""
_PAIRS_OF = 40
"""Products are taken of so many parameters, those that most figures depend on most."""
_NEWER = 2.0
"""A reading of a round weighs so many times as much as one of the round before, as it is nearer."""
_PENALTIES = 10.0 ** np.arange(-1.0, 5.0)
_SECOND_DEGREE = (0.02, 0.05, 0.15, 0.5)
"""Scales of terms of second degree: the smaller, the stronger they are held back."""
_OUTLIER, _MAD = 6.0, 1.4826


@dataclass(frozen=True)
class Emulator:
    """A polynomial of the scores for every figure.

    informed: columns of the scores that it depends on. pairs: (2, products) into these;
    coefficients: (terms, observations). error: standard deviation of a reading around it,
    (observations,), by readings of the newest round left out.
    """

    informed: NDArray[np.int64]
    pairs: NDArray[np.int64]
    coefficients: Array
    error: Array

    def __call__(self, scores: Array) -> Array:
        """Figures expected of sets (sets, parameters), on the transformed scale."""
        return self.of_informed(scores[:, self.informed])

    def of_informed(self, scores: Array) -> Array:
        """As a call, of the scores of the informed parameters only."""
        return np.asarray(_terms(scores, self.pairs) @ self.coefficients)


def fitted(scores: Array, y: Array, rounds: NDArray[np.int64]) -> Emulator:
    """Learn an emulator from readings.

    scores: (readings, parameters); y: (readings, observations), transformed; rounds: of each.
    """
    y = without_outliers(y)
    strength = dependence(scores, y, rounds)
    informed = np.flatnonzero(strength.max(axis=1) > 1.0)
    x = scores[:, informed]
    order = np.argsort(-np.square(strength[informed]).sum(axis=1), kind="stable")[:_PAIRS_OF]
    pairs = np.array(np.triu_indices(len(order)), np.int64)
    pairs = np.sort(order[pairs], axis=0) if len(order) else pairs.reshape(2, 0)
    weights = _NEWER ** (rounds - rounds.max()).astype(np.float64)
    newest = rounds == rounds.max()
    middle = np.average(y, axis=0, weights=weights)
    terms, best = _terms(x, pairs), np.full(y.shape[1], np.inf)
    coefficients = np.zeros((terms.shape[1], y.shape[1]))
    for second in _SECOND_DEGREE:
        scale = np.ones(terms.shape[1])
        scale[1 + len(informed) :] = second
        errors, found = _ridge(terms * scale, y - middle, weights, newest)
        for j in np.flatnonzero(errors < best):
            best[j], coefficients[:, j] = errors[j], scale * found[:, j]
    coefficients[0] += middle
    return Emulator(informed, pairs, coefficients, np.sqrt(best))


def dependence(scores: Array, y: Array, rounds: NDArray[np.int64]) -> Array:
    """How clearly figures follow parameters: (parameters, observations), 1 at the limit.

    The larger of the correlations with the score and with its square, in units of so many standard
    errors as are beyond chance. Of the first round only: later on sets differ little in a figure,
    as parameters make up for each other.
    """
    chosen = rounds == rounds.min()
    first, out = scores[chosen], y[chosen]
    limit = _STANDARD_ERRORS / np.sqrt(len(first))
    linear, square = np.abs(_correlations(first, out)), np.abs(_correlations(np.square(first), out))
    return np.asarray(np.maximum(linear, square) / limit)


def _correlations(x: Array, y: Array) -> Array:
    a, b = x - x.mean(axis=0), y - y.mean(axis=0)
    size = np.outer(np.sqrt(np.square(a).sum(axis=0)), np.sqrt(np.square(b).sum(axis=0)))
    return np.asarray(np.divide(a.T @ b, size, out=np.zeros_like(size), where=size > 0.0))


def without_outliers(values: Array) -> Array:
    """Transformed readings with those far out set to a limit: lines must not follow a few sets."""
    middle = np.median(values, axis=0)
    reach = _OUTLIER * _MAD * np.median(np.abs(values - middle), axis=0)
    reach = np.where(reach > 0.0, reach, np.inf)
    return np.asarray(np.clip(values, middle - reach, middle + reach))


def _terms(x: Array, pairs: NDArray[np.int64]) -> Array:
    """A constant, the scores, and products of pairs of them."""
    return np.hstack([np.ones((len(x), 1)), x, x[:, pairs[0]] * x[:, pairs[1]]])


def _ridge(
    terms: Array, y: Array, weights: Array, newest: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Mean squared error on newest readings left out, and coefficients, at the best penalty.

    Leaving one out follows from the whole fit: its residual is the usual one over 1 - leverage.
    """
    root = np.sqrt(weights)[:, None]
    values, vectors = np.linalg.eigh((terms * root).T @ (terms * root))
    values = np.maximum(values, 0.0)
    turned = terms @ vectors
    moments = turned.T @ (weights[:, None] * y)
    near = turned[newest]
    best = np.full(y.shape[1], np.inf)
    chosen = np.zeros((len(values), y.shape[1]))
    for penalty in _PENALTIES:
        shrunk = 1.0 / (values + penalty)
        found = shrunk[:, None] * moments
        leverage = weights[newest] * (np.square(near) @ shrunk)
        left_out = (y[newest] - near @ found) / np.maximum(1.0 - leverage, 0.05)[:, None]
        errors = np.square(left_out).mean(axis=0)
        better = errors < best
        best[better] = errors[better]
        chosen[:, better] = found[:, better]
    return best, vectors @ chosen
