"""The six-route questionnaire: what heads of department answer about how collaborations start.

The question of the KORA/SDU study of 2016: for each of six routes, whether collaborations start
that way as a rule, sometimes, seldom or never. Each head answers from the starts of the last three
years in the own department. A head cannot follow everything: of many starts about so many are
followed, each with the same chance, whatever the size of the town. Cut points on a route's share of
what is followed give the answer. A head who follows nothing does not know; of a route not seen,
some heads say never and some that they do not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import entry, kernel, rule
from velfaerd_sim.curves import exponential, logarithm
from velfaerd_sim.inputs.evidence import ANSWERS, municipalities, national_adults
from velfaerd_sim.inputs.parameters import record_type
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.population.schema import ROUTES
from velfaerd_sim.population.traits import log_normal
from velfaerd_sim.randomness import (
    BORN_ATTITUDE,
    QUESTIONNAIRE,
    Key,
    centred,
    key_of,
    uniform,
    words,
)

AS_A_RULE, SOMETIMES, SELDOM, NEVER, DONT_KNOW = range(5)
YEARS = 3.0
"""How far back heads look."""
LARGE = 500.0
DRAWS = 12
"""Times that the heads of all departments are drawn for the expected table."""


@rule
def answer(starts: int, total: int, blind: float, unseen: float, p: Any) -> int:
    """A head's answer on a route: index into ANSWERS.

    Of total starts that the head follows, starts came by the route; blind and unseen are the head's
    own uniform numbers.
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


@rule
def followed_share(total: int, p: Any) -> float:
    """Share of a department's starts that its head follows: all where there are few."""
    return min(1.0, p.collaborations_followed / max(1, total))


@rule
def followed_starts(count: int, share: float, u: float) -> int:
    """Starts that a head follows of count by a route: the binomial number at rank u in (0, 1)."""
    if share >= 1.0:
        return count
    term = exponential(count * logarithm(1.0 - share))
    total = term
    found = 0
    while u > total and found < count:
        term *= (count - found) / (found + 1.0) * share / (1.0 - share)
        found += 1
        total += term
    return found


@rule
def drawn_starts(u: float, mean: float) -> int:
    """Starts in three years: the Poisson number at rank u, above 500 the whole part of the mean."""
    if mean > LARGE:
        return int(mean)
    term = exponential(-mean)
    total = term
    found = 0
    while u > total and found < 2.0 * LARGE:
        found += 1
        term *= mean / found
        total += term
    return found


@kernel
def answer_all(counts: Any, key: Key, month: int, head: int, p: Any, out: Any) -> None:
    """Write one head's answers; counts: int64 (6,), starts by route, left as those followed."""
    routes = len(counts)
    total = 0
    for route in range(routes):
        total += counts[route]
    share = followed_share(total, p)
    total = 0
    for route in range(routes):
        u = uniform(key, QUESTIONNAIRE + 2, month, head * routes + route)
        counts[route] = followed_starts(counts[route], share, u)
        total += counts[route]
    blind = uniform(key, QUESTIONNAIRE, month, head)
    for route in range(routes):
        unseen = uniform(key, QUESTIONNAIRE + 1, month, head * routes + route)
        out[route] = answer(counts[route], total, blind, unseen, p)


@entry
def ask_each(counts: Any, codes: Any, seed: Any, month: int, parameters: Any, out: Any) -> None:
    """Write every head's answers; counts, out: int64 (departments, 6); seed: its two halves."""
    per_town = len(counts) // len(codes)
    for d in range(len(counts)):
        key = (seed[0], seed[1], np.uint64(codes[d // per_town]))
        answer_all(counts[d], key, month, d % per_town, parameters[0], out[d])


@entry
def count_drawn(
    rates: Any,
    adults: Any,
    codes: Any,
    seed: Any,
    draws: int,
    heads: int,
    parameters: Any,
    out: Any,
) -> None:
    """Count the answers of heads who are drawn, by route and answer; out: float64 (6, 5).

    rates: starts a year per 1 000 adults at the attitude 1, of several towns by route, which take
    turns from draw to draw; adults: of each municipality's departments; heads: so many each.
    """
    routes = rates.shape[1]
    counts = np.zeros(routes, np.int64)
    answers = np.zeros(routes, np.int64)
    spread = parameters[0].chief_attitude_spread
    for m in range(len(adults)):
        key = (seed[0], seed[1], np.uint64(codes[m]))
        for draw in range(draws):
            own = rates[draw % len(rates)]
            for head in range(heads):
                for route in range(routes):
                    agent = head * routes + route
                    z = centred(words(key, BORN_ATTITUDE, draw, agent)[0])
                    mean = YEARS * own[route] * adults[m] / 1000.0 * log_normal(z, spread)
                    u = uniform(key, QUESTIONNAIRE + 3, draw, agent)
                    counts[route] = drawn_starts(u, mean)
                answer_all(counts, key, draw, head, parameters[0], answers)
                for route in range(routes):
                    out[route, answers[route]] += 1.0


def ask_heads(
    route_starts: NDArray[Any], codes: NDArray[Any], seed: int, month: int, p: Any
) -> NDArray[np.int64]:
    """Every head's answers; int64 (municipalities x departments, routes), index into ANSWERS.

    route_starts: int32 (departments, 36, 6); codes: municipality codes; month: row of the tables.
    """
    counts = route_starts.sum(axis=1, dtype=np.int64)
    answers = np.zeros_like(counts)
    own = np.asarray(codes, np.int64)
    ask_each(counts, own, key_of(seed, 0)[:2], month, _record(p), answers)
    return answers


def table(answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Per cent of heads by route and answer; float64 (6, 5), rows sum to 100."""
    counts = np.array(
        [[np.sum(answers[:, route] == a) for a in range(len(ANSWERS))] for route in range(6)]
    )
    return 100.0 * counts / len(answers)


@cache
def danish_departments() -> NDArray[np.float64]:
    """Adults that each department of the 98 municipalities serves: a fifth; float64 (98,)."""
    people = np.array([one.population for one in municipalities()], dtype=np.float64)
    return people / people.sum() * national_adults() / len(DEPARTMENTS)


def expected_table(
    start_rates: Sequence[float] | NDArray[np.float64],
    adults: NDArray[np.float64],
    seed: int,
    p: Any,
    draws: int = DRAWS,
) -> NDArray[np.float64]:
    """The table that many heads would give; float64 (6, 5), per cent, rows sum to 100.

    start_rates: starts a year per 1 000 adults by route, where the head is as fond of it as most;
    (6,) or, of several towns, (towns, 6): then each draw of the heads has the rates of the next
    town, so that what differs between towns shows. adults: that each department of a municipality
    serves, one value a municipality. Every head is drawn `draws` times: attitudes as in the first
    population, Poisson starts. The same seed gives the same heads whatever the rates and parameters
    are.
    """
    rates = np.atleast_2d(np.asarray(start_rates, np.float64))
    counted = np.zeros((len(ROUTES), len(ANSWERS)))
    codes = np.arange(1, len(adults) + 1, dtype=np.int64)
    count_drawn(
        rates,
        np.asarray(adults, np.float64),
        codes,
        key_of(seed, 0)[:2],
        draws,
        len(DEPARTMENTS),
        _record(p),
        counted,
    )
    result: NDArray[np.float64] = 100.0 * counted / counted.sum(axis=1, keepdims=True)
    return result


def _record(p: Any) -> NDArray[Any]:
    """The parameters as compiled code takes them: an array of one record."""
    return np.array([tuple(p)], dtype=record_type())
