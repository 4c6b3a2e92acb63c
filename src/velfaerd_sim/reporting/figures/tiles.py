"""The figure of a tile map: a square a municipality, coloured, with names and a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered

_GAP = 0.06
_FRAME = 0.09
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Square:
    """A square of the map: column from the west, row from the north, name, ground, ink.

    edge: the colour of its frame, where it is framed rather than filled.
    """

    column: int
    row: int
    name: str
    ground: str
    ink: str
    edge: str = ""


@dataclass(frozen=True)
class Key:
    """The scale: what is shown, colours from low to high, texts below its ends and middle."""

    title: str
    about: str
    ramp: Sequence[str]
    ticks: Sequence[str]
    sides: Sequence[str] = ()


def draw_tiles(squares: Sequence[Square], key: Key, small_print: str) -> Drawn:
    """Draw the map as SVG and PNG; names hold soft hyphens where they may be broken."""
    with style.styled():
        made = _figure(squares, key)
        style.small_print(made, small_print)
        alt = f"{key.title}, {key.about}: {len(squares)} municipalities as squares"
        return rendered(made, "map", alt)


def _figure(squares: Sequence[Square], key: Key) -> Figure:
    columns = max(square.column for square in squares) + 1
    rows = max(square.row for square in squares) + 1
    size = style.FULL_WIDTH / columns
    made = style.figure(rows * size + 0.45)
    height = made.get_size_inches()[1]
    axes = made.add_axes((0.01, 0.3 / height, 0.98, rows * size / height))
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    for square in squares:
        corner = (square.column + _GAP / 2, square.row + _GAP / 2)
        side = 1.0 - _GAP
        axes.add_patch(Rectangle(corner, side, side, facecolor=square.edge or square.ground, lw=0))
        if square.edge:
            corner = (corner[0] + _FRAME, corner[1] + _FRAME)
            side -= 2 * _FRAME
            axes.add_patch(Rectangle(corner, side, side, facecolor=square.ground, lw=0))
        axes.text(
            square.column + 0.5,
            square.row + 0.5,
            broken(square.name),
            color=square.ink,
            fontsize=4.3,
            ha="center",
            va="center",
            linespacing=1.05,
        )
    _scale(made, key)
    return made


def _scale(made: Figure, key: Key) -> None:
    """Set title and scale into the sea in the north-east."""
    left, wide = 0.55, 0.42
    height = made.get_size_inches()[1]
    top = 1.0 - 0.12 / height
    made.text(left, top, key.title, fontsize=9.5, fontweight="bold", color=style.INK, va="top")
    made.text(
        left, top - 0.2 / height, key.about, fontsize=6.6, color=style.SOFT, va="top", wrap=True
    )
    axes = made.add_axes((left, top - 0.62 / height, wide, 0.1 / height))
    colours = LinearSegmentedColormap.from_list("scale", list(key.ramp))
    axes.imshow(np.linspace(0.0, 1.0, 256)[None, :], aspect="auto", cmap=colours)
    axes.set_axis_off()
    for texts, drop in ((key.ticks, 0.66), (key.sides, 0.79)):
        for place, text in zip(np.linspace(0.0, 1.0, max(2, len(texts))), texts, strict=False):
            anchor = "left" if place == 0.0 else "right" if place == 1.0 else "center"
            at = (left + wide * place, top - drop / height)
            made.text(*at, text, fontsize=6.6, color=style.SOFT, ha=anchor, va="top")


def broken(name: str, most: int = 11) -> str:
    """Break a name into lines of at most so many letters, where it has hyphens."""
    pieces = name.replace("-", f"-{_SOFT_HYPHEN}").split(_SOFT_HYPHEN)
    lines = [pieces[0]]
    for piece in pieces[1:]:
        whole = lines[-1] + piece
        if len(whole) <= most:
            lines[-1] = whole
        else:
            lines[-1] = lines[-1] if lines[-1].endswith("-") else f"{lines[-1]}-"
            lines.append(piece)
    return "\n".join(lines)
