"""The answer in sentences, made from the numbers.

Each function returns markup; names of regimes, which may come from users, are escaped. A sentence
says 'no clear difference' wherever the interval includes zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from velfaerd_sim.inputs.regimes import STATUS_QUO
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting import findings
from velfaerd_sim.reporting.findings import QUESTIONS, Turn, Verdict, verdict
from velfaerd_sim.reporting.formats import PER_1000, listed, number, plain, span, whole
from velfaerd_sim.reporting.results import Estimate, Results
from velfaerd_sim.reporting.texts import TEXTS

TURN_OUTCOMES = ("retention_12m", "motivation_mean")
MANY = 3
"""More tied regimes than this are counted, not named, in the headline."""


@dataclass(frozen=True)
class Point:
    """One point of the answer: a catchword and its sentences."""

    catchword: str
    text: Markup


class Writer:
    """Writes the sentences of one report in one language."""

    def __init__(self, results: Results, language: str = "en") -> None:
        """results: what to write about; language: a key of texts.TEXTS."""
        self.results = results
        self.texts: Mapping[str, str] = TEXTS[language]
        self.verdicts: dict[str, Verdict] = {
            name: verdict(results, name)
            for name in QUESTIONS
            if results.compares and results.known_outcomes([name])
        }

    # words

    def say(self, key: str, **values: object) -> Markup:
        """Fill a text; what is filled in is escaped unless it is markup."""
        return Markup(self.texts[key]).format(**values)

    def name(self, regime: str) -> Markup:
        """A regime's name as it stands in a sentence."""
        if regime == STATUS_QUO and regime == self.results.baseline and self.results.compares:
            return Markup(self.texts["the_status_quo"])
        return Markup("<b>{}</b>").format(self.results.label(regime))

    def names(self, regimes: tuple[str, ...] | list[str], last: str = "and") -> Markup:
        """Several names, joined as in a sentence."""
        return Markup(listed([str(self.name(r)) for r in regimes], self.texts[last]))

    def years(self, months: int) -> str:
        """A span of months, in years where it is whole years."""
        if months % 12 == 0 and months:
            return self.texts["year" if months == 12 else "years"].format(count=months // 12)
        return self.texts["month_one" if months == 1 else "months"].format(count=months)

    # the answer

    def headline(self) -> Markup:
        """The answer in one sentence."""
        results = self.results
        if not results.compares:
            return self._headline_run()
        if not results.has_intervals or not self.verdicts:
            return self.say("head_unsure")
        judged = list(self.verdicts.values())
        if all(v.kind == "none" for v in judged):
            return self.say("head_none", baseline=self.name(results.baseline))
        claims: list[Markup] = []
        leading = [v for v in judged if v.kind == "leads"]
        for best in dict.fromkeys(v.best for v in leading):
            claims.append(self._claim(best, [v for v in leading if v.best == best]))
        for v in judged:
            if v.kind == "baseline":
                what = self.texts[f"base_{v.outcome}"]
                claims.append(
                    self.say("head_baseline", what=what, baseline=self.name(results.baseline))
                )
        unclear = [self.texts[f"topic_{v.outcome}"] for v in judged if v.kind == "none"]
        if unclear:
            topics = listed(unclear, self.texts["or"])
            claims.append(self.say("head_no_difference", topics=topics))
        joined = Markup("; ".join(claims)) if len(claims) > 1 else claims[0]
        return self.say("head_start", claims=joined)

    def _claim(self, best: str, verdicts: list[Verdict]) -> Markup:
        parts: list[str] = []
        for tied in dict.fromkeys(v.tied for v in verdicts):
            phrases = [self.texts[f"does_{v.outcome}"] for v in verdicts if v.tied == tied]
            what = Markup(listed(phrases, self.texts["and"]))
            parts.append(str(self._with_tied(what, tied)))
        what = Markup(listed(parts, self.texts["and"]))
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
            volunteers=whole(volunteers) if math.isfinite(volunteers) else "–",
            retention=level("retention_12m"),
            lonely=level("lonely_share"),
        )

    def notes(self, regimes: Iterable[str]) -> list[Markup]:
        """What must be said of these regimes whenever they are named as good."""
        return [
            self.say(f"note_{r}", regime=self.name(r)) for r in regimes if f"note_{r}" in self.texts
        ]

    def points(self) -> list[Point]:
        """The answer in points: each question, hours, persons, the turn, and how sure it is."""
        results = self.results
        if not results.compares:
            return [self._point("sure", self.say("sure_one"))]
        found = [self._point(name, self.about(name)) for name in QUESTIONS if name in self.verdicts]
        candidates = (
            ("people", self.people()),
            ("hours", self.hours()),
            ("turn", self.turn_in_short()),
            ("sure", self.sure()),
        )
        found += [self._point(key, text) for key, text in candidates if text]
        leading = [v for v in self.verdicts.values() if v.kind == "leads"]
        praised = dict.fromkeys(r for v in leading for r in (v.best, *v.tied))
        return found + [self._point("note", text) for text in self.notes(praised)]

    def _point(self, key: str, text: Markup) -> Point:
        return Point(self.texts[f"point_{key}"], text)

    def about(self, name: str) -> Markup:
        """What the numbers say on one outcome."""
        judged = self.verdicts[name]
        base = self._level(name, self.results.baseline)
        common = {"baseline": self.name(self.results.baseline), "base": base}
        if judged.kind == "unsure":
            top = self.texts[f"top_{name}"]
            return self.say(
                "unsure",
                top_capital=top[0].upper() + top[1:],
                best=self.name(judged.best),
                level=self._level(name, judged.best),
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
        style = self.results.format_of(name)
        parts = [
            self.say(
                "leads",
                best=self.name(judged.best),
                top=self.texts[f"top_{name}"],
                level=self._level(name, judged.best),
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
            parts.append(
                self.say(
                    "worst",
                    worst=self.name(judged.worst),
                    low=self.texts[f"low_{name}"],
                    level=self._level(name, judged.worst),
                    difference=style.difference(low.value),
                    interval=style.difference_interval(low.low, low.high),
                )
            )
        return parts

    def _nothing_clear(self, name: str, common: Mapping[str, object]) -> Markup:
        results = self.results
        style = results.format_of(name)
        if len(results.others) == 1:
            (other,) = results.others
            found = results.difference(name, other)
            return self.say(
                "none_one",
                regime=self.name(other),
                level=self._level(name, other),
                difference=style.difference(found.value),
                interval=style.difference_interval(found.low, found.high),
                **common,
            )
        all_of_them = [results.difference(name, r) for r in results.others]
        return self.say(
            "none",
            low=style.difference(min(d.low for d in all_of_them if d.sure)),
            high=style.difference(max(d.high for d in all_of_them if d.sure)),
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
                averted=number(size.value, style.difference_decimals),
                interval=span(size.low, size.high, style.difference_decimals),
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

    def _level(self, name: str, regime: str) -> str:
        return self.results.format_of(name).level(self.results.level(name, regime).value)

    # persons, hours

    def people(self) -> Markup:
        """Gainers and losers under the regime that leaves the fewest lonely."""
        judged = self.verdicts.get("lonely_share")
        if judged is None:
            return Markup("")
        regime = judged.best if judged.best != self.results.baseline else self.results.order[-1]
        row = self.results.gains(regime, "all").get("all")
        if row is None:
            return Markup("")
        text = self.say(
            "people",
            regime=self.name(regime),
            gain=PER_1000.bare(row.gainers.value),
            gain_interval=_share_interval(row.gainers),
            loss=PER_1000.bare(row.losers.value),
            loss_interval=_share_interval(row.losers),
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
            verb = self.texts["uses" if len(same) == 1 else "use"]
            parts.append(
                self.say(
                    "hours_same", names=self.names(same), use=verb, baseline=baseline, base=base
                )
            )
        items = [self._hours_item(name, r) for r in leaders if r not in same]
        if items:
            if not same:
                items.append(self.say("hours_base", baseline=baseline, level=base))
            parts.append(Markup("{}.").format(Markup("; ".join(items))))
        return Markup(" ").join(parts + self._cheapest(name))

    def _hours_item(self, name: str, regime: str) -> Markup:
        style = self.results.format_of(name)
        found = self.results.difference(name, regime)
        return self.say(
            "hours_item",
            name=self.name(regime),
            level=self._level(name, regime),
            difference=style.difference(found.value),
            interval=style.difference_interval(found.low, found.high),
        )

    def _cheapest(self, name: str) -> list[Markup]:
        results = self.results
        least = min(results.others, key=lambda r: results.difference(name, r).value)
        found = results.difference(name, least)
        if not (found.clear and found.value < 0.0):
            return []
        worse = [
            self.texts[f"topic_{v.outcome}"]
            for v in self.verdicts.values()
            if _gain(results, v.outcome, least).high < 0.0
        ]
        if worse:
            effect = self.say(
                "hours_least_worse",
                baseline=self.name(results.baseline),
                topics=listed(worse, self.texts["and"]),
            )
        else:
            effect = self.say("hours_least_fine", baseline=self.name(results.baseline))
        difference = results.format_of(name).difference(found.value)
        return [
            self.say(
                "hours_least",
                name=self.name(least),
                level=self._level(name, least),
                difference=difference,
                effect=effect,
            )
        ]

    # the turn

    def turns(self) -> list[Turn]:
        """How the pairs of interest move with staff hours, outcome by outcome."""
        results = self.results
        found = []
        for name in TURN_OUTCOMES:
            for pair in findings.pairs_of_interest(results, name):
                judged = findings.turn(results, name, *pair)
                if judged is not None:
                    found.append(judged)
        return found

    def turn_sentence(self, turn: Turn) -> Markup:
        """One pair, one outcome, in words."""
        key = f"turn_{turn.kind}"
        if turn.kind == "leans" and turn.crossings[0] < turn.sure_ahead[0]:
            key = "turn_leans_late"
        if turn.kind == "ahead" and turn.sure_ahead == turn.hours:
            key = "turn_ahead_all"
        low, high = turn.between if turn.kind == "turns" else (math.nan, math.nan)
        return self.say(
            key,
            topic=OUTCOMES[INDEX[turn.outcome]].label(self.texts["language"]),
            ahead=self.name(turn.ahead),
            behind=self.name(turn.behind),
            at=self._hours_listed(turn.sure_ahead, turn.hours),
            at_behind=self._hours_listed(turn.sure_behind, turn.hours),
            low=plain(low),
            high=plain(high),
            fewest=plain(turn.hours[0]),
            most=plain(turn.hours[-1]),
            near=listed([whole(x) for x in turn.turning_points], self.texts["and"]),
        )

    def _hours_listed(self, some: tuple[float, ...], hours: tuple[float, ...]) -> str:
        """Hours as in 'at 4, 7 and 11 hours'."""
        if some == hours:
            return self.texts["at_all_hours"]
        return self.texts["at_hours"].format(
            hours=listed([plain(hour) for hour in some], self.texts["and"])
        )

    def turn_in_short(self) -> Markup:
        """The clearest turn for the answer; empty without a reversal study."""
        turns = self.turns()
        if not turns:
            return Markup("")
        first = min(turns, key=lambda t: findings.TURN_KINDS.index(t.kind))
        head = "turn_head" if first.kind in ("turns", "mixed") else "turn_head_none"
        return self.say(head, sentence=self.turn_sentence(first))

    # how sure

    def sure(self) -> Markup:
        """What the intervals cover, and what not."""
        study = self.results.study
        if not self.results.has_intervals:
            return self.say("sure_one")
        key = "sure_sequential" if study.sequential else "sure"
        return self.say(key, replicates=whole(study.replicates))

    def pairing(self) -> Markup:
        """What common random numbers gained, in one sentence."""
        effects = self.results.effects
        if effects.empty or not self.results.has_intervals:
            return Markup("")
        gains, without = [], []
        for name in QUESTIONS:
            column = effects.loc[effects["outcome"] == name, "variance_reduction"]
            found = column[column.map(math.isfinite)].median()
            topic = self.texts[f"topic_{name}"]
            if not math.isfinite(found):
                continue
            if found >= 1.15:
                factor = number(found, 0 if found >= 10 else 1)
                gains.append(self.texts["pairing_factor"].format(factor=factor, topic=topic))
            else:
                without.append(topic)
        parts = []
        if gains:
            parts.append(self.say("pairing_some", factors=listed(gains, self.texts["and"])))
        if without:
            topics = listed(without, self.texts["or"])
            parts.append(self.say("pairing_none", topics=topics))
        return Markup(" ").join(parts)

    def decided(self) -> Markup:
        """Which outcome decided when to stop, where the study decided itself."""
        stopping = self.results.study.stopping
        if not stopping:
            return Markup("")
        return self.say(
            "decided" if stopping["reached"] else "decided_not",
            precision=plain(float(stopping["precision"])),
            outcome=OUTCOMES[INDEX[stopping["outcome"]]].label(self.texts["language"]),
            regime=self.name(stopping["regime"]),
            replicates=whole(stopping["replicates"]),
        )

    def failed(self) -> Markup:
        """How many runs are missing."""
        count = self.results.study.failed
        return self.say("failed", count=str(count)) if count else Markup("")


def _gain(results: Results, name: str, regime: str) -> Estimate:
    return results.difference(name, regime).times(OUTCOMES[INDEX[name]].direction or 1)


def _share_interval(share: Estimate) -> str:
    return PER_1000.interval(max(0.0, share.low), share.high) if share.sure else ""
