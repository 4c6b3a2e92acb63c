"""What a figure shows, in words and numbers, for readers who do not see it."""

from __future__ import annotations

import math
from collections.abc import Callable

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.formats import EN_DASH, PER_1000
from velfaerd_sim.reporting.in_worlds import alternative as _worlds
from velfaerd_sim.reporting.plots_effects import yield_texts
from velfaerd_sim.reporting.results import Gains, Results
from velfaerd_sim.reporting.texts import TEXTS
from velfaerd_sim.reporting.turning import turn_sentence, turns
from velfaerd_sim.reporting.wording import Wording


def alt_text(results: Results, key: str, language: str = "en") -> str:
    """The caption of a figure, and the numbers that it shows."""
    texts = TEXTS[language]
    caption = texts[f"f_{key}"].format(baseline=results.short(results.baseline))
    write = _WRITERS.get(key)
    return f"{caption} {write(results, language)}".strip() if write else caption


def _values(results: Results, name: str, differences: bool, language: str) -> str:
    parts = []
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
    return f"{OUTCOMES[INDEX[name]].label(language)}: {'; '.join(parts)}."


def _time(results: Results, language: str) -> str:
    names = ("retention_12m", "motivation_mean", "lonely_share")
    return " ".join(_values(results, name, False, language) for name in names)


def _forest(results: Results, language: str) -> str:
    names = ("retention_12m", "motivation_mean", "lonely_share", "staff_hours_per_1000")
    return " ".join(_values(results, name, True, language) for name in names)


def _benefit(results: Results, language: str) -> str:
    names = ("lonely_years_averted_per_1000", "retention_12m", "staff_hours_per_1000")
    return " ".join(_values(results, name, True, language) for name in names)


def _paths(results: Results, language: str) -> str:
    return _values(results, "lonely_share", True, language)


def _yield(results: Results, language: str) -> str:
    del language
    parts = [f"{results.short(regime)} {text}" for regime, text in yield_texts(results)]
    return "; ".join(parts) + "."


def _both(gains: Gains, texts: dict[str, str]) -> str:
    return (
        f"{texts['gainers']} {PER_1000.bare(gains.gainers.value)}, "
        f"{texts['losers']} {PER_1000.bare(gains.losers.value)}"
    )


def _people(results: Results, language: str) -> str:
    texts = TEXTS[language]
    parts = [
        f"{results.short(regime)}: {_both(row, texts)}"
        for regime in results.order[1:]
        for row in results.gains(regime, "all").values()
    ]
    return "; ".join(parts) + "."


def _ages(results: Results, language: str) -> str:
    """The band with most gainers and losers together, regime by regime."""
    texts = TEXTS[language]
    parts = []
    for regime in results.order[1:]:
        bands = results.gains(regime, "age_band").values()
        known = [b for b in bands if math.isfinite(b.gainers.value + b.losers.value)]
        if known:
            most = max(known, key=lambda b: b.gainers.value + b.losers.value)
            band = most.group.replace("-", EN_DASH)
            both = _both(most, texts)
            parts.append(
                texts["alt_ages"].format(regime=results.short(regime), band=band, both=both)
            )
    return "; ".join(parts) + "."


def _turn(results: Results, language: str) -> str:
    words = Wording(results, language)
    return " ".join(turn_sentence(words, turn).striptags() for turn in turns(results))


_WRITERS: dict[str, Callable[[Results, str], str]] = {
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
