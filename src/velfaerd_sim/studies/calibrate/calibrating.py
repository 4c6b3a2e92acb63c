"""Calibrate: parameter sets that reproduce published figures, found by real runs only.

An ensemble drawn from the ranges of the parameter table is moved toward the targets by an ensemble
smoother, read once more with other seeds, and judged. Every reading is kept, so the work goes on
after any stop, and the same calibration gives the same result whoever does the work.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.compiled import is_warm
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import ASKING, asking_digest, check_asking, keep_asking
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress, checked_workers
from velfaerd_sim.engine.workers import workers_of
from velfaerd_sim.errors import InputError, StorageError, StudyError, VelfaerdError, shown
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import STATUS_QUO, load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.warm_up import warm_up
from velfaerd_sim.statistics.normal_scores import rounded
from velfaerd_sim.studies.calibrate import files as calibration_files
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import (
    UNCERTAINTY,
    Calibration,
    checked_calibration,
    names_of,
)
from velfaerd_sim.studies.calibrate.plausibility import (
    MOST_CANDIDATES,
    Judged,
    ensemble_weights,
    judge,
    median_scores,
)
from velfaerd_sim.studies.calibrate.reading_table import Key, ReadingTable, digest_of
from velfaerd_sim.studies.calibrate.reading_work import KIND as KIND
from velfaerd_sim.studies.calibrate.reading_work import Order, Reader, Readers
from velfaerd_sim.studies.calibrate.resampling import refill
from velfaerd_sim.studies.calibrate.smoother import (
    FINAL,
    FINAL_NOISE,
    Request,
    Stage,
    library,
    smooth,
)

SPECIAL, CANDIDATE = "special", "candidate"
DEFAULTS, MEDIAN, MEDOID, SUGGESTED = "defaults", "median", "medoid", "suggested"
SPECIAL_WORLDS = (DEFAULTS, MEDIAN, MEDOID, SUGGESTED)
"""Worlds that are read beside the ensemble: the table's defaults; the median of every parameter;
the medoid; the medoid with few digits."""
_SUGGESTED_DIGITS = 3
_BESIDE = len(SPECIAL_WORLDS) + MOST_CANDIDATES
"""Final readings beside those of the ensemble."""


class BudgetError(VelfaerdError):
    """The budget of a session is used up."""


@dataclass(frozen=True)
class Calibrated:
    """A calibration that ran to its end: folder, record, stages of the ensemble, judgement."""

    folder: Path
    study: dict[str, Any]
    calibration: Calibration
    stages: tuple[Stage, ...]
    judged: Judged
    new: int
    notes: tuple[str, ...] = ()


def calibrate(
    calibration: Calibration | str | Path | None,
    out: str | Path,
    reader: Reader,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    command: str = "",
) -> Calibrated:
    """Calibrate, or go on with a calibration that was stopped.

    calibration: a Calibration, a TOML file, or None for all targets and uncertainties. reader: the
    function that asks the model, such as `readings.read`. workers, executor, scheduler: as in
    `sweep`. Writes study.json, readings.parquet, ensembles.parquet, members.csv, worlds.csv and
    medoid.toml. Raises InputError, StudyError where the folder holds another study, BudgetError
    where the budget is used up, StorageError where the disk fails, VelfaerdError where workers do
    or the library is missing.
    """
    chosen = checked_calibration(calibration)
    if executor is not None and scheduler is not None:
        raise InputError("scheduler", scheduler, "either an executor or a scheduler")
    if workers is not None:
        checked_workers(workers)
    library()
    record = calibration_record(chosen, command)
    with store.opened(out, record, overwrite, check_continues) as (folder, old):
        work = _Work(chosen, folder, record, old, progress, reader)
        return work.run(workers, executor, scheduler)


def calibration_record(calibration: Calibration, command: str) -> dict[str, Any]:
    """The record of a calibration of which nothing is done."""
    scenario = load_scenario("baseline").with_(
        months=calibration.months, adults=calibration.adults, seed=calibration.seed
    )
    design = {"kind": "ensemble smoother", "members": calibration.members}
    record = records.new_record(KIND, scenario, (load_timeline(STATUS_QUO),), design, command)
    record["calibration"] = calibration.to_dict()
    record["calibration_digest"] = calibration.digest()
    record["outcomes"] = list(names_of(calibration.targets))
    record[ASKING] = asking_digest(KIND)
    return record


def calibration_of(record: Mapping[str, Any]) -> Calibration:
    """The calibration of a record. Raises StudyError where it is not one."""
    try:
        return Calibration.from_dict(record["calibration"])
    except (VelfaerdError, KeyError, TypeError) as error:
        raise StudyError(f"{RECORD} does not hold a calibration: {error}") from None


def check_continues(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError, naming what differs, unless a calibration goes on with what is there.

    Its name decides nothing.
    """
    if old.get("kind") != new["kind"] or old.get("format") != records.FORMAT:
        raise StudyError(
            f"out: '{folder}' holds a study of another kind, {shown(old.get('kind'))}; choose "
            "another folder or have this one overwritten"
        )
    faults = []
    made, here = old.get("package", {}), new["package"]
    if made.get("model_digest") != here["model_digest"]:
        faults.append("it was made by another version of the model")
    there, asked = _unnamed(old.get("calibration", {})), _unnamed(new["calibration"])
    found = records.differences(there, asked)
    faults += [f"{place} is {one} there and {other} here" for place, one, other in found]
    if faults:
        more = f", and {len(faults) - 3} more differences" if len(faults) > 3 else ""
        raise StudyError(
            f"out: '{folder}' holds another study: {'; '.join(faults[:3])}{more}; choose another "
            "folder or have this one overwritten"
        )
    check_asking(old, new, folder, old.get("outcomes") == new["outcomes"])


