"""How published figures, readings of the model and parameters are written in tables."""

from __future__ import annotations

import math

from velfaerd_sim.inputs.targets import BY_ID as TARGETS
from velfaerd_sim.instruments.patterns import BY_ID as PATTERNS
from velfaerd_sim.telling.words import Words

SMALLEST = 1e-6
"""Figures nearer to zero are written as zero."""
_YEARLY = ("a year", "per year")


def is_share(unit: str) -> bool:
    """Whether figures of a unit are written in per cent."""
    return unit.startswith("share") or unit in _YEARLY


def figure_text(value: float, unit: str, words: Words) -> str:
    """A figure in its unit: shares in per cent, others with three digits that count."""
    if is_share(unit):
        return words.percent(value, 1)
    return value_text(value, words)


def value_text(value: float, words: Words) -> str:
    """A number with three digits that count."""
    if not math.isfinite(value) or abs(value) < SMALLEST:
        return words.number(value)
    return words.number(value, max(0, min(6, 2 - math.floor(math.log10(abs(value))))))


def between(low: str, high: str, words: Words) -> str:
    """An interval of two numbers that are written already; empty where an end is missing."""
    missing = words.number(None)
    return "" if missing in (low, high) else words("interval_of", low=low, high=high)


def interval_text(low: float, high: float, unit: str, words: Words) -> str:
    """An interval of figures."""
    return between(figure_text(low, unit, words), figure_text(high, unit, words), words)


def unit_text(unit: str, words: Words) -> str:
    """The unit of a published figure as it stands in a table."""
    if unit in _YEARLY:
        return words("percent_year")
    if unit == "share":
        return words("percent")
    label = words.unit(unit)
    return words("percent_of", unit=label) if is_share(unit) else label


def target_label(id: str, words: Words, otherwise: str) -> str:
    """What a published figure is called; an unknown one as its study calls it."""
    return words.name("target", id) if id in TARGETS else otherwise


def pattern_label(id: str, words: Words, otherwise: str) -> str:
    """What a held-out pattern or a figure that was not fitted is called."""
    own = words.name("pattern", id)
    return own if own != id else target_label(id, words, otherwise)


def published_text(id: str, words: Words, otherwise: str) -> str:
    """What is published of a pattern or figure; an unknown one as its study says it."""
    if id in TARGETS:
        target = TARGETS[id]
        return interval_text(target.low, target.high, target.unit, words)
    pattern = PATTERNS.get(id)
    if pattern is None:
        return otherwise
    if pattern.low is None or pattern.high is None:
        return words("none_published")
    if pattern.high == 0.0:
        return words("sign_negative")
    return words("sign_positive" if math.isinf(pattern.high) else "most_frequent")


def role_text(role: str, words: Words) -> str:
    """What a figure was used for."""
    return words(f"role_{role}") if words.has(f"role_{role}") else role
