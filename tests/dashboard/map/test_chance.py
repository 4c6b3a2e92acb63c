"""Margins of the map: known answers, and whether they hold where the truth is known from runs."""

import numpy as np
import pytest

from velfaerd_sim.dashboard.map.chance import ERRORS, margins
from velfaerd_sim.dashboard.map.national_runs import NationalRequest, run_country, scenario_of
from velfaerd_sim.dashboard.map.view import Curves, MapView

SEEDS = range(1, 9)
ONE_IN = 100


def test_margins_of_two_towns_by_hand():
    # Mean (1 + 3 * 5) / 4 = 4; scatter -3 and 1; s² = 1 * 9 + 3 * 1 = 12.
    found = margins(np.array([[1.0], [5.0]]), np.array([1.0, 3.0]))
    assert found.towns[:, 0] == pytest.approx([ERRORS * 12**0.5, ERRORS * 2.0])
    # Shares 1/4 and 3/4: (1/16 * 9 + 9/16 * 1) * 2 / 1 = 2.25.
    assert found.country == pytest.approx([ERRORS * 1.5])


def test_towns_without_a_value_have_no_margin_and_count_for_nothing():
    adults = np.array([1.0, 3.0, 50.0])
    found = margins(np.array([[1.0], [5.0], [np.nan]]), adults)
    alone = margins(np.array([[1.0], [5.0]]), adults[:2])
    assert found.country == pytest.approx(alone.country)
    assert np.isnan(found.towns[2, 0])
    single = margins(np.array([[1.0], [np.nan], [np.nan]]), adults)
    assert np.isnan(single.towns).all()
    assert np.isnan(single.country).all()


def test_zero_is_clear_where_nothing_scatters():
    same = np.zeros((3, 2))
    found = margins(same, np.array([1.0, 2.0, 3.0]))
    assert (found.towns == 0.0).all()


@pytest.fixture(scope="module")
def runs():
    """The same comparison of the country with several seeds."""
    view = MapView(one_in=ONE_IN)
    requests = [NationalRequest((view.a, view.b), ONE_IN, seed) for seed in SEEDS]
    return [run_country(each, each.regimes, lambda share: None) for each in requests]


@pytest.mark.parametrize(
    "outcome",
    ["lonely_share", "volunteers_per_1000", "lonely_reached_share", "staff_hours_per_1000"],
)
def test_intervals_hold_what_other_runs_find(runs, outcome):
    """The mean of the other seeds stands for the truth; nominal 95 %, asked for 90 to 99 %."""
    view = MapView(outcome=outcome, one_in=ONE_IN)
    adults = np.array([town.adults for town in scenario_of(ONE_IN).towns], float)
    found = [Curves.of(view, run) for run in runs]
    gaps = np.array([curves.b - curves.a for curves in found])
    country = np.array([curves.country_b - curves.country_a for curves in found])
    wider = np.sqrt(1.0 + 1.0 / (len(runs) - 1))
    inside, ratios = [], []
    for number, gap in enumerate(gaps):
        known = margins(gap, adults)
        truth = np.delete(gaps, number, axis=0).mean(axis=0)
        for month in (60, 120):
            inside.append(np.abs(gap - truth)[:, month] <= wider * known.towns[:, month])
            ratios.append(known.country[month] / ERRORS / country[:, month].std(ddof=1))
    assert 0.90 < np.mean(inside) < 0.99
    # Eight runs tell a standard deviation to within a factor of two, nearly always.
    assert 0.5 < np.median(ratios) < 2.0
