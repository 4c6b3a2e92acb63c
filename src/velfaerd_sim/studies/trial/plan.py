"""Trials of a change of governance in municipalities: power, bias and cost of every design.

The lives of each town are the runs of the study. What trials would find is drawn from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.plan import Outlook, Plan, Rows
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.rows import DONE
from velfaerd_sim.engine.session import Options
from velfaerd_sim.engine.task import Task
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.trial.drawing import SPREAD, Draws, Store
from velfaerd_sim.studies.trial.files import load_trial
from velfaerd_sim.studies.trial.lives import VALUES, run_town_lives
from velfaerd_sim.studies.trial.study import TrialStudy

KIND = "trial"
POWER, WORLDS = "power.parquet", "worlds.parquet"
_PLACE = ("world", "population", "municipality", "life")
_FREE = (
    "municipalities",
    "invited",
    "trials",
    "analysis",
    "growing",
    "budget",
    "title_en",
    "title_da",
)
"""What may change in a folder whose runs stay as they are."""


@dataclass(frozen=True, repr=False)
class Trials(Shown):
    """What trials would find.

    power: a row a design, with design, municipalities, months, n, effect (the truth, mean over
    worlds and towns), power, mc_error, bias, coverage, icc, staff_hours (beyond what is spent
    anyway), power_low and power_high (middle nine tenths of worlds), false_alarm, smallest_effect
    (told with the power that is asked for), standard_error, df, lost (share of towns that end
    without volunteers to ask, which counts as the worst answer). worlds: effect and power of each
    design in each world. Both are None until all is run.
    """

    study: dict[str, Any]
    asked: TrialStudy
    power: pd.DataFrame | None
    worlds: pd.DataFrame | None
    notes: tuple[str, ...] = ()
    late: bool = False

    @property
    def complete(self) -> bool:
        """Whether all is run."""
        return self.power is not None

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


class TrialPlan(Plan):
    """The lives of towns: a task a town of a world, a row a life of it."""

    kind = KIND
    work = run_town_lives
    order = _PLACE
    exact = ()

    def __init__(self, study: TrialStudy) -> None:
        self.study = study

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> TrialPlan:
        """The plan of a record. Raises StudyError where it is not one."""
        try:
            return cls(TrialStudy.of(records.scenario_of(record), record["design"]))
        except (InputError, KeyError, TypeError, ValueError) as error:
            raise StudyError(f"the record does not hold a study of trials: {error}") from None

    def record(self, command: str) -> dict[str, Any]:
        """The record of a study of which nothing is done."""
        study = self.study
        regimes = Timeline.of(study.control), Timeline.of(study.intervention)
        design = {"kind": KIND, **study.design()}
        return records.new_record(KIND, study.scenario, regimes, design, command)

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless the runs of the old study are runs of the new one."""
        before, after = dict(old.get("design", {})), new["design"]
        before |= {key: after[key] for key in _FREE}
        if set(before.get("designs", [])) <= set(after["designs"]):
            before["designs"] = after["designs"]
        if before.get("populations", after["populations"]) < after["populations"]:
            before["populations"] = after["populations"]
        records.check_same_study({**old, "design": before}, new, folder)

    def schema(self) -> pa.Schema:
        """A row a life."""
        texts = [(name, pa.string()) for name in ("run", "life", "status", "message")]
        whole = [(name, pa.int64()) for name in _PLACE[:-1]]
        lists = [(name, pa.list_(pa.float64())) for name in VALUES]
        return pa.schema([*texts, *whole, ("seconds", pa.float64()), *lists])

    def labels(self) -> tuple[str, ...]:
        """What is known of a life beforehand."""
        return _PLACE

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Every town of every population in every world."""
        names = self.study.names
        for place, town in self.study.towns():
            head = " ".join(map(str, place))
            keys = tuple(f"{head} {name}" for name in names)
            yield Task(keys, tuple((*place, name) for name in names), town, town.adult_months)

    def outlook(self, rows: Rows) -> Outlook:
        """All lives; their cost in adult-months."""
        study = self.study
        _, first = next(study.towns())
        each = first.adult_months / first.scenario.adults
        repeats = len(study.worlds) * study.populations
        tasks = repeats * len(study.scenario.towns)
        return Outlook(tasks * len(study.lives), each * repeats * study.scenario.adults, tasks)

    def bytes_per_row(self) -> float:
        """Room for a row on the disk."""
        return 200.0 + 8.0 * len(VALUES) * len(self.study.measured)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """Power of every design, over worlds and in each."""
        if rows.failed or rows.done < self.outlook(rows).rows:
            return {}
        lives = stored(self.study, rows.table([*_PLACE, "status", *VALUES]))
        power, worlds = power_tables(self.study, lives)
        return {POWER: _columns(power), WORLDS: _columns(worlds)}

    def result(self, record: dict[str, Any], tables: Mapping[str, Any], **more: Any) -> Trials:
        """What a study gave."""
        power, worlds = (
            store.frame(tables[name]) if name in tables else None for name in (POWER, WORLDS)
        )
        return Trials(record, self.study, power, worlds, **more)


def _columns(table: pd.DataFrame) -> pa.Table:
    return store.arrow(
        {
            str(name): values.to_numpy() if values.dtype.kind in "if" else values.tolist()
            for name, values in table.items()
        }
    )


def stored(study: TrialStudy, table: pa.Table) -> Store:
    """The lives of a study from its rows. Raises StudyError where some are missing."""
    codes = [town.code for town in study.scenario.towns]
    thousands = study.thousands()
    cases = len(study.worlds) * study.populations
    shape = (cases, len(codes), len(study.lives), len(VALUES), len(study.measured))
    values, there = np.full(shape, np.nan), np.zeros(shape[:3], bool)
    place = {code: k for k, code in enumerate(codes)}
    lives = {name: k for k, name in enumerate(study.names)}
    for row in table.to_pylist():
        if row["life"] not in lives or row["status"] != DONE:
            continue
        case = row["world"] * study.populations + row["population"]
        where = case, place[row["municipality"]], lives[row["life"]]
        values[where] = np.array([row[name] for name in VALUES], np.float64)
        there[where] = True
    if not there.all():
        raise StudyError(f"{int((~there).sum())} runs of the study are missing")
    return Store(values, study.names, np.array([thousands[code] for code in codes]))


def power_tables(study: TrialStudy, lives: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw all trials of all designs: power by design, and by design and world."""
    rows, worlds = [], []
    for point in study.points:
        draws = Draws(study, point, lives)
        found = draws.run()
        own = list(found.by_world(study.populations))
        spread = np.quantile([power for _, _, power in own], SPREAD)
        row = {**asdict(point), **found.row(study, point), "icc": draws.correlation()}
        row["lost"] = draws.lost()
        row |= {"power_low": float(spread[0]), "power_high": float(spread[1])}
        rows.append(row | {"measurements": draws.periods, "trials": study.trials})
        for world, effect, power in own:
            number = study.worlds[world].number
            worlds.append({**asdict(point), "world": number, "effect": effect, "power": power})
    return pd.DataFrame(rows), pd.DataFrame(worlds)


