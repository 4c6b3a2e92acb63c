"""Sweeps on a Dask cluster with workers in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from studies.sweep.small import same, small_study
from velfaerd_sim import load_study, sweep
from velfaerd_sim.engine import process, workers
from velfaerd_sim.errors import InputError, VelfaerdError

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed (velfaerd-sim[cluster]): no sweep on a cluster"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
    ) as found:
        yield found


def test_a_cluster_gives_the_same(cluster: Any, tmp_path: Path) -> None:
    study = small_study(32, 2)
    with ThreadPoolExecutor(2) as pool:
        sweep(study, tmp_path / "here", executor=pool)
    done = sweep(study, tmp_path / "there", scheduler=cluster.scheduler_address)
    assert (done.done, done.failed) == (128, 0)
    same(done.frame(), load_study(tmp_path / "here"))


def test_a_killed_worker_of_the_cluster(cluster: Any, tmp_path: Path) -> None:
    study, killed = small_study(32, 2).with_(adults=1500, months=48), []

    def kill(advance: Any) -> None:
        if advance.runs_done and not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.process.pid)
            subprocess.run(["kill", "-9", str(killed[0])], check=True)

    done = sweep(study, tmp_path / "out", scheduler=cluster.scheduler_address, progress=kill)
    assert killed
    assert (done.done, done.failed) == (128, 0)
    with ThreadPoolExecutor(2) as pool:
        sweep(study, tmp_path / "here", executor=pool)
    same(done.frame(), load_study(tmp_path / "here"))


def test_other_versions_are_refused(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = (("model", "0" * 64), *process.versions()[1:])
    monkeypatch.setattr(workers, "versions", lambda _: mine)
    client = distributed.Client(cluster, set_as_default=False)
    monkeypatch.setattr(workers, "_client", lambda *_: client)
    monkeypatch.setattr(client, "run", lambda *_: {"one": process.versions()})
    with pytest.raises(VelfaerdError, match=r"model .* instead of 000000000000"):
        sweep(small_study(), tmp_path / "out", scheduler=cluster.scheduler_address)
    assert not (tmp_path / "out").exists()


def test_without_dask_the_message_says_so(tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["distributed"] = None
from velfaerd_sim.cli.main import main
study = {str(tmp_path / "one.toml")!r}
open(study, "w").write("regimes = ['municipal_baton', 'rigid_rules']\\n")
sys.exit(main(["sweep", study, "--out", {str(tmp_path / "out")!r}, "--scheduler", "tcp://h:1"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "velfaerd-sim[cluster]" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there(tmp_path: Path) -> None:
    for address in ("tcp://127.0.0.1:1", "nowhere", ""):
        with pytest.raises(InputError, match="scheduler"):
            sweep(small_study(), tmp_path / "out", scheduler=address)
    assert not (tmp_path / "out").exists()
