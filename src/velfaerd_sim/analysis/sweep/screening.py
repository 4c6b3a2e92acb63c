"""Which parameters matter at all, with few runs: elementary effects (Morris 1991).

An elementary effect is the change of the outcome for a step of one parameter, over the step's share
of the parameter's range. mu_star, its mean size, tells how much a parameter matters (Campolongo,
Cariboni & Saltelli 2007, doi 10.1016/j.envsoft.2006.10.004); sigma, its standard deviation, whether
that depends on where the others stand. Both are SALib's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import (
    AnalysisResult,
    Count,
    Fact,
    Share,
    Thing,
    amount,
    parameter,
    rows,
)
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, read_points, require
from velfaerd_sim.analysis.arrays.layouts import PointLayout, Trajectories, names_of, trajectories
from velfaerd_sim.analysis.arrays.libraries import load
from velfaerd_sim.analysis.arrays.noise import chance
from velfaerd_sim.analysis.sweep.sensitivity import is_constant
from velfaerd_sim.statistics.intervals import CONFIDENCE

LEAST_TRAJECTORIES = 4
NEGLIGIBLE_PART = 0.05
"""A mean effect up to this part of the largest counts as negligible."""

SHAPES = {
    "none": "none",
    "linear": "linear",
    "one direction": "one_direction",
    "one direction, size depends": "size_depends",
    "direction depends": "direction_depends",
}
"""Kinds of effects, as the table names them -> their keys."""

MATTERS, NEGLIGIBLE, ZERO, UNCLEAR = "matters", "negligible", "not told from chance", "unclear"


def levels_of(x: Array) -> int:
    """Number of levels of the design's grid: the most that any coordinate (rows, ...) takes."""
    low, extent = np.nanmin(x, axis=0), np.nanmax(x, axis=0) - np.nanmin(x, axis=0)
    rank = (x - low) / extent
    return max(len(np.unique(np.round(column, 9))) for column in rank.T)


def _effect_of_chance(points: PointValues, paths: Trajectories, step: float) -> Array:
    """Mean size that effects (parameters,) would have by chance alone; NaN with one replicate.

    The error of an effect is that of a paired difference between neighbouring points, as they
    share seeds. The mean size of a Gaussian error is sqrt(2 / pi) of its standard deviation.
    """
    column = np.argmax(np.abs(np.diff(paths.x, axis=1)) > 0.0, axis=2)
    gaps = np.diff(points.values[paths.points], axis=1)
    flat = gaps.reshape(-1, gaps.shape[-1])
    paired = replace(points, point_ids=np.arange(len(flat)), values=flat)
    size = np.sqrt(2.0 / np.pi) * chance(paired).error.reshape(column.shape) / step
    return np.array([np.mean(size[column == j]) for j in range(paths.x.shape[2])])


