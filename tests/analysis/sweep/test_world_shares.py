"""Design, worlds and chance: by hand, with known components, and with gaps."""

import numpy as np
import pytest

from analysis.sweep import sweeps
from analysis.sweep.sweeps import told
from studies.sweep.small import small_study
from velfaerd_sim.analysis.sweep import variance, world_shares
from velfaerd_sim.analysis.sweep.answers import analyse
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.sweep.sweeping import sweep

pytestmark = pytest.mark.slow


def nested(shape, sds, seed):
    """Values (points, worlds, replicates) of the four parts, of which chance is half common."""
    p, w, r = shape
    generator = np.random.default_rng(seed)
    sizes = [(p, 1, 1), (1, w, 1), (p, w, 1), (1, w, r), (p, w, r)]
    each = (*sds[:3], sds[3] / 2**0.5, sds[3] / 2**0.5)
    return sum(sd * generator.standard_normal(size) for sd, size in zip(each, sizes, strict=True))


def frame_of(values):
    """The frame of a sweep: replicate i of a point is replicate i // worlds in world i % worlds."""
    flat = values.transpose(0, 2, 1).reshape(len(values), -1)
    x = np.random.default_rng(9).random((len(values), 1))
    return sweeps.sweep(x, {"a": {"y": lambda x, number: flat}}, replicates=flat.shape[1])


def test_components_by_hand():
    """Two points, two worlds, two replicates.

    Cell means (1, 5), (3, 11): grand 5; points 3, 7; worlds 2, 8; crossed +-1. Squares: points
    2 x 2 x (4 + 4) = 32, crossed 2 x 4 x 1 = 8. All replicates are +-0.5 around their cell, the
    same at both points: their means over points give 4 x 0.25 / 2 = 0.5 within worlds, rest 0.
    """
    cells = np.array([[1.0, 5.0], [3.0, 11.0]])
    values = cells[:, :, None] + np.array([-0.5, 0.5])
    found = world_shares.components(values)
    worlds = 18.0 - 8.0 / (2 * 2) - 0.5 / 2
    assert found == pytest.approx([(32.0 - 8.0) / 4, worlds, 8.0 / 2, 0.5])


def test_one_point_is_the_one_way_analysis():
    values = np.array([[[1.0, 2.0], [3.0, 6.0]]])
    assert world_shares.components(values) == pytest.approx([0.0, 3.25, 0.0, 2.5])


def test_known_components_are_found():
    parts = np.array([1.0, 2.0, 0.7, 1.5])
    drawn = np.array([world_shares.components(nested((12, 30, 2), parts, s)) for s in range(300)])
    room = 4.0 * drawn.std(axis=0) / np.sqrt(300)
    assert (np.abs(drawn.mean(axis=0) - parts**2) < room).all()


def test_intervals_cover_at_their_rate():
    """Sixty samples: 95 % intervals may miss more than 9 times in 2 of 1000 tries."""
    parts = np.array([1.0, 1.5, 0.5, 1.0])
    truth = parts**2 / (parts**2).sum()
    hits = np.zeros(4)
    for seed in range(60):
        found = world_shares.split_worlds(
            frame_of(nested((40, 40, 2), parts, seed)), "y", worlds=40, draws=200, seed=seed
        )
        low, high = found.table["low"].to_numpy(), found.table["high"].to_numpy()
        hits += (low <= truth) & (truth <= high)
    assert (hits >= 51).all(), hits


def test_a_split_is_told_in_words():
    found = world_shares.split_worlds(
        frame_of(nested((20, 30, 2), (1.0, 2.0, 0.0, 0.5), 2)), "y", worlds=30, draws=50
    )
    assert list(found.table["part"]) == list(world_shares.PARTS)
    assert found.table["share"].sum() == pytest.approx(1.0)
    assert "(20 parameter sets, 30 worlds, 2 replicates in each)" in told(found)
    assert "from the worlds' parameters" in told(found)
    one = world_shares.split_worlds(frame_of(nested((1, 30, 2), (0, 1, 0, 1), 3)), "y", worlds=30)
    assert list(one.table["part"]) == ["worlds", "chance"]
    same = world_shares.split_worlds(frame_of(np.full((4, 5, 2), 0.25)), "y", worlds=5, draws=5)
    assert "is the same in all runs" in told(same)
    assert not same.sufficient


