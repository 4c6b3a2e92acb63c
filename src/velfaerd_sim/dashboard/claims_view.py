"""What a study of claims says, as its folder holds it: verdicts, evidence and figures.

The files come from the results folder and are looked at like any input. Nothing here writes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.claim_verdicts import WORDS

CONCLUSIONS = Path("claims") / "conclusions.json"
FIGURES = "figures"
LARGEST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Told:
    """A claim in one language: statement, source, verdict, and the sentences behind it.

    word: one of the words of verdicts, for its colour; criteria: what was read; evidence:
    conditions, assumptions, counter-mechanism, robustness, what would change the verdict.
    """

    id: str
    statement: str
    source: str
    word: str
    says: str
    share: float | None
    verdict: str
    reading: str
    criteria: tuple[str, ...]
    evidence: tuple[str, ...]


def claims_of(folder: Path, language: str) -> list[Told]:
    """Read the claims of a study; none where nothing was concluded yet.

    Raises StorageError where the file is not what `velfaerd claims` writes.
    """
    path = folder / CONCLUSIONS
    if not path.is_file():
        return []
    content = _read(path)
    try:
        return [_told(each, language) for each in json.loads(content)["claims"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StorageError(f"cannot read {CONCLUSIONS.as_posix()}: {error!r}"[:200]) from None


def _told(each: Mapping[str, Any], language: str) -> Told:
    said = each["sentences"][language]
    kept = (said[key] for key in ("conditions", "leanings", "counter", "robustness"))
    share = each["share"]
    if each["word"] not in WORDS:
        raise ValueError(each["word"])
    return Told(
        id=str(each["id"]),
        statement=str(each["statement"][language]),
        source=str(each["source"]),
        word=str(each["word"]),
        says=str(said["word"]) + ("" if each["settled"] else "?"),
        share=None if share is None else float(share),
        verdict=str(said["verdict"]),
        reading=str(each["reading"][language]),
        criteria=tuple(str(text) for text in said["criteria"]),
        evidence=tuple(str(text) for text in (*kept, each["overturn"][language]) if text),
    )


def figure_of(folder: Path, claim: str) -> str:
    """The figure of a claim as the source of an image, '' where there is none.

    As an image a drawing can neither run code nor ask other hosts for anything.
    """
    path = folder / FIGURES / f"{claim}.svg"
    if not claim.isalnum() or not path.is_file():
        return ""
    encoded = base64.b64encode(_read(path)).decode("ascii")
    return f"data:image/svg+xml;base64,{encoded}"


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise StorageError(f"{path.name} is larger than {LARGEST_BYTES // 2**20} MB")
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {path.name}: {error.strerror or error}") from None
