"""My municipality: worlds that agree with a place's own figures, and what they say of regimes."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd

from velfaerd_sim.engine import store
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.places import Place
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import FILE, Worlds, read_worlds
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.compare.design import Governance
from velfaerd_sim.studies.place.design import checked_place
from velfaerd_sim.studies.place.plan import KIND, PlacePlan

FRAMES = ("learned", "taught", "effects", "levels", "nation", "moves")


class PlaceOptions(TypedDict, total=False):
    """What a study of a place may be asked for beside it, see `design.checked_place`."""

    regimes: list[Governance] | tuple[Governance, ...] | None
    worlds: str | Path | Worlds | None
    replicates: int | None
    months: int | None
    adults: int | None
    seed: int | None
    parameters: Mapping[str, float] | None


@dataclass(frozen=True, repr=False)
class PlaceStudy(Shown):
    """A place: tidy frames, which are the files of its folder, its worlds and its record.

    learned: what each stated figure taught; taught: parameters that moved; effects: each regime
    against today's governance by outcome, as of `compare`; levels: each regime by itself; nation:
    the effects against the status quo in the nation; moves: how far the answers lie apart. Frames
    are empty where nothing is done. late: the time was up before all was done.
    """

    study: dict[str, Any]
    folder: Path | None
    worlds: Worlds
    learned: pd.DataFrame
    taught: pd.DataFrame
    effects: pd.DataFrame
    levels: pd.DataFrame
    nation: pd.DataFrame
    moves: pd.DataFrame
    notes: tuple[str, ...] = ()
    late: bool = False
    _plan: PlacePlan | None = field(default=None, repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario of the place, governed as today."""
        assert self._plan is not None
        return self._plan.design.scenario

    @property
    def place(self) -> Place:
        """The place as it was stated."""
        assert self._plan is not None
        return self._plan.design.place

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


@with_notebook_bar("place")
def place(
    place: str | Path | Mapping[str, Any] | Place,
    *,
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
    **wanted: Unpack[PlaceOptions],
) -> PlaceStudy:
    """Learn from a place's figures, and compare regimes with its governance of today.

    place: the name or code of a Danish municipality, a TOML file, or a table, see
    `places.load_place`. wanted: what `design.checked_place` takes: regimes, worlds, replicates,
    months, adults, seed, parameters. out: a folder for the results; the same call again goes on
    where it was interrupted. The other options are those of `session.Options`. Results are the same
    for any number of workers. Raises InputError for wrong arguments, StudyError where the folder
    holds another study, StorageError where the disk fails, VelfaerdError where all runs fail.
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
    plan = PlacePlan(checked_place(place, **wanted))
    done = carry_out(plan, out, options, overwrite=overwrite, command=command)
    learned = plan.learned(done.rows)
    counts = done.record["counts"]
    if not counts["done"] and counts["failed"]:
        raise VelfaerdError(f"every run failed; the first with {done.record['failures'][0]}")
    made = {
        name: store.frame(done.tables[f"{name}.parquet"])
        for name in FRAMES
        if f"{name}.parquet" in done.tables
    }
    worlds = plan.design.national if learned is None else plan.worlds(learned)
    return _framed(done.record, done.folder, worlds, made, plan, done.notes, done.late)


def _framed(
    record: dict[str, Any],
    folder: Path | None,
    worlds: Worlds,
    frames: Mapping[str, pd.DataFrame],
    plan: PlacePlan,
    notes: tuple[str, ...] = (),
    late: bool = False,
) -> PlaceStudy:
    learned, taught, effects, levels, nation, moves = (
        frames.get(name, pd.DataFrame()) for name in FRAMES
    )
    whole = (learned, taught, effects, levels, nation, moves)
    return PlaceStudy(record, folder, worlds, *whole, notes, late, plan)


def load_place_study(folder: str | Path) -> PlaceStudy:
    """Read a study of a place from its folder. Raises InputError where there is none."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or "effects.parquet" not in record["files"]:
        raise InputError("folder", str(folder), "a folder made by velfaerd place to its end")
    frames = {name: store.frame(store.read_table(path / f"{name}.parquet")) for name in FRAMES}
    return _framed(record, path, read_worlds(path / FILE), frames, PlacePlan.of(record, path))


def effects_frame(folder: Path) -> pd.DataFrame:
    """The effects of a study of a place, for `load_study`. Raises as `load_place_study`."""
    return load_place_study(folder).effects
