"""Compare takes what follows through the pages: the place with its worlds, the pair of governances.

What a link says goes first, what is carried second, what was on show last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.view import CompareView, view_from
from velfaerd_sim.dashboard.frame.carried import SIDES, Carried
from velfaerd_sim.dashboard.frame.stated_place import HOURS, KEYS, StatedPlace
from velfaerd_sim.dashboard.parts.place_studies import worlds_of
from velfaerd_sim.errors import VelfaerdError, refusal
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.towns import Town

USUAL_ADULTS = 2000
"""Adults of a place that are run at first; more can be chosen."""


def opened(
    values: Mapping[str, str], carried: Carried
) -> tuple[CompareView, tuple[VelfaerdError, ...]]:
    """The view of a link, with what is carried where the link says nothing.

    A link to worlds that were not learnt here is told as a fault, as other worlds are shown.
    """
    start = in_place(CompareView(), carried.place.peek())
    view, faults = view_from(values, with_pair(start, carried))
    wanted = values.get("own_worlds") == "1"
    if wanted and not view.own_worlds:
        faults += (VelfaerdError(refusal("worlds_gone")),)
    if says_something(values):
        view = replace(view, own_worlds=wanted and view.own_worlds)
    return view, faults


def says_something(values: Mapping[str, str]) -> bool:
    """Whether a link says more than its language and its place."""
    return bool(values.keys() - {"lang", *KEYS})


def followed(view: CompareView, values: Mapping[str, str], carried: Carried) -> CompareView:
    """The view that was left, or that of a link, with what was changed on other pages since."""
    if says_something(values):
        return opened(values, carried)[0]
    place = carried.place.peek()
    if view.place != place:
        view = in_place(view, place)
    elif place is not None and view.worlds and not view.own_worlds:
        view = replace(view, own_worlds=worlds_of(place) is not None)
    return with_pair(view, carried)


def with_pair(view: CompareView, carried: Carried) -> CompareView:
    """The view with the pair of governances that is carried."""
    pair = carried.pair.peek()
    for side, text in zip(SIDES, pair or (), strict=False):
        view = view.with_governance(side, Governance.from_text(text))
    return view


def in_place(view: CompareView, place: StatedPlace | None) -> CompareView:
    """The view in the town of a place, with its hours and, where they were learnt, its worlds.

    Without a place it is the usual town with the usual hours.
    """
    usual = CompareView()
    if place == view.place:
        return view
    town, hours = None, None
    if place is not None:
        town, hours = place.place.town, dict(place.numbers).get(HOURS)
    shown = usual.town
    if town is not None:
        adults = min(town.adults, USUAL_ADULTS)
        shown = Town(code=town.code, name=town.name, kind=town.kind, adults=adults)
    own = place is not None and worlds_of(place) is not None
    view = replace(view, place=place, town=shown, own_worlds=own)
    return view.with_hours(BY_NAME["hours_per_1000"].default if hours is None else hours)
