"""The study of a municipality as its page runs it: how much, and how long it takes."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from velfaerd_sim.dashboard.frame.stated_place import FULL, QUICK, StatedPlace
from velfaerd_sim.dashboard.parts.long_studies import seconds_per_adult_month
from velfaerd_sim.dashboard.parts.place_studies import LEARNT_IN
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.inputs.toml_files import toml_text
from velfaerd_sim.reporting.pages.blocks import Page
from velfaerd_sim.reporting.pages.decisions.place import drawn
from velfaerd_sim.reporting.pages.decisions.place import page as report_page
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.place.design import PlaceDesign, checked_place
from velfaerd_sim.studies.place.learning import STEPS
from velfaerd_sim.studies.place.place import load_place_study, place
from velfaerd_sim.studies.place.work import HERE, NATION, READING
from velfaerd_sim.telling.place.words import place_words

FILE = "velfaerd-municipality.toml"
"""What the file of the place is called in the menu."""
WANTED: Mapping[str, Mapping[str, Any]] = {
    QUICK: {"worlds": "plausible:200", "adults": 1000, "months": 36, "replicates": 1},
    FULL: {"worlds": "plausible", "months": 60},
}
"""What a study of a size is asked for; what is not said is as of the command."""


def carry_out(stated: StatedPlace, folder: Path, progress: Progress) -> None:
    """Carry the study out; raises what the study raises."""
    wanted = WANTED[stated.size]
    place(
        stated.table(),
        **wanted,
        out=folder,
        workers=1,
        progress=progress,
        command=command_of(stated),
    )


make = partial(partial, carry_out)
"""The work of a study, given the place."""


def write(folder: Path, progress: Progress | None = None, language: str = "en") -> Path:
    """Write the report of a study; gives its path. It takes no time to be told of."""
    words = place_words(language)
    return write_page(folder, shown_page(folder, language), drawn(load_place_study(folder), words))


def shown_page(folder: Path, language: str) -> Page:
    """The report of a study as blocks; its commands name the folder that the command makes."""
    found = replace(load_place_study(folder), folder=Path(LEARNT_IN))
    return report_page(found, place_words(language))


def command_of(stated: StatedPlace) -> str:
    """The command line that does the same, with the place's file from the menu."""
    words = ["velfaerd", "place", FILE]
    for name, value in WANTED[stated.size].items():
        words += [f"--{name}", str(value)]
    return shlex.join([*words, "--out", LEARNT_IN])


def file_text(stated: StatedPlace) -> str:
    """The place as a file that the command takes."""
    return toml_text(stated.table())


@lru_cache(maxsize=16)
def _design(stated: StatedPlace) -> PlaceDesign:
    return checked_place(stated.table(), **WANTED[stated.size])


def expected_seconds(stated: StatedPlace) -> tuple[float, float]:
    """About how long it takes: where the worlds are weighed, and where they must be moved."""
    design, pace = _design(stated), seconds_per_adult_month()
    shared, count = design.shared, design.everywhere.most
    reading = len(design.national) * shared.adult_months(READING) if design.place.figures else 0.0
    comparing = count * shared.adult_months(HERE)
    if not design.is_national:
        comparing += count * shared.adult_months(NATION)
    return pace * (reading + comparing), pace * ((STEPS + 1) * reading + comparing)
