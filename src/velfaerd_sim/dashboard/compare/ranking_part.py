"""The part of Compare's page that ranks all regimes, and sets two of them side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import solara

from velfaerd_sim.dashboard.compare.money import kroner_of
from velfaerd_sim.dashboard.compare.ranking import Ranked, entries
from velfaerd_sim.dashboard.compare.results import SHOWN
from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.parts.units import Measure, measure_of
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.formats import decimals_for
from velfaerd_sim.telling.words import Words

FIRST = "lonely_share"
"""The outcome that is ranked by unless another is chosen."""
OUTCOMES_RANKED = (FIRST, *(name for name in SHOWN if name != FIRST))


@solara.component_vue("../widgets/ranking.vue")
def _Ranking(
    words: dict[str, str],
    outcomes: list[dict[str, str]],
    outcome: str,
    rows: list[dict[str, Any]],
    said: str,
    share: float,
    problem: str,
    event_choose: Callable[[str], None],
    event_pick: Callable[[Any], None],
) -> None:
    """The ranking's template."""


@solara.component
def Ranking(state: CompareState, words: Words) -> None:
    """All regimes ranked by one outcome; a click puts one of them on a side."""
    ranks, view = state.ranks, state.view.value
    outcome, found, price = ranks.outcome.value, ranks.rows.value, state.price.value

    def pick(chosen: Any) -> None:
        try:
            state.change(picked(state.view.value, chosen))
        except VelfaerdError as error:
            state.refuse(error)

    _Ranking(
        words=_labels(view, price, words),
        outcomes=[
            {"value": each, "label": words.name("outcome", each)} for each in OUTCOMES_RANKED
        ],
        outcome=outcome,
        rows=table_rows(found, view, outcome, price, words) if outcome else [],
        said=said(found, outcome, words) if outcome else "",
        share=ranks.share.value,
        problem=words(ranks.problem.value) if ranks.problem.value else "",
        event_choose=state.rank,
        event_pick=pick,
    )


def picked(view: CompareView, chosen: object) -> CompareView:
    """The view with a governance of the ranking on a side. Raises InputError for anything else."""
    if isinstance(chosen, dict) and chosen.get("side") in ("a", "b"):
        for entry in entries(view):
            if key_of(entry.governance.regime, entry.side) == chosen.get("key"):
                return view.with_governance(chosen["side"], entry.governance)
    raise InputError("", str(chosen), "a governance of the ranking")


def key_of(regime: str, side: str) -> str:
    """What a row is called between browser and server."""
    return f"{side}:{regime}" if side else regime


def name_of(row: Ranked, words: Words) -> str:
    """What a governance is called in the ranking."""
    label = row.entry.governance.as_regime("x").label(words.language)
    return f"{row.entry.side.upper()}: {label}" if row.entry.side else label


def said(rows: Sequence[Ranked], outcome: str, words: Words) -> str:
    """Which regimes may be the best, in a sentence; '' while there are none."""
    if not rows:
        return ""
    leading = [row for row in rows if row.first == 1]
    others = [row for row in rows if row.first > 1]
    what = words("findings.quoted", name=words.name("outcome", outcome))
    if not others:
        return words("rank_none", what=what)
    named, key = (leading, "rank_some") if len(leading) <= len(others) else (others, "rank_all_but")
    names = words.listed([words("findings.quoted", name=name_of(row, words)) for row in named])
    return words("rank_one" if len(leading) == 1 else key, names=names, what=what)


def table_rows(
    rows: Sequence[Ranked], view: CompareView, outcome: str, price: float | None, words: Words
) -> list[dict[str, Any]]:
    """The rows of the table as texts, with the places of their intervals in per cent."""
    shape = OUTCOMES[INDEX[outcome]]
    level, gap = measure_of(shape, words), measure_of(shape, words, difference=True)
    halves = [0.5 * (row.high - row.low) * gap.scale.factor for row in rows if not row.is_a]
    digits = decimals_for([half for half in halves if half > 0.0] or [1.0], gap.scale.decimals)
    level = Measure(replace(level.scale, decimals=digits), level.name)
    gap = Measure(replace(gap.scale, decimals=digits), gap.name)
    bare = Measure(replace(gap.scale, suffix=""), "")
    known = [v for row in rows for v in (row.low, row.high) if math.isfinite(v)]
    least, most = min([0.0, *known]), max([0.0, *known])
    width = (most - least) or 1.0

    def place(value: float) -> float:
        return round(100.0 * (value - least) / width, 2)

    found = []
    for row in rows:
        name, shown = name_of(row, words), math.isfinite(row.low) and not row.is_a
        ends = (bare.text(end, words) for end in (row.low, row.high))
        found.append(
            {
                "key": key_of(row.entry.governance.regime, row.entry.side),
                "rank": _rank(row, words),
                "name": name,
                "level": level.text(row.level, words),
                "zero": place(0.0),
                "bar": [place(row.low), place(row.high), place(row.difference)] if shown else None,
                "tone": _tone(row, shape.direction),
                "difference": "A" if row.is_a else gap.text(row.difference, words),
                "interval": words("rank_ends", low=next(ends), high=next(ends)) if shown else "",
                "better": "" if row.is_a else f"{row.better}/{row.known}",
                "hours": words.number(row.hours, 1),
                "kroner": "" if price is None else kroner_of(row.hours, price, words),
                "is_a": row.is_a,
                "sides": [s for s in "ab" if row.entry.governance == view.governance(s)],
                "as": {s: words("rank_as", name=name, side=s.upper()) for s in "ab"},
            }
        )
    return found


def _rank(row: Ranked, words: Words) -> str:
    first, last = words.number(row.first), words.number(row.last)
    return first if row.first == row.last else f"{first}–{last}"


def _tone(row: Ranked, direction: int) -> str:
    if row.is_a or not row.low * row.high > 0.0:
        return "vf-open"
    if direction == 0:
        return "vf-neutral"
    return "vf-better" if direction * row.difference > 0.0 else "vf-worse"


def _labels(view: CompareView, price: float | None, words: Words) -> dict[str, str]:
    keys = ("title", "what", "open", "close", "by", "rank", "regime", "level", "difference")
    found = {key: words(f"rank_{key}") for key in (*keys, "compare", "running")}
    found["better"] = words("rank_worlds" if view.worlds else "rank_pairs")
    found["note"] = words("rank_note", count=words.number(view.replicates))
    found["hours"] = words("rank_hours")
    return found | {"kroner": "" if price is None else words("kroner_short")}
