"""Advice in sentences: what to do, how sure that is, what matters and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.measures.outcomes import named
from velfaerd_sim.studies.advise.advising import Advice
from velfaerd_sim.studies.advise.tables import MATTERS
from velfaerd_sim.telling.facts import capital, within_sentence
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.precision import lost_runs
from velfaerd_sim.telling.words import Words

SEVERAL = "weighted points"
"""The unit of a benefit where several goals have weights."""
SHOWN = 0.1
"""Differences of instruments below this are not told."""
ENOUGH = 0.9
"""A cheaper package is told of where it gives this share of the best one's benefit."""
MOST_TOLD = 3


@dataclass(frozen=True)
class AdviceWords:
    """The words of one piece of advice in one language."""

    advice: Advice
    language: str = "en"

    @cached_property
    def words(self) -> Words:
        """Texts of the catalogue."""
        return Words(self.language, "advice")

    @cached_property
    def format(self) -> Format:
        """How benefits are written, as finely as their intervals bear."""
        goal = self.advice.design.goals.single
        unit = SEVERAL if goal is None else named(goal).unit
        packages = self.advice.packages
        widths = (packages["ci_high"] - packages["ci_low"]) / 2.0
        return of_unit(unit, self.language).for_widths(differences=widths.tolist())

    @property
    def goal(self) -> str:
        """The goal as it stands in a sentence."""
        names = self.advice.design.goals.names
        labels = [within_sentence(self.words.name("outcome", name)) for name in names]
        return self.words.listed(labels)

    def instrument(self, name: str) -> str:
        """An instrument as it stands in a sentence."""
        return within_sentence(self.words.name("instrument", name))

    def regime(self, name: str) -> str:
        """A regime in quotation marks."""
        return self.words("quoted", name=self.words.name("regime", name))

    def hours(self, value: float) -> str:
        """Hours with one digit after the point, and none where it is zero."""
        return self.words.number(value, 0 if round(value, 1) == round(value) else 1)

    def gain(self, value: float) -> str:
        """A benefit as 'so much better', or worse."""
        key = "better" if value >= 0.0 else "worse"
        return self.words(key, size=self.format.size(value))

    def between(self, low: float, high: float) -> str:
        """The interval of a benefit."""
        return self.format.difference_interval(low, high)

    def value(self, value: float) -> str:
        """The value of an instrument."""
        return self.words.number(value, 2)

    # --- sentences ------------------------------------------------------------------------------

    def told(self) -> list[str]:
        """All that is told, the most important first."""
        return [capital(text) for text in self._all() if text]

    def _all(self) -> Iterator[str]:
        yield self.headline()
        yield self.lost()
        yield self.rival()
        yield self.changes()
        yield self.first()
        yield self.path()
        yield from self.matters()
        yield from self.avoid()
        yield self.nearest()
        yield self.cheaper()
        yield self.hour()
        yield self.worlds()
        yield self.fresh()

    @property
    def best(self) -> dict[Any, Any]:
        """The best package."""
        return dict(self.advice.packages.iloc[0])

    def headline(self) -> str:
        """What the best package gives for its hours."""
        best = self.best
        known = not (best["ci_low"] <= 0.0 <= best["ci_high"])
        return self.words(
            "headline" if known else "headline_none",
            most=self.hours(self.advice.design.most),
            hours=self.hours(best["hours_per_1000"]),
            goal=self.goal,
            gain=self.gain(best["benefit"]),
            interval=self.between(best["ci_low"], best["ci_high"]),
            unit=self.format.difference_axis,
        )

    def lost(self) -> str:
        """In how many worlds all volunteers left; '' where in none."""
        facts = self.advice.study["advice"]
        counts = facts.get("without_volunteers", {})
        return lost_runs(
            self.words,
            {name: (count, facts["fresh_worlds"]) for name, count in counts.items()},
            lambda name: self.words(f"lost_{name}"),
        )

    def rival(self) -> str:
        """Whether it beats the best named regime at the same hours; says so where it does not."""
        best = self.best
        key = "rival_unclear"
        if best["lead_low"] > 0.0:
            key = "rival_beaten"
        elif best["lead_high"] < 0.0:
            key = "rival_wins"
        regimes = self.advice.regimes.set_index("regime")
        return self.words(
            key,
            regime=self.regime(best["best_named"]),
            gain=self.gain(best["lead"]),
            interval=self.between(best["lead_low"], best["lead_high"]),
            hours=self.hours(regimes.loc[best["best_named"], "hours_per_1000"]),
        )

    def changes(self) -> str:
        """What to change, what is worth most first; what it is where today is no point."""
        rows = self.advice.margins
        if rows["today"].isna().all():
            values = [
                f"{self.instrument(each['instrument'])} {self.value(each['value'])}"
                for each in rows.to_dict("records")
            ]
            return self.words("values", values=self.words.listed(values))
        rows = rows[(rows["value"] - rows["today"]).abs() >= SHOWN]
        rows = rows.sort_values("worth", ascending=False, kind="stable")
        if not len(rows):
            return self.words("changes_none")
        steps = [self.change(each) for each in rows.to_dict("records")]
        return self.words("changes", steps=self.words.listed(steps))

    def change(self, each: dict[Any, Any]) -> str:
        """A step of an instrument in words; each: a row of margins."""
        key = "more_of" if each["value"] > each["today"] else "less_of"
        return self.words(
            key,
            instrument=self.instrument(each["instrument"]),
            today=self.value(each["today"]),
            value=self.value(each["value"]),
        )

    def first(self) -> str:
        """Which step gives most by itself, with everything else as today."""
        rows = self.advice.margins
        if rows["today"].isna().all():
            return ""
        clear = rows[rows["first_low"] > 0.0]
        clear = clear.sort_values("first", ascending=False, kind="stable").head(MOST_TOLD)
        if not len(clear):
            return self.words("first_none")
        steps = [
            self.words(
                "first_step",
                instrument=self.instrument(each["instrument"]),
                gain=self.gain(each["first"]),
                interval=self.between(each["first_low"], each["first_high"]),
            )
            for each in clear.to_dict("records")
        ]
        return self.words("first", steps=self.words.listed(steps))

    def path(self) -> str:
        """In which steps to go there, and what going in steps costs."""
        rows = self.advice.paths.set_index("path")
        if not len(rows):
            return ""
        own, other = dict(rows.loc["best_first"]), dict(rows.loc["best_last"])
        steps = [
            self.words.listed([self.instrument(name) for name in step.split("+")])
            for step in str(own["steps"]).split()
        ]
        return self.words(
            "path",
            months=self.words.duration(int(own["months"])),
            steps="; ".join(steps),
            own=self.gain(own["benefit"]),
            against=self.format.difference(own["against"]),
            interval=self.between(own["against_low"], own["against_high"]),
            other=self.gain(other["benefit"]),
        )

    def matters(self) -> Iterator[str]:
        """Which instruments have to be where they are, and which may be anywhere."""
        rows = self.advice.margins
        if not rows["matters"].iloc[0] > 0.0:
            return
        tight = rows[(rows["low"] > 0.0) | (rows["high"] < 1.0)]
        loose = rows.drop(tight.index)
        share = self.words.percent(MATTERS)
        if len(tight):
            ranges = [
                self.words(
                    "range",
                    instrument=self.instrument(each["instrument"]),
                    low=self.value(each["low"]),
                    high=self.value(each["high"]),
                )
                for each in tight.to_dict("records")
            ]
            yield self.words("tight", share=share, ranges="; ".join(ranges))
        if len(loose):
            names = [self.instrument(name) for name in loose["instrument"]]
            yield self.words("loose", share=share, names=self.words.listed(names))

    def avoid(self) -> Iterator[str]:
        """What not to do: single moves and named regimes that clearly cost most."""
        moves = self.advice.moves
        matters = float(self.advice.margins["matters"].iloc[0])
        bad = moves[(moves["ci_high"] < 0.0) & (moves["change"] < -matters)]
        bad = bad.sort_values("change", kind="stable").drop_duplicates("instrument")
        if len(bad):
            steps = [
                self.words(
                    "avoid_step",
                    instrument=self.instrument(each["instrument"]),
                    value=self.value(each["value"]),
                    size=self.format.size(each["change"]),
                    interval=self.between(each["ci_low"], each["ci_high"]),
                )
                for each in bad.head(MOST_TOLD).to_dict("records")
            ]
            yield self.words("avoid", steps=self.words.listed(steps))
        regimes = self.advice.regimes
        worse = regimes[regimes["ci_high"] < 0.0].sort_values("benefit", kind="stable")
        if len(worse):
            names = [self.regime(name) for name in worse["regime"]]
            yield self.words("avoid_regimes", names=self.words.listed(names))

    def nearest(self) -> str:
        """Which named regime is nearest, and what to change in it."""
        regimes = self.advice.regimes.sort_values("distance", kind="stable")
        name = str(regimes["regime"].iloc[0])
        own = dict(zip(INSTRUMENTS, REGIMES[name].instruments, strict=True))
        steps: list[dict[str, Any]] = [
            {"instrument": key, "today": own[key], "value": float(self.best[key])}
            for key in INSTRUMENTS
            if abs(own[key] - float(self.best[key])) >= SHOWN
        ]
        steps.sort(key=lambda each: -abs(each["value"] - each["today"]))
        if not steps:
            return self.words("nearest_same", regime=self.regime(name))
        told = self.words.listed([self.change(each) for each in steps])
        return self.words("nearest", regime=self.regime(name), steps=told)

    def cheaper(self) -> str:
        """The cheapest point of the front that gives nearly as much."""
        front, best = self.advice.front, self.best
        if not best["ci_low"] > 0.0:
            return ""
        near = front[front["benefit"] >= ENOUGH * best["benefit"]]
        near = near[near["hours_per_1000"] < best["hours_per_1000"] - 0.5]
        if not len(near):
            return ""
        found = near.loc[near["hours_per_1000"].idxmin()]
        return self.words(
            "cheaper",
            hours=self.hours(found["hours_per_1000"]),
            gain=self.gain(found["benefit"]),
            interval=self.between(found["ci_low"], found["ci_high"]),
        )

    def hour(self) -> str:
        """What one more hour buys."""
        rows = self.advice.hours
        rows = rows[rows["step"] == 1]
        if not len(rows):
            return ""
        each = dict(rows.iloc[0])
        known = not (each["ci_low"] <= 0.0 <= each["ci_high"])
        return self.words(
            "hour" if known else "hour_none",
            gain=self.gain(each["change"]),
            interval=self.between(each["ci_low"], each["ci_high"]),
            used=self.words.number(each["hours_per_1000"], 1),
        )

    def worlds(self) -> str:
        """How bad it can be, and what is lost for not knowing the world."""
        best = self.best
        return self.words(
            "worlds", tenth=self.gain(best["worst_tenth"]), regret=self.format.size(best["regret"])
        )

    def fresh(self) -> str:
        """What the numbers rest on."""
        facts = self.advice.study["advice"]
        return self.words.count(
            facts["fresh_worlds"], "fresh", new=self.words.number(facts["new_worlds"])
        )
