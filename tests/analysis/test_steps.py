"""Effects of factors one at a time, by hand."""

import numpy as np
import pytest

from analysis import sweeps
from velfaerd_sim.analysis.layouts import Design
from velfaerd_sim.analysis.steps import one_at_a_time
from velfaerd_sim.errors import InputError

NAMES = ("x1", "x2", "x3")
# The base point first; x3 is as the regime has it unless it is set.
X = np.array(
    [
        [1.0, 1.0, np.nan],
        [0.0, 1.0, np.nan],
        [2.0, 1.0, np.nan],
        [1.0, 0.0, np.nan],
        [1.0, 3.0, np.nan],
        [1.0, 1.0, 0.0],
        [1.0, 1.0, 1.0],
    ]
)
DESIGN = Design("one_at_a_time", NAMES)


def rule(x):
    return 3.0 * x[:, 0] - x[:, 1] ** 2 + 0.5 * np.nan_to_num(x[:, 2], nan=0.4)


def frame_of(replicates=1, sd=0.0):
    return sweeps.sweep(X, {"a": {"y": sweeps.noisy(rule, sd)}}, replicates=replicates)


def test_effects_by_hand():
    """At the base 3 - 1 + 0.2 = 2.2; x1 over 0 to 2 spans 6, x2 over 0 to 3 spans 9, x3 0.5."""
    found = one_at_a_time(frame_of(replicates=2), "y", design=DESIGN)
    assert found.data["base"] == pytest.approx(2.2)
    table = found.table
    ones = table[table["parameter"] == "x1"]
    np.testing.assert_allclose(ones["value"], [0.0, 1.0, 2.0])
    np.testing.assert_allclose(ones["change"], [-3.0, 0.0, 3.0])
    thirds = table[table["parameter"] == "x3"]
    np.testing.assert_allclose(thirds["change"], [-0.2, 0.3])
    ranges = found.data["ranges"]
    assert list(ranges["parameter"]) == ["x2", "x1", "x3"]
    np.testing.assert_allclose(ranges["span"], [9.0, 6.0, 0.5])
    np.testing.assert_allclose(ranges["span_low"], [9.0, 6.0, 0.5])
    assert (ranges["from_value"][0], ranges["to_value"][0]) == (3.0, 0.0)
    assert "is moved by x2 by 9 [9, 9] (lowest at 3, highest at 0)" in found.sentence


def test_effects_and_chance():
    found = one_at_a_time(frame_of(replicates=6, sd=1.0), "y", design=DESIGN)
    ranges = found.data["ranges"].set_index("parameter")
    assert ranges["span_low"]["x1"] < 6.0 < ranges["span_high"]["x1"]
    assert "Not told from chance: x3." in found.sentence
    alone = one_at_a_time(frame_of(), "y", design=DESIGN)
    assert "With one replicate" in alone.sentence


def test_failed_points_are_left_out():
    frame = frame_of(replicates=2)
    frame.loc[frame["point_id"].isin([3, 5, 6]), "status"] = "failed"
    found = one_at_a_time(frame, "y", design=DESIGN)
    assert set(found.table["parameter"]) == {"x1", "x2"}
    assert "6 runs that failed" in found.sentence
    frame.loc[frame["point_id"] == 0, "status"] = "failed"
    with pytest.raises(InputError, match="no value at the base point"):
        one_at_a_time(frame, "y", design=DESIGN)


def test_other_designs_are_refused():
    with pytest.raises(InputError, match="a design of kind 'one_at_a_time'"):
        one_at_a_time(frame_of(), "y", design=Design("grid", NAMES))
