"""The command trial: what it says, writes and refuses, and what the same folder is good for."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from described import undescribed
from velfaerd_sim import load_study, trial, verify
from velfaerd_sim.cli import main as cli
from velfaerd_sim.engine import store
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.trial.files import EXAMPLE, load_trial

SMALL = """
scenario = "denmark"
adults = 49000
intervention = "facilitative_dialogue"
worlds = "prior:2"
trials = 100
title_da = "Et lille forsøg"
{more}
[design]
kinds = ["parallel", "stepped_wedge"]
municipalities = {municipalities}
months = 6
every = 3
baseline = 3
steps = 2
implementation = 0
settling = 0
[survey]
of = "citizens"
question = "tils_score"
invited = [200]
response = 0.6
response_by = {{loneliness = -1}}
[budget]
staff_hours = 100000
"""
COLUMNS = (
    *("design", "municipalities", "months", "n", "effect", "power", "mc_error", "bias"),
    *("coverage", "icc", "staff_hours"),
)


@pytest.fixture
def velfaerd(capsys):
    def call(*arguments, code=0):
        found = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert found == code, shown.err
        return shown.out if code == 0 else shown.err

    return call


def file(folder, municipalities="[6]", more=""):
    path = folder / "trial.toml"
    path.write_text(SMALL.format(municipalities=municipalities, more=more), encoding="utf-8")
    return path


def test_from_file_to_pages_and_on(velfaerd, tmp_path):
    out = tmp_path / "out"
    shown = velfaerd("trial", file(tmp_path), "--out", out, "--workers", "2")
    assert shown.splitlines()[-1] == f"The report: {out / 'report.html'}"
    power = pd.read_parquet(out / "power.parquet")
    assert tuple(power.columns[:4]) == COLUMNS[:4]
    assert set(COLUMNS) <= set(power.columns)
    assert len(power) == 2
    pd.testing.assert_frame_equal(load_study(out), power)
    velfaerd("report", out, "--language", "da")
    for name, known in (
        ("report.html", "Recommended|No design"),
        ("report.da.html", "Et lille forsøg"),
        ("application.html", "Size and power"),
        ("application.da.html", "Størrelse og styrke"),
    ):
        page = (out / name).read_text(encoding="utf-8")
        assert any(each in page for each in known.split("|")), name
    assert verify(out, sample=2).runs == 2 * 3
    before = store.read_record(out)["counts"]["done"]
    velfaerd("trial", file(tmp_path, "[6, 12]"), "--out", out)
    again = store.read_record(out)
    assert again["counts"]["done"] == before
    assert len(load_study(out)) == 4
    refused = velfaerd("trial", file(tmp_path, more="seed = 2"), "--out", out, code=2)
    assert "holds another study" in refused


def test_the_function_gives_what_the_files_hold(tmp_path):
    done = trial(file(tmp_path), tmp_path / "folder", workers=2)
    assert done.complete
    assert "<svg" in done._repr_html_()
    assert done.to_html("da").count("<table") == 1
    assert undescribed(tmp_path / "folder", "trial") == []
    assert list(done.power["design"]) == ["parallel", "stepped_wedge"]
    assert set(done.worlds["world"]) == {1, 2}


def test_the_example_is_a_trial_that_can_be_asked(velfaerd, tmp_path):
    shown = velfaerd("trial", "--example")
    assert shown == EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "trial.toml").write_text(shown, encoding="utf-8")
    study = load_trial(tmp_path / "trial.toml")
    assert len(study.points) == 36
    assert study.scenario.adults == 490_000
    assert sum(count for _, count in study.adults) == load_scenario("denmark").adults


def test_the_worked_example_is_the_one_that_its_page_tells_of():
    home = Path(__file__).resolve().parents[2] / "experiments" / "municipal_trial"
    study = load_trial(home / "trial.toml")
    page = (home / "README.md").read_text(encoding="utf-8")
    assert study.title_en in page
    (told,) = re.findall(r"<!-- answer -->\n(.*?)<!-- end -->", page, re.DOTALL)
    assert told.count("\n| parallel |") == len(study.points) / len(study.designs)
    assert "lives of 98 municipalities in 10 worlds, 1,000 trials" in told


def test_a_dry_run_tells_its_cost_and_writes_nothing(velfaerd, tmp_path):
    shown = velfaerd("trial", file(tmp_path), "--dry-run", "--out", tmp_path / "out")
    assert "Runs          588, in 196 tasks" in shown
    assert not (tmp_path / "out").exists()


def test_places_and_chosen_towns(tmp_path):
    kolding = next(town for town in load_scenario("denmark").towns if town.name == "Kolding")
    own = load_scenario("denmark").with_(towns=(kolding,), adults=5000)
    levels = own.to_toml().replace("adults = 5000\n", "adults = 5000\nhours_level = 2.0\n")
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "scenario.toml").write_text(levels, encoding="utf-8")
    more = 'places = ["place"]\ntowns = ["Kolding", 461, "Vejle", "Varde", "Esbjerg", "Aarhus"]'
    study = load_trial(file(tmp_path, more=more))
    assert len(study.scenario.towns) == 6
    (found,) = (town for town in study.scenario.towns if town.name == "Kolding")
    assert found.hours_level == 2.0
    assert study.thousands()[kolding.code] == 5.0


BAD = {
    "regime": ('control = "rigid_rule"', "control: 'rigid_rule'", "'rigid_rules'?"),
    "town": ('towns = ["Koldng", "Vejle"]', "towns[1]: 'Koldng'", "'Kolding'?"),
    "place": ('places = ["nowhere"]', "places[1]: scenario.toml", "a file that exists"),
    "key": ("imitating = 0.1", "imitating", "'imitation'?"),
    "twice": ("trials = 5", "trials", "each key and table once"),
    "worlds": ("populations = 0", "populations", "1 to 1000"),
}


@pytest.mark.parametrize("case", BAD)
def test_wrong_files_are_refused_in_one_sentence(velfaerd, tmp_path, case):
    line, place, allowed = BAD[case]
    refused = velfaerd("trial", file(tmp_path, more=line), "--out", tmp_path / "out", code=2)
    assert place in refused
    assert allowed in refused
    assert refused.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        ([], "TRIAL.toml: nothing is given"),
        (["none.toml"], "a file that exists"),
        (["trial.toml"], "--out: nothing is given"),
        (["trial.toml", "--worlds", "plausibel", "--out", "out"], "--worlds: 'plausibel'"),
    ],
)
def test_wrong_options_are_refused(velfaerd, tmp_path, monkeypatch, arguments, known):
    monkeypatch.chdir(tmp_path)
    file(tmp_path)
    assert known in velfaerd("trial", *arguments, code=2)
    assert [each.name for each in tmp_path.iterdir()] == ["trial.toml"]


def test_one_cluster_an_arm_is_refused(velfaerd, tmp_path):
    refused = velfaerd("trial", file(tmp_path, "[2]"), "--out", tmp_path / "out", code=2)
    assert "design.municipalities: 2" in refused
    assert "at least two municipalities" in refused


def test_the_record_holds_what_was_asked(tmp_path):
    trial(file(tmp_path), tmp_path / "out", workers=2)
    record = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert record["kind"] == "trial"
    assert record["design"]["survey"]["response_by"] == {"loneliness": -1.0}
    assert set(record["files"]) == {"power.parquet", "worlds.parquet"}
