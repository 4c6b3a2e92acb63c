"""What information is worth, as a specification: the choice, surveys, groups, parameters."""

from __future__ import annotations

import pandas as pd

from velfaerd_sim.inputs.targets import NORMAL_95
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign
from velfaerd_sim.studies.value.plan import CHOICE, GROUP, PARAMETER, SURVEY, THEORIES
from velfaerd_sim.telling.value import ValueTeller

MOST_PARAMETERS = 8
"""Parameters that are shown: those worth most."""


def shown_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are shown, by what they are about, the largest first."""
    ordered = table[table["value"].notna()].sort_values("value", ascending=False, kind="stable")
    parts = [ordered[ordered["of"] == of] for of in (CHOICE, SURVEY, THEORIES, GROUP)]
    return pd.concat([*parts, ordered[ordered["of"] == PARAMETER].head(MOST_PARAMETERS)])


def value_rows(tell: ValueTeller) -> Rows:
    """Values of information with their 95 % intervals."""
    marks = []
    for row in shown_rows(tell.table).to_dict("records"):
        value, half = float(row["value"]), NORMAL_95 * float(row["standard_error"])
        sign = Sign.DECIDES if row["told_apart"] else Sign.UNCLEAR
        marks.append(Mark(tell.called(row), value, value - half, value + half, sign))
    form = tell.format
    axis = Axis(form.difference_axis, Scale(form.scale, form.difference_decimals))
    return Rows(tell.words("figure_title"), axis, tuple(marks), tell.words("figure_marked"))
