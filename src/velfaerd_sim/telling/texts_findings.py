"""What the analyses of a sweep say, in other languages than the English they are written in.

A form is a sentence, or a part of one, with its places in braces; its counterpart has the same
places in the order of its language. {a}, {b}, {o} and {f} stand for one name; other places for any
words within a sentence. Forms are applied in their order, what is left of a sentence in the next.
"""

from __future__ import annotations

import re
from functools import cache

from velfaerd_sim.analysis.sweep.answers import NAMES_OF_METHODS
from velfaerd_sim.telling import texts_findings_danish, texts_sweep_danish

NAMES_FROM = 0xE000
"""The first of the signs that stand for names while a sentence is put into another language."""
_NAME = "[\ue000-\uf8ff]"
_WORDS = r"(?:(?!\. ).)+?"
_PLACE = re.compile(r"\{(\w+)\}")

_DANISH_WORDS: tuple[tuple[str, str], ...] = (
    ("of the worlds", "af verdenerne"),
    ("of the points", "af punkterne"),
    ("af de worlds", "af verdenerne"),
    ("af de points", "af punkterne"),
    ("worlds", "verdener"),
    ("world", "verden"),
    ("points", "punkter"),
    ("point", "punkt"),
    ("replicates", "gentagelser"),
    ("replicate", "gentagelse"),
    ("runs", "kørsler"),
    ("run", "kørsel"),
    ("resamples", "nye stikprøver"),
    ("resample", "ny stikprøve"),
    ("trajectories", "forløb"),
    ("trajectory", "forløb"),
    ("crossings", "krydsninger"),
    ("crossing", "krydsning"),
    ("factors", "faktorer"),
    ("factor", "faktor"),
    ("values", "værdier"),
    ("unknown", "ukendt"),
    ("below", "under"),
    ("above", "over"),
    ("against", "mod"),
    ("from", "fra"),
    ("and", "og"),
    ("or", "eller"),
    ("in", "i"),
    ("of", "af"),
)
"""Words that are left in lists and counts after the forms."""
_DANISH_METHODS = tuple(
    (f"{name}: it needs ", f"{texts_sweep_danish.DANISH[f'method_{method}']}: it needs ")
    for method, name in NAMES_OF_METHODS.items()
)
FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (),
    "da": (*_DANISH_METHODS, *texts_findings_danish.FORMS),
}
WORDS: dict[str, tuple[tuple[str, str], ...]] = {"en": (), "da": _DANISH_WORDS}


def _pattern(form: str) -> str:
    """The expression that finds a form."""
    parts = _PLACE.split(form)
    found = []
    for k, part in enumerate(parts):
        if k % 2:
            found.append(f"(?P<{part}>{_NAME if part in 'abofxy' else _WORDS})")
        else:
            found.append(re.escape(part))
    return "".join(found)


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    forms = [
        (re.compile(_pattern(form)), _PLACE.sub(r"\\g<\1>", other))
        for form, other in FORMS[language]
    ]
    words = [
        (re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])"), other)
        for word, other in WORDS[language]
    ]
    return (*forms, *words)


def put(sentence: str, language: str) -> str:
    """What an analysis says, in a language; names must have been replaced by single signs."""
    for pattern, other in _rules(language):
        sentence = pattern.sub(other, sentence)
    return sentence
