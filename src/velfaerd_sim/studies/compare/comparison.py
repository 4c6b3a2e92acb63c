"""Paired comparison: regimes on the same populations and the same draws.

Every replicate builds one population, runs the burn-in once and forks each regime from month 0,
so that two regimes differ by the regime alone, for every citizen.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import COMPLETE, new_record, text
from velfaerd_sim.engine.runner import Progress
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.compare import all_tables as comparison_tables
from velfaerd_sim.studies.compare.archive import SERIES, series_table
from velfaerd_sim.studies.compare.execution import Execution
from velfaerd_sim.studies.compare.files import (
    STAFF_HOURS_FILE,
    TABLES,
    WORLDS_FILE,
    ComparisonFiles,
)
from velfaerd_sim.studies.compare.plan import MAX_REPLICATES, Governance, Plan, plan_comparison

KIND = "compare"


@dataclass(frozen=True)
class Interim:
    """A comparison after so many replicates, while more are on the way."""

    replicates: int
    _execution: Execution = field(repr=False)

    def effects(self) -> pd.DataFrame:
        """The effects so far, in the form of `Comparison.effects`."""
        execution = self._execution
        table = comparison_tables.effects(execution.archive, self.replicates, execution.plan)
        return store.frame(table)


@dataclass(frozen=True)
class Comparison:
    """A comparison: tidy frames, the study record, and the folder if it has one.

    effects: each regime against the baseline by outcome; levels: each regime by itself; groups:
    gainers and losers among citizens; bands: outcomes month by month; staff_hours: the regimes at
    several staff hours, or None; worlds: the effects in every world, or None without worlds. notes:
    what could not be used of an earlier session.
    """

    study: dict[str, Any]
    folder: Path | None
    effects: pd.DataFrame
    levels: pd.DataFrame
    groups: pd.DataFrame
    bands: pd.DataFrame
    staff_hours: pd.DataFrame | None
    worlds: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    _execution: Execution | None = field(default=None, repr=False)

    @property
    def series(self) -> pd.DataFrame:
        """Every replicate's outcomes by regime, municipality and month; read when asked for."""
        if self.folder is not None:
            return store.frame(store.read_table(self.folder / SERIES))
        assert self._execution is not None
        archive, count = self._execution.archive, self._execution.count
        parts = [series_table(archive.shape, found) for found in archive.blocks(count)]
        return store.frame(pa.concat_tables(parts))

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
        """With precision: the last look, and the outcome and regime that decided."""
        return self.study.get("stopping")

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


def compare(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    replicates: int | None = None,
    precision: float | None = None,
    max_replicates: int = MAX_REPLICATES,
    workers: int | None = None,
    out: str | Path | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    worlds: str | Path | Worlds | None = None,
    staff_hours: bool | Iterable[float] | None = None,
    staff_hours_replicates: int | None = None,
    overwrite: bool = False,
    command: str = "",
    progress: Progress | None = None,
    on_interim: Callable[[Interim], None] | None = None,
) -> Comparison:
    """Compare regimes with the first of them, on the same populations and draws.

    regimes: names, TOML files, Regimes or Timelines. replicates: 32 unless told otherwise; or
    precision P: stop when the half-widths of the sequentially valid intervals for lonely_share,
    retention_12m and motivation_mean are below P standard deviations between replicates of the
    baseline, at the latest at max_replicates. worlds: "plausible", "prior", a CSV file or Worlds
    (`Worlds.drawn`), also as NAME:N; every world is run with so many replicates (2 unless told
    otherwise), and what parameters and what chance bring stands apart. staff_hours: levels at which
    the regimes are compared as well, or True for the default ones; None: those that the folder's
    comparison has already, or none. out: a folder for the results; the same call again goes on
    where it was interrupted. on_interim: told after every eight replicates.

    Results are the same for any number of workers. Raises InputError for wrong arguments,
    StudyError where the folder holds another study (unless overwrite), StorageError where the
    disk fails. KeyboardInterrupt, and what progress raises, is passed on when the folder is
    consistent.
    """
    if staff_hours is None and out is not None and not overwrite:
        staff_hours, there = _staff_hours_in(Path(out))
        staff_hours_replicates = staff_hours_replicates or there
    plan = plan_comparison(
        regimes,
        scenario,
        replicates=replicates,
        precision=precision,
        max_replicates=max_replicates,
        staff_hours=staff_hours,
        staff_hours_replicates=staff_hours_replicates,
        workers=workers,
        months=months,
        adults=adults,
        seed=seed,
        parameters=parameters,
        worlds=worlds,
    )
    record = new_record(
        KIND,
        plan.scenario,
        plan.timelines,
        plan.design(),
        command or _command(plan, regimes, scenario, worlds),
    )
    return _carried_out(plan, record, out, overwrite, progress, on_interim)


