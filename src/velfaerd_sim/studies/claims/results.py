"""Reading the tables of claims back: effects by set of worlds, variant and world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError, StorageError, refusal
from velfaerd_sim.studies.claims.claims import BASE, ROUTE_CELLS, Claim, ClaimFile
from velfaerd_sim.studies.claims.effects import readings_met
from velfaerd_sim.studies.claims.tables import WINNERS, columns_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class JudgedClaim:
    """A claim in some worlds: places and numbers of the worlds, effects and their errors.

    replicates: of each world. effect, error: float64 (worlds, criteria), NaN where there is none;
    cells: float64 (worlds, 30) of a claim about a table, else (worlds, 0).
    """

    claim: Claim
    set: str
    variant: str
    places: NDArray[np.int64]
    worlds: NDArray[np.int64]
    replicates: int
    effect: Array
    error: Array
    cells: Array

    @property
    def met(self) -> Array:
        """Which readings are met in each world, 1 or 0, float64 (worlds, readings)."""
        return readings_met(self.claim, self.effect)

    def __len__(self) -> int:
        """How many worlds there are."""
        return len(self.places)

    def at(self, places: NDArray[np.int64]) -> JudgedClaim:
        """The same in some worlds only, those that there are of these places."""
        keep = np.isin(self.places, places)
        return JudgedClaim(
            self.claim,
            self.set,
            self.variant,
            self.places[keep],
            self.worlds[keep],
            self.replicates,
            self.effect[keep],
            self.error[keep],
            self.cells[keep],
        )


@dataclass(frozen=True)
class Best:
    """Who does best by a criterion in a set, in a locality: names with numbers of worlds."""

    criterion: str
    set: str
    locality: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ClaimResults:
    """All that was found: by claim, set and variant; and who does best, by claim."""

    file: ClaimFile
    claims: tuple[Claim, ...]
    found: Mapping[tuple[str, str, str], JudgedClaim]
    best: Mapping[str, tuple[Best, ...]] = field(default_factory=dict)

    def of(self, claim: Claim, set_name: str, variant: str = BASE.name) -> JudgedClaim | None:
        """A claim in a set under a variant, None where that was not run."""
        return self.found.get((claim.id, set_name, variant))

    def sets(self, claim: Claim) -> list[str]:
        """The sets in which a claim was judged as written, in the order of its table."""
        return [
            name for key, name, variant in self.found if key == claim.id and variant == BASE.name
        ]

    def variants(self, claim: Claim, set_name: str) -> list[str]:
        """The variants of a claim in a set but the base."""
        return [
            variant
            for key, name, variant in self.found
            if key == claim.id and name == set_name and variant != BASE.name
        ]


def read_results(folder: str | Path, file: ClaimFile) -> ClaimResults:
    """Read the tables in a folder of CSV files.

    Raises InputError where there is none, StorageError where one is not of its claim.
    """
    path = Path(folder)
    found: dict[tuple[str, str, str], JudgedClaim] = {}
    claims = []
    for claim in file.claims:
        table = path / f"{claim.id}.csv"
        if table.is_file():
            claims.append(claim)
            for judged in _read(claim, table):
                found[claim.id, judged.set, judged.variant] = judged
    if not claims:
        raise InputError("folder", str(folder), "a folder with tables of claims (C01.csv, ...)")
    return ClaimResults(file, tuple(claims), found, _best(path / WINNERS))


def _best(path: Path) -> dict[str, tuple[Best, ...]]:
    """Who does best, by claim; nothing where the table is missing."""
    if not path.is_file():
        return {}
    texts = dict.fromkeys(("claim", "criterion", "set", "locality", "winner"), str)
    frame = pd.read_csv(path, dtype=texts, keep_default_na=False)
    found: dict[str, list[Best]] = {}
    keys = ["claim", "criterion", "set", "locality"]
    for (claim, criterion, name, place), rows in frame.groupby(keys, sort=False):
        counts = zip(rows["winner"], rows["worlds"], strict=True)
        pairs = tuple((str(winner), int(count)) for winner, count in counts)
        found.setdefault(str(claim), []).append(Best(str(criterion), str(name), str(place), pairs))
    return {claim: tuple(rows) for claim, rows in found.items()}


def _read(claim: Claim, path: Path) -> list[JudgedClaim]:
    try:
        frame = pd.read_csv(path, dtype={"set": str, "variant": str})
    except (OSError, ValueError) as fault:
        raise StorageError(refusal("cannot_read", name=path, reason=fault)) from None
    if list(frame.columns) != columns_of(claim):
        raise StorageError(refusal("other_claim", name=path))
    made = []
    for (set_name, variant), rows in frame.groupby(["set", "variant"], sort=False):
        effect = np.full((len(rows), len(claim.criteria)), np.nan)
        error = effect.copy()
        for place, criterion in enumerate(claim.criteria):
            if criterion.how != "table":
                effect[:, place] = rows[criterion.name].to_numpy(np.float64)
                error[:, place] = rows[f"error.{criterion.name}"].to_numpy(np.float64)
        names = [f"cell_{cell}" for cell in range(ROUTE_CELLS)] if claim.is_table else []
        made.append(
            JudgedClaim(
                claim,
                str(set_name),
                str(variant),
                rows["place"].to_numpy(np.int64),
                rows["world"].to_numpy(np.int64),
                int(rows["replicates"].max()),
                effect,
                error,
                rows[names].to_numpy(np.float64),
            )
        )
    return made
