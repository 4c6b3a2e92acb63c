"""What the order of a design's rows means, and which points are an independent sample of worlds.

A design has rows; a point may stand in several of them and is run once. Saltelli and Morris designs
are recognised by their coordinates, so that a frame of another kind is refused, not misread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import Fact, Thing, UnsuitedError
from velfaerd_sim.analysis.arrays.frames import Array, PointValues, Rows, known, require
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.sweep import designs


@dataclass(frozen=True, eq=False)
class PointLayout:
    """How the points were chosen.

    kind: as in studies.designs ('grid', 'latin_hypercube', 'sobol', 'saltelli', 'morris', ...);
    names: the factors that were varied, in order; ids: the point of each row, empty where points
    are numbered in the order of the design; ranks (rows, factors): coordinates in the unit cube,
    None where the values themselves serve; levels: of a Morris grid.
    """

    kind: str
    names: tuple[str, ...]
    ids: tuple[Any, ...] = ()
    ranks: Array | None = None
    levels: int | None = None

    @classmethod
    def of(cls, design: designs.Design, points: designs.ParameterSets) -> PointLayout:
        """Read off a study's design and its points."""
        return cls(design.kind, points.names, points.ids, points.ranks, design.levels)


@dataclass(frozen=True)
class Saltelli:
    """Points of a Saltelli design by block: base (blocks,) twice, mixed (blocks, parameters).

    step: rows of a block; blocks: how many were planned; those given are whole.
    """

    step: int
    base: tuple[Rows, Rows]
    mixed: Rows
    blocks: int

    @property
    def layout(self) -> Rows:
        """Points (blocks, parameters + 2) of each block in SALib's order."""
        return np.column_stack([self.base[0], self.mixed, self.base[1]])


@dataclass(frozen=True)
class Trajectories:
    """Points (trajectories, parameters + 1) and coordinates (..., parameters) of a Morris design.

    planned: how many trajectories there were; those given are whole.
    """

    points: Rows
    x: Array
    planned: int


def names_of(points: PointValues, design: PointLayout | None) -> list[str]:
    """Names of the parameters that vary, in the order of the design where there is one."""
    if design is not None:
        return [known("design.names", name, points.parameters.columns) for name in design.names]
    table = points.parameters
    names = [name for name in table.columns if table[name].nunique() > 1]
    if not names:
        raise InputError("study", "one point only", "a study that varies at least one parameter")
    return names


def rows_of(points: PointValues, design: PointLayout | None) -> Rows:
    """Point of each row of the design; -1 where it was never run.

    Without ids in the design, whole-numbered points count from 0 or 1, others stand in order.
    """
    ids = points.point_ids
    if design is not None and design.ids:
        place = {name: k for k, name in enumerate(ids.tolist())}
        return np.array([place.get(name, -1) for name in design.ids], np.int64)
    if not np.issubdtype(ids.dtype, np.integer) or not len(ids):
        return np.arange(len(ids), dtype=np.int64)
    start = min(int(ids[0]), 1)
    rows = np.full(int(ids[-1]) - start + 1, -1, np.int64)
    rows[ids.astype(np.int64) - start] = np.arange(len(ids))
    return rows


def coordinates(points: PointValues, design: PointLayout | None) -> Array:
    """Coordinates (rows, parameters) of the rows of the design: ranks, or else values."""
    if design is not None and design.ranks is not None:
        return design.ranks
    values = points.parameters[names_of(points, design)].to_numpy(np.float64)
    rows = rows_of(points, design)
    return np.where(rows[:, None] >= 0, values[rows], np.nan)


def _blocks(rows: Array | Rows, step: int, missing: float) -> Any:
    """Cut rows into blocks, the last one filled up."""
    lack = -len(rows) % step
    filled = np.concatenate([rows, np.full((lack, *rows.shape[1:]), missing, rows.dtype)])
    return filled.reshape(-1, step, *rows.shape[1:])


