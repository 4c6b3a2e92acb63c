"""The lives of a town: the same people under control and under the intervention from each step on.

What a trial needs of a life is kept by measurement: the truth, and what a survey would meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.instruments.losses import counted, number_of
from velfaerd_sim.measures import volunteer_survey
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.surveys import volunteers_now
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import FREE, KNOWN, VOLUNTEERING
from velfaerd_sim.statistics.intervals import spread
from velfaerd_sim.studies.trial.schedules import CONTROL, Path

Array = NDArray[np.float64]
VALUES = ("truth", "seen", "within", "answering", "persons", "hours")
"""Kept of a life, a number a measurement: the mean over all persons (of a register outcome: over
the months since the last measurement); the mean and the variance over persons, each by the chance
to answer; the mean chance to answer; how many persons there are to ask; hours of collaboration per
1 000 adults and month since the last measurement."""

VOLUNTEERS, CITIZENS, REGISTER = "volunteers", "citizens", "register"
QUESTIONS = {
    VOLUNTEERS: ("motivation", "controlled_motivation", "exhaustion", "ownership", "continuing"),
    CITIZENS: ("tils_score", "lonely"),
}
"""What persons can be asked; 'continuing' and 'lonely' are yes or no."""
TRAITS = {
    VOLUNTEERS: ("motivation", "exhaustion", "ownership"),
    CITIZENS: ("loneliness", "known", "volunteer"),
}
"""What the chance to answer may depend on, each from 0 to 1."""
_WORST = {
    "motivation": 0.0,
    "controlled_motivation": 1.0,
    "exhaustion": 1.0,
    "ownership": 0.0,
    "continuing": 0.0,
}
"""What a town counts with in which all volunteers have left, see `instruments.losses`."""
_HOURS = "staff_hours_per_1000"


@dataclass(frozen=True)
class Survey:
    """What is measured, and of whom. of: 'volunteers', 'citizens' or 'register'.

    question: of QUESTIONS, or an outcome of the register; response: share of the invited who answer
    where everyone were as the town's mean at the start; response_by: log odds to answer of who has
    all of a trait over who has nothing of it.
    """

    of: str
    question: str
    response: float = 1.0
    response_by: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Town:
    """One town in one world: its scenario, its lives, and when it is measured."""

    scenario: Scenario
    lives: tuple[tuple[Path, Timeline], ...]
    survey: Survey
    measured: tuple[int, ...]

    @property
    def adult_months(self) -> int:
        """The size of the work: lives share the months before they part."""
        last = self.measured[-1]
        own = (last - path[1][0] for path, _ in self.lives if path != CONTROL)
        return self.scenario.adults * (self.scenario.burn_in_months + last + sum(own))


def run_town_lives(town: Town, context: Context) -> list[Answer]:
    """Run all lives of a town from the same month 0; an answer a life with its VALUES."""
    base = Simulation(town.scenario)
    base = base.fork(dict(town.lives)[CONTROL])
    context.advance(town.scenario.adults * town.scenario.burn_in_months)
    reader = _Reader(town.survey, base)
    answers: dict[Path, Answer] = {}
    kept: list[Array] = []
    for path, timeline in sorted(town.lives, key=lambda each: (each[0] == CONTROL, each[0][1:2])):
        first = town.measured[-1] if path == CONTROL else path[1][0]
        kept += _followed(base, town, reader, first)
        twin, own = base, list(kept)
        if path != CONTROL:
            twin = base.fork(timeline)
            own += _followed(twin, town, reader, town.measured[-1])
        answers[path] = _answer(twin, town, own)
        context.advance(town.scenario.adults * (town.measured[-1] - first))
    return [answers[path] for path, _ in town.lives]


def _followed(simulation: Simulation, town: Town, reader: _Reader, until: int) -> list[Array]:
    """Run on to a month, and ask whenever it is measured on the way."""
    found = []
    for month in town.measured:
        if simulation.month < month <= until:
            simulation.run(month - simulation.month)
            found.append(reader.asked(simulation))
    if simulation.month < until:
        simulation.run(until - simulation.month)
    return found


def _answer(simulation: Simulation, town: Town, asked: list[Array]) -> Answer:
    """The VALUES of a life that was run to its end."""
    until = simulation.scenario.burn_in_months + simulation.month + 1
    register = town.survey.of == REGISTER
    names = [_HOURS]
    if register:
        names += filter(None, (town.survey.question, number_of(town.survey.question)))
    series = simulation.measured(tuple(names), last=until)[0]
    ends = pairwise((0, *town.measured))
    means = np.array([spread(series[a + 1 : b + 1]).mean for a, b in ends])
    hours = means[:, 0].tolist()
    if not register:
        return Answer([*np.array(asked).T.tolist(), hours])
    truth = counted(names[1], means[:, 1], means[:, -1]).tolist()
    nothing, whole = [0.0] * len(truth), [1.0] * len(truth)
    return Answer([truth, truth, nothing, whole, nothing, hours])


class _Reader:
    """What a survey meets; who is how likely to answer is set by the town at the start."""

    def __init__(self, survey: Survey, start: Simulation) -> None:
        self.survey = survey
        self.centre = float(logit(survey.response)) if survey.response < 1.0 else np.inf
        if survey.of != REGISTER and survey.response_by:
            inclined = self._inclined(start)
            self.centre -= float(inclined.mean()) if len(inclined) else 0.0

    def asked(self, simulation: Simulation) -> Array:
        """The first five of VALUES now; where nobody is left to ask, the worst of answers."""
        if self.survey.of == REGISTER:
            return np.full(5, np.nan)
        values, within = self._answers(simulation)
        if not len(values):
            worst = _WORST[self.survey.question]
            return np.array([worst, worst, 0.0, 0.0, 0.0])
        chance = expit(self.centre + self._inclined(simulation))
        weight = chance / chance.sum()
        seen = float(weight @ values)
        spread = float(weight @ (within + np.square(values - seen)))
        return np.array([values.mean(), seen, spread, chance.mean(), len(values)])

    def _answers(self, simulation: Simulation) -> tuple[Array, Array]:
        """The expected answer of each person, and its variance where the answer is chance."""
        people, question = simulation.population.citizens, self.survey.question
        if self.survey.of == CITIZENS:
            scores = tils_scores(people.loneliness).astype(np.float64)
            values = scores if question == "tils_score" else (scores >= LONELY_FROM) * 1.0
            return values, np.zeros(len(values))
        if question == "continuing":
            p = simulation.parameters
            odds = volunteers_now(simulation).leaving_log_odds
            noise, threshold = float(p["intention_noise"]), float(p["intention_threshold"])
            chance = volunteer_survey.continuing_chances(odds, noise, threshold)
            return chance, chance * (1.0 - chance)
        values = self._volunteers(simulation)[question].astype(np.float64)
        return values, np.zeros(len(values))

    def _inclined(self, simulation: Simulation) -> Array:
        """What each person's traits add to the log odds of answering."""
        people = simulation.population.citizens
        rows: Any
        if self.survey.of == VOLUNTEERS:
            rows = self._volunteers(simulation)
        else:
            rows = {
                "loneliness": people.loneliness,
                "known": (people.flags & KNOWN) > 0,
                "volunteer": (people.flags & VOLUNTEERING) > 0,
            }
        count = len(rows) if self.survey.of == VOLUNTEERS else len(people.loneliness)
        inclined = np.zeros(count)
        for trait, weight in self.survey.response_by:
            inclined += weight * rows[trait].astype(np.float64)
        return inclined

    @staticmethod
    def _volunteers(simulation: Simulation) -> NDArray[Any]:
        rows = simulation.population.volunteers
        return np.asarray(rows[rows["citizen"] != FREE])
