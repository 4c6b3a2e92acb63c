"""A folder as a Process Run Crate: what the profile requires, and what the record says."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError
from velfaerd_sim.reporting.crate import ACTION, BASE, CRATE, PROFILE, write_crate
from velfaerd_sim.studies.compare.comparison import compare


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "out"
    words = "compare hands_off rigid_rules --adults 200 --months 3 --replicates 2 --workers 1"
    assert cli.main([*words.split(), "--out", str(path)]) == 0
    assert cli.main(["report", str(path), "--crate"]) == 0
    return path


@pytest.fixture
def graph(folder: Path) -> dict[str, Any]:
    """The entities by their names."""
    content = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert content["@context"] == f"{BASE}/context"
    found = {each["@id"]: each for each in content["@graph"]}
    assert len(found) == len(content["@graph"])
    return found


def ids(value: Any) -> list[str]:
    return [each["@id"] for each in (value if isinstance(value, list) else [value])]


def test_it_has_what_a_crate_must_have(graph: dict[str, Any]) -> None:
    head, root = graph[CRATE], graph["./"]
    assert (ids(head["about"]), ids(head["conformsTo"])) == (["./"], [BASE])
    assert root["@type"] == "Dataset"
    assert root["name"]
    assert root["description"]
    assert root["datePublished"][:2] == "20"
    assert graph[root["license"]["@id"]]["description"]


def test_it_has_what_the_profile_requires(graph: dict[str, Any]) -> None:
    root, action = graph["./"], graph[ACTION]
    assert PROFILE in ids(root["conformsTo"])
    assert graph[PROFILE]["@type"] == "CreativeWork"
    assert graph[PROFILE]["version"] == PROFILE.rpartition("/")[2]
    assert ACTION in ids(root["mentions"])
    assert action["@type"] == "CreateAction"
    (program,) = (graph[each] for each in ids(action["instrument"]))
    assert program["@type"] == "SoftwareApplication"
    assert program["name"] == "velfaerd_sim"
    assert action["startTime"] <= action["endTime"]
    assert set(ids(action["result"])) == set(ids(root["hasPart"]))
    assert all(graph[each]["@type"] == "PropertyValue" for each in ids(action["object"]))


def test_everything_that_is_named_is_there(graph: dict[str, Any], folder: Path) -> None:
    for each in graph.values():
        for value in each.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and not one["@id"].startswith("http"):
                    assert one["@id"] in graph
    files = {id: each for id, each in graph.items() if each["@type"] == "File"}
    assert {"study.json", "effects.parquet", "series.parquet"} <= files.keys()
    for id, each in files.items():
        content = (folder / id).read_bytes()
        assert each["contentSize"] == str(len(content))
        if "sha256" in each:
            assert each["sha256"] == hashlib.sha256(content).hexdigest()


def test_it_says_what_the_record_says(graph: dict[str, Any], folder: Path) -> None:
    record = read_record(folder)
    assert graph["./"]["identifier"] == record["fingerprint"]
    assert graph[ACTION]["description"] == record["command"]
    assert graph["#velfaerd_sim"]["softwareVersion"] == record["package"]["version"]
    assert graph["#seeds"]["value"] == ", ".join(map(str, record["seeds"]))


def test_it_is_the_same_every_time_and_names_a_report_once_there(folder: Path) -> None:
    first = (folder / CRATE).read_bytes()
    assert write_crate(folder).read_bytes() == first
    (folder / "report.html").write_text("<p>", encoding="utf-8")
    assert b'"report.html"' in write_crate(folder).read_bytes()
    (folder / "report.html").unlink()
    assert write_crate(folder).read_bytes() == first


def test_a_study_that_is_not_done_is_refused(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"adults": 200, "months": 3, "replicates": 2, "out": tmp_path}
    with pytest.raises(InputError):
        write_crate(tmp_path / "nowhere")
    compare(("hands_off", "rigid_rules"), **asked)
    record = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    (tmp_path / "study.json").write_text(json.dumps(record | {"status": "incomplete"}))
    with pytest.raises(InputError, match="done"):
        write_crate(tmp_path)
    assert not (tmp_path / CRATE).exists()


def test_a_validator_of_crates_finds_nothing_that_is_required_missing(
    folder: Path, tmp_path: Path
) -> None:
    """Where a validator is installed. The context is written out, so that no network is asked."""
    services = pytest.importorskip("rocrate_validator.services")
    models = pytest.importorskip("rocrate_validator.models")
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    content = json.loads((copied / CRATE).read_text(encoding="utf-8"))
    terms = {key for each in content["@graph"] for key in each if not key.startswith("@")}
    terms |= {each["@type"] for each in content["@graph"]}
    context = {term: f"http://schema.org/{term}" for term in terms}
    context |= {
        "File": "http://schema.org/MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
        "sha256": "https://w3id.org/ro/terms/workflow-run#sha256",
    }
    (copied / CRATE).write_text(json.dumps(content | {"@context": context}), encoding="utf-8")
    settings = services.ValidationSettings(
        rocrate_uri=str(copied),
        profile_identifier="process-run-crate",
        requirement_severity=models.Severity.REQUIRED,
    )
    found = services.validate(settings)
    assert [each.message for each in found.get_issues()] == []
