"""Runner: replicates of a comparison, several at a time, with the same luck for every regime.

A replicate builds one population, runs the burn-in once and forks every regime from month 0. The
work is a function of a task alone (`run_replicate`), so it can be handed to any
`concurrent.futures.Executor`; compiled code releases the interpreter lock, so threads are enough
on one machine. What comes back does not depend on who did it, nor when.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN

YEAR = 12
MOST_WORKERS = 1024
MOST_REPLICATES = 100_000
ADULTS_IN_PARALLEL = 250_000
"""Up to this many adults replicates run side by side; above, the towns of one replicate do."""

CELLS = len(AGE_BANDS) * 2
"""Groups of citizens that are counted: age band x 2 + known to the municipality (at month 0)."""
GAINS = ("citizens", "gainers", "losers", "score_points")
"""Counted in every cell: citizens; those a point better, a point worse off; sum of differences."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class CalledOffError(VelfaerdError):
    """The work was called off."""


@dataclass(frozen=True)
class Advance:
    """How far the work is: adult-months and runs, done and planned, and failed runs.

    The totals are estimates while a study decides by itself when to stop.
    """

    done: float
    total: float
    runs_done: int
    runs_total: int
    failed: int = 0

    def followed_by(self, other: Advance, ahead: tuple[float, int] = (0.0, 0)) -> Advance:
        """This work and the next one together; `ahead`: adult-months and runs after that."""
        return Advance(
            self.done + other.done,
            self.total + other.total + ahead[0],
            self.runs_done + other.runs_done,
            self.runs_total + other.runs_total + ahead[1],
            self.failed + other.failed,
        )


Progress = Callable[[Advance], None]
"""Called now and then in the thread that asked for the work; what it raises stops the work."""


def replicate_seed(seed: int, replicate: int) -> int:
    """Seed of a replicate: the scenario's own for replicate 0, a keyed hash of it for the others.

    Hashed seeds make studies with neighbouring seeds independent. 53 bits, so that a program that
    holds numbers as floats reads them without loss.
    """
    if replicate == 0:
        return seed
    word = f"velfaerd_sim replicate {seed} {replicate}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8], "big") >> 11


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


@dataclass(frozen=True)
class ReplicateTask:
    """One replicate: the scenario with the replicate's seed, and the regimes to fork into."""

    scenario: Scenario
    replicate: int
    timelines: tuple[Timeline, ...]
    threads: int = 1

    @property
    def adult_months(self) -> int:
        """The size of the work."""
        scenario = self.scenario
        months = scenario.burn_in_months + len(self.timelines) * scenario.months
        return scenario.adults * months


@dataclass(frozen=True)
class Replicate:
    """What one replicate gave.

    series: float64 (regimes, places, months + 1, outcomes); the first place is all municipalities
    pooled where there are several. gains: int64 (regimes - 1, CELLS, GAINS), the regimes after the
    first against the first.
    """

    replicate: int
    seed: int
    series: NDArray[np.float64]
    gains: NDArray[np.int64]

    @property
    def summary(self) -> NDArray[np.float64]:
        """One value a regime and outcome, municipalities pooled; float64 (regimes, outcomes)."""
        return outcomes.summarise(self.series[:, 0])


def places(scenario: Scenario) -> tuple[int, ...]:
    """The codes of the places in a series: 0 for all pooled where there are several, then towns."""
    codes = tuple(town.code for town in scenario.towns)
    return codes if len(codes) == 1 else (0, *codes)


def measured(simulation: Simulation) -> NDArray[np.float64]:
    """Outcomes of a simulation by place and month; float64 (places, months + 1, outcomes)."""
    start = simulation.scenario.burn_in_months
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    series = outcomes.measure(*tables, start)
    if len(series) == 1:
        return series
    pooled = outcomes.measure(*outcomes.pool(*tables), start)
    return np.concatenate([pooled, series])


