"""Parts of the map's page: the tiles, a municipality's curves and neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import solara

from velfaerd_sim.dashboard.frame.theme import COLOURS, variable
from velfaerd_sim.dashboard.map import tile_map
from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.map.labels import (
    interval_text,
    kind_label,
    outcome_of,
    regime_label,
    time_of,
    unclear_ink,
)
from velfaerd_sim.dashboard.map.national_runs import MONTHS, scenario_of
from velfaerd_sim.dashboard.map.pooling import WIDTH
from velfaerd_sim.dashboard.map.view import DIFFERENCE, A, B, Curves, MapView
from velfaerd_sim.dashboard.parts.charts import Chart
from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.dashboard.parts.options import ChartLine, line_chart, rounded
from velfaerd_sim.dashboard.parts.sheets import Number, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.parts.units import Measure, measure_of
from velfaerd_sim.inputs.evidence import MunicipalityFigures
from velfaerd_sim.reporting.figures.specifications import Sign, sign_of
from velfaerd_sim.reporting.figures.style import SIGNS
from velfaerd_sim.reporting.figures.tiles import Key
from velfaerd_sim.telling.words import Words

STEPS = 64
Change = partial[None]


@solara.component_vue("../widgets/tile_map.vue")
def _TileMap(
    label: str,
    tiles: list[dict[str, Any]],
    columns: int,
    rows: int,
    values: list[list[float | None]],
    unclear: list[str],
    low: float,
    high: float,
    colours: list[list[str]],
    nothing: list[str],
    shown: dict[str, Any],
    legend: dict[str, Any],
    chosen: int,
    near: list[int],
    month: int,
    last: int,
    words: dict[str, str],
    event_pick: Callable[[int], None],
    event_go: Callable[[int], None],
) -> None:
    """The tile map's template."""


@cache
def _next_places() -> tuple[tuple[int, ...], ...]:
    """Where the arrow keys left, right, up and down lead from each tile: places of tiles."""
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1))
    return tuple(
        tuple(map_view.place_of(tile_map.next_tile(tile, *step).code) for step in steps)
        for tile in tile_map.tiles()
    )


def tiles_for_browser(words: Words) -> list[dict[str, Any]]:
    """The squares as the browser draws them."""
    return [
        {
            "code": tile.code,
            "name": tile.name,
            "broken": tile.broken_name,
            "about": f"{kind_label(tile.municipality, words)} · {tile.municipality.region}",
            "column": tile.column,
            "row": tile.row,
            "next": list(places),
        }
        for tile, places in zip(tile_map.tiles(), _next_places(), strict=True)
    ]


def flags_for_browser(view: MapView, curves: Curves | None) -> list[str]:
    """A text a municipality, a letter a month: '1' where the difference may be chance."""
    if curves is None or view.shown != DIFFERENCE:
        return []
    return ["".join("01"[flag] for flag in row) for row in curves.unclear(view).tolist()]


@solara.component
def Tiles(view: MapView, curves: Curves | None, words: Words, change: Change) -> None:
    """The map with its legend and the slider of months."""
    outcome = outcome_of(view)
    measure = measure_of(outcome, words, view.shown == DIFFERENCE)
    scale = (
        map_view.scale_of(view, curves) if curves else map_view.ColourScale(0.0, 1.0, map_view.MORE)
    )
    inks = [map_view.mixed(scale.ramp, step / STEPS) for step in range(STEPS + 1)]
    near = map_view.neighbours(view.town) if view.town else []

    def pick(code: object) -> None:
        if isinstance(code, int) and code in {tile.code for tile in tile_map.tiles()}:
            change(town=0 if code == view.town else code)

    def go(month: object) -> None:
        if isinstance(month, int) and 0 <= month <= MONTHS:
            change(month=month)

    _TileMap(
        label=words("tiles_label", outcome=outcome.label(words.language)),
        tiles=solara.use_memo(lambda: tiles_for_browser(words), [words]),
        columns=tile_map.COLUMNS,
        rows=tile_map.ROWS,
        values=solara.use_memo(
            lambda: [rounded(line) for line in curves.shown(view)] if curves else [],
            [view.with_(month=0, town=0), curves is None],
        ),
        unclear=solara.use_memo(
            lambda: flags_for_browser(view, curves), [view.with_(month=0, town=0), curves is None]
        ),
        low=scale.low,
        high=scale.high,
        colours=[[ground, map_view.text_colour(ground)] for ground in inks],
        nothing=[map_view.NOTHING, map_view.INK],
        shown={
            "scale": measure.scale.factor,
            "decimals": measure.scale.decimals,
            "suffix": measure.scale.suffix,
            "signed": measure.scale.signed,
            "language": words.language,
        },
        legend=_legend(view, scale, measure, words),
        chosen=view.town,
        near=[each.code for each in near],
        month=view.month,
        last=MONTHS,
        words={
            "none": words("no_value"),
            "unclear": words("may_be_chance"),
            "play": words("play"),
            "pause": words("pause"),
            "month": words("after_start"),
            "one_month": words("month"),
            "months": words("months"),
            "year": words("year"),
            "years": words("years"),
        },
        event_pick=pick,
        event_go=go,
    )


