"""From the folder of a sweep to answers: which analyses its design allows, and what each found.

A design is made for one kind of question. What it cannot answer is said too, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.frames import DONE, check_frame, known, outcomes_of, regimes_of
from velfaerd_sim.analysis.arrays.wording import Finding, counted, listed
from velfaerd_sim.analysis.sweep.planning import SAMPLES, Task, Wanted, judged, plan
from velfaerd_sim.engine import store
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError
from velfaerd_sim.studies.sweep import designs, sweeping
from velfaerd_sim.studies.sweep.study import Study

MAIN_OUTCOMES = ("lonely_share", "retention_12m", "motivation_mean")
"""Analysed unless told otherwise, as far as the study kept them."""
NAMES_OF_METHODS = {
    "contrasts": "Regimes compared",
    "sobol": "Sobol indices",
    "morris": "Elementary effects",
    "one_at_a_time": "Effects one at a time",
    "pawn": "PAWN indices",
    "map": "Map",
    "response": "Response",
    "prim": "PRIM",
    "cart": "CART",
    "best_regimes": "Best regime of every world",
    "regret": "Regret",
    "satisficing": "Satisficing",
    "front": "Pareto front",
    "variance": "Parameters and chance",
    "worlds": "Design, worlds and chance",
}


@dataclass(frozen=True)
class Answer:
    """What one analysis found. key names its files; factors: those of a map or a line."""

    key: str
    method: str
    outcome: str
    regime: str | None
    against: str | None
    factors: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True)
class NotDone:
    """An analysis that could not be made, and why."""

    method: str
    about: str
    reason: str


@dataclass(frozen=True)
class Answers:
    """All that was found in the folder of a sweep.

    wanted: complete. planned, done, failed: runs. frame: of the runs. record: of the study.
    """

    study: Study
    record: Mapping[str, Any]
    wanted: Wanted
    frame: pd.DataFrame
    planned: int
    done: int
    failed: int
    answers: tuple[Answer, ...]
    not_done: tuple[NotDone, ...]

    @property
    def missing(self) -> int:
        """Runs that have not been made."""
        return self.planned - self.done - self.failed

    def of(self, method: str, outcome: str | None = None) -> list[Answer]:
        """The answers of a method, of one outcome or of all."""
        return [
            one for one in self.answers if one.method == method and outcome in (None, one.outcome)
        ]

    def state(self) -> str:
        """How far the sweep is, in a sentence; empty where it is whole and nothing failed."""
        parts = []
        if self.missing:
            parts.append(
                f"The sweep is not finished: {self.done + self.failed} of"
                f" {counted(self.planned, 'run')} are there, and the answers rest on them."
            )
        if self.failed:
            parts.append(f"{counted(self.failed, 'run')} failed and are left out.")
        return " ".join(parts)


def seed_of(seed: int, key: str) -> int:
    """The seed of one analysis: its own, whichever others are made."""
    return int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:4], "big")


def read_sweep(folder: Path) -> tuple[dict[str, Any], Study, pd.DataFrame]:
    """Record, study and runs of a sweep. Raises InputError where the folder holds none."""
    record = store.read_record(folder)
    if record["kind"] != sweeping.KIND:
        allowed = f"a folder with a sweep; this one holds a study of the kind {record['kind']}"
        raise InputError("folder", str(folder), allowed)
    study = sweeping.study_of(record)
    frame = sweeping.runs_frame(folder)
    check_frame(frame)
    return record, study, frame


def analyse(
    folder: str | Path, wanted: Wanted | None = None, progress: Progress | None = None
) -> Answers:
    """Analyse a sweep, finished or not, as its design allows.

    Raises InputError where the folder holds no sweep or no run that is done, for an unknown outcome
    or regime, and where nothing at all can be said.
    """
    record, study, frame = read_sweep(Path(folder))
    chosen = complete(wanted or Wanted(), study, frame)
    tasks = plan(study, frame, chosen)
    found: list[Answer] = []
    not_done: list[NotDone] = []
    for number, task in enumerate(tasks):
        if progress is not None:
            progress(Advance(float(number), float(len(tasks)), 0, 0))
        try:
            found.append(_answer(task, chosen.seed))
        except StorageError:
            raise
        except InputError as error:
            reason = f"it needs {error.allowed} ({error.place}: {error.value})"
            not_done.append(NotDone(task.method, task.about, reason))
        except VelfaerdError as error:  # a library that is not installed
            not_done.append(NotDone(task.method, task.about, str(error)))
    if not found:
        raise VelfaerdError(f"nothing could be analysed: {not_done[0].reason}")
    done = int(frame["status"].isin(DONE).sum())
    planned = len(study.points.distinct) * study.repeats * len(study.regimes)
    if record.get("status") == "complete":  # two points may be one run: then there are fewer rows
        planned = len(frame)
    return Answers(
        study,
        record,
        chosen,
        frame,
        max(planned, len(frame)),
        done,
        len(frame) - done,
        tuple(found),
        tuple(not_done),
    )


def _answer(task: Task, seed: int) -> Answer:
    own = {"seed": seed_of(seed, task.key)} if task.seeded else {}
    finding = task.work(**own)
    subject = (task.outcome, task.regime, task.against, task.factors)
    return Answer(task.key, task.method, *subject, finding)


def reasons(not_done: Sequence[NotDone]) -> list[str]:
    """Why analyses could not be made, each reason once."""
    about: dict[tuple[str, str], list[str]] = {}
    for one in not_done:
        about.setdefault((one.method, one.reason), []).append(one.about)
    return [
        f"{NAMES_OF_METHODS[method]}: {reason}; for {'; '.join(names[:3])}"
        + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        for (method, reason), names in about.items()
    ]


def complete(wanted: Wanted, study: Study, frame: pd.DataFrame) -> Wanted:
    """Fill in what was left out. Raises InputError for names that the study does not have."""
    kept, names = outcomes_of(frame), [timeline.name for timeline in study.regimes]
    there = set(regimes_of(frame))
    names = [name for name in names if name in there]
    for name in wanted.outcomes:
        known("outcome", name, kept)
    outcomes = tuple(dict.fromkeys(wanted.outcomes)) or _main(kept)
    baseline = known("baseline", wanted.baseline, names) if wanted.baseline else names[0]
    others = [name for name in names if name != baseline]
    for name in wanted.regimes:
        known("regime", name, others)
    regimes = tuple(dict.fromkeys(wanted.regimes)) or tuple(others)
    for name, value in wanted.at_least.items():
        if name:
            known("at_least", name, outcomes)
        if not np.isfinite(value) or value < 0.0:
            raise InputError("at_least", value, "a number, zero or more")
    return Wanted(outcomes, baseline, regimes, dict(wanted.at_least), wanted.seed)


def _main(kept: Sequence[str]) -> tuple[str, ...]:
    """The main outcomes that were kept, or else the first three that are good or bad."""
    main = tuple(name for name in MAIN_OUTCOMES if name in kept)
    return main or tuple(name for name in kept if judged(name))[:3] or tuple(kept[:1])


def what_it_cannot_tell(study: Study) -> list[str]:
    """What the design of a study leaves open, in sentences."""
    kind = study.design.kind
    text: dict[str, str] = {
        designs.GRID: (
            "A grid gives every value the same weight, so shares of its points are no chances; it"
            " is made to show where the ranking turns."
        ),
        designs.ONE_AT_A_TIME: (
            "Factors were varied one at a time around one point: what they do together, and what"
            " each does elsewhere, is not known."
        ),
        designs.MORRIS: (
            "Trajectories screen which parameters matter; they do not say how much of the variance"
            " each brings, nor in which worlds a regime wins."
        ),
        designs.LATIN_HYPERCUBE: (
            "A Latin hypercube does not separate what a parameter does alone from what it does"
            " together with others; a Saltelli design does."
        ),
        designs.SOBOL: (
            "A Sobol sequence does not separate what a parameter does alone from what it does"
            " together with others; a Saltelli design does."
        ),
        designs.POINTS: "The points are given, not drawn: shares of them are no chances.",
    }
    fixed = "All parameters that are not named as factors stand at one value."
    found = [text[kind]] if kind in text and study.factors else []
    if study.worlds is not None and len(study.worlds) > 1:
        found.append(_in_worlds(study, len(study.worlds)))
        fixed = "All parameters that are neither factors nor set by the worlds stand at one value."
    elif not study.factors:
        found.append("Nothing but chance was varied: the intervals hold for these parameters only.")
        fixed = ""
    if study.replicates < 2:
        what = "point" if study.worlds is None else "world"
        found.append(f"With one replicate a {what}, chance cannot be told from the parameters.")
    if study.factors and kind in SAMPLES:
        names = listed(sorted({factor.distribution for factor in study.factors}))
        found.append(
            "Shares of worlds hold for the ranges and distributions chosen"
            f" ({names.replace('_', '-')}), which are mostly judgement."
        )
    return [*found, fixed] if fixed else found


def _in_worlds(study: Study, count: int) -> str:
    """What intervals hold where every point was run in many worlds."""
    apart = f"; only under '{NAMES_OF_METHODS['worlds']}' the two stand apart"
    return (
        f"Every point was run in {count} worlds with other parameters"
        f" ({counted(study.replicates, 'replicate')} in each). Intervals, and what is said of"
        " chance, hold the parameters of the worlds and chance together"
        f"{apart if study.replicates > 1 else ''}. Where an answer counts worlds, it counts points,"
        " each by its mean over these."
    )
