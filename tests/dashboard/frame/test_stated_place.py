"""A municipality as somebody states it: what may be said, what is refused, to a link and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.frame.carried import Carried
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import asked_for
from velfaerd_sim.dashboard.frame.stated_place import FULL, StatedPlace, number_in, place_in
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.governing import questionnaire
from velfaerd_sim.inputs.places import load_place

KOLDING = StatedPlace(621)


@pytest.mark.parametrize(
    ("text", "number"),
    [("2.900", 2900), ("2 900", 2900), ("1.234.567", 1234567), ("11,5", 11.5), ("0.125", 0.125)],
)
def test_a_point_parts_thousands_only_where_three_digits_follow(text: str, number: float) -> None:
    assert number_in(text, "hours", (0.0, 1e9)) == number


def test_numbers_are_read_as_people_write_them() -> None:
    stated = KOLDING
    for name, text in (
        ("volunteers", "2.900"),
        ("volunteers_left", "700"),
        ("lonely_share", "11,5 %"),
        ("lonely_asked", "1 200"),
        ("hours", "20.5"),
        ("waiting", "0"),
    ):
        stated = stated.with_number(name, text)
    assert dict(stated.numbers) == {
        "volunteers": 2900.0,
        "volunteers_left": 700.0,
        "lonely_share": 11.5,
        "lonely_asked": 1200.0,
        "hours": 20.5,
        "waiting": 0.0,
    }
    assert stated.with_number("hours", " ") == stated.with_number("hours", "")
    assert "hours" not in dict(stated.with_number("hours", "").numbers)


def test_the_place_is_the_one_that_a_file_would_give() -> None:
    stated = KOLDING.with_number("volunteers", "2900").with_number("lonely_share", "11")
    stated = stated.with_number("lonely_asked", "1200").with_number("hours", "20")
    question = questionnaire().questions[0].id
    stated = stated.with_answer(question, "b")
    adults = KOLDING.adults
    assert stated.place == load_place(
        {
            "municipality": 621,
            "volunteers": 2900.0,
            "lonely_share": {"value": 0.11, "n": 1200},
            "hours": 20.0 * adults / 1000.0,
            "today": {"answers": {question: "b"}},
        }
    )
    assert stated.place.hours is not None
    assert stated.place.hours[0] == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("stated", "name", "text", "place", "sentence"),
    [
        (StatedPlace(), "volunteers", "100", "volunteers", "or choose a municipality."),
        (StatedPlace(), "hours", "20", "hours", "or choose a municipality."),
        (KOLDING, "hours", "200", "hours", "Write a number from 2 to 80."),
        (KOLDING, "hours", "many", "hours", "Write a number from 2 to 80."),
        (KOLDING, "hours", "nan", "hours", "Write a number from 2 to 80."),
        (KOLDING, "adults", "12", "adults", "Write a whole number from 50 to 6000000."),
        (KOLDING, "adults", "70000,5", "adults", "Write a whole number."),
        (KOLDING, "volunteers", "-3", "volunteers", "Write a number from 1 to 77184."),
        (KOLDING, "lonely_share", "0", "lonely_share", "Write a number from 1 to 90."),
        (KOLDING, "lonely_asked", "900", "lonely_asked", "Write the share of lonely adults too."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    stated: StatedPlace, name: str, text: str, place: str, sentence: str
) -> None:
    with pytest.raises(InputError) as error:
        stated.with_number(name, text)
    assert error.value.place == place
    assert asked_for(error.value, "en").endswith(sentence)
    assert asked_for(error.value, "da").startswith("Skriv ")


def test_more_cannot_have_left_than_there_were() -> None:
    with pytest.raises(InputError) as error:
        KOLDING.with_number("volunteers", "100").with_number("volunteers_left", "900")
    assert asked_for(error.value, "en") == "Write a number of at most 200."


def test_a_link_holds_all_that_is_stated() -> None:
    stated = StatedPlace(0, "rural").with_number("adults", "4000").with_number("waiting", "3")
    stated = replace(stated.with_answer("forms", "c"), size=FULL)
    assert place_in(values_of(query_of(stated.query()))) == (stated, ())
    named = replace(KOLDING, regime="rigid_rules")
    assert place_in(values_of(query_of(named.query()))) == (named, ())
    assert place_in({"lang": "da", "a": "hands_off"}) == (None, ())


def test_what_a_link_has_wrong_does_not_take_the_rest_along() -> None:
    values = {"place": "621", "stated": "volunteers:2900,hours:x,odd:3", "today": "forms:z"}
    found, faults = place_in(values)
    assert found == KOLDING.with_number("volunteers", "2900")
    assert len(faults) == 3
    assert place_in({"place": "99999999"})[0] == StatedPlace()


def test_place_and_pair_follow_through_the_pages() -> None:
    carried = Carried({"place": "621", "lang": "da"})
    assert carried.place.value == KOLDING
    assert carried.of_page("map", {"month": "3"}) == {"month": "3"}
    carried.compare("rigid_rules", "hands_off,dialogue:0.6")
    assert carried.of_page("map", {"month": "3", "a": "x"}) == {
        "month": "3",
        "a": "rigid_rules",
        "b": "hands_off,dialogue:0.6",
    }
    assert carried.of_page("model", {}) == {}
    carried.state(StatedPlace())
    assert carried.place.value is None
    assert carried.query() == {}
