"""The catalogue is complete in both languages and all of it is used; numbers, dates and lists."""

from __future__ import annotations

import ast
import datetime
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import velfaerd_sim
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import DEPARTMENTS, INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.targets import BY_ID as TARGETS
from velfaerd_sim.inputs.targets import ROUTE_LABELS
from velfaerd_sim.instruments import patterns
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling.facts import within_sentence
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.words import CATALOGUE, LANGUAGES, SHARED, Words, catalogue

ENGLISH, DANISH = Words("en"), Words("da")
FILES = sorted(path.stem for path in CATALOGUE.glob("*.toml"))
ROOT = Path(velfaerd_sim.__file__).parent
NAMES = ("names", "outcomes", "sources", "units")
"""Files whose keys are names of things and stand in tables, not in the code."""
MAY_BE_LONGER = ("table_breaks",)
"""Places for a break in long words, of which English has none."""


def texts_of(text: Any) -> tuple[str, ...]:
    """The texts of a list or of plural forms, or the one text."""
    if isinstance(text, dict):
        return tuple(text.values())
    return tuple(t for part in text for t in texts_of(part)) if isinstance(text, tuple) else (text,)


def places(text: str) -> set[str]:
    return {part[1] for part in string.Formatter().parse(text) if part[1]}


@pytest.mark.parametrize("file", FILES)
def test_every_text_stands_in_both_languages_with_the_same_places(file: str) -> None:
    for key, entry in catalogue(file).items():
        assert tuple(entry) == LANGUAGES, key
        english, danish = entry.values()
        assert type(english) is type(danish), key
        assert key in MAY_BE_LONGER or len(texts_of(english)) == len(texts_of(danish)), key
        for one, other in zip(texts_of(english), texts_of(danish), strict=False):
            assert one.strip(), key
            assert other.strip(), key
            assert places(one) == places(other), key


@cache
def written() -> tuple[frozenset[str], re.Pattern[str]]:
    """Every string of the source, and a pattern of its strings that are filled in."""
    plain, filled = set(), set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                filled.add("".join(_part(part) for part in node.values))
    for path in ROOT.rglob("*.html"):
        template = path.read_text(encoding="utf-8")
        plain.update(
            name for names in re.findall(r"\bt\.(\w+)|\"(\w+)\"", template) for name in names
        )
        filled.update(f"{start}\\w+" for start in re.findall(r"\"(\w+)\" ~", template))
    return frozenset(plain), re.compile("|".join(one for one in filled if _tells(one)))


def _part(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+"


def _tells(pattern: str) -> bool:
    return len(re.sub(r"\[\\w\.-\]\+|\W", "", pattern)) > 1


def unused(file: str) -> Iterator[str]:
    plain, filled = written()
    for key in catalogue(file):
        table = key.rpartition(".")[0] + "." if "." in key else key
        if not {key, table, f"{file}.{key}"} & plain and not any(
            map(filled.fullmatch, (key, f"{file}.{key}"))
        ):
            yield key


@pytest.mark.parametrize("file", sorted({*FILES} - {*NAMES}))
def test_every_text_is_used(file: str) -> None:
    assert list(unused(file)) == []


def test_a_text_that_nobody_uses_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"used_by_none": {"en": "a", "da": "b"}, "name": {"en": "a", "da": "b"}}
    monkeypatch.setitem(globals(), "catalogue", lambda _: found)
    assert list(unused("any")) == ["used_by_none"]


def test_what_has_no_table_of_its_own_is_named_in_both_languages() -> None:
    named = {key.partition(".")[::2] for key in catalogue("names")}
    for kind, names in {
        "instrument": INSTRUMENTS,
        "department": DEPARTMENTS,
        "pattern": patterns.BY_ID,
    }.items():
        assert {name for of, name in named if of == kind} == {*names}
    assert catalogue("outcomes").keys() == {each.name for each in OUTCOMES}
    for each in OUTCOMES:
        assert catalogue("outcomes")[each.name]["en"] == each.definition
    for code, title in ARTICLES.items():
        assert ENGLISH(f"report.article_{code}") == title
    for id, pattern in patterns.BY_ID.items():
        assert ENGLISH.name("pattern", id) == pattern.label


ODD = (
    (r"[“”‘]|'\{", "quotation marks are »…«"),
    (r"\d pct\.", "shares are written with %"),
    (r"\b[Ii]nitiativ(?! fra)", "what citizens take part in is called an indsats"),
    (r"sandsynlige (verdener|sæt)", "worlds that fit the figures are called plausible"),
    (r"\b[Ss]tyreform", "a way of governing is called a styringsform"),
    (r"\b(det|noget|alt|dem|sted|tal|interval) (som|der|hvor) ", "a clause begins with a comma"),
    (r"\d\.\d\d?\b", "decimals have a comma"),
    (r" - | -- ", "a dash is no hyphen"),
    (r"\b[Ee]ffekt(er|en|erne)?\b", "an effect is called a virkning"),
    (r"\b[Rr]igid", "the instrument is called regler og dokumentation"),
    (r"\b[Kk]asse", "what PRIM finds is called a boks"),
    (r"\bværre\b", "worse is called dårligere"),
    (r"\bafværge", "what does not happen is undgået"),
)
"""What a Danish text does not hold, as a pattern, and why."""


