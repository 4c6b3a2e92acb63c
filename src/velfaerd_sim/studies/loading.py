"""Reading a study folder of any kind as a tidy frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from velfaerd_sim import in_force
from velfaerd_sim.engine import store
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.compare.plan import SERIES
from velfaerd_sim.studies.kinds import KINDS, kind_of


def load_study(folder: str | Path) -> pd.DataFrame:
    """The runs of a study as a tidy frame.

    Of a run or a comparison: regime, replicate, seed, municipality (0 is all of several), month,
    and a column an outcome. Of a sweep, finished or not: a row a run with run_id, point_id,
    replicate, seed, regime, status ('done' or 'failed'), message, seconds, `parameter.NAME` and
    `outcome.NAME`. Raises InputError where the folder holds no runs yet, no finished study, or one
    of another kind, StorageError where a file cannot be read or is damaged.
    """
    path = Path(folder)
    record = read_record(path)
    kind = kind_of(record, path)
    if not kind.runs:
        known = ", ".join(each.word for each in KINDS.values() if each.runs)
        allowed = f"a study of one of the kinds {known}; this one is of the kind {kind.word}"
        raise InputError("folder", str(folder), allowed)
    with in_force.reading(record):
        frame: pd.DataFrame = kind.call("runs", path)
    return frame


def series_frame(folder: Path) -> pd.DataFrame:
    """The series of a run or a comparison. Raises InputError where it did not run to its end."""
    if SERIES not in store.read_record(folder)["files"]:
        allowed = "a study that ran to its end (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(store.read_table(folder / SERIES))
