"""Names as readers of a sweep meet them: regimes, factors and outcomes by their labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from velfaerd_sim.analysis.answers import Answers
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.formats import MINUS, Format, of_unit
from velfaerd_sim.reporting.reading import words_of
from velfaerd_sim.studies.factors import Factor, described


@dataclass(frozen=True)
class Labels:
    """Labels of one study. regimes: names in its order; shorts: their labels; factors: its own."""

    regimes: tuple[str, ...]
    shorts: Mapping[str, str]
    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...]
    language: str = "en"

    @classmethod
    def of(cls, answers: Answers, language: str = "en") -> Labels:
        """Read the labels off a study, the baseline of the analysis first."""
        study, first = answers.study, str(answers.wanted.baseline)
        names = [timeline.name for timeline in study.regimes]
        order = (first, *(name for name in names if name != first))
        shorts = {
            timeline.name: words_of(timeline.name, timeline.to_dict(), language).short
            for timeline in study.regimes
        }
        columns = tuple(reading.column.partition(".")[2] for reading in study.readings)
        return cls(order, shorts, study.factors, columns, language)

    def regime(self, name: str) -> str:
        """A regime's short label."""
        return self.shorts.get(name, name.replace("_", " "))

    def outcome(self, column: str) -> str:
        """An outcome's label, with the month where it is not read at the end."""
        name, _, month = column.partition(".month_")
        label = OUTCOMES[INDEX[name]].label(self.language) if name in INDEX else name
        return f"{label}, month {month}" if month else label

    def shape(self, column: str) -> Format:
        """How numbers of an outcome are written."""
        name = column.partition(".month_")[0]
        return of_unit(OUTCOMES[INDEX[name]].unit if name in INDEX else "")

    def direction(self, column: str) -> int:
        """1 where more is better, -1 where less is, 0 where neither."""
        name = column.partition(".month_")[0]
        return OUTCOMES[INDEX[name]].direction if name in INDEX else 0

    def factor(self, name: str) -> str:
        """A factor's label; an instrument of one regime is named with it."""
        parts = name.split(".", 2)
        label = described(name).label(self.language)
        if name.startswith("instrument.") and len(parts) == 3:
            return f"{label} ({self.regime(parts[2])})"
        return label

    def unit(self, name: str) -> str:
        """A factor's unit."""
        return described(name).unit

    @cached_property
    def _known(self) -> dict[str, str]:
        known = {factor.name: self.factor(factor.name) for factor in self.factors}
        known |= {name: self.outcome(name) for name in self.outcomes}
        return known | {name: self.regime(name) for name in self.regimes}

    def marked(self, sentence: str) -> Markup:
        """A sentence as markup, with names replaced by labels that are set apart."""
        names = sorted(self._known, key=len, reverse=True)
        pattern = r"(?<![\w.])(" + "|".join(map(re.escape, names)) + r")(?![\w]|\.\w)"
        neat = re.sub(r"(?<![\w)])-(?=\d)", MINUS, re.sub(r"(\d) %", "\\1\u00a0%", sentence))
        parts = re.split(pattern, neat)
        return Markup("").join(
            Markup('<span class="name" title="{}">{}</span>').format(part, self._known[part])
            if k % 2
            else escape(part)
            for k, part in enumerate(parts)
        )
