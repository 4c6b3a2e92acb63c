"""What Compare says in sentences: what is seen, how large it is, and how sure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from velfaerd_sim.dashboard.compare.money import kroner_of
from velfaerd_sim.dashboard.compare.results import AGREE_ENOUGH, LEAST_PAIRS, Finding, Result
from velfaerd_sim.dashboard.compare.runs import has_plausible_worlds, sides
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.parts.units import Measure, measure_of
from velfaerd_sim.inputs.worlds import PLAUSIBLE, PRIOR
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.formats import decimals_for
from velfaerd_sim.telling.words import Words

COST = "staff_hours_per_1000"


@dataclass(frozen=True)
class EffectVerdict:
    """What is seen, in a sentence; what else, and how sure; whether it is clear."""

    head: str
    more: str
    clear: bool


def written(name: str, words: Words, finding: Finding | None = None) -> tuple[Measure, Measure]:
    """How levels and differences of an outcome are written, with the digits they bear."""
    outcome = OUTCOMES[INDEX[name]]
    level, gap = measure_of(outcome, words), measure_of(outcome, words, difference=True)
    if finding is not None and math.isfinite(finding.high - finding.low):
        half = 0.5 * (finding.high - finding.low) * gap.scale.factor
        digits = min(decimals_for([half], gap.scale.decimals), gap.scale.decimals + 1)
        level = Measure(replace(level.scale, decimals=digits), level.name)
        nearest = min(abs(finding.low), abs(finding.high)) * gap.scale.factor
        while finding.low * finding.high > 0.0 and digits < 4 and round(nearest, digits) == 0.0:
            digits += 1  # an interval off zero does not read as if it held zero
        gap = Measure(replace(gap.scale, decimals=digits), gap.name)
    return level, gap


def difference_text(name: str, finding: Finding, words: Words) -> tuple[str, str]:
    """A difference with its unit, and its interval; the interval is empty for one pair."""
    _, gap = written(name, words, finding)
    if not math.isfinite(finding.difference):
        return gap.text(finding.difference, words), words(f"none_{name}") if words.has(
            f"none_{name}"
        ) else ""
    if not (math.isfinite(finding.low) and math.isfinite(finding.high)):
        return gap.text(finding.difference, words), ""
    bare = replace(gap.scale, suffix="")
    low, high = (Measure(bare, "").text(v, words) for v in (finding.low, finding.high))
    return gap.text(finding.difference, words), f"{low} {words('to_word')} {high}"


def missing_text(finding: Finding, words: Words) -> str:
    """In how many pairs a side lost all its volunteers, or has no value; empty where in none."""
    if not math.isfinite(finding.difference):
        return ""
    counts = (("lost", finding.lost), ("missing", finding.missing))
    told = [
        words(f"{key}_one" if count == 1 else key, count=words.number(count))
        for key, count in counts
        if count
    ]
    return ", ".join(told)


def precision(result: Result, words: Words) -> str:
    """How precisely the difference in loneliness is known; empty where it is not, or exactly."""
    finding = result.findings["lonely_share"]
    half = 100.0 * finding.half
    if result.replicates < LEAST_PAIRS or finding.equal or not math.isfinite(half):
        return ""
    unit = words.points(0.0).split("\u00a0")[1]
    key = "precision_worlds" if result.worlds else "precision"
    return words(key, width=f"{words.number(half, decimals_for([half], 2))}\u00a0{unit}")


def gains_text(result: Result, words: Words) -> str:
    """Gainers and losers among all citizens, with their intervals."""
    everybody = result.gains[0]
    if result.replicates < LEAST_PAIRS:
        return words("who_early", least=words.number(LEAST_PAIRS))
    if everybody.gainers[0] == 0.0 and everybody.losers[0] == 0.0:
        return words("who_nobody")

    def written_share(share: tuple[float, float, float]) -> str:
        mean, low, high = (1000.0 * each for each in share)
        if not math.isfinite(high - low):
            return words.number(mean, 1)
        ends = f"{words.number(low, 1)} {words('to_word')} {words.number(high, 1)}"
        return f"{words.number(mean, 1)} ({ends})"

    gain, loss = written_share(everybody.gainers), written_share(everybody.losers)
    return words("who_everybody", gain=gain, loss=loss)


def verdict(
    view: CompareView, result: Result, words: Words, price: float | None = None
) -> EffectVerdict:
    """The sentences for a result. words: with the texts of Compare; price: kroner an hour."""
    if len(set(sides(view))) == 1:
        return EffectVerdict(words("same"), words("same_more"), False)
    finding = result.findings["lonely_share"]
    level, gap = written("lonely_share", words, finding)
    one, other = view.regimes()
    head = words(
        _head_key(result, finding),
        time=words.duration(result.months),
        a=_plain(one.label(words.language)),
        b=_plain(other.label(words.language)),
        a_level=level.text(finding.a_level, words),
        b_level=level.text(finding.b_level, words),
        pairs=words.count(result.replicates, "first_pairs"),
    )
    parts = []
    enough = result.replicates >= LEAST_PAIRS
    if enough and not finding.equal:
        bare = Measure(replace(gap.scale, suffix=""), "")
        parts.append(
            words(
                "difference_worlds" if result.worlds else "difference",
                difference=gap.text(finding.difference, words),
                low=bare.text(finding.low, words),
                high=bare.text(finding.high, words),
            )
        )
    parts.append(_sure(result, finding, words))
    if enough:
        parts += _besides(result, finding.clear, words, price)
    return EffectVerdict(head, " ".join(parts), finding.clear)


def _besides(result: Result, clear: bool, words: Words, price: float | None = None) -> list[str]:
    """What else is clear: what B has, and what it costs in staff hours."""
    items = _items(result, words)
    costs = [items.pop(name) for name in (COST,) if name in items]
    if costs and price is not None:
        more = result.findings[COST].difference
        size = kroner_of(abs(more), price, words)
        costs.append(words("kroner_more" if more > 0.0 else "kroner_less", size=size))
    if items:
        has = words("also" if clear else "has", items=words.listed(list(items.values())))
        return [has, *costs]
    return costs


def kroner_row(finding: Finding, price: float, words: Words) -> list[str]:
    """Staff hours in kroner, as a row of the table of numbers: both sides and the difference."""
    a, b = (kroner_of(level, price, words) for level in (finding.a_level, finding.b_level))
    ends = [kroner_of(end, price, words, signed=True) for end in (finding.low, finding.high)]
    known = math.isfinite(finding.low) and math.isfinite(finding.high)
    interval = f" {words('to_word')} ".join(ends) if known else ""
    gap = kroner_of(finding.difference, price, words, signed=True)
    tone = "vf-neutral" if finding.clear else "vf-open"
    return [words("kroner_row"), a, b, gap, interval, tone]


def _plain(label: str) -> str:
    """A regime's label without what stands in brackets, which a sentence cannot bear."""
    return label.replace(" (status quo)", "")


