"""One town under two governances, month by month: what the page Watch shows, and no more.

Two simulations A and B fork from the same burnt-in town: same people, same draws, one clock. Every
month is run once, compared with the month before, and kept as a small frame; going back shows
what was kept. A month of 2 000 citizens takes about 4 kB a side.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.watch.events import (
    CLOSED,
    ENDED,
    LEFT,
    MOVED,
    OPENED,
    Event,
    Moment,
    companion_of,
    events_between,
    moment,
    replaced,
)
from velfaerd_sim.dashboard.watch.frames import (
    KNOWN_BIT,
    NOBODY,
    PARTICIPANT_BIT,
    SCALE,
    VOLUNTEER_BIT,
    InitiativePlace,
    TownFrame,
)
from velfaerd_sim.dashboard.watch.layout import Layout, lay_out, team_points
from velfaerd_sim.dashboard.watch.lives import Life, life_in
from velfaerd_sim.dashboard.watch.recovery import Explained, Recovery, explained, recoveries
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.scale import LONELY_FROM, LOWEST
from velfaerd_sim.population.schema import FREE, KNOWN, PARTICIPATING, VOLUNTEERING, Population

SIDES = ("A", "B")
MOST_ADULTS = 5_000
"""Citizens that can be told apart in a picture."""
MOST_MONTHS = 240
SERIES = ("volunteers_per_1000", "motivation_mean", "lonely_share", "lonely_reached_share")
"""Outcomes drawn below the pictures."""


class _Register:
    """Numbers of initiatives; the same one for what starts in A and in B alike."""

    def __init__(self) -> None:
        self.known: dict[int, InitiativePlace] = {}
        self._numbers: dict[tuple[int, ...], int] = {}

    def number(self, slot: int, record: Any, month: int) -> int:
        department, route, form = (int(record[n]) for n in ("department", "route", "format"))
        opened = month - int(record["age_months"])
        key = (slot, opened, department, route, form)
        if key not in self._numbers:
            number = len(self._numbers) + 1
            self._numbers[key] = number
            self.known[number] = InitiativePlace(number, department, route, form, opened)
        return self._numbers[key]


class Side:
    """One of the two: its simulation, the frames so far, and who stands where."""

    def __init__(self, simulation: Simulation, layout: Layout, register: _Register) -> None:
        self.simulation = simulation
        self.frames: list[TownFrame] = []
        self._layout, self._register = layout, register
        self._parameters = simulation.scenario.parameter_values()
        state = simulation.population
        self._number = np.zeros(len(state.initiatives), np.int64)
        self._place = np.full(len(state.initiatives), FREE)
        self._seat = np.full(len(state.volunteers), FREE)
        self._holder = np.full((len(state.volunteers), 2), FREE)
        self._now = moment(state)
        self._settle((), ())
        self._keep((), 0, 0, [])

    def step(self) -> None:
        """Run a month and keep its frame."""
        before = self._now
        self.simulation.run(1)
        self._now = moment(self.simulation.population)
        found = events_between(before, self._now, self._parameters)
        closed = [event.initiative for event in found if event.kind == CLOSED]
        opened = [event.initiative for event in found if event.kind == OPENED]
        former = self._number.copy()
        self._settle(closed, opened)
        events = tuple(self._numbered(event, former) for event in found)
        was, is_ = before.scores >= LONELY_FROM, self._now.scores >= LONELY_FROM
        new = np.flatnonzero(replaced(before, self._now)).tolist()
        self._keep(events, int((is_ & ~was).sum()), int((was & ~is_).sum()), new)

    def _numbered(self, event: Event, former: NDArray[np.int64]) -> Event:
        past = event.kind in (CLOSED, LEFT, ENDED)
        number = int((former if past else self._number)[event.initiative])
        if event.kind == MOVED:
            return event._replace(initiative=number, other=int(former[event.other]))
        return event._replace(initiative=number)

    def _settle(self, closed: Any, opened: Any) -> None:
        """Give initiatives a place near their department, volunteers a seat in their team."""
        table = self._now.initiatives
        running = table["running"] == 1
        for slot in closed:
            self._place[slot] = FREE
        new = opened if self.frames else np.flatnonzero(running).tolist()
        for slot in new:
            department = table["department"][slot]
            beside = running & (table["department"] == department) & (self._place != FREE)
            self._place[slot] = _lowest_free(self._place[beside])
            self._number[slot] = self._register.number(slot, table[slot], self.simulation.month)
        volunteers = self._now.volunteers
        taken = volunteers["citizen"] != FREE
        holder = np.full_like(self._holder, FREE)
        holder[taken, 0] = volunteers["citizen"][taken]
        holder[taken, 1] = self._number[volunteers["initiative"][taken]]
        moved = (holder != self._holder).any(axis=1)
        self._seat[moved] = FREE
        for row in np.flatnonzero(moved & taken).tolist():
            team = holder[:, 1] == holder[row, 1]
            self._seat[row] = _lowest_free(self._seat[team & taken])
        self._holder = holder

    def _keep(
        self, events: tuple[Event, ...], onsets: int, recoveries: int, new: list[int]
    ) -> None:
        state = self.simulation.population
        status = _status(state, self._now)
        frame = TownFrame(
            status,
            self._volunteers(),
            self._initiatives(),
            _participants(self._now, self._number),
            events,
            onsets,
            recoveries,
            frozenset(new),
        )
        self.frames.append(frame)

    def _hubs(self, slots: NDArray[Any]) -> NDArray[np.float32]:
        department = self._now.initiatives["department"][slots]
        hubs: NDArray[np.float32] = self._layout.hubs[department, self._place[slots]]
        return hubs

    def _volunteers(self) -> NDArray[np.uint16]:
        table = self._now.volunteers
        rows = np.flatnonzero(table["citizen"] != FREE)
        slots = table["initiative"][rows]
        points = team_points(self._hubs(slots), self._layout.team_radius, self._seat[rows])
        columns = (
            table["citizen"][rows],
            self._number[slots],
            *_grid(points),
            np.round(SCALE * table["motivation"][rows]),
        )
        return np.stack(columns, axis=1).astype(np.uint16)

    def _initiatives(self) -> NDArray[np.uint16]:
        table = self._now.initiatives
        slots = np.flatnonzero(table["running"] == 1)
        columns = (
            self._number[slots],
            table["department"][slots],
            *_grid(self._hubs(slots)),
            table["volunteers"][slots],
            table["participants"][slots],
        )
        return np.stack(columns, axis=1).astype(np.uint16)


def _lowest_free(taken: NDArray[Any]) -> int:
    """The lowest whole number from 0 on that is not taken."""
    free = np.ones(len(taken) + 1, np.bool_)
    used = taken[(taken >= 0) & (taken <= len(taken))]
    free[used] = False
    return int(np.argmax(free))


def _grid(points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Points of [-1, 1] x [-1, 1] as whole numbers from 0 to 65 534."""
    whole = np.round((np.clip(points, -1.0, 1.0) + 1.0) * 32_767.0)
    return whole[:, 0], whole[:, 1]


