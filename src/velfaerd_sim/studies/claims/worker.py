"""The work of a claim in one world: all its arms on the same populations and the same draws.

Arms that differ from month 1 on share one burn-in; arms that differ from the start have their own,
with the same seed. What comes back depends on the unit of work alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.towns import Town, danish_towns, resized
from velfaerd_sim.instruments.claim_measures import (
    STATES,
    StartFacts,
    Survival,
    retention,
    trial_effect,
)
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.measures import outcomes, questionnaire
from velfaerd_sim.measures.outcomes import CUMULATIVE
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN, PARTICIPATING, VOLUNTEERING
from velfaerd_sim.studies.claims.claims import BASE, Arm, Claim, Cohort, Locality, Variant
from velfaerd_sim.studies.claims.readings import ArmReading, readings

SEEDS_PER_WORLD = 1000
MONTHS_OF_STARTS = 60
"""Months whose starts tell the rates, as in the readings of the calibration."""
MONTHS_BETWEEN, MONTHS_FOR_SURVIVAL = 6, 3
"""Months between two read_at at the state."""
NOWHERE = Locality("", BASE.words, "")


@dataclass(frozen=True)
class ClaimTask:
    """A claim under a variant in one world. place: where the world stands in its set."""

    claim: Claim
    variant: Variant
    place: int
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class UnitResult:
    """What a unit gave: float64 (replicates, readings), or why it failed."""

    values: NDArray[np.float64] | None
    message: str = ""


def run_world(unit: ClaimTask, context: Context) -> list[Answer]:
    """Run a claim in a world: one row with all readings of all replicates, in their order."""
    del context  # nothing is shared
    return [Answer((run_unit(unit).ravel(),))]


def run_unit(unit: ClaimTask) -> NDArray[np.float64]:
    """Run all replicates of a claim in a world; float64 (replicates, readings)."""
    claim, wanted = unit.claim, readings(unit.claim)
    values = np.full((claim.replicates, len(wanted)), np.nan)
    column = {reading: place for place, reading in enumerate(wanted)}
    for replicate in range(claim.replicates):
        seed = seed_of(unit, replicate)
        for locality in claim.localities or (NOWHERE,):
            for group in _groups(claim):
                for reading, value in _run_group(unit, seed, locality, group, wanted):
                    values[replicate, column[reading]] = value
    return values


def seed_of(unit: ClaimTask, replicate: int) -> int:
    """The seed of a replicate: of the place of the world, not of the claim nor of its arms."""
    return replicate_seed(1 + unit.variant.seed, unit.place * SEEDS_PER_WORLD + replicate)


def _groups(claim: Claim) -> list[tuple[Arm, ...]]:
    """Arms that share a burn-in; the arm that says who is followed comes first."""
    found: dict[tuple[tuple[str, float], ...], list[Arm]] = {}
    for arm in claim.arms:
        found.setdefault(arm.world, []).append(arm)
    first = claim.cohort.arm if claim.cohort else ""
    return [tuple(sorted(arms, key=lambda arm: arm.name != first)) for arms in found.values()]


def _run_group(
    unit: ClaimTask,
    seed: int,
    locality: Locality,
    arms: Sequence[Arm],
    wanted: Sequence[ArmReading],
) -> Iterator[tuple[ArmReading, float]]:
    start = scenario_of(unit, seed, locality, arms[0])
    base = Simulation(start)
    facts = StartFacts.at_start(base)
    for arm in arms:
        own = tuple(r for r in wanted if r.arm == arm.name and r.locality == locality.name)
        if not own:
            continue
        twin = base.fork(scenario=arm_scenario(start, arm))
        cohort = unit.claim.cohort
        follows = cohort if cohort is not None and cohort.arm == arm.name else None
        yield from run_arm(twin, own, facts, follows)


def scenario_of(unit: ClaimTask, seed: int, locality: Locality, arm: Arm) -> Scenario:
    """The scenario of the burn-in: the world, the locality, what holds in the arm from the start.

    A variant or a counter-mechanism overrides the world, an arm overrides both.
    """
    claim, variant = unit.claim, unit.variant
    values = dict(unit.parameters) | dict(locality.world) | dict(variant.world)
    scenario = load_scenario(claim.scenario).with_(
        towns=_towns(claim, variant, locality),
        months=claim.months,
        seed=seed,
        parameters=values | dict(arm.world),
        local_variation=claim.local_variation,
    )
    return scenario.with_(parameters=_scaled(scenario, locality.scale))


def arm_scenario(start: Scenario, arm: Arm) -> Scenario:
    """The scenario of an arm from month 1 on."""
    return start.with_(
        regime=arm.timeline,
        policy_review=arm.policy_review,
        parameters=_scaled(start, arm.scale) | dict(arm.parameters),
    )


def _scaled(scenario: Scenario, scale: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Parameters times a factor, kept in their ranges."""
    values, found = scenario.parameter_values(), {}
    for name, factor in scale:
        parameter = BY_NAME[name]
        found[name] = min(parameter.high, max(parameter.low, values[name] * factor))
    return found


