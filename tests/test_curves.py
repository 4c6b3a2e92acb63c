"""Elementary curves against the mathematical library, within the error that they state."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from velfaerd_sim.curves import clip, exponential, logarithm, logistic

ERROR = 1e-15
numbers = st.floats(-700.0, 700.0)


@pytest.mark.parametrize(
    ("value", "limited"), [(-0.1, 0.0), (0.0, 0.0), (0.3, 0.3), (1.0, 1.0), (1.7, 1.0)]
)
def test_clip_limits_to_the_unit_interval(value, limited):
    assert clip(value) == limited


@given(numbers)
@example(0.0)
@example(-700.0)
@example(700.0)
@example(0.5 * math.log(2.0))
def test_exponential_is_exact_to_its_stated_error(x):
    assert math.isclose(exponential(x), math.exp(x), rel_tol=ERROR)


def test_exponential_of_zero_is_one_and_far_values_are_limited():
    assert exponential(0.0) == 1.0
    assert exponential(1e6) == exponential(700.0)
    assert exponential(-1e6) == exponential(-700.0) > 0.0


@given(st.floats(1e-300, 1e300))
@example(1.0)
@example(math.sqrt(0.5))
@example(math.nextafter(1.0, 0.0))
@example(math.nextafter(1.0, 2.0))
@example(2.0**-32)
def test_logarithm_is_exact_to_its_stated_error(x):
    assert math.isclose(logarithm(x), math.log(x), rel_tol=ERROR)


@given(st.floats(0.5, 2.0))
def test_logarithm_near_one_is_exact_to_its_stated_error(x):
    assert math.isclose(logarithm(x), math.log(x), rel_tol=ERROR)


@given(st.floats(-300.0, 300.0))
def test_logarithm_undoes_the_exponential(x):
    assert math.isclose(logarithm(exponential(x)), x, rel_tol=1e-14, abs_tol=1e-14)


@given(st.floats(-36.0, 36.0))
def test_logistic_is_exact_to_its_stated_error(x):
    expected = 1.0 / (1.0 + math.exp(-x))
    assert math.isclose(logistic(x), expected, rel_tol=ERROR)
    assert math.isclose(logistic(x) + logistic(-x), 1.0, rel_tol=ERROR)


@given(st.floats(-1e9, 1e9), st.floats(0.0, 10.0))
def test_logistic_is_a_probability_that_rises(x, more):
    assert 0.0 <= logistic(x) <= logistic(x + more) <= 1.0


def test_logistic_known_answers():
    assert logistic(0.0) == 0.5
    assert logistic(math.log(3.0)) == pytest.approx(0.75, rel=ERROR)
    assert logistic(-math.log(3.0)) == pytest.approx(0.25, rel=ERROR)
