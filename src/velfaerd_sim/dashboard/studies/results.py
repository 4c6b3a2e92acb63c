"""Results of comparisons and single runs: effects, courses over time, read from their folders."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from velfaerd_sim.engine import store
from velfaerd_sim.errors import StorageError, refusal
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.telling.reading import words_of

EFFECTS, LEVELS, BANDS, SERIES = (
    "effects.parquet",
    "levels.parquet",
    "bands.parquet",
    "series.parquet",
)
EVERYWHERE = 0
LONGEST_LABEL = 60
_EFFECTS = ("outcome", "regime", "difference", "ci_low", "ci_high")
_LEVELS = ("outcome", "regime", "mean", "ci_low", "ci_high")
_BANDS = ("regime", "month", "outcome", "mean", "ci_low", "ci_high")


def regime_label(content: Mapping[str, Any], language: str) -> str:
    """Return what a regime of a study is called: its own label, that of the named one, its name.

    content: a timeline as plain values, as records hold them.
    """
    name = str(content.get("name", ""))
    if name == STATUS_QUO:
        return "Status quo"
    if language == "en":
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            return words_of(name, content, "en").short
    own = content.get(f"label_{language}")
    if isinstance(own, str) and own:
        return own[:LONGEST_LABEL]
    phases = content.get("phase")
    if isinstance(phases, list) and len(phases) == 1 and isinstance(phases[0], Mapping):
        regime = phases[0].get("regime")
        label = regime.get(f"label_{language}") if isinstance(regime, Mapping) else None
        if isinstance(label, str) and label:
            return label[:LONGEST_LABEL]
    return REGIMES[name].label(language) if name in REGIMES else name.replace("_", " ")


@dataclass(frozen=True)
class Course:
    """An outcome over time under a regime: months (n,), mean, low, high (n,); NaN where unknown."""

    regime: str
    months: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def has(folder: Path, *names: str) -> bool:
    """Whether a study has all of these files."""
    return all((folder / name).is_file() for name in names)


def _frame(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Some columns of a table. Raises StorageError where they are not there."""
    table = store.read_table(folder / name)
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise StorageError(refusal("no_column", name=name, column=missing[0]))
    return store.frame(table)


def effects(folder: Path) -> pd.DataFrame:
    """The effects of a comparison: a row an outcome and regime. Raises StorageError."""
    found = _frame(folder, EFFECTS, _EFFECTS)
    return found[found["outcome"].isin(NAMES)]


def levels(folder: Path) -> pd.DataFrame:
    """The levels of a comparison: a row an outcome and regime. Raises StorageError."""
    return _frame(folder, LEVELS, _LEVELS)


def courses(folder: Path, outcome: str) -> list[Course]:
    """The courses of an outcome in a comparison, means with intervals. Raises StorageError."""
    table = store.read_table(folder / BANDS)
    if missing := [column for column in _BANDS if column not in table.column_names]:
        raise StorageError(refusal("no_column", name=BANDS, column=missing[0]))
    chosen = store.frame(table.filter(pc.equal(table.column("outcome"), outcome)))
    found = []
    for regime, part in chosen.groupby("regime", sort=False):
        part = part.sort_values("month")
        numbers = (part[c].to_numpy(np.float64) for c in ("month", "mean", "ci_low", "ci_high"))
        found.append(Course(str(regime), *numbers))
    return found


def series(folder: Path, outcome: str) -> list[Course]:
    """The courses of an outcome in a single run: all municipalities together, or the only one.

    Raises StorageError where the series are not there, or hold another outcome.
    """
    if outcome not in INDEX:
        raise StorageError(refusal("no_outcome", name=SERIES, outcome=outcome))
    columns = ("regime", "replicate", "municipality", "month", outcome)
    frame = _frame(folder, SERIES, columns)
    places = frame["municipality"].unique()
    whole = EVERYWHERE if EVERYWHERE in places or len(places) == 0 else places[0]
    found = []
    for regime, part in frame[frame["municipality"] == whole].groupby("regime", sort=False):
        mean = part.groupby("month")[outcome].mean()
        unknown = np.full(len(mean), np.nan)
        months = mean.index.to_numpy(np.float64)
        found.append(Course(str(regime), months, mean.to_numpy(np.float64), unknown, unknown))
    return found
