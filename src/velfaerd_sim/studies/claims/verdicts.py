"""The verdict on a claim over theories, worlds and readings: one function of a table.

A claim is read in several ways. Each reading is met in a share of the worlds; the verdict says
whether it is met in nearly all worlds under every reading, in nearly none, or on what that depends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOLDS, FAILS = 0.8, 0.2
"""Shares of worlds from which on a reading holds, and up to which it does not."""
APART = 0.4
"""Shares that differ by so much are told apart: between readings, or between theories."""
TOLD = 0.5
"""Share of its readings that must count for a claim to be told."""
FALLEN = 0.5
"""A claim has fallen when no reading is met in more than this share once its arrow is cut."""
_ROUNDING = 1e-9
WORDS = ("holds", "by_construction", "on_world", "on_reading", "does_not", "cannot_tell")


@dataclass(frozen=True)
class Verdict:
    """The word of WORDS and what it rests on.

    shares: share of worlds in which each reading is met, mean over theories, float64 (readings,);
    low, high: its 95 % interval. by_theory: float64 (theories, readings). most, least: the readings
    that count and are met most and least; -1 where the claim cannot be told. theory: the place of
    the theory that differs most from the model as written where that decides, else -1.
    """

    word: str
    shares: Array
    low: Array
    high: Array
    by_theory: Array
    most: int = -1
    least: int = -1
    theory: int = -1


def verdict(
    met: Array,
    counts: Flags,
    cut: Array | None = None,
    *,
    evidence: bool = False,
    fitted: bool = False,
) -> Verdict:
    """The verdict from a table.

    met: float64 (theories, worlds, readings), 1 where a reading is met, 0 where it is not, NaN in
    worlds that were not run. counts: which readings can be told, bool (readings,). cut: the share
    of worlds in which each is met when the arrow that the claim is built on is cut, (readings,).
    evidence: the arrow has evidence of its own; fitted: the model was fitted to what is claimed.
    """
    present = np.isfinite(met)
    worlds = present.sum(axis=1).astype(np.float64)
    total = np.where(present, met, 0.0).sum(axis=1)
    by_theory: Array = np.full(worlds.shape, np.nan)
    np.divide(total, worlds, out=by_theory, where=worlds > 0.0)
    there = worlds > 0.0
    theories = there.sum(axis=0)
    shares: Array = np.full(met.shape[2], np.nan)
    np.divide(np.where(there, by_theory, 0.0).sum(axis=0), theories, out=shares, where=theories > 0)
    inverse = np.where(there, 1.0 / np.maximum(worlds, 1.0), 0.0).sum(axis=0)
    size = np.divide(theories**2, inverse, out=np.zeros(len(shares)), where=inverse > 0.0)
    low, high = share_interval(shares, size)
    told = np.flatnonzero(counts & np.isfinite(shares))
    if not len(told) or len(told) < TOLD * len(shares):
        return Verdict("cannot_tell", shares, low, high, by_theory)
    most, least = (int(told[place(shares[told])]) for place in (np.argmax, np.argmin))
    theory, apart = _theory_apart(by_theory[:, told])
    between = float(shares[most] - shares[least])
    word = _word(float(shares[least]), float(shares[most]), max(between, apart))
    if word == "depends":
        word = "on_reading" if _reaches(between, max(APART, apart)) else "on_world"
    if word == "holds" and (fitted or _falls(cut, told, evidence)):
        word = "by_construction"
    named = theory if word == "on_world" and _reaches(apart, APART) else -1
    return Verdict(word, shares, low, high, by_theory, most, least, named)


def _word(least: float, most: float, apart: float) -> str:
    if _reaches(apart, APART):
        return "depends"
    if _reaches(least, HOLDS):
        return "holds"
    return "does_not" if _reaches(FAILS, most) else "depends"


def _reaches(value: float, bound: float) -> bool:
    return value >= bound - _ROUNDING


def _theory_apart(shares: Array) -> tuple[int, float]:
    """The theory farthest from the first, and how far any two lie apart; (theories, readings)."""
    means = np.array([one[np.isfinite(one)].mean() if np.isfinite(one).any() else np.nan
                      for one in shares])  # fmt: skip
    if np.isfinite(means).sum() < 2:
        return -1, 0.0
    first = means[np.isfinite(means)][0]
    away = np.abs(means - first)
    return int(np.nanargmax(away)), float(np.nanmax(means) - np.nanmin(means))


def _falls(cut: Array | None, told: NDArray[np.intp], evidence: bool) -> bool:
    """Whether a claim rests on an arrow that nothing but the model speaks for."""
    if cut is None or evidence:
        return False
    left = cut[told]
    return bool(np.isfinite(left).any() and np.nanmax(left) <= FALLEN)


def share_interval(share: Array, count: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Wilson's interval of shares of so many worlds; from 0 to 1 where there are none.

    Wilson 1927, doi 10.1080/01621459.1927.10502953.
    """
    z2 = float(ndtri(0.5 + 0.5 * confidence)) ** 2
    known = (count > 0.0) & np.isfinite(share)
    n, p = np.where(known, count, 1.0), np.where(known, share, 0.5)
    middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = np.sqrt(z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))) / (1.0 + z2 / n)
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return np.where(known, low, 0.0), np.where(known, high, 1.0)
