"""The design of a comparison: what was asked for, checked once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.record import scenario_of, timelines_of
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import check
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.replicates import MOST_REPLICATES, ReplicateTask, replicate_seed
from velfaerd_sim.statistics.intervals import CONFIDENCE, MIXTURE, IntervalRule

Governance = str | Path | Regime | Timeline
REPLICATES = 32
REPLICATES_IN_A_WORLD = 2
"""Replicates where worlds are given: two in each are enough to tell chance from the worlds."""
MAX_REPLICATES = 2000
MOST_PRECISION = 2.0
STAFF_HOURS = (4.0, 7.0, 11.0, 18.0, 30.0, 48.0, 80.0)
"""Hours a staff member has for collaboration a month, at which regimes are compared."""
STAFF_HOURS_REPLICATES = 16
LEVER = "staff_hours_per_month"
MOST_LEVELS = 100


@dataclass(frozen=True)
class ComparisonDesign:
    """A comparison that was checked: the scenario, the regimes (first the baseline), how many.

    With worlds, replicate i is in world i modulo their number, so that replicates go through all
    worlds in turn, each with people and draws of its own; `replicates` counts all of them.
    """

    scenario: Scenario
    timelines: tuple[Timeline, ...]
    replicates: int | None
    precision: float | None = None
    max_replicates: int = MAX_REPLICATES
    staff_hours: tuple[float, ...] = ()
    staff_hours_replicates: int = 0
    worlds: Worlds | None = None

    @property
    def number_of_worlds(self) -> int:
        """How many worlds there are; 0 where none are given."""
        return 0 if self.worlds is None else len(self.worlds)

    @property
    def regimes(self) -> tuple[str, ...]:
        """The names of the regimes."""
        return tuple(timeline.name for timeline in self.timelines)

    @property
    def most(self) -> int:
        """The most replicates that may be run."""
        return self.max_replicates if self.replicates is None else self.replicates

    @property
    def rule(self) -> IntervalRule:
        """How intervals are made: sequentially valid where the study decides when to stop."""
        return IntervalRule(sequential=self.precision is not None)

    def task(self, replicate: int, parameters: Mapping[str, float] | None = None) -> ReplicateTask:
        """The work of one replicate; `parameters` beat those of its world."""
        seed = replicate_seed(self.scenario.seed, replicate)
        if self.worlds is not None:
            world = self.worlds[replicate % len(self.worlds)]
            parameters = dict(world.parameters) | dict(parameters or {})
        scenario = self.scenario.with_(seed=seed, parameters=parameters)
        return ReplicateTask(scenario, replicate, self.timelines)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in the record."""
        result: dict[str, Any] = {"replicates": self.replicates, "confidence": CONFIDENCE}
        result["precision"] = self.precision
        if self.precision is not None:
            result["max_replicates"] = self.max_replicates
            result["mixture"] = MIXTURE
        result["staff_hours"] = list(self.staff_hours) or None
        if self.staff_hours:
            result["staff_hours_replicates"] = self.staff_hours_replicates
        if self.worlds is not None:
            result["worlds"] = self.worlds.to_dict()
        return result


def checked_design(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario,
    *,
    replicates: int | None = None,
    precision: float | None = None,
    max_replicates: int = MAX_REPLICATES,
    staff_hours: bool | Iterable[float] | None = None,
    staff_hours_replicates: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    worlds: str | Path | Worlds | None = None,
) -> ComparisonDesign:
    """Check everything that a comparison is asked for. Raises InputError naming the option.

    replicates: with worlds, in each of them. What the scenario or `parameters` set holds in every
    world.
    """
    timelines = load_regimes(regimes)
    base = changed_scenario(scenario, timelines[0], months, adults, seed, parameters)
    chosen = None
    if worlds is not None:
        chosen = Worlds.drawn(worlds, base.seed).without(dict(base.parameters))
    if precision is not None:
        if chosen is not None:
            allowed = "replicates, as worlds are given: so many in each world"
            raise InputError("precision", precision, allowed)
        if replicates is not None:
            raise InputError("precision", precision, "either replicates or precision")
        precision = checked_precision(precision)
    else:
        replicates = _checked_replicates(replicates, chosen)
    most = checks.whole(max_replicates, "max_replicates", 8, MOST_REPLICATES)
    repeats = STAFF_HOURS_REPLICATES if staff_hours_replicates is None else staff_hours_replicates
    repeats = checks.whole(repeats, "staff_hours_replicates", 1, MOST_REPLICATES)
    return ComparisonDesign(
        scenario=base,
        timelines=timelines,
        replicates=replicates,
        precision=precision,
        max_replicates=most,
        staff_hours=checked_levels(staff_hours),
        staff_hours_replicates=repeats,
        worlds=chosen,
    )


