"""Speed and memory of sweeps: `python benchmarks/run.py sweeps`."""

from __future__ import annotations

import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ADULTS, MONTHS, WORKERS = 2_000, 120, 2
REGIMES = ("rigid_rules", "facilitative_dialogue")


def study(points: int, replicates: int, regimes: tuple[str, ...] = REGIMES) -> Any:
    """A study of two factors with so many points and replicates."""
    from velfaerd_sim.inputs.factors import Factor
    from velfaerd_sim.inputs.regime_files import load_timeline
    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.studies.sweep.designs import Design
    from velfaerd_sim.studies.sweep.study import SweepStudy

    return SweepStudy(
        name="benchmark",
        scenario=load_scenario("baseline").with_(adults=ADULTS, months=MONTHS),
        regimes=tuple(map(load_timeline, regimes)),
        factors=(Factor.of("drift_rate"), Factor.of("hours_per_1000")),
        design=Design(kind="latin_hypercube", size=points),
        replicates=replicates,
    )


def swept(workers: int, points: int = 125) -> tuple[float, float]:
    """Seconds until the first result, and from there to the end, of points x 4 x 2 runs."""
    from velfaerd_sim.studies.sweep.sweeping import sweep

    first: list[float] = []

    def progress(advance: Any) -> None:
        if advance.runs_done and not first:
            first.append(time.perf_counter() - begin)

    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        done = sweep(study(points, 4), Path(folder) / "out", workers, progress=progress)
        total = time.perf_counter() - begin
    assert done.new == points * 8, done
    return first[0], total - first[0]


def pure(part: tuple[int, int, int]) -> float:
    """Seconds of synthesis and simulation alone, of every so manieth burn-in with its regimes."""
    from velfaerd_sim.model.simulation import Simulation
    from velfaerd_sim.studies.sweep.tasks import replicate_task, tasks

    points, start, step = part
    chosen = study(points, 4)
    work = [replicate_task(chosen, each) for each in list(tasks(chosen))[start::step]]
    Simulation(work[0].scenario).fork().run(1)
    begin = time.perf_counter()
    for each in work:
        base = Simulation(each.scenario)
        for timeline in each.timelines:
            base.fork(timeline).run(MONTHS)
    return time.perf_counter() - begin


def pure_seconds(points: int) -> float:
    """Seconds of the pure work, shared out among as many processes as the sweep has."""
    parts = [(points, start, WORKERS) for start in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork")) as pool:
        return sum(pool.map(pure, parts)) / WORKERS


def saved() -> tuple[float, float]:
    """Share of the time that forking four regimes from one burn-in saves; the share it should."""
    from velfaerd_sim.model.simulation import Simulation
    from velfaerd_sim.studies.sweep.tasks import replicate_task, tasks

    regimes = (*REGIMES, "hands_off", "clear_agreements")
    chosen = study(8, 1, regimes)
    work = [replicate_task(chosen, each) for each in tasks(chosen)]

    def seconds(forked: bool) -> float:
        begin = time.perf_counter()
        for each in work:
            base = Simulation(each.scenario) if forked else None
            for timeline in each.timelines:
                start = base or Simulation(each.scenario)
                start.fork(timeline).run(MONTHS)
        return time.perf_counter() - begin

    seconds(True)
    apart, together = (statistics.median(seconds(f) for _ in range(3)) for f in (False, True))
    months = work[0].scenario.burn_in_months
    return 1 - together / apart, (len(regimes) - 1) * months / (len(regimes) * (MONTHS + months))


_LARGE = """
import json, resource, sys, tempfile, time
from concurrent.futures import Executor, Future
sys.path.insert(0, {here!r})
import numpy as np
from sweeps import study
from velfaerd_sim import load_study
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.engine.task import Answer, Reply

class Instant(Executor):
    draws = np.random.default_rng(1)
    def submit(self, work, order):
        future, values = Future(), self.draws.random((len(order.payload.pieces), 2, 30)).tolist()
        answers = tuple(tuple(Answer(own, "", 0.01) for own in task) for task in values)
        future.set_result(Reply(answers, (0.02,) * len(answers)))
        return future

with tempfile.TemporaryDirectory() as out:
    begin = time.perf_counter()
    done = sweep(study(12_500, 4), out, executor=Instant(), workers=2)
    swept = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    frame = load_study(out)
    found = [done.done, len(frame), swept, memory, time.perf_counter() - begin]
    print(json.dumps(found, allow_nan=False))
"""


def large() -> tuple[float, float, float]:
    """Of 100 000 runs that cost nothing: microseconds a run, parent's memory, seconds to load."""
    code = _LARGE.format(here=str(Path(__file__).resolve().parent))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    runs, rows, seconds, memory, loading = json.loads(done.stdout)
    assert runs == rows == 100_000
    return seconds / runs * 1e6, memory, loading


def sweeps(figure: Callable[..., Any]) -> list[Any]:
    """All figures; `figure` makes one from name, value, unit, limit and aim."""
    points = 125
    first, _ = swept(WORKERS, points)  # only now the server of the workers has to start
    rounds = [
        (swept(WORKERS, points)[1], pure_seconds(points), swept(1, points)[1]) for _ in range(3)
    ]
    rest = statistics.median(each for each, _, _ in rounds)
    added = statistics.median(each / bare for each, bare, _ in rounds)
    efficiency = statistics.median(alone / each / WORKERS for each, _, alone in rounds)
    cost, memory, loading = large()
    forked, expected = saved()
    return [
        figure("1 000 runs of 2 000 x 120 months, two workers", rest, "s", 12, 7),
        figure("start of a sweep to its first result", first, "s"),
        figure("sweep over synthesis and simulation alone", added, "ratio", 1.2),
        figure(
            "parallel efficiency of a sweep, two workers",
            efficiency,
            "ratio",
            0.85,
            more=True,
        ),
        figure("parent process a run", cost, "us"),
        figure("parent's memory at 100 000 runs", memory, "MB", 500),
        figure("100 000 runs into a frame", loading, "s", 5),
        figure("time saved by forking four regimes", forked, f"of 1 ({expected:.2f} by months)"),
    ]


if __name__ == "__main__":
    for row in sweeps(lambda *words, **more: (*words, more)):
        print(*row)
