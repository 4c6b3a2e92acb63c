"""Verification of calibrations: what is found wrong, and where."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from studies.calibrate.stand_in import read, small
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.studies.calibrate.calibrating import CalibrationPlan, calibrate


def test_readings_that_the_model_does_not_give_and_tables_without_them_are_found(
    tmp_path: Path,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        done = calibrate(small(), tmp_path / "out", read, executor=pool)

    def moved(parameters: Mapping[str, float], **size: Any) -> dict[str, float]:
        return read(parameters, **size) | {"T6.hours": 1.0}

    plan = CalibrationPlan(small(), moved)
    check = PlanCheck(plan, done.folder, done.study, 3, 1, None)
    check.run()
    assert "column target.T6.hours" in check.faults[0]
    other = CalibrationPlan(small(members=60), read)
    check = PlanCheck(other, done.folder, done.study, 0, 1, None)
    check.run()
    assert "members.csv is not what the rows give" in check.faults
