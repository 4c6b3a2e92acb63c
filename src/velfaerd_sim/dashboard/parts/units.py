"""Numbers of outcomes with their units, in the session's language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from velfaerd_sim.measures.outcomes import Outcome
from velfaerd_sim.reporting.figures.specifications import Scale
from velfaerd_sim.telling.formats import of_unit
from velfaerd_sim.telling.words import MISSING, Words

_SHARES = ("share", "per year")


@dataclass(frozen=True)
class Measure:
    """How numbers of an outcome are written. scale: of a chart; name: the unit in words."""

    scale: Scale
    name: str

    @property
    def axis(self) -> Scale:
        """The scale of a chart whose unit stands below it: only short units at every number."""
        return self.scale if len(self.scale.suffix) <= 2 else replace(self.scale, suffix="")

    def text(self, value: float, words: Words) -> str:
        """Write a number with what follows it; a dash where there is none."""
        scale = self.scale
        text = words.number(scale.factor * value, scale.decimals, scale.signed)
        return text if text == MISSING else text + scale.suffix


def unit_name(unit: str, words: Words) -> str:
    """Return the unit in words; an unknown one as it is."""
    return words.unit(unit, "outcome")


def measure_of(outcome: Outcome, words: Words, difference: bool = False) -> Measure:
    """Return how an outcome is written, or a difference in it: shares in percentage points."""
    form = of_unit(outcome.unit)
    danish = words.language == "da"
    suffix, name = "", unit_name(outcome.unit, words)
    if outcome.unit in _SHARES:
        suffix = "\u00a0%" if danish else "%"
        if difference:
            suffix = f"\u00a0{words('points')}"
            name = "procentpoint" if danish else "percentage points"
    elif outcome.unit.startswith("hours"):
        suffix = "\u00a0t." if danish else "\u00a0h"
    decimals = form.difference_decimals if difference else form.decimals
    return Measure(Scale(form.scale, decimals, suffix, difference), name)


def definition_of(outcome: Outcome, words: Words) -> str:
    """Return what an outcome means, in the session's language."""
    return words.known("outcomes", outcome.name, outcome.definition)


def finer(measure: Measure, decimals: int) -> Measure:
    """Return the same with so many decimals."""
    return Measure(replace(measure.scale, decimals=decimals), measure.name)
