"""Surveys that could be made: whom one would ask, how many, for how long.

Those that come with the package stand in `data/surveys/`, one TOML file a survey; a file of one's
own has the same form, see :func:`read_survey`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError, located
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.toml_files import read_text, read_toml

VOLUNTEERS, DIARY, TRIAL, PANEL = "volunteers", "diary", "trial", "panel"
KINDS = (VOLUNTEERS, DIARY, TRIAL, PANEL)
LASTING = (DIARY, TRIAL, PANEL)
"""Kinds that take some months."""
FORMATS = ("one_to_one", "group")
MOST_SURVEYS = 50
EXAMPLE = "volunteers_in_twelve_towns"
_TEXTS = ("label_en", "label_da", "source")


@dataclass(frozen=True)
class Survey:
    """A survey. Raises InputError, naming the key, where something in it is wrong.

    kind: 'volunteers' (a questionnaire), 'diary' (staff write down their hours), 'trial' (company
    offered at random to lonely people), 'panel' (citizens asked twice, `months` apart).
    municipalities, adults: how many towns, and adults in each; town_kind: their kind. people: asked
    in each town (trial: taken in); response: share of them who answer. months: of the diary, of
    the trial, between the rounds of the panel. spread: standard deviation of the logarithm of the
    hours that one staff member writes down in a month, about those that were used. format: of the
    company that a trial offers.
    """

    name: str
    kind: str
    label_en: str
    label_da: str
    source: str = ""
    municipalities: int = 12
    adults: int = 5000
    town_kind: str = "provincial_city"
    people: int = 50
    response: float = 0.6
    months: int = 12
    spread: float = 0.5
    format: str = "one_to_one"

    def __post_init__(self) -> None:
        """Check."""
        checks.word(self.name, "name")
        checks.one_of(self.kind, "kind", KINDS)
        checks.one_of(self.town_kind, "town_kind", MUNICIPALITY_KINDS)
        checks.one_of(self.format, "format", FORMATS)
        checks.whole(self.municipalities, "municipalities", 1, 98)
        checks.whole(self.adults, "adults", 500, 100_000)
        checks.whole(self.people, "people", 1, 10_000)
        checks.whole(self.months, "months", 1, 60)
        checks.number(self.response, "response", 0.01, 1.0)
        checks.number(self.spread, "spread", 0.0, 5.0)

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en

    def to_dict(self) -> dict[str, Any]:
        """Plain values, from which :func:`survey_of` makes the same."""
        return asdict(self)


SURVEY_KEYS = tuple(field.name for field in fields(Survey))


@cache
def shipped() -> tuple[Survey, ...]:
    """The surveys that come with the package."""
    folder = files("velfaerd_sim.inputs").joinpath("data/surveys")
    paths = sorted(Path(str(each)) for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(map(read_survey, paths))


def example() -> str:
    """A survey as the text of a TOML file."""
    path = files("velfaerd_sim.inputs").joinpath(f"data/surveys/{EXAMPLE}.toml")
    return path.read_text("utf-8")


def load_surveys(references: Sequence[str | Path | Survey] | None) -> tuple[Survey, ...]:
    """The surveys that are asked for: names, TOML files or Surveys; those of the package for None.

    Raises InputError naming file and key, or the nearest name.
    """
    if references is None:
        return shipped()
    known = {survey.name: survey for survey in shipped()}
    found: dict[str, Survey] = {}
    for each in references:
        if isinstance(each, Survey):
            survey = each
        elif str(each).endswith(".toml"):
            with located("survey"):
                survey = read_survey(Path(each))
        else:
            survey = known[checks.one_of(str(each), "survey", tuple(known))]
        if survey.name in found:
            raise InputError("survey", survey.name, "each survey once, by its own name")
        found[survey.name] = survey
    if len(found) > MOST_SURVEYS:
        raise InputError("survey", len(found), f"at most {MOST_SURVEYS} surveys")
    return tuple(found.values())


def read_survey(path: Path) -> Survey:
    """Read a survey from a TOML file. Raises InputError, naming file and key.

    A file holds `kind` and any other key of :class:`Survey`; the name is the file's where it is
    left out. `velfaerd value --example` prints one with what each key means.
    """
    read_text(path)
    content = read_toml(path)
    with located(path.name):
        return survey_of({"name": path.stem, **content})


def survey_of(content: Mapping[str, Any]) -> Survey:
    """The survey in plain values. Raises InputError."""
    keys = checks.table(content, "", SURVEY_KEYS)
    checks.needed(keys, "kind", f"one of {', '.join(KINDS)}")
    name = checks.word(keys["name"], "name")
    texts = {key: checks.text(keys.get(key, ""), key) for key in _TEXTS}
    texts["label_en"] = texts["label_en"] or name
    texts["label_da"] = texts["label_da"] or texts["label_en"]
    return Survey(**{**keys, **texts})
