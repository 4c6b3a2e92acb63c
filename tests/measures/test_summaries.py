"""Summaries of series: one value an outcome."""

import numpy as np

from velfaerd_sim.measures.outcomes import CUMULATIVE, INDEX, NAMES, OUTCOMES, WINDOW, summarise


def test_a_summary_is_the_mean_of_the_last_year_or_the_last_value():
    series = np.zeros((2, 25, len(NAMES)))
    series[0] = np.arange(25.0)[:, None]
    series[1, 13:] = np.nan
    series[1, 20] = 5.0
    summary = summarise(series)
    assert summary.shape == (2, len(NAMES))
    for place, found in enumerate(OUTCOMES):
        last_value = found.kind in (WINDOW, CUMULATIVE)
        assert summary[0, place] == (24.0 if last_value else np.arange(13, 25).mean())
        if last_value:
            assert np.isnan(summary[1, place])
        else:
            assert summary[1, place] == 5.0


def test_a_summary_of_a_short_run_leaves_out_the_start():
    series = np.zeros((3, len(NAMES)))
    series[:] = [[100.0], [1.0], [2.0]]
    assert summarise(series)[INDEX["motivation_mean"]] == 1.5
    assert summarise(series)[INDEX["retention_12m"]] == 2.0
