"""Sweeps that are killed at random moments, on workers of several kinds, end in the same table."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from studies.sweep.small import same, small_study
from velfaerd_sim import load_study, sweep
from velfaerd_sim.engine import process, store, workers
from velfaerd_sim.engine import rows as row_store
from velfaerd_sim.engine.queue import work_of
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError
from velfaerd_sim.model.warm_up import warm_up
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.sweep.study import SweepStudy

COUNT = 512


def killable() -> SweepStudy:
    """A sweep of 512 runs that takes a few seconds."""
    return small_study(64, 4).with_(adults=1200, months=24)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweeps") / "whole"
    with ThreadPoolExecutor(2) as pool:
        assert sweep(killable(), folder, executor=pool).done == COUNT
    return folder


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    path = tmp_path / "killable.toml"
    path.write_text(
        """
        name = "small"
        scenario = "world.toml"
        regimes = ["rigid_rules", "facilitative_dialogue"]
        replicates = 4
        outcomes = ["loneliness_mean", "retention_12m", "motivation_mean"]
        read_months = [3]
        factors = ["drift_rate", "instrument.training.rigid_rules"]
        [design]
        kind = "sobol"
        size = 64
        """
    )
    (tmp_path / "world.toml").write_text(killable().scenario.to_toml())
    return path


def start(study_file: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "velfaerd_sim", "sweep", str(study_file), "--out", str(out)]
    return subprocess.Popen(
        [*line, "--workers", "2", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Processes below the command that use the processor: the workers of its pool."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if not child.children() and "resource_tracker" not in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def rows(out: Path) -> int:
    try:
        return len(load_study(out))
    except (InputError, StorageError):
        return 0


def until(condition: object, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_killed_at_random_moments(whole: Path, study_file: Path, tmp_path: Path) -> None:
    warm_up()
    out, luck = tmp_path / "out", random.Random(11)
    for _ in range(4):
        process = start(study_file, out)
        children: list[psutil.Process] = []
        moment = time.monotonic() + luck.uniform(1.2, 3.5)
        while time.monotonic() < moment and process.poll() is None:
            time.sleep(0.05)
        with suppress(psutil.Error):
            children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        psutil.wait_procs(children, timeout=5)
        assert not [child for child in children if child.is_running()], "orphans"
    process = start(study_file, out)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    same(load_study(out), load_study(whole))
    assert not list((out / "runs").glob(".*"))


def test_killed_workers_are_replaced(whole: Path, study_file: Path, tmp_path: Path) -> None:
    warm_up()
    out, luck = tmp_path / "out", random.Random(5)
    process = start(study_file, out)
    until(lambda: workers_of(process))
    for _ in range(3):
        time.sleep(luck.uniform(0.3, 1.0))
        if process.poll() is None and (found := workers_of(process)):
            luck.choice(found).kill()
    text, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "512 runs were run" in text
    same(load_study(out), load_study(whole))


def test_ctrl_c_leaves_a_folder_to_go_on_with(
    whole: Path, study_file: Path, tmp_path: Path
) -> None:
    warm_up()
    out = tmp_path / "out"
    process = start(study_file, out)
    until(lambda: workers_of(process))
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    begin = time.monotonic()
    _, errors = process.communicate(timeout=10)
    assert time.monotonic() - begin < 10.0
    assert process.returncode == 130
    assert errors.count("\n") == 1
    assert "goes on from what is done" in errors
    record = json.loads((out / "study.json").read_text())
    assert record["status"] == "incomplete"
    assert record["counts"]["done"] == rows(out)
    with ThreadPoolExecutor(2) as pool:
        done = sweep(killable(), out, executor=pool)
    assert done.new == COUNT - record["counts"]["done"]
    same(done.frame(), load_study(whole))


def test_a_worker_loads_the_engine_alone() -> None:
    plan = SweepPlan(small_study())
    pool = workers.Processes(1)
    try:
        work = work_of(plan)
        payload = work.pack((next(plan.tasks(RowStore(plan, None))),))
        order = process.Order(work.kind, process.versions(work.kind), work.run, payload)
        pool.submit(order).result()
        loaded = pool._pool.submit(process.modules).result()
    finally:
        pool.close()
    assert "numba" in loaded
    assert not {"mesa", "pandas", "pyarrow", "matplotlib"} & set(loaded)


def test_a_broken_executor_of_another_ends_the_sweep_well(tmp_path: Path) -> None:
    out = tmp_path / "out"
    broken = ProcessPoolExecutor(1, get_context("forkserver"), os._exit, (1,))
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(VelfaerdError, match="the executor broke"):
            sweep(small_study(), out, executor=broken)
        assert sweep(small_study(), out, executor=pool).done == 32


def test_a_full_disk_in_the_middle(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, written = tmp_path / "out", []

    def fsync(handle: int) -> None:
        written.append(handle)
        if len(written) >= 6:
            raise OSError(28, "No space left on device")
        real(handle)

    real = os.fsync
    monkeypatch.setattr(row_store, "FLUSH_ROWS", 50)
    with ThreadPoolExecutor(2) as pool:
        monkeypatch.setattr(store.os, "fsync", fsync)
        with pytest.raises(StorageError, match="No space left"):
            sweep(killable(), out, executor=pool)
        monkeypatch.setattr(store.os, "fsync", real)
        before = rows(out)
        assert 0 < before < COUNT
        assert sweep(killable(), out, executor=pool).new == COUNT - before
    same(load_study(out), load_study(whole))


def test_the_clock_may_go_back(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(2) as pool:
        sweep(small_study(4, 1), out, executor=pool)
        monkeypatch.setattr(time, "time", lambda: 1.0)
        for path in (out / "runs").iterdir():
            os.utime(path, (1.0, 1.0))
        done = sweep(small_study(8, 1), out, executor=pool)
    assert (done.done, done.new) == (16, 8)


def test_parts_are_merged_on_the_way(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_store, "FLUSH_ROWS", 8)
    monkeypatch.setattr(row_store, "MOST_SMALL_PARTS", 4)
    out, most = tmp_path / "out", []
    with ThreadPoolExecutor(2) as pool:
        done = sweep(
            killable(),
            out,
            executor=pool,
            progress=lambda advance: most.append(len(list((out / "runs").glob("part-*")))),
        )
    same(done.frame(), load_study(whole))
    assert len(list((out / "runs").iterdir())) == 1


def test_a_script_needs_no_main(study_file: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import pandas
from velfaerd_sim import sweep
print(sweep({str(study_file)!r}, {str(tmp_path / "out")!r}, workers=2).done)
"""
    )
    line = [sys.executable, str(script)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{COUNT}\n", "")


def test_an_executor_that_takes_no_more_work(tmp_path: Path) -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(VelfaerdError, match=r"the executor broke \(RuntimeError"):
        sweep(small_study(), tmp_path / "out", executor=pool)
