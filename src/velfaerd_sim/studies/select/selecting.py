"""Which of several regimes is best, with a stated probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import InputError, run_failed
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.shown import InOneLine
from velfaerd_sim.studies.compare.design import Governance
from velfaerd_sim.studies.select.plan import (
    KIND,
    TABLE,
    SelectionDesign,
    SelectionPlan,
    checked_selection,
)


@dataclass(frozen=True, repr=False)
class Selected(InOneLine):
    """A selection: the study record, its folder if it has one, what became of every regime.

    table: as of `plan.selection_table`; empty before the first look. late: the time was up first.
    """

    study: dict[str, Any]
    folder: Path | None
    table: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()
    late: bool = False

    @property
    def design(self) -> SelectionDesign:
        """What was asked for."""
        return SelectionPlan.of(self.study).design

    @property
    def left(self) -> tuple[str, ...]:
        """The best regime; several where they could not be told apart."""
        return tuple(self.study["selected"]["left"])

    @property
    def settled(self) -> bool:
        """Whether one is left."""
        return bool(self.study["selected"]["settled"])


def select_best(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario = "baseline",
    *,
    best: str,
    indifference: float | None = None,
    confidence: float | None = None,
    max_replicates: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    command: str = "",
    options: Options | None = None,
) -> Selected:
    """Run replicates of the regimes that may still be the best, until one is left.

    Arguments as of `plan.checked_selection`; out: a folder, where the same call again goes on.
    Raises InputError for wrong arguments, StudyError where the folder holds another study,
    StorageError where the disk fails, VelfaerdError where nothing could be run.
    """
    design = checked_selection(
        regimes,
        scenario,
        best=best,
        indifference=indifference,
        confidence=confidence,
        max_replicates=max_replicates,
        months=months,
        adults=adults,
        seed=seed,
        parameters=parameters,
    )
    plan = SelectionPlan(design)
    done = carry_out(plan, out, options, overwrite=overwrite, command=command)
    made: Any = done.tables.get(TABLE)
    if made is None and done.record["counts"]["failed"]:
        message = done.record["failures"][0]["message"]
        raise run_failed("a replicate failed: {}", message)
    table = pd.DataFrame() if made is None else store.frame(made)
    return Selected(done.record, done.folder, table, done.notes, done.late)


def load_selection(folder: str | Path) -> Selected:
    """Read a selection from its folder. Raises InputError where there is none."""
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND or TABLE not in record["files"]:
        raise InputError("folder", str(folder), "a folder made by velfaerd compare --best")
    return Selected(record, path, store.frame(store.read_table(path / TABLE)))


def runs_frame(folder: Path) -> pd.DataFrame:
    """The runs of a selection, finished or not: a row a regime and replicate, a column an outcome.

    Raises InputError where there is none yet, StorageError where a part is damaged.
    """
    table = parts.read_rows(folder, "run")
    if table is None:
        allowed = "a selection with runs (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(table)
