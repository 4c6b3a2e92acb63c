"""Work whose results stand in one table of a folder: saved now and then, and gone on with.

The same call again takes over what an earlier session has done; whatever ends a session, what is
done by then is kept.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import check_asking, keep_asking
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Progress
from velfaerd_sim.errors import StorageError

SECONDS_BETWEEN_SAVES = 20.0


class KeptWork(ABC):
    """One study being carried out.

    file: the table of its results; done_again: what happens where that is damaged. notes: what
    could not be used of an earlier session.
    """

    file: str
    done_again: str

    def __init__(self, record: dict[str, Any], progress: Progress | None) -> None:
        self.record = record
        self.progress = progress
        self.folder: store.Folder | None = None
        self.notes: list[str] = []
        self._earlier = 0.0
        self._saved = self._started = time.monotonic()

    @abstractmethod
    def run_missing(self, workers: int) -> None:
        """Do what is missing, and call `save_now_and_then` on the way."""

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """What is planned, done and failed."""

    @abstractmethod
    def columns(self) -> dict[str, Any]:
        """The table of what is done; empty where nothing is."""

    @abstractmethod
    def take(self, table: pd.DataFrame) -> None:
        """Take over what stands in a table."""

    def carry_out(
        self, out: str | Path | None, workers: int, overwrite: bool, check: store.Check
    ) -> None:
        """Do what is missing, in a folder where one is given. Raises StudyError, StorageError.

        check: whether the work goes on with what is there; only the version of the code that asked
        there adds to it.
        """

        def checked(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
            check(old, new, folder)
            check_asking(old, new, folder, old.get("design") == new["design"])

        if out is None:
            self._run(workers)
            records.text(self.record)
            return
        with store.opened(out, self.record, overwrite, checked) as (folder, old):
            self.folder = folder
            if old is not None:
                self._restore(old)
            self._run(workers)

    def _restore(self, old: Mapping[str, Any]) -> None:
        """Take over what an earlier session has done."""
        assert self.folder is not None
        times = old.get("times", {})
        self.record["times"]["started"] = times.get("started", records.now())
        self._earlier = float(times.get("seconds") or 0.0)
        entry = old.get("files", {}).get(self.file, {})
        path = self.folder.path / self.file
        try:
            if "sha256" not in entry:
                return
            if store.sha256(path) != entry["sha256"]:
                raise StorageError(f"{path} was changed after it was written")
            table = store.frame(store.read_table(path))
        except StorageError as error:
            self.notes.append(f"{error}; {self.done_again}")
            return
        self.take(table)
        keep_asking(old, self.record)

    def _run(self, workers: int) -> None:
        try:
            self.run_missing(workers)
        except StorageError:
            raise
        except BaseException:
            with suppress(StorageError):
                self._save(INCOMPLETE)
            raise
        self._save(COMPLETE)

    def save_now_and_then(self) -> None:
        """Save where the last time is long ago."""
        if self.folder and time.monotonic() - self._saved > SECONDS_BETWEEN_SAVES:
            self._save(INCOMPLETE)

    def _save(self, status: str) -> None:
        self._saved = time.monotonic()
        seconds = round(self._earlier + self._saved - self._started, 3)
        finished = records.now() if status == COMPLETE else None
        self.record |= {"counts": self.counts(), "status": status}
        self.record["times"] |= {"finished": finished, "seconds": seconds}
        if self.folder is None:
            return
        with self.folder.transaction() as work:
            columns = self.columns()
            if columns:
                work.table(self.file, store.arrow(columns))
                self.record["files"] = {self.file: {"sha256": work.sha256(self.file)}}
            work.text(RECORD, records.text(self.record))