def _status(state: Population, now: Moment) -> NDArray[np.uint8]:
    flags = state.citizens.flags
    status = (now.scores - LOWEST).astype(np.uint8)
    for bit, flag in (
        (KNOWN_BIT, KNOWN),
        (VOLUNTEER_BIT, VOLUNTEERING),
        (PARTICIPANT_BIT, PARTICIPATING),
    ):
        status |= np.where(flags & flag, np.uint8(bit), np.uint8(0))
    return status


def _participants(now: Moment, number: NDArray[np.int64]) -> NDArray[np.uint16]:
    table = now.participations
    rows = np.flatnonzero(table["citizen"] != FREE)
    companions = [companion_of(now, row) for row in rows.tolist()]
    columns = (
        table["citizen"][rows],
        [NOBODY if companion == FREE else companion for companion in companions],
        number[table["initiative"][rows]],
    )
    return np.stack(columns, axis=1).astype(np.uint16)


class WatchTown:
    """A town forked into A and B at month 0, with every month so far.

    Attributes: layout; sides; initiatives (by number); last, the horizon in months.
    """

    def __init__(
        self,
        start: Scenario | Simulation,
        regimes: tuple[str | Regime | Timeline, str | Regime | Timeline],
    ) -> None:
        """Fork a burnt-in town; a scenario is drawn and burnt in first.

        Raises InputError for more than one municipality, more than MOST_ADULTS adults, or a
        simulation past month 0.
        """
        scenario = start if isinstance(start, Scenario) else start.scenario
        if len(scenario.towns) != 1:
            raise InputError("towns", len(scenario.towns), "one municipality")
        if scenario.adults > MOST_ADULTS:
            raise InputError("adults", scenario.adults, f"at most {MOST_ADULTS}")
        town = Simulation(scenario) if isinstance(start, Scenario) else start
        if town.month != 0:
            raise InputError("month", town.month, "a town at the end of its burn-in, month 0")
        state = town.population
        self.last = min(MOST_MONTHS, scenario.months)
        self.layout = lay_out(state.citizens.age_band, len(state.initiatives))
        self.ties = state.ties
        self.age_band: NDArray[np.uint8] = state.citizens.age_band.copy()
        self._register = _Register()
        self._running = threading.Lock()
        first, second = (Side(town.fork(regime), self.layout, self._register) for regime in regimes)
        self.sides = (first, second)
        self._start, self._regimes = town, regimes
        self._explained: dict[tuple[int, Recovery], Explained] = {}

    @property
    def initiatives(self) -> dict[int, InitiativePlace]:
        """Every initiative there was so far, by its number."""
        return self._register.known

    @property
    def citizens(self) -> int:
        """How many citizens there are."""
        return len(self.age_band)

    @property
    def reached(self) -> int:
        """The last month that was run."""
        return min(len(side.frames) for side in self.sides) - 1

    def reach(self, month: int) -> None:
        """Run both sides up to a month, at most the last; months there already cost nothing."""
        with self._running:
            while self.reached < min(month, self.last):
                for side in self.sides:
                    side.step()

    def series(self, until: int) -> NDArray[np.float64]:
        """The outcomes of SERIES by side and month; float64 (2, months 0 to until, outcomes)."""
        start = self.sides[0].simulation.scenario.burn_in_months
        rows = start + min(until, self.reached) + 1
        columns = [outcomes.INDEX[name] for name in SERIES]
        values = [side.simulation.measured(last=rows)[0][:, columns] for side in self.sides]
        return np.stack(values)

    def life(self, citizen: int, until: int) -> Life:
        """A citizen's life from month 0 to a month.

        Raises InputError for a citizen who is not there.
        """
        if not 0 <= citizen < self.citizens:
            raise InputError("citizen", citizen, f"0 to {self.citizens - 1}")
        until = min(max(until, 0), self.reached)
        first, last = self.ties.offsets[citizen], self.ties.offsets[citizen + 1]
        one, two = (life_in(side.frames[: until + 1], citizen) for side in self.sides)
        band = int(self.sides[0].simulation.population.citizens.age_band[citizen])
        return Life(citizen, band, self.ties.neighbours[first:last].copy(), (one, two))

    def recoveries(
        self, until: int, still: bool = True
    ) -> tuple[tuple[Recovery, ...], tuple[Recovery, ...]]:
        """Who had recovered for good by a month, under A and under B.

        still: only who was not lonely again by then.
        """
        last = min(until, self.reached)
        one, two = (recoveries(side.frames, last, still) for side in self.sides)
        return one, two

    def why(self, which: int, recovery: Recovery) -> Explained:
        """What did it, on the first or the second side; worked out once."""
        key = which, recovery
        if key not in self._explained:
            twin = self._start.fork(self._regimes[which])
            self._explained[key] = explained(twin, recovery)
        return self._explained[key]

    def kept_bytes(self) -> int:
        """Bytes of all frames' arrays."""
        frames = [frame for side in self.sides for frame in side.frames]
        return sum(
            table.nbytes
            for frame in frames
            for table in (frame.status, frame.volunteers, frame.initiatives, frame.participants)
        )
