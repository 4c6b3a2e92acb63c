"""The diagram of causes as a drawing and a table of the site.

What drives what is read from the code by `velfaerd_sim.dashboard.model.causes`; the dashboard's
page of the model draws the same.
"""

from __future__ import annotations

from html import escape

from velfaerd_sim.dashboard.model.causes import Look, arcs, carried, listed, steps

LOOK, TALL, LINE = Look(step=74, width=860, box=270), 62, 13


def diagram() -> str:
    """The steps below each other, with an arc for all that one hands to another."""
    own = steps()
    parts = [
        f'<svg class="causes" viewBox="0 0 {LOOK.width} {LOOK.step * len(own)}" role="img" '
        'aria-label="Which step of the month uses what another step has written">'
    ]
    for arc in arcs(LOOK):
        parts.append(
            f'<g class="{"down" if arc.down else "up"}"><title>{escape(arc.title)}</title>'
            f'<path d="{arc.path}" stroke-width="{arc.stroke:.1f}"/>'
            f'<path class="tip" d="{arc.tip}"/></g>'
        )
    for row, (process, words) in enumerate(own):
        parts.append(_box(process, words, LOOK.step * row + LOOK.step // 2))
    return "\n".join((*parts, "</svg>"))


def table() -> str:
    """What is carried from step to step, in words."""
    order = [process for process, _ in steps()]
    pairs = sorted(carried().items(), key=lambda each: tuple(map(order.index, each[0])))
    rows = [
        f"| `{one}` | `{other}` | {'same' if order.index(one) < order.index(other) else 'next'} | "
        f"{listed(columns, '`')} |"
        for (one, other), columns in pairs
    ]
    return "\n".join(("| from | to | month | what |", "| --- | --- | --- | --- |", *rows))


def _box(process: str, words: str, middle: int) -> str:
    """The name of a step, and below it what happens there."""
    lines = [process.replace("_", " "), *_wrapped(words, 42)]
    top = middle - LINE * len(lines) / 2 + 10
    spans = ""
    for number, line in enumerate(lines):
        look = "" if number else ' class="name"'
        place = f'x="{LOOK.left + LOOK.box / 2}" y="{top + LINE * number:.0f}"'
        spans += f"<text {place}{look}>{escape(line)}</text>"
    rect = f'x="{LOOK.left}" y="{middle - TALL // 2}" width="{LOOK.box}" height="{TALL}" rx="5"'
    return f"<g><rect {rect}/>{spans}</g>"


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
