"""Truth recovery: does the calibration find what is known, and is it as sure as it says?

The calibration is made anew, up to its emulator. Truths are drawn from its posterior, read, and
given an error of observation. Given their figures beside the published ones, the posterior must
hold the truths as often as it says: it is exact where the emulator, the errors and the chains are
(posterior simulation-based calibration: Saeilynoja, Schmitt, Buerkner & Vehtari 2025,
arXiv:2502.03279). The same holds for what governance does, which is what users read.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.engine import session
from velfaerd_sim.engine.plan import Table
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.session import Options
from velfaerd_sim.errors import InputError, StudyError, VelfaerdError
from velfaerd_sim.inputs import checks
from velfaerd_sim.instruments.readings import EFFECTS, read_with_effects
from velfaerd_sim.shown import InOneLine
from velfaerd_sim.studies.calibrate.calibrating import calibration_of
from velfaerd_sim.studies.calibrate.files import plain
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import Calibration
from velfaerd_sim.studies.calibrate.posterior import Figures, approximate
from velfaerd_sim.studies.calibrate.reading_plan import ReadingPlan
from velfaerd_sim.studies.calibrate.requests import Course, course_of, wanted
from velfaerd_sim.studies.calibrate.rounds import BATCH, Learned, lack_of_fit, learn
from velfaerd_sim.studies.calibrate.steps import noise_of_worlds
from velfaerd_sim.studies.calibrate.work import Reader
from velfaerd_sim.studies.recovery.coverage import (
    Effects,
    coverage_table,
    rank_table,
    recovered_rows,
)

KIND = "recovery"
FOLDER = "recovery"
TRUTH = "truth"
FEWEST_TRUTHS, MOST_TRUTHS = 2, 10_000
TABLE = "recovery.parquet"
DRAWS = 99
"""Draws from the posterior of each truth; a truth has one of a hundred ranks among them."""


@dataclass(frozen=True, repr=False)
class Recovery(InOneLine):
    """A session of a test of recovery; table and coverage are None until all is read.

    table: a row a truth and quantity (parameters as normal scores, then effects): case, quantity,
    truth, mean, spread (of a parameter: posterior over prior standard deviation), rank (0 to 99),
    and quantiles q05 to q95 of the posterior. coverage: see `coverage_table`. new: readings of this
    session. late: the time or the budget was used up first.
    """

    study: dict[str, Any]
    calibration: Calibration
    truths: int
    table: pd.DataFrame | None
    coverage: pd.DataFrame | None
    new: int
    late: bool = False
    notes: tuple[str, ...] = ()


def recover(
    calibration: Calibration,
    truths: int,
    out: str | Path,
    reader: Reader = read_with_effects,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    *,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
    overwrite: bool = False,
    command: str = "",
) -> Recovery:
    """Recover so many truths; goes on where it was stopped.

    Writes study.json, readings.parquet and recovery.parquet into `out`. Other arguments and errors
    are those of `calibrate`.
    """
    plan = RecoveryPlan(calibration, truths, reader)
    budget = calibration.budget
    limit = budget.minutes if minutes is None else minutes
    options = Options(
        workers,
        executor,
        scheduler,
        fail_fast,
        retry_failed,
        limit,
        progress,
        budget.readings,
        task_minutes=task_minutes,
    )
    done = session.carry_out(plan, out, options, overwrite=overwrite, command=command)
    table = plan.followed(done.rows).result
    coverage = None if table is None else coverage_table(table)
    return Recovery(
        done.record, calibration, truths, table, coverage, done.new, done.late, done.notes
    )


def checked_truths(truths: object) -> int:
    """How many truths are recovered. Raises InputError."""
    return checks.whole(truths, "recover", FEWEST_TRUTHS, MOST_TRUTHS)


class RecoveryPlan(ReadingPlan[pd.DataFrame]):
    """The plan of a test of recovery: the rounds of a calibration, then the truths."""

    kind = KIND
    exact = (*ReadingPlan.exact, TABLE)

    def __init__(
        self, calibration: Calibration, truths: int, reader: Reader = read_with_effects
    ) -> None:
        super().__init__(calibration, reader)
        self.truths = checked_truths(truths)

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> RecoveryPlan:
        """The plan of a record. Raises StudyError where it is not one."""
        calibration = dict(record["calibration"])
        try:
            truths = checked_truths(calibration.pop("truths", None))
        except InputError as error:
            raise StudyError(f"the record does not hold a test of recovery: {error}") from None
        return cls(calibration_of({"calibration": calibration}), truths)

    def record(self, command: str) -> dict[str, Any]:
        """The record of a test of which nothing is done."""
        record = super().record(command)
        record["calibration"]["truths"] = self.truths
        return record

    def needed(self) -> tuple[int, int]:
        """Readings needed: of the rounds, and of the truths."""
        return self.calibration.settings.learning, self.truths

    def course(self) -> Course[pd.DataFrame]:
        """Learn, draw truths and recover them; gives the rows of all."""
        own = replace(self.calibration, seed=self.calibration.seed_of(0, TRUTH))
        observed, settings = Observed(own.targets), own.settings
        learned = yield from course_of(own, learn(settings, observed))
        scores = learned.draws(settings, settings.rounds + 1, self.truths)
        figures = yield [
            wanted(own, (settings.rounds, TRUTH, n), own.world(row)) for n, row in enumerate(scores)
        ]
        good = np.isfinite(figures[:, : len(observed)]).all(axis=1)
        if not good.any():
            raise VelfaerdError("no parameter set drawn from the posterior could be read")
        return self._recovered(own, observed, learned, scores[good], figures[good])

    def _recovered(
        self,
        own: Calibration,
        observed: Observed,
        learned: Learned,
        scores: Array,
        figures: Array,
    ) -> pd.DataFrame:
        """Draw from the posterior of each truth; gives the rows of all truths."""
        generator = np.random.default_rng([own.seed, 4])
        noise = noise_of_worlds(own, learned)
        error = np.array([observed.deviates(generator) for _ in range(len(scores))])
        centre = observed.transform(figures[:, : len(observed)]) + error
        spread = np.square(noise) + np.square(lack_of_fit(learned.emulator, learned.noise))
        covariance = observed.covariance + np.diag(spread)
        effects = Effects.of(learned.stages, figures[:, -len(EFFECTS) :])
        rows = []
        for first in range(0, len(scores), BATCH):
            part = slice(first, first + BATCH)
            given = [learned.figures, Figures(centre[part], covariance)]
            near = approximate(learned.emulator.of_informed, given, len(learned.emulator.informed))
            chains = len(scores[part])
            draws = learned.drawn(given, near, own.settings, chains, generator, DRAWS)
            case = np.arange(first + 1, first + chains + 1)
            rows.append(recovered_rows(own.free, case, scores[part], draws))
            if effects is not None:
                rows.append(effects.rows(case, part, draws, generator))
        return pd.concat(rows, ignore_index=True)

    def result_tables(self, result: pd.DataFrame) -> Mapping[str, Table]:
        """A row a truth and quantity."""
        return {TABLE: {str(name): _column(result[name]) for name in result}}

    def tell(self, record: dict[str, Any], result: pd.DataFrame) -> None:
        """Enter how often intervals hold the truth, None where none is there; and ranks."""
        record["coverage"] = plain(coverage_table(result).to_dict("records"))
        ranks = rank_table(result, DRAWS)
        uneven = ranks[~ranks["even"]]["quantity"].tolist()
        record["ranks"] = {"quantities": len(ranks), "uneven": uneven}


def _column(values: pd.Series) -> Any:
    return values.tolist() if values.dtype.kind not in "if" else values.to_numpy()
