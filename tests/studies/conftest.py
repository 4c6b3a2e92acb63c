"""For the tests of study folders: a finished comparison, and what is run of another."""

from pathlib import Path
from typing import Any

import pytest

from studies.small import HOURS, compared
from velfaerd_sim.engine.task import Context
from velfaerd_sim.studies.compare.plan import ComparisonPlan
from velfaerd_sim.studies.compare.work import Runs, run_regimes


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison that ran through."""
    folder = tmp_path_factory.mktemp("folders") / "whole"
    compared(folder, **HOURS)
    return folder


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The replicates that are run from here on, but for those at other staff hours."""
    numbers: list[int] = []

    def noted(runs: Runs, context: Context) -> Any:
        if runs.hours is None:
            numbers.append(runs.replicate)
        return run_regimes(runs, context)

    monkeypatch.setattr(ComparisonPlan, "work", noted)
    return numbers
