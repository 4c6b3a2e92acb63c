"""What a plan will cost, told before anything is run: rows, time, room on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from numba.core import event

from velfaerd_sim.engine import store
from velfaerd_sim.engine.cores import checked_workers
from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.engine.queue import chunk_of
from velfaerd_sim.engine.reading import check_name, damage_told
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.task import Context, run_chunk


def missing_rows(plan: Plan, out: str | Path) -> int:
    """How many rows of a plan a folder does not hold; all where there is no such folder.

    Writes nothing. Raises StudyError where the folder holds another study.
    """
    path = Path(out)
    check_name(path, "out")
    if not (path / RECORD).is_file():
        return plan.outlook(RowStore(plan, None)).rows
    old = store.read_record(path)
    with damage_told(old, path):
        plan.check_continues(old, plan.record(""), str(path))
    rows = RowStore(plan, store.Folder(path, None))
    rows.look()
    return max(0, plan.outlook(rows).rows - len(rows))


@dataclass(frozen=True)
class Cost:
    """What a plan will cost: rows and tasks, seconds on so many workers, bytes on the disk.

    seconds is None where nothing was timed.
    """

    rows: int
    tasks: int
    workers: int
    seconds: float | None
    bytes: int


def cost_of(
    plan: Plan,
    workers: int | None = None,
    *,
    timed: bool = True,
    samples: int = 3,
    patience: float = 5.0,
    clock: Callable[[], float] = time.perf_counter,
) -> Cost:
    """What a plan will cost, with the time of a few of its tasks.

    A first one only warms up, where there are others and it takes less than `patience` seconds in
    all; no new one starts after that. One during which code is compiled counts for nothing, as that
    is done once on a machine. Tasks that come at a later stage are guessed from these.
    """
    rows = RowStore(plan, None)
    outlook = plan.outlook(rows)
    count, threads = plan.division(checked_workers(workers))
    context = Context(plan.common(), threads)
    spent: list[tuple[float, float]] = []
    compiling: list[tuple[float, float]] = []
    if timed:
        chosen = plan.samples(rows, samples)
        for task in [*chosen[:1], *chosen]:
            start = clock()
            with event.install_recorder("numba:compile") as seen:
                run_chunk(chunk_of(plan, [task], context))
            (compiling if seen.buffer else spent).append((clock() - start, task.cost))
            if sum(seconds for seconds, _ in spent) > patience:
                break
    used = spent[1:] or spent or compiling
    seconds = None
    if used:
        rate = sum(each for each, _ in used) / max(sum(cost for _, cost in used), 1e-12)
        rounds = max(outlook.tasks / count, 1.0)
        seconds = rate * outlook.cost / max(outlook.tasks, 1) * rounds
    room = round(outlook.rows * plan.bytes_per_row())
    return Cost(outlook.rows, outlook.tasks, count, seconds, room)
