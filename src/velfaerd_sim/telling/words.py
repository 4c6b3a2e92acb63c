"""Words, numbers, dates and lists in one language; the texts stand in ``catalogue/*.toml``.

A catalogue file holds every text in all languages side by side::

    headline.en = "{name} decides most: {share} of the variation"
    headline.da = "{name} betyder mest: {share} af variationen"

The file's name is the first part of a key (``sweep.headline``). Where there is no English, the key
is the English text. A text may be a list of texts, or
a table of plural forms (``one``, ``other``) of which ``Words.count`` chooses.
"""

from __future__ import annotations

import datetime
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

import babel
from babel import dates, lists, numbers
from markupsafe import Markup

from velfaerd_sim.inputs import regimes, targets
from velfaerd_sim.inputs.checks import one_of
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.measures import outcomes

CATALOGUE = Path(__file__).with_name("catalogue")
LANGUAGES = ("en", "da")
LOCALES = {"en": "en_GB", "da": "da_DK"}
SHARED = "common"
"""The catalogue file of texts that all share; its keys may always be written in short."""
MINUS = "\u2212"
EN_DASH = "\u2013"
NO_BREAK = "\u00a0"
MISSING = "\u2013"
"""Shown where there is no number."""
_MOST_DIGITS = 350
"""More than any number of a float has."""
DAYS = {"en": "d MMMM y", "da": "d. MMMM y"}
PAIRS = {"route": targets.ROUTE_LABELS, "answer": targets.ANSWER_LABELS}
"""Things whose tables hold their names in English and Danish."""
NAMED_ELSEWHERE = ("outcome", "parameter", "regime", "target", *PAIRS)
"""Things whose tables hold their names; all others are named in ``catalogue/names.toml``."""


