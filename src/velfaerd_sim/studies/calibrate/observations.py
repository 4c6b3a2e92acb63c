"""Observations: figures that a calibration is fitted to, as arrays on the scale of their errors.

A share is compared on log odds, a ratio on logarithms, as its target says; errors of answers to one
question are correlated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.targets import Target, covariance

Array = NDArray[np.float64]


class Observed:
    """Targets in their order.

    names; centre (observations,) and covariance (observations, observations) of the errors, on the
    transformed scale; low and high, what counts as inside, on the scale of the figures.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = tuple(targets)
        self.names = tuple(each.id for each in targets)
        self.centre = np.array([each.centre for each in targets], np.float64)
        self.covariance = covariance(self.targets)
        self.low = np.array([each.low for each in targets], np.float64)
        self.high = np.array([each.high for each in targets], np.float64)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def sigma(self) -> Array:
        """Standard deviation of each error."""
        return np.sqrt(np.diag(self.covariance))

    def with_noise(self, noise: Array) -> Array:
        """Covariance of errors and seed noise; noise: standard deviation of each reading."""
        return np.asarray(self.covariance + np.diag(noise**2))

    def transform(self, readings: Any) -> Array:
        """Readings (..., observations) on the transformed scale; what is not finite becomes NaN."""
        x = np.asarray(readings, np.float64)
        columns = [each.transformed(x[..., j]) for j, each in enumerate(self.targets)]
        found = np.stack(columns, axis=-1)
        return np.where(np.isfinite(found), found, np.nan)

    def inside(self, readings: Any) -> NDArray[np.bool_]:
        """Whether readings (..., observations) lie inside their intervals."""
        x = np.asarray(readings, np.float64)
        return np.asarray((x >= self.low) & (x <= self.high))

    def deviates(self, generator: np.random.Generator) -> Array:
        """Errors drawn from their distribution, on the transformed scale."""
        root = np.linalg.cholesky(self.covariance)
        return np.asarray(root @ generator.normal(size=len(self)))
