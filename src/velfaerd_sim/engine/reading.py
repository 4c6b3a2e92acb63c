"""Reading a study record: it is input like any other, and may be damaged or made to harm.

Its size is bounded before it is parsed, then its shape is checked, so that whoever reads a record
can rely on the keys that every study has.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.ownership import is_inside
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE, RECORD, ROW_FILES
from velfaerd_sim.errors import (
    InputError,
    StorageError,
    StudyError,
    cannot_read,
    reason_of,
    refusal,
    shown,
)

LARGEST_RECORD_BYTES = 64 * 2**20
_DEEPEST = 40
_LONGEST_PART, _LONGEST_PATH = 255, 3800
"""Bytes in the name of a folder, and in its path: names of files that are written come on top."""
_LARGEST_WHOLE = 2**53 - 1
_SHAPE: dict[str, type | tuple[type, ...]] = {
    "format": int,
    "kind": str,
    "status": str,
    "package": dict,
    "dependencies": dict,
    "scenario": dict,
    "parameters": dict,
    "regimes": list,
    "baseline": str,
    "outcomes": list,
    "design": dict,
    "seeds": list,
    "counts": dict,
    "failures": list,
    "files": dict,
    "command": str,
    "times": dict,
    "fingerprint": str,
}
_NAMES = {dict: "a table", list: "a list", str: "a text", int: "a whole number"}


def read_record(folder: Path) -> dict[str, Any]:
    """The study record of a folder.

    Raises InputError where the folder holds no study, StudyError where the record is not one, or in
    another format than that of this version.
    """
    content = read_any_record(folder)
    if content["format"] != records.FORMAT:
        made = content["package"]
        raise StudyError(
            refusal(
                "other_format",
                name=folder,
                format=content["format"],
                version=made["version"],
                source=made["source_digest"][:12],
                own=records.FORMAT,
            )
        )
    return content


def read_any_record(folder: Path) -> dict[str, Any]:
    """The study record of a folder, whatever its format. Raises as `read_record`."""
    path = folder / RECORD
    check_name(folder, "folder")
    try:
        if not folder.is_dir():
            raise InputError("folder", str(folder), "a folder with a study")
        if not path.is_file():
            raise InputError("folder", str(folder), refusal("no_study", name=RECORD))
        size = path.stat().st_size
        if size > LARGEST_RECORD_BYTES:
            allowed = refusal("most", size=LARGEST_RECORD_BYTES // 2**20)
            raise InputError(RECORD, f"{size / 2**20:.0f} MB", allowed)
        text = path.read_bytes()
    except OSError as error:
        raise StorageError(cannot_read(path, error)) from None
    try:
        content = parsed(text)
        _check_shape(content)
    except ValueError as error:
        raise StudyError(refusal("no_record", name=path, reason=reason_of(error))) from None
    return content


def check_name(folder: Path, place: str) -> None:
    """Raise InputError where the name of a folder is too long, or cannot be written in UTF-8."""
    try:
        parts = str(folder.absolute()).encode().split(os.sep.encode())
    except (UnicodeEncodeError, OSError):
        raise InputError(place, str(folder), "a folder whose name is text in UTF-8") from None
    if max(map(len, parts)) > _LONGEST_PART or sum(map(len, parts)) > _LONGEST_PATH:
        allowed = f"a path of at most {_LONGEST_PATH} bytes, each part of at most {_LONGEST_PART}"
        raise InputError(place, str(folder), allowed)


@contextmanager
def damage_told(record: Mapping[str, Any], folder: Path) -> Iterator[None]:
    """Turn what goes wrong inside because of a changed record or file into a StudyError.

    Where all are as they were written, what goes wrong is a fault of the program.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        name = changed_in(record, folder)
        if not name:
            raise
        raise StudyError(
            f"{folder / name} was changed after it was written and cannot be read any more: "
            f"{type(error).__name__}: {reason_of(error)}"
        ) from None


def changed_in(record: Mapping[str, Any], folder: Path) -> str:
    """The first file of a study that is not as it was written; '' where all are."""
    if not is_unchanged(record):
        return RECORD
    files = record["files"].items()
    return next((name for name, entry in files if not is_as_written(folder / name, entry)), "")


def is_unchanged(record: Mapping[str, Any]) -> bool:
    """Whether the fingerprint of a record fits what stands in it."""
    return bool(record.get("fingerprint") == records.fingerprint(record))


def sha256(path: Path) -> str:
    """SHA-256 (hex) of a file. Raises StorageError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(cannot_read(path, error)) from None


def is_as_written(path: Path, entry: Mapping[str, Any]) -> bool:
    """Whether a file is there and has the digest of its entry in a record."""
    try:
        return sha256(path) == entry.get("sha256")
    except StorageError:
        return False


def parsed(text: bytes) -> dict[str, Any]:
    """A table of a JSON text, bounded in depth and numbers. Raises ValueError."""
    try:
        content = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("its values stand too deep inside each other") from None
    if not isinstance(content, dict):
        raise ValueError("it is no table")
    _check_values(content)
    return content


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _finite(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise ValueError(f"{word[:20]} is too large a number")
    return value


def _check_values(content: Any) -> None:
    waiting = [(content, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("its values stand too deep inside each other")
        if isinstance(value, dict):
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
            raise ValueError("a whole number in it is too large")
        elif isinstance(value, str) and not value.isprintable():
            value.encode()  # half a character cannot be written anywhere


def _check_shape(content: dict[str, Any]) -> None:
    for key, wanted in _SHAPE.items():
        if key not in content:
            raise ValueError(f"{key} is missing")
        value = content[key]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise ValueError(f"{key} is {shown(value)}; allowed: {_NAMES[wanted]}")  # type: ignore[index]
    if content["status"] not in (COMPLETE, INCOMPLETE):
        raise ValueError(f"status is {shown(content['status'])}; allowed: complete, incomplete")
    for place in ("package", "dependencies"):
        _all(content[place].values(), str, place)
    for place in ("regimes", "failures"):
        _all(content[place], dict, place)
    _all(content["outcomes"], str, "outcomes")
    _all(content["seeds"], int, "seeds")
    for key in ("version", "model_digest", "source_digest"):
        if key not in content["package"]:
            raise ValueError(f"package.{key} is missing")
    for key in ("planned", "done", "failed"):
        value = content["counts"].get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"counts.{key} is {shown(value)}; allowed: a whole number from 0 on")
    _check_files(content["files"])
    if not isinstance(content.get(ROW_FILES, []), list):
        raise ValueError(f"{ROW_FILES} is {shown(content[ROW_FILES])}; allowed: a list")
    _all(content.get(ROW_FILES, []), str, ROW_FILES)
    _check_times(content["times"])


def _all(values: Any, wanted: type, place: str) -> None:
    for value in values:
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise ValueError(f"{place} holds {shown(value)}; allowed: {_NAMES[wanted]} each")


def _check_files(files: dict[str, Any]) -> None:
    for name, entry in files.items():
        if not is_inside(Path(), name) or "\\" in name:
            raise ValueError(f"files names {shown(name)}, which is not inside of the folder")
        if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
            raise ValueError(f"files.{shown(name)} has no sha256")


def _check_times(times: dict[str, Any]) -> None:
    for key in ("started", "finished"):
        if not isinstance(times.get(key), str | None):
            raise ValueError(f"times.{key} is {shown(times[key])}; allowed: a text")
    seconds = times.get("seconds", 0.0)
    if not isinstance(seconds, int | float | None) or isinstance(seconds, bool):
        raise ValueError(f"times.seconds is {shown(seconds)}; allowed: a number")
