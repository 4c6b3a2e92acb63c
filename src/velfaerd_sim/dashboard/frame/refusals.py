"""What was wrong with an input, a file or a study, told in the reader's language.

Errors of the package carry codes with what stands at their places; the sentences stand in the
catalogue. What has no code stays as it is, and says so where it stands in a Danish page.
"""

from __future__ import annotations

from velfaerd_sim.errors import MISSING, InputError, Refusal, shown
from velfaerd_sim.telling.words import Words


def told(error: Exception, language: str) -> str:
    """Say where something is wrong, what was given, and what would be right, on one line."""
    words = Words(language, "refusals")
    if not isinstance(error, InputError):
        return said(error.args[0] if error.args else type(error).__name__, language)
    value = words("the_file") if error.value == "the file" else shown(error.value)
    parts = [
        words("missing") if error.value == MISSING else words("not_allowed", value=value),
        words("suggested", name=error.suggestion)
        if error.suggestion
        else words("allowed", what=_told(error.allowed, words)),
    ]
    text = "; ".join(parts)
    place = error.place
    if words.has(f"place.{place}"):
        place = words(f"place.{place}")
    return f"{place}: {text}" if place else text


def asked_for(error: InputError, language: str) -> str:
    """What would be right, as a sentence to stand at the field where something else was written."""
    words = Words(language, "refusals")
    return words("write", what=_told(error.allowed, words))


def said(message: object, language: str) -> str:
    """A sentence of an error in the reader's language; an unknown one says that it is English."""
    words = Words(language, "refusals")
    known = isinstance(message, Refusal) and message.code
    return _told(message, words) if known else words("in_english", message=message)


def _told(text: object, words: Words) -> str:
    """A text of an error in the reader's language, where it has a code; else as it is."""
    if words.language == "en" or not (isinstance(text, Refusal) and text.code):
        return str(text)
    values = {
        key: said(value, words.language) if key == "reason" else _told(value, words)
        for key, value in text.values.items()
    }
    return words(text.code, **values)
