"""Recovery of truths of the stand-in, and the arithmetic of coverage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from studies.calibrate.stand_in import read, small
from velfaerd_sim.analysis.recovery import facts
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.plan import Budget, Calibration
from velfaerd_sim.studies.calibrate.plausibility import ensemble_weights, judge
from velfaerd_sim.studies.calibrate.smoother import Stage
from velfaerd_sim.studies.recovery.coverage import coverage_table, recovered_rows
from velfaerd_sim.studies.recovery.recovering import RecoveryPlan, recover, smaller
from velfaerd_sim.telling.facts import told


def asked(**changes: Any) -> Calibration:
    return replace(small(members=60), replicates=50, final_replicates=50, **changes)


def recovered(folder: Path, truths: int, progress: Any = None, **changes: Any) -> Any:
    calibration = asked(**changes)
    with ThreadPoolExecutor(2) as pool:
        return recover(calibration, truths, folder, read, executor=pool, progress=progress)


def test_intervals_hold_known_truths_about_as_often_as_they_say(tmp_path: Path) -> None:
    found = recovered(tmp_path / "out", 14)
    table = found.coverage.set_index(["which", "level"])
    # 14 truths x 7 parameters; 0.15 and 0.12 are more than four of the errors that are given.
    assert table.loc[("all", 0.5), "coverage"] == pytest.approx(0.5, abs=0.15)
    assert table.loc[("all", 0.9), "coverage"] == pytest.approx(0.9, abs=0.12)
    assert table.loc[("all", 0.9), "intervals"] == 14 * 7
    assert 14 * 4 < table.loc[("identified", 0.9), "intervals"] <= 14 * 5
    assert read_record(tmp_path / "out")["status"] == "complete"
    said = told(facts(read_record(tmp_path / "out")["coverage"]))
    assert len(said) == 3
    assert "14 truths" in said[0]


def test_a_budget_ends_a_session_well_and_the_next_goes_on(tmp_path: Path) -> None:
    first = recovered(tmp_path / "out", 2, budget=Budget(readings=200))
    assert (first.late, first.new, first.table) == (True, 200, None)
    assert first.study["status"] == "incomplete"
    assert recovered(tmp_path / "out", 2, budget=Budget(minutes=0)).new == 0
    last = recovered(tmp_path / "out", 2)
    assert not last.late
    assert last.new == last.study["counts"]["done"] - 200
    plan = RecoveryPlan.of(last.study)
    plan.reader = read
    check = PlanCheck(plan, tmp_path / "out", last.study, None, 1, None)
    check.run()
    assert (check.faults, check.runs) == ([], 12)


def test_more_truths_are_other_truths(tmp_path: Path) -> None:
    recovered(tmp_path / "out", 2, budget=Budget(readings=10))
    with pytest.raises(StudyError, match="truths is 2 there and 3 here"):
        recovered(tmp_path / "out", 3)


def test_a_record_without_known_parameters_tells_of_none(tmp_path: Path) -> None:
    """Where no reading tells anything, no interval is of a known parameter."""

    def same(parameters: Any, **size: Any) -> dict[str, float]:
        return read(dict.fromkeys(parameters, 0.5), **size)

    with ThreadPoolExecutor(2) as pool:
        found = recover(asked(), 2, tmp_path / "out", same, executor=pool)
    assert found.coverage is not None
    none = found.coverage[found.coverage["which"] == "identified"]
    assert none["coverage"].isna().all()
    told_of = read_record(tmp_path / "out")["coverage"]
    assert [row["coverage"] for row in told_of if not row["intervals"]] == [None] * 4
    assert len(facts(told_of)) == 1


def test_coverage_counts_truths_not_intervals_for_its_error() -> None:
    table = pd.DataFrame(
        {
            "case": [1, 1, 2, 2],
            "truth": [0.0, 0.0, 5.0, 5.0],
            "spread": [0.3, 0.9, 0.3, 0.9],
            "q05": -1.0,
            "q25": -0.5,
            "q75": 0.5,
            "q95": 1.0,
        }
    )
    found = coverage_table(table).set_index(["which", "level"])
    row = found.loc[("all", 0.9)]
    assert (row["coverage"], row["intervals"], row["truths"]) == (0.5, 4, 2)
    assert row["error"] == pytest.approx(np.sqrt(2 * (1.0 + 1.0)) / 4)
    assert found.loc[("identified", 0.5), "intervals"] == 2


def test_smaller_settings_keep_targets_and_parameters() -> None:
    asked = small(members=500, assimilations=6)
    found = smaller(asked)
    assert (found.members, found.assimilations) == (200, 5)
    assert (found.targets, found.free) == (asked.targets, asked.free)


def test_too_few_truths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: a whole number from 2 to 1000"):
        recover(small(), 1, tmp_path / "out", read)
    assert not (tmp_path / "out").exists()


def test_one_plausible_set_is_no_interval() -> None:
    """Where hardly a set is plausible, intervals are those of the whole ensemble, like spreads."""
    calibration = small(members=60)
    figures = Observed(calibration.targets)
    generator = np.random.default_rng(5)
    scores = generator.normal(size=(60, len(calibration.free)))
    readings = np.full((60, len(figures)), 1e-9)
    readings[7] = [each.value for each in figures.targets]
    noise = np.zeros(len(figures))
    stage = Stage(1, np.arange(60), scores, readings, noise, 0, 0)
    judged = judge(figures, stage)
    assert judged.kept.sum() == 1
    assert np.array_equal(ensemble_weights(judged), np.ones(60))
    found = recovered_rows(calibration, 1, np.zeros(len(calibration.free)), scores, judged)
    assert (found["plausible"] == 1).all()
    assert (found["q95"] - found["q05"] > 2.0).all()
    assert ((found["truth"] > found["q05"]) & (found["truth"] < found["q95"])).all()
