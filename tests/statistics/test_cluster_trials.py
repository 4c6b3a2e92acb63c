"""The mixed model of trials against statsmodels, against formulas written out, against truths."""

import warnings

import numpy as np
import pytest
from scipy import stats

from velfaerd_sim.errors import InputError
from velfaerd_sim.statistics.cluster_trials import (
    KENWARD_ROGER,
    ROBUST,
    Layout,
    analyse,
    hussey_hughes_variance,
    with_known_variances,
)

WEDGE = np.array([[0, 1, 1, 1, 1.0], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]])
GAPS = np.array(
    [[1, 0, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 1, 0, 1], [1, 1, 1, 1, 0]], dtype=np.bool_
)


def wedge(towns=(3, 3, 2, 3), used=None, growing=False):
    used = np.ones_like(WEDGE, bool) if used is None else used
    return Layout(WEDGE, used, np.array(towns), growing)


def drawn(layout, trials, sigma2=1.0, tau2=0.5, effect=0.0, seed=1, carried=0.0):
    """Town means with a trend, towns' levels and rests, of which a share is carried on."""
    draws = np.random.default_rng(seed)
    shape = (trials, int(layout.towns.sum()), layout.treated.shape[1])
    rest = draws.normal(0.0, np.sqrt(sigma2), shape)
    for period in range(1, shape[2]):
        fresh = np.sqrt(1.0 - carried**2) * rest[:, :, period]
        rest[:, :, period] = carried * rest[:, :, period - 1] + fresh
    level = draws.normal(0.0, np.sqrt(tau2), shape[:2])[:, :, None]
    return 0.1 * np.arange(shape[2]) + level + rest + effect * layout.treated[layout.sequence_of]


def stacked(layout, means):
    """Rows, towns and values of one trial as any program takes them."""
    towns = list(enumerate(layout.sequence_of))
    rows = np.concatenate([layout.rows(s) for _, s in towns])
    groups = np.concatenate([np.full(layout.used[s].sum(), j) for j, s in towns])
    return rows, groups, np.concatenate([means[j, layout.used[s]] for j, s in towns])


@pytest.mark.parametrize("growing", [False, True])
def test_estimates_are_those_of_statsmodels(growing):
    models = pytest.importorskip("statsmodels.api")
    layout = wedge(used=GAPS, growing=growing)
    means = drawn(layout, 6, tau2=1.0, effect=0.8)
    found = analyse(layout, means, KENWARD_ROGER)
    compared = 0
    for trial, each in enumerate(means):
        rows, groups, values = stacked(layout, each)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = models.MixedLM(values, rows, groups).fit(reml=True, method="powell")
        tau2 = float(np.asarray(fitted.cov_re).ravel()[0])
        if not fitted.converged or tau2 <= 0.0:  # its search ends at the edge now and then
            continue
        near = 0.002 * found.standard_error[trial]
        assert found.effect[trial] == pytest.approx(layout.contrast @ fitted.fe_params, abs=near)
        assert found.sigma2[trial] == pytest.approx(fitted.scale, rel=0.005)
        assert found.tau2[trial] == pytest.approx(tau2, rel=0.02)
        compared += 1
    assert compared >= 4


def test_the_closed_form_of_hussey_and_hughes_is_the_variance_of_least_squares():
    layout = wedge()
    rows, groups, _ = stacked(layout, drawn(layout, 1)[0])
    covariance = 0.7 * np.eye(len(groups)) + 0.4 * (groups[:, None] == groups)
    known = np.linalg.inv(rows.T @ np.linalg.solve(covariance, rows))[-1, -1]
    own = hussey_hughes_variance(WEDGE, layout.towns, 0.7, 0.4)
    assert own == pytest.approx(known, rel=1e-9)


def written_out(layout, sigma2, tau2):
    """Kenward & Roger 1997 with whole matrices: variance of the effect, degrees of freedom."""
    rows, groups, _ = stacked(layout, np.zeros((int(layout.towns.sum()), layout.used.shape[1])))
    same = (groups[:, None] == groups).astype(float)
    parts = [np.eye(len(groups)), same]
    inverse = np.linalg.inv(sigma2 * parts[0] + tau2 * same)
    phi = np.linalg.inv(rows.T @ inverse @ rows)
    p = [-rows.T @ inverse @ v @ inverse @ rows for v in parts]
    q = [[rows.T @ inverse @ v @ inverse @ w @ inverse @ rows for w in parts] for v in parts]
    left = inverse - inverse @ rows @ phi @ rows.T @ inverse
    spread = np.linalg.inv([[0.5 * np.trace(left @ v @ left @ w) for w in parts] for v in parts])
    pairs = [(i, j) for i in range(2) for j in range(2)]
    more = sum(spread[i, j] * (q[i][j] - p[i] @ phi @ p[j]) for i, j in pairs)
    c = layout.contrast
    slope = np.array([c @ phi @ each @ phi @ c for each in p])
    df = 2.0 * (c @ phi @ c) ** 2 / (slope @ spread @ slope)
    return c @ (phi + 2.0 * phi @ more @ phi) @ c, df


