"""The study of a municipality as its page runs it."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.frame.stated_place import FULL, QUICK, SIZES, StatedPlace
from velfaerd_sim.dashboard.municipality import runs
from velfaerd_sim.dashboard.parts import place_studies
from velfaerd_sim.dashboard.parts.long_studies import StudyShelf
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.studies.place.place import place

STATED = StatedPlace(621).with_number("volunteers", "2900").with_number("hours", "15")


class NoJob:
    """A job that nobody calls off."""

    cancelled = False

    def progress(self, share: float) -> None:
        """Told to nobody."""


def test_the_study_is_the_one_that_the_command_would_make(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = {"worlds": "plausible:20", "adults": 200, "months": 6, "replicates": 1}
    monkeypatch.setattr(runs, "WANTED", {QUICK: small})
    shelf = StudyShelf()
    monkeypatch.setattr(place_studies, "SHELF", shelf)
    assert place_studies.worlds_of(STATED) is None
    job = NoJob()
    folder = shelf.get(place_studies.asked(STATED), runs.make(STATED), runs.write, job)  # type: ignore[arg-type]
    file = tmp_path / runs.FILE
    file.write_text(runs.file_text(STATED), encoding="utf-8")
    own = place(str(file), **small, workers=1)  # type: ignore[arg-type]
    record = read_record(folder)
    assert record["design"] == own.study["design"]
    worlds = place_studies.worlds_of(STATED)
    assert worlds is not None
    assert [world.parameters for world in worlds] == [world.parameters for world in own.worlds]
    shown = runs.shown_page(folder, "da")
    assert {"answer", "figures", "answers"} <= {part.id for part in shown.sections}
    report = (folder / "report.da.html").read_text(encoding="utf-8")
    assert "results/municipality/today.toml" in report
    assert str(folder) not in report


def test_the_command_names_all_that_was_asked_for() -> None:
    words = shlex.split(runs.command_of(STATED))
    assert words[:3] == ["velfaerd", "place", runs.FILE]
    assert words[words.index("--worlds") + 1] == "plausible:200"
    assert tomllib.loads(runs.file_text(STATED))["municipality"] == 621


@pytest.mark.parametrize("size", SIZES)
def test_time_is_told_beforehand(size: str) -> None:
    stated = StatedPlace(621, numbers=STATED.numbers, size=size)
    low, high = runs.expected_seconds(stated)
    assert 0.0 < low < high
    silent = runs.expected_seconds(StatedPlace(621, size=size))
    assert silent[0] == silent[1] < low
    if size == FULL:
        assert low > runs.expected_seconds(STATED)[0]
