"""Designs: at which points the factors of a study are set.

Points are drawn in the unit cube of ranks and mapped through the distribution of each factor, so
that a log-uniform parameter is sampled on the log scale. The same design, factors and seed give the
same points in the same order. The name of a point is made from its values alone: adding points
renames none. A grid, a Sobol sequence, a Saltelli sample, Morris trajectories and a file of points
can be extended; a Latin hypercube cannot, since one of another size has other points throughout.

With the ranks as X, `Points.problem` serves `SALib.analyze`: the rows of a Saltelli sample and of
Morris trajectories stand in the order that SALib expects.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import MISSING, InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.factors import MOST_LEVELS, Factor

Array = NDArray[np.float64]

GRID, ONE_AT_A_TIME, POINTS = "grid", "one_at_a_time", "points"
LATIN_HYPERCUBE, SOBOL, SALTELLI, MORRIS = "latin_hypercube", "sobol", "saltelli", "morris"
KINDS = (GRID, ONE_AT_A_TIME, LATIN_HYPERCUBE, SOBOL, SALTELLI, MORRIS, POINTS)
MOST_POINTS = 1_000_000
GRID_LEVELS, MORRIS_LEVELS = 5, 4

OPTIONS: dict[str, tuple[str, ...]] = {
    GRID: ("levels",),
    ONE_AT_A_TIME: ("levels",),
    LATIN_HYPERCUBE: ("size",),
    SOBOL: ("size",),
    SALTELLI: ("size", "second_order"),
    MORRIS: ("size", "levels"),
    POINTS: ("rows",),
}
"""What a design of each kind is told beside its kind."""

_SIZES = {
    LATIN_HYPERCUBE: "the number of parameter sets",
    SOBOL: "the number of parameter sets",
    SALTELLI: "the base sample N, for N x (factors + 2) parameter sets",
    MORRIS: "the number of trajectories, each of factors + 1 parameter sets",
}


@dataclass(frozen=True, kw_only=True)
class Design:
    """How points are chosen.

    size: points of a Latin hypercube or a Sobol sequence; the base sample N of a Saltelli sample,
    which has N (factors + 2) points, or N (2 factors + 2) with `second_order`; trajectories of
    Morris, each of factors + 1 points. levels: values a factor takes in a grid or one at a time
    (unless it has its own), levels of the Morris grid. rows: the points of kind 'points', a value a
    factor. Raises InputError for an option that is missing, wrong, or of another kind.
    """

    kind: str = GRID
    size: int | None = None
    levels: int | None = None
    second_order: bool | None = None
    rows: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        checks.one_of(self.kind, "kind", KINDS)
        options = OPTIONS[self.kind]
        for key in ("size", "levels", "second_order"):
            value = getattr(self, key)
            if value is not None and key not in options:
                known = ", ".join(option for option in options if option != "rows") or "no more"
                raise InputError(key, value, f"with the kind {self.kind}: {known}")
        if "levels" in options:
            self._check_levels()
        if "size" in options:
            self._check_size()
        if self.kind == SALTELLI:
            second = False if self.second_order is None else self.second_order
            object.__setattr__(self, "second_order", checks.flag(second, "second_order"))

    def _check_levels(self) -> None:
        given = self.levels
        if given is None:
            given = MORRIS_LEVELS if self.kind == MORRIS else GRID_LEVELS
        levels = checks.whole(given, "levels", 2, MOST_LEVELS)
        if self.kind == MORRIS and levels % 2:
            raise InputError("levels", levels, "an even number, so that every level is as likely")
        object.__setattr__(self, "levels", levels)

    def _check_size(self) -> None:
        if self.size is None:
            raise InputError("size", MISSING, _SIZES[self.kind])
        size = checks.whole(self.size, "size", 2, MOST_POINTS)
        if self.kind in (SOBOL, SALTELLI) and size & (size - 1):
            below = 1 << (size.bit_length() - 1)
            raise InputError(
                "size",
                size,
                f"a power of two, such as {below} or {2 * below}, since only so many sets of a "
                "Sobol sequence fill the space evenly",
            )
        object.__setattr__(self, "size", size)

    def count(self, factors: tuple[Factor, ...]) -> int:
        """The number of rows of the design; a point that comes up twice counts twice."""
        number, size, levels = len(factors), self.size or 0, self.levels or 0
        if self.kind == GRID:
            return math.prod(factor.count(levels) for factor in factors)
        if self.kind == ONE_AT_A_TIME:
            return 1 + sum(factor.count(levels) for factor in factors)
        if self.kind == SALTELLI:
            return size * (2 * number + 2 if self.second_order else number + 2)
        if self.kind == MORRIS:
            return size * (number + 1)
        return len(self.rows) if self.kind == POINTS else size

    def check(self, factors: tuple[Factor, ...]) -> None:
        """Raise InputError where the factors do not go with the design, or it is too large."""
        if not factors and self.kind != GRID:
            raise InputError("kind", self.kind, "grid, as there are no factors")
        for factor in factors:
            if factor.levels is not None and self.kind not in (GRID, ONE_AT_A_TIME):
                place = f"factors.{factor.name}.levels"
                raise InputError(place, factor.levels, "levels in a grid or one at a time only")
        count = self.count(factors)
        if count > MOST_POINTS:
            told = str(count) if count < 10**15 else f"more than 10^{len(str(count)) - 1}"
            allowed = (
                f"at most {MOST_POINTS} parameter sets, and this design has {told}: take fewer "
            )
            raise InputError("kind", self.kind, allowed + "factors, levels or sets")

    def to_dict(self) -> dict[str, Any]:
        """Plain values; the rows of kind 'points' as they are."""
        result: dict[str, Any] = {"kind": self.kind}
        for key in OPTIONS[self.kind]:
            value = getattr(self, key)
            result[key] = [list(row) for row in value] if key == "rows" else value
        return result


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """A point: its place in the design from 0, its name, the value of every factor that is set."""

    index: int
    point_id: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class ParameterSets:
    """The points of a design, in its order.

    values, ranks: float64 (rows, factors). NaN stands where a factor is left as the regime has it
    (instruments, one at a time); a rank is also NaN where a value lies outside of the range.
    A point may stand in several rows; it is run once.
    """

    names: tuple[str, ...]
    values: Array
    ranks: Array

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The name of the point of each row."""
        return tuple(_point_id(self._settings(row)) for row in range(len(self.values)))

    @cached_property
    def distinct(self) -> tuple[ParameterSet, ...]:
        """Every point once, where it first stands; its index counts distinct points."""
        rows: dict[str, int] = {}
        for row, name in enumerate(self.ids):
            rows.setdefault(name, row)
        return tuple(
            ParameterSet(index, name, self._settings(row))
            for index, (name, row) in enumerate(rows.items())
        )

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib describes a problem, with `ranks` as its X."""
        count = len(self.names)
        return {"num_vars": count, "names": list(self.names), "bounds": [[0.0, 1.0]] * count}

    def _settings(self, row: int) -> tuple[tuple[str, float], ...]:
        values = self.values[row].tolist()
        return tuple(
            (name, value)
            for name, value in zip(self.names, values, strict=True)
            if not math.isnan(value)
        )


def _point_id(settings: tuple[tuple[str, float], ...]) -> str:
    """The first 16 hex digits of the SHA-256 of the values, as JSON sorted by name."""
    text = json.dumps(dict(settings), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def design_seed(seed: int) -> int:
    """The seed that points are drawn with: a keyed hash of the study's, apart from replicates'."""
    word = f"velfaerd_sim design {seed}".encode()
    return int.from_bytes(hashlib.sha256(word).digest()[:8], "big") >> 11


@lru_cache(maxsize=4)
def sample(
    design: Design, factors: tuple[Factor, ...], seed: int, base: tuple[float, ...] = ()
) -> ParameterSets:
    """The points of a design.

    seed: the study's. base: the value of every factor where it is not varied (one at a time only),
    NaN for an instrument that is left as the regime has it. Raises InputError where Morris is asked
    for and SALib is not installed.
    """
    design.check(factors)
    if design.kind == POINTS:
        return _given(factors, design.rows)
    if design.kind == GRID:
        steps = [factor.steps(design.levels or 0) for factor in factors]
        return _given(factors, product(*steps))
    if design.kind == ONE_AT_A_TIME:
        return _given(factors, _one_at_a_time(design, factors, base))
    ranks = _drawn(design, len(factors), design_seed(seed))
    columns = [factor.all_values(ranks[:, i].tolist()) for i, factor in enumerate(factors)]
    return _points(factors, np.array(columns, np.float64).T, ranks)


def _points(factors: tuple[Factor, ...], values: Array, ranks: Array) -> ParameterSets:
    values, ranks = np.ascontiguousarray(values), np.ascontiguousarray(ranks)
    values.flags.writeable = ranks.flags.writeable = False
    return ParameterSets(tuple(factor.name for factor in factors), values, ranks)


def _given(factors: tuple[Factor, ...], rows: Any) -> ParameterSets:
    listed = list(rows)
    values = np.array(listed, np.float64).reshape(len(listed), len(factors))
    ranks = np.empty_like(values)
    for i, factor in enumerate(factors):
        known = {value: factor.rank(value) for value in set(values[:, i].tolist())}
        ranks[:, i] = [known.get(value, math.nan) for value in values[:, i].tolist()]
    return _points(factors, values, ranks)


def _one_at_a_time(
    design: Design, factors: tuple[Factor, ...], base: tuple[float, ...]
) -> Iterator[tuple[float, ...]]:
    yield base
    for i, factor in enumerate(factors):
        for value in factor.steps(design.levels or 0):
            yield (*base[:i], value, *base[i + 1 :])


def _drawn(design: Design, factors: int, seed: int) -> Array:
    """Ranks of a random design, float64 (rows, factors) in [0, 1]."""
    size = design.size or 0
    if design.kind == MORRIS:
        return _morris(size, design.levels or MORRIS_LEVELS, factors, seed)
    from scipy.stats import qmc  # here, as it takes long to import

    generator = np.random.default_rng(seed)
    if design.kind == LATIN_HYPERCUBE:
        return np.asarray(qmc.LatinHypercube(d=factors, rng=generator).random(size))
    dimensions = factors if design.kind == SOBOL else 2 * factors
    base = np.asarray(qmc.Sobol(d=dimensions, scramble=True, rng=generator).random(size))
    return base if design.kind == SOBOL else saltelli(base, bool(design.second_order))


def saltelli(base: Array, second_order: bool) -> Array:
    """Rows of a Saltelli sample from a sequence in twice as many dimensions, in SALib's order.

    base: float64 (N, 2 factors), the matrices A and B side by side. For each of its rows: A, then A
    with one column after the other from B, with `second_order` B with one column after the other
    from A, then B (Saltelli 2002, doi 10.1016/S0010-4655(02)00280-1).
    """
    size, factors = len(base), base.shape[1] // 2
    first, second = base[:, None, :factors], base[:, None, factors:]
    one = np.eye(factors, dtype=bool)[None]
    blocks = [first, np.where(one, second, first)]
    if second_order:
        blocks.append(np.where(one, first, second))
    rows = np.concatenate([*blocks, second], axis=1)
    return np.asarray(rows.reshape(size * rows.shape[1], factors))


def _morris(trajectories: int, levels: int, factors: int, seed: int) -> Array:
    """Ranks of Morris trajectories by SALib (Morris 1991, doi 10.2307/1269043)."""
    try:
        morris = importlib.import_module("SALib.sample.morris")
    except ImportError:
        allowed = "morris with SALib installed: pip install 'velfaerd-sim[analysis]'"
        raise InputError("kind", MORRIS, allowed) from None
    names = [f"x{i}" for i in range(factors)]
    problem = {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
    drawn = morris.sample(problem, trajectories, num_levels=levels, seed=seed)
    return np.clip(np.asarray(drawn, np.float64), 0.0, 1.0)


def lost_points(old: ParameterSets, new: ParameterSets) -> tuple[str, ...]:
    """Up to three names of old points that are not among the new ones."""
    kept = set(new.ids)
    return tuple(islice((name for name in old.ids if name not in kept), 3))
