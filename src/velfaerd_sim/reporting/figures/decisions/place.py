"""The figure of a place: every regime here and in the nation, as a specification."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.drawing import dot, rows_panel
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign, sign_of
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.telling.place.words import SHOWN, place_words, regime_name, shape_of

COLUMNS = 2
_LONGEST = 34
_ENDS = ("", "_low", "_high")


def answer_rows(moves: pd.DataFrame, record: Mapping[str, Any], language: str) -> list[Rows]:
    """Each regime against the baseline, here and in the nation, a panel an outcome."""
    words = place_words(language)
    shown = []
    for outcome in SHOWN:
        own = moves[moves["outcome"] == outcome].to_dict("records")
        direction, shape = OUTCOMES[INDEX[outcome]].direction, shape_of(outcome, [], language)
        here, nation = [], []
        for each in own:
            name = regime_name(words, record, str(each["regime"]))
            name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
            value, low, high = (float(each[f"place{end}"]) for end in _ENDS)
            here.append(Mark(name, value, low, high, sign_of(low, high, direction)))
            value, low, high = (float(each[f"national{end}"]) for end in _ENDS)
            nation.append(Mark(name, value, low, high, Sign.MINOR))
        axis = Axis(shape.difference_axis, Scale(shape.scale, signed=True))
        title = words.name("outcome", outcome)
        shown.append(
            Rows(title, axis, tuple(here), words("of_place"), tuple(nation), words("of_nation"))
        )
    return shown


def answers_figure(shown: Sequence[Rows]) -> Figure:
    """The panels drawn: the place's marks filled, the nation's below them, open."""
    longest = max(len(mark.name) for rows in shown for mark in rows.marks)
    margins = Margins(0.12 + longest * 7.0 * 0.56 / 72.0, 0.12, 0.42, 0.5, 0.22, 0.78)
    lines = math.ceil(len(shown) / COLUMNS)
    made = style.figure(0.75 + lines * (0.8 + 0.24 * max(len(rows.marks) for rows in shown)))
    panels = style.grid(made, lines, COLUMNS, margins)
    for number, (axes, rows) in enumerate(zip(panels, shown, strict=False)):
        rows_panel(axes, rows, labelled=number % COLUMNS == 0)
        for row, mark in enumerate(rows.second):
            dot(axes, mark, row + 0.28, rows.axis.scale.factor, hollow=True)
    return made
