"""The diagram of causes: which step of the month uses what which other step has written.

It is read from the heads of the files in `processes/`, which a test holds against their code, and
from the order of the month.
"""

from __future__ import annotations

import re
from html import escape
from importlib import import_module
from itertools import product

from velfaerd_sim.model.month import ORDER

STEP, WIDTH, MIDDLE, BOX, TALL, LINE = 74, 860, 295, 270, 62, 13
_HEAD = re.compile(r"^Reads (.*?)^Writes (.*?)^Draws ", re.DOTALL | re.MULTILINE)
_NOT_A_STEP = ("observation",)
"""It counts and changes nothing."""

Columns = set[tuple[str, str]]


def steps() -> list[tuple[str, str]]:
    """The steps of the month in their order: the file, and in words all that it does."""
    found: dict[str, list[str]] = {}
    for process, words in ORDER:
        if process not in _NOT_A_STEP:
            found.setdefault(process, []).append(re.sub(r" \(.*?\)", "", words))
    return [(process, "; ".join(words)) for process, words in found.items()]


def carried() -> dict[tuple[str, str], Columns]:
    """(from, to) -> the columns that one step writes and the other reads."""
    uses = {process: _uses(process) for process, _ in steps()}
    found = {
        (one, other): uses[one][1] & uses[other][0]
        for one, other in product(uses, repeat=2)
        if one != other
    }
    return {pair: columns for pair, columns in found.items() if columns}


def diagram() -> str:
    """The steps below each other, with an arc for all that one hands to another."""
    own = steps()
    place = {process: STEP * number + STEP // 2 for number, (process, _) in enumerate(own)}
    parts = [
        f'<svg class="causes" viewBox="0 0 {WIDTH} {STEP * len(own)}" role="img" '
        'aria-label="Which step of the month uses what another step has written">'
    ]
    for (one, other), columns in carried().items():
        parts.append(
            _arc(place[one], place[other], f"{one} → {other}: {_listed(columns)}", columns)
        )
    for process, words in own:
        parts.append(_box(process, words, place[process]))
    return "\n".join((*parts, "</svg>"))


def table() -> str:
    """What is carried from step to step, in words."""
    order = [process for process, _ in steps()]
    pairs = sorted(carried().items(), key=lambda each: tuple(map(order.index, each[0])))
    rows = [
        f"| `{one}` | `{other}` | {'same' if order.index(one) < order.index(other) else 'next'} | "
        f"{_listed(columns, '`')} |"
        for (one, other), columns in pairs
    ]
    return "\n".join(("| from | to | month | what |", "| --- | --- | --- | --- |", *rows))


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


def _listed(columns: Columns, mark: str = "") -> str:
    return ", ".join(f"{mark}{entity}.{name}{mark}" for entity, name in sorted(columns))


def _arc(one: int, other: int, title: str, columns: Columns) -> str:
    """Down on the right: in the same month. Up on the left: in the next one."""
    down = other > one
    edge, way = (MIDDLE + BOX, 1) if down else (MIDDLE, -1)
    reach = edge + way * (40 + 0.42 * abs(other - one))
    end = other + (-8 if down else 8)
    width = 1.0 + 0.35 * len(columns)
    look = "down" if down else "up"
    return (
        f'<g class="{look}"><title>{escape(title)}</title>'
        f'<path d="M {edge} {one + way * 8} C {reach:.0f} {one + way * 8}, {reach:.0f} {end}, '
        f'{edge + way * 9} {end}" stroke-width="{width:.1f}"/>'
        f'<path class="tip" d="M {edge + way * 2} {end} l {way * 9} -5 l 0 10 z"/></g>'
    )


def _box(process: str, words: str, middle: int) -> str:
    """The name of a step, and below it what happens there."""
    lines = [process.replace("_", " "), *_wrapped(words, 42)]
    top = middle - LINE * len(lines) / 2 + 10
    spans = ""
    for number, line in enumerate(lines):
        look = "" if number else ' class="name"'
        place = f'x="{MIDDLE + BOX / 2}" y="{top + LINE * number:.0f}"'
        spans += f"<text {place}{look}>{escape(line)}</text>"
    return (
        f'<g><rect x="{MIDDLE}" y="{middle - TALL // 2}" width="{BOX}" height="{TALL}" rx="5"/>'
        f"{spans}</g>"
    )


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