def _checked_replicates(replicates: object, worlds: Worlds | None) -> int:
    """All replicates together. Raises InputError."""
    if worlds is None:
        wanted = REPLICATES if replicates is None else replicates
        return checks.whole(wanted, "replicates", 1, MOST_REPLICATES)
    wanted = REPLICATES_IN_A_WORLD if replicates is None else replicates
    most = max(1, MOST_REPLICATES // len(worlds))
    return len(worlds) * checks.whole(wanted, "replicates", 1, most)


def design_of(record: Mapping[str, Any]) -> ComparisonDesign:
    """The design that a comparison's record was made from."""
    design = record["design"]
    return ComparisonDesign(
        scenario=scenario_of(record),
        timelines=timelines_of(record),
        replicates=design["replicates"],
        precision=design["precision"],
        max_replicates=design.get("max_replicates", MAX_REPLICATES),
        staff_hours=tuple(design["staff_hours"] or ()),
        staff_hours_replicates=design.get("staff_hours_replicates", 0),
        worlds=Worlds.from_dict(design["worlds"]) if "worlds" in design else None,
    )


def load_regimes(regimes: Sequence[Governance]) -> tuple[Timeline, ...]:
    """Load the regimes to compare, the baseline first. Raises InputError."""
    allowed = "two or more regimes, the first of which is the baseline"
    if isinstance(regimes, str | Path | Regime | Timeline) or not isinstance(regimes, Iterable):
        raise InputError("regimes", regimes, allowed)
    given = list(regimes)
    if len(given) < 2:
        raise InputError("regimes", given[0] if given else "", allowed)
    found: list[Timeline] = []
    for number, regime in enumerate(given, start=1):
        place = f"regimes[{number}]"
        timeline = load_timeline(regime, place)
        if any(timeline.name == other.name for other in found):
            raise InputError(place, timeline.name, "each regime once, by its own name")
        found.append(timeline)
    return tuple(found)


def changed_scenario(
    scenario: str | Path | Scenario,
    regime: Governance | None,
    months: int | None,
    adults: int | None,
    seed: int | None,
    parameters: Mapping[str, float] | None,
) -> Scenario:
    """Load a scenario and change what is given. Raises InputError."""
    base = load_scenario(scenario)
    plain = {"months": months, "seed": seed}
    changes: dict[str, Any] = {key: value for key, value in plain.items() if value is not None}
    return base.with_(regime=regime, adults=adults, parameters=parameters, **changes)


def checked_precision(precision: object) -> float:
    """A precision in (0, 2]. Raises InputError."""
    allowed = f"a number above 0 and at most {MOST_PRECISION:g}"
    if isinstance(precision, bool) or not isinstance(precision, int | float):
        raise InputError("precision", precision, allowed)
    if not (math.isfinite(precision) and 0.0 < precision <= MOST_PRECISION):
        raise InputError("precision", precision, allowed)
    return float(precision)


def checked_levels(staff_hours: bool | Iterable[float] | None) -> tuple[float, ...]:
    """Levels of staff hours, rising; none for None and False. Raises InputError."""
    if staff_hours is None or staff_hours is False:
        return ()
    if staff_hours is True:
        return STAFF_HOURS
    given: object = staff_hours
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError("staff_hours", given, "a list of hours a month, or true")
    levels = [check(LEVER, level, "staff_hours") for level in given]
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise InputError("staff_hours", levels, f"2 to {MOST_LEVELS} levels")
    if any(low >= high for low, high in pairwise(levels)):
        raise InputError("staff_hours", levels, "levels in rising order, each once")
    return tuple(levels)
