"""Regimes, timelines, scenarios and studies as objects, and as files that say the same."""

import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from inputs.strategies import regimes, timelines
from velfaerd_sim import Design, Factor, Phase, Regime, Scenario, SweepStudy, Timeline, Town
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.sweep.study_files import load_study_file


def as_file(text, read):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "written.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)


@given(regimes)
def test_a_regime_reads_back(regime: Regime) -> None:
    assert as_file(regime.to_toml(), load_timeline) == Timeline.of(regime)


@given(timelines)
def test_a_timeline_reads_back(timeline: Timeline) -> None:
    assert as_file(timeline.to_toml(), load_timeline) == timeline


def test_a_packaged_regime_stands_by_its_name_in_a_timeline() -> None:
    phases = (Phase(0, REGIMES["hands_off"]), Phase(12, REGIMES["experimenting"], 6))
    text = Timeline("first_nothing", phases, label_en="First nothing").to_toml()
    assert [each["regime"] for each in tomllib.loads(text)["phase"]] == [
        "hands_off",
        "experimenting",
    ]
    assert as_file(text, load_timeline).phases == phases


OWN = Scenario(
    name="own",
    towns=(Town(code=621, name="Kolding", kind="provincial_city", adults=900),),
    timeline=Timeline.of(replace(REGIMES["hands_off"], name="ours", dialogue=0.9)),
    parameters={"hours_per_1000": 12.0},
    months=24,
)


def study(**changes) -> SweepStudy:
    given = {
        "name": "own_study",
        "scenario": OWN,
        "regimes": (Timeline.of(REGIMES["rigid_rules"]), OWN.timeline),
        "factors": (Factor.of("espoused_gap", values=[0.0, 0.5]), Factor.of("drift_rate")),
        "question_en": "Which?",
    }
    return SweepStudy(**given | changes)


STUDIES = {
    "a grid": {},
    "a grid of levels": {"factors": (Factor.of("drift_rate", low=0.01, levels=4),)},
    "one point": {"factors": ()},
    "sobol": {"design": Design(kind="sobol", size=8)},
    "saltelli": {"design": Design(kind="saltelli", size=4, second_order=True)},
    "points": {"design": Design(kind="points", rows=((0.0, 0.02), (0.5, 0.04)))},
    "worlds": {"worlds": Worlds.drawn("prior:3", 1), "replicates": 2, "read_months": (12,)},
    "an instrument": {"factors": (Factor.of("instrument.rigidity.ours", high=0.5),)},
    "a named scenario": {"scenario": load_scenario("crisis")},
}


@pytest.mark.parametrize("changes", STUDIES.values(), ids=STUDIES)
def test_a_study_reads_back(changes: dict) -> None:
    made = study(**changes)
    assert as_file(made.to_toml(), load_study_file) == made


def test_a_scenario_reads_back() -> None:
    assert as_file(OWN.to_toml(), load_scenario) == OWN


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ('scenario = {name = "x"}', "scenario.adults"),
        ('scenario = {name = "x", adults = 900, moths = 3}', "scenario"),
        ('[design]\nkind = "grid"\nrows = [[1.0]]', "design.rows"),
        ('factors = ["drift_rate"]\n[design]\nkind = "points"\nrows = [0.1]', "design.rows[1]"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(table: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        as_file(table, load_study_file)
    assert refused.value.place == f"written.toml: {place}"
