"""Paired comparison: regimes on the same populations and the same draws.

Every replicate builds one population, runs the burn-in once and forks each regime from month 0,
so that two regimes differ by the regime alone, for every citizen.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd
import pyarrow as pa

from velfaerd_sim.engine import store
from velfaerd_sim.engine.plan import Rows
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.session import Done, Options, carry_out
from velfaerd_sim.errors import InputError, VelfaerdError, run_failed
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.compare import all_tables
from velfaerd_sim.studies.compare.design import ComparisonDesign, Governance, checked_design
from velfaerd_sim.studies.compare.plan import (
    KIND,
    SERIES,
    STAFF_HOURS_FILE,
    ComparisonPlan,
)
from velfaerd_sim.studies.compare.stopping import BATCH

TABLES = ("effects", "levels", "groups", "bands")
OTHER_TABLES = ("staff_hours", "worlds", "theories")


class CompareOptions(TypedDict, total=False):
    """What a comparison may be asked for beside regimes and scenario, see `comparison_plan`."""

    replicates: int | None
    precision: float | None
    max_replicates: int
    hours: bool | Iterable[float] | None
    hours_replicates: int | None
    months: int | None
    adults: int | None
    seed: int | None
    parameters: Mapping[str, float] | None
    worlds: str | Path | Worlds | None
    theories: str | Path | None


@dataclass(frozen=True)
class Interim:
    """A comparison after so many replicates, while more are on the way."""

    replicates: int
    _plan: ComparisonPlan = field(repr=False)
    _rows: Rows = field(repr=False)

    def effects(self) -> pd.DataFrame:
        """The effects so far, in the form of `Comparison.effects`."""
        plan = self._plan
        found = plan.summaries(self._rows, plan.done(self._rows, self.replicates))
        return store.frame(all_tables.effects(found, plan.design))


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A comparison: tidy frames, the study record, and the folder if it has one.

    effects: each regime against the baseline by outcome; levels: each regime by itself; groups:
    gainers and losers among citizens; bands: outcomes month by month; staff_hours: the regimes at
    several staff hours, or None; worlds: the effects in every world, or None without worlds;
    theories: the effects under every theory, or None without theories. Frames
    are empty where no replicate is done. notes: what could not be used of an earlier session. late:
    the time was up before all was done.
    """

    study: dict[str, Any]
    folder: Path | None
    effects: pd.DataFrame
    levels: pd.DataFrame
    groups: pd.DataFrame
    bands: pd.DataFrame
    staff_hours: pd.DataFrame | None
    worlds: pd.DataFrame | None = None
    theories: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    late: bool = False
    _series: Callable[[], Iterable[pa.Table]] | None = field(default=None, repr=False)

    @property
    def series(self) -> pd.DataFrame:
        """Every replicate's outcomes by regime, municipality and month; read when asked for."""
        if self._series is not None:
            return store.frame(pa.concat_tables(self._series()))
        assert self.folder is not None
        return store.frame(store.read_table(self.folder / SERIES))

    @property
    def regimes(self) -> tuple[str, ...]:
        """The names of the regimes, the baseline first."""
        return tuple(regime["name"] for regime in self.study["regimes"])

    @property
    def baseline(self) -> str:
        """The name of the regime that the others are compared with."""
        return str(self.study["baseline"])

    @property
    def replicates(self) -> int:
        """The number of replicates that the tables rest on, in all worlds together."""
        return len(self.study["seeds"])

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Replicates that failed, each with its seed and message."""
        return list(self.study["failures"])

    @property
    def stopping(self) -> dict[str, Any] | None:
        """With precision: the last interim analysis, and the outcome and regime that decided."""
        return self.study.get("stopping")

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


@with_notebook_bar("compare")
def compare(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    on_interim: Callable[[Interim], None] | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
    progress: Progress | None = None,
    **wanted: Unpack[CompareOptions],
) -> Comparison:
    """Compare regimes with the first of them, on the same populations and draws.

    wanted: what `comparison_plan` takes: replicates or precision, months, adults, seed, parameters,
    worlds, hours. out: a folder for the results; the same call again goes on where it was
    interrupted, and one with more replicates, or more regimes at the end, adds them. on_interim:
    told after every two replicates. The other options are those of `session.Options`.

    Results are the same for any number of workers. Raises InputError for wrong arguments,
    StudyError where the folder holds another study (unless overwrite), StorageError where the
    disk fails, VelfaerdError where every replicate fails. KeyboardInterrupt, and what progress
    raises, is passed on when the folder is consistent.
    """
    options = Options(
        workers,
        executor,
        scheduler,
        fail_fast,
        retry_failed,
        minutes,
        progress,
        task_minutes=task_minutes,
    )
    there = None if overwrite else out
    plan = comparison_plan(regimes, scenario, out=there, **wanted)
    told = 0

    def after_task(rows: RowStore) -> None:
        nonlocal told
        whole = plan.whole(rows)
        while told < whole and on_interim is not None:
            told = min(told + BATCH, whole)
            on_interim(Interim(told, plan, rows))

    done = carry_out(
        plan,
        out,
        options,
        overwrite=overwrite,
        command=command or _command(plan.design, regimes, scenario, wanted),
        after_task=after_task,
    )
    return _comparison(plan, done)


def comparison_plan(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    out: str | Path | None = None,
    **wanted: Unpack[CompareOptions],
) -> ComparisonPlan:
    """The plan of a comparison, as `compare` carries it out. Raises InputError.

    regimes: names, TOML files, Regimes or Timelines. replicates: 32 unless told otherwise; or
    precision P: stop, from 16 replicates on, when the half-widths of the intervals for
    lonely_share, retention_12m and motivation_mean are below P standard deviations between
    replicates of the baseline, at the latest at max_replicates. worlds: "plausible", "prior", a
    CSV file or Worlds (`Worlds.drawn`), also as NAME:N; every world is run with so many replicates
    (2 unless told otherwise), and what parameters and what chance bring stands apart. theories: as
    of `theories.load_theories`; all is run as it is and under each theory, in every world.
    hours: levels of staff hours at which the regimes are compared as well, or True for the default
    ones; None: those that the comparison in the folder `out` has already, or none. months, adults,
    seed, parameters: changes of the scenario.
    """
    if wanted.get("hours") is None and out is not None:
        wanted["hours"], replicates = _staff_hours_in(Path(out))
        wanted["hours_replicates"] = wanted.get("hours_replicates") or replicates
    return ComparisonPlan(checked_design(regimes, scenario, **wanted))


def reversal(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    hours: bool | Iterable[float] = True,
    replicates: int | None = None,
    workers: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare regimes at several staff hours only; the frame `Comparison.staff_hours`.

    Arguments and errors as of `compare`; replicates: 16 at each level unless told otherwise.
    """
    design = checked_design(
        regimes,
        scenario,
        hours=hours,
        hours_replicates=replicates,
        months=months,
        adults=adults,
        seed=seed,
        parameters=parameters,
    )
    plan = ComparisonPlan(replace(design, replicates=0))
    done = carry_out(plan, None, Options(workers, progress=progress))
    if STAFF_HOURS_FILE not in done.tables:
        raise VelfaerdError(f"every run failed; the first with {done.record['failures'][0]}")
    return store.frame(done.tables[STAFF_HOURS_FILE])


