"""Settings of a view that no control shows: each as a chip with a cross that takes it away.

What comes by a link or a file and is run is also seen, and can be undone one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from velfaerd_sim.dashboard.compare.shocks import packaged_shocks
from velfaerd_sim.dashboard.compare.view import HOURS, CompareView
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.shocks import Shock
from velfaerd_sim.telling.words import Words


@dataclass(frozen=True)
class Chip:
    """A setting: its key, what it says, and the view without it."""

    key: str
    text: str
    without: CompareView


def chips(view: CompareView, words: Words) -> list[Chip]:
    """The settings of a view that no control shows. words: with the texts of Compare."""
    return [*_of_sides(view, words), *_of_town(view, words), *_of_parameters(view, words)]


def without(view: CompareView, key: object, words: Words) -> CompareView:
    """The view without the setting of a chip. Raises InputError for an unknown key."""
    for chip in chips(view, words):
        if chip.key == key:
            return chip.without
    raise InputError("chip", str(key), "the key of a setting that is shown")


def own_shocks(view: CompareView) -> tuple[Shock, ...]:
    """The shocks that belong to no packaged scenario that is switched on."""
    known = [shock for name in view.shock_names() for shock in packaged_shocks(name)]
    return tuple(shock for shock in view.shocks if shock not in known)


def _of_sides(view: CompareView, words: Words) -> Iterator[Chip]:
    for side in ("a", "b"):
        governance = view.governance(side)
        if governance.espoused_gap is not None:
            text = _said(
                words, words("chip_gap", side=side.upper()), words.plain(governance.espoused_gap)
            )
            yield Chip(f"gap_{side}", text, view.with_governance(side, governance.without_gap()))


def _of_town(view: CompareView, words: Words) -> Iterator[Chip]:
    usual = CompareView()
    town, known = view.town, usual.town
    if view.place is None and (town.code, town.name) != (known.code, known.name):
        as_usual = replace(view, town=replace(town, code=known.code, name=known.name))
        yield Chip("town", _said(words, words("chip_town"), f"{town.name} ({town.code})"), as_usual)
    values = {
        "burn_in_months": _said(words, words("chip_burn_in"), words.duration(view.burn_in_months)),
        "seed": _said(words, words("chip_seed"), str(view.seed)),
        "policy_review": words("chip_policy_review"),
        "local_variation": words("chip_local_variation"),
    }
    for key, text in values.items():
        if getattr(view, key) != getattr(usual, key):
            changes: dict[str, Any] = {key: getattr(usual, key)}
            yield Chip(key, text, replace(view, **changes))
    for place, shock in enumerate(own_shocks(view)):
        left = tuple(each for each in view.shocks if each is not shock)
        text = words(f"chip_shock_{shock.kind}", month=words.number(shock.month))
        yield Chip(f"shock_{place}", text, replace(view, shocks=left))


def _of_parameters(view: CompareView, words: Words) -> Iterator[Chip]:
    for name, value in view.parameters:
        if name != HOURS:
            left = tuple(pair for pair in view.parameters if pair[0] != name)
            text = _said(words, words.name("parameter", name), words.plain(value))
            yield Chip(f"set_{name}", text, replace(view, parameters=left))


def _said(words: Words, what: str, value: str) -> str:
    return words("chip_value", what=what, value=value)
