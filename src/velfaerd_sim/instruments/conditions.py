"""Conditions under which a conclusion may fall: worlds, theories, mechanisms off, sizes, ties.

Each is a change to one scenario. The mechanisms are read from the parameter table: every
uncertainty whose range holds zero is the strength of a causal arrow that may not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.theories import Theory
from velfaerd_sim.inputs.towns import FEWEST_ADULTS, MOST_ADULTS
from velfaerd_sim.inputs.worlds import Worlds

DEFAULTS = "defaults"
WORLDS_KIND, LONELINESS, SIZE, STEP, NETWORK = "worlds", "contagion", "size", "step", "network"
ARROW, GROUP, THEORY = "arrow", "group", "theory"
KINDS = (DEFAULTS, WORLDS_KIND, THEORY, LONELINESS, SIZE, STEP, NETWORK, GROUP, ARROW)

CONTAGION = "contagion_strength"
_OWN = (CONTAGION, "long_tie_share")
"""Parameters that have conditions of their own."""
_THRESHOLDS = ("promise_tolerance",)
"""Zero is no absence of an effect here."""
STAFF_CHANGE = 0.02
"""A change of staff a person by rounding that is said."""
NO, NONE_OF, UNDER = "no.", "none_of.", "theory."
"""How the names of conditions begin that set one arrow, or all of a group, to zero, or a theory."""
_NOT_ARROWS = ("questionnaire", "policy")
"""Groups without an effect on the outcomes of a single town."""


@dataclass(frozen=True)
class Condition:
    """One condition: parameters that are set, or worlds; factor on adults; steps a month.

    repeats: runs of each world, or of the one world that the parameters make. label_da: of a
    theory; the others have their names in the catalogue.
    """

    name: str
    kind: str
    label: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    worlds: Worlds | None = None
    adults: float = 1.0
    steps: float = 1.0
    repeats: int = 32
    label_da: str = ""

    @property
    def draws(self) -> int:
        """How many runs of every regime."""
        return self.repeats * (1 if self.worlds is None else len(self.worlds))

    def scenario(self, base: Scenario, draw: int) -> Scenario:
        """The scenario of a draw, but for its seed; a world's repeats follow one another."""
        values = dict(self.parameters)
        if self.worlds is not None:
            values |= self.worlds[draw // self.repeats].parameters
        adults = None if self.adults == 1.0 else round(base.adults * self.adults)
        return base.with_(parameters=values, adults=adults)

    def to_dict(self) -> dict[str, Any]:
        """The condition as it stands in a study record."""
        result: dict[str, Any] = {"name": self.name, "kind": self.kind, "label": self.label}
        result["repeats"] = self.repeats
        if self.label_da:
            result["label_da"] = self.label_da
        if self.parameters:
            result["parameters"] = dict(self.parameters)
        if self.worlds is not None:
            result["worlds"] = self.worlds.to_dict()
        return result | {"adults": self.adults, "steps": self.steps}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Condition:
        """The condition in plain values made by :meth:`to_dict`."""
        worlds = content.get("worlds")
        own = {key: value for key, value in content.items() if key != "worlds"}
        return cls(**own, worlds=None if worlds is None else Worlds.from_dict(worlds))


def arrows() -> dict[str, tuple[str, ...]]:
    """Strengths of causal arrows that may be zero, by group of the parameter table.

    Every uncertainty whose range holds zero, at an end or inside, but for rates of starts (levels,
    not effects), what decides only how heads answer or how policy is reviewed, and those with
    conditions of their own.
    """
    found: dict[str, list[str]] = {}
    for one in PARAMETERS:
        may_be_none = one.role == "uncertainty" and one.low <= 0.0 <= one.high
        is_effect = one.group not in _NOT_ARROWS and not one.unit.startswith("starts a year")
        if may_be_none and is_effect and one.name not in (*_OWN, *_THRESHOLDS):
            found.setdefault(one.group, []).append(one.name)
    return {group: tuple(names) for group, names in found.items()}


def conditions(
    base: Scenario,
    *,
    worlds: tuple[Worlds, ...] = (),
    theories: Sequence[Theory] = (),
    repeats: int = 32,
    world_repeats: int = 2,
    kinds: tuple[str, ...] = KINDS,
) -> tuple[Condition, ...]:
    """The conditions to look at, the defaults first.

    worlds: sets of worlds, a condition each, with `world_repeats` runs a world; they do not change
    what the scenario sets. theories: a condition each, with the middle of what it gives as a range;
    they beat the scenario. kinds: only these kinds, the defaults always. A halved population is
    left out where a town would be too small, a doubled one where it would be too large.
    """
    found = [Condition(DEFAULTS, DEFAULTS, "defaults", repeats=repeats)]
    for given in worlds:
        each = Worlds.drawn(given, base.seed).without(dict(base.parameters))
        name = each.name.partition(":")[0]
        label = f"{len(each)} {name} worlds"
        found.append(Condition(name, WORLDS_KIND, label, worlds=each, repeats=world_repeats))

    def one(name: str, kind: str, label: str, **changes: Any) -> None:
        found.append(Condition(name, kind, label, repeats=repeats, **changes))

    for theory in theories:
        texts = {"label": theory.label_en, "label_da": theory.label_da}
        one(f"{UNDER}{theory.name}", THEORY, **texts, parameters=theory.values())
    one("no_contagion", LONELINESS, "no contagion", parameters={CONTAGION: 0.0})
    if min(town.adults for town in base.towns) >= 2 * FEWEST_ADULTS:
        one("half_the_adults", SIZE, _size_label(base, "half the adults", 0.5), adults=0.5)
    if 2 * base.adults <= MOST_ADULTS:
        one("twice_the_adults", SIZE, _size_label(base, "twice the adults", 2.0), adults=2.0)
    one("half_month_steps", STEP, "steps of half a month", steps=2.0)
    one("two_month_steps", STEP, "steps of two months", steps=0.5)
    one("near_ties_only", NETWORK, "near ties only", parameters={"long_tie_share": 0.0})
    one("far_ties_only", NETWORK, "far ties only", parameters={"long_tie_share": 1.0})
    one("few_ties", NETWORK, "4 ties a person", parameters={"mean_ties": 4.0})
    one("many_ties", NETWORK, "12 ties a person", parameters={"mean_ties": 12.0})
    for group, names in arrows().items():
        if len(names) > 1:
            label = f"{group}: all {len(names)} arrows at zero"
            one(f"{NONE_OF}{group}", GROUP, label, parameters=dict.fromkeys(names, 0.0))
    for group, names in arrows().items():
        for name in names:
            one(f"{NO}{name}", ARROW, f"{group}: {name} at zero", parameters={name: 0.0})
    return tuple(each for each in found if each.kind in (DEFAULTS, *kinds))


def _size_label(base: Scenario, words: str, factor: float) -> str:
    """Say so where staff a person change with the size."""
    change = staff_change(base, factor)
    return words if change == 0.0 else f"{words} (staff a person {change:+.0%})"


def staff_change(base: Scenario, factor: float) -> float:
    """By which share staff a person change with the size; 0 where it is too little to be said.

    A town has a whole number of staff, two at least.
    """
    if factor == 1.0:
        return 0.0
    each = base.parameter_values()["adults_per_staff"]
    shares = [
        sum(max(2, round(f * town.adults / each)) for town in base.towns) / (f * base.adults)
        for f in (1.0, factor)
    ]
    change = shares[1] / shares[0] - 1.0
    return 0.0 if abs(change) < STAFF_CHANGE else change
