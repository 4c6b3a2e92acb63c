"""Sobol indices: Ishigami, chance taken out, blocks lost, designs that do not fit."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import about, told
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.sweep import sensitivity
from velfaerd_sim.errors import InputError

pytest.importorskip("SALib")

NAMES = ("x1", "x2", "x3")
BOUNDS = ((-np.pi, np.pi),) * 3
DESIGN = PointLayout("saltelli", NAMES)


def points(blocks, *, second=False, names=NAMES, bounds=BOUNDS):
    from SALib.sample.sobol import sample

    problem = {"num_vars": len(names), "names": list(names), "bounds": [list(b) for b in bounds]}
    return sample(problem, blocks, calc_second_order=second, seed=3)


def frame_of(rule, x, **options):
    return sweeps.sweep(x, {"a": {"y": rule}}, **options)


@pytest.mark.parametrize("second", [False, True])
def test_ishigami_lies_in_the_intervals(second):
    frame = frame_of(sweeps.plain(sweeps.ishigami), points(1024, second=second))
    found = sensitivity.sobol(frame, "y", design=DESIGN)
    table = found.table.set_index("parameter").loc[list(NAMES)]
    first, total = sweeps.ishigami_indices()
    assert ((table["first_low"] <= first) & (first <= table["first_high"])).all()
    assert ((table["total_low"] <= total) & (total <= table["total_high"])).all()
    assert np.abs(table["first"] - first).max() < 0.03
    assert np.abs(table["total"] - total).max() < 0.03
    assert list(found.table["parameter"]) == ["x1", "x2", "x3"]
    assert "is decided by x1" in told(found)


def test_intervals_cover_at_their_rate():
    """With 40 samples of 95 % intervals of 6 indices, fewer than 85 % hits would be a fault.

    Intervals of a scrambled Sobol sequence are too wide rather than too narrow.
    """
    from SALib.sample.sobol import sample

    first, total = sweeps.ishigami_indices()
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [list(b) for b in BOUNDS]}
    hits = []
    for seed in range(40):
        x = sample(problem, 256, calc_second_order=False, seed=seed)
        found = sensitivity.sobol(
            frame_of(sweeps.plain(sweeps.ishigami), x), "y", design=DESIGN, resamples=300
        )
        table = found.table.set_index("parameter").loc[list(NAMES)]
        hits += list((table["first_low"] <= first) & (first <= table["first_high"]))
        hits += list((table["total_low"] <= total) & (total <= table["total_high"]))
    assert np.mean(hits) >= 0.85


def test_without_replicates_the_indices_are_those_of_salib():
    from SALib.analyze import sobol

    x = points(64)
    y = sweeps.ishigami(x)
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [list(b) for b in BOUNDS]}
    theirs = sobol.analyze(problem, y, calc_second_order=False, seed=1)
    found = sensitivity.sobol(frame_of(sweeps.plain(sweeps.ishigami), x), "y", design=DESIGN)
    table = found.table.set_index("parameter").loc[list(NAMES)]
    for column in ("first", "first_uncorrected"):
        np.testing.assert_allclose(table[column], theirs["S1"], rtol=1e-10, atol=1e-12)
    for column in ("total", "total_uncorrected"):
        np.testing.assert_allclose(table[column], theirs["ST"], rtol=1e-10, atol=1e-12)


def test_chance_is_taken_out():
    """A parameter that does nothing has no total index, though chance gives it one."""
    names = (*NAMES, "idle")
    design = PointLayout("saltelli", names)
    x = points(512, names=names, bounds=(*BOUNDS, (0.0, 1.0)))
    frame = frame_of(sweeps.noisy(sweeps.ishigami, 3.0), x, names=names, replicates=3)
    found = sensitivity.sobol(frame, "y", design=design)
    table = found.table.set_index("parameter").loc[list(names)]
    _, total = sweeps.ishigami_indices()
    assert table["total_uncorrected"]["idle"] > 0.1
    assert table["total_low"]["idle"] <= 0.0 <= table["total_high"]["idle"]
    assert (np.abs(table["total"].iloc[:3] - total) < 0.08).all()
    assert found.data["chance"] == pytest.approx(3.0 / (3.0 + 13.84), abs=0.03)
    assert "Not told from zero: idle (at most 0.0" in told(found)


def test_chance_common_to_all_points_does_no_harm():
    def rule(x, number):
        return sweeps.ishigami(x)[:, None] + 50.0 * number

    x = points(128)
    found = sensitivity.sobol(frame_of(rule, x, replicates=3), "y", design=DESIGN)
    without = sensitivity.sobol(
        frame_of(sweeps.plain(sweeps.ishigami), x, replicates=3), "y", design=DESIGN
    )
    np.testing.assert_allclose(found.table["total"], without.table["total"], rtol=1e-9)


def test_the_difference_of_two_regimes():
    x = points(1024)
    both = {
        "a": {"y": sweeps.plain(lambda x: 10.0 * x[:, 0] + x[:, 1])},
        "b": {"y": sweeps.plain(lambda x: 10.0 * x[:, 0])},
    }
    found = sensitivity.sobol(sweeps.sweep(x, both), "y", "a", "b", design=DESIGN)
    table = found.table.set_index("parameter")
    assert table["first"]["x2"] == pytest.approx(1.0, abs=0.02)
    assert table["total"]["x1"] == pytest.approx(0.0, abs=1e-12)
    assert "difference in y between a and b" in about(found)
    assert found.sufficient
    assert "Not told from zero: x1 (at most 0) and x3 (at most 0)." in told(found)


def test_a_small_sample_says_so():
    found = sensitivity.sobol(
        frame_of(sweeps.plain(sweeps.ishigami), points(32)), "y", design=DESIGN
    )
    assert found.sufficient is False
    assert "blocks are needed, not 32" in told(found)


def test_failed_runs_cost_their_block():
    frame = frame_of(sweeps.plain(sweeps.ishigami), points(256))
    frame.loc[7, ["status", "outcome.y"]] = ["failed", np.nan]
    frame.loc[501, "outcome.y"] = np.nan
    found = sensitivity.sobol(frame, "y", design=DESIGN)
    assert found.data["blocks"] == 254
    assert "1 run that failed and 1 run without a value" in told(found)
    assert "2 of 256 blocks of the design were incomplete" in told(found)
    gone = sensitivity.sobol(frame.drop(index=[7, 501]), "y", design=DESIGN)
    np.testing.assert_allclose(gone.table["total"], found.table["total"])


def test_a_missing_replicate_costs_its_block_that_replicate_only():
    frame = frame_of(sweeps.noisy(sweeps.ishigami, 1.0), points(256), replicates=3)
    whole = sensitivity.sobol(frame, "y", design=DESIGN)
    frame.loc[[10, 400], "status"] = "failed"
    found = sensitivity.sobol(frame, "y", design=DESIGN)
    assert found.data["blocks"] == 256
    np.testing.assert_allclose(found.table["total"], whole.table["total"], atol=0.02)
    twice = frame["point_id"] == frame["point_id"][10]
    frame.loc[twice & (frame["replicate"] > 0), "status"] = "failed"
    assert sensitivity.sobol(frame, "y", design=DESIGN).data["blocks"] == 255


def test_ids_may_count_from_one():
    frame = frame_of(sweeps.plain(sweeps.ishigami), points(64))
    shifted = frame.assign(point_id=frame["point_id"] + 1)
    one, other = (sensitivity.sobol(f, "y", design=DESIGN).table for f in (frame, shifted))
    np.testing.assert_array_equal(one["total"], other["total"])


def test_an_outcome_that_does_not_vary():
    frame = frame_of(sweeps.plain(lambda x: 0.0 * x[:, 0] + 0.1), points(32))
    found = sensitivity.sobol(frame, "y", design=DESIGN)
    assert "the same in all parameter sets" in told(found)


def test_pure_chance_is_called_so():
    frame = frame_of(sweeps.noisy(lambda x: 0.0 * x[:, 0], 1.0), points(64), replicates=2)
    found = sensitivity.sobol(frame, "y", design=DESIGN)
    assert "cannot be told from chance" in told(found)
    assert found.table["total"].isna().all()


def test_other_designs_are_refused():
    x = np.random.default_rng(1).uniform(-3.0, 3.0, (200, 3))
    with pytest.raises(InputError, match="a Saltelli design"):
        sensitivity.sobol(frame_of(sweeps.plain(sweeps.ishigami), x), "y")


def test_too_few_blocks_are_refused():
    with pytest.raises(InputError, match="at least 80 for sobol"):
        sensitivity.sobol(frame_of(sweeps.plain(sweeps.ishigami), points(8)), "y", design=DESIGN)
