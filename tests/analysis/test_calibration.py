"""What a calibration says, read from its files: targets, parameters, pairs, sentences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studies.calibrate.stand_in import FREE, TARGETS, read, small
from velfaerd_sim.analysis.arrays.facts import Fact
from velfaerd_sim.analysis.calibration import (
    Findings,
    facts,
    groups_inside,
    outside_by,
    pairs_table,
    read_calibration,
)
from velfaerd_sim.engine import store
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.inputs.targets import named
from velfaerd_sim.reporting.figures.drawing import labelled_rows, wrapped
from velfaerd_sim.reporting.figures.style import styled
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.calibrate.calibrating import calibrate
from velfaerd_sim.studies.calibrate.plan import Budget
from velfaerd_sim.telling.facts import told


def calibrated(folder: Path, **changes: Any) -> None:
    with ThreadPoolExecutor(2) as pool:
        calibrate(small(**changes), folder, read, executor=pool)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("calibration") / "out"
    calibrated(folder)
    return read_calibration(folder)


def found_facts(found: Findings) -> list[Fact]:
    return facts(found.result, found.targets, found.parameters)


def test_figures_are_inside_after_and_were_not_before(done: Findings) -> None:
    table = done.targets.set_index("target")
    assert list(table.index) == list(TARGETS)
    assert table["inside"].all()
    assert (table["outside_by"] == 0.0).all()
    assert (table["share_inside"] > 0.6).all()
    assert ((table["prior_05"] < table["low"]) | (table["prior_95"] > table["high"])).all()
    narrower = table["posterior_95"] - table["posterior_05"]
    assert (narrower < 0.7 * (table["prior_95"] - table["prior_05"])).all()


def test_known_parameters_come_first_and_idle_ones_keep_their_prior(done: Findings) -> None:
    table = done.parameters
    assert set(table["parameter"].head(5)) == set(FREE[:5])
    assert table["spread"].is_monotonic_increasing
    assert table["standing"].tolist()[-2:] == ["stays at its prior"] * 2
    low, high = table["posterior_05"], table["posterior_95"]
    assert ((table["low"] <= low) & (low < high) & (high <= table["high"])).all()


def test_pairs_are_the_correlations_of_the_worlds(done: Findings) -> None:
    first = done.pairs.iloc[0]
    places = [done.calibration.free.index(first[key]) for key in ("first", "second")]
    x = done.scores[:, places]
    expected = np.corrcoef(x.T)[0, 1]
    assert first["correlation"] == pytest.approx(expected)
    assert first["shown"]
    assert done.pairs["correlation"].abs().is_monotonic_decreasing


def test_one_free_parameter_has_no_pairs(done: Findings) -> None:
    alone = replace(done.calibration, free=done.calibration.free[:1])
    found = pairs_table(alone, done.scores[:, :1])
    assert len(found) == 0
    assert list(found) == list(done.pairs)


def test_sentences_begin_with_what_does_not_fit(tmp_path: Path, done: Findings) -> None:
    assert told(found_facts(done))[0].startswith("5 of 5 targets have all their figures inside")
    calibrated(tmp_path / "out", targets=(*(named(name) for name in TARGETS[:4]), shifted()))
    found = read_calibration(tmp_path / "out")
    said = told(found_facts(found))
    assert "cannot be reached: wanted 5,000 to 5,001" in said[0]
    assert "the closest found is" in said[0]
    assert "is outside: " in said[1]
    assert groups_inside(found.targets).set_index("group").loc["T10", "inside"] == 0


def shifted() -> Any:
    base = named("T10.odds_ratio")
    values = {key: getattr(base, key) for key in base.__dataclass_fields__}
    return type(base)(**values | {"value": 5000.0, "low": 5000.0, "high": 5001.0})


@pytest.mark.parametrize("count", [1, 2])
def test_the_smallest_calibration_is_told_and_reported(tmp_path: Path, count: int) -> None:
    """20 worlds, one target, one parameter: it ended in an error of the program."""
    sizes: dict[str, Any] = {"members": 20, "rounds": 1, "round_members": 20, "noise_members": 2}
    asked = small(free=FREE[:count], targets=(named(TARGETS[0]),), **sizes)
    with ThreadPoolExecutor(1) as pool:
        calibrate(asked, tmp_path / "o", first_only, executor=pool)
    found = read_calibration(tmp_path / "o")
    assert len(found.pairs) == count - 1
    assert list(told(facts(found.result, found.targets, found.parameters)))
    for language in ("en", "da"):
        assert write_report(tmp_path / "o", language=language).is_file()


def first_only(parameters: Any, **size: Any) -> dict[str, float]:
    """The figures where only some of the parameters are free."""
    return read({name: defaults()[name] for name in FREE} | dict(parameters), **size)


def test_how_far_outside_is_counted_from_the_nearer_end() -> None:
    hours = named("T6.hours")
    assert outside_by(hours, 16.0) == 0.0
    assert outside_by(hours, 18.0 + hours.sigma) == pytest.approx(1.0)
    assert outside_by(hours, 15.0 - 2 * hours.sigma) == pytest.approx(-2.0)


def test_the_report_says_first_what_does_not_fit_and_needs_nothing_else(done: Findings) -> None:
    page = write_report(done.folder).read_text(encoding="utf-8")
    assert page.index("What fits and what does not") < page.index("Method")
    assert "<script" not in page
    assert page.count("<figure") == 3
    assert write_report(done.folder).read_text(encoding="utf-8") == page


def test_an_unfinished_or_damaged_calibration_is_not_read(tmp_path: Path) -> None:
    calibrated(tmp_path / "out", budget=Budget(readings=20))
    with pytest.raises(InputError, match="a calibration that is done"):
        read_calibration(tmp_path / "out")
    calibrated(tmp_path / "out")
    scores = store.frame(store.read_table(tmp_path / "out" / "ensembles.parquet"))
    scores["member"] += 7
    scores.to_parquet(tmp_path / "out" / "ensembles.parquet")
    with pytest.raises(StudyError, match="do not fit its record"):
        read_calibration(tmp_path / "out")


def test_long_labels_are_put_in_lines_and_never_cut() -> None:
    text = "Regional or national civil actors invite and so on: sometimes"
    lines = wrapped(text, 40).split("\n")
    assert len(lines) == 2
    assert " ".join(lines) == text
    assert max(map(len, lines)) <= 40
    assert wrapped("short", 40) == "short"


def test_rows_are_as_high_as_the_lines_of_their_labels() -> None:
    text = "Regional or national civil actors invite and so on: sometimes"
    with styled():
        low, _ = labelled_rows(["short", "also short"], 1)
        high, (axes,) = labelled_rows([wrapped(text, 40), "short"], 1)
    assert high.get_figheight() > low.get_figheight()
    assert axes.get_yticklabels()[0].get_text().replace("\n", " ") == text
