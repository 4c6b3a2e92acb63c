"""The work of a study of robustness: all regimes of one draw under one condition."""

from __future__ import annotations

from dataclasses import dataclass

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.conditions import Condition
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.instruments.time_steps import read, stepped

OUTCOMES = (
    "motivation_mean",
    "retention_12m",
    "lonely_share",
    "lonely_years_averted_per_1000",
    "staff_hours_per_1000",
)


@dataclass(frozen=True)
class Draw:
    """One population under one condition, and the regimes that start from it."""

    scenario: Scenario
    steps: float
    timelines: tuple[Timeline, ...]

    @property
    def adult_months(self) -> float:
        """The size of the work."""
        scenario = self.scenario
        months = scenario.burn_in_months + len(self.timelines) * scenario.months
        return scenario.adults * months * self.steps


def draw_of(
    base: Scenario, condition: Condition, draw: int, timelines: tuple[Timeline, ...]
) -> Draw:
    """A draw; it has the same seed under every condition."""
    scenario = condition.scenario(base, draw).with_(seed=replicate_seed(base.seed, draw))
    return Draw(scenario, condition.steps, timelines)


def run_draw(draw: Draw, context: Context) -> list[Answer]:
    """Run all regimes from the same month 0; an answer a regime with its OUTCOMES."""
    base = stepped(draw.scenario, draw.steps)
    months = round(draw.scenario.months * draw.steps)
    context.advance(draw.scenario.adults * base.scenario.burn_in_months)
    answers = []
    for timeline in draw.timelines:
        twin = base.fork(timeline)
        twin.run(months)
        answers.append(Answer(read(twin, OUTCOMES, draw.steps).tolist()))
        context.advance(draw.scenario.adults * months)
    return answers
