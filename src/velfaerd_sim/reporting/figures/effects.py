"""Figures of paired differences: the forest, benefit against staff hours, yield of staff hours."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.drawing import panels_of_rows, rows_panel
from velfaerd_sim.reporting.figures.specifications import Axis, Rows, Scale, differences
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.findings import yields
from velfaerd_sim.telling.formats import of_unit
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.words import Words

SHOWN = (
    "retention_12m",
    "motivation_mean",
    "volunteers_per_1000",
    "lonely_share",
    "lonely_reached_share",
    "staff_hours_per_1000",
)


def forest(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Paired difference to the baseline per regime for key outcomes, with intervals."""
    outcomes = results.known_outcomes(SHOWN)
    regimes = results.order[1:]
    longest = max(len(results.short(r)) for r in regimes)
    margins = Margins(0.12 + longest * 7.0 * 0.6 / 72.0, 0.12, 0.42, 0.55, 0.22, 0.78)
    height = 0.75 + math.ceil(len(outcomes) / 3) * (0.78 + 0.175 * len(regimes))
    shown = [_differences(results, outcome, words) for outcome in outcomes]
    return panels_of_rows(shown, 3, height, margins)


def _differences(results: Results, outcome: Outcome, words: Words) -> Rows:
    shape = results.unit(outcome.name)
    unit = shape.difference_axis
    if outcome.direction:
        unit += "  ·  " + words("ax_better_right" if outcome.direction > 0 else "ax_better_left")
    found = {regime: results.difference(outcome.name, regime) for regime in results.order[1:]}
    rows = ((results.short(regime), e.value, e.low, e.high) for regime, e in found.items())
    axis = Axis(unit, Scale(shape.scale, signed=True))
    return differences(outcome.label(words.language), axis, outcome.direction, rows)


