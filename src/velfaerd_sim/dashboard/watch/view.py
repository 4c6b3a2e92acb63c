"""What is looked at on the page Watch, and the address that shows it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, YEAR
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario

SIZES = (500, 1000, 2000, 5000)
"""Adults of the towns that can be watched."""
YEARS = (5, 10, 20)
SEEDS = range(1, 21)
SPEEDS = (1, 2, 5, 10, 20)
"""Months a second."""
COLOURS = ("loneliness", "motivation")


@dataclass(frozen=True)
class WatchView:
    """What is looked at. Raises InputError where something is unknown or out of limits.

    a, b: named regimes; adults, years, seed: the town; month: where the clock stands; speed:
    months a second; colour: what dots show; citizen: the number of whose life is read, from 1 on,
    or 0.
    """

    a: str = STATUS_QUO
    b: str = "facilitative_dialogue"
    adults: int = 2000
    years: int = 10
    seed: int = 1
    month: int = 0
    speed: int = 5
    colour: str = "loneliness"
    citizen: int = 0

    def __post_init__(self) -> None:
        for key in ("a", "b"):
            _one_of(key, getattr(self, key), tuple(REGIMES))
        _one_of("adults", self.adults, SIZES)
        _one_of("years", self.years, YEARS)
        _one_of("seed", self.seed, tuple(SEEDS))
        _one_of("speed", self.speed, SPEEDS)
        _one_of("colour", self.colour, COLOURS)
        for key, most in (("month", YEAR * self.years), ("citizen", self.adults)):
            value = getattr(self, key)
            if type(value) is not int or not 0 <= value <= most:
                raise InputError(key, value, f"0 to {most}")

    @property
    def town(self) -> tuple[str, str, int, int, int]:
        """What makes another town or another governance; the rest is how it is looked at."""
        return self.a, self.b, self.adults, self.years, self.seed

    def scenario(self) -> Scenario:
        """The scenario of the town, under the status quo."""
        base = load_scenario("baseline")
        return base.with_(adults=self.adults, months=YEAR * self.years, seed=self.seed)

    def scenarios(self) -> tuple[Scenario, Scenario]:
        """The scenarios of A and of B."""
        base = self.scenario()
        return base.with_(regime=self.a), base.with_(regime=self.b)

    def changed(self, **changes: Any) -> WatchView:
        """The view with some things changed; another town begins at month 0, without a citizen.

        Raises InputError.
        """
        after = replace(self, month=0, citizen=0, **changes)
        if after.town != self.town:
            return after
        return replace(self, **changes)

    def query(self) -> dict[str, object]:
        """The view as the values of a query; what is as usual is left out."""
        usual = asdict(WatchView())
        return {key: value for key, value in asdict(self).items() if value != usual[key]}

    @classmethod
    def of_query(cls, values: Mapping[str, str]) -> tuple[WatchView, tuple[InputError, ...]]:
        """Read a view from the values of a query, and what could not be read in it.

        What could not be read is as usual; keys of others are passed over.
        """
        view, faults = cls(), []
        for field in fields(cls):
            if field.name not in values:
                continue
            text = values[field.name]
            try:
                found = _whole(field.name, text) if field.type == "int" else text
                changes: dict[str, Any] = {field.name: found}
                view = replace(view, **changes)
            except InputError as error:
                faults.append(error)
        return view, tuple(faults)


def _one_of(key: str, value: object, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        words = [str(each) for each in allowed]
        raise InputError(
            key, value, refusal("one_of", names=", ".join(words)), nearest(str(value), words)
        )


def _whole(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError(key, text, refusal("whole"))
    return int(text)
