"""Reports of calibration, recovery, validation and robustness: the same in both languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reporting.pages.test_danish import both, english_left, numbers
from studies.calibrate.stand_in import read, small
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.conditions import conditions
from velfaerd_sim.studies.calibrate.calibrating import calibrate
from velfaerd_sim.studies.recovery.recovering import recover
from velfaerd_sim.studies.robustness.plan import run_robustness
from velfaerd_sim.studies.validate.validating import Size, validate


def calibration(folder: Path) -> list[Path]:
    with ThreadPoolExecutor(2) as pool:
        calibrate(small(), folder, read, executor=pool)
        recover(small(), 2, folder / "recovery", read, executor=pool)
    return [folder, folder / "recovery"]


def validation(folder: Path) -> list[Path]:
    base = load_scenario("baseline").with_(adults=300)
    size = Size(seeds=2, scale_seeds=2, adults=300, reading_adults=300)
    validate(base, worlds=Worlds.load("prior:2"), size=size, workers=1, out=folder)
    return [folder]


def robustness(folder: Path) -> list[Path]:
    base = load_scenario("baseline").with_(adults=600, months=14)
    tried = conditions(base, worlds=(Worlds.load("prior:3"),), repeats=4)
    run_robustness(tried, list(REGIMES), base, workers=1, out=folder)
    return [folder]


@pytest.mark.parametrize("made", [calibration, validation, robustness])
def test_the_danish_report_says_what_the_english_one_says(made, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for folder in made(tmp_path / "study"):
        english, danish = both(folder)
        assert english_left(danish) == []
        assert numbers(english) == numbers(danish)
        assert english.count("<tr") == danish.count("<tr") > 1
        figures = {path.name for path in (folder / "figures").glob("*")}
        assert figures == {path.name for path in (folder / "figures.da").glob("*")}
