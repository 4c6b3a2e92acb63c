"""What follows somebody through the pages: their municipality, and the two governances compared."""

from __future__ import annotations

from collections.abc import Mapping

import solara

from velfaerd_sim.dashboard.frame.stated_place import StatedPlace, place_in
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.regimes import STATUS_QUO

COMPARING = ("compare", "watch", "map")
"""Pages that set two governances side by side; their links hold them under `a` and `b`."""
SIDES = ("a", "b")
USUAL = (STATUS_QUO, "facilitative_dialogue")
"""The governances that are compared where nobody chose others."""


class Carried:
    """One place and one pair of governances for all pages of a session.

    place: as somebody stated it, or None; pair: the governances under A and B as they stand in
    links, or None until a page has shown some; faults: what could not be read in the first link.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        """values: those of the link that the session begins with."""
        place, self.faults = place_in(values)
        self.place: solara.Reactive[StatedPlace | None] = solara.Reactive(place)
        self.pair: solara.Reactive[tuple[str, str] | None] = solara.Reactive(None)
        self._govern(place)

    def take_faults(self) -> tuple[VelfaerdError, ...]:
        """What could not be read in the first link, told once."""
        faults, self.faults = self.faults, ()
        return faults

    def state(self, place: StatedPlace | None) -> None:
        """Let another place follow; one of which nothing is stated is none."""
        before = self.place.peek()
        self.place.value = None if place is None or place.says_nothing else place
        if place is not None and (before is None or before.governance != place.governance):
            self._govern(place)

    def _govern(self, place: StatedPlace | None) -> None:
        """Let how a place is governed today be the governance that others are set against."""
        if place is not None and place.governance is not None:
            other = self.pair.peek()
            self.pair.value = (place.governance, USUAL[1] if other is None else other[1])

    def compare(self, a: str, b: str) -> None:
        """Let another pair follow."""
        if self.pair.peek() != (a, b):
            self.pair.value = (a, b)

    def query(self) -> dict[str, object]:
        """The values of the place in a link; none where there is no place."""
        place = self.place.value
        return {} if place is None else place.query()

    def of_page(self, page: str, values: Mapping[str, str]) -> dict[str, object]:
        """The values of a page's link with the pair that is carried."""
        pair = self.pair.value
        if page not in COMPARING or pair is None:
            return dict(values)
        return {**values, **dict(zip(SIDES, pair, strict=True))}
