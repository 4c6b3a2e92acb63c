"""The study of a place, as any page may ask for it: whether it is there, which worlds it gave."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from velfaerd_sim.dashboard.frame.stated_place import StatedPlace, packaged_towns
from velfaerd_sim.dashboard.parts.long_studies import SHELF
from velfaerd_sim.inputs.worlds import FILE, Worlds, read_worlds
from velfaerd_sim.telling.words import Words

LEARNT_IN = "results/municipality"
"""The folder of the study of a place, as commands that the pages tell name it."""


def asked(stated: StatedPlace) -> tuple[str, StatedPlace]:
    """What the study of a place is kept by."""
    return "place", stated


def known(stated: StatedPlace) -> Path | None:
    """The folder of the study of a place, where it is done."""
    return SHELF.known(asked(stated))


def worlds_of(stated: StatedPlace) -> Worlds | None:
    """The worlds that agree with a place's figures; None where they were not learnt here."""
    folder = known(stated)
    return None if folder is None else _worlds_in(folder)


def place_name(stated: StatedPlace, words: Words) -> str:
    """What a place is called in a sentence."""
    if stated.code:
        return packaged_towns()[stated.code].name
    return words("common.your_municipality")


@lru_cache(maxsize=4)
def _worlds_in(folder: Path) -> Worlds:
    return read_worlds(folder / FILE)
