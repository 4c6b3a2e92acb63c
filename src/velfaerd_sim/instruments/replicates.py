"""Replicates: regimes on the same people and draws, with every outcome by month and place.

A replicate builds one population, runs the burn-in once and forks every regime from month 0. It is
a function of its task alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import KNOWN

YEAR = 12
MOST_REPLICATES = 100_000
CELLS = len(AGE_BANDS) * 2
"""Groups of citizens that are counted: age band x 2 + known to the municipality (at month 0).

Those who entered after month 0 stand under their age band at the end, as not known.
"""
GAINS = ("citizens", "gainers", "losers", "score_points")
"""Counted in every cell: citizens; those a point better, a point worse off; sum of differences."""


def replicate_seed(seed: int, replicate: int) -> int:
    """Seed of a replicate: the scenario's own for replicate 0, a keyed hash of it for the others.

    Hashed seeds make studies with neighbouring seeds independent. 53 bits, so that a program that
    holds numbers as floats reads them without loss.
    """
    if replicate == 0:
        return seed
    word = f"velfaerd_sim replicate {seed} {replicate}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8], "big") >> 11


@dataclass(frozen=True)
class ReplicateTask:
    """One replicate: the scenario with the replicate's seed, and the regimes to fork into."""

    scenario: Scenario
    replicate: int
    timelines: tuple[Timeline, ...]
    threads: int = 1

    @property
    def adult_months(self) -> int:
        """The size of the work."""
        scenario = self.scenario
        months = scenario.burn_in_months + len(self.timelines) * scenario.months
        return scenario.adults * months


@dataclass(frozen=True)
class Replicate:
    """What one replicate gave.

    series: float64 (regimes, places, months + 1, outcomes); the first place is all municipalities
    pooled where there are several. gains: int64 (regimes - 1, CELLS, GAINS), the regimes after the
    first against the first.
    """

    replicate: int
    seed: int
    series: NDArray[np.float64]
    gains: NDArray[np.int64]

    @property
    def summary(self) -> NDArray[np.float64]:
        """One value a regime and outcome, municipalities pooled; float64 (regimes, outcomes)."""
        return outcomes.summarise(self.series[:, 0])


def places(scenario: Scenario) -> tuple[int, ...]:
    """The codes of the places in a series: 0 for all pooled where there are several, then towns."""
    codes = tuple(town.code for town in scenario.towns)
    return codes if len(codes) == 1 else (0, *codes)


def measured(simulation: Simulation) -> NDArray[np.float64]:
    """Outcomes of a simulation by place and month; float64 (places, months + 1, outcomes)."""
    series = simulation.measured()
    if len(series) == 1:
        return series
    return np.concatenate([simulation.measured(pooled=True), series])


def run_replicate(task: ReplicateTask, advance: Callable[[int], None] | None = None) -> Replicate:
    """Run every regime of a task from the same month 0; `advance` is told of adult-months."""
    scenario, count = task.scenario, len(task.timelines)
    base = Simulation(scenario, task.threads, advance)
    if task.timelines == (scenario.timeline,):  # nobody is compared, so nothing need be copied
        base.run(scenario.months, advance)
        nobody = np.zeros((0, CELLS, len(GAINS)), np.int64)
        return Replicate(task.replicate, scenario.seed, measured(base)[None], nobody)
    start = cells_of(base)
    series: NDArray[np.float64] | None = None
    gains = np.zeros((count - 1, CELLS, len(GAINS)), np.int64)
    before = np.empty(0, np.int32)
    for index, timeline in enumerate(task.timelines):
        twin = base.fork(timeline)
        score, months = run_and_score(twin, advance)
        found = measured(twin)
        if series is None:
            series = np.empty((count, *found.shape))
            before, cells = score, cells_at_end(start, twin)
        else:
            gains[index - 1] = count_gains(score - before, cells, months)
        series[index] = found
    assert series is not None
    return Replicate(task.replicate, scenario.seed, series, gains)


def cells_of(simulation: Simulation) -> NDArray[np.intp]:
    """The group of every citizen now, see CELLS; intp (adults,)."""
    citizens = simulation.population.citizens
    cells: NDArray[np.intp] = citizens.age_band.astype(np.intp) * 2
    cells += (citizens.flags & KNOWN) > 0
    return cells


def cells_at_end(start: NDArray[np.intp], simulation: Simulation) -> NDArray[np.intp]:
    """The groups at month 0 with those of who has entered since; the same under every regime."""
    bands = simulation.population.citizens.age_band.astype(np.intp)
    return np.where(simulation.entered_since(0), bands * 2, start)


def run_and_score(
    simulation: Simulation, advance: Callable[[int], None] | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Run to the end; each citizen's sum of scores over the last year, and its months here.

    Both int32 (adults,). Who lives here at the end is followed, from the month of entry on where
    that is in the last year; who has left is not.
    """
    months = simulation.scenario.months
    last_year = min(YEAR, months)
    if months > last_year:
        simulation.run(months - last_year, advance)
    month, sums = simulation.month, simulation.score_sums()
    simulation.run(last_year, advance)
    return simulation.scores_since(month, sums)


def count_gains(
    difference: NDArray[np.int32], cells: NDArray[np.intp], months: NDArray[np.int32]
) -> NDArray[Any]:
    """Count by cell who is at least a point better or worse off a month; int64 (CELLS, GAINS).

    difference: of two regimes' sums of scores, of the same persons; months: over which they are.
    """
    result = np.empty((CELLS, len(GAINS)), np.int64)
    result[:, 0] = np.bincount(cells, minlength=CELLS)
    result[:, 1] = np.bincount(cells[difference <= -months], minlength=CELLS)
    result[:, 2] = np.bincount(cells[difference >= months], minlength=CELLS)
    # Sums of whole numbers below 2**53 are exact as floats.
    result[:, 3] = np.bincount(cells, weights=difference, minlength=CELLS)
    return result
