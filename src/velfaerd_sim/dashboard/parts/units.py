"""Numbers of outcomes with their units, in the session's language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from velfaerd_sim.dashboard.frame.texts_sources import UNITS
from velfaerd_sim.measures.outcomes import Outcome
from velfaerd_sim.reporting.figures.specifications import Scale
from velfaerd_sim.telling import texts_outcomes, texts_units
from velfaerd_sim.telling.formats import MISSING, of_unit
from velfaerd_sim.telling.words import Words

# What a unit of the model is called, and what follows a number of it: English, Danish.
_NAMES = {
    "share": ("per cent", "procent"),
    "per year": ("per cent a year", "procent om året"),
    "0-1": ("on a scale from 0 to 1", "på en skala fra 0 til 1"),
    "per 1000 adults": ("per 1,000 adults", "pr. 1.000 voksne"),
    "a month per 1000 adults": ("a month per 1,000 adults", "om måneden pr. 1.000 voksne"),
    "hours a month per 1000 adults": (
        "hours a month per 1,000 adults",
        "timer om måneden pr. 1.000 voksne",
    ),
    "hours a month": ("hours a month", "timer om måneden"),
    "persons a month": ("persons a month", "personer om måneden"),
    "person-years per 1000 adults": (
        "person-years per 1,000 adults",
        "personår pr. 1.000 voksne",
    ),
    "person-years per 100 hours": ("person-years per 100 hours", "personår pr. 100 timer"),
    "points (3-9)": ("points on a scale from 3 to 9", "point på en skala fra 3 til 9"),
}
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
    return _NAMES[unit][words.language == "da"] if unit in _NAMES else unit


def table_unit(unit: str, words: Words) -> str:
    """Return a unit as the tables of parameters and targets name it, in the session's language."""
    if words.language != "da":
        return unit
    return texts_units.DANISH.get(f"unit_{unit}") or UNITS.get(unit, unit)


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
    table = texts_outcomes.DANISH if words.language == "da" else texts_outcomes.ENGLISH
    return table.get(f"definition_{outcome.name}", outcome.definition)


def finer(measure: Measure, decimals: int) -> Measure:
    """Return the same with so many decimals."""
    return Measure(replace(measure.scale, decimals=decimals), measure.name)
