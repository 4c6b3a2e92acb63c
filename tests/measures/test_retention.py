"""Retention by cohort: worked numbers, a published estimator, and spells person by person."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.retention import cohort_counts, cohort_curve, kaplan_meier
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.tallies import TENURES
from worlds import BASELINE, tenures_by_month


def test_the_estimate_by_hand():
    # 10 join; 2 leave; then 1 is censored; 1 of 7 leaves; 2 are censored; 2 of 4 leave.
    curve = kaplan_meier(np.array([10, 7, 4]), np.array([2, 1, 2]))
    assert curve.share == pytest.approx([1.0, 0.8, 0.8 * 6 / 7, 0.8 * 6 / 7 * 0.5])
    # Greenwood: 2 / (10 x 8) + 1 / (7 x 6); on the log-log scale around log 0.6857.
    variance = 2 / 80 + 1 / 42
    width = 1.959964 * np.sqrt(variance) / abs(np.log(0.8 * 6 / 7))
    share = 0.8 * 6 / 7
    assert curve.low[2] == pytest.approx(share ** np.exp(width), rel=1e-6)
    assert curve.high[2] == pytest.approx(share ** np.exp(-width), rel=1e-6)


def test_before_anyone_leaves_the_interval_knows_how_many_were_seen():
    """KM: of 5, then of 3, nobody left: 0.025^(1/5) and 0.025^(1/3) (Clopper & Pearson)."""
    curve = kaplan_meier(np.array([5, 3]), np.array([0, 0]))
    assert list(curve.share) == list(curve.high) == [1.0, 1.0, 1.0]
    assert curve.low == pytest.approx([1.0, 0.478176, 0.292402], abs=1e-6)
    assert curve.low[1] == pytest.approx(stats.beta.ppf(0.025, 5, 1))
    many = kaplan_meier(np.array([5000]), np.array([0]))
    assert many.low[1] > 0.999


def test_when_all_have_left_the_interval_knows_how_many_they_were():
    curve = kaplan_meier(np.array([5, 2, 4]), np.array([3, 2, 0]))
    assert curve.share == pytest.approx([1.0, 0.4, 0.0, 0.0])
    assert curve.low[2] == 0.0
    assert curve.high[2] == pytest.approx(curve.high[1] * stats.beta.ppf(0.975, 1, 2))
    assert curve.high[3] == curve.high[2]


def test_beyond_the_last_at_risk_nothing_is_known():
    curve = kaplan_meier(np.array([5, 3, 0, 0]), np.array([1, 0, 0, 0]))
    assert curve.share[:3] == pytest.approx([1.0, 0.8, 0.8])
    for values in (curve.share, curve.low, curve.high):
        assert np.all(np.isnan(values[3:]))


spells = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=60)


@given(spells)
def test_the_estimate_and_its_interval_are_the_published_ones(drawn):
    """Against SciPy: a censored volunteer is at risk in months seen in full."""
    at_risk, ended = np.zeros((2, 9), int)
    for stayed, left in drawn:
        at_risk[: stayed + left] += 1
        if left:
            ended[stayed] += 1
    curve = kaplan_meier(at_risk, ended)
    left = [stayed + 0.5 for stayed, gone in drawn if gone]
    censored = [stayed + 0.25 for stayed, gone in drawn if not gone]
    if not left:
        known = np.isfinite(curve.share)
        assert np.all(curve.share[known] == 1.0)
        return
    found = stats.ecdf(stats.CensoredData(uncensored=left, right=censored)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined where the share is 0 or 1
        interval = found.confidence_interval(method="log-log")
    for month in np.flatnonzero(np.isfinite(curve.share)):
        assert curve.share[month] == pytest.approx(float(found.evaluate(month)))
        if 0.0 < curve.share[month] < 1.0:
            assert curve.low[month] == pytest.approx(float(interval.low.evaluate(month)))
            assert curve.high[month] == pytest.approx(float(interval.high.evaluate(month)))


def test_a_cohort_is_a_diagonal_of_the_ledgers():
    at_risk, ended = np.zeros((2, 2, 6, 5), np.int32)
    # Joined in row 1: at risk at tenure 0 in row 2, at 1 in row 3, at 2 in row 4, at 3 in row 5.
    at_risk[0, 2, 0], at_risk[0, 3, 1], at_risk[0, 4, 2], at_risk[0, 5, 3] = 9, 8, 6, 6
    ended[0, 2, 0], ended[0, 3, 1], ended[0, 5, 3] = 1, 2, 4
    at_risk[1, 2, 0], at_risk[1, 3, 1], ended[1, 3, 1] = 1, 1, 1  # in another municipality
    at_risk[0, 3, 0], ended[0, 3, 0], at_risk[0, 2, 1] = 50, 40, 30  # other cohorts
    risk, left = cohort_counts(at_risk, ended, 1, 1)
    assert list(risk) == [10, 9, 6, 6]
    assert list(left) == [1, 3, 0, 4]
    curve = cohort_curve(at_risk, ended, 1, 1)
    assert curve.share[-1] == pytest.approx(0.9 * (6 / 9) * 1.0 * (2 / 6))
    both = cohort_counts(at_risk, ended, 1, 2)
    assert list(both[0]) == [60, 9, 6, 6]


@pytest.mark.parametrize("cohort", [(-1, 3), (3, 2), (0, 6), (6, 6)])
def test_a_cohort_out_of_range_is_refused(cohort):
    empty = np.zeros((1, 6, 5), np.int32)
    with pytest.raises(InputError, match="cohort"):
        cohort_counts(empty, empty, *cohort)


def test_cohorts_of_a_run_are_the_spells_of_persons():
    lively = {"recruitment_probability": 0.006, "closing_log_odds": -3.2}
    scenario = BASELINE.with_(adults=1500, burn_in_months=24, months=30, parameters=lively)
    simulation = Simulation(scenario, burn_in=False)
    seen = tenures_by_month(simulation, 54)
    # Who joined and lost the initiative within a month is in no snapshot, but in the ledgers:
    # at risk and gone in that month.
    new = np.array([list(tenures.values()).count(0) for tenures in seen])
    within = simulation.tallies["joins"][0].astype(int) - new
    within[0] = 0
    gone = 0
    for first, last in ((10, 10), (20, 31), (40, 54)):
        risk, left = np.zeros((2, TENURES - 1), int)
        for joined in range(first, last + 1):
            for person in (who for who, tenure in seen[joined].items() if tenure == 0):
                for tenure in range(54 - joined):
                    risk[tenure] += 1
                    if seen[joined + 1 + tenure].get(person) != tenure + 1:
                        left[tenure] += 1
                        break
            if joined < 54:
                risk[0] += within[joined + 1]
                left[0] += within[joined + 1]
        found = cohort_counts(simulation.at_risk, simulation.ended, first, last)
        assert np.array_equal(found[0], risk)
        assert np.array_equal(found[1], left)
        gone += left.sum()
    assert gone > 10
