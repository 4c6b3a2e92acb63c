"""The number of workers is what the machine grants, not what it has."""

import os
from pathlib import Path

import pytest

from velfaerd_sim.engine import cores as machine


@pytest.fixture(autouse=True)
def many_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4000)), raising=False)
    monkeypatch.setattr(machine, "_quota_of_cores", lambda _: None)
    for name in ("SLURM_CPUS_PER_TASK", "PYTHON_CPU_COUNT"):
        monkeypatch.delenv(name, raising=False)


def test_there_is_an_upper_limit() -> None:
    """N."""
    assert machine.cores() == machine.MOST_WORKERS


@pytest.mark.parametrize("name", ["SLURM_CPUS_PER_TASK", "PYTHON_CPU_COUNT"])
@pytest.mark.parametrize(
    ("text", "cores"), [("3", 3), ("0", 1), ("many", 1024), ("", 1024), ("9" * 5000, 1024)]
)
def test_what_a_batch_system_grants(
    name: str, text: str, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N."""
    monkeypatch.setenv(name, text)
    assert machine.cores() == cores


def test_the_quota_of_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """N."""
    monkeypatch.setattr(machine, "_quota_of_cores", lambda _: 2)
    assert machine.cores() == 2


QUOTAS = [("150000 100000\n", 2), ("max 100000\n", None), ("", None), ("1 0", None)]


@pytest.mark.parametrize(("text", "cores"), QUOTAS)
def test_quotas_are_read(
    text: str, cores: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N: both ways in which Linux writes them."""
    monkeypatch.undo()
    (tmp_path / "cpu.max").write_text(text)
    assert machine._quota_of_cores(tmp_path) == cores
    (tmp_path / "cpu.max").unlink()
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert machine._quota_of_cores(tmp_path) is None
