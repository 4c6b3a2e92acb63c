"""The questionnaire: a head's answer by cut points, keyed luck, and the table of all heads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.inputs.evidence import ANSWERS, kora_table
from velfaerd_sim.measures.questionnaire import (
    AS_A_RULE,
    DONT_KNOW,
    NEVER,
    SELDOM,
    SOMETIMES,
    answer,
    ask_heads,
    table,
)
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import ROUTES
from velfaerd_sim.randomness import QUESTIONNAIRE, key_of, uniform
from worlds import any_parameters, parameters, several_towns

CUTS = {
    "answer_as_a_rule_share": 0.3,
    "answer_sometimes_share": 0.07,
    "answer_blind_share": 0.1,
    "answer_unseen_unknown_share": 0.6,
}
P = parameters(**CUTS)


@pytest.mark.parametrize(
    ("starts", "total", "expected"),
    [
        (30, 100, AS_A_RULE),
        (29, 100, SOMETIMES),
        (7, 100, SOMETIMES),
        (6, 100, SELDOM),
        (1, 100, SELDOM),
        (1, 1, AS_A_RULE),
        (0, 0, DONT_KNOW),
    ],
)
def test_the_share_of_a_route_decides(starts, total, expected):
    assert answer.py_func(starts, total, 0.5, 0.5, P) == expected


def test_of_a_route_not_seen_some_say_never_and_some_do_not_know():
    assert answer.py_func(0, 50, 0.5, 0.59, P) == DONT_KNOW
    assert answer.py_func(0, 50, 0.5, 0.61, P) == NEVER


def test_who_follows_nothing_does_not_know():
    assert answer.py_func(40, 50, 0.09, 0.9, P) == DONT_KNOW
    assert answer.py_func(40, 50, 0.11, 0.9, P) == AS_A_RULE


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0, 1), st.floats(0, 1), any_parameters)
def test_more_starts_never_make_a_rarer_answer(starts, more, blind, unseen, p):
    one, other = (answer.py_func(n, 60, blind, unseen, p) for n in sorted((starts, more)))
    assert 0 <= one < len(ANSWERS)
    if one != DONT_KNOW:
        assert other <= one


def test_every_head_answers_with_the_own_luck():
    generator = np.random.default_rng(3)
    starts = generator.poisson(0.05, (15, 36, 6)).astype(np.int32)
    codes = np.array([5, 8, 13])
    found = ask_heads(starts, codes, 7, 60, P)
    assert found.shape == (15, 6)
    for d in range(15):
        key, head = key_of(7, int(codes[d // 5])), d % 5
        blind = uniform(key, QUESTIONNAIRE, 60, head)
        counts = starts[d].sum(axis=0)
        for route in range(6):
            unseen = uniform(key, QUESTIONNAIRE + 1, 60, 6 * head + route)
            expected = answer.py_func(counts[route], counts.sum(), blind, unseen, P)
            assert found[d, route] == expected
    alone = ask_heads(starts[5:10], codes[1:2], 7, 60, P)
    assert np.array_equal(alone, found[5:10])


def test_the_table_is_per_cent_by_route():
    answers = np.array(
        [[0, 1, 2, 3, 4, 0], [0, 1, 2, 3, 3, 4], [1, 1, 2, 3, 4, 4], [0, 0, 0, 0, 0, 0]]
    )
    found = table(answers)
    assert found.shape == (6, 5)
    assert list(found[0]) == [75.0, 25.0, 0.0, 0.0, 0.0]
    assert list(found[5]) == [50.0, 0.0, 0.0, 0.0, 50.0]
    assert found.sum(axis=1) == pytest.approx(100.0)


def test_the_table_of_a_run_stands_beside_the_published_one():
    simulation = Simulation(several_towns(sizes=(3000,) * 12, burn_in_months=36))
    population = simulation.population
    found = table(ask_heads(population.records.route_starts, population.towns["code"], 1, 36, P))
    assert found.shape == (len(ROUTES), len(ANSWERS))
    assert found.sum(axis=1) == pytest.approx(100.0)
    # What was opened in three years is what heads have seen.
    opened = simulation.tallies["opened"][:, 1:37].sum()
    assert population.records.route_starts.sum() == opened
    assert [row.route for row in kora_table()] == list(ROUTES)


def test_answers_are_numbered_as_in_the_published_table():
    numbers = [AS_A_RULE, SOMETIMES, SELDOM, NEVER, DONT_KNOW]
    names = ["as_a_rule", "sometimes", "seldom", "never", "dont_know"]
    assert [ANSWERS[number] for number in numbers] == names
