"""The work of a sweep: a burn-in with its regimes, run in any process that has this package.

Here is nothing but the simulation: a worker process loads neither pandas nor Mesa.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.process import message_of
from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.measures.outcomes import measure, pool
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.sweep.designs import ONE_AT_A_TIME, Design
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.studies.sweep.tasks import SweepTask, replicate_task


@dataclass(frozen=True, slots=True)
class Unit:
    """A burn-in and the regimes, by their place in the study, that start from it."""

    task: SweepTask
    regimes: tuple[int, ...]


def without_points(study: Study) -> str:
    """The study as JSON, with a design of one point in the place of its own, which may be large."""
    kind = Design(kind=ONE_AT_A_TIME, levels=2) if study.factors else Design()
    factors = tuple(replace(factor, levels=None) for factor in study.factors)
    light = replace(study, factors=factors, design=kind, replicates=1)
    return json.dumps(light.to_dict(), allow_nan=False)


@lru_cache(maxsize=4)
def _study(content: str) -> Study:
    return Study.from_dict(json.loads(content))


def run_unit(unit: Unit, context: Context) -> list[Answer]:
    """Run regimes from one burn-in; an answer a regime, with its readings.

    Each regime may fail alone. The time of the burn-in is shared out among the regimes.
    """
    study = _study(context.common)
    start = time.perf_counter()
    task = replicate_task(study, unit.task, context.threads)
    base = Simulation(task.scenario, context.threads)
    context.advance(base.scenario.adults * base.scenario.burn_in_months)
    share = (time.perf_counter() - start) / len(unit.regimes)
    answers = []
    for regime in unit.regimes:
        start = time.perf_counter()
        try:
            values = study.read(_outcomes(base.fork(task.timelines[regime]))).tolist()
        except Exception as error:  # noqa: BLE001  whatever it is, the others go on
            answers.append(Answer(message=message_of(error)))
        else:
            answers.append(Answer(values, "", share + time.perf_counter() - start))
        context.advance(base.scenario.adults * base.scenario.months)
    return answers


def _outcomes(simulation: Simulation) -> NDArray[np.float64]:
    """Run to the end; outcomes, all municipalities pooled, float64 (months + 1, outcomes)."""
    simulation.run(simulation.scenario.months)
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    if len(simulation.scenario.towns) > 1:
        tables = pool(*tables)
    outcomes: NDArray[np.float64] = measure(*tables, simulation.scenario.burn_in_months)[0]
    return outcomes
