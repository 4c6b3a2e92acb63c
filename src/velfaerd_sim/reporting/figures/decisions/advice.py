"""The figure of advice: benefit against hours."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.specifications import Axis, Scale
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.advice import AdviceWords

SURE = 0.5
"""From this membership on a point is drawn filled."""
SIDE_BY_SIDE = 9.0
"""Points between the numbers of packages."""


@dataclass(frozen=True)
class Spot:
    """A way of governing: hours it uses, benefit with its interval, whether it is drawn filled."""

    name: str
    hours: float
    value: float
    low: float
    high: float
    filled: bool = True


@dataclass(frozen=True)
class FrontShown:
    """Benefit against hours: points of the front, packages, named regimes, the budget."""

    title: str
    benefit: Axis
    hours: str
    front: tuple[Spot, ...]
    packages: tuple[Spot, ...]
    regimes: tuple[Spot, ...]
    budget: float
    budget_label: str


def front_shown(told: AdviceWords) -> FrontShown:
    """What the figure shows."""
    advice, words = told.advice, told.words
    own = set(advice.packages["benefit"])
    front = tuple(
        Spot(
            "",
            each["hours_per_1000"],
            each["benefit"],
            each["ci_low"],
            each["ci_high"],
            each["membership"] >= SURE,
        )
        for each in advice.front.to_dict("records")
        if each["benefit"] not in own
    )
    ends = ("hours_per_1000", "benefit", "ci_low", "ci_high")
    packages = tuple(
        Spot(words.number(each["rank"]), *(each[name] for name in ends))
        for each in advice.packages.to_dict("records")
    )
    regimes = tuple(
        Spot(words.name("regime", each["regime"]), *(each[name] for name in ends))
        for each in advice.regimes.to_dict("records")
    )
    most = advice.design.most
    scale = told.format.scale
    unit = told.format.difference_axis
    return FrontShown(
        words("c_benefit"),
        Axis(f"{told.goal}, {unit}", Scale(scale, 1, signed=True)),
        words("ax_hours"),
        front,
        packages,
        regimes,
        most,
        words("ax_budget", hours=told.hours(most)),
    )


def front_figure(shown: FrontShown) -> Figure:
    """Draw it."""
    made = style.figure(4.0)
    (axes,) = style.grid(made, 1, 1, Margins(0.5, 2.15, 0.45, 0.6))
    style.heading(axes, shown.title, shown.benefit.unit)
    axes.axhline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
    axes.axvline(shown.budget, color=style.SOFT, lw=0.8, ls=(0, (1, 2)), zorder=1)
    for spots, marker, colour in (
        (shown.regimes, "x", style.UNCLEAR_INK),
        (shown.front, "o", style.BETTER),
        (shown.packages, "s", style.WORSE),
    ):
        for spot in spots:
            _spot(axes, spot, marker, colour, shown.benefit.scale.factor)
    _numbers(axes, shown.packages, shown.benefit.scale.factor)
    axes.set_xlabel(shown.hours, fontsize=6.8, loc="left")
    axes.set_xlim(0.0, max(shown.budget, *(spot.hours for spot in shown.regimes)) * 1.04)
    style.rule_y(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(style.signed))
    axes.yaxis.set_major_locator(style.ticks(6))
    factor = shown.benefit.scale.factor
    ends = [style.End(spot.name, spot.value * factor, None) for spot in shown.regimes]
    style.label_ends(axes, ends)
    axes.annotate(
        shown.budget_label,
        (shown.budget, 0.0),
        (-3.0, 3.0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        fontsize=style.LABEL_SIZE,
        color=style.SOFT,
        ha="right",
    )
    return made


def _spot(axes: Axes, spot: Spot, marker: str, colour: str, factor: float) -> None:
    """A point with its interval."""
    ends = [spot.low * factor, spot.high * factor]
    axes.plot([spot.hours] * 2, ends, color=colour, lw=1.0, alpha=0.6, zorder=3)
    fill = colour if spot.filled else "white"
    axes.plot([spot.hours], [spot.value * factor], marker, ms=4.6, mfc=fill, mec=colour, zorder=4)


def _numbers(axes: Axes, packages: tuple[Spot, ...], factor: float) -> None:
    """The packages' numbers side by side above their intervals, also where they lie close."""
    for place, spot in enumerate(sorted(packages, key=lambda spot: spot.hours)):
        axes.annotate(
            spot.name,
            (spot.hours, spot.high * factor),
            ((place - (len(packages) - 1) / 2.0) * SIDE_BY_SIDE, 10.0),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.0,
            arrowprops={"arrowstyle": "-", "lw": 0.5, "color": style.SOFT, "shrinkA": 0.0},
        )
