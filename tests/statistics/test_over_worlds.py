"""Statistics over worlds: worked by hand on small arrays, and right on average on drawn ones."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.statistics.intervals import IntervalRule
from velfaerd_sim.statistics.over_worlds import HIGH, LOW, Units, WorldSummary, held, over_worlds

RULE = IntervalRule()


def of(values: list[float], world: list[int]) -> WorldSummary:
    return over_worlds(np.array(values), np.array(world), RULE)


def test_two_worlds_of_two_replicates_worked_by_hand() -> None:
    """Means 1.5 and 4.5, variance 4.5; within 0.5 and 4.5, mean 2.5; 4.5 - 2.5 / 2 = 3.25."""
    found = of([1.0, 3.0, 2.0, 6.0], [0, 1, 0, 1])
    assert found.mean == pytest.approx(3.0)
    half = 12.7062047 * np.sqrt(4.5 / 2.0)
    assert (found.mean_low, found.mean_high) == pytest.approx((3.0 - half, 3.0 + half))
    assert found.sd_chance == pytest.approx(np.sqrt(2.5))
    assert found.sd_worlds == pytest.approx(np.sqrt(3.25))
    kept = 1.5 * np.sqrt(3.25 / 4.5)
    assert found.estimate == pytest.approx([3.0 - kept, 3.0 + kept])
    assert found.low == pytest.approx(3.0 - 0.9 * kept)
    assert found.high == pytest.approx(3.0 + 0.9 * kept)
    assert (found.positive, found.negative) == (1.0, 0.0)
    # two of two: the distribution Beta(2.5, 0.5) has the variance 1.25 / (9 x 4)
    assert found.share_error == pytest.approx(np.sqrt(1.25 / 36.0))


@pytest.mark.parametrize(("worlds", "sd"), [(30, 0.5), (30, 1.5), (80, 0.3)])
def test_the_interval_of_the_standard_deviation_covers(worlds: int, sd: float) -> None:
    """Of 2000 studies 90 % are inside; the method is approximate, so 2 % more or less will do."""
    generator = np.random.default_rng(8)
    world = np.arange(2 * worlds) % worlds
    values = sd * generator.standard_normal((worlds, 2000))[world]
    found = over_worlds(values + generator.standard_normal((2 * worlds, 2000)), world, RULE)
    inside = (found.sd_low <= sd) & (found.sd_high >= sd)
    assert inside.mean() == pytest.approx(0.9, abs=0.02 + 4.0 * np.sqrt(0.09 / 2000))


def test_without_chance_the_interval_is_that_of_a_standard_deviation() -> None:
    """Worlds at -1, 2, 0, 5: variance 7 with 3 degrees; chi-square 0.352 and 7.815."""
    found = of([-1.0, 2.0, 0.0, 5.0] * 2, [0, 1, 2, 3] * 2)
    assert found.sd_low == pytest.approx(np.sqrt(3.0 * 7.0 / 7.8147), rel=1e-5)
    assert found.sd_high == pytest.approx(np.sqrt(3.0 * 7.0 / 0.35185), rel=1e-5)


def test_estimates_vary_as_the_worlds_do() -> None:
    generator = np.random.default_rng(3)
    world = np.arange(60) % 20
    values = generator.standard_normal(20)[world] + 0.5 * generator.standard_normal(60)
    found = over_worlds(values, world, RULE)
    assert found.estimate.std(ddof=1) == pytest.approx(found.sd_worlds)
    assert found.estimate.mean() == pytest.approx(found.mean)


def test_without_chance_the_worlds_are_seen_as_they_are() -> None:
    found = of([-1.0, 2.0, 0.0, 5.0] * 2, [0, 1, 2, 3] * 2)
    assert found.sd_chance == 0.0
    assert found.sd_worlds == pytest.approx(np.std([-1.0, 2.0, 0.0, 5.0], ddof=1))
    assert found.estimate == pytest.approx([-1.0, 2.0, 0.0, 5.0])
    assert (found.positive, found.negative) == (0.5, 0.25)
    # a share of 4 worlds of which 2 are above zero
    assert found.share_error == pytest.approx(np.sqrt(0.25 / 4.0), rel=0.1)


def test_worlds_that_do_not_differ_have_no_variance_of_their_own() -> None:
    found = of([1.0, 2.0, 2.0, 1.0], [0, 1, 1, 0])
    assert found.sd_worlds == pytest.approx(np.sqrt(0.5))
    found = of([1.0, 2.0, 2.0, 1.0], [0, 0, 1, 1])
    assert found.sd_worlds == 0.0
    assert found.estimate == pytest.approx([1.5, 1.5])
    assert found.low == found.high == pytest.approx(1.5)


def test_all_equal_is_exactly_without_variance() -> None:
    found = of([0.1] * 6, [0, 1, 2] * 2)
    assert found.sd_worlds == found.sd_chance == found.share_error == 0.0
    assert found.mean_low == found.mean_high == found.mean
    assert (found.mean, found.positive) == (0.1, 1.0)
    assert of([0.0] * 4, [0, 1, 0, 1]).positive == 0.0


def test_one_replicate_a_world_cannot_tell_chance() -> None:
    found = of([1.0, -2.0, 4.0], [0, 1, 2])
    assert np.isnan(found.sd_worlds)
    assert np.isnan(found.sd_chance)
    assert found.mean == pytest.approx(1.0)
    assert found.estimate == pytest.approx([1.0, -2.0, 4.0])
    assert found.positive == pytest.approx(2.0 / 3.0)


def test_missing_values_are_left_out() -> None:
    found = of([1.0, 3.0, np.nan, np.nan, 2.0, 6.0, np.nan, 4.0], [0, 1, 2, 2, 0, 1, 3, 3])
    assert found.mean == pytest.approx((1.5 + 4.5 + 4.0) / 3.0)
    assert np.isnan(found.estimate[2])
    assert found.sd_chance == pytest.approx(np.sqrt(2.5))
    # 3 worlds with 2, 2 and 1 replicates: harmonic mean 1.5
    spread = np.var([1.5, 4.5, 4.0], ddof=1)
    assert found.sd_worlds == pytest.approx(np.sqrt(max(0.0, spread - 2.5 / 1.5)))
    nothing = of([np.nan, np.nan], [0, 1])
    assert np.isnan([nothing.mean, nothing.positive, nothing.share_error]).all()


def test_many_quantities_at_a_time_are_each_by_itself() -> None:
    generator = np.random.default_rng(5)
    values, world = generator.standard_normal((12, 2, 3)), np.arange(12) % 6
    whole = over_worlds(values, world, RULE)
    for place in np.ndindex(2, 3):
        one = over_worlds(values[(slice(None), *place)], world, RULE)
        for name in WorldSummary._fields:
            part = getattr(whole, name)
            part = part[(slice(None), *place)] if name == "estimate" else part[place]
            np.testing.assert_allclose(part, getattr(one, name), rtol=1e-9, err_msg=name)


@pytest.mark.parametrize(("worlds", "chance"), [(1.0, 2.0), (0.5, 0.5), (0.5, 1.0)])
def test_variances_and_shares_are_right_on_average(worlds: float, chance: float) -> None:
    """Over 300 studies of 60 worlds with two replicates each; tolerances are 4 standard errors."""
    generator = np.random.default_rng(11)
    world = np.arange(120) % 60
    own = 0.5 + worlds * generator.standard_normal((60, 300))
    found = over_worlds(own[world] + chance * generator.standard_normal((120, 300)), world, RULE)
    assert (found.sd_chance**2).mean() == pytest.approx(chance**2, rel=0.05)
    room = 4.0 * (found.sd_worlds**2).std() / np.sqrt(300)
    assert (found.sd_worlds**2).mean() == pytest.approx(worlds**2, abs=room)
    truth = (own > 0.0).mean()
    assert found.positive.mean() == pytest.approx(truth, abs=0.03)
    # the stated error is that of the share, from study to study
    off = found.positive - (own > 0.0).mean(axis=0)
    assert found.share_error.mean() == pytest.approx(np.sqrt((off**2).mean()), rel=0.35)


def test_units_are_replicates_without_worlds() -> None:
    values = np.arange(6.0).reshape(6, 1)
    assert Units.of([0, 1, 2, 3, 4, 5], 0).means(values) is values
    assert Units.of([0, 1, 2, 3, 4, 5], 1).means(values) is values
    assert Units.of([0, 1, 2, 3, 4, 5], 3).means(values).tolist() == [[1.5], [2.5], [3.5]]
    units = Units.of([0, 1, 2, 4, 5], 3)
    about = units.about(np.array([[0.0], [1.0], [2.0], [3.0], [6.0]]))
    np.testing.assert_array_equal(about[:, 0], [np.nan, -1.0, -2.0, 1.0, 2.0])
    assert Units.of([0, 1, 2, 4, 5], 3).means(values[:5]).tolist() == [[0.0], [2.0], [3.0]]


@pytest.mark.parametrize("worlds", [15, 100])
def test_the_middle_of_the_worlds_holds_the_share_that_is_told(worlds: int) -> None:
    """In 95 % of 20 000 samples from a uniform distribution, whose shares are lengths.

    Ends between two values of the sample make it a little more with few worlds.
    """
    values = np.random.default_rng(9).uniform(size=(worlds, 20_000))
    low, high = np.quantile(values, [LOW, HIGH], axis=0)
    assert 0.945 < np.mean(high - low >= held(worlds)) < 0.968
    assert held(worlds) < HIGH - LOW


def test_one_world_says_nothing_of_others() -> None:
    assert held(1.0) == 0.0
