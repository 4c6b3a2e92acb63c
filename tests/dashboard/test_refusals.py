"""What was wrong is told in the reader's language, and no English stays in a Danish sentence."""

from __future__ import annotations

import pytest

from velfaerd_sim.dashboard.compare_view import View, scenario_from_text, view_from
from velfaerd_sim.dashboard.refusals import told
from velfaerd_sim.dashboard.watch_view import View as WatchView
from velfaerd_sim.errors import InputError, StorageError

LINKS = {
    "a": "hands_of",
    "b": "rigid_rules,dialogue:2",
    "town": "x",
    "type": "city",
    "adults": "5",
    "months": "9999",
    "seed": "x",
    "replicates": "7",
    "set": "foo:1",
    "shocks": "plague",
    "worlds": "2",
}
ENGLISH_WORDS = ("allowed", "whole", "number", "did you", "one of", " from ", " or ", "name of")


@pytest.mark.parametrize("key", LINKS)
def test_a_broken_link_in_danish(key: str) -> None:
    (fault,) = view_from({key: LINKS[key]})[1]
    text = told(fault, "da")
    assert text.startswith(key)
    assert not [word for word in ENGLISH_WORDS if word in text.lower()], text
    assert " kan ikke bruges; " in text


@pytest.mark.parametrize(("key", "value"), [("month", "999"), ("adults", "7"), ("citizen", "x")])
def test_a_broken_link_to_watch_in_danish(key: str, value: str) -> None:
    (fault,) = WatchView.of_query({key: value})[1]
    assert not [word for word in ENGLISH_WORDS if word in told(fault, "da").lower()]


def test_a_broken_file_in_danish() -> None:
    for content, wanted in (
        ("adults = 5000000", "et helt tal fra 50 til"),
        ("#" * 300_000, "en fil på højst 200000 bytes"),
        ("adults = ", "gyldig TOML"),
        ('based_on = "baseline"', "kun en scenariefil"),
    ):
        with pytest.raises(InputError) as caught:
            View().with_scenario(scenario_from_text(content, "byen.toml"), "a")
        assert wanted in told(caught.value, "da")


def test_english_says_what_the_package_says() -> None:
    error = InputError("seed", "x", "a whole number")
    assert told(error, "en") == str(error) == "seed: 'x' is not allowed; allowed: a whole number"
    near = InputError("a", "hands_of", "one of hands_off", "hands_off")
    assert told(near, "en") == "a: 'hands_of' is not allowed; did you mean 'hands_off'?"
    assert told(StorageError("the disk is full"), "da") == "the disk is full"
    assert (
        told(InputError("x", 1, "something new"), "da")
        == "x: 1 kan ikke bruges; brug something new"
    )