def saltelli(points: PointValues, design: PointLayout | None) -> Saltelli:
    """Lay out a Saltelli design; only blocks that are whole are given.

    A block is a row of base sample A, one row a parameter with that column taken from B, if second
    order was asked for one row a parameter the other way round, and the row of B.
    Raises InputError where the rows are no such design.
    """
    rows, x = rows_of(points, design), coordinates(points, design)
    d = x.shape[1]
    for step in (d + 2, 2 * d + 2):
        table = _blocks(rows, step, -1)
        whole = (table >= 0).all(axis=1)
        if whole.any() and _is_saltelli(_blocks(x, step, np.nan)[whole]):
            table, blocks = table[whole], len(table)
            return Saltelli(step, (table[:, 0], table[:, -1]), table[:, 1 : d + 1], blocks)
    allowed = "a Saltelli design (two base samples and their mixtures)"
    raise UnsuitedError("design", _named(design), allowed, Fact("needs_saltelli", **_has(design)))


def _is_saltelli(x: NDArray[np.float64]) -> bool:
    """Whether blocks (blocks, rows, parameters) have the coordinates of a Saltelli design."""
    d = x.shape[2]
    expected = np.where(np.eye(d, dtype=bool), x[:, -1:], x[:, :1])
    return bool(np.allclose(x[:, 1 : d + 1], expected, rtol=1e-9, atol=0.0))


def trajectories(points: PointValues, design: PointLayout | None) -> Trajectories:
    """Lay out a Morris design; only trajectories that are whole are given.

    In a trajectory each step changes one parameter, and each parameter changes once.
    Raises InputError where the rows are no such design.
    """
    rows, x = rows_of(points, design), coordinates(points, design)
    d = x.shape[1]
    table, paths = _blocks(rows, d + 1, -1), _blocks(x, d + 1, np.nan)
    whole = (table >= 0).all(axis=1)
    if whole.any():
        extent = np.nanmax(x, axis=0) - np.nanmin(x, axis=0)
        moved = np.abs(np.diff(paths[whole], axis=1)) > 1e-9 * extent
        if (moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all():
            return Trajectories(table[whole], paths[whole], len(table))
    allowed = "a Morris design (trajectories of one step a parameter)"
    raise UnsuitedError("design", _named(design), allowed, Fact("needs_morris", **_has(design)))


def _named(design: PointLayout | None) -> str:
    return design.kind if design is not None else "the order of these points"


def _has(design: PointLayout | None) -> dict[str, Thing]:
    return {"there": Thing("design", design.kind if design is not None else "unknown")}


def independent(
    points: PointValues, design: PointLayout | None, method: str
) -> tuple[PointValues, Rows]:
    """Keep the points that may be taken as an independent sample of worlds, and say their rows.

    Of a Saltelli design these are the two base samples: the other points repeat their coordinates.
    A point that stands in several rows is given several times. Raises InputError for designs that
    are made of steps from point to point.
    """
    if design is not None and design.kind in (designs.MORRIS, designs.ONE_AT_A_TIME):
        allowed = f"a Latin hypercube, Sobol or Saltelli design; {method} needs a sample of worlds"
        needs = Fact("needs_sample", method=Thing("analysis", method), **_has(design))
        raise UnsuitedError("design", design.kind, allowed, needs)
    rows = rows_of(points, design)
    chosen = np.arange(len(rows), dtype=np.int64)
    if design is not None and design.kind == designs.SALTELLI:
        step = saltelli(points, design).step
        chosen = chosen[(chosen % step == 0) | (chosen % step == step - 1)]
    present = chosen[rows[chosen] >= 0]
    lost = points.left_out.points_without_value + len(chosen) - len(present)
    total = points.left_out.points + len(chosen) - len(present)
    counts = replace(points.left_out, points=total, points_without_value=lost)
    return replace(points.select(rows[present]), left_out=counts), present


def usable(
    points: PointValues, design: PointLayout | None, method: str, least: int
) -> tuple[PointValues, Rows]:
    """Keep the independent points that have a value, and say their rows in the design.

    Raises InputError for designs made of steps, and for fewer than `least` points.
    """
    points, rows = independent(points, design, method)
    there = np.isfinite(points.mean)
    require(int(there.sum()), least, method, points.left_out)
    return points.select(there), rows[there]
