"""What plugins do in a simulation: outcomes that are read, interventions before a month.

Both see one municipality at a time, as arrays by name that cannot be written. An intervention
writes through a writer, which checks who, which column and what range. Its draws are keyed by the
person, the month and its own name, so that two regimes give the same person the same draw.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.plugins import OwnIntervention, OwnOutcome, Plugin
from velfaerd_sim.population.schema import (
    FREE,
    KNOWN,
    PARTICIPATING,
    VOLUNTEERING,
    Population,
)
from velfaerd_sim.randomness import key_of, uniforms

WRITABLE = {
    "citizens": ("loneliness", "set_point", "ties_gained"),
    "volunteers": (
        "autonomy",
        "competence",
        "relatedness",
        "motivation",
        "controlled_motivation",
        "ownership",
        "exhaustion",
    ),
    "initiatives": ("clarity", "fit", "influence", "promised", "strain", "quality"),
    "staff": ("skill", "concern", "satisfaction"),
    "participations": ("bond",),
}
"""State columns that may be written from outside, numbers from 0 to 1."""
_FLAGS = {"known": KNOWN, "participating": PARTICIPATING, "is_volunteer": VOLUNTEERING}
_LINKS = {"companion", "first_volunteer", "next_in_team"}
"""Columns that name rows which a view does not show in their places."""
_FIRST_GROUP, _GROUPS = 2**16, 2**30
"""Groups of draws, far from those of the processes of the model."""


def _regime_at(timeline: Timeline, month: int) -> str:
    """The name of the regime in force in a month, or moved to; before the first, of the first."""
    begun = [phase for phase in timeline.phases if phase.first_month <= max(0, month)]
    return begun[-1].regime.name


class TownView:
    """One municipality at the end of a month, read-only.

    month: that has ended (0: the burn-in); regime: the name of the one in force in the month to
    come; code: of the municipality; parameters: values by name; age_bands: texts that
    citizens.age_band counts. view["volunteers.motivation"] is an array with a value a volunteer;
    `columns` lists what there is. volunteers.citizen counts citizens and volunteers.initiative
    initiatives; of initiatives all places are shown, with initiatives.running telling which are in
    use.
    """

    age_bands = AGE_BANDS

    def __init__(self, scenario: Scenario, population: Population, m: int, month: int) -> None:
        self.month = month
        self.regime = _regime_at(scenario.timeline, month + 1)
        self.parameters: Mapping[str, float] = scenario.parameter_values()
        self._population, self._m = population, m
        self._town = population.towns[m]
        self.code = int(self._town["code"])

    @property
    def columns(self) -> list[str]:
        """The names of all arrays."""
        state = self._population
        tables = {each: getattr(state, each).dtype.names for each in _TABLES}
        tables["citizens"] = (*state.citizens._fields, *_FLAGS, "lonely")
        names = [f"{each}.{name}" for each, own in tables.items() for name in own]
        return [name for name in names if name.partition(".")[2] not in _LINKS]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """An array by its name. Raises InputError for a name that is not there."""
        table, _, column = name.partition(".")
        found = self._of_citizens(column) if table == "citizens" else self._found(table, column)
        if found is None:
            raise InputError("column", name, "a column of the model", nearest(name, self.columns))
        found.flags.writeable = False
        return found

    def _found(self, table: str, column: str) -> NDArray[Any] | None:
        if table in _TABLES and column not in _LINKS:
            rows = getattr(self._population, table)[self.slots(table)]
            if column in (rows.dtype.names or ()):
                if table in ("volunteers", "participations"):
                    rows = rows[rows["citizen"] != FREE]
                return np.array(rows[column])
        return None

    def _of_citizens(self, column: str) -> NDArray[Any] | None:
        people, own = self._population.citizens, self.slots("citizens")
        if column in people._fields:
            return np.array(getattr(people, column)[own])
        if column in _FLAGS:
            return np.asarray((people.flags[own] & _FLAGS[column]) > 0)
        if column == "lonely":
            return np.asarray((people.lonely_history[own] & 1) == 1)
        return None

    def slots(self, table: str) -> slice:
        """The rows of a table that belong to the municipality."""
        town, state = self._town, self._population
        if table == "towns":
            return slice(self._m, self._m + 1)
        if table == "departments":
            count = len(state.departments) // len(state.towns)
            return slice(self._m * count, (self._m + 1) * count)
        first, length = _TABLES_ROWS[table]
        start = int(town[first])
        return slice(start, start + int(town[length]))


_TABLES_ROWS = {
    "citizens": ("first_citizen", "adults"),
    "volunteers": ("first_volunteer", "volunteer_slots"),
    "initiatives": ("first_initiative", "initiative_slots"),
    "participations": ("first_participation", "participation_slots"),
    "staff": ("first_staff", "staff"),
}
_TABLES = ("towns", "departments", "staff", "initiatives", "volunteers", "participations")


class Writer:
    """Writes what an intervention may write to one municipality, and draws for it."""

    def __init__(
        self, view: TownView, own: OwnIntervention, place: str, scenario: Scenario
    ) -> None:
        self._view, self._place = view, place
        self._ranges = {column: (low, high) for column, low, high in own.writes}
        self._key = key_of(scenario.seed, view.code)
        word = hashlib.sha256(own.name.encode()).digest()[:8]
        self._group = _FIRST_GROUP + int.from_bytes(word, "big") % _GROUPS
        self._row = scenario.burn_in_months + view.month + 1

    def draws(self, agents: ArrayLike, number: int = 0) -> NDArray[np.float64]:
        """A number in (0, 1) for each of these agents, such as view["volunteers.citizen"].

        It is the same under every regime. number: 0 to 3, several draws for the same agent.
        """
        if number not in (0, 1, 2, 3):
            raise InputError(f"{self._place}: draws", number, "0, 1, 2 or 3")
        who = np.asarray(agents)
        if who.dtype.kind not in "iu" or (who.size and int(who.min()) < 0):
            raise InputError(f"{self._place}: draws", "agents", "whole numbers of 0 or more")
        return uniforms(self._key, 4 * self._group + number, self._row, who)

    def __call__(self, column: str, values: ArrayLike, who: ArrayLike | None = None) -> None:
        """Write numbers to a column, in the order of the view.

        values: one number, or one for each of who. who: a truth value or the places of rows; all
        rows without. Raises InputError.
        """
        if column not in self._ranges:
            allowed: str = refusal("one_of", names=", ".join(self._ranges))
            raise InputError(self._place, column, allowed, nearest(column, self._ranges))
        table, _, name = column.partition(".")
        low, high = self._ranges[column]
        target = getattr(self._view._population, table)
        whole = target._asdict()[name] if table == "citizens" else target[name]
        own = self._view.slots(table)
        rows = np.arange(own.start, own.stop)
        if table in ("volunteers", "participations"):
            rows = rows[target["citizen"][own] != FREE]
        if who is not None:
            rows = rows[self._chosen(who, len(rows), column)]
        numbers = np.asarray(values, np.float64)
        if numbers.ndim > 0 and numbers.shape != (len(rows),):
            allowed = f"one number or {len(rows)} numbers"
            raise InputError(f"{self._place}: {column}", f"shape {numbers.shape}", allowed)
        wrong = ~((numbers >= low) & (numbers <= high))
        if wrong.any():
            allowed = f"numbers from {low:g} to {high:g}"
            first = float(numbers[wrong].flat[0])
            raise InputError(f"{self._place}: {column}", first, allowed)
        whole[rows] = numbers

    def _chosen(self, who: ArrayLike, count: int, column: str) -> NDArray[Any]:
        chosen = np.asarray(who)
        if chosen.size == 0:
            return np.zeros(0, np.intp)
        if chosen.dtype.kind == "b":
            good = chosen.shape == (count,)
        else:
            good = chosen.dtype.kind in "iu" and bool(((chosen >= 0) & (chosen < count)).all())
        if not good:
            allowed = f"a truth value for each of {count} rows, or rows from 0 to {count - 1}"
            raise InputError(f"{self._place}: {column}: who", "other rows", allowed)
        return chosen


@dataclass(frozen=True)
class OwnCode:
    """What the plugins of a simulation do in it; their rules are in the compiled code."""

    outcomes: tuple[tuple[str, OwnOutcome], ...]
    interventions: tuple[tuple[str, OwnIntervention], ...]

    @classmethod
    def of(cls, plugins: tuple[Plugin, ...]) -> OwnCode:
        """Of plugins. Raises InputError where an intervention writes what may not be written."""
        outcomes, interventions = [], []
        for plugin in plugins:
            for outcome in plugin.outcomes:
                outcomes.append((f"plugin {plugin.name}: outcome {outcome.name}", outcome))
            for one in plugin.interventions:
                place = f"plugin {plugin.name}: intervention {one.name}"
                interventions.append((place, one))
                for column, low, high in one.writes:
                    table, _, name = column.partition(".")
                    if name not in WRITABLE.get(table, ()):
                        known = [f"{t}.{each}" for t, own in WRITABLE.items() for each in own]
                        allowed: str = refusal("one_of", names=", ".join(known))
                        raise InputError(
                            f"{place}: writes", column, allowed, nearest(column, known)
                        )
                    if not 0.0 <= low < high <= 1.0:
                        allowed = "a range within 0 to 1"
                        raise InputError(f"{place}: writes: {column}", (low, high), allowed)
        return cls(tuple(outcomes), tuple(interventions))

    def __bool__(self) -> bool:
        """Whether there is anything that needs the end of every month."""
        return bool(self.outcomes or self.interventions)

    def empty(self, towns: int, rows: int) -> dict[str, NDArray[np.float64]]:
        """Room for the values of outcomes: NaN, float64 (municipalities, rows), by name."""
        return {own.name: np.full((towns, rows), np.nan) for _, own in self.outcomes}

    def read(
        self, scenario: Scenario, state: Population, row: int, values: Mapping[str, NDArray[Any]]
    ) -> None:
        """Write the outcomes as they are now into a row of their values. Raises InputError."""
        for m in range(len(state.towns)):
            view = TownView(scenario, state, m, row - scenario.burn_in_months)
            for place, own in self.outcomes:
                values[own.name][m, row] = _value(own, place, view)

    def intervene(self, scenario: Scenario, state: Population, row: int) -> None:
        """Do what is done before the month after a row. Raises InputError."""
        for m in range(len(state.towns)):
            view = TownView(scenario, state, m, row - scenario.burn_in_months)
            for place, own in self.interventions:
                assert own.function is not None
                _called(own.function, place, view, Writer(view, own, place, scenario))


def _value(own: OwnOutcome, place: str, view: TownView) -> float:
    assert own.function is not None
    found = _called(own.function, place, view)
    if found is None:
        return math.nan
    try:
        value = float(found)
    except (TypeError, ValueError):
        raise InputError(place, found, "a number, or None where there is none") from None
    if not own.low <= value <= own.high or math.isinf(value):
        allowed = f"a number from {own.low:g} to {own.high:g}, or None where there is none"
        raise InputError(place, value, allowed)
    return value


def _called(function: Callable[..., Any], place: str, *given: Any) -> Any:
    try:
        return function(*given)
    except InputError as error:
        raise (error if error.place.startswith(place) else error.within(place)) from None
    except (Exception, SystemExit) as error:  # whatever a plugin does
        text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise InputError(place, "its code", f"code that runs ({text})") from error
