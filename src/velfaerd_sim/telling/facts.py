"""Facts of analyses as sentences: one teller for terminal, files, reports and pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from velfaerd_sim.analysis.arrays.facts import (
    NOTHING,
    Amount,
    Change,
    Count,
    Fact,
    Share,
    Thing,
    Value,
    three_digits,
)
from velfaerd_sim.telling.words import Words

ANY_OF, EACH_OF = "any_of", "each_of"
"""Facts without a text of their own: a list with 'or'; parts set apart by semicolons."""


class Teller:
    """Tells facts in the words of a catalogue file.

    names: what a thing is called, its plain name where it is left out; markup: whether texts are
    markup, in which case names and what users wrote are escaped unless they are markup.
    """

    def __init__(
        self, words: Words, names: Callable[[Thing], str] | None = None, markup: bool = False
    ) -> None:
        self.words, self.names = words, names
        self._text: type[str] = Markup if markup else str
        self._fill: Callable[..., str] = words.markup if markup else words

    def sentence(self, *facts: Fact) -> str:
        """The facts as sentences, one after the other, each with a capital letter."""
        return self._join(" ", (capital(self.fact(fact)) for fact in facts))

    def fact(self, fact: Fact) -> str:
        """One fact as it stands inside a sentence."""
        if fact == NOTHING:
            return self._text("")
        if fact.key in (ANY_OF, EACH_OF):
            (parts,) = fact.values.values()
            assert isinstance(parts, tuple)
            told = [self.value(part) for part in parts]
            return self._list(told, "or") if fact.key == ANY_OF else self._join("; ", told)
        return self._fill(fact.key, **{key: self.value(each) for key, each in fact.values.items()})

    def value(self, value: Value) -> str:
        """A value of a fact."""
        match value:
            case Fact():
                return self.fact(value)
            case Thing():
                return self.thing(value)
            case Change():
                return self._between(self.signed, value)
            case Amount():
                return self._between(self.number, value)
            case Share():
                return self._between(self.share, value)
            case Count():
                return self._text(self.words.count(value.number, f"findings.count.{value.of}"))
            case tuple():
                return self._list([self.value(part) for part in value], "and")
            case int():
                return self._text(self.words.number(value))
        return str(value) if self._text is str else escape(value)

    def thing(self, thing: Thing) -> str:
        """What a thing is called."""
        if self.words.has(f"thing.{thing.kind}.{thing.name}"):
            return self._fill(f"thing.{thing.kind}.{thing.name}")
        name = self.names(thing) if self.names else thing.name
        return name if self._text is str else escape(name)

    def number(self, value: float) -> str:
        """A number with three digits that count."""
        if not math.isfinite(value):
            minus = "\u2212" if value < 0.0 else ""
            return self.words("unknown") if math.isnan(value) else minus + self.words("infinity")
        head, e, power = three_digits(value).partition("e")
        return self.words.number(float(head), len(head.partition(".")[2])) + e + power

    def signed(self, value: float) -> str:
        """A number with three digits that count, and its sign."""
        return ("+" if value > 0.0 else "") + self.number(value)

    def share(self, value: float) -> str:
        """A share in per cent; one that is neither all nor nothing is never shown as such."""
        if not math.isfinite(value):
            return self.words("unknown")
        percent = 100.0 * value
        if 0.0 < percent < 0.1:
            return self.words("share_below", share=self.words.percent(0.001, 1))
        if 99.9 < percent < 100.0:
            return self.words("share_above", share=self.words.percent(0.999, 1))
        whole = 2.0 <= percent <= 98.0 or percent in (0.0, 100.0)
        return self.words.percent(value, 0 if whole else 1)

    def _between(self, write: Callable[[float], str], value: Amount | Share) -> str:
        """A value with its interval, where it has one."""
        text = write(value.value)
        if math.isfinite(value.low) and math.isfinite(value.high):
            ends = {"low": write(value.low), "high": write(value.high)}
            text = self.words("findings.interval", value=text, **ends)
        return self._text(text)

    def _list(self, parts: list[str], last: str) -> str:
        return self._text(self.words.listed(parts, last))

    def _join(self, sign: str, parts: Iterable[str]) -> str:
        return self._text(sign).join(part for part in parts if part)


def told(facts: Iterable[Fact], language: str = "en") -> list[str]:
    """Each fact as a sentence, things by their labels in quotation marks."""
    words = Words(language, "findings")

    def named(thing: Thing) -> str:
        return words("quoted", name=words.name(thing.kind, thing.name))

    return list(map(Teller(words, named).sentence, facts))


def within_sentence(label: str) -> str:
    """A label with a small first letter, unless it begins with an abbreviation or a number."""
    abbreviated = label[1:2].isupper() or label[1:2] == "-"
    return label if abbreviated else label[:1].lower() + label[1:]


def capital(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]
