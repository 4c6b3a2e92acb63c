"""What the design, what the worlds' parameters and what chance bring, where points ran in worlds.

Points and worlds are crossed; replicates are nested in worlds and, since every point is run with
the same seeds, crossed with points. The value at point p in world w and replicate r of it is

    mean + point + world + point x world + replicate in world + rest,

all random, and the variances come from the mean squares of the analysis of variance (Searle,
Casella & McCulloch 1992, Variance Components, chapter 4), never below zero. What replicates bring,
with the rest, is chance. With one point its own part and that of the interaction fall away.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    Share,
    UnsuitedError,
    Value,
    rows,
    share,
)
from velfaerd_sim.analysis.arrays.frames import (
    DONE,
    LOST,
    OUTCOME,
    Array,
    Flags,
    PointValues,
    Rows,
    read_points,
)
from velfaerd_sim.analysis.arrays.layouts import PointLayout, usable
from velfaerd_sim.analysis.sweep.variance import check_crossed
from velfaerd_sim.statistics.intervals import CONFIDENCE, IntervalRule
from velfaerd_sim.statistics.over_worlds import WorldSummary, over_worlds

PARTS = ("design", "worlds", "worlds, differently at each point", "chance")
LEAST_POINTS = 10
"""Points from which on they are resampled for intervals, as a sample of their design."""
LEAST_WORLDS = 3
WIDE = 0.3
"""An interval of the worlds' share wider than this leaves open how much they decide."""


def by_world(frame: pd.DataFrame, worlds: int) -> pd.DataFrame:
    """Average the runs of a sweep over the replicates in a world.

    A row a point, world and regime; the number of a replicate is then the world's place in the
    study. So whatever is said of replicates holds for worlds, chance included. Runs that failed
    are left out of an average; a row of failed runs only stays as one that failed.
    """
    if worlds < 2:
        return frame
    draw = frame["replicate"] % worlds
    seeds = frame.assign(draw=draw).sort_values("replicate").groupby("draw")["seed"].first()
    ordered = frame.assign(replicate=draw, late=~frame["status"].isin(DONE))
    ordered = ordered.sort_values("late", kind="stable")
    keys = ["regime", "point_id", "replicate"]
    first = ordered.groupby(keys, sort=False).first().drop(columns="late")
    outcomes = [name for name in frame.columns if name.startswith(OUTCOME)]
    means = ordered[~ordered["late"]].groupby(keys)[outcomes].mean()
    first[outcomes] = means.reindex(first.index)
    lost = [name for name in frame.columns if name.startswith(LOST)]
    first[lost] = ordered.groupby(keys)[lost].sum().reindex(first.index)
    found = first.reset_index().assign(seed=lambda rows: rows["replicate"].map(seeds))
    order = {point: place for place, point in enumerate(pd.unique(frame["point_id"]))}
    places = found["point_id"].map(order)
    found = found.assign(place=places).sort_values(["replicate", "place"], kind="stable")
    return found[list(frame.columns)].reset_index(drop=True)


def table_of(values: Array, replicates: tuple[int, ...], worlds: int) -> Array:
    """Values by point, world and replicate in it, without gaps: a largest such table.

    values (points, replicates), NaN where missing; replicate i is in world i modulo their number.
    Gives (points, worlds, replicates), empty where no cell has two replicates.
    """
    levels = max(replicates, default=0) // worlds + 1
    flat = np.full((len(values), levels * worlds), np.nan)
    flat[:, list(replicates)] = values
    whole = flat.reshape(len(values), levels, worlds).transpose(0, 2, 1)
    best = np.empty((0, 0, 0))
    for count in range(2, levels + 1):
        some = whole[:, :, :count]
        kept = _kept(np.isfinite(some).all(axis=2))
        if int(np.prod([len(part) for part in kept])) * count > best.size:
            best = some[np.ix_(*kept)]
    return best


def _kept(there: Flags) -> tuple[Rows, Rows]:
    """Points and worlds whose cells are all there: those with most gaps are left out in turn."""
    points, worlds = np.arange(there.shape[0]), np.arange(there.shape[1])
    while not (some := there[np.ix_(points, worlds)]).all():
        of_points, of_worlds = some.mean(axis=1), some.mean(axis=0)
        if of_points.min() < of_worlds.min():
            points = np.delete(points, of_points.argmin())
        else:
            worlds = np.delete(worlds, of_worlds.argmin())
    return points, worlds


def components(values: Array, corrected: bool = False) -> Array:
    """Variances of the parts (4,) of a table (points, worlds, replicates).

    corrected: worlds, and points from LEAST_POINTS on, were resampled, which shrinks their squares.
    """
    p, w, r = values.shape
    grand = values.mean()
    by_point = values.mean(axis=(1, 2)) - grand
    by_world = values.mean(axis=(0, 2)) - grand
    cells = values.mean(axis=2)
    crossed = cells - grand - by_point[:, None] - by_world[None, :]
    by_replicate = values.mean(axis=0) - cells.mean(axis=0)[:, None]
    rest = values - cells[:, :, None] - by_replicate[None]
    of_worlds = w / (w - 1.0) if corrected else 1.0
    of_points = p / (p - 1.0) if corrected and p >= LEAST_POINTS else 1.0
    nested = (by_replicate**2).sum() / (w * (r - 1))  # variance of means over points
    between = of_worlds * (by_world**2).sum() / (w - 1)
    if p == 1:
        return np.array([0.0, max(between - nested / r, 0.0), 0.0, nested])
    error = of_points * (rest**2).sum() / (w * (r - 1) * (p - 1))
    interaction = of_worlds * of_points * r * (crossed**2).sum() / ((p - 1) * (w - 1))
    points = of_points * w * r * (by_point**2).sum() / (p - 1)
    crossing = max(interaction - error, 0.0) / r
    # between = world + crossing / p + nested / r, the mean squares over p r
    world = max(between - (interaction - error) / (r * p) - nested / r, 0.0)
    point = max(points - interaction, 0.0) / (w * r)
    return np.array([point, world, crossing, max(nested - error / p, 0.0) + error])


