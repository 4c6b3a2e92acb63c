"""What a calibration is: targets, free and fixed parameters, the size of the ensemble, seeds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine.record import canonical
from velfaerd_sim.errors import InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS, check
from velfaerd_sim.inputs.scenarios import LARGEST_SEED
from velfaerd_sim.inputs.targets import BY_ID, GROUPS, Target, named, of_role, target_from_table
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.inputs.towns import FEWEST_ADULTS, MOST_ADULTS
from velfaerd_sim.instruments.readings import EFFECTS
from velfaerd_sim.statistics import normal_scores
from velfaerd_sim.studies.calibrate.rounds import DESIGN, NOISE, Settings

UNCERTAINTY, LEVER = "uncertainty", "lever"
_SIZES = {
    "members": (20, 100_000),
    "rounds": (1, 30),
    "round_members": (20, 1_000_000),
    "noise_members": (2, 10_000),
    "adults": (FEWEST_ADULTS, MOST_ADULTS),
    "replicates": (1, 1000),
    "final_replicates": (1, 1000),
    "months": (24, 1200),
    "seed": (0, LARGEST_SEED),
}
CALIBRATION_KEYS = ("name", "targets", "own", "free", "parameters", *_SIZES, "budget")
_BUDGET = ("minutes", "readings")
_OWN_KEYS = ("value", "low", "high")


@dataclass(frozen=True)
class Budget:
    """What a session may cost; None is without limit. It never changes what is found."""

    minutes: float | None = None
    readings: int | None = None

    def after(self, seconds: float, readings: int) -> Budget:
        """What is left of it after so many seconds and readings."""
        minutes, count = self.minutes, self.readings
        return Budget(
            None if minutes is None else max(0.0, minutes - seconds / 60.0),
            None if count is None else max(0, count - readings),
        )


@dataclass(frozen=True)
class Calibration:
    """A calibration, as a file or a call asks for it.

    targets: what is fitted. free: names of parameters that are estimated; fixed: (name, value) of
    others. members: how many worlds are drawn; rounds, round_members: how often and of how many
    sets the emulator learns before; noise_members: how many are read with a second seed. adults,
    replicates, months: of a reading; final_replicates: of a world.
    """

    name: str = "calibration"
    targets: tuple[Target, ...] = ()
    free: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()
    members: int = 1000
    rounds: int = 4
    round_members: int = 3000
    noise_members: int = 100
    adults: int = 10_000
    replicates: int = 2
    final_replicates: int = 8
    months: int = 24
    seed: int = 1
    budget: Budget = Budget()

    def __post_init__(self) -> None:
        """Fill in all targets and parameters where none are named. Raises InputError."""
        for key, (low, high) in _SIZES.items():
            checks.whole(getattr(self, key), key, low, high)
        if not self.targets:
            object.__setattr__(self, "targets", of_role("fit"))
        fixed = {name: check(name, value, f"parameters.{name}") for name, value in self.fixed}
        free = self.free or _free("all", fixed)
        both = sorted(set(free) & set(fixed))
        if both:
            raise InputError("free", both[0], "a parameter that is not fixed in [parameters]")
        object.__setattr__(self, "free", tuple(free))
        object.__setattr__(self, "fixed", tuple(fixed.items()))

    @property
    def settings(self) -> Settings:
        """How many sets are read, and when."""
        return Settings(
            len(self.free),
            self.members,
            self.rounds,
            self.round_members,
            self.noise_members,
            self.seed,
        )

    def seed_of(self, stage: int, purpose: str, member: int = 0) -> int:
        """The seed of a reading: each has its own."""
        word = f"velfaerd_sim calibration {self.seed} {stage} {purpose} {member}"
        return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big") >> 11

    def replicates_of(self, purpose: str) -> int:
        """Replicates of a reading."""
        return self.replicates if purpose in (DESIGN, NOISE) else self.final_replicates

    def world(self, scores: NDArray[np.float64]) -> dict[str, float]:
        """The parameters of a reading: free ones by their scores, and those that are fixed."""
        return normal_scores.values(self.free, scores) | dict(self.fixed)

    def whole_world(self, scores: NDArray[np.float64]) -> dict[str, float]:
        """Every uncertainty, also those left at their default, in the order of the table."""
        found = self.world(scores)
        return {
            one.name: found.get(one.name, one.default)
            for one in PARAMETERS
            if one.role == UNCERTAINTY or one.name in found
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values of everything that decides the result."""
        found = {key: getattr(self, key) for key in ("name", *_SIZES)}
        found["targets"] = [asdict(target) for target in self.targets]
        found["free"] = list(self.free)
        found["fixed"] = dict(self.fixed)
        return found

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Calibration:
        """The calibration of a record. Raises InputError."""
        values = dict(content)
        values["targets"] = tuple(target_from_table(each) for each in content["targets"])
        values["free"] = tuple(content["free"])
        values["fixed"] = tuple(content["fixed"].items())
        return cls(**values)

    def digest(self) -> str:
        """SHA-256 (hex) of everything that decides the result."""
        return hashlib.sha256(canonical(self.to_dict()).encode()).hexdigest()


def checked_calibration(calibration: object) -> Calibration:
    """A calibration, the one in a TOML file, or the default one for None. Raises InputError."""
    if calibration is None:
        return Calibration()
    if isinstance(calibration, Calibration):
        return calibration
    if isinstance(calibration, str | Path) and str(calibration) and "\0" not in str(calibration):
        return load_calibration(calibration)
    raise InputError("calibration", calibration, "a Calibration or a TOML file with one")


