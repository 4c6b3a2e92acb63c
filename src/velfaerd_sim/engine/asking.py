"""Which version of the code asked the model: a digest beside that of the model itself.

The digest of the model covers what runs it. What is asked of a run, and how it is read, stands in a
few files of this room; an edit there moves readings too. Readings of two versions must not mix, so
a study of readings carries the digest of these files, and only the same version adds to it. A study
that is finished opens, verifies and reports with any version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from velfaerd_sim.digests import digest_of
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.errors import StudyError

ASKING = "asking_digest"
"""The key of a record."""

_STEPS = ("instruments/time_steps.py", "instruments/conditions.py")
FILES = {
    "calibration": ("instruments/readings.py",),
    "recovery": ("instruments/readings.py",),
    "value": ("instruments/survey_answers.py",),
    "validation": (
        "instruments/readings.py",
        "instruments/held_out.py",
        "instruments/signs.py",
        *_STEPS,
    ),
    "robustness": _STEPS,
    "trial": ("studies/trial/lives.py",),
    "place": ("studies/place/work.py", "instruments/place_figures.py"),
    "advise": ("studies/advise/work.py",),
    "claims": (
        "studies/claims/worker.py",
        "instruments/claim_measures.py",
        "studies/claims/readings.py",
    ),
}
"""The files that ask the model, by the kind of study."""


def asking_digest(kind: str) -> str:
    """SHA-256 (hex) over the code of the files that ask the model in a kind of study."""
    return digest_of(FILES[kind])


def asked_alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the same version asked in both; a record that does not tell is of another."""
    return bool(old.get(ASKING) == new[ASKING])


def asked_otherwise(record: Mapping[str, Any]) -> bool:
    """Whether a record tells that another version than this one asked the model."""
    return ASKING in record and record[ASKING] != asking_digest(record["kind"])


def check_asking(
    old: Mapping[str, Any], new: Mapping[str, Any], folder: str, adds_nothing: bool
) -> None:
    """Raise StudyError where readings would be added to those of another version of the code.

    adds_nothing: the folder would have all that is asked for, were it finished.
    """
    if asked_alike(old, new) or (adds_nothing and old.get("status") == COMPLETE):
        return
    raise StudyError(
        f"out: '{folder}' holds readings by another version of the code that asks the model, and "
        "those of two versions must not mix; go on with that version, choose another folder or "
        "have this one overwritten"
    )


def keep_asking(old: Mapping[str, Any] | None, record: dict[str, Any]) -> None:
    """Let a record say who asked what it takes over: what the old one says, or nothing."""
    if old is None:
        return
    if ASKING in old:
        record[ASKING] = old[ASKING]
    else:
        record.pop(ASKING, None)
