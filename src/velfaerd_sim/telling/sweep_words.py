"""Names as readers of a sweep meet them: regimes, factors and outcomes by their labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from velfaerd_sim.analysis.arrays.facts import Thing
from velfaerd_sim.analysis.sweep.answers import Answers
from velfaerd_sim.inputs.factors import Factor, described
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.words import Words


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
        return self.text("month", label=label, month=month) if month else label

    def text(self, key: str, **values: object) -> str:
        """A text of the report in its language."""
        return self.words(key, **values)

    @property
    def words(self) -> Words:
        """The words of the report."""
        return Words(self.language, "report", "sweep")

    def counted(self, count: int, noun: str) -> str:
        """A number of things: noun is 'point', 'replicate' or 'regime'."""
        return self.words.count(count, f"findings.count.{noun}")

    def shape(self, column: str) -> Format:
        """How numbers of an outcome are written."""
        name = column.partition(".month_")[0]
        return of_unit(OUTCOMES[INDEX[name]].unit if name in INDEX else "", self.language)

    def direction(self, column: str) -> int:
        """1 where more is better, -1 where less is, 0 where neither."""
        name = column.partition(".month_")[0]
        return OUTCOMES[INDEX[name]].direction if name in INDEX else 0

    def factor(self, name: str) -> str:
        """A factor's label; an instrument of one regime is named with it."""
        parts = name.split(".", 2)
        label = described(name).label(self.language)
        if name.startswith("instrument."):
            label = self.words.name("instrument", parts[1])
        if name.startswith("instrument.") and len(parts) == 3:
            return f"{label} ({self.regime(parts[2])})"
        return label

    def unit(self, name: str) -> str:
        """A factor's unit."""
        return self.words.unit(described(name).unit)

    def thing(self, thing: Thing) -> str:
        """What a thing is called in this study."""
        if thing.kind == "method":
            return self.words.name("method", thing.name)
        return _NAMED[thing.kind](self, thing.name)

    def spelled(self, thing: Thing) -> str:
        """What a thing is called, with its name beside it, as markup."""
        label = self.thing(thing)
        if thing.kind == "method":
            return label
        return Markup('<span class="name" title="{}">{}</span>').format(thing.name, label)

    def teller(self, markup: bool = False) -> Teller:
        """Tells the facts of the study's analyses, plainly or as markup with names set apart."""
        words = Words(self.language, "findings")
        return Teller(words, self.spelled if markup else self.thing, markup)


_NAMED: Mapping[str, Callable[[Labels, str], str]] = {
    "regime": Labels.regime,
    "outcome": Labels.outcome,
    "parameter": Labels.factor,
}
