"""Loneliness of age groups that are no bands: weights of ages, lines of log odds, known answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.inputs.evidence import AGE_BANDS, age_shares
from velfaerd_sim.measures.age_profile import (
    OLD,
    ages,
    chances_by_age,
    mean_ages,
    pooled_share,
    share_between,
)


def logit(p):
    return np.log(p / (1 - p))


def test_the_ages_of_a_band_add_up_to_it():
    middles, weight = ages()
    assert [AGE_BANDS[band] for band in OLD] == ["65-74", "75-84", "85+"]
    for band, (first, beyond) in zip(OLD, ((65, 75), (75, 85), (85, 200)), strict=True):
        inside = (middles > first) & (middles < beyond)
        assert weight[inside].sum() == pytest.approx(age_shares()[band])


def test_people_thin_out_with_age_and_without_a_step_at_85():
    middles, weight = ages()
    before, after = weight[middles < 85][-1], weight[middles > 85][0]
    # A quarter of a year at the rate of the younger side makes the difference.
    assert after == pytest.approx(before, rel=0.05)
    for first, beyond in ((65, 75), (75, 85), (85, 110)):
        own = weight[(middles > first) & (middles < beyond)]
        assert np.all(np.diff(own) < 0)


def test_mean_ages_lie_in_the_younger_half_of_their_bands():
    young, middle, old = mean_ages()
    assert 69.0 < young < 70.0
    assert 79.0 < middle < 80.0
    assert 88.0 < old < 90.0


def test_equal_chances_stay_equal():
    adults = np.array([600.0, 400.0, 100.0])
    chances = chances_by_age(0.07 * adults, adults)
    assert chances == pytest.approx(0.07)
    assert share_between(chances, 80.0) == pytest.approx(0.07)


def test_a_straight_line_of_log_odds_is_found_again():
    adults = 1000.0 * np.ones(3)
    line = -4.0 + 0.08 * (mean_ages() - 70.0)
    chances = chances_by_age(adults / (1 + np.exp(-line)), adults)
    middles = ages()[0]
    assert logit(chances) == pytest.approx(-4.0 + 0.08 * (middles - 70.0))


def test_between_bands_the_line_breaks_at_the_mean_age():
    adults, shares = 1000.0 * np.ones(3), np.array([0.04, 0.05, 0.12])
    chances = chances_by_age(shares * adults, adults)
    middles, means = ages()[0], mean_ages()
    assert np.interp(means, middles, chances) == pytest.approx(shares, abs=3e-4)
    slopes = np.diff(logit(chances)) / np.diff(middles)
    expected = np.diff(logit(shares)) / np.diff(means)
    assert slopes[middles[:-1] < 79] == pytest.approx(expected[0])
    assert slopes[middles[:-1] > 80] == pytest.approx(expected[1])


def test_a_group_weighs_its_ages_by_people():
    chances = np.where(ages()[0] < 75.0, 0.0, 1.0)
    middles, weight = ages()
    young = age_shares()[OLD[0]]
    older = weight[(middles > 75) & (middles < 80)].sum()
    assert share_between(chances, 65.0, 80.0) == pytest.approx(older / (young + older))
    # Of 75 to 84 the younger half is more than half.
    assert 0.5 < older / age_shares()[OLD[1]] < 0.6


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3))
def test_chances_are_chances(lonely):
    chances = chances_by_age(lonely, [500, 500, 500])
    assert np.all((chances > 0.0) & (chances < 1.0))


def test_nobody_in_a_band_has_no_answer():
    assert np.isnan(chances_by_age([1, 1, 0], [10, 10, 0])).all()
    assert np.isnan(pooled_share([0.0], [0.0]))


def test_bands_are_pooled_by_people():
    assert pooled_share([10.0, 3.0], [100.0, 10.0]) == pytest.approx(13 / 110)
