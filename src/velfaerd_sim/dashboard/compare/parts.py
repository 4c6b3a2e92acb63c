"""The parts of Compare's page: panel, verdict, chart heads; each one template in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from velfaerd_sim.dashboard.compare.runs import has_plausible_worlds
from velfaerd_sim.dashboard.compare.shocks import SHOCKS, packaged_shocks
from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.view import (
    ADULTS,
    HOURS,
    LONGEST_SEED,
    MONTHS,
    CompareView,
    Governance,
)
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.telling.words import Words

Change = dict[str, Any]
HELPED = ("hours", "type", "adults", "horizon", "shocks", "uncertain")
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
            if not isinstance(change, dict):
                raise InputError("", change, "a change of the view")
            state.change(changed(state.view.value, change))
        except VelfaerdError as error:
            state.refuse(error)

    _Panel(
        state=_shown(view),
        words=_labels(view, words),
        options={
            **options,
            "adults": _numbers(ADULTS, view.town.adults, words.number),
            "months": _numbers(MONTHS, view.months, words.duration),
        },
        language=words.language,
        event_send=send,
    )


def changed(view: CompareView, change: Change) -> CompareView:
    """The view after one change from the browser, which may hold anything. Raises InputError."""
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
        return replace(view, seed=(view.seed + 1) % LONGEST_SEED)
    if "swap" in change:
        return replace(view, a=view.b, b=view.a)
    raise InputError("", str(sorted(map(str, change))), "a change of the view")


def _shown(view: CompareView) -> dict[str, Any]:
    def side(governance: Governance) -> dict[str, Any]:
        return {
            "regime": governance.regime,
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
    }


def _labels(view: CompareView, words: Words) -> dict[str, str]:
    keys = ("governance", "adjusted", "town", "type", "adults", "horizon", "hours", "hours_unit")
    found = {key: words(key) for key in (*keys, "shocks", "uncertain", "other_people", "swap")}
    for side in ("a", "b"):
        found[f"governance_{side}"] = words("governance_of", side=side.upper())
        found[f"reset_{side}"] = words("reset", side=side.upper())
    hours = BY_NAME[HOURS]
    table = words("hours_table", low=words.number(hours.low), high=words.number(hours.high))
    kind = "plausible" if has_plausible_worlds() else "prior"
    own = len(view.shocks) - sum(len(packaged_shocks(name)) for name in view.shock_names())
    return found | {
        "hours_help": words("hours_help", table=table),
        **{f"{k}_help_label": words("help", what=words(k)) for k in HELPED},
        "type_help": words("type_help"),
        "adults_help": words("adults_help"),
        "horizon_help": words("horizon_help", burn_in=words.duration(view.burn_in_months)),
        "uncertain_help": words(f"uncertain_help_{kind}"),
        "other_people_help": words("other_people_help", seed=view.seed),
        "other_shocks": words("other_shocks", count=own) if own else "",
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
        "hours": {"low": hours.low, "high": hours.high},
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
