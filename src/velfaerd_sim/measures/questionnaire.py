"""The six-route questionnaire: what heads of department answer about how collaborations start.

The question of the KORA/SDU study of 2016: for each of six routes, whether collaborations start
that way as a rule, sometimes, seldom or never. Each head answers from the starts of the last three
years in the own department: cut points on the route's share give the answer. A head who follows
nothing does not know; of a route not seen, some heads say never and some that they do not know.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import rule
from velfaerd_sim.inputs.evidence import ANSWERS
from velfaerd_sim.population.schema import ROUTES
from velfaerd_sim.randomness import QUESTIONNAIRE, key_of, uniform

AS_A_RULE, SOMETIMES, SELDOM, NEVER, DONT_KNOW = range(5)


@rule
def answer(starts: int, total: int, blind: float, unseen: float, p: Any) -> int:
    """A head's answer on a route: index into ANSWERS.

    starts of total starts came by the route; blind and unseen are the head's own uniform numbers.
    """
    if total == 0 or blind < p.answer_blind_share:
        return DONT_KNOW
    share = starts / total
    if share >= p.answer_as_a_rule_share:
        return AS_A_RULE
    if share >= p.answer_sometimes_share:
        return SOMETIMES
    if starts > 0:
        return SELDOM
    return DONT_KNOW if unseen < p.answer_unseen_unknown_share else NEVER


def ask_heads(
    route_starts: NDArray[Any], codes: NDArray[Any], seed: int, month: int, p: Any
) -> NDArray[np.int64]:
    """Every head's answers; int64 (municipalities x departments, routes), index into ANSWERS.

    route_starts: int32 (departments, 36, 6); codes: municipality codes; month: row of the tables.
    """
    per_town = len(route_starts) // len(codes)
    answers = np.zeros((len(route_starts), len(ROUTES)), np.int64)
    for d, starts in enumerate(route_starts.sum(axis=1)):
        key = key_of(seed, int(codes[d // per_town]))
        head = d % per_town
        blind = uniform(key, QUESTIONNAIRE, month, head)
        total = int(starts.sum())
        for route, count in enumerate(starts):
            unseen = uniform(key, QUESTIONNAIRE + 1, month, head * len(ROUTES) + route)
            answers[d, route] = answer(int(count), total, blind, unseen, p)
    return answers


def table(answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Per cent of heads by route and answer; float64 (6, 5), rows sum to 100."""
    counts = np.array(
        [[np.sum(answers[:, route] == a) for a in range(len(ANSWERS))] for route in range(6)]
    )
    return 100.0 * counts / len(answers)
