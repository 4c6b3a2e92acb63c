"""Studies that read parameter sets one after another: what calibration and recovery share.

A task is a reading, and so is a row. Which readings are wanted depends on what earlier ones gave;
an ensemble is the same whoever reads it, in whatever order. A reading that fails is an answer like
any other: its set is drawn anew.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic

import pyarrow as pa
import pyarrow.compute as pc

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.plan import MESSAGE, SECONDS, STATUS, Outlook, Plan, Rows, Table
from velfaerd_sim.engine.task import Task
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import STATUS_QUO
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments.readings import read_with_effects
from velfaerd_sim.studies.calibrate.plan import Calibration, names_of
from velfaerd_sim.studies.calibrate.requests import Course, Followed, Result, WantedReading
from velfaerd_sim.studies.calibrate.work import Asked, Reader, read_figures

READINGS = "readings.parquet"
_KEY = "reading"
_PLACE = ("stage", "purpose", "member")
_SHOWN_FAILURES = 20
_GROWS = ("members", "rounds", "truths")
"""What may be raised in a folder: more worlds begin with those that are there, more rounds with the
readings that are there. Other seeds and sizes make other readings."""


class ReadingPlan(Plan, Generic[Result]):
    """A study that reads parameter sets, as a calibration tells.

    reader: the function that asks the model.
    """

    work = read_figures
    stages = True
    takes_failures = True
    exact: tuple[str, ...] = (READINGS,)
    order = (*_PLACE, "asked")

    def __init__(self, calibration: Calibration, reader: Reader = read_with_effects) -> None:
        self.calibration = calibration
        self.reader = reader
        self.names = names_of(calibration.targets)
        self.held = tuple(f"target.{name}" for name in self.names)
        self._rows: Rows | None = None
        self._followed: Followed[Result] | None = None

    @abstractmethod
    def course(self) -> Course[Result]:
        """The whole work from its beginning."""

    @abstractmethod
    def needed(self) -> tuple[int, int]:
        """How many readings are needed: small ones, and large ones."""

    @abstractmethod
    def result_tables(self, result: Result) -> Mapping[str, Table]:
        """The files that follow from what was found."""

    @abstractmethod
    def tell(self, record: dict[str, Any], result: Result) -> None:
        """Enter what was found into the record."""

    def record(self, command: str) -> dict[str, Any]:
        """The record of a study of which nothing is done."""
        calibration = self.calibration
        scenario = load_scenario("baseline").with_(
            months=calibration.months, adults=calibration.adults, seed=calibration.seed
        )
        design = {"kind": "emulated posterior", "members": calibration.members}
        timelines = (load_timeline(STATUS_QUO),)
        record = records.new_record(self.kind, scenario, timelines, design, command)
        record["calibration"] = calibration.to_dict()
        record["calibration_digest"] = calibration.digest()
        record["outcomes"] = list(self.names)
        return record

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless only what may be raised is raised; a name decides nothing."""
        records.check_kind(old, new, folder)
        there, here = (dict(each.get("calibration", {})) | {"name": ""} for each in (old, new))
        for name in _GROWS:
            if there.get(name, 0) < here.get(name, 0):
                there[name] = here[name]
        records.check_same_study({**old, "design": there}, {**new, "design": here}, folder)

    def schema(self) -> pa.Schema:
        """A row a reading: for what it is, a digest of what is asked, every figure."""
        texts = {_KEY, "purpose", "asked", STATUS, MESSAGE}
        names = (_KEY, *_PLACE, "asked", STATUS, MESSAGE)
        fields = [(name, pa.string() if name in texts else pa.int64()) for name in names]
        figures = [(name, pa.float64()) for name in (SECONDS, *self.held)]
        return pa.schema([*fields, *figures])

    def labels(self) -> tuple[str, ...]:
        """What is known of a reading beforehand."""
        return self.order

    def common(self) -> Asked:
        """What all readings share."""
        return Asked(self.reader, self.names, self.calibration.adults, self.calibration.months)

    def followed(self, rows: Rows) -> Followed[Result]:
        """How far the work has come. Raises what it cannot go on for, such as VelfaerdError."""
        if self._followed is None or self._rows is not rows:
            self._followed, self._rows = Followed(self.course(), len(self.names)), rows
        self._followed.follow(rows)
        return self._followed

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """The readings that are wanted now; all of them when the work has ended."""
        followed = self.followed(rows)
        for one in followed.asked if followed.ended else followed.waiting:
            labels = (*one.place, one.asked)
            yield Task((one.key,), (labels,), one.reading(), float(one.replicates))

    def outlook(self, rows: Rows) -> Outlook:
        """Readings as far as is known; their cost in replicates."""
        followed = self.followed(rows)
        small, large = self.calibration.replicates, self.calibration.final_replicates
        there = [one.replicates for one in followed.asked if rows.get(one.key) is not None]
        spent = float(sum(there))
        if followed.ended:
            return Outlook(len(there), spent, len(there), 0.0)
        early, last = self.needed()
        count = max(early + last, len(followed.asked))
        cost = float(early * small + last * large)
        return Outlook(count, cost, count, max(0.0, cost - spent))

    def tables(self, rows: Rows) -> Mapping[str, Table]:
        """The readings in order, and what follows from them, when all are there."""
        followed = self.followed(rows)
        if followed.result is None:
            return {}
        return {READINGS: self._readings(rows, followed.asked)} | dict(
            self.result_tables(followed.result)
        )

    def _readings(self, rows: Rows, asked: Iterable[WantedReading]) -> pa.Table:
        table = rows.table()
        own = pc.is_in(table.column(_KEY), pa.array([one.key for one in asked], pa.string()))
        return table.filter(own).drop_columns([_KEY, SECONDS]).combine_chunks()

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter what was found, when all is read; readings of another way there do not count."""
        broken = self._followed is not None and self._followed.fault is not None
        if broken or (followed := self.followed(rows)).result is None:
            return
        found = [(one.place, rows.get(one.key)) for one in followed.asked]
        failed = sorted((place, row.message) for place, row in found if row and row.message)
        done = sum(row is not None for _, row in found) - len(failed)
        record["counts"] = {"planned": len(found), "done": done, "failed": len(failed)}
        record["failures"] = [
            {"reading": list(place), "message": message}
            for place, message in failed[:_SHOWN_FAILURES]
        ]
        self.tell(record, followed.result)

    def failure(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A failed reading as it stands in the record."""
        return {"reading": [row[name] for name in _PLACE], "message": row[MESSAGE]}

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A reading in words."""
        return f"stage {row['stage']}, {row['purpose']} {row['member']}"
