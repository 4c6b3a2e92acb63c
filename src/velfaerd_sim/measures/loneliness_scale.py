"""The Three-Item Loneliness Scale (T-ILS) asked of all citizens each month.

Reads   citizens.age_band, flags, loneliness, lonely_history, score_sum
Writes  citizens.lonely_history, score_sum; the month's tally
Draws   none
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population.scale import LONELY_FROM, tils_score
from velfaerd_sim.population.schema import (
    AGE_16_24,
    AGE_25_34,
    AGE_35_44,
    AGE_45_54,
    AGE_55_64,
    AGE_65_74,
    AGE_75_84,
    HISTORY,
    KNOWN,
    PARTICIPATING,
    WAITING,
)

UNITS = 2.0**30
"""Whole units in which loneliness is summed."""


@entry
def tils_scores(loneliness: Any) -> Any:
    """T-ILS scores (3 to 9) of loneliness values (adults,); int64 (adults,)."""
    scores = np.empty(len(loneliness), np.int64)
    for i in range(len(loneliness)):
        scores[i] = tils_score(np.float64(loneliness[i]))
    return scores


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
        total += np.int64(np.int32(level * UNITS))
        score = tils_score(level)
        lonely = np.int32(score >= LONELY_FROM)
        past = (np.int32(history[j]) << 1) | lonely
        then = (past >> YEAR) & 1
        history[j] = np.uint16(past & HISTORY)
        score_sum[j] = np.uint16(np.int32(score_sum[j]) + score)
        scores += score
        a_year_ago += then
        onsets += lonely & (1 - then)
        recoveries += (1 - lonely) & then
        known += np.int32(flags[j]) & KNOWN
    lonely_count = 0
    lonely_known = np.int64(0)
    reached = np.int64(0)
    waiting = np.int64(0)
    for j in range(count):
        if history[j] & 1:
            lonely_count += 1
            lonely_known += np.int64(flags[j]) & KNOWN
            reached += (np.int64(flags[j]) & PARTICIPATING) // PARTICIPATING
            waiting += (np.int64(flags[j]) & WAITING) // WAITING
            count_band(tally, np.int64(band[j]))
    tally.score += scores
    tally.lonely_a_year_ago += a_year_ago
    tally.onsets += onsets
    tally.recoveries += recoveries
    tally.known += known
    tally.lonely += lonely_count
    tally.lonely_known += lonely_known
    tally.lonely_reached += reached
    tally.waiting += waiting
    return total


@kernel
def count_band(tally: Any, band: Any) -> None:
    """Count one lonely citizen of an age band."""
    if band == AGE_16_24:
        tally.lonely_band_0 += 1.0
    elif band == AGE_25_34:
        tally.lonely_band_1 += 1.0
    elif band == AGE_35_44:
        tally.lonely_band_2 += 1.0
    elif band == AGE_45_54:
        tally.lonely_band_3 += 1.0
    elif band == AGE_55_64:
        tally.lonely_band_4 += 1.0
    elif band == AGE_65_74:
        tally.lonely_band_5 += 1.0
    elif band == AGE_75_84:
        tally.lonely_band_6 += 1.0
    else:
        tally.lonely_band_7 += 1.0


@kernel
def count_bands(citizens: Any, bands: Any) -> None:
    """Count adults by age band into bands, float64 (age bands,)."""
    for band in range(len(bands)):
        bands[band] = 0.0
    for i in range(len(citizens.age_band)):
        bands[citizens.age_band[i]] += 1.0
