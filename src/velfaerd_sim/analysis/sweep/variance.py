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

from velfaerd_sim.analysis.arrays.facts import AnalysisResult, Count, Fact, Share, UnsuitedError
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, read_points, require
from velfaerd_sim.analysis.arrays.layouts import PointLayout, usable
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
    design: PointLayout | None = None,
    draws: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Split the variance of an outcome, or of a paired difference, into parameters and chance.

    Table: part, variance, share, low, high. Raises InputError with fewer than two replicates, with
    fewer than ten points, and when the seed of a replicate differs between points.
    """
    points = read_points(frame, outcome, regime, against)
    check_crossed(frame)
    points, _ = usable(points, design, "variance", LEAST_POINTS)
    if len(points.replicates) < 2:
        allowed = "at least 2: one run a point cannot tell chance"
        raise UnsuitedError("replicates", 1, allowed, Fact("needs_replicates", there=1))
    values = complete(points.values)
    require(len(values), LEAST_POINTS, "variance")
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
    return AnalysisResult(
        "variance",
        points.about,
        table,
        (*_facts(points, shares, low, high, p, r), *points.left_out.facts()),
        {"points": p, "replicates": r, "shares": drawn},
        sufficient,
        points.names,
    )


def check_crossed(frame: pd.DataFrame) -> None:
    """Raise InputError unless a replicate has the same seed at every point."""
    if (frame.groupby("replicate")["seed"].nunique() > 1).any():
        value = "seeds that differ from point to point"
        allowed = "the same seed for a replicate at every point"
        raise UnsuitedError("study", value, allowed, Fact("needs_same_seeds"))


def _facts(
    points: PointValues, shares: Array, low: Array, high: Array, p: int, r: int
) -> tuple[Fact, ...]:
    if not np.isfinite(shares).all():
        return (Fact("same_in_all_runs", about=points.about),)
    parameters, common, own = (
        Share(*map(float, part)) for part in zip(shares, low, high, strict=True)
    )
    of_means = shares[0] / (shares[0] + shares[2] / r) if shares[0] else 0.0
    replicates = Count(r, "replicate")
    found = (
        Fact(
            "variance_parts",
            about=points.about,
            parameters=parameters,
            common=common,
            own=own,
            points=Count(p, "point"),
            replicates=replicates,
        ),
        Fact("variance_of_means", replicates=replicates, share=Share(float(of_means))),
    )
    return (*found, Fact("variance_wide")) if high[0] - low[0] > WIDE else found
