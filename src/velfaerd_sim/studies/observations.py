"""Observations: published figures as a calibration sees them, on the scale where errors are even.

A share is compared on log odds, a ratio on logarithms, the rest as it is; the observation error
`sigma` is meant on that scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError

Array = NDArray[np.float64]

IDENTITY, LOG_ODDS, LOG = "identity", "log_odds", "log"
TRANSFORMS = (IDENTITY, LOG_ODDS, LOG)
LEAST_SHARE = 2e-3
"""Shares nearer to 0 or 1 count as this near: samples of people tell them no better apart."""
LEAST_RATIO = 1e-3
NINETY = 1.6448536269514722
"""Standard deviations from the middle of a normal distribution to the ends of its middle 90 %."""


@dataclass(frozen=True)
class Observation:
    """One observed figure: value, the interval [low, high] that counts as inside, its error.

    sigma: standard deviation of the error on the transformed scale.
    """

    name: str
    value: float
    low: float
    high: float
    sigma: float
    transform: str = IDENTITY
    group: str = ""
    label_en: str = ""
    label_da: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        """Raise InputError for an error that is not positive or a value without a transform."""
        if self.transform not in TRANSFORMS:
            raise InputError("transform", self.transform, "one of " + ", ".join(TRANSFORMS))
        if not (np.isfinite(self.sigma) and self.sigma > 0.0):
            raise InputError("sigma", self.sigma, "a number above zero")
        if not self.low <= self.value <= self.high:
            raise InputError("low, high", f"{self.low:g}, {self.high:g}", "low <= value <= high")

    def label(self, language: str = "en") -> str:
        """What the figure is, in English or Danish."""
        return (self.label_da if language == "da" else self.label_en) or self.name

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a study record."""
        return {
            "name": self.name,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "sigma": self.sigma,
            "transform": self.transform,
            "group": self.group,
            "label_en": self.label_en,
            "label_da": self.label_da,
            "unit": self.unit,
        }


def transformed(values: Any, transform: str) -> Array:
    """Values on the scale of the error; what is not finite stays NaN."""
    x = np.asarray(values, np.float64)
    with np.errstate(all="ignore"):
        if transform == LOG_ODDS:
            share = np.clip(x, LEAST_SHARE, 1.0 - LEAST_SHARE)
            return np.asarray(np.log(share / (1.0 - share)))
        if transform == LOG:
            return np.asarray(np.log(np.maximum(x, LEAST_RATIO)))
    return x


def back(values: Any, transform: str) -> Array:
    """The inverse of `transformed`."""
    y = np.asarray(values, np.float64)
    if transform == LOG_ODDS:
        return np.asarray(1.0 / (1.0 + np.exp(-y)))
    return np.asarray(np.exp(y)) if transform == LOG else y


def error_of(value: float, low: float, high: float, transform: str) -> float:
    """The error on the transformed scale of a figure given as an interval with 90 % confidence."""
    ends = transformed([low, high], transform)
    return float((ends[1] - ends[0]) / (2.0 * NINETY))


class Observed:
    """All observations of a calibration as arrays, in their order.

    names; value and sigma on the transformed scale; low and high on the scale of the figures.
    """

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.observations = tuple(observations)
        self.names = tuple(each.name for each in observations)
        self.transforms = tuple(each.transform for each in observations)
        self.value = self.transform([each.value for each in observations])
        self.sigma = np.array([each.sigma for each in observations])
        self.low = np.array([each.low for each in observations])
        self.high = np.array([each.high for each in observations])

    def __len__(self) -> int:
        """How many there are."""
        return len(self.names)

    def transform(self, readings: Any) -> Array:
        """Readings (..., observations) on the transformed scale."""
        x = np.asarray(readings, np.float64)
        columns = [transformed(x[..., j], each) for j, each in enumerate(self.transforms)]
        return np.stack(columns, axis=-1)

    def back(self, values: Any) -> Array:
        """Values (..., observations) on the scale of the figures."""
        y = np.asarray(values, np.float64)
        columns = [back(y[..., j], each) for j, each in enumerate(self.transforms)]
        return np.stack(columns, axis=-1)

    def inside(self, readings: Any) -> NDArray[np.bool_]:
        """Whether readings (..., observations) lie inside their intervals."""
        x = np.asarray(readings, np.float64)
        return np.asarray((x >= self.low) & (x <= self.high))
