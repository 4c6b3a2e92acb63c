"""The score of a loneliness on the Three-Item Loneliness Scale (T-ILS).

Scores run from 3 to 9; a score of 7 or more counts as lonely, as in Danskernes sundhed (2017,
2023; scale: Hughes et al. 2004, doi 10.1177/0164027504268574). Loneliness in [0, 1] is cut into
seven equal steps.
"""

from __future__ import annotations

import numpy as np

from velfaerd_sim.compiled import rule

LOWEST, HIGHEST, LONELY_FROM = 3, 9, 7
_STEPS = HIGHEST - LOWEST + 1


@rule
def tils_score(loneliness: float) -> int:
    """T-ILS score (3 to 9) of a loneliness in [0, 1]: seven equal steps."""
    step = min(np.int32(HIGHEST - LOWEST), np.int32(_STEPS * loneliness))
    return int(np.int32(LOWEST) + step)


@rule
def is_lonely(loneliness: float) -> bool:
    """Whether a person with a loneliness in [0, 1] scores as lonely."""
    return tils_score(loneliness) >= LONELY_FROM