def morris(
    frame: pd.DataFrame,
    outcome: str,
    regime: str | None = None,
    against: str | None = None,
    *,
    design: PointLayout | None = None,
    levels: int | None = None,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> AnalysisResult:
    """Mean and spread of elementary effects on an outcome, or on a paired difference of regimes.

    levels: of the design's grid; read off the points unless given. Table, largest mu_star first:
    parameter, mu, mu_star, mu_star_low, mu_star_high, sigma, by_chance (mu_star of pure chance),
    role ('matters', 'negligible', 'not told from chance', 'unclear'), shape. Raises InputError
    where the points are no Morris design or fewer than four trajectories are whole.
    """
    points = read_points(frame, outcome, regime, against)
    names = names_of(points, design)
    planned = trajectories(points, design)
    there = np.isfinite(points.mean[planned.points]).all(axis=1)
    paths = replace(planned, points=planned.points[there], x=planned.x[there])
    count, d = len(paths.points), len(names)
    require(count * (d + 1), LEAST_TRAJECTORIES * (d + 1), "morris")
    levels = levels or (design.levels if design is not None else None)
    levels = levels or levels_of(planned.x.reshape(-1, d))
    x, y = paths.x.reshape(-1, d), points.mean[paths.points].ravel()
    problem = {"num_vars": d, "names": names, "bounds": [[0.0, 1.0]] * d, "groups": None}
    found = load("SALib.analyze.morris").analyze(
        problem, x, y, num_resamples=resamples, conf_level=confidence, num_levels=levels, seed=seed
    )
    step = levels / (2.0 * (levels - 1.0))
    table = _table(names, found, _effect_of_chance(points, paths, step))
    constant = is_constant(y)
    if constant:
        table["role"] = ZERO
    sufficient = bool(constant or table["role"].isin((MATTERS, NEGLIGIBLE)).all())
    lost = planned.planned - count
    incomplete = Fact("trajectories_lost", lost=lost, all=Count(planned.planned, "trajectory"))
    return AnalysisResult(
        "morris",
        points.about,
        table,
        (
            *_facts(points, table, count, constant),
            *_verdict(table, sufficient),
            *points.left_out.facts(),
            *((incomplete,) if lost else ()),
        ),
        {"trajectories": count, "levels": levels},
        sufficient,
        points.names,
    )


def _table(names: list[str], found: Mapping[str, Any], by_chance: Array) -> pd.DataFrame:
    """SALib's effects with their intervals, roles and shapes, the largest first."""
    star, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    low, high = np.maximum(star - half, 0.0), star + half
    limit = NEGLIGIBLE_PART * float(star.max())
    table = pd.DataFrame(
        {
            "parameter": names,
            "mu": np.asarray(found["mu"], float),
            "mu_star": star,
            "mu_star_low": low,
            "mu_star_high": high,
            "sigma": np.asarray(found["sigma"], float),
            "by_chance": by_chance,
            "role": [_role(a, b, limit, c) for a, b, c in zip(low, high, by_chance, strict=True)],
        }
    )
    table["shape"] = [_shape(row.mu, row.mu_star, row.sigma) for row in rows(table)]
    return table.sort_values("mu_star", ascending=False, kind="stable").reset_index(drop=True)


def _role(low: float, high: float, limit: float, by_chance: float) -> str:
    """Judge an effect by its interval; by_chance is NaN where chance is unknown."""
    if low <= by_chance and high > limit:
        return ZERO
    if low > limit:
        return MATTERS
    return NEGLIGIBLE if high <= limit else UNCLEAR


def _shape(mu: float, mu_star: float, sigma: float) -> str:
    """Name the kind of effect by sigma / mu_star and by mu / mu_star.

    Limits after Garcia Sanchez et al. (2014), doi 10.1016/j.enbuild.2012.08.048.
    """
    if mu_star <= 0.0:
        return "none"
    if sigma <= 0.1 * mu_star:
        return "linear"
    if abs(mu) >= 0.9 * mu_star:
        return "one direction, size depends" if sigma > 0.5 * mu_star else "one direction"
    return "direction depends"


def _facts(
    points: PointValues, table: pd.DataFrame, count: int, constant: bool
) -> tuple[Fact, ...]:
    if constant:
        return (Fact("same_no_parameter", about=points.about),)
    matter = tuple(
        Fact(
            "effect_of",
            parameter=parameter(row.parameter),
            effect=amount(row, "mu_star"),
            shape=Thing("shape", SHAPES[row.shape]),
        )
        for row in rows(table)
        if row.role == MATTERS
    )
    about = points.about
    facts = [
        Fact("depends", about=about, parts=matter) if matter else Fact("no_effect", about=about)
    ]
    for role, key in ((NEGLIGIBLE, "below_part"), (ZERO, "not_from_chance"), (UNCLEAR, "unclear")):
        named = tuple(parameter(row.parameter) for row in rows(table) if row.role == role)
        part = {"share": Share(NEGLIGIBLE_PART)} if role == NEGLIGIBLE else {}
        if named:
            facts.append(Fact(key, parts=named, **part))
    return (*facts, Fact("from_trajectories", count=Count(count, "trajectory")))


def _verdict(table: pd.DataFrame, sufficient: bool) -> tuple[Fact, ...]:
    fact = Fact("effects_suffice" if sufficient else "effects_unplaced")
    known = bool(np.isfinite(table["by_chance"]).any())
    return (fact,) if known else (fact, Fact("effects_chance_unknown"))