@pytest.mark.parametrize("layout", [wedge(), wedge(used=GAPS), wedge((4, 3, 3, 2), growing=True)])
def test_the_correction_is_that_of_kenward_and_roger(layout):
    found = analyse(layout, drawn(layout, 6, tau2=0.2), KENWARD_ROGER)
    assert (found.tau2 == 0.0).any() or (found.tau2 > 0.0).all()
    for k in range(6):
        variance, df = written_out(layout, found.sigma2[k], found.tau2[k])
        assert found.standard_error[k] ** 2 == pytest.approx(variance, rel=1e-6)
        assert found.df[k] == pytest.approx(df, rel=1e-6)


def test_without_a_baseline_it_is_the_t_test_of_town_means():
    layout = Layout(np.array([[0.0] * 3, [1.0] * 3]), np.ones((2, 3), bool), np.array([5, 6]))
    means = drawn(layout, 5, tau2=2.0, effect=0.7)
    of_towns = means.mean(axis=2)
    for analysis, equal in ((KENWARD_ROGER, True), (ROBUST, False)):
        found = analyse(layout, means, analysis)
        known = stats.ttest_ind(of_towns[:, 5:], of_towns[:, :5], axis=1, equal_var=equal)
        assert found.effect / found.standard_error == pytest.approx(known.statistic, rel=1e-3)
    assert analyse(layout, means, KENWARD_ROGER).df == pytest.approx(9.0, rel=1e-6)
    known = stats.ttest_ind(of_towns[:, 5:], of_towns[:, :5], axis=1)
    found = analyse(layout, means, KENWARD_ROGER)
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-2)


@pytest.mark.parametrize("effect", [0.3, 0.55])
def test_power_is_that_of_hussey_and_hughes_where_their_assumptions_hold(effect):
    layout = wedge((12, 12, 12, 12))
    variance = hussey_hughes_variance(WEDGE, layout.towns, 1.0, 0.5)
    known = stats.norm.cdf(effect / np.sqrt(variance) - stats.norm.ppf(0.975))
    means = drawn(layout, 6000, effect=effect)
    given = with_known_variances(layout, means, 1.0, 0.5)
    assert given.standard_error == pytest.approx(np.sqrt(variance))
    assert given.told().mean() == pytest.approx(known, abs=0.02)
    found = analyse(layout, means, KENWARD_ROGER)
    assert found.told().mean() == pytest.approx(known, abs=0.02)
    assert found.effect.mean() == pytest.approx(effect, abs=0.01)
    assert found.holds(effect).mean() == pytest.approx(0.95, abs=0.012)


def test_what_a_shift_tells_is_what_the_shifted_data_tell():
    layout = wedge(used=GAPS, growing=True)
    means = drawn(layout, 300)
    moved = means + 0.9 * layout.treated[layout.sequence_of]
    for analysis in (KENWARD_ROGER, ROBUST):
        shifted = analyse(layout, means, analysis).told(0.9)
        assert (shifted == analyse(layout, moved, analysis).told()).all()
        assert 0.1 < shifted.mean() < 0.95


def halves(periods=9, towns=8, growing=False):
    """Two groups with a period before the change."""
    treated = np.array([[0.0] * periods, [0.0] + [1.0] * (periods - 1)])
    return Layout(treated, np.ones_like(treated, bool), np.array([towns, towns]), growing)


@pytest.mark.parametrize("layout", [halves(), halves(growing=True), wedge((4, 4, 4, 4))])
def test_robust_errors_hold_where_towns_drift(layout):
    alarms = analyse(layout, drawn(layout, 4000, carried=0.9), ROBUST).told().mean()
    assert alarms == pytest.approx(0.05, abs=0.015)


def test_those_of_the_model_do_not_hold_where_towns_drift():
    layout = halves()
    assert analyse(layout, drawn(layout, 2000, carried=0.9), KENWARD_ROGER).told().mean() > 0.1
    alarms = analyse(layout, drawn(layout, 4000), KENWARD_ROGER).told().mean()
    assert alarms == pytest.approx(0.05, abs=0.015)


def test_an_effect_that_grows_is_estimated_without_bias_only_where_it_may_grow():
    layout = wedge((6, 6, 6, 6), growing=True)
    gained = 0.5 * layout.lengths[layout.sequence_of]
    treated = WEDGE[layout.sequence_of] > 0
    truth = gained[treated].mean()
    means = drawn(layout, 2000) + gained
    assert analyse(layout, means).effect.mean() == pytest.approx(truth, abs=0.03)
    constant = analyse(wedge((6, 6, 6, 6)), means)
    assert constant.effect.mean() < 0.6 * truth


def test_a_design_that_cannot_tell_is_refused():
    whole = np.ones((2, 3), bool)
    with pytest.raises(InputError, match="treated while others are not"):
        Layout(np.ones((2, 3)), whole, np.array([4, 4]))
    with pytest.raises(InputError, match="no treated period"):
        Layout(np.zeros((2, 3)), whole, np.array([4, 4]))
