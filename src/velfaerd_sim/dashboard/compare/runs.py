"""The runs behind Compare: the same people and draws for both sides, kept while they are of use.

A replicate is a population burnt in under the status quo, which does not depend on the two
governances; it is kept for the whole server and forked for every run, which only reads it. A run
gives what `velfaerd compare` would give for the same regime, scenario and replicate.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.settings import CACHE_BYTES
from velfaerd_sim.dashboard.frame.stated_place import StatedPlace
from velfaerd_sim.dashboard.parts import place_studies
from velfaerd_sim.dashboard.parts.place_studies import LEARNT_IN
from velfaerd_sim.errors import VelfaerdError, refusal
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import PLAUSIBLE, PRIOR, Worlds
from velfaerd_sim.instruments.replicates import (
    cells_at_end,
    cells_of,
    replicate_seed,
    run_and_score,
)
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation

Array = NDArray[np.float64]


@cache
def has_plausible_worlds() -> bool:
    """Whether calibrated worlds come with this version."""
    return files("velfaerd_sim.inputs").joinpath("data/plausible.csv").is_file()


@cache
def _plausible() -> Worlds:
    return Worlds.load(PLAUSIBLE)


@lru_cache(maxsize=8)
def _worlds(count: int, seed: int) -> Worlds:
    """So many worlds, as `--worlds plausible:N` or `prior:N` would draw them."""
    if has_plausible_worlds():
        return _plausible().sample(count, seed)
    return Worlds.drawn(f"{PRIOR}:{count}", seed)


def worlds_of(view: CompareView) -> Worlds | None:
    """The worlds of a view, a replicate each; None where it is one set of parameters.

    Those of the place where they were learnt; else the calibrated worlds where there are any, else
    the ranges of all uncertainties.
    """
    if not view.worlds:
        return None
    if view.own_worlds and view.place is not None:
        return _own_worlds(view.place, view.replicates, view.seed).without(dict(view.parameters))
    return _worlds(view.replicates, view.seed).without(dict(view.parameters))


@lru_cache(maxsize=8)
def _own_worlds(place: StatedPlace, count: int, seed: int) -> Worlds:
    """So many worlds of a place. Raises VelfaerdError where they are not there any more."""
    found = place_studies.worlds_of(place)
    if found is None:
        raise VelfaerdError(refusal("worlds_gone"))
    return replace(found, name=LEARNT_IN).sample(count, seed)


def replicate_scenario(view: CompareView, replicate: int) -> Scenario:
    """The scenario of a replicate under the status quo: people, draws and world, no governance."""
    scenario = replace(view.scenario("a"), timeline=Timeline.of(REGIMES[STATUS_QUO]))
    worlds = worlds_of(view)
    world = None if worlds is None else worlds[replicate % len(worlds)].parameters
    return scenario.with_(seed=replicate_seed(view.seed, replicate), parameters=world)


def size_of(value: Any) -> int:
    """Bytes of all arrays in a simulation or a part of it."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, tuple):
        return sum(size_of(part) for part in value)
    if isinstance(value, Simulation) or hasattr(value, "__dataclass_fields__"):
        return sum(size_of(part) for part in vars(value).values())
    return 0


