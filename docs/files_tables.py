"""What may stand in the files that commands read, for files.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from velfaerd_sim.cli.example_files import example
from velfaerd_sim.inputs import surveys
from velfaerd_sim.inputs.places import PLACE_KEYS
from velfaerd_sim.inputs.regime_files import REGIME_KEYS, TIMELINE_KEYS
from velfaerd_sim.inputs.scenarios import SCENARIO_KEYS
from velfaerd_sim.studies.calibrate.plan import CALIBRATION_KEYS
from velfaerd_sim.studies.sweep.study_files import STUDY_KEYS
from velfaerd_sim.studies.trial import files as trials
from velfaerd_sim.telling.place.forms import example_text

Markdown = Callable[[Sequence[str], Iterable[Sequence[object]]], str]
KINDS: dict[str, tuple[Sequence[str], Callable[[], str]]] = {
    "study": (STUDY_KEYS, partial(example, "study")),
    "scenario": (SCENARIO_KEYS, partial(example, "scenario")),
    "regime": (REGIME_KEYS, partial(example, "regime")),
    "timeline": (TIMELINE_KEYS, partial(example, "timeline")),
    "place": (PLACE_KEYS, example_text),
    "trial": (trials.TRIAL_KEYS, trials.example),
    "calibration": (CALIBRATION_KEYS, partial(example, "calibration")),
    "survey": (surveys.SURVEY_KEYS, surveys.example),
}
"""The keys of each kind of file, and an example that shows each of them."""


def keys_of(kind: str) -> str:
    """The keys of a kind of file, and the example that shows each of them."""
    keys, shown = KINDS[kind]
    names = ", ".join(f"`{key}`" for key in keys)
    return f"All keys: {names}.\n\n```toml\n{shown()}```\n"


SECTIONS: dict[str, Callable[[Markdown], str]] = {
    f"{kind}_file": lambda markdown, kind=kind: keys_of(kind) for kind in KINDS
}
