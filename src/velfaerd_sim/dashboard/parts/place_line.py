"""One line on pages that take the place: whose town it is, and the way to what is stated of it."""

from __future__ import annotations

import solara

from velfaerd_sim.dashboard.frame.links import address_of
from velfaerd_sim.dashboard.frame.session import use_session, use_words
from velfaerd_sim.dashboard.parts.controls import Link, Text
from velfaerd_sim.dashboard.parts.place_studies import place_name


@solara.component
def PlaceLine(more: str = "") -> None:
    """The line; nothing where no place is carried. more: what else is said of it."""
    session, words = use_session(), use_words()
    router = solara.use_router()
    place = session.carried.place.value
    if place is None:
        return
    with solara.Div(classes=["vf-row", "vf-small", "vf-place-line"]):
        Text("span", words("place_line", name=place_name(place, words)))
        if more:
            Text("span", more, classes=["vf-soft"])
        if not session.embedded:
            Link(words("place_change"), address_of("municipality", session), router.push)
