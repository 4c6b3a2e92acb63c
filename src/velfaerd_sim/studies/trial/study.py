"""What a study of trials asks: regimes, towns, designs, what is measured, and the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import product
from typing import Any

from velfaerd_sim.errors import InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import LAST_MONTH, Regime
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.replicates import replicate_seed
from velfaerd_sim.measures import outcomes
from velfaerd_sim.statistics.cluster_trials import ANALYSES, ROBUST, Layout
from velfaerd_sim.studies.trial.lives import QUESTIONS, REGISTER, TRAITS, Survey, Town
from velfaerd_sim.studies.trial.schedules import (
    CONTROL,
    CROSSOVER,
    DESIGNS,
    PARALLEL,
    STEPPED_WEDGE,
    Path,
    Schedule,
    Timing,
    name_of,
    timeline_of,
)

FEWEST_IN_AN_ARM = 2
MOST_POINTS, MOST_TRIALS, MOST_INVITED = 400, 100_000, 1_000_000


@dataclass(frozen=True)
class Point:
    """One design: its kind, how many municipalities, how many months, how many are invited."""

    design: str
    municipalities: int
    months: int
    n: int


@dataclass(frozen=True)
class Budget:
    """What a trial may cost, and what it must reach.

    staff_hours: at most, no limit where it is None; power: at least; hours_per_municipality: to
    start and run the trial in one that takes part; hours_per_invitation: of each person asked.
    """

    staff_hours: float | None = None
    power: float = 0.8
    hours_per_municipality: float = 150.0
    hours_per_invitation: float = 0.1

    def __post_init__(self) -> None:
        """Check. Raises InputError."""
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                high = 0.999 if each.name == "power" else 1e9
                value = checks.number(value, each.name, 0.0, high)
                object.__setattr__(self, each.name, value)

    def fixed(self, point: Point, measurements: int) -> float:
        """The hours of a design that do not depend on how towns are governed."""
        asked = self.hours_per_invitation * point.n * measurements
        return point.municipalities * (self.hours_per_municipality + asked)


NO_LIMIT = Budget()
USUAL_TIMING = Timing(every=3, baseline=6, implementation=6, settling=3, steps=4)


@dataclass(frozen=True)
class TrialStudy:
    """Trials of one intervention against one control, over designs. Raises InputError.

    scenario: its municipalities are those that may take part; adults: of each by code, where the
    scenario was scaled down; growing: whether the analysis lets the effect depend on the length of
    treatment, see `Layout`; populations: of each municipality in each world.
    """

    name: str
    scenario: Scenario
    control: Regime
    intervention: Regime
    worlds: Worlds
    survey: Survey
    designs: tuple[str, ...] = DESIGNS
    municipalities: tuple[int, ...] = (8, 16, 24)
    months: tuple[int, ...] = (24,)
    invited: tuple[int, ...] = (40,)
    timing: Timing = USUAL_TIMING
    imitation: float = 0.0
    analysis: str = ROBUST
    growing: bool = True
    trials: int = 1000
    populations: int = 1
    budget: Budget = NO_LIMIT
    adults: tuple[tuple[int, int], ...] = ()
    title_en: str = ""
    title_da: str = ""

    def __post_init__(self) -> None:
        """Check. Raises InputError."""
        checks.word(self.name, "name")
        for key in ("title_en", "title_da"):
            checks.text(getattr(self, key), key)
        with located("design", "."):
            self._check_design()
        with located("survey", "."):
            _check_survey(self.survey, self.invited)
        checks.number(self.imitation, "imitation", 0.0, 1.0)
        checks.one_of(self.analysis, "analysis", ANALYSES)
        checks.flag(self.growing, "growing")
        checks.whole(self.trials, "trials", 10, MOST_TRIALS)
        checks.whole(self.populations, "populations", 1, 1000)
        if len(self.points) > MOST_POINTS:
            raise InputError("design", f"{len(self.points)} designs", f"at most {MOST_POINTS}")
        with located("design", "."):
            for point in self.points:
                schedule = self.schedule(point)
                sizes = schedule.sizes(point.municipalities)
                Layout(schedule.treated(), schedule.used(), sizes, self.growing)
        for path in self.lives:
            with located("intervention"):
                timeline_of(path, self.control, self.intervention, self.timing.implementation)
        self._check_budget()

    def _check_design(self) -> None:
        timing = self.timing
        checks.whole(timing.every, "every", 1, LAST_MONTH)
        checks.whole(timing.steps, "steps", 2, LAST_MONTH)
        checks.whole(timing.baseline, "baseline", timing.every, LAST_MONTH)
        for key in ("implementation", "settling"):
            checks.whole(getattr(timing, key), key, 0, LAST_MONTH)
        if timing.baseline % timing.every:
            raise InputError("baseline", timing.baseline, refusal("multiple", of=timing.every))
        for design in self.designs:
            checks.one_of(design, "kinds", DESIGNS)
            for months in self.months:
                self._check_months(design, months)
            arms = timing.steps if design == STEPPED_WEDGE else 2
            most = len(self.scenario.towns)
            for count in self.municipalities:
                allowed = refusal(
                    "clusters", low=FEWEST_IN_AN_ARM * arms, high=most, arms=arms, design=design
                )
                if (
                    not FEWEST_IN_AN_ARM * arms
                    <= checks.whole(count, "municipalities", 1, 10**6)
                    <= most
                ):
                    raise InputError("municipalities", count, allowed)

    def _check_months(self, design: str, months: object) -> None:
        timing = self.timing
        parts = {PARALLEL: 1, CROSSOVER: 2, STEPPED_WEDGE: timing.steps}[design]
        step = parts * timing.every
        high = LAST_MONTH - timing.baseline
        count = checks.whole(months, "months", 1, high)
        if count % step:
            allowed = refusal("steps", step=step, design=design, parts=parts, every=timing.every)
            raise InputError("months", count, allowed)
        if timing.settling and count // parts <= timing.settling:
            allowed = refusal("settled", months=count // parts, design=design)
            raise InputError("settling", timing.settling, allowed)

    def _check_budget(self) -> None:
        limit = self.budget.staff_hours
        if limit is None:
            return
        least = min(
            self.budget.fixed(point, len(self.schedule(point).measured)) for point in self.points
        )
        if limit < least:
            raise InputError("budget.staff_hours", limit, refusal("no_design", hours=f"{least:g}"))

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All designs."""
        asked = self.invited if self.survey.of != REGISTER else (0,)
        combined = product(self.designs, self.municipalities, self.months, asked)
        return tuple(Point(*each) for each in combined)

    def schedule(self, point: Point) -> Schedule:
        """Who changes when in a design."""
        return Schedule(point.design, point.months, self.timing, self.imitation)

    @cached_property
    def lives(self) -> tuple[Path, ...]:
        """What towns live under in any design, each once, control first."""
        found = {CONTROL: None}
        for point in self.points:
            found |= dict.fromkeys(self.schedule(point).lives())
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the lives."""
        return tuple(map(name_of, self.lives))

    @property
    def measured(self) -> tuple[int, ...]:
        """The months of all measurements."""
        last = self.timing.baseline + max(self.months)
        return tuple(range(self.timing.every, last + 1, self.timing.every))

    def towns(self) -> Iterator[tuple[tuple[int, int, int], Town]]:
        """Every municipality of every population in every world, with these three."""
        timelines = [
            timeline_of(path, self.control, self.intervention, self.timing.implementation)
            for path in self.lives
        ]
        lives = tuple(zip(self.lives, timelines, strict=True))
        base = self.scenario.with_(months=self.measured[-1], policy_review=False)
        for number, world in enumerate(self.worlds):
            there = base.with_(parameters=world.parameters)
            for population in range(self.populations):
                seed = replicate_seed(base.seed, population)
                for town in base.towns:
                    own = there.with_(towns=(town,), seed=seed)
                    key = number, population, town.code
                    yield key, Town(own, lives, self.survey, self.measured)

    def thousands(self) -> dict[int, float]:
        """Thousands of adults of each municipality as it is, by code."""
        real = dict(self.adults)
        return {
            town.code: real.get(town.code, town.adults) / 1000.0 for town in self.scenario.towns
        }

    def design(self) -> dict[str, Any]:
        """What is asked as plain values; with the scenario :meth:`of` makes the same study."""
        plain = (
            "name",
            "title_en",
            "title_da",
            "imitation",
            "analysis",
            "growing",
            "trials",
            "populations",
        )
        found = {key: getattr(self, key) for key in plain}
        for key in ("designs", "municipalities", "months", "invited"):
            found[key] = list(getattr(self, key))
        survey = asdict(self.survey) | {"response_by": dict(self.survey.response_by)}
        return found | {
            "timing": asdict(self.timing),
            "survey": survey,
            "budget": asdict(self.budget),
            "adults": [list(each) for each in self.adults],
            "control": self.control.to_dict(),
            "intervention": self.intervention.to_dict(),
            "worlds": self.worlds.to_dict(),
        }

    @classmethod
    def of(cls, scenario: Scenario, design: Mapping[str, Any]) -> TrialStudy:
        """The study in plain values. Raises InputError."""
        keys = dict(design)
        keys.pop("kind", None)
        for key in ("designs", "municipalities", "months", "invited"):
            keys[key] = tuple(keys[key])
        survey = dict(keys["survey"])
        survey["response_by"] = tuple(sorted(survey["response_by"].items()))
        keys["survey"] = Survey(**survey)
        keys["timing"], keys["budget"] = Timing(**keys["timing"]), Budget(**keys["budget"])
        keys["adults"] = tuple((int(code), int(count)) for code, count in keys["adults"])
        keys["control"], keys["intervention"] = (
            Regime(**keys["control"]),
            Regime(**keys["intervention"]),
        )
        keys["worlds"] = Worlds.from_dict(keys["worlds"])
        return cls(scenario=scenario, **keys)

    def with_(self, **changes: Any) -> TrialStudy:
        """A changed study, checked again."""
        return replace(self, **changes)


def _check_survey(survey: Survey, invited: tuple[int, ...]) -> None:
    if survey.of == REGISTER:
        usable = [each.name for each in outcomes.OUTCOMES if each.kind != outcomes.CUMULATIVE]
        checks.one_of(survey.question, "question", usable)
        return
    checks.one_of(survey.of, "of", (*QUESTIONS, REGISTER))
    checks.one_of(survey.question, "question", QUESTIONS[survey.of])
    for count in invited:
        checks.whole(count, "invited", 1, MOST_INVITED)
    checks.number(survey.response, "response", 0.01, 1.0)
    known = TRAITS[survey.of]
    for trait, weight in survey.response_by:
        if trait not in known:
            raise InputError(
                "response_by",
                trait,
                refusal("one_of", names=", ".join(known)),
                nearest(trait, known),
            )
        checks.number(weight, f"response_by.{trait}", -10.0, 10.0)
    if survey.response_by and survey.response == 1.0:
        raise InputError(
            "response", survey.response, "a share below 1, as who answers depends on who one is"
        )
