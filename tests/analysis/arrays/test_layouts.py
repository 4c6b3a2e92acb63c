"""Designs of a study meet the frame of its runs: rows, shared points, gaps, other kinds."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from velfaerd_sim.analysis.arrays.frames import read_points
from velfaerd_sim.analysis.arrays.layouts import (
    PointLayout,
    independent,
    rows_of,
    saltelli,
    trajectories,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.studies.sweep import designs

FACTORS = (
    Factor.of("hours_per_1000", low=4, high=64, distribution="log_uniform"),
    Factor.of("espoused_gap", values=[0.0, 0.4, 0.8]),
    Factor.of("governance_strength"),
)


def studied(kind, **options):
    """Give a design of the studies, and the frame of its runs, each point once and shuffled."""
    chosen = designs.Design(kind=kind, **options)
    points = designs.sample(chosen, FACTORS, 1)
    first = dict(zip(points.ids, points.values, strict=True))
    x = np.array(list(first.values()))
    frame = sweeps.sweep(
        x, {"a": {"y": sweeps.plain(lambda x: x[:, 0] + x[:, 1])}}, names=points.names
    )
    frame["point_id"] = np.array(list(first))[frame["point_id"].to_numpy()]
    return PointLayout.of(chosen, points), frame.sample(frac=1.0, random_state=1, ignore_index=True)


@pytest.mark.parametrize("second", [False, True])
def test_a_saltelli_design_of_a_study(second):
    design, frame = studied("saltelli", size=32, second_order=second)
    points = read_points(frame, "y", "a")
    found = saltelli(points, design)
    assert found.layout.shape == (32, 5)
    table = points.parameters[list(design.names)].to_numpy()
    a, b = table[found.base[0]], table[found.base[1]]
    for j in range(3):
        expected = a.copy()
        expected[:, j] = b[:, j]
        np.testing.assert_array_equal(table[found.mixed[:, j]], expected)
    worlds, rows = independent(points, design, "a test")
    assert len(worlds.point_ids) == len(rows) == 64
    expected = np.sort(np.concatenate(found.base))
    np.testing.assert_array_equal(np.sort(rows_of(points, design)[rows]), expected)


def test_points_in_several_rows_are_run_once_and_used_in_each():
    pytest.importorskip("SALib")
    design, frame = studied("morris", size=20, levels=4)
    points = read_points(frame, "y", "a")
    assert len(points.point_ids) < 80
    found = trajectories(points, design)
    assert found.points.shape == (20, 4)
    assert found.x.shape == (20, 4, 3)


def test_points_that_were_never_run_leave_their_block_out():
    design, frame = studied("saltelli", size=32)
    gone = design.ids[7]
    points = read_points(frame[frame["point_id"] != gone], "y", "a")
    assert len(saltelli(points, design).layout) == 31
    worlds, _ = independent(points, design, "a test")
    assert len(worlds.point_ids) == 64
    gone = design.ids[5]
    points = read_points(frame[frame["point_id"] != gone], "y", "a")
    worlds, _ = independent(points, design, "a test")
    assert len(worlds.point_ids) == 63
    assert worlds.left_out.points_without_value == 1


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "grid"])
def test_other_designs_are_samples_as_they_are(kind):
    design, frame = studied(kind, **({} if kind == "grid" else {"size": 32}))
    points = read_points(frame, "y", "a")
    assert len(independent(points, design, "a test")[0].point_ids) == len(design.ids)
    with pytest.raises(InputError, match=f"design: '{kind}' is not allowed; allowed: a Saltelli"):
        saltelli(points, design)
    with pytest.raises(InputError, match="allowed: a Morris design"):
        trajectories(points, design)


def test_points_one_at_a_time_are_no_sample():
    chosen = designs.Design(kind="one_at_a_time")
    points = designs.sample(chosen, FACTORS, 1, (28.0, 0.2, 1.0))
    frame = sweeps.sweep(points.values, {"a": {"y": sweeps.plain(lambda x: x[:, 0])}})
    found, design = read_points(frame, "y", "a"), PointLayout.of(chosen, points)
    with pytest.raises(InputError, match="a test needs a sample of worlds"):
        independent(found, design, "a test")
