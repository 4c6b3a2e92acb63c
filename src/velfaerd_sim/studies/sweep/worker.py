"""The work of a sweep: a burn-in with its runs, made in any process that has this package.

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
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.sweep.designs import ONE_AT_A_TIME, Design
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.studies.sweep.tasks import SweepTask, replicate_task


@dataclass(frozen=True, slots=True)
class Unit:
    """A burn-in and the runs that start from it.

    tasks: points that share it, as they differ in instruments alone. runs: each a task and a
    regime, by their places here and in the study.
    """

    tasks: tuple[SweepTask, ...]
    runs: tuple[tuple[int, int], ...]


def without_points(study: SweepStudy) -> str:
    """The study as JSON, with a design of one point in the place of its own, which may be large."""
    kind = Design(kind=ONE_AT_A_TIME, levels=2) if study.factors else Design()
    factors = tuple(replace(factor, levels=None) for factor in study.factors)
    light = replace(study, factors=factors, design=kind, replicates=1)
    return json.dumps(light.to_dict(), allow_nan=False)


@lru_cache(maxsize=4)
def _study(content: str) -> SweepStudy:
    return SweepStudy.from_dict(json.loads(content))


def run_unit(unit: Unit, context: Context) -> list[Answer]:
    """Make the runs that start from one burn-in; an answer a run, with its readings.

    Each may fail alone. What two points have in common under a regime is run once. The time of the
    burn-in is shared out among the runs.
    """
    study = _study(context.common)
    start = time.perf_counter()
    base = Simulation(
        replicate_task(study, unit.tasks[0], context.threads).scenario, context.threads
    )
    context.advance(base.scenario.adults * base.scenario.burn_in_months)
    share = (time.perf_counter() - start) / len(unit.runs)
    regimes = [study.timelines(task.point.values) for task in unit.tasks]
    known: dict[Timeline, Answer] = {}
    for place, regime in unit.runs:
        timeline = regimes[place][regime]
        if timeline not in known:
            known[timeline] = _run(study, base, timeline, share)
            context.advance(base.scenario.adults * base.scenario.months)
    return [known[regimes[place][regime]] for place, regime in unit.runs]


def _run(study: SweepStudy, base: Simulation, timeline: Timeline, share: float) -> Answer:
    """The readings of a regime, or why it failed; share: seconds of the burn-in."""
    start = time.perf_counter()
    try:
        values = study.read(_outcomes(base.fork(timeline))).tolist()
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        return Answer(message=message_of(error))
    return Answer(values, "", share + time.perf_counter() - start)


def _outcomes(simulation: Simulation) -> NDArray[np.float64]:
    """Run to the end; outcomes, all municipalities pooled, float64 (months + 1, outcomes)."""
    simulation.run(simulation.scenario.months)
    several = len(simulation.scenario.towns) > 1
    outcomes: NDArray[np.float64] = simulation.measured(pooled=several)[0]
    return outcomes
