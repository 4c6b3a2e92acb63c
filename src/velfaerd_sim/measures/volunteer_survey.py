"""The volunteer survey: what volunteers answer about bureaucracy and about continuing.

The questions of NCVO's Time Well Spent (2018, 2020) and of the study of self-determination and
planned behaviour (2018, doi 10.1080/10495142.2018.1526745). A volunteer's score of intention is
minus the log odds of leaving by the present state, with a noise of the person's own: what people
say is more than what the model knows of them. Who scores above a threshold says to continue. Being
new is left out: it tells of the first months, not of how the work is found.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from velfaerd_sim.randomness import INTENTION, key_of, uniforms

Array = NDArray[np.float64]


def own_noise(seed: int, code: int, month: int, persons: NDArray[Any]) -> Array:
    """A standard normal number for each person asked in a month; code: the municipality's."""
    return np.asarray(ndtri(uniforms(key_of(seed, code), INTENTION, month, persons)))


def intention_scores(leaving_log_odds: Array, noise: float, own: Array) -> Array:
    """Scores of intention to continue, in log odds; own: a standard normal number a person."""
    return own * noise - leaving_log_odds


def continuing_chances(leaving_log_odds: Array, noise: float, threshold: float) -> Array:
    """Chance that each volunteer says to continue, over the noise of the score; noise > 0."""
    return np.asarray(ndtr((-leaving_log_odds - threshold) / noise))


def odds_ratio(continuing: Array, felt: NDArray[np.bool_]) -> float:
    """Odds of continuing where bureaucracy is felt, over the odds elsewhere.

    continuing: answers (0 or 1) or their chances. Half a person is added to each of the four cells
    (Haldane 1956), so that it is a number wherever anyone is asked.
    """
    cells = []
    for group in (felt, ~felt):
        said = float(continuing[group].sum())
        cells.append((said + 0.5) / (np.count_nonzero(group) - said + 0.5))
    return float(cells[0] / cells[1])


def standardised_paths(
    scores: Array, autonomous: Array, controlled: Array, noise: float = 0.0
) -> tuple[float, float]:
    """Least-squares paths of the score on both kinds of motivation, all standardised.

    noise: standard deviation of what is still to be added to the scores, independent of everything
    (0 where they hold it already); it widens the score and so shortens the paths. NaN where one of
    the three does not vary.
    """
    spread = np.cov(np.stack([autonomous, controlled, scores]), bias=True)
    deviations = np.sqrt(np.diag(spread) + np.array([0.0, 0.0, noise * noise]))
    if not np.all(deviations > 0.0):
        return float("nan"), float("nan")
    between = spread[0, 1] / (deviations[0] * deviations[1])
    own = spread[:2, 2] / (deviations[:2] * deviations[2])
    rest = 1.0 - between * between
    if rest < 1e-12:
        return float("nan"), float("nan")
    first = (own[0] - between * own[1]) / rest
    return float(first), float((own[1] - between * own[0]) / rest)