def _legend(
    view: MapView, scale: map_view.ColourScale, measure: Measure, words: Words
) -> dict[str, Any]:
    outcome = outcome_of(view)
    labels = {"a": regime_label(view.a, words), "b": regime_label(view.b, words)}
    regime = {A: labels["a"], B: labels["b"]}.get(view.shown, "")
    under = words(f"of_{view.shown}", regime=regime, **labels)
    ends = [measure.text(value, words) for value in (scale.low, scale.high)]
    ends = [f"≤ {ends[0]}" if scale.below else ends[0], f"≥ {ends[1]}" if scale.above else ends[1]]
    middle = measure.text((scale.low + scale.high) / 2.0, words)
    sides: list[str] = []
    if view.shown == DIFFERENCE:
        keys = ("worse", "better") if outcome.direction else ("more_a", "more_b")
        sides = [words(key) for key in keys]
        if outcome.direction < 0:
            sides.reverse()
    return {
        "title": outcome.label(words.language),
        "sub": f"{under}; {measure.name}",
        "gradient": scale.gradient(),
        "ticks": [ends[0], middle, ends[1]],
        "sides": sides,
        "unclear": words("framed") if view.shown == DIFFERENCE else "",
    }


def key_of(view: MapView, scale: map_view.ColourScale, words: Words) -> Key:
    """The scale as a figure of the map has it."""
    measure = measure_of(outcome_of(view), words, view.shown == DIFFERENCE)
    legend = _legend(view, scale, measure, words)
    parts = (legend["sub"], time_of(view.month, words), legend["unclear"])
    about = "; ".join(part for part in parts if part)
    return Key(legend["title"], about, scale.ramp, legend["ticks"], legend["sides"])


@solara.component
def Detail(view: MapView, curves: Curves | None, words: Words, change: Change) -> None:
    """The chosen municipality, or the country: numbers, curves, neighbours."""
    here = tile_map.tiles()[map_view.place_of(view.town)].municipality if view.town else None
    scenario = scenario_of(view.one_in)
    with solara.Div(classes=["vf-tight"]):
        with solara.Div(classes=["vf-heading"]):
            Text("h2", here.name if here else words("country"), attributes={"id": "vf-town"})
            if here:
                Button(words("back_to_country"), lambda: change(town=0))
        if here is None:
            Text(
                "p",
                words("country_about", count=words.number(scenario.adults)),
                classes=["vf-soft", "vf-small"],
            )
        else:
            _facts(here, view, words)
        if curves is not None:
            _numbers(view, curves, words)
            _charts(view, curves, words)
        if here is None:
            Text("p", words("choose_one"), classes=["vf-soft", "vf-small"])
        else:
            _neighbours(view, curves, words, change)


def _facts(here: MunicipalityFigures, view: MapView, words: Words) -> None:
    place = map_view.place_of(here.code)
    adults = words.number(scenario_of(view.one_in).towns[place].adults)
    facts = (
        f"{kind_label(here, words)} · {here.region}",
        words("people", count=words.number(here.population)),
        words("simulated", count=adults),
    )
    with solara.Div(classes=["vf-facts"]):
        for fact in facts:
            Text("span", fact)


def _series(view: MapView, curves: Curves) -> tuple[Any, Any]:
    """The curves of the chosen municipality, or of the country, under A and B."""
    if not view.town:
        return curves.country_a, curves.country_b
    place = map_view.place_of(view.town)
    return curves.a[place], curves.b[place]


def _difference(view: MapView, curves: Curves) -> tuple[Any, Any]:
    """The difference by month, of a municipality the pooled one, and half its interval's width."""
    if not view.town:
        return curves.country_b - curves.country_a, curves.margins.country
    place = map_view.place_of(view.town)
    return curves.pooled.values[place], WIDTH * curves.pooled.errors[place]


