"""Verification of a calibration: readings made again, judgement and files made from them anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from velfaerd_sim.engine import store
from velfaerd_sim.engine.differences import first_difference
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.engine.runner import Progress
from velfaerd_sim.engine.sampled_check import SampledCheck
from velfaerd_sim.studies.calibrate import files as calibration_files
from velfaerd_sim.studies.calibrate.calibrating import calibration_of
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import Calibration, names_of
from velfaerd_sim.studies.calibrate.plausibility import judge
from velfaerd_sim.studies.calibrate.reading_table import READINGS, ReadingTable, digest_of
from velfaerd_sim.studies.calibrate.reading_work import Batch, Order, Reader, read_batch
from velfaerd_sim.studies.calibrate.resampling import FIRST_ATTEMPT
from velfaerd_sim.studies.calibrate.smoother import FINAL, FINAL_NOISE, Stage, luck

SAMPLE = 4
"""Readings that are made again where no sample is asked for."""


class CalibrationCheck(SampledCheck):
    """Verifies one calibration; the sample is of final readings. reader: asks the model."""

    def __init__(
        self,
        path: Path,
        record: Mapping[str, Any],
        reader: Reader,
        sample: int | None,
        workers: int,
        progress: Progress | None,
    ) -> None:
        super().__init__(path, record, sample, workers, progress)
        self.of_runs = int(record["counts"]["done"])
        self._reader = reader

    def run(self) -> None:
        """Judge the recorded readings anew, then make a sample of them again."""
        if self.record["status"] != COMPLETE:
            self.notes.append("the calibration did not run to its end")
            return
        calibration = calibration_of(self.record)
        ensembles = store.read_table(self.path / calibration_files.ENSEMBLES)
        stage = max(ensembles.column("stage").to_pylist())
        last = ensembles.filter(pc.equal(ensembles.column("stage"), stage))
        members = np.asarray(last.column("member").to_pylist(), np.int64)
        scores = np.column_stack([store.numbers(last, f"score.{n}") for n in calibration.free])
        table = ReadingTable(store.Folder(self.path, None), names_of(calibration.targets))
        table.restore(self.record["files"])
        self.notes += table.notes
        readings = self._recorded(calibration, table, stage, members, scores)
        if readings is None:
            return
        self._judge(calibration, table, stage, members, scores, readings)
        self._again(calibration, stage, members, scores, readings)

    def _recorded(
        self,
        calibration: Calibration,
        table: ReadingTable,
        stage: int,
        members: np.ndarray[Any, Any],
        scores: Array,
    ) -> Array | None:
        """The final readings of all members, all columns; None where one is missing."""
        seed = calibration.seed_of(stage, FINAL)
        size = calibration.adults, calibration.final_replicates, calibration.months
        attempts = table.last_attempts(stage, FINAL, len(calibration.targets))
        rows = []
        for member, row in zip(members.tolist(), scores, strict=True):
            digest = digest_of(tuple(calibration.world(row).items()), seed, size)
            found = table.get(attempts.get(member, (0, stage, FINAL, member, 0)), digest)
            if found is None:
                self.faults.append(f"{READINGS} holds no final reading of member {member}")
                return None
            rows.append(found)
        return np.array(rows, np.float64)

    def _judge(
        self,
        calibration: Calibration,
        table: ReadingTable,
        stage: int,
        members: np.ndarray[Any, Any],
        scores: Array,
        readings: Array,
    ) -> None:
        """Make members.csv and worlds.csv anew and compare."""
        observed = Observed(calibration.targets)
        fitted = readings[:, : len(observed)]
        last = Stage(stage, members, scores, fitted, self._luck(observed, table, stage), 0, 0)
        judged = judge(observed, last)
        made = {
            calibration_files.MEMBERS: calibration_files.members_csv(table, last, judged),
            calibration_files.WORLDS: calibration_files.worlds_csv(calibration, last, judged),
        }
        for name, text in made.items():
            path = self.path / name
            if name in self.record["files"] and path.read_text(encoding="utf-8") != text:
                self.faults.append(f"{name} does not follow from the readings")

    def _luck(self, observed: Observed, table: ReadingTable, stage: int) -> Array:
        """How much readings vary from seed to seed: sets as they were before any was drawn anew."""
        values = dict(table.rows())
        keys = table.last_attempts(stage, FINAL, len(observed), FIRST_ATTEMPT)
        twice = {key[3]: row for key, row in values.items() if key[1:3] == (stage, FINAL_NOISE)}
        pairs = [(again, values[keys[member]]) for member, again in twice.items()]
        again, first = (
            np.array(side, np.float64)[:, : len(observed)] for side in zip(*pairs, strict=True)
        )
        return luck(observed, again, first)

    def _again(
        self,
        calibration: Calibration,
        stage: int,
        members: np.ndarray[Any, Any],
        scores: Array,
        readings: Array,
    ) -> None:
        count = min(SAMPLE if self.sample is None else self.sample, len(members))
        places = np.unique(np.linspace(0, len(members) - 1, count).round().astype(int)).tolist()
        names, seed = names_of(calibration.targets), calibration.seed_of(stage, FINAL)

        def work(place: int) -> Array:
            world = tuple(calibration.world(scores[place]).items())
            order = Order(
                place,
                world,
                calibration.adults,
                calibration.final_replicates,
                seed,
                calibration.months,
            )
            (answer,) = read_batch(Batch(self._reader, names, (order,)))
            return np.array(answer.values, np.float64)

        found = dict(self.made_again(work, places))
        columns = {name: readings[places, j] for j, name in enumerate(names)}
        again = {name: np.array([found[p][j] for p in places]) for j, name in enumerate(names)}
        fault = first_difference(store.arrow(columns), store.arrow(again))
        if fault:
            self.faults.append(f"{READINGS}, final readings: {fault}")
