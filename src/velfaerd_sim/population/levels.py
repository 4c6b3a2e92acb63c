"""Ages and loneliness levels, as tables to draw from: who there is first, who comes and goes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import entry, kernel, rule
from velfaerd_sim.curves import exponential, logarithm
from velfaerd_sim.inputs.evidence import AGE_BANDS, age_shares
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS as KINDS
from velfaerd_sim.inputs.regimes import YEAR

STEPS = 512
"""Steps of the table of quantiles."""
RURAL, LARGE_CITY, CAPITAL = (KINDS.index(k) for k in ("rural", "large_city", "capital"))

# Rows of a table of flows: shares of an age band a month that leave for good, that leave or move
# away, that grow into the next band; and the band in which a new person enters.
LEAVE, LEAVE_OR_MOVE, AGE, ENTER = range(4)


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


@rule
def level_at(quantiles: Any, rank: float) -> float:
    """The level at a rank, 0 to STEPS, among people of an age band; quantiles: (STEPS + 1,)."""
    step = min(int(rank), STEPS - 1)
    return quantiles[step] + (rank - step) * (quantiles[step + 1] - quantiles[step])


@rule
def rank_of(quantiles: Any, level: float) -> float:
    """The rank, 0 to STEPS, of a level among people of an age band: the inverse of `level_at`."""
    low = 0
    high = STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if quantiles[middle] <= level:
            low = middle
        else:
            high = middle
    width = quantiles[high] - quantiles[low]
    share = (level - quantiles[low]) / width if width > 0.0 else 0.0
    return low + min(1.0, max(0.0, share))


@rule
def level_kept(level: float, quantiles: Any, other: Any) -> float:
    """The level that has among people of another age band the rank that `level` has in its own."""
    return level_at(other, rank_of(quantiles, level))


@kernel
def levels_of_town(quantiles: Any, factor: float) -> Any:
    """The quantiles of the loneliness level in a municipality where levels are `factor` as high."""
    own = np.empty(quantiles.shape)
    for band in range(quantiles.shape[0]):
        for rank in range(quantiles.shape[1]):
            own[band, rank] = min(1.0, factor * quantiles[band, rank])
    return own


def band_months() -> NDArray[np.float64]:
    """Months that a person spends in each age band; infinite in the last, which has no end."""
    ends = [band.rstrip("+").split("-") for band in AGE_BANDS]
    years = [int(end[1]) - int(end[0]) + 1 if len(end) == 2 else np.inf for end in ends]
    return np.array(years) * YEAR


def flows_of(mix: NDArray[np.float64], moving_rate: float) -> NDArray[np.float64]:
    """Who leaves, grows older, moves and enters in a month, so that an age mix stays as it is.

    mix: shares of the age bands (8,); moving_rate: share of adults a year who move away while as
    many of all ages move in. Returns float64 (4, 8): rows LEAVE, LEAVE_OR_MOVE, AGE (chances a
    month) and ENTER (cumulative shares of those who come in the place of who left for good).

    Balance of flows: where more people grow into a band than the mix has growing out of it the
    surplus leaves (death, moving away); where fewer do, new people enter (at 16, or moving in).
    """
    ages = 1.0 / band_months()
    grows = mix * ages
    surplus = np.concatenate([[0.0], grows[:-1]]) - grows
    present = np.maximum(mix, np.finfo(float).tiny)
    leaves = np.minimum(np.maximum(surplus, 0.0) / present, 1.0)
    enters = np.cumsum(np.maximum(-surplus, 0.0))
    flows = np.empty((4, len(mix)))
    flows[LEAVE] = leaves
    flows[LEAVE_OR_MOVE] = leaves + moving_rate / YEAR
    flows[AGE] = ages
    flows[ENTER] = enters / enters[-1]
    return flows


def flow_table(values: Mapping[str, float], ageing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flows by month and type of municipality; float64 (months, types, 4, age bands).

    values: of the parameters; ageing: share of each band that a shock moves up in the month. The
    mix that the flows keep is the one of the scenario: at first by type of municipality, then
    moved by every shock.
    """
    mixes = np.diff(age_mixes(values["age_tilt_rural"], values["age_tilt_urban"]), prepend=0.0)
    table = np.empty((len(ageing), len(KINDS), 4, len(AGE_BANDS)))
    changes = np.flatnonzero(ageing > 0.0).tolist()
    for first, last in zip([0, *changes], [*changes, len(ageing)], strict=True):
        if first in changes:
            up = ageing[first] * mixes[:, :-1]
            mixes[:, :-1] -= up
            mixes[:, 1:] += up
        table[first:last] = [flows_of(mix, values["moving_rate"]) for mix in mixes]
    table[:, :, :ENTER] *= values["renewal"]
    return table
