"""The work of a search for advice: one town of one world, governed in several ways."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, Phase, Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.replicates import measured
from velfaerd_sim.measures.outcomes import INDEX, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.advise.space import HOURS, LEVER, NAMES, timeline_of

TODAY, NAMED, PATH = "today", "regime", "path"
"""Roles: the governance of today; a named regime, as 'regime NAME'; a path to the point.

A path is 'path NAME MONTHS STEP STEP ...': the first step is taken at month 0, the others so many
months after each other; a step names instruments with + between. It begins at today's governance.
"""


@dataclass(frozen=True)
class Candidate:
    """A way of governing that is tried: why it is tried, and where it lies, see `space.NAMES`."""

    role: str
    point: tuple[float, ...]

    def __post_init__(self) -> None:
        """Let equal roles be one object, so that equal tasks are sent as equal bytes."""
        object.__setattr__(self, "role", sys.intern(self.role))

    def timeline(self, today: Timeline) -> Timeline:
        """Governance from month 0 on; today: where a path begins."""
        kind, *words = self.role.split()
        if kind == NAMED:
            return Timeline.of(REGIMES[words[0]])
        start = today.single()
        if kind != PATH or start is None:
            return timeline_of(np.array(self.point))
        values: dict[str, Any] = dict(zip(INSTRUMENTS, start.instruments, strict=True))
        target = dict(zip(NAMES, self.point, strict=True))
        phases = []
        for number, step in enumerate(words[2:]):
            values |= {name: target[name] for name in step.split("+")}
            regime = Regime(name=f"step_{number + 1}", **values)
            phases.append(Phase(number * int(words[1]), regime))
        return Timeline(words[0], tuple(phases))


@dataclass(frozen=True)
class Town:
    """One town in one world, and the ways of governing that start from its month 0.

    scenario: with the parameters of the world, the seed, and the governance and hours of today.
    """

    scenario: Scenario
    candidates: tuple[Candidate, ...]

    @property
    def adult_months(self) -> int:
        """The size of the work."""
        scenario = self.scenario
        months = scenario.burn_in_months + len(self.candidates) * scenario.months
        return scenario.adults * months


def run_town(town: Town, context: Context) -> list[Answer]:
    """Govern a town in every way from the same month 0; an answer a way.

    Values: role, the point, then the outcomes that are asked for, which all tasks share. Hours
    change with governance, at month 0; today's governance has today's hours.
    """
    outcomes = [INDEX[name] for name in context.common]
    base = Simulation(town.scenario, context.threads, context.advance)
    answers = []
    for candidate in town.candidates:
        if candidate.role == TODAY:
            twin = base.fork()
        else:
            hours = {LEVER: candidate.point[HOURS]}
            other = town.scenario.with_(parameters=hours)
            twin = base.fork(candidate.timeline(town.scenario.timeline), other)
        twin.run(town.scenario.months, context.advance)
        found = summarise(measured(twin)[0])[outcomes]
        answers.append(Answer((candidate.role, *candidate.point, *found.tolist())))
    return answers


def no_point() -> tuple[float, ...]:
    """The point of governance that is none, as it changes over time."""
    return (float("nan"),) * len(NAMES)
