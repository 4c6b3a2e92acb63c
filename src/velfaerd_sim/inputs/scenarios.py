"""Scenarios: world, governance, shocks, parameters, seed and months of a run, checked once.

A scenario is frozen; :meth:`Scenario.with_` makes a changed one. It reads from TOML
(:func:`load_scenario` shows the form), goes to plain values and back without loss, and has a
digest by which two scenarios of the same content are known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim import in_force
from velfaerd_sim.errors import MISSING, InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks, parameters, shocks, towns
from velfaerd_sim.inputs.evidence import DATA, MUNICIPALITY_KINDS
from velfaerd_sim.inputs.regime_files import (
    file_of,
    load_timeline,
    resolve_timeline,
    timeline_from_table,
)
from velfaerd_sim.inputs.regimes import (
    DEPARTMENTS,
    INSTRUMENTS,
    LAST_MONTH,
    REGIMES,
    STATUS_QUO,
    Regime,
    Timeline,
    announced,
)
from velfaerd_sim.inputs.shocks import SHOCK_COLUMNS, Shock
from velfaerd_sim.inputs.toml_files import read_toml, toml_text
from velfaerd_sim.inputs.towns import Town

__all__ = ["SCENARIOS", "SHOCK_COLUMNS", "Scenario", "Shock", "Town", "load_scenario"]

SCENARIOS = ("baseline", "denmark", "crisis", "austerity", "ageing")
"""The packaged scenarios."""

LONGEST_BURN_IN = 600
LARGEST_SEED = 2**53 - 1
"""Programs that hold numbers as floats, as many do that read JSON, know no larger whole number."""

_WORDS = ("title_en", "title_da", "summary_en", "summary_da")
_DISPLAY = {*_WORDS, "label_en", "label_da", "source"}
_GOVERNANCE = ("regime", "phase", "departments")
_PLAIN = ("months", "burn_in_months", "seed", "policy_review", "local_variation")
SCENARIO_KEYS = (
    "name",
    *_WORDS,
    "based_on",
    "adults",
    "town_kind",
    "towns",
    "town",
    "municipality",
    *_PLAIN,
    *_GOVERNANCE,
    "parameters",
    "shock",
    "plugins",
)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything that a run depends on. Raises InputError when something is out of its limits.

    ``parameters`` holds only what differs on purpose from the parameter table, sorted by name
    (a dict is taken as well). Towns are sorted by code, shocks by month. Months 1..``months`` are
    run after a burn-in of ``burn_in_months`` under the status quo, which ends with month 0.
    """

    name: str
    towns: tuple[Town, ...]
    timeline: Timeline = field(default_factory=lambda: Timeline.of(REGIMES[STATUS_QUO]))
    months: int = 120
    burn_in_months: int = 60
    seed: int = 1
    parameters: tuple[tuple[str, float], ...] = ()
    shocks: tuple[Shock, ...] = ()
    policy_review: bool = False
    local_variation: bool = False
    title_en: str = ""
    title_da: str = ""
    summary_en: str = ""
    summary_da: str = ""

    def __post_init__(self) -> None:
        checks.word(self.name, "name")
        for key in _WORDS:
            checks.text(getattr(self, key), key)
        self._set("towns", towns.checked_towns(self.towns, "town"))
        self._set("timeline", load_timeline(self.timeline))
        self._set("months", checks.whole(self.months, "months", 1, LAST_MONTH))
        burn_in = checks.whole(self.burn_in_months, "burn_in_months", 0, LONGEST_BURN_IN)
        self._set("burn_in_months", burn_in)
        self._set("seed", checks.whole(self.seed, "seed", 0, LARGEST_SEED))
        self._set("parameters", _checked_parameters(self.parameters))
        self._set("shocks", _checked_shocks(self.shocks))
        checks.flag(self.policy_review, "policy_review")
        checks.flag(self.local_variation, "local_variation")

    def _set(self, key: str, value: object) -> None:
        object.__setattr__(self, key, value)

    @property
    def adults(self) -> int:
        """The number of adults in all towns together."""
        return sum(town.adults for town in self.towns)

    def title(self, language: str = "en") -> str:
        """Return the title in ``en`` or ``da``, or the name where there is none."""
        return (self.title_da if language == "da" else self.title_en) or self.name

    def with_(
        self,
        *,
        regime: str | Path | Regime | Timeline | None = None,
        adults: int | None = None,
        parameters: Mapping[str, float] | None = None,
        **changes: Any,
    ) -> Scenario:
        """Return a changed scenario, checked again.

        ``adults`` are shared out among the towns in proportion, ``parameters`` add to the ones
        that are set; any other field of a scenario replaces the one there is.
        """
        known = ["regime", "adults", *self.__dataclass_fields__]
        for key in changes:
            if key not in known:
                raise InputError("scenario", key, ", ".join(known), nearest(key, known))
        if regime is not None:
            changes["timeline"] = load_timeline(regime)
        if adults is not None:
            changes["towns"] = towns.resized(changes.get("towns", self.towns), adults)
        if parameters is not None:
            changes["parameters"] = dict(self.parameters) | dict(parameters)
        return replace(self, **changes)

    def parameter_values(self) -> dict[str, float]:
        """Return the value of every parameter: the table's, or the one set here."""
        return parameters.defaults() | dict(self.parameters)

    def announced(self) -> NDArray[np.float64]:
        """Return what is announced, shape (burn_in_months + months + 1, 5 departments, 9).

        Row ``burn_in_months + m`` is month m. The status quo stands in the burn-in, which ends
        with month 0; the timeline from month 1 on. Columns as in :func:`regimes.announced`.
        """
        gap = self.parameter_values()["espoused_gap"]
        rows = self.burn_in_months + self.months + 1
        result = np.empty((rows, len(DEPARTMENTS), len(INSTRUMENTS) + 1))
        result[:] = REGIMES[STATUS_QUO].row(gap)
        result[self.burn_in_months + 1 :] = announced(self.timeline, self.months, gap)[1:]
        return result

    def shock_table(self) -> NDArray[np.float64]:
        """Return what happens from outside, shape (burn_in_months + months + 1, 7).

        Row ``burn_in_months + m`` is month m; nothing happens before month 1. Columns as in
        SHOCK_COLUMNS.
        """
        before = shocks.shock_table((), self.burn_in_months)
        return np.vstack([before, shocks.shock_table(self.shocks, self.months)[1:]])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values (a JSON document) from which :meth:`from_dict` makes the same."""
        result: dict[str, Any] = {"name": self.name}
        result |= {key: getattr(self, key) for key in _WORDS if getattr(self, key)}
        result |= {key: getattr(self, key) for key in _PLAIN}
        result["regime"] = self.timeline.to_dict()
        result["parameters"] = dict(self.parameters)
        result["town"] = [town.to_dict() for town in self.towns]
        result["shock"] = [shock.to_dict() for shock in self.shocks]
        return result

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Scenario:
        """Return the scenario in plain values of the form of a scenario file; reads no files."""
        with located("scenario"):
            return _scenario_from_table(content, None, None, ())

    def to_toml(self) -> str:
        """Return the text of a scenario file that :func:`load_scenario` reads as this scenario."""
        return toml_text(self.to_table())

    def to_table(self) -> dict[str, Any]:
        """Return plain values as short as a scenario file has them."""
        content = self.to_dict()
        regime = self.timeline.single()
        if regime is not None and self.timeline == Timeline.of(regime):
            named = REGIMES.get(regime.name) == regime
            content["regime"] = regime.name if named else regime.to_dict()
        if content["town"] == [town.to_dict() for town in towns.danish_towns()]:
            del content["town"]
            content["towns"] = "denmark"
        return {key: value for key, value in content.items() if value not in ({}, [])}

    def digest(self) -> str:
        """Return the SHA-256 of the content: the same whenever all that counts is the same.

        Titles, labels, summaries and sources do not count; the value of every parameter does,
        also where it comes from the table.
        """
        content = _without(self.to_dict(), _DISPLAY) | {"parameters": self.parameter_values()}
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(entry, keys) for key, entry in value.items() if key not in keys}
    if isinstance(value, list):
        return [_without(entry, keys) for entry in value]
    return value


def _checked_parameters(values: object) -> tuple[tuple[str, float], ...]:
    pairs: object = list(values.items()) if isinstance(values, Mapping) else values
    found: dict[str, float] = {}
    for pair in checks.items(pairs, "parameters", "a table of names and values"):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InputError("parameters", pair, "a name and a value")
        name, value = pair
        if not isinstance(name, str) or name in found:
            raise InputError("parameters", name, "each parameter once")
        known = name in parameters.BY_NAME
        found[name] = parameters.check(name, value, f"parameters.{name}" if known else "parameters")
    return tuple(sorted(found.items()))


def _checked_shocks(values: object) -> tuple[Shock, ...]:
    found = checks.items(values, "shock", "a list of shocks")
    for number, shock in enumerate(found, start=1):
        if type(shock) not in shocks.SHOCK_KINDS.values():
            raise InputError(f"shock[{number}]", shock, "a shock")
    return tuple(
        sorted(found, key=lambda s: (s.month, s.kind, json.dumps(s.to_dict(), allow_nan=False)))
    )


def load_scenario(scenario: str | Path | Scenario, place: str = "scenario") -> Scenario:
    """Return the packaged scenario of this name, or the one in a TOML file.

    All keys of a file stand in docs/files.md, and ``velfaerd run --example`` prints one.
    A file needs towns: ``adults``, ``towns``, ``[[town]]`` or ``based_on``. Raises InputError,
    with its place inside ``place``, for everything that is not of this form.
    """
    if isinstance(scenario, Scenario):
        return scenario
    if not isinstance(scenario, str | Path):
        raise InputError(place, scenario, "the name of a scenario or a TOML file")
    return _resolve(scenario, place, Path(), ())


def scenario_from_table(content: Mapping[str, Any], folder: Path | None, place: str) -> Scenario:
    """Return the scenario in a table of the form of a scenario file. Raises InputError."""
    with located(place, "."):
        return _scenario_from_table(content, folder, None, ())


def _resolve(reference: object, place: str, folder: Path, trail: tuple[Path, ...]) -> Scenario:
    if isinstance(reference, str) and reference in SCENARIOS:
        path: Path | None = DATA / "scenarios" / f"{reference}.toml"
    else:
        path = file_of(reference, folder)
    if path is None:
        allowed = "one of " + ", ".join(SCENARIOS) + ", or a TOML file"
        raise InputError(place, reference, allowed, nearest(reference, SCENARIOS))
    if path.resolve() in trail:
        raise InputError(place, reference, "a file that does not build on itself")
    with located(place):
        content = read_toml(path)
        with located(path.name):
            trail = (*trail, path.resolve())
            return _scenario_from_table(content, path.parent, path.stem, trail)


def _scenario_from_table(
    content: Mapping[str, Any],
    folder: Path | None,
    default_name: str | None,
    trail: tuple[Path, ...],
) -> Scenario:
    keys = checks.table(content, "", SCENARIO_KEYS)
    in_force.named_in(keys, folder)
    values: dict[str, Any] = {}
    base: Scenario | None = None
    if "based_on" in keys:
        if folder is None:
            raise InputError("based_on", keys["based_on"], refusal("file_only"))
        base = _resolve(keys["based_on"], "based_on", folder, trail)
        values = {key: getattr(base, key) for key in base.__dataclass_fields__ if key not in _WORDS}
    for key in ("name", *_WORDS, *_PLAIN):
        if key in keys:
            values[key] = keys[key]
    if "name" not in keys:
        if default_name is None:
            raise InputError("name", MISSING, "a name")
        values["name"] = default_name
    values["towns"] = _towns_from_table(keys, base)
    if "municipality" in keys:
        values["towns"] = towns.with_levels(values["towns"], keys["municipality"], "municipality")
    timeline = _timeline_from_table(keys, folder, trail)
    if timeline is not None:
        values["timeline"] = timeline
    if "parameters" in keys:
        own = keys["parameters"]
        if not isinstance(own, Mapping):
            raise InputError("parameters", own, "a table of names and values")
        values["parameters"] = (dict(base.parameters) if base else {}) | dict(own)
    if "shock" in keys:
        values["shocks"] = _from_tables(keys["shock"], "shock", shocks.shock_from_table)
    return Scenario(**values)


def _timeline_from_table(
    keys: Mapping[str, Any], folder: Path | None, trail: tuple[Path, ...]
) -> Timeline | None:
    own = {key: keys[key] for key in _GOVERNANCE if key in keys}
    if not own:
        return None
    if list(own) == ["regime"]:
        return resolve_timeline(own["regime"], "regime", folder, trail)
    return timeline_from_table(own, folder, trail=trail)


def _towns_from_table(keys: Mapping[str, Any], base: Scenario | None) -> tuple[Town, ...]:
    if "town" in keys and "towns" in keys:
        raise InputError("towns", keys["towns"], "either towns or [[town]]")
    if "town" in keys:
        found = tuple(_from_tables(keys["town"], "town", towns.town_from_table))
    elif "towns" in keys:
        found = towns.chosen_danish_towns(keys["towns"], "towns")
    elif base is not None:
        found = base.towns
    elif "adults" in keys:
        adults = checks.whole(keys["adults"], "adults", towns.FEWEST_ADULTS, towns.MOST_ADULTS)
        found = (Town(code=1, name="Stylised town", kind="provincial_city", adults=adults),)
    else:
        raise InputError("adults", MISSING, "adults, towns, [[town]], or based_on a scenario")
    if "town_kind" in keys:
        kind = checks.one_of(keys["town_kind"], "town_kind", MUNICIPALITY_KINDS)
        if len(found) != 1 or "town" in keys or "towns" in keys:
            raise InputError("town_kind", kind, "one stylised town only")
        found = (replace(found[0], kind=kind),)
    if "adults" in keys:
        found = towns.resized(towns.checked_towns(found, "town"), keys["adults"])
    return found


def _from_tables(tables: object, place: str, read: Any) -> list[Any]:
    found = []
    for number, entry in enumerate(checks.items(tables, place, "a list of tables"), start=1):
        with located(f"{place}[{number}]", "."):
            found.append(read(entry))
    return found
