"""Options of charts in rows: marks with intervals, lying bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.parts.axes import axis_for
from velfaerd_sim.dashboard.parts.options import (
    Option,
    ground,
    rounded,
    ruler_at_zero,
    tip,
    with_axes,
    writer,
)
from velfaerd_sim.reporting.figures.specifications import Gains, Mark, Rows, Scale, Share, Sign
from velfaerd_sim.reporting.figures.style import BAND, SIGNS
from velfaerd_sim.telling.words import Words


def gains_option(shown: Gains, words: Words) -> Option:
    """Gainers to the right and losers to the left, each with its interval as a thin line."""
    scale = shown.axis.scale
    sides = (
        (shown.loss, Sign.WORSE, -1.0, [group.losers for group in shown.groups]),
        (shown.gain, Sign.BETTER, 1.0, [group.gainers for group in shown.groups]),
    )
    names = [group.name for group in shown.groups]
    series: list[Option] = []
    drawn: list[list[Share]] = []
    for number, (name, sign, side, shares) in enumerate(sides):
        drawn.append([(side * v, side * low, side * high) for v, low, high in shares])
        series.append(
            {
                "type": "bar",
                "id": f"bar{number}",
                "name": name,
                "stack": "all",
                "barMaxWidth": 14,
                "itemStyle": {"color": SIGNS[sign], "borderRadius": 2},
                "emphasis": {"disabled": True},
                "data": [
                    _bar(*each, SIGNS[sign]) for each in zip(names, drawn[number], strict=True)
                ],
            }
        )
    series[-1]["markLine"] = ruler_at_zero("xAxis")
    ends = axis_for(drawn, scale.factor, scale.decimals, zero=True)
    scale = replace(scale, decimals=max(scale.decimals, ends.decimals))
    series += [part for number, shares in enumerate(drawn) for part in _whiskers(number, shares)]
    option = _lying(names, scale, words)
    return option | {"xAxis": option["xAxis"] | ends.option(), "series": series}


def _lying(groups: Sequence[str], scale: Scale, words: Words) -> Option:
    """A chart of rows without anything in it yet."""
    return {
        **ground(),
        "grid": {"left": 4, "right": 16, "top": 6, "bottom": 2, "containLabel": True},
        "yAxis": _group_axis(groups),
        "xAxis": {
            "type": "value",
            "axisLabel": {
                "color": COLOURS["soft"],
                "fontSize": 11,
                "formatter": {"$number": writer(scale, words, trim=True)},
            },
            "splitLine": {"lineStyle": {"color": "#eaeae6"}},
        },
        "tooltip": {
            **tip(),
            "trigger": "axis",
            "axisPointer": {"type": "none"},
            "formatter": {"$tooltip": {**writer(scale, words), "category": True}},
        },
        "series": [],
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


def _bar(name: str, share: Share, colour: str) -> Option:
    value, low, high = rounded(share)
    found: Option = {"value": value, "name": name, "itemStyle": {"color": colour}}
    return found if low is None or high is None else found | {"between": [low, high]}


def _whiskers(number: int, shares: Sequence[Share]) -> Iterator[Option]:
    """The intervals of a row of bars, where there are any: rows [place, low, high]."""
    rows = [
        [place, *rounded([low, high])]
        for place, (_, low, high) in enumerate(shares)
        if math.isfinite(low) and math.isfinite(high) and low != high
    ]
    if rows:
        colour = COLOURS["ink"]
        yield {"type": "whisker", "id": f"w{number}", "name": f"_w{number}", "data": rows} | {
            "itemStyle": {"color": colour}
        }


def rows_option(shown: Rows, words: Words) -> Option:
    """Marks with intervals in rows, one a row; intervals end where a fixed axis ends."""
    shown = shown.cut()
    axis, scale = shown.axis, shown.axis.scale
    option = _lying([mark.name for mark in shown.marks], scale, words)
    series = list(_marks(shown.marks, shown.marked, second=False))
    if shown.second:
        series += _marks(shown.second, shown.second_marked, second=True)
    rulers = ruler_at_zero("xAxis")
    dashed = {"color": SIGNS[Sign.WORSE], "type": "dashed"}
    lines = [*rulers["data"]] if axis.zero else []
    if math.isfinite(shown.ruler):
        lines.append({"xAxis": shown.ruler, "lineStyle": dashed})
    if lines:
        series[-1]["markLine"] = rulers | {"data": lines}
    series += _limits(shown.marks)
    if shown.band is not None:
        low, high = shown.band
        series[-1]["markArea"] = {
            "silent": True,
            "itemStyle": {"color": BAND, "opacity": 0.6},
            "data": [[{"xAxis": low}, {"xAxis": high}]],
        }
    option["series"] = series
    drawn = [[mark.value, mark.low, mark.high] for mark in (*shown.marks, *shown.second)]
    drawn += [list(mark.spread) for mark in shown.marks if mark.spread is not None]
    ends = axis_for(
        [axis.limits] if axis.limits else drawn, scale.factor, scale.decimals, zero=axis.zero
    )
    written = replace(scale, decimals=max(scale.decimals, ends.decimals))
    label = option["xAxis"]["axisLabel"] | {"formatter": {"$number": writer(written, words, True)}}
    option["xAxis"] = option["xAxis"] | ends.option() | {"axisLabel": label}
    option["tooltip"] = {**option["tooltip"], "trigger": "item"}
    return with_axes(option, axis.unit)


def _marks(marks: Sequence[Mark], name: str, second: bool) -> Iterator[Option]:
    """The series of marks: a line for each interval and spread, and the dots."""
    for row, mark in enumerate(marks):
        if mark.spread is not None:
            yield _span(f"spread{row}", name, row, mark.spread, SIGNS[mark.sign], 8.0, 0.22)
        if math.isfinite(mark.low) and math.isfinite(mark.high):
            width = 1.2 if second else 2.4
            ends = (mark.low, mark.high)
            yield _span(f"interval{second}{row}", name, row, ends, SIGNS[mark.sign], width)
    yield {
        "type": "scatter",
        "id": f"dots{second}",
        "name": name,
        "symbolSize": 9,
        "animation": False,
        "encode": {"x": 1, "y": 0},
        "data": [_point(row, mark, second) for row, mark in enumerate(marks)],
        "z": 5 if second else 4,
    }


def _limits(marks: Sequence[Mark]) -> Iterator[Option]:
    """What chance alone would give, a stroke a row, where it is known."""
    known = [[row, rounded([mark.limit])[0]] for row, mark in enumerate(marks)]
    known = [each for each in known if each[1] is not None]
    if known:
        yield {
            "type": "scatter",
            "id": "limits",
            "name": "_limits",
            "symbol": "rect",
            "symbolSize": [2, 14],
            "silent": True,
            "animation": False,
            "encode": {"x": 1, "y": 0},
            "data": known,
            "itemStyle": {"color": SIGNS[Sign.WORSE]},
            "z": 4,
        }


def _span(
    id: str,
    name: str,
    row: int,
    ends: tuple[float, float],
    colour: str,
    width: float,
    opacity: float = 1.0,
) -> Option:
    """A line from end to end in a row."""
    low, high = rounded(ends)
    style: Option = {"width": width, "color": colour}
    return {
        "type": "line",
        "id": id,
        "name": f"_{name}",
        "data": [[row, low], [row, high]],
        "encode": {"x": 1, "y": 0},
        "showSymbol": False,
        "silent": True,
        "animation": False,
        "lineStyle": style if opacity == 1.0 else style | {"opacity": opacity},
        "z": 3 if opacity == 1.0 else 2,
    }


def _point(row: int, mark: Mark, second: bool) -> Option:
    """A dot: open where it is a second one or may be chance."""
    value, low, high = rounded((mark.value, mark.low, mark.high))
    ends = [low, high] if low is not None and high is not None else []
    colour = SIGNS[mark.sign]
    style: Option = {"color": colour}
    if second or mark.sign is Sign.UNCLEAR:
        style = {"color": "#ffffff", "borderColor": colour, "borderWidth": 1.5}
    return {"name": mark.name, "value": [row, value, *ends], "itemStyle": style}


def height_of(rows: int) -> str:
    """The height of a chart of so many rows."""
    return f"{84 + 26 * max(1, rows)}px"
