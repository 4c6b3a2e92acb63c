"""What the map shows: checked views, honest scales, ranks and neighbours."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.map.national_runs import Outcomes
from velfaerd_sim.dashboard.map.tile_map import tiles
from velfaerd_sim.dashboard.map.view import DIFFERENCE, A, B, ColourScale, Curves, MapView
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES

CODES = [tile.code for tile in tiles()]


def made(view, seed=1):
    """Outcomes drawn at random for both regimes of a view."""
    generator = np.random.default_rng(seed)
    found = {}
    for name in (view.a, view.b):
        towns = generator.random((98, 121, len(NAMES))).astype(np.float32)
        found[name] = Outcomes(towns, towns.mean(axis=0))
    return found


@pytest.mark.parametrize(
    "view",
    [
        MapView(),
        MapView(a="hands_off", b="rigid_rules", outcome="joins", shown=A, month=0, town=400),
        MapView(yearly=False, one_in=1, seed=7),
    ],
)
def test_a_view_comes_back_from_its_address(view):
    assert MapView.of_query(view.query()) == (view, ())


def test_the_first_view_has_an_empty_address():
    assert MapView().query() == {}


@pytest.mark.parametrize(
    "query",
    [
        {"a": "rigid_rule"},
        {"b": "<script>"},
        {"outcome": "lonely"},
        {"shown": "both"},
        {"month": "121"},
        {"month": "-1"},
        {"month": "1e2"},
        {"month": "²"},
        {"month": "9" * 5000},
        {"town": "1"},
        {"one_in": "3"},
        {"one_in": "0"},
        {"seed": "99999999999"},
        {"yearly": "yes"},
    ],
)
def test_a_broken_value_of_an_address_is_told_and_the_rest_kept(query):
    (key,) = query
    other = {"town": "400"} if key != "town" else {"month": "12"}
    view, faults = MapView.of_query(query | other)
    assert [fault.place for fault in faults] == ["regime" if key in "ab" else key]
    assert view == MapView.of_query(other)[0] != MapView()


def test_keys_of_others_are_left_alone():
    assert MapView.of_query({"lang": "da", "month": "12"}) == (MapView(month=12), ())


def test_curves_are_the_chosen_outcome():
    view = MapView(outcome="joins", yearly=False)
    found = made(view)
    curves = Curves.of(view, found)
    place = INDEX["joins"]
    assert (curves.a == found[view.a].towns[:, :, place]).all()
    assert (curves.country_b == found[view.b].country[:, place]).all()
    assert curves.shown(view) is curves.pooled.values
    assert np.allclose(curves.country(view.with_(shown=B)), curves.country_b)


def test_yearly_means_by_hand():
    values = np.array([1.0, 3.0, math.nan, 5.0])
    assert map_view.yearly_mean(values).tolist() == [1.0, 2.0, 2.0, 3.0]
    assert math.isnan(map_view.yearly_mean(np.array([math.nan, 1.0]))[0])
    long = np.arange(40.0)[None, :]
    assert map_view.yearly_mean(long)[0, 30] == pytest.approx(np.arange(19, 31).mean())


def test_windows_are_not_averaged_again():
    view = MapView(outcome="retention_12m", yearly=True)
    assert OUTCOMES[INDEX["retention_12m"]].kind == "window"
    curves = Curves.of(view, made(view))
    assert (curves.a == Curves.of(view.with_(yearly=False), made(view)).a).all()


@pytest.mark.parametrize("shown", [A, B])
def test_both_regimes_have_one_scale(shown):
    view = MapView(shown=shown)
    curves = Curves.of(view, made(view))
    assert map_view.scale_of(view, curves) == map_view.scale_of(view.with_(shown=A), curves)


def test_zero_is_in_the_middle_of_a_difference():
    view = MapView()
    scale = map_view.scale_of(view, Curves.of(view, made(view)))
    assert scale.low == -scale.high
    assert scale.colour(0.0) == "#f3f1ee"


def test_blue_is_better():
    blue, orange = map_view.WORSE_TO_BETTER[-1], map_view.WORSE_TO_BETTER[0]
    for outcome, end in (
        ("lonely_share", -1),
        ("volunteers_per_1000", 1),
        ("staff_hours_per_1000", 1),
    ):
        view = MapView(outcome=outcome)
        scale = map_view.scale_of(view, Curves.of(view, made(view)))
        assert scale.colour(end * 10.0) == blue
        assert scale.colour(-end * 10.0) == orange


def test_ends_of_the_scale_say_when_values_lie_beyond():
    view = MapView(shown=A, yearly=False)
    curves = Curves.of(view, made(view))
    scale = map_view.scale_of(view, curves)
    assert scale.below
    assert scale.above
    level = np.full_like(curves.a, 0.3)
    same = {"country_a": curves.a[0], "country_b": curves.a[0]}
    flat = replace(curves, a=level, b=level, differences=(level - level)[None], **same)
    level = map_view.scale_of(view, flat)
    assert not level.below
    assert not level.above
    assert level.colour(0.3) == map_view.mixed(map_view.MORE, 0.5)


def test_no_values_at_all_are_grey():
    view = MapView(shown=A)
    nothing = np.full((98, 121), np.nan)
    for shown in (A, DIFFERENCE):
        empty = nothing, nothing, nothing[0], nothing[0], np.ones(98), nothing[None]
        curves = Curves(*empty, np.ones(nothing.shape, np.bool_))
        scale = map_view.scale_of(view.with_(shown=shown), curves)
        assert scale.colour(math.nan) == map_view.NOTHING


@pytest.mark.parametrize("ramp", [map_view.MORE, map_view.WORSE_TO_BETTER])
def test_names_can_be_read_on_every_colour(ramp):
    for step in range(101):
        colour = map_view.mixed(ramp, step / 100)
        assert map_view.contrast(map_view.text_colour(colour), colour) >= 4.5


def test_more_is_darker_all_along():
    lights = [
        map_view.contrast(map_view.mixed(map_view.MORE, k / 50), "#000000") for k in range(51)
    ]
    assert all(a > b for a, b in pairwise(lights))


def test_contrast_of_black_and_white():
    assert map_view.contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_a_scale_is_straight_between_its_ends():
    scale = ColourScale(0.0, 2.0, ("#000000", "#ffffff"))
    assert [scale.colour(v) for v in (-1, 0, 1, 2, 3)] == [
        "#000000",
        "#000000",
        "#808080",
        "#ffffff",
        "#ffffff",
    ]


def test_ranking_puts_the_best_first_and_the_unknown_last():
    for outcome, best in (("lonely_share", "low"), ("volunteers_per_1000", "high")):
        view = MapView(outcome=outcome, shown=A, yearly=False, month=60)
        found = made(view)
        found[view.a].towns[3, 60, INDEX[outcome]] = np.nan
        ranks = map_view.ranking(view, Curves.of(view, found))
        values = [each.a for each in ranks]
        assert math.isnan(values[-1])
        assert ranks[-1].municipality.code == CODES[3]
        assert values[:-1] == sorted(values[:-1], reverse=best == "high")
        assert [each.ranks for each in ranks] == [(n, n) for n in range(1, 99)]
        assert sorted(each.municipality.code for each in ranks) == CODES


def test_neighbours_are_of_the_same_type_and_near_in_size():
    by_name = {tile.name: tile.municipality for tile in tiles()}
    kolding = by_name["Kolding"]
    near = map_view.neighbours(kolding.code)
    assert len(near) == 4
    assert {each.kind for each in near} == {"provincial_city"}
    assert [each.name for each in near][:2] == ["Silkeborg", "Horsens"]
    ratios = [abs(math.log(each.population / kolding.population)) for each in near]
    assert ratios == sorted(ratios)
    assert {each.name for each in map_view.neighbours(by_name["Aarhus"].code)} == {
        "Odense",
        "Aalborg",
    }
    assert map_view.neighbours(by_name["Læsø"].code)[0].name == "Fanø"
