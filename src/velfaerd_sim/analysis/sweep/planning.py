"""Which analyses a design is made for: a list of tasks, each ready to be carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import NOTHING, AnalysisResult, Fact
from velfaerd_sim.analysis.arrays.facts import outcome as named
from velfaerd_sim.analysis.arrays.facts import regime as side
from velfaerd_sim.analysis.arrays.frames import direction, losses_as_worst, outcomes_of
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.sweep import (
    choice,
    discovery,
    distributions,
    front,
    maps,
    screening,
    sensitivity,
    variance,
    world_shares,
)
from velfaerd_sim.analysis.sweep.contrasts import contrasts
from velfaerd_sim.analysis.sweep.responses import one_at_a_time, response
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.sweep import designs
from velfaerd_sim.studies.sweep.study import SweepStudy

MOST_EVENTS = 12
"""With more events to discover than this, boxes are looked for in fewer resamples."""
RESAMPLES, FEWER_RESAMPLES = 200, 100
MOST_MAPPED = 3
"""Factors of a grid that are mapped in pairs, at most: the first that have three values."""
STEPS = (designs.MORRIS, designs.ONE_AT_A_TIME)
SAMPLES = (designs.LATIN_HYPERCUBE, designs.SOBOL, designs.SALTELLI, designs.POINTS)

Work = Callable[..., AnalysisResult]


@dataclass(frozen=True)
class AnalysisChoice:
    """What to analyse; what is left out is chosen from the study.

    outcomes: as the columns name them, with `.month_12` where read at a month. at_least: how much
    better counts as beating, by outcome, or '' for all.
    """

    outcomes: tuple[str, ...] = ()
    baseline: str | None = None
    regimes: tuple[str, ...] = ()
    at_least: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1

    def by(self, outcome: str) -> float:
        """How much better on an outcome counts as beating."""
        return self.at_least.get(outcome, self.at_least.get("", 0.0))


@dataclass(frozen=True)
class PlannedAnalysis:
    """One analysis: its method and subject, and the work, which takes a seed if `seeded`."""

    method: str
    work: Work
    outcome: str
    regime: str | None = None
    against: str | None = None
    factors: tuple[str, ...] = ()
    seeded: bool = True

    @property
    def key(self) -> str:
        """Its name, also in files."""
        versus = f"{self.regime}_vs_{self.against}" if self.against else self.regime
        return "-".join(filter(None, (self.method, self.outcome, versus, *self.factors)))

    @property
    def about(self) -> Fact:
        """Its subject in short."""
        if not self.outcome:
            return NOTHING
        values = {"outcome": named(self.outcome)}
        if not self.regime:
            return Fact("subject_outcome", **values)
        values["regime"] = side(self.regime)
        if not self.against:
            return Fact("subject_level", **values)
        return Fact("subject_difference", against=side(self.against), **values)


def judged(outcome: str) -> bool:
    """Whether an outcome is good or bad in itself."""
    try:
        direction(outcome)
    except InputError:
        return False
    return True


class _Planner:
    """Lists the tasks of one study."""

    def __init__(self, study: SweepStudy, runs: pd.DataFrame, wanted: AnalysisChoice) -> None:
        self.study, self.runs, self.wanted = study, losses_as_worst(runs), wanted
        self.worlds = 0 if study.worlds is None else len(study.worlds)
        self.frame = world_shares.by_world(self.runs, self.worlds)
        self.design = PointLayout.of(study.design, study.points)
        self.kind = study.design.kind
        self.levels = study.design.levels or 0
        self.baseline = str(wanted.baseline)
        self.all = (self.baseline, *wanted.regimes)
        self.tasks: list[PlannedAnalysis] = []
        events = 2 * len(wanted.outcomes) * len(wanted.regimes)
        self.resamples = RESAMPLES if events <= MOST_EVENTS else FEWER_RESAMPLES

    def add(
        self,
        method: str,
        work: Work,
        outcome: str,
        regime: str | None = None,
        against: str | None = None,
        factors: tuple[str, ...] = (),
        *,
        seeded: bool = True,
    ) -> None:
        self.tasks.append(PlannedAnalysis(method, work, outcome, regime, against, factors, seeded))

    def quantities(self, alone: Sequence[str]) -> list[tuple[str, str | None]]:
        """Differences to the baseline, then outcomes of some regimes alone."""
        pairs: list[tuple[str, str | None]] = [(one, self.baseline) for one in self.wanted.regimes]
        return [*pairs, *((one, None) for one in alone)]

    def compare(self, o: str) -> None:
        """Regimes side by side."""
        known = (self.frame, o, self.baseline, self.wanted.regimes)
        self.add("contrasts", partial(contrasts, *known, design=self.design), o)

    def chance(self, o: str) -> None:
        """Parameters and chance; design, worlds and chance where points were run in worlds."""
        for a, b in self.quantities([self.baseline]):
            known = (o, a, b)
            if self.worlds > 1:
                split = partial(world_shares.split_worlds, self.runs, *known, worlds=self.worlds)
                self.add("worlds", partial(split, design=self.design), *known)
            else:
                work = partial(variance.split, self.frame, *known, design=self.design)
                self.add("variance", work, *known)

    def sensitivity(self, o: str) -> None:
        """Which parameters decide."""
        methods: dict[str, tuple[Work, Sequence[str]]] = {}
        if self.kind == designs.SALTELLI:
            methods["sobol"] = (sensitivity.sobol, self.all)
        if self.kind in SAMPLES:
            methods["pawn"] = (distributions.pawn, [self.baseline])
        if self.kind == designs.MORRIS:
            methods["morris"] = (screening.morris, self.all)
        if self.kind == designs.ONE_AT_A_TIME:
            counts = [factor.count(self.levels) for factor in self.study.factors]
            methods["one_at_a_time"] = (partial(one_at_a_time, counts=counts), self.all)
        for name, (function, alone) in methods.items():
            for a, b in self.quantities(alone):
                work = partial(function, self.frame, o, a, b, design=self.design)
                self.add(name, work, o, a, b, seeded=name != "one_at_a_time")

    def space(self, o: str) -> None:
        """Lines and maps of a grid."""
        for a, b in self.quantities(self.all):
            for factor in self.design.names:
                work = partial(response, self.frame, o, a, b, factor, design=self.design)
                self.add("response", work, o, a, b, (factor,))
        fine = [f.name for f in self.study.factors if f.count(self.levels) >= maps.LEAST_STEPS]
        for x, y in combinations(fine[:MOST_MAPPED], 2):
            for a in self.wanted.regimes:
                known = (self.frame, o, a, self.baseline, x, y)
                work = partial(maps.reversal_map, *known, design=self.design)
                self.add("map", work, o, a, self.baseline, (x, y))

    def discovery(self, o: str) -> None:
        """In which worlds one regime beats another."""
        options = {"by": self.wanted.by(o), "design": self.design}
        for one in self.wanted.regimes:
            for a, b in ((one, self.baseline), (self.baseline, one)):
                known = (self.frame, o, a, b)
                work = partial(discovery.prim, *known, resamples=self.resamples, **options)  # type: ignore[arg-type]
                self.add("prim", work, o, a, b)
            tree = partial(discovery.cart, self.frame, o, one, self.baseline, **options)  # type: ignore[arg-type]
            self.add("cart", tree, o, one, self.baseline)

    def choice(self, o: str) -> None:
        """Which regime is safe to choose over the worlds."""
        options = {"regimes": self.all, "design": self.design}
        best = partial(choice.best_regimes, self.frame, o, **options)  # type: ignore[arg-type]
        self.add("best_regimes", best, o)
        regret = partial(choice.regret, self.frame, o, **options)  # type: ignore[arg-type]
        self.add("regret", regret, o)
        if front.HOURS in outcomes_of(self.frame) and o != front.HOURS:
            work = partial(front.front, self.frame, o, **options)  # type: ignore[arg-type]
            self.add("front", work, o)

    def satisfice(self) -> None:
        """All outcomes at least as good as the baseline's mean over the worlds."""
        self.add("satisficing", self._satisficing, "", seeded=False)

    def _satisficing(self) -> AnalysisResult:
        criteria = []
        for o in filter(judged, self.wanted.outcomes):
            base = contrasts(self.frame, o, self.baseline, (), design=self.design, draws=2)
            level = float(base.table["mean"].iloc[0])
            limit = "at_least" if direction(o) > 0 else "at_most"
            criteria.append(choice.RegimeCriterion(o, **{limit: level}))
        return choice.satisficing(self.frame, criteria, self.all, design=self.design)


def plan(study: SweepStudy, frame: pd.DataFrame, wanted: AnalysisChoice) -> list[PlannedAnalysis]:
    """List the analyses, in the order in which they are told; `wanted` must be complete.

    Where points were run in several worlds, all but the split of variance rests on the means of
    worlds: what then stands for chance holds the worlds too.
    """
    planner = _Planner(study, frame, wanted)
    varied, paired = bool(study.factors), bool(wanted.regimes)
    for o in wanted.outcomes:
        planner.compare(o)
    for o in wanted.outcomes if varied else ():
        planner.sensitivity(o)
        if planner.kind == designs.GRID:
            planner.space(o)
        if planner.kind in SAMPLES and paired:
            planner.discovery(o)
            planner.choice(o)
        if planner.kind not in STEPS:
            planner.chance(o)
    for o in () if varied or planner.worlds < 2 else wanted.outcomes:
        planner.chance(o)
    if varied and paired and planner.kind in SAMPLES:
        planner.satisfice()
    return planner.tasks
