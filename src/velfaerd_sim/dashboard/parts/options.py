"""Options of charts: ECharts options as plain data, one look for all pages.

An option holds no functions: numbers are written by {"$number": ...}, tooltips by
{"$tooltip": ...}, a band is a series of type "band" with rows [x, low, high]; see charts.vue.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from velfaerd_sim.dashboard.frame.theme import COLOURS, FONT
from velfaerd_sim.dashboard.parts.axes import axis_for
from velfaerd_sim.reporting.figures.specifications import Scale
from velfaerd_sim.telling.words import Words

Option = dict[str, Any]


def writer(scale: Scale, words: Words, trim: bool = False) -> dict[str, Any]:
    """The function of an option that writes a number; trim: no closing zeros."""
    return {
        "scale": scale.factor,
        "decimals": scale.decimals,
        "suffix": scale.suffix,
        "signed": scale.signed,
        "absolute": scale.absolute,
        "to": words("to_word"),
        "language": words.language,
        "trim": trim,
    }


@dataclass(frozen=True)
class ChartLine:
    """A line by month, maybe with a band: name, colour, values; low and high as long as values."""

    name: str
    colour: str
    values: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    dashed: bool = False
    width: float = 2.0


def rounded(values: ArrayLike, digits: int = 5) -> list[float | None]:
    """Numbers for the browser: so many digits of the largest, None where there is none."""
    numbers = np.asarray(values, np.float64)
    finite = np.isfinite(numbers)
    most = float(np.abs(numbers[finite]).max()) if finite.any() else 0.0
    places = digits - 1 - math.floor(math.log10(most)) if most > 0.0 else 0
    found: list[float | None] = np.round(numbers, places).tolist()
    if not finite.all():
        for index in np.flatnonzero(~finite):
            found[index] = None
    return found


def line_chart(
    lines: Sequence[ChartLine],
    words: Words,
    scale: Scale,
    *,
    months: int,
    first: int = 0,
    zero_line: bool = False,
    include_zero: bool = False,
    limits: tuple[float, float] = (-math.inf, math.inf),
    marks: Iterable[tuple[float, float, str]] = (),
    held: ArrayLike = (),
) -> Option:
    """Lines with bands over months; x from `first` to `months`.

    zero_line: a ruler at zero, for differences. limits: what values cannot go beyond. marks: (from
    month, to month, label) shaded. held: values that the axis holds beside what is drawn.
    """
    series = [part for number, line in enumerate(lines) for part in _line(number, line, first)]
    drawn = (v for line in lines for v in (line.values, line.low, line.high) if v is not None)
    axis = axis_for(
        [*drawn, held], scale.factor, scale.decimals, zero=zero_line or include_zero, limits=limits
    )
    if series and zero_line:
        series[-1]["markLine"] = ruler_at_zero()
    areas = [[{"xAxis": a, "name": label}, {"xAxis": b}] for a, b, label in marks]
    if series and areas:
        series[0 if series[0]["type"] == "line" else 1]["markArea"] = {
            "silent": True,
            "itemStyle": {"color": "#e9e6da", "opacity": 0.55},
            "label": {"color": COLOURS["soft"], "fontSize": 10, "position": "insideTop"},
            "data": areas,
        }
    return {
        **ground(),
        "grid": {"left": 4, "right": 14, "top": 10, "bottom": 2, "containLabel": True},
        "xAxis": _month_axis(first, months, words),
        "yAxis": {
            "type": "value",
            **axis.option(),
            "axisLabel": {
                "color": COLOURS["soft"],
                "fontSize": 11,
                "formatter": {"$number": writer(replace(scale, decimals=axis.decimals), words)},
            },
            "splitLine": {"lineStyle": {"color": "#eaeae6"}},
        },
        "tooltip": {**tip(), "trigger": "axis", "formatter": _lines_tip(words, scale)},
        "series": series,
    }


def _line(number: int, line: ChartLine, first: int) -> Iterator[Option]:
    """The series of a line: its band, where it has one, and the line."""
    values = rounded(line.values)
    x = range(first, first + len(values))
    rows: list[list[float | None]] = [[m, v] for m, v in zip(x, values, strict=True)]
    if line.low is not None and line.high is not None and np.isfinite(line.low).any():
        low, high = rounded(line.low), rounded(line.high)
        yield {
            "type": "band",
            "id": f"band{number}",
            "name": f"_{line.name}",
            "data": [[m, lo, hi] for m, lo, hi in zip(x, low, high, strict=True)],
            "areaStyle": {"color": line.colour, "opacity": 0.17},
        }
        rows = [[*row, lo, hi] for row, lo, hi in zip(rows, low, high, strict=True)]
    yield {
        "type": "line",
        "id": f"line{number}",
        "name": line.name,
        "data": rows,
        "showSymbol": False,
        "lineStyle": {
            "width": line.width,
            "color": line.colour,
            "type": "dashed" if line.dashed else "solid",
        },
        "itemStyle": {"color": line.colour},
        "emphasis": {"disabled": True},
        "z": 3,
    }


def _month_axis(first: int, months: int, words: Words) -> Option:
    """Months from left to right; the first tick says that they are months."""
    label: Option = {"color": COLOURS["soft"], "fontSize": 11, "hideOverlap": True}
    if months - first > 1:
        named = {"lead": _capital(words("month")), "at": first}
        label["formatter"] = {"$number": {**writer(Scale(), words), **named}}
    return {
        "type": "value",
        "min": first,
        "max": months,
        "interval": _month_step(months - first),
        "splitLine": {"show": False},
        "axisLine": {"lineStyle": {"color": "#b5bac0"}},
        "axisTick": {"lineStyle": {"color": "#b5bac0"}},
        "axisLabel": label,
    }


def ground() -> Option:
    """What every chart stands on."""
    return {
        "animation": False,  # while numbers stream in, a moving line would only come late
        "textStyle": {"fontFamily": FONT},
    }


def tip() -> Option:
    """How tooltips look."""
    return {
        "confine": True,
        "backgroundColor": "#ffffff",
        "borderColor": COLOURS["rule"],
        "padding": [8, 10],
        "transitionDuration": 0,
        "axisPointer": {"lineStyle": {"color": COLOURS["faint"], "type": "dotted"}},
    }


def _lines_tip(words: Words, scale: Scale) -> Option:
    return {"$tooltip": {**writer(scale, words), "head": _capital(words("month"))}}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def ruler_at_zero(axis: str = "yAxis") -> Option:
    """A line at zero of an axis."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "animation": False,
        "lineStyle": {"color": COLOURS["soft"], "width": 1, "type": "solid"},
        "data": [{axis: 0}],
    }


def _month_step(months: int) -> int:
    """Months between ticks, at most six times: a step that ends at the last month, if there is."""
    steps = [step for step in (1, 2, 3, 6, 12, 24, 36, 48, 60, 120, 240) if months <= 6 * step]
    even = [step for step in steps[:3] if months % step == 0]
    return (even or steps or [240])[0]


def with_axes(option: Option, x: str = "", y: str = "") -> Option:
    """The same chart with the names of its axes: below the one, above the other."""
    style = {"color": COLOURS["soft"], "fontSize": 12}
    grid = dict(option["grid"])
    found = dict(option)
    if x:
        place = {"name": x, "nameLocation": "middle", "nameGap": 28, "nameTextStyle": style}
        found["xAxis"] = {**option["xAxis"], **place}
        grid["bottom"] = 28
    if y:
        left = {**style, "align": "left", "padding": [0, 0, 4, 0]}
        place = {"name": y, "nameLocation": "end", "nameGap": 8, "nameTextStyle": left}
        found["yAxis"] = {**option["yAxis"], **place}
        grid["top"] = 30
    return found | {"grid": grid}
