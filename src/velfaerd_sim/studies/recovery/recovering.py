"""Truth recovery: does the calibration find what is known, and is it as sure as it says?

Truths are drawn from the prior, read, and given an error of observation; each is then calibrated
like the published figures. Kept are the truths whose figures come nearest to the published ones:
as the choice rests on the figures alone, intervals must hold the truths of those too as often as
they say.
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
from velfaerd_sim.instruments.readings import read
from velfaerd_sim.studies.calibrate.calibrating import calibration_of
from velfaerd_sim.studies.calibrate.files import plain
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import Calibration
from velfaerd_sim.studies.calibrate.plausibility import judge
from velfaerd_sim.studies.calibrate.reading_plan import ReadingPlan
from velfaerd_sim.studies.calibrate.requests import Course, course_of, side_by_side
from velfaerd_sim.studies.calibrate.smoother import NOISE, Asking, Request, library, prior
from velfaerd_sim.studies.calibrate.steps import ensemble
from velfaerd_sim.studies.calibrate.work import Reader
from velfaerd_sim.studies.recovery.coverage import coverage_table, recovered_rows

KIND = "recovery"
FOLDER = "recovery"
POOL = 10
"""Draws from the prior for every truth that is kept."""
FEWEST_TRUTHS, MOST_TRUTHS = 2, 1000
TABLE = "recovery.parquet"
_MOST_MEMBERS, _MOST_ASSIMILATIONS = 200, 5
_MOST_MORE = 2
_MOST_ADULTS = 5_000


@dataclass(frozen=True)
class Recovery:
    """A session of a test of recovery; table and coverage are None until all is read.

    table: a row a truth and parameter: case, parameter, truth (normal score), mean, spread,
    plausible (how many sets were), and quantiles q05 to q95 of the posterior. coverage: see
    `coverage_table`. new: readings of this session. late: the time or the budget was used up first.
    """

    study: dict[str, Any]
    calibration: Calibration
    truths: int
    table: pd.DataFrame | None
    coverage: pd.DataFrame | None
    new: int
    late: bool = False
    notes: tuple[str, ...] = ()


def smaller(calibration: Calibration) -> Calibration:
    """The settings that truths are recovered with: fewer members, smaller readings."""
    return replace(
        calibration,
        name=f"{calibration.name}: recovery",
        members=min(calibration.members, _MOST_MEMBERS),
        assimilations=min(calibration.assimilations, _MOST_ASSIMILATIONS),
        more_assimilations=min(calibration.more_assimilations, _MOST_MORE),
        refills=min(calibration.refills, _MOST_MORE),
        noise_members=min(calibration.noise_members, 8),
        adults=min(calibration.adults, _MOST_ADULTS),
        replicates=min(calibration.replicates, 2),
        final_replicates=min(calibration.final_replicates, 4),
    )


def recover(
    calibration: Calibration,
    truths: int,
    out: str | Path,
    reader: Reader = read,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    *,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    overwrite: bool = False,
    command: str = "",
) -> Recovery:
    """Recover so many truths; goes on where it was stopped.

    calibration: with the settings of each recovery, see `smaller`, and the budget. Writes
    study.json, readings.parquet and recovery.parquet into `out`. Other arguments and errors are
    those of `calibrate`.
    """
    plan = RecoveryPlan(calibration, truths, reader)
    budget = calibration.budget
    limit = budget.minutes if minutes is None else minutes
    options = Options(
        workers, executor, scheduler, fail_fast, retry_failed, limit, progress, budget.readings
    )
    library()
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
    """The plan of a test of recovery: a pool of draws, then a calibration a truth, side by side.

    More truths are other truths: the pool is spread evenly over the prior, however large it is.
    So their number cannot be raised.
    """

    kind = KIND
    exact = (*ReadingPlan.exact, TABLE)

    def __init__(self, calibration: Calibration, truths: int, reader: Reader = read) -> None:
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
        """Readings needed in any case: of the pool and the assimilations, and of last stages."""
        settings = self.calibration.settings
        last = settings.members + settings.noise_members
        return self.truths * (POOL + settings.readings - last), self.truths * last

    def course(self) -> Course[pd.DataFrame]:
        """Draw truths and recover them; gives the rows of all."""
        calibration = self.calibration
        observed = Observed(calibration.targets)
        pool = replace(calibration, seed=_seed(calibration, 0))
        scores, figures = yield from course_of(pool, _draw(pool, observed, self.truths))
        if not len(scores):
            raise VelfaerdError("no parameter set drawn from the prior could be read")
        courses = [
            self._recovered(observed, case, truth, figure)
            for case, (truth, figure) in enumerate(zip(scores, figures, strict=True), 1)
        ]
        tables = yield from side_by_side(courses)
        return pd.concat(tables, ignore_index=True)

    def _recovered(
        self, observed: Observed, case: int, truth: Array, figures: Array
    ) -> Course[pd.DataFrame]:
        """Calibrate to the figures of one truth; gives its rows."""
        own = replace(self.calibration, seed=_seed(self.calibration, case))
        there = Moved(observed, figures)
        stages = yield from course_of(own, ensemble(own, there), case)
        judged = judge(there, stages[-1])
        return recovered_rows(own, case, truth, stages[-1].scores, judged)

    def result_tables(self, result: pd.DataFrame) -> Mapping[str, Table]:
        """A row a truth and parameter."""
        return {TABLE: {str(name): _column(result[name]) for name in result}}

    def tell(self, record: dict[str, Any], result: pd.DataFrame) -> None:
        """Enter how often intervals hold the truth; None where none of a kind is there."""
        record["coverage"] = plain(coverage_table(result).to_dict("records"))


class Moved(Observed):
    """Observations with another centre: figures made by a truth, with their error."""

    def __init__(self, observed: Observed, centre: Array) -> None:
        super().__init__(observed.targets)
        self.centre = centre
        self.low = np.full(len(centre), -np.inf)
        self.high = np.full(len(centre), np.inf)


def _seed(calibration: Calibration, case: int) -> int:
    return calibration.seed_of(0, "truth", case=case)


def _draw(pool: Calibration, observed: Observed, truths: int) -> Asking[tuple[Array, Array]]:
    """Truths and their figures: (truths, parameters) scores, (truths, observations) transformed.

    Of ten times as many draws from the prior those whose figures are nearest to the published ones,
    by the median over targets of the distance in standard errors. pool: with the seed of the draws.
    """
    scores = prior(replace(pool.settings, members=POOL * truths))
    readings = yield [Request(0, NOISE, i, 0, row) for i, row in enumerate(scores)]
    read = observed.transform(readings)
    generator = np.random.default_rng([pool.seed, 3])
    figures = read + np.array([observed.deviates(generator) for _ in range(len(read))])
    apart = np.abs(figures - observed.centre) / observed.sigma
    distance = np.where(np.isfinite(apart).all(axis=1), np.median(apart, axis=1), np.inf)
    chosen = np.sort(np.argsort(distance, kind="stable")[:truths])
    chosen = chosen[np.isfinite(distance[chosen])]
    return scores[chosen], figures[chosen]


def _column(values: pd.Series) -> Any:
    return values.tolist() if values.dtype.kind not in "if" else values.to_numpy()
