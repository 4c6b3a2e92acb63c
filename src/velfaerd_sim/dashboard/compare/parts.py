"""The parts of Compare's page: panel, verdict, chart heads; each one template in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from velfaerd_sim.dashboard.compare.chips import chips, without
from velfaerd_sim.dashboard.compare.enough import apart_from_hours
from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.money import ADULTS_TOLD, HOURS_A_POST, posts_of, price_text
from velfaerd_sim.dashboard.compare.runs import has_plausible_worlds
from velfaerd_sim.dashboard.compare.shocks import SHOCKS
from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.view import (
    ADULTS,
    HOURS,
    MONTHS,
    CompareView,
)
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import LARGEST_SEED
from velfaerd_sim.telling.words import Words

Change = dict[str, Any]
SAID = (
    *("governance", "adjusted", "from_file", "chips", "town", "type", "adults", "horizon"),
    *("hours_find", "hours_looking", "hours_enough", "kroner_label", "kroner_help"),
    *(
        "hours",
        "hours_unit",
        "shocks",
        "uncertain",
        "other_people",
        "swap",
        "adopt",
        "undo",
        "redo",
    ),
)
"""Words of the panel that are the same in every view."""
HELPED = ("hours", "kroner_label", "type", "adults", "horizon", "shocks", "uncertain")
"""Settings of the town that explain themselves behind a question mark."""


@solara.component_vue("../widgets/compare_panel.vue")
def _Panel(
    state: dict[str, Any],
    words: dict[str, str],
    options: dict[str, Any],
    language: str,
    event_send: Callable[[Change], None],
) -> None:
    """The panel's template."""


@solara.component
def Panel(state: CompareState, words: Words) -> None:
    """Both governances and the town; a change of any of them is checked and run."""
    view = state.view.value
    options = solara.use_memo(lambda: _options(words), [words.language])

    def send(change: Any) -> None:
        try:
            if isinstance(change, dict) and change.get("step") in ("undo", "redo"):
                (state.undo if change["step"] == "undo" else state.redo)()
                return
            if not isinstance(change, dict):
                raise InputError("", change, "a change of the view")
            if "price" in change:
                state.set_price(change["price"])
            elif "enough" in change:
                state.look_for_enough()
            elif "stay" in change:
                state.stay()
            elif "drag" in change:
                state.drag(changed(state.view.value, change, words))
            else:
                state.change(changed(state.view.value, change, words))
        except VelfaerdError as error:
            state.refuse(error)

    _Panel(
        state=_shown(view, words)
        | _of_hours(state, view, words)
        | dict(zip(("undo", "redo"), state.can, strict=True)),
        words=_labels(view, words),
        options={
            **options,
            "adults": _numbers(ADULTS, view.town.adults, words.number),
            "months": _numbers(MONTHS, view.months, words.duration),
        },
        language=words.language,
        event_send=send,
    )


def changed(view: CompareView, change: Change, words: Words) -> CompareView:
    """The view after one change from the browser, which may hold anything. Raises InputError."""
    if "chip" in change:
        return without(view, change["chip"], words)
    side = change.get("side")
    if side is not None and side not in ("a", "b"):
        raise InputError("side", side, "a or b")
    if side is not None and "regime" in change:
        return view.with_governance(side, Governance(change["regime"]))
    if side is not None and "reset" in change:
        return view.with_governance(side, Governance(view.governance(side).regime))
    if side is not None and "instrument" in change:
        moved = view.governance(side).with_instrument(change["instrument"], change.get("value"))  # type: ignore[arg-type]
        return view.with_governance(side, moved)
    if "hours" in change:
        return view.with_hours(change["hours"])
    if "type" in change:
        return replace(view, town=replace(view.town, kind=change["type"]))
    if "adults" in change:
        return replace(view, town=replace(view.town, adults=change["adults"]))
    if "months" in change:
        return replace(view, months=change["months"])
    if "shock" in change:
        return view.with_shocks(change["shock"], change.get("wanted") is True)
    if "worlds" in change:
        return replace(view, worlds=change["worlds"] is True)
    if "reseed" in change:
        return replace(view, seed=(view.seed + 1) % (LARGEST_SEED + 1))
    if "swap" in change:
        return replace(view, a=view.b, b=view.a)
    if "adopt" in change:
        return replace(view, a=view.b)
    raise InputError("", str(sorted(map(str, change))), "a change of the view")


