"""The answer at the head of a report: what was found, what to do, what it costs, how sure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from velfaerd_sim.telling.words import LANGUAGES

MOST_WORDS = 120
"""Words of an answer, its heading and catchwords with it."""
_HEADS = 16
"""Words that heading and catchwords take at most, in either language."""


@dataclass(frozen=True)
class Short:
    """An answer. found: the headline, which says that it holds in the model."""

    found: str
    do: str
    cost: str
    sure: str

    @property
    def words(self) -> int:
        """How many words it has, heading and catchwords with it."""
        texts = (self.found, self.do, self.cost, self.sure)
        return _HEADS + sum(len(Markup(text).striptags().split()) for text in texts)


def fitting(variants: Callable[[str], Iterable[Short]], language: str) -> Short:
    """The first of several answers that is short enough in every language; else the shortest.

    variants: an answer in a language, the fullest first. All languages tell the same.
    """
    given: list[tuple[Short, ...]] = list(zip(*map(variants, LANGUAGES), strict=True))
    longest = [max(each.words for each in same) for same in given]
    fits = (place for place, words in enumerate(longest) if words <= MOST_WORDS)
    return given[next(fits, longest.index(min(longest)))][LANGUAGES.index(language)]


def joined(*texts: str) -> Markup:
    """Sentences one after the other; empty ones are left out, and plain ones escaped."""
    return Markup(" ").join(text for text in texts if text)
