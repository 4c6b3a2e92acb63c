"""Sentences on how sure the numbers are: what intervals cover, pairing, stopping, failed runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd
from markupsafe import Markup

from velfaerd_sim.statistics.intervals import CONFIDENCE
from velfaerd_sim.telling import in_worlds
from velfaerd_sim.telling.findings import QUESTIONS
from velfaerd_sim.telling.wording import Wording
from velfaerd_sim.telling.words import Words

LEAST_GAIN = 1.15
"""Pairing that saves less than this factor of runs is called no gain."""


def sure(words: Wording) -> Markup:
    """What the intervals cover, and what not."""
    study = words.results.study
    if not words.results.has_intervals:
        return words.say("sure_one")
    if words.results.in_worlds and study.worlds is not None:
        text = words.say("sure_worlds", worlds=words.words.number(len(study.worlds)))
        return Markup(" ").join(filter(None, (in_worlds.in_short(words), text)))
    key = "sure_sequential" if study.sequential else "sure"
    return words.say(key, replicates=words.words.number(study.replicates))


def each_alone(words: Words, count: int, confidence: float = CONFIDENCE) -> str:
    """What so many intervals that stand together say together, in a sentence."""
    expected = count * (1.0 - confidence)
    if expected < 1.0:
        return words("each_alone")
    return words("each_alone_of", count=words.number(count), expected=words.number(expected))


def lost_volunteers(words: Words, levels: pd.DataFrame, label: Callable[[str], object]) -> str:
    """Under which regimes runs ended without volunteers, in a sentence; '' where none did.

    levels: of a comparison. label: what a regime is called.
    """
    if "lost" not in levels:
        return ""
    lost = levels[(levels["outcome"] == "motivation_mean") & (levels["lost"] > 0)]
    counts = zip(lost["regime"], lost["lost"], lost["replicates"], strict=True)
    return lost_runs(words, {name: (n, every) for name, n, every in counts}, label)


def lost_runs(
    words: Words, lost: Mapping[str, tuple[int, int]], label: Callable[[str], object]
) -> str:
    """Under which regimes or conditions runs ended without volunteers; '' where none did.

    lost: by their names, how many runs, of all of them.
    """
    told = [
        words("lost_runs_of", count=words.number(n), all=words.number(every), regime=label(name))
        for name, (n, every) in lost.items()
    ]
    return words("lost_runs", regimes=words.listed(told)) if told else ""


def pairing(words: Wording) -> Markup:
    """What common random numbers gained: the median over regimes of the variance reduction."""
    effects = words.results.effects
    if effects.empty or not words.results.has_intervals:
        return Markup("")
    gains, without = [], []
    for name in QUESTIONS:
        column = effects.loc[effects["outcome"] == name, "variance_reduction"]
        factor = float(column[column.map(math.isfinite)].median())
        topic = words.words(f"topic_{name}")
        if factor >= LEAST_GAIN:
            shown = words.words.number(factor, 0 if factor >= 10 else 1)
            gains.append(words.words("pairing_factor", factor=shown, topic=topic))
        elif math.isfinite(factor):
            without.append(topic)
    parts = []
    if gains:
        parts.append(words.say("pairing_some", factors=words.words.listed(gains)))
    if without:
        topics = words.words.listed(without, "or")
        parts.append(words.say("pairing_none", topics=topics))
    return Markup(" ").join(parts)


def decided(words: Wording) -> Markup:
    """Which outcome decided when to stop, where the study decided itself."""
    stopping = words.results.study.stopping
    if not stopping:
        return Markup("")
    return words.say(
        "decided" if stopping["reached"] else "decided_not",
        precision=words.words.plain(float(stopping["precision"])),
        outcome=words.outcome(stopping["outcome"]),
        regime=words.name(stopping["regime"]),
        replicates=words.words.number(stopping["replicates"]),
    )


def failed(words: Wording) -> Markup:
    """How many runs are missing."""
    count = words.results.study.failed
    return words.say("failed", count=str(count)) if count else Markup("")
