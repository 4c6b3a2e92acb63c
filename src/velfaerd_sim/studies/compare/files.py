"""The files of a comparison: what an earlier session left, what is done so far, the results."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.compare import reversal
from velfaerd_sim.studies.compare.archive import (
    GAINS_FILE,
    SERIES,
    Archive,
    gains_table,
    replicates_from,
    series_table,
)
from velfaerd_sim.studies.compare.plan import Plan
from velfaerd_sim.studies.compare.tables import Table

TABLES = ("effects", "levels", "bands", "groups")
WORLDS_FILE = "worlds.parquet"
STAFF_HOURS_FILE, STAFF_HOURS_RUNS = "staff_hours.parquet", "staff_hours_runs.parquet"
_PENDING_RUNS = f"{store.PARTS}/{STAFF_HOURS_RUNS}"
_SHARE_ON_DISK = 0.9
"""Size of a series in Parquet over its size in memory, at most."""


class ComparisonFiles:
    """Keeps the folder and the record of a comparison in step.

    `notes` says what could not be used of an earlier session.
    """

    def __init__(self, folder: store.Folder, record: dict[str, Any]) -> None:
        self.folder = folder
        self.record = record
        self.notes: list[str] = []
        self._started = time.monotonic()
        self._earlier = 0.0

    def restore(self, old: Mapping[str, Any], plan: Plan, archive: Archive) -> reversal.Found:
        """Take over what an earlier session has done; what is damaged is noted and left out."""
        times = old.get("times", {})
        self.record["times"]["started"] = times.get("started", records.now())
        self._earlier = float(times.get("seconds") or 0.0)
        files = old.get("files", {})
        if SERIES in files:
            self._restore_series(files, archive)
        else:
            self.notes += archive.restore_parts(old.get("parts", {}))
        if not plan.staff_hours:
            return {}
        name = STAFF_HOURS_RUNS if STAFF_HOURS_RUNS in files else _PENDING_RUNS
        return self._restore_staff_hours(name, files.get(name, {}), plan)

    def _restore_series(self, files: Mapping[str, Any], archive: Archive) -> None:
        try:
            for name in (SERIES, GAINS_FILE):
                self._check(name, files[name]["sha256"])
                self.record["files"][name] = files[name]
            paths = (self.folder.path / name for name in (SERIES, GAINS_FILE))
            for tables in zip(*map(store.read_row_groups, paths), strict=True):
                blocks = {archive.add(each) for each in replicates_from(archive.shape, *tables)}
                archive.forget(self._written_if_large(archive, blocks))
        except (StorageError, KeyError, ValueError) as error:
            self.notes.append(f"{error}; everything is run again")
            self.record["files"] = {}
            archive.clear()

    def _written_if_large(self, archive: Archive, blocks: set[int | None]) -> list[int]:
        whole = [block for block in blocks if block is not None]
        if whole and not archive.keeps_all:
            self.save_progress(archive, whole)
            return whole
        return []

    def _restore_staff_hours(
        self, name: str, entry: Mapping[str, Any], plan: Plan
    ) -> reversal.Found:
        if "sha256" not in entry:
            return {}
        try:
            self._check(name, entry["sha256"])
            found = reversal.found_in(plan, store.read_table(self.folder.path / name))
        except (StorageError, KeyError, ValueError) as error:
            self.notes.append(f"{error}; staff hours are run again")
            return {}
        self.record["files"][name] = dict(entry)
        return found

    def _check(self, name: str, digest: str) -> None:
        path = self.folder.path / name
        if store.sha256(path) != digest:
            raise StorageError(f"{path} was changed after it was written")

    def check_space(self, plan: Plan, archive: Archive, fewest: int) -> None:
        """Raise StorageError unless the replicates that must come fit on the disk."""
        missing = max(0, min(fewest, plan.most) - len(archive))
        copies = 2 if plan.most > archive.shape.block else 1
        self.folder.check_space(copies * missing * archive.shape.bytes * _SHARE_ON_DISK)

    def save_progress(
        self, archive: Archive, blocks: Iterable[int] = (), staff_hours: Table | None = None
    ) -> None:
        """Write parts and a record that names them."""
        with self.folder.transaction() as work:
            blocks = list(blocks)
            archive.write_parts(work, blocks)
            if staff_hours is not None:
                work.table(_PENDING_RUNS, staff_hours)
                self.record["files"][_PENDING_RUNS] = {"sha256": work.sha256(_PENDING_RUNS)}
            self.record["parts"] = archive.parts
            self._save_record(work, INCOMPLETE)
        archive.forget(blocks)

    def save_results(self, archive: Archive, tables: Table, count: int, complete: bool) -> None:
        """Write the series and the tables of a comparison, and take the parts away."""
        files = {name: entry for name, entry in self.record["files"].items() if "staff" in name}
        with self.folder.transaction() as work:
            with work.tables(SERIES) as series, work.tables(GAINS_FILE) as gains:
                for found in archive.blocks(count):
                    series.write(series_table(archive.shape, found))
                    gains.write(gains_table(archive.shape, found))
            for name, table in tables.items():
                work.table(f"{name}.parquet", table)
            for name in (SERIES, GAINS_FILE, *(f"{name}.parquet" for name in tables)):
                files[name] = {"sha256": work.sha256(name)}
            self.record["files"] = files
            self.record.pop("parts", None)
            self._save_record(work, COMPLETE if complete else INCOMPLETE)
        self.folder.remove_parts(keep=[name for name in files if name == _PENDING_RUNS])

    def save_staff_hours(self, runs: Table, result: Table, complete: bool) -> None:
        """Write the runs by staff hours and their table."""
        files = self.record["files"]
        with self.folder.transaction() as work:
            for name, table in ((STAFF_HOURS_RUNS, runs), (STAFF_HOURS_FILE, result)):
                work.table(name, table)
                files[name] = {"sha256": work.sha256(name)}
            files.pop(_PENDING_RUNS, None)
            self._save_record(work, COMPLETE if complete else INCOMPLETE)
        self.folder.remove_parts()

    def _save_record(self, work: store.Transaction, status: str) -> None:
        self.record["status"] = status
        times = self.record["times"]
        times["finished"] = records.now() if status == COMPLETE else None
        times["seconds"] = round(self._earlier + time.monotonic() - self._started, 3)
        work.text(RECORD, records.text(self.record))
