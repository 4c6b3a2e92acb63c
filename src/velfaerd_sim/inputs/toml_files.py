"""TOML files: read with errors that name file and line, and written without loss."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError, refusal

_LARGEST_FILE_BYTES, _LARGEST_TOML_BYTES = 16_000_000, 4_000_000
_DEEPEST_KEY, _MOST_TABLES, _MOST_VALUES = 20, 10_000, 200_000
_PART = r"""[ \t]*(?:[A-Za-z0-9_-]{1,200}|"(?:[^"\\]|\\.){0,200}"|'[^']{0,200}')[ \t]*"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.){{{_DEEPEST_KEY}}}")
_DOUBLED = ("Cannot overwrite a value", "twice", "Duplicate inline table key", "Cannot mutate")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises InputError when there is no such file, when it is a folder, too large, or not UTF-8.
    """
    place = path.name or str(path)
    try:
        if path.is_dir():
            raise InputError(place, str(path), "a file, and this is a folder")
        if not path.exists():
            raise InputError(place, str(path), "a file that exists")
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(place, str(path), f"a file that can be read ({reason})") from None
    if len(content) > _LARGEST_FILE_BYTES:
        raise InputError(place, str(path), refusal("small_file", bytes=_LARGEST_FILE_BYTES))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"byte 0x{content[error.start]:02x}"
        raise InputError(f"{place}, line {line}", byte, "text in UTF-8") from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file as plain dicts, lists and values.

    Raises InputError for everything :func:`read_text` raises, for a syntax error and for a key
    that stands twice, with file and line.
    """
    content = read_text(path)
    _check_keys(path.name, content)
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path.name, content, str(error)) from None
    except (ValueError, RecursionError) as error:
        # numbers of thousands of digits, tables nested hundreds deep
        raise InputError(path.name, "the file", refusal("toml", message=error)) from None


def _check_keys(name: str, content: str) -> None:
    """Refuse values and tables without end and keys of very many parts, before they are parsed."""
    if len(content) > _LARGEST_TOML_BYTES:
        allowed = refusal("small_file", bytes=_LARGEST_TOML_BYTES)
        raise InputError(name, f"{len(content)} characters", allowed)
    values = content.count(",") + content.count("=")
    if values > _MOST_VALUES:
        raise InputError(name, f"about {values} values", f"at most {_MOST_VALUES} values")
    tables = 0
    for number, line in enumerate(content.splitlines(), 1):
        place = f"{name}, line {number}"
        tables += line.lstrip().startswith("[")
        if tables > _MOST_TABLES:
            raise InputError(place, line.strip(), f"at most {_MOST_TABLES} tables")
        if line.count(".") >= _DEEPEST_KEY and (found := _DEEP_KEY.search(line)):
            raise InputError(place, found[0], refusal("shallow", parts=_DEEPEST_KEY))


def _syntax_error(name: str, content: str, message: str) -> InputError:
    lines = content.splitlines() or [""]
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    line = min(int(found[1]), len(lines)) if found else len(lines)
    reason = re.sub(r"\s*\(at [^()]*\)$", "", message)
    doubled = any(sign in message for sign in _DOUBLED)
    allowed = "each key and table once" if doubled else refusal("toml", message=reason)
    return InputError(f"{name}, line {line}", lines[line - 1].strip(), allowed)


def toml_text(content: Mapping[str, Any]) -> str:
    """Return plain dicts, lists and values as TOML text that reads back as the same content.

    Plain values come first, then tables, then lists of tables; what lies deeper is written inline.
    """
    plain, tables, lists = [], [], []
    for key, value in content.items():
        if isinstance(value, Mapping):
            rows = [f"{_key(k)} = {_value(v)}" for k, v in value.items()]
            tables.append("\n".join([f"[{_key(key)}]", *rows]))
        elif isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            for entry in value:
                rows = [f"{_key(k)} = {_value(v)}" for k, v in entry.items()]
                lists.append("\n".join([f"[[{_key(key)}]]", *rows]))
        else:
            plain.append(f"{_key(key)} = {_value(value)}")
    return "\n\n".join(part for part in ["\n".join(plain), *tables, *lists] if part) + "\n"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    raise TypeError(f"no TOML form for {type(value).__name__}")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _string(value: str) -> str:
    def escaped(character: str) -> str:
        if character in _ESCAPES:
            return _ESCAPES[character]
        code = ord(character)
        return f"\\u{code:04X}" if code < 0x20 or code == 0x7F else character

    return '"' + "".join(escaped(c) for c in value) + '"'
