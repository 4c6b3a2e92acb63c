"""What a study of claims keeps on disk: parts with readings, and tables that people can open.

A part is `runs/CLAIM.SET.VARIANT.NUMBER-DIGEST.parquet`, a row a world and replicate; DIGEST begins
the SHA-256 of the file. The tables are `claims/CLAIM.csv`, a row a world with the effects, in seven
significant digits; everything that is said about claims is computed from these.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import store
from velfaerd_sim.errors import StorageError
from velfaerd_sim.studies.claims.claims import BASE, ROUTE_CELLS, Claim
from velfaerd_sim.studies.claims.effects import cells_of, effects_of, winners
from velfaerd_sim.studies.claims.readings import readings
from velfaerd_sim.studies.claims.study import BATCH, ClaimPlan, Job
from velfaerd_sim.studies.claims.worker import Outcome, Unit, seed_of

Array = NDArray[np.float64]
TABLES = "claims"
WINNERS = "winners.csv"
DIGITS = 7
_TEXTS = ("claim", "set", "variant", "message")


@dataclass
class Batch:
    """Some worlds of a job: the first place and what each unit gave."""

    first: int
    outcomes: list[Outcome]


def batch_start(place: int) -> int:
    """The place of the first world of the batch that a place is in."""
    return place - place % BATCH


def stem(job: Job, first: int) -> str:
    """The name of a part up to its digest."""
    return f"{store.RUNS}/{job.name}.{first // BATCH:04d}"


def parts_of(folder: Path, job: Job, first: int) -> list[str]:
    """The parts in a folder that hold worlds of one batch of a job; one, but after a kill."""
    start = Path(stem(job, first)).name
    paths = (folder / store.RUNS).glob("*.parquet")
    return [f"{store.RUNS}/{each.name}" for each in paths if each.name.startswith(f"{start}-")]


def part_table(job: Job, batch: Batch) -> pa.Table:
    """The rows of a batch: a world and replicate each; a world that failed has one row."""
    wanted = readings(job.claim)
    rows: list[tuple[Any, ...]] = []
    values: list[Array] = []
    for offset, outcome in enumerate(batch.outcomes):
        place = batch.first + offset
        world = job.set.worlds[place]
        unit = Unit(job.claim, job.variant, place, world.parameters)
        count = 1 if outcome.values is None else len(outcome.values)
        for replicate in range(count):
            rows.append((place, world.number, replicate, seed_of(unit, replicate), outcome.message))
            empty = np.full(len(wanted), np.nan)
            values.append(empty if outcome.values is None else outcome.values[replicate])
    table = np.array(values)
    columns: dict[str, Any] = {
        "claim": [job.claim.id] * len(rows),
        "set": [job.set.name] * len(rows),
        "variant": [job.variant.name] * len(rows),
    }
    for number, name in enumerate(("place", "world", "replicate", "seed")):
        columns[name] = np.array([row[number] for row in rows], np.int64)
    columns["message"] = [row[4] or None for row in rows]
    for number, reading in enumerate(wanted):
        columns[reading.column] = table[:, number]
    return store.arrow(columns)


def batch_of(job: Job, table: pa.Table) -> Batch:
    """The batch in a part. Raises KeyError where a reading is missing."""
    places = table.column("place").to_numpy()
    messages = table.column("message").to_pylist()
    columns = [store.numbers(table, reading.column) for reading in readings(job.claim)]
    values = np.column_stack(columns).astype(np.float64)
    outcomes = []
    for place in dict.fromkeys(places.tolist()):
        rows = np.flatnonzero(places == place)
        message = messages[int(rows[0])] or ""
        outcomes.append(Outcome(None if message else values[rows], message))
    return Batch(int(places[0]), outcomes)


def part_paths(folder: Path) -> dict[str, str]:
    """The parts in a folder: name up to the digest -> name."""
    found = {}
    for path in sorted((folder / store.RUNS).glob("*.parquet")):
        name = f"{store.RUNS}/{path.name}"
        found[name.rpartition("-")[0]] = name
    return found


def table_paths(folder: Path) -> list[str]:
    """The tables of claims in a folder."""
    return [f"{TABLES}/{path.name}" for path in sorted((folder / TABLES).glob("*.csv"))]


def read_part(folder: Path, name: str) -> pa.Table:
    """Read a part after checking it. Raises StorageError."""
    digest = store.sha256(folder / name)[: store.DIGITS]
    if not name.endswith(f"-{digest}.parquet"):
        raise StorageError(f"{folder / name} is damaged: its content does not fit its name")
    return store.read_table(folder / name)


def values_of(claim: Claim, outcomes: Sequence[Outcome]) -> tuple[NDArray[np.int64], Array]:
    """Places of the worlds that ran, and their readings (worlds, replicates, readings)."""
    done = [(place, each.values) for place, each in enumerate(outcomes) if each.values is not None]
    places = np.array([place for place, _ in done], np.int64)
    shape = (0, claim.replicates, len(readings(claim)))
    return places, np.stack([values for _, values in done]) if done else np.empty(shape)


def columns_of(claim: Claim) -> list[str]:
    """The columns of a claim's table."""
    names = [criterion.name for criterion in claim.criteria if criterion.how != "table"]
    cells = [f"cell_{cell}" for cell in range(ROUTE_CELLS)] if claim.is_table else []
    errors = [f"error.{name}" for name in names]
    return ["set", "variant", "place", "world", "met", *names, *errors, *cells]


