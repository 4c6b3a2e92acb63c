"""What information is worth to a choice between actions: perfect, partial, of a sample.

The value of information is what would be gained on average if the choice could be made after it is
known. Whoever knows phi takes the action that is best given phi, so it is worth

    E_phi max_d E[B_d | phi]  -  max_d E[B_d]

with the benefit B_d of action d (Raiffa & Schlaifer 1961). With phi all parameters it is the value
of perfect information; with some of them it follows from a regression of benefits on these (Strong,
Oakley & Brennan 2014, doi 10.1177/0272989X13505910); with the summary of a simulated survey it is
the value of that survey (Strong, Oakley, Brennan & Breeze 2015, doi 10.1177/0272989X15575286).

A maximum over estimates is too large on average. Here it is not taken: the regression, made without
a world, says what would be chosen in it, and the benefits of that world itself say what it brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.statistics.regression import features, left_out

Array = NDArray[np.float64]
DRAWS = 200
"""Resamples of worlds for the standard error of the value of perfect information."""
_SEED = 20_140_401


class Value(NamedTuple):
    """A value of information and its standard error, in the unit of the benefits."""

    value: float
    error: float


class Worlds(NamedTuple):
    """Benefits world by world, what is chance within them told apart.

    mean: (worlds, actions); within: (worlds, actions, actions), sums of squares and products about
    the mean of a world; number: (worlds,), replicates; weight: (worlds,), how much each counts.
    """

    mean: Array
    within: Array
    number: Array
    weight: Array


def by_world(
    benefits: Array, world: NDArray[np.int64], weight: Array, replicate: NDArray[np.int64] | None
) -> Worlds:
    """Benefits (runs, actions) gathered by world (runs,), counted from 0 without gaps.

    weight: (worlds,). replicate: (runs,) where replicates of the same number share their draws over
    all worlds, None where they do not. What such a replicate does to all worlds alike is no chance
    within a world, and is taken out first.
    """
    count = len(weight)
    number: Array = np.bincount(world, minlength=count).astype(np.float64)
    sums = np.stack([np.bincount(world, one, count) for one in benefits.T], axis=1)
    mean: Array = sums / number[:, None]
    away = benefits - mean[world]
    if replicate is not None:
        _, place = np.unique(replicate, return_inverse=True)
        size = np.bincount(place)
        common = np.stack([np.bincount(place, one) for one in away.T], axis=1) / size[:, None]
        away = away - common[place]
    within = np.zeros((count, benefits.shape[1], benefits.shape[1]))
    np.add.at(within, world, away[:, :, None] * away[:, None, :])
    return Worlds(mean, within, number, weight / weight.sum())


def has_replicates(worlds: Worlds) -> bool:
    """Whether chance within worlds can be told: some world has two replicates."""
    return bool((worlds.number >= 2.0).any())


def perfect(worlds: Worlds) -> Value:
    """The value of perfect information on everything that worlds differ in.

    Means of a few replicates vary more than worlds do. They are drawn toward the mean of all by the
    linear map that gives them the covariance of worlds alone (as `statistics.over_worlds`, for
    several actions at once: the map between two normal distributions that moves least, Olkin &
    Pukelsheim 1982, doi 10.1016/0024-3795(82)90112-4).
    """
    return _resampled(worlds, [_perfect(worlds, weight) for weight in _weights(worlds)])


def _perfect(worlds: Worlds, weight: Array) -> float:
    centre = weight @ worlds.mean
    away = worlds.mean - centre
    count = 1.0 / float(weight @ weight)  # worlds of equal weight that say as much
    between = (weight[:, None] * away).T @ away * count / max(count - 1.0, 1.0)
    degrees = float(weight @ np.maximum(worlds.number - 1.0, 0.0))
    chance = np.einsum("w,wab->ab", weight, worlds.within) / max(degrees, 1e-12)
    chance *= float(weight @ (1.0 / worlds.number))
    known = centre + away @ _moved(between, between - chance).T
    return float(weight @ known.max(axis=1) - centre.max())


def _moved(there: Array, wanted: Array) -> Array:
    """The linear map from a covariance to another, of which only the positive part counts."""
    root = _power(there, 0.5)
    back = _power(there, -0.5)
    return np.asarray(back @ _power(root @ _power(wanted, 1.0) @ root, 0.5) @ back)


def _power(matrix: Array, power: float) -> Array:
    values, ways = np.linalg.eigh((matrix + matrix.T) / 2.0)
    least = 1e-12 * max(float(np.abs(values).max()), 1e-300)
    raised = np.where(values > least, np.maximum(values, least) ** power, 0.0)
    return np.asarray((ways * raised) @ ways.T)


def partial(worlds: Worlds, known: Array) -> Value:
    """The value of knowing some columns; known: (worlds, columns), missing values as NaN.

    It may come out below zero, where what was learned leads astray.
    """
    gains = worlds.mean - worlds.mean[:, :1]
    expected = left_out(features(known), gains, worlds.weight)
    rows, found = np.arange(len(gains)), []
    for weight in _weights(worlds):
        centre = weight @ gains
        chosen = (centre + expected).argmax(axis=1)
        found.append(float(weight @ (gains[rows, chosen] - gains[:, centre.argmax()])))
    return _resampled(worlds, found)


def _weights(worlds: Worlds) -> Array:
    """How much worlds count, then how much in resamples of them; (1 + DRAWS, worlds)."""
    count = len(worlds.weight)
    drawn = np.random.default_rng(_SEED).multinomial(count, worlds.weight, DRAWS) / count
    return np.concatenate([worlds.weight[None], drawn])


def _resampled(worlds: Worlds, found: Sequence[float]) -> Value:
    """The first of some values, less its bias, with its error, both from the others.

    What is best on average looks better than it is where several are nearly alike, which makes
    information look worth less: that is the bias. The error is at least what a single world that
    is decided otherwise would bring.
    """
    value, again = found[0], np.array(found[1:])
    weight = worlds.weight
    best = int(np.argmax(weight @ worlds.mean))
    gains = np.delete(worlds.mean, best, axis=1).max(axis=1) - worlds.mean[:, best]
    least = float(np.sqrt(weight @ (gains - weight @ gains) ** 2) * (weight @ weight))
    return Value(2.0 * value - float(again.mean()), max(float(again.std(ddof=1)), least))
