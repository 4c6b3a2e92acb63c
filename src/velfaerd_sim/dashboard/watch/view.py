"""What is looked at on the page Watch, and the address that shows it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.frame.stated_place import StatedPlace
from velfaerd_sim.errors import InputError, located, nearest, refusal
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, YEAR, Regime
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

    a, b: governances as they stand in links; adults, years, seed: the town; month: where the clock
    stands; speed: months a second; colour: what dots show; citizen: the number of whose life is
    read, from 1 on, or 0. place: whose town it is, which stands in every link beside the view.
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
    place: StatedPlace | None = None

    def __post_init__(self) -> None:
        for key in ("a", "b"):
            _one_of(key, getattr(self, key).partition(",")[0], tuple(REGIMES))
            with located(key):
                text = Governance.from_text(getattr(self, key)).to_text()
            object.__setattr__(self, key, text)
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
    def town(self) -> tuple[Any, ...]:
        """What makes another town or another governance; the rest is how it is looked at."""
        return self.a, self.b, self.adults, self.years, self.seed, self.place

    @property
    def regimes(self) -> tuple[Regime, Regime]:
        """The regimes of A and of B; one whose instruments were moved carries its side."""
        one, other = (Governance.from_text(text) for text in (self.a, self.b))
        return one.as_regime("a"), other.as_regime("b")

    def scenario(self) -> Scenario:
        """The scenario of the town, under the status quo."""
        base = load_scenario("baseline")
        if self.place is not None:
            base = self.place.place.scenario(base, None).with_(regime=STATUS_QUO)
        return base.with_(adults=self.adults, months=YEAR * self.years, seed=self.seed)

    def scenarios(self) -> tuple[Scenario, Scenario]:
        """The scenarios of A and of B."""
        base = self.scenario()
        one, other = self.regimes
        return base.with_(regime=one), base.with_(regime=other)

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
        usual = WatchView()
        own = [field.name for field in fields(self) if field.name != "place"]
        return {k: getattr(self, k) for k in own if getattr(self, k) != getattr(usual, k)}

    @classmethod
    def of_query(cls, values: Mapping[str, str]) -> tuple[WatchView, tuple[InputError, ...]]:
        """Read a view from the values of a query, and what could not be read in it.

        What could not be read is as usual; keys of others are passed over.
        """
        view, faults = cls(), []
        for field in fields(cls):
            if field.name not in values or field.name == "place":
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
