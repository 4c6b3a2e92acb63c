"""Reading a study folder of any kind as a tidy frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from velfaerd_sim.errors import InputError
from velfaerd_sim.studies import store
from velfaerd_sim.studies.archive import SERIES


def load_study(folder: str | Path) -> pd.DataFrame:
    """The runs of a study as a tidy frame.

    Of a run or a comparison: regime, replicate, seed, municipality (0 is all of several), month,
    and a column an outcome. Raises InputError where the folder holds no finished study,
    StorageError where a file cannot be read.
    """
    path = Path(folder)
    study = store.read_record(path)
    if SERIES not in study["files"]:
        allowed = "a study that ran to its end (the same command again goes on with it)"
        raise InputError("folder", str(folder), allowed)
    return store.frame(store.read_table(path / SERIES))
