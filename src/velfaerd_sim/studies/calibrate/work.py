"""The work of a calibration: the model's answer to every target under one parameter set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from velfaerd_sim.engine.task import Answer, Context

Reader = Callable[..., Mapping[str, float]]
"""Reads targets of parameters: (parameters, *, adults, replicates, seed, months) -> by id."""


@dataclass(frozen=True)
class Asked:
    """What all readings of a calibration share. names: of the figures that are kept of each."""

    reader: Reader
    names: tuple[str, ...]
    adults: int
    months: int


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """One reading to be made."""

    parameters: tuple[tuple[str, float], ...]
    replicates: int
    seed: int


def read_figures(reading: ReadingTask, context: Context) -> list[Answer]:
    """Make a reading: the figures in the order of their names, NaN where there is none."""
    asked: Asked = context.common
    found = asked.reader(
        dict(reading.parameters),
        adults=asked.adults,
        replicates=reading.replicates,
        seed=reading.seed,
        months=asked.months,
    )
    return [Answer(tuple(float(found.get(name, math.nan)) for name in asked.names))]
