"""The work of a place: its figures in one world, or all regimes in one replicate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.governing import Governing
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.place_figures import MONTHS, figures_of
from velfaerd_sim.instruments.replicates import ReplicateTask, run_replicate
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.compare.rows import hours_used

READING, HERE, NATION = "reading", "here", "nation"


@dataclass(frozen=True)
class Shared:
    """What all tasks of a place share.

    here, nation: the scenarios of the place and of the nation; timelines: by what is done, the
    baseline first; governing: of the place today; ids: of the figures that are read; adults: of the
    true place.
    """

    here: Scenario
    nation: Scenario
    timelines: Mapping[str, tuple[Timeline, ...]]
    governing: Governing
    ids: tuple[str, ...]
    adults: int

    def adult_months(self, what: str) -> float:
        """The size of a piece of work."""
        scenario = self.nation if what == NATION else self.here
        months = MONTHS if what == READING else len(self.timelines[what]) * scenario.months
        return float(scenario.adults * (scenario.burn_in_months + months))


@dataclass(frozen=True)
class Unit:
    """A piece of work: what, in which world of the set, with which seed and parameters."""

    what: str
    number: int
    world: int
    seed: int
    parameters: Mapping[str, float] = field(repr=False)


def run_unit(unit: Unit, context: Context) -> list[Answer]:
    """Read figures, or run the regimes of a replicate: values, staff hours used, counts.

    Where answers stand for today's governance, every world has another way of governing that they
    may stand for.
    """
    shared: Shared = context.common
    own = shared.governing.drawn(shared.nation.seed, unit.world)
    base = shared.nation if unit.what == NATION else shared.here.with_(regime=own)
    scenario = base.with_(seed=unit.seed, parameters=unit.parameters)
    if unit.what == READING:
        simulation = Simulation(scenario.with_(months=MONTHS), context.threads, context.advance)
        simulation.run(MONTHS, context.advance)
        return [Answer((figures_of(simulation, shared.ids, shared.adults), None, None))]
    timelines = shared.timelines[unit.what]
    if unit.what == HERE:
        timelines = (own, *timelines[1:])
    task = ReplicateTask(scenario, unit.number, timelines, context.threads)
    found = run_replicate(task, context.advance)
    return [Answer((found.summary.ravel(), hours_used(found.series), found.gains.ravel()))]