def benefit(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Difference in lonely person-years averted and in retention against staff hours used."""
    made = style.figure(3.3)
    margins = Margins(0.5, 0.3, 0.45, 0.62, 0.62, 0.5)
    names = ("lonely_years_averted_per_1000", "retention_12m")
    for axes, name in zip(style.grid(made, 1, 2, margins), names, strict=True):
        _benefit_panel(axes, results, OUTCOMES[INDEX[name]], words)
    return made


def _benefit_panel(axes: Axes, results: Results, outcome: Outcome, words: Words) -> None:
    shape = results.unit(outcome.name)
    style.heading(axes, outcome.label(words.language), shape.difference_axis)
    axes.axhline(0.0, color=style.NEUTRAL, lw=0.7, zorder=1)
    points: list[tuple[float, float, str]] = []
    for regime in results.regimes:
        used = results.level("staff_hours_per_1000", regime)
        gain = results.difference(outcome.name, regime).times(shape.scale)
        dress = style.dress(regime, results.regimes)
        if regime != results.baseline and used.sure and gain.sure:
            axes.plot(
                [used.value] * 2, [gain.low, gain.high], color=dress.colour, lw=1.0, alpha=0.8
            )
        if used.sure:
            axes.plot(
                [used.low, used.high], [gain.value] * 2, color=dress.colour, lw=1.0, alpha=0.8
            )
        axes.plot([used.value], [gain.value], dress.marker, color=dress.colour, ms=5.5, zorder=4)
        points.append((used.value, gain.value, regime))
    style.rule_y(axes)
    axes.margins(y=0.1)
    points = [p for p in points if math.isfinite(p[0]) and math.isfinite(p[1])]
    axes.set_xlim(0.0, 1.08 * max((x for x, _, _ in points), default=0.0) or 1.0)
    axes.set_xlabel(words("ax_used"))
    axes.yaxis.set_major_formatter(FuncFormatter(style.signed))
    _label_points(axes, results, points)


def _label_points(axes: Axes, results: Results, points: list[tuple[float, float, str]]) -> None:
    """Label the crowd of points to its left, moved apart, and lone ones beside them."""
    made = axes.get_figure(root=True)
    assert made is not None
    width, height = made.get_size_inches()
    box = axes.get_position()
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    wide, tall = box.width * width * 72.0, box.height * height * 72.0
    at = [
        ((x - left) / (right - left) * wide, (y - low) / (high - low) * tall) for x, y, _ in points
    ]
    crowd = [k for k, (x, _) in enumerate(at) if x > 0.5 * wide]
    column = min((at[k][0] for k in crowd), default=0.0) - 16.0
    heights = style.spread([at[k][1] for k in crowd], 8.6, 2.0, tall - 2.0)
    places = dict(zip(crowd, heights, strict=True))
    for k, ((x, y), (_, _, regime)) in enumerate(zip(at, points, strict=True)):
        among = k in places
        axes.annotate(
            results.short(regime),
            (x, y),
            (column, places[k]) if among else (x + 7.0, y + 7.0),
            xycoords="axes points",
            textcoords="axes points",
            fontsize=style.LABEL_SIZE,
            color=style.dress(regime, results.regimes).colour,
            ha="right" if among else "left",
            va="center",
            bbox={"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"},
            arrowprops=_LEADER if among else None,
        )


_LEADER = {
    "arrowstyle": "-",
    "color": style.FAINT,
    "lw": 0.5,
    "shrinkA": 0.0,
    "shrinkB": 4.0,
    "relpos": (1.0, 0.5),
}


def yield_texts(results: Results) -> list[tuple[str, str]]:
    """The yield of every regime in figures: (regime, text)."""
    found = yields(results)
    shape = of_unit("person-years per 100 hours", results.language).for_widths(
        differences=[item.per_100_hours.half_width for item in found]
    )
    texts = []
    for item in found:
        ratio = item.per_100_hours
        text = shape.bare_difference(ratio.value)
        if ratio.sure:
            text += f"  ({shape.difference_interval(ratio.low, ratio.high)})"
        texts.append((item.regime, text))
    return texts


def hours_yield(results: Results, focus: Sequence[str], words: Words) -> Figure:
    """Lonely person-years averted per 100 staff hours, one row a regime, with the numbers."""
    found = yields(results)
    made = style.figure(1.05 + 0.19 * len(found))
    longest = max(len(results.short(y.regime)) for y in found)
    margins = Margins(0.12 + longest * 7.0 * 0.6 / 72.0, 2.75, 0.5, 0.45)
    (axes,) = style.grid(made, 1, 1, margins)
    unit = of_unit("person-years per 100 hours", results.language).difference_axis
    label = OUTCOMES[INDEX["lonely_years_averted_per_100_staff_hours"]].label(words.language)
    axis = Axis(f"{unit}  ·  {words('ax_better_right')}", Scale(signed=True))
    ratios = ((results.short(item.regime), item.per_100_hours) for item in found)
    rows = ((name, ratio.value, ratio.low, ratio.high) for name, ratio in ratios)
    rows_panel(axes, differences(label, axis, 1, rows))
    hours = results.format_of("staff_hours_per_1000")
    columns = [(10.0, words("ax_per_100")), (110.0, words("ax_hours_short"))]
    for shift, title in columns:
        _beside(axes, -1.0, shift, title, style.SOFT)
    for row, (item, (_, text)) in enumerate(zip(found, yield_texts(results), strict=True)):
        _beside(axes, row, columns[0][0], text, style.INK)
        _beside(axes, row, columns[1][0], hours.bare(item.hours.value), style.INK)
    return made


def _beside(axes: Axes, row: float, shift: float, text: str, colour: str) -> None:
    """Text to the right of the panel, in the line of a row."""
    axes.annotate(
        text,
        (1.0, row),
        (shift, 0.0),
        xycoords=axes.get_yaxis_transform(),
        textcoords="offset points",
        fontsize=6.6,
        color=colour,
        va="center",
        annotation_clip=False,
    )
