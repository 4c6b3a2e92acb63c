"""While a slider is dragged: what was there before, and the ends of axes that do not jump."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.compare.results import Curve, Result, result_of
from velfaerd_sim.dashboard.compare.runs import Track
from velfaerd_sim.dashboard.compare.view import CompareView

Array = NDArray[np.float64]


class Drag(NamedTuple):
    """A slider that is under way: what stood there with all pairs, and of it the first pair."""

    whole: Result | None
    before: Result | None


class Frames:
    """The values that the axes of charts have to hold; they only grow until they are let go of."""

    def __init__(self) -> None:
        self._ends: dict[str, tuple[Array, Array]] = {}

    def hold(self, result: Result) -> None:
        """Let the axes hold all that a result shows as well."""
        for name, finding in result.findings.items():
            found = _ends(finding.a, finding.b), _ends(finding.gap)
            held = self._ends.get(name, (np.empty(0), np.empty(0)))
            self._ends[name] = _widened(held[0], found[0]), _widened(held[1], found[1])

    def let_go(self) -> None:
        """Let every axis follow what it shows."""
        self._ends.clear()

    def ends(self, name: str, differences: bool) -> Array:
        """The lowest and the highest value that a chart's axis holds; empty where none is held."""
        levels, gaps = self._ends.get(name, (np.empty(0), np.empty(0)))
        return gaps if differences else levels


def _ends(*curves: Curve) -> Array:
    values = np.concatenate(
        [part for curve in curves for part in (curve.mean, curve.low, curve.high)]
    )
    values = values[np.isfinite(values)]
    return np.array([values.min(), values.max()]) if values.size else np.empty(0)


def _widened(held: Array, found: Array) -> Array:
    both = np.concatenate([held, found])
    return np.array([both.min(), both.max()]) if both.size else both


def first_pair(view: CompareView, a: Mapping[int, Track], b: Mapping[int, Track]) -> Result | None:
    """What the first pair of a view says; None where it has not been run."""
    if 0 not in a or 0 not in b:
        return None
    return result_of({0: a[0]}, {0: b[0]}, view.replicates, view.worlds)


def is_alike(one: CompareView, other: CompareView) -> bool:
    """Whether the curves of two views can be drawn over each other."""
    keys = ("months", "town", "worlds")
    return all(getattr(one, key) == getattr(other, key) for key in keys)
