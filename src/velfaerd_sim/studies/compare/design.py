"""The design of a comparison: what was asked for, checked once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.record import scenario_of, timelines_of
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import check
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.theories import Theory, load_theories, theory_of, worlds_under
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments.replicates import MOST_REPLICATES, ReplicateTask, replicate_seed
from velfaerd_sim.statistics.intervals import CONFIDENCE, STOPPING_CORRECTION, IntervalRule
from velfaerd_sim.studies.compare.stopping import SMALLEST

Governance = str | Path | Regime | Timeline
REPLICATES = 32
REPLICATES_IN_A_WORLD = 2
"""Replicates where worlds are given: two in each are enough to tell chance from the worlds."""
MAX_REPLICATES = 2000
MOST_PRECISION = 2.0
STAFF_HOURS = (4.0, 7.0, 11.0, 18.0, 30.0, 48.0, 80.0)
"""Staff hours for collaboration per 1 000 adults and month, at which regimes are compared."""
STAFF_HOURS_REPLICATES = 16
LEVER = "hours_per_1000"
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
    hours: tuple[float, ...] = ()
    hours_replicates: int = 0
    worlds: Worlds | None = None
    theories: tuple[Theory, ...] = ()

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
        """How intervals are made: corrected where their widths decide when to stop."""
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
            result["smallest"] = SMALLEST
            result["stopping_correction"] = STOPPING_CORRECTION
        result["hours"] = list(self.hours) or None
        if self.hours:
            result["hours_replicates"] = self.hours_replicates
        if self.worlds is not None:
            result["worlds"] = self.worlds.to_dict()
        if self.theories:
            result["theories"] = [theory.to_dict() for theory in self.theories]
        return result


def checked_design(
    regimes: Sequence[Governance],
    scenario: str | Path | Scenario,
    *,
    replicates: int | None = None,
    precision: float | None = None,
    max_replicates: int = MAX_REPLICATES,
    hours: bool | Iterable[float] | None = None,
    hours_replicates: int | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
    worlds: str | Path | Worlds | None = None,
    theories: str | Path | None = None,
) -> ComparisonDesign:
    """Check everything that a comparison is asked for. Raises InputError naming the option.

    replicates: with worlds, in each of them. What the scenario or `parameters` set holds in every
    world. theories: see `theories.load_theories`; all is run as it is and under each of them, in
    every world.
    """
    timelines = load_regimes(regimes)
    base = changed_scenario(scenario, timelines[0], months, adults, seed, parameters)
    chosen = None
    if worlds is not None:
        chosen = Worlds.drawn(worlds, base.seed).without(dict(base.parameters))
    accounts = () if theories is None else load_theories(theories)
    one_world = chosen is None
    for theory in accounts:
        for name in dict(base.parameters).keys() & theory.parameters.keys():
            raise InputError("theories", theory.name, refusal("theory_sets", name=name))
    if accounts:
        start = chosen or Worlds("defaults", (World(1, 1.0, {}),))
        chosen = worlds_under(start, accounts, base.seed).without(dict(base.parameters))
    if precision is not None:
        if chosen is not None:
            allowed = "replicates, as worlds or theories are given: so many in each world"
            raise InputError("precision", precision, allowed)
        if replicates is not None:
            raise InputError("precision", precision, "either replicates or precision")
        precision = checked_precision(precision)
    else:
        usual = REPLICATES if one_world else REPLICATES_IN_A_WORLD
        replicates = _checked_replicates(replicates, chosen, usual)
    most = checks.whole(max_replicates, "max_replicates", SMALLEST, MOST_REPLICATES)
    repeats = STAFF_HOURS_REPLICATES if hours_replicates is None else hours_replicates
    repeats = checks.whole(repeats, "hours_replicates", 1, MOST_REPLICATES)
    return ComparisonDesign(
        scenario=base,
        timelines=timelines,
        replicates=replicates,
        precision=precision,
        max_replicates=most,
        hours=checked_levels(hours),
        hours_replicates=repeats,
        worlds=chosen,
        theories=accounts,
    )


def _checked_replicates(replicates: object, worlds: Worlds | None, usual: int) -> int:
    """All replicates together. Raises InputError."""
    wanted = usual if replicates is None else replicates
    if worlds is None:
        return checks.whole(wanted, "replicates", 1, MOST_REPLICATES)
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
        hours=tuple(design["hours"] or ()),
        hours_replicates=design.get("hours_replicates", 0),
        worlds=Worlds.from_dict(design["worlds"]) if "worlds" in design else None,
        theories=tuple(theory_of(each) for each in design.get("theories", ())),
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


def checked_levels(hours: bool | Iterable[float] | None) -> tuple[float, ...]:
    """Levels of staff hours, rising; none for None and False. Raises InputError."""
    if hours is None or hours is False:
        return ()
    if hours is True:
        return STAFF_HOURS
    given: object = hours
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError("hours", given, "a list of hours a month, or true")
    levels = [check(LEVER, level, "hours") for level in given]
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise InputError("hours", levels, f"2 to {MOST_LEVELS} levels")
    if any(low >= high for low, high in pairwise(levels)):
        raise InputError("hours", levels, "levels in rising order, each once")
    return tuple(levels)
