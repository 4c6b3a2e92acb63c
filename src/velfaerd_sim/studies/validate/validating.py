"""Validation: the model's answers to every target and held-out pattern, and at other scales.

Targets are read in the world of the defaults and over worlds, held-out patterns over the same
worlds, and levels of outcomes in towns half and twice as large and at other time steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.plan import Outlook, Plan, Rows
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import COMPLETE, new_record
from velfaerd_sim.engine.session import Options
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.inputs.towns import MOST_ADULTS
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.conditions import SIZE, STEP, Condition, conditions
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.shown import InOneLine
from velfaerd_sim.studies.validate.work import LEVELS as LEVELS
from velfaerd_sim.studies.validate.work import HeldOut, Levels, Targets, read_unit

KIND = "validation"
READINGS = "readings.parquet"
AT_DEFAULTS, TARGETS_PART, HELD_OUT_PART, SCALE_PART = "defaults", "targets", "held out", "scale"
SECONDS = {AT_DEFAULTS: 1.5, TARGETS_PART: 1.5, HELD_OUT_PART: 1.5, SCALE_PART: 0.1}
"""About what a unit of each part takes, with the sizes that are usual."""

IN_THIS_PROCESS = 10.0
"""Seconds of work up to which threads do it: about as long as processes take to start."""

Unit = tuple[str, str, int]
"""Part, condition (of the scale) or '', draw."""


@dataclass(frozen=True)
class Size:
    """How much to run.

    seeds: of the defaults; scale_seeds: of every scale; adults: of towns; reading_adults,
    reading_replicates, months: of the readings of targets.
    """

    seeds: int = 12
    scale_seeds: int = 48
    adults: int = 5000
    reading_adults: int = 20_000
    reading_replicates: int = 4
    months: int = 24


@dataclass(frozen=True, repr=False)
class Validation(InOneLine):
    """What was read: part, condition, draw, world, id, value in rows.

    late: the time was up before all was read.
    """

    study: dict[str, Any]
    frame: pd.DataFrame = field(repr=False)
    worlds: Worlds | None
    notes: tuple[str, ...] = ()
    late: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])

    @property
    def complete(self) -> bool:
        """Whether everything was read."""
        return bool(self.study["status"] == COMPLETE)

    def values(self, part: str, condition: str = "") -> pd.DataFrame:
        """Readings of a part: a row a draw, a column an id."""
        own = self.frame[(self.frame["part"] == part) & (self.frame["condition"] == condition)]
        return own.pivot(index="draw", columns="id", values="value")


def scales(base: Scenario) -> tuple[Condition, ...]:
    """Half and twice the adults, half a month and two months a step; the first is neither."""
    return conditions(base, repeats=1, kinds=(SIZE, STEP))


def validate(
    base: Scenario,
    *,
    worlds: Worlds | None = None,
    size: Size | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
) -> Validation:
    """Read everything that validation rests on.

    base: the scenario whose parameters are the defaults; worlds do not change what it sets, and
    without them the defaults stand in for them, with as many seeds. out: a folder, where the
    same call again goes on. Results do not depend on the number of workers; the other options are
    those of `session.Options`. Raises InputError, StudyError, StorageError, VelfaerdError.
    """
    options = Options(
        workers,
        executor,
        scheduler,
        fail_fast,
        retry_failed,
        minutes,
        progress,
        task_minutes=task_minutes,
    )
    plan = validation_plan(base, worlds, size)
    done = session.carry_out(plan, out, options, overwrite=overwrite, command=command)
    frame = readings_frame(done.rows.table())
    return Validation(done.record, frame, plan.worlds, done.notes, done.late)


def validation_plan(
    base: Scenario, worlds: Worlds | None = None, size: Size | None = None
) -> ValidationPlan:
    """The plan of a validation; see `validate`. Raises InputError."""
    if worlds is not None:
        worlds = Worlds.drawn(worlds, base.seed).without(dict(base.parameters))
    wanted = size or Size(adults=base.adults)
    if wanted.reading_adults > MOST_ADULTS:
        share = wanted.reading_adults / wanted.adults
        allowed = f"at most {MOST_ADULTS / share:.0f}: targets are asked in towns {share:g} times"
        raise InputError("adults", wanted.adults, f"{allowed} as large")
    return ValidationPlan(base, worlds, wanted)


class ValidationPlan(Plan):
    """Everything that is read: a task and a row a unit, which is a part, a condition and a draw."""

    kind = KIND
    work = read_unit
    exact = (READINGS,)

    def __init__(self, base: Scenario, worlds: Worlds | None, size: Size) -> None:
        self.base = base
        self.worlds = worlds
        self.size = size
        self._scales = {condition.name: condition for condition in scales(base)}
        self._place = {unit: place for place, unit in enumerate(self.units())}
        scale = size.adults / Size().adults
        cost = sum(SECONDS[unit[0]] for unit in self._place) * max(scale, 0.05)
        self._outlook = Outlook(len(self._place), cost, len(self._place))
        self._scale = max(scale, 0.05)
        self.processes = cost > IN_THIS_PROCESS

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> ValidationPlan:
        """The plan of a record."""
        design = record["design"]
        worlds = None if design["worlds"] is None else Worlds.from_dict(design["worlds"])
        return cls(records.scenario_of(record), worlds, Size(**design["size"]))

    def record(self, command: str) -> dict[str, Any]:
        """The record of a validation of which nothing is done."""
        design = {
            "kind": KIND,
            "worlds": None if self.worlds is None else self.worlds.to_dict(),
            "size": self.size.__dict__,
            "targets": [target.id for target in TARGETS],
            "patterns": [pattern.id for pattern in PATTERNS],
        }
        return new_record(KIND, self.base, (self.base.timeline,), design, command)

    def units(self) -> list[Unit]:
        """Everything to read, in order."""
        seeds = range(self.size.seeds)
        draws = seeds if self.worlds is None else range(len(self.worlds))
        return [
            *((AT_DEFAULTS, "", k) for k in seeds),
            *((TARGETS_PART, "", k) for k in (draws if self.worlds is not None else ())),
            *((HELD_OUT_PART, "", k) for k in draws),
            *((SCALE_PART, name, k) for name in self._scales for k in range(self.size.scale_seeds)),
        ]

    def schema(self) -> pa.Schema:
        """A row a unit with the ids and values of its readings."""
        texts = ("unit", "part", "condition", "status", "message")
        fields = [(name, pa.string()) for name in texts]
        fields += [("draw", pa.int64()), ("world", pa.int64()), ("seconds", pa.float64())]
        lists = [("ids", pa.list_(pa.string())), ("values", pa.list_(pa.float64()))]
        return pa.schema([*fields, *lists])

    def labels(self) -> tuple[str, ...]:
        """What is known of a unit beforehand."""
        return "part", "condition", "draw", "world"

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Every unit."""
        for unit in self._place:
            part, name, draw = unit
            of_world = self.worlds is not None and part in (TARGETS_PART, HELD_OUT_PART)
            number = self.worlds[draw].number if of_world and self.worlds is not None else -1
            key = f"{part} {name} {draw}"
            cost = SECONDS[part] * self._scale
            yield Task((key,), ((*unit, number),), self._payload(unit), cost)

    def _payload(self, unit: Unit) -> Levels | HeldOut | Targets:
        part, name, draw = unit
        size, seed = self.size, replicate_seed(self.base.seed, draw)
        if part == SCALE_PART:
            condition = self._scales[name]
            return Levels(condition.scenario(self.base, 0).with_(seed=seed), condition.steps)
        values = dict(self.base.parameters)
        if self.worlds is not None and part != AT_DEFAULTS:
            values |= self.worlds[draw].parameters
        settings = tuple(values.items())
        if part == HELD_OUT_PART:
            return HeldOut(settings, size.adults, seed)
        adults, replicates = size.reading_adults, size.reading_replicates
        return Targets(settings, adults, replicates, seed, size.months)

    def outlook(self, rows: Rows) -> Outlook:
        """All units; their cost in seconds, about."""
        return self._outlook

    def order_columns(self) -> tuple[str, ...]:
        """What the order of units depends on."""
        return "part", "condition", "draw"

    def ranks(self, table: pa.Table) -> NDArray[np.int64]:
        """Units in their order."""
        columns = [table.column(name).to_pylist() for name in self.order_columns()]
        units = zip(*columns, strict=True)
        return np.array([self._place.get(unit, -1) for unit in units], np.int64)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """One row a reading."""
        return {READINGS: readings_table(rows.table())} if len(rows) else {}


