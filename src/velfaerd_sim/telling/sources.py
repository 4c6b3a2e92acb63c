"""What the tables of inputs say in English, in another language: sources, years, reasons.

Titles of publications stay as they are; the words around them are replaced phrase by phrase, the
longest first.
"""

from __future__ import annotations

from functools import cache

from velfaerd_sim.telling.words import Words, catalogue

PHRASE = "phrase."


def other_in(language: str, text: str) -> str:
    """A text of the tables of targets, where it has one in this language; else as it is."""
    return Words(language).known("sources", f"other.{text}", text)


def phrases(language: str) -> dict[str, str]:
    """The phrases of sources, English to a language."""
    known = catalogue("sources").items()
    return {entry["en"]: entry[language] for key, entry in known if key.startswith(PHRASE)}


@cache
def _longest_first(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(phrases(language).items(), key=lambda pair: -len(pair[0])))


@cache
def source_in(language: str, source: str) -> str:
    """A source with the words around its titles in a language."""
    parts: list[str] = []
    rest = source if language != "en" else ""
    while rest:
        known = next((pair for pair in _longest_first(language) if rest.startswith(pair[0])), None)
        if known is None:
            parts.append(rest[0])
            rest = rest[1:]
        else:
            parts.append(known[1])
            rest = rest[len(known[0]) :]
    return "".join(parts) if language != "en" else source
