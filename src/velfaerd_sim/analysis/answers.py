"""All that a study's design allows to be said: the analyses that fit it, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice

import pandas as pd

from velfaerd_sim.analysis.discovery import cart, prim
from velfaerd_sim.analysis.distributions import pawn
from velfaerd_sim.analysis.frames import (
    check_frame,
    direction,
    known,
    outcomes_of,
    regimes_of,
)
from velfaerd_sim.analysis.front import HOURS, front
from velfaerd_sim.analysis.layouts import Design
from velfaerd_sim.analysis.maps import LEAST_STEPS, reversal_map
from velfaerd_sim.analysis.robustness import Criterion, best_regimes, regret, satisficing
from velfaerd_sim.analysis.screening import morris
from velfaerd_sim.analysis.sensitivity import sobol
from velfaerd_sim.analysis.steps import one_at_a_time
from velfaerd_sim.analysis.variance import split
from velfaerd_sim.analysis.wording import Finding
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies import designs
from velfaerd_sim.studies.study import Study

MAIN = ("retention_12m", "lonely_share", "lonely_years_averted_per_1000")
"""Outcomes that are analysed unless others are asked for."""
MOST_MAPS = 3

Progress = Callable[[int, int, str], None]
"""Called before each analysis with how many are done, how many there are, and what comes next."""


@dataclass(frozen=True)
class Skipped:
    """An analysis that the study's runs did not allow, and why."""

    method: str
    about: str
    reason: str


@dataclass(frozen=True)
class Answers:
    """What was found, in the order of reading, and what could not be asked."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Question:
    """What to ask of a study.

    outcomes: names, the main ones unless given. pairs: (regime, against), each regime against the
    baseline unless given. by: least advantage that counts as beating, by outcome (0 unless given).
    criteria: what a regime must reach, for satisficing. seed: of all resampling.
    """

    outcomes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    by: Mapping[str, float] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    seed: int = 1


@dataclass(frozen=True)
class _Job:
    method: str
    about: str
    run: Callable[[], Finding]


def analyse(
    frame: pd.DataFrame,
    study: Study,
    question: Question | None = None,
    progress: Progress | None = None,
) -> Answers:
    """Ask of a study's runs all that its design allows.

    Of a Saltelli sample: Sobol indices and what follows; of Morris trajectories: elementary
    effects; of points one at a time: their effects; of a grid: maps and what follows. Of every
    sample of worlds: the split of variance, PAWN, PRIM and CART for each pair of regimes, regret,
    best regimes, satisficing where criteria are given, and the front of benefit against staff
    hours. An analysis that does not fit (too few points, one replicate) is skipped with its reason.
    Raises InputError for outcomes and regimes that are not in the study.
    """
    check_frame(frame)
    question = _completed(frame, study, question or Question())
    jobs = list(_jobs(frame, study, question))
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for done, job in enumerate(jobs):
        if progress is not None:
            progress(done, len(jobs), f"{job.method}: {job.about}")
        try:
            findings.append(job.run())
        except InputError as error:
            skipped.append(Skipped(job.method, job.about, str(error)))
    return Answers(tuple(findings), tuple(skipped))


def _completed(frame: pd.DataFrame, study: Study, question: Question) -> Question:
    """Fill in what was not asked for, and check what was."""
    there, regimes = outcomes_of(frame), regimes_of(frame)
    outcomes = question.outcomes or tuple(name for name in MAIN if name in there) or (there[0],)
    for name in (*outcomes, *question.by):
        known("outcome", name, there)
    baseline = study.baseline
    pairs = question.pairs or tuple((name, baseline) for name in regimes if name != baseline)
    for regime, against in pairs:
        known("regime", regime, regimes)
        known("against", against, [name for name in regimes if name != regime])
    return Question(outcomes, pairs, question.by, question.criteria, question.seed)


def _jobs(frame: pd.DataFrame, study: Study, question: Question) -> Iterator[_Job]:
    design = Design.of(study.design, study.points)
    if not study.factors:
        return
    subjects: list[tuple[str, str | None]] = [(study.baseline, None), *question.pairs]
    steps = {designs.MORRIS: morris, designs.ONE_AT_A_TIME: one_at_a_time}
    for outcome in question.outcomes:
        for regime, against in subjects:
            about = f"{outcome}, {regime}" + (f" against {against}" if against else "")
            pair = (frame, outcome, regime, against)
            if study.design.kind in steps:
                method = steps[study.design.kind]
                yield _Job(method.__name__, about, _call(method, *pair, design=design))
                continue
            seeded = {"design": design, "seed": question.seed}
            if study.design.kind == designs.SALTELLI:
                yield _Job("sobol", about, _call(sobol, *pair, **seeded))
            elif study.design.kind != designs.GRID:
                yield _Job("pawn", about, _call(pawn, *pair, **seeded))
            yield _Job("variance", about, _call(split, *pair, **seeded))
            if against is not None:
                yield from _of_pair(frame, study, question, (outcome, regime, against), design)
    if study.design.kind not in steps and len(study.regimes) > 1:
        yield from _of_worlds(frame, question, design)


def _call(
    function: Callable[..., Finding], *arguments: object, **options: object
) -> Callable[[], Finding]:
    return lambda: function(*arguments, **options)


def _higher_or_lower(outcome: str) -> str:
    """What is better: as the table of outcomes says, and more where it does not."""
    try:
        return "higher" if direction(outcome) > 0 else "lower"
    except InputError:
        return "higher"


def _of_pair(
    frame: pd.DataFrame,
    study: Study,
    question: Question,
    pair: tuple[str, str, str],
    design: Design,
) -> Iterator[_Job]:
    """Where one regime beats another: maps, PRIM, CART; both ways round for PRIM."""
    outcome, regime, against = pair
    better = _higher_or_lower(outcome)
    options = {"better": better, "design": design, "seed": question.seed}
    if study.design.kind == designs.GRID:
        levels = study.design.levels or 0
        wide = [factor.name for factor in study.factors if factor.count(levels) >= LEAST_STEPS]
        for x, y in islice(combinations(wide, 2), MOST_MAPS):
            about = f"{outcome}, {regime} against {against}, over {x} and {y}"
            yield _Job("map", about, _call(reversal_map, frame, *pair, x, y, **options))
    by = question.by.get(outcome, 0.0)
    for one, other in ((regime, against), (against, regime)):
        about = f"{outcome}, {one} beats {other}"
        yield _Job("prim", about, _call(prim, frame, outcome, one, other, by=by, **options))
    about = f"{outcome}, {regime} beats {against}"
    yield _Job("cart", about, _call(cart, frame, *pair, by=by, **options))


def _of_worlds(frame: pd.DataFrame, question: Question, design: Design) -> Iterator[_Job]:
    """Which regime to choose over all worlds."""
    for outcome in question.outcomes:
        better = _higher_or_lower(outcome)
        options = {"better": better, "design": design, "seed": question.seed}
        for method in (regret, best_regimes):
            yield _Job(method.__name__, outcome, _call(method, frame, outcome, **options))
        if HOURS in outcomes_of(frame) and outcome != HOURS:
            about = f"{outcome} against {HOURS}"
            yield _Job("front", about, _call(front, frame, outcome, **options))
    if question.criteria:
        about = "; ".join(criterion.words() for criterion in question.criteria)
        asked: Sequence[Criterion] = question.criteria
        yield _Job("satisficing", about, _call(satisficing, frame, asked, design=design))
