"""Measure speed and memory of the whole: `make bench`, or `python benchmarks/run.py [NAME ...]`.

Prints a table and writes benchmarks/results.json. Each figure is the median of several runs;
machines differ and are noisy, so the ratios, measured in the same run, say more than the seconds.
Limits and aims are those of the project's issues; a missed limit is marked, nothing fails.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Figure:
    """One measured figure; limit and aim are upper bounds unless `more` is set."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    aim: float | None = None
    more: bool = False

    @property
    def verdict(self) -> str:
        """Whether the aim or the limit is met."""
        if self.limit is None and self.aim is None:
            return ""
        better = (lambda bound: self.value >= bound) if self.more else (lambda b: self.value <= b)
        if self.aim is not None and better(self.aim):
            return "aim met"
        if self.limit is not None:
            return "limit met" if better(self.limit) else "LIMIT MISSED"
        return "aim missed"


def median_seconds(action: Callable[[], object], runs: int = 5) -> float:
    """Median wall seconds of several calls, after one that is not counted."""
    action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def engine() -> list[Figure]:
    """One core: nanoseconds a citizen-month of the full model, and the cost of a small town."""
    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.model.simulation import Simulation

    months = 120
    cost = {}
    for adults in (500, 5_000, 50_000):
        first = Simulation(load_scenario("baseline").with_(adults=adults))
        cost[adults] = _run_seconds(first, months, 7 if adults < 50_000 else 3) / months
    fixed = (cost[500] - cost[5_000] * 500 / 5_000) / (1 - 500 / 5_000)
    return [
        Figure("5 000 adults, one core", cost[5_000] / 5_000 * 1e9, "ns/citizen-month", 35, 20),
        Figure("50 000 adults, one core", cost[50_000] / 50_000 * 1e9, "ns/citizen-month"),
        Figure("fixed cost of a month", max(0.0, fixed) * 1e6, "us", 15),
        Figure("synthesis of 5 000 adults", _synthesis_seconds() * 1e3, "ms"),
        Figure("fork of 5 000 adults", _fork_seconds() * 1e3, "ms"),
    ]


def _run_seconds(start: object, months: int, runs: int) -> float:
    """Median seconds of so many months from the same state; the fork is not counted."""
    times = []
    for _ in range(runs + 1):
        twin = start.fork()  # type: ignore[attr-defined]
        begin = time.perf_counter()
        twin.run(months)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def _synthesis_seconds() -> float:
    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.model.simulation import Simulation

    scenario = load_scenario("baseline")
    return median_seconds(lambda: Simulation(scenario, burn_in=False))


def _fork_seconds() -> float:
    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.model.simulation import Simulation

    simulation = Simulation(load_scenario("baseline"))
    return median_seconds(lambda: simulation.fork("rigid_rules"))


