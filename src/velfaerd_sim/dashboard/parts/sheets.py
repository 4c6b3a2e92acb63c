"""Parts that the pages Map, Studies and Model share: tables, groups of buttons, notes, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import solara

from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.telling.words import Words


@cache
def pages_style() -> str:
    """The style sheet of these pages."""
    return files("velfaerd_sim.dashboard").joinpath("pages.css").read_text("utf-8")


@dataclass(frozen=True)
class SheetColumn:
    """A column of a table. right: numbers; wrap: long texts; code: names of the program."""

    label: str
    right: bool = False
    wrap: bool = False
    code: bool = False
    sort: bool = True
    title: str = ""
    width: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A row: its key, the texts of its cells, what they are sorted by, their grounds.

    keys: by column; a column that is not there is sorted by its text. grounds: (ground, ink) by
    column. also: what a search finds beside the texts.
    """

    id: str
    cells: Sequence[str]
    keys: Mapping[int, float | str | None] = field(default_factory=dict)
    grounds: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    also: str = ""

    def plain(self) -> dict[str, Any]:
        """The row as the browser takes it."""
        found: dict[str, Any] = {"id": self.id, "c": list(self.cells)}
        if self.keys:
            found["s"] = {str(place): key for place, key in self.keys.items()}
        if self.grounds:
            found["f"] = {str(place): list(colours) for place, colours in self.grounds.items()}
        if self.also:
            found["also"] = self.also
        return found


@solara.component_vue("../widgets/table.vue")
def _Sheet(
    label: str,
    columns: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    first: dict[str, Any],
    words: dict[str, str],
    height: str,
    pickable: bool,
    name: int,
    chosen: str,
    event_pick: Callable[[str], None],
) -> None:
    """The table's template."""


def Sheet(
    label: str,
    columns: Sequence[SheetColumn],
    rows: Sequence[SheetRow],
    words: Words,
    *,
    by: int = -1,
    down: bool = False,
    search: str = "",
    empty: str = "",
    counted: str = "",
    height: str = "",
    name: int = 0,
    chosen: str = "",
    on_pick: Callable[[str], None] | None = None,
) -> Any:
    """A table that is sorted by its heads and searched in the browser; texts are never markup.

    by, down: the column it is first sorted by, or -1 for the order of the rows. search: what the
    field says, '' for none. counted: a text with {shown} and {all}. on_pick: called with the key of
    a row that is chosen by its name, which stands in column `name`.
    """
    known = {row.id for row in rows}

    def checked(given: object) -> None:
        if on_pick is not None and isinstance(given, str) and given in known:
            on_pick(given)

    return _Sheet(
        label=label,
        columns=[{key: getattr(c, key) for key in c.__dataclass_fields__} for c in columns],
        rows=[row.plain() for row in rows],
        first={"by": by, "down": down},
        words={"search": search, "empty": empty, "count": counted, "language": words.language},
        height=height,
        pickable=on_pick is not None,
        name=name,
        chosen=chosen,
        event_pick=checked,
    )


@solara.component
def Group(
    label: str,
    value: str,
    options: Sequence[tuple[str, str]],
    on_change: Callable[[str], None],
    hide_label: bool = False,
) -> None:
    """Buttons in a row of which one is pressed; options: (value, label)."""
    with solara.Div(classes=["vf-tight"], style={"gap": "4px"}):
        Text("span", label, classes=["vf-hidden" if hide_label else "vf-field-label"])
        with solara.Div(classes=["vf-group"], attributes={"role": "group", "aria-label": label}):
            for key, shown in options:
                Button(shown, lambda key=key: on_change(key), pressed=key == value)  # type: ignore[misc]


@solara.component
def Alert(text: str, dismiss: str = "", on_dismiss: Callable[[], None] | None = None) -> None:
    """A note that something did not go as asked, and what to do."""
    with solara.Div(classes=["vf-message"], attributes={"role": "alert"}):
        Text("span", text)
        if on_dismiss is not None:
            with solara.Div(style={"margin-left": "auto"}):
                Button(dismiss, on_dismiss)


@solara.component
def Number(label: str, value: str, colour: str = "") -> None:
    """A number that is read at a glance, with what it is."""
    style = {"--vf-tone": colour} if colour else {}
    with solara.Div(classes=["vf-figure"], style=style):
        Text("div", value, classes=["vf-figure-value"])
        Text("div", label, classes=["vf-figure-label"])


@solara.component
def Progress(text: str, share: float, cancel: str = "", on_cancel: Any = None) -> None:
    """How far some work is, and a button that calls it off."""
    shown = f"{100.0 * min(1.0, max(0.0, share)):.0f}"
    bar = {
        "role": "progressbar",
        "aria-label": text,
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "aria-valuenow": shown,
    }
    with solara.Div(classes=["vf-running"]):
        with solara.Div(classes=["vf-tight"], style={"gap": "4px"}):
            Text("span", text, classes=["vf-small"], attributes={"aria-live": "polite"})
            with solara.Div(classes=["vf-progress"], attributes=bar):
                Text("i", "", attributes={"style": f"width: {shown}%"})
        if on_cancel is not None:
            Button(cancel, on_cancel)
