"""The archive: replicates as they come in, in memory and as parts on disk.

A block holds a fixed number of replicates and becomes one row group of `series.parquet`, so the
files do not depend on which replicate was ready first. Summaries are kept of every replicate;
whole series only while they fit into memory, else they are read back from their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine.runner import CELLS, GAINS, Replicate, places, replicate_seed
from velfaerd_sim.engine.store import PARTS, Folder, Transaction, arrow, numbers, read_table, sha256
from velfaerd_sim.errors import StorageError
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures.outcomes import INDEX, NAMES

BLOCK_BYTES = 32 * 2**20
BLOCK_WORK = 2.0e9
"""Adult-months in a block at most: about half a minute, which a killed process loses."""
MOST_IN_BLOCK = 64
MEMORY_BYTES = 400 * 2**20
SERIES, GAINS_FILE = "series.parquet", "gains.parquet"
_HOURS = INDEX["staff_hours_per_1000"]


@dataclass(frozen=True)
class Shape:
    """The axes of a series: regimes, places (municipality codes, 0 for all), months.

    Also the scenario's seed, and the work of one replicate in adult-months.
    """

    regimes: tuple[str, ...]
    places: tuple[int, ...]
    months: int
    seed: int
    work: int

    @classmethod
    def of(cls, scenario: Scenario, regimes: Sequence[str]) -> Shape:
        """The shape of a study of these regimes in a scenario."""
        work = scenario.adults * (scenario.burn_in_months + len(regimes) * scenario.months)
        return cls(tuple(regimes), places(scenario), scenario.months, scenario.seed, work)

    @property
    def series(self) -> tuple[int, int, int, int]:
        """The shape of a replicate's series."""
        return len(self.regimes), len(self.places), self.months + 1, len(NAMES)

    @property
    def bytes(self) -> int:
        """Size of one replicate's series in memory."""
        return int(np.prod(self.series)) * 8

    @property
    def block(self) -> int:
        """Replicates in a block."""
        fitting = min(BLOCK_BYTES // self.bytes, int(BLOCK_WORK // self.work))
        return max(1, min(MOST_IN_BLOCK, fitting))


def part_name(kind: str, block: int) -> str:
    """The file of a block's 'series' or 'gains' while a study is not finished."""
    return f"{PARTS}/{kind}-{block:05d}.parquet"


def series_table(shape: Shape, found: Sequence[Replicate]) -> pa.Table:
    """Replicates as rows: regime, replicate, seed, municipality, month, outcomes."""
    count = len(found)
    regimes, codes, months, _ = shape.series
    rows = regimes * codes * months
    names = pa.DictionaryArray.from_arrays(
        np.tile(np.repeat(np.arange(regimes, dtype=np.int32), codes * months), count),
        pa.array(list(shape.regimes), pa.string()),
    ).cast(pa.string())
    town = np.repeat(np.array(shape.places, np.int32), months)
    columns: dict[str, Any] = {
        "regime": names,
        "replicate": np.repeat(np.array([r.replicate for r in found], np.int32), rows),
        "seed": np.repeat(np.array([r.seed for r in found], np.int64), rows),
        "municipality": np.tile(town, count * regimes),
        "month": np.tile(np.arange(months, dtype=np.int32), count * regimes * codes),
    }
    numbers_by_outcome = np.empty((len(NAMES), count, rows))
    for index, replicate in enumerate(found):
        numbers_by_outcome[:, index] = replicate.series.reshape(rows, -1).T
    for name, values in zip(NAMES, numbers_by_outcome, strict=True):
        columns[name] = pa.array(values.reshape(-1), from_pandas=True)
    return pa.table(columns)


def gains_table(shape: Shape, found: Sequence[Replicate]) -> pa.Table:
    """Counts of gainers and losers: regime, replicate, age band, known, and the counts."""
    count, others = len(found), len(shape.regimes) - 1
    cells = np.arange(CELLS)
    counts = np.concatenate([r.gains.reshape(-1, len(GAINS)) for r in found])
    columns: dict[str, Any] = {
        "regime": np.tile(np.repeat(np.array(shape.regimes[1:], object), CELLS), count),
        "replicate": np.repeat(np.array([r.replicate for r in found], np.int32), others * CELLS),
        "age_band": np.tile(np.array(AGE_BANDS, object)[cells // 2], count * others),
        "known": np.tile(cells % 2 == 1, count * others),
    }
    columns |= {name: counts[:, index] for index, name in enumerate(GAINS)}
    return arrow(columns)


def replicates_from(shape: Shape, series: pa.Table, gains: pa.Table | None) -> list[Replicate]:
    """The replicates that stand in tables made by `series_table` and `gains_table`.

    Raises StorageError where rows are missing or out of order.
    """
    regimes, codes, months, _ = shape.series
    rows = regimes * codes * months
    which = numbers(series, "replicate")[::rows].astype(int).tolist()
    cells = (regimes - 1) * CELLS
    sound = series.num_rows == rows * len(which)
    sound = sound and (gains is None or gains.num_rows == cells * len(which))
    if not sound:
        raise StorageError("a table of the study has missing rows")
    values = np.stack([numbers(series, name) for name in NAMES]).reshape(len(NAMES), -1, rows)
    if gains is None:
        counts = np.zeros((len(which), regimes - 1, CELLS, len(GAINS)), np.int64)
    else:
        stacked = np.stack([numbers(gains, name) for name in GAINS], axis=-1)
        counts = stacked.reshape(len(which), regimes - 1, CELLS, len(GAINS))
    return [
        Replicate(
            number,
            replicate_seed(shape.seed, number),
            np.ascontiguousarray(values[:, index].T).reshape(shape.series),
            counts[index],
        )
        for index, number in enumerate(which)
    ]


class Archive:
    """The replicates of a study that are done.

    `summaries` (regimes, outcomes), `hours` (regimes,) and `gains` are held for every replicate.
    """

    def __init__(self, shape: Shape, folder: Folder | None, planned: int) -> None:
        """`planned`: the most replicates that may come."""
        self.shape = shape
        self.folder = folder
        self.summaries: dict[int, NDArray[np.float64]] = {}
        self.hours: dict[int, NDArray[np.float64]] = {}
        self.gains: dict[int, NDArray[np.int64]] = {}
        self.parts: dict[str, Any] = {}
        self._held: dict[int, Replicate] = {}
        self.keeps_all = folder is None or planned * shape.bytes <= MEMORY_BYTES
        self._writes_parts = folder is not None and planned > shape.block

    def clear(self) -> None:
        """Forget all replicates."""
        for held in (self.summaries, self.hours, self.gains, self.parts, self._held):
            held.clear()

    def __contains__(self, number: object) -> bool:
        """Whether this replicate is there."""
        return number in self.summaries

    def __len__(self) -> int:
        """How many replicates are there."""
        return len(self.summaries)

    @property
    def done(self) -> list[int]:
        """The replicates that are there, in order."""
        return sorted(self.summaries)

    def add(self, replicate: Replicate) -> int | None:
        """Take a replicate in; gives the block that it completed, if that is to be written."""
        number = replicate.replicate
        self.summaries[number] = replicate.summary
        self.hours[number] = replicate.series[:, 0, 1:, _HOURS].sum(axis=-1)
        self.gains[number] = replicate.gains
        self._held[number] = replicate
        block = number // self.shape.block
        whole = all(each in self.summaries for each in self._members(block))
        return block if self._writes_parts and whole else None

    def _members(self, block: int) -> range:
        return range(block * self.shape.block, (block + 1) * self.shape.block)

    def unwritten(self) -> list[int]:
        """Blocks with replicates that are in memory only."""
        found = {}
        for number in self._held:
            block = number // self.shape.block
            if number not in self.parts.get(str(block), {}).get("replicates", []):
                found[block] = True
        return sorted(found)

    def write_parts(self, work: Transaction, blocks: Iterable[int]) -> None:
        """Write blocks as parts; `parts` then names them with their digests."""
        for block in blocks:
            found = self.block(block)
            entry: dict[str, Any] = {"replicates": [each.replicate for each in found]}
            tables = {"series": series_table(self.shape, found)}
            tables["gains"] = gains_table(self.shape, found)
            for kind, table in tables.items():
                name = part_name(kind, block)
                work.table(name, table)
                entry[kind] = work.sha256(name)
            self.parts[str(block)] = entry

    def forget(self, blocks: Iterable[int]) -> None:
        """Drop the series of blocks that stand on disk, where memory is short."""
        if not self.keeps_all:
            for block in blocks:
                for number in self._members(block):
                    self._held.pop(number, None)

    def block(self, block: int) -> list[Replicate]:
        """The replicates of a block, in order, from memory or from its part."""
        missing = [n for n in self._members(block) if n in self.summaries and n not in self._held]
        found = {n: self._held[n] for n in self._members(block) if n in self._held}
        if missing:
            for replicate in self._read_part(block, self.parts[str(block)]):
                found.setdefault(replicate.replicate, replicate)
        return [found[number] for number in sorted(found)]

    def _read_part(self, block: int, entry: dict[str, Any]) -> list[Replicate]:
        assert self.folder is not None
        tables = []
        for kind in ("series", "gains"):
            path = self.folder.path / part_name(kind, block)
            if sha256(path) != entry[kind]:
                raise StorageError(f"{path} was damaged after it was written")
            tables.append(read_table(path))
        return replicates_from(self.shape, *tables)

    def restore_parts(self, parts: dict[str, Any]) -> list[str]:
        """Take in the parts of an interrupted study; gives a note on each that cannot be used."""
        notes = []
        for key, entry in sorted(parts.items(), key=lambda item: int(item[0])):
            try:
                found = self._read_part(int(key), entry)
            except StorageError as error:
                notes.append(f"{error}; its replicates are run again")
                continue
            self.parts[key] = entry
            for replicate in found:
                self.add(replicate)
            self.forget([int(key)])
        return notes

    def blocks(self, count: int) -> Iterator[list[Replicate]]:
        """The first `count` replicates, block by block."""
        for block in range(-(-count // self.shape.block)):
            found = [each for each in self.block(block) if each.replicate < count]
            if found:
                yield found

    def pooled(self, count: int, some: slice) -> NDArray[np.float64]:
        """Some outcomes of the first `count`, municipalities pooled.

        float64 (replicates, regimes, months + 1, outcomes).
        """
        found: list[NDArray[np.float64]] = []
        for block in range(-(-count // self.shape.block)):
            there = [n for n in self._members(block) if n in self.summaries and n < count]
            if any(number in self._held for number in there):
                whole = [each for each in self.block(block) if each.replicate < count]
                found += [each.series[:, 0, :, some] for each in whole]
            elif there:
                found += self._read_pooled(block, set(there), some)
        return np.stack(found)

    def _read_pooled(
        self, block: int, there: set[int], some: slice
    ) -> Iterator[NDArray[np.float64]]:
        assert self.folder is not None
        path = self.folder.path / part_name("series", block)
        table = read_table(path, ["replicate", *NAMES[some]])
        shape = -1, *self.shape.series[:3]
        which = numbers(table, "replicate").reshape(shape)[:, 0, 0, 0].tolist()
        columns = [numbers(table, name).reshape(shape)[:, :, 0] for name in NAMES[some]]
        for values, number in zip(np.stack(columns, axis=-1), which, strict=True):
            if number in there:
                yield values

    def summary(self, count: int) -> NDArray[np.float64]:
        """Summaries of the first `count`, as far as there; (replicates, regimes, outcomes)."""
        return _stack(self.summaries, count, (len(self.shape.regimes), len(NAMES)))

    def staff_hours(self, count: int) -> NDArray[np.float64]:
        """Staff hours per 1 000 adults over all months; (replicates, regimes)."""
        return _stack(self.hours, count, (len(self.shape.regimes),))

    def gain_counts(self, count: int) -> NDArray[np.float64]:
        """Counts of gainers and losers; (replicates, regimes - 1, CELLS, GAINS)."""
        shape = (len(self.shape.regimes) - 1, CELLS, len(GAINS))
        return _stack(self.gains, count, shape)


def _stack(found: dict[int, Any], count: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    rows = [found[number] for number in sorted(found) if number < count]
    return np.array(rows, np.float64).reshape(len(rows), *shape)
