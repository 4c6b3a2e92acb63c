"""The readings of a calibration in its folder: kept one by one, found again after any stop.

While a calibration runs, readings stand in parts that check themselves, `parts/readings-*.parquet`;
at its end in one file, in order.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from velfaerd_sim.engine import store
from velfaerd_sim.errors import StorageError

READINGS = "readings.parquet"
DONE, FAILED = "done", "failed"
FLUSH_SECONDS, FLUSH_ROWS = 5.0, 500
_KEYS = ("case", "stage", "purpose", "member", "attempt")

Key = tuple[int, int, str, int, int]
"""Case, stage, purpose, member, attempt."""


def digest_of(parameters: Sequence[tuple[str, float]], seed: int, size: Sequence[int]) -> str:
    """Digest of what a reading asks: 16 hex digits over parameters, seed and size."""
    text = repr((tuple(parameters), seed, tuple(size)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class ReadingTable:
    """All readings by key: digest of what was asked, values, message of a failure.

    names: the columns of values. notes: what was damaged. A folder of None keeps them in memory.
    """

    def __init__(
        self,
        folder: store.Folder | None,
        names: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.names = tuple(names)
        self.notes: list[str] = []
        self._folder = folder
        self._clock = clock
        self._rows: dict[Key, tuple[str, tuple[float, ...], str]] = {}
        self._waiting: list[Key] = []
        self._since = 0.0
        self._next = 1

    def __len__(self) -> int:
        """How many readings there are."""
        return len(self._rows)

    @property
    def failures(self) -> list[tuple[Key, str]]:
        """Readings that failed, and why, in order."""
        return sorted((key, row[2]) for key, row in self._rows.items() if row[2])

    def rows(self) -> Iterator[tuple[Key, tuple[float, ...]]]:
        """Every reading's key and values."""
        for key, row in self._rows.items():
            yield key, row[1]

    def get(self, key: Key, digest: str) -> tuple[float, ...] | None:
        """The values of a reading, None where it is missing or asked something else."""
        found = self._rows.get(key)
        return found[1] if found is not None and found[0] == digest else None

    def last_attempts(
        self, stage: int, purpose: str, figures: int, before: float = math.inf
    ) -> dict[int, Key]:
        """The reading that counts of every member: the last one whose first figures are all there.

        A set that is drawn anew at the end and cannot be read stays as it was. before: only
        attempts below this.
        """
        found: dict[int, Key] = {}
        for key in sorted(self._rows):
            whole = np.isfinite(self._rows[key][1][:figures]).all()
            if whole and key[:3] == (0, stage, purpose) and key[4] < before:
                found[key[3]] = key
        return found

    def add(self, key: Key, digest: str, values: tuple[float, ...], message: str) -> None:
        """Take in a reading; it is written within seconds."""
        self._rows[key] = digest, values, message
        if not self._waiting:
            self._since = self._clock()
        self._waiting.append(key)
        late = self._clock() - self._since >= FLUSH_SECONDS
        if late or len(self._waiting) >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits as a part. Raises StorageError."""
        if self._folder is not None and self._waiting:
            with self._folder.transaction() as work:
                work.part(f"{store.PARTS}/readings-{self._next:06d}", self._table(self._waiting))
            self._next += 1
        self._waiting.clear()

    def restore(self, files: Mapping[str, Any]) -> dict[str, Any]:
        """Take in what a folder holds; what is damaged is noted and left out.

        files: those that the record names. Gives what the record must go on naming: a finished
        file of readings is their only copy until it is written again.
        """
        assert self._folder is not None
        path, kept = self._folder.path, {}
        if READINGS in files:
            try:
                if store.sha256(path / READINGS) != files[READINGS]["sha256"]:
                    raise StorageError(f"{path / READINGS} was changed after it was written")
                self._take(store.read_table(path / READINGS))
                kept[READINGS] = files[READINGS]
            except (StorageError, KeyError) as error:
                self.notes.append(f"{error}; its readings are made again")
        for part in sorted((path / store.PARTS).glob("readings-*.parquet")):
            digits = part.name.split("-")
            self._next = max(self._next, int(digits[1]) + 1 if digits[1].isdigit() else 1)
            try:
                if not part.name.endswith(f"-{store.sha256(part)[: store.DIGITS]}.parquet"):
                    raise StorageError(f"{part} is damaged")
                self._take(store.read_table(part))
            except StorageError as error:
                self.notes.append(f"{error}; its readings are made again")
        return kept

    def _take(self, table: pa.Table) -> None:
        columns = {name: table.column(name).to_pylist() for name in table.column_names}
        missing = [name for name in self.names if f"target.{name}" not in columns]
        if missing:
            raise StorageError(f"the readings on disk lack {', '.join(missing)}")
        names = [columns[f"target.{name}"] for name in self.names]
        for i in range(table.num_rows):
            key = tuple(columns[name][i] for name in _KEYS)
            row = (column[i] for column in names)
            values = tuple(np.nan if value is None else float(value) for value in row)
            message = columns["message"][i] or ""
            self._rows[key] = columns["asked"][i], values, message

    def table(self, keys: Sequence[Key] | None = None) -> pa.Table:
        """Readings in order, all or those of some keys."""
        return self._table(sorted(self._rows if keys is None else keys))

    def _table(self, keys: Sequence[Key]) -> pa.Table:
        rows = [self._rows[key] for key in keys]
        columns: dict[str, Any] = {}
        for place, name in enumerate(_KEYS):
            values = [key[place] for key in keys]
            columns[name] = values if name == "purpose" else np.array(values, np.int64)
        columns["asked"] = [row[0] for row in rows]
        columns["status"] = [FAILED if row[2] else DONE for row in rows]
        columns["message"] = [row[2] or None for row in rows]
        values_table = np.array([row[1] for row in rows], np.float64)
        values_table = values_table.reshape(len(rows), len(self.names))
        for place, name in enumerate(self.names):
            columns[f"target.{name}"] = values_table[:, place]
        return store.arrow(columns)
