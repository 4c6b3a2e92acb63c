"""Outcomes of several regimes in the same worlds, the material of a choice under uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.frames import (
    Array,
    LeftOut,
    PointValues,
    direction,
    losses_as_worst,
    read_points,
    regimes_of,
    require,
    together,
)
from velfaerd_sim.analysis.arrays.layouts import PointLayout, independent
from velfaerd_sim.analysis.arrays.noise import Redraw
from velfaerd_sim.errors import InputError

LEAST_WORLDS = 2
DRAWS = 1000
"""Resamples that intervals are read off."""


@dataclass(frozen=True)
class WorldValues:
    """One outcome of several regimes in the same worlds.

    tables: one a regime, with the same points; better: 1 where more is better, -1 where less is.
    """

    outcome: str
    regimes: tuple[str, ...]
    tables: tuple[PointValues, ...]
    better: int

    @property
    def means(self) -> Array:
        """Means over replicates (worlds, regimes)."""
        return np.column_stack([table.mean for table in self.tables])

    @property
    def count(self) -> int:
        """Number of worlds."""
        return len(self.tables[0].point_ids)

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.tables[0].replicates)

    @property
    def left_out(self) -> LeftOut:
        """What was not used, over all regimes."""
        parts = [table.left_out for table in self.tables]
        return together(parts, parts[0].points_without_value)

    def redraw(self) -> Redraw:
        """Means (worlds, regimes) on other seeds, drawn again and again."""
        return Redraw(np.stack([table.values for table in self.tables], axis=1))


def read_worlds(
    frame: pd.DataFrame,
    outcome: str,
    regimes: Sequence[str] | None = None,
    *,
    better: str | None = None,
    design: PointLayout | None = None,
) -> WorldValues:
    """Read one outcome of regimes (all unless named) in the worlds that have a value of each.

    A run in which nobody is left of whom the outcome speaks has its worst value. Raises InputError
    with fewer than two regimes or two worlds.
    """
    chosen = tuple(regimes if regimes is not None else regimes_of(frame))
    if len(chosen) < 2:
        raise InputError("regimes", ", ".join(chosen), "two regimes or more")
    sign = direction(outcome, better)
    frame = losses_as_worst(frame)
    tables = [
        independent(read_points(frame, outcome, regime), design, "choice")[0] for regime in chosen
    ]
    both = np.logical_and.reduce([np.isfinite(table.mean) for table in tables])
    lost = int((~both).sum())
    left_out = replace(tables[0].left_out, points_without_value=lost)
    require(int(both.sum()), LEAST_WORLDS, "choice", left_out)
    kept = [
        replace(table, left_out=replace(table.left_out, points_without_value=lost)).select(both)
        for table in tables
    ]
    return WorldValues(outcome, chosen, tuple(kept), sign)