def _staff_hours_in(folder: Path) -> tuple[list[float] | None, int | None]:
    """The staff hours of the comparison in a folder, and replicates at each; a report adds them."""
    try:
        record = store.read_record(folder)
    except VelfaerdError:
        return None, None
    design = record.get("design", {})
    return design.get("hours"), design.get("hours_replicates")


def _comparison(plan: ComparisonPlan, done: Done) -> Comparison:
    if done.folder is not None and not done.tables and SERIES in done.record["files"]:
        return load_comparison(done.folder)
    frames = {
        name: store.frame(done.tables[f"{name}.parquet"])
        for name in (*TABLES, *OTHER_TABLES)
        if f"{name}.parquet" in done.tables
    }
    counts = done.record["counts"]
    if not frames and counts["failed"] and not done.late:
        message = done.record["failures"][0]["message"]
        raise run_failed("every replicate failed; the first: {}", message)

    def series() -> Iterable[pa.Table]:
        return plan.series(done.rows, plan.numbers(done.rows))

    in_memory = None if done.folder is not None else series
    return _framed(done.record, done.folder, frames, done.notes, done.late, in_memory)


def _framed(
    study: dict[str, Any],
    folder: Path | None,
    frames: Mapping[str, pd.DataFrame],
    notes: tuple[str, ...] = (),
    late: bool = False,
    series: Callable[[], Iterable[pa.Table]] | None = None,
) -> Comparison:
    effects, levels, groups, bands = (frames.get(name, pd.DataFrame()) for name in TABLES)
    hours, worlds, theories = (frames.get(name) for name in OTHER_TABLES)
    whole = (study, folder, effects, levels, groups, bands)
    return Comparison(*whole, hours, worlds, theories, notes, late, series)


def load_comparison(folder: str | Path) -> Comparison:
    """Read a comparison from its folder. Raises InputError where there is none."""
    path = Path(folder)
    study = store.read_record(path)
    if study["kind"] != KIND:
        raise InputError("folder", str(folder), "a folder made by a comparison")
    if "effects.parquet" not in study["files"]:
        allowed = "a comparison that ran to its end (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    frames = {
        name: store.frame(store.read_table(path / f"{name}.parquet"))
        for name in (*TABLES, *OTHER_TABLES)
        if f"{name}.parquet" in study["files"]
    }
    return _framed(study, path, frames)


def _command(
    design: ComparisonDesign,
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario,
    wanted: CompareOptions,
) -> str:
    """The command line that does the same, where all that was given are names or files."""
    worlds, theories = wanted.get("worlds"), wanted.get("theories")
    given = [scenario, worlds, *regimes]
    if any(isinstance(each, Scenario | Worlds | Regime | Timeline) for each in given):
        return ""
    words = ["velfaerd", "compare", *map(str, regimes), "--scenario", str(scenario)]
    if design.precision is not None:
        words += ["--precision", repr(design.precision), "--max-replicates", str(design.most)]
    else:
        words += ["--replicates", str(design.most // max(1, design.number_of_worlds))]
    words += [] if worlds is None else ["--worlds", str(worlds)]
    words += [] if theories is None else ["--theories", str(theories)]
    base = design.scenario
    words += ["--months", str(base.months), "--adults", str(base.adults), "--seed", str(base.seed)]
    for name, value in base.parameters:
        words += ["--set", f"{name}={value!r}"]
    if design.hours:
        words += ["--hours", ",".join(f"{level:g}" for level in design.hours)]
    return shlex.join(words)
