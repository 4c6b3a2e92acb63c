"""The Three-Item Loneliness Scale (T-ILS) as the model's citizens would answer it.

Scores run from 3 to 9; a score of 7 or more counts as lonely, as in Danskernes sundhed (2017,
2023; scale: Hughes et al. 2004, doi 10.1177/0164027504268574). Loneliness in [0, 1] is cut into
seven equal steps.

Reads   citizens.age_band, flags, loneliness, lonely_history, score_sum
Writes  citizens.lonely_history, score_sum; the month's tally
Draws   none
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import kernel, rule
from velfaerd_sim.population.schema import KNOWN, PARTICIPATING

LOWEST, HIGHEST, LONELY_FROM = 3, 9, 7
_FIXED_POINT = 2.0**30


@rule
def tils_score(loneliness: float) -> int:
    """T-ILS score (3 to 9) of a loneliness in [0, 1]: seven equal steps."""
    return LOWEST + min(HIGHEST - LOWEST, int(7.0 * loneliness))


@kernel
def observe_block(citizens: Any, first: int, count: int, tally: Any) -> Any:
    """Ask citizens first .. first + count - 1 and count; return loneliness in units of 2**-30.

    The sum is taken in whole numbers, so its order does not matter.
    """
    loneliness = citizens.loneliness[first : first + count]
    history = citizens.lonely_history[first : first + count]
    score_sum = citizens.score_sum[first : first + count]
    flags = citizens.flags[first : first + count]
    band = citizens.age_band[first : first + count]
    total = np.int64(0)
    scores = np.int64(0)
    a_year_ago = np.int64(0)
    onsets = np.int64(0)
    recoveries = np.int64(0)
    known = np.int64(0)
    for j in range(count):
        level = np.float64(loneliness[j])
        total += np.int64(np.int32(level * _FIXED_POINT))
        score = np.int32(LOWEST) + min(np.int32(HIGHEST - LOWEST), np.int32(7.0 * level))
        lonely = np.int32(score >= LONELY_FROM)
        past = (np.int32(history[j]) << 1) | lonely
        then = (past >> 12) & 1
        history[j] = np.uint16(past & 0xFFFF)
        score_sum[j] = np.uint16(np.int32(score_sum[j]) + score)
        scores += score
        a_year_ago += then
        onsets += lonely & (1 - then)
        recoveries += (1 - lonely) & then
        known += np.int32(flags[j]) & KNOWN
    lonely_count = 0
    lonely_known = np.int64(0)
    reached = np.int64(0)
    for j in range(count):
        if history[j] & 1:
            lonely_count += 1
            lonely_known += np.int64(flags[j]) & KNOWN
            reached += (np.int64(flags[j]) & PARTICIPATING) // PARTICIPATING
            count_band(tally, np.int64(band[j]))
    tally.score += scores
    tally.lonely_a_year_ago += a_year_ago
    tally.onsets += onsets
    tally.recoveries += recoveries
    tally.known += known
    tally.lonely += lonely_count
    tally.lonely_known += lonely_known
    tally.lonely_reached += reached
    return total


@kernel
def count_band(tally: Any, band: Any) -> None:
    """Count one lonely citizen of an age band."""
    if band == 0:
        tally.lonely_band_0 += 1.0
    elif band == 1:
        tally.lonely_band_1 += 1.0
    elif band == 2:
        tally.lonely_band_2 += 1.0
    elif band == 3:
        tally.lonely_band_3 += 1.0
    elif band == 4:
        tally.lonely_band_4 += 1.0
    elif band == 5:
        tally.lonely_band_5 += 1.0
    elif band == 6:
        tally.lonely_band_6 += 1.0
    else:
        tally.lonely_band_7 += 1.0


@kernel
def count_bands(citizens: Any, bands: Any) -> None:
    """Count adults by age band into bands, float64 (8,)."""
    for band in range(8):
        bands[band] = 0.0
    for i in range(len(citizens.age_band)):
        bands[citizens.age_band[i]] += 1.0
