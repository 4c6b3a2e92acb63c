"""The experiment on what is worth knowing: its table is that of value.csv, and it runs."""

from pathlib import Path

import pandas as pd

from test_experiments import program
from velfaerd_sim import verify
from velfaerd_sim.studies.value.valuing import load_valuation

HOME = Path(__file__).resolve().parents[1] / "experiments" / "worth_knowing"


def test_the_readme_tells_what_the_table_holds():
    text = (HOME / "README.md").read_text(encoding="utf-8")
    table = pd.read_csv(HOME / "value.csv")
    answer = program("keeping").MARKED.search(text)[0]
    assert program("worth_knowing.run").table_text(table) in answer
    assert table["value"].is_monotonic_decreasing
    assert set(table["kind"]) == {"evpi", "evppi", "evsi"}
    assert "over 300 worlds" in answer
    assert "](figure.svg)" in text
    assert (HOME / "figure.svg").is_file()


def test_it_runs_from_end_to_end_when_tiny(tmp_path):
    done = program().run("worth_knowing", tmp_path, small=True, workers=1)
    found = load_valuation(done.folder)
    assert found.complete
    assert {"evpi", "evppi", "evsi"} == set(found.value["kind"])
    assert len(done.tables["value.csv"].splitlines()) == len(found.value) + 1
    verify(done.folder, sample=2)
    assert (done.folder / "report.html").is_file()