def readings_table(table: pa.Table) -> pa.Table:
    """One row a reading, from rows of a validation in order."""
    columns: dict[str, list[Any]] = {name: [] for name in ("part", "condition", "id")}
    numbers: dict[str, list[Any]] = {name: [] for name in ("draw", "world", "value")}
    for row in table.to_pylist():
        ids = row["ids"] or []
        for name in ("part", "condition"):
            columns[name] += [row[name]] * len(ids)
        for name in ("draw", "world"):
            numbers[name] += [row[name]] * len(ids)
        columns["id"] += ids
        numbers["value"] += row["values"] or []
    return store.arrow(
        {
            "part": columns["part"],
            "condition": columns["condition"],
            "draw": np.array(numbers["draw"], np.int64),
            "world": np.array(numbers["world"], np.int64),
            "id": columns["id"],
            "value": np.array(numbers["value"], np.float64),
        }
    )


def readings_frame(table: pa.Table) -> pd.DataFrame:
    """The readings as a frame, from rows of a validation in order."""
    return store.frame(readings_table(table))


def load_validation(folder: str | Path) -> Validation:
    """Read a validation from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a folder made by velfaerd validate to its end")
    worlds = ValidationPlan.of(record).worlds
    return Validation(record, store.frame(store.read_table(path / READINGS)), worlds)
