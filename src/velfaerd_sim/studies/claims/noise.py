"""How much of what a criterion shows over worlds is chance, and how many replicates that asks for.

The noise share of a criterion is the mean squared error of its effects over their variance between
worlds, both at the replicates that were run. Above a fifth it cannot be told from chance.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.studies.claims.claims import Claim

Array = NDArray[np.float64]
MOST_NOISE = 0.2
"""Share of the variance of a criterion that may be chance."""
LEAST_WORLDS = 8
"""Worlds with an effect below which a noise share is not told."""


def noise_share(effect: Array, error: Array) -> float:
    """The share of the variance of effects over worlds that chance makes; arrays (worlds,).

    NaN where there are too few worlds or no errors; 0 where the effect is the same everywhere and
    without error.
    """
    usable = np.isfinite(effect) & np.isfinite(error)
    if int(usable.sum()) < LEAST_WORLDS:
        return float("nan")
    chance = float((error[usable] ** 2).mean())
    variance = float(effect[usable].var(ddof=1))
    if chance == 0.0:
        return 0.0
    return min(1.0, chance / variance) if variance > 0.0 else 1.0


def replicates_needed(share: float, replicates: int) -> float:
    """Replicates at which a noise share seen with some comes down to a fifth; inf where it cannot.

    With chance c / n and a true variance v between worlds the share is c / n / (v + c / n).
    """
    if not np.isfinite(share) or share >= 1.0:
        return float("inf")
    odds = share / (1.0 - share) * replicates
    return odds * (1.0 - MOST_NOISE) / MOST_NOISE


def replicates_of(claim: Claim, shares: Iterable[float]) -> int:
    """Replicates of a claim after its pilot: what the criteria that can be told ask for.

    shares: noise shares of the criteria that decide, in the pilot. Criteria that would need more
    than the most that is allowed ask for nothing; they will be marked.
    """
    needed = [replicates_needed(share, claim.replicates) for share in shares]
    possible = [need for need in needed if need <= claim.most_replicates]
    return max([claim.replicates, *(int(np.ceil(need)) for need in possible)])
