"""Which of several regimes is best, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from velfaerd_sim.measures.outcomes import named
from velfaerd_sim.studies.select.plan import BEHIND
from velfaerd_sim.studies.select.selecting import Selected
from velfaerd_sim.telling.facts import capital, within_sentence
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.words import Words


@dataclass(frozen=True)
class SelectionWords:
    """The words of one selection in one language."""

    selected: Selected
    language: str = "en"

    @cached_property
    def words(self) -> Words:
        """Texts of the catalogue."""
        return Words(self.language, "advice")

    @cached_property
    def format(self) -> Format:
        """How the outcome is written, as finely as intervals bear."""
        table = self.selected.table
        widths = ((table["ci_high"] - table["ci_low"]) / 2.0).tolist()
        unit = named(self.selected.design.outcome).unit
        return of_unit(unit, self.language).for_widths(widths, widths)

    @property
    def outcome(self) -> str:
        """The outcome as it stands in a sentence."""
        return within_sentence(self.words.name("outcome", self.selected.design.outcome))

    def regime(self, name: str) -> str:
        """A regime in quotation marks, by its own label where it has one."""
        labels = {each.name: each for each in self.selected.design.timelines}
        return self.words("quoted", name=labels[name].label(self.language))

    @property
    def zone(self) -> str:
        """How far behind the best a regime may be and be taken for it."""
        zone = self.selected.design.procedure.zone
        return self.format.showing(zone, zone).size(zone)

    def told(self) -> list[str]:
        """What was found, in sentences."""
        return [capital(text) for text in self._all()]

    def _all(self) -> Iterator[str]:
        selected, table = self.selected, self.selected.table
        design, facts = selected.design, selected.study["selected"]
        shared = {
            "outcome": self.outcome,
            "zone": self.zone,
            "confidence": self.words.percent(design.procedure.confidence),
        }
        names = [self.regime(name) for name in selected.left]
        if selected.settled:
            yield self.words("selected", regime=names[0], **shared)
        else:
            yield self.words("selected_open", names=self.words.listed(names), **shared)
        runs, count = facts["runs"], facts["replicates"]
        equal = count * len(table)
        yield self.words.count(
            count,
            "selected_runs" if runs < equal else "selected_at_once",
            runs=self.words.number(runs),
            equal=self.words.number(equal),
            share=self.words.percent(runs / equal),
        )
        behind = table[table["result"] == BEHIND]
        if len(behind):
            first = dict(behind.iloc[0])
            yield self.words(
                "selected_next",
                regime=self.regime(first["regime"]),
                size=self.format.size(first["behind"]),
                interval=self.format.difference_interval(first["ci_low"], first["ci_high"]),
                best=self.regime(table["regime"].iloc[0]),
            )
