"""In which worlds does one regime beat another: scenario discovery by PRIM and CART.

PRIM looks for one box, described by few limits, that holds most of the points where the regime
wins (coverage) and few others (density); CART cuts the whole space into boxes. Both come from the
EMA Workbench, CART's tree from scikit-learn. How far a box depends on the sample is found by
looking for it again in resamples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    Amount,
    AnalysisResult,
    Count,
    Fact,
    Share,
    Value,
    parameter,
    rows,
    three_digits,
)
from velfaerd_sim.analysis.arrays.frames import Array, Flags
from velfaerd_sim.analysis.arrays.labels import BetterLabels, label
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.arrays.libraries import accepts, load
from velfaerd_sim.analysis.sweep.peeling import LEAST_MASS, PEEL, Box, choose, inside, trajectory

LEAST_POINTS = 50
LEAST_CASES = 10
RARE = 0.05
"""Below this share of points a label is nearly always the same: PRIM's smallest box is as large."""
LEAST_GAIN = 0.01
"""Least decrease of the Gini impurity of the whole sample that a cut of the tree must bring."""

RANGES = ["parameter", "low", "high", "range_low", "range_high"]
STABLE = 0.8
"""Share of resamples that must restrict the same parameters for a box to be called stable."""


def _nearly_always(labels: BetterLabels, method: str) -> AnalysisResult | None:
    """Say so where the label is nearly always true or false, as there is nothing to discover."""
    count = len(labels.holds)
    fewer = min(int(labels.holds.sum()), count - int(labels.holds.sum()))
    if fewer >= max(LEAST_CASES, RARE * count):
        return None
    key = "always" if labels.share > 0.5 else "never"
    often = Fact(key if fewer == 0 else f"almost_{key}")
    by = Amount(labels.by)
    nothing = Fact("nothing_to_discover", often=often, fewer=fewer, all=count, by=by)
    facts = (labels.fact(), nothing, *labels.points.left_out.facts())
    table, data = pd.DataFrame(columns=RANGES), {"labels": labels}
    return AnalysisResult(method, labels.event, table, facts, data, names=labels.points.names)


def workbench_trajectory(x: pd.DataFrame, y: Flags) -> list[Array]:
    """Boxes (2, parameters) of the EMA Workbench's PRIM, from the whole sample to the last.

    Version 2 wants a threshold of density below which no box is given: here any box is.
    """
    prim = load("ema_workbench.analysis.prim").Prim
    options: dict[str, Any] = {"peel_alpha": PEEL, "paste_alpha": PEEL, "mass_min": LEAST_MASS}
    if accepts(prim, "threshold"):
        options["threshold"] = 1e-9
    box = prim(x, y.astype(np.int64), **options).find_box()
    return [limits[list(x.columns)].to_numpy(np.float64) for limits in box.box_lims]


@dataclass(frozen=True)
class Stability:
    """What resamples say of a box.

    same: share of resamples that restrict the same parameters; often (parameters,): share that
    restrict each; overlap (resamples,): points in both boxes over points in either (Jaccard);
    coverage, density (resamples,): of the resample's box on the points left out of it.
    """

    resamples: int
    same: float
    often: Array
    overlap: Array
    coverage: Array
    density: Array

    @property
    def is_stable(self) -> bool:
        """Whether the same parameters are restricted in at least 80 % of the resamples."""
        return self.same >= STABLE


def stability(x: Array, y: Flags, box: Box, resamples: int, seed: int) -> Stability:
    """Look for the box again in resamples: the distinct points of bootstrap draws.

    Points drawn twice count once, as they would make chance look significant; the points not drawn,
    more than a third, tell what the box is worth on points it has not seen.
    """
    generator = np.random.default_rng(seed)
    members = inside(x, box.limits)
    same = np.zeros(resamples, bool)
    often = np.zeros((resamples, x.shape[1]))
    overlap, coverage, density = np.full((3, resamples), np.nan)
    for k in range(resamples):
        drawn = np.zeros(len(y), bool)
        drawn[generator.integers(len(y), size=len(y))] = True
        if not y[drawn].any():
            continue
        found = choose(x[drawn], y[drawn], trajectory(x[drawn], y[drawn]))
        limits = np.where(found.restricted, found.limits, [[-np.inf], [np.inf]])
        again = inside(x, limits)
        same[k] = found.parameters == box.parameters
        often[k, list(found.parameters)] = 1.0
        overlap[k] = (members & again).sum() / (members | again).sum()
        unseen = ~drawn
        if y[unseen].any() and (again & unseen).any():
            coverage[k] = y[again & unseen].sum() / y[unseen].sum()
            density[k] = y[again & unseen].mean()
    return Stability(resamples, float(same.mean()), often.mean(axis=0), overlap, coverage, density)


