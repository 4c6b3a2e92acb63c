"""Verification of studies that judge the model: a sample of their runs and readings made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.sampled_check import SampledCheck, spread_evenly
from velfaerd_sim.studies.robustness import standing
from velfaerd_sim.studies.validate import validating

SAMPLE = 12
Array = NDArray[np.float64]
Again = Callable[[], tuple[Array, Array]]
"""Gives what is recorded of a draw, and what it is now."""


def difference_of(before: Array, now: Array) -> str:
    """By how much readings differ at most, in words; nothing where one side has no number."""
    gaps = np.abs(before - now)
    known = gaps[np.isfinite(gaps)]
    return f", by up to {known.max():g}" if len(known) else ""


class JudgementCheck(SampledCheck):
    """Verifies one study of robustness or validation; the sample is of draws."""

    def run(self) -> None:
        """Make a sample again and compare it bit for bit."""
        standings = self.record["kind"] == standing.KIND
        draws = self._standing() if standings else self._validation()
        self.of_runs = len(draws)
        chosen = spread_evenly(draws, SAMPLE if self.sample is None else self.sample)
        for draw, (before, now) in self.made_again(lambda draw: draw[1](), chosen):
            if not np.array_equal(before, now, equal_nan=True):
                self.faults.append(f"{draw[0]} is another now{difference_of(before, now)}")

    def _standing(self) -> list[tuple[str, Again]]:
        study = standing.load_standing(self.path)

        def draw_of(condition: Any, draw: int) -> Again:
            recorded = study.values[condition.name][draw]
            return lambda: (recorded, standing.again(study, condition, draw))

        return [
            (f"draw {draw} under {condition.name}", draw_of(condition, draw))
            for condition in study.conditions
            for draw in range(condition.draws)
        ]

    def _validation(self) -> list[tuple[str, Again]]:
        study = validating.load_validation(self.path)
        found: dict[validating.Unit, dict[str, float]] = {}
        for row in study.frame.itertuples():
            unit = (str(row.part), str(row.condition), int(str(row.draw)))
            found.setdefault(unit, {})[str(row.id)] = float(str(row.value))

        def unit_of(unit: validating.Unit, recorded: Mapping[str, float]) -> Again:
            def both() -> tuple[Array, Array]:
                now = validating.again(study, unit)
                return np.array(list(recorded.values())), np.array([now[id] for id in recorded])

            return both

        return [
            (f"draw {unit[2]} of {unit[1] or unit[0]}", unit_of(unit, own))
            for unit, own in found.items()
        ]
