"""The rows of a comparison: a run each, with its outcomes by place and month.

A row is a replicate under a regime. Every outcome is a column that holds a list, place by place and
in it month by month; joined, the lists of all rows are the columns of `series.parquet`. A run at
other staff hours holds a few outcomes as one number each, its summary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from velfaerd_sim.engine.plan import MESSAGE, SECONDS, STATUS, Rows
from velfaerd_sim.engine.rows import DONE
from velfaerd_sim.engine.store import numbers
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.replicates import CELLS, GAINS, places
from velfaerd_sim.measures.outcomes import INDEX, NAMES, summarise
from velfaerd_sim.studies.compare.design import LEVER

KEY, REGIME, REPLICATE, SEED = "run", "regime", "replicate", "seed"
LABELS = (LEVER, REGIME, REPLICATE, SEED)
"""What is known of a run beforehand; without staff hours it is one of the comparison itself."""
SUMMARY, HOURS_USED, COUNTS = "summary", "staff_hours_used", "gain_counts"
_HOURS = INDEX["staff_hours_per_1000"]


def schema() -> pa.Schema:
    """The columns of the rows."""
    lists = pa.list_(pa.float64())
    return pa.schema(
        [(name, pa.string()) for name in (KEY, REGIME, STATUS, MESSAGE)]
        + [(LEVER, pa.float64()), (REPLICATE, pa.int32()), (SEED, pa.int64())]
        + [(SECONDS, pa.float64()), (SUMMARY, lists), (HOURS_USED, pa.float64())]
        + [(COUNTS, pa.list_(pa.int64())), *((name, lists) for name in NAMES)]
    )


def key_of(replicate: int, regime: str, hours: float | None = None) -> str:
    """The name of a run."""
    name = f"{replicate} {regime}"
    return name if hours is None else f"{name} at {hours!r} hours"


def hours_used(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Staff hours per 1 000 adults over all months, (runs,); series: as of a replicate."""
    return np.asarray(series[:, 0, 1:, _HOURS].sum(axis=-1))


@dataclass(frozen=True)
class Shape:
    """The axes of an outcome in a run: places (codes of towns, 0 for all), months with month 0."""

    places: tuple[int, ...]
    months: int

    @classmethod
    def of(cls, scenario: Scenario) -> Shape:
        """The shape of a run of a scenario."""
        return cls(places(scenario), scenario.months + 1)

    @property
    def size(self) -> int:
        """Values of an outcome in a run."""
        return len(self.places) * self.months

    @property
    def bytes(self) -> int:
        """Room for a run on the disk."""
        return 8 * (self.size * len(NAMES) + CELLS * len(GAINS)) + 500

    def series(self, rows: pa.Table) -> pa.Table:
        """Rows one by one as they stand in `series.parquet`: a row a place and month."""
        count = rows.num_rows
        columns: dict[str, Any] = {
            name: rows.column(name).take(np.repeat(np.arange(count), self.size))
            for name in (REGIME, REPLICATE, SEED)
        }
        towns = np.repeat(np.array(self.places, np.int32), self.months)
        columns["municipality"] = np.tile(towns, count)
        months = np.arange(self.months, dtype=np.int32)
        columns["month"] = np.tile(months, count * len(self.places))
        columns |= {name: pc.list_flatten(rows.column(name)) for name in NAMES}
        return pa.table(columns).combine_chunks()

    def rows(self, series: pa.Table) -> pa.Table:
        """The rows that stand in a part of `series.parquet`, without counts of gainers."""
        count = series.num_rows // self.size
        first = series.take(np.arange(count) * self.size)
        values = np.stack([numbers(series, name) for name in NAMES], axis=-1)
        by_place = values.reshape(count, len(self.places), self.months, len(NAMES))
        summaries = summarise(by_place[:, 0])
        labels = {name: first.column(name) for name in (REGIME, REPLICATE, SEED)}
        named = zip(*(labels[name].to_pylist() for name in (REPLICATE, REGIME)), strict=True)
        columns = {
            KEY: [key_of(*each) for each in named],
            **labels,
            SUMMARY: pa.array(list(summaries), pa.list_(pa.float64()), from_pandas=True),
            HOURS_USED: pa.array(hours_used(by_place), from_pandas=True),
            **{name: _lists(series.column(name), self.size) for name in NAMES},
        }
        return whole(columns, count)

    def pooled(self, rows: pa.Table, names: Sequence[str]) -> NDArray[np.float64]:
        """Outcomes by month with all municipalities pooled; float64 (rows, months, names)."""
        shape = rows.num_rows, len(self.places), self.months
        flat = [np.asarray(pc.list_flatten(rows.column(name))) for name in names]
        return np.stack([each.reshape(shape)[:, 0] for each in flat], axis=-1)


def whole(columns: dict[str, Any], count: int) -> pa.Table:
    """A table of rows that are done, with all columns; those that are not given hold nothing."""
    columns = {STATUS: [DONE] * count, **columns}
    return pa.table(
        [columns.get(field.name, pa.nulls(count, field.type)) for field in schema()],
        schema=schema(),
    )


def _lists(values: pa.ChunkedArray, size: int) -> pa.ListArray:
    """A column cut into lists of one length."""
    joined = values.combine_chunks()
    offsets = np.arange(0, len(joined) + 1, size, dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, joined)


def of_comparison(
    rows: Rows, replicates: Sequence[int], columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The runs of some replicates, without those at other staff hours."""
    wanted = None if columns is None else [LEVER, REGIME, REPLICATE, *columns]
    chosen = pa.array(replicates, pa.int32())
    for table in rows.stream(wanted):
        own = pc.is_in(table.column(REPLICATE), value_set=chosen)
        kept = pc.and_(own, pc.is_null(table.column(LEVER)))
        if pc.any(kept).as_py():
            yield table if pc.all(kept).as_py() else table.filter(kept)


def gains_table(rows: pa.Table) -> pa.Table:
    """Counts of gainers and losers of rows: regime, replicate, age band, known, and the counts."""
    own = rows.filter(pc.is_valid(rows.column(COUNTS)))
    count, cells = own.num_rows, np.arange(CELLS)
    counts = np.asarray(pc.list_flatten(own.column(COUNTS))).reshape(-1, len(GAINS))
    columns: dict[str, Any] = {
        name: own.column(name).take(np.repeat(np.arange(count), CELLS))
        for name in (REGIME, REPLICATE)
    }
    columns["age_band"] = np.tile(np.array(AGE_BANDS, object)[cells // 2], count)
    columns["known"] = np.tile(cells % 2 == 1, count)
    columns |= {name: counts[:, index] for index, name in enumerate(GAINS)}
    return pa.table(columns).combine_chunks()
