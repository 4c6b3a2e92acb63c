"""The experiment on what is worth knowing: its table is that of value.csv, and it runs."""

import importlib.util
from pathlib import Path

import pandas as pd

from velfaerd_sim import verify

HOME = Path(__file__).resolve().parents[1] / "experiments" / "worth_knowing"


def program():
    made = importlib.util.spec_from_file_location("worth_knowing", HOME / "run.py")
    found = importlib.util.module_from_spec(made)
    made.loader.exec_module(found)
    return found


def test_the_readme_tells_what_the_table_holds():
    text = (HOME / "README.md").read_text(encoding="utf-8")
    table = pd.read_csv(HOME / "value.csv")
    answer = program().MARKED.search(text)[0]
    assert program().table_text(table) in answer
    assert table["value"].is_monotonic_decreasing
    assert set(table["kind"]) == {"evpi", "evppi", "evsi"}
    assert "over 300 worlds" in answer
    assert "](figure.svg)" in text
    assert (HOME / "figure.svg").is_file()


def test_it_runs_from_end_to_end_when_tiny(tmp_path):
    found = program().run(tmp_path, small=True, workers=1)
    assert found.complete
    assert {"evpi", "evppi", "evsi"} == set(found.value["kind"])
    assert len(program().rows(found)) == len(found.value)
    verify(tmp_path / "value", sample=2)
    assert (tmp_path / "value" / "report.html").is_file()
