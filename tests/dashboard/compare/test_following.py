"""Compare, Watch and Map take the place and the pair of governances that are carried."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.compare import following, runs
from velfaerd_sim.dashboard.compare.following import followed, opened
from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.carried import Carried
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.stated_place import StatedPlace
from velfaerd_sim.dashboard.map.page import MapPageState
from velfaerd_sim.dashboard.watch.page import WatchPageState
from velfaerd_sim.inputs.worlds import Worlds

KOLDING = StatedPlace(621, regime="rigid_rules").with_number("hours", "15")
OWN = "hands_off,dialogue:0.6"


def carrying(place: StatedPlace | None = KOLDING) -> Carried:
    carried = Carried({})
    carried.state(place)
    return carried


def test_compare_opens_in_the_town_that_is_carried() -> None:
    found, faults = opened({}, carrying())
    assert not faults
    assert (found.town.name, found.town.adults) == ("Kolding", following.USUAL_ADULTS)
    assert found.hours == pytest.approx(15.0)
    assert found.a == Governance("rigid_rules")
    assert found.b == CompareView().b
    plain, _ = opened({}, Carried({}))
    assert plain == CompareView()


def test_what_a_link_says_goes_before_what_is_carried() -> None:
    values = {"a": "hands_off", "set": "hours_per_1000:7.5", "adults": "500"}
    found, _ = opened(values, carrying())
    assert found.a == Governance("hands_off")
    assert found.hours == 7.5
    assert (found.town.name, found.town.adults) == ("Kolding", 500)


def test_a_link_shows_the_same_where_the_place_is_in_it() -> None:
    carried = carrying()
    found, _ = opened({}, carried)
    found = replace(found, months=24)
    carried.compare(found.a.to_text(), found.b.to_text())
    query = "&".join([found.to_query(), query_of(carried.query())])
    again, faults = opened(values_of(query), Carried(values_of(query)))
    assert (again, faults) == (found, ())


def test_what_was_changed_on_other_pages_is_taken_over() -> None:
    left, _ = opened({}, Carried({}))
    carried = carrying()
    found = followed(left, {}, carried)
    assert found.town.name == "Kolding"
    assert found.a == Governance("rigid_rules")
    carried.compare(OWN, "experimenting")
    found = followed(replace(found, months=24), {"lang": "da", "place": "621"}, carried)
    assert (found.a, found.b) == (Governance.from_text(OWN), Governance("experimenting"))
    assert found.months == 24
    carried.state(None)
    found = followed(found, {}, carried)
    assert found.town == CompareView().town
    assert found.hours == CompareView().hours
    assert followed(found, {"b": "hands_off"}, carried).b == Governance("hands_off")


def test_uncertain_worlds_are_those_of_the_place_where_they_were_learnt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Worlds.load("prior:12", 3)
    known: dict[StatedPlace, Worlds] = {}
    monkeypatch.setattr(following, "worlds_of", known.get)
    monkeypatch.setattr(runs.place_studies, "worlds_of", known.get)
    runs._own_worlds.cache_clear()
    carried = carrying()
    before, _ = opened({"worlds": "1"}, carried)
    assert not before.own_worlds
    told = opened({"worlds": "1", "own_worlds": "1"}, carried)[1]
    assert "learn from its figures" in str(told[0])
    known[KOLDING] = own
    after = followed(before, {}, carried)
    assert after.own_worlds
    assert opened(values_of(after.to_query()), carried) == (after, ())
    assert not opened({"worlds": "1"}, carried)[0].own_worlds
    found = runs.worlds_of(after)
    assert found is not None
    assert found.name.startswith("results/municipality")
    numbers = {world.number for world in own}
    assert {world.number for world in found} <= numbers
    assert all("hours_per_1000" not in world.parameters for world in found)
    runs._own_worlds.cache_clear()


def test_watch_shows_the_town_and_the_pair() -> None:
    carried, state = carrying(), WatchPageState()
    carried.compare(OWN, "experimenting")
    state.follow(carried, takes_pair=True)
    shown = state.view.value
    assert (shown.a, shown.b) == (OWN, "experimenting")
    scenario = shown.scenario()
    assert scenario.towns[0].name == "Kolding"
    assert scenario.adults == shown.adults
    assert scenario.parameter_values()["hours_per_1000"] == pytest.approx(15.0)
    assert scenario.timeline.name == "municipal_baton"
    assert shown.regimes[0].dialogue == 0.6
    assert "place" not in shown.query()
    state.follow(carrying(None), takes_pair=True)
    assert state.view.value.scenario().towns[0].name != "Kolding"


def test_the_map_looks_at_the_municipality_once() -> None:
    carried, state = carrying(), MapPageState()
    carried.compare(OWN, "experimenting")
    state.follow(carried, takes_pair=True, takes_town=True)
    assert state.view.value.town == 621
    assert state.view.value.request.regimes == (OWN, "experimenting")
    state.view.value = state.view.value.with_(town=101)
    state.follow(carried, takes_pair=True, takes_town=True)
    assert state.view.value.town == 101
    state.follow(carried, takes_pair=False, takes_town=False)
    assert state.view.value.a == OWN
