"""Words filled in: texts by key, names of regimes, spans of time, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from velfaerd_sim.inputs.regimes import STATUS_QUO
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.results import Results

REPORT = ("report", "answer", "worlds")
"""The catalogue files of the report of a run or comparison."""


class Wording:
    """The words of one report in its language."""

    def __init__(self, results: Results) -> None:
        """results: what to write about, and in which language."""
        self.results = results
        self.language = results.language
        self.words = results.write.within(*REPORT)

    def say(self, key: str, **values: object) -> Markup:
        """Fill a text; what is filled in is escaped unless it is markup."""
        return self.words.markup(key, **values)

    def name(self, regime: str) -> Markup:
        """A regime's name as it stands in a sentence."""
        if regime == STATUS_QUO and regime == self.results.baseline and self.results.compares:
            return Markup(self.words("the_status_quo"))
        return Markup("<b>{}</b>").format(self.results.label(regime))

    def names(self, regimes: Sequence[str], last: str = "and") -> Markup:
        """Several names, joined as in a sentence."""
        return Markup(self.words.listed([str(self.name(r)) for r in regimes], last))

    def years(self, months: int) -> str:
        """A span of months, in years where it is whole years."""
        return self.words.duration(months)

    def outcome(self, name: str) -> str:
        """An outcome's label."""
        return OUTCOMES[INDEX[name]].label(self.language)

    def level(self, name: str, regime: str) -> str:
        """An outcome's level under a regime, with its unit."""
        return self.results.format_of(name).level(self.results.level(name, regime).value)

    def notes(self, regimes: Iterable[str]) -> list[Markup]:
        """What must be said of these regimes whenever they are named as good."""
        return [
            self.say(f"note_{r}", regime=self.name(r))
            for r in regimes
            if self.words.has(f"note_{r}")
        ]
