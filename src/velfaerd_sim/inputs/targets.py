"""The published figures that the model is fitted to, as data: value, interval, error, source.

The figures lie in ``data/targets.toml``; the table of six routes comes from ``data/kora_2016.csv``.
A target has an interval that counts as inside, and a normal error of observation on the scale of
its transform: the middle of the transformed interval, and its half-width over 1.96.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.evidence import ANSWERS, DATA, kora_table
from velfaerd_sim.inputs.toml_files import read_toml

NORMAL_95 = 1.959963984540054
TRANSFORMS = ("identity", "log_odds", "log")
KINDS = ("interval", "binomial", "ratio", "line", "exact")
ROLES = ("fit", "validation", "exact", "dependent")
"""What a figure is used for; 'dependent' follows from fitted figures and is only shown."""
SMALLEST = 1e-6
"""Shares and ratios are taken as at least so large (shares as at most one minus it) for a log."""

ANSWER_LABELS = {
    "as_a_rule": ("as a rule", "som regel"),
    "sometimes": ("sometimes", "somme tider"),
    "seldom": ("seldom", "sjældent"),
    "never": ("never", "aldrig"),
    "dont_know": ("don't know", "ved ikke"),
}
ROUTE_LABELS = {
    "municipality_invites_organisations": (
        "The municipality invites organisations",
        "Kommunen inviterer foreninger",
    ),
    "municipality_recruits_individuals": (
        "The municipality recruits individuals",
        "Kommunen rekrutterer enkeltpersoner",
    ),
    "dialogue_about_what_to_do_together": (
        "Dialogue on what to do together",
        "Dialog om, hvad man vil sammen",
    ),
    "users_contribute_to_municipal_tasks": (
        "Users contribute to municipal tasks",
        "Brugere bidrager til kommunale opgaver",
    ),
    "local_civil_actors_invite": ("Local civil actors invite", "Lokale civile aktører inviterer"),
    "regional_or_national_civil_actors_invite": (
        "Regional or national civil actors invite",
        "Regionale eller nationale civile aktører inviterer",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """One published figure. low and high are what counts as inside, in the figure's own unit.

    Raises InputError when the interval does not hold the value or does not fit the transform.
    """

    id: str
    label_en: str
    label_da: str
    value: float
    low: float
    high: float
    transform: str
    unit: str
    definition: str
    year: str
    source: str
    secondary: bool
    kind: str = "interval"
    respondents: int | None = None
    role: str = "fit"

    def __post_init__(self) -> None:
        checks.one_of(self.transform, "transform", TRANSFORMS)
        checks.one_of(self.kind, "kind", KINDS)
        checks.one_of(self.role, "role", ROLES)
        lowest = 0.0 if self.transform in ("log_odds", "log") else -1e9
        highest = 1.0 if self.transform == "log_odds" else 1e9
        checks.number(self.low, "low", lowest, highest)
        checks.number(self.high, "high", lowest, highest)
        checks.number(self.value, "value", self.low, self.high)
        if not self.low < self.high:
            raise InputError("high", self.high, f"a number above low ({self.low:g})")

    @property
    def group(self) -> str:
        """The target that the figure belongs to: T1 to T15, or V1 and on for validation."""
        return self.id.partition(".")[0]

    @property
    def centre(self) -> float:
        """Where the error of observation is centred, on the scale of the transform."""
        if self.kind == "binomial":
            return float(self.transformed(self.value))
        return float(0.5 * (self.transformed(self.low) + self.transformed(self.high)))

    @property
    def sigma(self) -> float:
        """Standard deviation of the error of observation, on the scale of the transform."""
        if self.kind == "binomial" and self.transform == "identity":
            assert self.respondents is not None
            return binomial_error(self.value, self.respondents)
        half = 0.5 * (self.transformed(self.high) - self.transformed(self.low))
        return float(half / NORMAL_95)

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en

    def transformed(self, x: Any) -> Any:
        """A reading, or an array of them, on the scale of the transform; finite for finite x."""
        if self.transform == "identity":
            return x
        if self.transform == "log":
            return np.log(np.maximum(x, SMALLEST))
        share = np.clip(x, SMALLEST, 1.0 - SMALLEST)
        return np.log(share / (1.0 - share))

    def inside(self, x: Any) -> Any:
        """Whether a reading, or each of an array, lies in the interval; NaN does not."""
        return (x >= self.low) & (x <= self.high)

    def distance(self, x: Any) -> Any:
        """Standard errors of observation between the reading and the centre, with its sign."""
        return (self.transformed(x) - self.centre) / self.sigma


@dataclass(frozen=True)
class Unasked:
    """A published figure that the model cannot be asked, and why."""

    label_en: str
    label_da: str
    figure: str
    source: str
    reason: str

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en


def binomial_error(share: float, respondents: int) -> float:
    """Standard error of a share among so many respondents."""
    return math.sqrt(share * (1.0 - share) / respondents)


def target_from_table(content: Mapping[str, Any], base: Target | None = None) -> Target:
    """The target in a table of keys and values, on top of another one where that is given.

    Raises InputError for unknown keys, missing ones, and what Target refuses.
    """
    known = list(Target.__dataclass_fields__)
    own = checks.table(content, "", known)
    values: dict[str, Any] = {} if base is None else {key: getattr(base, key) for key in known}
    values |= {"kind": "interval", "role": "fit", "respondents": None} if base is None else {}
    values |= own
    for key in ("value", "low", "high"):
        values[key] = checks.number(checks.needed(values, key, refusal("number")), key, -1e9, 1e9)
    for key in ("id", "label_en", "label_da", "unit", "definition", "year", "source"):
        values[key] = checks.text(checks.needed(values, key, "a text"), key)
    checks.flag(checks.needed(values, "secondary", "true or false"), "secondary")
    checks.needed(values, "transform", refusal("one_of", names=", ".join(TRANSFORMS)))
    return Target(**values)


def _route_targets(entry: Mapping[str, Any]) -> list[Target]:
    """The 24 free cells of the table of six routes, and the six that follow from them."""
    rest = {key: value for key, value in entry.items() if key not in ("id", "label_en", "label_da")}
    found = []
    for row in kora_table():
        for answer, percent in zip(ANSWERS, row.percent, strict=True):
            share = round(percent / 100.0, 6)
            width = NORMAL_95 * binomial_error(share, entry["respondents"])
            labels = [
                f"{route}: {word}"
                for route, word in zip(ROUTE_LABELS[row.route], ANSWER_LABELS[answer], strict=True)
            ]
            found.append(
                Target(
                    id=f"{entry['id']}.{row.route}.{answer}",
                    label_en=labels[0],
                    label_da=labels[1],
                    value=share,
                    low=max(0.0, share - width),
                    high=min(1.0, share + width),
                    role="dependent" if answer == "dont_know" else "fit",
                    **rest,
                )
            )
    return found


def _read_targets() -> tuple[tuple[Target, ...], tuple[Unasked, ...]]:
    content = read_toml(DATA / "targets.toml")
    found: list[Target] = []
    for entry in content["target"]:
        with located(f"targets.toml: {entry['id']}"):
            found += [target_from_table(entry)] if "value" in entry else _route_targets(entry)
    return tuple(found), tuple(Unasked(**entry) for entry in content["unasked"])


TARGETS, UNASKED = _read_targets()
BY_ID: dict[str, Target] = {target.id: target for target in TARGETS}
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(target.group for target in TARGETS))


def named(id: str, place: str = "target") -> Target:
    """The target of that id. Raises InputError with the nearest known id."""
    if id not in BY_ID:
        raise InputError(place, id, "the id of a target", nearest(id, BY_ID))
    return BY_ID[id]


def of_role(*roles: str) -> tuple[Target, ...]:
    """The targets of these roles, in order."""
    return tuple(target for target in TARGETS if target.role in roles)


def covariance(targets: Sequence[Target]) -> NDArray[np.float64]:
    """Covariance of the errors of observation, float64 (targets, targets), on their own scales.

    Diagonal, but for the answers on one route of the questionnaire: they are shares of the same
    respondents, and what is more in one cell is less in the others (multinomial).
    """
    result = np.diag([target.sigma**2 for target in targets])
    for i, one in enumerate(targets):
        for j, other in enumerate(targets):
            if i != j and _same_question(one, other):
                assert one.respondents is not None
                result[i, j] = -one.value * other.value / one.respondents
    return result


def _same_question(one: Target, other: Target) -> bool:
    binomial = one.kind == other.kind == "binomial" and one.transform == "identity"
    return binomial and one.id.rpartition(".")[0] == other.id.rpartition(".")[0]


def count_inside(readings: Mapping[str, float], targets: Iterable[Target]) -> tuple[int, int]:
    """How many of the targets have their reading inside, and how many there are."""
    judged = [bool(target.inside(readings[target.id])) for target in targets]
    return sum(judged), len(judged)
