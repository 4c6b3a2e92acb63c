"""Theories: named sets of parameters that stand for a rival account of how things work.

The parameter table holds one account with its uncertainties; a theory takes some arrows of it away
or turns them. Studies run over theories as over worlds: each world is run as it is and once under
every theory. Those that come with the package stand in `data/theories/`, one file a theory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.errors import InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME, check
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.inputs.worlds import Worlds

ALL = "all"
AS_IT_IS = "model"
"""What the model is called among theories where none of them changes it."""
MOST_THEORIES = 100
_ENDS = ("low", "high")
_KEYS = ("name", "label_en", "label_da", "source", "parameters")


@dataclass(frozen=True)
class Theory:
    """A theory: its name, labels, source, and the parameters that it sets, each from low to high.

    Low and high are alike where a parameter has one value.
    """

    name: str
    label_en: str
    label_da: str
    source: str
    parameters: Mapping[str, tuple[float, float]]

    def label(self, language: str = "en") -> str:
        """The label in English ('en') or Danish ('da')."""
        return self.label_da if language == "da" else self.label_en

    def values(self, rank: float | Mapping[str, float] = 0.5) -> dict[str, float]:
        """A value of each parameter at a rank of its range, or at a rank of its own."""
        ranks = rank if isinstance(rank, Mapping) else dict.fromkeys(self.parameters, rank)
        return {
            name: low + ranks[name] * (high - low) for name, (low, high) in self.parameters.items()
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in a record, from which :func:`theory_of` makes the same."""
        ends = {
            name: low if low == high else {"low": low, "high": high}
            for name, (low, high) in self.parameters.items()
        }
        texts = {key: getattr(self, key) for key in _KEYS[:-1]}
        return {**texts, "parameters": ends}


@cache
def shipped() -> dict[str, Theory]:
    """The theories that come with the package, by name."""
    folder = files("velfaerd_sim.inputs").joinpath("data/theories")
    paths = sorted(Path(str(each)) for each in folder.iterdir() if each.name.endswith(".toml"))
    found = (read_theory(path) for path in paths)
    return {theory.name: theory for theory in found}


def load_theories(reference: str | Path, folder: str | Path = ".") -> tuple[Theory, ...]:
    """The theories that a reference names, each once, in its order.

    reference: "all", those of the package; or names, TOML files and folders of such files, with
    commas between, files relative to `folder`. Raises InputError naming file and key.
    """
    found: dict[str, Theory] = {}
    for part in str(reference).split(","):
        for theory in _named(part.strip(), Path(folder)):
            if theory.name in found:
                raise InputError("theories", theory.name, "each theory once, by its own name")
            found[theory.name] = theory
    if len(found) > MOST_THEORIES:
        raise InputError("theories", len(found), f"at most {MOST_THEORIES} theories")
    return tuple(found.values())


def _named(name: str, folder: Path) -> Sequence[Theory]:
    if name == ALL:
        return tuple(shipped().values())
    if name in shipped():
        return (shipped()[name],)
    path = folder / name
    with located("theories"):
        if name and "\0" not in name and path.is_dir():
            paths = sorted(path.glob("*.toml"))
            if not paths:
                raise InputError(name, "no file", "a folder with TOML files, a theory each")
            return tuple(read_theory(each) for each in paths)
        if name.endswith(".toml") and "\0" not in name:
            return (read_theory(path),)
    known = ", ".join(shipped())
    allowed = f"{ALL}, {known}, a TOML file or a folder of them"
    raise InputError("theories", name, allowed, nearest(name, (ALL, *shipped())))


def read_theory(path: Path) -> Theory:
    """Read a theory from a TOML file. Raises InputError, naming file and key.

    A file::

    name = "own_theory"               # the file's name where it is left out
    label_en = "What I think"         # also label_da, source
    [parameters]
    leaving_rules = -0.4
    autonomy_weight = {low = 0.0, high = 0.5}
    """
    content = read_toml(path)
    with located(path.name):
        return theory_of({"name": path.stem, **content})


def theory_of(content: Mapping[str, Any]) -> Theory:
    """The theory in plain values. Raises InputError."""
    keys = checks.table(content, "", _KEYS)
    name = checks.word(keys["name"], "name")
    if name in (ALL, AS_IT_IS):
        raise InputError("name", name, f"a name other than {ALL} and {AS_IT_IS}")
    texts = {key: checks.text(keys.get(key, ""), key) for key in ("label_en", "label_da", "source")}
    given = checks.table(checks.needed(keys, "parameters", "a table"), "parameters", BY_NAME)
    if not given:
        raise InputError("parameters", "none", "at least one parameter")
    parameters = {
        parameter: _range(parameter, value, f"parameters.{parameter}")
        for parameter, value in given.items()
    }
    label = texts["label_en"] or name
    return Theory(name, label, texts["label_da"] or label, texts["source"], parameters)


def _range(name: str, value: object, place: str) -> tuple[float, float]:
    """A value, or a table with low and high, within the parameter's range. Raises InputError."""
    if not isinstance(value, Mapping):
        number = check(name, value, place)
        return number, number
    ends = checks.table(value, place, _ENDS)
    with located(place, "."):
        low, high = (check(name, checks.needed(ends, end, "a number"), end) for end in _ENDS)
    if low > high:
        raise InputError(place, f"{low:g} to {high:g}", "low at most high")
    return low, high


def worlds_under(worlds: Worlds, theories: Sequence[Theory], seed: int) -> Worlds:
    """Every world as it is, then every world under each theory; all weigh alike.

    What a theory gives as a range is spread over the worlds: each of as many equal shares of the
    range is taken once, in an order drawn by the seed; a single world takes the middle. All worlds
    set the same parameters: what a world leaves open is at the table's default.
    """
    names = dict.fromkeys([*worlds.names, *(name for t in theories for name in t.parameters)])
    start = {name: BY_NAME[name].default for name in names}
    count, weight = len(worlds), 1.0 / (len(worlds) * (1 + len(theories)))
    found = [
        replace(world, weight=weight, parameters=start | dict(world.parameters)) for world in worlds
    ]
    base = tuple(found)
    for theory in theories:
        places = {name: _places(theory.name, name, count, seed) for name in theory.parameters}
        for k, world in enumerate(base):
            ranks = {name: (float(places[name][k]) + 0.5) / count for name in places}
            values = {**world.parameters, **theory.values(ranks)}
            found.append(replace(world, parameters=values, theory=theory.name))
    return Worlds(worlds.name, tuple(found))


def _places(theory: str, parameter: str, count: int, seed: int) -> Any:
    word = f"velfaerd_sim theory {theory} {parameter} {seed}".encode()
    digest = int.from_bytes(hashlib.sha256(word).digest()[:8], "big")
    return np.random.default_rng(digest).permutation(count)
