"""What a figure shows, in words and numbers, for readers who do not see it."""

from __future__ import annotations

import math
from collections.abc import Callable

from velfaerd_sim.reporting.figures.effects import yield_texts
from velfaerd_sim.telling.formats import per_1000_citizens
from velfaerd_sim.telling.in_worlds import alternative as _worlds
from velfaerd_sim.telling.results import Gains, Results
from velfaerd_sim.telling.turning import turn_sentence, turns
from velfaerd_sim.telling.wording import Wording
from velfaerd_sim.telling.words import EN_DASH


def alt_text(results: Results, key: str) -> str:
    """The caption of a figure, and the numbers that it shows."""
    words = Wording(results)
    caption = words.words(f"f_{key}", baseline=results.short(results.baseline))
    write = _WRITERS.get(key)
    return f"{caption} {write(words)}".strip() if write else caption


def _values(words: Wording, name: str, differences: bool) -> str:
    parts, results = [], words.results
    for regime in results.order[1:] if differences else results.order:
        found = results.difference(name, regime) if differences else results.level(name, regime)
        if not math.isfinite(found.value):
            continue
        shape = results.difference_format(name, regime)
        text = shape.difference(found.value) if differences else shape.level(found.value)
        if found.sure:
            ends = (
                shape.difference_interval(found.low, found.high)
                if differences
                else shape.interval(found.low, found.high)
            )
            text += f" ({ends})"
        parts.append(f"{results.short(regime)} {text}")
    return f"{words.outcome(name)}: {'; '.join(parts)}."


def _time(words: Wording) -> str:
    names = ("retention_12m", "motivation_mean", "lonely_share")
    return " ".join(_values(words, name, False) for name in names)


def _forest(words: Wording) -> str:
    names = ("retention_12m", "motivation_mean", "lonely_share", "staff_hours_per_1000")
    return " ".join(_values(words, name, True) for name in names)


def _benefit(words: Wording) -> str:
    names = ("lonely_years_averted_per_1000", "retention_12m", "staff_hours_per_1000")
    return " ".join(_values(words, name, True) for name in names)


def _paths(words: Wording) -> str:
    return _values(words, "lonely_share", True)


def _yield(words: Wording) -> str:
    results = words.results
    parts = [f"{results.short(regime)} {text}" for regime, text in yield_texts(results)]
    return "; ".join(parts) + "."


def _both(gains: Gains, words: Wording) -> str:
    style, texts = per_1000_citizens(words.language), words.words
    return (
        f"{texts('gainers')} {style.bare(gains.gainers.value)}, "
        f"{texts('losers')} {style.bare(gains.losers.value)}"
    )


def _people(words: Wording) -> str:
    results = words.results
    parts = [
        f"{results.short(regime)}: {_both(row, words)}"
        for regime in results.order[1:]
        for row in results.gains(regime, "all").values()
    ]
    return "; ".join(parts) + "."


def _ages(words: Wording) -> str:
    """The band with most gainers and losers together, regime by regime."""
    parts, results = [], words.results
    for regime in results.order[1:]:
        bands = results.gains(regime, "age_band").values()
        known = [b for b in bands if math.isfinite(b.gainers.value + b.losers.value)]
        if known:
            most = max(known, key=lambda b: b.gainers.value + b.losers.value)
            band = most.group.replace("-", EN_DASH)
            both = _both(most, words)
            parts.append(
                words.words("alt_ages", regime=results.short(regime), band=band, both=both)
            )
    return "; ".join(parts) + "."


def _turn(words: Wording) -> str:
    return " ".join(turn_sentence(words, turn).striptags() for turn in turns(words.results))


_WRITERS: dict[str, Callable[[Wording], str]] = {
    "time": _time,
    "paths": _paths,
    "forest": _forest,
    "worlds": _worlds,
    "people": _people,
    "ages": _ages,
    "benefit": _benefit,
    "yield": _yield,
    "turn": _turn,
}
