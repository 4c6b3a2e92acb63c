"""What was wrong with an input, a file or a study, told in the reader's language.

Errors of the package are English sentences made of parts; here the parts are put together anew.
What has no translation stays as it is, and says so where it stands in a Danish page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from velfaerd_sim.dashboard.frame.texts_refusals import ALLOWED, PLACES, REASONS, SAID
from velfaerd_sim.errors import MISSING, InputError, shown
from velfaerd_sim.telling.words import Words


def told(error: Exception, language: str) -> str:
    """Say where something is wrong, what was given, and what would be right, on one line."""
    words = Words(language, "refusals")
    if not isinstance(error, InputError):
        return said(str(error) or type(error).__name__, language)
    value = shown(error.value)
    if error.value == "the file":
        value = words("the_file")
    parts = [
        words("missing") if error.value == MISSING else words("not_allowed", value=value),
        words("suggested", name=error.suggestion)
        if error.suggestion
        else words("allowed", what=_allowed(error.allowed, words)),
    ]
    text = "; ".join(parts)
    place = PLACES.get(error.place, error.place) if words.language == "da" else error.place
    return f"{place}: {text}" if place else text


def said(message: str, language: str) -> str:
    """A sentence of an error in the reader's language; an unknown one says that it is English."""
    words = Words(language, "refusals")
    if words.language == "en":
        return message
    found = _matched(message, SAID)
    if found is None:
        alone = _matched(message, REASONS)
        return words("untold", message=message) if alone is None else words(alone[0], **alone[1])
    key, parts = found
    reason = parts.pop("reason", "")
    text = words(key, **parts)
    return words("because", told=text, reason=_reason(reason, words)) if reason else text


def _reason(reason: str, words: Words) -> str:
    """Why, as the system says it: in the reader's language where it is known."""
    found = _matched(reason, REASONS)
    return words("untold", message=reason) if found is None else words(found[0], **found[1])


def _matched(text: str, patterns: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]] | None:
    """The key of the first pattern that a text is made by, and the parts that it holds."""
    for pattern, key in patterns:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            return key, {name: part for name, part in found.groupdict().items() if part}
    return None


def _allowed(text: str, words: Words) -> str:
    """What would be right, in the reader's language where it is known."""
    if words.language == "en":
        return text
    found = _matched(text, ALLOWED)
    return text if found is None else words(found[0], **found[1])
