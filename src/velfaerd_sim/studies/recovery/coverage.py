"""How often the intervals of recovered truths hold them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.studies.calibrate.observations import Array
from velfaerd_sim.studies.calibrate.plan import Calibration
from velfaerd_sim.studies.calibrate.plausibility import (
    IDENTIFIED_BELOW,
    PARTLY_BELOW,
    JudgedSets,
    ensemble_weights,
    quantiles,
)

LEVELS = (0.5, 0.9)
_QUARTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def recovered_rows(
    calibration: Calibration,
    case: int,
    truth: Array,
    scores: Array,
    judged: JudgedSets,
) -> pd.DataFrame:
    """What a recovery says of every parameter: of the plausible sets, of all where they are few."""
    weights = ensemble_weights(judged)
    ends = quantiles(scores, weights, _QUARTILES)
    columns: dict[str, Any] = {
        "case": np.full(len(truth), case),
        "parameter": list(calibration.free),
        "truth": truth,
        "mean": weights @ scores / weights.sum(),
        "spread": judged.spread,
        "plausible": np.full(len(truth), int(judged.kept.sum())),
    }
    columns |= {f"q{100 * rank:02.0f}": ends[k] for k, rank in enumerate(_QUARTILES)}
    return pd.DataFrame(columns)


def coverage_table(table: pd.DataFrame) -> pd.DataFrame:
    """How often intervals hold the truth, over all parameters and those that are known.

    Columns: which (all; known: spread below 85 % in that recovery; identified: below 50 %), level,
    coverage, error (Monte-Carlo standard error, from truth to truth), intervals, truths. Errors of
    a share with no truth to tell are NaN.
    """
    kinds = {
        "all": np.ones(len(table), bool),
        "known": (table["spread"] < PARTLY_BELOW).to_numpy(),
        "identified": (table["spread"] < IDENTIFIED_BELOW).to_numpy(),
    }
    ends = {0.5: ("q25", "q75"), 0.9: ("q05", "q95")}
    rows = []
    for which, chosen in kinds.items():
        part = table[chosen]
        for level in LEVELS:
            low, high = ends[level]
            held = (part["truth"] >= part[low]) & (part["truth"] <= part[high])
            rows.append({"which": which, "level": level, **_share(held, part["case"])})
    return pd.DataFrame(rows)


def _share(held: pd.Series, case: pd.Series) -> dict[str, Any]:
    """A share with its standard error; intervals of one truth are not independent."""
    count = len(held)
    if not count:
        return {"coverage": math.nan, "error": math.nan, "intervals": 0, "truths": 0}
    share = float(held.mean())
    apart = (held.astype(float) - share).groupby(case).sum().to_numpy()
    truths = len(apart)
    scale = truths / max(truths - 1, 1)
    error = math.sqrt(scale * float(np.square(apart).sum())) / count
    return {"coverage": share, "error": error, "intervals": count, "truths": truths}
