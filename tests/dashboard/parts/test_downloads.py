"""Uploads: text of limited size whose keys are not deep; anything else is refused at once."""

import time

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.compare.view import scenario_from_text
from velfaerd_sim.dashboard.frame.settings import LARGEST_UPLOAD_BYTES
from velfaerd_sim.dashboard.parts.downloads import DEEPEST_KEY, checked_upload
from velfaerd_sim.errors import InputError

DEEP = ".".join(["a"] * 90_000)


def upload(text):
    return checked_upload({"key": "a", "name": "x.toml", "text": text}, {"a"})


@pytest.mark.parametrize(
    "text",
    [
        f"{DEEP} = 1",
        f"[{DEEP}]",
        f"x = {{{DEEP} = 1}}",
        " . ".join(["a"] * 40_000) + " = 1",
        ".".join(['"a b"'] * 30_000) + " = 1",
        ".".join(["'a'"] * DEEPEST_KEY + ["b"]) + " = 1",
        "x" * (LARGEST_UPLOAD_BYTES + 1),
        "æ" * (LARGEST_UPLOAD_BYTES // 2 + 1),
    ],
    ids=["key", "table", "inline", "spaced", "quoted", "one too deep", "too long", "too long, ae"],
)
def test_a_file_that_would_exhaust_the_server_is_refused_at_once(text):
    """The parser takes gigabytes for a key of ninety thousand parts, in 180 kB."""
    begin = time.monotonic()
    with pytest.raises(InputError):
        upload(text)
    assert time.monotonic() - begin < 5.0


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * DEEPEST_KEY) + " = 1",
        "x = [" + "0.1, " * 30_000 + "]",
        "title_en = 'one. two. three ... 1.2.3'",
        "a" * 190_000,
        "\"'" * 95_000,
        "[" * 190_000,
        "." * 190_000,
        " ." * 95_000,
    ],
    ids=["deep enough", "numbers", "title", "word", "quotes", "brackets", "dots", "spaces"],
)
def test_what_is_not_deep_is_looked_through_quickly(text):
    begin = time.monotonic()
    assert upload(text).text == text
    assert time.monotonic() - begin < 5.0


@pytest.mark.parametrize("text", ["a = " + "[" * 99_000, "a = " + "{a=" * 50_000, "\x00\x01\ufffd"])
def test_nested_and_binary_files_are_errors_of_the_input(text):
    with pytest.raises(InputError):
        scenario_from_text(upload(text).text, "x.toml")


@pytest.mark.parametrize("given", [None, [], {}, {"key": []}, {"key": {}, "text": ""}, {"key": 1}])
def test_what_is_no_upload_is_refused(given):
    with pytest.raises(InputError):
        checked_upload(given, {"a"})
