"""Texts in the session's language: words, numbers and dates in its form.

Every page brings its own table `TEXTS = {key: (English, Danish)}`; what all pages share stands
here. A missing key is an error, so that no page shows a key.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping

from velfaerd_sim.telling.formats import MINUS, MISSING

LANGUAGES = ("da", "en")
Table = Mapping[str, tuple[str, str]]

SHARED: Table = {
    "name": ("Velfærd", "Velfærd"),
    "tagline": (
        "How governance shapes volunteering and loneliness",
        "Hvordan styring former frivillighed og ensomhed",
    ),
    "compare": ("Compare", "Sammenlign"),
    "watch": ("Watch", "Følg byen"),
    "map": ("Map", "Kort"),
    "studies": ("Studies", "Studier"),
    "model": ("Model", "Modellen"),
    "language": ("Language", "Sprog"),
    "pages": ("Pages", "Sider"),
    "skip": ("Skip to the content", "Gå til indholdet"),
    "full": (
        "{count} people are using the dashboard right now, and that is all it takes.",
        "{count} bruger dashboardet lige nu, og flere er der ikke plads til.",
    ),
    "full_what": (
        "Try again in a minute, or run your own with: velfaerd dashboard",
        "Prøv igen om et minut, eller kør dit eget med: velfaerd dashboard",
    ),
    "error": ("Something went wrong", "Noget gik galt"),
    "error_what": (
        "Change a setting or reload the page; your view is kept in the address.",
        "Ændr en indstilling, eller genindlæs siden; din visning står i adressen.",
    ),
    "error_unexpected": (
        "The page met an error that nobody expected; it has been noted in the server's log.",
        "Siden stødte på en uventet fejl; den er noteret i serverens log.",
    ),
    "loading": ("Loading …", "Indlæser …"),
    "download": ("Download", "Hent"),
    "share": ("Copy link", "Kopiér link"),
    "share_detail": (
        "opens exactly this view on this server",
        "åbner netop denne visning på denne server",
    ),
    "download_menu": ("Download and share", "Hent og del"),
    "upload": ("Open", "Åbn"),
    "preparing": ("is being prepared …", "gøres klar …"),
    "copied": ("Copied", "Kopieret"),
    "help": ("Help: {what}", "Hjælp: {what}"),
    "parameter_help": (
        "{unit}, from {low} to {high}. Source: {source}.",
        "{unit}, fra {low} til {high}. Kilde: {source}.",
    ),
    "to_word": ("to", "til"),
    "and": ("and", "og"),
    "or": ("or", "eller"),
    "month": ("month", "måned"),
    "months": ("months", "måneder"),
    "year": ("year", "år"),
    "years": ("years", "år"),
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}


class Words:
    """Texts and numbers of one language, from the shared table and those of a page."""

    def __init__(self, language: str, *tables: Table) -> None:
        """language: 'en' or 'da'; a later table wins over an earlier one."""
        self.language = language if language in LANGUAGES else "en"
        self._tables = (*tables[::-1], SHARED)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its {places} filled. Raises KeyError for an unknown key."""
        for table in self._tables:
            if key in table:
                text = table[key][self.language == "da"]
                if self.language == "da":
                    text = text.replace(" %", "\u00a0%")
                return text.format(**values) if values else text
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return any(key in table for table in self._tables)

    def number(self, value: float | None, decimals: int = 0, signed: bool = False) -> str:
        """Write a number as '1,234.5' or '1.234,5', with a true minus; a dash where none is."""
        if value is None or not math.isfinite(value):
            return MISSING
        text = f"{abs(value):,.{decimals}f}"
        if self.language == "da":
            text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
        zero = not any(digit in text for digit in "123456789")
        sign = "" if zero else MINUS if value < 0.0 else "+" if signed else ""
        return sign + text

    def percent(self, share: float, decimals: int = 1, signed: bool = False) -> str:
        """Write a share as '8.6%' or '8,6 %'."""
        text = self.number(100.0 * share, decimals, signed)
        if text == MISSING:
            return text
        return f"{text}\u00a0%" if self.language == "da" else f"{text}%"

    def points(self, share: float, decimals: int = 1) -> str:
        """Write a difference of shares in percentage points, as '+1.2 pp' or '+1,2 pct.point'."""
        text = self.number(100.0 * share, decimals, signed=True)
        unit = "pct.point" if self.language == "da" else "pp"
        return text if text == MISSING else f"{text}\u00a0{unit}"

    def date(self, day: datetime.date) -> str:
        """Write a day as '3 March 2026' or '3. marts 2026'."""
        month = _MONTHS[self.language].split()[day.month - 1]
        return f"{day.day}{'.' if self.language == 'da' else ''} {month} {day.year}"

    def duration(self, months: int) -> str:
        """Write a number of months as '10 years', '18 months' or '1 month'."""
        if months % 12 == 0 and months > 0:
            years = months // 12
            return f"{years} {self('year' if years == 1 else 'years')}"
        return f"{self.number(months)} {self('month' if months == 1 else 'months')}"

    def listed(self, names: list[str], last: str = "and") -> str:
        """Join names as a sentence does: 'a', 'a and b', 'a, b and c'."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self(last)} {names[-1]}"


def preferred(accepted: str) -> str:
    """The language for a browser's Accept-Language header: Danish where it comes first."""
    for part in accepted.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in ("da", "nb", "nn", "no"):
            return "da"
        if code in ("en", "de", "fr", "sv"):
            return "en"
    return "en"
