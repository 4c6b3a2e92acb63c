"""What a sweep says: its analyses for one outcome, and what charts and menus call things.

The analyses are those of `velfaerd analyse`, the sentences those of its report.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers, analyse
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice
from velfaerd_sim.dashboard.parts.units import measure_of
from velfaerd_sim.dashboard.studies.folder import rows_in
from velfaerd_sim.dashboard.studies.labels import outcome_label
from velfaerd_sim.dashboard.studies.results import regime_label
from velfaerd_sim.engine.progress import Advance, CalledOffError
from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.pages.sweep import short_answers
from velfaerd_sim.telling.facts import capital
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.words import Words

MOST_ROWS = 400_000
"""Runs of a sweep that are analysed while somebody waits; more belong on the command line."""
DECIDING = ("sobol", "morris", "one_at_a_time", "pawn")


def analysed(
    folder: Path, outcome: str, cancelled: Callable[[], bool], progress: Callable[[float], None]
) -> Answers:
    """Analyse one outcome of a sweep; '' for the first of the main ones that it kept.

    Raises CalledOffError when cancelled, InputError for a sweep that is too large to wait for, and
    as `analyse` does. The runs themselves are not kept.
    """
    count = rows_in(folder)
    if count > MOST_ROWS:
        allowed = f"a sweep of at most {MOST_ROWS} runs here; larger ones by: velfaerd analyse"
        raise InputError("runs", count, allowed)

    def tell(advance: Advance) -> None:
        if cancelled():
            raise CalledOffError("the analysis was cancelled")
        progress(advance.done / advance.total if advance.total else 0.0)

    wanted = AnalysisChoice(outcomes=(outcome,)) if outcome else None
    found = analyse(folder, wanted, tell)
    return replace(found, frame=found.frame.head(0))


class SweepWords:
    """What a sweep calls things in a language, for charts and menus; sentences are the report's."""

    def __init__(self, answers: Answers, words: Words) -> None:
        self.answers, self.words = answers, words
        shorts = {
            timeline.name: regime_label(timeline.to_dict(), words.language)
            for timeline in answers.study.regimes
        }
        labels = Labels.of(answers, words.language)
        self.labels = replace(labels, shorts=shorts)
        self.teller = self.labels.teller(markup=True)

    def short(self) -> list[str]:
        """The answers in short."""
        return [
            text
            for outcome in self.answers.wanted.outcomes
            for text in short_answers(self.answers, self.labels, outcome)
        ]

    def about(self, answer: AnalysisAnswer) -> str:
        """What an answer is about: an outcome under a regime, or a difference in it."""
        return capital(self.labels.teller().fact(answer.finding.about))

    def outcome(self, column: str) -> str:
        """An outcome's label in the language, with the month it is read at."""
        return outcome_label(column, self.words)

    def number(self, value: float, signed: bool = False) -> str:
        """A number with three digits that count."""
        if not math.isfinite(value):
            return self.words.number(value)
        digits = 0 if value == 0.0 else max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
        return self.words.number(value, digits, signed)

    def unit_of(self, outcome: str) -> str:
        """The unit of a difference in an outcome, in words."""
        name = outcome.partition(".month_")[0]
        if name not in INDEX:
            return self.labels.shape(outcome).difference_axis
        return measure_of(OUTCOMES[INDEX[name]], self.words, difference=True).name

    def of_what(self, answer: AnalysisAnswer) -> str:
        """What an answer is about, where the outcome stands beside it."""
        if answer.against:
            a, b = (self.labels.regime(str(name)) for name in (answer.regime, answer.against))
            return self.words("of_difference", a=a, b=b)
        if answer.regime:
            return self.words("of_level", a=self.labels.regime(str(answer.regime)))
        return self.outcome(answer.outcome)
