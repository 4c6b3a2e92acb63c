"""Elementary effects of functions whose effects are known by hand."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.sweep.screening import morris
from velfaerd_sim.errors import InputError

pytest.importorskip("SALib")

NAMES = ("x1", "x2", "x3", "x4")
DESIGN = PointLayout("morris", NAMES)


def points(count=20, levels=4, names=NAMES, bounds=None):
    from SALib.sample.morris import sample

    bounds = bounds or [[0.0, 1.0]] * len(names)
    problem = {"num_vars": len(names), "names": list(names), "bounds": bounds}
    return sample(problem, count, num_levels=levels, seed=5)


def linear(x):
    return 3.0 * x[:, 0] - 2.0 * x[:, 1] + 0.01 * x[:, 2]


@pytest.mark.parametrize("levels", [4, 6, 8])
def test_a_linear_model_has_its_slopes_as_effects(levels):
    frame = sweeps.sweep(points(levels=levels), {"a": {"y": sweeps.plain(linear)}})
    found = morris(frame, "y", design=DESIGN)
    table = found.table.set_index("parameter").loc[list(NAMES)]
    np.testing.assert_allclose(table["mu"], [3.0, -2.0, 0.01, 0.0], atol=1e-10)
    np.testing.assert_allclose(table["mu_star"], [3.0, 2.0, 0.01, 0.0], atol=1e-10)
    np.testing.assert_allclose(table["sigma"], 0.0, atol=1e-10)
    assert list(table["shape"]) == ["linear", "linear", "linear", "none"]
    assert list(table["role"]) == ["matters", "matters", "negligible", "negligible"]
    assert found.data["levels"] == levels
    assert found.sufficient


def test_effects_are_over_the_range_of_a_parameter():
    bounds = [[0.0, 10.0], [5.0, 6.0], [0.0, 1.0], [-1.0, 1.0]]
    frame = sweeps.sweep(points(bounds=bounds), {"a": {"y": sweeps.plain(linear)}})
    table = morris(frame, "y", design=DESIGN).table.set_index("parameter")
    np.testing.assert_allclose(table["mu"].loc[list(NAMES)], [30.0, -2.0, 0.01, 0.0], atol=1e-9)


def test_interactions_show_in_sigma():
    """y = x1 x2: the effect of x1 is x2, of mean 1/2 and on four levels of variance 5/36."""
    frame = sweeps.sweep(points(400), {"a": {"y": sweeps.plain(lambda x: x[:, 0] * x[:, 1])}})
    table = morris(frame, "y", design=DESIGN).table.set_index("parameter")
    assert table["mu_star"]["x1"] == pytest.approx(0.5, abs=0.06)
    assert table["sigma"]["x1"] == pytest.approx(np.sqrt(5.0 / 36.0), abs=0.03)
    assert table["shape"]["x1"] == "one direction, size depends"
    assert table["mu_star_low"]["x1"] < 0.5 < table["mu_star_high"]["x1"]


def test_effects_of_chance_are_not_taken_for_effects():
    """Chance of standard deviation s in four replicates: mean size s / sqrt(pi) over the step."""
    frame = sweeps.sweep(
        points(60), {"a": {"y": sweeps.noisy(lambda x: 10.0 * x[:, 0], 2.0)}}, replicates=4
    )
    found = morris(frame, "y", design=DESIGN)
    table = found.table.set_index("parameter")
    step = 4.0 / 6.0
    expected = 2.0 / np.sqrt(np.pi) / step
    assert table["by_chance"].to_numpy() == pytest.approx(np.full(4, expected), rel=0.1)
    assert list(table["role"].loc[list(NAMES)]) == ["matters", *["not told from chance"] * 3]
    assert "Cannot be told from chance: " in told(found)


def test_a_difference_between_regimes():
    both = {
        "a": {"y": sweeps.plain(lambda x: linear(x) + 5.0 * x[:, 3])},
        "b": {"y": sweeps.plain(linear)},
    }
    found = morris(sweeps.sweep(points(), both), "y", "a", "b", design=DESIGN)
    assert found.table["parameter"][0] == "x4"
    assert found.table["mu"][0] == pytest.approx(5.0)


def test_trajectories_with_failed_runs_are_left_out():
    frame = sweeps.sweep(points(), {"a": {"y": sweeps.plain(linear)}})
    frame.loc[[3, 4, 61], "status"] = "failed"
    found = morris(frame, "y", design=DESIGN)
    assert found.data["trajectories"] == 18
    assert "3 runs that failed" in told(found)
    assert "2 of 20 trajectories were incomplete" in told(found)


def test_an_outcome_that_does_not_vary():
    frame = sweeps.sweep(points(), {"a": {"y": sweeps.plain(lambda x: 0.0 * x[:, 0] + 0.3)}})
    found = morris(frame, "y", design=DESIGN)
    assert "the same in all parameter sets" in told(found)


def test_other_designs_and_small_ones_are_refused():
    x = np.random.default_rng(1).random((100, 4))
    frame = sweeps.sweep(x, {"a": {"y": sweeps.plain(linear)}})
    with pytest.raises(InputError, match="a Morris design"):
        morris(frame, "y")
    frame = sweeps.sweep(points(3), {"a": {"y": sweeps.plain(linear)}})
    with pytest.raises(InputError, match="at least 20 for morris"):
        morris(frame, "y", design=DESIGN)
