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

from velfaerd_sim import in_force
from velfaerd_sim.analysis.arrays.facts import (
    NOTHING,
    AnalysisResult,
    Count,
    Fact,
    Thing,
    UnsuitedError,
    Value,
)
from velfaerd_sim.analysis.arrays.frames import DONE, check_frame, known, outcomes_of, regimes_of
from velfaerd_sim.analysis.sweep.planning import (
    SAMPLES,
    AnalysisChoice,
    PlannedAnalysis,
    judged,
    plan,
)
from velfaerd_sim.engine import store
from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.engine.reading import damage_told
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError
from velfaerd_sim.studies.sweep import designs, sweeping
from velfaerd_sim.studies.sweep.study import SweepStudy

MAIN_OUTCOMES = ("lonely_share", "retention_12m", "motivation_mean")
"""Analysed unless told otherwise, as far as the study kept them."""
METHODS = (
    *("contrasts", "sobol", "morris", "one_at_a_time", "pawn", "map", "response", "prim", "cart"),
    *("best_regimes", "regret", "satisficing", "front", "variance", "worlds"),
)
"""All methods, in the order in which they are told."""
OPEN = (
    *(designs.GRID, designs.ONE_AT_A_TIME, designs.MORRIS, designs.LATIN_HYPERCUBE),
    *(designs.SOBOL, designs.POINTS),
)
"""Designs that leave open what is told of them."""
MOST_SUBJECTS = 3
"""Subjects that are named of those that could not be analysed for one reason."""


@dataclass(frozen=True)
class AnalysisAnswer:
    """What one analysis found. key names its files; factors: those of a map or a line."""

    key: str
    method: str
    outcome: str
    regime: str | None
    against: str | None
    factors: tuple[str, ...]
    finding: AnalysisResult


@dataclass(frozen=True)
class NotDone:
    """An analysis that could not be made, its subject, and why."""

    method: str
    about: Fact
    reason: Fact


@dataclass(frozen=True)
class Answers:
    """All that was found in the folder of a sweep.

    wanted: complete. planned, done, failed: runs. frame: of the runs. record: of the study.
    """

    study: SweepStudy
    record: Mapping[str, Any]
    wanted: AnalysisChoice
    frame: pd.DataFrame
    planned: int
    done: int
    failed: int
    answers: tuple[AnalysisAnswer, ...]
    not_done: tuple[NotDone, ...]

    @property
    def missing(self) -> int:
        """Runs that have not been made."""
        return self.planned - self.done - self.failed

    def of(self, method: str, outcome: str | None = None) -> list[AnalysisAnswer]:
        """The answers of a method, of one outcome or of all."""
        return [
            one for one in self.answers if one.method == method and outcome in (None, one.outcome)
        ]

    def state(self) -> tuple[Fact, ...]:
        """How far the sweep is; empty where it is whole and nothing failed."""
        found = []
        if self.missing:
            there, planned = self.done + self.failed, Count(self.planned, "run")
            found.append(Fact("unfinished", done=there, planned=planned))
        if self.failed:
            found.append(Fact("failed", runs=Count(self.failed, "run")))
        return tuple(found)


def seed_of(seed: int, key: str) -> int:
    """The seed of one analysis: its own, whichever others are made."""
    return int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:4], "big")


def read_sweep(folder: Path) -> tuple[dict[str, Any], SweepStudy, pd.DataFrame]:
    """Record, study and runs of a sweep. Raises InputError where the folder holds none."""
    record = store.read_record(folder)
    if record["kind"] != sweeping.KIND:
        allowed = f"a folder with a sweep; this one holds a study of the kind {record['kind']}"
        raise InputError("folder", str(folder), allowed)
    with damage_told(record, folder):
        study = sweeping.study_of(record)
        frame = sweeping.runs_frame(folder)
    check_frame(frame)
    return record, study, frame


def analyse(
    folder: str | Path, wanted: AnalysisChoice | None = None, progress: Progress | None = None
) -> Answers:
    """Analyse a sweep, finished or not, as its design allows.

    Raises InputError where the folder holds no sweep or no run that is done, for an unknown outcome
    or regime, and where nothing at all can be said.
    """
    with in_force.reading(store.read_record(Path(folder))):
        return _analysed(folder, wanted, progress)


