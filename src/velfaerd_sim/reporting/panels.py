"""A panel of rows, each with a dot and its interval: the form of most figures of analyses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.reporting import style
from velfaerd_sim.reporting.style import Margins

ROW = 0.27
"""Inches a row."""
DOT = 4.5


def room_for(labels: Sequence[str], most: float = 3.4) -> float:
    """Inches that the longest line of the labels takes."""
    lines = [line for label in labels for line in label.split("\n")]
    return min(most, 0.25 + 0.068 * max(len(line) for line in lines))


def rows_panel(labels: Sequence[str], title: str, unit: str) -> tuple[Figure, Axes]:
    """Make a figure of one panel with a row a label, the first on top; labels may have lines."""
    left = room_for(labels)
    most = max(label.count("\n") for label in labels)
    made = style.figure(0.85 + (ROW + 0.11 * most) * len(labels))
    (axes,) = style.grid(made, 1, 1, Margins(left, 0.35, 0.5, 0.35))
    style.heading(axes, title, unit)
    style.zebra(axes, len(labels))
    style.rule_x(axes)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    return made, axes


def dots(
    axes: Axes,
    values: Any,
    low: Any,
    high: Any,
    *,
    colour: str = style.BETTER,
    shift: float = 0.0,
    hollow: bool = False,
) -> None:
    """Set a dot with its interval in each row; an unknown interval leaves the dot alone."""
    at = np.arange(len(values)) + shift
    axes.hlines(at, low, high, color=colour, lw=1.0 if hollow else 1.5, zorder=3)
    face = "white" if hollow else colour
    axes.plot(values, at, "o", ms=DOT - hollow, mfc=face, mec=colour, mew=1.0, ls="", zorder=4)
