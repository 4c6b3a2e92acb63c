"""What is worth knowing before a regime is chosen: of everything, of parameters, of surveys."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim import in_force
from velfaerd_sim.digests import model_digest
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.progress import Progress, with_notebook_bar
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.engine.session import Options
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.surveys import Survey, load_surveys, survey_of
from velfaerd_sim.shown import Shown
from velfaerd_sim.studies.value.decision import Decision, decision_in
from velfaerd_sim.studies.value.plan import KIND, SURVEYS, ValuePlan
from velfaerd_sim.studies.value.tables import TABLE

_TABLES = (TABLE, SURVEYS)


@dataclass(frozen=True, repr=False)
class Valuation(Shown):
    """What information is worth.

    value: a row a piece of information, see `tables.value_table`; surveys: what each survey found
    in every world; both empty where nothing is done. late: the time was up before all was done.
    """

    study: dict[str, Any]
    folder: Path | None
    decision: Decision
    value: pd.DataFrame
    surveys: pd.DataFrame
    late: bool = False
    notes: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Survey, ...]:
        """The surveys."""
        return tuple(map(survey_of, self.study["design"]["surveys"]))

    @property
    def complete(self) -> bool:
        """Whether all is done."""
        return bool(self.study["status"] == COMPLETE)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the record but for its times and its command."""
        return str(self.study["fingerprint"])


def value_plan(
    folder: str | Path,
    surveys: Sequence[str | Path | Survey] | None = None,
    goal: str | None = None,
) -> ValuePlan:
    """The plan of what is worth knowing for the choice in a folder; arguments as of `value`.

    Raises InputError where surveys would be of another version of the model than the folder is.
    """
    asked = load_surveys(surveys)
    with in_force.reading(store.read_record(Path(folder))):
        decision = decision_in(folder, goal)
        if asked and decision.source["model_digest"] != model_digest():
            allowed = (
                "a study by this version of the model, as surveys are simulated with it (without "
                "surveys, which is --survey none, studies of other versions are read too)"
            )
            raise InputError("folder", str(folder), allowed)
        return ValuePlan(decision, asked)


@with_notebook_bar("value")
def value(
    folder: str | Path,
    surveys: Sequence[str | Path | Survey] | None = None,
    goal: str | None = None,
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
) -> Valuation:
    """Tell what is worth knowing before a regime is chosen.

    folder: of a comparison over worlds, or of a sweep over uncertain parameters; it is only read.
    surveys: names of packaged ones, TOML files or Surveys; all that are packaged for None, none for
    an empty list. goal: the outcome that the choice is for. out: a folder, where the same call
    again, or one with more surveys, goes on; the other options are those of `session.Options`.
    Raises InputError for wrong arguments, StudyError where `out` holds another study, StorageError
    where the disk fails, VelfaerdError where workers do.
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
    plan = value_plan(folder, surveys, goal)
    command = command or shlex.join(
        ["velfaerd", "value", str(folder), "--goal", plan.decision.goal]
    )
    with in_force.reading(store.read_record(Path(folder))):
        done = session.carry_out(plan, out, options, overwrite=overwrite, command=command)
    if done.folder is not None and not done.tables and TABLE in done.record["files"]:
        return load_valuation(done.folder)
    own = {name: store.frame(table) for name, table in done.tables.items() if name in _TABLES}
    told, surveyed = (own.get(name, pd.DataFrame()) for name in _TABLES)
    return Valuation(done.record, done.folder, plan.decision, told, surveyed, done.late, done.notes)


def load_valuation(folder: str | Path) -> Valuation:
    """Read a study from its folder. Raises InputError where there is none that tells anything."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or TABLE not in record["files"]:
        raise InputError("folder", str(folder), "a folder made by velfaerd value")
    told, surveyed = (store.frame(store.read_table(path / name)) for name in _TABLES)
    return Valuation(record, path, ValuePlan.of(record).decision, told, surveyed)


def value_frame(folder: Path) -> pd.DataFrame:
    """What each piece of information is worth, of a folder. Raises as `load_valuation`."""
    return load_valuation(folder).value