def _analysed(
    folder: str | Path, wanted: AnalysisChoice | None, progress: Progress | None
) -> Answers:
    record, study, frame = read_sweep(Path(folder))
    chosen = complete(wanted or AnalysisChoice(), study, frame)
    tasks = plan(study, frame, chosen)
    found: list[AnalysisAnswer] = []
    not_done: list[NotDone] = []
    first: VelfaerdError | None = None
    for number, task in enumerate(tasks):
        if progress is not None:
            progress(Advance(float(number), float(len(tasks)), 0, 0))
        try:
            found.append(_answer(task, chosen.seed))
        except StorageError:
            raise
        except InputError as error:
            not_done.append(NotDone(task.method, task.about, _reason(error)))
            first = first or error
        except VelfaerdError as error:  # a library that is not installed
            not_done.append(NotDone(task.method, task.about, Fact("as_told", message=str(error))))
            first = first or error
    if not found:
        raise VelfaerdError(f"nothing could be analysed: {first}")
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


def _answer(task: PlannedAnalysis, seed: int) -> AnalysisAnswer:
    own = {"seed": seed_of(seed, task.key)} if task.seeded else {}
    finding = task.work(**own)
    subject = (task.outcome, task.regime, task.against, task.factors)
    return AnalysisAnswer(task.key, task.method, *subject, finding)


def _reason(error: InputError) -> Fact:
    if isinstance(error, UnsuitedError):
        return error.needs
    return Fact("needs", allowed=error.allowed, place=error.place, there=str(error.value))


def reasons(not_done: Sequence[NotDone]) -> list[Fact]:
    """Why analyses could not be made, each reason once."""
    groups: list[tuple[str, Fact, list[Fact]]] = []
    for one in not_done:
        for method, reason, about in groups:
            if (method, reason) == (one.method, one.reason):
                about.append(one.about)
                break
        else:
            groups.append((one.method, one.reason, [one.about]))
    found = []
    for method, reason, about in groups:
        values: dict[str, Value] = {"method": Thing("method", method), "reason": reason}
        values["about"] = Fact("each_of", parts=tuple(about[:MOST_SUBJECTS]))
        more = len(about) - MOST_SUBJECTS
        more_fact = Fact("and_more", count=more) if more > 0 else NOTHING
        found.append(Fact("not_done", more=more_fact, **values))
    return found


def complete(wanted: AnalysisChoice, study: SweepStudy, frame: pd.DataFrame) -> AnalysisChoice:
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
    return AnalysisChoice(outcomes, baseline, regimes, dict(wanted.at_least), wanted.seed)


def _main(kept: Sequence[str]) -> tuple[str, ...]:
    """The main outcomes that were kept, or else the first three that are good or bad."""
    main = tuple(name for name in MAIN_OUTCOMES if name in kept)
    return main or tuple(name for name in kept if judged(name))[:3] or tuple(kept[:1])


def what_it_cannot_tell(study: SweepStudy) -> tuple[Fact, ...]:
    """What the design of a study leaves open."""
    kind = study.design.kind
    found = [Fact(f"open_{kind}")] if kind in OPEN and study.factors else []
    fixed = [Fact("fixed")]
    if study.worlds is not None and len(study.worlds) > 1:
        found += _in_worlds(study, len(study.worlds))
        fixed = [Fact("fixed_in_worlds")]
    elif not study.factors:
        found.append(Fact("nothing_but_chance"))
        fixed = []
    if study.replicates < 2:
        found.append(Fact("one_replicate_point" if study.worlds is None else "one_replicate_world"))
    if study.factors and kind in SAMPLES:
        names = sorted({factor.distribution for factor in study.factors})
        kinds = tuple(Thing("distribution", name) for name in names)
        found.append(Fact("shares_hold_for", distributions=kinds))
    return (*found, *fixed)


def _in_worlds(study: SweepStudy, count: int) -> list[Fact]:
    """What intervals hold where every point was run in many worlds."""
    ran = Fact("ran_in_worlds", count=count, replicates=Count(study.replicates, "replicate"))
    together = "worlds_apart" if study.replicates > 1 else "worlds_together"
    return [ran, Fact(together), Fact("worlds_are_points")]
