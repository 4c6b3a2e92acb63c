"""The answer of a comparison, of a run, and of a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from velfaerd_sim.telling.facts import within_sentence
from velfaerd_sim.telling.in_worlds import over_worlds
from velfaerd_sim.telling.place.words import SHOWN, better_share, is_better, regime_name, shape_of
from velfaerd_sim.telling.sentences import Writer
from velfaerd_sim.telling.short.answer import Short, fitting, joined
from velfaerd_sim.telling.words import Words

HOURS = "staff_hours_per_1000"


def of_comparison(writer: Writer) -> Short:
    """The answer of a comparison, or of a run."""
    if not writer.results.compares:
        return _of_run(writer)
    results = writer.results
    return fitting(
        lambda each: _variants(Writer(replace(results, language=each))), results.language
    )


def _variants(writer: Writer) -> Iterator[Short]:
    """The answer with all that belongs to it, then with less of it."""
    for rivals in (True, False):
        for full in (True, False):
            yield Short(writer.headline(rivals), _do(writer), _cost(writer, full), _sure(writer))
    yield Short(writer.headline(False), _do(writer), _cost(writer, False), _chance(writer))


def leaders(writer: Writer) -> list[str]:
    """The regimes that are clearly better than the baseline in something, once each."""
    leading = [each.best for each in writer.verdicts.values() if each.kind == "leads"]
    return list(dict.fromkeys(leading))


def _do(writer: Writer) -> Markup:
    say, results = writer.words.within("short").markup, writer.results
    if not results.has_intervals or not writer.verdicts:
        return say("one_population")
    if found := leaders(writer):
        return joined(say("try_it", names=writer.names(found)), *writer.notes(found))
    poorer = [each.worst for each in writer.verdicts.values() if each.worst]
    if not poorer:
        return say("no_choice")
    stay = say("stay", baseline=writer.name(results.baseline))
    return joined(stay, say("worse", names=writer.names(list(dict.fromkeys(poorer)))))


def _cost(writer: Writer, full: bool) -> Markup:
    """The hours of those that lead beside the baseline's; full: with their differences."""
    say, results = writer.words.within("short").markup, writer.results
    if not results.known_outcomes([HOURS]):
        return joined(say("hours_unknown"), say("money"))
    items = []
    for regime in leaders(writer):
        found, shape = results.difference(HOURS, regime), results.difference_format(HOURS, regime)
        level = results.format_of(HOURS).bare(results.level(HOURS, regime).value)
        values = {"name": writer.name(regime), "level": level}
        if full and found.sure:
            values["difference"] = shape.bare_difference(found.value)
            values["interval"] = shape.difference_interval(found.low, found.high)
        items.append(say("hours_one" if "interval" in values else "hours_bare", **values))
    base = results.format_of(HOURS).bare(results.level(HOURS, results.baseline).value)
    items.append(say("hours_bare", name=writer.name(results.baseline), level=base))
    return joined(say("hours_of", items=Markup("; ").join(items)), say("money"))


def _sure(writer: Writer) -> Markup:
    """What the intervals cover, in how many worlds the leaders lead, what nobody has measured."""
    say, results, shares = writer.words.within("short").markup, writer.results, []
    for name, judged in writer.verdicts.items():
        found = over_worlds(results, name, judged.best) if judged.kind == "leads" else None
        if found is not None:
            topic, regime = writer.words(f"topic_{name}"), writer.name(judged.best)
            share = writer.words.percent(found.better)
            shares.append(say("in_worlds_one", topic=topic, share=share, regime=regime))
    told = say("in_worlds", parts=Markup("; ").join(shares)) if shares else Markup("")
    return joined(_chance(writer), told, say("unmeasured"))


def _chance(writer: Writer) -> Markup:
    say, study = writer.words.within("short").markup, writer.results.study
    if not writer.results.has_intervals:
        return say("chance_none")
    if writer.results.in_worlds and study.worlds is not None:
        return say("chance_worlds", worlds=writer.words.number(len(study.worlds)))
    return say("chance", replicates=writer.words.number(study.replicates))


