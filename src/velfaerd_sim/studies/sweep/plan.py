"""The plan of a sweep: every point with every replicate, a row a regime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.cores import division
from velfaerd_sim.engine.plan import MESSAGE, SECONDS, STATUS, Outlook, Plan, Rows
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import StudyError, VelfaerdError, reason_of, refusal, shown
from velfaerd_sim.studies.sweep.continuation import continuation_faults
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.studies.sweep.tasks import RunNames, SweepTask, groups, together
from velfaerd_sim.studies.sweep.worker import Unit, run_unit, without_points

KIND = "sweep"
SMALL = 1.0e9
"""Adult-months up to which verification runs everything again unless a sample is asked for."""
SAMPLE = 4
_TEXT_BYTES = 96
"""Run id, point id, regime, status and message of a row, at most, as they are stored."""
_SHARE_ON_DISK = 0.8
"""Size of a row in Parquet over its size in memory, at most."""
_WORLD, _REPLICATE, _PARAMETER = "world", "replicate", "parameter."


class SweepPlan(Plan):
    """A sweep: a task a burn-in, of one point or of several that share it; a row a regime.

    model: the digest of the model that the runs are named by, this version's unless given.
    """

    kind = KIND
    work = run_unit

    def __init__(self, study: SweepStudy, model: str | None = None) -> None:
        self.study = study
        self._names = RunNames(study, model)
        self._regimes = [timeline.name for timeline in study.regimes]
        self._runs = len(study.points.distinct) * study.repeats * len(study.regimes)

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> SweepPlan:
        """The plan of a record. Raises StudyError where it does not hold the study of a sweep."""
        return cls(study_of(record), record["package"]["model_digest"])

    def record(self, command: str) -> dict[str, Any]:
        """The record of a sweep of which nothing is done."""
        study = self.study
        design = study.design.to_dict() | {"replicates": study.replicates}
        design.pop("rows", None)
        record = records.new_record(KIND, study.scenario, study.regimes, design, command)
        record["outcomes"] = list(study.outcomes)
        record["study"] = study.to_dict()
        record["study_digest"] = study.digest()
        record["seeds"] = list(study.seeds)
        return record

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless replicates were raised, points added, or nothing changed."""
        check_continues(old, new, folder)

    def schema(self) -> pa.Schema:
        """A row a run: which, its parameters, its outcomes; `world` is its number in the set."""
        study = self.study
        fields = [
            ("run_id", pa.string()),
            ("point_id", pa.string()),
            (_REPLICATE, pa.int32()),
            *([(_WORLD, pa.int64())] if study.worlds is not None else []),
            ("seed", pa.int64()),
            ("regime", pa.string()),
            (STATUS, pa.string()),
            (MESSAGE, pa.string()),
            (SECONDS, pa.float64()),
        ]
        fields += [(_PARAMETER + factor.name, pa.float64()) for factor in study.factors]
        fields += [(reading.column, pa.float64()) for reading in study.readings]
        return pa.schema(fields)

    def labels(self) -> tuple[str, ...]:
        """What is known of a run beforehand."""
        world = () if self.study.worlds is None else (_WORLD,)
        factors = (_PARAMETER + factor.name for factor in self.study.factors)
        return ("regime", "point_id", _REPLICATE, *world, "seed", *factors)

    def common(self) -> str:
        """The study without its points, as JSON."""
        return without_points(self.study)

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Every burn-in: all points with replicate 0, in the order of the design, then 1, ..."""
        regimes = range(len(self._regimes))
        for group in groups(self.study):
            keys = tuple(name for task in group for name in self._names.of(task))
            labels = tuple(labels for task in group for labels in self._labels_of(task))
            runs = tuple(product(range(len(group)), regimes))
            yield Task(keys, labels, Unit(group, runs), self._cost(len(runs)))

    def _labels_of(self, task: SweepTask) -> Iterator[tuple[Any, ...]]:
        study, point = self.study, task.point
        values = dict(point.values)
        worlds = study.worlds
        world = () if worlds is None else (worlds[task.replicate % len(worlds)].number,)
        factors = (values.get(factor.name) for factor in study.factors)
        rest = (point.point_id, task.replicate, *world, task.seed, *factors)
        return ((regime, *rest) for regime in self._regimes)

    def partly(self, task: Task, wanted: tuple[int, ...]) -> Task:
        """A burn-in with some of its runs."""
        keys = tuple(task.keys[place] for place in wanted)
        labels = tuple(task.labels[place] for place in wanted)
        runs = tuple(task.payload.runs[place] for place in wanted)
        return Task(keys, labels, Unit(task.payload.tasks, runs), self._cost(len(runs)))

    def _cost(self, runs: int, burn_ins: int = 1) -> float:
        """Adult-months of burn-ins and runs."""
        scenario = self.study.scenario
        months = burn_ins * scenario.burn_in_months + runs * scenario.months
        return float(scenario.adults * months)

    def outlook(self, rows: Rows) -> Outlook:
        """All runs; their cost in adult-months."""
        return Outlook(self._runs, self._cost(self._runs, self._burn_ins), self._burn_ins)

    @cached_property
    def _burn_ins(self) -> int:
        return len(together(self.study)) * self.study.repeats

    def division(self, workers: int) -> tuple[int, int]:
        """Burn-ins side by side; the towns of one where it is large."""
        scenario = self.study.scenario
        return division(scenario.adults, len(scenario.towns), workers)

    def bytes_per_row(self) -> float:
        """Room for a run: numbers of eight bytes, and texts."""
        numbers = 3 + len(self.study.factors) + len(self.study.readings)
        return _SHARE_ON_DISK * (8.0 * numbers + _TEXT_BYTES)

    def usual_sample(self, rows: Rows) -> int | None:
        """All burn-ins of a small sweep."""
        return None if self.outlook(rows).cost <= SMALL else SAMPLE

    def order_columns(self) -> tuple[str, ...]:
        """What the order of runs depends on."""
        return "point_id", "regime", _REPLICATE

    def ranks(self, table: pa.Table) -> NDArray[np.int64]:
        """Runs by replicate, then point, then regime."""
        points = self._point_names
        point = _places(table.column("point_id"), points)
        regime = _places(table.column("regime"), pa.array(self._regimes, pa.string()))
        replicate = store.numbers(table, _REPLICATE).astype(np.int64)
        rank = (replicate * len(points) + point) * len(self._regimes) + regime
        foreign = (point < 0) | (regime < 0) | (replicate >= self.study.repeats)
        return np.where(foreign, np.int64(-1), rank)

    def owns(self, table: pa.Table) -> bool:
        """Whether the names of some runs are those of this study, as far as it has their place."""
        study, regimes = self.study, len(self._regimes)
        for rank, run in zip(self.ranks(table), table.column("run_id").to_pylist(), strict=True):
            place, regime = divmod(int(rank), regimes)
            replicate, point = divmod(place, len(self._point_names))
            if rank >= 0:
                parameters, seed = study.points.distinct[point], study.seeds[replicate]
                if run != self._names.of(SweepTask(parameters, replicate, seed))[regime]:
                    return False
        return True

    @cached_property
    def _point_names(self) -> pa.Array:
        return pa.array([point.point_id for point in self.study.points.distinct], pa.string())

    def failure(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A failed run as it stands in the record."""
        names = ("run_id", "point_id", _REPLICATE, "seed", "regime", MESSAGE)
        return {name: row[name] for name in names}

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A run in words."""
        return (
            f"point {row['point_id']}, replicate {row[_REPLICATE]}, seed {row['seed']}, "
            f"regime {row['regime']}"
        )


def _places(column: pa.ChunkedArray, known: pa.Array) -> NDArray[np.int64]:
    found = pc.fill_null(pc.index_in(column, value_set=known), -1)
    return np.asarray(found.to_numpy(), np.int64)


def study_of(record: Mapping[str, Any]) -> SweepStudy:
    """The study of a sweep's record. Raises StudyError where it is not one."""
    try:
        return SweepStudy.from_dict(record["study"])
    except (VelfaerdError, KeyError, TypeError) as error:
        raise StudyError(refusal("no_sweep", name=RECORD, reason=reason_of(error))) from None


def check_continues(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError, naming what differs, unless a sweep goes on with what a folder holds."""
    if old.get("kind") != KIND:
        raise StudyError(
            f"out: '{folder}' holds a study of another kind, {shown(old.get('kind'))}; choose "
            "another folder"
        )
    faults = []
    made, here = old.get("package", {}), new["package"]
    if made.get("model_digest") != here["model_digest"]:
        faults.append(
            f"it was made by another version of the model (version {made.get('version')}, model "
            f"{str(made.get('model_digest'))[:12]}; installed is version {here['version']}, model "
            f"{here['model_digest'][:12]})"
        )
    faults += continuation_faults(study_of(old), study_of(new))
    if faults:
        raise StudyError(
            f"out: '{folder}' holds another study: {'; '.join(faults)}; choose another folder, or "
            "a branch of this one (--branch NAME)"
        )
