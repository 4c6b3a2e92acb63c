"""How often the intervals of recovered truths hold them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.instruments.readings import EFFECTS
from velfaerd_sim.studies.calibrate.emulator import Emulator
from velfaerd_sim.studies.calibrate.observations import Array
from velfaerd_sim.studies.calibrate.plausibility import IDENTIFIED_BELOW, PARTLY_BELOW
from velfaerd_sim.studies.calibrate.rounds import Stage, emulated

LEVELS = (0.5, 0.9)
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_ENOUGH = 0.5
_EVEN, _EVEN_SHARE = 1000, 0.95


@dataclass(frozen=True)
class Effects:
    """What governance does in truths, and the emulator that tells it of other parameters.

    told: columns of EFFECTS that could be read; found: (truths, told).
    """

    told: NDArray[np.int64]
    emulator: Emulator
    found: Array

    @classmethod
    def of(cls, stages: Sequence[Stage], found: Array) -> Effects | None:
        """Learn from the rounds; None where these hold no effects."""
        read = np.mean([np.isfinite(stage.effects).mean(axis=0) for stage in stages], axis=0)
        told = np.flatnonzero(read > _ENOUGH)
        if not len(told):
            return None
        emulator = emulated(stages, [stage.effects[:, told] for stage in stages])
        return cls(told, emulator, found[:, told])

    def rows(
        self,
        case: NDArray[np.int64],
        part: slice,
        draws: Array,
        generator: np.random.Generator,
    ) -> pd.DataFrame:
        """What draws (kept, truths, parameters) say of the effects of a part of the truths.

        The emulator's error counts, with what readings vary from seed to seed.
        """
        expected = np.array([self.emulator(each) for each in draws])
        drawn = expected + self.emulator.error * generator.normal(size=expected.shape)
        names = [EFFECTS[j] for j in self.told]
        return _rows(names, case, self.found[part], drawn, np.full(expected.shape[1:], math.nan))


def recovered_rows(
    names: Sequence[str], case: NDArray[np.int64], truth: Array, draws: Array
) -> pd.DataFrame:
    """What draws (kept, truths, parameters) say of every parameter."""
    return _rows(names, case, truth, draws, draws.std(axis=0, ddof=1))


def _rows(
    names: Sequence[str], case: NDArray[np.int64], truth: Array, draws: Array, spread: Array
) -> pd.DataFrame:
    """A row a truth and quantity. truth, spread: (truths, quantities)."""
    count = len(names)
    ends = np.quantile(draws, _QUANTILES, axis=0)
    columns: dict[str, Any] = {
        "case": np.repeat(case, count),
        "quantity": list(names) * len(case),
        "truth": truth.ravel(),
        "mean": draws.mean(axis=0).ravel(),
        "spread": spread.ravel(),
        "rank": (draws < truth).sum(axis=0).ravel(),
    }
    columns |= {f"q{100 * q:02.0f}": ends[k].ravel() for k, q in enumerate(_QUANTILES)}
    found = pd.DataFrame(columns)
    return pd.DataFrame(found[np.isfinite(found["truth"])])


def coverage_table(table: pd.DataFrame) -> pd.DataFrame:
    """How often intervals hold the truth: of parameters, of those that are known, of effects.

    Columns: which (all: parameters; known: spread below 85 % in that recovery; identified: below
    50 %; effects), level, coverage, error (Monte-Carlo standard error, from truth to truth),
    intervals, truths. Errors of a share with no truth to tell are NaN.
    """
    effect = table["quantity"].isin(EFFECTS).to_numpy()
    kinds = {
        "all": ~effect,
        "known": (table["spread"] < PARTLY_BELOW).to_numpy(),
        "identified": (table["spread"] < IDENTIFIED_BELOW).to_numpy(),
        "effects": effect,
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


def rank_table(table: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Whether the ranks of truths among so many draws are even, quantity by quantity.

    Columns: quantity, truths, distance (the largest deviation of the distribution of ranks from an
    even one, in standard errors), limit (19 of 20 even ones stay below it), even. The band is
    simultaneous over all ranks, by simulation (Saeilynoja, Buerkner & Vehtari 2022, doi
    10.1007/s11222-022-10090-6).
    """
    limits: dict[int, float] = {}
    rows = []
    for quantity, part in table.groupby("quantity", sort=False):
        ranks = part["rank"].to_numpy(np.int64)
        count = len(ranks)
        if count not in limits:
            generator = np.random.default_rng([count, draws])
            even = generator.integers(0, draws + 1, (_EVEN, count))
            found = [_unevenness(each, draws) for each in even]
            limits[count] = float(np.quantile(found, _EVEN_SHARE))
        distance = _unevenness(ranks, draws)
        rows.append((quantity, count, distance, limits[count], distance <= limits[count]))
    return pd.DataFrame(rows, columns=["quantity", "truths", "distance", "limit", "even"])


def _unevenness(ranks: NDArray[np.int64], draws: int) -> float:
    """Largest deviation of a distribution of ranks from an even one, in standard errors."""
    share = np.arange(1, draws + 1) / (draws + 1)
    below = np.searchsorted(np.sort(ranks), np.arange(1, draws + 1)) / len(ranks)
    return float(np.abs((below - share) / np.sqrt(share * (1.0 - share) / len(ranks))).max())


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
