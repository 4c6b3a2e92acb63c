"""What advice is asked for on its page: as a value, to a link and back, and as a search."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from velfaerd_sim.dashboard.frame.stated_place import StatedPlace, number_in
from velfaerd_sim.dashboard.parts.long_studies import seconds_per_adult_month
from velfaerd_sim.dashboard.parts.place_studies import LEARNT_IN, worlds_of
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.errors import InputError, VelfaerdError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.reporting.pages.decisions.advice import write_advice_report
from velfaerd_sim.studies.advise.advising import advice_plan
from velfaerd_sim.studies.advise.goals import USUAL as USUAL_GOAL
from velfaerd_sim.studies.advise.plan import AdvicePlan
from velfaerd_sim.studies.advise.space import LEVER

GOALS = tuple(each.name for each in OUTCOMES if each.direction)
"""Outcomes of which more, or less, is better."""
USUAL_HOURS = 12.0
QUICK, FULL = "quick", "full"
WANTED: Mapping[str, Mapping[str, Any]] = {
    QUICK: {"evaluations": 40, "search_worlds": 8, "fresh": 24, "adults": 600, "months": 48},
    FULL: {"evaluations": 120, "search_worlds": 24, "fresh": 60, "adults": 1000, "months": 60},
}
"""What a search of a size is asked for."""
_OPTIONS = {"search_worlds": "search-worlds"}


@dataclass(frozen=True)
class AdviceView:
    """What is asked for. Raises InputError where something is unknown or out of its limits.

    goal: an outcome; most: staff hours a month per 1 000 adults at most; fixed: instruments that
    stay as they are today; search: how much is run.
    """

    goal: str = USUAL_GOAL
    most: float = USUAL_HOURS
    fixed: tuple[str, ...] = ()
    search: str = QUICK

    def __post_init__(self) -> None:
        checks.one_of(self.goal, "goal", GOALS)
        checks.one_of(self.search, "search", tuple(WANTED))
        for name in self.fixed:
            checks.one_of(name, "fix", INSTRUMENTS)
        object.__setattr__(self, "fixed", tuple(n for n in INSTRUMENTS if n in self.fixed))
        low, high = hours_limits()
        if not low < self.most <= high:
            allowed = refusal("advice_budget", low=f"{low:g}", high=f"{high:g}")
            raise InputError("most", self.most, allowed)

    def with_hours(self, text: str) -> AdviceView:
        """With other hours, as somebody wrote them. Raises InputError."""
        return replace(self, most=number_in(text, "most", hours_limits()))

    def with_fixed(self, name: str, wanted: bool) -> AdviceView:
        """With an instrument fixed, or free. Raises InputError."""
        others = tuple(each for each in self.fixed if each != name)
        return replace(self, fixed=(*others, name) if wanted else others)

    def query(self) -> dict[str, object]:
        """The values of a link; what is as usual is left out."""
        usual = AdviceView()
        found: dict[str, object] = {"fix": ",".join(self.fixed)}
        for key, value in (("goal", self.goal), ("most", self.most), ("search", self.search)):
            found[key] = f"{value:g}" if isinstance(value, float) else value
            if value == getattr(usual, key):
                found[key] = ""
        return found

    @classmethod
    def of_query(cls, values: Mapping[str, str]) -> tuple[AdviceView, tuple[VelfaerdError, ...]]:
        """The view in the values of a link, and what could not be read in it."""
        view, faults = cls(), list[VelfaerdError]()
        for key in ("goal", "most", "search", "fix"):
            if key not in values:
                continue
            try:
                if key == "most":
                    view = view.with_hours(values[key])
                else:
                    text = values[key]
                    fixed = tuple(filter(None, text.split(",")))
                    changes: dict[str, Any] = {"fixed": fixed} if key == "fix" else {key: text}
                    view = replace(view, **changes)
            except VelfaerdError as error:
                faults.append(error)
        return view, tuple(faults)


def hours_limits() -> tuple[float, float]:
    """From and to how many hours advice is given."""
    return BY_NAME[LEVER].low, BY_NAME[LEVER].high


@dataclass(frozen=True)
class Search:
    """A search: the view, the place, and whether it is in the worlds that were learnt of it."""

    view: AdviceView
    place: StatedPlace | None
    learnt: bool

    @classmethod
    def of(cls, view: AdviceView, place: StatedPlace | None) -> Search:
        """The search of a view; in the worlds of the place where they are there."""
        return cls(view, place, place is not None and worlds_of(place) is not None)

    @property
    def scenario(self) -> Scenario:
        """The town, governed as today with the hours of today."""
        base = load_scenario("baseline")
        return base if self.place is None else self.place.place.scenario(base, None)

    @property
    def worlds(self) -> Worlds | None:
        """The worlds of the place where they were learnt; None for those of the nation.

        Raises VelfaerdError where they are not there any more.
        """
        if not self.learnt or self.place is None:
            return None
        found = worlds_of(self.place)
        if found is None:
            raise VelfaerdError(refusal("worlds_gone"))
        return found

    @property
    def fix(self) -> dict[str, float]:
        """Fixed instruments with their values of today."""
        regime = self.scenario.timeline.single() or REGIMES[STATUS_QUO]
        return {name: round(float(getattr(regime, name)), 2) for name in self.view.fixed}

    def plan(self) -> AdvicePlan:
        """The plan of the search; its work is done in threads of this process."""
        plan = advice_plan(
            self.scenario,
            hours_at_most=self.view.most,
            goal=self.view.goal,
            fix=self.fix,
            worlds=self.worlds,
            **WANTED[self.view.search],
        )
        plan.processes = False
        return plan

    def command(self) -> str:
        """The command line that does the same; with a place, in the folder of its study."""
        scenario = "baseline" if self.place is None else LEARNT_IN
        words = ["velfaerd", "advise", scenario, "--hours-at-most", f"{self.view.most:g}"]
        words += ["--goal", self.view.goal]
        for name, value in self.fix.items():
            words += ["--fix", f"{name}={value:g}"]
        for name, value in WANTED[self.view.search].items():
            words += [f"--{_OPTIONS.get(name, name)}", str(value)]
        return shlex.join([*words, "--out", "results/advice"])


def search_in(search: Search, folder: Path, progress: Progress) -> None:
    """Carry a search out in a folder; raises what the study raises."""
    options = Options(workers=1, progress=progress)
    carry_out(search.plan(), folder, options, command=search.command())


make = partial(partial, search_in)
"""The work of a search."""
write = write_advice_report


@lru_cache(maxsize=32)
def adult_months(search: Search) -> float:
    """How large a search is."""
    return search.plan().outlook_cost()


def expected_seconds(search: Search) -> float:
    """About how long a search takes."""
    return seconds_per_adult_month() * adult_months(search)
