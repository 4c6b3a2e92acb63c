"""The evaluation of the model: its results are those of the commands it names."""

import csv
import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


@pytest.fixture
def results():
    spec = importlib.util.spec_from_file_location("results_of_the_documents", DOCS / "results.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_of_results_is_the_one_that_was_taken(results):
    rows = results.about()
    tables = {f"results/{path.name}" for path in (DOCS / "results").glob("*.csv")}
    figures = {f"figures/{name}.svg" for names in results.DRAWN.values() for name in names}
    assert {row["file"] for row in rows} == tables - {"results/about.csv"} | figures
    for row in rows:
        assert results.sha256(DOCS / row["file"]) == row["sha256"], row["file"]
        assert row["command"].startswith("velfaerd ")


def test_results_of_a_document_are_of_one_model(results):
    assert len({row["study"] for row in results.about()}) == 2
    for study in ("validation", "robustness"):
        own = [row for row in results.about() if row["study"] == study]
        assert len({(row["model"], row["fingerprint"], row["command"]) for row in own}) == 1


def study(folder, status="complete"):
    record = {
        "kind": "robustness",
        "status": status,
        "command": "velfaerd robustness --seed 3 --out somewhere",
        "package": {"version": "9.9", "model_digest": "m" * 64},
        "fingerprint": "f" * 64,
        "times": {"finished": "2026-01-02T03:04:05Z"},
    }
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "conclusions.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "study.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_results_are_taken_small(results, tmp_path, monkeypatch):
    for name in ("RESULTS", "FIGURES", "FOLDER"):
        monkeypatch.setattr(results, name, tmp_path / "docs" / name.lower())
    monkeypatch.setattr(results, "FOLDER", tmp_path / "docs")
    monkeypatch.setattr(results, "ABOUT", tmp_path / "docs" / "results" / "about.csv")
    monkeypatch.setattr(results, "KNOCKED", tmp_path / "knock_outs.csv")
    (tmp_path / "docs" / "results").mkdir(parents=True)
    (tmp_path / "docs" / "figures").mkdir()
    folder = study(tmp_path / "study")
    for name, columns in results.TABLES["robustness"].items():
        table = pd.DataFrame({column: ["x" * 500, 1.23456789] for column in columns})
        table["kind"] = ["arrow", "size"]
        table.assign(more=1).to_csv(folder / f"{name}.csv", index=False)
    results.take(folder)
    ranking = pd.read_csv(tmp_path / "docs" / "results" / "ranking.csv")
    assert list(ranking["kind"]) == ["size"]
    knocked = pd.read_csv(tmp_path / "knock_outs.csv")
    assert len(knocked) == 1, "the dashboard tells of arrows only"
    assert set(knocked["model"]) == {"m" * 16}
    conclusions = pd.read_csv(tmp_path / "docs" / "results" / "conclusions.csv")
    assert list(conclusions.columns) == list(results.TABLES["robustness"]["conclusions"])
    assert conclusions["statement"].str.len().max() == results.MOST_WORDS
    text = (tmp_path / "docs" / "results" / "about.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 4
    assert {row["command"] for row in rows} == {"velfaerd robustness --seed 3"}
    assert {row["finished"] for row in rows} == {"2026-01-02"}


def test_half_a_study_is_refused(results, tmp_path):
    with pytest.raises(SystemExit, match="not complete"):
        results.take(study(tmp_path / "study", status="incomplete"))
