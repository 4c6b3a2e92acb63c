"""What a sweep says: its analyses for one outcome, told in the session's language.

The analyses are those of `velfaerd analyse`; here their tables become short sentences with labels
in the place of names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from velfaerd_sim.analysis.sweep.answers import Answer, Answers, analyse
from velfaerd_sim.analysis.sweep.planning import SAMPLES, Wanted
from velfaerd_sim.dashboard.parts.units import measure_of
from velfaerd_sim.dashboard.studies.folder import rows_in
from velfaerd_sim.dashboard.studies.labels import StudyLabels, outcome_label, small
from velfaerd_sim.dashboard.studies.results import regime_label
from velfaerd_sim.engine.progress import Advance, CalledOffError
from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.words import Words

MOST_ROWS = 400_000
"""Runs of a sweep that are analysed while somebody waits; more belong on the command line."""
DECIDING = ("sobol", "morris", "one_at_a_time", "pawn")
SIZES = {"sobol": "total", "morris": "mu_star", "pawn": "index", "one_at_a_time": "effect"}
ROLES = {"sobol": "decides", "morris": "matters", "pawn": "influential", "one_at_a_time": "shown"}
SCALED = ("morris", "one_at_a_time")
"""Methods whose sizes are in the unit of the outcome."""
MOST_NAMED = 3


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

    wanted = Wanted(outcomes=(outcome,)) if outcome else None
    found = analyse(folder, wanted, tell)
    return replace(found, frame=found.frame.head(0))


def interval_of(row: Mapping[Any, Any], size: str) -> tuple[float, float]:
    """The interval of a size in a row of a table of sensitivities; NaN where there is none.

    'low' and 'high' alone are the size's own only where the row has no range of the parameter
    under these names, as that of effects one at a time has.
    """
    low, high = row.get(f"{size}_low"), row.get(f"{size}_high")
    if low is None and "at_low" not in row:
        low, high = row.get("low"), row.get("high")
    return (math.nan, math.nan) if low is None or high is None else (float(low), float(high))


@dataclass(frozen=True)
class Told:
    """A sentence of an answer; weak: the sample was too small to rely on it."""

    method: str
    text: str
    weak: bool = False


class Teller:
    """Tells answers in a language."""

    def __init__(self, answers: Answers, words: Words) -> None:
        self.answers, self.words = answers, words
        shorts = {
            timeline.name: regime_label(timeline.to_dict(), words.language)
            for timeline in answers.study.regimes
        }
        labels = StudyLabels.of(answers)
        self.labels = replace(labels, shorts=shorts, language=words.language)
        sample = answers.study.design.kind in SAMPLES
        self.worlds = words("worlds" if sample else "points")

    def outcome(self, column: str) -> str:
        """An outcome's label in the language, with the month it is read at."""
        return outcome_label(column, self.words)

    def within(self, column: str) -> str:
        """An outcome's label as it stands inside a sentence."""
        return small(self.outcome(column))

    def regime(self, name: object) -> str:
        """A regime's label as it stands inside a sentence."""
        return self.words("quoted", name=self.labels.regime(str(name)))

    def number(self, value: float, signed: bool = False) -> str:
        """A number with three digits that count."""
        if not math.isfinite(value):
            return self.words.number(value)
        digits = 0 if value == 0.0 else max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
        return self.words.number(value, digits, signed)

    def level(self, outcome: str, value: float, signed: bool = False) -> str:
        """A number of an outcome in the unit it is read in."""
        shape = self.labels.shape(outcome)
        text = self.number(value * shape.scale, signed)
        if shape.scale != 100.0:
            return text
        if signed:
            return f"{text} {'procentpoint' if self.words.language == 'da' else 'pp'}"
        return f"{text}\u00a0%" if self.words.language == "da" else f"{text}%"

    def unit_of(self, outcome: str) -> str:
        """The unit of a difference in an outcome, in words."""
        name = outcome.partition(".month_")[0]
        if name not in INDEX:
            return self.labels.shape(outcome).difference_axis
        return measure_of(OUTCOMES[INDEX[name]], self.words, difference=True).name

    def share(self, value: float) -> str:
        """A share as per cent, whole."""
        return self.words.percent(value, 0)

    def between(self, low: float, high: float, write: Callable[[float], str]) -> str:
        """An interval in words; empty where there is none."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return ""
        return self.words("between", low=write(low), high=write(high))

    def about(self, answer: Answer) -> str:
        """What an answer is about: an outcome under a regime, or a difference in it."""
        outcome = self.within(answer.outcome)
        if answer.against:
            names = {"a": self.regime(answer.regime), "b": self.regime(answer.against)}
            return self.words("about_difference", outcome=outcome, **names)
        if answer.regime:
            return self.words("about_level", outcome=outcome, a=self.regime(answer.regime))
        return outcome

    def of_what(self, answer: Answer) -> str:
        """What an answer is about, where the outcome stands beside it."""
        if answer.against:
            a, b = (self.labels.regime(str(name)) for name in (answer.regime, answer.against))
            return self.words("of_difference", a=a, b=b)
        if answer.regime:
            return self.words("of_level", a=self.labels.regime(str(answer.regime)))
        return self.outcome(answer.outcome)

    def factor(self, name: str) -> str:
        """A factor's label, small at the start, as it stands inside a sentence."""
        return small(self.labels.factor(name))

    def summary(self) -> list[Told]:
        """The answers in short, the most telling first."""
        found: list[Told] = []
        for one in self.answers.of("contrasts"):
            found += self._contrasts(one)
        method = next((each for each in DECIDING if self.answers.of(each)), "")
        found += [self._decides(one) for one in self._main(method)]
        for one in self.answers.of("map"):
            found.append(self._map(one))
        for one in self.answers.of("best_regimes"):
            found.append(self._best(one))
        return found

    def boxes(self) -> list[tuple[Answer, Told]]:
        """The discovered boxes, each as a sentence; where nothing is to be discovered, that."""
        found = [(one, self._box(one)) for one in self.answers.of("prim")]
        return sorted(found, key=lambda pair: not len(pair[0].finding.table))

    def _main(self, method: str) -> list[Answer]:
        """Differences where there are any, else the outcomes alone."""
        found = self.answers.of(method)
        return [one for one in found if one.against] or found

    def _contrasts(self, one: Answer) -> list[Told]:
        table = one.finding.table
        if len(table) < 2:
            return []
        baseline = self.regime(table["regime"].iloc[0])
        found = []
        scale = self.labels.shape(one.outcome).scale

        def write(value: float) -> str:
            return self.number(value * scale, signed=True)

        for row in table.iloc[1:].to_dict("records"):
            text = self.words(
                "told_contrast",
                regime=self.regime(row["regime"]),
                baseline=baseline,
                outcome=self.outcome(one.outcome),
                worlds=self.worlds,
                difference=write(float(row["difference"])),
                unit=self.unit_of(one.outcome),
                interval=self.between(row["difference_low"], row["difference_high"], write),
                ahead=self.share(float(row["ahead"])),
            )
            found.append(Told(one.method, text))
        return found

    def _decides(self, one: Answer) -> Told:
        table, size = one.finding.table, SIZES[one.method]
        sure = table[table["role"] == ROLES[one.method]]
        scale = self.labels.shape(one.outcome).scale if one.method in SCALED else 1.0
        named = [
            self._sized(row, size, scale, signed=one.method == "one_at_a_time")
            for row in sure.head(MOST_NAMED).to_dict("records")
        ]
        about = self.about(one)
        weak = one.finding.sufficient is False
        if not named:
            return Told(one.method, self.words("told_nothing_decides", about=about), weak)
        more = len(sure) - len(named)
        rest = self.words("told_more", count=more) if more > 0 else ""
        measure = self.words(f"measure_{one.method}", unit=self.unit_of(one.outcome))
        names = self.words.listed(named)
        text = self.words("told_decides", about=about, names=names, rest=rest, measure=measure)
        return Told(one.method, text, weak)

    def _sized(self, row: Mapping[Any, Any], size: str, scale: float, signed: bool) -> str:
        """A parameter with its size and interval."""

        def write(value: float) -> str:
            return self.number(scale * value, signed)

        low, high = interval_of(row, size)
        ends = self.words("from_to", low=write(low), high=write(high))
        between = f" ({ends})" if math.isfinite(low) and math.isfinite(high) else ""
        return f"{self.factor(str(row['parameter']))} {write(float(row[size]))}{between}"

    def _map(self, one: Answer) -> Told:
        found, table = one.finding.data["map"], one.finding.table
        cells = found.sign.size
        text = self.words(
            "told_map",
            regime=self.regime(one.regime),
            against=self.regime(one.against),
            outcome=self.within(one.outcome),
            wins=self.share(float((found.sign > 0).sum()) / cells),
            losses=self.share(float((found.sign < 0).sum()) / cells),
        )
        x, y = self.factor(found.x_name), self.factor(found.y_name)
        if not len(table):
            return Told(one.method, f"{text} {self.words('told_no_turn', y=y)}")
        ends = [table.iloc[0], table.iloc[-1]] if len(table) > 1 else [table.iloc[0]]
        places = [
            self.words(
                "told_turn_at",
                y=y,
                x=x,
                at=self.number(float(row["y"])),
                where=self.number(float(row["x"])),
            )
            for row in ends
        ]
        turn = self.words("told_turns", places=self.words.listed(places))
        return Told(one.method, f"{text} {turn}")

    def _best(self, one: Answer) -> Told:
        shares = one.finding.data["shares"]
        parts = []
        for row in shares.to_dict("records"):
            interval = self.between(
                float(row.get("low", math.nan)), float(row.get("high", math.nan)), self.share
            )
            if float(row["share"]) > 0.0:
                name = self.regime(row["regime"])
                parts.append(f"{name}: {self.share(float(row['share']))}{interval}")
        outcome = self.within(one.outcome)
        return Told(one.method, self.words("told_best", outcome=outcome, parts="; ".join(parts)))

    def _box(self, one: Answer) -> Told:
        data, table = one.finding.data, one.finding.table
        labels: Any = data["labels"]
        start = self.words(
            "told_event",
            regime=self.regime(one.regime),
            against=self.regime(one.against),
            outcome=self.within(one.outcome),
            share=self.share(labels.share),
        )
        if "box" not in data:
            return Told(one.method, f"{start} {self.words('told_nothing_there')}", weak=True)
        if not len(table):
            return Told(one.method, f"{start} {self.words('told_no_box')}", weak=True)
        limits = self.words.listed([self._limit(row) for row in table.to_dict("records")])
        box: Any = data["box"]
        where = self.words(
            "told_box",
            limits=limits,
            density=self.share(float(box.density)),
            coverage=self.share(float(box.coverage)),
        )
        stable = bool(one.finding.sufficient)
        note = self.words("told_stable" if stable else "told_unstable")
        return Told(one.method, f"{start} {where} {note}", weak=not stable)

    def _limit(self, row: dict[Any, Any]) -> str:
        name = self.factor(str(row["parameter"]))
        low, high = float(row["low"]), float(row["high"])
        above, below = low > float(row["range_low"]), high < float(row["range_high"])
        values = {"name": name, "low": self.number(low), "high": self.number(high)}
        key = "limit_between" if above and below else "limit_above" if above else "limit_below"
        return self.words(key, **values)
