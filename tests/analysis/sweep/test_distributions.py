"""PAWN: the same index as SALib's, idle parameters told apart, designs that do not fit."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.sweep.distributions import index, pawn
from velfaerd_sim.errors import InputError

pytest.importorskip("SALib")


@pytest.mark.parametrize("slices", [4, 5, 7, 8, 10])
@pytest.mark.parametrize("ties", [False, True])
def test_the_index_is_that_of_salib(slices, ties):
    from SALib.analyze import pawn as theirs

    generator = np.random.default_rng(slices)
    x = generator.random((301, 3))
    y = x[:, 0] + 0.3 * x[:, 1] ** 2
    y = np.round(y, 1) if ties else y
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    expected = theirs.analyze(problem, x, y, S=slices)["median"]
    np.testing.assert_allclose(index(x, y, slices), expected, rtol=1e-12)


def test_influential_and_idle_parameters():
    x = np.random.default_rng(2).uniform(-np.pi, np.pi, (600, 4))
    frame = sweeps.sweep(x, {"a": {"y": sweeps.plain(sweeps.ishigami)}})
    found = pawn(frame, "y")
    table = found.table.set_index("parameter")
    assert set(table.index[table["role"] == "influential"]) >= {"x1", "x2"}
    assert table["role"]["x4"] == "not told from zero"
    assert (table["low"] <= table["index"]).all()
    assert (table["index"] <= table["high"]).all()
    assert "Cannot be told from idle: x" in told(found)


def test_idle_parameters_pass_at_the_stated_rate():
    """Of 40 samples in which nothing matters, at most six find a parameter: 0.05 % by chance."""
    wrong = 0
    for seed in range(40):
        x = np.random.default_rng(seed).random((80, 3))
        frame = sweeps.sweep(x, {"a": {"y": sweeps.noisy(lambda x: 0.0 * x[:, 0], 1.0, seed)}})
        table = pawn(frame, "y", resamples=60, seed=seed).table
        wrong += int((table["role"] == "influential").any())
    assert wrong <= 6


def test_what_does_not_fit_is_refused():
    steps = np.linspace(0.0, 1.0, 10)
    grid = np.array([(a, b) for a in steps for b in steps])
    rule = {"a": {"y": sweeps.plain(lambda x: x[:, 0])}}
    with pytest.raises(InputError, match=r"10 values of x1.* a design that samples the range"):
        pawn(sweeps.sweep(grid, rule), "y")
    with pytest.raises(InputError, match="at least 60 for pawn"):
        pawn(sweeps.sweep(np.random.default_rng(1).random((50, 2)), rule), "y")


def test_an_outcome_that_does_not_vary():
    x = np.random.default_rng(1).random((80, 2))
    frame = sweeps.sweep(x, {"a": {"y": sweeps.plain(lambda x: 0.0 * x[:, 0] + 0.1)}})
    assert "the same in all parameter sets" in told(pawn(frame, "y"))