def _towns(claim: Claim, variant: Variant, locality: Locality) -> tuple[Town, ...]:
    total = round(claim.towns.get("adults", claim.adults) * variant.adults_factor)
    if claim.towns.get("denmark"):
        return resized(danish_towns(), total)
    kind = str(claim.towns.get("kind", locality.town_kind or "provincial_city"))
    shift = 0 if variant.town_code is None else variant.town_code - 1
    count = int(claim.towns.get("count", 1))
    names = ("Town",) if count == 1 else tuple(f"Town {n}" for n in range(1, count + 1))
    return tuple(
        Town(code=number + shift, name=name, kind=kind, adults=total)
        for number, name in enumerate(names, 1)
    )


def run_arm(
    twin: Simulation, wanted: Sequence[ArmReading], facts: StartFacts, follows: Cohort | None
) -> Iterator[tuple[ArmReading, float]]:
    """Run an arm to its end and give its readings; `follows`: it says who is followed."""
    surviving = [r for r in wanted if r.measure == "survival_24m"]
    states = [r for r in wanted if r.measure in STATES]
    trackers = {reading: Survival() for reading in surviving}
    grid = MONTHS_FOR_SURVIVAL if surviving else MONTHS_BETWEEN
    seen: dict[ArmReading, list[float]] = {reading: [] for reading in states}
    read_at = set(range(grid, twin.scenario.months + 1, grid)) if states or surviving else set()
    if follows is not None:
        read_at |= set(range(1, follows.until + 1))
        facts.cohort = np.zeros(len(facts.loneliness), bool)
    for tracker in trackers.values():
        tracker.note(twin, False)
    trials = [r for r in wanted if r.measure == "trial_effect"]
    for reading in trials:
        yield reading, trial_effect(twin)
    before = facts.flags
    for month in sorted(read_at | {twin.scenario.months}):
        twin.run(month - twin.month)
        if follows is not None and month <= follows.until:
            before = _follow(twin, facts, follows, before)
        if month % grid:
            continue
        for reading, tracker in trackers.items():
            tracker.note(twin, reading.first <= month <= reading.last)
        for reading in states:
            if reading.first <= month <= reading.last:
                seen[reading].append(STATES[reading.measure][1](twin, facts))
    for reading, values in seen.items():
        present = [value for value in values if np.isfinite(value)]
        yield reading, float(np.mean(present)) if present else np.nan
    for reading, tracker in trackers.items():
        yield reading, tracker.value()
    rest = [r for r in wanted if r not in seen and r not in trackers and r not in trials]
    yield from _series_readings(twin, rest)


def _follow(
    twin: Simulation, facts: StartFacts, cohort: Cohort, before: NDArray[Any]
) -> NDArray[Any]:
    """Add those who came in this month; gives the flags of the month."""
    now = twin.population.citizens.flags
    if cohort.who == "referred":
        came = (
            ((now & PARTICIPATING) > 0) & ((before & PARTICIPATING) == 0) & ((before & KNOWN) > 0)
        )
    else:
        came = ((now & VOLUNTEERING) > 0) & ((facts.flags & VOLUNTEERING) == 0)
    assert facts.cohort is not None
    facts.cohort |= came
    copy: NDArray[Any] = now.copy()
    return copy


def _series_readings(
    twin: Simulation, wanted: Sequence[ArmReading]
) -> Iterator[tuple[ArmReading, float]]:
    """Readings from the tallies of the whole run."""
    names = tuple(dict.fromkeys(r.measure for r in wanted if r.measure in outcomes.INDEX))
    tables = twin.tallies, twin.at_risk, twin.ended
    start = twin.scenario.burn_in_months
    pooled = outcomes.pool(*tables) if len(twin.scenario.towns) > 1 else tables
    series = _series(pooled, start, names)
    cells: list[float] = []
    for reading in wanted:
        first, last = reading.first, reading.last
        if reading.measure == "retention_12m":
            yield reading, retention(twin, first, last)
        elif reading.measure == "spread_of_quality":
            towns = outcomes.measure(*tables, start, ("quality_mean",))[:, first : last + 1, 0]
            yield reading, float(np.nanmean(towns, axis=1).std(ddof=1))
        elif reading.measure == "route_table":
            cells = cells or _route_table(twin)
            yield reading, cells[reading.cell]
        else:
            values = series[first : last + 1, names.index(reading.measure)]
            cumulative = outcomes.named(reading.measure).kind == CUMULATIVE
            yield reading, _read(values, cumulative)


def _series(
    tables: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], start: int, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Outcomes of the first place by month; float64 (months + 1, outcomes)."""
    at_risk, ended = tables[1:]
    if not names:
        return np.empty((0, 0))
    series: NDArray[np.float64] = outcomes.measure(tables[0], at_risk, ended, start, names)[0]
    return series


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
