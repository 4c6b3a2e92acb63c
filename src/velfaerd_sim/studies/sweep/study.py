"""Study: a question put to the model as points, replicates and regimes, checked once.

Parameter uncertainty (the points of the design) and chance (the replicates) are kept apart: every
point and every regime is run with the same seeds of replicates, so that differences between regimes
and between points are not chance (common random numbers).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.factors import Factor, governed
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regime_files import timeline_from_table
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.toml_files import toml_text
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.replicates import MOST_REPLICATES, replicate_seed
from velfaerd_sim.measures.outcomes import INDEX, NAMES, named, own_outcomes, summarise
from velfaerd_sim.studies.sweep.designs import (
    Design,
    ParameterSets,
    sample,
)

MOST_RUNS = 10_000_000
REPLICATES = 4
LAST_NAMED_OUTCOME = "lonely_years_averted_per_100_staff_hours"
DEFAULT_OUTCOMES: tuple[str, ...] = tuple(NAMES[: INDEX[LAST_NAMED_OUTCOME] + 1])
"""The outcomes of the package that a study keeps unless told otherwise."""

_WORDS = ("title_en", "title_da", "question_en", "question_da")
_FIELDS = ("replicates", "outcomes", "read_months", "allow_constants")
_KEYS = ("name", *_WORDS, "scenario", "regimes", "factors", "design", *_FIELDS, "worlds")


def default_outcomes() -> tuple[str, ...]:
    """The outcomes that a study keeps unless told otherwise, with those of plugins."""
    return (*DEFAULT_OUTCOMES, *(own.name for own in own_outcomes()))


@dataclass(frozen=True)
class Reading:
    """An outcome and when it is read: at the end (None), or as if the run ended with a month."""

    outcome: str
    month: int | None = None

    @property
    def column(self) -> str:
        """The column of its values in the table of runs."""
        end = "" if self.month is None else f".month_{self.month}"
        return f"outcome.{self.outcome}{end}"


@dataclass(frozen=True, kw_only=True)
class SweepStudy:
    """A study. Raises InputError, naming the key, when something is wrong or too large.

    scenario: the world, with months, adults, seed and every fixed parameter. regimes: governance
    over time, the first is the baseline. factors: what varies; a factor beats the same parameter in
    the scenario. outcomes are read at the end, and as if the run ended with each of `read_months`.
    A constant of the parameter table varies only with `allow_constants`.

    With worlds, every point is run in each of them, with so many replicates: run number i is in
    world i modulo their number, with people and draws of its own. Factors, and what the scenario
    sets, beat the parameters of a world.
    """

    name: str
    scenario: Scenario
    regimes: tuple[Timeline, ...]
    factors: tuple[Factor, ...] = ()
    design: Design = field(default_factory=Design)
    replicates: int = REPLICATES
    outcomes: tuple[str, ...] = field(default_factory=lambda: default_outcomes())
    read_months: tuple[int, ...] = ()
    allow_constants: bool = False
    worlds: Worlds | None = None
    title_en: str = ""
    title_da: str = ""
    question_en: str = ""
    question_da: str = ""

    def __post_init__(self) -> None:
        checks.word(self.name, "name")
        for key in _WORDS:
            checks.text(getattr(self, key), key)
        checks.flag(self.allow_constants, "allow_constants")
        for key, kind in (("regimes", Timeline), ("factors", Factor)):
            entries = tuple(checks.items(getattr(self, key), key, f"a list of {key}"))
            self._set(key, entries)
            for number, entry in enumerate(entries, start=1):
                if not isinstance(entry, kind):
                    raise InputError(f"{key}[{number}]", entry, f"a {kind.__name__}")
        self._check_regimes()
        self._check_factors()
        with located("design", "."):
            self.design.check(self.factors)
            self._check_rows()
        replicates = checks.whole(self.replicates, "replicates", 1, MOST_REPLICATES)
        self._set("replicates", replicates)
        self._set("outcomes", _checked_outcomes(self.outcomes))
        self._set("read_months", _checked_months(self.read_months, self.months))
        self._check_worlds()
        most = self.design.count(self.factors) * self.repeats * len(self.regimes)
        if most > MOST_RUNS:
            what = "parameter sets x replicates x regimes" + (" x worlds" if self.worlds else "")
            allowed = f"at most {MOST_RUNS} runs, and these are {most}: {what}"
            raise InputError("replicates", replicates, allowed)

    def _set(self, key: str, value: object) -> None:
        object.__setattr__(self, key, value)

    def _check_regimes(self) -> None:
        if not self.regimes:
            raise InputError("regimes", MISSING, "at least one regime, the first is the baseline")
        seen: set[str] = set()
        for number, timeline in enumerate(self.regimes, start=1):
            if timeline.name in seen:
                place = f"regimes[{number}]"
                raise InputError(place, timeline.name, "each regime once, by its own name")
            seen.add(timeline.name)
        self._set("scenario", replace(self.scenario, timeline=self.regimes[0]))

    def _check_factors(self) -> None:
        names = [factor.name for factor in self.factors]
        for number, factor in enumerate(self.factors):
            place = f"factors.{factor.name}"
            if factor.name in names[:number]:
                raise InputError("factors", factor.name, "each factor once")
            if factor.role == "constant" and not self.allow_constants:
                allowed = "a lever or an uncertainty; a constant only with allow_constants = true"
                raise InputError("factors", factor.name, allowed)
            if factor.regime is not None:
                known = [timeline.name for timeline in self.regimes]
                if factor.regime not in known:
                    suggestion = nearest(factor.regime, known)
                    raise InputError(place, factor.regime, "a regime of the study", suggestion)
                if (general := f"instrument.{factor.instrument}") in names:
                    raise InputError(place, factor.name, f"either this or {general}")
        own = [_own_gaps(timeline) for timeline in self.regimes]
        if "espoused_gap" in names and all(own):
            raise InputError(
                "factors",
                "espoused_gap",
                "a factor that has an effect, and every regime has an espoused_gap of its own",
            )

    def _check_worlds(self) -> None:
        given: object = self.worlds
        if given is None:
            return
        if not isinstance(given, Worlds):
            raise InputError("worlds", given, "Worlds (see Worlds.drawn)")
        decided = {factor.name for factor in self.factors} | set(dict(self.scenario.parameters))
        self._set("worlds", given.without(decided))

    def _check_rows(self) -> None:
        rows = []
        for number, row in enumerate(self.design.rows, start=1):
            place = f"rows[{number}]"
            if len(row) != len(self.factors):
                allowed = f"{len(self.factors)} values, one a factor"
                raise InputError(place, list(row), allowed)
            pairs = zip(self.factors, row, strict=True)
            rows.append(tuple(factor.checked(v, f"{place}.{factor.name}") for factor, v in pairs))
        if self.design.kind == "points" and not rows:
            raise InputError("rows", MISSING, "at least one point")
        if rows:
            self._set("design", replace(self.design, rows=tuple(rows)))

    @property
    def months(self) -> int:
        """Months of a run."""
        return self.scenario.months

    @property
    def adults(self) -> int:
        """Adults of the world."""
        return self.scenario.adults

    @property
    def seed(self) -> int:
        """The seed that points and replicates come from."""
        return self.scenario.seed

    @property
    def baseline(self) -> str:
        """The name of the regime that others are compared with."""
        return self.regimes[0].name

    def title(self, language: str = "en") -> str:
        """The title in 'en' or 'da', or the name where there is none."""
        return (self.title_da if language == "da" else self.title_en) or self.name

    @cached_property
    def points(self) -> ParameterSets:
        """The points of the design, in its order."""
        known = self.scenario.parameter_values()
        base = tuple(known.get(factor.name, math.nan) for factor in self.factors)
        with located("design", "."):
            return sample(self.design, self.factors, self.seed, base)

    @property
    def repeats(self) -> int:
        """How often every point and regime is run: the replicates, in all worlds together."""
        return self.replicates * (1 if self.worlds is None else len(self.worlds))

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of the repeats, the same for every point and regime, and as in `compare`."""
        return tuple(replicate_seed(self.seed, number) for number in range(self.repeats))

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What is read of a run, in the order of :meth:`read`."""
        months = (None, *self.read_months)
        return tuple(Reading(name, month) for month in months for name in self.outcomes)

    def read(self, series: NDArray[np.float64]) -> NDArray[np.float64]:
        """Read the outcomes: float64 (..., months + 1, all outcomes) to (..., readings).

        A month is read as if the run had ended with it: levels and flows by their mean over the
        twelve months up to it, windows and cumulative outcomes by their value.
        """
        chosen = [INDEX[name] for name in self.outcomes]
        ends = (self.months, *self.read_months)
        parts = [summarise(series[..., : month + 1, :])[..., chosen] for month in ends]
        return np.concatenate(parts, axis=-1)

    def parameters(
        self, values: Iterable[tuple[str, float]], repeat: int | None = None
    ) -> dict[str, float]:
        """The parameters among the values of a point, and those of the world of a repeat."""
        found = {name: value for name, value in values if name in BY_NAME}
        if self.worlds is None or repeat is None:
            return found
        return {**self.worlds[repeat % len(self.worlds)].parameters, **found}

    def timelines(self, values: Iterable[tuple[str, float]]) -> tuple[Timeline, ...]:
        """The regimes at a point, with the instruments set that are factors."""
        instruments = [factor for factor in self.factors if factor.instrument]
        if not instruments:
            return self.regimes
        named_values = dict(values)
        result = []
        for timeline in self.regimes:
            settings = {
                factor.instrument: named_values[factor.name]
                for factor in instruments
                if factor.instrument
                and factor.name in named_values
                and factor.regime in (None, timeline.name)
            }
            result.append(governed(timeline, settings))
        return tuple(result)

    def with_(self, *, size: int | None = None, **changes: Any) -> SweepStudy:
        """A changed study, checked again.

        `size` is the design's; months, adults, seed and parameters (which add to the fixed ones)
        are the scenario's; worlds may be a name or file as of `Worlds.drawn`; any other field of a
        study replaces the one there is.
        """
        of_world = ("months", "adults", "seed", "parameters")
        for key in changes:
            checks.one_of(key, "study", ("size", *of_world, *self.__dataclass_fields__))
        world = {key: changes.pop(key) for key in of_world if key in changes}
        if world:
            changes["scenario"] = changes.get("scenario", self.scenario).with_(**world)
        if size is not None:
            with located("design", "."):
                changes["design"] = replace(changes.get("design", self.design), size=size)
        if changes.get("worlds") is not None:
            seed = changes.get("scenario", self.scenario).seed
            changes["worlds"] = Worlds.drawn(changes["worlds"], seed)
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain values (a JSON document) from which :meth:`from_dict` makes the same study."""
        result: dict[str, Any] = {"name": self.name}
        result |= {key: getattr(self, key) for key in _WORDS if getattr(self, key)}
        result["scenario"] = self.scenario.to_dict()
        result["regimes"] = [timeline.to_dict() for timeline in self.regimes]
        result["factors"] = [factor.to_dict() for factor in self.factors]
        result["design"] = self.design.to_dict()
        result |= {key: getattr(self, key) for key in _FIELDS}
        if self.worlds is not None:
            result["worlds"] = self.worlds.to_dict()
        return result | {key: list(result[key]) for key in ("outcomes", "read_months")}

    def to_toml(self) -> str:
        """The text of a study file that `load_study_file` reads as this study."""
        content = self.to_dict()
        content["scenario"] = self.scenario.to_table()
        content["regimes"] = [timeline.to_table() for timeline in self.regimes]
        content["factors"] = {
            each.pop("name"): each.get("values", each) for each in content["factors"]
        }
        return toml_text(content)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> SweepStudy:
        """The study in plain values made by :meth:`to_dict`; reads no files."""
        with located("study"):
            keys = checks.table(content, "", _KEYS)
            for key in ("name", "scenario", "regimes"):
                checks.needed(keys, key, "what to_dict gives")
            keys["scenario"] = Scenario.from_dict(keys["scenario"])
            regimes = checks.items(keys["regimes"], "regimes", "a list of regimes")
            keys["regimes"] = tuple(timeline_from_table(table) for table in regimes)
            factors = checks.items(keys.get("factors", []), "factors", "a list of factors")
            keys["factors"] = tuple(Factor.of(**factor) for factor in factors)
            design = dict(keys.get("design", {}))
            if "rows" in design:
                design["rows"] = tuple(map(tuple, design["rows"]))
            keys["design"] = Design(**design)
            if keys.get("worlds") is not None:
                keys["worlds"] = Worlds.from_dict(keys["worlds"])
            return cls(**keys)

    def digest(self) -> str:
        """SHA-256 (hex) of the content: the same whenever all that counts is the same.

        Titles, questions, labels and sources do not count; the value of every parameter does.
        """
        content = {key: value for key, value in self.to_dict().items() if key not in _WORDS}
        content["scenario"] = self.scenario.digest()
        worlds = (replace(self.scenario, timeline=timeline) for timeline in self.regimes)
        content["regimes"] = [world.digest() for world in worlds]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _own_gaps(timeline: Timeline) -> bool:
    """Whether every regime of a timeline has an espoused gap of its own."""
    paths = [timeline.phases, *(phases for _, phases in timeline.departments)]
    return all(phase.regime.espoused_gap is not None for path in paths for phase in path)


def _checked_outcomes(names: object) -> tuple[str, ...]:
    found: list[str] = []
    for number, name in enumerate(checks.items(names, "outcomes", "a list of outcomes"), start=1):
        place = f"outcomes[{number}]"
        if not isinstance(name, str):
            raise InputError(place, name, "the name of an outcome (see: velfaerd outcomes)")
        if named(name, place).name in found:
            raise InputError(place, name, "each outcome once")
        found.append(name)
    if not found:
        raise InputError("outcomes", MISSING, "at least one outcome (see: velfaerd outcomes)")
    return tuple(found)


def _checked_months(months: object, last: int) -> tuple[int, ...]:
    allowed = "a list of months; the end is always read"
    found: list[int] = []
    for number, month in enumerate(checks.items(months, "read_months", allowed), start=1):
        place = f"read_months[{number}]"
        month = checks.whole(month, place, 0, last - 1)
        if month in found:
            raise InputError(place, month, "each month once")
        found.append(month)
    return tuple(sorted(found))
