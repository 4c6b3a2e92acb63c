"""How far municipalities truly differ in a difference, and which ranks that leaves open.

What a run shows of a municipality of n adults is its own effect and chance, of variance s²/n.
Several runs of the country tell them apart: chance differs from run to run, so products of two
runs' deviations from the mean average to the variance t² of effects. Each municipality is drawn
toward the mean as far as chance can explain it (partial pooling: Efron & Morris 1975,
doi 10.1080/01621459.1975.10479864). Where t² is no larger than with deviations of random sign,
nothing is told apart (a randomisation test, which asks nothing of the form of chance but symmetry);
with one run it never is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CHANCE_OF_ERROR = 0.01
"""How often municipalities are told apart where all are alike."""
WIDTH = 1.96
DRAWS = 2000
FLIPS = 499
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Pooled:
    """Effects of municipalities after partial pooling, by month; NaN where there is no value.

    values, errors: float64 (98, months), the effects and their standard errors; apart: bool
    (months,), whether municipalities can be told apart. Where not, all have the mean's.
    """

    values: Array
    errors: Array
    apart: NDArray[np.bool_]

    @property
    def unclear(self) -> NDArray[np.bool_]:
        """Whether the 95 % interval of a municipality holds zero; not where nothing scatters."""
        with np.errstate(invalid="ignore"):
            found: NDArray[np.bool_] = (self.errors > 0.0) & (
                np.abs(self.values) <= WIDTH * self.errors
            )
        return found

    def ranks(self, month: int, larger_first: bool) -> NDArray[np.int64]:
        """First and last rank of each municipality's 95 % interval, int64 (98, 2); 0 if unknown."""
        known = np.isfinite(self.values[:, month])
        found = np.zeros((len(known), 2), np.int64)
        if not known.any():
            return found
        normal = np.random.default_rng(0).standard_normal((DRAWS, int(known.sum())))
        drawn = self.values[known, month] + normal * self.errors[known, month]
        order = np.argsort(-drawn if larger_first else drawn, axis=1)
        places = np.argsort(order, axis=1) + 1
        found[known] = np.percentile(places, [2.5, 97.5], axis=0, method="nearest").T
        return found


def pooled(differences: Array, adults: Array) -> Pooled:
    """Pool the differences of municipalities, (runs, 98, months), by adults simulated, (98,)."""
    runs = len(differences)
    known = np.isfinite(differences).all(axis=0)
    weight = np.where(known, adults[:, None], 0.0)
    total = weight.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = weight / total
        d = np.where(known, differences, 0.0)
        mean = (share * d.mean(axis=0)).sum(axis=0)
        apart_from_mean = np.where(known, d - (share * d).sum(axis=1)[:, None], 0.0)
        apart_from_mean[np.abs(apart_from_mean) <= _ROUNDING * np.abs(mean)] = 0.0
        effect = apart_from_mean.mean(axis=0)
        free = np.maximum(known.sum(axis=0) - 1, 1)
        if runs == 1:
            chance = (weight * effect**2).sum(axis=0) / free / adults[:, None]
        else:
            scatter = (weight * (apart_from_mean - effect) ** 2).sum(axis=(0, 1))
            chance = scatter / free / (runs - 1) / (runs * adults[:, None])
        between, apart = _between(apart_from_mean, share)
        kept = np.where(apart, between / (between + chance), 0.0)
        variance = np.where(apart, between, 0.0) + chance
        of_mean = 1.0 / np.where(known, 1.0 / variance, 0.0).sum(axis=0)
        errors = np.sqrt(kept * chance + (1.0 - kept) ** 2 * of_mean)
    values = np.where(known, mean + kept * effect, np.nan)
    return Pooled(values, np.where(known, errors, np.nan), apart)


def _between(apart_from_mean: Array, share: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Variance of effects by month, and whether it is more than chance: both (months,)."""
    runs, towns, months = apart_from_mean.shape
    if runs == 1:
        return np.zeros(months), np.zeros(months, np.bool_)
    squares = (share * np.square(apart_from_mean).sum(axis=0)).sum(axis=0)

    def products(signed: Array) -> Array:
        found: Array = (share * np.square(signed.sum(axis=0))).sum(axis=0) - squares
        return found

    seen = products(apart_from_mean)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (FLIPS, runs, towns, 1))
    beyond = sum(products(sign * apart_from_mean) >= seen * (1.0 - 1e-12) for sign in signs)
    apart = (1.0 + beyond) / (1.0 + FLIPS) <= CHANCE_OF_ERROR
    return np.maximum(seen, 0.0) / (runs * (runs - 1)), np.asarray(apart & (seen > 0.0))
