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

from velfaerd_sim.analysis.arrays.frames import Array, Flags
from velfaerd_sim.analysis.arrays.labels import Labels, label
from velfaerd_sim.analysis.arrays.layouts import Design
from velfaerd_sim.analysis.arrays.libraries import accepts, load
from velfaerd_sim.analysis.arrays.wording import (
    Finding,
    counted,
    joined,
    listed,
    number,
    percent,
    percent_interval,
    rows,
)
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


def _nearly_always(labels: Labels, method: str) -> Finding | None:
    """Say so where the label is nearly always true or false, as there is nothing to discover."""
    count = len(labels.holds)
    fewer = min(int(labels.holds.sum()), count - int(labels.holds.sum()))
    if fewer >= max(LEAST_CASES, RARE * count):
        return None
    often = "always" if labels.share > 0.5 else "never"
    nearly = "" if fewer == 0 else "almost "
    text = (
        f"There is nothing to discover: it is {nearly}{often} so, and {fewer} of {count} points"
        f" that are otherwise are too few to tell what sets them apart. Another threshold than"
        f" {number(labels.by)} or wider ranges may divide the points."
    )
    words = joined(labels.sentence(), text, labels.points.left_out.sentence())
    table, data = pd.DataFrame(columns=RANGES), {"labels": labels}
    return Finding(method, labels.event, table, words, data, names=labels.points.names)


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
    design: Design | None = None,
    resamples: int = 200,
    seed: int = 1,
) -> Finding:
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
    return Finding(
        "prim",
        labels.event,
        table,
        joined(
            labels.sentence(),
            _where(labels, table, box),
            _unseen(box, found),
            _stability_sentence(found, bool(len(table))),
            labels.points.left_out.sentence(),
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


def limit_words(row: Any) -> str:
    """Write the limits of one parameter: 'x is above 3 and below 5'."""
    parts = []
    if row.low > row.range_low:
        parts.append(f"above {number(row.low)}")
    if row.high < row.range_high:
        parts.append(f"below {number(row.high)}")
    return f"{row.parameter} is {' and '.join(parts)}"


def _where(labels: Labels, table: pd.DataFrame, box: Box) -> str:
    if not len(table):
        return "No limit on any parameter sets these points apart beyond chance."
    conditions = listed(limit_words(row) for row in rows(table))
    worst = float(np.nanmax(box.p_values))
    return (
        f"It does so mostly where {conditions}: in {percent(box.density)} of the points there"
        f" (density), against {percent(labels.share)} everywhere. The box holds"
        f" {percent(box.coverage)} of the points at which it does (coverage) and"
        f" {percent(box.mass)} of all points (largest quasi-p-value of a limit {number(worst)})."
    )


def _unseen(box: Box, found: Stability) -> str:
    if not box.restricted.any() or not np.isfinite(found.density).any():
        return ""
    texts = []
    for values in (found.coverage, found.density):
        low, high = np.nanpercentile(values, [2.5, 97.5])
        texts.append(percent(float(np.nanmean(values))) + percent_interval(low, high))
    return f"On points not used to find it, coverage is {texts[0]} and density {texts[1]}."


def _stability_sentence(found: Stability, any_limit: bool) -> str:
    if not any_limit:
        return ""
    text = (
        f"In {percent(found.same)} of {counted(found.resamples, 'resample')} the same parameters"
        f" are restricted, and boxes overlap by {percent(float(np.nanmean(found.overlap)))} on"
        " average"
    )
    return (
        f"{text}: the box is stable."
        if found.is_stable
        else (f"{text}: the box is not stable, and its limits should not be relied on one by one.")
    )


def cart(
    frame: pd.DataFrame,
    outcome: str,
    regime: str,
    against: str,
    *,
    by: float = 0.0,
    better: str | None = None,
    design: Design | None = None,
    leaves: int = 6,
    folds: int = 10,
    seed: int = 1,
) -> Finding:
    """Cut the space into at most `leaves` boxes that differ in how often `regime` beats `against`.

    Table, one row a box, densest first: where (in words), coverage, density, mass, wins (whether it
    is so in most of its points). data['boxes'] holds the limits. Raises InputError as prim does.
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
        words = listed(limit_words(row) for row in rows(frame_of_box))
        share = {name: float(stats[name]) for name in ("coverage", "density", "mass")}
        leaves_found.append(
            {"where": words or "everywhere", **share, "wins": share["density"] > 0.5}
        )
    table = pd.DataFrame(leaves_found)
    order = np.argsort(-table["density"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    sentence = joined(
        labels.sentence(), _tree_sentence(table, labels, right), labels.points.left_out.sentence()
    )
    data = {"labels": labels, "boxes": [boxes[k] for k in order], "right": right, "x": x}
    return Finding("cart", labels.event, table, sentence, data, names=labels.points.names)


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


def _tree_sentence(table: pd.DataFrame, labels: Labels, right: float) -> str:
    best = table.iloc[0]
    wins = table[table["wins"]]
    usual = max(labels.share, 1.0 - labels.share)
    text = (
        f"By the tree it does so most often where {best['where']}: in {percent(best['density'])} of"
        f" the points there, which are {percent(best['coverage'])} of all at which it does."
    )
    if len(wins) > 1:
        held = percent(float(wins["coverage"].sum()))
        text += f" Its {len(wins)} boxes in which it does so in most points hold {held}."
    text += (
        f" Of points it has not seen it tells {percent(right)} rightly; always giving the more"
        f" frequent answer tells {percent(usual)}"
    )
    return f"{text}." if right > usual else f"{text}: the tree is of no use."