@pytest.mark.parametrize("file", FILES)
def test_danish_words_and_signs_are_the_same_everywhere(file: str) -> None:
    for key, entry in catalogue(file).items():
        for danish in texts_of(entry["da"]):
            for pattern, why in ODD:
                plain = re.sub(r"\{\w+\}|http\S+", "", danish) if "{" not in pattern else danish
                assert not re.search(pattern, plain), f"{file}, {key}: {why}: {danish}"


@cache
def named() -> dict[str, tuple[str, ...]]:
    """The things that have a name, by kind."""
    return {
        "outcome": tuple(each.name for each in OUTCOMES),
        "parameter": tuple(each.name for each in PARAMETERS),
        "target": tuple(TARGETS),
        "regime": tuple(REGIMES),
        "instrument": tuple(INSTRUMENTS),
        "route": tuple(ROUTE_LABELS),
        "pattern": tuple(patterns.BY_ID),
    }


@pytest.mark.parametrize("kind", ["outcome", "parameter", "target", "regime", "instrument"])
def test_every_thing_has_a_danish_name_of_its_own(kind: str) -> None:
    for words in (ENGLISH, DANISH):
        labels = [words.name(kind, name).lower() for name in named()[kind]]
        assert len(labels) == len(set(labels))
    for name in named()[kind]:
        label = DANISH.name(kind, name)
        assert label != name
        for pattern, why in ODD:
            assert not re.search(pattern, label), f"{name}: {why}: {label}"
        clause = r"(?<!,) (der|som|hvad) (?!kontaktperson|regel)"
        assert not re.search(clause, label), f"{name}: a clause begins with a comma: {label}"


TOLD_OTHERWISE = ("short_", "does_", "base_", "topic_", "point_", "top_", "most_", "low_", "none_")
TOLD_OTHERWISE += ("more_", "less_", "says_", "matrix_", "shock_", "note_", "spread_", "unit_")
"""How keys begin of sentences about a thing, or of its name in a narrow place."""


def test_a_thing_has_one_name_everywhere() -> None:
    known = {name: kind for kind, names in named().items() for name in names}
    for file in sorted({*FILES} - {*NAMES}):
        for key, entry in catalogue(file).items():
            name = next((one for one in known if re.fullmatch(rf"(\w+[_.])?{one}", key)), None)
            if name is None or key.startswith(TOLD_OTHERWISE):
                continue
            for language in LANGUAGES:
                own = Words(language).name(known[name], name)
                assert entry[language].lower() == own.lower(), f"{file}: {key}"


def test_numbers_in_the_form_of_the_language() -> None:
    assert ENGLISH.number(1234567.891, 2) == "1,234,567.89"
    assert DANISH.number(1234567.891, 2) == "1.234.567,89"
    assert ENGLISH.number(-0.049, 1) == "0.0"
    assert DANISH.number(-1.5, 1) == "−1,5"
    assert ENGLISH.number(1.5, 1, signed=True) == "+1.5"
    assert ENGLISH.number(float("nan")) == ENGLISH.number(None) == "–"
    assert ENGLISH.number(0.15, 1) == f"{0.15:.1f}"
    assert DANISH.percent(0.0856, 1) == "8,6\u00a0%"
    assert ENGLISH.percent(0.0856, 1) == "8.6%"
    assert DANISH.points(0.012) == "+1,2\u00a0procentpoint"
    assert ENGLISH.plain(0.00001) == "0.00001"
    assert DANISH.plain(-1234.5) == "−1.234"
    assert ENGLISH.interval(8.4, 8.8, 1) == "8.4–8.8"
    assert DANISH.interval(-1.0, 2.0, 1, signed=True) == "−1,0 til +2,0"
    assert DANISH.interval(float("nan"), 2.0) == ""


def test_dates_spans_lists_and_plurals() -> None:
    assert ENGLISH.date(datetime.date(2026, 3, 3)) == "3 March 2026"
    assert DANISH.date(datetime.date(2026, 5, 1)) == "1. maj 2026"
    assert ENGLISH.duration(12) == "1 year"
    assert DANISH.duration(120) == "10 år"
    assert DANISH.duration(18) == "18 måneder"
    assert ENGLISH.duration(1) == "1 month"
    assert DANISH.listed(["a", "b", "c"]) == "a, b og c"
    assert ENGLISH.listed(["a", "b", "c"], "or") == "a, b or c"
    assert ENGLISH.listed([]) == ""


def test_keys_are_found_in_short_and_in_full_and_an_unknown_one_is_an_error() -> None:
    words = DANISH.within("model")
    assert words("year") == DANISH("model.year") != DANISH("year") == words(f"{SHARED}.year")
    for key in ("nothing", "nothing.at_all", "duration_years"):
        with pytest.raises(KeyError):
            words(key)
    assert not words.has("nothing")
    with pytest.raises(InputError):
        Words("fr")


@pytest.mark.parametrize(
    ("label", "told"),
    [("Motivation", "motivation"), ("T-ILS score", "T-ILS score"), ("ILS", "ILS"), ("A", "a")],
)
def test_a_label_within_a_sentence_keeps_what_is_an_abbreviation(label: str, told: str) -> None:
    assert within_sentence(label) == told
