"""Arms by their content: what several claims or readings need of a world is run once.

An arm is a start (population, world and what overrides it, all through the burn-in) and a course
(governance and parameters from month 1 on). Arms of the same content are one, whatever claims call
them; it is read for all that any claim of the file asks of it, and run as long as they need it.
Arms with the same start share their burn-in. A key is made from content and readings, so that a
file in which an arm is asked for more has another arm.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from velfaerd_sim.engine.record import canonical
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME, defaults
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.towns import Town, danish_towns, resized
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims.claims import BASE, CUT, Arm, Claim, ClaimFile, Locality, Variant
from velfaerd_sim.studies.claims.readings import ArmReading, readings

NOWHERE = Locality("", BASE.words, "")
_NAMES = ("name", "label_en", "label_da", "summary_en", "summary_da", "source")
Pairs = tuple[tuple[str, float], ...]


class Measured(NamedTuple):
    """What is read of an arm: a measure over the months first .. last; cell: of a table, else 0."""

    measure: str
    first: int
    last: int
    cell: int = 0


@dataclass(frozen=True)
class Start:
    """What a population is begun with. world: overrides the world's own; seed: of a variant."""

    scenario: str
    towns: tuple[Town, ...]
    local_variation: bool
    world: Pairs
    scale: Pairs
    seed: int

    @cached_property
    def adults(self) -> int:
        """Adults in all municipalities."""
        return sum(town.adults for town in self.towns)


@dataclass(frozen=True)
class Course:
    """What holds from month 1 on."""

    timeline: Timeline
    policy_review: bool
    parameters: Pairs
    scale: Pairs


@dataclass(frozen=True)
class Followed:
    """Persons who come in under a course until a month, followed through an arm."""

    course: Course
    who: str
    until: int


@dataclass(frozen=True)
class ArmWork:
    """An arm and all that is read of it."""

    key: str
    start_key: str
    start: Start
    course: Course
    followed: Followed | None
    measured: tuple[Measured, ...]

    @cached_property
    def months(self) -> int:
        """The last month that is read."""
        return max(each.last for each in self.measured)


class Arms:
    """All arms of a file of claims, by content. place: of a claim's readings in its arms."""

    def __init__(self, file: ClaimFile) -> None:
        self._file = file
        self._by_change: dict[Variant, dict[str, dict[tuple[str, str], ArmWork]]] = {}

    def of(self, claim: Claim, change: Variant) -> dict[tuple[str, str], ArmWork]:
        """The arms of a claim under a change, by locality and name."""
        if change.name == CUT:
            change = Variant(CUT, BASE.words)
        if change not in self._by_change:
            self._by_change[change] = _all_arms(self._file, change)
        return self._by_change[change][claim.id]


def place_of(reading: ArmReading, arms: dict[tuple[str, str], ArmWork]) -> tuple[str, int]:
    """The key of the arm that gives a reading, and its place among what is read there."""
    work = arms[reading.locality, reading.arm]
    return work.key, work.measured.index(_measured(reading))


def _measured(reading: ArmReading) -> Measured:
    return Measured(reading.measure, reading.first, reading.last, reading.cell)


def _all_arms(file: ClaimFile, change: Variant) -> dict[str, dict[tuple[str, str], ArmWork]]:
    """The arms of every claim; each content is asked for all that any of them reads of it."""
    named: dict[str, dict[tuple[str, str], tuple[str, _Parts]]] = {}
    asked: dict[str, dict[Measured, None]] = {}
    for claim in file.claims:
        if claim.missing_parameters() or (change.name == CUT and not claim.arrow):
            continue
        own = file.variant(CUT, claim) if change.name == CUT else change
        named[claim.id] = dict(_contents(claim, own))
        for reading in readings(claim):
            content = named[claim.id][reading.locality, reading.arm][0]
            asked.setdefault(content, {})[_measured(reading)] = None
    made: dict[str, dict[tuple[str, str], ArmWork]] = {}
    for name, arms in named.items():
        made[name] = {
            place: _work(content, parts, sorted(asked[content]))
            for place, (content, parts) in arms.items()
            if content in asked
        }
    return made


class _Parts(NamedTuple):
    start: Start
    course: Course
    followed: Followed | None


