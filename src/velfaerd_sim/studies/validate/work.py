"""The work of a validation: the readings of one unit."""

from __future__ import annotations

from dataclasses import dataclass

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.held_out import read_held_out
from velfaerd_sim.instruments.readings import read as read_targets
from velfaerd_sim.instruments.time_steps import read, stepped
from velfaerd_sim.measures import outcomes

LEVELS = tuple(
    one.name
    for one in outcomes.OUTCOMES
    if one.kind == outcomes.LEVEL or one.name == "retention_12m"
)
"""Outcomes that should not depend on the size of a town: shares, means, numbers per 1 000."""


@dataclass(frozen=True)
class Levels:
    """The levels of outcomes in a town at a time step."""

    scenario: Scenario
    steps: float

    def read(self) -> dict[str, float]:
        """The readings by id."""
        simulation = stepped(self.scenario, self.steps)
        simulation.run(round(self.scenario.months * self.steps))
        values = read(simulation, LEVELS, self.steps)
        return dict(zip(LEVELS, values.tolist(), strict=True))


@dataclass(frozen=True)
class HeldOut:
    """The held-out patterns in a world."""

    parameters: tuple[tuple[str, float], ...]
    adults: int
    seed: int

    def read(self) -> dict[str, float]:
        """The readings by id."""
        return read_held_out(dict(self.parameters), adults=self.adults, seed=self.seed)


@dataclass(frozen=True)
class Targets:
    """The targets in a world."""

    parameters: tuple[tuple[str, float], ...]
    adults: int
    replicates: int
    seed: int
    months: int

    def read(self) -> dict[str, float]:
        """The readings by id."""
        return read_targets(
            dict(self.parameters),
            adults=self.adults,
            replicates=self.replicates,
            seed=self.seed,
            months=self.months,
        )


def read_unit(unit: Levels | HeldOut | Targets, context: Context) -> list[Answer]:
    """Read a unit: its ids and their values."""
    found = unit.read()
    context.advance(1)
    return [Answer((list(found), [float(value) for value in found.values()]))]
