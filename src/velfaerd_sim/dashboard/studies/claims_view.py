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

from velfaerd_sim.errors import StorageError, cannot_read, refusal
from velfaerd_sim.reporting.files import figures_path
from velfaerd_sim.studies.claims.verdicts import WORDS
from velfaerd_sim.telling.words import Words

CONCLUSIONS = Path("claims") / "conclusions.json"
LARGEST_BYTES = 16 * 2**20
PARTS = (
    *("readings", "criteria", "best", "conditions", "leanings", "arrow", "robustness"),
    "overturn",
)
"""What is told of a claim, in this order."""


@dataclass(frozen=True)
class ClaimText:
    """A claim in one language: statement, sources, verdict, and the sentences behind it.

    word: one of the words of verdicts, for its colour; shares: the least and the largest share of
    worlds in which a reading that counts is met, none where none does; parts: texts by what they
    tell, in the order of PARTS, empty ones left out.
    """

    id: str
    statement: str
    sources: tuple[str, ...]
    word: str
    says: str
    shares: tuple[float, ...]
    verdict: str
    parts: Mapping[str, tuple[str, ...]]


def claims_of(folder: Path, language: str) -> list[ClaimText]:
    """Read the claims of a study; none where nothing was concluded yet.

    Raises StorageError where the file is not what `velfaerd claims` writes.
    """
    path = folder / CONCLUSIONS
    if not path.is_file():
        return []
    content = _read(path)
    try:
        return [_told(each, language) for each in json.loads(content)["claims"]]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise StorageError(cannot_read(CONCLUSIONS.as_posix(), error)) from None


def _told(each: Mapping[str, Any], language: str) -> ClaimText:
    said, words = each["sentences"][language], Words(language)
    if each["word"] not in WORDS:
        raise ValueError(each["word"])
    texts = dict(said) | {"overturn": each["overturn"][language]}
    parts = {key: _texts(texts.get(key)) for key in PARTS}
    codes = [code.strip() for code in str(each["source"]).split(",")]
    readings = each["sets"][0]["readings"]
    shares = [float(one["share"]) for one in readings if one["counts"]]
    return ClaimText(
        id=str(each["id"]),
        statement=str(each["statement"][language]),
        sources=tuple(words.name("source", code) for code in codes),
        word=str(each["word"]),
        says=str(said["word"]),
        shares=(min(shares), max(shares)) if shares else (),
        verdict=str(said["verdict"]),
        parts={key: found for key, found in parts.items() if found},
    )


def _texts(value: object) -> tuple[str, ...]:
    """One text or several; empty ones are left out."""
    given = value if isinstance(value, list) else [value]
    return tuple(str(text) for text in given if text)


def figure_of(folder: Path, claim: str, language: str = "en") -> tuple[str, str]:
    """The figure of a claim as the source of an image, and its language; '' where there is none.

    A study that was judged before figures were drawn in other languages has the English one only.
    As an image a drawing can neither run code nor ask other hosts for anything.
    """
    for each in (language, "en"):
        path = figures_path(folder, each) / f"{claim}.svg"
        if claim.isalnum() and path.is_file():
            encoded = base64.b64encode(_read(path)).decode("ascii")
            return f"data:image/svg+xml;base64,{encoded}", each
    return "", language


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise StorageError(refusal("larger", name=path.name, size=LARGEST_BYTES // 2**20))
        return path.read_bytes()
    except OSError as error:
        raise StorageError(cannot_read(path.name, error)) from None
