"""Errors: one line that names place, value and what is allowed; and they travel."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.errors import (
    MISSING,
    InputError,
    StorageError,
    StudyError,
    VelfaerdError,
    VerificationError,
    located,
    nearest,
    shown,
)


def test_the_message_names_place_value_and_what_is_allowed():
    error = InputError("--months", 0, "a whole number from 1 to 1200")
    assert str(error) == "--months: 0 is not allowed; allowed: a whole number from 1 to 1200"


def test_the_message_offers_the_nearest_name():
    error = InputError("regime", "rigid_rule", "a regime", nearest("rigid_rule", ["rigid_rules"]))
    assert str(error).endswith("; did you mean 'rigid_rules'?")


def test_what_is_missing_is_said_to_be_missing():
    assert "nothing is given" in str(InputError("name", MISSING, "a name"))


def test_exit_codes():
    codes = [kind.exit_code for kind in (InputError, StudyError, StorageError, VerificationError)]
    assert codes == [2, 2, 1, 1]
    assert issubclass(InputError, VelfaerdError)
    assert issubclass(InputError, ValueError)


@pytest.mark.parametrize("value", ["x", 3, None, 0.5, [1, 2], int, MISSING])
def test_an_error_comes_back_from_another_process_as_it_was(value):
    error = InputError("file.toml: key", value, "something else", "else")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is InputError
    assert (str(again), again.place, again.suggestion) == (str(error), error.place, "else")


def test_places_are_set_inside_each_other():
    with pytest.raises(InputError) as caught, located("a.toml"), located("phase[2]", "."):
        raise InputError("month", -1, "a month")
    assert caught.value.place == "a.toml: phase[2].month"


def test_an_empty_place_takes_the_outer_one():
    with pytest.raises(InputError) as caught, located("a.toml"):
        raise InputError("", 3, "a table")
    assert caught.value.place == "a.toml"


@given(st.one_of(st.text(), st.integers(), st.binary(), st.lists(st.text())))
def test_any_value_is_shown_on_one_short_line(value):
    text = shown(value)
    assert len(text) <= 80
    assert text.isprintable()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("facilitative-dialogue", "facilitative_dialogue"),
        ("Rigid Rules", "rigid_rules"),
        ("rigidrules", "rigid_rules"),
        ("zebra", None),
        ("", None),
    ],
)
def test_the_nearest_name(wrong, right):
    assert nearest(wrong, ["rigid_rules", "facilitative_dialogue", "hands_off"]) == right


def test_a_number_too_long_to_print_is_still_told():
    error = InputError("seed", 10**5000, "a smaller one")
    assert "a value of type int" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
