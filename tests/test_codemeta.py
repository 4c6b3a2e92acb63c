"""codemeta.json is what CITATION.cff and pyproject.toml say, and both say the same."""

import importlib.util
import json
import tomllib
from pathlib import Path
from types import ModuleType

import velfaerd_sim

ROOT = Path(__file__).resolve().parents[1]


def script() -> ModuleType:
    path = ROOT / "scripts" / "codemeta.py"
    found = importlib.util.spec_from_file_location("codemeta", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_file_is_what_is_written_anew() -> None:
    assert (ROOT / "codemeta.json").read_text(encoding="utf-8") == script().text()


def test_it_says_what_the_sources_say() -> None:
    content = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert content["version"] == velfaerd_sim.__version__
    assert content["license"].endswith(project["license"])
    assert content["softwareRequirements"] == project["dependencies"]
    assert set(project["keywords"]) & set(content["keywords"])
    assert content["description"].endswith(".")
    assert "  " not in content["description"]


def test_texts_folds_and_lists_of_a_citation_are_read() -> None:
    text = 'title: "a: b"\nabstract: >-\n  one\n  two.\nkeywords:\n  - x\n  - y z\n'
    found = script().citation(text)
    assert found == {"title": "a: b", "abstract": "one two.", "keywords": ["x", "y z"]}
