"""The tables of the model in Danish: every unit, group and definition; no English around titles."""

import re

import pytest

from velfaerd_sim.dashboard.model import equations
from velfaerd_sim.dashboard.model.parts import group_name, other_text, source_text
from velfaerd_sim.dashboard.parts.units import definition_of, unit_name
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.targets import TARGETS, UNASKED
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling.sources import phrases, source_in
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.words import Words, catalogue

DANISH, ENGLISH = Words("da"), Words("en")
SOURCES = sorted(
    {each.source for each in (*PARAMETERS, *TARGETS, *REGIMES.values()) if each.source}
)
ALIKE = {"0-1"}
WORDS = "the and of with set size as are is assumption where a by from on about not in tied lies"
STRANGE = re.compile(rf"\b({WORDS.replace(' ', '|')})\b")
TITLES = ("Time Well Spent",)


@pytest.mark.parametrize("unit", sorted({each.unit for each in (*PARAMETERS, *TARGETS)}))
def test_every_unit_of_a_table_has_a_danish_form(unit):
    danish = DANISH.unit(unit)
    assert danish != unit or unit in ALIKE
    assert not STRANGE.search(danish)
    assert ENGLISH.unit(unit) == unit


@pytest.mark.parametrize("unit", sorted({each.unit for each in OUTCOMES}))
def test_every_unit_of_an_outcome_has_a_danish_form(unit):
    assert unit_name(unit, DANISH) != unit_name(unit, ENGLISH)


@pytest.mark.parametrize("group", sorted({each.group for each in PARAMETERS}))
def test_every_group_has_a_danish_name(group):
    assert group_name(group, DANISH) != group
    assert group_name(group, ENGLISH) == group


@pytest.mark.parametrize("source", SOURCES)
def test_no_english_stands_around_a_title(source):
    danish = source_text(source, DANISH)
    for title in TITLES:
        danish = danish.replace(title, "")
    assert not STRANGE.search(danish), danish
    assert source_text(source, ENGLISH) == source


def test_titles_and_numbers_stay():
    assert source_in("da", "S3; size: assumption") == "S3; størrelse: antagelse"
    assert (
        source_in("da", "NCVO, Time Well Spent 2018 and 2020")
        == "NCVO, Time Well Spent 2018 og 2020"
    )
    assert source_in("da", "Allen & Mueller 2013") == "Allen & Mueller 2013"


def test_what_the_model_cannot_be_asked_is_said_in_danish():
    for each in UNASKED:
        assert other_text(each.reason, DANISH) != each.reason
        assert (
            re.sub(r"[^a-z]", "", each.figure) == ""
            or other_text(each.figure, DANISH) != each.figure
        )


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_every_outcome_is_explained_in_danish(outcome):
    assert definition_of(outcome, DANISH) != outcome.definition
    assert definition_of(outcome, ENGLISH) == outcome.definition


def test_nothing_is_translated_that_no_table_holds():
    texts = " ".join([*SOURCES, *(each.source for each in PATTERNS)])
    assert [phrase for phrase in phrases("da") if phrase not in texts] == []
    held = (
        {each.year for each in TARGETS} | {e.figure for e in UNASKED} | {e.reason for e in UNASKED}
    )
    others = {key.removeprefix("other.") for key in catalogue("sources") if key[:6] == "other."}
    assert others <= held


@pytest.mark.parametrize("section", equations.carried(), ids=lambda section: section.title)
def test_the_words_around_equations_stand_in_danish(section):
    assert equations.title_in(section.title, "da") != section.title
    assert equations.title_in(section.title, "en") == section.title
    for part in section.parts:
        if part.kind == equations.TEXT:
            danish, language = equations.paragraph_in(section.title, part.text, "da")
            assert language == "da", f"write this in equations_danish.json, changed: {part.text}"
            kept = [re.findall(r"\b[a-z]+_[a-z_0-9]+\b|\d+", text) for text in (part.text, danish)]
            assert sorted(kept[0]) == sorted(kept[1]), danish
            assert equations.paragraph_in(section.title, part.text, "en") == (part.text, "en")


def test_an_equation_s_words_that_changed_are_shown_in_english():
    told = equations.paragraph_in("Volunteering", "Something new is said.", "da")
    assert told == ("Something new is said.", "en")


def test_no_danish_is_kept_for_words_that_are_gone():
    sections = {section.title: section for section in equations.carried()}
    assert set(equations.in_danish()) == set(sections)
    for title, (_, texts) in equations.in_danish().items():
        said = {equations.digest_of(part.text) for part in sections[title].parts}
        assert set(texts) <= said, title


@pytest.mark.parametrize("code", ARTICLES)
def test_the_articles_have_danish_words_around_their_titles(code):
    danish = DANISH(f"report.article_{code}")
    assert not STRANGE.search(danish), danish
    assert not re.search(r"\b(op-ed|press|report|study|March|September)\b", danish)