def _of_run(writer: Writer) -> Short:
    say, results = writer.words.within("short").markup, writer.results
    cost = say("hours_unknown")
    if results.known_outcomes([HOURS]):
        level = results.format_of(HOURS).bare(results.level(HOURS, results.baseline).value)
        item = say("hours_bare", name=writer.name(results.baseline), level=level)
        cost = say("hours_of", items=item)
    return Short(writer.headline(), say("run_do"), joined(cost, say("money")), say("run_sure"))


def of_place(
    words: Words,
    record: Mapping[str, Any],
    learned: pd.DataFrame,
    moves: pd.DataFrame,
    effects: pd.DataFrame,
) -> Short:
    """The answer of a place. moves, effects: of its files."""
    own = words.within("short")
    shown = moves[moves["outcome"].isin(SHOWN)]
    clear = [each for each in shown.to_dict("records") if is_better(each)]
    clear.sort(key=lambda each: SHOWN.index(each["outcome"]))
    if not clear:
        found, do, cost = own("place_none"), own("stay", baseline=own("place_today")), ""
        return Short(found, do, joined(cost, own("money")), _place_sure(own, record, learned))
    regime = _most_often_ahead(clear)
    mine = [each for each in clear if each["regime"] == regime]
    name = regime_name(words, record, regime)
    found = own(
        "place_found", regime=name, items="; ".join(_place_item(own, each) for each in mine)
    )
    share = own(
        "place_share",
        outcome=within_sentence(own.name("outcome", str(mine[0]["outcome"]))),
        share=own.percent(
            better_share(str(mine[0]["outcome"]), float(mine[0]["place_share_positive"]))
        ),
    )
    cost = joined(_place_hours(own, effects, regime), own("money"))
    sure = joined(share, _place_sure(own, record, learned))
    return Short(found, own("try_it", names=name), cost, sure)


def _most_often_ahead(clear: Sequence[Mapping[Any, Any]]) -> str:
    """The regime that is clearly better in most outcomes; of several the one most often ahead.

    clear: rows of moves, by outcome in the order that they are told in.
    """
    counts = Counter(str(each["regime"]) for each in clear)
    best = {
        str(each["outcome"]): each for each in sorted(clear, key=lambda each: abs(each["place"]))
    }
    ahead = [str(best[name]["regime"]) for name in dict.fromkeys(e["outcome"] for e in clear)]
    return max(dict.fromkeys([*ahead, *counts]), key=lambda name: (counts[name], ahead.count(name)))


def _place_item(words: Words, each: Mapping[Any, Any]) -> str:
    outcome, ends = str(each["outcome"]), (float(each["place_low"]), float(each["place_high"]))
    shape = shape_of(outcome, [(ends[1] - ends[0]) / 2.0], words.language).showing(*ends)
    return words(
        "place_item",
        outcome=within_sentence(words.name("outcome", outcome)),
        difference=shape.difference(float(each["place"])),
        interval=shape.difference_interval(*ends),
    )


def _place_hours(words: Words, effects: pd.DataFrame, regime: str) -> str:
    rows = effects[(effects["outcome"] == HOURS) & (effects["regime"] == regime)]
    if not len(rows):
        return words("hours_unknown")
    (each,) = rows.to_dict("records")
    low, high = float(each["ci_low"]), float(each["ci_high"])
    shape = shape_of(HOURS, [(high - low) / 2.0], words.language)
    return words(
        "place_hours",
        difference=shape.bare_difference(float(each["difference"])),
        interval=shape.difference_interval(low, high),
    )


def _place_sure(words: Words, record: Mapping[str, Any], learned: pd.DataFrame) -> Markup:
    if learned.empty:
        return joined(words("place_silent"), words("unmeasured"))
    told = record["learned"]
    if told["moved"]:
        return joined(words("place_moved"), words("unmeasured"))
    numbers = {key: words.number(told[key]) for key in ("effective", "worlds")}
    return joined(words("place_left", **numbers), words("unmeasured"))
