"""Verification of a sweep: its parts, its table, and a sample of runs made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine.differences import first_difference
from velfaerd_sim.engine.runner import Advance, Meter, Progress, stream, thread_pool
from velfaerd_sim.engine.sampled_check import SampledCheck
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.sweep import parts
from velfaerd_sim.studies.sweep.parts import DONE, TIMES
from velfaerd_sim.studies.sweep.sweeping import study_of
from velfaerd_sim.studies.sweep.table import Row, block_rows, rows_table
from velfaerd_sim.studies.sweep.tasks import RunNames, SweepTask
from velfaerd_sim.studies.sweep.worker import Unit, run_unit

SMALL = 1.0e9
"""Adult-months up to which everything is recomputed unless a sample is asked for."""
SAMPLE = 4


class SweepCheck(SampledCheck):
    """Verifies one sweep; the sample is of burn-ins, each with all its regimes."""

    def __init__(
        self,
        path: Path,
        record: Mapping[str, Any],
        sample: int | None,
        workers: int,
        progress: Progress | None,
    ) -> None:
        super().__init__(path, record, sample, workers, progress)
        self._study = study_of(record)
        self._order = parts.Order(self._study)
        model = record["package"].get("model_digest")
        self._run_ids = RunNames(self._study, model)

    def run(self) -> None:
        """Check the parts, then the table, then run a sample again."""
        for name in parts.part_names(self.path):
            try:
                parts.check_part(self.path, name)
            except StorageError:
                self.faults.append(f"{name} was changed after it was written")
            else:
                self.names.append(name)
        if self.record["status"] != "complete":
            self.notes.append("the sweep did not run to its end, or runs of it failed")
        chosen = self._chosen()
        recorded = self._recorded(chosen)
        if chosen.size and recorded is not None:
            self._compare(chosen, recorded)

    def _chosen(self) -> NDArray[np.int64]:
        """Places of the units in the study that are made again, int64 (units,)."""
        columns = ["point_id", "regime", "replicate", "status"]
        found = [np.empty(0, np.int64)]
        for name in self.names:
            table = parts.read_part(self.path, name, columns)
            table = table.filter(pc.equal(table.column("status"), DONE))
            found.append(self._order.ranks(table))
        ranks = np.unique(np.concatenate(found))
        ranks = ranks[ranks >= 0]
        self.of_runs = len(ranks)
        units = np.unique(ranks // len(self._study.regimes))
        scenario, size = self._study.scenario, self.sample
        months = scenario.burn_in_months + len(self._study.regimes) * scenario.months
        if size is None and len(units) * scenario.adults * months > SMALL:
            size = SAMPLE
        if size is None or size >= len(units):
            return units
        places = np.unique(np.linspace(0, len(units) - 1, size).round().astype(int))
        return np.asarray(units[places], np.int64)

    def _recorded(self, chosen: NDArray[np.int64]) -> pa.Table | None:
        """The recorded runs of some units; compares the whole table with its digest on the way."""
        digest, found = parts.Digest(), []
        for table in parts.compacted(self.path, self.names, self._order, block_rows(self._study)):
            digest.add(table)
            units = self._order.ranks(table) // len(self._study.regimes)
            wanted = np.isin(units, chosen)
            wanted &= np.asarray(pc.equal(table.column("status"), DONE).to_numpy(), bool)
            found.append(table.filter(pa.array(wanted)))
        made = self.record.get("table")
        if made is not None and made != {"rows": digest.rows, "sha256": digest.hex()}:
            self.faults.append(
                f"the {digest.rows} runs in the parts are not the {made['rows']} that were written"
            )
        return pa.concat_tables(found) if found else None

    def _compare(self, chosen: NDArray[np.int64], recorded: pa.Table) -> None:
        points, regimes = self._study.points.distinct, len(self._study.regimes)
        there: dict[int, list[int]] = {}
        for rank in self._order.ranks(recorded).tolist():
            there.setdefault(rank // regimes, []).append(rank % regimes)
        units = []
        for place in chosen.tolist():
            replicate, point = divmod(place, len(points))
            task = SweepTask(points[point], replicate, self._study.seeds[replicate])
            names = self._run_ids.of(task)
            wanted = tuple(sorted(there[place]))
            units.append(Unit(task, wanted, tuple(names[regime] for regime in wanted)))
        again = rows_table(self._study, self._recomputed(units))
        columns = [name for name in recorded.column_names if name != TIMES]
        try:
            fault = first_difference(recorded.select(columns), again.select(columns))
        except KeyError as error:
            fault = f"a column is missing ({error})"
        if fault:
            self.faults.append(f"runs: {fault}")

    def _recomputed(self, units: list[Unit]) -> list[Row]:
        """Run units again, several at a time; the rows in their order."""
        meter = Meter()
        found: dict[int, list[Row]] = {}
        scenario, total = self._study.scenario, sum(len(unit.regimes) for unit in units)

        def work(index: int) -> list[Row]:
            return self._rows(units[index], meter)

        def tick() -> None:
            if self.progress is not None:
                size = float(scenario.adults * (scenario.burn_in_months + scenario.months))
                self.progress(Advance(self.runs * size, total * size, self.runs, total))

        places = range(len(units))
        with thread_pool(self.workers, meter) as pool:
            for index, future in stream(pool, work, places, window=2 * self.workers, tick=tick):
                found[index] = future.result()
                self.runs += len(units[index].regimes)
            tick()
        return [row for index in places for row in found[index]]

    def _rows(self, unit: Unit, meter: Meter) -> list[Row]:
        meter(0)  # stops here when the work is called off
        regimes, readings = len(self._study.regimes), len(self._study.readings)
        values, seconds = np.full((regimes, readings), np.nan), np.full(regimes, np.nan)
        messages: dict[int, str] = {}

        def failed(regime: int, error: Exception) -> None:
            messages[regime] = str(error) or type(error).__name__

        run_unit(self._study, unit, values, seconds, failed)
        return [
            (unit, place, values[regime], float(seconds[regime]), messages.get(regime, ""))
            for place, regime in enumerate(unit.regimes)
        ]