@with_notebook_bar("trial")
def trial(
    study: str | Path | TrialStudy,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    minutes: float | None = None,
    task_minutes: float | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    command: str = "",
) -> Trials:
    """Simulate trials of a change of governance; says how sure each design would be.

    study: a TRIAL.toml (`velfaerd trial --example` prints one), or one that was read. out: a
    folder, where the same call again goes on, and one with other numbers of municipalities,
    invitations or trials uses the runs there are. Other arguments are those of `session.Options`.
    Raises InputError for wrong input, StudyError where the folder holds another study,
    StorageError where the disk fails, VelfaerdError where workers do, or towns have nobody to ask.
    """
    asked = study if isinstance(study, TrialStudy) else load_trial(study)
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
    plan = TrialPlan(asked)
    done = session.carry_out(plan, out, options, overwrite=overwrite, command=command)
    return plan.result(done.record, done.tables, notes=done.notes, late=done.late)


def load_trials(folder: str | Path) -> Trials:
    """Read a study from its folder. Raises InputError where there is none that is complete."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or POWER not in record["files"]:
        raise InputError("folder", str(folder), "a folder made by velfaerd trial to its end")
    tables = {name: store.read_table(path / name) for name in (POWER, WORLDS)}
    return TrialPlan.of(record).result(record, tables)


def power_frame(folder: Path) -> pd.DataFrame:
    """Power by design, as `load_study` gives it. Raises InputError where it is not there yet."""
    power = load_trials(folder).power
    assert power is not None
    return power