def split_worlds(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    worlds: int,
    design: PointLayout | None = None,
    draws: int = 300,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Split the variance of an outcome, or of a paired difference, into design, worlds and chance.

    Table: part, variance, share, low, high. data['over_worlds']: of the mean over points, what
    `studies.world_statistics.over_worlds` says. Raises InputError with fewer than two replicates in
    a world and fewer than three worlds that are complete.
    """
    points = read_points(frame, outcome, regime, against)
    check_crossed(frame)
    points, _ = usable(points, design, "variance", 1)
    values = table_of(points.values, points.replicates, worlds)
    if values.shape[2] < 2:
        allowed = "at least 2 in a world at every point: one run cannot tell chance from the world"
        raise UnsuitedError("replicates", 1, allowed, Fact("needs_replicates_in_world", there=1))
    if values.shape[1] < LEAST_WORLDS:
        allowed = f"at least {LEAST_WORLDS} in which all runs are there"
        needs = Fact("needs_worlds", least=LEAST_WORLDS, there=values.shape[1])
        raise UnsuitedError("worlds", values.shape[1], allowed, needs)
    found = components(values)
    shares = _shares(found)
    tail = 50.0 * (1.0 - confidence)
    drawn = _draw_shares(values, draws, seed)
    low, high = np.percentile(drawn, [tail, 100.0 - tail], axis=0)
    table = pd.DataFrame(
        {"part": PARTS, "variance": found, "share": shares, "low": low, "high": high}
    )
    if len(values) == 1:
        table = table[table["part"].isin(("worlds", "chance"))].reset_index(drop=True)
    p, w, r = values.shape
    over = over_worlds(_over_points(points), np.array(points.replicates) % worlds, IntervalRule())
    return AnalysisResult(
        "worlds",
        points.about,
        table,
        (_parts(points, table, values.shape), *_sign(points, over), *points.left_out.facts()),
        {"points": p, "worlds": w, "replicates": r, "over_worlds": over._asdict()},
        bool(np.isfinite(shares).all() and high[1] - low[1] <= WIDE),
        points.names,
    )


def _over_points(points: PointValues) -> Array:
    """Mean over the points in every replicate, float64 (replicates,).

    A point without a value counts as it does on average; NaN where no point has one.
    """
    there = np.isfinite(points.values)
    away = np.where(there, points.values - points.mean[:, None], 0.0).sum(axis=0)
    count = there.sum(axis=0)
    mean = points.mean.mean() + away / np.maximum(count, 1)
    return np.where(count > 0, mean, np.nan)


def _shares(variances: Array) -> Array:
    total = variances.sum()
    return variances / total if total > 0.0 else np.full(len(variances), np.nan)


def _draw_shares(values: Array, draws: int, seed: int) -> Array:
    """Shares (draws, 4) on resamples of worlds, and of points where they are many."""
    generator = np.random.default_rng(seed)
    p, w, _ = values.shape
    found = np.empty((draws, len(PARTS)))
    for draw in range(draws):
        again = values[:, generator.integers(w, size=w)]
        if p >= LEAST_POINTS:
            again = again[generator.integers(p, size=p)]
        found[draw] = _shares(components(again, corrected=True))
    return found


def _parts(points: PointValues, table: pd.DataFrame, shape: tuple[int, ...]) -> Fact:
    if not np.isfinite(table["share"]).all():
        return Fact("same_in_all_runs", about=points.about)
    said = {row.part: share(row) for row in rows(table)}
    counts = zip(shape, ("point", "world", "replicate"), strict=True)
    p, w, r = (Count(number, of) for number, of in counts)
    size = Fact("worlds_size", points=p, worlds=w, replicates=r)
    common: dict[str, Value] = {"about": points.about}
    common |= {"worlds": said["worlds"], "chance": said["chance"]}
    if p.number == 1:
        return Fact("worlds_parts_one", size=size, **common)
    return Fact("worlds_parts", design=said["design"], both=said[PARTS[2]], size=size, **common)


def _sign(points: PointValues, over: WorldSummary) -> tuple[Fact, ...]:
    """In how many worlds a difference has its sign."""
    if points.against is None:
        return ()
    above = float(over.mean) >= 0.0
    sign = Fact(
        "worlds_sign_above" if above else "worlds_sign_below",
        mean=Amount(float(over.mean), float(over.mean_low), float(over.mean_high)),
        share=Share(float(getattr(over, "positive" if above else "negative"))),
        worlds=Count(int(np.isfinite(over.estimate).sum()), "world"),
        error=Share(float(over.share_error)),
        low=Amount(float(over.low)),
        high=Amount(float(over.high)),
    )
    return (sign,)
