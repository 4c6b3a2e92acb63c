"""What an outcome is: its name, unit, kind, direction, labels and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.measures.history import TallyHistory
from velfaerd_sim.plugins import OwnOutcome

Array = NDArray[np.float64]
LEVEL, FLOW, WINDOW, CUMULATIVE = "level", "flow", "window", "cumulative"

_LIMITS = {"share": (0.0, 1.0), "0-1": (0.0, 1.0), "points (3-9)": (3.0, 9.0)}


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    kind: 'level' and 'flow' are summarised by their mean over the last year, 'window' (already
    over twelve months) and 'cumulative' by their last value. direction: 1 when more is better, -1
    when less is, 0 when neither. over: 'volunteers' or 'initiatives' where it speaks of them and
    has no value without any. own: where it is a plugin's.
    """

    name: str
    unit: str
    kind: str
    direction: int
    label_en: str
    label_da: str
    definition: str
    function: Callable[[TallyHistory], Array]
    over: str = ""
    own: OwnOutcome | None = None

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the most that the outcome can be."""
        if self.own is not None:
            return self.own.low, self.own.high
        if self.unit.startswith("person-years"):
            return -np.inf, np.inf
        return _LIMITS.get(self.unit, (0.0, np.inf))

    @property
    def worst(self) -> float:
        """What a run counts with in which nobody is left of whom the outcome speaks.

        The worst end of its scale; NaN where it speaks of everybody, or is neither good nor bad.
        """
        if not self.over or not self.direction:
            return float("nan")
        return 0.0 if self.direction > 0 else 1.0

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en
