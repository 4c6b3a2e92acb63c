"""Small studies of every kind with a stand-in for the model, and faults on request.

The work of a plan is replaced by numbers that follow from its payload. A folder says what goes
wrong: 'fail ID', 'kill ID' and 'hang ID' by the payload of a task, 'slow' for all of them, 'other'
for other numbers.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from engine.toy import Squares
from studies.calibrate.stand_in import read
from studies.calibrate.stand_in import small as small_calibration
from studies.claims import small as small_claims
from studies.sweep.small import small_study
from studies.value.small import SURVEYS, small_decision
from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import REGIMES as REGIME_OF
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.conditions import SIZE, STEP, conditions
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.instruments.replicates import CELLS, GAINS, Replicate, ReplicateTask
from velfaerd_sim.instruments.survey_answers import FINDINGS
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.advise.design import Size as SearchSize
from velfaerd_sim.studies.advise.design import checked_design as advice_design
from velfaerd_sim.studies.advise.plan import AdvicePlan
from velfaerd_sim.studies.calibrate.calibrating import CalibrationPlan
from velfaerd_sim.studies.calibrate.work import read_figures
from velfaerd_sim.studies.claims.running import claims_study
from velfaerd_sim.studies.claims.study import ClaimPlan, plan_claims
from velfaerd_sim.studies.compare import work as compare_work
from velfaerd_sim.studies.compare.design import checked_design
from velfaerd_sim.studies.compare.plan import ComparisonPlan
from velfaerd_sim.studies.place.design import checked_place
from velfaerd_sim.studies.place.plan import PlacePlan
from velfaerd_sim.studies.place.work import READING
from velfaerd_sim.studies.recovery.recovering import RecoveryPlan
from velfaerd_sim.studies.robustness.plan import RobustnessPlan
from velfaerd_sim.studies.robustness.work import OUTCOMES
from velfaerd_sim.studies.run.single import RunPlan
from velfaerd_sim.studies.select.plan import SelectionPlan, checked_selection
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.trial.lives import VALUES, Survey
from velfaerd_sim.studies.trial.plan import TrialPlan
from velfaerd_sim.studies.trial.schedules import PARALLEL, STEPPED_WEDGE, Timing
from velfaerd_sim.studies.trial.study import TrialStudy
from velfaerd_sim.studies.validate.validating import Size, validation_plan
from velfaerd_sim.studies.validate.work import LEVELS, HeldOut, Levels, Targets
from velfaerd_sim.studies.value.plan import ValuePlan
from velfaerd_sim.studies.value.work import Asked

WORLD = load_scenario("baseline").with_(adults=200, months=3)
REGIMES = ("municipal_baton", "rigid_rules")
VALIDATION = Size(
    seeds=2, scale_seeds=1, adults=200, reading_adults=300, reading_replicates=1, months=13
)
CALIBRATION = small_calibration(
    members=20, rounds=1, round_members=24, noise_members=2, replicates=1, final_replicates=1
)
SMALL_TOWN = replace(
    CALIBRATION,
    adults=300,
    targets=tuple(each for each in TARGETS if each.id.split(".")[0] in ("T1", "T4")),
    free=("life_event_probability", "contagion_strength", "espoused_gap"),
)
"""What can be read in a town of a few hundred adults."""
VALIDATED = {
    Levels: list(LEVELS),
    HeldOut: [pattern.id for pattern in PATTERNS],
    Targets: [target.id for target in TARGETS],
}
"""What a unit of a validation reads."""
ONE_AT_A_TIME = threading.Lock()
Answers = Callable[[Any, Any, np.random.Generator], Sequence[Answer]]


@dataclass(frozen=True)
class Shared:
    """What the stand-in is given beside a payload."""

    faults: str
    answers: Answers
    common: Any


def id_of(payload: Any) -> str:
    """What a task is called in the folder of faults, here and where it was sent to.

    What was sent shares equal strings otherwise, so it is taken as it comes out of a pickle.
    """
    sent = pickle.loads(pickle.dumps(payload))
    return hashlib.sha256(pickle.dumps(sent)).hexdigest()[:12]


def work(payload: Any, context: Context) -> Sequence[Answer]:
    """Give numbers that follow from the payload, or do what the folder of faults says."""
    shared: Shared = context.common
    faults, name = Path(shared.faults), id_of(payload)
    if (faults / f"kill {name}").exists():
        os._exit(9)
    if (faults / f"fail {name}").exists():
        raise ValueError("no luck")
    if (faults / f"hang {name}").exists():
        time.sleep(600.0)
    if (faults / "slow").exists():
        time.sleep(0.05)
    seed = int(name, 16) + (faults / "other").exists()
    return shared.answers(payload, shared.common, np.random.default_rng(seed))


def squared(number: int, common: Any, draws: np.random.Generator) -> list[Answer]:
    return [Answer((number * number + 0.5 * draws.random(),))]


def of_runs(runs: Any, common: Any, draws: np.random.Generator) -> Sequence[Answer]:
    """A run or a replicate of a comparison: every regime with all its outcomes."""

    def drawn(task: ReplicateTask, advance: Any) -> Replicate:
        count = len(task.timelines)
        series = draws.random((count, 1, WORLD.months + 1, len(NAMES)))
        gains = draws.integers(0, 9, (count - 1, CELLS, len(GAINS)))
        return Replicate(task.replicate, task.scenario.seed, series, gains)

    with ONE_AT_A_TIME, pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare_work, "run_replicate", drawn)
        return compare_work.run_regimes(runs, Context(common))


def of_sweep(unit: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    count = len(small_study(4).readings)
    every = draws.random((len(REGIMES), count)).tolist()
    return [Answer(every[regime]) for _, regime in unit.runs]


def of_calibration(reading: Any, common: Any, draws: np.random.Generator) -> Sequence[Answer]:
    (answer,) = read_figures(reading, Context(common))
    return [Answer(tuple(value + 0.01 * draws.random() for value in answer.values))]


def of_claims(unit: Any, common: Any, draws: np.random.Generator) -> Sequence[Answer]:
    answers = small_claims.drawn(unit, Context(common))
    return [Answer((answer.values[0] + 0.01 * draws.random(),)) for answer in answers]


def of_validation(unit: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    ids = VALIDATED[type(unit)]
    return [Answer((ids, draws.random(len(ids)).tolist()))]


def of_robustness(draw: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    return [Answer(draws.random(len(OUTCOMES)).tolist()) for _ in draw.timelines]


def of_advice(town: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    return [
        Answer((each.role, *each.point, *draws.random(len(common)).tolist()))
        for each in town.candidates
    ]


def of_trials(town: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    periods = len(town.measured)
    return [Answer(draws.random((len(VALUES), periods)).tolist()) for _ in town.lives]


def of_value(payload: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    if isinstance(payload, Asked):
        return [Answer((np.nan, np.nan, draws.random(len(FINDINGS[payload.survey.kind])).tolist()))]
    return [Answer((draws.random(), draws.random(), None))]


def of_selection(task: ReplicateTask, common: Any, draws: np.random.Generator) -> list[Answer]:
    return [Answer(draws.random(len(NAMES)).tolist()) for _ in task.timelines]


def of_place(unit: Any, common: Any, draws: np.random.Generator) -> list[Answer]:
    if unit.what == READING:
        return [Answer((draws.uniform(0.05, 0.15, len(common.ids)), None, None))]
    regimes = len(common.timelines[unit.what])
    gains = draws.integers(0, 9, (regimes - 1) * CELLS * len(GAINS))
    return [Answer((draws.random(regimes * len(NAMES)), draws.random(regimes), gains))]


def of_toy(folder: Path, size: int) -> Plan:
    return Squares(9)


def of_run(folder: Path, size: int) -> Plan:
    return RunPlan(WORLD)


def of_comparison(folder: Path, size: int) -> Plan:
    return ComparisonPlan(checked_design(REGIMES, WORLD, replicates=6 + size))


def of_a_sweep(folder: Path, size: int) -> Plan:
    return SweepPlan(small_study(4, 2 + size))


def of_a_calibration(folder: Path, size: int) -> Plan:
    return CalibrationPlan(replace(CALIBRATION, members=20 + size), read)


def of_a_recovery(folder: Path, size: int) -> Plan:
    return RecoveryPlan(CALIBRATION, 2 + size, read)


@cache
def claims_asked(worlds: int) -> ClaimPlan:
    """A claim in so many worlds; reading the file and drawing worlds takes a moment."""
    with TemporaryDirectory() as folder:
        file = small_claims.small_file(Path(folder))
        return plan_claims(("C14",), file=file, sets=["prior"], worlds=worlds, robustness=0)


def of_a_study_of_claims(folder: Path, size: int) -> Plan:
    return claims_study(claims_asked(6 + 4 * size), folder)


def of_a_validation(folder: Path, size: int) -> Plan:
    return validation_plan(WORLD, None, VALIDATION)


def of_a_robustness(folder: Path, size: int) -> Plan:
    kinds = (STEP, SIZE)[: 1 + size]
    timelines = tuple(map(load_timeline, REGIMES))
    return RobustnessPlan(conditions(WORLD, repeats=3, kinds=kinds), timelines, WORLD)


def of_a_search(folder: Path, size: int) -> Plan:
    small = SearchSize(16, first=2, worlds=4, contenders=4, fresh=3, batch=4)
    return AdvicePlan(advice_design(WORLD, hours_at_most=20.0, worlds="none", size=small))


def of_a_trial(folder: Path, size: int) -> Plan:
    six = load_scenario("denmark").towns[:6]
    asked = TrialStudy(
        name="small",
        scenario=WORLD.with_(towns=six, adults=1200),
        control=REGIME_OF["municipal_baton"],
        intervention=REGIME_OF["rigid_rules"],
        worlds=Worlds.load("prior:2"),
        survey=Survey("citizens", "tils_score"),
        designs=(PARALLEL, STEPPED_WEDGE),
        populations=1 + size,
        municipalities=(4,),
        months=(6,),
        timing=Timing(every=3, baseline=3, implementation=0, settling=0, steps=2),
        trials=10,
    )
    return TrialPlan(asked)


def of_a_valuation(folder: Path, size: int) -> Plan:
    return ValuePlan(small_decision(WORLD, REGIMES), SURVEYS[: 1 + size])


def of_a_place(folder: Path, size: int) -> Plan:
    town = {"adults": 2000, "lonely_share": {"value": 0.1, "n": 100}}
    asked = {"regimes": REGIMES, "worlds": "plausible:20", "replicates": 1}
    return PlacePlan(checked_place(town, adults=200, months=3, **asked))


def of_a_selection(folder: Path, size: int) -> Plan:
    regimes = (*REGIMES, "hands_off")
    most = {"max_replicates": 24 + 8 * size}
    return SelectionPlan(checked_selection(regimes, WORLD, best="lonely_share", **most))


@dataclass(frozen=True)
class Case:
    """A kind with its stand-in. grows: whether more can be asked for in the same folder."""

    plan: Callable[[Path, int], Plan]
    answers: Answers
    grows: bool = True

    def on(self, folder: Path, faults: Path, size: int = 0) -> Plan:
        """The plan with its stand-in; size: 1 for a larger one."""
        made = self.plan(folder, size)
        made.processes = False
        shared = Shared(str(faults), self.answers, made.common())
        own = {"work": work, "common": lambda _: shared}
        made.__class__ = type("StandIn", (type(made),), own)
        return made

    def real(self, folder: Path) -> Plan:
        """The plan with the model."""
        made = self.plan(folder, 0)
        if isinstance(made, CalibrationPlan):
            return CalibrationPlan(SMALL_TOWN)
        return RecoveryPlan(SMALL_TOWN, 2) if isinstance(made, RecoveryPlan) else made


CASES = {
    "squares": Case(of_toy, squared, grows=False),
    "run": Case(of_run, of_runs, grows=False),
    "compare": Case(of_comparison, of_runs),
    "sweep": Case(of_a_sweep, of_sweep),
    "calibration": Case(of_a_calibration, of_calibration),
    "recovery": Case(of_a_recovery, of_calibration),
    "claims": Case(of_a_study_of_claims, of_claims),
    "validation": Case(of_a_validation, of_validation, grows=False),
    "robustness": Case(of_a_robustness, of_robustness),
    "selection": Case(of_a_selection, of_selection),
    "advise": Case(of_a_search, of_advice, grows=False),
    "trial": Case(of_a_trial, of_trials),
    "value": Case(of_a_valuation, of_value),
    "place": Case(of_a_place, of_place, grows=False),
}


def tasks_of(plan: Plan) -> list[Any]:
    """The tasks that are wanted at first."""
    return list(plan.tasks(RowStore(plan, None)))
