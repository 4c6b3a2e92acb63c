"""What a study of trials says, in sentences: the design to choose, the truth, bias, cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.trials import Choice, honest, recommended
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.measures.outcomes import named
from velfaerd_sim.statistics.cluster_trials import ROBUST
from velfaerd_sim.studies.trial.lives import REGISTER
from velfaerd_sim.studies.trial.schedules import CROSSOVER, STEPPED_WEDGE
from velfaerd_sim.studies.trial.study import TrialStudy
from velfaerd_sim.telling.words import Words

_Z = 1.96


class TrialWords:
    """A study of trials in one language. power: rows of power.parquet."""

    def __init__(self, study: TrialStudy, power: pd.DataFrame, words: Words) -> None:
        self.study, self.power, self.words = study, power, words
        self.choice: Choice = recommended(power, study.budget)

    def sentences(self) -> list[str]:
        """What was found, the recommended design first."""
        words, row, budget = self.words, self.choice.row, self.study.budget
        found = [
            words(
                self.choice.verdict,
                design=self.design(row),
                power=self.share_of_trials(float(row["power"]), int(row["trials"])),
                hours=words.number(row["staff_hours"]),
                within=self._within(),
                wanted=words.percent(budget.power),
            ),
            words("truth", effect=self.value(row["effect"], signed=True), **self.arms()),
        ]
        ends = {end: words.percent(row[f"power_{end}"]) for end in ("low", "high")}
        found.append(words("worlds", **ends) if len(self.study.worlds) > 1 else words("one_world"))
        value = self.value(row["smallest_effect"])
        found.append(words("smallest", value=value, wanted=words.percent(budget.power)))
        found.append(words("icc", icc=words.number(row["icc"], 3)))
        if row.get("lost", 0.0) > 0.0:
            found.append(words("lost_towns", share=words.percent(row["lost"], 1)))
        found += self._biased()
        alarms = self.power["false_alarm"]
        ends = {"low": words.percent(alarms.min(), 1), "high": words.percent(alarms.max(), 1)}
        return [*found, words("alarms", **ends)]

    def _within(self) -> str:
        limit = self.study.budget.staff_hours
        return "" if limit is None else self.words("within", hours=self.words.number(limit))

    def _biased(self) -> Iterator[str]:
        """The kinds of design whose intervals miss the truth, at their worst."""
        words = self.words
        for kind in self.study.designs:
            own = self.power[self.power["design"] == kind]
            missing = own[[not honest(each) for each in own.to_dict("records")]]
            if len(missing):
                row = missing.sort_values("coverage", kind="stable").iloc[0].to_dict()
                yield words(
                    "biased",
                    kind=words(f"kind.{kind}"),
                    bias=self.value(row["effect"] + row["bias"], signed=True),
                    effect=self.value(row["effect"], signed=True),
                    coverage=words.percent(row["coverage"]),
                    why=words(f"why.{self._cause(kind)}"),
                )

    def _cause(self, kind: str) -> str:
        """What in all likelihood makes a kind of design miss the truth, the strongest first."""
        study = self.study
        if kind == CROSSOVER:
            return "carried"
        if kind == STEPPED_WEDGE and not study.growing:
            return "constant"
        if study.imitation:
            return "imitation"
        return "answers" if study.survey.response_by else "few"

    def design(self, row: Mapping[str, Any]) -> str:
        """A design in words."""
        kind = self.words(f"kind.{row['design']}")
        counts = {key: self.words.number(row[key]) for key in ("municipalities", "months")}
        text = self.words("design", kind=kind, **counts)
        if self.study.survey.of == REGISTER:
            return text
        every = self.words.number(self.study.timing.every)
        return self.words("design_asked", design=text, n=self.words.number(row["n"]), every=every)

    def label(self, row: Mapping[str, Any], with_kind: bool = False) -> str:
        """A design beside others, of its kind where this is not named."""
        counts = {key: self.words.number(row[key]) for key in ("municipalities", "months")}
        text = self.words("label", **counts)
        if self.study.survey.of != REGISTER:
            text = self.words("label_asked", label=text, n=self.words.number(row["n"]))
        return f"{self.words('kind.' + row['design'])}: {text}" if with_kind else text

    def arms(self) -> dict[str, str]:
        """The regimes and what is measured, for texts with these places."""
        language = self.words.language
        return {
            "control": self.study.control.label(language),
            "intervention": self.study.intervention.label(language),
            "question": self.question(),
        }

    def question(self) -> str:
        """What is measured."""
        survey = self.study.survey
        if survey.of != REGISTER:
            return self.words(f"question.{survey.question}")
        outcome = named(survey.question)
        label = self.words.name("outcome", outcome.name)
        unit = self.words.unit(outcome.unit, "outcome")
        return self.words("question_register", outcome=label, unit=self.words.unit(unit))

    def value(self, value: float, signed: bool = False) -> str:
        """A number of what is measured, with two digits that count."""
        digits = 1 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 1
        return self.words.number(value, min(6, max(0, digits)), signed)

    def share_of_trials(self, share: float, trials: int) -> str:
        """A share of trials with its 95 % Monte-Carlo interval (Wilson 1927)."""
        middle = (share + _Z * _Z / (2 * trials)) / (1 + _Z * _Z / trials)
        half = math.sqrt(share * (1 - share) / trials + _Z * _Z / (4 * trials * trials))
        half *= _Z / (1 + _Z * _Z / trials)
        ends = np.clip([middle - half, middle + half], 0.0, 1.0)
        text = {"low": self.words.percent(ends[0]), "high": self.words.percent(ends[1])}
        return self.words("estimate", value=self.words.percent(share), **text)

    def simulated(self, designs: tuple[str, ...]) -> list[str]:
        """What was simulated, for some kinds of design."""
        words, study = self.words, self.study
        arms, timing = self.arms(), study.timing
        found = [words("s_arms", control=arms["control"], intervention=arms["intervention"])]
        found.append(words("s_towns", count=words.number(len(study.scenario.towns))))
        for design in designs:
            steps = {"steps": words.number(timing.steps)} if design == STEPPED_WEDGE else {}
            found.append(words(f"s_{design}", **steps))
        months = {
            key: words.number(getattr(timing, key))
            for key in ("baseline", "implementation", "settling")
        }
        found.append(words("s_when", **months))
        if study.imitation:
            found.append(words("s_imitation", imitation=words.percent(study.imitation)))
        return found

    def analysed(self) -> list[str]:
        """How is measured and analysed."""
        words, study, survey = self.words, self.study, self.study.survey
        what = {"every": words.number(study.timing.every), "question": self.question()}
        if survey.of == REGISTER:
            found = [words("s_register", **what)]
        else:
            found = [words("s_asked", response=words.percent(survey.response), **what)]
        if survey.response_by:
            weights = [
                words(f"trait.{trait}", weight=words.number(weight, 1, signed=True))
                for trait, weight in survey.response_by
            ]
            found.append(words("s_inclined", weights=words.listed(weights)))
        found.append(words("s_model"))
        if study.growing:
            found.append(words("s_growing"))
        return [*found, words("s_robust" if study.analysis == ROBUST else "s_kenward_roger")]

    def changes(self) -> str:
        """The instruments in which the intervention differs from control."""
        words, found = self.words, []
        pairs = zip(
            self.study.control.instruments, self.study.intervention.instruments, strict=True
        )
        for name, (before, after) in zip(INSTRUMENTS, pairs, strict=True):
            if before != after:
                ends = {"before": words.number(before, 2), "after": words.number(after, 2)}
                found.append(words("a_change", instrument=words.name("instrument", name), **ends))
        return words.listed(found) if found else words("no")
