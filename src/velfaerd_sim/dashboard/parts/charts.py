"""Charts: ECharts options as plain data, drawn in the browser; one look for all pages.

An option holds no functions: numbers are written by {"$number": ...}, tooltips by
{"$tooltip": ...}, a band is a series of type "band" with rows [x, low, high]; see charts.vue.
Options go to the browser as text, since Solara walks through every number of what is not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import solara
from numpy.typing import ArrayLike

from velfaerd_sim.dashboard.frame.theme import COLOURS, FONT
from velfaerd_sim.dashboard.parts.axes import axis_for
from velfaerd_sim.telling.words import Words

Option = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How the numbers of a chart are written: factor, digits, what follows, with a sign or not.

    absolute: without any sign, where left and right of zero say what it would.
    """

    factor: float = 1.0
    decimals: int = 0
    suffix: str = ""
    signed: bool = False
    absolute: bool = False

    def writer(self, words: Words, trim: bool = False) -> dict[str, Any]:
        """The function of an option that writes a number; trim: no closing zeros."""
        return {
            "scale": self.factor,
            "decimals": self.decimals,
            "suffix": self.suffix,
            "signed": self.signed,
            "absolute": self.absolute,
            "to": words("to_word"),
            "language": words.language,
            "trim": trim,
        }


@dataclass(frozen=True)
class Line:
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
    lines: Sequence[Line],
    words: Words,
    scale: Scale,
    *,
    months: int,
    first: int = 0,
    zero_line: bool = False,
    include_zero: bool = False,
    limits: tuple[float, float] = (-math.inf, math.inf),
    marks: Iterable[tuple[float, float, str]] = (),
) -> Option:
    """Lines with bands over months; x from `first` to `months`.

    zero_line: a ruler at zero, for differences. limits: what values cannot go beyond. marks: (from
    month, to month, label) shaded.
    """
    series = [part for number, line in enumerate(lines) for part in _line(number, line, first)]
    drawn = (v for line in lines for v in (line.values, line.low, line.high) if v is not None)
    axis = axis_for(
        drawn, scale.factor, scale.decimals, zero=zero_line or include_zero, limits=limits
    )
    if series and zero_line:
        series[-1]["markLine"] = _ruler_at_zero()
    areas = [[{"xAxis": a, "name": label}, {"xAxis": b}] for a, b, label in marks]
    if series and areas:
        series[0 if series[0]["type"] == "line" else 1]["markArea"] = {
            "silent": True,
            "itemStyle": {"color": "#e9e6da", "opacity": 0.55},
            "label": {"color": COLOURS["soft"], "fontSize": 10, "position": "insideTop"},
            "data": areas,
        }
    return {
        **_ground(),
        "grid": {"left": 4, "right": 14, "top": 10, "bottom": 2, "containLabel": True},
        "xAxis": _month_axis(first, months, words),
        "yAxis": {
            "type": "value",
            **axis.option(),
            "axisLabel": {
                "color": COLOURS["soft"],
                "fontSize": 11,
                "formatter": {"$number": replace(scale, decimals=axis.decimals).writer(words)},
            },
            "splitLine": {"lineStyle": {"color": "#eaeae6"}},
        },
        "tooltip": {**_tip(), "trigger": "axis", "formatter": _lines_tip(words, scale)},
        "series": series,
    }


def _line(number: int, line: Line, first: int) -> Iterator[Option]:
    """The series of a line: its band, where it has one, and the line."""
    values = rounded(line.values)
    x = range(first, first + len(values))
    rows: list[list[float | None]] = [[m, v] for m, v in zip(x, values, strict=True)]
    if line.low is not None and line.high is not None:
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
        label["formatter"] = {"$number": {**Scale().writer(words), **named}}
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


@dataclass(frozen=True)
class Bar:
    """One bar with its interval; low and high may be missing."""

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    colour: str = COLOURS["accent"]


