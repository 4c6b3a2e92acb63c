"""The design of a study of a place: what was asked for, checked once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.places import LEVER, Place, load_place
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import PLAUSIBLE, USUAL_WORLDS, World, Worlds
from velfaerd_sim.instruments.replicates import MOST_REPLICATES
from velfaerd_sim.studies.compare.design import (
    REPLICATES_IN_A_WORLD,
    ComparisonDesign,
    Governance,
    changed_scenario,
)
from velfaerd_sim.studies.place.learning import own_names
from velfaerd_sim.studies.place.work import HERE, NATION, Shared

LARGEST = 5000
"""Adults that are simulated at most unless told otherwise."""
FEWEST_WORLDS = 20


@dataclass(frozen=True)
class PlaceDesign:
    """A study of a place that was checked.

    place; base: the scenario of the nation that regimes are compared in, under the status quo;
    adults: simulated, of the place; national: worlds, of which each is read once; regimes: that are
    compared with the governance of today; replicates: in each world of the comparison.
    """

    place: Place
    base: Scenario
    adults: int
    national: Worlds
    regimes: tuple[Timeline, ...]
    replicates: int

    @cached_property
    def scenario(self) -> Scenario:
        """The place, governed as today."""
        return self.place.scenario(self.base, self.adults)

    @cached_property
    def timelines(self) -> tuple[Timeline, ...]:
        """The governance of today, and the regimes that differ from it."""
        return self._after(self.place.governing.timeline)

    def _after(self, first: Timeline) -> tuple[Timeline, ...]:
        return (first, *(each for each in self.regimes if each.name != first.name))

    @cached_property
    def shared(self) -> Shared:
        """What all tasks share."""
        true = self.adults if self.place.town is None else self.place.town.adults
        ids = tuple(each.id for each in self.place.figures)
        timelines = {HERE: self.timelines, NATION: self.everywhere.timelines}
        own = self.place.governing
        return Shared(self.scenario, self.everywhere.scenario, timelines, own, ids, true)

    def here(self, worlds: Worlds) -> ComparisonDesign:
        """The comparison of the place, over some of its worlds, with today as the baseline."""
        return self._comparison(self.scenario, self.timelines, worlds)

    @cached_property
    def everywhere(self) -> ComparisonDesign:
        """The comparison of the nation: the same regimes against the status quo."""
        timelines = self._after(Timeline.of(REGIMES[STATUS_QUO]))
        return self._comparison(self.base, timelines, some_of(self.national, self.base.seed))

    def _comparison(
        self, scenario: Scenario, timelines: tuple[Timeline, ...], worlds: Worlds
    ) -> ComparisonDesign:
        count = self.replicates * len(worlds)
        scenario = scenario.with_(regime=timelines[0])
        return ComparisonDesign(scenario, timelines, count, worlds=worlds)

    @property
    def is_national(self) -> bool:
        """Whether all of the study is that of the nation, so that nothing need be run twice."""
        plain = self.timelines == self.everywhere.timelines and self.place.says_nothing
        return plain and self.scenario.towns == self.base.towns and not any(self.place.governing.sd)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in the record; the worlds by name and digest."""
        text = self.national.csv()
        return {
            "kind": "place",
            "place": self.place.to_dict(),
            "base": self.base.to_dict(),
            "adults": self.adults,
            "worlds": {
                "name": self.national.name,
                "number": len(self.national),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            },
            "regimes": [each.to_dict() for each in self.regimes],
            "replicates": self.replicates,
        }


def some_of(worlds: Worlds, seed: int) -> Worlds:
    """The worlds that a comparison takes: all where they are few and even, else a sample of 100."""
    if worlds.is_even and len(worlds) <= USUAL_WORLDS:
        return worlds
    return worlds.sample(USUAL_WORLDS, seed)


def checked_place(
    place: str | Path | Mapping[str, Any] | Place,
    *,
    regimes: Sequence[Governance] | None = None,
    worlds: str | Path | Worlds | None = None,
    replicates: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
) -> PlaceDesign:
    """Check everything that a study of a place is asked for. Raises InputError.

    regimes: that are compared with today's governance, all named ones without. worlds: of the
    nation, "plausible" unless told otherwise, all of a set. adults: how many are simulated, at most
    5 000 of the place's unless told otherwise.
    """
    found = load_place(place)
    base = changed_scenario("baseline", STATUS_QUO, months, None, seed, parameters)
    chosen = _worlds(worlds, base, found)
    size = base.adults if found.town is None else min(found.town.adults, LARGEST)
    if adults is not None:
        size = base.with_(adults=adults).adults
        base = base.with_(adults=adults)
    timelines = tuple(map(load_timeline, REGIMES)) if regimes is None else _regimes(regimes)
    own = found.governing.timeline.name
    for number, each in enumerate(timelines, start=1):
        if each.name == own and each != found.governing.timeline:
            raise InputError(f"regimes[{number}]", own, "a name other than that of today")
    if not [each for each in timelines if each.name not in (own, STATUS_QUO)]:
        raise InputError("regimes", own, "a regime other than that of today")
    count = REPLICATES_IN_A_WORLD if replicates is None else replicates
    count = checks.whole(count, "replicates", 1, MOST_REPLICATES // USUAL_WORLDS)
    return PlaceDesign(found, base, size, chosen, timelines, count)


def _worlds(reference: str | Path | Worlds | None, base: Scenario, place: Place) -> Worlds:
    chosen = Worlds.load(PLAUSIBLE if reference is None else reference, base.seed)
    if len(chosen) < FEWEST_WORLDS:
        raise InputError("worlds", len(chosen), f"at least {FEWEST_WORLDS} worlds")
    for name in own_names(place):
        if name in dict(base.parameters):
            given = "hours" if name == LEVER else name
            raise InputError(
                f"parameters.{name}",
                dict(base.parameters)[name],
                f"it once; the place states {given}",
            )
    numbers = [world.number for world in chosen]
    if len(set(numbers)) < len(numbers):  # drawn several times: each by itself
        chosen = Worlds(
            chosen.name,
            tuple(World(k, w.weight, w.parameters) for k, w in enumerate(chosen)),
        )
    return chosen.without(dict(base.parameters))


def _regimes(regimes: Iterable[Governance]) -> tuple[Timeline, ...]:
    found: list[Timeline] = []
    for number, regime in enumerate(regimes, start=1):
        timeline = load_timeline(regime, f"regimes[{number}]")
        if any(timeline.name == other.name for other in found):
            raise InputError(f"regimes[{number}]", timeline.name, "each regime once")
        found.append(timeline)
    return tuple(found)
