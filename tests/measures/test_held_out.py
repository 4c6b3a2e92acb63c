"""Instruments of held-out patterns against worked numbers and known libraries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from velfaerd_sim.measures import between_towns, clustering, isolation, recruitment, spells
from velfaerd_sim.measures import trajectories as paths
from velfaerd_sim.measures.retention import kaplan_meier
from velfaerd_sim.population.schema import FREE, VOLUNTEER_TYPE

pairs = st.lists(st.tuples(st.integers(3, 9), st.integers(3, 9)), min_size=3, max_size=40)


@given(pairs)
def test_rank_stability_is_spearmans(drawn):
    before, after = np.array(drawn).T
    if len(set(before)) > 1 and len(set(after)) > 1:
        assert paths.rank_stability(before, after) == pytest.approx(
            stats.spearmanr(before, after).statistic
        )
    else:
        assert np.isnan(paths.rank_stability(before, after))


def test_transitions_by_hand():
    before = np.array([True, True, True, True, False, False, False, False, False, False])
    after = np.array([True, True, True, False, True, False, False, False, False, False])
    found = paths.transitions(before, after)
    assert (found.still_lonely, found.recovered) == (0.75, 0.25)
    assert found.newly_lonely == pytest.approx(1 / 6)
    assert np.isnan(paths.transitions(np.zeros(3, bool), np.ones(3, bool)).still_lonely)


# A path of five people: 0 - 1 - 2 - 3 - 4.
OFFSETS = np.array([0, 1, 3, 5, 7, 8], np.int32)
NEIGHBOURS = np.array([1, 0, 2, 1, 3, 2, 4, 3], np.int32)


def test_rings_hold_the_pairs_at_their_shortest_distance():
    found = [ring.toarray() for ring in clustering.rings(OFFSETS, NEIGHBOURS)]
    for distance, ring in enumerate(found, 1):
        i, j = np.indices((5, 5))
        assert np.array_equal(ring, (np.abs(i - j) == distance).astype(int))


def test_a_ring_of_a_triangle_is_not_counted_twice():
    offsets, neighbours = np.array([0, 2, 4, 6], np.int32), np.array([1, 2, 0, 2, 0, 1], np.int32)
    one, two = clustering.rings(offsets, neighbours, (1, 2))
    assert one.sum() == 6
    assert two.sum() == 0


def test_clustering_by_hand():
    ring = clustering.rings(OFFSETS, NEIGHBOURS, (1,))[0]
    lonely = np.array([True, True, False, False, False])
    # Beside a lonely person: 3 ordered pairs, in 2 the first is lonely; beside others 5, 1 is.
    assert clustering.relative_risk(ring, lonely) == pytest.approx((2 / 3) / (1 / 5))
    levels = lonely.astype(float)
    ends = np.array([(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)]).T
    expected = np.corrcoef(levels[ends[0]], levels[ends[1]])[0, 1]
    assert clustering.pair_correlation(ring, levels) == pytest.approx(expected)


def test_exchange_keeps_ages_and_people():
    band = np.array([0, 1, 0, 1, 1, 2])
    order = clustering.exchanged(band, np.random.default_rng(1))
    assert sorted(order) == list(range(6))
    assert np.array_equal(band[order], band)


def test_a_planted_cluster_stands_out_and_chance_does_not():
    people = 400
    row = np.arange(people)
    # A circle where everyone is tied to the two before and the two after.
    neighbours = np.sort((row[:, None] + [-2, -1, 1, 2]) % people, axis=1).astype(np.int32)
    offsets = np.arange(0, 4 * people + 1, 4, dtype=np.int32)
    band = np.zeros(people, int)
    near = np.sin(row / 15.0)
    far = np.random.default_rng(3).permutation(near)
    for levels, clustered in ((near, True), (far, False)):
        for found in clustering.clustering(
            offsets, neighbours.ravel(), levels, levels > 0.7, band, exchanges=40
        ):
            _, low, high = found.chance_correlation
            assert (found.correlation > 2.0 * high) is clustered
            assert low < 0.0 < high
            assert (found.relative_risk > 2.0) is clustered
            assert found.pairs == 4 * people


def test_spells_by_hand():
    at_risk = np.zeros((2, 5, 48), np.int32)
    ended = np.zeros_like(at_risk)
    at_risk[:, 2:, :40] = 10
    ended[0, 2, 0] = 6  # of 60 at risk in the first month of tenure
    ended[1, 4, 20] = 30
    at_risk[:, :2, 0], ended[:, :2, 0] = 99, 99  # rows before the first do not count
    curve = spells.spell_curve(at_risk, ended, 2)
    assert curve.share[[1, 21]] == pytest.approx([0.9, 0.45])
    found = spells.spells(curve)
    assert found.under_a_year == pytest.approx(0.1)
    assert found.median_months == pytest.approx(20 + 0.4 / 0.45)
    assert found.over_three_years == pytest.approx(0.45)


def test_spells_that_outlast_the_count_have_no_median():
    curve = kaplan_meier(np.full(47, 10), np.zeros(47, int))
    assert np.isnan(spells.spells(curve).median_months)


def test_means_by_tenure_leave_empty_rows_out():
    rows = np.zeros(4, VOLUNTEER_TYPE)
    rows["citizen"] = [3, 4, FREE, 6]
    rows["tenure_months"] = [0, 5, 100, 60]
    rows["exhaustion"] = [0.2, 0.4, 9.0, 0.6]
    found = spells.by_tenure(rows, ("exhaustion",))
    assert found["newcomers"] == {"count": 2.0, "exhaustion": pytest.approx(0.3)}
    assert found["long-stayers"] == {"count": 1.0, "exhaustion": pytest.approx(0.6)}
    assert np.isnan(found["settled"]["exhaustion"])


def test_response_by_hand():
    # Two months of isolation; the peak comes a month later, half of it is left 2.5 months on.
    excess = np.array([0.0, 0.02, 0.04, 0.05, 0.04, 0.02, 0.01])
    found = isolation.response(excess, 2)
    assert (found.peak, found.peak_month, found.at_end) == (0.05, 3, 0.04)
    assert found.half_life_months == pytest.approx(2.75)
    assert np.isnan(found.left_after_12)
    long = np.concatenate([excess, np.full(30, 0.01)])
    assert isolation.response(long, 2).left_after_24 == pytest.approx(0.2)
    assert np.isnan(isolation.response(np.array([0.0, 1.0, 0.9]), 1).half_life_months)


def test_spread_between_towns_and_its_part_by_number():
    generator = np.random.default_rng(5)
    sizes = np.full(2000, 500.0)
    same = between_towns.town_spread(generator.binomial(500, 0.1, 2000).astype(float), sizes)
    assert same.sd == pytest.approx(same.by_number, rel=0.05)
    shares = generator.choice([0.05, 0.15], 2000)
    other = between_towns.town_spread(generator.binomial(500, shares).astype(float), sizes)
    assert other.beyond_number == pytest.approx(0.05, rel=0.05)
    assert other.low < 0.06 < 0.14 < other.high


def test_share_that_came_by_being_asked():
    asked = np.array([0.5, 0.0, -1.0, 0.0])
    weight = np.array([1.0, 1.0, 1.0, 0.0])
    calm = np.zeros(4)
    # Chances 1 + 2 x 0.5 = 2, 1, 0 (deterred): of 3 looks 1 was added.
    assert recruitment.asked_share(asked, calm, weight, 2.0, 0.6) == pytest.approx(1 / 3)
    assert np.isnan(recruitment.asked_share(asked, calm, np.zeros(4), 2.0, 0.6))