def prim(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str,
    *,
    by: float = 0.0,
    better: str | None = None,
    design: PointLayout | None = None,
    resamples: int = 200,
    seed: int = 1,
) -> AnalysisResult:
    """Find the box of parameters in which `regime` beats `against` by at least `by`.

    Table, one row a restricted parameter: parameter, low, high, range_low, range_high, p_low,
    p_high (quasi-p-values, NaN where that side is not limited), restricted_in (share of resamples).
    Raises InputError with fewer than 50 points or a design that is no sample of worlds.
    """
    labels = label(frame, outcome, regime, against, by=by, better=better, design=design)
    nothing = _nearly_always(labels, "prim")
    if nothing is not None:
        return nothing
    x, y = labels.x(), labels.holds
    values = x.to_numpy(np.float64)
    boxes = workbench_trajectory(x, y)
    box = choose(values, y, boxes)
    found = stability(values, y, box, resamples, seed)
    table = _limits(x, box, found)
    steps = pd.DataFrame([_measures(values, y, limits) for limits in boxes])
    return AnalysisResult(
        "prim",
        labels.event,
        table,
        (
            labels.fact(),
            *_where(labels, table, box),
            *_unseen(box, found),
            *_stable(found, bool(len(table))),
            *labels.points.left_out.facts(),
        ),
        {"labels": labels, "box": box, "trajectory": steps, "stability": found, "x": x},
        bool(len(table)) and found.is_stable,
        labels.points.names,
    )


def _measures(x: Array, y: Flags, limits: Array) -> dict[str, float]:
    members = inside(x, limits)
    whole = np.stack([x.min(axis=0), x.max(axis=0)])
    return {
        "coverage": float(y[members].sum() / y.sum()),
        "density": float(y[members].mean()),
        "mass": float(members.mean()),
        "restricted": int((limits != whole).any(axis=0).sum()),
    }


