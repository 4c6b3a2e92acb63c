"""Figures of a sweep over its factors: lines, maps with the line of reversal, boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer
from velfaerd_sim.analysis.sweep.maps import Map
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.reporting.figures.sweep import better_side, label_room
from velfaerd_sim.telling.sweep_words import Labels

DIVERGING = LinearSegmentedColormap.from_list("turn", [style.WORSE, "#f7f7f7", style.BETTER])
MOST_VECTOR_CELLS = 2000
MOST_LINES = 4
"""Factors whose lines stand in one figure, at most."""


def lines(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Rows: factors. Left the outcome under each regime, right the differences to the baseline."""
    factors = list(dict.fromkeys(one.factors[0] for one in answers))[:MOST_LINES]
    pairs = any(one.against for one in answers)
    columns = 2 if pairs else 1
    room = label_room(labels)
    margins = Margins(0.5, room, 0.45, 0.68, 0.35 + room, 1.05)
    made = style.figure(1.13 + 1.85 * len(factors) + 1.05 * (len(factors) - 1))
    panels = style.grid(made, len(factors), columns, margins)
    for k, factor in enumerate(factors):
        of_factor = [one for one in answers if one.factors[0] == factor]
        alone = [one for one in of_factor if one.against is None]
        _lines_panel(panels[k * columns], alone, factor, labels, is_difference=False)
        if pairs:
            paired = [one for one in of_factor if one.against]
            _lines_panel(panels[k * columns + 1], paired, factor, labels, is_difference=True)
    return made


def _lines_panel(
    axes: Axes, answers: Sequence[AnalysisAnswer], factor: str, labels: Labels, is_difference: bool
) -> None:
    outcome = answers[0].outcome
    shape, direction = labels.shape(outcome), labels.direction(outcome)
    side = better_side(direction, labels, upright=True)
    if is_difference:
        title = labels.text("ax_difference_to", baseline=labels.regime(str(answers[0].against)))
        style.heading(axes, title, shape.difference_axis + side)
        axes.axhline(0.0, color=style.NEUTRAL, lw=0.8, zorder=2)
        axes.yaxis.set_major_formatter(FuncFormatter(style.signed))
    else:
        style.heading(axes, labels.outcome(outcome), shape.axis + side)
    ends = []
    for one in answers:
        name = str(one.regime)
        line, dress = one.finding.data["line"], style.dress(name, labels.regimes)
        mean, low, high = (part * shape.scale for part in (line.mean, line.low, line.high))
        axes.fill_between(line.x, low, high, color=dress.colour, alpha=0.14, lw=0)
        axes.plot(
            line.x, mean, color=dress.colour, ls=dress.line, lw=1.5, marker=dress.marker, ms=3.2
        )
        for at, left, right in one.finding.data["turns"]:
            axes.plot([at], [0.0], "o", ms=8.0, mfc="none", mec=dress.colour, mew=1.2, zorder=5)
            axes.plot([left, right], [0.0, 0.0], color=dress.colour, lw=2.6, alpha=0.6, zorder=4)
        there = mean[np.isfinite(mean)]
        at_end = float(there[-1]) if there.size else math.nan
        ends.append(style.End(labels.regime(name), at_end, dress.colour))
    style.rule_y(axes)
    axes.yaxis.set_major_locator(style.ticks())
    axes.set_xlabel(_axis(factor, labels))
    style.label_ends(axes, ends)