def claim_table(claim: Claim, found: Mapping[tuple[str, str], tuple[Job, list[Outcome]]]) -> str:
    """The table of a claim as CSV: a row a set, variant and world.

    found: (set, variant) -> the job and what its worlds gave, in order.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns_of(claim))
    shown = [n for n, criterion in enumerate(claim.criteria) if criterion.how != "table"]
    for (set_name, variant), (job, outcomes) in found.items():
        places, values = values_of(claim, outcomes)
        if not len(places):
            continue
        effects = effects_of(claim, values)
        cells = cells_of(claim, values) if claim.is_table else np.empty((len(places), 0))
        for row, place in enumerate(places.tolist()):
            met = "" if claim.is_table else int(effects.met[row])
            numbers = [*effects.effect[row, shown], *effects.error[row, shown], *cells[row]]
            world = job.set.worlds[place].number
            writer.writerow([set_name, variant, place, world, met, *map(_number, numbers)])
    return out.getvalue()


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}" if np.isfinite(value) else ""


def winners_table(found: Mapping[str, tuple[Job, list[Outcome]]]) -> str:
    """Who does best how often, as CSV: a row a claim, criterion, set, locality and winner."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["claim", "criterion", "set", "locality", "winner", "worlds"])
    for job, outcomes in found.values():
        places, values = values_of(job.claim, outcomes)
        if job.variant.name != BASE.name or not len(places):
            continue
        for criterion, locality, best in winners(job.claim, values):
            counts = sorted(
                Counter(filter(None, best)).items(), key=lambda item: (-item[1], item[0])
            )
            for winner, count in counts:
                writer.writerow([job.claim.id, criterion, job.set.name, locality, winner, count])
    return out.getvalue()


def tables(plan: ClaimPlan, found: Mapping[str, tuple[Job, list[Outcome]]]) -> dict[str, str]:
    """The tables of all claims: name of the file -> CSV."""
    made = {}
    for claim in plan.claims:
        own = {
            (job.set.name, job.variant.name): (job, outcomes)
            for job, outcomes in found.values()
            if job.claim.id == claim.id
        }
        made[f"{TABLES}/{claim.id}.csv"] = claim_table(claim, own)
    made[f"{TABLES}/{WINNERS}"] = winners_table(found)
    return made