class BurnIns:
    """Burnt-in simulations by scenario, for all sessions, in bounded memory; only ever forked."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Scenario, Simulation] = OrderedDict()
        self._making: dict[Scenario, threading.Event] = {}
        self._bytes = 0

    def get(self, scenario: Scenario) -> Simulation:
        """The simulation at month 0; made by whoever asks first, while others wait for it."""
        while True:
            with self._lock:
                found = self._kept.get(scenario)
                if found is not None:
                    self._kept.move_to_end(scenario)
                    return found
                making = self._making.get(scenario)
                if making is None:
                    self._making[scenario] = threading.Event()
                    break
            making.wait()
        try:
            made = Simulation(scenario)
            self._keep(scenario, made)
            return made
        finally:
            with self._lock:
                self._making.pop(scenario).set()

    def _keep(self, scenario: Scenario, made: Simulation) -> None:
        with self._lock:
            self._kept[scenario] = made
            self._bytes += size_of(made)
            while self._bytes > self._most and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= size_of(dropped)

    @property
    def bytes(self) -> int:
        """Bytes held."""
        return self._bytes

    def __len__(self) -> int:
        """Simulations held."""
        return len(self._kept)


BURN_INS = BurnIns()
"""The burnt-in towns of this server."""


@dataclass(frozen=True)
class Track:
    """One run: outcomes by month, and what each citizen scored in the last year.

    series: float64 (months + 1, outcomes), all of outcomes.NAMES; summary: one value an outcome;
    scores: int16 (adults,), sums of the monthly T-ILS scores; lived: uint8 (adults,), over how many
    months; cells: uint8 (adults,), age band x 2 + known, at month 0, of who has entered since at
    the end and not known.
    """

    series: Array
    summary: Array
    scores: NDArray[np.int16]
    lived: NDArray[np.uint8]
    cells: NDArray[np.uint8]

    @property
    def bytes(self) -> int:
        """Size in memory."""
        arrays = self.series, self.summary, self.scores, self.lived, self.cells
        return sum(array.nbytes for array in arrays)


def run_track(scenario: Scenario, regime: Regime, burn_ins: BurnIns = BURN_INS) -> Track:
    """Run a replicate's scenario under a regime, from the kept month 0."""
    base = burn_ins.get(scenario)
    twin = base.fork(regime)
    found, present = run_and_score(twin)
    scores, lived = found.astype(np.int16), present.astype(np.uint8)
    cells = cells_at_end(cells_of(base), twin).astype(np.uint8)
    series = twin.measured()[0]
    return Track(series, outcomes.summarise(series), scores, lived, cells)


class Tracks:
    """The runs of one session: of the two governances on show, and of the one shown before.

    Runs of another town, horizon, world or seed are dropped as soon as the view changes.
    """

    MOST_GOVERNANCES = 3

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._setting: CompareView | None = None
        self._kept: OrderedDict[Regime, dict[int, Track]] = OrderedDict()

    def show(self, view: CompareView) -> tuple[dict[int, Track], dict[int, Track]]:
        """What there is for both sides of a view; forgets what it cannot use."""
        setting = replace(
            view, a=CompareView().a, b=CompareView().b, replicates=CompareView().replicates
        )
        if view.worlds:  # the worlds are drawn for a number of replicates
            setting = replace(setting, replicates=view.replicates)
        with self._lock:
            if setting != self._setting:
                self._setting = setting
                self._kept.clear()
            found = []
            for regime in sides(view):
                found.append(self._kept.setdefault(regime, {}))
                self._kept.move_to_end(regime)
            while len(self._kept) > self.MOST_GOVERNANCES:
                self._kept.popitem(last=False)
            return found[0], found[1]

    @property
    def bytes(self) -> int:
        """Size in memory."""
        with self._lock:
            tables = list(self._kept.values())
        return sum(track.bytes for table in tables for track in list(table.values()))


def sides(view: CompareView) -> tuple[Regime, Regime]:
    """The regimes of both sides as runs know them: equal where the instruments are."""
    one, other = (side.unnamed.as_regime("x") for side in (view.a, view.b))
    return one, other


Work = tuple[int, str, Callable[[Any], Track]]


def work_for(
    view: CompareView, a: dict[int, Track], b: dict[int, Track], burn_ins: BurnIns = BURN_INS
) -> list[Work]:
    """The runs that are missing: (replicate, side, task), pairs in order.

    Where both sides are the same governance one run serves both.
    """
    regimes = sides(view)
    same = regimes[0] == regimes[1]
    found: list[Work] = []
    for replicate in range(view.replicates):
        for side, regime, there in (("a", regimes[0], a), ("b", regimes[1], b)):
            if replicate in there or (same and side == "b"):
                continue

            def task(_: Any, replicate: int = replicate, regime: Regime = regime) -> Track:
                return run_track(replicate_scenario(view, replicate), regime, burn_ins)

            found.append((replicate, side, task))
    return found