def _contents(
    claim: Claim, change: Variant
) -> Iterator[tuple[tuple[str, str], tuple[str, _Parts]]]:
    courses = {arm.name: _course(arm) for arm in claim.arms}
    cohort = claim.cohort
    followed = None
    if cohort is not None:
        followed = Followed(courses[cohort.arm], cohort.who, cohort.until)
    for locality in claim.localities or (NOWHERE,):
        for arm in claim.arms:
            start = start_of(claim, change, locality, arm)
            parts = _Parts(start, courses[arm.name], followed)
            text = canonical([_plain(start), _plain(parts.course), _plain(followed)])
            yield (locality.name, arm.name), (text, parts)


def _work(content: str, parts: _Parts, measured: Sequence[Measured]) -> ArmWork:
    key = _digest(content + canonical([list(each) for each in measured]))
    start_key = _digest(canonical(_plain(parts.start)))
    return ArmWork(key, start_key, *parts, tuple(measured))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Plain values of what decides a run: names and labels do not."""
    if isinstance(value, Timeline):
        return _unnamed(value.to_dict())
    if isinstance(value, Town):
        return [value.code, value.kind, value.adults, value.region]
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    fields = getattr(value, "__dataclass_fields__", None)
    return {name: _plain(getattr(value, name)) for name in fields} if fields else value


def _unnamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unnamed(each) for key, each in value.items() if key not in _NAMES}
    return [_unnamed(each) for each in value] if isinstance(value, list) else value


def _course(arm: Arm) -> Course:
    return Course(arm.timeline, arm.policy_review, arm.parameters, arm.scale)


def start_of(claim: Claim, change: Variant, locality: Locality, arm: Arm) -> Start:
    """The start of an arm: a change overrides the locality, an arm overrides both."""
    world = dict(locality.world) | dict(change.world) | dict(arm.world)
    return Start(
        claim.scenario,
        _towns(claim, change, locality),
        claim.local_variation,
        tuple(sorted(world.items())),
        locality.scale,
        change.seed,
    )


def _towns(claim: Claim, variant: Variant, locality: Locality) -> tuple[Town, ...]:
    total = round(claim.towns.get("adults", claim.adults) * variant.adults_factor)
    if claim.towns.get("denmark"):
        return resized(danish_towns(), total)
    kind = str(claim.towns.get("kind", locality.town_kind or "provincial_city"))
    shift = 0 if variant.town_code is None else variant.town_code - 1
    count = int(claim.towns.get("count", 1))
    names = ("Town",) if count == 1 else tuple(f"Town {n}" for n in range(1, count + 1))
    return tuple(
        Town(code=number + shift, name=name, kind=kind, adults=total)
        for number, name in enumerate(names, 1)
    )


def scaled(values: Mapping[str, float], scale: Pairs) -> dict[str, float]:
    """Values times their factors. Raises InputError where one would leave its range."""
    found = {}
    for name, factor in scale:
        least, most = factors(name, values[name])
        if not least <= factor <= most:
            allowed = f"a factor from {least:.3g} to {most:.3g} in this world"
            raise InputError(f"scale.{name}", factor, allowed)
        found[name] = values[name] * factor
    return found


def factors(name: str, value: float) -> tuple[float, float]:
    """The factors, least and most, that leave a value in its range."""
    known = BY_NAME[name]
    return (known.low / value, known.high / value) if value > 0.0 else (0.0, math.inf)


def check_scales(claim: Claim, worlds: Worlds) -> None:
    """Refuse a scale that would leave its range in any of the worlds, naming what is possible.

    Nothing is cut at the end of a range: an arm would be another one in every world. Raises
    InputError.
    """
    usual = defaults()
    for locality in claim.localities or (NOWHERE,):
        for arm in claim.arms:
            fixed = dict(locality.world) | dict(arm.world)
            for name, factor in (*locality.scale, *arm.scale):
                limits = [
                    factors(name, fixed.get(name, one.parameters.get(name, usual[name])))
                    for one in worlds
                ]
                beyond = sum(not least <= factor <= most for least, most in limits)
                if beyond:
                    least, most = max(one for one, _ in limits), min(one for _, one in limits)
                    raise InputError(
                        f"{claim.id}.{arm.name}.scale.{name}",
                        factor,
                        f"a factor from {least:.3g} to {most:.3g}, as in {beyond} of {len(worlds)} "
                        "worlds it would leave the range and nothing is cut at its end",
                    )
