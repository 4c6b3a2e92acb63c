"""All tables of a comparison, also of one in many worlds.

With worlds, one observation is a world, so that intervals hold for the mean over worlds; what
worlds and what chance bring stands apart.
"""

from __future__ import annotations

import numpy as np

from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.statistics.intervals import Array, paired, spread
from velfaerd_sim.statistics.over_worlds import Units, over_worlds
from velfaerd_sim.studies.compare import tables
from velfaerd_sim.studies.compare.archive import Archive
from velfaerd_sim.studies.compare.plan import Plan
from velfaerd_sim.studies.compare.tables import Table, texts


def all_tables(archive: Archive, count: int, plan: Plan) -> dict[str, Table]:
    """The tables of a comparison from its first `count` replicates, by name.

    effects, levels, bands and groups, and with worlds also `worlds`.
    """
    rule, regimes = plan.rule, plan.regimes
    units = Units.of(_numbers(archive, count), plan.number_of_worlds)
    summary, gains = archive.summary(count), archive.gain_counts(count)
    found = {
        "effects": effects(archive, count, plan),
        "levels": tables.levels(regimes, summary, archive.staff_hours(count), rule, units),
        "bands": tables.bands(archive, count, rule, units),
        "groups": tables.groups(regimes, gains, plan.scenario.months, rule, units),
    }
    if plan.worlds is not None:
        found["worlds"] = worlds_table(archive, count, plan, plan.worlds)
    return found


def _numbers(archive: Archive, count: int) -> list[int]:
    return [number for number in archive.done if number < count]


def effects(archive: Archive, count: int, plan: Plan) -> Table:
    """Each regime against the first, an outcome a row; with worlds as the mean over worlds.

    With worlds the variance reduction is that of pairing inside a world.
    Columns with worlds: worlds (their number), sd_worlds with its interval from sd_worlds_low to
    sd_worlds_high, sd_chance, low_90 and high_90 (the middle 90 % of worlds, chance taken out),
    share_positive, share_negative, share_error, as of `world_statistics.OverWorlds`.
    """
    summary = archive.summary(count)
    table = tables.effects(plan.regimes, summary, archive.gain_counts(count), plan.rule)
    if plan.worlds is None:
        return table
    world = Units.of(_numbers(archive, count), plan.number_of_worlds).world
    rows = len(NAMES) * (len(plan.regimes) - 1)
    if world is None:
        gap = spread(summary[:, 1:] - summary[:, :1])
        parts = {name: np.full(rows, np.nan) for name in _OVER_WORLDS} | {
            "sd_chance": gap.sd.ravel()
        }
        return table | {"worlds": np.ones(rows, np.int32)} | parts
    gaps = summary[:, 1:] - summary[:, :1]
    there = np.isfinite(gaps)
    found = over_worlds(gaps, world, plan.rule)
    units = Units(world)
    for name, values in (("regime", summary[:, 1:]), ("baseline", summary[:, :1])):
        level = spread(units.means(np.where(there, values, np.nan))).mean
        table[f"{name}_mean"] = level.ravel()
    inside = np.where(there, units.about(summary[:, 1:]), np.nan)
    base = np.where(there, units.about(summary[:, :1]), np.nan)
    table["variance_reduction"] = paired(inside, base, plan.rule).variance_reduction.ravel()
    table["difference"] = found.mean.ravel()
    table["ci_low"] = (found.mean - found.half_width).ravel()
    table["ci_high"] = (found.mean + found.half_width).ravel()
    seen = np.isfinite(found.estimate).sum(axis=0)
    fields = found._asdict()
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
"""Columns of effects with worlds -> fields of `OverWorlds`."""


def worlds_table(archive: Archive, count: int, plan: Plan, worlds: Worlds) -> Table:
    """Each regime against the first in every world: draw, regime and outcome a row.

    draw: the place of the world in the study, from 0; world: its number in the set it is from (one
    may be drawn several times). difference: mean over the replicates in it, sd: between them.
    estimate: the difference with chance taken out as far as can be said from all worlds together.
    """
    summary, numbers = archive.summary(count), np.array(_numbers(archive, count), np.int64)
    place = numbers % len(worlds)
    draws = np.unique(place)
    gaps = summary[:, 1:] - summary[:, :1]
    shape = len(draws), len(plan.regimes) - 1, len(NAMES)
    found = [paired(summary[place == d, 1:], summary[place == d, :1], plan.rule) for d in draws]
    own = [spread(gaps[place == draw]) for draw in draws]
    estimate = np.stack([one.difference for one in found])
    if len(draws) > 1:
        estimate = over_worlds(gaps, place, plan.rule).estimate

    def stacked(parts: list[Array]) -> Array:
        return np.stack(parts).ravel()

    rows = shape[1] * shape[2]
    return {
        "draw": np.repeat(draws.astype(np.int32), rows),
        "world": np.repeat(np.array([worlds[d].number for d in draws.tolist()], np.int64), rows),
        "regime": texts([name for name in plan.regimes[1:] for _ in NAMES] * shape[0]),
        "baseline": texts([plan.regimes[0]] * (rows * shape[0])),
        "outcome": texts(NAMES * (shape[0] * shape[1])),
        "baseline_mean": stacked([one.baseline_mean for one in found]),
        "regime_mean": stacked([one.regime_mean for one in found]),
        "difference": stacked([one.difference for one in found]),
        "sd": stacked([one.sd for one in own]),
        "replicates": stacked([one.number for one in own]).astype(np.int32),
        "estimate": estimate.ravel(),
    }
