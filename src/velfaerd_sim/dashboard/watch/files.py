"""What can be taken along from a watched town: scenarios, months, events, a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.dashboard.parts import downloads
from velfaerd_sim.dashboard.parts.downloads import DRAWING, File, table_file
from velfaerd_sim.dashboard.watch.events import MOVED
from velfaerd_sim.dashboard.watch.frames import NOBODY, SCALE, SCORE_BITS, VOLUNTEER_BIT
from velfaerd_sim.dashboard.watch.layout import (
    DEPARTMENT_LABEL_RADIUS,
    MOTIVATION_COLOURS,
    RESTING_COLOUR,
    SCORE_COLOURS,
)
from velfaerd_sim.dashboard.watch.town import SIDES, WatchTown
from velfaerd_sim.dashboard.watch.view import WatchView
from velfaerd_sim.dashboard.watch.words import age_label
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.model.frames import series
from velfaerd_sim.population.scale import LOWEST
from velfaerd_sim.population.schema import FREE
from velfaerd_sim.reporting.figures.town import Dots, Frame, TownPicture, draw_towns
from velfaerd_sim.reporting.files import parquet_bytes
from velfaerd_sim.telling.words import Words

KINDS = (
    *("scenario_a", "scenario_b"),
    *("months_csv", "months_xlsx", "months_parquet", "events_csv", "events_xlsx"),
    *("picture_svg", "picture_png"),
)
_BAND_LABELS = 0.985


def make(kind: str, town: WatchTown, view: WatchView, words: Words) -> File:
    """Make one of KINDS: the whole run so far, or the picture of the month on show.

    Raises InputError for another kind.
    """
    if kind not in KINDS:
        raise InputError("file", kind, refusal("one_of", names=", ".join(KINDS)))
    if kind.startswith("scenario_"):
        scenario = view.scenarios()[kind == "scenario_b"]
        return File(f"velfaerd-{kind[-1]}.toml", downloads.TOML, scenario.to_toml().encode())
    what, _, ending = kind.partition("_")
    if what == "events":
        table = events_table(town, view)
        return table_file("velfaerd-town-events", table, ending, words.language)
    if ending in ("csv", "xlsx"):
        table = months_table(town, view)
        return table_file("velfaerd-town-months", table, ending, words.language)
    if kind == "months_parquet":
        content = parquet_bytes(months_table(town, view))
        return File("velfaerd-town-months.parquet", downloads.PARQUET, content)
    with DRAWING:
        drawn = draw_towns(*picture(town, view, words))
    name = f"velfaerd-town-month-{view.month}"
    if kind == "picture_svg":
        return File(f"{name}.svg", downloads.SVG, drawn.svg.encode())
    return File(f"{name}.png", downloads.PNG, drawn.png)


def _names(view: WatchView) -> tuple[str, str]:
    one, other = view.regimes
    return one.name, other.name


def months_table(town: WatchTown, view: WatchView) -> pa.Table:
    """All outcomes by side and month, as far as the town was run; one row a side and month."""
    tables = []
    last = town.reached  # once for both sides: the town may be run on meanwhile
    for name, regime, side in zip(SIDES, _names(view), town.sides, strict=True):
        frame = series(side.simulation).iloc[: last + 1]
        frame.insert(0, "regime", regime)
        frame.insert(0, "side", name)
        tables.append(pa.Table.from_pandas(frame, preserve_index=False))
    return pa.concat_tables(tables).replace_schema_metadata(None)


def events_table(town: WatchTown, view: WatchView) -> pa.Table:
    """Everything that happened, one row an event; citizens and initiatives by their numbers."""
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
            *("side", "regime", "month", "event", "citizen", "initiative", "department"),
            *("companion", "former_initiative", "reason", "odds_factor"),
        )
    }
    last = town.reached
    for name, regime, side in zip(SIDES, _names(view), town.sides, strict=True):
        for month, frame in enumerate(side.frames[: last + 1]):
            for event in frame.events:
                other = None if event.other == FREE else event.other
                moved = event.kind == MOVED
                department = DEPARTMENTS[town.initiatives[event.initiative].department]
                values = (
                    *(name, regime, month, event.kind),
                    None if event.citizen == FREE else event.citizen + 1,
                    *(event.initiative, department),
                    None if moved or other is None else other + 1,
                    other if moved else None,
                    *(event.reason or None, event.odds if event.reason else None),
                )
                for column, value in zip(rows.values(), values, strict=True):
                    column.append(value)
    return pa.table(rows)


def _points(table: NDArray[np.uint16], x: int) -> NDArray[np.float64]:
    """Points on the page from columns x and x + 1 of a table of a frame."""
    points: NDArray[np.float64] = table[:, x : x + 2] / 32_767.0 - 1.0
    return points


def picture(
    town: WatchTown, view: WatchView, words: Words
) -> tuple[tuple[TownPicture, ...], Frame]:
    """Both towns in the month on show, and what stands around them."""
    month = min(view.month, town.reached)
    towns = tuple(_picture_of(town, which, month, view, words) for which in range(len(SIDES)))
    layout = town.layout
    labels = [
        (age_label(arc.band), 0.5 * (arc.start + arc.end), _BAND_LABELS, False)
        for arc in layout.bands
    ]
    for name, (x, y) in zip(DEPARTMENTS, layout.departments, strict=True):
        angle = float(np.arctan2(x, -y))
        labels.append((words.name("department", name), angle, DEPARTMENT_LABEL_RADIUS, True))
    when = words("clock", month=month, last=town.last)
    digest = "  ".join(
        f"{side} {scenario.digest()[:12]}"
        for side, scenario in zip(SIDES, view.scenarios(), strict=True)
    )
    foot = words("picture_foot", when=when, town=view.seed, digest=digest)
    alt = f"{when}: " + ", ".join(each.title for each in towns)
    return towns, Frame(layout.dot, layout.team_radius, labels, _key(view, words), foot, alt)


def _key(view: WatchView, words: Words) -> list[tuple[str, str]]:
    if view.colour == "motivation":
        ends = {0: words("low"), len(MOTIVATION_COLOURS) - 1: words("high")}
        colours = [(ends.get(k, ""), colour) for k, colour in enumerate(MOTIVATION_COLOURS)]
        return [(words("legend_motivation"), ""), *colours]
    colours = [(str(k + LOWEST), colour) for k, colour in enumerate(SCORE_COLOURS)]
    return [(words("legend_score"), ""), *colours]


def _picture_of(
    town: WatchTown, which: int, month: int, view: WatchView, words: Words
) -> TownPicture:
    frame = town.sides[which].frames[month]
    lonely = view.colour == "loneliness"
    scores = (frame.status & SCORE_BITS).astype(np.int64)
    at_home = (frame.status & VOLUNTEER_BIT) == 0
    seats = town.layout.seats
    if lonely:
        citizens = [
            Dots(seats[at_home & (scores == k)], colour) for k, colour in enumerate(SCORE_COLOURS)
        ]
    else:
        citizens = [Dots(seats[at_home], RESTING_COLOUR)]
    people, places = frame.volunteers[:, 0], _points(frame.volunteers, 2)
    shades = (
        scores[people]
        if lonely
        else np.clip((frame.volunteers[:, 4] / SCALE - 0.2) // 0.12, 0, 4).astype(np.int64)
    )
    colours = SCORE_COLOURS if lonely else MOTIVATION_COLOURS
    volunteers = [Dots(places[shades == k], colour) for k, colour in enumerate(colours)]
    title = f"{SIDES[which]}  {view.regimes[which].label(words.language)}"
    links = _links(town, which, month)
    return TownPicture(title, citizens, volunteers, _points(frame.initiatives, 2), links)


def _links(town: WatchTown, which: int, month: int) -> NDArray[np.float64]:
    """From participants to their companion, or to the initiative in a group; (n, 2, 2)."""
    frame = town.sides[which].frames[month]
    companions = dict(
        zip(frame.volunteers[:, 0].tolist(), _points(frame.volunteers, 2), strict=True)
    )
    hubs = dict(zip(frame.initiatives[:, 0].tolist(), _points(frame.initiatives, 2), strict=True))
    lines = [
        (town.layout.seats[citizen], hubs[number] if other == NOBODY else companions[other])
        for citizen, other, number in frame.participants.tolist()
    ]
    return np.array(lines, float).reshape(-1, 2, 2)
