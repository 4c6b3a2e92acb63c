"""How figures look: colours, lines and markers of regimes, type and rulers of a chart.

Colours are Okabe and Ito's and Paul Tol's, told apart by colour-blind readers; every regime has a
line style and a marker too, so colour is never the only cue. A regime keeps its dress in all
figures; those not in focus are drawn thin and grey.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from velfaerd_sim.inputs.regimes import STATUS_QUO
from velfaerd_sim.reporting.figures.specifications import Sign
from velfaerd_sim.telling.words import MINUS, Words

INK = "#1f2328"
SOFT = "#59616b"
FAINT = "#a7adb5"
RULE = "#d9dde2"
STRIPE = "#f5f6f8"
BETTER = "#0072b2"
WORSE = "#b34700"
NEUTRAL = "#4a4f57"
UNCLEAR = "#8a9099"
UNCLEAR_INK = "#68717d"
"""Words and numbers that may be chance: the grey of UNCLEAR, dark enough to be read."""
SIGNS = {
    Sign.BETTER: BETTER,
    Sign.WORSE: WORSE,
    Sign.CLEAR: NEUTRAL,
    Sign.UNCLEAR: UNCLEAR,
    Sign.DECIDES: BETTER,
    Sign.MINOR: UNCLEAR,
    Sign.INSIDE: BETTER,
    Sign.OUTSIDE: WORSE,
}
"""The colour of each sign, in reports and in the dashboard."""
BAND = "#dfe7ee"
"""A published interval, or another part of an axis that is shaded."""
FULL_WIDTH = 7.6
"""Inches: the width of a page of A4 between its margins, nearly."""

LABEL_SIZE = 6.4
LABEL_GAP = 8.2
"""Points between the middles of two labels."""

Dash = str | tuple[int, tuple[float, ...]]


@dataclass(frozen=True)
class Dress:
    """A regime's colour, line and marker."""

    colour: str
    line: Dash
    marker: str


SOLID: Dash = "-"
_DRESSES = {
    "municipal_baton": Dress("#30343a", (0, (5.0, 1.6)), "o"),
    "facilitative_dialogue": Dress("#0072b2", SOLID, "o"),
    "clear_roles_no_rigid_rules": Dress("#00805d", (0, (7.0, 1.4, 1.4, 1.4)), "s"),
    "experimenting": Dress("#aa3b88", SOLID, "D"),
    "reverse_dialogue": Dress("#2a8fc7", (0, (3.0, 1.2)), "^"),
    "workplace_partnership": Dress("#7b7a1e", (0, (1.0, 1.0)), "P"),
    "clear_agreements": Dress("#b07900", (0, (4.0, 1.2, 1.0, 1.2)), "v"),
    "rigid_rules": Dress("#c24e00", (0, (2.0, 1.0)), "X"),
    "hands_off": Dress("#882255", (0, (1.2, 1.2)), "d"),
    "crisis_mode": Dress("#332288", (0, (8.0, 2.0)), "*"),
}
_BASELINE = _DRESSES["municipal_baton"]
_SPARE = (
    Dress("#0072b2", SOLID, "o"),
    Dress("#c24e00", (0, (2.0, 1.0)), "X"),
    Dress("#00805d", (0, (7.0, 1.4, 1.4, 1.4)), "s"),
    Dress("#aa3b88", SOLID, "D"),
    Dress("#7b7a1e", (0, (1.0, 1.0)), "P"),
    Dress("#b07900", (0, (4.0, 1.2, 1.0, 1.2)), "v"),
)


def dress(regime: str, regimes: Sequence[str]) -> Dress:
    """Return the dress of one of the regimes of a study, of which the first is the baseline.

    The baseline is dark grey. Named regimes keep their own; others get what is left, in order.
    """
    if regime == regimes[0]:
        return _BASELINE
    if regime in _DRESSES and regime != STATUS_QUO:
        return _DRESSES[regime]
    taken = {_DRESSES[each] for each in regimes[1:] if each in _DRESSES and each != STATUS_QUO}
    free = [each for each in _SPARE if each not in taken] or list(_SPARE)
    others = [each for each in regimes[1:] if each not in _DRESSES or each == STATUS_QUO]
    return free[others.index(regime) % len(free)]


RC: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.7,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 7.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "path.simplify": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "velfaerd_sim",
}


def styled() -> Any:
    """Return the context in which figures are drawn and saved, whatever a user's settings are."""
    return style.context(["default", RC])


def figure(height: float, width: float = FULL_WIDTH) -> Figure:
    """Return an empty figure with a canvas of its own, in inches; needs no pyplot."""
    made = Figure(figsize=(width, height))
    FigureCanvasAgg(made)
    return made


@dataclass(frozen=True)
class Margins:
    """White space around and between panels, in inches."""

    left: float
    right: float
    top: float
    bottom: float
    across: float = 0.3
    down: float = 0.5


def grid(made: Figure, rows: int, columns: int, margins: Margins) -> list[Axes]:
    """Return the axes of a grid of panels, row by row."""
    width, height = made.get_size_inches()
    wide = (width - margins.left - margins.right - (columns - 1) * margins.across) / columns
    high = (height - margins.top - margins.bottom - (rows - 1) * margins.down) / rows
    found = []
    for row in range(rows):
        for column in range(columns):
            x = margins.left + column * (wide + margins.across)
            y = margins.bottom + (rows - 1 - row) * (high + margins.down)
            box = (x / width, y / height, wide / width, high / height)
            found.append(made.add_axes(box))
    return found


