"""Controls: labelled, reachable by keyboard, with the help of the parameter table.

They are plain HTML inputs in small templates: one message to the server when a slider is let go,
none while it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from velfaerd_sim.dashboard.frame.links import path_of, query_in
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.telling.words import Words

STEPPED = ("compare",)
"""Pages whose views the browser's Back steps through."""


@solara.component_vue("../widgets/header.vue")
def _Header(
    pages: list[dict[str, Any]],
    language: str,
    words: dict[str, str],
    title: str,
    address: str,
    steps: bool,
    bare: bool,
    event_back: Callable[[str], None],
    event_go: Callable[[str], None],
    event_say: Callable[[str], None],
) -> None:
    """The header's template."""


def Header(
    current: str,
    pages: Sequence[str],
    session: Session,
    words: Words,
    push: Callable[[str], None],
    address: str,
) -> Any:
    """Brand, pages and language; keeps the address of the view in the browser's address bar."""
    found = []
    for name in pages:
        path = path_of(name)
        query = query_in(name, session)
        href = path + (f"?{query}" if query else "")
        found.append({"path": href, "href": href, "label": words(name), "current": name == current})

    def say(language: str) -> None:
        if language in ("da", "en"):
            session.language.value = language

    return _Header(
        pages=found,
        language=words.language,
        words={
            key: words(key)
            for key in ("name", "tagline", "pages", "language", "skip", "skip_result")
        },
        title=f"{words(current)} · {words('name')}",
        address=address,
        steps=current in STEPPED,
        bare=session.embedded,
        event_back=lambda query: session.went_back(current, query),
        event_go=push,
        event_say=say,
    )


@solara.component
def Notice(title: str, text: str, detail: str = "") -> None:
    """A page's empty, waiting or error state: what is the case, and what to do."""
    with solara.Div(classes=["vf-card", "vf-notice"], attributes={"role": "status"}):
        Text("h2", title)
        Text("p", text)
        if detail:
            Text("p", detail, classes=["vf-soft", "vf-small"])


@solara.component_vue("../widgets/text.vue")
def _Text(tag: str, text: str, classes: list[str], attributes: dict[str, str]) -> None:
    """The text's template."""


def Text(
    tag: str, text: str, classes: Sequence[str] = (), attributes: Mapping[str, str] | None = None
) -> Any:
    """A text in an element of its own; shown as it is, never read as markup."""
    return _Text(tag=tag, text=text, classes=list(classes), attributes=dict(attributes or {}))


@solara.component_vue("../widgets/slider.vue")
def _Slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float,
    shown: dict[str, Any],
    help: str,
    help_label: str,
    tone: str,
    disabled: bool,
    event_change: Callable[[float], None],
) -> None:
    """The slider's template."""


def Slider(
    label: str,
    value: float,
    on_change: Callable[[float], None],
    words: Words,
    *,
    low: float = 0.0,
    high: float = 1.0,
    step: float = 0.05,
    decimals: int = 2,
    suffix: str = "",
    help: str = "",
    tone: str = "",
    disabled: bool = False,
) -> Any:
    """A labelled slider; on_change is called when it is let go, with a value inside its range."""

    def checked(given: object) -> None:
        if isinstance(given, int | float) and low <= given <= high:
            on_change(float(given))

    return _Slider(
        label=label,
        value=value,
        low=low,
        high=high,
        step=step,
        shown={"decimals": decimals, "suffix": suffix, "language": words.language},
        help=help,
        help_label=words("help", what=label),
        tone=tone,
        disabled=disabled,
        event_change=checked,
    )


@solara.component_vue("../widgets/select.vue")
def _Select(
    label: str,
    value: str,
    options: list[dict[str, str]],
    help: str,
    help_label: str,
    hide_label: bool,
    event_change: Callable[[str], None],
) -> None:
    """The menu's template."""


def Select(
    label: str,
    value: str,
    options: Sequence[tuple[str, str]],
    on_change: Callable[[str], None],
    words: Words,
    *,
    help: str = "",
    hide_label: bool = False,
) -> Any:
    """A labelled menu of (value, label) pairs; on_change is called with one of the values."""
    known = {key for key, _ in options}

    def checked(given: object) -> None:
        if given in known:
            on_change(str(given))

    return _Select(
        label=label,
        value=value,
        options=[{"value": key, "label": shown} for key, shown in options],
        help=help,
        help_label=words("help", what=label),
        hide_label=hide_label,
        event_change=checked,
    )


@solara.component_vue("../widgets/button.vue")
def _Button(
    label: str,
    primary: bool,
    pressed: bool | None,
    disabled: bool,
    title: str,
    event_click: Callable[[Any], None],
) -> None:
    """The button's template."""


def Button(
    label: str,
    on_click: Callable[[], None],
    *,
    primary: bool = False,
    pressed: bool | None = None,
    disabled: bool = False,
    title: str = "",
) -> Any:
    """A button; pressed (True or False) makes it one that stays in."""
    return _Button(
        label=label,
        primary=primary,
        pressed=pressed,
        disabled=disabled,
        title=title,
        event_click=lambda _: on_click(),
    )


@solara.component_vue("../widgets/switch.vue")
def _Switch(
    label: str, value: bool, help: str, help_label: str, event_change: Callable[[bool], None]
) -> None:
    """The switch's template."""


def Switch(
    label: str, value: bool, on_change: Callable[[bool], None], words: Words, *, help: str = ""
) -> Any:
    """A labelled switch."""
    return _Switch(
        label=label,
        value=value,
        help=help,
        help_label=words("help", what=label),
        event_change=lambda given: on_change(bool(given)),
    )


def parameter_help(name: str, words: Words) -> str:
    """The help of a parameter: its unit, range and source from the table."""
    parameter = BY_NAME[name]
    return words(
        "parameter_help",
        unit=parameter.unit,
        low=words.number(parameter.low, 0 if parameter.low == int(parameter.low) else 2),
        high=words.number(parameter.high, 0 if parameter.high == int(parameter.high) else 2),
        source=parameter.source,
    )


@solara.component_vue("../widgets/field.vue")
def _Field(
    label: str,
    value: str,
    usual: str,
    wrong: str,
    help: str,
    help_label: str,
    event_change: Callable[[str], None],
) -> None:
    """The field's template."""


def Field(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    words: Words,
    *,
    unit: str = "",
    usual: str = "",
    wrong: str = "",
    help: str = "",
) -> Any:
    """A labelled field for a number; on_change is called with the text when it is left.

    usual: shown pale while the field is empty; wrong: the sentence that stands below it.
    """

    def given(text: object) -> None:
        if isinstance(text, str):
            on_change(text[:40])

    return _Field(
        label=f"{label} ({unit})" if unit else label,
        value=value,
        usual=usual,
        wrong=wrong,
        help=help,
        help_label=words("help", what=label),
        event_change=given,
    )


@solara.component_vue("../widgets/link.vue")
def _Link(label: str, href: str, look: str, event_go: Callable[[str], None]) -> None:
    """The link's template."""


def Link(label: str, href: str, push: Callable[[str], None], *, look: str = "") -> Any:
    """A link to a view of the dashboard; with Ctrl it opens in another tab, as links do."""
    return _Link(label=label, href=href, look=look, event_go=lambda _: push(href))
