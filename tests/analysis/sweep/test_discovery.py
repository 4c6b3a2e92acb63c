"""PRIM and CART: a box planted in noise, labels and their error, the workbench's own boxes."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.facts import Count
from velfaerd_sim.analysis.arrays.labels import label
from velfaerd_sim.analysis.sweep import discovery, peeling
from velfaerd_sim.errors import InputError

NAMES = tuple(f"x{j + 1}" for j in range(6))


def planted(x):
    """Hold in the box x1 > 0.55, x3 < 0.6: a mass of 0.27."""
    return (x[:, 0] > 0.55) & (x[:, 2] < 0.6)


def sample(count, seed=1, parameters=6):
    return np.random.default_rng(seed).random((count, parameters))


def frame_of(x, noise=0.05, seed=2, replicates=1, sd=0.0, size=1.0):
    """Regime a is ahead of b by `size` in the box and behind outside; a share is turned."""
    turned = np.random.default_rng(seed).random(len(x)) < noise
    ahead = size * np.where(planted(x) ^ turned, 1.0, -1.0)
    both = {
        "a": {"y": sweeps.noisy(lambda x: ahead, sd)},
        "b": {"y": sweeps.plain(lambda x: 0.0 * x[:, 0])},
    }
    return sweeps.sweep(x, both, replicates=replicates)


def find(frame, **options):
    return discovery.prim(frame, "y", "a", "b", better="higher", **options)


def test_a_box_planted_in_noise_is_found():
    pytest.importorskip("ema_workbench")
    found = find(frame_of(sample(800)), resamples=60)
    table = found.table.set_index("parameter")
    assert set(table.index) == {"x1", "x3"}
    assert table["low"]["x1"] == pytest.approx(0.55, abs=0.03)
    assert table["high"]["x1"] == table["range_high"]["x1"]
    assert table["high"]["x3"] == pytest.approx(0.6, abs=0.03)
    box = found.data["box"]
    truth = 0.27 * 0.95 / (0.27 * 0.95 + 0.73 * 0.05)
    assert box.coverage == pytest.approx(truth, abs=0.06)
    assert box.density == pytest.approx(0.95, abs=0.05)
    assert box.mass == pytest.approx(0.27, abs=0.03)
    assert (table[["p_low", "p_high"]].min(axis=1) < 1e-6).all()
    assert table["p_low"].isna()["x3"]
    assert found.sufficient
    assert found.data["stability"].same >= 0.8
    assert np.nanmean(found.data["stability"].overlap) > 0.85
    assert np.nanmean(found.data["stability"].density) == pytest.approx(0.95, abs=0.06)
    assert "where x1 is above 0.5" in told(found)
    assert "x3 is below 0.6" in told(found) or "x3 is below 0.5" in told(found)
    assert "the box is stable" in told(found)
    assert "beats b on y in" in told(found)


def test_the_box_of_failures_is_found_as_well():
    pytest.importorskip("ema_workbench")
    found = discovery.prim(frame_of(sample(500)), "y", "b", "a", better="lower", resamples=20)
    assert {"x1", "x3"} >= set(found.table["parameter"])


def test_in_pure_noise_no_box_is_claimed():
    """Of 20 samples without any box, at most two give limits that pass for significant."""
    claimed = 0
    for seed in range(20):
        x, y = sample(300, seed), np.random.default_rng(seed + 100).random(300) < 0.3
        claimed += bool(peeling.choose(x, y, peeling.trajectory(x, y)).parameters)
    assert claimed <= 2


def test_an_unstable_box_is_called_so():
    pytest.importorskip("ema_workbench")
    found = find(frame_of(sample(120), noise=0.3), resamples=40)
    assert not found.sufficient
    assert "not stable" in told(found) or "beyond chance" in told(found)


@pytest.mark.parametrize("case", range(12))
def test_peeling_is_that_of_the_workbench(case):
    pytest.importorskip("ema_workbench")
    generator = np.random.default_rng(case)
    count = int(generator.integers(60, 400))
    x = generator.random((count, int(generator.integers(1, 6))))
    if case % 3 == 0:
        x = np.round(x, 1)
    if case % 4 == 1:
        x[:, 0] = np.exp(5.0 * x[:, 0])
    y = (x[:, 0] > np.quantile(x[:, 0], 0.6)) ^ (generator.random(count) < 0.15)
    names = [f"p{j}" for j in range(x.shape[1])]
    theirs = discovery.workbench_trajectory(pd.DataFrame(x, columns=names), y)
    ours = peeling.trajectory(x, y)
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_quasi_p_values_by_the_binomial_test():
    x, y = sample(200, 3), planted(sample(200, 3))
    limits = np.stack([x.min(axis=0), x.max(axis=0)])
    limits[0, 0], limits[1, 2] = 0.4, 0.7
    box = peeling.describe(x, y, limits)
    inside = (x[:, 0] >= 0.4) & (x[:, 2] <= 0.7)
    without = x[:, 2] <= 0.7
    expected = binomtest(
        int(y[inside].sum()), int(inside.sum()), float(y[without].mean()), alternative="greater"
    )
    assert box.p_values[0, 0] == pytest.approx(expected.pvalue, rel=1e-9)
    assert np.isfinite(box.p_values).sum() == 2
    assert box.density == y[inside].mean()
    assert box.coverage == y[inside].sum() / y.sum()
    assert box.mass == inside.mean()
    assert box.parameters == (0, 2)


def test_labels_and_their_error():
    """Margins of 1 and -1 with errors of 1/2: a share Phi(-2) of the labels is wrong.

    Judged point by point, without knowing what margins there are, it is Phi(-2 / sqrt(2)).
    """
    x = sample(1000)
    frame = frame_of(x, noise=0.0, replicates=4, sd=1.0)
    labels = label(frame, "y", "a", "b", better="higher")
    wrong = float((labels.holds != planted(x)).mean())
    assert wrong == pytest.approx(0.023, abs=0.015)
    assert labels.wrong == pytest.approx(0.079, abs=0.015)
    assert labels.fact().values["chance"].values["replicates"] == Count(4, "replicate")
    certain = label(frame_of(x, noise=0.0, replicates=3), "y", "a", "b", better="higher")
    assert certain.wrong == 0.0
    assert np.isnan(label(frame_of(x), "y", "a", "b", better="higher").wrong)


def test_labels_at_a_threshold():
    x = sample(60)
    frame = frame_of(x, noise=0.0)
    truth = planted(x)
    for by, better, expected in (
        (1.0, "higher", truth),
        (1.1, "higher", np.zeros(60, bool)),
        (0.0, "lower", ~truth),
        (-1.0, "higher", np.ones(60, bool)),
    ):
        labels = label(frame, "y", "a", "b", by=by, better=better)
        np.testing.assert_array_equal(labels.holds, expected)
    tied = frame.assign(**{"outcome.y": 0.0})
    assert not label(tied, "y", "a", "b", better="higher").holds.any()
    with pytest.raises(InputError, match="by: nan"):
        label(frame, "y", "a", "b", by=float("nan"), better="higher")


@pytest.mark.parametrize("method", [discovery.prim, discovery.cart])
@pytest.mark.parametrize(("by", "word"), [(2.0, "never so"), (-2.0, "always so")])
def test_nearly_always_is_a_finding_of_its_own(method, by, word):
    found = method(frame_of(sample(200)), "y", "a", "b", by=by, better="higher")
    assert f"nothing to discover: it is {word}" in told(found)
    assert not len(found.table)


def test_a_tree_finds_the_box_too():
    pytest.importorskip("ema_workbench")
    found = discovery.cart(frame_of(sample(800)), "y", "a", "b", better="higher")
    wins = found.table[found.table["wins"]]
    assert (wins["density"] > 0.9).all()
    assert wins["coverage"].sum() == pytest.approx(0.875, abs=0.06)
    assert wins["mass"].sum() == pytest.approx(0.27, abs=0.03)
    limits = found.data["boxes"][0].set_index("parameter")
    assert limits["low"]["x1"] == pytest.approx(0.55, abs=0.03)
    assert limits["high"]["x3"] == pytest.approx(0.6, abs=0.03)
    assert found.table["mass"].sum() == pytest.approx(1.0)
    assert found.table["coverage"].sum() == pytest.approx(1.0)
    assert found.data["right"] == pytest.approx(0.95, abs=0.04)
    again = discovery.cart(frame_of(sample(800)), "y", "a", "b", better="higher")
    pd.testing.assert_frame_equal(found.table, again.table)


def test_failed_runs_and_few_points():
    pytest.importorskip("ema_workbench")
    frame = frame_of(sample(300))
    frame.loc[5:14, "status"] = "failed"
    found = find(frame, resamples=5)
    assert len(found.data["labels"].holds) == 290
    assert "10 runs that failed. 10 parameter sets of 300" in told(found)
    with pytest.raises(InputError, match="at least 50 for discovery"):
        find(frame_of(sample(49)))
