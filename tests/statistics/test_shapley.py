"""Shapley values: known games, and that shares add up."""

import numpy as np
import pytest

from velfaerd_sim.statistics.shapley import shapley


def test_parts_that_do_not_meet_carry_what_they_give_alone():
    values = np.array([1.0, 3.0, 6.0, 8.0])  # 2 by the first, 5 by the second
    assert shapley(values) == pytest.approx([2.0, 5.0])


def test_what_needs_both_is_shared_alike():
    assert shapley(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx([0.5, 0.5])


def test_the_gloves_of_three():
    """Who owns the only left glove gets two thirds, the owners of right gloves a sixth each."""
    worth = [1.0 if place & 1 and place & 6 else 0.0 for place in range(8)]
    assert shapley(np.array(worth)) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shares_add_up_in_every_row():
    values = np.random.default_rng(1).normal(size=(7, 32))
    assert shapley(values).sum(axis=-1) == pytest.approx(values[:, -1] - values[:, 0])


def test_other_lengths_are_refused():
    with pytest.raises(ValueError, match="a power of two"):
        shapley(np.zeros(6))
