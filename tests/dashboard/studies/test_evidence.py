"""What calibrations, validations and tests of robustness found, as rows; what is odd is refused."""

import math

import pandas as pd
import pytest

from velfaerd_sim.dashboard.studies import evidence as study_evidence
from velfaerd_sim.dashboard.studies.calibration import FARTHEST, fit_chart
from velfaerd_sim.dashboard.studies.claims import claim_row
from velfaerd_sim.dashboard.studies.claims_view import SetShare, Told
from velfaerd_sim.dashboard.studies.evidence import fit_rows, fits_of
from velfaerd_sim.errors import StorageError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.instruments.conditions import arrows
from velfaerd_sim.telling.words import Words

DANISH, ENGLISH = Words("da", "studies", "evidence"), Words("en", "studies", "evidence")
TARGET = {
    "id": "T1.lonely_share",
    "group": "T1",
    "label": "Lonely adults",
    "role": "fit",
    "unit": "share of adults",
    "low": 0.08,
    "high": 0.1,
    "at_defaults": 0.09,
    "median": 0.095,
    "from_": 0.07,
    "to": 0.5,
    "inside": True,
}
MISSED = TARGET | {"id": "own", "label": "<b>own</b>", "median": 0.2, "inside": False}
CONCLUSION = {
    "outcome": "staff_hours_per_1000",
    "first": "rigid_rules",
    "second": "municipal_baton",
    "size": 3.0,
    "low": 1.0,
    "high": 5.0,
    "survives": 3,
    "weakens": 1,
    "turns": 0,
    "worst": "half the adults",
}


def written(folder, rows, name="targets.csv"):
    pd.DataFrame(rows).to_csv(folder / name, index=False)
    return folder


def test_what_does_not_fit_stands_first_and_is_told_in_the_language(tmp_path):
    fits = fits_of(written(tmp_path, [TARGET, MISSED]), "targets.csv", "da")
    assert [one.id for one in fits] == ["own", "T1.lonely_share"]
    missed, met = fit_rows(fits, DANISH)
    assert missed.cells[0] == "<b>own</b>"
    assert missed.cells[5] == "nej"
    assert met.cells[:3] == ("Ensomme voksne", "8,0\u00a0% … 10,0\u00a0%", "9,5\u00a0%")
    assert fit_rows(fits, ENGLISH)[1].cells[1] == "8.0% … 10.0%"


def test_a_published_interval_goes_from_minus_one_to_one_and_far_ends_are_cut(tmp_path):
    (met,) = fits_of(written(tmp_path, [TARGET]), "targets.csv", "en")
    assert met.ruled(0.08) == pytest.approx(-1.0)
    assert met.ruled(0.1) == pytest.approx(1.0)
    option = fit_chart([met], ENGLISH)
    ends = [series["data"] for series in option["series"] if series["type"] == "line"]
    assert ends[0][1][1] == pytest.approx(FARTHEST)
    (dots,) = (series for series in option["series"] if series["type"] == "scatter")
    assert dots["markArea"]["data"] == [[{"xAxis": -1}, {"xAxis": 1}]]
    assert math.isnan(met.__class__(**(vars(met) | {"high": met.low})).ruled(0.0))


def test_no_table_is_nothing_and_another_table_is_refused(tmp_path):
    assert fits_of(tmp_path, "targets.csv", "en") == []
    with pytest.raises(StorageError, match="no column unit"):
        fits_of(written(tmp_path, [{"a": 1}]), "targets.csv", "en")
    (tmp_path / "targets.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StorageError, match=r"targets\.csv"):
        fits_of(tmp_path, "targets.csv", "en")


def test_conclusions_are_sentences_with_labels():
    frame = pd.DataFrame([CONCLUSION, CONCLUSION | {"outcome": "unheard_of"}])
    names = {"rigid_rules": "Stive regler", "municipal_baton": "Status quo"}
    conditions = {"half the adults": "Halvt så mange voksne"}
    (row,) = study_evidence.conclusion_rows(frame, names, conditions, DANISH)
    assert row.cells[0] == "»Stive regler« bruger flere medarbejdertimer end »Status quo«"
    assert row.cells[2] == "+1,0 … +5,0"
    assert row.cells[-1] == "Halvt så mange voksne"
    assert list(row.grounds) == [5]  # it weakens somewhere, and turns nowhere


def test_every_condition_has_a_name_in_danish():
    groups = arrows()
    own = ("no_contagion", "half_the_adults", "near_ties_only", "many_ties", "two_month_steps")
    for condition in (*own, *(f"none_of.{group}" for group in groups)):
        name = study_evidence.condition_name(condition, "label", DANISH)
        assert name != "label"
        assert "_" not in name
    for parameters in groups.values():
        for parameter in parameters:
            name = study_evidence.condition_name(f"no.{parameter}", "label", DANISH)
            assert name.startswith("Sat til nul: ")
            assert parameter not in name


def test_every_unit_of_a_parameter_or_figure_has_a_danish_name():
    units = {one.unit for one in (*PARAMETERS, *TARGETS)}
    same = {"0-1", "odds ratio", "log odds"}
    kept = {unit for unit in units - same if DANISH.unit(unit) == unit}
    assert kept == set()
    assert ENGLISH.unit("hours per month") == "hours per month"


def test_held_out_patterns_have_danish_names_and_verdicts():
    row = {"id": "H8.rules_leaving", "label": "Leaving", "unit": "share", "figure": "positive"}
    numbers = {"median": 0.1, "from_": -0.2, "to": 0.3, "verdict": "outside"}
    (found,) = study_evidence.pattern_rows(pd.DataFrame([row | numbers]), DANISH)
    assert found.cells[0] == DANISH.name("pattern", "H8.rules_leaving")
    assert found.cells[1] == "positiv"
    assert found.cells[4] == "ikke som offentliggjort"


def test_recovery_is_read_whatever_the_record_holds():
    one = {"which": "known", "level": 0.9, "coverage": 0.85, "error": 0.03}
    record = {"coverage": [one | {"intervals": 100, "truths": 20}, 3, None]}
    (row,) = study_evidence.recovery_rows(record, DANISH)
    assert row.cells[1:3] == ("90\u00a0%", "85\u00a0% ± 3")
    assert study_evidence.recovery_rows({"coverage": "all"}, DANISH) == []


def test_only_a_share_of_sampled_worlds_has_an_interval() -> None:
    def told(low: float, high: float) -> str:
        sets = (SetShare("plausible", 24, 23, 0.96, low, high),)
        each = Told("C16", "Said.", ("S3",), "holds", "holds", 0.96, "", sets, {})
        return str(claim_row(each, ENGLISH).cells[5])

    assert told(0.9, 0.99) == "90% … 99%"
    assert told(0.96, 0.96) == ""
