"""What Compare shows, as a value: two governances, the town, the conditions; to a link and back.

A view is frozen, so that runs can be kept by it. It is read from a link or an uploaded scenario
with the checks of the inputs, and makes the scenario that the command line would run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from velfaerd_sim.dashboard.compare.governance import Governance, pairs_of
from velfaerd_sim.dashboard.compare.shocks import (
    SHOCKS,
    in_order,
    packaged_among,
    packaged_shocks,
    shock_texts,
)
from velfaerd_sim.dashboard.frame.links import query_of
from velfaerd_sim.dashboard.frame.settings import LARGEST_UPLOAD_BYTES, MOST_ADULTS, MOST_MONTHS
from velfaerd_sim.dashboard.frame.stated_place import StatedPlace
from velfaerd_sim.errors import InputError, VelfaerdError, located, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.parameters import BY_NAME, check
from velfaerd_sim.inputs.regimes import STATUS_QUO, Regime, Timeline
from velfaerd_sim.inputs.scenarios import LARGEST_SEED, Scenario
from velfaerd_sim.inputs.shocks import SHOCK_KINDS, Shock, shock_from_table, value_fields
from velfaerd_sim.inputs.towns import FEWEST_ADULTS, Town

Value = TypeVar("Value")

HOURS = "hours_per_1000"
REPLICATES = (16, 64)
"""How many paired replicates are run: at once, and for those who want to be surer."""
ADULTS = (500, 1000, 2000, 5000, 10_000, 20_000)
MONTHS = (24, 60, 120, 240)


_USUAL_A, _USUAL_B = Governance(STATUS_QUO), Governance("facilitative_dialogue")


def _town() -> Town:
    return Town(code=1, name="Stylised town", kind="provincial_city", adults=2000)


@dataclass(frozen=True)
class CompareView:
    """All that decides what Compare shows. Raises InputError for what is out of its limits.

    place: whose town it is, which stands in every link beside the view; own_worlds: whether
    uncertain worlds are those that were learnt of it.
    """

    a: Governance = _USUAL_A
    b: Governance = _USUAL_B
    town: Town = field(default_factory=_town)
    months: int = 120
    burn_in_months: int = 60
    seed: int = 1
    parameters: tuple[tuple[str, float], ...] = ()
    shocks: tuple[Shock, ...] = ()
    policy_review: bool = False
    local_variation: bool = False
    worlds: bool = True
    replicates: int = REPLICATES[0]
    place: StatedPlace | None = None
    own_worlds: bool = False

    def __post_init__(self) -> None:
        checks.whole(self.town.adults, "adults", FEWEST_ADULTS, MOST_ADULTS)
        checks.whole(self.months, "months", 1, MOST_MONTHS)
        checks.whole(self.burn_in_months, "burn_in_months", 0, MOST_MONTHS)
        checks.whole(self.seed, "seed", 0, LARGEST_SEED)
        if self.replicates not in REPLICATES:
            allowed = refusal("one_of", names=", ".join(map(str, REPLICATES)))
            raise InputError("replicates", self.replicates, allowed)
        kept = {}
        for name, value in dict(self.parameters).items():
            number = check(name, value, name if name in BY_NAME else "parameters")
            if number != BY_NAME[name].default:
                kept[name] = number
        object.__setattr__(self, "parameters", tuple(sorted(kept.items())))

    @property
    def hours(self) -> float:
        """Staff hours for collaboration per 1 000 adults and month."""
        return dict(self.parameters).get(HOURS, BY_NAME[HOURS].default)

    def with_hours(self, hours: float) -> CompareView:
        """The view with other staff hours. Raises InputError."""
        return replace(self, parameters=tuple((dict(self.parameters) | {HOURS: hours}).items()))

    def governance(self, side: str) -> Governance:
        """The governance of side 'a' or 'b'."""
        return self.a if side == "a" else self.b

    def with_governance(self, side: str, governance: Governance) -> CompareView:
        """The view with another governance on side 'a' or 'b'."""
        changes: dict[str, Any] = {side: governance}
        return replace(self, **changes)

    def regimes(self) -> tuple[Regime, Regime]:
        """Both regimes, under two names even where they are the same."""
        one, other = self.a.as_regime("a"), self.b.as_regime("b")
        return one, replace(other, name=f"{other.name}_b") if one.name == other.name else other

    def shock_names(self) -> tuple[str, ...]:
        """The packaged scenarios whose shocks are all there."""
        return packaged_among(self.shocks)

    def with_shocks(self, name: str, wanted: bool) -> CompareView:
        """The view with or without the shocks of a packaged scenario."""
        checks.one_of(name, "shock", SHOCKS)
        known = packaged_shocks(name)
        kept = tuple(shock for shock in self.shocks if shock not in known)
        return replace(self, shocks=in_order(kept + known if wanted else kept))

    def scenario(self, side: str = "a") -> Scenario:
        """The scenario of one side, as a scenario file would have it."""
        one, other = self.regimes()
        return Scenario(
            name="compared",
            title_en="As set in the dashboard",
            title_da="Som indstillet i dashboardet",
            towns=(self.town,),
            timeline=Timeline.of(one if side == "a" else other),
            months=self.months,
            burn_in_months=self.burn_in_months,
            seed=self.seed,
            parameters=self.parameters,
            shocks=self.shocks,
            policy_review=self.policy_review,
            local_variation=self.local_variation,
        )

    def with_scenario(self, scenario: Scenario, side: str) -> CompareView:
        """The view of a scenario, its regime on one side. Raises InputError where it is too much.

        The town, the conditions and the parameters are the scenario's; the other side's regime
        and the number of replicates stay.
        """
        if len(scenario.towns) != 1:
            allowed = refusal("one_town")
            raise InputError("towns", f"{len(scenario.towns)} towns", allowed)
        changed = CompareView(
            a=self.a,
            b=self.b,
            town=scenario.towns[0],
            months=scenario.months,
            burn_in_months=scenario.burn_in_months,
            seed=scenario.seed,
            parameters=scenario.parameters,
            shocks=scenario.shocks,
            policy_review=scenario.policy_review,
            local_variation=scenario.local_variation,
            worlds=self.worlds,
            replicates=self.replicates,
            place=self.place,
            own_worlds=self.own_worlds,
        )
        return changed.with_governance(side, Governance.of(scenario.timeline))

    def to_query(self) -> str:
        """The query of a link to this view; what is as usual is left out."""
        usual, town = CompareView(), self.town
        values: dict[str, object] = {"a": self.a.to_text(), "b": self.b.to_text()}
        if town.kind != usual.town.kind:
            values["type"] = town.kind
        if town.adults != usual.town.adults:
            values["adults"] = town.adults
        if (town.code, town.name) != (usual.town.code, usual.town.name):
            values["town"] = f"{town.code}:{town.name}"
        for key in ("months", "burn_in_months", "seed", "replicates"):
            if getattr(self, key) != getattr(usual, key):
                values[key] = getattr(self, key)
        values["own_worlds"] = "1" if self.own_worlds else None
        values["set"] = ",".join(f"{name}:{value!r}" for name, value in self.parameters)
        values["shocks"] = ";".join(shock_texts(self.shocks))
        for key in ("policy_review", "local_variation", "worlds"):
            if getattr(self, key) != getattr(usual, key):
                values[key] = "1" if getattr(self, key) else "0"
        return query_of(values)


def _read_shocks(text: str) -> tuple[Shock, ...]:
    found: list[Shock] = []
    for part in filter(None, text.split(";")):
        kind, *pairs = part.split(",")
        if kind in SHOCKS:
            if pairs:
                raise InputError("", part, kind)
            found += packaged_shocks(kind)
            continue
        checks.one_of(kind, "", tuple(dict.fromkeys((*SHOCKS, *SHOCK_KINDS))))
        whole = {entry.name for entry in value_fields(SHOCK_KINDS[kind]) if entry.metadata["whole"]}
        values: dict[str, Any] = {
            key: int(value) if key in whole and value.is_integer() else value
            for key, value in pairs_of(pairs)
        }
        found.append(shock_from_table({"kind": kind, **values}))
    return in_order(tuple(found))


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError("", text, refusal("whole")) from None


def _read_town(key: str, text: str, usual: Town) -> Town:
    """The town with one of its values from a link. Raises InputError."""
    if key == "town":
        code, _, name = text.partition(":")
        return replace(usual, code=_whole(code), name=name)
    if key == "type":
        return replace(usual, kind=checks.one_of(text, "", MUNICIPALITY_KINDS))
    return replace(usual, adults=checks.whole(_whole(text), "", FEWEST_ADULTS, MOST_ADULTS))


def _with_number(view: CompareView, key: str, text: str) -> CompareView:
    with located(key):
        changes: dict[str, Any] = {key: _whole(text)}
    return replace(view, **changes)


def _with_flag(view: CompareView, key: str, text: str) -> CompareView:
    with located(key):
        changes: dict[str, Any] = {key: checks.one_of(text, "", ("0", "1")) == "1"}
    return replace(view, **changes)


def view_from(
    values: Mapping[str, str], start: CompareView | None = None
) -> tuple[CompareView, tuple[VelfaerdError, ...]]:
    """The view of a link, and what could not be read in it; the rest is as usual.

    start: the view where a link says nothing. Each parameter is read by itself, so that one that is
    no more does not take others along.
    """
    view = start or CompareView()
    faults: list[VelfaerdError] = []

    def read(key: str, change: Callable[[CompareView], CompareView]) -> None:
        nonlocal view
        if key in values:
            try:
                view = change(view)
            except VelfaerdError as error:
                faults.append(error)

    for side in ("a", "b"):

        def governed(v: CompareView, side: str = side) -> CompareView:
            with located(side):
                return v.with_governance(side, Governance.from_text(values[side]))

        read(side, governed)
    for key in ("town", "type", "adults"):

        def placed(v: CompareView, key: str = key) -> CompareView:
            with located(key):
                return replace(v, town=_read_town(key, values[key], v.town))

        read(key, placed)
    for key in ("months", "burn_in_months", "seed", "replicates"):
        read(key, partial(_with_number, key=key, text=values.get(key, "")))

    for part in values.get("set", "").split(","):

        def parameter(v: CompareView, part: str = part) -> CompareView:
            with located("set"):
                return replace(v, parameters=(*v.parameters, *pairs_of([part])))

        if part:
            read("set", parameter)

    def shocks(v: CompareView) -> CompareView:
        with located("shocks"):
            return replace(v, shocks=_read_shocks(values["shocks"]))

    read("shocks", shocks)
    for key in ("policy_review", "local_variation", "worlds"):
        read(key, partial(_with_flag, key=key, text=values.get(key, "")))
    return view, tuple(faults)


def scenario_from_text(text: str, name: str) -> Scenario:
    """The scenario in the text of an uploaded TOML file, parsed as data; no file is read.

    Raises InputError for too large a text, wrong TOML, and what a scenario file may not hold; a
    file that builds on another (`based_on`) is refused.
    """
    place = name if name.isprintable() and 0 < len(name) <= 80 else "file"
    if len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD_BYTES:
        raise InputError(place, "the file", refusal("small_file", bytes=LARGEST_UPLOAD_BYTES))
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(place, "the file", refusal("toml", message=error)) from None
    with located(place):
        return Scenario.from_dict({"name": "uploaded", **content})
