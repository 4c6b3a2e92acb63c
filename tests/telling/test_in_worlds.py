"""The report of a comparison in worlds: parameters and chance apart, in words and in a figure."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.reporting.figures import comparison as figures
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare, load_comparison
from velfaerd_sim.telling import findings, in_worlds
from velfaerd_sim.telling.reading import load
from velfaerd_sim.telling.results import Estimate, Results
from velfaerd_sim.telling.wording import Wording
from velfaerd_sim.telling.words import Words

pytestmark = pytest.mark.slow

REGIMES = ("municipal_baton", "rigid_rules", "facilitative_dialogue")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("worlds") / "study"
    hours = {"hours": [4, 60], "hours_replicates": 12}
    compare(REGIMES, adults=400, months=24, worlds="prior:6", out=found, **hours)  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return load(folder)


def effect(results: Results, name: str, regime: str) -> dict[str, float]:
    rows = results.effects
    (row,) = rows[(rows["outcome"] == name) & (rows["regime"] == regime)].to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_numbers_are_those_of_the_files(results: Results) -> None:
    row = effect(results, "lonely_share", "rigid_rules")
    found = in_worlds.over_worlds(results, "lonely_share", "rigid_rules")
    assert found is not None
    assert (found.low, found.high) == (row["low_90"], row["high_90"])
    assert found.better == row["share_negative"]
    assert found.worse == row["share_positive"]
    assert (found.sd_worlds, found.sd_chance) == (row["sd_worlds"], row["sd_chance"])
    assert len(found.estimates) == 6
    other = in_worlds.over_worlds(results, "motivation_mean", "rigid_rules")
    assert other is not None
    assert other.better == effect(results, "motivation_mean", "rigid_rules")["share_positive"]


def test_regimes_are_told_apart_by_world(results: Results) -> None:
    name = "motivation_mean"
    gap = results.between(name, "rigid_rules", REGIMES[0])
    row = effect(results, name, "rigid_rules")
    assert gap.value == pytest.approx(row["difference"])
    assert (gap.low, gap.high) == (pytest.approx(row["ci_low"]), pytest.approx(row["ci_high"]))
    name, hours = "lonely_share", results.staff_hours
    (few,) = hours[
        (hours["outcome"] == name)
        & (hours["regime"] == "rigid_rules")
        & (hours["hours_per_1000"] == 4)
    ].to_dict("records")
    found = findings.gap(results, name, "rigid_rules", REGIMES[0])
    assert found.mean[0] == pytest.approx(few["difference_to_baseline"])
    assert found.low[0] < few["difference_low"]
    assert found.high[0] > few["difference_high"]


def test_sentences_tell_parameters_and_chance_apart(results: Results) -> None:
    words = Wording(results)
    said = [text.striptags() for text in in_worlds.sentences(words)]
    assert len(said) == 3
    for text, name in zip(said, ("Retention", "Motivation", "Lonely adults"), strict=True):
        assert text.startswith(name)
        assert re.search(r"(better|worse) than the status quo in \d+% of the worlds", text)
        assert re.search(r"standard error \d+", text)
        told = "90% of the worlds lie between" in text
        assert told != ("No difference between worlds can be told from chance" in text)
        assert "populations of one world" in text
    assert "random-effects" in in_worlds.introduction(words)
    short = in_worlds.in_short(words).striptags()
    assert short.startswith("Against the status quo: in how long volunteers stay, ")
    assert len(re.findall(r"is (?:better|worse) in \d+% of the worlds", short)) == 3


def test_the_figure_is_drawn_and_described(results: Results) -> None:
    drawn = figures.draw(results, "worlds")
    assert "Rigid rules better in" in drawn.alt
    assert "6 worlds × 2 replicates" in drawn.svg
    assert drawn.svg == figures.draw(results, "worlds").svg
    assert drawn.svg.count("%</text>") >= 6


def test_the_report_has_the_section_and_names_the_worlds(folder: Path) -> None:
    text = write_report(folder).read_text(encoding="utf-8")
    assert '<h2 id="worlds">' in text
    assert "6 worlds (prior:6), 2 simulated populations in each" in text
    assert "The intervals are too narrow for a forecast." not in text
    assert "The intervals are no forecast." in text
    assert "hold for the mean over the worlds" in text
    assert "worlds.parquet" in text
    low, high = sorted(world.parameters["drift_rate"] for world in load(folder).study.worlds or ())[
        :: 6 - 1
    ]
    assert Words("en").range(low, high) in text
    assert (folder / "figures" / "worlds.png").is_file()


def test_staff_hours_are_added_in_the_same_worlds(tmp_path: Path) -> None:
    asked = {"adults": 200, "months": 12, "worlds": "prior:3", "replicates": 2, "out": tmp_path}
    compare(REGIMES[:2], **asked)  # type: ignore[arg-type]
    before = load_comparison(tmp_path)
    compare(REGIMES[:2], **asked, hours=[4, 60])  # type: ignore[arg-type]
    after = load_comparison(tmp_path)
    assert after.staff_hours is not None
    assert before.worlds is not None
    assert before.worlds.equals(after.worlds)


def test_with_one_population_a_world_nothing_is_told_apart(tmp_path: Path) -> None:
    compare(REGIMES[:2], adults=200, months=12, worlds="prior:4", replicates=1, out=tmp_path)
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert "Two populations in each would tell them apart." in text
    assert "one simulated population in each" in text
    assert "The parameters matter more" not in text


def test_without_worlds_nothing_is_said_of_them(tmp_path: Path) -> None:
    compare(REGIMES[:2], adults=200, months=12, replicates=2, out=tmp_path, hours=[4, 60])
    found = load(tmp_path)
    assert not found.in_worlds
    assert in_worlds.over_worlds(found, "lonely_share", "rigid_rules") is None
    assert in_worlds.ranges(found) == {}
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert '<h2 id="worlds">' not in text
    assert "The intervals are too narrow for a forecast." in text


def test_identical_regimes_are_the_same_in_every_world() -> None:
    found = compare(
        REGIMES, adults=200, months=12, worlds="prior:3", parameters={"governance_strength": 0.0}
    )
    assert np.nanmax(np.abs(found.effects["difference"])) == 0.0
    assert Estimate(0.0, 0.0, 0.0).clear is False