def maps(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """Differences over two factors: faint where not clear, and the line where the ranking turns."""
    columns = min(2, len(answers))
    rows = math.ceil(len(answers) / columns)
    side = 0.95 if columns > 1 else 3.2
    margins = Margins(0.75, side, 0.45, 0.68, 0.9, 1.05)
    made = style.figure(1.13 + 2.5 * rows + 1.05 * (rows - 1))
    panels = style.grid(made, rows, columns, margins)
    shape = labels.shape(answers[0].outcome)
    found: list[Map] = [one.finding.data["map"] for one in answers]
    most = max(float(np.abs(each.difference).max()) for each in found) * shape.scale or 1.0
    better = labels.direction(answers[0].outcome)
    colours = DIVERGING if better >= 0 else DIVERGING.reversed()
    norm = TwoSlopeNorm(0.0, -most, most)
    mesh = None
    for axes, one, each in zip(panels, answers, found, strict=False):
        against = labels.regime(str(one.against))
        unit = labels.text("ax_map", label=labels.outcome(one.outcome), baseline=against)
        style.heading(axes, labels.regime(str(one.regime)), unit)
        unclear = (each.sign == 0) & np.isfinite(each.low)
        mesh = axes.pcolormesh(
            each.x,
            each.y,
            each.difference * shape.scale,
            cmap=colours,
            norm=norm,
            shading="nearest",
            edgecolor="face",  # or thin white lines show between cells
            lw=0.3,
            rasterized=each.difference.size > MOST_VECTOR_CELLS,
        )
        _mark_unclear(axes, each, unclear)
        for parts, dash, width in ((each.line, "-", 1.8), (each.line_low, "--", 0.9)):
            for part in parts:
                axes.plot(part[:, 0], part[:, 1], color=style.INK, ls=dash, lw=width, zorder=4)
        for part in each.line_high:
            axes.plot(part[:, 0], part[:, 1], color=style.INK, ls="--", lw=0.9, zorder=4)
        axes.set_xlabel(_axis(each.x_name, labels))
        axes.set_ylabel(_axis(each.y_name, labels))
    for axes in panels[len(answers) :]:
        axes.remove()
    if mesh is not None:
        width, height = made.get_size_inches()
        x = width - side + 0.22
        beside = made.add_axes((x / width, 0.68 / height, 0.12 / width, 2.0 / height))
        bar = made.colorbar(mesh, cax=beside)
        bar.outline.set_visible(False)
        beside.yaxis.set_major_formatter(FuncFormatter(style.signed))
        beside.set_title(_two_lines(shape.difference_axis), fontsize=6.4, fontweight="normal")
    return made


def _axis(factor: str, labels: Labels) -> str:
    """A factor and its unit, in two lines."""
    return f"{labels.factor(factor)}\n{labels.unit(factor)}"


def _two_lines(text: str) -> str:
    words = text.split(" ")
    half = (len(words) + 1) // 2
    return "\n".join(filter(None, (" ".join(words[:half]), " ".join(words[half:]))))


def _mark_unclear(
    axes: Axes, found: Map, unclear: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> None:
    """Set a small cross in cells whose interval holds zero."""
    rows, columns = np.nonzero(unclear)
    axes.plot(found.x[columns], found.y[rows], "x", ms=3.6, mec=style.SOFT, mew=0.8, zorder=3)


def boxes(answers: Sequence[AnalysisAnswer], labels: Labels) -> Figure:
    """The box of each event: the part of every restricted range, and what the box holds."""
    shown = [one for one in answers if len(one.finding.table)]
    longest = max(
        len(labels.factor(str(name))) for one in shown for name in one.finding.table["parameter"]
    )
    left = min(3.2, 0.25 + 0.062 * longest)
    heights = [max(0.34, 0.3 * len(one.finding.table)) for one in shown]
    gap, top = 0.68, 0.55
    width, total = style.FULL_WIDTH, top + sum(heights) + gap * (len(shown) - 1) + 0.35
    made = style.figure(total)
    y = total - top
    for one, high in zip(shown, heights, strict=True):
        y -= high
        box = (left / width, y / total, (width - left - 1.0) / width, high / total)
        _box(made.add_axes(box), one, labels)
        y -= gap
    return made


def _box(axes: Axes, one: AnalysisAnswer, labels: Labels) -> None:
    table, found = one.finding.table, one.finding.data["box"]
    by = one.finding.data["labels"].by
    event = labels.text(
        "ax_beats_by" if by else "ax_beats",
        regime=labels.regime(str(one.regime)),
        against=labels.regime(str(one.against)),
        margin=labels.shape(one.outcome).size(by),
    )
    share = one.finding.data["labels"].share
    stable = one.finding.data["stability"]
    write = labels.teller()
    text = labels.text(
        "ax_box",
        density=write.share(found.density),
        share=write.share(share),
        coverage=write.share(found.coverage),
        same=write.share(stable.same),
        verdict=labels.text("ax_stable" if stable.is_stable else "ax_not_stable"),
    )
    style.heading(axes, event, text)
    for row, line in enumerate(table.to_dict("records")):
        extent = line["range_high"] - line["range_low"]
        ends = [(line[key] - line["range_low"]) / extent for key in ("low", "high")]
        axes.plot([0.0, 1.0], [row, row], color=style.RULE, lw=7.0, solid_capstyle="butt")
        axes.plot(ends, [row, row], color=style.BETTER, lw=7.0, solid_capstyle="butt")
        for place, key in ((-0.012, "range_low"), (1.012, "range_high")):
            axes.annotate(
                write.number(line[key]),
                (place, row),
                fontsize=6.2,
                color=style.SOFT,
                ha="right" if place < 0 else "left",
                va="center",
                annotation_clip=False,
            )
        for place, key, edge in zip(
            ends, ("low", "high"), ("range_low", "range_high"), strict=True
        ):
            if line[key] != line[edge]:
                axes.annotate(
                    write.number(line[key]),
                    (place, row),
                    (0.0, 6.0),
                    textcoords="offset points",
                    fontsize=6.4,
                    color=style.INK,
                    ha="center",
                    va="bottom",
                )
    axes.set_xlim(-0.1, 1.1)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks(range(len(table)))
    axes.set_yticklabels([labels.factor(str(name)) for name in table["parameter"]])
    for spine in axes.spines.values():
        spine.set_visible(False)


def has_box(answers: Sequence[AnalysisAnswer]) -> bool:
    """Whether any event has a box to show."""
    return any(len(one.finding.table) for one in answers)
