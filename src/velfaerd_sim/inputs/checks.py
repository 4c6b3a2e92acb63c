"""The checks that every input passes: numbers, whole numbers, words, tables.

Each returns the value in its plain Python type or raises InputError at ``place``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

from velfaerd_sim.errors import MISSING, InputError, nearest, refusal

_LONGEST_NAME = 80
_LONGEST_TEXT = 4000
_MOST_NAMED = 40


def plain(value: float) -> str:
    """Return a number as a reader writes it: 120, not 120.0."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def number(value: object, place: str, low: float, high: float) -> float:
    """Return a finite number in [low, high] as a float; truth values are not numbers."""
    allowed = refusal("number_between", low=plain(low), high=plain(high))
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(place, value, allowed)
    try:
        result = float(value) + 0.0  # turns -0.0 into 0.0
    except (OverflowError, ValueError):
        raise InputError(place, value, allowed) from None
    if not math.isfinite(result) or not low <= result <= high:
        raise InputError(place, value, allowed)
    return result


def whole(value: object, place: str, low: int, high: int) -> int:
    """Return a whole number in [low, high] as an int; 12.0 and True are not whole numbers."""
    result = int(value) if isinstance(value, Integral) and not isinstance(value, bool) else low - 1
    if not low <= result <= high:
        raise InputError(place, value, refusal("whole_between", low=low, high=high))
    return result


def flag(value: object, place: str) -> bool:
    """Return a truth value; 0 and 1 are not truth values."""
    if not isinstance(value, bool):
        raise InputError(place, value, "true or false")
    return value


def word(value: object, place: str) -> str:
    """Return a name: 1 to 80 printable characters, no blanks around it, no slashes."""
    ok = (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_NAME
        and value.isprintable()
        and value == value.strip()
        and "/" not in value
        and "\\" not in value
    )
    if not ok:
        raise InputError(place, value, refusal("name", most=_LONGEST_NAME))
    return str(value)


def text(value: object, place: str) -> str:
    """Return a text of at most 4 000 characters, possibly empty, possibly of several lines."""
    ok = (
        isinstance(value, str)
        and len(value) <= _LONGEST_TEXT
        and all(c.isprintable() or c == "\n" for c in value)
    )
    if not ok:
        raise InputError(place, value, f"a text of at most {_LONGEST_TEXT} characters")
    return str(value)


def one_of(value: object, place: str, names: Collection[str]) -> str:
    """Return a known name."""
    if not isinstance(value, str) or value not in names:
        raise InputError(
            place, value, refusal("one_of", names=", ".join(names)), nearest(value, names)
        )
    return str(value)


def table(value: object, place: str, keys: Iterable[str]) -> dict[str, Any]:
    """Return a table as a dict after checking that it has known keys only."""
    if not isinstance(value, Mapping):
        raise InputError(place, value, refusal("table"))
    known = list(keys)
    for key in value:
        if key not in known:
            more = f", ... ({len(known)})" if len(known) > _MOST_NAMED else ""
            names = ", ".join(known[:_MOST_NAMED]) + more
            raise InputError(place, key, refusal("keys", names=names), nearest(key, known))
    return dict(value)


def plain_values(value: object, place: str) -> None:
    """Raise InputError where a value, or one inside of it, is a date or no finite number."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            plain_values(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, start=1):
            plain_values(inner, f"{place}[{number}]")
    elif not isinstance(value, str | int | float) or not math.isfinite(_or_zero(value)):
        raise InputError(place, value, "a text, a finite number, true or false")


def _or_zero(value: str | int | float) -> float:
    return value if isinstance(value, float) else 0.0


def needed(content: Mapping[str, Any], key: str, allowed: str) -> Any:
    """Return the value of a key that must be there."""
    if key not in content:
        raise InputError(key, MISSING, allowed)
    return content[key]


def items(value: object, place: str, allowed: str) -> list[Any]:
    """Return a list or tuple as a list."""
    if not isinstance(value, list | tuple):
        raise InputError(place, value, allowed)
    return list(value)
