"""Truth recovery: does the calibration find what is known, and is it as sure as it says?

Truths are drawn from the prior, read, and given an error of observation; each is then calibrated
like the published figures. Kept are the truths whose figures come nearest to the published ones:
as the choice rests on the figures alone, intervals must hold the truths of those too as often as
they say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import Count, Fact, Share
from velfaerd_sim.compiled import is_warm
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.engine.asking import keep_asking
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.engine.workers import workers_of
from velfaerd_sim.errors import InputError, StorageError
from velfaerd_sim.model.warm_up import warm_up
from velfaerd_sim.studies.calibrate.calibrating import Asking, calibration_record, check_continues
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import Calibration, names_of
from velfaerd_sim.studies.calibrate.plausibility import (
    IDENTIFIED_BELOW,
    PARTLY_BELOW,
    Judged,
    ensemble_weights,
    judge,
    quantiles,
)
from velfaerd_sim.studies.calibrate.reading_table import READINGS, ReadingTable
from velfaerd_sim.studies.calibrate.reading_work import Reader, Readers
from velfaerd_sim.studies.calibrate.resampling import refill
from velfaerd_sim.studies.calibrate.smoother import NOISE, Request, library, prior, smooth

KIND = "recovery"
FOLDER = "recovery"
LEVELS = (0.5, 0.9)
POOL = 10
"""Draws from the prior for every truth that is kept."""
FEWEST_TRUTHS, MOST_TRUTHS = 2, 1000
_MOST_MEMBERS, _MOST_ASSIMILATIONS = 200, 5
_MOST_MORE = 2
_MOST_ADULTS = 5_000
_TABLE = "recovery.parquet"
_QUARTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Recovery:
    """What a test of recovery found.

    table: a row a truth and parameter: case, parameter, truth (normal score), mean, spread,
    plausible (how many sets were), and quantiles q05 to q95 of the posterior. coverage: see
    `coverage_table`.
    """

    calibration: Calibration
    truths: int
    table: pd.DataFrame
    coverage: pd.DataFrame

    def facts(self) -> list[Fact]:
        """What the intervals cover."""
        return facts([dict(row) for _, row in self.coverage.iterrows()])


def smaller(calibration: Calibration) -> Calibration:
    """The settings that truths are recovered with: fewer members, smaller readings."""
    return replace(
        calibration,
        name=f"{calibration.name}: recovery",
        members=min(calibration.members, _MOST_MEMBERS),
        assimilations=min(calibration.assimilations, _MOST_ASSIMILATIONS),
        more_assimilations=min(calibration.more_assimilations, _MOST_MORE),
        refills=min(calibration.refills, _MOST_MORE),
        noise_members=min(calibration.noise_members, 8),
        adults=min(calibration.adults, _MOST_ADULTS),
        replicates=min(calibration.replicates, 2),
        final_replicates=min(calibration.final_replicates, 4),
    )


def recover(
    calibration: Calibration,
    truths: int,
    out: str | Path,
    reader: Reader,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    command: str = "",
) -> Recovery:
    """Recover so many truths; goes on where it was stopped.

    calibration: with the settings of each recovery, see `smaller`. Writes study.json,
    readings.parquet and recovery.parquet into `out`. Raises as `calibrate`.
    """
    if not FEWEST_TRUTHS <= truths <= MOST_TRUTHS:
        allowed = f"a whole number of truths from {FEWEST_TRUTHS} to {MOST_TRUTHS}"
        raise InputError("recover", truths, allowed)
    library()
    record = calibration_record(calibration, command) | {"kind": KIND}
    record["calibration"] = record["calibration"] | {"truths": truths}
    if executor is None and scheduler is None and not is_warm():
        warm_up()
    with (
        store.opened(out, record, overwrite, check_continues) as (folder, old),
        workers_of(KIND, workers, executor, scheduler) as hired,
    ):
        table = ReadingTable(folder, names_of(calibration.targets))
        askings: list[Asking] = []
        if old is not None:
            record["files"] = table.restore(old.get("files", {}))
            keep_asking(old if len(table) else None, record)
        _save(folder, record, table, INCOMPLETE)

        def tick() -> None:
            if progress is not None:
                planned = max(len(table), _planned(calibration, truths, askings))
                failed = len(table.failures)
                progress(Advance(float(len(table)), float(planned), len(table), planned, failed))

        readers = Readers(hired, reader, table.names, tick)
        try:
            found = _all_truths(calibration, truths, table, readers, askings)
        except StorageError:
            raise
        except BaseException:
            with suppress(StorageError):
                table.flush()
                _save(folder, record, table, INCOMPLETE)
            raise
        table.flush()
        record["coverage"] = found.coverage.to_dict("records")
        _save(folder, record, table, COMPLETE, found.table)
        folder.remove_parts()
    return found


def _planned(calibration: Calibration, truths: int, askings: list[Asking]) -> int:
    """Readings that are needed by what is known so far."""
    more = sum(each.more + each.more_final for each in askings)
    return truths * (POOL + calibration.settings.readings) + more


def _save(
    folder: store.Folder,
    record: dict[str, Any],
    table: ReadingTable,
    status: str,
    result: pd.DataFrame | None = None,
) -> None:
    record["status"] = status
    failed = len(table.failures)
    record["counts"] = {"planned": len(table), "done": len(table) - failed, "failed": failed}
    with folder.transaction() as work:
        if result is not None:
            work.table(READINGS, table.table())
            work.table(_TABLE, {str(name): _column(result[name]) for name in result})
            names = (READINGS, _TABLE)
            record["files"] = {name: {"sha256": work.sha256(name)} for name in names}
            record["times"]["finished"] = records.now()
        work.text(RECORD, records.text(record))


def _column(values: pd.Series) -> Any:
    return values.tolist() if values.dtype.kind not in "if" else values.to_numpy()


def _all_truths(
    calibration: Calibration,
    truths: int,
    table: ReadingTable,
    readers: Readers,
    askings: list[Asking],
) -> Recovery:
    """Recover all truths; askings: takes up who asks, for the progress."""
    observed = Observed(calibration.targets)
    scores, figures = _draw(calibration, observed, truths, table, readers)
    rows = []
    for case, (truth, figure) in enumerate(zip(scores, figures, strict=True), 1):
        own = replace(calibration, seed=_seed(calibration, case))
        asking = Asking(own, table, readers, case)
        askings.append(asking)
        there = Moved(observed, figure)
        last = smooth(own.settings, there, asking.requests)[-1]
        last = refill(own.settings, there, asking.requests, last, own.refills)
        judged = judge(there, last)
        rows.append(_rows(calibration, case, truth, last.scores, judged))
    found = pd.concat(rows, ignore_index=True)
    return Recovery(calibration, truths, found, coverage_table(found))


class Moved(Observed):
    """Observations with another centre: figures made by a truth, with their error."""

    def __init__(self, observed: Observed, centre: Array) -> None:
        super().__init__(observed.targets)
        self.centre = centre
        self.low = np.full(len(centre), -np.inf)
        self.high = np.full(len(centre), np.inf)


def _seed(calibration: Calibration, case: int) -> int:
    return calibration.seed_of(0, "truth", case=case)


def _draw(
    calibration: Calibration,
    observed: Observed,
    truths: int,
    table: ReadingTable,
    readers: Readers,
) -> tuple[Array, Array]:
    """Truths and their figures: (truths, parameters) scores, (truths, observations) transformed.

    Of ten times as many draws from the prior those whose figures are nearest to the published ones,
    by the median over targets of the distance in standard errors.
    """
    pool = replace(calibration.settings, members=POOL * truths, seed=_seed(calibration, 0))
    scores = prior(pool)
    asking = Asking(replace(calibration, seed=pool.seed), table, readers, 0)
    requests = [Request(0, NOISE, i, 0, row) for i, row in enumerate(scores)]
    read = observed.transform(asking.requests(requests))
    generator = np.random.default_rng([pool.seed, 3])
    figures = read + np.array([observed.deviates(generator) for _ in range(len(read))])
    apart = np.abs(figures - observed.centre) / observed.sigma
    distance = np.where(np.isfinite(apart).all(axis=1), np.median(apart, axis=1), np.inf)
    chosen = np.sort(np.argsort(distance, kind="stable")[:truths])
    chosen = chosen[np.isfinite(distance[chosen])]
    return scores[chosen], figures[chosen]


def _rows(
    calibration: Calibration,
    case: int,
    truth: Array,
    scores: Array,
    judged: Judged,
) -> pd.DataFrame:
    """What a recovery says of every parameter: of the plausible sets, of all where they are few."""
    weights = ensemble_weights(judged)
    ends = quantiles(scores, weights, _QUARTILES)
    columns: dict[str, Any] = {
        "case": np.full(len(truth), case),
        "parameter": list(calibration.free),
        "truth": truth,
        "mean": weights @ scores / weights.sum(),
        "spread": judged.spread,
        "plausible": np.full(len(truth), int(judged.kept.sum())),
    }
    columns |= {f"q{100 * rank:02.0f}": ends[k] for k, rank in enumerate(_QUARTILES)}
    return pd.DataFrame(columns)


def coverage_table(table: pd.DataFrame) -> pd.DataFrame:
    """How often intervals hold the truth, over all parameters and those that are known.

    Columns: which (all; known: spread below 85 % in that recovery; identified: below 50 %), level,
    coverage, error (Monte-Carlo standard error, from truth to truth), intervals, truths. Errors of
    a share with no truth to tell are NaN.
    """
    kinds = {
        "all": np.ones(len(table), bool),
        "known": (table["spread"] < PARTLY_BELOW).to_numpy(),
        "identified": (table["spread"] < IDENTIFIED_BELOW).to_numpy(),
    }
    ends = {0.5: ("q25", "q75"), 0.9: ("q05", "q95")}
    rows = []
    for which, chosen in kinds.items():
        part = table[chosen]
        for level in LEVELS:
            low, high = ends[level]
            held = (part["truth"] >= part[low]) & (part["truth"] <= part[high])
            rows.append({"which": which, "level": level, **_share(held, part["case"])})
    return pd.DataFrame(rows)


def _share(held: pd.Series, case: pd.Series) -> dict[str, Any]:
    """A share with its standard error; intervals of one truth are not independent."""
    count = len(held)
    if not count:
        return {"coverage": math.nan, "error": math.nan, "intervals": 0, "truths": 0}
    share = float(held.mean())
    apart = (held.astype(float) - share).groupby(case).sum().to_numpy()
    truths = len(apart)
    scale = truths / max(truths - 1, 1)
    error = math.sqrt(scale * float(np.square(apart).sum())) / count
    return {"coverage": share, "error": error, "intervals": count, "truths": truths}


def facts(coverage: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """What the intervals cover, from the coverage as it stands in the record of a recovery."""
    found = []
    for which in ("all", "known", "identified"):
        rows = [row for row in coverage if row["which"] == which and row["intervals"]]
        if rows:
            parts = tuple(
                Fact(
                    "interval_holds",
                    level=Share(row["level"]),
                    coverage=Share(row["coverage"]),
                    error=round(100.0 * row["error"]),
                )
                for row in rows
            )
            intervals = Count(rows[0]["intervals"], "interval")
            truths = Count(rows[0]["truths"], "truth")
            found.append(
                Fact(f"recovered_{which}", parts=parts, intervals=intervals, truths=truths)
            )
    return found
