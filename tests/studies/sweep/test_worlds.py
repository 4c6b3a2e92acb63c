"""Sweeps in many worlds: what each run is, and that it can be resumed, extended and verified."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from studies.sweep.small import same, small_study
from velfaerd_sim.engine.cost import cost_of
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments.replicates import replicate_seed, run_replicate
from velfaerd_sim.studies.loading import load_study
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.studies.sweep.study_files import load_study_file
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.studies.sweep.tasks import replicate_task, tasks
from velfaerd_sim.studies.verification import verify

TWO = Worlds(
    "two",
    (
        World(5, 0.5, {"base_pressure": 0.1, "drift_rate": 0.01}),
        World(9, 0.5, {"base_pressure": 0.5, "drift_rate": 0.02}),
    ),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds") / "study"
    sweep(small_study(size=4, worlds=TWO), folder, workers=1)
    return folder


def test_every_point_is_run_in_every_world(whole: Path) -> None:
    frame = load_study(whole)
    assert len(frame) == 4 * 2 * 2 * 2
    assert list(frame.columns[:6]) == [
        *("run_id", "point_id", "replicate", "world", "seed", "regime")
    ]
    worlds = frame.groupby("replicate")["world"].unique().map(list).to_dict()
    assert worlds == {0: [5], 1: [9], 2: [5], 3: [9]}
    seeds = frame.groupby("replicate")["seed"].first().tolist()
    assert seeds == [replicate_seed(1, number) for number in range(4)]
    assert frame["run_id"].is_unique


def test_factors_beat_the_world_and_the_world_the_defaults(whole: Path) -> None:
    study = small_study(size=4, worlds=TWO)
    assert study.worlds is not None
    assert study.worlds.names == ("base_pressure",)
    task = list(tasks(study))[4 + 1]
    scenario = replicate_task(study, task).scenario
    values = scenario.parameter_values()
    assert values["base_pressure"] == 0.5
    assert values["drift_rate"] == dict(task.point.values)["drift_rate"]
    found = run_replicate(replicate_task(study, task)).series[0]
    frame = load_study(whole)
    rows = frame[(frame["point_id"] == task.point.point_id) & (frame["replicate"] == 1)]
    columns = [reading.column for reading in study.readings]
    np.testing.assert_array_equal(rows[columns].to_numpy()[0], study.read(found)[0])


def test_a_world_of_defaults_gives_what_no_worlds_give(tmp_path: Path) -> None:
    worlds = Worlds("defaults", (World(1, 1.0, defaults()),))
    one = sweep(small_study(size=4, worlds=worlds), tmp_path / "one", workers=1)
    plain = sweep(small_study(size=4), tmp_path / "plain", workers=1)
    same(one.frame().drop(columns="world"), plain.frame())


def test_processes_give_the_same_and_verify_agrees(whole: Path, tmp_path: Path) -> None:
    sweep(small_study(size=4, worlds=TWO), tmp_path / "two", workers=2)
    same(load_study(tmp_path / "two"), load_study(whole))
    found = verify(whole, sample=3)
    assert (found.runs, found.of_runs) == (6, 32)


def test_it_extends_and_refuses_other_worlds(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    first = sweep(small_study(size=4, replicates=1, worlds=TWO), folder, workers=1)
    assert first.new == 16
    more = sweep(small_study(size=4, worlds=TWO), folder, workers=1)
    assert more.new == 16
    same(more.frame(), load_study(whole))
    assert sweep(small_study(size=4, worlds=TWO), folder).new == 0
    with pytest.raises(StudyError, match="the worlds are others"):
        sweep(small_study(size=4), folder, worlds="prior:2")


def test_worlds_of_a_study_file(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("world,base_pressure,drift_rate\n1,0.1,0\n2,0.2,0\n")
    file = tmp_path / "study.toml"
    file.write_text(
        'worlds = "mine.csv"\nreplicates = 3\nadults = 200\nfactors = ["drift_rate"]\n'
        '[design]\nkind = "grid"\nlevels = 2\n[parameters]\nbase_pressure = 0.3\n'
    )
    study = load_study_file(file)
    assert study.worlds is not None
    assert study.worlds.names == ()
    assert (len(study.worlds), study.repeats, len(study.seeds)) == (2, 6, 6)
    assert cost_of(SweepPlan(study), timed=False).rows == 2 * 6
    assert SweepStudy.from_dict(study.to_dict()) == study
    assert SweepStudy.from_dict(study.to_dict()).digest() == study.digest()
    assert study.with_(worlds="prior:3").digest() != study.digest()
    file.write_text('worlds = "yours.csv"\n')
    with pytest.raises(InputError, match=r"study\.toml: worlds"):
        load_study_file(file)


def test_what_is_no_worlds_is_refused() -> None:
    with pytest.raises(InputError, match="worlds"):
        small_study(worlds=["prior"])
    with pytest.raises(InputError, match="at most 10000000 runs"):
        small_study(worlds="prior:2000", size=8192)


def test_run_ids_depend_on_the_parameters_of_the_world(whole: Path) -> None:
    frame = load_study(whole)
    again = pd.read_parquet(next((whole / "runs").glob("*.parquet")))
    assert set(again["run_id"]) == set(frame["run_id"])
    assert frame.groupby(["point_id", "regime"])["run_id"].nunique().eq(4).all()
