"""The table of kinds names what is there, and everybody who shows a kind knows all of them."""

import ast
import inspect
from pathlib import Path

import pytest

from velfaerd_sim.dashboard.studies import page
from velfaerd_sim.dashboard.studies.checks import REPORTS
from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies import kinds
from velfaerd_sim.studies.kinds import KINDS, kind_of
from velfaerd_sim.telling.words import LANGUAGES, Words


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_place_is_there(kind):
    report = inspect.signature(kinds._found(kind.report))
    assert len(report.parameters) == 4
    if kind.runs:
        assert len(inspect.signature(kinds._found(kind.runs)).parameters) == 1
    for language in LANGUAGES:
        words = Words(language, "studies")
        assert words.has(f"kind_{kind.word}")
        assert words.has(f"title_{kind.word}") == kind.title


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_plan_says_the_same_word(kind):
    made = kinds._found(kind.plan)
    assert issubclass(made.__self__, Plan)
    assert made.__self__.kind == kind.word


def test_the_page_of_studies_shows_every_kind():
    tree = ast.parse(Path(page.__file__).read_text(encoding="utf-8"))
    (body,) = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "Body")
    (table,) = (n for n in ast.walk(body) if isinstance(n, ast.Dict))
    assert {key.value for key in table.keys} | set(REPORTS) == set(KINDS)


def test_another_kind_is_refused():
    with pytest.raises(InputError, match="one of the kinds run, compare, sweep"):
        kind_of({"kind": "poll"}, "here")
