"""Logs and lives in words; what the player is sent; the view in an address."""

import base64
import json
from collections import Counter

import numpy as np
import pytest

from velfaerd_sim.dashboard.watch.events import (
    CLOSED,
    CLOSED_INITIATIVE,
    ENDINGS,
    LEFT,
    MOVED,
    OPENED,
    REASONS,
    Event,
)
from velfaerd_sim.dashboard.watch.messages import (
    LONGEST_CHUNK,
    chunk_message,
    life_message,
    town_message,
)
from velfaerd_sim.dashboard.watch.page import _looked, _months, _player_words
from velfaerd_sim.dashboard.watch.town import WatchTown
from velfaerd_sim.dashboard.watch.view import WatchView
from velfaerd_sim.dashboard.watch.words import GROUPS, month_lines
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.population.schema import FORMATS, FREE, ROUTES
from velfaerd_sim.telling.words import Words

LANGUAGES = ("en", "da")


def words_of(language: str) -> Words:
    return Words(language, "watch")


@pytest.fixture(scope="module")
def town() -> WatchTown:
    scenario = load_scenario("baseline").with_(adults=1200, months=60, seed=5)
    made = WatchTown(scenario, ("municipal_baton", "facilitative_dialogue"))
    made.reach(50)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_words(town: WatchTown, language: str) -> None:
    words = words_of(language)
    seen = Counter()
    for side in town.sides:
        for month, frame in enumerate(side.frames):
            for line in month_lines(month, frame.events, town, words):
                assert "{" not in line.text
                assert line.kind in GROUPS
                seen[line.kind] += 1
    assert {OPENED, CLOSED, LEFT, "joined", "matched", "ended"} <= set(seen)
    assert MOVED not in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_model_has_one_here(language: str) -> None:
    words = words_of(language)
    keys = [f"reason_{name}" for name in (*REASONS, *ENDINGS)]
    keys += [f"format_{name}" for name in FORMATS]
    assert all(words(key) for key in keys)
    assert all(words.name("route", name) != name for name in ROUTES)
    assert all(_player_words(words).values())


def test_what_a_closing_brings_about_stands_in_its_line(town: WatchTown) -> None:
    words = words_of("en")
    number = next(iter(town.initiatives))
    events = (
        Event(CLOSED, FREE, number),
        Event(LEFT, 4, number, FREE, CLOSED_INITIATIVE),
        Event(LEFT, 5, number, FREE, CLOSED_INITIATIVE),
        Event(MOVED, 6, number + 1, number),
        Event("ended", 7, number, FREE, CLOSED_INITIATIVE),
        Event(LEFT, 8, number, FREE, "exhaustion", 1.84),
    )
    lines = list(month_lines(30, events, town, words))
    assert [line.kind for line in lines] == [CLOSED, LEFT]
    assert "2 volunteers stopped, 1 moved on and 1 participant lost the place" in lines[0].text
    assert lines[1].text.startswith("Citizen 9 stopped in no. 1 ")
    assert lines[1].text.endswith("worn out (odds of stopping × 1.8)")
    danish = list(month_lines(30, events, town, words_of("da")))
    assert danish[1].text.endswith("udmattelse (odds for at stoppe × 1,8)")


