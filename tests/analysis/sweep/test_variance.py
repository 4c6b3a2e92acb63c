"""The split of variance: by hand, with known components, and with gaps."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.frames import read_points
from velfaerd_sim.analysis.arrays.noise import Redraw, chance, moderate
from velfaerd_sim.analysis.sweep import variance
from velfaerd_sim.errors import InputError


def crossed(points, replicates, sds, seed):
    """Values with Gaussian effects of points, replicates and the rest of given sizes."""
    generator = np.random.default_rng(seed)
    p = generator.normal(0.0, sds[0], (points, 1))
    r = generator.normal(0.0, sds[1], (1, replicates))
    return p + r + generator.normal(0.0, sds[2], (points, replicates))


def frame_of(values):
    x = np.random.default_rng(9).random((len(values), 1))
    return sweeps.sweep(x, {"a": {"y": lambda x, number: values}}, replicates=values.shape[1])


def test_mean_squares_by_hand():
    """Points' means 2, 5, 8, replicates' means 4, 6, no rest but in one cell.

    Of the table (1, 3), (4, 6), (7, 9) the rest is zero: points 2 x 18 / 2, replicates 3 x 2 / 1.
    """
    found = variance.mean_squares(np.array([[1.0, 3.0], [4.0, 6.0], [7.0, 9.0]]))
    np.testing.assert_allclose(found, [18.0, 6.0, 0.0], atol=1e-12)
    parts = variance.components(*found, 3, 2)
    np.testing.assert_allclose([parts.points, parts.replicates, parts.rest], [9.0, 2.0, 0.0])


def test_known_components_are_found_in_large_samples():
    values = crossed(3000, 60, (2.0, 1.0, 1.0), 1)
    found = variance.split(frame_of(values), "y", draws=200)
    np.testing.assert_allclose(found.table["share"], [4 / 6, 1 / 6, 1 / 6], atol=0.04)
    assert found.sufficient
    low, high = found.table["low"], found.table["high"]
    assert ((low <= np.array([4 / 6, 1 / 6, 1 / 6])) & (np.array([4, 1, 1]) / 6 <= high)).all()


def test_intervals_cover_at_their_rate():
    """Sixty samples, each part: 95 % intervals may miss more than 9 times in 2 of 1000 tries."""
    truth = np.array([4.0, 0.25, 1.0]) / 5.25
    hits = np.zeros(3)
    for seed in range(60):
        values = crossed(60, 6, (2.0, 0.5, 1.0), seed)
        drawn = variance.draw_shares(values, 300, seed)
        low, high = np.percentile(drawn, [2.5, 97.5], axis=1)
        hits += (low <= truth) & (truth <= high)
    assert (hits >= 51).all(), hits


def test_pure_chance_and_no_chance():
    chance = variance.split(frame_of(crossed(200, 4, (0.0, 0.0, 1.0), 3)), "y", draws=100)
    assert chance.table["share"][0] < 0.08
    certain = variance.split(frame_of(crossed(200, 4, (1.0, 0.0, 0.0), 3)), "y", draws=100)
    assert certain.table["share"][0] == pytest.approx(1.0)
    assert "100% [100%, 100%] comes from the parameters" in told(certain)
    nothing = variance.split(frame_of(np.full((50, 3), 2.5)), "y", draws=10)
    assert "is the same in all runs" in told(nothing)


def test_gaps_are_left_out():
    values = crossed(100, 5, (2.0, 0.5, 1.0), 4)
    holes = values.copy()
    holes[:, 4] = np.nan
    holes[:20, 3] = np.nan
    holes[50, 0] = np.nan
    found = variance.split(frame_of(holes), "y", draws=50)
    assert (found.data["points"], found.data["replicates"]) == (79, 4)
    rows = np.setdiff1d(np.arange(20, 100), [50])
    full = variance.split(frame_of(values[rows, :4]), "y", draws=50)
    np.testing.assert_allclose(found.table["share"], full.table["share"])


def test_what_does_not_fit_is_refused():
    values = crossed(50, 1, (1.0, 0.0, 0.0), 1)
    with pytest.raises(InputError, match="at least 2: one run a point"):
        variance.split(frame_of(values), "y")
    with pytest.raises(InputError, match="at least 10 for variance"):
        variance.split(frame_of(crossed(9, 3, (1.0, 0.0, 1.0), 1)), "y")
    frame = frame_of(crossed(50, 3, (1.0, 0.0, 1.0), 1))
    with pytest.raises(InputError, match="same seed for a replicate at every point"):
        variance.split(frame.assign(seed=np.arange(150)), "y")


def test_variances_that_agree_are_pooled_and_others_kept():
    generator = np.random.default_rng(5)
    alike = generator.chisquare(2, 400) / 2.0
    pooled, degrees = moderate(alike, np.full(400, 2.0))
    assert pooled.std() < 0.5 * alike.std()
    assert (degrees > 6.0).all()
    true = np.where(np.arange(400) < 200, 1.0, 10_000.0)
    unlike, degrees = moderate(true * generator.chisquare(6, 400) / 6.0, np.full(400, 6.0))
    assert (degrees < 8.0).all()
    assert np.median(unlike[:200]) < 2.0 < 5_000.0 < np.median(unlike[200:])


@pytest.mark.parametrize("replicates", [2, 3, 6])
@pytest.mark.parametrize("spread", [0.0, 0.8])
def test_intervals_of_points_cover_at_their_rate(replicates, spread):
    """2000 points with errors that are alike, or differ by a log-normal factor."""
    generator = np.random.default_rng(replicates)
    sd = np.exp(spread * generator.normal(size=(2000, 1)))
    frame = frame_of(sd * generator.normal(size=(2000, replicates)))
    points = read_points(frame, "y", "a")
    covered = np.abs(points.mean) <= chance(points).half_width()
    assert covered.mean() == pytest.approx(0.95, abs=0.02)


def test_unknown_and_zero_variances():
    variances, degrees = np.array([np.nan, 0.0, 1.0, 1.1, 0.9]), np.array([0.0, 3.0, 3.0, 3.0, 3.0])
    pooled, freedom = moderate(variances, degrees)
    assert pooled[1] == 0.0
    assert pooled[0] == pytest.approx(1.0, abs=0.1)
    assert (freedom[[0, 2, 3, 4]] > 3.0).all()
    pooled, _ = moderate(np.array([np.nan, 2.0]), np.array([0.0, 3.0]))
    np.testing.assert_array_equal(pooled, [np.nan, 2.0])


def test_means_are_redrawn_with_the_error_that_they_have():
    """Chance at each point of 1 and common to all of 2, five replicates: 1 / 5 and 4 / 5."""
    generator = np.random.default_rng(7)
    seen = []
    for _ in range(300):
        common = 2.0 * generator.normal(size=(1, 1, 5))
        values = common + generator.normal(size=(40, 1, 5))
        redraw = Redraw(values)
        drawn = np.array([redraw.draw(generator)[:, 0] - redraw.mean[:, 0] for _ in range(40)])
        seen.append((drawn.mean(axis=1).var(), (drawn - drawn.mean(axis=1)[:, None]).var()))
    of_mean, of_points = np.mean(seen, axis=0)
    tail = 4.0 / 2.0  # variance of Student's t with four degrees of freedom
    assert of_mean == pytest.approx(tail * 4.0 / 5.0, rel=0.3)
    assert of_points == pytest.approx(1.0 / 5.0, rel=0.05)
    single = Redraw(np.ones((3, 2, 1)))
    np.testing.assert_array_equal(single.draw(generator), np.ones((3, 2)))


def test_series_that_agree_are_redrawn_alike():
    generator = np.random.default_rng(8)
    one = generator.normal(size=(20, 4))
    redraw = Redraw(np.stack([one, one + 1.0], axis=1))
    drawn = redraw.draw(generator)
    np.testing.assert_allclose(drawn[:, 1] - drawn[:, 0], 1.0)
