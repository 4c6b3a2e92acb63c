"""Worlds: sets of parameters that the real world may have, each with a weight.

A comparison in one world says what chance leaves open; the same comparison in many worlds says what
the parameters leave open. Worlds come from the calibration ("plausible"), from the ranges and
distributions of the parameter table ("prior"), or from a CSV file.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.csv_files import csv_rows
from velfaerd_sim.inputs.factors import Factor, factors_of
from velfaerd_sim.inputs.parameters import BY_NAME, check

PLAUSIBLE, PRIOR = "plausible", "prior"
NUMBER, WEIGHT = "world", "weight"
"""The columns of a file of worlds that are not parameters; both may be left out."""
FILE = "worlds.csv"
"""What worlds are called in the folder of a study that gives some."""
USUAL_WORLDS = 100
"""Worlds that a study takes where it is not told how many."""
MOST_WORLDS = 100_000
MOST_NUMBER = 2**53

_ALLOWED = (
    f"{PLAUSIBLE}, {PRIOR}, a CSV file with a world a row, or a folder with {FILE}; each of them "
    "also as NAME:N, which takes N worlds"
)
_WITH_NUMBER = re.compile(r"(?P<name>.+):(?P<number>\d+)")


@dataclass(frozen=True)
class World:
    """One world: its number in the set it is from, its weight, its parameters by name.

    theory: the theory that changed it, see `theories.worlds_under`; none where it is empty.
    """

    number: int
    weight: float
    parameters: Mapping[str, float]
    theory: str = ""


@dataclass(frozen=True)
class Worlds:
    """A set of worlds. name: as it was asked for; weights add up to one.

    All worlds set the same parameters; what they do not set is as the scenario has it.
    """

    name: str
    worlds: tuple[World, ...]

    @classmethod
    def load(
        cls, reference: str | Path | Worlds, seed: int = 1, folder: str | Path = "."
    ) -> Worlds:
        """Load worlds by name or from a CSV file, or return the ones given.

        reference: "plausible", the calibrated set; "prior", draws from the ranges and distributions
        of all uncertainties of the parameter table, 100 of them; the path of a CSV file, or of a
        folder with such a file (`velfaerd place`), from `folder` where it is relative, with columns
        `world` (whole numbers), `weight` (zero or more) and parameters. NAME:N draws N worlds of
        the prior, or a sample of N of a set (`sample`).
        seed: of draws and samples. Raises InputError for anything wrong in it.
        """
        if isinstance(reference, Worlds):
            return reference
        given: object = reference
        if not isinstance(given, str | Path) or "\0" in str(given) or not str(given):
            raise InputError("worlds", given, _ALLOWED)
        name, wanted = _split(str(reference))
        if name == PRIOR:
            return drawn_from_prior(wanted or USUAL_WORLDS, seed)
        if name == PLAUSIBLE:
            packaged = files("velfaerd_sim.inputs").joinpath("data/plausible.csv")
            if not packaged.is_file():
                allowed = f"{PRIOR}, or a CSV file, as this version comes without calibrated worlds"
                raise InputError("worlds", name, allowed)
            with as_file(packaged) as path:
                found = read_worlds(path)
        else:
            path = Path(folder) / name
            if path.is_dir() and (path / FILE).is_file():
                path = path / FILE
            if not os.path.lexists(path) and path.suffix.lower() != ".csv":
                suggestion = nearest(name, (PLAUSIBLE, PRIOR))
                raise InputError("worlds", str(reference), _ALLOWED, suggestion)
            with located("worlds"):
                found = read_worlds(path)
        found = replace(found, name=Path(name).name or name)
        return found if wanted is None else found.sample(wanted, seed)

    @classmethod
    def drawn(
        cls, reference: str | Path | Worlds, seed: int = 1, folder: str | Path = "."
    ) -> Worlds:
        """Load worlds as a study takes them: each of them counts as much as any other.

        As `load`; where worlds differ in weight, or are more than 100 and no number was asked for,
        100 are sampled.
        """
        found = cls.load(reference, seed, folder)
        if found.is_even and (len(found) <= USUAL_WORLDS or not _whole_set(reference)):
            return found
        return found.sample(USUAL_WORLDS, seed)

    def __len__(self) -> int:
        """How many worlds there are."""
        return len(self.worlds)

    def __iter__(self) -> Iterator[World]:
        """Every world in order."""
        return iter(self.worlds)

    def __getitem__(self, index: int) -> World:
        """The world at a place in the set."""
        return self.worlds[index]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that the worlds set."""
        return tuple(self.worlds[0].parameters)

    @property
    def is_even(self) -> bool:
        """Whether all worlds weigh the same."""
        return len({world.weight for world in self.worlds}) == 1

    @property
    def effective(self) -> float:
        """How many independent worlds of equal weight say as much, at most.

        One over the sum of squared weights (Kish 1965, Survey Sampling), with worlds of the same
        parameters counted as one. Worlds that are only nearly the same count in full.
        """
        together: dict[tuple[float, ...], float] = {}
        for world in self.worlds:
            values = tuple(world.parameters.values())
            together[values] = together.get(values, 0.0) + world.weight
        total = math.fsum(together.values())
        return total**2 / math.fsum(weight**2 for weight in together.values())

    def sample(self, n: int, seed: int) -> Worlds:
        """Sample n worlds of equal weight by systematic resampling, in an order drawn by the seed.

        A world of weight w comes up floor(n w) or ceil(n w) times, n w on average (Kitagawa 1996,
        doi 10.1080/10618600.1996.10474692). The same set, n and seed give the same worlds; the
        first of them are a sample too. Raises InputError unless n is a whole number from 1 on.
        """
        count = checks.whole(n, "worlds", 1, MOST_WORLDS)
        generator = np.random.default_rng(_seed_of(seed, "sample"))
        places = (np.arange(count) + generator.random()) / count
        bounds = np.cumsum([world.weight for world in self.worlds])
        chosen = np.searchsorted(bounds / bounds[-1], places, side="right")
        chosen = generator.permutation(np.minimum(chosen, len(self) - 1))
        worlds = tuple(replace(self.worlds[place], weight=1.0 / count) for place in chosen.tolist())
        return Worlds(f"{self.name.partition(':')[0]}:{count}", worlds)

    def csv(self) -> str:
        """The worlds as the text of a CSV file that :meth:`load` reads as the same worlds."""
        lines = [",".join((NUMBER, WEIGHT, *self.names))]
        for world in self.worlds:
            values = (world.weight, *world.parameters.values())
            lines.append(",".join((str(world.number), *map(checks.plain, values))))
        return "\n".join(lines) + "\n"

    def without(self, names: Collection[str]) -> Worlds:
        """The same worlds, without the parameters that something else decides."""
        if not set(names) & set(self.names):
            return self
        return Worlds(
            self.name,
            tuple(
                replace(
                    world, parameters={k: v for k, v in world.parameters.items() if k not in names}
                )
                for world in self.worlds
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values (a JSON document) from which :meth:`from_dict` makes the same worlds."""
        plain = {
            "name": self.name,
            "numbers": [world.number for world in self.worlds],
            "weights": [world.weight for world in self.worlds],
            "parameters": {
                name: [world.parameters[name] for world in self.worlds] for name in self.names
            },
        }
        theories = [world.theory for world in self.worlds]
        return plain | {"theories": theories} if any(theories) else plain

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Worlds:
        """The worlds in plain values made by :meth:`to_dict`. Raises InputError."""
        with located("worlds", "."):
            known = ("name", "numbers", "weights", "parameters", "theories")
            keys = checks.table(content, "", known)
            columns = checks.table(checks.needed(keys, "parameters", "a table"), "", BY_NAME)
            numbers = checks.items(keys.get("numbers"), "numbers", "a list of whole numbers")
            weights = checks.items(keys.get("weights"), "weights", "a list of numbers")
            theories = keys.get("theories", [""] * len(numbers))
            theories = checks.items(theories, "theories", "a list of names")
            lengths = {len(numbers), len(weights), len(theories)}
            lengths |= {len(column) for column in columns.values()}
            if len(lengths) != 1 or not numbers:
                raise InputError("numbers", len(numbers), "columns of one length")
            worlds = tuple(
                World(
                    checks.whole(number, f"numbers[{i + 1}]", 0, MOST_NUMBER),
                    checks.number(weights[i], f"weights[{i + 1}]", 0.0, 1.0),
                    {name: check(name, values[i], name) for name, values in columns.items()},
                    checks.text(theories[i], f"theories[{i + 1}]"),
                )
                for i, number in enumerate(numbers)
            )
            return cls(str(keys.get("name", "")), worlds)


def _split(text: str) -> tuple[str, int | None]:
    """A reference as a name and how many worlds are wanted of it. Raises InputError."""
    found = _WITH_NUMBER.fullmatch(text)
    if found is None:
        head = text.partition(":")[0]
        if head in (PLAUSIBLE, PRIOR) and head != text:
            raise InputError("worlds", text, f"{head}, or {head}:N with a whole number N")
        return text, None
    digits = found["number"]
    number = int(digits) if len(digits) < 20 else MOST_NUMBER
    return found["name"], checks.whole(number, "worlds", 1, MOST_WORLDS)


def _whole_set(reference: str | Path | Worlds) -> bool:
    """Whether a reference names a set without saying how many of it."""
    return not isinstance(reference, Worlds) and _split(str(reference))[1] is None


def _seed_of(seed: int, purpose: str) -> int:
    """The seed of worlds, apart from those of points and replicates."""
    word = f"velfaerd_sim worlds {purpose} {seed}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8], "big") >> 11


def drawn_from_prior(count: int, seed: int) -> Worlds:
    """Draw worlds from the ranges and distributions of all uncertainties in the parameter table.

    A Latin hypercube, so that each parameter takes every of `count` equal shares of its
    distribution once (McKay, Beckman & Conover 1979, doi 10.1080/00401706.1979.10489755).
    """
    from scipy.stats import qmc  # here, as it takes long to import

    count = checks.whole(count, "worlds", 1, MOST_WORLDS)
    factors = [Factor.of(name) for name in factors_of(("uncertainty",))]
    generator = np.random.default_rng(_seed_of(seed, "prior"))
    ranks = np.asarray(qmc.LatinHypercube(d=len(factors), rng=generator).random(count))
    worlds = tuple(
        World(
            number,
            1.0 / count,
            {f.name: f.value(rank) for f, rank in zip(factors, row, strict=True)},
        )
        for number, row in enumerate(ranks.tolist(), start=1)
    )
    return Worlds(f"{PRIOR}:{count}", worlds)


def read_worlds(path: Path) -> Worlds:
    """Read a CSV file of worlds. Raises InputError, naming line and column."""
    columns, rows = csv_rows(path, "parameters")
    with located(path.name):
        _check_columns(columns)
        if not 1 <= len(rows) <= MOST_WORLDS:
            raise InputError("rows", len(rows), f"1 to {MOST_WORLDS} worlds, one a row")
        numbers: dict[int, None] = {}
        weights: list[float] = []
        found: list[dict[str, float]] = []
        for order, (place, row) in enumerate(rows, start=1):
            with located(place):
                values = dict(zip(columns, row, strict=True))
                numbers[_number(values.pop(NUMBER, float(order)), numbers)] = None
                weights.append(_weight(values.pop(WEIGHT, 1.0)))
                found.append({name: check(name, value, name) for name, value in values.items()})
        total = math.fsum(weights)
        if not 0.0 < total < math.inf:
            raise InputError(WEIGHT, total, "weights with a sum above zero")
    parts = zip(numbers, weights, found, strict=True)
    return Worlds(path.name, tuple(World(n, weight / total, values) for n, weight, values in parts))


def _check_columns(columns: Sequence[str]) -> None:
    for place, name in enumerate(columns):
        if name in columns[:place]:
            raise InputError("columns", name, "each column once")
        if name not in BY_NAME and name not in (NUMBER, WEIGHT):
            allowed = f"{NUMBER}, {WEIGHT} and names of parameters (see: velfaerd parameters)"
            raise InputError("columns", name, allowed, nearest(name, (NUMBER, WEIGHT, *BY_NAME)))
    if not set(columns) - {NUMBER, WEIGHT}:
        raise InputError("columns", MISSING, "at least one parameter")


def _number(value: object, before: Collection[int]) -> int:
    allowed = "a whole number, zero or more, each once"
    whole = isinstance(value, float) and value.is_integer() and 0.0 <= value <= MOST_NUMBER
    if not whole or int(value) in before:  # type: ignore[call-overload]
        raise InputError(NUMBER, value, allowed)
    return int(value)  # type: ignore[call-overload,no-any-return]


def _weight(value: object) -> float:
    if not isinstance(value, float) or not math.isfinite(value) or value < 0.0:
        raise InputError(WEIGHT, value, "a number, zero or more")
    return value