def shorts(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<u2")


def test_a_chunk_holds_the_months_as_they_were_kept(town: WatchTown) -> None:
    message = json.loads(json.dumps(chunk_message(town, words_of("en"), 7, 20)))
    assert (message["first"], message["count"]) == (7, 14)
    side = message["sides"][1]
    status = np.frombuffer(base64.b64decode(side["status"]), "u1").reshape(14, town.citizens)
    assert np.array_equal(status[3], town.sides[1].frames[10].status)
    counts = side["volunteers"]["counts"]
    rows = shorts(side["volunteers"]["values"]).reshape(-1, 5)
    start = sum(counts[:3])
    kept = town.sides[1].frames[10].volunteers
    assert np.array_equal(rows[start : start + counts[3]], kept)
    assert len(side["log"]) == len(side["crossed"]) == 14
    assert [len(values) for values in message["series"][0]] == [14] * 4
    assert set(message["initiatives"]) == {str(number) for number in town.initiatives}


def test_a_chunk_is_bounded_and_inside_what_was_run(town: WatchTown) -> None:
    words = words_of("en")
    assert chunk_message(town, words, 0, 1000)["count"] == LONGEST_CHUNK
    late = chunk_message(town, words, 900, 1000)
    assert (late["first"], late["count"]) == (50, 1)
    assert json.loads(json.dumps(late, allow_nan=False))


def test_the_town_is_sent_once(town: WatchTown) -> None:
    message = town_message(town, words_of("da"), ("Én", "To"))
    seats = shorts(message["seats"]).reshape(-1, 2) / 32_767.0 - 1.0
    assert np.abs(seats - town.layout.seats).max() < 1e-4
    assert [side["title"] for side in message["sides"]] == ["Én", "To"]
    assert message["series"][2]["suffix"] == "\u00a0%"
    assert len(message["departments"]) == 5


def test_a_life_is_sent_with_its_lines_in_order(town: WatchTown) -> None:
    event = next(e for f in town.sides[0].frames for e in f.events if e.kind == LEFT)
    message = life_message(town, words_of("en"), event.citizen)
    months = [line[0] for line in message["lines"][0]]
    assert months == sorted(months)
    assert any(kind == LEFT for _, kind, _ in message["lines"][0])
    assert message["until"] == town.reached
    assert all("{" not in text for side in message["lines"] for _, _, text in side)


def test_a_life_tells_when_another_person_moved_in(town: WatchTown) -> None:
    month, citizen = next(
        (m, min(f.entered)) for m, f in enumerate(town.sides[0].frames) if f.entered
    )
    message = life_message(town, words_of("en"), citizen)
    for lines in message["lines"]:  # governance moves nobody in or out
        told = [kind for when, kind, _ in lines if when == month]
        assert "entered" in told
        assert not {"became_lonely", "recovered"} & set(told)


@pytest.mark.parametrize(
    "asked", [None, 7, "x", {}, {"first": "0", "until": []}, {"first": True, "until": -4}]
)
def test_broken_requests_are_read_as_nothing(town: WatchTown, asked: object) -> None:
    assert _months(asked, town) == (0, 0)


def test_requests_are_kept_inside_the_town(town: WatchTown) -> None:
    assert _months({"first": 10, "until": 20}, town) == (10, 20)
    assert _months({"first": 500, "until": 900}, town) == (51, 60)
    assert _months({"first": 3, "until": 10**9}, town) == (3, 60)


def test_a_view_survives_its_address() -> None:
    view = WatchView(a="hands_off", adults=500, years=20, month=200, speed=10, citizen=17)
    read = WatchView.of_query({key: str(value) for key, value in view.query().items()})
    assert read == (view, ())
    assert WatchView().query() == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("a", "rigid_ruls"),
        ("b", "<script>"),
        ("adults", "1e9"),
        ("adults", "7"),
        ("month", "121"),
        ("month", "-1"),
        ("citizen", "2001"),
        ("speed", "1000"),
        ("colour", "red"),
        ("seed", "٣"),
    ],
)
def test_what_is_wrong_in_an_address_is_told_and_the_rest_kept(key: str, value: str) -> None:
    view, faults = WatchView.of_query({"b": "hands_off", "years": "10", key: value, "lang": "da"})
    assert [fault.place for fault in faults] == [key]
    assert view == (WatchView() if key == "b" else WatchView(b="hands_off"))


def test_another_town_begins_anew() -> None:
    view = WatchView(month=40, citizen=1900)
    assert view.changed(adults=500) == WatchView(adults=500)
    assert view.changed(speed=10) == WatchView(month=40, citizen=1900, speed=10)


@pytest.mark.parametrize("told", [None, [], {"month": 4}, {"month": 999, "speed": 5}, "x"])
def test_what_the_player_tells_is_checked(told: object) -> None:
    view = WatchView(month=3)
    assert _looked(view, told) == view


def test_the_player_moves_the_view() -> None:
    told = {"month": 12, "speed": 20, "colour": "motivation", "citizen": 5}
    assert _looked(WatchView(), told) == WatchView(
        month=12, speed=20, colour="motivation", citizen=5
    )