def _limits(x: pd.DataFrame, box: Box, found: Stability) -> pd.DataFrame:
    limits = [
        {
            "parameter": x.columns[j],
            "low": box.limits[0, j],
            "high": box.limits[1, j],
            "range_low": float(x.iloc[:, j].min()),
            "range_high": float(x.iloc[:, j].max()),
            "p_low": box.p_values[0, j],
            "p_high": box.p_values[1, j],
            "restricted_in": found.often[j],
        }
        for j in box.parameters
    ]
    columns = [*RANGES, "p_low", "p_high"]
    table = pd.DataFrame(limits, columns=[*columns, "restricted_in"])
    narrow = (table["high"] - table["low"]) / (table["range_high"] - table["range_low"])
    order = np.argsort(narrow.to_numpy(np.float64), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def limits_of(table: pd.DataFrame) -> tuple[Value, ...]:
    """The limits of every parameter that a box restricts, such as 'x is above 3 and below 5'."""
    found: list[Value] = []
    for row in rows(table):
        low = [Fact("above", value=Amount(row.low))] if row.low > row.range_low else []
        high = [Fact("below", value=Amount(row.high))] if row.high < row.range_high else []
        limits = Fact("limits", parameter=parameter(row.parameter), parts=(*low, *high))
        found.append(limits)
    return tuple(found)


def _where(labels: BetterLabels, table: pd.DataFrame, box: Box) -> tuple[Fact, ...]:
    if not len(table):
        return (Fact("no_limit"),)
    where = Fact(
        "mostly_where",
        limits=limits_of(table),
        density=Share(box.density),
        share=Share(labels.share),
    )
    worst = Amount(float(np.nanmax(box.p_values)))
    holds = Fact("box_holds", coverage=Share(box.coverage), mass=Share(box.mass), worst=worst)
    return where, holds


def _unseen(box: Box, found: Stability) -> tuple[Fact, ...]:
    if not box.restricted.any() or not np.isfinite(found.density).any():
        return ()
    coverage, density = (
        Share(float(np.nanmean(values)), *map(float, np.nanpercentile(values, [2.5, 97.5])))
        for values in (found.coverage, found.density)
    )
    return (Fact("unseen", coverage=coverage, density=density),)


def _stable(found: Stability, any_limit: bool) -> tuple[Fact, ...]:
    if not any_limit:
        return ()
    same, overlap = Share(found.same), Share(float(np.nanmean(found.overlap)))
    key = "box_stable" if found.is_stable else "box_unstable"
    return (Fact(key, same=same, resamples=Count(found.resamples, "resample"), overlap=overlap),)


def cart(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str,
    *,
    by: float = 0.0,
    better: str | None = None,
    design: PointLayout | None = None,
    leaves: int = 6,
    folds: int = 10,
    seed: int = 1,
) -> AnalysisResult:
    """Cut the space into at most `leaves` boxes that differ in how often `regime` beats `against`.

    Table, one row a box, densest first: where (a condition), coverage, density, mass, wins (whether
    it is so in most of its points). data['boxes'] holds the limits. Raises InputError as prim does.
    """
    labels = label(frame, outcome, regime, against, by=by, better=better, design=design)
    nothing = _nearly_always(labels, "cart")
    if nothing is not None:
        return nothing
    x, y = labels.x(), labels.holds
    least = max(LEAST_CASES, round(LEAST_MASS * len(y)))
    tree = load("sklearn.tree").DecisionTreeClassifier(
        min_samples_leaf=least,
        max_leaf_nodes=leaves,
        min_impurity_decrease=LEAST_GAIN,
        random_state=seed,
    )
    right = _cross_validated(tree, x.to_numpy(np.float64), y, folds, seed)
    workbench = load("ema_workbench.analysis.cart").CART(x, y.astype(np.int64), mass_min=LEAST_MASS)
    workbench.clf = tree.fit(x.to_numpy(np.float64), y)
    leaves_found, boxes = [], []
    for limits, stats in zip(workbench.boxes, workbench.stats, strict=True):
        frame_of_box = _box_frame(x, limits)
        boxes.append(frame_of_box)
        share = {name: float(stats[name]) for name in ("coverage", "density", "mass")}
        leaves_found.append(
            {"where": _where_text(frame_of_box), **share, "wins": share["density"] > 0.5}
        )
    table = pd.DataFrame(leaves_found)
    order = np.argsort(-table["density"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    boxes = [boxes[k] for k in order]
    facts = (
        labels.fact(),
        *_tree_facts(table, limits_of(boxes[0]), labels, right),
        *labels.points.left_out.facts(),
    )
    data = {"labels": labels, "boxes": boxes, "right": right, "x": x}
    return AnalysisResult("cart", labels.event, table, facts, data, names=labels.points.names)


def _where_text(box: pd.DataFrame) -> str:
    """The limits of a box as the table has them, with the parameters' names."""
    conditions = []
    for row in rows(box):
        low = [f"above {three_digits(row.low)}"] if row.low > row.range_low else []
        high = [f"below {three_digits(row.high)}"] if row.high < row.range_high else []
        conditions.append(f"{row.parameter} is {' and '.join([*low, *high])}")
    if len(conditions) < 2:
        return "".join(conditions) or "everywhere"
    return f"{', '.join(conditions[:-1])} and {conditions[-1]}"


def _box_frame(x: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    """Limits of the parameters that a box of the tree restricts."""
    limited = []
    for name in x.columns:
        low, high = (float(value) for value in limits[name])
        ends = float(x[name].min()), float(x[name].max())
        if low > ends[0] or high < ends[1]:
            limited.append((name, low, high, *ends))
    return pd.DataFrame(limited, columns=RANGES)


def _cross_validated(tree: Any, x: Array, y: Flags, folds: int, seed: int) -> float:
    """Share of points whose label a tree tells that was grown without them."""
    fold = np.random.default_rng(seed).permutation(len(y)) % folds
    clone = load("sklearn.base").clone
    right = 0
    for k in range(folds):
        away = fold == k
        grown = clone(tree).fit(x[~away], y[~away])
        right += int((grown.predict(x[away]) == y[away]).sum())
    return right / len(y)


def _tree_facts(
    table: pd.DataFrame, limits: tuple[Value, ...], labels: BetterLabels, right: float
) -> tuple[Fact, ...]:
    best, wins = rows(table)[0], table[table["wins"]]
    usual = max(labels.share, 1.0 - labels.share)
    shares = {"density": Share(best.density), "coverage": Share(best.coverage)}
    if limits:
        facts = [Fact("tree_where", limits=limits, **shares)]
    else:
        facts = [Fact("tree_everywhere", **shares)]
    if len(wins) > 1:
        held = Share(float(wins["coverage"].sum()))
        facts.append(Fact("tree_boxes", boxes=len(wins), share=held))
    key = "tree_right" if right > usual else "tree_useless"
    return (*facts, Fact(key, right=Share(right), usual=Share(usual)))
