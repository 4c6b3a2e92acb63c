"""The texts of reports by language, from the catalogue.

A text is markup: names that come from users are escaped where they are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping

from velfaerd_sim.telling import texts_sweep, texts_sweep_danish
from velfaerd_sim.telling.words import LANGUAGES, catalogue, unbroken

REPORT = ("report", "answer", "worlds")
_SWEEP = {"en": texts_sweep.ENGLISH, "da": texts_sweep_danish.DANISH}


def _texts(language: str) -> dict[str, str]:
    texts = {key: text for file in REPORT for key, text in _file(file, language)}
    texts |= {key: unbroken(text) for key, text in _SWEEP[language].items()}
    texts |= {f"unit_{key}": text for key, text in _file("units", language)}
    texts |= {key.replace(".", "_", 1): text for key, text in _file("names", language)}
    return texts | {f"definition_{key}": text for key, text in _file("outcomes", language)}


def _file(file: str, language: str) -> list[tuple[str, str]]:
    known = ((key, entry[language]) for key, entry in catalogue(file).items())
    return [(key, text) for key, text in known if isinstance(text, str)]


TEXTS: dict[str, dict[str, str]] = {language: _texts(language) for language in LANGUAGES}


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