@cache
def catalogue(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Every text of one catalogue file: key → language → text, list of texts or plural forms.

    Raises KeyError where there is no such file.
    """
    path = CATALOGUE / f"{name}.toml"
    if not path.is_file():
        raise KeyError(name)
    return dict(_entries(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def _entries(node: Mapping[str, Any], prefix: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The texts of a table and of the tables inside, with keys that are joined by dots."""
    for key, value in node.items():
        if value.keys() <= {*LANGUAGES}:
            yield (
                prefix + key,
                {name: unbroken(value[name]) if name in value else key for name in LANGUAGES},
            )
        else:
            yield from _entries(value, f"{prefix}{key}.")


def unbroken(text: Any) -> Any:
    """A text without a line break before a per cent sign and after a sign of a verdict."""
    if isinstance(text, list):
        return tuple(map(unbroken, text))
    if isinstance(text, dict):
        return {form: unbroken(each) for form, each in text.items()}
    for sign in "▲▼≈●":
        text = text.replace(f"{sign} ", f"{sign}{NO_BREAK}")
    return text.replace(" %", f"{NO_BREAK}%")


@cache
def locale_of(language: str) -> babel.Locale:
    """Babel's rules of a language. Raises InputError for one that no text is written in."""
    return babel.Locale.parse(LOCALES[one_of(language, "language", LANGUAGES)])


class Words:
    """Texts and numbers of one language. Raises InputError for an unknown language."""

    def __init__(self, language: str, *files: str) -> None:
        """language: 'en' or 'da'; files: catalogue files whose keys may be written in short.

        A later file wins over an earlier one, and all win over the shared one.
        """
        self.language = language
        self.locale = locale_of(language)
        self.files = (SHARED, *files)

    def within(self, *files: str) -> Words:
        """The same language, with more files whose keys may be written in short."""
        return Words(self.language, *self.files[1:], *files)

    def in_language(self, language: str) -> Words:
        """The same files in a language."""
        return Words(language, *self.files[1:])

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its {places} filled. Raises KeyError for an unknown key."""
        text = self._text(key)
        if not isinstance(text, str):
            raise KeyError(f"{key} is more than one text")
        return text.format(**values) if values else text

    def markup(self, key: str, **values: object) -> Markup:
        """The text of a key as markup; what is filled in is escaped unless it is markup."""
        return Markup(self._text(key)).format(**values)

    def lines(self, key: str) -> tuple[Any, ...]:
        """The texts of a key that holds a list. Raises KeyError for an unknown key."""
        text = self._text(key)
        return text if isinstance(text, tuple) else (text,)

    def count(self, count: float, key: str, decimals: int = 0, **values: object) -> str:
        """A text in the plural form of a number, which stands at its place {count}."""
        forms = self._text(key)
        form = forms if isinstance(forms, str) else forms[self.plural(count)]
        return form.format(count=self.number(count, decimals), **values)

    def plural(self, count: float) -> str:
        """The plural form of a number: 'one' or 'other'."""
        return str(self.locale.plural_form(count))

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return self._entry(key) is not None

    def _text(self, key: str) -> Any:
        entry = self._entry(key)
        if entry is None:
            raise KeyError(key)
        return entry[self.language]

    def _entry(self, key: str) -> Mapping[str, Any] | None:
        for name in reversed(self.files):
            if key in (entries := catalogue(name)):
                return entries[key]
        name, _, rest = key.partition(".")
        return catalogue(name).get(rest) if rest and _is_file(name) else None

    def name(self, kind: str, name: str) -> str:
        """What a thing is called; its plain name where nothing is known of it.

        kind: 'outcome', 'parameter', 'regime', 'target', or a table of ``catalogue/names.toml``.
        """
        if kind == "outcome":
            known = outcomes.INDEX.get(name)
            return name if known is None else outcomes.OUTCOMES[known].label(self.language)
        if kind == "parameter":
            own = BY_NAME.get(name)
            return name if own is None else own.label(self.language)
        if kind == "target":
            target = targets.BY_ID.get(name)
            return name if target is None else target.label(self.language)
        if kind == "regime":
            regime = regimes.REGIMES.get(name)
            return name if regime is None else regime.label(self.language)
        if kind in PAIRS:
            return dict(zip(LANGUAGES, PAIRS[kind].get(name, (name, name)), strict=True))[
                self.language
            ]
        return self.known("names", f"{kind}.{name}", name)

    def unit(self, unit: str, of: str = "") -> str:
        """What a unit is called; an unknown one as it is. of: 'outcome' for units of outcomes."""
        return self.known("units", f"{of}.{unit}" if of else unit, unit)

    def known(self, file: str, key: str, otherwise: str) -> str:
        """The text of a key in one file, or another where there is none."""
        entry = catalogue(file).get(key)
        return otherwise if entry is None else str(entry[self.language])

    def number(self, value: float | None, digits: int = 0, signed: bool = False) -> str:
        """Write a number with a true minus sign; a dash where there is none.

        digits: after the point. A number that rounds to zero carries no sign.
        """
        if value is None or not math.isfinite(value):
            return MISSING
        rounded = f"{abs(value):.{digits}f}"
        with localcontext(Context(prec=_MOST_DIGITS)):
            text = str(_pattern(digits).apply(Decimal(rounded), self.locale))
        if not rounded.strip("0."):
            return text
        return (MINUS if value < 0.0 else "+" if signed else "") + text

    def plain(self, value: float) -> str:
        """Write a parameter's value with the digits it has, at most four that count."""
        if not math.isfinite(value):
            return MISSING
        text = f"{value:.4g}"
        if "e" in text:
            text = f"{value:.6f}".rstrip("0").rstrip(".")
        return self.number(value, len(text.partition(".")[2]))

    def percent(self, share: float | None, digits: int = 0, signed: bool = False) -> str:
        """Write a share in per cent, as '8.6%' or '8,6 %'."""
        text = self.number(None if share is None else 100.0 * share, digits, signed)
        return text if text == MISSING else text + (NO_BREAK * (self.language == "da")) + "%"

    def points(self, share: float | None, digits: int = 1) -> str:
        """Write a difference of shares in percentage points, as '+1.2 pp'."""
        text = self.number(None if share is None else 100.0 * share, digits, signed=True)
        return text if text == MISSING else f"{text}{NO_BREAK}{self('points')}"

    def interval(self, low: float, high: float, digits: int = 0, signed: bool = False) -> str:
        """Write an interval, with an en dash where both ends are positive, else with 'to'.

        Empty where an end is missing.
        """
        if not (math.isfinite(low) and math.isfinite(high)):
            return ""
        ends = self.number(low, digits, signed), self.number(high, digits, signed)
        return f" {self('to_word')} ".join(ends) if signed or low < 0 else EN_DASH.join(ends)

    def range(self, low: float, high: float) -> str:
        """Write the range of a parameter, as '0.1 to 0.5'."""
        return f"{self.plain(low)} {self('to_word')} {self.plain(high)}"

    def listed(self, items: Sequence[str], last: str = "and") -> str:
        """Join items as a sentence does: 'a', 'a and b', 'a, b and c'. last: 'and' or 'or'."""
        style: Any = "or" if last == "or" else "standard"
        return str(lists.format_list(items, style=style, locale=self.locale))

    def date(self, day: datetime.date) -> str:
        """Write a day as '3 March 2026' or '3. marts 2026'."""
        return dates.format_date(day, DAYS[self.language], locale=self.locale)

    def moment(self, text: str) -> str:
        """A time of a record as '3 March 2026, 14:05 UTC'; what is no time stays as it is."""
        try:
            when = datetime.datetime.fromisoformat(text)
        except ValueError:
            return text
        clock = f"{when:%H.%M}" if self.language == "da" else f"{when:%H:%M}"
        zone = f"{when:%Z}"
        return self("moment", day=self.date(when.date()), time=f"{clock} {zone}".strip())

    def duration(self, months: int) -> str:
        """Write a number of months as '10 years', '18 months' or '1 month'."""
        if months and months % 12 == 0:
            return self.count(months // 12, "duration_years")
        return self.count(months, "duration_months")


@cache
def _is_file(name: str) -> bool:
    return (CATALOGUE / f"{name}.toml").is_file()


@cache
def _pattern(digits: int) -> numbers.NumberPattern:
    return numbers.parse_pattern("#,##0" + "." * (digits > 0) + "0" * digits)
