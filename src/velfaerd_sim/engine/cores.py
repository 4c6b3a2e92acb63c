"""Cores: how many this process may use, and how a plan uses them."""

from __future__ import annotations

import os
from pathlib import Path

from velfaerd_sim.inputs import checks

MOST_WORKERS = 1024
ADULTS_IN_PARALLEL = 250_000
"""Up to this many adults replicates run side by side; above, the towns of one replicate do."""


def cores() -> int:
    """The number of processor cores that this process may use, from 1 to MOST_WORKERS.

    The least of its affinity, the quota of its control group, SLURM_CPUS_PER_TASK and
    PYTHON_CPU_COUNT, as far as they are there.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    known = [len(affinity(0)) if affinity is not None else os.cpu_count() or 1]
    for name in ("SLURM_CPUS_PER_TASK", "PYTHON_CPU_COUNT"):
        text = os.environ.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 9:
            known.append(int(text))
    quota = _quota_of_cores(Path("/sys/fs/cgroup"))
    return min(max(1, min([*known, *([quota] if quota else [])])), MOST_WORKERS)


def _quota_of_cores(root: Path) -> int | None:
    """The cores that a control group grants, rounded up; None where it grants all or is absent."""
    try:
        if (root / "cpu.max").exists():
            quota, period = (root / "cpu.max").read_text("ascii").split()
        else:
            quota = (root / "cpu" / "cpu.cfs_quota_us").read_text("ascii").strip()
            period = (root / "cpu" / "cpu.cfs_period_us").read_text("ascii").strip()
        granted = -(-int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None  # "max" is no number, and a quota of -1 is none
    return granted if granted > 0 else None


def checked_workers(workers: object) -> int:
    """The number of workers: all cores unless told otherwise. Raises InputError."""
    return cores() if workers is None else checks.whole(workers, "workers", 1, MOST_WORKERS)


def division(adults: int, towns: int, workers: int) -> tuple[int, int]:
    """How to use the workers: (replicates side by side, threads inside each)."""
    if towns > 1 and adults > ADULTS_IN_PARALLEL:
        return 1, workers
    return workers, 1
