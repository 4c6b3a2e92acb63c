"""Ages and loneliness levels of the first population, as tables to draw from."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry
from velfaerd_sim.curves import exponential, logarithm
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS as KINDS
from velfaerd_sim.inputs.evidence import age_shares

STEPS = 512
"""Steps of the table of quantiles."""
RURAL, LARGE_CITY, CAPITAL = (KINDS.index(k) for k in ("rural", "large_city", "capital"))


@entry
def level_quantiles(means: Any, concentration: float) -> Any:
    """Quantiles of the loneliness level by age band: beta with a mean and a + b = concentration.

    means: float64 (8,). Returns float64 (8, STEPS + 1), at ranks 0, 1/STEPS, ... 1. The density is
    summed over x = z squared, which tames it at 0.
    """
    table = np.empty((len(means), STEPS + 1))
    mass = np.empty(STEPS)
    for band in range(len(means)):
        a = means[band] * concentration
        b = concentration - a
        total = 0.0
        for step in range(STEPS):
            z = (step + 0.5) / STEPS
            x = z * z
            mass[step] = exponential(
                (2.0 * a - 1.0) * logarithm(z) + (b - 1.0) * logarithm(1.0 - x)
            )
            total += mass[step]
        step = 0
        below = 0.0
        for rank in range(STEPS + 1):
            wanted = rank / STEPS * total
            while step < STEPS - 1 and below + mass[step] < wanted:
                below += mass[step]
                step += 1
            z = (step + min(1.0, (wanted - below) / mass[step])) / STEPS
            table[band, rank] = z * z
    return table


@lru_cache(maxsize=64)
def quantiles_of(means: tuple[float, ...], concentration: float) -> Any:
    """As `level_quantiles`, made once for each set of arguments."""
    return level_quantiles(np.array(means), concentration)


@lru_cache(maxsize=64)
def age_mixes(rural: float, urban: float) -> Any:
    """Cumulative shares of the age bands by type of municipality; float64 (types, age bands).

    rural, urban: tilt of rural municipalities toward the old, of cities toward the young.
    """
    shares = np.array(age_shares())
    middle = (len(shares) - 1) / 2.0
    mixes = np.empty((len(KINDS), len(shares)))
    for kind in range(len(KINDS)):
        tilt = rural if kind == RURAL else -urban if kind in (LARGE_CITY, CAPITAL) else 0.0
        tilted = [share * exponential(tilt * (band - middle)) for band, share in enumerate(shares)]
        cumulative = np.cumsum(tilted)
        mixes[kind] = cumulative / cumulative[-1]
    return mixes
