"""All tables of a comparison, also of one in many worlds.

With worlds, one observation is a world, so that intervals hold for the mean over worlds; what
worlds and what chance bring stands apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from velfaerd_sim.inputs.theories import AS_IT_IS
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.statistics.intervals import Array, interval, paired, spread
from velfaerd_sim.statistics.over_worlds import Units, over_worlds
from velfaerd_sim.studies.compare import tables
from velfaerd_sim.studies.compare.design import ComparisonDesign
from velfaerd_sim.studies.compare.tables import Table, texts


@dataclass(frozen=True)
class Summaries:
    """What is held of the replicates that are done, in the order of their numbers.

    values: float64 (replicates, regimes, outcomes), as of `losses.losses_as_worst`; hours: staff
    hours per 1 000 adults over all months, (replicates, regimes); gains: counts of gainers and
    losers, (replicates, regimes - 1, CELLS, GAINS).
    """

    numbers: list[int]
    values: Array
    hours: Array
    gains: Array


def all_tables(
    found: Summaries, pooled: Callable[[Sequence[str]], Array], design: ComparisonDesign
) -> dict[str, Table]:
    """The tables of a comparison by name; `pooled`: see `tables.bands`.

    effects, levels, bands and groups, with worlds also `worlds`, with theories also `theories`.
    """
    rule, regimes, months = design.rule, design.regimes, design.scenario.months
    units = Units.of(found.numbers, design.number_of_worlds)
    made = {
        "effects": effects(found, design),
        "levels": tables.levels(regimes, found.values, found.hours, rule, units),
        "bands": tables.bands(regimes, months + 1, pooled, rule, units),
        "groups": tables.groups(regimes, found.gains, months, rule, units),
    }
    if design.worlds is not None:
        made["worlds"] = worlds_table(found, design, design.worlds)
    if design.worlds is not None and design.theories:
        made["theories"] = theories_table(found, design, design.worlds)
    return made


def effects(found: Summaries, design: ComparisonDesign) -> Table:
    """Each regime against the first, an outcome a row; with worlds as the mean over worlds.

    With worlds the variance reduction is that of pairing inside a world.
    Columns with worlds: worlds (their number), sd_worlds with its interval from sd_worlds_low to
    sd_worlds_high, sd_chance, low_90 and high_90 (the middle 90 % of worlds, chance taken out),
    share_positive, share_negative, share_error, as of `world_statistics.WorldSummary`.
    """
    summary = found.values
    table = tables.effects(design.regimes, summary, found.gains, design.rule)
    if design.worlds is None:
        return table
    world = Units.of(found.numbers, design.number_of_worlds).world
    rows = len(NAMES) * (len(design.regimes) - 1)
    if world is None:
        gap = spread(summary[:, 1:] - summary[:, :1])
        parts = {name: np.full(rows, np.nan) for name in _OVER_WORLDS} | {
            "sd_chance": gap.sd.ravel()
        }
        return table | {"worlds": np.ones(rows, np.int32)} | parts
    gaps = summary[:, 1:] - summary[:, :1]
    there = np.isfinite(gaps)
    over = over_worlds(gaps, world, design.rule)
    units = Units(world)
    for name, values in (("regime", summary[:, 1:]), ("baseline", summary[:, :1])):
        level = spread(units.means(np.where(there, values, np.nan))).mean
        table[f"{name}_mean"] = level.ravel()
    inside = np.where(there, units.about(summary[:, 1:]), np.nan)
    base = np.where(there, units.about(summary[:, :1]), np.nan)
    table["variance_reduction"] = paired(inside, base, design.rule).variance_reduction.ravel()
    table["difference"] = over.mean.ravel()
    table["ci_low"] = over.mean_low.ravel()
    table["ci_high"] = over.mean_high.ravel()
    seen = np.isfinite(over.estimate).sum(axis=0)
    fields = over._asdict()
    parts = {name: fields[field] for name, field in _OVER_WORLDS.items()}
    return (
        table
        | {"worlds": seen.astype(np.int32).ravel()}
        | {name: part.ravel() for name, part in parts.items()}
    )


_OVER_WORLDS = {
    "sd_worlds": "sd_worlds",
    "sd_worlds_low": "sd_low",
    "sd_worlds_high": "sd_high",
    "sd_chance": "sd_chance",
    "low_90": "low",
    "high_90": "high",
    "share_positive": "positive",
    "share_negative": "negative",
    "share_error": "share_error",
}
"""Columns of effects with worlds -> fields of `WorldSummary`."""


def worlds_table(found: Summaries, design: ComparisonDesign, worlds: Worlds) -> Table:
    """Each regime against the first in every world: draw, regime and outcome a row.

    draw: the place of the world in the study, from 0; world: its number in the set it is from (one
    may be drawn several times). difference: mean over the replicates in it, sd: between them.
    estimate: the difference with chance taken out as far as can be said from all worlds together.
    """
    summary, numbers = found.values, np.array(found.numbers, np.int64)
    place = numbers % len(worlds)
    draws = np.unique(place)
    gaps = summary[:, 1:] - summary[:, :1]
    shape = len(draws), len(design.regimes) - 1, len(NAMES)
    pairs = [paired(summary[place == d, 1:], summary[place == d, :1], design.rule) for d in draws]
    own = [spread(gaps[place == draw]) for draw in draws]
    estimate = np.stack([one.difference for one in pairs])
    if len(draws) > 1:
        estimate = over_worlds(gaps, place, design.rule).estimate

    def stacked(parts: list[Array]) -> Array:
        return np.stack(parts).ravel()

    rows = shape[1] * shape[2]
    return {
        "draw": np.repeat(draws.astype(np.int32), rows),
        "world": np.repeat(np.array([worlds[d].number for d in draws.tolist()], np.int64), rows),
        "regime": texts([name for name in design.regimes[1:] for _ in NAMES] * shape[0]),
        "baseline": texts([design.regimes[0]] * (rows * shape[0])),
        "outcome": texts(NAMES * (shape[0] * shape[1])),
        "baseline_mean": stacked([one.baseline_mean for one in pairs]),
        "regime_mean": stacked([one.regime_mean for one in pairs]),
        "difference": stacked([one.difference for one in pairs]),
        "sd": stacked([one.sd for one in own]),
        "replicates": stacked([one.number for one in own]).astype(np.int32),
        "estimate": estimate.ravel(),
    }


def theories_table(found: Summaries, design: ComparisonDesign, worlds: Worlds) -> Table:
    """Each regime against the first under every theory: theory, regime and outcome a row.

    difference, ci_low, ci_high: the mean over the worlds of the theory, with one world over its
    replicates; share_positive, share_negative: of its worlds, chance taken out (NaN with one). The
    model itself comes first; no theory counts for more than another.
    """
    numbers = np.array(found.numbers, np.int64)
    gaps = found.values[:, 1:] - found.values[:, :1]
    place = numbers % len(worlds)
    of_place = np.array([world.theory or AS_IT_IS for world in worlds])
    every = (AS_IT_IS, *(each.name for each in design.theories))
    names = [name for name in every if np.any(of_place[place] == name)]
    parts: dict[str, list[Array]] = {name: [] for name in _OF_THEORIES}
    counts: list[Array] = []
    for name in names:
        own = of_place[place] == name
        units = Units(place[own]) if len(set(place[own].tolist())) > 1 else Units()
        each = _theory(gaps[own], units, design)
        counts.append(each.pop("worlds"))
        for column, values in each.items():
            parts[column].append(values.ravel())
    rows = len(NAMES) * (len(design.regimes) - 1)
    return {
        "theory": texts([name for name in names for _ in range(rows)]),
        "regime": texts([name for name in design.regimes[1:] for _ in NAMES] * len(names)),
        "baseline": texts([design.regimes[0]] * (rows * len(names))),
        "outcome": texts(NAMES * (len(names) * (len(design.regimes) - 1))),
        **{column: np.concatenate(values) for column, values in parts.items()},
        "worlds": np.concatenate([each.ravel() for each in counts]).astype(np.int32),
    }


_OF_THEORIES = ("difference", "ci_low", "ci_high", "share_positive", "share_negative")


def _theory(gaps: Array, units: Units, design: ComparisonDesign) -> dict[str, Array]:
    """The columns of one theory, each (regimes - 1, outcomes). gaps: of its replicates."""
    if units.world is None:
        bounds = interval(gaps, design.rule)
        none = np.full(gaps.shape[1:], np.nan)
        ends = (bounds.mean, bounds.low, bounds.high, none, none)
        return dict(zip(_OF_THEORIES, ends, strict=True)) | {"worlds": np.ones(gaps.shape[1:])}
    over = over_worlds(gaps, units.world, design.rule)
    ends = (over.mean, over.mean_low, over.mean_high, over.positive, over.negative)
    seen = np.isfinite(over.estimate).sum(axis=0)
    return dict(zip(_OF_THEORIES, ends, strict=True)) | {"worlds": seen}