def _shown(view: CompareView, words: Words) -> dict[str, Any]:
    def side(governance: Governance) -> dict[str, Any]:
        return {
            "regime": governance.regime,
            "own": governance.as_regime("x").label(words.language) if governance.is_own else "",
            "moved": bool(governance.moved),
            "instruments": governance.instruments,
        }

    return {
        "a": side(view.a),
        "b": side(view.b),
        "type": view.town.kind,
        "adults": view.town.adults,
        "months": view.months,
        "hours": view.hours,
        "shocks": list(view.shock_names()),
        "worlds": view.worlds,
        "chips": [
            {"key": c.key, "text": c.text, "remove": words("chip_remove", what=c.text)}
            for c in chips(view, words)
        ],
    }


def _of_hours(state: CompareState, view: CompareView, words: Words) -> dict[str, Any]:
    """What is known of hours: their price, and the range in which nothing more changes."""
    found = state.enough.value
    known = found is not None and found.view == apart_from_hours(view)
    return {
        "price": price_text(state.price.value, words.language),
        "looking": state.looking.value,
        "looked": known,
        "enough": found.hours if known and found is not None else None,
    }


def _labels(view: CompareView, words: Words) -> dict[str, str]:
    found = {key: words(key) for key in SAID}
    for side in ("a", "b"):
        found[f"governance_{side}"] = words("governance_of", side=side.upper())
        found[f"reset_{side}"] = words("reset", side=side.upper())
    hours = BY_NAME[HOURS]
    table = words("hours_table", low=words.number(hours.low), high=words.number(hours.high))
    kind = "plausible" if has_plausible_worlds() else "prior"
    return found | {
        "hours_help": words("hours_help", table=table),
        "posts": words("posts", hours="{hours}", posts="{posts}", adults=words.number(ADULTS_TOLD)),
        "posts_help": words("posts_help", month=words.number(HOURS_A_POST)),
        "hours_none": words("hours_none", hours=words.number(hours.high)),
        **{f"{k}_help_label": words("help", what=words(k)) for k in HELPED},
        "type_help": words("type_help"),
        "adults_help": words("adults_help"),
        "horizon_help": words("horizon_help", burn_in=words.duration(view.burn_in_months)),
        "uncertain_help": words(f"uncertain_help_{kind}"),
        "other_people_help": words("other_people_help", seed=view.seed),
    }


def _options(words: Words) -> dict[str, Any]:
    language = words.language
    hours = BY_NAME[HOURS]
    return {
        "regimes": [
            {
                "value": name,
                "label": regime.label(language),
                "summary": regime.summary_da if language == "da" else regime.summary_en,
            }
            for name, regime in REGIMES.items()
        ],
        "instruments": [_instrument(name, words) for name in INSTRUMENTS],
        "types": [{"value": k, "label": words(f"type_{k}")} for k in MUNICIPALITY_KINDS],
        "hours": {"low": hours.low, "high": hours.high, "posts": posts_of(1.0)},
        "shocks": [
            {"name": n, "label": words(f"shock_{n}"), "help": words(f"shock_{n}_help")}
            for n in SHOCKS
        ],
    }


def _instrument(name: str, words: Words) -> dict[str, str]:
    label = words.name("instrument", name)
    return {
        "name": name,
        "label": label,
        "help": words(f"{name}_help"),
        "help_label": words("help", what=label),
        "label_a": words("slider_of", what=label, side="A"),
        "label_b": words("slider_of", what=label, side="B"),
    }


def _numbers(
    usual: tuple[int, ...], value: int, write: Callable[[int], str]
) -> list[dict[str, str]]:
    """The usual numbers and the one that is set, as options."""
    return [{"value": str(n), "label": write(n)} for n in sorted({*usual, value})]


@solara.component_vue("../widgets/verdict.vue")
def VerdictCard(
    head: str,
    more: str,
    clear: bool,
    fresh: bool,
    count: int,
    planned: int,
    foot: str,
    precision: str,
    caveat: str,
    action: str,
    event_act: Callable[[Any], None],
) -> None:
    """The sentence, and how far the runs are; not fresh while it belongs to the last view."""


@solara.component_vue("../widgets/segments.vue")
def Segments(
    label: str, value: str, options: list[dict[str, str]], event_change: Callable[[str], None]
) -> None:
    """A choice between a few, side by side."""


@solara.component_vue("../widgets/legend.vue")
def Legend(items: list[dict[str, str]]) -> None:
    """Which colour is what."""


@solara.component_vue("../widgets/message.vue")
def Message(
    text: str, details: list[str], close_label: str, event_close: Callable[[Any], None]
) -> None:
    """A message that can be closed, with a list below it where there are details."""
