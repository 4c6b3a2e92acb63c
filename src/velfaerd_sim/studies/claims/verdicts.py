"""Verdicts: the share of worlds in which a claim is met, its Monte-Carlo error, and its word.

The interval of a share is valid at every number of worlds, so that one may stop when it has left
the cut points between the words behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaln, xlogy

CUTS = (0.9, 0.7, 0.3, 0.1)
"""Shares from which on a claim holds, mostly holds, depends, mostly does not hold."""
WORDS = ("holds", "mostly", "depends", "mostly_not", "does_not")
CONFIDENCE = 0.95
PRIOR = 0.5
"""Both parameters of the beta mixture."""


@dataclass(frozen=True)
class ShareVerdict:
    """A share of worlds: `met` of `worlds`, the interval of the share, the word for it.

    settled: whether the interval lies between two cut points.
    """

    met: int
    worlds: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share of worlds in which the claim is met."""
        return self.met / self.worlds if self.worlds else float("nan")

    @property
    def error(self) -> float:
        """The Monte-Carlo standard error of the share, with one world added on either side."""
        count = self.worlds + 2.0
        share = (self.met + 1.0) / count
        return float(np.sqrt(share * (1.0 - share) / count))

    @property
    def word(self) -> str:
        """One of WORDS."""
        return word_of(self.share)

    @property
    def settled(self) -> bool:
        """Whether the interval has left all cut points."""
        return word_of(self.low) == word_of(self.high)

    @property
    def words(self) -> tuple[str, ...]:
        """All words that the interval leaves open, from the strongest."""
        first, last = WORDS.index(word_of(self.high)), WORDS.index(word_of(self.low))
        return WORDS[first : last + 1]


def word_of(share: float) -> str:
    """The word for a share of worlds."""
    for cut, word in zip(CUTS, WORDS, strict=False):
        if share >= cut:
            return word
    return WORDS[-1]


def verdict(met: int, worlds: int, confidence: float = CONFIDENCE) -> ShareVerdict:
    """The verdict from counts."""
    low, high = sequential_interval(met, worlds, confidence)
    return ShareVerdict(met, worlds, low, high)


def sequential_interval(
    met: int, worlds: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Interval of a share that covers it at all numbers of worlds at once with the confidence.

    It holds the shares p at which the likelihood ratio of a Beta(1/2, 1/2) mixture over p, which is
    a martingale under p, stays below 1 / alpha (Robbins 1970, doi 10.1214/aoms/1177696786).
    """
    if worlds == 0:
        return 0.0, 1.0
    mixture = betaln(met + PRIOR, worlds - met + PRIOR) - betaln(PRIOR, PRIOR)
    bound = -np.log1p(-confidence)

    def excess(share: float) -> float:
        likelihood = xlogy(met, share) + xlogy(worlds - met, 1.0 - share)
        return float(mixture - likelihood - bound)

    middle, tiny = met / worlds, 1e-12
    low = 0.0 if met == 0 else float(brentq(excess, tiny, middle))
    high = 1.0 if met == worlds else float(brentq(excess, middle, 1.0 - tiny))
    return low, high
