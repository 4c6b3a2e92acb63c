"""Towns: the municipalities of a scenario, stylised or Danish, and how adults are shared out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS, municipalities, national_adults

FEWEST_ADULTS = 50
MOST_ADULTS = 6_000_000
LEVELS = {
    "loneliness_level": (0.5, 2.0),
    "volunteering_tradition": (0.0, 4.0),
    "hours_level": (0.0, 10.0),
}
"""What may be set for a municipality: factors over what holds elsewhere, with their limits."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """A municipality: code, name, kind and its number of adults (16+).

    Factors on loneliness levels, recruitment and collaboration hours may be set (LEVELS, with
    their limits); those that are not are drawn where the scenario has local variation, else 1.
    Where it lies (degrees, WGS84) does not enter the comparison of two towns, since it changes
    no result. Raises InputError for an unknown kind or a number of adults out of limits.
    """

    code: int
    name: str
    kind: str
    adults: int
    region: str = ""
    loneliness_level: float | None = None
    volunteering_tradition: float | None = None
    hours_level: float | None = None
    latitude: float = field(default=math.nan, compare=False)
    longitude: float = field(default=math.nan, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", checks.whole(self.code, "code", 1, 9999))
        checks.word(self.name, "name")
        checks.one_of(self.kind, "kind", MUNICIPALITY_KINDS)
        adults = checks.whole(self.adults, "adults", FEWEST_ADULTS, MOST_ADULTS)
        object.__setattr__(self, "adults", adults)
        checks.text(self.region, "region")
        for key, (low, high) in LEVELS.items():
            level = getattr(self, key)
            if level is not None:
                object.__setattr__(self, key, checks.number(level, key, low, high))
        for key, limit in (("latitude", 90.0), ("longitude", 180.0)):
            degrees = getattr(self, key)
            if not (isinstance(degrees, float) and math.isnan(degrees)):
                degrees = checks.number(degrees, key, -limit, limit)
                object.__setattr__(self, key, degrees)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; what is not known is left out."""
        result: dict[str, Any] = {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "adults": self.adults,
        }
        if self.region:
            result["region"] = self.region
        levels = {key: getattr(self, key) for key in LEVELS}
        result |= {key: level for key, level in levels.items() if level is not None}
        degrees = {"latitude": self.latitude, "longitude": self.longitude}
        return result | {key: value for key, value in degrees.items() if not math.isnan(value)}


def town_from_table(content: object) -> Town:
    """Return the town in a table with the keys of :class:`Town`."""
    known = ("code", "name", "kind", "adults", "region", *LEVELS, "latitude", "longitude")
    keys = checks.table(content, "", known)
    for key in ("code", "name", "kind", "adults"):
        if key not in keys:
            raise InputError(key, MISSING, "code, name, kind and adults of the town")
    for key in ("latitude", "longitude"):
        if key in keys:
            checks.number(keys[key], key, -180.0, 180.0)
    return Town(**keys)


def with_levels(towns: Sequence[Town], tables: object, place: str) -> tuple[Town, ...]:
    """Return the towns with what tables by name or code set for some of them, see LEVELS."""
    if not isinstance(tables, Mapping):
        raise InputError(place, tables, "a table of municipalities")
    found = {name: town for town in towns for name in (town.name, str(town.code))}
    changed = {town.code: town for town in towns}
    for name, content in tables.items():
        if name not in found:
            allowed = "the name or the code of a municipality of the scenario"
            raise InputError(place, name, allowed, nearest(name, found))
        with located(f"{place}.{name}", "."):
            code = found[name].code
            changed[code] = replace(changed[code], **checks.table(content, "", tuple(LEVELS)))
    return tuple(changed[town.code] for town in towns)


def checked_towns(towns: object, place: str) -> tuple[Town, ...]:
    """Return the towns sorted by code; each code may stand once, and the total has a limit."""
    found = checks.items(towns, place, "a list of towns")
    if not found:
        raise InputError(place, MISSING, "at least one town")
    codes: set[int] = set()
    for number, town in enumerate(found, start=1):
        if not isinstance(town, Town):
            raise InputError(f"{place}[{number}]", town, "a town")
        if town.code in codes:
            raise InputError(f"{place}[{number}].code", town.code, "each code once")
        codes.add(town.code)
    total = sum(town.adults for town in found)
    if total > MOST_ADULTS:
        raise InputError("adults", total, f"at most {MOST_ADULTS} in all towns together")
    return tuple(sorted(found, key=lambda town: town.code))


def apportion(weights: Sequence[int], total: int, at_least: int = 0) -> list[int]:
    """Share out ``total`` in proportion to positive whole weights, by largest remainder.

    The shares are whole and sum to ``total``; among equal remainders the earlier one gains.
    Where a proportional share is below ``at_least`` it is raised to it, and the rest is shared
    out among the others. Needs ``total >= at_least * len(weights)``.
    """
    raised: set[int] = set()
    while True:
        free = [i for i in range(len(weights)) if i not in raised]
        rest = total - at_least * len(raised)
        weight = sum(weights[i] for i in free)
        small = [i for i in free if weights[i] * rest < at_least * weight]
        if not small:
            break
        raised.update(small)
    shares = [at_least] * len(weights)
    for i in free:
        shares[i] = weights[i] * rest // weight
    by_remainder = sorted(free, key=lambda i: (-(weights[i] * rest % weight), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def resized(towns: Sequence[Town], adults: object, place: str = "adults") -> tuple[Town, ...]:
    """Return the towns with ``adults`` in all, shared out in proportion, at least 50 each."""
    total = checks.whole(adults, place, FEWEST_ADULTS * len(towns), MOST_ADULTS)
    shares = apportion([town.adults for town in towns], total, FEWEST_ADULTS)
    return tuple(replace(town, adults=n) for town, n in zip(towns, shares, strict=True))


@cache
def danish_towns() -> tuple[Town, ...]:
    """Return the 98 municipalities with every adult of Denmark.

    The adults of 2021 are shared out in proportion to the populations of 2020, so every
    municipality has the national share of adults; the sum is exact.
    """
    known = municipalities()
    adults = apportion([m.population for m in known], national_adults())
    return tuple(
        Town(
            code=m.code,
            name=m.name,
            kind=m.kind,
            adults=n,
            region=m.region,
            latitude=m.latitude,
            longitude=m.longitude,
        )
        for m, n in zip(known, adults, strict=True)
    )


def chosen_danish_towns(chosen: object, place: str) -> tuple[Town, ...]:
    """Return Danish municipalities by ``"denmark"`` or a list of their codes or names."""
    towns = danish_towns()
    if chosen == "denmark":
        return towns
    names = {town.name: town for town in towns}
    codes = {town.code: town for town in towns}
    allowed = "'denmark' or a list of codes or names of Danish municipalities"
    found: list[Town] = []
    for number, wanted in enumerate(checks.items(chosen, place, allowed), start=1):
        here = f"{place}[{number}]"
        if isinstance(wanted, str):
            if wanted not in names:
                suggestion = nearest(wanted, names)
                raise InputError(here, wanted, "the name of a Danish municipality", suggestion)
            found.append(names[wanted])
        else:
            code = checks.whole(wanted, here, 1, 9999)
            if code not in codes:
                raise InputError(here, code, "the code of a Danish municipality, such as 621")
            found.append(codes[code])
    return checked_towns(found, place)
