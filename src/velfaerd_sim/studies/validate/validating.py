"""Validation: the model's answers to every target and held-out pattern, and at other scales.

Targets are read in the world of the defaults and over worlds, held-out patterns over the same
worlds, and levels of outcomes in towns half and twice as large and at other time steps.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import ASKING, asking_digest
from velfaerd_sim.engine.kept_work import KeptWork
from velfaerd_sim.engine.record import COMPLETE, new_record
from velfaerd_sim.engine.runner import (
    Advance,
    Meter,
    Progress,
    checked_workers,
    replicate_seed,
    stream,
    thread_pool,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.inputs.towns import MOST_ADULTS
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.conditions import SIZE, STEP, Condition, conditions
from velfaerd_sim.instruments.held_out import read_held_out
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.instruments.readings import read as read_targets
from velfaerd_sim.instruments.time_steps import read, stepped
from velfaerd_sim.measures import outcomes

KIND = "validation"
READINGS = "readings.parquet"
AT_DEFAULTS, TARGETS_PART, HELD_OUT_PART, SCALE_PART = "defaults", "targets", "held out", "scale"
SECONDS = {AT_DEFAULTS: 1.5, TARGETS_PART: 1.5, HELD_OUT_PART: 1.5, SCALE_PART: 0.1}
"""About what a unit of each part takes; for the progress bar."""

LEVELS = tuple(
    one.name
    for one in outcomes.OUTCOMES
    if one.kind == outcomes.LEVEL or one.name == "retention_12m"
)
"""Outcomes that should not depend on the size of a town: shares, means, numbers per 1 000."""

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


@dataclass(frozen=True)
class Validation:
    """What was read: part, condition, draw, world, id, value in rows."""

    study: dict[str, Any]
    frame: pd.DataFrame = field(repr=False)
    worlds: Worlds | None
    notes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])

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
) -> Validation:
    """Read everything that validation rests on.

    base: the scenario whose parameters are the defaults; worlds do not change what it sets, and
    without them the defaults stand in for them, with as many seeds. out: a folder, where the
    same call again goes on. Results do not depend on the number of workers. Raises InputError,
    StudyError, StorageError.
    """
    if worlds is not None:
        worlds = Worlds.drawn(worlds, base.seed).without(dict(base.parameters))
    wanted = size or Size(adults=base.adults)
    if wanted.reading_adults > MOST_ADULTS:
        share = wanted.reading_adults / wanted.adults
        allowed = f"at most {MOST_ADULTS / share:.0f}: targets are asked in towns {share:g} times"
        raise InputError("adults", wanted.adults, f"{allowed} as large")
    count = checked_workers(workers)
    design = {
        "kind": KIND,
        "worlds": None if worlds is None else worlds.to_dict(),
        "size": wanted.__dict__,
        "targets": [target.id for target in TARGETS],
        "patterns": [pattern.id for pattern in PATTERNS],
    }
    record = new_record(KIND, base, (base.timeline,), design, command)
    record[ASKING] = asking_digest(KIND)
    work = _Work(base, worlds, wanted, record, progress)
    work.carry_out(out, count, overwrite, records.check_same_study)
    return work.result()


class _Work(KeptWork):
    """The units of one validation, and what they gave."""

    file = READINGS
    done_again = "everything is read again"

    def __init__(
        self,
        base: Scenario,
        worlds: Worlds | None,
        size: Size,
        record: dict[str, Any],
        progress: Progress | None,
    ) -> None:
        super().__init__(record, progress)
        self.base = base
        self.worlds = worlds
        self.size = size
        self.found: dict[Unit, dict[str, float]] = {}
        self._scales = {condition.name: condition for condition in scales(base)}

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

    def _parameters(self, unit: Unit) -> dict[str, float]:
        values = dict(self.base.parameters)
        if self.worlds is not None and unit[0] in (TARGETS_PART, HELD_OUT_PART):
            values |= self.worlds[unit[2]].parameters
        return values

    def read(self, unit: Unit, advance: Callable[[int], None]) -> dict[str, float]:
        """The readings of a unit by id."""
        part, name, draw = unit
        seed = replicate_seed(self.base.seed, draw)
        values = self._parameters(unit)
        if part == SCALE_PART:
            found = self._levels(self._scales[name], seed)
        elif part == HELD_OUT_PART:
            found = read_held_out(values, adults=self.size.adults, seed=seed)
        else:
            found = read_targets(
                values,
                adults=self.size.reading_adults,
                replicates=self.size.reading_replicates,
                seed=seed,
                months=self.size.months,
            )
        advance(1)
        return found

    def _levels(self, condition: Condition, seed: int) -> dict[str, float]:
        scenario = condition.scenario(self.base, 0).with_(seed=seed)
        simulation = stepped(scenario, condition.steps)
        simulation.run(round(scenario.months * condition.steps))
        values = read(simulation, LEVELS, condition.steps)
        return dict(zip(LEVELS, values.tolist(), strict=True))

    def run_missing(self, workers: int) -> None:
        """Read the units that are missing."""
        missing = [unit for unit in self.units() if unit not in self.found]
        total = sum(SECONDS[unit[0]] for unit in missing)
        meter, spent, ran = Meter(), 0.0, 0

        def tick() -> None:
            if self.progress is not None:
                self.progress(Advance(spent, total, ran, len(missing)))

        with thread_pool(workers, meter) as pool:
            work = stream(pool, self.read, missing, meter, window=2 * workers, tick=tick)
            with closing(work):
                for unit, future in work:
                    self.found[unit] = future.result()
                    spent, ran = spent + SECONDS[unit[0]], ran + 1
                    self.save_now_and_then()
        tick()

    def take(self, table: pd.DataFrame) -> None:
        """Take over the readings in a table."""
        for row in table.itertuples():
            unit = (str(row.part), str(row.condition), int(str(row.draw)))
            self.found.setdefault(unit, {})[str(row.id)] = float(str(row.value))

    def counts(self) -> dict[str, int]:
        """Units that are planned and read."""
        return {"planned": len(self.units()), "done": len(self.found), "failed": 0}

    def columns(self) -> dict[str, Any]:
        """One row a reading."""
        if not self.found:
            return {}
        parts, names, draws, worlds, ids, values = [], [], [], [], [], []
        for unit in self.units():
            part, name, draw = unit
            own = self.found.get(unit, {})
            ofworld = self.worlds is not None and part in (TARGETS_PART, HELD_OUT_PART)
            number = self.worlds[draw].number if ofworld and self.worlds is not None else -1
            for id, value in own.items():
                parts.append(part)
                names.append(name)
                draws.append(draw)
                worlds.append(number)
                ids.append(id)
                values.append(value)
        return {
            "part": parts,
            "condition": names,
            "draw": np.array(draws, np.int64),
            "world": np.array(worlds, np.int64),
            "id": ids,
            "value": np.array(values, np.float64),
        }

    def result(self) -> Validation:
        """What was read."""
        frame = store.frame(store.arrow(self.columns()))
        return Validation(self.record, frame, self.worlds, tuple(self.notes))


def _work_of(record: dict[str, Any]) -> _Work:
    design = record["design"]
    worlds = None if design["worlds"] is None else Worlds.from_dict(design["worlds"])
    return _Work(records.scenario_of(record), worlds, Size(**design["size"]), record, None)


def load_validation(folder: str | Path) -> Validation:
    """Read a validation from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a folder made by velfaerd validate to its end")
    work = _work_of(record)
    work.take(store.frame(store.read_table(path / READINGS)))
    return work.result()


def again(study: Validation, unit: Unit) -> dict[str, float]:
    """Read a unit of a validation anew."""
    return _work_of(study.study).read(unit, lambda _: None)
