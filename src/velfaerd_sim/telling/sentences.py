"""The answer in sentences, made from the numbers.

Each function returns markup; names of regimes, which may come from users, are escaped. A sentence
says 'no clear difference' wherever the interval includes zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.findings import QUESTIONS, Verdict, verdict
from velfaerd_sim.telling.formats import Format, per_1000_citizens
from velfaerd_sim.telling.precision import lost_volunteers, sure
from velfaerd_sim.telling.results import Estimate, Results
from velfaerd_sim.telling.turning import turn_in_short
from velfaerd_sim.telling.wording import Wording

MANY = 3
"""More tied regimes than this are counted, not named, in the headline."""


@dataclass(frozen=True)
class Point:
    """One point of the answer: a catchword and its sentences."""

    catchword: str
    text: Markup


class Writer(Wording):
    """Writes the answer of one report in its language."""

    def __init__(self, results: Results) -> None:
        """results: what to write about, and in which language."""
        super().__init__(results)
        self.verdicts: dict[str, Verdict] = {
            name: verdict(results, name)
            for name in QUESTIONS
            if results.compares and results.known_outcomes([name])
        }

    def headline(self, rivals: bool = True) -> Markup:
        """The answer in one sentence. rivals: whether those not clearly behind are told."""
        results = self.results
        if not results.compares:
            return self._headline_run()
        if not results.has_intervals or not self.verdicts:
            return self.say("head_unsure")
        judged = list(self.verdicts.values())
        if all(v.kind == "none" for v in judged):
            topics = self.words.listed([self.words(f"topic_{v.outcome}") for v in judged], "or")
            return self.say("head_none", baseline=self.name(results.baseline), topics=topics)
        claims: list[Markup] = []
        leading = [v for v in judged if v.kind == "leads"]
        for best in dict.fromkeys(v.best for v in leading):
            own = [v for v in leading if v.best == best]
            claims.append(self._claim(best, own, rivals))
        for v in judged:
            if v.kind == "baseline":
                what = self.words(f"base_{v.outcome}")
                claims.append(
                    self.say("head_baseline", what=what, baseline=self.name(results.baseline))
                )
        unclear = [self.words(f"topic_{v.outcome}") for v in judged if v.kind == "none"]
        if unclear:
            topics = self.words.listed(unclear, "or")
            claims.append(self.say("head_no_difference", topics=topics))
        joined = Markup("; ".join(claims)) if len(claims) > 1 else claims[0]
        return self.say("head_start", claims=joined)

    def _claim(self, best: str, verdicts: list[Verdict], rivals: bool) -> Markup:
        if not rivals:
            all_of_it = Markup(
                self.words.listed([self.words(f"does_{v.outcome}") for v in verdicts])
            )
            return self.say("head_claim", best=self.name(best), what=all_of_it)
        parts: list[str] = []
        for tied in sorted(dict.fromkeys(v.tied for v in verdicts), key=len):
            phrases = [self.words(f"does_{v.outcome}") for v in verdicts if v.tied == tied]
            what = Markup(self.words.listed(phrases))
            parts += [str(self._with_tied(what, tied))] if tied else phrases
        what = Markup(self.words.listed(parts))
        return self.say("head_claim", best=self.name(best), what=what)

    def _with_tied(self, what: Markup, tied: tuple[str, ...]) -> Markup:
        if not tied:
            return what
        rivals = (
            self.names(tied, "or")
            if len(tied) < MANY
            else self.say("head_others", count=str(len(tied)))
        )
        return self.say("head_tied", what=what, tied=rivals)

    def _headline_run(self) -> Markup:
        results = self.results
        regime = results.baseline

        def level(name: str) -> str:
            return results.format_of(name).level(results.level(name, regime).value)

        volunteers = results.level("volunteers_per_1000", regime).value
        return self.say(
            "head_run",
            years=self.years(results.months),
            volunteers=self.words.number(volunteers) if math.isfinite(volunteers) else "–",
            retention=level("retention_12m"),
            lonely=level("lonely_share"),
        )

    def points(self) -> list[Point]:
        """The answer in points: each question, hours, persons, the turn, and how sure it is."""
        results = self.results
        if not results.compares:
            return [self._point("sure", self.say("sure_one"))]
        found = [self._point(name, self.about(name)) for name in QUESTIONS if name in self.verdicts]
        candidates = (
            ("people", self.people()),
            ("hours", self.hours()),
            ("turn", turn_in_short(self)),
            ("sure", sure(self)),
        )
        found += [self._point(key, text) for key, text in candidates if text]
        lost = lost_volunteers(self.words, results.levels, self.name)
        found += [self._point("note", Markup(lost))] if lost else []
        leading = [v for v in self.verdicts.values() if v.kind == "leads"]
        praised = dict.fromkeys(r for v in leading for r in (v.best, *v.tied))
        return found + [self._point("note", text) for text in self.notes(praised)]

    def _point(self, key: str, text: Markup) -> Point:
        return Point(self.words(f"point_{key}"), text)

    def about(self, name: str) -> Markup:
        """What the numbers say on one outcome."""
        judged = self.verdicts[name]
        base = self.level(name, self.results.baseline)
        common = {"baseline": self.name(self.results.baseline), "base": base}
        if judged.kind == "unsure":
            return self.say(
                "unsure",
                most=self.say(f"most_{name}", best=self.name(judged.best)),
                level=self.level(name, judged.best),
                **common,
            )
        parts: list[Markup] = []
        if judged.kind == "none":
            parts.append(self._nothing_clear(name, common))
        elif judged.kind == "baseline":
            poorer = tuple(r for r in self.results.order[1:] if r not in judged.tied)
            verb = "does" if len(poorer) == 1 else "do"
            text = self.say(verb, names=self.names(poorer))
            parts.append(self.say("baseline_best", poorer=text, **common))
        else:
            parts += self._leader(name, judged, common)
        if name == "lonely_share" and judged.kind == "leads":
            parts += self._small(judged)
        return Markup(" ").join(parts)

    def _leader(self, name: str, judged: Verdict, common: Mapping[str, object]) -> list[Markup]:
        difference = self.results.difference(name, judged.best)
        style = self.results.difference_format(name, judged.best)
        parts = [
            self.say(
                "leads",
                best=self.name(judged.best),
                top=self.words(f"top_{name}"),
                level=self.level(name, judged.best),
                difference=style.difference(difference.value),
                interval=style.difference_interval(difference.low, difference.high),
                **common,
            )
        ]
        if name == "lonely_share":
            parts += self._years_averted(judged.best)
        if not judged.tied:
            if len(self.results.others) > 1:
                parts.append(self.say("not_tied"))
        else:
            key = "tied" if len(judged.tied) < MANY else "tied_many"
            parts.append(self.say(key, tied=self.names(judged.tied), count=str(len(judged.tied))))
        if judged.worst is not None:
            low = self.results.difference(name, judged.worst)
            style = self.results.difference_format(name, judged.worst)
            parts.append(
                self.say(
                    "worst",
                    worst=self.name(judged.worst),
                    low=self.words(f"low_{name}"),
                    level=self.level(name, judged.worst),
                    difference=style.difference(low.value),
                    interval=style.difference_interval(low.low, low.high),
                )
            )
        return parts

    def _nothing_clear(self, name: str, common: Mapping[str, object]) -> Markup:
        results = self.results
        gaps = [results.difference(name, r) for r in results.others]
        if all(gap.low == 0.0 and gap.high == 0.0 for gap in gaps):
            return self.say("identical", **common)
        style = results.format_of(name)
        if len(results.others) == 1:
            (other,) = results.others
            found = results.difference(name, other)
            return self.say(
                "none_one",
                regime=self.name(other),
                level=self.level(name, other),
                difference=style.difference(found.value),
                interval=style.difference_interval(found.low, found.high),
                **common,
            )
        return self.say(
            "none",
            low=style.difference(min(d.low for d in gaps if d.sure)),
            high=style.difference(max(d.high for d in gaps if d.sure)),
            **common,
        )

    def _years_averted(self, best: str) -> list[Markup]:
        name = "lonely_years_averted_per_1000"
        found = self.results.difference(name, best)
        if not found.clear:
            return []
        style = self.results.format_of(name)
        key = "averted" if found.value > 0 else "averted_more"
        size = found if found.value > 0 else found.times(-1.0)
        return [
            self.say(
                key,
                years=self.years(self.results.months),
                averted=self.words.number(size.value, style.difference_decimals),
                interval=self.words.interval(size.low, size.high, style.difference_decimals),
                baseline=self.name(self.results.baseline),
            )
        ]

    def _small(self, judged: Verdict) -> list[Markup]:
        if judged.worst is None:
            return []
        name = judged.outcome
        best = self.results.level(name, judged.best).value
        worst = self.results.level(name, judged.worst).value
        if worst - best > 0.3 * worst:
            return []
        style = self.results.format_of(name)
        return [self.say("small", span=style.size(worst - best), rest=style.level(best))]

    def people(self) -> Markup:
        """Gainers and losers under the regime that leaves the fewest lonely."""
        judged = self.verdicts.get("lonely_share")
        if judged is None:
            return Markup("")
        regime = judged.best if judged.best != self.results.baseline else self.results.order[-1]
        row = self.results.gains(regime, "all").get("all")
        if row is None:
            return Markup("")
        per_1000 = per_1000_citizens(self.language)
        text = self.say(
            "people",
            regime=self.name(regime),
            gain=per_1000.bare(row.gainers.value),
            gain_interval=_share_interval(per_1000, row.gainers),
            loss=per_1000.bare(row.losers.value),
            loss_interval=_share_interval(per_1000, row.losers),
            baseline=self.name(self.results.baseline),
        )
        return Markup(str(text).replace(" ()", ""))

    def hours(self) -> Markup:
        """The staff hours of those who lead, and of the cheapest."""
        results = self.results
        name = "staff_hours_per_1000"
        if not results.known_outcomes([name]) or not results.has_intervals:
            return Markup("")
        style = results.format_of(name)
        leaders = list(dict.fromkeys(v.best for v in self.verdicts.values()))
        leaders = [r for r in leaders if r != results.baseline]
        same = [r for r in leaders if not results.difference(name, r).clear]
        parts: list[Markup] = []
        base = style.level(results.level(name, results.baseline).value)
        baseline = self.name(results.baseline)
        if same:
            key = "hours_same" if len(same) == 1 else "hours_same_many"
            parts.append(self.say(key, names=self.names(same), baseline=baseline, base=base))
        items = [self._hours_item(name, r) for r in leaders if r not in same]
        if items:
            if not same:
                items.append(self.say("hours_base", baseline=baseline, level=base))
            parts.append(Markup("{}.").format(Markup("; ".join(items))))
        return Markup(" ").join(parts + self._fewest(name, leaders))

    def _hours_item(self, name: str, regime: str) -> Markup:
        style = self.results.difference_format(name, regime)
        found = self.results.difference(name, regime)
        return self.say(
            "hours_item",
            name=self.name(regime),
            level=self.level(name, regime),
            difference=style.difference(found.value),
            interval=style.difference_interval(found.low, found.high),
        )

    def _fewest(self, name: str, told: list[str]) -> list[Markup]:
        results = self.results
        least = min(results.others, key=lambda r: results.difference(name, r).value)
        found = results.difference(name, least)
        if least in told or not (found.clear and found.value < 0.0):
            return []
        worse = [
            self.words(f"topic_{v.outcome}")
            for v in self.verdicts.values()
            if _gain(results, v.outcome, least).high < 0.0
        ]
        if worse:
            effect = self.say(
                "hours_least_worse",
                baseline=self.name(results.baseline),
                topics=self.words.listed(worse),
            )
        else:
            effect = self.say("hours_least_fine", baseline=self.name(results.baseline))
        difference = results.format_of(name).difference(found.value)
        return [
            self.say(
                "hours_least",
                name=self.name(least),
                level=self.level(name, least),
                difference=difference,
                effect=effect,
            )
        ]


def _gain(results: Results, name: str, regime: str) -> Estimate:
    return results.difference(name, regime).times(OUTCOMES[INDEX[name]].direction or 1)


def _share_interval(style: Format, share: Estimate) -> str:
    if not share.sure or share.low == share.high:
        return ""
    return style.interval(max(0.0, share.low), share.high)