def _carried_out(
    plan: Plan,
    record: dict[str, Any],
    out: str | Path | None,
    overwrite: bool,
    progress: Progress | None,
    on_interim: Callable[[Interim], None] | None,
) -> Comparison:
    """Run what is missing of a comparison, in a folder where one is given."""

    def batch(execution: Execution) -> None:
        if on_interim is not None:
            on_interim(Interim(execution.count, execution))

    if out is None:
        execution = Execution(plan, record, None, progress, batch)
        execution.run()
        text(record)
        return _comparison(execution, None, ())
    with store.opened(out, record, overwrite) as (folder, old):
        if old is not None and _is_done(folder.path, old, record):
            return load_comparison(folder.path)
        files = ComparisonFiles(folder, record)
        execution = Execution(plan, record, files, progress, batch)
        if old is not None:
            execution.restore(old)
        execution.run()
        return _comparison(execution, folder.path, tuple(files.notes))


def reversal(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    staff_hours: bool | Iterable[float] = True,
    replicates: int | None = None,
    workers: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare regimes at several staff hours only; the frame `Comparison.staff_hours`.

    Arguments and errors as of `compare`; replicates: 8 at each level unless told otherwise.
    """
    plan = plan_comparison(
        regimes,
        scenario,
        replicates=1,
        staff_hours=staff_hours,
        staff_hours_replicates=replicates,
        workers=workers,
        months=months,
        adults=adults,
        seed=seed,
        parameters=parameters,
    )
    execution = Execution(plan, {}, None, progress)
    execution.run_staff_hours()
    return store.frame(execution.tables["staff_hours"])


def _staff_hours_in(folder: Path) -> tuple[list[float] | None, int | None]:
    """The staff hours of the comparison in a folder, and replicates at each; a report adds them."""
    try:
        record = store.read_record(folder)
    except VelfaerdError:
        return None, None
    design = record.get("design", {})
    return design.get("staff_hours"), design.get("staff_hours_replicates")


def _comparison(execution: Execution, folder: Path | None, notes: tuple[str, ...]) -> Comparison:
    frames = {name: store.frame(table) for name, table in execution.tables.items()}
    return Comparison(
        study=execution.record,
        folder=folder,
        effects=frames["effects"],
        levels=frames["levels"],
        groups=frames["groups"],
        bands=frames["bands"],
        staff_hours=frames.get("staff_hours"),
        worlds=frames.get("worlds"),
        notes=notes,
        _execution=execution if folder is None else None,
    )


def _is_done(folder: Path, old: dict[str, Any], record: dict[str, Any]) -> bool:
    """Whether the folder already holds all of the study, undamaged."""
    same = all(old.get(key) == record[key] for key in ("design", "package"))
    if old["status"] != COMPLETE or not same:
        return False
    return all(
        (folder / name).is_file() and store.sha256(folder / name) == entry["sha256"]
        for name, entry in old["files"].items()
    )


def load_comparison(folder: str | Path) -> Comparison:
    """Read a comparison from its folder. Raises InputError where there is none."""
    path = Path(folder)
    study = store.read_record(path)
    if study["kind"] != KIND:
        raise InputError("folder", str(folder), "a folder made by a comparison")
    if "effects.parquet" not in study["files"]:
        allowed = "a comparison that ran to its end (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    frames = {name: store.frame(store.read_table(path / f"{name}.parquet")) for name in TABLES}
    for file in (STAFF_HOURS_FILE, WORLDS_FILE):
        if file in study["files"]:
            name = file.removesuffix(".parquet")
            frames[name] = store.frame(store.read_table(path / file))
    return Comparison(
        study=study,
        folder=path,
        effects=frames["effects"],
        levels=frames["levels"],
        groups=frames["groups"],
        bands=frames["bands"],
        staff_hours=frames.get("staff_hours"),
        worlds=frames.get("worlds"),
    )


def _command(
    plan: Plan,
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario,
    worlds: str | Path | Worlds | None,
) -> str:
    """The command line that does the same, where all that was given are names or files."""
    given = [scenario, worlds, *regimes]
    if any(isinstance(each, Scenario | Worlds | Regime | Timeline) for each in given):
        return ""
    words = ["velfaerd", "compare", *map(str, regimes), "--scenario", str(scenario)]
    if plan.precision is not None:
        words += ["--precision", repr(plan.precision), "--max-replicates", str(plan.most)]
    else:
        words += ["--replicates", str(plan.most // max(1, plan.number_of_worlds))]
    words += [] if worlds is None else ["--worlds", str(worlds)]
    base = plan.scenario
    words += ["--months", str(base.months), "--adults", str(base.adults), "--seed", str(base.seed)]
    for name, value in base.parameters:
        words += ["--set", f"{name}={value!r}"]
    if plan.staff_hours:
        words += ["--staff-hours", ",".join(f"{level:g}" for level in plan.staff_hours)]
    return shlex.join(words)
