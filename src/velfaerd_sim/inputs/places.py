"""Places: what a municipality knows of itself, from a file or from the packaged tables.

A place has adults, a kind and an age mix; figures, each with its uncertainty; and the way in which
it is governed today. All of it may be left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.errors import MISSING, InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.csv_files import csv_rows
from velfaerd_sim.inputs.evidence import (
    AGE_BANDS,
    MUNICIPALITY_KINDS,
    age_shares,
)
from velfaerd_sim.inputs.governing import STATUS_QUO_TODAY, Governing, governing_of
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regime_files import file_of
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.stated import (
    KINDS,
    LONELY,
    VOLUNTEERS,
    Figure,
    figure_of,
    routes_of,
    stated,
)
from velfaerd_sim.inputs.toml_files import read_toml, toml_text
from velfaerd_sim.inputs.towns import FEWEST_ADULTS, MOST_ADULTS, Town, danish_towns

AGES = "ages"
URBAN, RURAL = ("large_city", "age_tilt_urban"), ("rural", "age_tilt_rural")
"""Kinds of municipality whose age mix is tilted from the national one, and by which parameter."""
HOURS, ADULTS, KIND = "hours", "adults", "kind"
LEVER = "hours_per_1000"
OPENS = {LONELY: "loneliness_level_factor", VOLUNTEERS: "volunteering_level_factor"}
"""Figures that tell of a level of the place itself -> the parameter that holds it. Without its
figure a level is as elsewhere."""
SPREADS = {
    "loneliness_level_factor": "town_loneliness_spread",
    "volunteering_level_factor": "town_volunteering_spread",
}
_ROUNDED = 0.02
"""Shares that are rounded may add up to as much less or more than one."""


@dataclass(frozen=True)
class Place:
    """A place: who lives there, what it states, how it is governed.

    hours: staff hours a month for collaboration per 1 000 adults, with its 95 % interval, or None.
    ages: stated shares of adults by age band, or none. The scenario has the nearest of the age
    mixes that the model knows, the national one tilted toward the old or the young; it is of the
    kind that is tilted so.
    """

    name: str
    town: Town | None
    figures: tuple[Figure, ...] = ()
    hours: tuple[float, float, float] | None = None
    governing: Governing = STATUS_QUO_TODAY
    ages: tuple[float, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether worlds are those of the nation: nothing is stated that could teach of them."""
        return not self.figures and self.hours is None

    def scenario(self, base: Scenario, adults: int | None) -> Scenario:
        """The base with this place for its town, governed as today; adults: how many are run."""
        regime = self.governing.timeline
        if self.town is None:
            return base.with_(regime=regime, adults=adults)
        titles: dict[str, Any] = dict.fromkeys(("name", "title_en", "title_da"), self.name)
        titles |= {"summary_en": "", "summary_da": ""}
        town = self.town
        changes: dict[str, float] = {}
        if self.ages:
            tilt = tilt_of(self.ages)
            kind, name = RURAL if tilt >= 0.0 else URBAN
            town = replace(town, kind=kind)
            changes[name] = abs(tilt)
        if self.hours is not None:
            changes[LEVER] = self.hours[0]
        found = base.with_(towns=(town,), regime=regime, parameters=changes, **titles)
        return found.with_(adults=adults)

    def to_dict(self) -> dict[str, Any]:
        """Plain values from which :meth:`from_dict` makes the same."""
        return {
            "name": self.name,
            "town": None if self.town is None else self.town.to_dict(),
            "figures": [each.to_dict() for each in self.figures],
            "hours": None if self.hours is None else list(self.hours),
            "governing": self.governing.to_dict(),
            "ages": list(self.ages),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Place:
        """The place in plain values made by :meth:`to_dict`."""
        hours, town = content["hours"], content["town"]
        return cls(
            content["name"],
            None if town is None else Town(**town),
            tuple(Figure(**each) for each in content["figures"]),
            None if hours is None else (hours[0], hours[1], hours[2]),
            Governing.from_dict(content["governing"]),
            tuple(content["ages"]),
        )


def tilt_of(shares: Sequence[float]) -> float:
    """The tilt per age band of the national age mix that is nearest to some shares.

    The tilted mixes are an exponential family, so the most likely one has the same mean band. Kept
    within the range of the parameters that tilt, to four digits.
    """
    bands = np.arange(len(AGE_BANDS)) - (len(AGE_BANDS) - 1) / 2.0
    most = min(BY_NAME[name].high for _, name in (URBAN, RURAL))
    low, high, wanted = -most, most, float(np.dot(shares, bands))
    for _ in range(60):
        middle = (low + high) / 2.0
        mix = np.array(age_shares()) * np.exp(middle * bands)
        low, high = (middle, high) if mix @ bands / mix.sum() < wanted else (low, middle)
    return round((low + high) / 2.0, 4)


def load_place(reference: str | Path | Mapping[str, Any] | Place) -> Place:
    """A place by the name or code of a Danish municipality, from a TOML file or a table.

    All keys of a file, each of which may be left out::

        name = "Our town"                    # the file's name where it is left out
        municipality = "Kolding"             # adults and kind from the packaged table
        adults = 76000                       # 16 and over
        kind = "provincial_city"             # capital, large_city, provincial_city, commuter, rural
        ages = "ages.csv"                    # age_band, persons; or a table of them; no kind then
        hours = "about 1500"                 # staff hours a month for collaboration, in all
        volunteers = 2900                    # in the social field
        volunteers_left = {value = 700, plus_minus = 150}   # last year
        lonely_share = {value = 0.11, n = 1200}   # seven or more on the three-item scale
        initiatives = 80                     # that run
        waiting = "about 60"                 # lonely people who wait for a place

        [routes]                             # how collaborations start: answers of heads, counted
        municipality_invites_organisations = {as_a_rule = 1, sometimes = 3}
        local_civil_actors_invite = "seldom" # one head

        [today]                              # how it governs: a regime, instruments, or answers
        answers = {forms = "b", meetings = "c"}   # see: velfaerd place --questions

    A bare number is counted (within 10 %), "about" means within 25 %, `plus_minus` is half of a
    95 % interval, `n` the respondents of a share. Raises InputError for everything else, and
    for figures that contradict each other.
    """
    if isinstance(reference, Place):
        return reference
    if isinstance(reference, Mapping):
        return _place_of(reference, None, None)
    by_name = {key: town for town in danish_towns() for key in (town.name, str(town.code))}
    text = str(reference)
    folded = {name.casefold(): name for name in by_name}
    if isinstance(reference, str) and text.strip().casefold() in folded:
        town = by_name[folded[text.strip().casefold()]]
        return Place(town.name, town)
    path = file_of(reference, Path())
    if path is None:
        allowed = "a municipality by name or code, or a TOML file"
        raise InputError("place", text, allowed, _near(text))
    content = read_toml(path)
    with located(path.name):
        return _place_of(content, path.parent, path.stem)


def _near(text: str) -> str | None:
    return nearest(text, [town.name for town in danish_towns()])


_FIGURES = (VOLUNTEERS, "volunteers_left", LONELY, "initiatives", "waiting")
PLACE_KEYS = ("name", "municipality", ADULTS, KIND, AGES, HOURS, *_FIGURES, "routes", "today")


def _place_of(content: Mapping[str, Any], folder: Path | None, name: str | None) -> Place:
    keys = checks.table(content, "", PLACE_KEYS)
    town = _town_of(keys, name)
    adults = 0.0 if town is None else float(town.adults)
    if not adults and (counted := [key for key in (HOURS, *_FIGURES) if key in keys]):
        others = [key for key in counted if key != LONELY]
        if others:
            allowed = f"adults or municipality, as {others[0]} is taken over adults"
            raise InputError(ADULTS, MISSING, allowed)
    figures = [figure_of(KINDS[id], keys[id], adults) for id in _FIGURES if id in keys]
    by_id = {each.id: each for each in figures}
    left, volunteers = by_id.get("volunteers_left"), by_id.get(VOLUNTEERS)
    if left is not None and volunteers is not None and left.low > 2.0 * volunteers.high:
        allowed = f"at most twice the volunteers, which are {volunteers.given:g}"
        raise InputError("volunteers_left", left.given, allowed)
    figures += routes_of(keys.get("routes", {}))
    hours = None
    if HOURS in keys:
        given = stated(keys[HOURS], HOURS, 0.0, 1e7, False)
        hours = _hours(given, adults)
    today = keys.get("today")
    governing = STATUS_QUO_TODAY if today is None else governing_of(today, "today", folder)
    known = town.name if town is not None else keys.get("name", name or "place")
    ages = _ages(keys[AGES], folder) if AGES in keys else ()
    if ages and (town is None or KIND in keys):
        allowed = "adults or municipality, without kind, as ages tell of the same"
        raise InputError(AGES, "ages", allowed)
    return Place(checks.word(known, "name"), town, tuple(figures), hours, governing, ages)


def _ages(content: object, folder: Path | None) -> tuple[float, ...]:
    """Shares of adults by age band, from a table or a CSV file of persons or shares."""
    if isinstance(content, str) and folder is not None:
        columns, rows = csv_rows(folder / content, "age_band and persons")
        if len(columns) != 2:
            raise InputError(AGES, ", ".join(columns), "two columns: the age band, and persons")
        content = {str(row[0]).strip(): row[1] for _, row in rows}
    keys = checks.table(content, AGES, AGE_BANDS)
    counts = [
        checks.number(checks.needed(keys, band, refusal("number")), f"{AGES}.{band}", 0.0, 1e7)
        for band in AGE_BANDS
    ]
    total = sum(counts)
    given = all(count <= 1.0 for count in counts)
    if total <= 0.0 or (given and abs(total - 1.0) > _ROUNDED):
        raise InputError(AGES, round(total, 4), "shares that add up to 1, or numbers of persons")
    return tuple(round(count / total, 6) for count in counts)


def _town_of(keys: Mapping[str, Any], name: str | None) -> Town | None:
    base: Town | None = None
    if "municipality" in keys:
        given = keys["municipality"]
        known = {key: town for town in danish_towns() for key in (town.name, str(town.code))}
        if str(given) not in known:
            allowed = "a Danish municipality by name or code"
            raise InputError("municipality", given, allowed, _near(str(given)))
        base = known[str(given)]
    if base is None and ADULTS not in keys and KIND not in keys:
        return None
    if base is None and ADULTS not in keys:
        raise InputError(
            ADULTS, MISSING, refusal("whole_between", low=FEWEST_ADULTS, high=MOST_ADULTS)
        )
    start = {} if base is None else base.to_dict()
    start.setdefault("code", 1)
    start.setdefault("kind", load_scenario("baseline").towns[0].kind)
    start["name"] = keys.get("name", start.get("name", name or "place"))
    if ADULTS in keys:
        start[ADULTS] = checks.whole(keys[ADULTS], ADULTS, FEWEST_ADULTS, MOST_ADULTS)
    if KIND in keys:
        start[KIND] = checks.one_of(keys[KIND], KIND, MUNICIPALITY_KINDS)
    return Town(**start)


def _hours(given: Figure, adults: float) -> tuple[float, float, float]:
    """Hours per 1 000 adults with both ends. Raises InputError out of the parameter's range."""
    lever = BY_NAME[LEVER]
    value, low, high = (1000.0 * each / adults for each in (given.value, given.low, given.high))
    if not lever.low <= value <= lever.high:
        least, most = (math.ceil(end * adults / 1000.0) for end in (lever.low, lever.high))
        raise InputError(HOURS, given.given, refusal("number_between", low=least, high=most))
    return value, max(lever.low, low), min(lever.high, high)


def today_text(place: Place) -> str:
    """The governance of today as a file with an own regime."""
    return toml_text(place.governing.to_toml_table())
