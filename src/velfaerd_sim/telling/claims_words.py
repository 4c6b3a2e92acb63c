"""Sentences about a claim, from its conclusion; the words stand in `catalogue/claims.toml`."""

from __future__ import annotations

import math
from collections.abc import Mapping

from velfaerd_sim.analysis.claim_conditions import LEAST_CASES, Leaning, Limit
from velfaerd_sim.analysis.claims import (
    ClaimConclusion,
    CriterionFound,
    MovedShare,
    ReadingFound,
)
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.measures import outcomes
from velfaerd_sim.studies.claims.claims import (
    BASE,
    Claim,
    ClaimCriterion,
    ClaimFile,
    TwoLanguages,
)
from velfaerd_sim.telling.facts import capital, within_sentence
from velfaerd_sim.telling.formats import of_unit
from velfaerd_sim.telling.words import MINUS, MISSING, Words

MOST_ARMS = 2
FEW = 3


class ClaimWords:
    """Sentences in one language."""

    def __init__(
        self,
        file: ClaimFile,
        language: str = "en",
        theories: Mapping[str, TwoLanguages] | None = None,
    ) -> None:
        self.file = file
        self.theories = theories or {}
        self.language = language
        self.words = Words(language, "claims")

    def text(self, key: str, /, **values: object) -> str:
        """A text with its values filled in."""
        return self.words(key, **values)

    def percent(self, share: float) -> str:
        """A share as per cent."""
        return self.words.percent(share)

    def word(self, name: str) -> str:
        """The word of a verdict."""
        return self.words.name("verdict", name)

    def kind(self, claim: Claim) -> str:
        """The kinds of a claim."""
        return " + ".join(self.words.name("claim_kind", kind) for kind in claim.kinds)

    def worlds(self, name: str) -> str:
        """What a set of worlds is called."""
        own = f"{name} {self.text('worlds_word')}"
        return self.words.known("names", f"worlds.{name}", own)

    def parameter(self, name: str) -> str:
        """A parameter's label, within a sentence."""
        return within_sentence(self.words.name("parameter", name))

    def instrument(self, name: str) -> str:
        """An instrument's name, within a sentence."""
        return within_sentence(self.words.name("instrument", name))

    def measure(self, name: str) -> str:
        """What a measure is called."""
        own = self.words.name("claim_measure", name)
        return outcomes.named(name).label(self.language) if own == name else own

    def arm(self, claim: Claim, name: str) -> str:
        """What an arm is called."""
        plain = name.replace("_", " ")
        own = [arm.label.of(self.language) for arm in claim.arms if arm.name == name]
        if own and own[0] != plain:
            return self._decimals(own[0])
        instrument, _, value = name.rpartition("_")
        if name in INSTRUMENTS:
            return self.instrument(name)
        if instrument in INSTRUMENTS:
            return f"{self.instrument(instrument)} {value}"
        return plain

    def _decimals(self, label: str) -> str:
        """A label whose numbers are written as the language does."""
        pieces = (
            self.words.plain(float(piece)) if piece.replace(".", "", 1).isdigit() else piece
            for piece in label.split(" ")
        )
        return " ".join(pieces)

    def criterion(self, claim: Claim, criterion: ClaimCriterion) -> str:
        """What a criterion reads: the measure and the arms."""
        of = self.words.listed([self.arm(claim, name) for name in criterion.of])
        label = self.measure(criterion.measure)
        how = self.words.known("names", f"claim_how.{criterion.how}", "")
        if how:
            label += f" ({how})"
        if criterion.how == "delay":
            against = self.arm(claim, criterion.rival)
        elif len(criterion.against) > MOST_ARMS:
            against = self.text("others", count=len(criterion.against))
        else:
            against = self.words.listed([self.arm(claim, name) for name in criterion.against])
        if not of:
            return label
        arms = self.text("against", of=of, against=against) if against else of
        months = ""
        if criterion.window != claim.criteria[0].window:
            first, last = criterion.window
            months = f" ({self.text('window', first=first, last=last)})"
        return f"{label}, {arms}{months}"

    def effect(self, criterion: ClaimCriterion, value: float) -> str:
        """An effect with its unit."""
        if not math.isfinite(value):
            return MISSING
        if criterion.how in ("relative", "mediated"):
            return self.words.percent(value, signed=criterion.how == "relative")
        if criterion.unit in ("standard deviations", "ratio", "kinds"):
            deviations = criterion.unit == "standard deviations"
            text = self.words.number(value, 2, signed=deviations)
            return f"{text} SD" if deviations else text
        form = of_unit(criterion.unit, self.language)
        if criterion.how == "level" and criterion.reference == 0.0:
            return form.level(value)
        return form.showing(value, value).difference(value)

    def least(self, criterion: ClaimCriterion) -> str:
        """What a criterion asks for."""
        key = "asked_up" if criterion.upward else "asked_down"
        return self.text(key, least=self.effect(criterion, criterion.threshold))

    def found(self, claim: Claim, found: CriterionFound) -> str:
        """The effect of a criterion over worlds, sign and size apart."""
        text = self.text(
            "criterion",
            label=self.criterion(claim, found.criterion),
            median=self.effect(found.criterion, found.median),
            low=self.effect(found.criterion, found.low),
            high=self.effect(found.criterion, found.high),
            asked=self.least(found.criterion),
            sign=self.percent(found.sign),
            size=self.percent(found.size),
        )
        if math.isnan(found.noise):
            return text
        key = "drowned" if found.drowned else "noise"
        return f"{text}; {self.text(key, noise=self.percent(found.noise))}"

    def reading(self, claim: Claim, found: ReadingFound) -> str:
        """A reading: what it says, where it is met, what is in its way, who would object."""
        says = found.reading.says.of(self.language)
        marks = self.marks(claim, found)
        out = [self.text("out")] if marks else []
        parts = [f"{says} {self._met(found)}", *out, *marks]
        parts.append(self.text("objects", text=found.reading.objection.of(self.language)))
        return " ".join(parts)

    def _met(self, found: ReadingFound) -> str:
        low = self.words.number(100.0 * found.low)
        share, high = self.percent(found.share), self.percent(found.high)
        return self.text("met", share=share, low=low, high=high)

    def marks(self, claim: Claim, found: ReadingFound) -> list[str]:
        """What keeps a reading from being told."""
        told = []
        if found.noisy:
            measures = dict.fromkeys(
                within_sentence(self.measure(claim.criterion(name).measure)) for name in found.noisy
            )
            told.append(self.text("noisy", measures=self.words.listed(list(measures))))
        if found.still:
            lever = claim.criterion(found.reading.lever)
            told.append(
                self.text(
                    "still",
                    lever=within_sentence(self.measure(lever.measure)),
                    least=self.effect(lever, lever.least),
                    share=self.percent(found.moved),
                )
            )
        return told

    def verdict(self, each: ClaimConclusion) -> str:
        """The verdict in a sentence."""
        found, claim = each.verdict, each.claim
        shares = self.least_and_most(each) if found.most >= 0 else {}
        if found.most >= 0:
            for key, place in (("most", found.most), ("least", found.least)):
                shares[f"{key}_says"] = _bare(each.reading(place).reading.says.of(self.language))
        text = self.text(
            f"verdict_{found.word}",
            word=capital(self.word(found.word)),
            count=self.words.number(sum(one.counts for one in each.decisive.readings)),
            worlds=self.words.number(each.decisive.worlds),
            set=self.worlds(each.decisive.set),
            **shares,
        )
        return " ".join([text, *self._because(each, claim)])

    def _because(self, each: ClaimConclusion, claim: Claim) -> list[str]:
        word = each.verdict.word
        if word == "by_construction":
            return [self.text("fitted")] if claim.fitted else [self.arrow(each)]
        if word == "on_world":
            return [self.telling(each)]
        if word == "cannot_tell":
            reasons = dict.fromkeys(
                mark for one in each.decisive.readings for mark in self.marks(claim, one)
            )
            lacks = claim.lacks.of(self.language)
            return [*reasons, *([lacks] if lacks else [])]
        return []

    def theory(self, name: str) -> str:
        """What a theory is called; the model as written is none."""
        known = self.theories.get(name)
        return known.of(self.language) if known else BASE.words.of(self.language)

    def parameter_or_none(self, each: ClaimConclusion) -> str:
        """The parameter that tells most where a claim is met, '' where none does."""
        return self.parameter(each.telling) if each.telling else ""

    def least_and_most(self, each: ClaimConclusion) -> dict[str, str]:
        """The least and the largest share in which a reading that counts is met."""
        found = each.verdict
        places = (("least", found.least), ("most", found.most))
        return {key: self.percent(float(found.shares[place])) for key, place in places}

    def telling(self, each: ClaimConclusion) -> str:
        """What the world must be like: the theory or the parameter that tells most."""
        if each.verdict.theory >= 0:
            return self.text(
                "telling_theory", theory=self.theory(each.theories[each.verdict.theory])
            )
        if not each.telling:
            return self.text("telling_none")
        more = each.leanings[0].correlation > 0.0
        key = "telling_more" if more else "telling_less"
        return self.text(key, parameter=self.parameter(each.telling))

    def conditions(self, conclusion: ClaimConclusion, short: bool = False) -> str:
        """Where the rarer side lies."""
        found = conclusion.conditions
        side = "fails" if found.fails else "holds"
        if not found.limits:
            if found.cases == 0:
                return self.text(f"box_never_{side}")
            few = found.cases < LEAST_CASES
            return self.text(f"box_few_{side}", cases=found.cases) if few else self.text("box_none")
        limits = self.words.listed([self.limit(each) for each in found.limits])
        text = self.text(
            f"box_{side}",
            worlds=conclusion.judged,
            limits=limits,
            density=self.percent(found.density),
            all=self.percent(1.0 - found.share if found.fails else found.share),
            coverage=self.percent(found.coverage),
        )
        if short:
            return text
        stable = self.text("box_stable" if found.stable else "box_unstable")
        unseen = self.text(
            "box_unseen",
            density=self.percent(found.new_density),
            coverage=self.percent(found.new_coverage),
            same=self.percent(found.same),
            stable=stable,
        )
        return f"{text} {unseen}"

    def limit(self, limit: Limit) -> str:
        """One limit of a box."""
        low, high = (self.words.plain(value) for value in (limit.low, limit.high))
        label = self.parameter(limit.parameter)
        if math.isnan(limit.high):
            return self.text("above", label=label, low=low)
        if math.isnan(limit.low):
            return self.text("below", label=label, high=high)
        return self.text("between", label=label, low=low, high=high)

    def leanings(self, conclusion: ClaimConclusion) -> str:
        """The assumptions a verdict leans on most."""
        if not conclusion.leanings:
            return self.text("no_leanings")
        clear = [each for each in conclusion.leanings if each.clear]
        if clear:
            return self.text("leanings", list="; ".join(map(self._leaning, clear)))
        nearest = conclusion.leanings[:FEW]
        return self.text("leanings_unclear", list="; ".join(map(self._leaning, nearest)))

    def _leaning(self, each: Leaning) -> str:
        values = (each.correlation, each.low, each.high)
        value, low, high = (self.words.number(one, 2, signed=True) for one in values)
        label = self.parameter(each.parameter)
        return self.text("leaning", label=label, value=value, low=low, high=high, clear="")

    def best(self, conclusion: ClaimConclusion, few: int = FEW) -> list[str]:
        """Who does best, where several are compared; few: so many names each."""
        claim = conclusion.claim
        places = {each.name: each.label.of(self.language) for each in claim.localities}
        lines = []
        for one in conclusion.best:
            criterion = claim.criterion(one.criterion)
            measure = within_sentence(self.measure(criterion.measure))
            shown = [
                self.text("best_one", name=self._winner(claim, name), count=count)
                for name, count in one.counts[:few]
            ]
            key = "best_swing" if criterion.how == "largest_swing" else "best"
            place = places.get(one.locality, "")
            lines.append(
                self.text(
                    f"{key}_there" if place else key,
                    by=measure,
                    place=place,
                    list=self.words.listed(shown),
                    worlds=sum(count for _, count in one.counts),
                )
            )
        return lines

    def _winner(self, claim: Claim, name: str) -> str:
        """A regime by its label, an instrument by its name and the way it moves."""
        if name[:1] in "+-":
            sign = MINUS if name[0] == "-" else "+"
            return f"{self.instrument(name[1:])} ({sign})"
        return self.arm(claim, name)

    def arrow(self, conclusion: ClaimConclusion) -> str:
        """What became of a claim when the arrow that it is built on was cut."""
        cut, claim = conclusion.cut, conclusion.claim
        if not claim.arrow:
            return ""
        if cut is None or math.isnan(cut.after):
            return self.text("arrow_not_run", words=claim.arrow_words.of(self.language))
        told = self.text(
            "arrow",
            words=claim.arrow_words.of(self.language),
            after=self.percent(cut.after),
            before=self.percent(cut.before),
            worlds=cut.worlds,
        )
        evidence = self.text("arrow_known" if claim.has_evidence else "arrow_assumed")
        return f"{told} {evidence}"

    def variant(self, name: str) -> str:
        """What a variant is called."""
        return next(v.words.of(self.language) for v in self.file.variants if v.name == name)

    def robustness(self, conclusion: ClaimConclusion) -> str:
        """What came of the changes that should not matter."""
        if not conclusion.moved:
            return ""
        groups: dict[tuple[int, float], list[MovedShare]] = {}
        for each in conclusion.moved:
            if math.isnan(each.before):
                continue
            groups.setdefault((each.worlds, each.before), []).append(each)
        parts = [
            self.text(
                "moved",
                worlds=worlds,
                before=self.percent(before),
                list="; ".join(
                    f"{self.variant(each.variant)} {self.percent(each.after)}" for each in group
                ),
            )
            for (worlds, before), group in groups.items()
        ]
        return " ".join([*parts, self.fragile(conclusion)])

    def fragile(self, conclusion: ClaimConclusion) -> str:
        """Whether the verdict is fragile, and on what."""
        names = [self.variant(name) for name in conclusion.fragile_on]
        if not names:
            return self.text("firm")
        return self.text("fragile", list=self.words.listed(names))


def _bare(text: str) -> str:
    return text.rstrip(".")
