"""Tables of a place: what each figure taught, what moved in the worlds, the answers compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.statistics.intervals import IntervalRule, interval
from velfaerd_sim.statistics.over_worlds import Units, over_worlds
from velfaerd_sim.studies.calibrate.plausibility import quantiles
from velfaerd_sim.studies.compare import all_tables
from velfaerd_sim.studies.compare.all_tables import Summaries
from velfaerd_sim.studies.compare.design import ComparisonDesign
from velfaerd_sim.studies.compare.tables import Table, levels, texts
from velfaerd_sim.studies.place.design import PlaceDesign
from velfaerd_sim.studies.place.learning import (
    Array,
    Draws,
    effective,
    log_likelihoods,
    on_scale,
    weights,
)

RANKS = (0.05, 0.5, 0.95)
FURTHEST = 3.0
"""A figure that lies so many standard deviations from what is found is not reached."""
_SHARE = 0.1
"""Least change, in standard deviations of the national worlds, that counts as taught."""


def learned_table(design: PlaceDesign, every: tuple[Array, ...], weight: Array) -> Table:
    """Every stated figure: what is stated, in the national worlds, and reached in the place's.

    national, reached: median, each with the ends of a 90 % interval; stated with those of 95 %.
    n_eff: worlds that the figure alone leaves (its weights); closest: the reading nearest to it;
    within_reach: whether what is reached lies within three standard deviations.
    """
    figures = design.place.figures
    rows: list[dict[str, Any]] = []
    prior = np.array([world.weight for world in design.national])
    for j, each in enumerate(figures):
        first, last = every[0][:, j], every[-1][:, j]
        national = _quantiles(first, prior)
        reached = _quantiles(last, weight)
        alone = weights(log_likelihoods(every[0], figures)[:, j], prior)
        seen = np.concatenate([one[:, j] for one in every])
        seen = seen[np.isfinite(seen)]
        scaled = on_scale(last[:, None], (each,))[:, 0]
        there = np.isfinite(scaled)
        mean = np.average(scaled[there], weights=weight[there])
        variance = np.average((scaled[there] - mean) ** 2, weights=weight[there])
        away = abs(mean - each.centre) / np.sqrt(each.sigma**2 + variance)
        rows.append(
            {
                "figure": each.id,
                "given": each.given,
                "n": np.nan if each.n is None else each.n,
                "stated": each.value,
                "stated_low": each.low,
                "stated_high": each.high,
                **dict(zip(("national_low", "national", "national_high"), national, strict=True)),
                **dict(zip(("reached_low", "reached", "reached_high"), reached, strict=True)),
                "n_eff": effective(alone),
                "closest": float(seen[np.argmin(np.abs(seen - each.value))]),
                "within_reach": bool(away <= FURTHEST),
            }
        )
    names = (
        *("figure", "given", "n", "stated", "stated_low", "stated_high"),
        *("national", "national_low", "national_high"),
        *("reached", "reached_low", "reached_high", "n_eff", "closest", "within_reach"),
    )
    kinds = {"figure": object, "within_reach": bool}
    return {
        name: np.array([row[name] for row in rows], kinds.get(name, np.float64)) for name in names
    }


def _quantiles(values: Array, weight: Array) -> list[float]:
    there = np.isfinite(values)
    return [float(q[0]) for q in quantiles(values[there, None], weight[there], RANKS)]


def taught_table(design: PlaceDesign, draws: Draws, weight: Array) -> Table:
    """Parameters that moved or narrowed, the most first, with the place's own levels.

    national, place: mean, each with its standard deviation over worlds; moved: the difference in
    national standard deviations, NaN for what is the place's own, which does not vary there.
    """
    names = list(dict.fromkeys(name for one in draws.parameters for name in one))
    prior = np.array([world.weight for world in design.national])
    plain = design.base.parameter_values()
    rows = []
    for name in names:
        own = np.array([one[name] for one in draws.parameters], np.float64)
        given = np.array([one.parameters.get(name, plain[name]) for one in design.national])
        before, after = _moments(given, prior), _moments(own, weight)
        varies = name in design.national.names
        moved = (after[0] - before[0]) / before[1] if varies and before[1] > 0.0 else np.nan
        if not varies or abs(moved) > _SHARE:
            rows.append((name, *before, *after, moved))
    rows.sort(key=lambda row: (row[0] in design.national.names, -np.nan_to_num(abs(row[5]))))
    columns = ("national", "national_sd", "place", "place_sd", "moved")
    table: Table = {"parameter": texts(row[0] for row in rows)}
    return table | {
        name: np.array([row[k] for row in rows], np.float64) for k, name in enumerate(columns, 1)
    }


def _moments(values: Array, weight: Array) -> tuple[float, float]:
    mean = float(np.average(values, weights=weight))
    return mean, float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))


def comparison_tables(
    found: Summaries,
    here: ComparisonDesign,
    nation: Summaries,
    everywhere: ComparisonDesign,
) -> dict[str, Table]:
    """Effects and levels of the place, those of the nation, and how far the answers lie apart."""
    rule = here.rule
    units = Units.of(found.numbers, here.number_of_worlds)
    return {
        "effects.parquet": all_tables.effects(found, here),
        "levels.parquet": levels(here.regimes, found.values, found.hours, rule, units),
        "nation.parquet": all_tables.effects(nation, everywhere),
        "moves.parquet": moves_table(found, here, nation, everywhere, rule),
    }


def moves_table(
    found: Summaries,
    here: ComparisonDesign,
    nation: Summaries,
    everywhere: ComparisonDesign,
    rule: IntervalRule,
) -> Table:
    """How far the answer for each regime moves against the nation's, world by world.

    The answer is the difference to the baseline: today's governance in the place, the status quo in
    the nation. Draw k of the place's worlds is paired with draw k of the national ones, which
    systematic resampling with one seed makes the same world wherever both sets hold it.
    """
    common = [name for name in here.regimes[1:] if name in everywhere.regimes[1:]]
    both = sorted({*found.numbers} & {*nation.numbers})
    gaps = []
    for one, design in ((found, here), (nation, everywhere)):
        rows = [one.numbers.index(number) for number in both]
        places = [design.regimes.index(name) for name in common]
        values = one.values[rows]
        gaps.append(values[:, places] - values[:, :1])
    place, national = gaps
    world = np.array(both, np.int64) % here.number_of_worlds
    several = len(set(world.tolist())) > 1
    parts = []
    for values in (national, place, place - national):
        if several:
            over = over_worlds(values, world, rule)
            parts.append((over.mean, over.mean_low, over.mean_high, over.positive))
        else:
            of_runs = interval(values, rule)
            none = np.full(of_runs.mean.shape, np.nan)
            parts.append((of_runs.mean, of_runs.low, of_runs.high, none))
    columns: Table = {
        "outcome": texts(NAMES * len(common)),
        "regime": texts(name for name in common for _ in NAMES),
    }
    for name, part in zip(("national", "place", "moved"), parts, strict=True):
        ends = ("", "_low", "_high", "_share_positive")
        columns |= {f"{name}{end}": each.ravel() for end, each in zip(ends, part, strict=True)}
    return columns
