"""The share of a criterion that is chance, and the replicates that it asks for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.noise import (
    MOST_NOISE,
    noise_share,
    replicates_needed,
    replicates_of,
)

FILE = Path(__file__).resolve().parents[3] / "experiments" / "claims.toml"


def drawn(true, chance, replicates, worlds=4000, seed=1):
    generator = np.random.default_rng(seed)
    each = generator.normal(0.0, true, worlds)[:, None]
    each = each + generator.normal(0.0, chance, (worlds, replicates))
    return each.mean(axis=1), each.std(axis=1, ddof=1) / np.sqrt(replicates)


def test_the_share_is_that_of_chance_in_the_variance():
    assert noise_share(*drawn(1.0, 2.0, 4)) == pytest.approx(0.5, abs=0.03)
    assert noise_share(*drawn(0.0, 2.0, 4)) == pytest.approx(1.0, abs=0.05)
    assert noise_share(np.arange(10.0), np.zeros(10)) == 0.0
    assert noise_share(np.ones(10), np.zeros(10)) == 0.0
    assert noise_share(np.ones(10), np.ones(10)) == 1.0


def test_too_few_worlds_or_no_errors_tell_nothing():
    assert np.isnan(noise_share(np.arange(7.0), np.ones(7)))
    assert np.isnan(noise_share(np.arange(20.0), np.full(20, np.nan)))


@pytest.mark.parametrize("chance", [0.5, 1.0, 3.0])
def test_the_replicates_that_are_asked_for_bring_it_down_to_a_fifth(chance):
    needed = replicates_needed(noise_share(*drawn(1.0, chance, 4)), 4)
    at_these = noise_share(*drawn(1.0, chance, max(2, round(needed)), seed=2))
    if needed >= 2.0:
        assert at_these == pytest.approx(MOST_NOISE, abs=0.03)
    assert needed == pytest.approx(4.0 * chance**2, rel=0.15)


def test_pure_chance_asks_for_no_number():
    assert replicates_needed(1.0, 4) == float("inf")
    assert replicates_needed(float("nan"), 4) == float("inf")
    assert replicates_needed(0.0, 4) == 0.0


def test_a_claim_takes_what_its_criteria_can_use_and_no_more_than_its_most():
    claim = replace(load_claims(FILE).claims[0], replicates=4, most_replicates=12)
    assert replicates_of(claim, [0.05, 0.1]) == 4
    assert replicates_of(claim, [0.05, 1.0 / 3.0]) == 8
    assert replicates_of(claim, [0.9, 1.0 / 3.0]) == 8
    assert replicates_of(claim, [0.9, 1.0]) == 4
    assert replicates_of(claim, [float("nan")]) == 4
