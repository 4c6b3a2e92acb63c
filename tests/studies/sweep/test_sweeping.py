"""Sweeps end to end: the same table however it was run, resumed, extended, refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from studies.sweep.small import same, small_study
from velfaerd_sim import load_study, sweep, verify
from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.errors import (
    InputError,
    StorageError,
    StudyError,
    VelfaerdError,
    VerificationError,
)
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.studies.sweep import tasks as sweep_tasks
from velfaerd_sim.studies.sweep import worker as sweep_worker
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.plan import SweepPlan, check_continues
from velfaerd_sim.studies.sweep.study import SweepStudy


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweeps") / "whole"
    with ThreadPoolExecutor(2) as pool:
        sweep(small_study(), folder, executor=pool)
    return folder


def test_a_row_a_run(whole: Path) -> None:
    study, frame = small_study(), load_study(whole)
    assert list(frame.columns) == SweepPlan(study).schema().names
    assert len(frame) == 8 * 2 * 2
    assert frame["run_id"].is_unique
    assert set(frame["status"]) == {"done"}
    assert frame["message"].isna().all()
    assert list(frame["replicate"]) == [0] * 16 + [1] * 16
    assert list(frame["point_id"][:16:2]) == [point.point_id for point in study.points.distinct]
    assert list(frame["seed"].unique()) == list(study.seeds)
    values = study.points.values
    np.testing.assert_array_equal(frame["parameter.drift_rate"][:16:2], values[:, 0])
    training = frame["parameter.instrument.training.rigid_rules"]
    np.testing.assert_array_equal(training[:16:2], values[:, 1])
    assert frame["outcome.loneliness_mean.month_3"].notna().all()
    record = json.loads((whole / "study.json").read_text())
    assert record["status"] == "complete"
    assert record["counts"] == {"planned": 32, "done": 32, "failed": 0}
    assert record["table"]["rows"] == 32
    assert SweepStudy.from_dict(record["study"]).digest() == study.digest()


def test_done_work_is_not_done_again(whole: Path) -> None:
    before = {path: path.read_bytes() for path in (whole / "runs").iterdir()}
    assert sweep(small_study(), whole).new == 0
    assert {path: path.read_bytes() for path in (whole / "runs").iterdir()} == before


def test_more_replicates_and_points_extend(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(2) as pool:
        assert sweep(small_study(4, 1), out, executor=pool).new == 8
        assert sweep(small_study(8, 1), out, executor=pool).new == 8
        assert sweep(small_study(8, 2), out, executor=pool).new == 16
    same(load_study(out), load_study(whole))
    assert len(list((out / "runs").iterdir())) == 1
    with pytest.raises(StudyError, match="2 replicates became 1"):
        sweep(small_study(8, 1), out)


def test_another_study_is_refused_or_branches(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = small_study(seed=9)
    with pytest.raises(StudyError, match=r"seed.*--branch"):
        sweep(other, whole)
    with ThreadPoolExecutor(2) as pool:
        branched = sweep(other, whole, executor=pool, branch="seed-9")
    assert branched.folder == whole / "branches" / "seed-9"
    assert len(branched.frame()) == 32
    sweep(small_study(), whole)
    monkeypatch.setattr(records, "model_digest", lambda: "0" * 64)
    with pytest.raises(StudyError, match="another version of the model"):
        sweep(small_study(), whole)


def test_a_damaged_part_is_named_and_done_again(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(2) as pool:
        sweep(small_study(), out, executor=pool)
        (part,) = (out / "runs").iterdir()
        part.write_bytes(part.read_bytes()[:-100])
        with pytest.raises(StorageError, match=part.name):
            load_study(out)
        done = sweep(small_study(), out, executor=pool)
    assert part.name in done.notes[0]
    assert done.new == 32
    same(done.frame(), load_study(whole))


def test_a_failed_run_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlucky = small_study().points.distinct[3].values

    def replicate_task(study: SweepStudy, task: object, threads: int) -> object:
        if task.point.values == unlucky and task.replicate == 1:
            raise ZeroDivisionError("no luck")
        return real(study, task, threads)

    real = sweep_worker.replicate_task
    with ThreadPoolExecutor(2) as pool:
        monkeypatch.setattr(sweep_worker, "replicate_task", replicate_task)
        done = sweep(small_study(), tmp_path / "out", executor=pool)
        assert (done.done, done.failed) == (30, 2)
        failed = done.frame().query("status == 'failed'")
        assert list(failed["message"]) == ["ZeroDivisionError: no luck"] * 2
        assert set(failed["seed"]) == {small_study().seeds[1]}
        assert failed["outcome.loneliness_mean"].isna().all()
        assert done.failures[0]["message"] == "ZeroDivisionError: no luck"
        assert sweep(small_study(), tmp_path / "out", executor=pool).new == 0
        with pytest.raises(VelfaerdError, match=r"no luck.*replicate 1, seed"):
            sweep(small_study(), tmp_path / "fast", executor=pool, fail_fast=True)
        monkeypatch.setattr(sweep_worker, "replicate_task", real)
        again = sweep(small_study(), tmp_path / "out", executor=pool, retry_failed=True)
    assert (again.done, again.failed, again.new) == (32, 0, 2)


def test_one_process_at_a_time(whole: Path) -> None:
    record = SweepPlan(small_study()).record("")
    with (
        store.opened(whole, record, check=check_continues),
        pytest.raises(StorageError, match="another process"),
    ):
        sweep(small_study(), whole)


def test_wrong_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments in (
        {"workers": 0},
        {"branch": "a/b"},
        {"branch": ".."},
        {"scheduler": "tcp://127.0.0.1:1"},
    ):
        with pytest.raises(InputError):
            sweep(small_study(), out, **arguments)
        assert not out.exists()


def test_verify(whole: Path, tmp_path: Path) -> None:
    found = verify(whole)
    assert (found.runs, found.of_runs) == (32, 32)
    assert len(found.files) == 2
    found = verify(whole, sample=3)
    assert (found.runs, found.of_runs) == (6, 32)


def test_verify_finds_what_was_changed(whole: Path, tmp_path: Path) -> None:
    (part,) = (whole / "runs").iterdir()
    for change in ("bits", "numbers"):
        out = tmp_path / change
        (out / "runs").mkdir(parents=True)
        (out / "study.json").write_bytes((whole / "study.json").read_bytes())
        if change == "bits":
            (out / "runs" / part.name).write_bytes(part.read_bytes()[:-9] + b"x" * 9)
        else:
            frame = pd.read_parquet(part)
            frame.loc[7, "outcome.loneliness_mean"] *= 1.0 + 1e-15
            table = store.pa.Table.from_pandas(frame, preserve_index=False)
            with store.Folder(out, None).transaction() as work:
                work.part(parts.stem(1), table.cast(SweepPlan(small_study()).schema()))
        with pytest.raises(VerificationError) as caught:
            verify(out)
        expected = {
            "bits": [f"runs/{part.name} was changed"],
            "numbers": ["the 32 rows", "row 7", "column outcome.loneliness_mean"],
        }
        assert all(words in str(caught.value) for words in expected[change])


def test_verify_a_sweep_that_is_not_finished(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(2) as pool, pytest.raises(KeyboardInterrupt):
        sweep(small_study(), out, executor=pool, progress=stop_in_the_middle)
    found = verify(out)
    assert 0 < found.runs == found.of_runs < 32
    assert found.notes
    assert len(load_study(out)) == found.runs


def stop_in_the_middle(advance: Advance) -> None:
    if advance.runs_done >= 4:
        raise KeyboardInterrupt


def test_points_that_differ_in_instruments_share_burn_ins_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("instrument.rigidity", "instrument.training.rigid_rules", "drift_rate")
    factors = tuple(Factor.of(name, levels=2) for name in names)
    study = small_study(factors=factors, design=Design(kind="grid"), replicates=2)
    counted: list[str] = []

    def counting(name: str) -> None:
        real = getattr(sweep_worker.Simulation, name)

        def call(*given: Any, **more: Any) -> Any:
            counted.append(name)
            return real(*given, **more)

        monkeypatch.setattr(sweep_worker.Simulation, name, call)

    apart = sweep(study, tmp_path / "apart", executor=ThreadPoolExecutor(1))
    monkeypatch.setattr(sweep_tasks, "LEAST_GROUPS", 1)
    for name in ("__init__", "fork"):
        counting(name)
    with ThreadPoolExecutor(1) as pool:
        done = sweep(study, tmp_path / "out", executor=pool)
    assert (counted.count("__init__"), counted.count("fork")) == (2 * 2, 2 * 2 * (4 + 2))
    assert len(done.frame()) == done.done == 8 * 2 * 2
    same(done.frame(), apart.frame())
    assert done.study["table"] == apart.study["table"]
    assert verify(tmp_path / "out", sample=2).runs == 2 * 8
