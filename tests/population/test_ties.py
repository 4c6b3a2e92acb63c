"""Ties: a symmetric network of the asked density, clustered, with fewer ties for the lonely."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from velfaerd_sim.population.ties import sociability, tie
from velfaerd_sim.randomness import key_of
from worlds import settled

ADULTS = 4000
BOUND = stats.norm.isf(0.5e-4)


def levels(adults=ADULTS, mean=0.23):
    generator = np.random.default_rng(7)
    return generator.beta(4 * mean, 4 * (1 - mean), adults).astype(np.float32)


def draw(level, mean_ties=8.0, long_share=0.2, fewer=0.6, seed=1, code=1, mean=0.23):
    offsets = np.zeros(len(level) + 1, np.int32)
    neighbours = tie(level, mean, mean_ties, long_share, 1.5, fewer, key_of(seed, code), offsets)
    return offsets, neighbours


def as_matrix(offsets, neighbours):
    count = len(offsets) - 1
    ones = np.ones(len(neighbours), np.int64)
    return sparse.csr_matrix((ones, neighbours, offsets), shape=(count, count))


def clustering(offsets, neighbours):
    """Closed among all paths of two ties."""
    matrix = as_matrix(offsets, neighbours)
    degrees = np.diff(offsets)
    closed = (matrix @ matrix).multiply(matrix).sum()
    return closed / np.sum(degrees * (degrees - 1))


def check_form(offsets, neighbours):
    count = len(offsets) - 1
    assert offsets.dtype == neighbours.dtype == np.int32
    assert offsets[0] == 0
    assert offsets[-1] == len(neighbours)
    assert np.all(np.diff(offsets) >= 0)
    assert np.all((neighbours >= 0) & (neighbours < count))
    rows = np.repeat(np.arange(count), np.diff(offsets))
    assert np.all(neighbours != rows), "a tie to oneself"
    same_row = rows[1:] == rows[:-1]
    assert np.all(neighbours[1:][same_row] > neighbours[:-1][same_row]), "doubled or unsorted"
    matrix = as_matrix(offsets, neighbours)
    assert (matrix != matrix.T).nnz == 0, "a tie in one direction"


def test_sociability_falls_with_the_set_point():
    assert sociability(0.0, 0.6) == 1.0
    assert sociability(0.5, 0.6) == 0.7
    assert sociability(1.0, 1.0) == 0.0
    assert sociability(0.9, 0.0) == 1.0


@settings(max_examples=60)
@given(
    st.integers(50, 400),
    st.floats(4.0, 12.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.integers(0, 2**63 - 1),
)
def test_ties_are_symmetric_sorted_and_single(adults, mean_ties, long_share, fewer, seed):
    check_form(*draw(levels(adults), mean_ties, long_share, fewer, seed))


@pytest.mark.parametrize("long_share", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("mean_ties", [4.0, 8.0])
def test_the_mean_number_of_ties_is_the_asked_one(mean_ties, long_share):
    _, neighbours = draw(levels(), mean_ties, long_share)
    # The number of ties is nearly Poisson; up to 1 % are lost to doubles.
    error = BOUND * math.sqrt(2 * mean_ties * ADULTS) / ADULTS
    assert abs(len(neighbours) / ADULTS - mean_ties) < error + 0.01 * mean_ties


def test_many_local_ties_fall_short_by_at_most_a_tenth():
    # Near rows cannot be tied more surely than surely.
    _, neighbours = draw(levels(), 12.0, 0.0, 1.0)
    assert 0.89 * 12.0 < len(neighbours) / ADULTS < 12.0


def test_ties_cluster_in_the_neighbourhood_and_not_when_drawn_at_large():
    near = clustering(*draw(levels(), long_share=0.0))
    default = clustering(*draw(levels(), long_share=0.2))
    at_large = clustering(*draw(levels(), long_share=1.0))
    density = 8.0 / ADULTS
    assert near > default > 0.15 > 20 * density
    assert at_large < 4 * density


def test_the_lonely_have_fewer_ties_as_far_as_asked():
    level = levels()
    quarter = np.argsort(level)
    mean_ties = {}
    for fewer in (0.0, 0.6, 1.0):
        degrees = np.diff(draw(level, fewer=fewer)[0])
        lonely, others = degrees[quarter[-1000:]].mean(), degrees[quarter[:1000]].mean()
        mean_ties[fewer] = lonely / others
    # Ties go with the product of both readinesses, so with the own one.
    lonely, others = level[quarter[-1000:]].mean(), level[quarter[:1000]].mean()
    for fewer, ratio in mean_ties.items():
        expected = (1 - fewer * lonely) / (1 - fewer * others)
        assert ratio == pytest.approx(expected, abs=BOUND * math.sqrt(2 / 8000))


def test_ties_belong_to_the_town():
    same = draw(levels(300)), draw(levels(300))
    assert all(np.array_equal(a, b) for a, b in zip(*same, strict=True))
    for other in (draw(levels(300), seed=2), draw(levels(300), code=2)):
        assert not np.array_equal(same[0][1][:100], other[1][:100])


def test_the_population_holds_such_ties_clustered_by_age():
    population = settled(2000).population
    offsets, neighbours = population.ties
    check_form(offsets, neighbours)
    band = population.citizens.age_band.astype(int)
    rows = np.repeat(np.arange(2000), np.diff(offsets))
    tied = np.mean(band[rows] == band[neighbours])
    shares = np.bincount(band, minlength=8) / 2000
    assert tied > 2.0 * np.sum(shares**2)