def baselines() -> list[Figure]:
    """The engine against the plain-Mesa reference, an empty agent step, and copying memory."""
    import mesa
    import numpy as np

    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.model.simulation import Simulation

    adults = 2_000
    ours = _run_seconds(Simulation(load_scenario("baseline").with_(adults=adults)), 60, 5)
    ours = ours / 60 / adults * 1e9
    sys.path.insert(0, str(ROOT))
    from tests.reference.model import timed_run

    reference = timed_run(adults=adults, months=6)

    class Empty(mesa.Agent):
        def step(self) -> None:
            """Do nothing."""

    class EmptyModel(mesa.Model):
        def __init__(self) -> None:
            super().__init__(rng=1)
            for _ in range(adults):
                Empty(self)

        def step(self) -> None:
            self.agents.do("step")

    empty_model = EmptyModel()
    empty = median_seconds(empty_model.step, 20) / adults * 1e9
    source = np.ones(60 * 1_000_000 // 8)
    target = np.empty_like(source)
    copy = median_seconds(lambda: np.copyto(target, source), 20) / 1_000_000 * 1e9
    return [
        Figure("engine, 2 000 adults", ours, "ns/citizen-month"),
        Figure("plain-Mesa reference", reference, "ns/citizen-month"),
        Figure("reference / engine", reference / ours, "ratio", aim=100, more=True),
        Figure("empty Mesa agent step / engine", empty / ours, "ratio"),
        Figure("engine / copying 60 bytes", ours / copy, "ratio"),
    ]


def mesa_surface() -> list[Figure]:
    """What a month costs through Mesa."""
    from velfaerd_sim.model.model import WelfareModel

    model = WelfareModel(adults=500, seed=1, months=1200)
    return [Figure("WelfareModel.step, 500 adults", median_seconds(model.step, 60) * 1e6, "us")]


def denmark() -> list[Figure]:
    """All of Denmark in a process of its own: set-up, burn-in, ten years, memory."""
    code = """
import json, resource, time
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
Simulation(load_scenario("baseline").with_(adults=500, burn_in_months=1))
scenario = load_scenario("denmark")
times = [time.perf_counter()]
simulation = Simulation(scenario, threads=2, burn_in=False)
times.append(time.perf_counter())
simulation.run(scenario.burn_in_months)
times.append(time.perf_counter())
simulation.run(120)
times.append(time.perf_counter())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
spent = [b - a for a, b in zip(times, times[1:])]
print(json.dumps([*spent, peak, scenario.adults], allow_nan=False))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    setup, burn_in, run, peak, adults = json.loads(done.stdout)
    national = _one_core_ns(adults_of="denmark")
    town = _one_core_ns(adults_of="town")
    return [
        Figure("denmark, set-up", setup, "s", 8),
        Figure("denmark, 60 months of burn-in, two threads", burn_in, "s"),
        Figure("denmark, 120 months, two threads", run, "s", 20, 8),
        Figure("denmark, peak memory", peak, "MB", 1200, 1000),
        Figure("denmark, two threads", run / 120 / adults * 1e9, "ns/citizen-month"),
        Figure("denmark, one thread", national, "ns/citizen-month"),
        Figure("4.8 million / 50 000 adults, one thread", national / town, "ratio", 1.5),
    ]


def _one_core_ns(adults_of: str) -> float:
    from velfaerd_sim.inputs.scenarios import load_scenario
    from velfaerd_sim.model.simulation import Simulation

    if adults_of == "denmark":
        scenario = load_scenario("denmark").with_(burn_in_months=24)
        simulation = Simulation(scenario, threads=2)
        simulation.threads = 1
        begin = time.perf_counter()
        simulation.run(12)
        return (time.perf_counter() - begin) / 12 / scenario.adults * 1e9
    scenario = load_scenario("baseline").with_(adults=50_000)
    return _run_seconds(Simulation(scenario), 24, 3) / 24 / scenario.adults * 1e9


def _command_seconds(arguments: list[str], runs: int, environment: dict[str, str]) -> list[float]:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "velfaerd_sim", *arguments],
            check=True,
            capture_output=True,
            env={**os.environ, **environment},
        )
        times.append(time.perf_counter() - begin)
    return times


def commands() -> list[Figure]:
    """Whole commands, from the start of the process to its end."""
    from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO

    regimes = [STATUS_QUO, *(name for name in REGIMES if name != STATUS_QUO)]
    facilitative = "facilitative_dialogue"
    with tempfile.TemporaryDirectory() as folder:
        outs = iter(range(1000))

        def timed(arguments: list[str], runs: int) -> float:
            times = [
                _command_seconds([*arguments, "--out", f"{folder}/{next(outs)}"], 1, {})[0]
                for _ in range(runs + 1)
            ]
            return statistics.median(times[1:])

        two = ["compare", regimes[0], facilitative, "--replicates", "100", "--adults", "2000"]
        many = ["compare", *regimes, "--replicates", "32"]
        help_time = statistics.median(_command_seconds(["--help"], 7, {})[1:])
        figures = [
            Figure("velfaerd --help", help_time, "s", 0.5),
            Figure("compare two regimes x 100 replicates of 2 000", timed(two, 3), "s"),
            Figure("compare ten regimes x 32 replicates of 5 000", timed(many, 3), "s", 12, 5),
        ]
        warm = _command_seconds(["run", "--out", f"{folder}/warm"], 2, {})[-1]
        cold = {"VELFAERD_CACHE_DIR": f"{folder}/cache"}
        first = _command_seconds(["run", "--out", f"{folder}/cold"], 1, cold)[0]
        figures.append(Figure("first use without compiled code, more by", first - warm, "s", 20))
    return figures


def replicates() -> list[Figure]:
    """One hundred replicates of one regime with the start of the workers, as studies do them."""
    code = """
import time
begin = time.perf_counter()
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from concurrent.futures import ThreadPoolExecutor
from velfaerd_sim.measures import outcomes
scenario = load_scenario("baseline").with_(adults=2000)
def one(seed):
    simulation = Simulation(scenario.with_(seed=seed))
    simulation.run(120)
    return outcomes.measure(simulation.tallies, simulation.at_risk, simulation.ended, 60)
one(0)
ready = time.perf_counter()
with ThreadPoolExecutor({threads}) as pool:
    list(pool.map(one, range(100)))
print(time.perf_counter() - begin, time.perf_counter() - ready)
"""
    found = {}
    for threads in (1, 2):
        times = []
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-c", code.replace("{threads}", str(threads))],
                capture_output=True,
                text=True,
                check=True,
            )
            times.append([float(word) for word in done.stdout.split()])
        found[threads] = [statistics.median(column) for column in zip(*times, strict=True)]
    return [
        Figure("100 replicates of 2 000 x 120 months, with start", found[2][0], "s", 2.5, 1.2),
        Figure("parallel efficiency of two workers", found[1][1] / found[2][1] / 2, "ratio"),
    ]


def sweeps() -> list[Figure]:
    """Sweeps on the processes of this machine."""
    return importlib.import_module("sweeps").sweeps(Figure)


def dashboard() -> list[Figure]:
    """The dashboard in a browser."""
    return importlib.import_module("dashboard").dashboard(Figure)


def watch() -> list[Figure]:
    """The page Watch in a browser."""
    return importlib.import_module("dashboard_watch").watch(Figure)


PARTS = {
    "engine": engine,
    "baselines": baselines,
    "mesa": mesa_surface,
    "denmark": denmark,
    "replicates": replicates,
    "commands": commands,
    "sweeps": sweeps,
    "dashboard": dashboard,
    "watch": watch,
}


def main(names: list[str]) -> int:
    """Measure the parts of these names, all without one; print a table and write the JSON."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"unknown part {unknown[0]!r}; known: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    found = []
    for name in names or PARTS:
        for figure in PARTS[name]():
            found.append(figure)
            value = f"{figure.value:,.3g}" if figure.value < 1000 else f"{figure.value:,.0f}"
            bounds = [f"limit {figure.limit:g}"] if figure.limit is not None else []
            bounds += [f"aim {figure.aim:g}"] if figure.aim is not None else []
            print(
                f"{figure.name:<50}{value:>9} {figure.unit:<18}"
                f"{figure.verdict:<14}{', '.join(bounds)}",
                flush=True,
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record = {
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "peak_memory_mb": peak,
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in found],
    }
    (HERE / "results.json").write_text(
        json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