def _head_key(result: Result, finding: Finding) -> str:
    if result.replicates < LEAST_PAIRS:
        return "head_first"
    if finding.equal:
        return "head_equal"
    if not finding.clear:
        return "head_open"
    return "head_fewer" if finding.difference < 0.0 else "head_more"


def _items(result: Result, words: Words) -> dict[str, str]:
    found = {}
    for name, finding in result.findings.items():
        if name == "lonely_share" or not finding.clear:
            continue
        _, gap = written(name, words, finding)
        size = Measure(replace(gap.scale, signed=False, suffix=""), "")
        key = f"more_{name}" if finding.difference > 0.0 else f"less_{name}"
        values = {
            "size": size.text(abs(finding.difference), words),
            "signed": gap.text(finding.difference, words),
        }
        found[name] = words(key, **values)
    return found


def _sure(result: Result, finding: Finding, words: Words) -> str:
    count = words.number(result.replicates)
    if result.replicates < LEAST_PAIRS:
        return words("sure_early", least=words.number(LEAST_PAIRS))
    if finding.equal:
        return words("sure_equal", count=count)
    agreeing = words.number(round(finding.agreeing * result.replicates))
    if result.worlds:
        kind = words.name("worlds", PLAUSIBLE if has_plausible_worlds() else PRIOR)
        return words("sure_worlds", agreeing=agreeing, count=count, kind=kind)
    if finding.clear:
        key = "sure_clear" if finding.agreeing >= AGREE_ENOUGH else "sure_likely"
        return words(key, agreeing=agreeing, count=count)
    return words("sure_open")
