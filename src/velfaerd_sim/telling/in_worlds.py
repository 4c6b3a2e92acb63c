"""What a comparison in many worlds says: how far worlds differ, and in how many a regime is better.

Nothing here is reckoned anew: the numbers are those of effects.parquet and worlds.parquet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.statistics.over_worlds import held
from velfaerd_sim.telling.findings import QUESTIONS, verdict
from velfaerd_sim.telling.formats import Format
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.wording import Wording
from velfaerd_sim.telling.words import catalogue


@dataclass(frozen=True)
class OverWorlds:
    """A regime's difference to the baseline over worlds.

    low, high: the middle 90 % of worlds; sd_worlds, sd_chance: standard deviations between worlds
    and between populations of one world, NaN where the two cannot be told apart; sd_high: what the
    first is at most, with 95 %; better, worse:
    shares of worlds, error: Monte-Carlo error of either. estimates: of every world.
    """

    low: float
    high: float
    sd_worlds: float
    sd_high: float
    sd_chance: float
    better: float
    worse: float
    error: float
    estimates: tuple[float, ...]


def over_worlds(results: Results, name: str, regime: str) -> OverWorlds | None:
    """How a difference varies over worlds; None where it was not run in several."""
    if not results.in_worlds:
        return None
    effects, worlds = results.effects, results.worlds
    (row,) = effects[(effects["outcome"] == name) & (effects["regime"] == regime)].to_dict(
        "records"
    )
    own = worlds[(worlds["outcome"] == name) & (worlds["regime"] == regime)]
    shares = float(row["share_positive"]), float(row["share_negative"])
    better, worse = shares[:: -1 if OUTCOMES[INDEX[name]].direction < 0 else 1]
    return OverWorlds(
        float(row["low_90"]),
        float(row["high_90"]),
        float(row["sd_worlds"]),
        float(row["sd_worlds_high"]),
        float(row["sd_chance"]),
        better,
        worse,
        float(row["share_error"]),
        tuple(float(value) for value in own["estimate"] if math.isfinite(value)),
    )


def shape_of(results: Results, name: str, regime: str) -> Format:
    """The format of a difference over worlds: as fine as its interval bears."""
    return results.difference_format(name, regime)


def asked(results: Results, name: str) -> str:
    """The regime that is told of: the best, or the worst where the baseline is best."""
    judged = verdict(results, name)
    if judged.best != results.baseline:
        return judged.best
    return judged.worst or results.order[1]


def sentences(words: Wording) -> list[Markup]:
    """What parameters and what chance leave open, one paragraph a question."""
    results = words.results
    known = [outcome.name for outcome in results.known_outcomes(QUESTIONS)]
    return [_about(words, name, asked(results, name)) for name in known]


def _about(words: Wording, name: str, regime: str) -> Markup:
    results = words.results
    found = over_worlds(results, name, regime)
    mean = results.difference(name, regime)
    if found is None or not math.isfinite(mean.value):
        return Markup("")
    common = {
        "topic": words.outcome(name),
        "regime": words.name(regime),
        "baseline": words.name(results.baseline),
    }
    if found.better == found.worse == 0.0:
        return words.say("worlds_same", **common)
    gain = mean.value * (OUTCOMES[INDEX[name]].direction or 1)
    shape = shape_of(results, name, regime)
    none = found.sd_worlds == 0.0
    text = words.say(
        "worlds_leads_none" if none else "worlds_leads",
        better=words.words("worlds_better" if gain >= 0.0 else "worlds_worse"),
        share=words.words.percent(found.better if gain >= 0.0 else found.worse),
        error=words.words.number(100.0 * found.error, 0),
        difference=shape.difference(mean.value),
        interval=shape.difference_interval(mean.low, mean.high),
        low=shape.bare_difference(found.low),
        high=shape.difference(found.high),
        **common,
    )
    if not math.isfinite(found.sd_worlds):
        return text
    more = "worlds_parameters" if found.sd_worlds > found.sd_chance else "worlds_chance"
    parts = words.say(
        "worlds_none" if none else more,
        worlds=shape.size(found.sd_worlds),
        most=shape.size(found.sd_high),
        chance=shape.size(found.sd_chance),
    )
    return Markup("{} {}").format(text, parts)


def in_short(words: Wording) -> Markup:
    """In how many worlds the regimes that are told of are better, or worse, in one sentence."""
    results = words.results
    parts = []
    for outcome in results.known_outcomes(QUESTIONS):
        regime = asked(results, outcome.name)
        found = over_worlds(results, outcome.name, regime)
        gain = results.difference(outcome.name, regime).value * (outcome.direction or 1)
        if found is not None and math.isfinite(found.better) and found.better + found.worse > 0.0:
            parts.append(
                words.say(
                    "worlds_short",
                    topic=words.words(f"topic_{outcome.name}"),
                    regime=words.name(regime),
                    better=words.words("worlds_better" if gain >= 0.0 else "worlds_worse"),
                    share=words.words.percent(found.better if gain >= 0.0 else found.worse),
                )
            )
    if not parts:
        return Markup("")
    baseline = words.name(results.baseline)
    return words.say("worlds_in_short", baseline=baseline, parts=Markup("; ").join(parts))


def introduction(words: Wording) -> Markup:
    """What a world is, and what can be told apart."""
    study = words.results.study
    assert study.worlds is not None
    apart = study.replicates > len(study.worlds)
    key = "worlds_intro" if apart else "worlds_intro_raw"
    told = words.say(key, name=study.worlds.name.partition(":")[0])
    independent = study.worlds.effective
    share = words.words.percent(held(independent))
    many = words.words.number(independent)
    return told + " " + words.say("worlds_held", worlds=many, share=share)


def head_values(words: Wording) -> dict[str, str]:
    """Values for the texts that say how many worlds and populations there are."""
    study = words.results.study
    assert study.worlds is not None
    count = max(1, round(study.replicates / len(study.worlds)))
    return {
        "worlds": words.words.number(len(study.worlds)),
        "name": study.worlds.name,
        "parameters": words.words.number(len(study.worlds.names)),
        "count": words.words.number(count),
    }


def meta(words: Wording) -> Markup:
    """How many worlds and populations, for the head of the report."""
    values = head_values(words)
    return words.say("meta_worlds_one" if values["count"] == "1" else "meta_worlds", **values)


def how(words: Wording, **values: object) -> Markup:
    """How the regimes are compared in worlds."""
    known = head_values(words)
    one = known["count"] == "1"
    count = words.say("population_one" if one else "populations", count=known["count"])
    return words.say("question_how_worlds", **{**values, **known, "count": count})


def limits(several: bool, language: str) -> tuple[tuple[str, str], ...]:
    """What results cannot tell: headings and texts; in several worlds, parameters are not fixed."""
    report, own = catalogue("report"), "limits_in_worlds."
    keys = [key for key in report if key.startswith("limits.")]
    if several:
        keys = [key if (k := key.replace("limits.", own)) not in report else k for key in keys]
    return tuple(report[key][language] for key in keys)


def ranges(results: Results) -> dict[str, str]:
    """The range over worlds of every parameter that differs between them."""
    worlds = results.study.worlds
    if worlds is None:
        return {}
    found = {}
    for name in worlds.names:
        values = [world.parameters[name] for world in worlds]
        if min(values) < max(values):
            found[name] = results.write.range(min(values), max(values))
    return found


def alternative(words: Wording) -> str:
    """The figure over worlds in words and numbers."""
    results = words.results
    parts = []
    for outcome in results.known_outcomes(QUESTIONS):
        told = []
        for regime in results.order[1:]:
            found = over_worlds(results, outcome.name, regime)
            if found is not None and math.isfinite(found.better):
                shape = shape_of(results, outcome.name, regime)
                text = words.words(
                    "alt_worlds",
                    regime=results.short(regime),
                    share=words.words.percent(found.better),
                    low=shape.bare_difference(found.low),
                    high=shape.difference(found.high),
                )
                told.append(text)
        parts.append(f"{outcome.label(words.language)}: {'; '.join(told)}.")
    return " ".join(parts)
