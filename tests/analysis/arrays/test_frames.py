"""Reading a sweep's frame: pairs, gaps, names, and frames that are not of a sweep."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from velfaerd_sim.analysis.arrays.frames import direction, read_points
from velfaerd_sim.analysis.arrays.layouts import PointLayout, usable
from velfaerd_sim.errors import InputError
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words

X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
TELL = Teller(Words("en", "findings"))
FRAME = sweeps.sweep(
    X,
    {
        "a": {"y": lambda x, number: x[:, :1] + 10.0 * number},
        "b": {"y": lambda x, number: 2.0 * x[:, :1] + 10.0 * number},
    },
    replicates=2,
)


def test_points_are_read_in_the_order_of_their_ids():
    points = read_points(FRAME.sample(frac=1.0, random_state=1), "y", "a")
    np.testing.assert_array_equal(points.values, [[0.0, 10.0], [1.0, 11.0], [2.0, 12.0]])
    np.testing.assert_array_equal(points.parameters["x1"], X[:, 0])
    np.testing.assert_array_equal(points.mean, [5.0, 6.0, 7.0])
    assert points.left_out.facts() == ()


def test_a_difference_is_taken_run_by_run():
    frame = FRAME.copy()
    frame.loc[(frame["regime"] == "b") & (frame["point_id"] == 1), "outcome.y"] = [np.nan, 7.0]
    points = read_points(frame, "y", "b", "a")
    np.testing.assert_array_equal(points.values, [[0.0, 0.0], [np.nan, -4.0], [2.0, 2.0]])
    np.testing.assert_array_equal(points.mean, [0.0, -4.0, 2.0])
    text = TELL.sentence(*points.left_out.facts())
    assert text == "Left out of 12 runs: 1 run without a value of the outcome."


def test_failed_runs_are_left_out_even_with_a_value():
    frame = FRAME.copy()
    frame.loc[frame["point_id"] == 2, "status"] = "failed"
    points = read_points(frame, "y", "a")
    assert np.isnan(points.values[2]).all()
    expected = (
        "Left out of 6 runs: 2 runs that failed. 1 parameter set of 3 could therefore not be used."
    )
    assert TELL.sentence(*points.left_out.facts()) == expected
    assert len(usable(points, None, "a test", 2)[0].point_ids) == 2


def test_text_ids_keep_their_order():
    frame = FRAME.assign(point_id=FRAME["point_id"].map({0: "q", 1: "c", 2: "z"}))
    assert list(read_points(frame, "y", "a").point_ids) == ["q", "c", "z"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("yy", "a"), "did you mean 'y'"),
        (("y", None), "regime: nothing is given; allowed: one of a, b"),
        (("y", "c"), "regime: 'c' is not allowed"),
        (("y", "a", "a"), "against: 'a' is not allowed; allowed: b"),
    ],
)
def test_unknown_names(arguments, message):
    with pytest.raises(InputError, match=message):
        read_points(FRAME, *arguments)


def test_the_nearest_outcome_is_named():
    frame = FRAME.rename(columns={"outcome.y": "outcome.lonely_share"})
    with pytest.raises(InputError, match="did you mean 'lonely_share'"):
        read_points(frame, "lonely_shares", "a")


def test_seeds_must_agree_between_regimes():
    frame = FRAME.copy()
    frame.loc[frame["regime"] == "b", "seed"] += 1
    with pytest.raises(InputError, match="the same seeds in both regimes"):
        read_points(frame, "y", "a", "b")
    assert read_points(frame, "y", "a").mean[0] == 5.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="replicate"), "the columns"),
        (lambda f: f.drop(columns="outcome.y"), "columns of outcomes"),
        (lambda f: f.iloc[:0], "at least one run"),
        (lambda f: f.assign(status="failed"), "at least one run"),
        (lambda f: f.iloc[[0, *range(len(f))]], "one run a regime, point and replicate"),
    ],
)
def test_frames_that_are_not_of_a_sweep(change, message):
    with pytest.raises(InputError, match=message):
        read_points(change(FRAME), "y", "a")


def test_directions():
    assert direction("lonely_share") == -1
    assert direction("motivation_mean") == 1
    assert direction("motivation_mean.month_12") == 1
    assert direction("motivation_mean", "lower") == -1
    with pytest.raises(InputError, match="neither good nor bad"):
        direction("y")


def test_a_morris_design_is_no_sample_of_worlds():
    with pytest.raises(InputError, match="PRIM needs a sample of worlds"):
        usable(read_points(FRAME, "y", "a"), PointLayout("morris", ("x1",)), "PRIM", 2)
