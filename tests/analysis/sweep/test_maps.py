"""Maps: a planted line, its uncertainty, averages over other parameters, and what is no grid."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.sweep.maps import (
    between_clear,
    extent_of,
    reversal_map,
    turns,
    zero_line,
)
from velfaerd_sim.analysis.sweep.responses import response
from velfaerd_sim.errors import InputError

STEPS = np.linspace(0.0, 1.0, 9)
GRID = np.array([(a, b) for a in STEPS for b in STEPS])


def slope(x):
    """Difference that is zero along y = 0.2 + x / 2."""
    return x[:, 1] - 0.2 - 0.5 * x[:, 0]


def frame_of(rule=slope, x=GRID, replicates=1, sd=0.0, seed=1):
    both = {
        "a": {"y": sweeps.noisy(rule, sd, seed)},
        "b": {"y": sweeps.plain(lambda x: 0.0 * x[:, 0])},
    }
    return sweeps.sweep(x, both, replicates=replicates)


def draw(frame, **options):
    return reversal_map(frame, "y", "a", "b", "x1", "x2", better="higher", **options)


def test_a_planted_line_is_found():
    found = draw(frame_of(replicates=3))
    data = found.data["map"]
    np.testing.assert_allclose(data.difference, STEPS[:, None] - 0.2 - 0.5 * STEPS[None, :])
    (line,) = data.line
    np.testing.assert_allclose(line[:, 1], 0.2 + 0.5 * line[:, 0], atol=1e-12)
    assert (line[:, 0].min(), line[:, 0].max()) == (0.0, 1.0)
    np.testing.assert_allclose(found.table["x"], STEPS)
    np.testing.assert_allclose(found.table["y"], 0.2 + 0.5 * STEPS)
    assert "at x2 = 0.2 [0.2, 0.2] for x1 = 0 and at x2 = 0.7 [0.7, 0.7]" in told(found)


@pytest.mark.parametrize("seed", range(5))
def test_no_line_is_drawn_where_no_cell_is_clear_on_both_sides(seed):
    """Chance crosses zero in nearly every column; nothing of it is told as a reversal."""
    found = draw(frame_of(lambda x: 0.0 * x[:, 0], replicates=4, sd=0.2, seed=seed))
    data = found.data["map"]
    assert (data.difference > 0.0).any()
    assert (data.difference < 0.0).any()
    assert not len(found.table)
    assert data.line == data.line_low == data.line_high == []
    assert "No turn of the ranking is shown" in told(found)
    ahead = draw(frame_of(lambda x: 0.1 + 0.0 * x[:, 0], replicates=4, sd=0.2, seed=seed))
    assert not len(ahead.table)


def test_with_one_replicate_no_line_is_told():
    found = draw(frame_of())
    assert not len(found.table)
    assert found.data["map"].line == []
    assert "with one replicate it is not known" in told(found)


def test_a_place_lies_between_clear_values_by_hand():
    y = np.array([0.0, 1.0, 2.0, 3.0])
    assert between_clear(y, np.array([-1, 0, 0, 1]), 1.5)
    assert between_clear(y, np.array([1, 0, -1, -1]), 0.5)
    assert not between_clear(y, np.array([-1, -1, 0, 0]), 1.5)
    assert not between_clear(y, np.array([0, 0, 1, -1]), 1.5)


def test_the_line_and_its_uncertainty():
    """Chance of 0.2 over 16 replicates: an error of 0.05 in each cell.

    At a slope of 1 the line between two cells has an error of 0.05 x sqrt(w^2 + (1 - w)^2).
    """
    found = draw(frame_of(replicates=16, sd=0.2))
    table, data = found.table, found.data["map"]
    truth = 0.2 + 0.5 * table["x"]
    covered = (table["y_low"] <= truth) & (truth <= table["y_high"])
    assert covered.mean() >= 7 / 9
    assert (table["y_high"] - table["y_low"]).median() == pytest.approx(4.0 * 0.05 * 0.8, rel=0.25)
    exact = STEPS[:, None] - 0.2 - 0.5 * STEPS[None, :]
    wrong = (data.sign * np.sign(exact) < 0).sum()
    assert wrong <= 1
    assert (data.sign[np.abs(exact) > 0.25] == np.sign(exact[np.abs(exact) > 0.25])).all()
    assert 0.05 < (data.sign == 0).mean() < 0.5
    assert len(data.line_low) >= 1
    assert len(data.line_high) >= 1
    assert "clearly ahead in" in told(found)


def test_cells_that_are_certain():
    data = draw(frame_of(replicates=3)).data["map"]
    np.testing.assert_array_equal(data.sign, np.sign(np.round(data.difference, 12)))


def test_less_may_be_better():
    found = reversal_map(frame_of(replicates=3), "y", "a", "b", "x1", "x2", better="lower")
    higher = draw(frame_of(replicates=3))
    np.testing.assert_array_equal(found.data["map"].sign, -higher.data["map"].sign)
    np.testing.assert_array_equal(found.table["y"], higher.table["y"])


def test_other_parameters_are_averaged_over():
    """The third parameter moves the line by -0.1, 0 or 0.1."""
    x = np.array([(a, b, c) for a in STEPS for b in STEPS for c in (-0.1, 0.0, 0.1)])
    found = draw(frame_of(lambda x: slope(x) - x[:, 2], x, replicates=3))
    np.testing.assert_allclose(found.table["y"], 0.2 + 0.5 * STEPS, atol=1e-12)
    with pytest.raises(InputError, match="crosses x1 and x2 with all the rest"):
        draw(frame_of(x=x[:-1]))
    x[5, 2] = 0.3
    with pytest.raises(InputError, match=r"other parameters \(x3\) differ between cells"):
        draw(frame_of(x=x))


def test_no_reversal_is_said():
    found = draw(frame_of(lambda x: 1.0 + x[:, 0]))
    assert not len(found.table)
    assert found.data["map"].line == []
    assert "The ranking does not turn" in told(found)


def test_turns_by_hand():
    y = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    assert turns(y, np.array([-1.0, 1.0, 3.0, -1.0, -2.0])) == [0.5, 2.75]
    assert turns(y, np.array([-1.0, 0.0, 1.0, 0.0, 1.0])) == [1.0]
    assert turns(y, np.array([-1.0, 0.0, 0.0, 0.0, 2.0])) == [2.0]
    assert turns(y, np.array([0.0, 0.0, 1.0, 1.0, 0.0])) == []


def test_the_extent_of_a_sign_by_hand():
    y = np.array([0.0, 1.0, 2.0, 3.0])
    assert extent_of(-1.0, y, np.array([-1.0, -1.0, 1.0, 1.0])) == 1.5
    assert extent_of(-1.0, y, np.array([-1.0, 1.0, -1.0, 3.0])) == 1.25
    assert extent_of(-1.0, y, np.array([1.0, 1.0, 1.0, 1.0])) == 0.0
    assert extent_of(-1.0, y, np.array([-1.0, -1.0, -1.0, -1.0])) == 3.0


def test_a_line_that_turns_back():
    """Ahead between x2 = 0.3 and 0.7: two crossings, each with its own interval."""
    rule = lambda x: 0.04 - (x[:, 1] - 0.5) ** 2  # noqa: E731
    table = draw(frame_of(rule, replicates=20, sd=0.01)).table
    assert len(table) == 18
    assert table["y"].to_numpy() == pytest.approx(np.tile([0.3, 0.7], 9), abs=0.04)
    assert (table["y_low"] < table["y"]).all()
    assert (table["y"] < table["y_high"]).all()


def test_no_line_without_numbers():
    assert zero_line(STEPS, STEPS, np.full((9, 9), np.nan)) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.random.default_rng(1).random((60, 2))}, "a grid of the two"),
        ({"x": np.array([(a, b) for a in (0.0, 1.0) for b in STEPS])}, "at least 3 values"),
    ],
)
def test_what_is_no_grid(change, message):
    with pytest.raises(InputError, match=message):
        draw(frame_of(**change))


def test_names_and_gaps():
    frame = frame_of()
    for x, y, message in (("x1", "x1", "another parameter"), ("x1", "x3", "y: 'x3'")):
        with pytest.raises(InputError, match=message):
            reversal_map(frame, "y", "a", "b", x, y, better="higher")
    frame.loc[frame["point_id"] == 20, "status"] = "failed"
    with pytest.raises(InputError, match=r"no value at x1 = 0\.25, x2 = 0\.25"):
        draw(frame)


def test_the_interval_of_a_share_stays_between_none_and_all():
    x = np.array([[0.0], [1.0]])
    rule = {"a": {"retention_12m": sweeps.noisy(lambda x: 0.5 + 0.0 * x[:, 0], 0.3)}}
    frame = sweeps.sweep(x, rule, replicates=2)
    line = response(frame, "retention_12m", "a", None, "x1").data["line"]
    assert (line.low >= 0.0).all()
    assert (line.high <= 1.0).all()
    assert (line.low == 0.0).any() or (line.high == 1.0).any()
