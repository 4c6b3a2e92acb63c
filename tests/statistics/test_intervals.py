"""Intervals, ratios and quantiles against worked numbers and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from velfaerd_sim.statistics.intervals import (
    FEW,
    IntervalRule,
    interval,
    jackknife_ratio,
    paired,
    quantiles,
    replicates_needed,
    spread,
    t_quantile,
)

PLAIN, SEQUENTIAL = IntervalRule(), IntervalRule(sequential=True)
values = st.floats(-1e3, 1e3, allow_nan=False)
tables = arrays.arrays(
    np.float64, st.tuples(st.integers(2, 12), st.integers(1, 4)), elements=values
)


@pytest.mark.parametrize(
    ("degrees", "printed"), [(1, 12.706), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)]
)
def test_t_quantile_is_that_of_printed_tables(degrees: int, printed: float) -> None:
    assert float(t_quantile(np.array(degrees, float))) == pytest.approx(printed, abs=5e-4)
    assert np.isnan(t_quantile(np.array(0.0)))


def test_paired_difference_worked_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, deviation 1, half-width 4.3027 / sqrt(3).
    baseline = np.array([[10.0], [20.0], [30.0]])
    regime = np.array([[11.0], [22.0], [33.0]])
    found = paired(regime, baseline, PLAIN)
    assert found.difference[0] == 2.0
    half = 4.302653 / math.sqrt(3.0)
    assert (found.low[0], found.high[0]) == pytest.approx((2.0 - half, 2.0 + half), rel=1e-6)
    assert (found.baseline_mean[0], found.regime_mean[0], found.number[0]) == (20.0, 22.0, 3.0)
    assert found.variance_reduction[0] == pytest.approx((100.0 + 121.0) / 1.0)


def test_pairs_with_a_missing_value_are_left_out() -> None:
    baseline = np.array([[1.0], [np.nan], [3.0], [4.0]])
    regime = np.array([[2.0], [5.0], [np.nan], [6.0]])
    found = paired(regime, baseline, PLAIN)
    assert found.number[0] == 2
    assert (found.baseline_mean[0], found.difference[0]) == (2.5, 1.5)


def test_nothing_observed_is_missing_not_an_error() -> None:
    nothing = np.full((4, 1), np.nan)
    found = paired(nothing, nothing, PLAIN)
    assert found.number[0] == 0
    assert all(np.isnan(part[0]) for part in found if part is not found.number)
    one = paired(np.array([[1.0]]), np.array([[0.5]]), PLAIN)
    assert one.difference[0] == 0.5
    assert np.isnan(one.low[0])
    assert np.isnan(one.high[0])


def test_variance_reduction_without_variance() -> None:
    same = np.array([[1.0], [2.0], [4.0]])
    assert paired(same, same, PLAIN).variance_reduction[0] == math.inf
    assert paired(same, same, PLAIN).low[0] == paired(same, same, PLAIN).high[0] == 0.0
    constant = np.full((3, 1), 0.1)
    assert np.isnan(paired(constant, constant, PLAIN).variance_reduction[0])


def test_variance_reduction_is_what_independent_draws_would_need() -> None:
    # Correlation 0.9: var(A) + var(B) over var(A - B) is 1 / (1 - 0.9) = 10.
    draw = np.random.default_rng(1)
    common = draw.normal(size=(40_000, 1)) * math.sqrt(0.9)
    own = draw.normal(size=(2, 40_000, 1)) * math.sqrt(0.1)
    found = paired(common + own[0], common + own[1], PLAIN).variance_reduction[0]
    assert found == pytest.approx(10.0, rel=0.05)


@given(tables)
def test_spread_is_numpy_s(table: np.ndarray) -> None:
    found = spread(table)
    assert np.allclose(found.mean, table.mean(axis=0), rtol=1e-9, atol=1e-9)
    assert np.allclose(found.sd, table.std(axis=0, ddof=1), rtol=1e-6, atol=1e-9)


@given(values, st.integers(2, 40))
def test_replicates_that_agree_have_no_spread(value: float, count: int) -> None:
    found = spread(np.full((count, 1), value))
    assert (found.mean[0], found.sd[0]) == (value, 0.0)


@given(tables, st.integers(0, 2**32 - 1))
def test_a_difference_turns_its_sign_with_the_pair(table: np.ndarray, seed: int) -> None:
    other = np.random.default_rng(seed).normal(size=table.shape)
    there, back = paired(table, other, PLAIN), paired(other, table, PLAIN)
    assert np.allclose(there.difference, -back.difference, rtol=1e-9, atol=1e-9)
    assert np.allclose(there.low, -back.high, rtol=1e-6, atol=1e-9, equal_nan=True)
    assert np.allclose(there.high, -back.low, rtol=1e-6, atol=1e-9, equal_nan=True)


@given(tables, st.lists(st.booleans(), min_size=4, max_size=4))
def test_quantiles_are_numpy_s(table: np.ndarray, gaps: list[bool]) -> None:
    holed = table.copy()
    holed[: min(4, len(table)) - 1][np.array(gaps[: min(4, len(table)) - 1])] = np.nan
    found = quantiles(holed, (0.05, 0.5, 0.95))
    assert np.allclose(found, np.nanquantile(holed, (0.05, 0.5, 0.95), axis=0), equal_nan=True)


def test_quantiles_of_nothing_are_missing() -> None:
    assert np.isnan(quantiles(np.full((3, 2), np.nan), (0.5,))).all()


def test_jackknife_ratio_worked_by_hand() -> None:
    # 1/2, 3/4, 2/3 together: 6/9. Left out one at a time: 5/7, 3/5, 4/6.
    above, below = np.array([[1.0], [3.0], [2.0]]), np.array([[2.0], [4.0], [3.0]])
    found = jackknife_ratio(above, below, PLAIN)
    left_out = np.array([5 / 7, 3 / 5, 4 / 6])
    error = math.sqrt(2 / 3 * ((left_out - left_out.mean()) ** 2).sum())
    assert found.value[0] == pytest.approx(6 / 9)
    assert found.error[0] == pytest.approx(error)
    assert found.half_width[0] == pytest.approx(4.302653 * error, rel=1e-6)


def test_jackknife_of_a_mean_is_its_standard_error() -> None:
    above = np.random.default_rng(2).normal(size=(20, 1))
    found = jackknife_ratio(above, np.ones((20, 1)), PLAIN)
    assert found.error[0] == pytest.approx(above.std(ddof=1) / math.sqrt(20))


def test_jackknife_over_nothing_is_missing() -> None:
    found = jackknife_ratio(np.ones((4, 1)), np.zeros((4, 1)), PLAIN)
    assert np.isnan(found.value[0])


def test_few_skewed_values_have_a_longer_side_worked_by_hand() -> None:
    # Of 0, 0, 0, 4: mean 1, deviation 2, third moment 6 over 3^1.5 is a skewness of 1.1547, and
    # Student's bound is 3.18245: 1.1547 x 2 x (1 + 2 x 10.128) / 24 = 2.0454 is added above.
    values = np.array([[0.0], [0.0], [0.0], [4.0]])
    found = interval(values, PLAIN)
    assert found.low[0] == pytest.approx(1.0 - 3.18245, rel=1e-5)
    assert found.high[0] == pytest.approx(1.0 + 3.18245 + 2.0454, rel=1e-4)
    turned = interval(-values, PLAIN)
    assert (turned.low[0], turned.high[0]) == (-found.high[0], -found.low[0])


def test_the_longer_side_is_at_most_twice_as_long() -> None:
    values = np.array([[0.0], [0.0], [4.0]])
    found = interval(values, IntervalRule(confidence=0.999))
    assert found.high[0] - found.mean[0] == pytest.approx(2.0 * (found.mean[0] - found.low[0]))


@pytest.mark.parametrize("count", [2, FEW + 1, 40])
def test_two_or_many_values_have_student_s_interval(count: int) -> None:
    values = np.random.default_rng(4).exponential(size=(count, 50))
    found = interval(values, PLAIN)
    half = PLAIN.half_width(values.std(axis=0, ddof=1), np.full(50, float(count)))
    assert np.allclose(found.high - found.mean, half, rtol=1e-9)
    assert np.allclose(found.mean - found.low, half, rtol=1e-9)


@pytest.mark.parametrize("count", [4, FEW])
def test_few_skewed_values_are_covered_better_than_by_student_s_interval(count: int) -> None:
    """Gamma values of skewness 1, 20 000 studies; a chance of 0.2 % moves coverage by 0.5 %."""
    values = 4.0 - np.random.default_rng(6).gamma(4.0, size=(count, 20_000))
    found, sd = interval(values, PLAIN), values.std(axis=0, ddof=1)
    half = PLAIN.half_width(sd, np.full(20_000, float(count)))
    student = np.mean(np.abs(found.mean) <= half)
    covered = np.mean((found.low <= 0.0) & (found.high >= 0.0))
    assert student < 0.940
    assert covered > student + 0.008
    assert 0.943 < covered < 0.957


def test_an_interval_that_decided_when_to_stop_is_wider() -> None:
    sd, count = np.ones(3), np.array([16.0, 40.0, 400.0])
    ratio = SEQUENTIAL.half_width(sd, count) / PLAIN.half_width(sd, count)
    assert ratio == pytest.approx(np.sqrt([17 / 16, 41 / 40, 401 / 400]))
    assert np.isnan(SEQUENTIAL.half_width(np.ones(1), np.ones(1))[0])


def test_replicates_needed_grow_with_the_square() -> None:
    assert replicates_needed(10, 2.0, 1000) == 40
    assert replicates_needed(10, 20.0, 1000) == 1000
    assert replicates_needed(10, math.inf, 1000) == 1000
    assert replicates_needed(10, 0.5, 1000) == 10
