"""The commands that judge the model: what they say, write and refuse."""

import html
import json

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments import held_out
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.studies.robustness import plan as robustness
from velfaerd_sim.studies.validate import validating
from velfaerd_sim.studies.validate import work as validate_work

SMALL = ["--adults", "500", "--months", "14", "--replicates", "3", "--workers", "2"]


@pytest.fixture
def velfaerd(capsys):
    def call(*arguments, code=0):
        found = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert found == code, shown.err
        return shown.out if code == 0 else shown.err

    return call


def test_robustness(velfaerd, tmp_path):
    out = tmp_path / "robust"
    line = ["robustness", *SMALL, "--worlds", "prior:3", "--out", out]
    line += ["--kind", "worlds", "--kind", "size", "--kind", "step"]
    shown = velfaerd(*line)
    assert shown.splitlines()[-1] == f"The report: {out / 'report.html'}"
    ranking = pd.read_csv(out / "ranking.csv")
    assert set(ranking["condition"]) == {
        *("defaults", "prior", "half_the_adults", "twice_the_adults"),
        *("half_month_steps", "two_month_steps"),
    }
    assert set(REGIMES) < set(ranking.columns)
    conclusions = pd.read_csv(out / "conclusions.csv")
    judged = pd.read_csv(out / "verdicts.csv")
    assert len(judged) == 5 * len(conclusions) > 0
    fragile = conclusions["turns"] * 100 + conclusions["weakens"]
    assert fragile.is_monotonic_decreasing
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "docs/trace.md" in page
    said = conclusions["statement"][0].partition(" ")[2].rpartition(" ")[0]
    assert f"” {said} “" in html.unescape(page)  # between the labels of two regimes
    assert (out / "figures" / "conclusions.svg").is_file()
    study = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert study["counts"]["done"] == study["counts"]["planned"] == (15 + 6) * len(REGIMES)
    assert velfaerd(*line) == shown  # done already: the same again
    (out / "report.html").unlink()
    velfaerd("report", out)
    assert (out / "report.html").read_text(encoding="utf-8") == page
    assert "runs were recomputed" in velfaerd("verify", out, "--sample", "3")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--kind", "sizes"], "--kind: 'sizes' is not allowed"),
        (["--replicates", "1"], "--replicates"),
        (["--worlds", "priors:3"], "did you mean 'prior'"),
        (["--worlds", "prior:3", "--worlds", "prior:4"], "each set once"),
        (["--adults", "1"], "--adults"),
    ],
)
def test_wrong_input_is_refused_and_nothing_written(velfaerd, tmp_path, options, words):
    out = tmp_path / "out"
    assert words in velfaerd("robustness", *options, "--out", out, code=2)
    assert not out.exists()


def test_validate(velfaerd, tmp_path, monkeypatch):
    monkeypatch.setattr(held_out, "NATIONAL_ADULTS", 20_000)
    out = tmp_path / "valid"
    line = ["validate", "--adults", "500", "--seeds", "2", "--workers", "2"]
    line += ["--worlds", "prior:2", "--out", out]
    shown = velfaerd(*line)
    assert "six-route table" in shown
    assert shown.splitlines()[-1] == f"The report: {out / 'report.html'}"
    targets = pd.read_csv(out / "targets.csv")
    assert sorted(targets["id"]) == sorted(target.id for target in TARGETS)
    assert targets["inside"].is_monotonic_increasing  # what does not fit stands first
    found = pd.read_csv(out / "held_out.csv")
    assert {pattern.id for pattern in PATTERNS} < set(found["id"])
    assert {path.name for path in (out / "figures").iterdir()} == {
        *("targets.svg", "targets.png", "held_out.svg", "held_out.png")
    }
    readings = pd.read_parquet(out / "readings.parquet")
    counts = readings.drop_duplicates(["part", "condition", "draw"])["part"].value_counts()
    assert counts.to_dict() == {"defaults": 2, "targets": 2, "held out": 2, "scale": 40}
    assert velfaerd(*line) == shown  # done already: the same again
    page = (out / "report.html").read_text(encoding="utf-8")
    velfaerd("report", out)
    assert (out / "report.html").read_text(encoding="utf-8") == page
    assert "4 of 46 runs were recomputed" in velfaerd("verify", out, "--sample", "4")


def test_a_planted_change_is_found_by_verification(velfaerd, tmp_path):
    out = tmp_path / "robust"
    line = ["robustness", *SMALL, "--kind", "size", "--out", out]
    velfaerd(*line)
    path = out / robustness.RUNS
    table = pq.read_table(path)
    place = table.column_names.index("lonely_share")
    moved = pc.add(table.column("lonely_share"), 1e-12)
    pq.write_table(table.set_column(place, "lonely_share", moved), path)
    study = json.loads((out / "study.json").read_text(encoding="utf-8"))
    study["files"][robustness.RUNS]["sha256"] = store.sha256(path)  # a careful forger
    (out / "study.json").write_text(records.text(study), encoding="utf-8")
    assert "runs.parquet: row 0" in velfaerd("verify", out, "--sample", "2", code=1)


def test_towns_too_large_to_be_asked_are_refused_before_anything_is_written(velfaerd, tmp_path):
    out = tmp_path / "out"
    for adults in ("1500001", "6000000"):
        told = velfaerd("validate", "--adults", adults, "--out", out, code=2)
        assert f"--adults: {adults}" in told
        assert "at most 1500000" in told
    assert not out.exists()


def test_worlds_leave_what_is_set(monkeypatch):
    asked = []

    def noted(values, **_):
        asked.append(values["contagion_strength"])
        return {}

    monkeypatch.setattr(validate_work, "read_targets", noted)
    monkeypatch.setattr(validate_work, "read_held_out", noted)
    monkeypatch.setattr(validate_work.Levels, "read", lambda _: {})
    base = load_scenario("baseline").with_(adults=400, parameters={"contagion_strength": 0.0})
    size = validating.Size(seeds=1, scale_seeds=1)
    validating.validate(base, worlds=Worlds.load("prior:2"), size=size, workers=1)
    assert asked == [0.0] * 5


def test_a_dry_run_a_deadline_and_failed_units(velfaerd, tmp_path, monkeypatch):
    monkeypatch.setattr(held_out, "NATIONAL_ADULTS", 20_000)
    out = tmp_path / "out"
    line = ["validate", "--adults", "400", "--seeds", "2", "--worlds", "none", "--workers", "1"]
    told = velfaerd(*line, "--out", out, "--dry-run")
    assert "Runs          44, in 44 tasks" in told
    assert "Time          about" in told
    assert not out.exists()
    assert "the time is up: 0 of 44" in velfaerd(*line, "--out", out, "--minutes", "0")
    whole = validate_work.HeldOut.read

    def broken(unit):
        raise ValueError("cannot be read")

    monkeypatch.setattr(validate_work.HeldOut, "read", broken)
    told = velfaerd(*line, "--out", out, code=1)
    assert "2 of 44 failed, the first with ValueError: cannot be read" in told
    study = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert study["counts"] == {"planned": 44, "done": 42, "failed": 2}
    monkeypatch.setattr(validate_work.HeldOut, "read", whole)
    assert "The report" in velfaerd(*line, "--out", out, "--retry-failed")
