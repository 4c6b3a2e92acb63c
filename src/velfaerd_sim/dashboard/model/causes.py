"""What drives what: the steps of the month, what one hands to another, and the arcs between them.

It is read from the heads of the files in `processes/`, which a test holds against their code, and
from the order of the month. The documentation and the page of the model draw the same arcs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from typing import NamedTuple

from velfaerd_sim.model.month import ORDER

_HEAD = re.compile(r"^Reads (.*?)^Writes (.*?)^Draws ", re.DOTALL | re.MULTILINE)
_NOT_A_STEP = ("observation",)
"""It counts and changes nothing."""

Columns = set[tuple[str, str]]


@dataclass(frozen=True)
class Look:
    """Sizes of a drawing: from box to box, all its width, that of a box; how far arcs swing out.

    An arc swings by `least`, and by `bend` of the way it goes.
    """

    step: int
    width: int
    box: int
    least: float = 40.0
    bend: float = 0.42

    @property
    def left(self) -> int:
        """Where the boxes begin."""
        return (self.width - self.box) // 2


class Arc(NamedTuple):
    """What one step hands to another: down in the same month, up in the next one."""

    one: str
    other: str
    title: str
    down: bool
    path: str
    tip: str
    stroke: float


def steps() -> list[tuple[str, str]]:
    """The steps of the month in their order: the file, and in words all that it does."""
    found: dict[str, list[str]] = {}
    for process, words in ORDER:
        if process not in _NOT_A_STEP:
            found.setdefault(process, []).append(re.sub(r" \(.*?\)", "", words))
    return [(process, "; ".join(words)) for process, words in found.items()]


@cache
def carried() -> dict[tuple[str, str], Columns]:
    """(from, to) -> the columns that one step writes and the other reads."""
    uses = {process: _uses(process) for process, _ in steps()}
    found = {
        (one, other): uses[one][1] & uses[other][0]
        for one, other in product(uses, repeat=2)
        if one != other
    }
    return {pair: columns for pair, columns in found.items() if columns}


def arcs(look: Look) -> list[Arc]:
    """An arc for all that one step hands to another, on the right down, on the left up."""
    place = {name: look.step * row + look.step // 2 for row, (name, _) in enumerate(steps())}
    found = []
    for (one, other), columns in carried().items():
        begin, end = place[one], place[other]
        down = end > begin
        edge, way = (look.left + look.box, 1) if down else (look.left, -1)
        reach = edge + way * (look.least + look.bend * abs(end - begin))
        begin, end = begin + way * 8, end - way * 8
        path = f"M {edge} {begin} C {reach:.0f} {begin}, {reach:.0f} {end}, {edge + way * 9} {end}"
        tip = f"M {edge + way * 2} {end} l {way * 9} -5 l 0 10 z"
        title = f"{one} → {other}: {listed(columns)}"
        found.append(Arc(one, other, title, down, path, tip, 1.0 + 0.35 * len(columns)))
    return found


def listed(columns: Columns, mark: str = "") -> str:
    """Columns in words, each between marks."""
    return ", ".join(f"{mark}{entity}.{name}{mark}" for entity, name in sorted(columns))


def _uses(process: str) -> tuple[Columns, Columns]:
    """The columns that a step reads and writes, as the head of its file tells."""
    head = import_module(f"velfaerd_sim.processes.{process}").__doc__ or ""
    found = _HEAD.search(head)
    if found is None:
        raise ValueError(f"{process}: no head")
    reads, writes = (_columns(" ".join(part.split())) for part in found.groups())
    return reads, writes


def _columns(entries: str) -> Columns:
    found = set()
    for entry in entries.split("; "):
        entity, dot, names = entry.partition(".")
        if dot:
            found |= {(entity, name) for name in names.split(", ")}
    return found
