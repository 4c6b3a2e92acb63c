"""The work of a sweep: a chunk of tasks, run in any process that has this package.

Here is nothing but the engine: a worker process loads neither pandas nor Mesa. A chunk is plain
values, and so is what comes back; the result does not depend on who ran it, nor on the chunk.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import connection, parent_process

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.record import model_digest
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures.outcomes import measure, pool
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.sweep.designs import ONE_AT_A_TIME, Design
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.tasks import SweepTask, replicate_task

_LONGEST_MESSAGE = 500


class WorkerDiffersError(VelfaerdError):
    """A worker has another version of the model, or of what its numbers depend on."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A task, the regimes (by their place in the study) to be run of it, and their run ids."""

    task: SweepTask
    regimes: tuple[int, ...]
    run_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Units for one call of a worker.

    study: JSON of the study without its points. versions: what a worker must have, see `versions`.
    """

    study: str
    versions: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its unit in the chunk, its regime in the study, and why."""

    unit: int
    regime: int
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a chunk gave.

    values: float64 (units, regimes, readings), seconds: float64 (units, regimes); NaN where a
    regime was not wanted or failed. The time of the burn-in is shared out among the regimes.
    """

    values: NDArray[np.float64]
    seconds: NDArray[np.float64]
    failures: tuple[Failure, ...] = ()


def without_points(study: Study) -> str:
    """The study as JSON, with a design of one point in the place of its own, which may be large."""
    kind = Design(kind=ONE_AT_A_TIME, levels=2) if study.factors else Design()
    factors = tuple(replace(factor, levels=None) for factor in study.factors)
    light = replace(study, factors=factors, design=kind, replicates=1)
    return json.dumps(light.to_dict(), allow_nan=False)


def versions() -> tuple[tuple[str, str], ...]:
    """What results depend on to the bit: digest of the model, Python, numpy, numba."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (
        ("model", model_digest()),
        ("python", python),
        *((name, version(name)) for name in ("numpy", "numba")),
    )


def check_versions(wanted: tuple[tuple[str, str], ...], found: tuple[tuple[str, str], ...]) -> None:
    """Raise WorkerDiffersError, naming what differs."""
    here = dict(found)
    parts = [
        f"{name} {here.get(name, 'none')[:12]} instead of {value[:12]}"
        for name, value in wanted
        if here.get(name) != value
    ]
    if parts:
        raise WorkerDiffersError(
            f"a worker on {platform.node() or 'another machine'} has {', '.join(parts)}; results "
            "would not agree to the bit: install the same versions on every worker"
        )


@lru_cache(maxsize=4)
def _study(content: str) -> Study:
    return Study.from_dict(json.loads(content))


@lru_cache(maxsize=4)
def _checked(wanted: tuple[tuple[str, str], ...]) -> bool:
    check_versions(wanted, versions())
    return True


def run_chunk(chunk: Chunk) -> Found:
    """Run the units of a chunk. Raises WorkerDiffersError; a run that fails is a failure in it."""
    _checked(chunk.versions)
    study = _study(chunk.study)
    shape = (len(chunk.units), len(study.regimes))
    values = np.full((*shape, len(study.readings)), np.nan)
    seconds = np.full(shape, np.nan)
    failures: list[Failure] = []
    for index, unit in enumerate(chunk.units):

        def failed(regime: int, error: Exception, index: int = index) -> None:
            failures.append(Failure(index, regime, told(error)))

        run_unit(study, unit, values[index], seconds[index], failed, chunk.threads)
    return Found(values, seconds, tuple(failures))


def run_unit(
    study: Study,
    unit: Unit,
    values: NDArray[np.float64],
    seconds: NDArray[np.float64],
    failed: Callable[[int, Exception], None],
    threads: int = 1,
) -> None:
    """Run the wanted regimes of a task from one burn-in.

    values: float64 (regimes, readings) and seconds: float64 (regimes,) are written into. `failed`
    is told of every regime that could not be run.
    """
    start = time.perf_counter()
    try:
        task = replicate_task(study, unit.task, threads)
        base = Simulation(task.scenario, threads)
    except Exception as error:  # noqa: BLE001  whatever it is, the sweep goes on
        for regime in unit.regimes:
            failed(regime, error)
        return
    share = (time.perf_counter() - start) / len(unit.regimes)
    for regime in unit.regimes:
        start = time.perf_counter()
        try:
            values[regime] = study.read(_outcomes(base.fork(task.timelines[regime])))
        except Exception as error:  # noqa: BLE001  as above
            failed(regime, error)
        else:
            seconds[regime] = share + time.perf_counter() - start


def _outcomes(simulation: Simulation) -> NDArray[np.float64]:
    """Run to the end; outcomes, all municipalities pooled, float64 (months + 1, outcomes)."""
    simulation.run(simulation.scenario.months)
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    if len(simulation.scenario.towns) > 1:
        tables = pool(*tables)
    outcomes: NDArray[np.float64] = measure(*tables, simulation.scenario.burn_in_months)[0]
    return outcomes


def run_months(scenario: Scenario) -> None:
    """Run a scenario and forget it: everything that is compiled is then loaded."""
    _outcomes(Simulation(scenario).fork())


def told(error: BaseException) -> str:
    """An error on one line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text[:_LONGEST_MESSAGE]


def settle_in() -> None:
    """Prepare a process of the pool: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def modules() -> list[str]:
    """The names of loaded modules, to see what a worker carries."""
    return sorted(sys.modules)
