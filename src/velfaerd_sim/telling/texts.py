"""Every word of the reports by language: another language is one more entry.

A text is markup: names that come from users are escaped where they are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from velfaerd_sim.inputs.checks import one_of
from velfaerd_sim.telling import (
    texts_answer,
    texts_answer_danish,
    texts_outcomes,
    texts_page,
    texts_page_danish,
    texts_sweep,
    texts_sweep_danish,
    texts_units,
    texts_worlds,
)
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.texts_sources import danish_source


def _unbreakable(texts: dict[str, str]) -> dict[str, str]:
    """The texts without a line break inside numbers and after signs."""
    result = {}
    for key, text in texts.items():
        for sign in "▲▼≈●":
            text = text.replace(f"{sign} ", f"{sign}\u00a0")
        result[key] = re.sub(r"(\d) %", "\\1\u00a0%", text.replace("1 000", "1\u202f000"))
    return result


TEXTS: dict[str, dict[str, str]] = {
    "en": _unbreakable(texts_page.ENGLISH | texts_answer.ENGLISH | texts_worlds.ENGLISH)
    | texts_sweep.ENGLISH
    | texts_units.ENGLISH
    | texts_outcomes.ENGLISH
    | {f"article_{code}": title for code, title in ARTICLES.items()},
    "da": _unbreakable(
        texts_page_danish.DANISH
        | texts_answer_danish.DANISH
        | texts_worlds.DANISH
        | texts_sweep_danish.DANISH
        | texts_units.DANISH
        | texts_outcomes.DANISH
    ),
}
LANGUAGES = tuple(TEXTS)
LIMITS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": texts_page.LIMITS_ENGLISH,
    "da": texts_page_danish.LIMITS_DANISH,
}
NARROW: dict[str, tuple[str, str]] = {
    "en": texts_page.NARROW_ENGLISH,
    "da": texts_page_danish.NARROW_DANISH,
}
"""The one of the limits that says that parameters are held fixed."""
LIMIT_OF_WORLDS: dict[str, tuple[str, str]] = {
    "en": texts_worlds.LIMIT_ENGLISH,
    "da": texts_worlds.LIMIT_DANISH,
}
"""What stands in its place where parameters differ from world to world."""


def checked(language: str) -> str:
    """A language that reports are written in. Raises InputError for another."""
    return one_of(language, "language", LANGUAGES)


_SOURCES: dict[str, Callable[[str], str]] = {"en": str, "da": danish_source}


def source_in(language: str, source: str) -> str:
    """A source of the tables of inputs, with the words around its titles in a language."""
    return _SOURCES[language](source)


def named(texts: Mapping[str, str], kind: str, name: str) -> str:
    """What a name is called in a language: `kind` says of what; the name itself where unknown."""
    return texts.get(f"{kind}_{name}", name)


IMPORTANT_PARAMETERS = (
    "espoused_gap",
    "dialogue_hours_asked",
    "adults_per_staff",
    "promise_weight",
    "autonomy_from_influence",
    "autonomy_lost_to_rules",
    "influence_from_dialogue",
    "leaving_log_odds",
    "leaving_motivation",
    "contact_effect",
    "companion_loss_effect",
    "contagion_strength",
    "life_event_probability",
    "outreach_rate",
)
"""The uncertain parameters that are shown unfolded; chosen by judgement."""
