"""What information is worth, in sentences: what to measure next, and what not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.inputs.targets import NORMAL_95
from velfaerd_sim.measures.outcomes import named
from velfaerd_sim.studies.value.plan import CHOICE, GROUP, PARAMETER, SURVEY, THEORIES
from velfaerd_sim.studies.value.valuing import Valuation
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.words import Words

MOST_NAMED = 4
"""Names in a sentence, at most."""
_OF_GROUPS = (GROUP, THEORIES)


@dataclass(frozen=True)
class ValueTeller:
    """Tells a study of the value of information in one language."""

    study: Valuation
    words: Words

    @property
    def table(self) -> pd.DataFrame:
        """What each piece of information is worth."""
        return self.study.value

    @property
    def format(self) -> Format:
        """How numbers of the goal are written."""
        unit = named(self.study.decision.goal).unit
        widths = NORMAL_95 * self.table["standard_error"]
        return of_unit(unit, self.words.language).for_widths((), widths.tolist())

    @property
    def surveys(self) -> Mapping[str, Survey]:
        """The surveys by name."""
        return {survey.name: survey for survey in self.study.asked}

    def regime(self, name: str) -> str:
        """What a regime is called."""
        timelines = {each.name: each for each in self.study.decision.timelines}
        return timelines[name].label(self.words.language)

    def called(self, row: Mapping[Any, Any]) -> str:
        """What a piece of information is called."""
        of, what = str(row["of"]), str(row["what"])
        if of == SURVEY:
            return self.surveys[what].label(self.words.language)
        if of == GROUP:
            return self.words("of_group", name=self.words.name("group", what))
        return self.words.name("parameter", what) if of == PARAMETER else self.words(f"of_{of}")

    def inside(self, row: Mapping[Any, Any]) -> str:
        """What a piece of information is called inside a sentence."""
        of, what = str(row["of"]), str(row["what"])
        if of == GROUP:
            return self.words("in_group", name=self.words.name("group", what))
        return self.words("in_theories") if of == THEORIES else f"»{self.called(row)}«"

    def size(self, row: Mapping[Any, Any]) -> str:
        """A value with its interval, as '1.2 (0.8 to 1.6)' with its unit."""
        value, half = float(row["value"]), NORMAL_95 * float(row["standard_error"])
        interval = self.format.difference_interval(value - half, value + half)
        return self.words("size_of", value=self.format.size(max(value, 0.0)), interval=interval)

    def most(self, row: Mapping[Any, Any]) -> float:
        """The upper end of the interval of a value, at least 0."""
        return max(0.0, float(row["value"]) + NORMAL_95 * float(row["standard_error"]))

    def hours(self, row: Mapping[Any, Any]) -> str:
        """What buys as much, in hours; a dash where it is not known."""
        return self.words.number(float(row["staff_hours"]), 2)

    def sentences(self) -> list[str]:
        """The choice as it stands, what perfect information is worth, what it costs, what next."""
        return [self._choice(), self.perfect(), self.price(), self.next()]

    def _choice(self) -> str:
        own = self.study.decision
        return self.words.count(
            len(own.worlds),
            "choice",
            regime=self.regime(own.best()),
            number=self.words.number(len(own.timelines)),
            goal=self.words.name("outcome", own.goal),
            unit=self.format.difference_axis,
        )

    def perfect(self) -> str:
        """What it would be worth to know everything."""
        row = self._perfect_row()
        if math.isnan(row["value"]):
            return self.words(str(row["reason"]))
        if not row["told_apart"]:
            return self.words("perfect_none", most=self.format.size(self.most(row)))
        return self.words("perfect", size=self.size(row))

    def _perfect_row(self) -> Mapping[Any, Any]:
        (row,) = self.table[self.table["of"] == CHOICE].to_dict("records")
        return row

    def price(self) -> str:
        """What a gain costs in hours."""
        price = self.study.decision.price()
        if price.reason:
            against = self.regime(price.against) if price.against else ""
            best = self.regime(self.study.decision.best())
            return self.words(f"price_{price.reason}", against=against, regime=best)
        return self.words(
            "price",
            regime=self.regime(self.study.decision.best()),
            against=self.regime(price.against),
            gain=self.format.for_widths((), [NORMAL_95 * price.error]).size(price.gain),
        )

    def next(self, full: bool = True) -> str:
        """What to measure next, and what not. full: otherwise only the first of each."""
        told = self.table[self.table["told_apart"]].sort_values("value", ascending=False)
        surveys = told[told["of"] == SURVEY]
        themes = told[told["of"].isin(_OF_GROUPS)]
        single = told[told["of"] == PARAMETER]
        rest = self.table[~self.table["told_apart"] & self.table["of"].isin((SURVEY, *_OF_GROUPS))]
        least = rest[rest["value"].notna()].sort_values("value").to_dict("records")
        if len(surveys):
            (best,) = surveys.head(1).to_dict("records")
            first = self.words("next_survey", name=self.inside(best), size=self.size(best))
        elif len(themes) or len(single):
            about = (themes if len(themes) else single).to_dict("records")
            key = "next_theme" if self.surveys else "next_theme_alone"
            first = self.words(key, names=self._listed(about[: None if full else 1]))
        elif self._perfect_row()["told_apart"]:
            return self.words("next_unknown", size=self.size(self._perfect_row()))
        else:
            regime = self.regime(self.study.decision.best())
            if math.isnan(self._perfect_row()["value"]):
                others = self.table[self.table["of"] != CHOICE].to_dict("records")
                return self.words("next_untold", most=self._most_of(others))
            rows = self.table.to_dict("records")
            return self.words("next_nothing", regime=regime, most=self._most_of(rows))
        if not least or not full:
            return first
        not_this = self.words("next_not", names=self._listed(least), most=self._most_of(least))
        return f"{first} {not_this}"

    def _most_of(self, rows: list[dict[Any, Any]]) -> str:
        return self.format.size(max((self.most(row) for row in rows), default=0.0))

    def _listed(self, rows: list[dict[Any, Any]]) -> str:
        names = [self.inside(row) for row in rows[:MOST_NAMED]]
        if len(rows) > MOST_NAMED:
            names.append(self.words.count(len(rows) - MOST_NAMED, "others"))
        return self.words.listed(names)
