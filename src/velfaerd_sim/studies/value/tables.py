"""The tables of a study of the value of information."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm

from velfaerd_sim.engine import store
from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.instruments.survey_answers import FINDINGS
from velfaerd_sim.measures.outcomes import named
from velfaerd_sim.statistics import information
from velfaerd_sim.studies.value.decision import Decision

TABLE = "value.parquet"
FALSE_DISCOVERIES = 0.05
"""Share of what is told apart from 0 that may be so by chance, within a kind of information."""
ONE_REPLICATE = "one_replicate"
"""Why nothing is said of perfect information: chance cannot be told from worlds."""


class Estimated(NamedTuple):
    """A value of information: kind, what it is about, its name, the value and its error."""

    kind: str
    of: str
    what: str
    value: float
    error: float


def value_table(
    decision: Decision,
    benefits: information.Worlds,
    estimated: Sequence[Estimated],
    surveys: Mapping[Survey, NDArray[np.float64]],
) -> pa.Table:
    """What each piece of information is worth, one a row.

    surveys: what each found, (worlds, findings). staff_hours: hours a month per 1 000 adults that
    buy as much at `Decision.price`, with its error; NaN, and a reason, where there is no price.
    told_apart: whether the value is above 0 (one-sided, at most so many false discoveries among
    rows about the same: Benjamini & Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x).
    """
    found = list(estimated)
    if not any(each.kind == "evpi" for each in found):
        found.insert(0, Estimated("evpi", "choice", "everything", np.nan, np.nan))
    for survey, findings in surveys.items():
        of_survey = information.partial(benefits, findings)
        found.append(Estimated("evsi", "survey", survey.name, *of_survey))
    price = decision.price()
    value = np.array([each.value for each in found], np.float64)
    error = np.array([each.error for each in found], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        hours = value / price.gain
        spread = np.hypot(error / price.gain, hours * price.error / price.gain)
    columns: dict[str, Any] = {
        name: [getattr(each, name) for each in found] for name in ("what", "kind", "of")
    }
    unknown = [ONE_REPLICATE if np.isnan(each.value) else price.reason for each in found]
    columns |= {
        "value": value,
        "standard_error": error,
        "unit": [named(decision.goal).unit] * len(found),
        "staff_hours": hours,
        "staff_hours_error": spread,
        "told_apart": _told_apart(columns["of"], value, error),
        "reason": unknown,
    }
    return store.arrow(columns)


def _told_apart(of: Sequence[str], value: Any, error: Any) -> NDArray[np.bool_]:
    """Which values are above 0, by what they are about."""
    told = np.zeros(len(value), bool)
    for each in dict.fromkeys(of):
        rows = np.array([other == each for other in of]) & np.isfinite(value)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = norm.sf(np.where(error[rows] > 0.0, value[rows] / error[rows], 0.0))
        if len(chance):
            told[rows] = false_discovery_control(chance) <= FALSE_DISCOVERIES
    return told


def surveys_table(decision: Decision, surveys: Mapping[Survey, NDArray[np.float64]]) -> pa.Table:
    """What surveys found: survey, world, finding and value a row."""
    columns: dict[str, list[Any]] = {name: [] for name in ("survey", "world", "finding", "value")}
    for survey, values in surveys.items():
        names = FINDINGS[survey.kind]
        for world, own in zip(decision.worlds, values, strict=True):
            columns["survey"] += [survey.name] * len(names)
            columns["world"] += [world.number] * len(names)
            columns["finding"] += names
            columns["value"] += own.tolist()
    types = (pa.string(), pa.int64(), pa.string(), pa.float64())
    arrays = [pa.array(each, t) for each, t in zip(columns.values(), types, strict=True)]
    return pa.table(arrays, names=list(columns))
