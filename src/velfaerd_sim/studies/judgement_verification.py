"""Verification of studies that judge the model: a sample of their runs and readings made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.studies import standing, validating
from velfaerd_sim.studies.runner import Advance, Meter, Progress, stream, thread_pool

SAMPLE = 12
Array = NDArray[np.float64]
Again = Callable[[], tuple[Array, Array]]
"""Gives what is recorded of a draw, and what it is now."""


class JudgementCheck:
    """Verifies one study of robustness or validation: `faults` then says what differs.

    sample: draws that are made again, spread evenly over the study.
    """

    def __init__(
        self,
        path: Path,
        record: Mapping[str, Any],
        sample: int | None,
        workers: int,
        progress: Progress | None,
    ) -> None:
        self.path = path
        self.names: list[str] = []
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.runs = 0
        self.of_runs = 0
        self._kind = record["kind"]
        self._sample = SAMPLE if sample is None else sample
        self._workers = workers
        self._progress = progress

    def run(self) -> None:
        """Make a sample again and compare it bit for bit."""
        draws = self._standing() if self._kind == standing.KIND else self._validation()
        self.of_runs = len(draws)
        count = min(self._sample, len(draws))
        chosen = [draws[int(i)] for i in np.linspace(0, len(draws) - 1, count)] if count else []
        meter = Meter()

        def work(draw: tuple[str, Again], _: Meter) -> tuple[Array, Array]:
            return draw[1]()

        def tick() -> None:
            if self._progress is not None:
                self._progress(Advance(float(self.runs), float(count), self.runs, count))

        with thread_pool(self._workers, meter) as pool:
            window = 2 * self._workers
            for draw, future in stream(pool, work, chosen, meter, window=window, tick=tick):
                self.runs += 1
                before, now = future.result()
                if not np.array_equal(before, now, equal_nan=True):
                    gap = float(np.nanmax(np.abs(before - now)))
                    self.faults.append(f"{draw[0]} is another now, by up to {gap:g}")

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
