"""Advice: the best package of instruments for the hours that a municipality has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd

from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.engine.session import Done, Options, carry_out
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.advise.design import AdviceDesign, Size, checked_design, design_of
from velfaerd_sim.studies.advise.plan import KIND, AdvicePlan
from velfaerd_sim.studies.advise.tables import FILES


class AdviceOptions(TypedDict, total=False):
    """What advice may be asked for beside scenario and hours, see `advice_plan`."""

    goal: str | Iterable[str] | Mapping[str, float] | None
    fix: Mapping[str, float] | None
    bounds: Mapping[str, Any] | None
    worlds: str | Path | Worlds | None
    theories: str | Path | None
    evaluations: int | None
    search_worlds: int | None
    fresh: int | None
    months: int | None
    adults: int | None
    seed: int | None
    parameters: Mapping[str, float] | None


@dataclass(frozen=True, repr=False)
class Advice(Shown):
    """Advice: tidy frames, the study record, and the folder if it has one.

    Frames are empty where the search did not come to its end. notes: what could not be used of an
    earlier session. late: the time was up first.
    """

    study: dict[str, Any]
    folder: Path | None
    frames: Mapping[str, pd.DataFrame] = field(repr=False)
    notes: tuple[str, ...] = ()
    late: bool = False

    @property
    def design(self) -> AdviceDesign:
        """What was asked for."""
        return design_of(self.study)

    @property
    def complete(self) -> bool:
        """Whether all was run."""
        return len(self.packages) > 0

    @property
    def front(self) -> pd.DataFrame:
        """Benefit against hours: points on the front, with how sure each is to be on it."""
        return self.frames["front"]

    @property
    def packages(self) -> pd.DataFrame:
        """The best three packages, with intervals, worst tenth, regret, lead over named ones."""
        return self.frames["packages"]

    @property
    def margins(self) -> pd.DataFrame:
        """How far each instrument of the best package may move, and its worth."""
        return self.frames["margins"]

    @property
    def moves(self) -> pd.DataFrame:
        """The best package with one instrument at other levels."""
        return self.frames["moves"]

    @property
    def regimes(self) -> pd.DataFrame:
        """Named regimes with the hours of the best package."""
        return self.frames["regimes"]

    @property
    def paths(self) -> pd.DataFrame:
        """Ways to get from today to the best package: at once, in steps, in the opposite order."""
        return self.frames["paths"]

    @property
    def hours(self) -> pd.DataFrame:
        """The best package with an hour more and an hour less."""
        return self.frames["hours"]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


@with_notebook_bar("advise")
def advise(
    scenario: str | Path | Scenario = "baseline",
    *,
    hours_at_most: float,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
    progress: Progress | None = None,
    **wanted: Unpack[AdviceOptions],
) -> Advice:
    """Find the best package of instruments for at most so many staff hours.

    wanted: what `advice_plan` takes. out: a folder for the results; the same call again goes on
    where it was interrupted. The other options are those of `session.Options`. Results are the same
    for any number of workers. Raises InputError for wrong arguments, StudyError where the folder
    holds another study (unless overwrite), StorageError where the disk fails, VelfaerdError where
    workers do.
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
    plan = advice_plan(scenario, hours_at_most=hours_at_most, **wanted)
    done = carry_out(plan, out, options, overwrite=overwrite, command=command)
    return _advice(done)


def advice_plan(
    scenario: str | Path | Scenario = "baseline",
    *,
    hours_at_most: float,
    evaluations: int | None = None,
    search_worlds: int | None = None,
    fresh: int | None = None,
    **wanted: Any,
) -> AdvicePlan:
    """The plan of a search, as `advise` carries it out. Raises InputError.

    scenario: a name, a TOML file, a Scenario, or the folder of a place; its governance and hours
    are today's, which benefits are measured from. hours_at_most: a month per 1 000 adults. goal: an
    outcome, several as NAME=WEIGHT, or weights by name; lonely_years_averted_per_1000 unless told
    otherwise. fix: instruments (or hours_per_1000) that may not be moved; bounds: (low, high) of
    others. worlds: as of `Worlds.load`, or "none" for the defaults; the plausible ones, or those of
    the place. theories: as of `theories.load_theories`. evaluations: points that are tried;
    search_worlds, fresh: worlds of the search and of what is told. months, adults, seed,
    parameters: changes of the scenario.
    """
    given = {"evaluations": evaluations, "worlds": search_worlds, "fresh": fresh}
    size = replace(Size(), **{key: each for key, each in given.items() if each is not None})
    return AdvicePlan(checked_design(scenario, hours_at_most=hours_at_most, size=size, **wanted))


def _advice(done: Done) -> Advice:
    if done.folder is not None and done.record["status"] == COMPLETE:
        return replace(load_advice(done.folder), notes=done.notes)
    made: Mapping[str, Any] = done.tables
    frames = {
        name: store.frame(made[f"{name}.parquet"]) if f"{name}.parquet" in made else pd.DataFrame()
        for name in FILES
    }
    return Advice(done.record, done.folder, frames, done.notes, done.late)


def load_advice(folder: str | Path) -> Advice:
    """Read advice from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a folder made by velfaerd advise to its end")
    frames = {name: store.frame(store.read_table(path / f"{name}.parquet")) for name in FILES}
    return Advice(record, path, frames)


def runs_frame(folder: Path) -> pd.DataFrame:
    """The rows of a search, finished or not: a row a way of governing in a town of a world.

    Raises InputError where there is none yet, StorageError where a part is damaged.
    """
    table = parts.read_rows(folder, "run")
    if table is None:
        allowed = "a search with runs (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(table)