def test_gaps_leave_out_worlds_and_replicates():
    values = nested((5, 6, 3), (1.0, 1.0, 0.3, 1.0), 4)
    holes = values.copy()
    holes[2, 1, 2] = np.nan
    holes[:, 4, 1:] = np.nan
    holes[:, :, 2][:, 3:] = np.nan
    found = world_shares.split_worlds(frame_of(holes), "y", worlds=6, draws=10)
    assert (found.data["worlds"], found.data["replicates"]) == (5, 2)
    full = world_shares.components(values[:, [0, 1, 2, 3, 5], :2])
    assert found.table["variance"].to_numpy() == pytest.approx(full)
    holes[3, [0, 1, 2]] = np.nan
    found = world_shares.split_worlds(frame_of(holes), "y", worlds=6, draws=10)
    assert (found.data["points"], found.data["worlds"]) == (4, 5)


def test_too_little_is_refused():
    with pytest.raises(InputError, match="at least 2 in a world"):
        world_shares.split_worlds(frame_of(nested((5, 6, 1), (1, 1, 0, 1), 4)), "y", worlds=6)
    with pytest.raises(InputError, match="worlds: 2 is not allowed"):
        world_shares.split_worlds(frame_of(nested((5, 2, 3), (1, 1, 0, 1), 4)), "y", worlds=2)


def test_runs_are_averaged_by_world():
    values = nested((3, 4, 2), (1, 1, 0, 1), 4)
    frame = frame_of(values)
    frame.loc[(frame["point_id"] == 1) & (frame["replicate"] == 5), "status"] = "failed"
    frame.loc[(frame["point_id"] == 2) & (frame["replicate"] % 4 == 3), "status"] = "failed"
    found = world_shares.by_world(frame, 4)
    table = found.pivot(index="point_id", columns="replicate", values="outcome.y")
    expected = values.mean(axis=2)
    expected[1, 1] = values[1, 1, 0]
    expected[2, 3] = np.nan
    np.testing.assert_allclose(table.to_numpy(), expected)
    assert found["status"].tolist().count("failed") == 1
    assert found["seed"].tolist() == (found["replicate"] + 101).tolist()
    assert world_shares.by_world(frame, 1) is frame


def test_a_sweep_in_worlds_is_analysed(tmp_path):
    study = small_study(size=16, worlds="prior:5")
    sweep(study, tmp_path, workers=1)
    found = analyse(tmp_path, AnalysisChoice(("loneliness_mean",)))
    assert not found.of("variance")
    (split,) = [one for one in found.of("worlds", "loneliness_mean") if one.against]
    assert (split.finding.data["points"], split.finding.data["worlds"]) == (16, 5)
    assert "zero in" in told(split.finding)
    assert found.planned == found.done == 16 * 5 * 2 * 2
    assert found.of("contrasts")


def test_a_sweep_without_factors_tells_worlds_from_chance(tmp_path):
    study = small_study(worlds="prior:6").with_(factors=(), design=type(small_study().design)())
    sweep(study, tmp_path, workers=1)
    found = analyse(tmp_path, AnalysisChoice(("loneliness_mean",)))
    assert [len(one.finding.table) for one in found.of("worlds")] == [2] * len(found.of("worlds"))
    over = found.of("worlds", "loneliness_mean")[0].finding.data["over_worlds"]
    rows = found.frame.set_index(["replicate", "regime"])["outcome.loneliness_mean"].unstack()
    gap = rows["facilitative_dialogue"] - rows["rigid_rules"]
    assert over["mean"] == pytest.approx(gap.mean())
    parts = variance.mean_squares(gap.to_numpy().reshape(2, 6).T)
    assert over["sd_chance"] ** 2 == pytest.approx((parts[1] + 5 * parts[2]) / 6)
