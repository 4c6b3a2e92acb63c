"""Verification of calibrations: what is found right, also where sets drawn anew cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from studies.calibrate.stand_in import TARGETS, read, small
from velfaerd_sim.analysis.calibration import read_calibration
from velfaerd_sim.engine import store
from velfaerd_sim.engine.rows import DONE, FAILED
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.studies.calibrate.calibrating import CalibrationPlan, calibrate

FINAL_REPLICATES = 4
IDLE = "T14.substitution"
"""A figure that is not fitted here."""


class Fragile:
    """Reads the stand-in; some final sets do not fit, and many drawn in their place fail."""

    def __init__(self, members: int) -> None:
        self.members = members
        self.final = 0

    def __call__(self, parameters: Mapping[str, float], **size: Any) -> dict[str, float]:
        found = read(parameters, **size)
        if size["replicates"] < FINAL_REPLICATES:
            return found
        self.final += 1
        kind = zlib.crc32(repr(sorted(parameters.items())).encode()) % 20
        anew = self.final > self.members
        if anew and kind < 10:
            raise ZeroDivisionError("no volunteers")
        if kind % 5 < 2:
            found["T6.hours"] *= 1.6
        return found | ({} if anew else {IDLE: 0.5})


def test_a_set_drawn_anew_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    asked = small(refills=2)
    with ThreadPoolExecutor(1) as pool:
        reader = Fragile(asked.members + asked.noise_members)
        done = calibrate(asked, tmp_path / "out", reader, executor=pool)
    table = store.frame(store.read_table(done.folder / "readings.parquet"))
    anew = table[(table["purpose"] == "final") & (table["attempt"] >= 100)]
    assert set(anew["status"]) == {DONE, FAILED}

    found = read_calibration(done.folder)
    assert np.array_equal(found.readings[:, : len(TARGETS)], done.stages[-1].readings)
    idle = found.readings[:, found.names.index(IDLE)]
    drawn_anew = np.isin(done.stages[-1].members, done.stages[-1].drawn_anew)
    assert np.isnan(idle[drawn_anew]).all()  # nothing is left of the set before
    assert (idle[~drawn_anew] == 0.5).all()

    check = PlanCheck(CalibrationPlan(asked, read), done.folder, done.study, 0, 1, None)
    check.run()
    assert (check.faults, check.notes) == ([], [])


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