def run_replicate(task: ReplicateTask, advance: Callable[[int], None] | None = None) -> Replicate:
    """Run every regime of a task from the same month 0; `advance` is told of adult-months."""
    scenario, count = task.scenario, len(task.timelines)
    base = Simulation(scenario, task.threads, advance)
    if task.timelines == (scenario.timeline,):  # nobody is compared, so nothing need be copied
        base.run(scenario.months, advance)
        nobody = np.zeros((0, CELLS, len(GAINS)), np.int64)
        return Replicate(task.replicate, scenario.seed, measured(base)[None], nobody)
    citizens = base.population.citizens
    cells = citizens.age_band.astype(np.intp) * 2 + ((citizens.flags & KNOWN) > 0)
    series: NDArray[np.float64] | None = None
    gains = np.zeros((count - 1, CELLS, len(GAINS)), np.int64)
    before = np.empty(0, np.int32)
    for index, timeline in enumerate(task.timelines):
        twin = base.fork(timeline)
        score = _run_and_score(twin, advance)
        found = measured(twin)
        if series is None:
            series = np.empty((count, *found.shape))
            before = score
        else:
            gains[index - 1] = _gains(score - before, cells, min(YEAR, scenario.months))
        series[index] = found
    assert series is not None
    return Replicate(task.replicate, scenario.seed, series, gains)


def _run_and_score(
    simulation: Simulation, advance: Callable[[int], None] | None
) -> NDArray[np.int32]:
    """Run to the end; each citizen's sum of scores over the last year, int32 (adults,)."""
    months = simulation.scenario.months
    last_year = min(YEAR, months)
    if months > last_year:
        simulation.run(months - last_year, advance)
    start = simulation.score_sums().astype(np.int32)
    simulation.run(last_year, advance)
    return np.asarray(simulation.score_sums().astype(np.int32) - start, np.int32)


def _gains(difference: NDArray[np.int32], cells: NDArray[np.intp], months: int) -> NDArray[Any]:
    """Count by cell who is at least a point better or worse off over so many months."""
    result = np.empty((CELLS, len(GAINS)), np.int64)
    result[:, 0] = np.bincount(cells, minlength=CELLS)
    result[:, 1] = np.bincount(cells[difference <= -months], minlength=CELLS)
    result[:, 2] = np.bincount(cells[difference >= months], minlength=CELLS)
    # Sums of whole numbers below 2**53 are exact as floats.
    result[:, 3] = np.bincount(cells, weights=difference, minlength=CELLS)
    return result


def run_summary(
    task: ReplicateTask, advance: Callable[[int], None] | None = None
) -> NDArray[np.float64]:
    """Only the summary of a replicate; float64 (regimes, outcomes)."""
    return run_replicate(task, advance).summary


class Meter:
    """Counts adult-months from several threads, and calls the work off when asked to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.done = 0

    def __call__(self, adult_months: int) -> None:
        """Count; raises CalledOffError after `stop`."""
        with self._lock:
            self.done += adult_months
        if self._stopped.is_set():
            raise CalledOffError("called off")

    def stop(self) -> None:
        """Let every worker stop at its next report."""
        self._stopped.set()


def stream(
    executor: Executor,
    work: Callable[..., Result],
    tasks: Iterable[Task],
    *arguments: Any,
    window: int,
    tick: Callable[[], None] | None = None,
) -> Generator[tuple[Task, Future[Result]], None, None]:
    """Hand tasks to an executor, at most `window` at a time; yield each when it is ready.

    `tick` is called about ten times a second while waiting. Closing the iterator cancels what has
    not started.
    """
    waiting = iter(tasks)
    running: dict[Future[Result], Task] = {}
    try:
        while True:
            for task in islice(waiting, window - len(running)):
                running[executor.submit(work, task, *arguments)] = task
            if not running:
                return
            ready, _ = wait(running, timeout=0.1, return_when=FIRST_COMPLETED)
            if tick is not None:
                tick()
            for future in [f for f in running if f in ready]:
                yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()


@contextmanager
def thread_pool(workers: int, meter: Meter, patience: float = 1.5) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads that is left within `patience` seconds when something goes wrong."""
    name = f"velfaerd-{id(meter)}"
    pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        meter.stop()
        pool.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + patience
        for thread in threading.enumerate():
            if thread.name.startswith(name):
                thread.join(max(0.0, deadline - time.monotonic()))
        raise
    pool.shutdown(wait=False, cancel_futures=True)
    meter.stop()


def division(adults: int, towns: int, workers: int) -> tuple[int, int]:
    """How to use the workers: (replicates side by side, threads inside each)."""
    if towns > 1 and adults > ADULTS_IN_PARALLEL:
        return 1, workers
    return workers, 1
