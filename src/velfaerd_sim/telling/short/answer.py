"""The answer at the head of a report: what was found, what to do, what it costs, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

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


def fitting(answers: Iterable[Short]) -> Short:
    """The first of several answers, the fullest first, that is short enough; else the shortest."""
    given = list(answers)
    fits = (each for each in given if each.words <= MOST_WORDS)
    return next(fits, min(given, key=lambda each: each.words))


def joined(*texts: str) -> Markup:
    """Sentences one after the other; empty ones are left out, and plain ones escaped."""
    return Markup(" ").join(text for text in texts if text)
