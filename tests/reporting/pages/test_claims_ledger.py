"""The ledger: it says what was concluded, in two languages, and matches the shipped results."""

import json
import re
from pathlib import Path

import pytest

from velfaerd_sim.reporting.figures.claims import SHARES, draw_claim
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


def test_every_verdict_in_the_overview_is_that_of_the_tables(shipped):
    text = texts(shipped, "claims")[LEDGER]
    words = ClaimWords(shipped.results.file)
    for each in shipped.conclusions:
        row = next(line for line in text.splitlines() if line.startswith(f"| **{each.claim.id}**"))
        assert f"**{words.word(each.verdict.word)}**" in row
        if each.verdict.most >= 0:
            assert words.percent(float(each.verdict.shares[each.verdict.most])) in row


def test_no_verdict_carries_a_question_mark(shipped):
    for name, text in texts(shipped, "claims").items():
        assert "?" not in text, name


def test_every_reading_tells_its_share_and_who_would_object(shipped):
    text = texts(shipped, "claims")[LEDGER]
    for each in shipped.conclusions:
        for reading in each.claim.readings:
            (line,) = [one for one in text.splitlines() if one.startswith(f"- {reading.says.en} ")]
            assert reading.objection.en in line


def test_verdicts_are_of_several_kinds(shipped):
    assert len({each.verdict.word for each in shipped.conclusions}) >= 3


def test_all_claims_stand_in_one_figure(shipped):
    for folder, word in (("claims", "worlds"), ("claims.da", "verdener")):
        drawing = (ROOT / "docs" / folder / f"{SHARES}.svg").read_text("utf-8")
        assert word in drawing
        assert all(f">C{number:02d} " in drawing for number in range(1, 27))
        assert f"({folder}/{SHARES}.svg)" in "".join(texts(shipped, "claims").values())


def test_the_table_of_six_routes_stands_cell_by_cell(shipped):
    text = texts(shipped, "claims")[LEDGER]
    section = text[text.index("## C16.") : text.index("## C17.")]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + 30


def test_the_page_for_those_who_decide_is_short_and_says_what_to_do_and_what_is_unknown(shipped):
    english, danish = texts(shipped)[SUMMARY].split("\n---\n")
    for page, language in ((english, "en"), (danish, "da")):
        assert len(page.split()) <= 450
        headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]
        words = ("to_do", "to_stop", "nobody_knows")
        assert headings == [catalogue("claims")[word][language] for word in words]
        for line in catalogue("claims")["never_known"][language]:
            assert line in page


def test_danish_numbers_have_commas(shipped):
    text = texts(shipped)[LEDGER_DA]
    lines = [line for line in text.splitlines() if line.startswith("- ") and " median " in line]
    assert lines
    for line in lines:
        effects = line.split("påstandens fortegn")[0]
        assert not re.search(rf"median [{MINUS}+]?\d+\.\d", effects), line


def test_conclusions_as_plain_values_are_json_with_both_languages(shipped):
    content = json.loads(conclusions_json(shipped))
    assert [each["id"] for each in content["claims"]] == [f"C{n:02d}" for n in range(1, 27)]
    for each in content["claims"]:
        assert f"verdict.{each['word']}" in catalogue("names")
        assert set(each["sentences"]) == {"en", "da"}
