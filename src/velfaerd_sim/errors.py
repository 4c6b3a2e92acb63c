"""What can go wrong, in four kinds, each with the exit code its command ends with.

Every message is one line that a user can act on: where it stands, what was given, what is allowed.
"""

from __future__ import annotations

import difflib
import errno
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

MISSING = "(missing)"
"""Stands as the value of an :class:`InputError` where nothing was given."""

_LONGEST_SHOWN, _LONGEST_NAME = 80, 300
_TEXTS = Path(__file__).with_name("telling") / "catalogue" / "refusals.toml"


class Refusal(str):
    """A sentence of an error, or a part of one, with what it is told from in other languages.

    code: its key in the catalogue of refusals; values: what stands at its places.
    """

    code: str
    values: Mapping[str, object]

    def __new__(
        cls, text: str, code: str = "", values: Mapping[str, object] | None = None
    ) -> Refusal:
        """text: the English."""
        made = super().__new__(cls, text)
        made.code, made.values = code, values or {}
        return made


def refusal(code: str, text: str = "", /, **values: object) -> Refusal:
    """The English of a code with its places filled, or another English text.

    Raises KeyError for a code that is not in the catalogue.
    """
    return Refusal(text or _english(code).format(**values), code, values)


def _english(code: str) -> str:
    return str(_texts()[code]["en"])


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


_BY_NUMBER = {
    errno.ENOENT: "no_file",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EISDIR: "is_folder",
    errno.EIO: "disk_fault",
}


def reason_of(error: BaseException, longest: int = 200) -> str:
    """Why something failed, in the words of the system, on one line; known reasons have a code."""
    text = (str(error).splitlines() or [""])[0][:longest] or type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        text, code = error.strerror or text, _BY_NUMBER.get(error.errno)
        return refusal(code, text) if code else text
    if isinstance(error, RecursionError):
        return refusal("too_deep", text)
    if isinstance(error, MemoryError):
        return refusal("no_memory", text)
    if type(error).__name__ == "ArrowInvalid":
        return refusal("no_parquet", text)
    line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
    if line is not None and column is not None:
        return refusal("no_json", text, line=line, column=column)
    return text


def cannot_read(name: object, error: BaseException) -> Refusal:
    """That a file cannot be read, and why."""
    return refusal("cannot_read", name=brief(str(name)), reason=reason_of(error))


class VelfaerdError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_code: int = 1


class StorageError(VelfaerdError):
    """The disk or the folder failed: full, not writable, not readable."""

    exit_code = 1


class VerificationError(VelfaerdError):
    """A recorded result does not agree with its recomputation."""

    exit_code = 1


class StudyError(VelfaerdError):
    """The folder holds another study than the one that was asked for."""

    exit_code = 2


class InputError(VelfaerdError, ValueError):
    """Something that a user wrote is wrong.

    ``place`` says where it stands (file, key, option), ``value`` what was given, ``allowed`` what
    would have been right (a :class:`Refusal` where it is told in other languages too),
    ``suggestion`` the nearest known name. ``str(error)`` is one line.
    """

    exit_code = 2

    def __init__(
        self, place: str, value: object, allowed: str, suggestion: str | None = None
    ) -> None:
        self.place = place
        self.value = value
        self.allowed = allowed
        self.suggestion = suggestion
        place = brief(place)
        what = "nothing is given" if value is MISSING else f"{shown(value)} is not allowed"
        message = f"{place}: {what}; allowed: {allowed}" if place else f"{what}; allowed: {allowed}"
        if suggestion is not None:
            message += f"; did you mean '{suggestion}'?"
        super().__init__(message)

    def within(self, outer: str, separator: str = ": ") -> InputError:
        """Return the same error with its place set inside ``outer``."""
        place = f"{outer}{separator}{self.place}" if self.place else outer
        return InputError(place, self.value, self.allowed, self.suggestion)

    def __reduce__(self) -> tuple[object, ...]:
        # Rebuilt from its parts, so that it can come back from a worker process. The value itself
        # may be anything, also something that cannot be sent: then its text is.
        plain = isinstance(self.value, str | int | float | None)
        value = self.value if plain else _Text(shown(self.value))
        return _rebuild, (self.place, value, self.allowed, self.suggestion)


def run_failed(text: str, message: str) -> VelfaerdError:
    """The error of runs that failed: a text that takes the first's message, as it is kept.

    What a run finds wrong in what a user wrote, as in a plugin, ends as wrong input does.
    """
    told = message.removeprefix(f"{InputError.__name__}: ")
    error = VelfaerdError(text.replace("{}", told, 1))
    error.exit_code = VelfaerdError.exit_code if told == message else InputError.exit_code
    return error


class _Text(str):
    """A text that is shown as it is, without quotes around it."""

    __slots__ = ()


def _rebuild(place: str, value: object, allowed: str, suggestion: str | None) -> InputError:
    return InputError(place, MISSING if value == MISSING else value, allowed, suggestion)


def shown(value: object) -> str:
    """Return the value as text for a message: on one line, never long, and without failing."""
    if isinstance(value, _Text):
        return str(value)
    try:
        text = f"'{value}'" if isinstance(value, str) else repr(value)
    except ValueError:  # a number of thousands of digits
        text = f"a value of type {type(value).__name__}"
    text = _printable(text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def brief(name: str) -> str:
    """Return the name of a file or place on one line; of a very long one the end."""
    name = _printable(name)
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME :]


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def nearest(name: object, names: Iterable[str]) -> str | None:
    """Return the known name that looks most like ``name``, or None when none is near."""
    known = {known_name.casefold(): known_name for known_name in names}
    wanted = str(name).strip().casefold().replace("-", "_").replace(" ", "_")[:_LONGEST_SHOWN]
    close = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else None


@contextmanager
def located(outer: str, separator: str = ": ") -> Iterator[None]:
    """Set the place of every InputError raised inside to a place in ``outer``."""
    try:
        yield
    except InputError as error:
        raise error.within(outer, separator) from None
