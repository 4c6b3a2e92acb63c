"""The way into volunteering: how many come because a volunteer among their ties asked them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def asked_share(
    asked: NDArray[Any],
    loneliness: NDArray[Any],
    weight: NDArray[Any],
    effect: float,
    stay_away: float,
) -> float:
    """Share of those who look for a place who would not have looked without being asked.

    asked: what each person's ties tell; weight: how ready each person is by what else counts, 0 for
    who cannot join. The chance to look is weight x (1 + effect x asked) x (1 - stay_away x
    loneliness), as in the model's rule of recruitment; what asking adds to it is counted where it
    adds. NaN where nobody looks.
    """
    ready = weight * (1.0 - stay_away * loneliness)
    all_looks = float((ready * np.maximum(0.0, 1.0 + effect * asked)).sum())
    added = float((ready * np.maximum(0.0, effect * asked)).sum())
    return added / all_looks if all_looks > 0.0 else float("nan")
