"""How far a study is and how long it takes, in words that promise no second."""

from __future__ import annotations

from velfaerd_sim.dashboard.parts.long_studies import LongRun
from velfaerd_sim.telling.words import Words


def span(seconds: float, words: Words) -> str:
    """A time that is not known to the second."""
    if seconds < 90.0:
        return words.count(max(5, 5 * round(seconds / 5.0)), "common.span_seconds")
    return words.count(round(seconds / 60.0), "common.span_minutes")


def how_far(run: LongRun, words: Words) -> str:
    """How far a study is, and how long it will still take."""
    if not run.begun:
        return words("common.waits_its_turn")
    share = words.percent(run.share)
    if run.left is None:
        return words("common.under_way", share=share)
    return words("common.under_way_left", share=share, time=span(run.left, words))
