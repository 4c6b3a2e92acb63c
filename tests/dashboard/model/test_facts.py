"""The page of the model: its equations are the description's, its archive is whole."""

import csv
import importlib.util
import io
import json
import math
import tomllib
import zipfile
from pathlib import Path

import pytest

from velfaerd_sim.dashboard.model import equations
from velfaerd_sim.dashboard.model import facts as model_facts
from velfaerd_sim.dashboard.model.equations import FORMULA, TEXT, UPDATE
from velfaerd_sim.inputs.parameters import PARAMETERS, defaults
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import SCENARIOS, load_scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.measures.outcomes import NAMES

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_equations_are_those_of_the_description():
    """Where this fails, `make docs` writes the file anew."""
    spec = importlib.util.spec_from_file_location("tables_for_equations", DOCS / "tables.py")
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    text = (Path(equations.__file__).parent / equations.FILE).read_text(encoding="utf-8")
    assert text == tables.written_equations()


def test_every_formula_of_the_description_is_carried():
    description = (DOCS / "odd.md").read_text(encoding="utf-8")
    body = description[description.index("## Stochasticity") :]
    carried = sum(part.kind == FORMULA for one in equations.carried() for part in one.parts)
    assert carried == body.count("```formula")
    assert carried > 50


def test_sections_by_hand():
    found = equations.sections_of(
        "# Details\n\n## Purpose\n\nNot carried.\n\n## Submodels\n\nIn order.\n\n### Bonds\n\n"
        "A *bond* of `x` grows, see [there](#there).\n\n  ```formula\n  grow(x) =\n      2 * x\n"
        "  ```\n\n- one\n- **two**\n\n| a | b |\n\n```update\ny <- grow(y)\n```\n\n"
        "### Words\n\nNo equation.\n"
    )
    (section,) = found
    assert section.title == "Bonds"
    assert [(part.kind, part.text) for part in section.parts] == [
        (TEXT, "A bond of x grows, see there."),
        (FORMULA, "grow(x) =\n    2 * x"),
        (TEXT, "one"),
        (TEXT, "two"),
        (UPDATE, "y <- grow(y)"),
    ]
    assert section.formulas == ("grow",)


def test_carried_texts_have_no_marks_left():
    for section in equations.carried():
        for part in section.parts:
            if part.kind == TEXT:
                assert "](" not in part.text, part.text
                assert "`" not in part.text, part.text
                assert "<!--" not in part.text, part.text


def test_everything_is_in_the_archive_and_can_be_read():
    content = model_facts.archive(model_facts.everything())
    assert content == model_facts.archive(model_facts.everything())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {f"scenarios/{name}.toml" for name in SCENARIOS} <= texts.keys()
    for name, text in texts.items():
        if name.endswith(".json"):
            assert json.loads(text)
        elif name.endswith(".toml"):
            assert tomllib.loads(text)
        elif name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text)))
            assert len({len(row) for row in rows}) == 1, name
    names = [row["name"] for row in csv.DictReader(io.StringIO(texts["parameters.csv"]))]
    assert names == list(defaults())
    assert [row["name"] for row in csv.DictReader(io.StringIO(texts["outcomes.csv"]))] == list(
        NAMES
    )
    assert {row["name"] for row in csv.DictReader(io.StringIO(texts["regimes.csv"]))} == set(
        REGIMES
    )


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_taken_along_are_the_packaged_ones(tmp_path, name):
    path = tmp_path / "taken.toml"
    path.write_text(model_facts.everything()[f"scenarios/{name}.toml"], encoding="utf-8")
    assert load_scenario(path).digest() == load_scenario(name).digest()


def test_numbers_taken_along_are_exact():
    rows = csv.DictReader(io.StringIO(model_facts.everything()["parameters.csv"]))
    for row, parameter in zip(rows, PARAMETERS, strict=True):
        assert float(row["default"]) == pytest.approx(parameter.default, rel=1e-12)
        assert float(row["low"]) == pytest.approx(parameter.low, rel=1e-12)


def test_fits_without_and_with_answers():
    assert not any(fit.known or fit.inside for fit in model_facts.fits(None))
    middle = {target.id: target.value for target in TARGETS}
    assert all(fit.inside for fit in model_facts.fits(middle))
    first = TARGETS[0]
    outside = model_facts.fits({first.id: first.high * 1.5})[0]
    assert outside.known
    assert not outside.inside
    assert outside.distance > 0.0
    assert math.isnan(model_facts.fits({first.id: math.nan})[0].distance)


def test_parameters_are_chosen_by_role_and_group():
    assert model_facts.chosen_parameters("", "") == list(PARAMETERS)
    levers = model_facts.chosen_parameters("lever", "")
    assert levers
    assert {each.role for each in levers} == {"lever"}
    for group in model_facts.groups_of_parameters():
        assert {each.group for each in model_facts.chosen_parameters("", group)} == {group}
    assert model_facts.chosen_parameters("lever", "no such group") == []


def test_tables_open_in_a_danish_spreadsheet() -> None:
    text = "name,value,text\na,0.25,x;y\nb,-1.5e-3,v1.2.3\n"
    danish = '\ufeffname;value;text\na;0,25;"x;y"\nb;-1,5e-3;v1.2.3\n'
    assert model_facts.danish_csv(text).decode() == danish
