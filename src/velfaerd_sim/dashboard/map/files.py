"""What can be taken along from the map: values of all months, scenarios, the map as a figure."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.map.tile_map import tiles
from velfaerd_sim.dashboard.map.view import (
    PAPER,
    ColourScale,
    Curves,
    MapView,
    smoothed,
    text_colour,
)
from velfaerd_sim.dashboard.parts.downloads import PARQUET, PNG, SVG, TOML, File, table_file
from velfaerd_sim.digests import source_digest
from velfaerd_sim.reporting.figures.tiles import Key, Square, draw_tiles
from velfaerd_sim.reporting.files import parquet_bytes
from velfaerd_sim.telling.words import Words

KINDS = ("csv", "xlsx", "parquet", "scenario_a", "scenario_b", "svg", "png")


def values_table(view: MapView, curves: Curves) -> pa.Table:
    """A row a municipality and month: code, name, type, the outcome under A and B, and B - A.

    difference_low and difference_high: the 95 % interval of the difference, as far as chance goes;
    pooled, pooled_error: the difference drawn toward the mean as far as chance explains it, and its
    standard error; apart: whether municipalities can be told apart in the month.
    """
    towns = [tile.municipality for tile in tiles()]
    count = curves.a.shape[1]
    a, b, margin = curves.a.ravel(), curves.b.ravel(), curves.margins.towns.ravel()
    return pa.table(
        {
            "municipality": np.repeat([town.code for town in towns], count),
            "name": pa.array([town.name for town in towns for _ in range(count)]),
            "type": pa.array([town.kind for town in towns for _ in range(count)]),
            "month": np.tile(np.arange(count), len(towns)),
            f"{view.outcome}.{view.a}": pa.array(a, from_pandas=True),
            f"{view.outcome}.{view.b}.b" if view.a == view.b else f"{view.outcome}.{view.b}": (
                pa.array(b, from_pandas=True)
            ),
            "difference": pa.array(b - a, from_pandas=True),
            "difference_low": pa.array(b - a - margin, from_pandas=True),
            "difference_high": pa.array(b - a + margin, from_pandas=True),
            "pooled": pa.array(curves.pooled.values.ravel(), from_pandas=True),
            "pooled_error": pa.array(curves.pooled.errors.ravel(), from_pandas=True),
            "apart": np.tile(curves.pooled.apart, len(towns)),
        }
    )


def file_of(
    kind: str, view: MapView, curves: Curves, scale: ColourScale, key: Key, words: Words
) -> File:
    """The file of a kind, as the map is shown now."""
    stem = f"denmark_{view.outcome}"
    if kind.startswith("scenario"):
        return scenario_file(kind, view)
    if kind in ("csv", "xlsx"):
        return table_file(stem, values_table(view, curves), kind, words.language)
    if kind == "parquet":
        return File(f"{stem}.parquet", PARQUET, parquet_bytes(values_table(view, curves)))
    values = curves.shown(view)[:, view.month]
    framed = curves.unclear(view)[:, view.month]
    squares = []
    for tile, value, unclear in zip(tiles(), values.tolist(), framed.tolist(), strict=True):
        colour = scale.colour(value)
        ground, edge = (PAPER, colour) if unclear else (colour, "")
        ink = text_colour(ground)
        squares.append(Square(tile.column, tile.row, tile.broken_name, ground, ink, edge))
    drawn = draw_tiles(squares, key, small_print(view, words))
    if kind == "svg":
        return File(f"{stem}.svg", SVG, drawn.svg.encode())
    return File(f"{stem}.png", PNG, drawn.png)


def small_print(view: MapView, words: Words) -> str:
    """What stands below the figure: what was run, and by which version of the model."""
    share = "" if view.one_in == 1 else words("print_share", number=view.one_in)
    run = words("print_run", seed=view.seed, month=view.month)
    mean = words("print_mean") if smoothed(view) else ""
    return " · ".join(filter(None, ("velfaerd_sim", share, run, mean, source_digest()[:16])))


def scenario_file(kind: str, view: MapView) -> File:
    """The scenario under A ('scenario_a') or B, as `velfaerd run` and `compare` take it."""
    regime = view.a if kind == "scenario_a" else view.b
    governance = Governance.from_text(regime).as_regime(kind[-1])
    name = f"denmark_{governance.name}"
    scenario = view.request.scenario().with_(regime=governance, name=name)
    return File(f"{name}.toml", TOML, scenario.to_toml().encode())
