"""Calibrate: parameter sets that reproduce published figures, found by real runs only.

Rounds of readings teach an emulator how figures follow from parameters; draws from its posterior
are read by the model and are the worlds. Every reading is kept, so the work goes on after any stop,
and the same calibration gives the same result whoever does the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import session
from velfaerd_sim.engine.plan import Table
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.engine.session import Options
from velfaerd_sim.errors import StudyError, VelfaerdError, reason_of, refusal
from velfaerd_sim.instruments.readings import read_with_effects
from velfaerd_sim.shown import InOneLine
from velfaerd_sim.studies.calibrate import files
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.plan import Calibration, checked_calibration
from velfaerd_sim.studies.calibrate.plausibility import JudgedSets
from velfaerd_sim.studies.calibrate.reading_plan import ReadingPlan
from velfaerd_sim.studies.calibrate.requests import Course
from velfaerd_sim.studies.calibrate.rounds import Stage
from velfaerd_sim.studies.calibrate.steps import SPECIAL_WORLDS, Found, calibrated
from velfaerd_sim.studies.calibrate.work import Reader

KIND = "calibration"


@dataclass(frozen=True, repr=False)
class Calibrated(InOneLine):
    """A session of a calibration. found: what it found, None until all is read.

    new: readings of this session. late: the time or the budget was used up first.
    """

    folder: Path
    study: dict[str, Any]
    calibration: Calibration
    found: Found | None
    new: int
    late: bool = False
    notes: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rounds, and then the worlds. Raises StudyError before the end."""
        return self._whole().stages

    @property
    def judged(self) -> JudgedSets:
        """How well the worlds fit. Raises StudyError before the end."""
        return self._whole().judged

    def _whole(self) -> Found:
        if self.found is None:
            raise StudyError(f"{self.folder}: the calibration is not done; the same call goes on")
        return self.found


def calibrate(
    calibration: Calibration | str | Path | None,
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
) -> Calibrated:
    """Calibrate, or go on with a calibration that was stopped.

    calibration: a Calibration, a TOML file, or None for all targets and uncertainties. reader: the
    function that asks the model. minutes: in the place of those of the calibration's budget. The
    other options are those of `session.Options`. Writes study.json, readings.parquet,
    ensembles.parquet, members.csv, worlds.csv and
    defaults.toml. Raises InputError, StudyError where
    the folder holds another study, StorageError where the disk fails, VelfaerdError where workers
    do, or where most readings fail.
    """
    plan = CalibrationPlan(checked_calibration(calibration), reader)
    budget = plan.calibration.budget
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
    found = plan.followed(done.rows).result
    return Calibrated(
        Path(out), done.record, plan.calibration, found, done.new, done.late, done.notes
    )


class CalibrationPlan(ReadingPlan[Found]):
    """The plan of a calibration."""

    kind = KIND

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> CalibrationPlan:
        """The plan of a record. Raises StudyError where it is not one."""
        return cls(calibration_of(record))

    def course(self) -> Course[Found]:
        """All of the calibration."""
        return calibrated(self.calibration, Observed(self.calibration.targets))

    def needed(self) -> tuple[int, int]:
        """Readings needed: of the rounds; of the worlds and what is read beside them."""
        settings = self.calibration.settings
        return settings.learning, settings.members + len(SPECIAL_WORLDS)

    def result_tables(self, result: Found) -> Mapping[str, Table]:
        """Scores of all stages, members, worlds, suggested defaults."""
        return files.tables(self.calibration, Observed(self.calibration.targets), result)

    def tell(self, record: dict[str, Any], result: Found) -> None:
        """Enter the sets beside the worlds and the result in numbers."""
        observed = Observed(self.calibration.targets)
        record["special"] = files.plain(result.special)
        record["result"] = files.result(self.calibration, observed, result)


def calibration_of(record: Mapping[str, Any]) -> Calibration:
    """The calibration of a record. Raises StudyError where it is not one."""
    try:
        return Calibration.from_dict(record["calibration"])
    except (VelfaerdError, KeyError, TypeError) as error:
        raise StudyError(refusal("no_calibration", name=RECORD, reason=reason_of(error))) from None
