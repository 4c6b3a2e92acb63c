"""Words and numbers in both languages; links; uploads; the tables of texts are complete."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
import re
import string

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import velfaerd_sim.dashboard
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.texts import SHARED, Words, preferred
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.parts.downloads import checked_upload, csv_bytes
from velfaerd_sim.errors import InputError

ENGLISH, DANISH = Words("en"), Words("da")


def test_numbers_in_the_form_of_the_language() -> None:
    assert ENGLISH.number(1234567.891, 2) == "1,234,567.89"
    assert DANISH.number(1234567.891, 2) == "1.234.567,89"
    assert ENGLISH.number(-0.049, 1) == "0.0"
    assert DANISH.number(-1.5, 1) == "−1,5"
    assert ENGLISH.number(1.5, 1, signed=True) == "+1.5"
    assert ENGLISH.number(float("nan")) == "–"
    assert DANISH.percent(0.0856) == "8,6\u00a0%"
    assert ENGLISH.percent(0.0856) == "8.6%"
    assert DANISH.points(0.012) == "+1,2\u00a0pct.point"
    assert ENGLISH.date(datetime.date(2026, 3, 3)) == "3 March 2026"
    assert DANISH.date(datetime.date(2026, 5, 1)) == "1. maj 2026"
    assert ENGLISH.duration(12) == "1 year"
    assert DANISH.duration(120) == "10 år"
    assert DANISH.duration(18) == "18 måneder"
    assert DANISH.listed(["a", "b", "c"]) == "a, b og c"


def test_the_language_of_a_browser() -> None:
    assert preferred("da-DK,da;q=0.9,en;q=0.8") == "da"
    assert preferred("en-GB,da;q=0.5") == "en"
    assert preferred("nb") == "da"
    assert preferred("") == "en"


def test_an_unknown_key_is_an_error_and_pages_come_first() -> None:
    words = Words("da", {"own": ("Own", "Egen"), "map": ("Other", "Andet")})
    assert words("own") == "Egen"
    assert words("map") == "Andet"
    with pytest.raises(KeyError):
        words("nothing")


def tables() -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Every table of texts in the dashboard."""
    found = []
    home = f"{velfaerd_sim.dashboard.__name__}."
    for info in pkgutil.walk_packages(velfaerd_sim.dashboard.__path__, home):
        name = info.name.rpartition(".")[2]
        if name.startswith("texts") or name == "words":
            module = importlib.import_module(info.name)
            for name in ("TEXTS", "SHARED", "SENTENCES", "EVENT_TEXTS", "DEPARTMENT_TEXTS"):
                if hasattr(module, name):
                    found.append((f"{info.name}.{name}", getattr(module, name)))
    return found


def test_tables_of_texts_are_found() -> None:
    assert len(tables()) > 8


@pytest.mark.parametrize(("name", "table"), tables())
def test_every_text_stands_in_both_languages(name: str, table: dict[str, tuple[str, str]]) -> None:
    for key, (english, danish) in table.items():
        assert english.strip(), f"{name}: {key}"
        assert danish.strip(), f"{name}: {key}"
        places = [{p[1] for p in string.Formatter().parse(t) if p[1]} for t in (english, danish)]
        assert places[0] == places[1], f"{name}: {key}"


ODD = (
    (r"[“”‘]|'\{", "quotation marks are »…«"),
    (r"\d pct\.", "shares are written with %"),
    (r"\b[Ii]nitiativ(?! fra)", "what citizens take part in is called an indsats"),
    (r"sandsynlige (verdener|sæt)", "worlds that fit the figures are called plausible"),
    (r"\b[Ss]tyreform", "a way of governing is called a styringsform"),
    (r"\b(det|noget|alt|dem|sted|tal|interval) (som|der|hvor) ", "a clause begins with a comma"),
    (r"\d\.\d\d?\b", "decimals have a comma"),
    (r" - | -- ", "a dash is no hyphen"),
)
"""What a Danish text does not hold, as a pattern, and why."""


@pytest.mark.parametrize(("name", "table"), tables())
def test_danish_words_and_signs_are_the_same_on_all_pages(
    name: str, table: dict[str, tuple[str, str]]
) -> None:
    for key, (_, danish) in table.items():
        for pattern, why in ODD:
            plain = re.sub(r"\{\w+\}|http\S+", "", danish) if "{" not in pattern else danish
            assert not re.search(pattern, plain), f"{name}, {key}: {why}: {danish}"


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(min_size=1), max_size=8))
def test_a_query_is_read_as_it_was_written(values: dict[str, str]) -> None:
    assert values_of(query_of(values)) == values


def test_too_long_a_query_is_none() -> None:
    assert values_of("a=" + "x" * 5000) == {}
    assert values_of("&".join(f"a{n}=1" for n in range(200))) == {}
    assert values_of(None) == {}


def test_uploads_are_checked_as_any_input() -> None:
    good = checked_upload({"key": "a", "name": "x.toml", "text": "seed = 1"}, {"a"})
    assert good.text == "seed = 1"
    assert checked_upload({"key": "a", "name": "x\n" * 90, "text": ""}, {"a"}).name == "file"
    for bad in (
        None,
        [],
        {"key": "z", "name": "x", "text": ""},
        {"key": "a", "name": "x", "text": None},
        {"key": "a", "name": "x", "text": "x" * 200_001},
        {"key": "a", "name": "x", "text": b"x"},
    ):
        with pytest.raises(InputError):
            checked_upload(bad, {"a"})


def test_csv_has_a_header_and_dots() -> None:
    assert csv_bytes(pa.table({"a": [1.5], "b": ["x"]})) == b'"a","b"\n1.5,"x"\n'


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "card", "stripe")),
        *((ink, "card") for ink in ("a", "b", "gain", "loss", "accent")),
        ("header_soft", "header"),
        ("warn", "warn_soft"),
    ],
)
def test_texts_can_be_read(ink: str, ground: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[ground]) >= 4.5


def test_colours_are_written_as_such() -> None:
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in COLOURS.values())
    assert "compare" in SHARED
