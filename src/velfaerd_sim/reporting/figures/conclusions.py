"""The figure of robustness: conclusions by conditions, what survives, weakens or turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.analysis.conclusions import SURVIVES, TURNS, VERDICTS, WEAKENS
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.instruments.conditions import ARROW, KINDS, NO
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.studies.robustness.plan import OUTCOMES
from velfaerd_sim.telling.words import Words

ROW, COLUMN = 0.145, 0.215
"""Inches of a cell."""
DRESS = {
    SURVIVES: (style.BETTER, "o", 3.0),
    WEAKENS: ("#e3b56d", "s", 3.4),
    TURNS: (style.WORSE, "X", 5.0),
}
MOST_ROWS = 60


def columns(
    judged: pd.DataFrame, conditions: Mapping[str, str], words: Words
) -> list[tuple[str, str, list[str]]]:
    """Columns of the matrix: kind, heading, conditions; single arrows are one column a group.

    conditions: what they are called, by name.
    """
    found: list[tuple[str, str, list[str]]] = []
    seen = judged.drop_duplicates("condition")
    for kind in KINDS:
        own = list(seen.loc[seen["kind"] == kind, "condition"])
        if kind != ARROW:
            found += [(kind, conditions.get(name, name), [name]) for name in own]
            continue
        groups: dict[str, list[str]] = {}
        for name in own:
            groups.setdefault(BY_NAME[name.removeprefix(NO)].group, []).append(name)
        for group, names in groups.items():
            head = conditions.get(names[0], names[0])
            if len(names) > 1:
                label = words.name("group", group)
                head = words("matrix_worst", group=label, count=words.number(len(names)))
            found.append((kind, head, names))
    return found


def worst(verdicts: Sequence[str]) -> str:
    """The worst of several verdicts."""
    return max(verdicts, key=VERDICTS.index)


def matrix(
    table: pd.DataFrame,
    judged: pd.DataFrame,
    regimes: Mapping[str, str],
    conditions: Mapping[str, str],
    words: Words,
) -> Figure:
    """Draw conclusions (rows of `by_conclusion`, at most MOST_ROWS) by conditions.

    Within an outcome the most fragile stand first. regimes, conditions: what they are called.
    """
    shown = table.head(MOST_ROWS)
    order = sorted(shown.index, key=lambda k: OUTCOMES.index(shown.at[k, "outcome"]))
    rows = [shown.loc[k] for k in order]
    heads = columns(judged, conditions, words)
    labels = [" > ".join(regimes.get(row[k], row[k]) for k in ("first", "second")) for row in rows]
    margins = Margins(max(2.75, 0.3 + 0.05 * max(map(len, labels))), 1.0, 1.75, 0.42)
    width = margins.left + margins.right + COLUMN * len(heads)
    gaps = len({row["outcome"] for row in rows})
    height = margins.top + margins.bottom + ROW * (len(rows) + 1.4 * gaps)
    made = style.figure(height, max(style.FULL_WIDTH, width))
    wide, high = made.get_size_inches()
    box = (
        margins.left / wide,
        margins.bottom / high,
        COLUMN * len(heads) / wide,
        1 - (margins.top + margins.bottom) / high,
    )
    axes = made.add_axes(box)
    cells = {
        key: own["verdict"].iloc[0]
        for key, own in judged.groupby(["outcome", "first", "second", "condition"])
    }
    places = _places(rows)
    for row, y in zip(rows, places, strict=True):
        for x, (_, _, names) in enumerate(heads):
            keys = ((row["outcome"], row["first"], row["second"], name) for name in names)
            _cell(axes, x, y, worst([cells[key] for key in keys]))
    _frame(axes, rows, labels, places, heads, words)
    _legend(axes, words)
    return made


def _places(rows: Sequence[pd.Series]) -> list[float]:
    """Where rows stand: a gap with a heading before every outcome."""
    places, y, last = [], 0.0, ""
    for row in rows:
        if row["outcome"] != last:
            y += 1.4
            last = row["outcome"]
        places.append(y)
        y += 1.0
    return places


def _cell(axes: Axes, x: float, y: float, verdict: str) -> None:
    colour, marker, size = DRESS[verdict]
    axes.plot([x], [y], marker, color=colour, ms=size, mew=0.0, clip_on=False)


def _frame(
    axes: Axes,
    rows: Sequence[pd.Series],
    labels: Sequence[str],
    places: Sequence[float],
    heads: Sequence[tuple[str, str, list[str]]],
    words: Words,
) -> None:
    axes.set_xlim(-0.5, len(heads) - 0.5)
    axes.set_ylim(places[-1] + 0.6, 0.2)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_yticks(list(places), list(labels), fontsize=6.0)
    axes.tick_params(axis="y", length=0, pad=2)
    axes.xaxis.tick_top()
    named = [head for _, head, _ in heads]
    axes.set_xticks(range(len(heads)), named, rotation=52, ha="left", fontsize=6.0)
    axes.tick_params(axis="x", length=0, pad=0)
    last = ""
    for row, y in zip(rows, places, strict=True):
        if row["outcome"] != last:
            last = row["outcome"]
            axes.annotate(
                words(f"matrix_{last}"),
                (0.0, y - 0.95),
                (-margin_of(axes), 0.0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                fontsize=6.8,
                fontweight="bold",
                color=style.INK,
                va="center",
                annotation_clip=False,
            )
        axes.axhline(y, color=style.STRIPE, lw=5.0, zorder=0)
    kinds = [kind for kind, _, _ in heads]
    for x in range(1, len(kinds)):
        if kinds[x] != kinds[x - 1]:
            axes.axvline(x - 0.5, color=style.RULE, lw=0.8, zorder=1)


def margin_of(axes: Axes) -> float:
    """Points between the left edge of the figure and the axes, less a hair."""
    made = axes.get_figure(root=True)
    assert made is not None
    return float(axes.get_position().x0 * made.get_size_inches()[0] * 72.0 - 4.0)


def _legend(axes: Axes, words: Words) -> None:
    made = axes.get_figure(root=True)
    assert made is not None
    wide, high = made.get_size_inches() * 72.0
    top = axes.get_position().y1 * high
    for k, (verdict, (colour, marker, size)) in enumerate(DRESS.items()):
        x, y = 6.0 / wide, (top + 62.0 - 11.0 * k) / high
        made.text(
            16.0 / wide, y, words(verdict).lower(), fontsize=6.6, color=style.INK, va="center"
        )
        place = made.transFigure
        axes.plot(
            [x], [y], marker, color=colour, ms=size + 0.6, mew=0, transform=place, clip_on=False
        )
