"""Values of information against answers that are known, and what pure noise is worth."""

import numpy as np
import pytest
from scipy.stats import norm

from velfaerd_sim.statistics.information import by_world, has_replicates, partial, perfect

WORLDS, REPLICATES = 400, 2


def unit_normal_loss(z):
    """The mean of a standard normal above z, counted from z (Raiffa & Schlaifer 1961)."""
    return norm.pdf(z) - z * norm.sf(z)


def worth(mean, spread):
    """The value of learning a normal benefit with this mean and spread, of two actions."""
    return spread * unit_normal_loss(abs(mean) / spread)


def drawn(seed, mean, known, rest=0.8, chance=1.0, worlds=WORLDS, replicates=REPLICATES):
    """Benefits of two actions whose difference is normal; the part that could be known."""
    draws = np.random.default_rng(seed)
    phi = draws.normal(size=worlds)
    difference = mean + known * phi + rest * draws.normal(size=worlds)
    world = np.repeat(np.arange(worlds), replicates)
    common = draws.normal(0.0, 5.0, len(world))
    gain = difference[world] + draws.normal(0.0, chance, len(world))
    benefits = np.stack([common, common + gain], axis=1)
    return by_world(benefits, world, np.ones(worlds), None), phi


@pytest.mark.parametrize(("mean", "known"), [(0.3, 0.6), (-0.5, 0.9), (0.8, 0.7)])
def test_two_actions_with_normal_benefits(mean, known):
    worlds, phi = drawn(3, mean, known)
    whole = perfect(worlds)
    assert abs(whole.value - worth(mean, np.hypot(known, 0.8))) < 2.0 * whole.error
    part = partial(worlds, phi[:, None])
    assert abs(part.value - worth(mean, known)) < 2.0 * part.error
    assert part.error < 0.06


def test_a_published_worked_example():
    """The simple example of the R package voi (C. Jackson, "Package overview").

    Treatment 2 has the net benefit p1 - p2 with p1 ~ N(1, 1) and p2 ~ N(0, 2), treatment 1 has
    none. Everything is normal, so each value has a closed form; the page works out that of perfect
    information by hand, from the mean of a normal cut off at 0.
    """
    draws = np.random.default_rng(1)
    p1, p2 = draws.normal(1.0, 1.0, 1000), draws.normal(0.0, 2.0, 1000)
    benefits = np.stack([np.zeros(1000), p1 - p2], axis=1)
    alone = by_world(benefits, np.arange(1000), np.ones(1000), None)
    spread = np.sqrt(5.0)
    correct = norm.sf(0.0, 1.0, spread)
    by_hand = correct * (1.0 + spread * norm.pdf(-1.0 / spread) / correct) - 1.0
    assert by_hand == pytest.approx(worth(1.0, spread))
    for found, true in (
        (perfect(alone), by_hand),
        (partial(alone, p1[:, None]), worth(1.0, 1.0)),
        (partial(alone, p2[:, None]), worth(1.0, 2.0)),
        (partial(alone, np.stack([p1, p2], axis=1)), by_hand),
    ):
        assert abs(found.value - true) < 2.0 * found.error, (found, true)
        assert found.error < 0.06


def test_errors_hold_the_truth_as_often_as_they_say():
    truth, whole = worth(0.3, 0.6), worth(0.3, 1.0)
    inside = np.zeros(2)
    repeats = 100
    for seed in range(repeats):
        worlds, phi = drawn(seed, 0.3, 0.6, worlds=150)
        for place, (found, true) in enumerate(
            ((partial(worlds, phi[:, None]), truth), (perfect(worlds), whole))
        ):
            inside[place] += abs(found.value - true) < 2.0 * found.error
    assert (inside / repeats > 0.88).all(), inside


