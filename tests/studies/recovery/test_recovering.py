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
from velfaerd_sim.studies.calibrate.plan import Budget, Calibration
from velfaerd_sim.studies.recovery.coverage import coverage_table, rank_table
from velfaerd_sim.studies.recovery.recovering import RecoveryPlan, recover
from velfaerd_sim.telling.facts import told


def asked(**changes: Any) -> Calibration:
    return replace(small(members=60), replicates=50, final_replicates=50, **changes)


def recovered(folder: Path, truths: int, progress: Any = None, **changes: Any) -> Any:
    calibration = asked(**changes)
    with ThreadPoolExecutor(2) as pool:
        return recover(calibration, truths, folder, read, executor=pool, progress=progress)


def test_intervals_hold_known_truths_about_as_often_as_they_say(tmp_path: Path) -> None:
    found = recovered(tmp_path / "out", 60)
    table = found.coverage.set_index(["which", "level"])
    # 60 truths x 7 parameters; 0.1 and 0.06 are about four of the errors that are given.
    assert table.loc[("all", 0.5), "coverage"] == pytest.approx(0.5, abs=0.1)
    assert table.loc[("all", 0.9), "coverage"] == pytest.approx(0.9, abs=0.06)
    assert table.loc[("all", 0.9), "intervals"] == 60 * 7
    assert table.loc[("identified", 0.9), "intervals"] == 60 * 5
    assert read_record(tmp_path / "out")["status"] == "complete"
    said = told(facts(read_record(tmp_path / "out")))
    assert len(said) == 4
    assert "60 truths" in said[0]


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


def test_more_truths_may_be_asked_of_a_folder(tmp_path: Path) -> None:
    recovered(tmp_path / "out", 2, budget=Budget(readings=10))
    more = recovered(tmp_path / "out", 3)
    assert more.table["case"].nunique() == 3
    with pytest.raises(StudyError, match="truths is 3 there and 2 here"):
        recovered(tmp_path / "out", 2)


def test_a_record_without_known_parameters_tells_of_none(tmp_path: Path) -> None:
    """Where no reading tells anything, no interval is of a known parameter."""

    def same(parameters: Any, **size: Any) -> dict[str, float]:
        return read(dict.fromkeys(parameters, 0.5), **size)

    with ThreadPoolExecutor(2) as pool:
        found = recover(asked(), 2, tmp_path / "out", same, executor=pool)
    assert found.coverage is not None
    none = found.coverage[found.coverage["which"] == "identified"]
    assert none["coverage"].isna().all()
    record = read_record(tmp_path / "out")
    told_of = record["coverage"]
    assert [row["coverage"] for row in told_of if not row["intervals"]] == [None] * 6
    assert len(facts(record)) == 2


def test_coverage_counts_truths_not_intervals_for_its_error() -> None:
    table = pd.DataFrame(
        {
            "case": [1, 1, 2, 2],
            "quantity": ["a", "b", "a", "b"],
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


def test_too_few_truths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: a whole number from 2 to 10000"):
        recover(small(), 1, tmp_path / "out", read)
    assert not (tmp_path / "out").exists()


def test_ranks_that_are_too_central_or_too_far_out_are_seen() -> None:
    generator = np.random.default_rng(3)
    ranks = {
        "even": generator.integers(0, 100, 300),
        "central": generator.binomial(99, 0.5, 300),
        "far": np.where(generator.random(300) < 0.5, 0, 99),
    }
    table = pd.concat([pd.DataFrame({"quantity": name, "rank": r}) for name, r in ranks.items()])
    assert rank_table(table, 99)["even"].tolist() == [True, False, False]