def _unnamed(calibration: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in calibration.items() if key != "name"}


class Asking:
    """Asks a model for readings and keeps them; one session of a calibration's work.

    case: which of several calibrations of one folder is asked for. more, more_final: readings that
    were asked for on top of those needed in any case, early ones and final ones.
    """

    def __init__(
        self, calibration: Calibration, table: ReadingTable, readers: Readers, case: int = 0
    ) -> None:
        self.calibration = calibration
        self.table = table
        self.new = self.more = self.more_final = 0
        self._readers = readers
        self.case = case
        self._fitted = len(calibration.targets)

    def requests(self, requests: Sequence[Request]) -> Array:
        """Readings of the fitted targets, (requests, targets); NaN where one failed."""
        asked = []
        for one in requests:
            parameters = tuple(self.calibration.world(one.scores).items())
            asked.append(((self.case, *one.key), one.stage, parameters))
        more = sum(self.calibration.settings.is_more(one) for one in requests)
        if requests and requests[0].purpose in (FINAL, FINAL_NOISE):
            self.more_final += more
        else:
            self.more += more
        return self.worlds(asked)[:, : self._fitted]

    def worlds(self, asked: Sequence[tuple[Key, int, tuple[tuple[str, float], ...]]]) -> Array:
        """Readings of (key, stage, parameters), all columns, (asked, names); NaN where failed."""
        calibration = self.calibration
        found: list[tuple[float, ...] | None] = []
        orders, digests = [], []
        for place, (key, stage, parameters) in enumerate(asked):
            seed = calibration.seed_of(stage, key[2], case=self.case)
            replicates = calibration.replicates_of(key[2])
            size = calibration.adults, replicates, calibration.months
            digest = digest_of(parameters, seed, size)
            known = self.table.get(key, digest)
            found.append(known)
            digests.append(digest)
            if known is None:
                orders.append(
                    Order(place, parameters, size[0], replicates, seed, calibration.months)
                )
        with closing(self._readers.answers(orders)) as answers:  # type: ignore[type-var]
            for answer in answers:
                key = asked[answer.place][0]
                self.table.add(key, digests[answer.place], answer.values, answer.message)
                found[answer.place] = answer.values
                self.new += 1
        shape = len(asked), len(self.table.names)
        return np.array(list(found), np.float64).reshape(shape)


