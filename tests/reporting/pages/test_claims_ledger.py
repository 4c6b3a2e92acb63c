"""The ledger: it says what was concluded, in two languages, and matches the shipped results."""

import json
import re
from pathlib import Path

import pytest

from velfaerd_sim.reporting.figures.claims import draw_claim
from velfaerd_sim.reporting.pages.claims_files import (
    LEDGER,
    LEDGER_DA,
    SUMMARY,
    concluded,
    conclusions_json,
    damaged,
    texts,
)
from velfaerd_sim.telling.claims_words import ClaimWords
from velfaerd_sim.telling.words import MINUS, catalogue

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / "experiments" / "claims"
FILE = ROOT / "experiments" / "claims.toml"


@pytest.fixture(scope="module")
def shipped():
    return concluded(HOME, HOME, FILE)


def test_the_shipped_tables_are_as_they_were_written():
    assert damaged(HOME) == []


def test_the_shipped_ledger_follows_from_the_shipped_tables(shipped):
    for name, text in texts(shipped, "claims").items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, name


def test_the_ledger_has_every_claim_with_a_figure(shipped):
    text = texts(shipped, "claims")[LEDGER]
    for number in range(1, 27):
        name = f"C{number:02d}"
        assert f"## {name}. " in text
        assert f"(claims/{name}.svg)" in text
        assert (ROOT / "docs" / "claims" / f"{name}.svg").is_file()


def test_the_danish_ledger_has_danish_figures(shipped):
    text = texts(shipped, "claims")[LEDGER_DA]
    english = ("worlds", "effect in", "status quo against", "half of", "volunteer")
    for number in range(1, 27):
        name = f"C{number:02d}"
        assert f"(claims.da/{name}.svg)" in text
        drawing = (ROOT / "docs" / "claims.da" / f"{name}.svg").read_text("utf-8")
        assert "verdener" in drawing
        assert not [word for word in english if word in drawing.lower()], name
        shown = re.findall(r">([^<>]+)</text>", drawing)
        assert not [label for label in shown if re.search(r"\d\.\d", label)], name


def test_a_danish_figure_is_drawn_again_as_it_is_shipped(shipped):
    each = next(one for one in shipped.conclusions if one.claim.id == "C20")
    words = ClaimWords(shipped.results.file, "da")
    drawn = draw_claim(each, shipped.results, words, str(shipped.made_from["fingerprint"]))
    told = re.findall(r">([^<>\n]+)</text>", drawn.svg)
    path = ROOT / "docs" / "claims.da" / "C20.svg"
    assert told == re.findall(r">([^<>\n]+)</text>", path.read_text("utf-8"))
    assert told


def test_every_share_in_the_overview_is_that_of_the_tables(shipped):
    text = texts(shipped, "claims")[LEDGER]
    for each in shipped.conclusions:
        verdict = each.decisive.verdict
        row = next(line for line in text.splitlines() if line.startswith(f"| **{each.claim.id}**"))
        share = f"{100 * verdict.share:.0f}%"
        assert (f"{verdict.met}/{verdict.worlds}" if each.claim.is_table else share) in row


def test_some_claims_hold_and_some_do_not(shipped):
    words = {each.decisive.verdict.word for each in shipped.conclusions}
    assert words - {"holds"}
    assert words & {"holds", "mostly"}


def test_the_table_of_six_routes_stands_cell_by_cell(shipped):
    text = texts(shipped, "claims")[LEDGER]
    section = text[text.index("## C16.") : text.index("## C17.")]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + 30


def test_the_page_has_both_languages_and_what_the_model_cannot_say(shipped):
    page = texts(shipped)[SUMMARY]
    assert catalogue("claims")["cannot"]["en"] in page
    assert catalogue("claims")["cannot"]["da"] in page
    assert "C20" in page
    assert "C22" in page


def test_danish_numbers_have_commas(shipped):
    text = texts(shipped)[LEDGER_DA]
    lines = [line for line in text.splitlines() if line.startswith("- ") and " median " in line]
    assert lines
    for line in lines:
        effects = line.split("krævet:")[0]
        assert not re.search(rf"median [{MINUS}+]?\d+\.\d", effects), line


def test_what_is_built_in_says_so(shipped):
    words = ClaimWords(shipped.results.file)
    told = [each.claim.id for each in shipped.conclusions if words.built_in(each.claim)]
    assert told == ["C02", "C12", "C23"]


def test_conclusions_as_plain_values_are_json_with_both_languages(shipped):
    content = json.loads(conclusions_json(shipped))
    assert [each["id"] for each in content["claims"]] == [f"C{n:02d}" for n in range(1, 27)]
    for each in content["claims"]:
        assert f"verdict.{each['word']}" in catalogue("names")
        assert set(each["sentences"]) == {"en", "da"}
