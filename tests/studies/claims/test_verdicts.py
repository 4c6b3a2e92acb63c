"""The verdict over theories, worlds and readings, on tables made by hand."""

import numpy as np
import pytest

from velfaerd_sim.studies.claims.verdicts import WORDS, share_interval, verdict


def table(*shares, worlds=100):
    """One theory in which each reading is met in a share of the worlds."""
    met = np.zeros((1, worlds, len(shares)))
    for reading, share in enumerate(shares):
        met[0, : round(share * worlds), reading] = 1.0
    return met


def told(*shares, **more):
    return verdict(table(*shares), np.ones(len(shares), bool), **more)


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        ((1.0, 0.9, 0.8), "holds"),
        ((1.0, 0.9, 0.79), "on_world"),
        ((0.0, 0.1, 0.2), "does_not"),
        ((0.0, 0.1, 0.21), "on_world"),
        ((0.5, 0.5, 0.5), "on_world"),
        ((0.3, 0.69), "on_world"),
        ((0.3, 0.7), "on_reading"),
        ((0.0, 0.18, 0.5, 0.9), "on_reading"),
        ((0.17, 0.82), "on_reading"),
        ((0.6, 1.0), "on_reading"),
        ((1.0,), "holds"),
        ((0.0,), "does_not"),
    ],
)
def test_the_word_follows_from_the_shares_of_the_readings(shares, word):
    found = told(*shares)
    assert found.word == word
    assert found.word in WORDS
    assert found.shares == pytest.approx(shares)
    assert found.shares[found.most] == max(shares)
    assert found.shares[found.least] == min(shares)


def test_a_claim_of_which_less_than_half_can_be_read_cannot_be_told():
    shares = (0.9, 0.9, 0.9, 0.9)
    two = verdict(table(*shares), np.array([True, False, True, False]))
    one = verdict(table(*shares), np.array([True, False, False, False]))
    assert (two.word, one.word) == ("holds", "cannot_tell")
    assert one.shares == pytest.approx(shares)
    assert (one.most, one.least) == (-1, -1)


def test_readings_that_do_not_count_do_not_decide():
    shares = (0.9, 0.0, 0.95)
    found = verdict(table(*shares), np.array([True, False, True]))
    assert (found.word, found.least, found.most) == ("holds", 0, 2)
    assert found.shares[1] == 0.0


def test_without_a_reading_that_counts_nothing_can_be_told():
    found = verdict(table(0.9, 0.9), np.zeros(2, bool))
    assert (found.word, found.most, found.least) == ("cannot_tell", -1, -1)
    missing = verdict(np.full((1, 5, 2), np.nan), np.ones(2, bool))
    assert missing.word == "cannot_tell"
    assert np.isnan(missing.shares).all()
    assert (missing.low.tolist(), missing.high.tolist()) == ([0.0, 0.0], [1.0, 1.0])
    assert verdict(np.empty((1, 0, 1)), np.ones(1, bool)).word == "cannot_tell"


@pytest.mark.parametrize(
    ("shares", "cut", "evidence", "word"),
    [
        ((0.9, 1.0), (0.0, 0.5), False, "by_construction"),
        ((0.9, 1.0), (0.0, 0.5), True, "holds"),
        ((0.9, 1.0), (0.0, 0.51), False, "holds"),
        ((0.9, 1.0), (np.nan, np.nan), False, "holds"),
        ((0.6, 0.6), (0.0, 0.0), False, "on_world"),
        ((0.0, 0.1), (0.0, 0.0), False, "does_not"),
    ],
)
def test_what_falls_when_its_own_arrow_is_cut_holds_by_construction(shares, cut, evidence, word):
    assert told(*shares, cut=np.array(cut), evidence=evidence).word == word


def test_a_cut_reading_that_does_not_count_does_not_save_a_claim():
    counts = np.array([True, False])
    found = verdict(table(1.0, 1.0), counts, np.array([0.0, 1.0]))
    assert found.word == "by_construction"


def test_what_was_fitted_holds_by_construction_and_only_where_it_holds():
    assert told(1.0, fitted=True).word == "by_construction"
    assert told(0.5, fitted=True).word == "on_world"


def test_theories_count_alike_however_many_worlds_each_has():
    met = np.full((2, 100, 1), np.nan)
    met[0, :, 0] = 1.0
    met[1, :10, 0] = 0.0
    found = verdict(met, np.ones(1, bool))
    assert found.shares[0] == pytest.approx(0.5)
    assert found.by_theory[:, 0].tolist() == [1.0, 0.0]
    assert (found.word, found.theory) == ("on_world", 1)
    lone = verdict(met[:, :10], np.ones(1, bool))
    assert lone.high[0] - lone.low[0] > 0.3


def test_a_theory_of_its_own_keeps_a_claim_from_holding():
    met = np.ones((6, 20, 2))
    met[4] = 0.0
    found = verdict(met, np.ones(2, bool))
    assert found.shares == pytest.approx([5 / 6, 5 / 6])
    assert (found.word, found.theory) == ("on_world", 4)
    assert verdict(np.delete(met, 4, axis=0), np.ones(2, bool)).word == "holds"


def test_readings_further_apart_than_theories_decide():
    met = np.zeros((2, 10, 2))
    met[0, :, 0] = met[1, :9, 0] = 1.0
    met[0, :4, 1] = 1.0
    found = verdict(met, np.ones(2, bool))
    assert (found.word, found.theory) == ("on_reading", -1)


def test_a_theory_that_was_not_run_is_left_out():
    met = np.full((2, 10, 1), np.nan)
    met[0] = 1.0
    found = verdict(met, np.ones(1, bool))
    assert (found.word, found.shares[0]) == ("holds", 1.0)


def test_the_interval_of_a_share_is_wilsons():
    low, high = share_interval(np.array([0.5, 0.0, 1.0]), np.array([100.0, 10.0, 10.0]))
    assert low == pytest.approx([0.4038, 0.0, 0.7225], abs=1e-4)
    assert high == pytest.approx([0.5962, 0.2775, 1.0], abs=1e-4)


def test_intervals_cover_the_share_about_as_often_as_they_say():
    generator = np.random.default_rng(1)
    for share in (0.1, 0.5, 0.8):
        seen = generator.binomial(60, share, size=4000) / 60.0
        low, high = share_interval(seen, np.full(4000, 60.0))
        assert np.mean((low <= share) & (share <= high)) == pytest.approx(0.95, abs=0.02)
