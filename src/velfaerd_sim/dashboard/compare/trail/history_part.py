"""The part of Compare's page that lists the runs of the session, one click back each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from velfaerd_sim.dashboard.compare.chips import chips
from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.trail.history import LONGEST_NAME, KeptRun, named, run_of
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.compare.words import difference_text
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.telling.words import Words

TOLD = "lonely_share"
"""The outcome by which a run is told from another."""


@solara.component_vue("../../widgets/history.vue")
def _History(
    words: dict[str, str],
    rows: list[dict[str, Any]],
    longest: int,
    event_go: Callable[[Any], None],
    event_name: Callable[[Any], None],
) -> None:
    """The list's template."""


@solara.component
def History(state: CompareState, words: Words) -> None:
    """The runs of the session, the newest first."""
    runs, view = state.history.value, state.view.value

    def go(number: object) -> None:
        run = run_of(state.history.peek(), number)
        if run is not None:
            state.change(run.view)

    def name(given: object) -> None:
        if isinstance(given, dict):
            runs = state.history.peek()
            state.history.value = named(runs, given.get("number"), given.get("name"))

    keys = ("title", "what", "empty", "name", "save", "cancel", "now")
    _History(
        words={key: words(f"history_{key}") for key in keys},
        rows=[_row(run, view, words) for run in reversed(runs)],
        longest=LONGEST_NAME,
        event_go=go,
        event_name=name,
    )


def _row(run: KeptRun, view: CompareView, words: Words) -> dict[str, Any]:
    difference, interval = difference_text(TOLD, run.result.findings[TOLD], words)
    what = described(run.view, words)
    number = words.number(run.number)
    label = run.name or what
    return {
        "number": run.number,
        "label": label,
        "name": run.name,
        "what": what if run.name else "",
        "said": words("history_said", difference=difference, interval=interval),
        "rename": words("history_rename", number=number),
        "name_of": words("history_name_of", number=number),
        "now": run.view == view,
    }


def described(view: CompareView, words: Words) -> str:
    """What was compared, in a line: both governances, and what of the town is not as usual."""
    one, other = (governed(side, words) for side in (view.a, view.b))
    usual = CompareView()
    parts = [words("history_pair", a=one, b=other)]
    if view.town.kind != usual.town.kind:
        parts.append(words(f"type_{view.town.kind}"))
    if view.town.adults != usual.town.adults:
        parts.append(words("history_adults", count=words.number(view.town.adults)))
    if view.months != usual.months:
        parts.append(words.duration(view.months))
    if view.hours != usual.hours:
        parts.append(f"{words.number(view.hours)}{words('hours_unit')}")
    parts += [words(f"shock_{name}") for name in view.shock_names()]
    parts += [chip.text for chip in chips(view, words)]
    if not view.worlds:
        parts.append(words("history_one_world"))
    if view.replicates != usual.replicates:
        parts.append(words("history_pairs", count=words.number(view.replicates)))
    return ", ".join(parts)


def governed(governance: Governance, words: Words) -> str:
    """A governance by its name, with the instruments that were moved."""
    label = governance.as_regime("x").label(words.language)
    regime = REGIMES.get(governance.regime)
    if governance.is_own or regime is None or not governance.moved:
        return label
    now = governance.instruments
    moved = [
        f"{words.name('instrument', name)} {words.number(now[name], 2)}"
        for name in INSTRUMENTS
        if now[name] != getattr(regime, name)
    ]
    return f"{regime.label(words.language)} ({', '.join(moved)})"
