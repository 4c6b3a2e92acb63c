"""The design of a search for advice: what was asked for, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.record import scenario_of
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.theories import Theory, load_theories, theory_of, worlds_under
from velfaerd_sim.inputs.worlds import PLAUSIBLE, World, Worlds
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.statistics import surrogate
from velfaerd_sim.studies.advise.goals import Goals, checked_goals
from velfaerd_sim.studies.advise.space import LEVER, Space, point_of, space_of
from velfaerd_sim.studies.advise.work import TODAY, Candidate, no_point

DEFAULTS = "none"
"""What is said instead of worlds for the world of the defaults alone."""
SCENARIO_FILE, WORLDS_FILE, TODAY_FILE = "scenario.toml", "worlds.csv", "today.toml"
"""What the folder of a place may hold."""
SEARCH, FRESH, PATHS = "search", "fresh", "paths"
"""Where runs belong: to the search, to what is told of packages, to what is told of paths."""
_FIRST_SEEDS = {SEARCH: 0, FRESH: 10_000_000, PATHS: 20_000_000}
"""The number of the first replicate of each, so that none has the people or draws of another."""


@dataclass(frozen=True)
class Size:
    """How much is run.

    evaluations: points that the search tries; first: worlds in which each of them is; worlds:
    those in which contenders are; contenders: how many; fresh: worlds for what is told.
    """

    evaluations: int = 200
    first: int = 12
    worlds: int = 48
    contenders: int = 24
    fresh: int = 100
    start: int = 40
    batch: int = 8


@dataclass(frozen=True)
class AdviceDesign:
    """A search that was checked. scenario: the place with the governance and hours of today.

    searched, fresh: the worlds of the search and those of what is told.
    """

    scenario: Scenario
    goals: Goals
    most: float
    space: Space
    searched: Worlds
    fresh: Worlds
    theories: tuple[Theory, ...] = ()
    size: Size = Size()

    @property
    def today(self) -> Candidate:
        """Today's governance, with a point where it is one regime all the time."""
        regime = self.scenario.timeline.single()
        hours = self.scenario.parameter_values()[LEVER]
        point = no_point() if regime is None else tuple(point_of(regime, hours).tolist())
        return Candidate(TODAY, point)

    def world(self, place: int, part: str) -> Scenario:
        """The scenario of a world, with people and draws of its own in each part."""
        worlds = self.searched if part == SEARCH else self.fresh
        seed = replicate_seed(self.scenario.seed, _FIRST_SEEDS[part] + place)
        return self.scenario.with_(seed=seed, parameters=dict(worlds[place].parameters))

    @property
    def new_worlds(self) -> int:
        """How many of the fresh worlds the search did not see; the others have fresh draws only."""
        seen = {(world.number, world.theory) for world in self.searched}
        return sum((world.number, world.theory) not in seen for world in self.fresh)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in the record."""
        return {
            "kind": "advise",
            "goals": self.goals.to_dict(),
            "hours_at_most": self.most,
            "space": self.space.to_dict(),
            "searched": self.searched.to_dict(),
            "fresh": self.fresh.to_dict(),
            "theories": [theory.to_dict() for theory in self.theories],
            "size": asdict(self.size),
        }


def design_of(record: Mapping[str, Any]) -> AdviceDesign:
    """The design that a record was made from."""
    design = record["design"]
    return AdviceDesign(
        scenario=scenario_of(record),
        goals=Goals(tuple((name, float(weight)) for name, weight in design["goals"].items())),
        most=float(design["hours_at_most"]),
        space=Space.from_dict(design["space"]),
        searched=Worlds.from_dict(design["searched"]),
        fresh=Worlds.from_dict(design["fresh"]),
        theories=tuple(theory_of(each) for each in design["theories"]),
        size=Size(**design["size"]),
    )


def checked_design(
    scenario: str | Path | Scenario = "baseline",
    *,
    hours_at_most: float,
    goal: str | Iterable[str] | Mapping[str, float] | None = None,
    fix: Mapping[str, float] | None = None,
    bounds: Mapping[str, Any] | None = None,
    worlds: str | Path | Worlds | None = None,
    theories: str | Path | None = None,
    size: Size | None = None,
    months: int | None = None,
    adults: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, float] | None = None,
) -> AdviceDesign:
    """Check everything that advice is asked for. Raises InputError naming the option."""
    surrogate.library("gaussian_process")  # before anything is run
    base, own_worlds = _place(scenario)
    plain = {"months": months, "seed": seed}
    changes: dict[str, Any] = {key: value for key, value in plain.items() if value is not None}
    base = base.with_(adults=adults, parameters=parameters, **changes)
    table = BY_NAME[LEVER]
    low, high = checks.plain(table.low), checks.plain(table.high)
    allowed = refusal("advice_budget", low=low, high=high)
    most: object = hours_at_most
    if isinstance(most, bool) or not isinstance(most, int | float):
        raise InputError("hours_at_most", most, allowed)
    if not table.low < most <= table.high:
        raise InputError("hours_at_most", most, allowed)
    space, goals = space_of(float(most), fix, bounds), checked_goals(goal)
    wanted = checked_size(size or Size())
    accounts = () if theories is None else load_theories(theories)
    for theory in accounts:
        for name in dict(base.parameters).keys() & theory.parameters.keys():
            raise InputError("theories", theory.name, refusal("theory_sets", name=name))
    reference = worlds if worlds is not None else own_worlds or PLAUSIBLE
    searched, fresh = _worlds(reference, base, accounts, wanted)
    return AdviceDesign(base, goals, float(most), space, searched, fresh, accounts, wanted)


def checked_size(size: Size) -> Size:
    """A size within its limits. Raises InputError."""
    checks.whole(size.evaluations, "evaluations", 16, 2000)
    checks.whole(size.fresh, "fresh", 2, 10_000)
    checks.whole(size.worlds, "search_worlds", 2, 10_000)
    start = min(size.start, max(8, size.evaluations // 4))
    return replace(size, first=min(size.first, size.worlds), start=start)


def _place(scenario: str | Path | Scenario) -> tuple[Scenario, Path | None]:
    """The scenario, and the worlds of a place where it is the folder of one."""
    if isinstance(scenario, Scenario) or not _is_folder(scenario):
        return load_scenario(scenario), None
    folder = Path(scenario)
    files = [name for name in (SCENARIO_FILE, WORLDS_FILE) if (folder / name).is_file()]
    if not files:
        raise InputError("scenario", str(scenario), refusal("advice_folder"))
    base = load_scenario(folder / SCENARIO_FILE if SCENARIO_FILE in files else "baseline")
    today = folder / TODAY_FILE
    if today.is_file():
        base = base.with_(regime=load_timeline(today, TODAY_FILE))
    return base, folder / WORLDS_FILE if WORLDS_FILE in files else None


def _is_folder(scenario: str | Path) -> bool:
    text = str(scenario)
    return bool(text) and "\0" not in text and len(text) < 4096 and Path(text).is_dir()


def _worlds(
    reference: str | Path | Worlds, base: Scenario, theories: tuple[Theory, ...], size: Size
) -> tuple[Worlds, Worlds]:
    """The worlds of the search and fresh ones, apart as far as there are enough of them."""
    accounts = 1 + len(theories)
    searched, fresh = -(-size.worlds // accounts), -(-size.fresh // accounts)
    if str(reference) == DEFAULTS:
        world = World(1, 1.0, {})
        drawn = Worlds(DEFAULTS, (world,) * (searched + fresh))
    else:
        loaded = Worlds.load(reference, base.seed).without(dict(base.parameters))
        drawn = loaded.sample(searched + fresh, base.seed)
    parts = drawn.worlds[:searched], drawn.worlds[searched:]
    found = []
    for part in parts:
        own = Worlds(drawn.name, part)
        if theories:
            own = worlds_under(own, theories, base.seed).without(dict(base.parameters))
        found.append(_in_turn(own, len(part)))
    return found[0], found[1]


def _in_turn(worlds: Worlds, count: int) -> Worlds:
    """Worlds in an order in which every theory comes up in turn; all weigh alike."""
    order: NDArray[np.intp] = np.arange(len(worlds)).reshape(-1, count).T.ravel()
    weight = 1.0 / len(worlds)
    return Worlds(worlds.name, tuple(replace(worlds[k], weight=weight) for k in order.tolist()))