def _numbers(view: MapView, curves: Curves, words: Words) -> None:
    outcome = outcome_of(view)
    level, gap = measure_of(outcome, words), measure_of(outcome, words, difference=True)
    a, b = (float(series[view.month]) for series in _series(view, curves))
    d, margin = (float(each[view.month]) for each in _difference(view, curves))
    sign = sign_of(d - margin, d + margin, outcome.direction)
    tone = COLOURS["unclear"] if sign is Sign.UNCLEAR else SIGNS[sign]
    when = time_of(view.month, words)
    Text("p", f"{outcome.label(words.language)}, {when}", classes=["vf-small", "vf-soft"])
    with solara.Div(classes=["vf-figures"]):
        Number(f"A · {regime_label(view.a, words)}", level.text(a, words), variable(COLOURS["a"]))
        Number(f"B · {regime_label(view.b, words)}", level.text(b, words), variable(COLOURS["b"]))
        Number(words("difference"), gap.text(d, words), variable(tone))
    interval = interval_text(d, margin, gap, words)
    if interval:
        unclear = abs(d) <= margin
        note = words("interval_unclear" if unclear else "interval_clear", interval=interval)
        Text("p", note, classes=["vf-small"], attributes={"id": "vf-interval"})


def _charts(view: MapView, curves: Curves, words: Words) -> None:
    outcome = outcome_of(view)
    level, gap = measure_of(outcome, words), measure_of(outcome, words, difference=True)
    a, b = _series(view, curves)
    thin: list[ChartLine] = []
    if view.town:
        for near in map_view.neighbours(view.town):
            values = curves.b[map_view.place_of(near.code)]
            thin.append(ChartLine(near.name, "#a9bccb", values, width=1.0))
    lines = [*thin, ChartLine("A", COLOURS["a"], a), ChartLine("B", COLOURS["b"], b)]
    place = tile_map.tiles()[map_view.place_of(view.town)].name if view.town else words("country")
    label = words("curve_label", outcome=outcome.label(words.language), place=place)
    Chart(line_chart(lines, words, level.axis, months=MONTHS), label, height="190px")
    Text(
        "p",
        f"{words('by_month', unit=level.name)}{'; ' + words('curve_neighbours') if thin else ''}",
        classes=["vf-small", "vf-soft"],
    )
    Text("h3", words("difference_curve"))
    difference, margin = _difference(view, curves)
    line = ChartLine(
        words("difference"), COLOURS["accent"], difference, difference - margin, difference + margin
    )
    option = line_chart([line], words, gap.axis, months=MONTHS, zero_line=True, include_zero=True)
    Chart(option, f"{label}: {words('difference')}", height="120px")
    Text("p", words("by_month_band", unit=gap.name), classes=["vf-small", "vf-soft"])


def _neighbours(view: MapView, curves: Curves | None, words: Words, change: Change) -> None:
    gap = measure_of(outcome_of(view), words, view.shown == DIFFERENCE)
    bare = replace(gap, scale=replace(gap.scale, suffix=""))
    Text("h3", words("neighbours"))
    Text("p", words("neighbours_help"), classes=["vf-small", "vf-soft"])
    rows = []
    for near in map_view.neighbours(view.town):
        place = map_view.place_of(near.code)
        value = float(curves.shown(view)[place, view.month]) if curves else float("nan")
        cells = [near.name, words.number(near.population), gap.text(value, words)]
        grounds = {}
        if curves is not None and view.shown == DIFFERENCE:
            error = float(curves.pooled.errors[place, view.month])
            cells.append(interval_text(value, WIDTH * error, bare, words))
            grounds = unclear_ink(bool(curves.unclear(view)[place, view.month]), 2, 3)
        rows.append(SheetRow(str(near.code), cells, grounds=grounds))
    heads = {A: "A", B: "B", DIFFERENCE: words("difference")}
    columns = [
        SheetColumn(words("municipality"), sort=False),
        SheetColumn(words("inhabitants"), right=True, sort=False),
        SheetColumn(heads[view.shown], right=True, sort=False),
    ]
    if curves is not None and view.shown == DIFFERENCE:
        title = words("interval_title")
        columns.append(SheetColumn(words("interval_head"), right=True, sort=False, title=title))
    Sheet(words("neighbours"), columns, rows, words, on_pick=lambda code: change(town=int(code)))
    if any(row.grounds for row in rows):
        Text("p", f"{words('grey_unclear')} {words('each_alone')}", classes=["vf-small", "vf-soft"])
