"""What staff hours are in posts and in kroner; neither is more than a conversion."""

from __future__ import annotations

import math

from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.telling.words import Words

HOURS_A_POST = 120.0
"""Hours a month that a full-time post has for collaboration: an assumption, that of the lever.

Of some 160 paid hours, the others go to holidays, meetings and other tasks.
"""
ADULTS_TOLD = 10_000
DEAREST = 10_000.0
"""Kroner an hour, at most."""


def posts_of(hours: float, adults: int = ADULTS_TOLD) -> float:
    """Full-time posts that so many hours a month per 1 000 adults are, among so many adults."""
    return hours * adults / 1000.0 / HOURS_A_POST


def price_from(given: object) -> float | None:
    """The price of an hour in kroner from a field or a link; None for an empty one.

    Commas count as points. Raises InputError for what is no number from 0 to DEAREST.
    """
    if given is None or given == "":
        return None
    text = str(given).strip().replace("\u00a0", "").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        raise InputError("price", str(given)[:40], refusal("number")) from None
    return checks.number(value, "price", 0.0, DEAREST) if math.isfinite(value) else _refused(text)


def _refused(text: str) -> float:
    raise InputError("price", text, refusal("number"))


def price_text(price: float | None, language: str = "en") -> str:
    """A price as it stands in a link, or in a field of a language; '' for none."""
    text = "" if price is None else f"{price:.10g}"
    return text.replace(".", ",") if language == "da" else text


def kroner_of(hours: float, price: float, words: Words, signed: bool = False) -> str:
    """What so many hours cost, in whole kroner."""
    return words.number(hours * price, 0, signed)
