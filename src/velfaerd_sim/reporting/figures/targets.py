"""Published figures and the model's answers on one ruler, as specifications.

The ruler counts standard errors of observation from the middle of what was published, so that one
serves all figures; the published interval is shaded.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.inputs.targets import BY_ID, NORMAL_95
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign
from velfaerd_sim.telling.words import Words

REACH = 7.0
"""Standard errors that the ruler shows to both sides; what lies beyond stands at its end."""
BAND = (-NORMAL_95, NORMAL_95)


def distances(id: str, low: float, high: float, values: list[float]) -> list[float]:
    """Readings of a figure in standard errors from the middle of the interval low to high."""
    target = BY_ID[id]
    ends = [float(target.transformed(end)) for end in (low, high)]
    middle, half = sum(ends) / 2.0, (ends[1] - ends[0]) / 2.0
    read = target.transformed(np.array(values, np.float64))
    return [float(each) for each in (read - middle) / (half / NORMAL_95)]


def calibrated_rows(table: pd.DataFrame, words: Words, title: str) -> Rows:
    """Figures before and after a calibration: worlds, as spread the prior, suggested defaults.

    table: rows of `targets_table` of a calibration.
    """
    columns = ("posterior_50", "posterior_05", "posterior_95", "prior_05", "prior_95", "suggested")
    return _rows(
        table, "target", columns, words, title, words("cal_suggested"), words("cal_ax_errors")
    )


def validated_rows(table: pd.DataFrame, words: Words) -> Rows:
    """Figures of a validation: medians with the middle nine tenths of the worlds, the defaults.

    table: of `targets_table` of a validation; what follows from others is left out.
    """
    shown = table[table["role"].isin(["fit", "validation"])]
    order = {id: place for place, id in enumerate(BY_ID)}
    shown = shown.sort_values("id", key=lambda ids: ids.map(order), kind="stable")
    columns = ("median", "from_", "to", "", "", "at_defaults")
    title, ruler = words("ax_targets"), words("ax_errors")
    return _rows(shown, "id", columns, words, title, words("defaults"), ruler)


def _rows(
    table: pd.DataFrame,
    name: str,
    columns: tuple[str, ...],
    words: Words,
    title: str,
    second: str,
    ruler: str,
) -> Rows:
    known = [each for each in table.to_dict("records") if str(each[name]) in BY_ID]
    marks, others = [], []
    for each in known:
        places = _placed(each, name, columns)
        label = f"{each['group']}  {words.name('target', str(each[name]))}"
        sign = Sign.INSIDE if str(each["inside"]) == "True" else Sign.OUTSIDE
        spread = (places[3], places[4]) if columns[3] else None
        marks.append(Mark(label, places[0], places[1], places[2], sign, spread))
        others.append(Mark(label, places[5], sign=Sign.MINOR))
    axis = Axis(ruler, Scale(1.0, 1), limits=(-REACH, REACH))
    return Rows(title, axis, tuple(marks), words("median"), tuple(others), second, BAND)


def _placed(each: Mapping[Hashable, Any], name: str, columns: tuple[str, ...]) -> list[float]:
    values = [float(each[column]) if column else float("nan") for column in columns]
    return distances(str(each[name]), float(each["low"]), float(each["high"]), values)
