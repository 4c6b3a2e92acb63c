"""Sentences on how the ranking of regimes moves with staff hours."""

from __future__ import annotations

import math

from markupsafe import Markup

from velfaerd_sim.telling import findings
from velfaerd_sim.telling.findings import Turn
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.wording import Wording


def turns(results: Results) -> list[Turn]:
    """How the pairs of interest move with staff hours, outcome by outcome."""
    found = []
    for name in findings.turn_outcomes(results):
        for pair in findings.pairs_of_interest(results, name):
            judged = findings.turn(results, name, *pair)
            if judged is not None:
                found.append(judged)
    return found


def turn_sentence(words: Wording, turn: Turn) -> Markup:
    """One pair, one outcome, in words."""
    key = f"turn_{turn.kind}"
    if turn.kind == "leans" and turn.crossings[0] < turn.sure_ahead[0]:
        key = "turn_leans_late"
    if turn.kind == "ahead" and turn.sure_ahead == turn.hours:
        key = "turn_ahead_all"
    low, high = turn.between if turn.kind == "turns" else (math.nan, math.nan)
    return words.say(
        key,
        topic=words.outcome(turn.outcome),
        ahead=words.name(turn.ahead),
        behind=words.name(turn.behind),
        at=_hours_listed(words, turn.sure_ahead, turn.hours),
        at_behind=_hours_listed(words, turn.sure_behind, turn.hours),
        low=words.words.plain(low),
        high=words.words.plain(high),
        fewest=words.words.plain(turn.hours[0]),
        most=words.words.plain(turn.hours[-1]),
        near=words.words.listed([words.words.number(x) for x in turn.turning_points]),
    )


def _hours_listed(words: Wording, some: tuple[float, ...], hours: tuple[float, ...]) -> str:
    """Hours as in 'at 4, 7 and 11 hours'."""
    if some == hours:
        return words.words("at_all_hours")
    joined = words.words.listed([words.words.plain(hour) for hour in some])
    return words.words("at_hours", hours=joined)


def turn_in_short(words: Wording) -> Markup:
    """The clearest turn for the answer; empty where staff hours were not varied."""
    found = turns(words.results)
    if not found:
        return Markup("")
    first = min(found, key=lambda turn: findings.TURN_KINDS.index(turn.kind))
    head = "turn_head" if first.kind in ("turns", "mixed") else "turn_head_none"
    return words.say(head, sentence=turn_sentence(words, first))
