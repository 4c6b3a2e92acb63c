"""Charts as parts of a page: their heads, and the options that the browser draws.

Options go to the browser as text, since Solara walks through every number of what is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import solara

from velfaerd_sim.dashboard.parts.options import Option


@dataclass(frozen=True)
class Head:
    """What stands above a chart: title and unit; a difference, its tone (a class), its interval.

    before: what the difference was before the last move, and is.
    """

    title: str
    unit: str = ""
    delta: str = ""
    tone: str = ""
    interval: str = ""
    hint: str = ""
    before: str = ""


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
