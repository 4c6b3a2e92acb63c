"""What a study will cost, told beforehand."""

from __future__ import annotations

from pathlib import Path

import numba
import pytest

from engine.stand_ins import CASES
from velfaerd_sim.engine.cost import cost_of


def test_a_dry_run_does_not_count_what_is_compiled_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = [0.0]

    def run(chunk: object) -> None:
        if not times[0]:
            numba.njit(lambda x: x + 1.0)(1.0)
        times[0] += 0.01 if times[0] else 100.0

    monkeypatch.setattr("velfaerd_sim.engine.cost.run_chunk", run)
    cost = cost_of(CASES["compare"].on(tmp_path / "s", tmp_path), workers=1, clock=lambda: times[0])
    assert cost.seconds == pytest.approx(0.01 * cost.tasks)
