"""The plan of a place: figures read in every world, what they teach, and the regimes compared.

A row of the first stages is a world and its figures; of the last two a replicate with all regimes,
in the place and in the nation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.plan import Outlook, Plan, Rows, Table
from velfaerd_sim.engine.task import Task
from velfaerd_sim.inputs.places import Place, today_text
from velfaerd_sim.inputs.regime_files import timeline_from_table
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import FILE, Worlds, read_worlds
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.instruments.replicates import CELLS, GAINS, replicate_seed
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.compare.all_tables import Summaries
from velfaerd_sim.studies.compare.design import ComparisonDesign
from velfaerd_sim.studies.place import tables
from velfaerd_sim.studies.place.design import PlaceDesign, some_of
from velfaerd_sim.studies.place.learning import (
    LEAST_SHARE,
    STEPS,
    Array,
    Draws,
    effective,
    first_draws,
    log_likelihoods,
    moved,
    weights,
    worlds_of,
)
from velfaerd_sim.studies.place.work import HERE, NATION, READING, Shared, Unit, run_unit

KIND = "place"
NATIONAL = "national.csv"
ON_PLACE, ON_NATION = STEPS + 1, STEPS + 2
"""Stages after those in which figures are read, which are numbered from 0."""
_LABELS = ("stage", "number", "seed")


@dataclass(frozen=True)
class Learned:
    """What the figures taught.

    draws, weight: the place's worlds; every: the readings of every step, (worlds, figures);
    effective: worlds that the first weights are worth, before draws were moved.
    """

    draws: Draws
    weight: Array
    every: tuple[Array, ...]
    effective: float

    @property
    def was_moved(self) -> bool:
        """Whether the draws were moved, as the weights left too few."""
        return len(self.every) > 1


class PlacePlan(Plan):
    """A place: a task a world and step, then a task a replicate.

    What follows from readings waits for all of them; one that failed has to be tried again.
    """

    kind = KIND
    work = run_unit
    stages = True
    processes = False
    held = ("values", "hours", "gains")
    order = ("stage", "number")
    exact = ("learned.parquet", FILE)

    def __init__(self, design: PlaceDesign) -> None:
        self.design = design
        self._first = first_draws(design.national, design.place, design.base.seed)
        self._known: list[Learned | None] = []
        self._readings: list[Array] = []
        self._draws = [self._first]
        self._rows: Rows | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path) -> PlacePlan:
        """The plan of a record; the worlds of the nation stand in its folder."""
        design = record["design"]
        return cls(
            PlaceDesign(
                Place.from_dict(design["place"]),
                Scenario.from_dict(design["base"]),
                design["adults"],
                Worlds(design["worlds"]["name"], read_worlds(folder / NATIONAL).worlds),
                tuple(timeline_from_table(each) for each in design["regimes"]),
                design["replicates"],
            )
        )

    # --- what is wanted -------------------------------------------------------------------------

    def record(self, command: str) -> dict[str, Any]:
        """The record of a study of which nothing is done."""
        design = self.design
        return records.new_record(
            KIND, design.scenario, design.timelines, design.to_dict(), command
        )

    def inputs(self) -> dict[str, str]:
        """The worlds of the nation, the scenario of the place and its governance of today."""
        return {
            NATIONAL: self.design.national.csv(),
            "scenario.toml": self.design.scenario.to_toml(),
            "today.toml": today_text(self.design.place),
        }

    def schema(self) -> pa.Schema:
        """A row a world and step, or a replicate."""
        lists = pa.list_(pa.float64())
        return pa.schema(
            [(name, pa.string()) for name in ("run", "status", "message")]
            + [("stage", pa.int32()), ("number", pa.int32()), ("seed", pa.int64())]
            + [("seconds", pa.float64()), ("values", lists), ("hours", lists)]
            + [("gains", pa.list_(pa.int64()))]
        )

    def labels(self) -> tuple[str, ...]:
        """What is known of a row beforehand."""
        return _LABELS

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Readings step by step; when the worlds are known, the replicates here and everywhere."""
        learned, design = self.learned(rows), self.design
        for stage, draws in enumerate(self._draws if design.place.figures else ()):
            for number, world in enumerate(design.national):
                yield self._task(stage, number, world.number, draws.parameters[number])
        if not design.is_national:
            yield from self._replicates(ON_NATION, design.everywhere.worlds)
        if learned is not None:
            yield from self._replicates(ON_PLACE, self.sample(learned))

    def _replicates(self, stage: int, worlds: Worlds | None) -> Iterator[Task]:
        assert worlds is not None
        for number in range(self._count):
            world = worlds[number % len(worlds)]
            yield self._task(stage, number, world.number, world.parameters)

    def _task(self, stage: int, number: int, world: int, parameters: Mapping[str, float]) -> Task:
        what = {ON_PLACE: HERE, ON_NATION: NATION}.get(stage, READING)
        seed = replicate_seed(self.design.base.seed, number)
        unit = Unit(what, number, world, seed, parameters)
        return Task((key_of(stage, number),), ((stage, number, seed),), unit, self._cost(what))

    def _cost(self, what: str) -> float:
        return self.design.shared.adult_months(what)

    def common(self) -> Shared:
        """What every piece of work is made from."""
        return self.design.shared

    @property
    def _count(self) -> int:
        return int(self.design.everywhere.most)

    # --- what the figures teach -----------------------------------------------------------------

    def learned(self, rows: Rows) -> Learned | None:
        """What the figures taught, as soon as all readings that it takes are there."""
        if rows is not self._rows:
            self._rows, self._readings, self._draws = rows, [], [self._first]
        design = self.design
        prior = np.array([world.weight for world in design.national])
        if not design.place.figures:
            return Learned(self._first, prior, (), effective(prior))
        while len(self._readings) < len(self._draws):
            found = self._read(rows, len(self._readings))
            if found is None:
                return None
            self._readings.append(found)
            if len(self._readings) <= STEPS and self._too_few(prior):
                self._draws.append(
                    moved(
                        self._draws[-1],
                        found,
                        design.place,
                        design.national,
                        design.base.seed,
                        len(self._readings),
                    )
                )
        weight = self._weight(prior)
        there = prior * np.isfinite(self._readings[-1]).all(axis=1)
        kept = weight if len(self._readings) == 1 else there / there.sum()
        return Learned(self._draws[-1], kept, tuple(self._readings), effective(weight))

    def _weight(self, prior: Array) -> Array:
        told = log_likelihoods(self._readings[0], self.design.place.figures).sum(axis=1)
        return weights(told, prior)

    def _too_few(self, prior: Array) -> bool:
        return effective(self._weight(prior)) < LEAST_SHARE * effective(prior)

    def _read(self, rows: Rows, stage: int) -> Array | None:
        """The readings of a stage (worlds, figures); None before all are there and none failed."""
        found = []
        for number in range(len(self.design.national)):
            held = rows.get(key_of(stage, number))
            if held is None or held.message:
                return None
            found.append(np.array(held.values[0], np.float64))
        return np.array(found)

    def worlds(self, learned: Learned) -> Worlds:
        """The worlds of the place: those of the nation where it says nothing."""
        design = self.design
        if design.place.says_nothing:
            return design.national
        return worlds_of(learned.draws, learned.weight, design.national, design.place.name)

    def sample(self, learned: Learned) -> Worlds:
        """The worlds that the comparison of the place takes."""
        return some_of(self.worlds(learned), self.design.base.seed)

    # --- how large it is ------------------------------------------------------------------------

    def outlook(self, rows: Rows) -> Outlook:
        """All rows as far as can be said: that the weights suffice, until they do not."""
        self.learned(rows)
        steps = (1 if len(self._draws) == 1 else STEPS + 1) if self.design.place.figures else 0
        wanted = {(stage, READING): len(self.design.national) for stage in range(steps)}
        wanted[ON_PLACE, HERE] = self._count
        if not self.design.is_national:
            wanted[ON_NATION, NATION] = self._count
        cost, left = 0.0, 0.0
        for (stage, what), count in wanted.items():
            there = rows.there([key_of(stage, number) for number in range(count)]).sum()
            cost += count * self._cost(what)
            left += (count - int(there)) * self._cost(what)
        count = sum(wanted.values())
        return Outlook(count, cost, count, left)

    def bytes_per_row(self) -> float:
        """Room for a row on the disk."""
        return 2000.0

    # --- what comes out -------------------------------------------------------------------------

    def tables(self, rows: Rows) -> dict[str, Table]:
        """Worlds and what was learnt; the comparison when its replicates are there."""
        learned = self.learned(rows)
        if learned is None:
            return {}
        design, worlds = self.design, self.worlds(learned)
        made: dict[str, Table] = {FILE: worlds.csv()}
        made["learned.parquet"] = tables.learned_table(design, learned.every, learned.weight)
        made["taught.parquet"] = tables.taught_table(design, learned.draws, learned.weight)
        here = design.here(self.sample(learned))
        found = self.summaries(rows, ON_PLACE, here)
        nation = found
        if not design.is_national:
            nation = self.summaries(rows, ON_NATION, design.everywhere)
        if found.numbers and nation.numbers:
            made |= tables.comparison_tables(found, here, nation, design.everywhere)
        return made

    def summaries(self, rows: Rows, stage: int, design: ComparisonDesign) -> Summaries:
        """What the replicates of a stage gave, of those that are done."""
        regimes = len(design.regimes)
        numbers, values, hours, gains = [], [], [], []
        for number in range(design.most):
            held = rows.get(key_of(stage, number))
            if held is not None and not held.message:
                numbers.append(number)
                values.append(np.array(held.values[0], np.float64).reshape(regimes, len(NAMES)))
                hours.append(np.array(held.values[1], np.float64))
                gains.append(
                    np.array(held.values[2], np.float64).reshape(regimes - 1, CELLS, len(GAINS))
                )
        whole = losses_as_worst(np.array(values)) if numbers else np.empty(0)
        return Summaries(numbers, whole, np.array(hours), np.array(gains))

    def describe(self, record: dict[str, Any], rows: Rows) -> None:
        """Enter what the figures taught in all."""
        learned = self.learned(rows)
        record["seeds"] = [
            replicate_seed(self.design.base.seed, number) for number in range(self._count)
        ]
        if learned is not None:
            record["learned"] = {
                "worlds": len(self.design.national),
                "effective": round(learned.effective, 3),
                "least": round(LEAST_SHARE * len(self.design.national), 3),
                "moved": learned.was_moved,
                "steps": len(learned.every),
            }

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A row in words."""
        stage, number = row["stage"], row["number"]
        what = {ON_PLACE: "replicate", ON_NATION: "national replicate"}.get(stage, "world")
        return f"{what} {number}, seed {row['seed']}"


def key_of(stage: int, number: int) -> str:
    """The name of a row."""
    return f"{stage} {number}"
