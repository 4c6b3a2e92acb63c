"""How a municipality governs today: a regime's name, instruments, or answers to twelve questions.

The questions, their answers' values and how far these may be off stand in `data/questions.toml`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.errors import InputError, located
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import DATA
from velfaerd_sim.inputs.regime_files import timeline_from_table
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO, Regime, Timeline
from velfaerd_sim.inputs.toml_files import read_toml

LETTERS = ("a", "b", "c", "d")
TODAY = "today"
"""The name of a place's own governance, unless it is a named one."""
_OWN: dict[str, Any] = {
    "name": TODAY,
    "label_en": "As it is governed today",
    "label_da": "Som der styres i dag",
    "summary_en": "",
    "summary_da": "",
}


@dataclass(frozen=True)
class Question:
    """A question on one instrument, with four answers, a to d, in English and Danish."""

    id: str
    instrument: str
    en: str
    da: str
    answers_en: tuple[str, ...]
    answers_da: tuple[str, ...]

    def text(self, language: str = "en") -> str:
        """The question in English ('en') or Danish ('da')."""
        return self.da if language == "da" else self.en

    def answers(self, language: str = "en") -> tuple[str, ...]:
        """The four answers in English ('en') or Danish ('da')."""
        return self.answers_da if language == "da" else self.answers_en


@dataclass(frozen=True)
class Questionnaire:
    """The questions; the value of each answer; standard deviations with and without an answer."""

    questions: tuple[Question, ...]
    values: Mapping[str, float]
    answered: float
    unanswered: float
    source: str


@cache
def questionnaire() -> Questionnaire:
    """The questions as they come with the package."""
    content = read_toml(DATA / "questions.toml")
    lists = ("answers_en", "answers_da")
    asked = tuple(
        Question(**{**each, **{name: tuple(each[name]) for name in lists}})
        for each in content["question"]
    )
    sds = content["sd_of_an_answer"], content["sd_without_an_answer"]
    return Questionnaire(asked, content["values"], *sds, content["source"])


@dataclass(frozen=True)
class Governing:
    """A place's governance today: over time as regimes are, and how sure each instrument is.

    sd: standard deviation of every instrument, in their order; zero where it was given. answers:
    letters by question, where it was asked.
    """

    timeline: Timeline
    sd: tuple[float, ...] = (0.0,) * len(INSTRUMENTS)
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def regime(self) -> Regime:
        """The regime in force today."""
        return self.timeline.phases[0].regime

    def drawn(self, seed: int, draw: int) -> Timeline:
        """The governance that the answers may stand for: normal errors, cut to 0 to 1."""
        if not any(self.sd):
            return self.timeline
        word = f"velfaerd_sim governing {seed} {draw}".encode()
        generator = np.random.default_rng(int.from_bytes(hashlib.sha256(word).digest()[:8], "big"))
        errors = (np.array(self.sd) * generator.normal(size=len(self.sd))).tolist()
        values = {
            name: round(min(1.0, max(0.0, value + error)), 6)
            for name, value, error in zip(INSTRUMENTS, self.regime.instruments, errors, strict=True)
        }
        return Timeline.of(replace(self.regime, **values))

    def to_dict(self) -> dict[str, Any]:
        """Plain values from which :meth:`from_dict` makes the same."""
        answers = {"answers": dict(self.answers)} if self.answers else {}
        return {"timeline": self.timeline.to_dict(), "sd": list(self.sd), **answers}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Governing:
        """The governance in plain values."""
        answers = tuple(dict(content.get("answers", {})).items())
        return cls(timeline_from_table(content["timeline"]), tuple(content["sd"]), answers)

    def to_toml_table(self) -> dict[str, Any]:
        """The regime as a file with an own regime holds it."""
        named = REGIMES.get(self.regime.name) == self.regime
        return {"based_on": self.regime.name, "name": TODAY} if named else self.regime.to_dict()


STATUS_QUO_TODAY = Governing(Timeline.of(REGIMES[STATUS_QUO]))
"""What a place that does not say how it governs is taken to do."""


def governing_of(content: object, place: str, folder: Path | None) -> Governing:
    """The governance in a table: `regime` (a name or file), `instruments`, or `answers`.

    Raises InputError for anything else, and for more than one of them.
    """
    keys = checks.table(content, place, ("regime", "instruments", "answers"))
    if len(keys) != 1:
        raise InputError(place, ", ".join(keys) or "none", "regime, instruments or answers, one")
    with located(place, "."):
        if "answers" in keys:
            return _from_answers(keys["answers"])
        table = keys if "regime" in keys else _instruments(keys["instruments"])
        timeline = timeline_from_table(table, folder, TODAY)
        regime = timeline.single()
        if regime is None or timeline.departments:
            raise InputError("regime", timeline.name, "one regime, not several over time")
    return Governing(Timeline.of(regime))


def _instruments(content: object) -> dict[str, Any]:
    keys = checks.table(content, "instruments", (*INSTRUMENTS, "espoused_gap", "based_on"))
    return {**_OWN, "based_on": STATUS_QUO, **keys}


def _from_answers(content: object) -> Governing:
    """The regime that answers stand for: an instrument is the mean of its answers' values."""
    asked = questionnaire()
    ids = [each.id for each in asked.questions]
    keys = checks.table(content, "answers", ids)
    if not keys:
        raise InputError("answers", "none", "at least one answer (see: velfaerd place --questions)")
    values, sds = [], []
    for name, usual in zip(INSTRUMENTS, REGIMES[STATUS_QUO].instruments, strict=True):
        own = [
            asked.values[checks.one_of(keys[each.id], f"answers.{each.id}", LETTERS)]
            for each in asked.questions
            if each.instrument == name and each.id in keys
        ]
        values.append(round(sum(own) / len(own), 6) if own else usual)
        sds.append(asked.answered / math.sqrt(len(own)) if own else asked.unanswered)
    named: dict[str, Any] = dict(zip(INSTRUMENTS, values, strict=True))
    regime = replace(REGIMES[STATUS_QUO], **_OWN, source=asked.source, **named)
    answers = tuple((id, str(keys[id])) for id in ids if id in keys)
    return Governing(Timeline.of(regime), tuple(sds), answers)
