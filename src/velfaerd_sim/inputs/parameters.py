"""The parameters: one table, from which validation, help, samplers and sliders are made.

The table itself is `data/parameters.csv`, so that it opens in a spreadsheet; no default number of
the model stands anywhere else. Roles: a lever is what governance decides, an uncertainty what the
world decides, a constant what is held fixed unless an experiment sets it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from velfaerd_sim import in_force
from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.plugins import Plugin

ROLES = ("lever", "uncertainty", "constant")
DISTRIBUTIONS = ("uniform", "log_uniform")


@dataclass(frozen=True)
class Parameter:
    """One parameter: default, unit, range, distribution over the range, role, source, labels."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    distribution: str
    role: str
    group: str
    source: str
    label_en: str
    label_da: str

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en

    @property
    def is_assumption(self) -> bool:
        """Whether the size of the parameter is assumed rather than published."""
        return "assumption" in self.source

    def quantile(self, rank: float) -> float:
        """Value at a rank in [0, 1] of the parameter's distribution over its range."""
        if self.distribution == "log_uniform":
            value = self.low * (self.high / self.low) ** rank
        else:
            value = self.low + rank * (self.high - self.low)
        return min(self.high, max(self.low, float(value)))


def _read_table() -> tuple[Parameter, ...]:
    text = files("velfaerd_sim.inputs").joinpath("data/parameters.csv").read_text("utf-8")
    parameters = []
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: float(row.pop(name)) for name in ("default", "low", "high")}
        parameters.append(Parameter(**numbers, **row))  # type: ignore[arg-type]
    return tuple(parameters)


_PACKAGED: tuple[Parameter, ...] = _read_table()
PARAMETERS: list[Parameter] = list(_PACKAGED)
"""Those of the package, and after them those of the plugins in force."""
RENAMED = {"staff_hours_per_month": "hours_per_1000"}
"""Names of old, and what stands in their place, in another unit."""
BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
PARAMETER_DTYPE: np.dtype[Any] = np.dtype([(parameter.name, "f8") for parameter in _PACKAGED])
OWN_GROUP = "plugin"
"""The group of parameters that plugins declare."""


def _take(plugins: tuple[Plugin, ...]) -> None:
    """Let the parameters of plugins stand after those of the package. Raises InputError."""
    found = {parameter.name: parameter for parameter in _PACKAGED}
    for plugin in plugins:
        for own in plugin.parameters:
            if own.name in found:
                allowed = "a name that no other parameter has"
                raise InputError(f"plugin {plugin.name}: parameter", own.name, allowed)
            found[own.name] = Parameter(**asdict(own), group=OWN_GROUP)
    BY_NAME.clear()
    BY_NAME.update(found)
    PARAMETERS[:] = found.values()


in_force.listen(_take)


def record_type() -> np.dtype[Any]:
    """The type of a record of parameters, as compiled code takes it.

    Parameters of plugins are in it where a plugin replaces rules: others read them by name.
    """
    if not any(plugin.rules for plugin in in_force.active()):
        return PARAMETER_DTYPE
    return np.dtype([(parameter.name, "f8") for parameter in PARAMETERS])


def defaults() -> dict[str, float]:
    """Every parameter's default by name."""
    return {parameter.name: parameter.default for parameter in PARAMETERS}


def named(name: str, place: str) -> Parameter:
    """The parameter of that name.

    Raises InputError with the nearest known name, or with the new one of a name of old.
    """
    if name in RENAMED:
        new = BY_NAME[RENAMED[name]]
        raise InputError(place, name, refusal("renamed", name=new.name, unit=new.unit))
    if name not in BY_NAME:
        raise InputError(
            place,
            name,
            refusal("parameter"),
            nearest(name, BY_NAME),
        )
    return BY_NAME[name]


def check(name: str, value: object, place: str) -> float:
    """The value as a number within the parameter's range.

    place: where the value stands, for the message. Raises InputError for an unknown name, another
    type, NaN or infinity, and a value out of range.
    """
    parameter = named(name, place)
    if type(value) is float and parameter.low <= value <= parameter.high:
        return value
    allowed = refusal(
        "parameter_between",
        low=f"{parameter.low:g}",
        high=f"{parameter.high:g}",
        unit=parameter.unit,
    )
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, (int, float, np.integer, np.floating)
    ):
        raise InputError(place, value, allowed)
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond the largest float
        number = math.inf
    if not math.isfinite(number) or not parameter.low <= number <= parameter.high:
        raise InputError(place, value, allowed)
    return number


def as_record(values: Mapping[str, float]) -> np.ndarray[Any, Any]:
    """The parameters as one float64 record in the order of the table; defaults where not named."""
    record = np.zeros(1, record_type())
    for name in record.dtype.names or ():
        record[name] = values.get(name, BY_NAME[name].default)
    return record


def lever_names() -> tuple[str, ...]:
    """Names of the parameters that governance decides."""
    return tuple(parameter.name for parameter in PARAMETERS if parameter.role == "lever")
