"""The experiment on what carries the effect: its shares add up, and it runs."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from test_experiments import program
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.studies.compare.comparison import load_comparison

HOME = Path(__file__).resolve().parents[1] / "experiments" / "what_carries"


def adds_up(table):
    for _, own in table.groupby("outcome"):
        parts = own[own["way"] != "all"]["carried"].sum()
        whole = own[own["way"] == "all"]["carried"].iloc[0]
        assert parts == pytest.approx(whole, rel=1e-3, abs=1e-6)


def test_the_readme_tells_what_the_table_holds():
    table = pd.read_csv(HOME / "shares.csv")
    text = (HOME / "README.md").read_text(encoding="utf-8")
    own = program("what_carries.run")
    assert own.answer(table) in program("keeping").MARKED.search(text)[0]
    assert own.sentence(table) in text
    assert "over 40 worlds" in text
    adds_up(table)


def test_every_cut_takes_parameters_that_are_there():
    cut = [name for names in program("what_carries.run").WAYS.values() for name in names]
    assert len(set(cut)) == len(cut)
    assert set(cut) <= set(BY_NAME)


def test_it_runs_from_end_to_end_when_tiny(tmp_path):
    done = program().run("what_carries", tmp_path, small=True, workers=1)
    adds_up(pd.read_csv(io.StringIO(done.tables["shares.csv"])))
    found = load_comparison(done.folder)
    values = program("what_carries.run").effects(found, "contact_hours_per_1000")
    assert values.shape == (3, 32)
    assert len(np.unique(values)) > 3
    assert "<svg" in done.figure
