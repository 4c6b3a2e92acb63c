"""What was wrong with an input, told in the reader's language.

Errors of the package are English sentences made of parts; here the parts are put together anew.
What has no translation stays as it is.
"""

from __future__ import annotations

import re

from velfaerd_sim.dashboard.texts import Words
from velfaerd_sim.dashboard.texts_refusals import ALLOWED, TEXTS
from velfaerd_sim.errors import MISSING, InputError, VelfaerdError, shown


def told(error: VelfaerdError, language: str) -> str:
    """Say where something is wrong, what was given, and what would be right, on one line."""
    if not isinstance(error, InputError):
        return str(error)
    words = Words(language, TEXTS)
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
    return f"{error.place}: {text}" if error.place else text


def _allowed(text: str, words: Words) -> str:
    """What would be right, in the reader's language where it is known."""
    if words.language == "en":
        return text
    for pattern, key in ALLOWED:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            return words(key, **found.groupdict())
    return text
