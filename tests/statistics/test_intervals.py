"""Intervals, confidence sequences, ratios and quantiles against worked numbers and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from velfaerd_sim.statistics.intervals import (
    MIXTURE,
    IntervalRule,
    jackknife_ratio,
    paired,
    quantiles,
    replicates_needed,
    sequential_quantile,
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
    assert found.half_width[0] == pytest.approx(4.302653 / math.sqrt(3.0), rel=1e-6)
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
    assert np.isnan(one.half_width[0])


def test_variance_reduction_without_variance() -> None:
    same = np.array([[1.0], [2.0], [4.0]])
    assert paired(same, same, PLAIN).variance_reduction[0] == math.inf
    assert paired(same, same, PLAIN).half_width[0] == 0.0
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
    assert np.allclose(there.half_width, back.half_width, rtol=1e-6, atol=1e-9)


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


@pytest.mark.parametrize("replicates", [8, 12, 40, 200])
def test_the_sequential_bound_is_where_the_bayes_factor_reaches_twenty(replicates: int) -> None:
    # The Bayes factor from its definition: Student densities averaged over the prior.
    bound = float(sequential_quantile(np.array(float(replicates))))
    degrees = replicates - 1

    effects = np.linspace(-4.0, 4.0, 20_001)
    # Far from the bound the density is nothing, and scipy gives up on it.
    shifted = np.nan_to_num(stats.nct.pdf(bound, degrees, math.sqrt(replicates) * effects))
    above = np.trapezoid(shifted * stats.norm.pdf(effects, scale=math.sqrt(MIXTURE)), effects)
    assert above / stats.t.pdf(bound, degrees) == pytest.approx(20.0, rel=1e-6)


def test_the_sequential_bound_starts_infinite_and_is_wider_than_student_s() -> None:
    counts = np.arange(2.0, 3000.0)
    bound = sequential_quantile(counts)
    assert np.isinf(bound[0])
    assert np.isnan(sequential_quantile(np.array(1.0)))
    assert (bound > t_quantile(counts - 1.0)).all()
    assert np.isfinite(bound[6:]).all()


def test_the_confidence_sequence_covers_at_all_looks_together() -> None:
    """Of 2 000 sequences at most 5 % may ever miss; 151 or more would be a chance below 1e-6.

    The plain interval, looked at as often, misses several times as often.
    """
    draw = np.random.default_rng(20)
    sequences = draw.normal(0.3, 2.0, size=(2000, 400))
    counts = np.arange(8, 401, 8)
    total = np.cumsum(sequences, axis=1)[:, counts - 1]
    squares = np.cumsum(sequences**2, axis=1)[:, counts - 1]
    mean = total / counts
    sd = np.sqrt((squares - counts * mean**2) / (counts - 1))
    misses = {}
    for rule in (PLAIN, SEQUENTIAL):
        half = rule.half_width(sd, np.broadcast_to(counts, sd.shape))
        misses[rule.sequential] = int((np.abs(mean - 0.3) > half).any(axis=1).sum())
    assert stats.binom.sf(150, 2000, 0.05) < 1e-6
    assert misses[True] < 151
    assert misses[False] > 400


def test_replicates_needed_grow_with_the_square() -> None:
    assert replicates_needed(10, 2.0, 1000) == 40
    assert replicates_needed(10, 20.0, 1000) == 1000
    assert replicates_needed(10, math.inf, 1000) == 1000
    assert replicates_needed(10, 0.5, 1000) == 10
