"""The work of claims in one world: all arms with one start, on the same population and draws.

What comes back depends on the unit of work alone, arm by arm: which others run beside it does not
matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.instruments.claim_measures import (
    STATES,
    StartFacts,
    Survival,
    retention,
    trial_effect,
)
from velfaerd_sim.instruments.losses import counted, number_of
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.measures import outcomes, questionnaire
from velfaerd_sim.measures.outcomes import CUMULATIVE
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN, PARTICIPATING, VOLUNTEERING
from velfaerd_sim.studies.claims.arms import ArmWork, Course, Followed, Measured, Start, scaled

SEEDS_PER_WORLD = 1000
MONTHS_OF_STARTS = 60
"""Months whose starts tell the rates, as in the readings of the calibration."""
MONTHS_BETWEEN, MONTHS_FOR_SURVIVAL = 6, 3
"""Months between two readings of the state, and of who is alive."""


@dataclass(frozen=True)
class BurnIn:
    """A start in one world and all arms that begin with it. months: of the longest of them."""

    start: Start
    seed: int
    parameters: Mapping[str, float]
    months: int
    arms: tuple[ArmWork, ...]


def run_burn_in(work: BurnIn, context: Context) -> list[Answer]:
    """Run a start and its arms: a row an arm, with its readings in their order."""
    del context  # nothing is shared
    start = scenario_of(work)
    base = Simulation(start)
    facts = StartFacts.at_start(base)
    cohorts: dict[Followed, NDArray[np.bool_]] = {}
    answers = []
    for arm in work.arms:
        own = facts
        if arm.followed is not None:
            if arm.followed not in cohorts:
                cohorts[arm.followed] = cohort_of(base, start, arm.followed, facts)
            own = replace(facts, cohort=cohorts[arm.followed])
        twin = base.fork(scenario=course_scenario(start, arm.course))
        answers.append(Answer((run_arm(twin, arm.measured, own),)))
    return answers


def seed_of(start: Start, place: int, replicate: int) -> int:
    """The seed of a replicate: of the place of the world, not of the arms that are run in it."""
    return replicate_seed(1 + start.seed, place * SEEDS_PER_WORLD + replicate)


def scenario_of(work: BurnIn) -> Scenario:
    """The scenario of the burn-in. Raises InputError where a scale would leave its range."""
    start = work.start
    scenario = load_scenario(start.scenario).with_(
        towns=start.towns,
        months=work.months,
        seed=work.seed,
        parameters=dict(work.parameters) | dict(start.world),
        local_variation=start.local_variation,
    )
    return scenario.with_(parameters=scaled(scenario.parameter_values(), start.scale))


def course_scenario(start: Scenario, course: Course) -> Scenario:
    """The scenario of an arm from month 1 on."""
    return start.with_(
        regime=course.timeline,
        policy_review=course.policy_review,
        parameters=scaled(start.parameter_values(), course.scale) | dict(course.parameters),
    )


def cohort_of(
    base: Simulation, start: Scenario, followed: Followed, facts: StartFacts
) -> NDArray[np.bool_]:
    """Who comes in under a course until a month, bool (adults,)."""
    twin = base.fork(scenario=course_scenario(start, followed.course))
    found = np.zeros(len(facts.loneliness), bool)
    before = facts.flags
    for _ in range(followed.until):
        twin.run(1)
        now = twin.population.citizens.flags.copy()
        found |= _came(before, now, facts, followed.who)
        before = now
    return found


def _came(
    before: NDArray[Any], now: NDArray[Any], facts: StartFacts, who: str
) -> NDArray[np.bool_]:
    """Who came in between two months."""
    came: NDArray[np.bool_] = ((now & VOLUNTEERING) > 0) & ((facts.flags & VOLUNTEERING) == 0)
    if who == "referred":
        known = (before & KNOWN) > 0
        came = ((now & PARTICIPATING) > 0) & ((before & PARTICIPATING) == 0) & known
    return came


def run_arm(
    twin: Simulation, measured: Sequence[Measured], facts: StartFacts
) -> NDArray[np.float64]:
    """Run an arm as long as it is read; float64 (readings,) in the order of `measured`."""
    found = {r: trial_effect(twin) for r in measured if r.measure == "trial_effect"}
    trackers = {r: Survival() for r in measured if r.measure == "survival_24m"}
    seen: dict[Measured, list[float]] = {r: [] for r in measured if r.measure in STATES}
    last = max(each.last for each in measured)
    read_at = {last}
    read_at |= set(range(MONTHS_FOR_SURVIVAL, last + 1, MONTHS_FOR_SURVIVAL)) if trackers else set()
    read_at |= set(range(MONTHS_BETWEEN, last + 1, MONTHS_BETWEEN)) if seen else set()
    for tracker in trackers.values():
        tracker.note(twin, False)
    for month in sorted(read_at):
        twin.run(month - twin.month)
        if month % MONTHS_FOR_SURVIVAL == 0:
            for reading, tracker in trackers.items():
                tracker.note(twin, reading.first <= month <= reading.last)
        if month % MONTHS_BETWEEN == 0:
            for reading, values in seen.items():
                if reading.first <= month <= reading.last:
                    values.append(STATES[reading.measure][1](twin, facts))
    for reading, values in seen.items():
        present = [value for value in values if np.isfinite(value)]
        found[reading] = float(np.mean(present)) if present else np.nan
    found |= {reading: tracker.value() for reading, tracker in trackers.items()}
    found |= dict(_series_readings(twin, [each for each in measured if each not in found]))
    return np.array([found[each] for each in measured])


def _series_readings(
    twin: Simulation, wanted: Sequence[Measured]
) -> Iterator[tuple[Measured, float]]:
    """Readings from the tallies of the whole run."""
    names = tuple(dict.fromkeys(r.measure for r in wanted if r.measure in outcomes.INDEX))
    names = tuple(dict.fromkeys((*names, *filter(None, map(number_of, names)))))
    several = len(twin.scenario.towns) > 1
    series = twin.measured(names, pooled=several)[0] if names else np.empty((0, 0))
    cells: list[float] = []
    for reading in wanted:
        first, last = reading.first, reading.last
        if reading.measure == "retention_12m":
            there = series[first : last + 1, names.index(number_of(reading.measure))]
            yield reading, _counted(reading.measure, retention(twin, first, last), there)
        elif reading.measure == "spread_of_quality":
            yield reading, _spread_of_quality(twin, first, last)
        elif reading.measure == "route_table":
            cells = cells or _route_table(twin)
            yield reading, cells[reading.cell]
        else:
            own = series[first : last + 1]
            cumulative = outcomes.named(reading.measure).kind == CUMULATIVE
            value = _read(own[:, names.index(reading.measure)], cumulative)
            if number := number_of(reading.measure):
                value = _counted(reading.measure, value, own[:, names.index(number)])
            yield reading, value


def _counted(name: str, value: float, numbers: NDArray[np.float64]) -> float:
    """A reading, the worst there can be where nobody was left in any of its months."""
    return float(counted(name, np.array(value), np.array(numbers.max())))


def _spread_of_quality(twin: Simulation, first: int, last: int) -> float:
    """Standard deviation over towns; one without any initiative has the worst quality."""
    towns = twin.measured(("quality_mean",))[:, first : last + 1, 0]
    means = [_read(town, False) for town in towns]
    return float(counted("quality_mean", np.array(means)).std(ddof=1))


def _read(values: NDArray[np.float64], last_counts: bool) -> float:
    """The last value of what adds up, else the mean of what is there."""
    if last_counts:
        return float(values[-1])
    present = values[np.isfinite(values)]
    return float(present.mean()) if len(present) else np.nan


def _route_table(twin: Simulation) -> list[float]:
    """Per cent of heads by route and answer, 30 cells row by row: what all 98 municipalities give.

    As in the calibration: expected from the rates at which collaborations started.
    """
    table = questionnaire.expected_table(
        surveys.start_rates(twin, MONTHS_OF_STARTS),
        questionnaire.danish_departments(),
        twin.scenario.seed,
        twin.parameters,
    )
    return [float(value) for value in table.ravel()]
