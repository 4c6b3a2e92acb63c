"""What the player in the browser is sent: the town once, months in pieces, a life when asked.

Arrays of numbers travel as the base64 text of their little-endian bytes; everything else is plain
JSON. Month by month a side of 2 000 citizens takes about 5 kB.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.watch.frames import TownFrame
from velfaerd_sim.dashboard.watch.layout import MOTIVATION_COLOURS, SCORE_COLOURS
from velfaerd_sim.dashboard.watch.recovery import chosen
from velfaerd_sim.dashboard.watch.town import SERIES, SIDES, Side, WatchTown
from velfaerd_sim.dashboard.watch.words import (
    age_label,
    initiative_label,
    life_lines,
    month_lines,
    person,
    recovered_text,
    recovery_lines,
)
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.words import Words

LONGEST_CHUNK = 40
"""Months in one message."""

_UNITS = {"volunteers_per_1000": (1.0, 0, ""), "motivation_mean": (1.0, 2, "")}
_PERCENT = (100.0, 1, "%")


def _text(array: NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode("ascii")


def town_message(town: WatchTown, words: Words, titles: tuple[str, str]) -> dict[str, Any]:
    """The town as it is drawn: seats, arcs of age bands, departments, and what A and B are.

    titles: what the governances A and B are called.
    """
    layout = town.layout
    return {
        "citizens": town.citizens,
        "last": town.last,
        "seats": _text(np.round((layout.seats + 1.0) * 32_767.0), "<u2"),
        "dot": layout.dot,
        "team": layout.team_radius,
        "score_colours": SCORE_COLOURS,
        "motivation_colours": MOTIVATION_COLOURS,
        "bands": [
            {"label": age_label(arc.band), "start": arc.start, "end": arc.end}
            for arc in layout.bands
        ],
        "departments": [
            {"label": words.name("department", name), "x": float(x), "y": float(y)}
            for name, (x, y) in zip(DEPARTMENTS, layout.departments, strict=True)
        ],
        "sides": [
            {"name": name, "title": title} for name, title in zip(SIDES, titles, strict=True)
        ],
        "series": [_series_about(name, words) for name in SERIES],
    }


def _series_about(name: str, words: Words) -> dict[str, Any]:
    scale, decimals, suffix = _UNITS.get(name, _PERCENT)
    if suffix and words.language == "da":
        suffix = "\u00a0%"
    label = OUTCOMES[INDEX[name]].label(words.language)
    if name == "volunteers_per_1000":
        label = words("series_volunteers", label=label)
    return {"label": label, "scale": scale, "decimals": decimals, "suffix": suffix}


def chunk_message(town: WatchTown, words: Words, first: int, until: int) -> dict[str, Any]:
    """The months first .. until as far as they were run, at most LONGEST_CHUNK of them."""
    first = min(max(first, 0), town.reached)
    until = min(until, town.reached, first + LONGEST_CHUNK - 1)
    series = town.series(until)[:, first:]
    return {
        "first": first,
        "count": until - first + 1,
        "sides": [_side_message(side, town, words, first, until) for side in town.sides],
        "series": [
            [[_finite(value) for value in series[which, :, k]] for k in range(len(SERIES))]
            for which in range(len(SIDES))
        ],
        "initiatives": {
            str(number): initiative_label(initiative, words)
            for number, initiative in town.initiatives.items()
        },
    }


def _finite(value: float) -> float | None:
    return round(float(value), 5) if math.isfinite(value) else None


def _side_message(
    side: Side, town: WatchTown, words: Words, first: int, until: int
) -> dict[str, Any]:
    frames = side.frames[first : until + 1]
    message: dict[str, Any] = {
        name: _rows(frames, name) for name in ("volunteers", "initiatives", "participants")
    }
    message["status"] = _text(np.stack([frame.status for frame in frames]), "u1")
    message["log"] = [
        [list(line[1:]) for line in month_lines(first + k, frame.events, town, words)]
        for k, frame in enumerate(frames)
    ]
    message["crossed"] = [[frame.onsets, frame.recoveries] for frame in frames]
    return message


def _rows(frames: list[TownFrame], name: str) -> dict[str, Any]:
    """Tables of several months as one, with the number of rows of each."""
    tables = [getattr(frame, name) for frame in frames]
    return {
        "counts": [len(table) for table in tables],
        "values": _text(np.concatenate(tables), "<u2"),
    }


def life_message(town: WatchTown, words: Words, citizen: int) -> dict[str, Any]:
    """A citizen and what happened on both sides in all months run so far.

    Raises InputError for a citizen who is not there.
    """
    life = town.life(citizen, town.reached)
    about = words("life_about", age=age_label(life.age_band), ties=words.number(len(life.ties)))
    return {
        "citizen": citizen,
        "until": town.reached,
        "name": person(citizen, words),
        "about": about,
        "ties": life.ties.tolist(),
        "lines": [
            [[line.month, line.kind, line.text] for line in life_lines(life, which, town, words)]
            for which in range(len(SIDES))
        ],
        "recovered": [
            [[line.month, line.text] for line in recovery_lines(citizen, which, town, words)]
            for which in range(len(SIDES))
        ],
    }


def recovered_message(
    town: WatchTown, words: Words, until: int, shown: int | None
) -> dict[str, Any]:
    """Somebody who had recovered for good by a month, and how many there are.

    shown: the citizen on show, whose successor is wanted.
    """
    until = min(max(until, 0), town.reached)
    found = chosen(town.recoveries(until), shown)
    return {
        "citizen": None if found is None else found.citizen,
        "said": recovered_text(town, until, words),
        "month": until,
    }