def test_chance_alone_is_worth_nothing():
    """Worlds that do not differ: their means do, and the plain maximum takes this for a value."""
    worlds, _ = drawn(5, 0.2, 0.0, rest=0.0, chance=2.0)
    plain = (worlds.weight @ worlds.mean.max(axis=1)) - (worlds.weight @ worlds.mean).max()
    found = perfect(worlds)
    assert plain > 0.3
    assert abs(found.value) < 2.0 * found.error + 0.02


def test_parameters_that_tell_nothing_are_not_told_apart_from_0():
    worlds, _ = drawn(2, 0.2, 0.6, worlds=120)
    noise = np.random.default_rng(9).normal(size=(120, 100))
    found = [partial(worlds, noise[:, [k]]) for k in range(100)]
    told = [each.value > 1.645 * each.error for each in found]
    assert np.mean(told) <= 0.05
    assert np.mean([each.value for each in found]) < 0.01


def test_a_sample_of_a_normal_mean():
    """The preposterior analysis of a normal mean with a normal prior (Raiffa & Schlaifer 1961).

    A sample of n with deviation s moves the mean of a prior with deviation t by a normal with
    variance t^4 / (t^2 + s^2 / n).
    """
    draws = np.random.default_rng(11)
    mean, prior, spread, size = 0.2, 1.0, 3.0, 12
    theta = draws.normal(mean, prior, 600)
    sampled = theta + draws.normal(0.0, spread / np.sqrt(size), 600)
    benefits = np.stack([np.zeros(600), theta], axis=1)
    worlds = by_world(benefits, np.arange(600), np.ones(600), None)
    moved = prior**2 / np.sqrt(prior**2 + spread**2 / size)
    found = partial(worlds, sampled[:, None])
    assert abs(found.value - worth(mean, moved)) < 2.0 * found.error
    assert found.value < perfect(worlds).value


def test_two_linear_parameters_and_three_actions_by_brute_force():
    """Three actions, linear in two parameters: against the integral over a million draws."""
    draws = np.random.default_rng(4)
    slopes = np.array([[0.0, 0.0], [1.0, 0.3], [-0.5, 0.9]])
    offsets = np.array([0.1, 0.0, 0.05])
    many = draws.normal(size=(1_000_000, 1)) * slopes[:, 0] + offsets
    truth = many.max(axis=1).mean() - offsets.max()
    phi = draws.normal(size=(600, 2))
    means = phi @ slopes.T + offsets
    world = np.repeat(np.arange(600), 2)
    runs = means[world] + draws.normal(0.0, 0.5, (1200, 3))
    worlds = by_world(runs, world, np.ones(600), None)
    found = partial(worlds, phi[:, [0]])
    assert abs(found.value - truth) < 2.0 * found.error
    both = partial(worlds, phi)
    assert both.value > found.value
    whole = perfect(worlds)
    assert abs(both.value - whole.value) < 2.0 * whole.error


def test_chance_that_all_worlds_share_is_no_chance_within_a_world():
    draws = np.random.default_rng(8)
    world, replicate = np.repeat(np.arange(50), 3), np.tile(np.arange(3), 50)
    shared = draws.normal(0.0, 3.0, (3, 1))
    own = draws.normal(size=(50, 2))
    worlds = by_world(own[world] + shared[replicate], world, np.ones(50), replicate)
    assert np.abs(worlds.within).max() < 1e-20
    assert has_replicates(worlds)
    alone = by_world(own, np.arange(50), np.ones(50), None)
    assert not has_replicates(alone)
    assert perfect(worlds).value == pytest.approx(perfect(alone).value)


def test_missing_findings_do_not_stop_the_estimate():
    worlds, phi = drawn(3, 0.3, 0.6)
    some = np.where(np.arange(WORLDS) % 10 == 0, np.nan, phi)
    nothing = np.full(WORLDS, np.nan)
    found = partial(worlds, np.stack([some, nothing], axis=1))
    assert 0.0 < found.value < worth(0.3, 0.6) + 2.0 * found.error
    assert partial(worlds, nothing[:, None]).value == 0.0
