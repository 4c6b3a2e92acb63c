"""Sentences with numbers and intervals, from what the analyses of the package have found."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from velfaerd_sim.analysis.arrays.facts import Amount, AnalysisResult, Count, Share, rows
from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers
from velfaerd_sim.inputs.factors import described
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.facts import Teller, capital, within_sentence
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.words import Words

CHANCE = ", not told from chance"
MOST_NAMED = 3
TELL = Teller(Words("en", "findings"))
number, percent = TELL.number, TELL.share
Item = Mapping[str, Any]


def level(value: float, low: float, high: float) -> str:
    """A number with its interval."""
    return TELL.value(Amount(value, low, high))


def part(value: float, low: float, high: float) -> str:
    """A share with its interval."""
    return TELL.value(Share(value, low, high))


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return TELL.value(Count(number, noun))


def listed(parts: Iterable[str]) -> str:
    """Things in a row, the last after 'and'."""
    return TELL.words.listed(list(parts))


def find(item: Item, answers: Answers, method: str, **subject: Any) -> AnalysisAnswer:
    """The answer of a method on the subject that an item names. Raises LookupError."""
    keys = ("outcome", "regime", "against")
    wanted = {key: item[key] or None for key in keys if key in item}  # against = "": a regime alone
    wanted |= {"factors": tuple(item["factors"])} if "factors" in item else {}
    for one in answers.of(method):
        if all(getattr(one, key) == value for key, value in (wanted | subject).items()):
            return one
    raise LookupError(f"the analysis '{method}' has nothing on {wanted | subject}")


def answer(items: Sequence[Item], found: Mapping[str, Answers]) -> str:
    """The answer of an experiment: a list of sentences, then what they were made from."""
    lines = []
    for item in items:
        answers = found[item.get("study", "study")]
        try:
            text = TELLERS[item["tell"]](item, answers)
        except LookupError as error:
            text = f"not known from these runs, as {error.args[0]}"
        lead = f"{item['lead']}: " if "lead" in item else ""
        lines.append(f"- {lead}{text if lead else capital(text)}.")
    for answers in found.values():
        study, record = answers.study, answers.record
        runs = counted(answers.done, "run")
        lines.append(
            f"\n*{study.name}: {runs}; {counted(len(study.points.distinct), 'point')} ×"
            f" {counted(study.replicates, 'replicate')} × {counted(len(study.regimes), 'regime')};"
            f" {study.adults} adults, {study.months} months. Version"
            f" {record['package']['version']}, fingerprint `{record['fingerprint'][:16]}`.*"
        )
        if answers.state():
            lines.append(f"\n{Labels.of(answers).teller().sentence(*answers.state())}")
    command = next(iter(found.values())).record["command"]
    lines.append(f"\n*Made by `{command}`; intervals hold 95 %.*")
    return "\n".join(lines) + "\n"


def regime(name: str | None, answers: Answers) -> str:
    """The label of a regime, in quotation marks."""
    for timeline in answers.study.regimes:
        if timeline.name == name:
            return f"“{timeline.label()}”"
    return str(name)


def outcome(name: str) -> str:
    """The label of an outcome with its unit and the month it was read in."""
    plain, _, month = name.partition(".month_")
    known = OUTCOMES[INDEX[plain]]
    text = f"{within_sentence(known.label('en'))} ({known.unit})"
    return f"{text} in month {month}" if month else text


def factor(name: str) -> str:
    """The label of a factor, in small letters."""
    return within_sentence(described(name).label("en"))


def signed(value: float, low: float, high: float) -> str:
    """A difference with its sign and interval, and a word where it may be chance."""
    sign = "+" if value > 0.0 else ""
    doubt = CHANCE if math.isfinite(low) and low <= 0.0 <= high else ""
    return f"{sign}{level(value, low, high)}{doubt}"


def _compared(item: Item, answers: Answers) -> str:
    """Levels under the baseline and differences of the others, over all points."""
    finding = find(item, answers, "contrasts").finding
    table = finding.table
    base = table.iloc[0]
    chosen = [
        row for row in rows(table.iloc[1:]) if row.regime in item.get("regimes", [row.regime])
    ]
    parts = [
        f"{regime(row.regime, answers)} differs from it by"
        f" {signed(row.difference, row.difference_low, row.difference_high)}"
        + (f" and is ahead in {percent(row.ahead)} of them" if item.get("ahead") else "")
        for row in chosen
    ]
    count = len(finding.data["means"])
    over = f" in the mean over {counted(count, 'point')}" if count > 1 else ""
    return (
        f"{outcome(item['outcome'])} is {level(base['mean'], base['low'], base['high'])}"
        f" under {regime(base['regime'], answers)}{over};"
        f" {listed(parts)}"
    )


def _turn(item: Item, answers: Answers) -> str:
    """How a difference goes along a factor, and where it turns."""
    one = find(item, answers, "response")
    first, last = rows(one.finding.table)[0], rows(one.finding.table)[-1]
    name = factor(one.factors[0])
    against = f", compared with {regime(one.against, answers)}" if one.against else ""
    what = "the difference in" if one.against else ""
    ends = [
        (signed if one.against else level)(row.mean, row.low, row.high) for row in (first, last)
    ]
    text = (
        f"under {regime(one.regime, answers)}{against}, {what} {outcome(one.outcome)} goes from"
        f" {ends[0]} at {name} {number(first.value)} to {ends[1]} at {number(last.value)}"
    ).replace("  ", " ")
    if one.against is None:
        return text
    turns = one.finding.data["turns"]
    places = listed(level(at, low, high) for at, low, high in turns)
    return f"{text}; the ranking turns at {places}" if turns else f"{text}, and never turns"


def _map(item: Item, answers: Answers) -> str:
    """Where on the map a regime is ahead, and where the line runs."""
    one = find(item, answers, "map")
    found, table = one.finding.data["map"], one.finding.table
    wins, losses = (float((found.sign == s).mean()) for s in (1, -1))
    x, y = factor(found.x_name), factor(found.y_name)
    text = (
        f"by {outcome(one.outcome)}, {regime(one.regime, answers)} is clearly ahead of"
        f" {regime(one.against, answers)} in {percent(wins)} and clearly behind in"
        f" {percent(losses)} of the {found.sign.size} cells of {x} and {y}"
    )
    if table.empty:
        return f"{text}; the ranking does not turn along {y}"
    ends = [table.iloc[0], table.iloc[-1]] if len(table) > 1 else [table.iloc[0]]
    places = listed(
        f"{level(row['y'], row['y_low'], row['y_high'])} where {x} is {number(row['x'])}"
        for row in ends
    )
    return f"{text}; it turns at {y} {places}"


def _effects(item: Item, answers: Answers) -> str:
    """The largest effects of factors moved one at a time."""
    table = find(item, answers, "one_at_a_time").finding.table
    parts = [
        f"{factor(row.parameter)} ({signed(row.effect, row.effect_low, row.effect_high)})"
        for row in rows(table.head(item.get("most", MOST_NAMED)))
    ]
    least = table.iloc[-1]
    return (
        f"moved alone from end to end, what changes {outcome(item['outcome'])} most is"
        f" {' then '.join((', '.join(parts[:-1]), parts[-1]))}; least does"
        f" {factor(least['parameter'])}"
        f" ({signed(least['effect'], least['effect_low'], least['effect_high'])})"
    )


def _indices(item: Item, answers: Answers) -> str:
    """The parameters with the largest total indices."""
    one = find(item, answers, "sobol")
    parts = [
        f"{factor(row.parameter)} ({level(row.total, row.total_low, row.total_high)})"
        for row in rows(one.finding.table.head(item.get("most", MOST_NAMED)))
    ]
    enough = {True: "the sample suffices", False: "the sample is too small to rank all of them"}
    verdict = f"; {enough[one.finding.sufficient]}" if one.finding.sufficient is not None else ""
    return (
        f"the difference in {outcome(one.outcome)} between {regime(one.regime, answers)} and"
        f" {regime(one.against, answers)} is decided, by total Sobol index, by {listed(parts)}"
        f"{verdict}"
    )


def _best(item: Item, answers: Answers) -> str:
    """Which regime is best in how many worlds."""
    finding: AnalysisResult = find(item, answers, "best_regimes").finding
    shares = finding.data["shares"]
    parts = [
        f"{regime(row.regime, answers)} in {part(row.share, row.low, row.high)}"
        for row in rows(shares.head(MOST_NAMED))
        if row.share > 0.0
    ]
    clear = percent(float(finding.table["clear"].mean()))
    return (
        f"by {outcome(item['outcome'])}, the best of {len(shares)} regimes is {listed(parts)} of"
        f" {counted(len(finding.table), 'world')} (clearly ahead of the second in {clear})"
    )


def _regret(item: Item, answers: Answers) -> str:
    """The regime with the least regret, and what taking it everywhere costs."""
    first, second = rows(find(item, answers, "regret").finding.table.head(2))
    parts = [
        f"{regime(row.regime, answers)}"
        f" ({level(row.expected, row.expected_low, row.expected_high)} from the best of each world)"
        for row in (first, second)
    ]
    return (
        f"who must choose one regime for all worlds stays least behind in"
        f" {outcome(item['outcome'])} with {parts[0]}, then with {parts[1]}; at worst the first is"
        f" {number(first.largest)} behind"
    )


def _box(item: Item, answers: Answers) -> str:
    """The box in which a regime beats another, and whether resamples find it again."""
    one = find(item, answers, "prim")
    if one.finding.table.empty:  # where it does not
        one = find(item, answers, "prim", regime=one.against, against=one.regime)
    finding = one.finding
    labels = finding.data["labels"]
    head = (
        f"{regime(one.regime, answers)} beats {regime(one.against, answers)} by"
        f" {outcome(one.outcome)} in {percent(labels.share)} of the worlds"
    )
    if finding.table.empty:
        return f"{head}, and no limits on the parameters set these worlds apart"
    box, found = finding.data["box"], finding.data["stability"]
    parts = [f"{factor(row.parameter)} {_limits(row)}" for row in rows(finding.table)]
    stable = "stable" if found.is_stable else "not stable"
    return (
        f"{head}, mostly where {listed(parts)} (density {percent(box.density)}, coverage"
        f" {percent(box.coverage)}); the same parameters bound it in {percent(found.same)} of the"
        f" resamples, so the box is {stable}"
    )


def _limits(row: Any) -> str:
    low = [f"above {number(row.low)}"] if row.low > row.range_low else []
    high = [f"below {number(row.high)}"] if row.high < row.range_high else []
    return listed([*low, *high])


TELLERS: dict[str, Callable[[Item, Answers], str]] = {
    "compared": _compared,
    "turn": _turn,
    "map": _map,
    "effects": _effects,
    "indices": _indices,
    "best": _best,
    "regret": _regret,
    "box": _box,
}
"""How a sentence is told, by its word in answer.toml."""
