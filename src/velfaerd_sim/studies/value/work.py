"""The work of a study of the value of information: an estimate, or a survey in one world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.instruments.survey_answers import findings, scenario_of
from velfaerd_sim.statistics import information


@dataclass(frozen=True, slots=True)
class Estimate:
    """What it would be worth to know some columns (worlds, columns), or everything where None."""

    known: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey in one world: its parameters, and the seed of who lives there and who is asked."""

    survey: Survey
    parameters: Mapping[str, float]
    seed: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What all tasks share: the benefits world by world, and how towns are governed now."""

    benefits: information.Worlds
    scenario: Scenario


def estimate_or_ask(payload: Any, context: Context) -> list[Answer]:
    """Estimate a value with its error, or make a survey; the other values are empty."""
    choice: Choice = context.common
    if isinstance(payload, Asked):
        survey = payload.survey
        scenario = scenario_of(choice.scenario, survey, payload.parameters, payload.seed)
        return [Answer((np.nan, np.nan, findings(scenario, survey, context.advance)))]
    benefits, known = choice.benefits, payload.known
    value = information.perfect(benefits) if known is None else information.partial(benefits, known)
    return [Answer((value.value, value.error, None))]
