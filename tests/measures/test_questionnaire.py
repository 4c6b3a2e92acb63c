"""The questionnaire: a head's answer by cut points, keyed luck, and the table of all heads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from velfaerd_sim.inputs.evidence import ANSWERS, kora_table, municipalities, national_adults
from velfaerd_sim.measures.questionnaire import (
    AS_A_RULE,
    DONT_KNOW,
    NEVER,
    SELDOM,
    SOMETIMES,
    answer,
    ask_heads,
    danish_departments,
    drawn_starts,
    expected_table,
    followed_share,
    followed_starts,
    table,
)
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import ROUTES
from velfaerd_sim.population.traits import log_normal
from velfaerd_sim.randomness import BORN_ATTITUDE, QUESTIONNAIRE, centred, key_of, uniform, words
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


def test_a_head_follows_all_of_a_few_starts_and_a_share_of_many():
    p = parameters(collaborations_followed=12)
    assert followed_share.py_func(0, p) == followed_share.py_func(12, p) == 1.0
    assert followed_share.py_func(48, p) == 0.25


@given(st.integers(0, 40), st.floats(0.01, 0.99), st.floats(1e-6, 1 - 1e-6))
def test_what_is_followed_is_binomial(count, share, u):
    expected = stats.binom.ppf(u, count, share)
    near = (
        stats.binom.cdf(expected, count, share) - u,
        u - stats.binom.cdf(expected - 1, count, share),
    )
    if min(map(abs, near)) > 1e-9:  # else rounding may take the neighbour
        assert followed_starts(count, share, u) == expected
    assert followed_starts(count, 1.0, u) == count


@given(st.floats(0.0, 300.0), st.floats(1e-6, 1 - 1e-6))
def test_starts_that_are_drawn_are_poisson(mean, u):
    expected = stats.poisson.ppf(u, mean)
    near = stats.poisson.cdf(expected, mean) - u, u - stats.poisson.cdf(expected - 1, mean)
    if min(map(abs, near)) > 1e-9:
        assert drawn_starts(u, mean) == expected
    assert drawn_starts(u, 600.5) == 600


def test_every_head_answers_with_the_own_luck():
    generator = np.random.default_rng(3)
    starts = generator.poisson(0.3, (15, 36, 6)).astype(np.int32)
    codes = np.array([5, 8, 13])
    found = ask_heads(starts, codes, 7, 60, P)
    assert found.shape == (15, 6)
    for d in range(15):
        key, head = key_of(7, int(codes[d // 5])), d % 5
        blind = uniform(key, QUESTIONNAIRE, 60, head)
        all_starts = starts[d].sum(axis=0)
        share = followed_share.py_func(all_starts.sum(), P)
        assert share < 1.0
        counts = np.array(
            [
                followed_starts(n, share, uniform(key, QUESTIONNAIRE + 2, 60, 6 * head + route))
                for route, n in enumerate(all_starts)
            ]
        )
        for route in range(6):
            unseen = uniform(key, QUESTIONNAIRE + 1, 60, 6 * head + route)
            expected = answer.py_func(counts[route], counts.sum(), blind, unseen, P)
            assert found[d, route] == expected
    alone = ask_heads(starts[5:10], codes[1:2], 7, 60, P)
    assert np.array_equal(alone, found[5:10])


def test_asking_leaves_the_record_as_it_is():
    starts = np.full((5, 36, 6), 3, np.int32)
    ask_heads(starts, np.array([1]), 1, 36, P)
    assert np.all(starts == 3)


def test_the_size_of_the_town_does_not_show_where_much_is_seen():
    """Ten times the starts by each route: heads who follow a part answer alike."""
    generator = np.random.default_rng(8)
    means = np.array([0.8, 0.5, 1.0, 0.3, 0.6, 0.25])
    codes = np.arange(1, 401)
    tables = [
        table(
            ask_heads(
                generator.poisson(size * means, (2000, 36, 6)).astype(np.int32), codes, 1, 36, P
            )
        )
        for size in (1, 10)
    ]
    # 2 000 heads: a difference of two shares has a standard error of at most 1.6 points.
    assert np.abs(tables[0] - tables[1]).max() < 7.0


def test_departments_serve_a_fifth_of_the_adults():
    adults = danish_departments()
    assert adults.shape == (98,)
    assert 5 * adults.sum() == pytest.approx(national_adults())
    people = [one.population for one in municipalities()]
    assert adults / adults.sum() == pytest.approx(np.array(people) / sum(people))


def test_the_expected_table_by_hand():
    rates, adults, seed = np.array([0.5, 0.3, 0.6, 0.2, 0.4, 0.2]), np.array([900.0, 9000.0]), 5
    expected = np.zeros((6, 5))
    for m, code in enumerate((1, 2)):
        for draw in (0, 1):
            counts = np.zeros((5, 36, 6), np.int32)
            for head in range(5):
                for route in range(6):
                    agent = 6 * head + route
                    z = centred(words(key_of(seed, code), BORN_ATTITUDE, draw, agent)[0])
                    fond = log_normal.py_func(z, P.chief_attitude_spread)
                    u = uniform(key_of(seed, code), QUESTIONNAIRE + 3, draw, agent)
                    mean = 3.0 * rates[route] * adults[m] / 1000.0 * fond
                    counts[head, 0, route] = drawn_starts(u, mean)
            answers = ask_heads(counts, np.array([code]), seed, draw, P)
            expected += table(answers) / 4
    assert expected_table(rates, adults, seed, P, draws=2) == pytest.approx(expected)


def test_towns_take_turns_in_the_expected_table():
    adults = np.array([900.0, 9000.0])
    one, other = np.array([[0.5, 0.3, 0.6, 0.2, 0.4, 0.2], [0.1, 0.9, 0.2, 0.5, 0.4, 0.1]])
    first = expected_table(one, adults, 5, P, draws=1)
    both = expected_table(np.array([one, other]), adults, 5, P, draws=2)
    second = 2.0 * both - first
    assert np.allclose(second * 10, np.round(second * 10))  # ten heads
    assert second[1, AS_A_RULE] > second[0, AS_A_RULE]
    assert np.array_equal(
        expected_table(np.array([one, one]), adults, 5, P), expected_table(one, adults, 5, P)
    )


def test_the_expected_table_is_the_mean_of_many_surveys():
    """Heads of whole surveys, drawn with numpy's generator, and those of the expected table."""
    rates, adults = np.array([0.5, 0.3, 0.6, 0.2, 0.4, 0.2]), np.full(98, 9000.0)
    generator = np.random.default_rng(2)
    spread = P.chief_attitude_spread
    z = generator.triangular(-np.sqrt(6), 0.0, np.sqrt(6), (98 * 50, 1, 6))
    means = 3.0 * rates * 9.0 * np.exp(spread * z - spread**2 / 2)
    counts = generator.poisson(means).astype(np.int32)
    drawn = table(ask_heads(counts, np.arange(1, 981), 3, 36, P))
    # 4 900 heads each: a difference of two shares has a standard error of at most 1.0 point.
    assert np.abs(expected_table(rates, adults, 1, P) - drawn).max() < 4.5


def test_more_starts_by_a_route_make_it_more_often_the_rule():
    rates, adults = np.array([0.5, 0.3, 0.6, 0.2, 0.4, 0.2]), danish_departments()
    before = expected_table(rates, adults, 1, P)
    after = expected_table(rates * [1, 2, 1, 1, 1, 1], adults, 1, P)
    assert before.sum(axis=1) == pytest.approx(100.0)
    assert after[1, AS_A_RULE] > before[1, AS_A_RULE] + 5.0
    assert after[1, NEVER] < before[1, NEVER]
    assert after[0, AS_A_RULE] < before[0, AS_A_RULE]


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
