"""What a place's figures teach: worlds weighed by them, or moved where too few would be left.

A world, its own levels of the place and the chance of its run are a draw of what is not known; its
reading is what the place would see then. The weight of a draw is the likelihood of the figures
given its reading (importance sampling). Where the weights leave few draws, all are moved instead:
an ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013, doi
10.1016/j.cageo.2012.03.011) on normal scores, each step read again by the model. Covariances that
so many draws cannot tell from none are set to zero: what the figures do not touch stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.places import LEVER, OPENS, SPREADS, Place
from velfaerd_sim.inputs.stated import Figure, transformed
from velfaerd_sim.inputs.targets import NORMAL_95
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.statistics import normal_scores
from velfaerd_sim.statistics.normal_scores import rounded

Array = NDArray[np.float64]

LEAST_SHARE = 0.1
"""Share of the worlds that the weights must be worth; below it the worlds are moved."""
STEPS = 3
"""Steps of the smoother, each with as many times the variance of the errors."""
_TELLING = 3.3
"""A correlation counts from so many standard errors of none on: one in a thousand by chance."""


@dataclass(frozen=True)
class Draws:
    """Draws of what is not known, one a national world, in its order.

    scores: normal scores of the worlds' parameters and of the place's own levels and hours, float64
    (worlds, names); names: of all; parameters: what each draw sets.
    """

    names: tuple[str, ...]
    scores: Array
    parameters: tuple[Mapping[str, float], ...]


def first_draws(national: Worlds, place: Place, seed: int) -> Draws:
    """The national worlds, each with levels of the place from their distribution.

    Only levels that a stated figure tells of vary; hours as stated. Nothing is drawn otherwise.
    """
    own = own_names(place)
    worlds = np.array([normal_scores.scores(world.parameters) for world in national])
    word = f"velfaerd_sim place {seed}".encode()
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(word).digest()[:8], "big"))
    extra = normal_scores.limited(generator.normal(size=(len(national), len(own))))
    names = (*national.names, *(name for name in own if name not in national.names))
    parameters = tuple(
        {**world.parameters, **_own_values(own, row, place)}
        for world, row in zip(national, extra, strict=True)
    )
    if len(names) != len(national.names) + len(own):  # worlds that hold a level of their own
        kept = [k for k, name in enumerate(own) if name not in national.names]
        extra = extra[:, kept]
    return Draws(names, np.hstack([worlds, extra]), parameters)


def own_names(place: Place) -> tuple[str, ...]:
    """The parameters that hold what is the place's own: levels of stated figures, and hours."""
    stated = {each.id for each in place.figures}
    levels = tuple(name for id, name in OPENS.items() if id in stated)
    return levels if place.hours is None else (*levels, LEVER)


def _own_values(own: Sequence[str], scores: Array, place: Place) -> dict[str, float]:
    found = {}
    for name, z in zip(own, scores.tolist(), strict=True):
        middle, spread = 0.0, 0.0
        if name == LEVER and place.hours is not None:
            value, low, high = place.hours
            middle, spread = np.log(value), np.log(high / low) / (2.0 * NORMAL_95)
        elif name in SPREADS:
            spread = BY_NAME[SPREADS[name]].default
        found[name] = rounded(name, float(np.exp(middle + spread * z)))
    return found


def log_likelihoods(readings: Array, figures: Sequence[Figure]) -> Array:
    """Log likelihood of each figure given each draw's reading, float64 (draws, figures).

    Minus infinity where a draw has no reading.
    """
    centre = np.array([each.centre for each in figures])
    sigma = np.array([each.sigma for each in figures])
    told = -0.5 * np.square((on_scale(readings, figures) - centre) / sigma)
    return np.where(np.isfinite(told), told, -np.inf)


def on_scale(readings: Array, figures: Sequence[Figure]) -> Array:
    """Readings (draws, figures) on the scales of the figures' errors."""
    columns = [transformed(each.id, readings[:, j]) for j, each in enumerate(figures)]
    return np.stack(columns, axis=1).astype(np.float64)


def weights(log_likelihood: Array, prior: Array) -> Array:
    """Weights that add up to one; log_likelihood (draws,), prior weights (draws,).

    As the prior where no draw has a likelihood at all.
    """
    best = log_likelihood.max()
    if not np.isfinite(best):
        return np.asarray(prior / prior.sum())
    found = prior * np.exp(log_likelihood - best)
    return np.asarray(found / found.sum())


def effective(weight: Array) -> float:
    """How many draws of equal weight say as much (Kish 1965, Survey Sampling)."""
    return float(weight.sum() ** 2 / np.square(weight).sum())


def moved(
    draws: Draws, readings: Array, place: Place, national: Worlds, seed: int, step: int
) -> Draws:
    """One step of the smoother: draws moved towards the figures by as much as these tell.

    x + C_xy (C_yy + STEPS R)^-1 (figure + error - reading), with covariances over draws. Draws
    without a reading stay where they are.
    """
    figures = place.figures
    y = on_scale(readings, figures)
    there = np.isfinite(y).all(axis=1)
    centre = np.array([each.centre for each in figures])
    noise = STEPS * np.square([each.sigma for each in figures])
    word = f"velfaerd_sim place {seed} step {step}".encode()
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(word).digest()[:8], "big"))
    errors = np.sqrt(noise) * generator.normal(size=y.shape)
    x, seen = draws.scores[there], y[there]
    away, apart = x - x.mean(axis=0), seen - seen.mean(axis=0)
    count = len(x)
    cross = away.T @ apart / (count - 1.0)
    size = np.outer(away.std(axis=0, ddof=1), apart.std(axis=0, ddof=1))
    cross[np.abs(cross) < _TELLING / np.sqrt(count) * size] = 0.0
    around = apart.T @ apart / (count - 1.0) + np.diag(noise)
    gain = np.linalg.solve(around, cross.T).T
    scores = draws.scores.copy()
    scores[there] = normal_scores.limited(x + (centre + errors[there] - seen) @ gain.T)
    touched = np.flatnonzero(np.abs(gain).max(axis=1) > 0.0)
    own = [name for name in own_names(place) if name not in national.names]
    first_own = len(draws.names) - len(own)
    parameters = []
    for before, row in zip(draws.parameters, scores, strict=True):
        names = [draws.names[k] for k in touched if k < first_own]
        values = normal_scores.values(names, row[[k for k in touched if k < first_own]])
        parameters.append({**before, **values, **_own_values(own, row[first_own:], place)})
    return Draws(draws.names, scores, tuple(parameters))


def worlds_of(draws: Draws, weight: Array, national: Worlds, name: str) -> Worlds:
    """The draws as worlds with weights, numbered as the national ones that they come from."""
    kept = [
        World(world.number, float(w), parameters)
        for world, w, parameters in zip(national, weight.tolist(), draws.parameters, strict=True)
    ]
    return Worlds(name, tuple(kept))
