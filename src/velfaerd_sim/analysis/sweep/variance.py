"""How much of the variation comes from the parameters, and how much is chance.

Points and replicates are crossed: replicate r has the same seed at every point. The value at point
p in replicate r is taken as mean + point + replicate + rest, all random, and the variances of the
three come from the mean squares of the two-way analysis of variance with one value a cell (Searle,
Casella & McCulloch 1992, Variance Components, chapter 4). The rest is chance that differs from
point to point, together with any interaction of point and seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.frames import Array, Points, read_points, require
from velfaerd_sim.analysis.arrays.layouts import Design, usable
from velfaerd_sim.analysis.arrays.wording import (
    Finding,
    capital,
    counted,
    joined,
    percent,
    percent_interval,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.statistics.intervals import CONFIDENCE

LEAST_POINTS = 10
WIDE = 0.2
"""An interval of the parameters' share wider than this leaves open which of the two decides."""

PARTS = ("parameters", "chance common to all points", "chance at each point")


@dataclass(frozen=True)
class Components:
    """Variances of points, replicates and the rest; never below zero."""

    points: Array
    replicates: Array
    rest: Array

    def shares(self) -> Array:
        """Shares (3, ...) of the three in their sum; NaN where nothing varies."""
        parts = np.stack([self.points, self.replicates, self.rest])
        total = parts.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares: Array = np.where(total > 0.0, parts / total, np.nan)
        return shares


def complete(values: Array) -> Array:
    """Largest table without gaps: replicates that most points have, and the points that have them.

    values (points, replicates), NaN where missing.
    """
    present = np.isfinite(values)
    order = np.argsort(-present.sum(axis=0), kind="stable")
    best, most = values[:0, :0], 0
    for count in range(2, len(order) + 1):
        columns = np.sort(order[:count])
        rows = present[:, columns].all(axis=1)
        if int(rows.sum()) * count > most:
            best, most = values[np.ix_(rows, columns)], int(rows.sum()) * count
    return best


def mean_squares(values: Array) -> tuple[Array, Array, Array]:
    """Mean squares of points, replicates and the rest of a full table (..., points, replicates)."""
    p, r = values.shape[-2:]
    grand = values.mean(axis=(-2, -1), keepdims=True)
    by_point = values.mean(axis=-1, keepdims=True) - grand
    by_replicate = values.mean(axis=-2, keepdims=True) - grand
    rest = values - grand - by_point - by_replicate
    return (
        r * (by_point**2).sum(axis=(-2, -1)) / (p - 1),
        p * (by_replicate**2).sum(axis=(-2, -1)) / (r - 1),
        (rest**2).sum(axis=(-2, -1)) / ((p - 1) * (r - 1)),
    )


def components(points: Array, replicates: Array, rest: Array, p: int, r: int) -> Components:
    """Variances from mean squares of p points and r replicates."""
    return Components(
        np.maximum(points - rest, 0.0) / r, np.maximum(replicates - rest, 0.0) / p, rest
    )


def draw_shares(values: Array, draws: int, seed: int) -> Array:
    """Draws (3, draws) of the shares, to read intervals off.

    Points are resampled, as their effects follow whatever law the model makes of the ranges.
    Replicates are too few for that: their mean square is divided by a chi-square over its degrees
    of freedom, as it would be distributed with Gaussian effects.
    """
    generator = np.random.default_rng(seed)
    p, r = values.shape
    result = np.empty((3, draws))
    of_replicates = mean_squares(values)[1] / (generator.chisquare(r - 1, draws) / (r - 1))
    correction = p / (p - 1.0)  # a resample of points varies less by this factor
    for draw in range(draws):
        of_points, _, rest = mean_squares(values[generator.integers(p, size=p)])
        found = components(of_points * correction, of_replicates[draw], rest * correction, p, r)
        result[:, draw] = found.shares()
    return result


def split(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    design: Design | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> Finding:
    """Split the variance of an outcome, or of a paired difference, into parameters and chance.

    Table: part, variance, share, low, high. Raises InputError with fewer than two replicates, with
    fewer than ten points, and when the seed of a replicate differs between points.
    """
    points = read_points(frame, outcome, regime, against)
    check_crossed(frame)
    points, _ = usable(points, design, "the split of variance", LEAST_POINTS)
    if len(points.replicates) < 2:
        raise InputError("replicates", 1, "at least 2: one run a point cannot tell chance")
    values = complete(points.values)
    require(len(values), LEAST_POINTS, "the split of variance")
    p, r = values.shape
    found = components(*mean_squares(values), p, r)
    shares = found.shares()
    tail = 50.0 * (1.0 - confidence)
    drawn = draw_shares(values, draws, seed)
    some = np.isfinite(drawn).all()
    low, high = np.full((2, 3), np.nan)
    if some:
        low, high = np.percentile(drawn, [tail, 100.0 - tail], axis=1)
    table = pd.DataFrame(
        {
            "part": PARTS,
            "variance": [float(v) for v in (found.points, found.replicates, found.rest)],
            "share": shares,
            "low": low,
            "high": high,
        }
    )
    sufficient = bool(some and high[0] - low[0] <= WIDE)
    return Finding(
        "variance",
        points.about,
        table,
        joined(_sentence(points, shares, low, high, p, r), points.left_out.sentence()),
        {"points": p, "replicates": r, "shares": drawn},
        sufficient,
        points.names,
    )


def check_crossed(frame: pd.DataFrame) -> None:
    """Raise InputError unless a replicate has the same seed at every point."""
    if (frame.groupby("replicate")["seed"].nunique() > 1).any():
        value = "seeds that differ from point to point"
        raise InputError("study", value, "the same seed for a replicate at every point")


def _sentence(points: Points, shares: Array, low: Array, high: Array, p: int, r: int) -> str:
    if not np.isfinite(shares).all():
        return f"{capital(points.about)} is the same in all runs."
    parts = [
        percent(share) + percent_interval(*ends)
        for share, *ends in zip(shares, low, high, strict=True)
    ]
    of_means = shares[0] / (shares[0] + shares[2] / r) if shares[0] else 0.0
    text = (
        f"Of the variance between single runs in {points.about}, {parts[0]} comes from the"
        f" parameters, {parts[1]} is chance common to all points and {parts[2]} chance at each"
        f" point ({counted(p, 'point')}, {counted(r, 'replicate')})."
    )
    means = (
        f"Between the points' means over {counted(r, 'replicate')}, {percent(of_means)} comes from"
        " the parameters."
    )
    wide = "The interval is wide: more replicates or points are needed for a firm share."
    return joined(text, means, wide if high[0] - low[0] > WIDE else "")
