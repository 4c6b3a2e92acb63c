"""Goals: what advice is to serve, one outcome or several with weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.instruments.losses import counted
from velfaerd_sim.measures.outcomes import NAMES, named

Array = NDArray[np.float64]
USUAL = "lonely_years_averted_per_1000"
"""The goal where none is named: it counts every month, so chance weighs least in it."""
MOST_WEIGHT = 1e9


@dataclass(frozen=True)
class Goals:
    """Outcomes and what one unit of each is worth, in its own unit."""

    weights: tuple[tuple[str, float], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The outcomes."""
        return tuple(name for name, _ in self.weights)

    @property
    def single(self) -> str | None:
        """The outcome where it is the only one, in whose unit benefits are then."""
        return self.names[0] if len(self.weights) == 1 else None

    def value(self, outcomes: Array) -> Array:
        """What outcomes are worth, more is better: (..., goals) to (...).

        An outcome without a value, as all volunteers left, counts with the worst end of its scale.
        """
        total = np.zeros(outcomes.shape[:-1])
        for k, (name, weight) in enumerate(self.weights):
            reached = counted(name, outcomes[..., k])
            total = total + weight * named(name).direction * reached
        return total

    def to_dict(self) -> dict[str, float]:
        """Plain values."""
        return dict(self.weights)


def checked_goals(goal: str | Iterable[str] | Mapping[str, float] | None) -> Goals:
    """Goals from a name, texts NAME or NAME=WEIGHT, or weights by name. Raises InputError.

    One goal alone has weight 1, whatever is said.
    """
    if goal is None:
        goal = USUAL
    given = goal.items() if isinstance(goal, Mapping) else map(_split, _texts(goal))
    found: dict[str, float] = {}
    for name, weight in given:
        if name not in NAMES:
            allowed = refusal("advice_goal")
            raise InputError("goal", name, allowed, nearest(name, NAMES))
        if named(name).direction == 0:
            raise InputError("goal", name, refusal("advice_goal_direction"))
        if name in found:
            raise InputError("goal", name, "each outcome once")
        found[name] = checks.number(weight, f"goal: {name}", 1e-9, MOST_WEIGHT)
    if not found:
        raise InputError("goal", "", refusal("advice_goal"))
    if len(found) == 1:
        found = dict.fromkeys(found, 1.0)
    return Goals(tuple(found.items()))


def _texts(goal: str | Iterable[str]) -> list[str]:
    return [goal] if isinstance(goal, str) else [str(each) for each in goal]


def _split(text: str) -> tuple[str, Any]:
    name, equals, weight = text.partition("=")
    if not equals:
        return name.strip(), 1.0
    try:
        return name.strip(), float(weight)
    except ValueError:
        return name.strip(), weight
