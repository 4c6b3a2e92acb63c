"""What was written beside a study: the digests of its reports, figures and tables for readers.

A record is fixed once its study ran; what is told of the study is written again and again, in two
languages. So those digests stand in a file of their own. Before a file is replaced it is noted what
will stand there and what stands there now: a stop between the two leaves neither of them wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.ownership import is_inside
from velfaerd_sim.engine.reading import parsed, sha256
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import StorageError, StudyError, cannot_read, reason_of, refusal, shown

WRITTEN = "written.json"
WRITTEN_LOCK = ".velfaerd.written.lock"
"""Held for as long as a digest is entered."""
LARGEST_BYTES = 16 * 2**20
DIGEST, BEFORE = "sha256", "before"
"""Of an entry: the digest of what was, or is about to be, written; only for as long as that is
under way, the digest of what stands there, None where nothing does."""
Entry = dict[str, str | None]
_HEX = re.compile(r"[0-9a-f]{64}")


def read_written(folder: Path) -> dict[str, Entry]:
    """The entries of a study folder by name, none where nothing was written.

    Raises StudyError where they were changed, StorageError where they cannot be read.
    """
    path = folder / WRITTEN
    try:
        if not path.is_file():
            return {}
        if (size := path.stat().st_size) > LARGEST_BYTES:
            raise ValueError(f"it is {size / 2**20:.0f} MB large")
        content = parsed(path.read_bytes())
        return _entries(content)
    except OSError as error:
        raise StorageError(cannot_read(path, error)) from None
    except ValueError as error:
        raise StudyError(refusal("changed_digests", name=path, reason=reason_of(error))) from None


def text_of(files: Mapping[str, Entry]) -> str:
    """The content of the file with some entries."""
    content = {"format": 1, "files": dict(sorted(files.items()))}
    return (
        json.dumps({**content, DIGEST: _digest(content["files"])}, indent=1, allow_nan=False) + "\n"
    )


def _digest(files: Any) -> str:
    plain = json.dumps(files, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _entries(content: Mapping[str, Any]) -> dict[str, Entry]:
    files = content.get("files")
    if not isinstance(files, dict) or content.get("format") != 1:
        raise ValueError("it names no files")
    if content.get(DIGEST) != _digest(files):
        raise ValueError("its digest does not fit its content")
    for name, entry in files.items():
        if not is_inside(Path(), name) or "\\" in name or name == RECORD:
            raise ValueError(f"it names {shown(name)}, which is no file beside the study")
        good = isinstance(entry, dict) and {DIGEST} <= {*entry} <= {DIGEST, BEFORE}
        if not good or not _is_digest(entry[DIGEST]):
            raise ValueError(f"{shown(name)} has no sha256")
        if entry.get(BEFORE) is not None and not _is_digest(entry[BEFORE]):
            raise ValueError(f"{shown(name)} has no sha256 of before")
    return files


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and bool(_HEX.fullmatch(value))


def digest_there(path: Path) -> str | None:
    """The digest of a file, None where there is none. Raises StorageError."""
    return sha256(path) if path.is_file() else None


def is_as_noted(path: Path, entry: Entry) -> bool:
    """Whether a file is what an entry says, or what it was while it was about to be replaced."""
    return digest_there(path) in {entry[DIGEST], entry.get(BEFORE, entry[DIGEST])}


def changed_or_lost(folder: Path, files: Mapping[str, Entry]) -> Iterator[tuple[str, bool]]:
    """Files that are not as they were written, each with whether it is still there."""
    for name, entry in files.items():
        path = folder / name
        if not is_inside(folder, name) or not is_as_noted(path, entry):
            yield name, path.is_file()
