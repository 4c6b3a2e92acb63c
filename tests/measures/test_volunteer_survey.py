"""The volunteer survey: scores, odds ratios and paths against worked numbers."""

import numpy as np
import pytest
from scipy import stats

from velfaerd_sim.measures import volunteer_survey as survey
from velfaerd_sim.randomness import INTENTION, key_of, uniform


def test_everyone_has_an_own_normal_number():
    persons = np.array([3, 77, 4])
    found = survey.own_noise(9, 461, 60, persons)
    ranks = [uniform(key_of(9, 461), INTENTION, 60, int(person)) for person in persons]
    assert stats.norm.cdf(found) == pytest.approx(ranks)


def test_numbers_over_many_people_are_standard_normal():
    found = survey.own_noise(1, 1, 1, np.arange(20_000))
    assert stats.kstest(found, "norm").pvalue > 1e-4


def test_the_score_is_minus_the_log_odds_of_leaving_with_noise():
    found = survey.intention_scores(np.array([-4.0, -2.0]), 0.5, np.array([1.0, -2.0]))
    assert found.tolist() == [4.5, 1.0]


def test_the_chance_to_continue_is_that_of_the_score_above_the_threshold():
    log_odds = np.array([-5.0, -3.0, -1.0])
    found = survey.continuing_chances(log_odds, 0.8, 3.0)
    assert found == pytest.approx(stats.norm.cdf([2.5, 0.0, -2.5]))
    scores = survey.intention_scores(-5.0 * np.ones(50_000), 0.8, survey.own_noise(1, 2, 3, ALL))
    assert np.mean(scores > 3.0) == pytest.approx(found[0], abs=0.002)


ALL = np.arange(50_000)


def test_odds_ratio_by_hand():
    # Where it is felt 19 of 25 will continue, elsewhere 83 of 100.
    felt = np.repeat([True, False], [25, 100])
    continuing = np.concatenate([np.ones(19), np.zeros(6), np.ones(83), np.zeros(17)])
    expected = (19.5 / 6.5) / (83.5 / 17.5)
    assert survey.odds_ratio(continuing, felt) == pytest.approx(expected)
    assert survey.odds_ratio(continuing, ~felt) == pytest.approx(1 / expected)


def test_odds_ratio_is_a_number_where_nobody_feels_it():
    assert survey.odds_ratio(np.ones(3), np.zeros(3, bool)) == pytest.approx((0.5 / 0.5) / 7.0)


def test_paths_are_those_of_least_squares_on_standardised_columns():
    generator = np.random.default_rng(4)
    one = generator.normal(size=300)
    other = 0.5 * one + generator.normal(size=300)
    scores = 2.0 * one - 0.7 * other + generator.normal(size=300)
    columns = [(x - x.mean()) / x.std() for x in (one, other, scores)]
    expected = np.linalg.lstsq(np.stack(columns[:2], 1), columns[2], rcond=None)[0]
    assert survey.standardised_paths(scores, one, other) == pytest.approx(tuple(expected))


def test_noise_of_the_score_shortens_both_paths_alike():
    generator = np.random.default_rng(5)
    one, other = generator.normal(size=(2, 200))
    scores = one - other
    plain = survey.standardised_paths(scores, one, other)
    widened = survey.standardised_paths(scores, one, other, noise=float(scores.std()))
    assert widened == pytest.approx(tuple(path / np.sqrt(2.0) for path in plain))
    drawn = survey.standardised_paths(
        np.repeat(scores, 500) + generator.normal(0.0, scores.std(), 100_000),
        np.repeat(one, 500),
        np.repeat(other, 500),
    )
    assert drawn == pytest.approx(widened, abs=0.01)


def test_paths_need_motivation_that_varies():
    level = np.ones(5)
    assert np.isnan(survey.standardised_paths(np.arange(5.0), level, np.arange(5.0))).all()
    assert np.isnan(survey.standardised_paths(np.arange(5.0), np.arange(5.0), np.arange(5.0))).all()
