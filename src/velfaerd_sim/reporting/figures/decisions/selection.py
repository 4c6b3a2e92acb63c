"""The figure of a selection: how far every regime is behind the best."""

from __future__ import annotations

from velfaerd_sim.reporting.figures.specifications import Axis, Rows, Scale, differences
from velfaerd_sim.telling.selection import SelectionWords


def selection_rows(told: SelectionWords) -> Rows:
    """How far regimes are behind the best; more is better, so that none is right of zero."""
    labels = {each.name: each.label(told.language) for each in told.selected.design.timelines}
    rows = [
        (labels[each["regime"]], each["behind"], each["ci_low"], each["ci_high"])
        for each in told.selected.table.iloc[1:].to_dict("records")
    ]
    scale = Scale(told.format.scale, told.format.difference_decimals, signed=True)
    axis = Axis(told.format.difference_axis, scale)
    return differences(told.words("select_behind"), axis, 1, rows)
