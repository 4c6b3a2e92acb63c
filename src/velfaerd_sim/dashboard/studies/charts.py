"""The map of two parameters with the line of reversal, as plain data for the browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.analysis.sweep.maps import Map
from velfaerd_sim.dashboard.map.view import WORSE_TO_BETTER, mixed
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.reporting.figures.specifications import Scale
from velfaerd_sim.telling.words import Words

Array = NDArray[np.float64]
NARROWEST = 0.045
"""Share of an axis that two values of it lie apart at least, to be told apart."""
PALE = 0.36
"""How far the colours of a map go towards the ends of the ramp, so that lines are seen on them."""


def placed(values: Array, factor: Factor | None, low: float, high: float) -> Array:
    """Shares of the way from low to high, by the factor's own ruler (straight or logarithmic)."""
    log = factor is not None and factor.distribution == "log_uniform" and low > 0.0
    ruler = np.log if log else np.asarray
    ends = ruler(np.array([low, high], np.float64))
    width = ends[1] - ends[0]
    shares: Array = (ruler(np.asarray(values, np.float64)) - ends[0]) / (width or 1.0)
    return shares


def _crowded(values: Array, factor: Factor | None) -> bool:
    """Whether some values of an axis lie too close to be told apart on its own ruler."""
    inner = placed(values, factor, float(values[0]), float(values[-1]))
    return len(values) > 2 and bool(np.diff(inner).min() < NARROWEST)


def _ruled(at: Array, values: Array, factor: Factor | None) -> Array:
    """Places of numbers along an axis with these values, as shares from the first to the last.

    By the factor's own ruler; where that would crowd the values, they stand equally far apart.
    """
    if not _crowded(values, factor):
        return placed(at, factor, float(values[0]), float(values[-1]))
    even: Array = np.interp(at, values, np.linspace(0.0, 1.0, len(values)))
    return even


def is_even(found: Map, factors: Sequence[Factor]) -> bool:
    """Whether a map is drawn with equally wide cells along one of its axes."""
    by_name = {factor.name: factor for factor in factors}
    axes = ((found.x, found.x_name), (found.y, found.y_name))
    return any(_crowded(values, by_name.get(name)) for values, name in axes)


def picture_of(found: Map, factors: Sequence[Factor], words: Words, scale: Scale) -> dict[str, Any]:
    """A map of two parameters as the browser draws it: cells, lines, ticks, in shares of its sides.

    Cells: x, y, width, height, colour, text, clear. A line: points [x, y]. y grows upwards.
    """
    by_name = {factor.name: factor for factor in factors}
    x_edges, x_line = _axis(found.x, by_name.get(found.x_name))
    y_edges, y_line = _axis(found.y, by_name.get(found.y_name))
    finite = np.abs(found.difference[np.isfinite(found.difference)])
    end = float(finite.max()) if finite.size and finite.max() > 0.0 else 1.0
    cells = []
    for row in range(len(found.y)):
        for column in range(len(found.x)):
            value = float(found.difference[row, column])
            share = 0.5 + PALE * found.better * value / end if math.isfinite(value) else 0.5
            text = words.number(scale.factor * value, scale.decimals, signed=True) + scale.suffix
            cells.append(
                {
                    "x": x_edges[column],
                    "y": y_edges[row],
                    "w": x_edges[column + 1] - x_edges[column],
                    "h": y_edges[row + 1] - y_edges[row],
                    "c": mixed(WORSE_TO_BETTER, share),
                    "t": text,
                    "clear": int(found.sign[row, column]) != 0,
                    "at": [float(found.x[column]), float(found.y[row])],
                }
            )
    ends = [words.number(scale.factor * v, scale.decimals, signed=True) for v in (-end, end)]
    ramp = [mixed(WORSE_TO_BETTER, 0.5 + PALE * step / 4) for step in range(-4, 5)]
    return {
        "cells": cells,
        "line": _lines(found.line, found, by_name),
        "dashed": _lines([*found.line_low, *found.line_high], found, by_name),
        "x": [[at, _tick(v, words)] for at, v in zip(x_line, found.x.tolist(), strict=True)],
        "y": [[at, _tick(v, words)] for at, v in zip(y_line, found.y.tolist(), strict=True)],
        "ends": ends if found.better > 0 else ends[::-1],
        "gradient": f"linear-gradient(to right, {', '.join(ramp)})",
        "suffix": scale.suffix,
    }


def _axis(values: Array, factor: Factor | None) -> tuple[list[float], list[float]]:
    """Edges of the cells along an axis, and their middles, as shares of it."""
    inner = _ruled(values, values, factor)
    between = (inner[:-1] + inner[1:]) / 2.0
    edges = np.concatenate([[2 * inner[0] - between[0]], between, [2 * inner[-1] - between[-1]]])
    width = edges[-1] - edges[0]
    return ((edges - edges[0]) / width).tolist(), ((inner - edges[0]) / width).tolist()


def _lines(
    lines: Sequence[Array], found: Map, factors: dict[str, Factor]
) -> list[list[list[float]]]:
    """Lines in the map's own coordinates as shares of its sides."""
    result = []
    for line in lines:
        ends = []
        for axis, (name, values) in enumerate(((found.x_name, found.x), (found.y_name, found.y))):
            factor = factors.get(name)
            inner = _ruled(line[:, axis], values, factor)
            _, middles = _axis(values, factor)
            ends.append(middles[0] + inner * (middles[-1] - middles[0]))
        result.append(np.round(np.column_stack(ends), 5).tolist())
    return result


def _tick(value: float, words: Words) -> str:
    """A value of a parameter at an axis: with the digits it has, three at most."""
    if value == 0.0 or not math.isfinite(value):
        return words.number(value)
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    kept = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    return words.number(value, kept)