class _Work:
    """One calibration being carried out in a folder."""

    def __init__(
        self,
        calibration: Calibration,
        folder: store.Folder,
        record: dict[str, Any],
        old: Mapping[str, Any] | None,
        progress: Progress | None,
        reader: Reader,
    ) -> None:
        self.calibration = calibration
        self.folder = folder
        self.record = record
        self.observed = Observed(calibration.targets)
        self.table = ReadingTable(folder, names_of(calibration.targets))
        self._progress = progress
        self._reader = reader
        self._started = time.monotonic()
        self._asking: Asking | None = None
        times = {} if old is None else old.get("times", {})
        record["times"]["started"] = times.get("started", records.now())
        self._earlier = float(times.get("seconds") or 0.0)
        if old is not None:
            record["files"] = self.table.restore(old.get("files", {}))
            keep_asking(old if len(self.table) else None, record)
        self._before = len(self.table)
        self._finished = old is not None and old.get("status") == COMPLETE

    def run(
        self, workers: int | None, executor: Executor | None, scheduler: str | None
    ) -> Calibrated:
        """Read what is missing, judge, write; keep what is done on any error."""
        if executor is None and scheduler is None and not is_warm():
            warm_up()
        with workers_of(KIND, workers, executor, scheduler) as hired:
            self._save(INCOMPLETE)
            readers = Readers(hired, self._reader, self.table.names, self._tick)
            asking = self._asking = Asking(self.calibration, self.table, readers)
            try:
                settings, observed = self.calibration.settings, self.observed
                stages = smooth(settings, observed, asking.requests)
                rounds = self.calibration.refills
                stages[-1] = refill(settings, observed, asking.requests, stages[-1], rounds)
                judged = self._central(asking, stages[-1], judge(self.observed, stages[-1]))
                special = self._special(asking, stages[-1], judged)
            except StorageError:
                raise
            except BaseException:
                with suppress(StorageError):
                    self.table.flush()
                    self._save(INCOMPLETE)
                raise
        self._write(stages, judged, special)
        return Calibrated(
            self.folder.path,
            self.record,
            self.calibration,
            tuple(stages),
            judged,
            asking.new,
            tuple(self.table.notes),
        )

    def _central(self, asking: Asking, last: Stage, judged: Judged) -> Judged:
        """Judged, with that candidate first which has most figures inside with other luck too."""
        asked: list[tuple[Key, int, tuple[tuple[str, float], ...]]] = []
        for place in judged.candidates:
            key = asking.case, last.number, CANDIDATE, int(last.members[place]), 0
            world = self.calibration.world(last.scores[place])
            asked.append((key, last.number, tuple(world.items())))
        readings = asking.worlds(asked)[:, : len(self.observed)]
        count = self.observed.inside(readings).sum(axis=1)
        order = np.argsort(-count, kind="stable")
        return replace(judged, candidates=tuple(judged.candidates[k] for k in order))

    def _special(
        self, asking: Asking, last: Stage, judged: Judged
    ) -> dict[str, dict[str, dict[str, float]]]:
        """Parameters and readings of the worlds beside the ensemble, by name."""
        calibration = self.calibration
        weights = ensemble_weights(judged)
        medoid = calibration.whole_world(last.scores[judged.medoid])
        fixed = {*dict(calibration.fixed), *medoid} - set(calibration.free)
        defaults = {
            one.name: one.default
            for one in PARAMETERS
            if one.role == UNCERTAINTY or one.name in medoid
        }
        worlds = {
            DEFAULTS: defaults,
            MEDIAN: calibration.whole_world(median_scores(last.scores, weights)),
            MEDOID: medoid,
            SUGGESTED: {
                name: value if name in fixed else rounded(name, value, _SUGGESTED_DIGITS)
                for name, value in medoid.items()
            },
        }
        stage = last.number
        asked = [
            ((asking.case, stage, SPECIAL, place, 0), stage, tuple(world.items()))
            for place, world in enumerate(worlds.values())
        ]
        readings = asking.worlds(asked)
        return {
            name: {
                "parameters": world,
                "readings": dict(zip(self.table.names, readings[place].tolist(), strict=True)),
            }
            for place, (name, world) in enumerate(worlds.items())
        }

    def _tick(self) -> None:
        calibration, budget = self.calibration, self.calibration.budget
        done, planned = len(self.table), max(len(self.table), self._planned())
        last = calibration.members + calibration.noise_members + _BESIDE
        last += 0 if self._asking is None else self._asking.more_final
        weight = calibration.final_replicates / calibration.replicates
        early = planned - last
        size = min(done, early) + weight * max(0, done - early)
        total = early + weight * last
        if self._progress is not None:
            failed = len(self.table.failures)
            self._progress(Advance(float(min(size, total)), float(total), done, planned, failed))
        new, minutes = done - self._before, (time.monotonic() - self._started) / 60.0
        spent = ""
        if budget.readings is not None and new >= budget.readings:
            spent = f"{budget.readings} readings"
        elif budget.minutes is not None and minutes >= budget.minutes:
            spent = f"{budget.minutes:g} minutes"
        if spent:
            raise BudgetError(
                f"the budget of {spent} is used up; {done} of {planned} readings are done (more "
                "where sets must be drawn anew), and the same command goes on from there"
            )

    def _planned(self) -> int:
        """Readings that are needed by what is known so far.

        It grows with every further assimilation, and where sets fail or do not fit in the end.
        """
        more = 0 if self._asking is None else self._asking.more + self._asking.more_final
        return self.calibration.settings.readings + _BESIDE + more

    def _write(self, stages: Sequence[Stage], judged: Judged, special: Mapping[str, Any]) -> None:
        self.table.flush()
        self.record["special"] = calibration_files.plain(special)
        self.record["result"] = calibration_files.result(
            self.calibration, self.observed, stages, judged
        )
        calibration_files.write(
            self.folder, self.record, self.table, self.calibration, stages, judged, self._text
        )

    def _save(self, status: str) -> None:
        """Write the record; a finished calibration stays one while nothing new is read."""
        if self._finished and len(self.table) == self._before:
            return
        with self.folder.transaction() as work:
            work.text(RECORD, self._text(status))

    def _text(self, status: str) -> str:
        record, table = self.record, self.table
        failures = table.failures
        planned = len(table) if status == COMPLETE else max(self._planned(), len(table))
        record["counts"] = {
            "planned": planned,
            "done": len(table) - len(failures),
            "failed": len(failures),
        }
        record["failures"] = [
            {"reading": list(key), "message": message} for key, message in failures[:20]
        ]
        record["status"] = status
        times = record["times"]
        times["finished"] = records.now() if status == COMPLETE else None
        times["seconds"] = round(self._earlier + time.monotonic() - self._started, 3)
        return records.text(record)
