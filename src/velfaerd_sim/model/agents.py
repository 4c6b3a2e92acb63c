"""Agents: mesa.Agent views on the rows of the tables, made only when someone asks for them.

A view holds a row number and no state of its own: reading `volunteer.motivation` reads the column,
writing it writes the column after a check. Runs and sweeps never make one.
"""

from __future__ import annotations

from typing import Any, ClassVar

import mesa

from velfaerd_sim.errors import InputError, VelfaerdError, refusal
from velfaerd_sim.inputs.evidence import AGE_BANDS, MUNICIPALITY_KINDS
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.model.frames import column_of
from velfaerd_sim.population.scale import LONELY_FROM, tils_score
from velfaerd_sim.population.schema import (
    CITIZEN,
    FORMATS,
    FREE,
    INITIATIVE,
    KNOWN,
    PARTICIPATING,
    ROUTES,
    STAFF,
    TOWN,
    VOLUNTEER,
    VOLUNTEERING,
    WAITING,
    StateColumn,
)

_WORDS: dict[str, tuple[str, ...]] = {
    "department": DEPARTMENTS,
    "route": ROUTES,
    "format": FORMATS,
    "kind": MUNICIPALITY_KINDS,
    "age_band": AGE_BANDS,
}
_HIDDEN = ("first_", "free_", "next_in_team", "push", "flags", "lonely_history", "running")


def _column_property(column: StateColumn) -> property:
    """A property that reads and, for numbers in [0, 1], writes one column at the view's row."""
    name, words = column.name, _WORDS.get(column.name)

    def read(self: RowAgent) -> Any:
        value = self._column(name)[self.row].item()
        return words[value] if words else value

    def write(self: RowAgent, value: Any) -> None:
        number = float(value)
        if not 0.0 <= number <= 1.0:
            raise InputError(
                f"{type(self).__name__}.{name}", value, refusal("number_between", low=0, high=1)
            )
        self._column(name)[self.row] = number

    return property(read, write if column.unit == "0-1" else None, None, column.meaning)


def with_columns(*columns: StateColumn) -> Any:
    """Class decorator: one property a column, but for those that only the engine needs."""

    def decorate(kind: type[RowAgent]) -> type[RowAgent]:
        for column in columns:
            if not column.name.startswith(_HIDDEN) and not hasattr(kind, column.name):
                setattr(kind, column.name, _column_property(column))
        return kind

    return decorate


class RowAgent(mesa.Agent):
    """A view on one row of one entity."""

    entity: ClassVar[str] = ""

    def __init__(self, model: Any, row: int, unique_id: int) -> None:
        """Make the view; the model does this, when agents are asked for."""
        super().__init__(model)
        self.unique_id = unique_id
        self.row = row
        self.identity = self._identity()

    def _column(self, name: str) -> Any:
        if self.identity != self._identity():
            kind = type(self).__name__.lower()
            raise VelfaerdError(f"{kind} {self.unique_id} is no longer there")
        return column_of(self.model.simulation, self.entity, name)

    def _identity(self) -> int:
        """What tells the present holder of the row from another one."""
        return self.row

    def __repr__(self) -> str:
        """The kind, id and row."""
        return f"{type(self).__name__}(unique_id={self.unique_id}, row={self.row})"


class TownAgent(RowAgent):
    """A view on a row that belongs to a municipality."""

    first_row: ClassVar[str] = ""

    @property
    def municipality(self) -> int:
        """Official code of the municipality."""
        return int(self._town()["code"])

    def _town(self) -> Any:
        towns = self.model.simulation.population.towns
        index = towns[self.first_row].searchsorted(self.row, side="right") - 1
        return towns[index]


@with_columns(*TOWN)
class Municipality(RowAgent):
    """A municipality."""

    entity = "municipalities"

    @property
    def name(self) -> str:
        """Name of the municipality."""
        return str(self.model.simulation.scenario.towns[self.row].name)


@with_columns(*STAFF)
class StaffMember(TownAgent):
    """A municipal staff member who works with civil society."""

    entity = "staff"
    first_row = "first_staff"


@with_columns(*INITIATIVE)
class Initiative(TownAgent):
    """A running initiative; the view ends when it closes."""

    entity = "initiatives"
    first_row = "first_initiative"

    def _identity(self) -> int:
        initiative = self.model.simulation.population.initiatives[self.row]
        opened = int(self.model.month) - int(initiative["age_months"])
        return opened if initiative["running"] else -(10**9)


@with_columns(*CITIZEN)
class Citizen(TownAgent):
    """An adult."""

    entity = "citizens"
    first_row = "first_citizen"

    @property
    def tils_score(self) -> int:
        """Score on the Three-Item Loneliness Scale, 3 to 9."""
        return int(tils_score(float(self._column("loneliness")[self.row])))

    @property
    def lonely(self) -> bool:
        """Whether the score is 7 or more."""
        return bool(self.tils_score >= LONELY_FROM)

    def _flag(self, bit: int) -> bool:
        return bool(self._column("flags")[self.row] & bit)

    @property
    def known(self) -> bool:
        """Whether the municipality knows the person."""
        return self._flag(KNOWN)

    @property
    def participating(self) -> bool:
        """Whether the person takes part in an initiative."""
        return self._flag(PARTICIPATING)

    @property
    def waiting(self) -> bool:
        """Whether the person waits for a place in an initiative."""
        return self._flag(WAITING)

    @property
    def is_volunteer(self) -> bool:
        """Whether the person is a volunteer."""
        return self._flag(VOLUNTEERING)


@with_columns(*VOLUNTEER)
class Volunteer(TownAgent):
    """A citizen in the role of a volunteer; the view ends when the person stops."""

    entity = "volunteers"
    first_row = "first_volunteer"

    def _identity(self) -> int:
        volunteer = self.model.simulation.population.volunteers[self.row]
        if volunteer["citizen"] == FREE:
            return FREE
        joined = int(self.model.month) - int(volunteer["tenure_months"])
        return int(volunteer["citizen"]) * 10**5 + joined

    @property
    def citizen_id(self) -> int:
        """The person's number among citizens."""
        return int(self._column("citizen")[self.row] + self._town()["first_citizen"])

    @property
    def initiative(self) -> int:
        """The initiative's number, as in the snapshot of initiatives."""
        return int(self._column("initiative")[self.row] + self._town()["first_initiative"])


KINDS: tuple[type[RowAgent], ...] = (Municipality, StaffMember, Initiative, Volunteer, Citizen)
