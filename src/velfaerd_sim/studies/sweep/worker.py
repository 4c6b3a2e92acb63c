"""The work of a sweep: a chunk of tasks, run in any process that has this package.

Here is nothing but the simulation: a worker process loads neither pandas nor Mesa. A chunk is plain
values, and so is what comes back; the result does not depend on who ran it, nor on the chunk.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.dispatch import Work
from velfaerd_sim.engine.process import message_of
from velfaerd_sim.measures.outcomes import measure, pool
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.sweep.designs import ONE_AT_A_TIME, Design
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.tasks import SweepTask, replicate_task

KIND = "sweep"


@dataclass(frozen=True, slots=True)
class Unit:
    """A task, the regimes (by their place in the study) to be run of it, and their run ids."""

    task: SweepTask
    regimes: tuple[int, ...]
    run_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Units for one call of a worker.

    study: JSON of the study without its points.
    """

    study: str
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


@lru_cache(maxsize=4)
def _study(content: str) -> Study:
    return Study.from_dict(json.loads(content))


def run_chunk(chunk: Chunk) -> Found:
    """Run the units of a chunk; a run that fails is a failure in it."""
    study = _study(chunk.study)
    shape = (len(chunk.units), len(study.regimes))
    values = np.full((*shape, len(study.readings)), np.nan)
    seconds = np.full(shape, np.nan)
    failures: list[Failure] = []
    for index, unit in enumerate(chunk.units):

        def failed(regime: int, error: Exception, index: int = index) -> None:
            failures.append(Failure(index, regime, message_of(error)))

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


def sweep_work(study: Study, threads: int) -> Work[Unit, Found]:
    """How the units of a study are done. threads: that a worker may use."""
    content = without_points(study)
    shape = (1, len(study.regimes))

    def given_up(unit: Unit, message: str) -> Found:
        failures = tuple(Failure(0, regime, message) for regime in unit.regimes)
        values = np.full((*shape, len(study.readings)), np.nan)
        return Found(values, np.full(shape, np.nan), failures)

    return Work(
        kind=KIND,
        run=run_chunk,
        pack=lambda units: Chunk(content, units, threads),
        seconds=lambda found: float(np.nansum(found.seconds)),
        give_up=given_up,
    )