def small_print(made: Figure, text: str) -> None:
    """Set the line that says what the figure was made from, at the foot."""
    width, height = made.get_size_inches()
    made.text(0.04 / width, 0.05 / height, text, fontsize=5.6, color=SOFT, va="bottom")


def heading(axes: Axes, title: str, unit: str, room: float = math.inf) -> None:
    """Set a panel's title and, below it in small type, its unit: nothing to read sideways.

    room: inches that the title may take; it is set smaller where it would take more.
    """
    axes.annotate(
        title,
        (0.0, 1.0),
        (0.0, 15.0),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=min(8.5, 72.0 * room / (0.66 * max(1, len(title)))),
        fontweight="bold",
        color=INK,
        va="baseline",
        annotation_clip=False,
    )
    axes.annotate(
        unit,
        (0.0, 1.0),
        (0.0, 5.5),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=6.8,
        color=SOFT,
        va="baseline",
        annotation_clip=False,
    )


def ticks(most: int = 5, least: int = 4) -> MaxNLocator:
    """Return round ticks, at least and at most so many."""
    return MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=least)


def signed(value: float, _: object = None) -> str:
    """Write a tick of a difference: with its sign, with the digits it has."""
    text = ENGLISH.plain(round(value, 6))
    return f"+{text}" if value > 1e-9 else "0" if abs(value) < 1e-9 else text


def unsigned(value: float, _: object = None) -> str:
    """Write a tick without a sign, with the digits it has."""
    return ENGLISH.plain(abs(round(value, 6)))


class Localised(Formatter):
    """A formatter of ticks whose numbers are put into a language; labels that are words stay."""

    def __init__(self, inner: Formatter, write: Words) -> None:
        """inner: writes numbers with a decimal point."""
        self.inner, self.write = inner, write
        self.set_axis(inner.axis)

    def __call__(self, value: float, pos: int | None = None) -> str:
        """The label of one tick."""
        return self._put(self.inner(value, pos))

    def format_ticks(self, values: list[float]) -> list[str]:
        """The labels of all ticks."""
        return [self._put(text) for text in self.inner.format_ticks(values)]

    def get_offset(self) -> str:
        """What stands at the end of the axis."""
        return self._put(self.inner.get_offset())

    def _put(self, text: str) -> str:
        plain = text.replace(MINUS, "-").replace(",", "")
        try:
            value = float(plain)
        except ValueError:
            return text
        return self.write.number(value, len(plain.partition(".")[2]), signed=plain[:1] == "+")


ENGLISH = Words("en")


def localise(made: Figure, write: Words) -> None:
    """Write the numbers at all axes of a figure in a language."""
    if write.language == "en":
        return
    for axes in made.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(Localised(axis.get_major_formatter(), write))


def zebra(axes: Axes, rows: int) -> None:
    """Shade every other row, so that the eye keeps the row across panels."""
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=STRIPE, lw=0, zorder=0)


def rule_y(axes: Axes) -> None:
    """Leave only horizontal rulers: for series and lines."""
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def rule_x(axes: Axes) -> None:
    """Leave only vertical rulers: for rows of dots and bars."""
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


@dataclass(frozen=True)
class End:
    """The right end of a line: its label, where it ends (data units), its colour if in focus."""

    label: str
    at: float
    colour: str | None


def label_ends(axes: Axes, ends: Sequence[End]) -> None:
    """Label lines at their right ends, moved apart, each with a thin leader."""
    ends = [end for end in ends if math.isfinite(end.at)]
    made = axes.get_figure(root=True)
    assert made is not None
    points = axes.get_position().height * made.get_size_inches()[1] * 72.0
    low, high = axes.get_ylim()
    wanted = [(end.at - low) / (high - low) * points for end in ends]
    placed = spread(wanted, LABEL_GAP, -10.0, points + 4.0)
    for end, at, where in zip(ends, wanted, placed, strict=True):
        axes.annotate(
            end.label,
            (1.0, at / points),
            (13.0, where - at),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=LABEL_SIZE,
            fontweight="bold" if end.colour else "normal",
            color=end.colour or SOFT,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": end.colour or FAINT,
                "lw": 0.5,
                "shrinkA": 1.0,
                "shrinkB": 3.0 if end.colour else 0.5,
                "relpos": (0.0, 0.5),
            },
        )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions apart until none is nearer than ``gap`` to the next, as little as possible.

    Order is kept and the result lies in [low, high] where there is room. The positions are those
    of least squares: neighbours that would touch are moved together as one block.
    """
    order = np.argsort(np.asarray(wanted, dtype=float), kind="stable")
    blocks: list[tuple[float, int]] = []  # (where its first member would best stand, members)
    for index in order:
        blocks.append((float(wanted[index]), 1))
        while len(blocks) > 1:
            (first, members), (second, more) = blocks[-2], blocks[-1]
            if first + members * gap <= second:
                break
            best = (first * members + (second - members * gap) * more) / (members + more)
            blocks[-2:] = [(best, members + more)]
    placed: list[float] = []
    for first, members in blocks:
        placed += [first + k * gap for k in range(members)]
    placed = _within(placed, gap, low, high)
    result = [0.0] * len(placed)
    for position, index in zip(placed, order, strict=True):
        result[int(index)] = position
    return result


def _within(placed: list[float], gap: float, low: float, high: float) -> list[float]:
    """Push sorted positions into [low, high] from both ends, keeping the gap."""
    result = list(placed)
    floor = low
    for k, position in enumerate(result):
        result[k] = max(position, floor)
        floor = result[k] + gap
    ceiling = high
    for k in range(len(result) - 1, -1, -1):
        result[k] = min(result[k], ceiling)
        ceiling = result[k] - gap
    return result