def load_calibration(path: str | Path) -> Calibration:
    """Return the calibration in a TOML file; `velfaerd calibrate --example` shows all its keys.

    Raises InputError for everything that is not of this form.
    """
    file = Path(path)
    content = read_toml(file)
    with located(file.name):
        return _from_table(content, file.stem)


def _from_table(content: Mapping[str, Any], default_name: str) -> Calibration:
    keys = checks.table(content, "", CALIBRATION_KEYS)
    values: dict[str, Any] = {"name": checks.word(keys.get("name", default_name), "name")}
    for key, (low, high) in _SIZES.items():
        if key in keys:
            values[key] = checks.whole(keys[key], key, low, high)
    fixed = keys.get("parameters", {})
    if not isinstance(fixed, Mapping):
        raise InputError("parameters", fixed, "a table of names and values")
    values["fixed"] = tuple(
        (name, check(name, value, f"parameters.{name}")) for name, value in fixed.items()
    )
    values["free"] = _free(keys.get("free", "all"), fixed)
    values["targets"] = _targets(keys.get("targets", "all"), keys.get("own", {}))
    budget = checks.table(keys.get("budget", {}), "budget", _BUDGET)
    with located("budget", "."):
        if "minutes" in budget:
            budget["minutes"] = checks.number(budget["minutes"], "minutes", 0.01, 1e6)
        if "readings" in budget:
            budget["readings"] = checks.whole(budget["readings"], "readings", 1, 10**9)
    return Calibration(**values, budget=Budget(**budget))


def _free(wanted: object, fixed: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the free parameters, in the order of the table."""
    if wanted == "all":
        chosen = {one.name for one in PARAMETERS if one.role == UNCERTAINTY} - set(fixed)
        return tuple(one.name for one in PARAMETERS if one.name in chosen)
    groups = {one.group for one in PARAMETERS}
    allowed = '"all", or a list of names and groups of parameters (see: velfaerd parameters)'
    chosen = set()
    for each in checks.items(wanted, "free", allowed):
        if not isinstance(each, str):
            raise InputError("free", each, allowed)
        if each in groups:
            of_group = (p for p in PARAMETERS if p.group == each and p.role == UNCERTAINTY)
            chosen |= {p.name for p in of_group} - set(fixed)
        elif each not in BY_NAME:
            raise InputError("free", each, allowed, nearest(each, (*groups, *BY_NAME)))
        elif BY_NAME[each].role == LEVER:
            raise InputError("free", each, "no lever: governance decides it, no figure tells it")
        else:
            chosen.add(each)
    if not chosen:
        raise InputError("free", wanted, allowed)
    return tuple(one.name for one in PARAMETERS if one.name in chosen)


def _targets(wanted: object, own: object) -> tuple[Target, ...]:
    """The targets that are fitted, own figures in the place of published ones."""
    allowed = '"all", or a list of ids and groups of targets'
    fitted = {target.id for target in of_role("fit")}
    if wanted == "all":
        chosen = set(fitted)
    else:
        chosen = set()
        for each in checks.items(wanted, "targets", allowed):
            if not isinstance(each, str):
                raise InputError("targets", each, allowed)
            if each in GROUPS:
                chosen |= {id for id in fitted if BY_ID[id].group == each}
            elif each in BY_ID:
                chosen.add(each)
            else:
                raise InputError("targets", each, allowed, nearest(each, (*GROUPS, *BY_ID)))
    replaced = own_targets(own)
    chosen |= set(replaced)
    if not chosen:
        raise InputError("targets", wanted, allowed)
    return tuple(replaced.get(id, BY_ID[id]) for id in BY_ID if id in chosen)


def own_targets(own: object) -> dict[str, Target]:
    """Published targets with a user's figures, by id. Raises InputError."""
    if not isinstance(own, Mapping):
        raise InputError("own", own, "a table of targets")
    found = {}
    for id, given in own.items():
        base = named(id, "own")
        with located(f"own.{id}", "."):
            found[id] = _own(base, checks.table(given, "", _OWN_KEYS))
    return found


def _own(base: Target, given: Mapping[str, Any]) -> Target:
    numbers = {key: checks.number(value, key, -1e9, 1e9) for key, value in given.items()}
    if ("low" in numbers) != ("high" in numbers) or not numbers:
        raise InputError("low, high", str(dict(given)), "both, or only a value")
    if "low" in numbers:
        numbers.setdefault("value", 0.5 * (numbers["low"] + numbers["high"]))
    else:
        shift = numbers["value"] - base.value
        low = 0.0 if base.transform != "identity" else -np.inf
        high = 1.0 if base.transform == "log_odds" else np.inf
        numbers["low"] = max(low, base.low + shift)
        numbers["high"] = min(high, base.high + shift)
    return replace(
        base,
        value=numbers["value"],
        low=numbers["low"],
        high=numbers["high"],
        kind="interval",
        role="fit",
        respondents=None,
        source="set by the user",
        secondary=False,
    )


def names_of(targets: Sequence[Target]) -> tuple[str, ...]:
    """Names of everything that a reading is kept of: what is fitted, all other figures, effects."""
    return tuple(dict.fromkeys([*(target.id for target in targets), *BY_ID, *EFFECTS]))
