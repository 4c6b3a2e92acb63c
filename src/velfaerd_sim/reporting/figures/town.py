"""A town as a picture to keep: citizens in rings, volunteers around their initiatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered

SIZE = 3.7
"""Inches of the side of a picture."""
HEAD, FOOT = 0.32, 0.42
_POINTS = 72.0


@dataclass(frozen=True)
class Dots:
    """Dots of one colour: points in [-1, 1] x [-1, 1], y downwards, float (n, 2)."""

    points: NDArray[Any]
    colour: str


@dataclass(frozen=True)
class TownPicture:
    """One town: its title; citizens, volunteers and initiatives; ties as lines, (n, 2, 2)."""

    title: str
    citizens: Sequence[Dots]
    volunteers: Sequence[Dots]
    initiatives: NDArray[Any]
    links: NDArray[Any]


@dataclass(frozen=True)
class Frame:
    """What stands around the pictures.

    dot, team: half a seat's room and a team's radius; labels: text, angle clockwise from the top
    in radians, radius, whether bold; key: words and colours of the legend; foot: the small print;
    alt: what the figure shows, in words.
    """

    dot: float
    team: float
    labels: Sequence[tuple[str, float, float, bool]]
    key: Sequence[tuple[str, str]]
    foot: str
    alt: str


def draw_towns(towns: Sequence[TownPicture], frame: Frame) -> Drawn:
    """Draw towns side by side, as SVG and PNG."""
    with style.styled():
        made = style.figure(SIZE + HEAD + FOOT)
        width, height = made.get_size_inches()
        for number, town in enumerate(towns):
            left = (number + 0.5) * width / len(towns) - SIZE / 2.0
            box = (left / width, FOOT / height, SIZE / width, SIZE / height)
            _draw(made, box, town, frame)
        _legend(made, frame)
        style.small_print(made, frame.foot)
        return rendered(made, "town", frame.alt)


def _draw(
    made: Figure, box: tuple[float, float, float, float], town: TownPicture, frame: Frame
) -> None:
    axes = made.add_axes(box)
    axes.set_axis_off()
    axes.set_xlim(-1.0, 1.0)
    axes.set_ylim(1.0, -1.0)
    axes.set_title(town.title)
    size = SIZE * _POINTS / 2.0
    links = LineCollection(
        list(town.links), colors=style.BETTER, linewidths=0.4, alpha=0.4, zorder=1.5
    )
    axes.add_collection(links)
    seat = (1.45 * frame.dot * size) ** 2
    for dots in town.citizens:
        axes.scatter(dots.points[:, 0], dots.points[:, 1], s=seat, c=dots.colour, lw=0, zorder=1.0)
    member = (0.6 * frame.team * size) ** 2
    for dots in town.volunteers:
        axes.scatter(
            dots.points[:, 0],
            dots.points[:, 1],
            s=member,
            c=dots.colour,
            lw=0.35,
            ec=style.INK,
            zorder=2.0,
        )
    hub = (0.8 * frame.team * size) ** 2
    axes.scatter(
        town.initiatives[:, 0], town.initiatives[:, 1], s=hub, c=style.INK, lw=0, zorder=2.5
    )
    for text, angle, radius, bold in frame.labels:
        turn = -np.degrees(angle)
        axes.text(
            radius * np.sin(angle),
            -radius * np.cos(angle),
            text,
            rotation=turn + 180.0 if np.cos(angle) < 0.0 else turn,
            rotation_mode="anchor",
            fontsize=5.2,
            fontweight="bold" if bold else "normal",
            color=style.SOFT,
            ha="center",
            va="center",
        )


def _legend(made: Figure, frame: Frame) -> None:
    """The colours in a row below the pictures."""
    width, height = made.get_size_inches()
    axes = made.add_axes((0.0, 0.16 / height, 1.0, 0.24 / height))
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, 1.0)
    x = 0.08
    for text, colour in frame.key:
        if colour:
            axes.scatter([x + 0.05], [0.5], s=28.0, c=colour, lw=0.35, ec=style.FAINT)
            x += 0.15
        axes.text(x, 0.5, text, fontsize=6.4, color=style.SOFT, va="center")
        x += 0.12 + 0.052 * len(text)
