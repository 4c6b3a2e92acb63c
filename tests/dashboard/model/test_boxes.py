"""The boxes of the diagram of causes: every rule and parameter stands in one, in Danish too."""

import csv
import importlib.util
import re
from pathlib import Path

import pytest

from velfaerd_sim.dashboard.compare.view import view_from
from velfaerd_sim.dashboard.frame.links import values_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.model import boxes as model_boxes
from velfaerd_sim.dashboard.model.boxes import (
    BESIDE,
    KnockOut,
    boxes,
    condition_of,
    groups_of,
    knock_out,
    sentence_in,
)
from velfaerd_sim.dashboard.model.causes import arcs, carried, steps
from velfaerd_sim.dashboard.model.causes_part import LOOK, effect, opened, without
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.telling.words import Words

DOCS = Path(__file__).resolve().parents[3] / "docs"
WORDS = [Words(language, "model") for language in ("en", "da")]


def program(name):
    spec = importlib.util.spec_from_file_location(f"{name}_for_boxes", DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_step_is_a_box_with_a_rule():
    assert [box.name for box in boxes()] == [*(name for name, _ in steps()), *BESIDE]
    assert all(box.rules for box in boxes())


def test_every_rule_of_the_model_is_in_a_box():
    shown = {rule.name for box in boxes() for rule in box.rules}
    assert shown == set(program("tables").rule_names())


def test_every_parameter_is_in_a_box():
    assert {name for box in boxes() for name in box.parameters} == set(BY_NAME)
    (motivation,) = (r for box in boxes() for r in box.rules if r.name == "motivation_crowding")
    assert "motivation_from_recognition" in motivation.parameters


def test_every_rule_is_said_in_danish():
    said = [(r, *sentence_in(r, "da")) for box in boxes() for r in box.rules]
    assert [rule.name for rule, _, language in said if language != "da"] == []
    assert [rule.name for rule, text, _ in said if text == rule.sentence] == []
    assert {sentence_in(rule, "en") for rule, _, _ in said} == {
        (r.sentence, "en") for r, _, _ in said
    }


def test_what_was_found_at_zero_is_that_of_the_documents():
    results = program("results")
    assert results.KNOCKED.read_text(encoding="utf-8") == results.knocked()
    rows = csv.DictReader(
        (DOCS / "results/conditions.csv").read_text(encoding="utf-8").splitlines()
    )
    row = next(each for each in rows if each["condition"] == "no.contact_effect")
    found = knock_out("contact_effect")
    assert (found.survives, found.weakens, found.turns) == tuple(
        int(row[key]) for key in ("survives", "weakens", "turns")
    )
    assert knock_out("governance_strength") is None


@pytest.mark.parametrize("words", WORDS, ids=("en", "da"))
@pytest.mark.parametrize("model", ["now", "before"])
def test_effects_of_another_model_are_told_as_such(monkeypatch, words, model):
    box = next(each for each in boxes() if each.name == "loneliness")
    found = KnockOut(7, 2, 1, model)
    known = [*condition_of().values(), *(f"none_of.{group}" for group, _ in groups_of(box))]
    monkeypatch.setattr(model_boxes, "_found", lambda: dict.fromkeys(known, found))
    monkeypatch.setattr(model_boxes, "model_digest", lambda: "now")
    told = opened(box, Session(words.language, lambda: None), words)
    said = effect(found, words)
    assert all(number in said for number in ("10", "7", "2", "1"))
    own = [one for rule in told["rules"] for one in rule["parameters"]]
    assert {one["effect"] for one in own} == {"", said}, "single effects: always, with a note"
    assert (words("knock_out_old") in told["note"]) is (model == "before")
    assert len(told["cut"]) == 1
    assert all((said in one["effect"]) is (model == "now") for one in told["cut"])


def test_links_take_away_what_they_say():
    session = Session("en", lambda: None)
    for box in boxes():
        groups = [names for _, names in groups_of(box)]
        for names in (*((name,) for name in box.arrows), *groups):
            link = without(names, session)
            view, faults = view_from(values_of(link.partition("?")[2]))
            assert not faults
            changed = {name: 0.0 for name in names if BY_NAME[name].default != 0.0}
            assert dict(view.parameters) == changed


def test_every_arc_lies_on_the_drawing():
    drawn = arcs(LOOK)
    assert {(arc.one, arc.other) for arc in drawn} == set(carried())
    for arc in drawn:
        numbers = re.findall(r"-?[\d.]+", arc.path)
        edge, reach = float(numbers[0]), float(numbers[2])
        assert 0.0 < edge + 0.75 * (reach - edge) < LOOK.width, "where the curve swings out most"