def bar_chart(
    groups: Sequence[str],
    bars: Sequence[tuple[str, str, Sequence[Bar]]],
    words: Words,
    scale: Scale,
    *,
    stacked: bool = False,
) -> Option:
    """Lying bars, a group a row: `bars` holds (name, colour, one Bar a group) of each series.

    A bar with low and high carries its interval as a thin line. stacked: the series lie on one
    another, as gainers to the right and losers to the left.
    """
    series = [
        {
            "type": "bar",
            "id": f"bar{number}",
            "name": name,
            "stack": "all" if stacked else None,
            "barMaxWidth": 14,
            "itemStyle": {"color": colour, "borderRadius": 2},
            "emphasis": {"disabled": True},
            "data": [_bar(bar, colour) for bar in row],
        }
        for number, (name, colour, row) in enumerate(bars)
    ]
    axis: Option = {"splitNumber": 4}
    every = [bar for *_, row in bars for bar in row]
    if every:
        series[-1]["markLine"] = _ruler_at_zero("xAxis")
        drawn = [[b.value, b.low, b.high] for b in every]
        ends = axis_for(drawn, scale.factor, scale.decimals, zero=True)
        axis, scale = ends.option(), replace(scale, decimals=max(scale.decimals, ends.decimals))
    series += [part for n, (*_, row) in enumerate(bars) for part in _whiskers(n, row)]
    return {
        **_ground(),
        "grid": {"left": 4, "right": 16, "top": 6, "bottom": 2, "containLabel": True},
        "yAxis": _group_axis(groups),
        "xAxis": {
            "type": "value",
            **axis,
            "axisLabel": {
                "color": COLOURS["soft"],
                "fontSize": 11,
                "formatter": {"$number": scale.writer(words, trim=True)},
            },
            "splitLine": {"lineStyle": {"color": "#eaeae6"}},
        },
        "tooltip": {
            **_tip(),
            "trigger": "axis",
            "axisPointer": {"type": "none"},
            "formatter": {"$tooltip": {**scale.writer(words), "category": True}},
        },
        "series": series,
    }


def _group_axis(groups: Sequence[str]) -> Option:
    """The names of rows, the first on top."""
    return {
        "type": "category",
        "data": list(groups),
        "inverse": True,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": COLOURS["ink"], "fontSize": 12},
    }


def _bar(bar: Bar, colour: str) -> Option:
    value, low, high = rounded([bar.value, bar.low, bar.high])
    found: Option = {"value": value, "name": bar.name, "itemStyle": {"color": bar.colour or colour}}
    return found if low is None or high is None else found | {"between": [low, high]}


def _whiskers(number: int, row: Sequence[Bar]) -> Iterator[Option]:
    """The intervals of a row of bars, where there are any: rows [place, low, high]."""
    rows = [
        [place, *rounded([bar.low, bar.high])]
        for place, bar in enumerate(row)
        if math.isfinite(bar.low) and math.isfinite(bar.high) and bar.low != bar.high
    ]
    if rows:
        colour = COLOURS["ink"]
        yield {"type": "whisker", "id": f"w{number}", "name": f"_w{number}", "data": rows} | {
            "itemStyle": {"color": colour}
        }


def _ground() -> Option:
    return {
        "animation": False,  # while numbers stream in, a moving line would only come late
        "textStyle": {"fontFamily": FONT},
    }


def _tip() -> Option:
    return {
        "confine": True,
        "backgroundColor": "#ffffff",
        "borderColor": COLOURS["rule"],
        "padding": [8, 10],
        "transitionDuration": 0,
        "axisPointer": {"lineStyle": {"color": COLOURS["faint"], "type": "dotted"}},
    }


def _lines_tip(words: Words, scale: Scale) -> Option:
    return {"$tooltip": {**scale.writer(words), "head": _capital(words("month"))}}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ruler_at_zero(axis: str = "yAxis") -> Option:
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


@dataclass(frozen=True)
class Head:
    """What stands above a chart: title and unit; a difference, its tone (a class), its interval."""

    title: str
    unit: str = ""
    delta: str = ""
    tone: str = ""
    interval: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Card:
    """A chart among others. id: the same from update to update; label: for those who cannot see."""

    id: str
    option: Option
    label: str
    head: Head | None = None
    height: str = "200px"
    version: int = 0


def _plain(card: Card) -> dict[str, Any]:
    """A card as plain values; not asdict, which would copy every number."""
    found = {entry.name: getattr(card, entry.name) for entry in fields(card)}
    return found | {"head": card.head and vars(card.head)}


@solara.component_vue("../widgets/charts.vue")
def _Charts(
    cards: str, frame: str, clickable: bool, event_click: Callable[[dict[str, Any]], None]
) -> None:
    """The charts' template."""


def Charts(
    cards: Sequence[Card],
    *,
    frame: str = "vf-charts",
    on_click: Callable[[dict[str, Any]], None] | None = None,
) -> Any:
    """Several charts with their heads, brought up to date in one message."""
    return _Charts(
        cards=json.dumps([_plain(card) for card in cards], separators=(",", ":"), allow_nan=False),
        frame=frame,
        clickable=on_click is not None,
        event_click=on_click or (lambda _: None),
    )


def Chart(
    option: Option,
    label: str,
    *,
    height: str = "200px",
    version: int = 0,
    on_click: Callable[[dict[str, Any]], None] | None = None,
) -> Any:
    """A chart; label: what it shows, for those who cannot see it; version: of its numbers."""
    card = Card("chart", option, label, None, height, version)
    return Charts([card], frame="vf-chart-frame", on_click=on_click)
