"""The label 'one regime beats another by at least d' at every point, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    Count,
    Fact,
    Share,
)
from velfaerd_sim.analysis.arrays.facts import (
    outcome as named,
)
from velfaerd_sim.analysis.arrays.facts import (
    regime as side,
)
from velfaerd_sim.analysis.arrays.frames import (
    Array,
    Flags,
    PointValues,
    direction,
    losses_as_worst,
    read_points,
)
from velfaerd_sim.analysis.arrays.layouts import PointLayout, names_of, usable
from velfaerd_sim.analysis.arrays.noise import chance
from velfaerd_sim.errors import InputError, refusal


@dataclass(frozen=True)
class BetterLabels:
    """Where a regime beats another, point by point.

    holds (points,); right (points,) the chance that the label is right given the replicates, NaN
    with one replicate; margin (points,) mean advantage, positive where the regime is better.
    """

    points: PointValues
    names: tuple[str, ...]
    by: float
    holds: Flags
    right: Array
    margin: Array

    @property
    def event(self) -> Fact:
        """What the label says."""
        points = self.points
        what = {"regime": side(points.regime), "against": side(points.against)}
        if self.by == 0.0:
            return Fact("event", outcome=named(points.outcome), **what)
        return Fact("event_by", outcome=named(points.outcome), by=Amount(self.by), **what)

    @property
    def share(self) -> float:
        """Share of the points at which the label holds."""
        return float(self.holds.mean())

    @property
    def wrong(self) -> float:
        """Expected share of labels that chance has turned; NaN with one replicate.

        Each point is judged by itself, without what the others tell of it, so it is rather too
        large.
        """
        return float(np.mean(1.0 - self.right))

    def x(self) -> pd.DataFrame:
        """Coordinates of the points, one column a parameter that varies."""
        return self.points.parameters[list(self.names)].astype(np.float64)

    def fact(self) -> Fact:
        """How many points carry the label, and how many labels are expected to be wrong."""
        chance = Fact("labels_unknown")
        if np.isfinite(self.wrong):
            few = Fact("wrong_most", share=Share(self.wrong))
            chance = Fact(
                "labels_known",
                replicates=Count(len(self.points.replicates), "replicate"),
                unsure=Share(float(np.mean(self.right < 0.95))),
                wrong=few if self.wrong >= 0.001 else Fact("wrong_hardly"),
            )
        return Fact(
            "happens",
            event=self.event,
            count=int(self.holds.sum()),
            points=Count(len(self.holds), "point"),
            share=Share(self.share),
            chance=chance,
        )


def label(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str,
    *,
    by: float = 0.0,
    better: str | None = None,
    design: PointLayout | None = None,
    method: str = "discovery",
    least: int = 50,
) -> BetterLabels:
    """Label each point by whether `regime` beats `against` by at least `by` on an outcome.

    Better is what the table of outcomes says, or `better` ('higher', 'lower'). With by = 0 a tie is
    no win; a run in which nobody is left of whom the outcome speaks has its worst value. Raises
    InputError with fewer points than `least`.
    """
    if not np.isfinite(by):
        raise InputError("by", by, refusal("number"))
    sign = direction(outcome, better)
    points = read_points(losses_as_worst(frame), outcome, regime, against)
    names = tuple(names_of(points, design))
    points, _ = usable(points, design, method, least)
    margin = sign * points.mean
    holds = margin > 0.0 if by == 0.0 else margin >= by
    found = chance(points)
    above = found.probability_above(margin, by)
    right = np.where(holds, above, 1.0 - above)
    right = np.where(found.error == 0.0, 1.0, right)
    return BetterLabels(points, names, by, holds, right, margin)
