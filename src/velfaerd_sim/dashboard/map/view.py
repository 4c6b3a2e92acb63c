"""What the map shows: values by municipality and month, colours with a scale, ranks, neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.map.chance import HalfWidths, margins
from velfaerd_sim.dashboard.map.national_runs import (
    MONTHS,
    USUAL_ONE_IN,
    NationalRequest,
    Outcomes,
    scenario_of,
)
from velfaerd_sim.dashboard.map.pooling import Pooled, pooled
from velfaerd_sim.dashboard.map.tile_map import tiles
from velfaerd_sim.errors import InputError, nearest, refusal
from velfaerd_sim.inputs.evidence import MunicipalityFigures
from velfaerd_sim.inputs.regimes import STATUS_QUO, YEAR
from velfaerd_sim.instruments.losses import counted, number_of
from velfaerd_sim.measures.outcomes import CUMULATIVE, INDEX, OUTCOMES, WINDOW, Outcome

Array = NDArray[np.float64]

A, B, DIFFERENCE = "a", "b", "difference"
SHOWN = (A, B, DIFFERENCE)
FIRST_OUTCOMES = (
    *("lonely_share", "volunteers_per_1000", "retention_12m", "motivation_mean"),
    *("lonely_reached_share", "initiatives_per_1000", "dialogue_enacted_mean"),
    *("staff_capacity_mean", "staff_hours_per_1000", "lonely_years_averted_per_1000"),
)
"""Those that come first where an outcome is chosen."""

MORE = ("#edf4f9", "#c3dcec", "#8cbcdb", "#4f96c4", "#1f6da4", "#0b4a7a", "#062f52")
"""From little to much: one hue from light to dark, so that it reads in grey and colour-blind."""
WORSE_TO_BETTER = ("#8a3600", "#c4641c", "#ecb183", "#f3f1ee", "#93c2de", "#2b80b8", "#084b80")
"""From worse over no difference to better: orange and blue, told apart by colour-blind readers."""
NOTHING = "#dfe3e8"
INK, PAPER = "#04070a", "#ffffff"
RUN_COUNTS = (1, 4, 8)
"""Runs of the country that are offered."""
CLIPPED = 2.0
"""Per cent of values at either end of the scale that share its last colour."""


@dataclass(frozen=True)
class MapView:
    """What is looked at. Raises InputError where something is unknown or out of limits.

    a, b: governances as they stand in links; shown: 'a', 'b' or 'difference' (b minus a); month: 0
    to 120; yearly: the mean of the twelve months that end with the month; one_in: one adult in so
    many; runs: of the country, with seeds from `seed` on, which tell what municipalities differ in
    from chance; town: code of the municipality that is looked at, or 0.
    """

    a: str = STATUS_QUO
    b: str = "facilitative_dialogue"
    outcome: str = "lonely_share"
    shown: str = DIFFERENCE
    month: int = MONTHS
    yearly: bool = True
    one_in: int = USUAL_ONE_IN
    seed: int = 1
    runs: int = 4
    town: int = 0

    def __post_init__(self) -> None:
        if self.outcome not in INDEX:
            raise InputError("outcome", self.outcome, "an outcome", nearest(self.outcome, INDEX))
        if self.shown not in SHOWN:
            raise InputError("shown", self.shown, ", ".join(SHOWN), nearest(self.shown, SHOWN))
        if not 0 <= self.month <= MONTHS:
            raise InputError("month", self.month, f"a month from 0 to {MONTHS}")
        if self.town not in (0, *_places()):
            raise InputError("town", self.town, "the code of a municipality, such as 621")
        if self.runs not in RUN_COUNTS:
            allowed = refusal("one_of", names=", ".join(str(number) for number in RUN_COUNTS))
            raise InputError("runs", self.runs, allowed)
        for key, text in zip(("a", "b"), self.request.regimes, strict=True):
            object.__setattr__(self, key, text)

    @property
    def request(self) -> NationalRequest:
        """The first run of this view. Raises InputError for an unknown regime or share."""
        return NationalRequest((self.a, self.b), self.one_in, self.seed)

    @property
    def requests(self) -> tuple[NationalRequest, ...]:
        """The runs that this view needs, the first one first."""
        return tuple(replace(self.request, seed=self.seed + number) for number in range(self.runs))

    def with_(self, **changes: Any) -> MapView:
        """Return a changed view, checked again."""
        return replace(self, **changes)

    def query(self) -> dict[str, str]:
        """Return what differs from the first view, as texts for an address."""
        first = MapView()
        found = {key: getattr(self, key) for key in self.__dataclass_fields__}
        return {
            key: str(int(value) if isinstance(value, bool) else value)
            for key, value in found.items()
            if value != getattr(first, key)
        }

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> tuple[MapView, tuple[InputError, ...]]:
        """Read a view from an address, and what could not be read in it.

        What could not be read is as usual; keys of others are passed over.
        """
        view, faults = cls(), []
        for key in cls.__dataclass_fields__:
            if key in query:
                try:
                    changes: dict[str, Any] = {key: _read(key, query[key])}
                    view = replace(view, **changes)
                except InputError as error:
                    faults.append(error)
        return view, tuple(faults)


def _read(key: str, text: str) -> Any:
    """The value of a key of an address. Raises InputError for what is no number."""
    if key not in ("month", "one_in", "seed", "runs", "town", "yearly"):
        return text
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise InputError(key, text, refusal("whole"))
    return bool(int(text)) if key == "yearly" else int(text)


@cache
def _places() -> dict[int, int]:
    """The place of each municipality among the 98, by its code."""
    return {tile.code: place for place, tile in enumerate(tiles())}


def place_of(code: int) -> int:
    """Return the place of a municipality among the 98 in the order of their codes."""
    return _places()[code]


def outcomes_in_order() -> tuple[Outcome, ...]:
    """Return all outcomes, those most asked for first."""
    first = tuple(OUTCOMES[INDEX[name]] for name in FIRST_OUTCOMES)
    return first + tuple(each for each in OUTCOMES if each not in first)


def yearly_mean(values: Array) -> Array:
    """Return the mean of each month and up to eleven before it, along the last axis.

    Months without a value are left out; where there is none at all it is NaN.
    """
    known = np.isfinite(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=-1)
    count = np.cumsum(known, axis=-1, dtype=np.float64)
    for sums in (total, count):
        sums[..., YEAR:] = sums[..., YEAR:] - sums[..., :-YEAR].copy()
    mean = np.full(values.shape, np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean


def smoothed(view: MapView) -> bool:
    """Return whether values are means of twelve months; some outcomes span a time by themselves."""
    return view.yearly and OUTCOMES[INDEX[view.outcome]].kind not in (WINDOW, CUMULATIVE)


def _of_runs(
    view: MapView, regime: str, outcome: str, runs: Sequence[Mapping[str, Outcomes]]
) -> tuple[Array, Array]:
    """An outcome of some runs as a view takes it: (runs, 98, months + 1), and of the country."""
    towns, country = (
        np.stack(values).astype(np.float64)
        for values in zip(*(found[regime].of(outcome) for found in runs), strict=True)
    )
    return (yearly_mean(towns), yearly_mean(country)) if smoothed(view) else (towns, country)


@dataclass(frozen=True)
class Curves:
    """One outcome under both regimes: a, b (98, months + 1); country_a, country_b (months + 1,).

    adults: simulated, by municipality (98,). All are means over runs of the country; differences:
    b - a by run, (runs, 98, months + 1). lost: (98, months + 1), whether nobody is left of whom the
    outcome speaks under a regime in some run, which counts with its worst.
    """

    a: Array
    b: Array
    country_a: Array
    country_b: Array
    adults: Array
    differences: Array
    lost: NDArray[np.bool_]

    @cached_property
    def margins(self) -> HalfWidths:
        """How far chance moves the differences."""
        return margins(self.b - self.a, self.adults)

    @cached_property
    def pooled(self) -> Pooled:
        """The differences of municipalities, drawn toward the mean as far as chance explains."""
        return pooled(self.differences, self.adults)

    @classmethod
    def of(cls, view: MapView, *runs: Mapping[str, Outcomes]) -> Curves:
        """Take the outcome of a view out of the outcomes of its regimes, of one run or more."""
        parts: list[Array] = []
        lost = np.zeros(runs[0][view.a].of(view.outcome)[0].shape, np.bool_)
        number = number_of(view.outcome)
        for regime in (view.a, view.b):
            there = _of_runs(view, regime, number, runs) if number else (None, None)
            for place, values in enumerate(_of_runs(view, regime, view.outcome, runs)):
                parts.append(counted(view.outcome, values, there[place]))
            if there[0] is not None:
                lost |= (there[0] == 0.0).any(axis=0)
        adults = np.array([town.adults for town in scenario_of(view.one_in).towns], np.float64)
        a, country_a, b, country_b = (part.mean(axis=0) for part in parts)
        return cls(a, b, country_a, country_b, adults, parts[2] - parts[0], lost)

    def shown(self, view: MapView) -> Array:
        """Return what the tiles show over all months; shape (98, months + 1)."""
        if view.shown == DIFFERENCE:
            return self.pooled.values
        return self.a if view.shown == A else self.b

    def unclear(self, view: MapView) -> NDArray[np.bool_]:
        """Return whether what a tile shows may be chance, by month; levels are not differences."""
        if view.shown != DIFFERENCE:
            return np.zeros(self.a.shape, np.bool_)
        return self.pooled.unclear

    def country(self, view: MapView) -> Array:
        """Return the same of the country; shape (months + 1,)."""
        difference = self.country_b - self.country_a
        return {A: self.country_a, B: self.country_b, DIFFERENCE: difference}[view.shown]


@dataclass(frozen=True)
class ColourScale:
    """Colours from low to high; below and above: whether values lie beyond the ends."""

    low: float
    high: float
    ramp: tuple[str, ...]
    below: bool = False
    above: bool = False

    def colour(self, value: float) -> str:
        """Return the colour of a value; grey where there is none."""
        if not math.isfinite(value):
            return NOTHING
        width = self.high - self.low
        share = (value - self.low) / width if width > 0.0 else 0.5
        return mixed(self.ramp, min(1.0, max(0.0, share)))

    def gradient(self) -> str:
        """Return the scale as a CSS gradient from left to right."""
        return f"linear-gradient(to right, {', '.join(self.ramp)})"


def scale_of(view: MapView, curves: Curves) -> ColourScale:
    """Return the scale of a view: the same for all months, and for both regimes.

    A difference has zero in the middle and is blue where the second regime is better; where an
    outcome is neither good nor bad in itself, blue is more.
    """
    if view.shown == DIFFERENCE:
        values = _known(curves.pooled.values)
        end = float(np.percentile(np.abs(values), 100.0 - CLIPPED)) if len(values) else 0.0
        end = end or 1e-9
        less_is_better = OUTCOMES[INDEX[view.outcome]].direction < 0
        ramp = WORSE_TO_BETTER[::-1] if less_is_better else WORSE_TO_BETTER
        limits = -end, end
    else:
        values = _known(np.concatenate([curves.a, curves.b]))
        ends = np.percentile(values, [CLIPPED, 100.0 - CLIPPED]) if len(values) else (0.0, 0.0)
        limits, ramp = (float(ends[0]), float(ends[1])), MORE
    slack = 1e-9 * (limits[1] - limits[0])
    below = bool((values < limits[0] - slack).any())
    above = bool((values > limits[1] + slack).any())
    return ColourScale(*limits, ramp, below, above)


def _known(values: Array) -> Array:
    """Return the numbers there are, as one row."""
    return values[np.isfinite(values)]


def mixed(ramp: tuple[str, ...], share: float) -> str:
    """Return the colour at a share of the way along a ramp of colours '#rrggbb'."""
    at = share * (len(ramp) - 1)
    first = min(int(at), len(ramp) - 2)
    part = at - first
    ends = rgb(ramp[first]), rgb(ramp[first + 1])
    numbers = (round(a + part * (b - a)) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{number:02x}" for number in numbers)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255, of a colour '#rrggbb'."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lights = []
    for colour in (one, other):
        parts = (part / 255.0 for part in rgb(colour))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def text_colour(background: str) -> str:
    """Return ink or white, whichever is read better on a background."""
    return INK if contrast(INK, background) >= contrast(PAPER, background) else PAPER


@dataclass(frozen=True)
class Rank:
    """A row of the ranking: a municipality and its values.

    row: from the top; ranks: of a difference, the first and last that its 95 % interval holds, None
    where municipalities cannot be told apart; of a level, twice the row. value, error: what is
    shown, and the standard error of a difference.
    """

    row: int
    municipality: MunicipalityFigures
    a: float
    b: float
    value: float
    error: float
    ranks: tuple[int, int] | None


def ranking(view: MapView, curves: Curves) -> list[Rank]:
    """Return all municipalities, the best first: by what is shown, at the month of the view.

    Where an outcome is neither good nor bad, the largest is first. Those without a value are last.
    Where differences cannot be told apart the order is that of the names.
    """
    values = curves.shown(view)[:, view.month]
    larger_first = OUTCOMES[INDEX[view.outcome]].direction >= 0
    sign = -1.0 if larger_first else 1.0
    places = tiles()
    key = np.where(np.isfinite(values), sign * values, np.inf)
    order = np.argsort(key, kind="stable").tolist()
    difference, pool = view.shown == DIFFERENCE, curves.pooled
    ranks = pool.ranks(view.month, larger_first) if difference else None
    if difference and not pool.apart[view.month]:
        order = sorted(range(len(places)), key=lambda place: places[place].name)
        ranks = None
    rows = []
    for number, place in enumerate(order, 1):
        own = (number, number) if not difference else None
        if ranks is not None and ranks[place, 0] > 0:
            own = (int(ranks[place, 0]), int(ranks[place, 1]))
        rows.append(
            Rank(
                number,
                places[place].municipality,
                float(curves.a[place, view.month]),
                float(curves.b[place, view.month]),
                float(pool.values[place, view.month]),
                float(pool.errors[place, view.month]),
                own,
            )
        )
    return rows


def neighbours(code: int, count: int = 4) -> list[MunicipalityFigures]:
    """Return the municipalities of the same type that are nearest in people, the nearest first.

    Near means a small ratio: a town twice as large is as far away as one half as large.
    """
    here = tiles()[place_of(code)].municipality
    same = [
        tile.municipality
        for tile in tiles()
        if tile.municipality.kind == here.kind and tile.code != code
    ]
    same.sort(key=lambda each: (abs(math.log(each.population / here.population)), each.code))
    return same[:count]
