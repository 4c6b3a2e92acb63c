"""Measures of the claims that are not among the outcomes: read off the state of a simulation.

Each takes a simulation at the end of a month and what was noted at month 0 (`StartFacts`), and
gives one number; its value in a window is the mean over the months read in it. Unless said
otherwise they are made for one municipality.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from velfaerd_sim.compiled import in_python
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, YEAR
from velfaerd_sim.measures import outcomes
from velfaerd_sim.measures.observation import is_strained
from velfaerd_sim.model.simulation import TEMPLATE, Simulation
from velfaerd_sim.model.surveys import parameters_of
from velfaerd_sim.model.trial import randomised_referral
from velfaerd_sim.population.schema import (
    BAND_COUNT,
    KNOWN,
    PARTICIPATING,
    VOLUNTEERING,
)
from velfaerd_sim.processes.staff_hours import hours_of_staff, relief_share

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
TENTHS = 10
OLD_MONTHS = 24
BINS = 20
"""Classes of loneliness, each 0.05 wide, in which volunteers are matched with others."""


@dataclass
class StartFacts:
    """What was noted at month 0, and the persons that are followed.

    tenths: uint8 (adults,), tenth of the long-run level of loneliness, 9 the neediest; cohort:
    bool (adults,), or None where nobody is followed.
    """

    loneliness: Array
    age_band: NDArray[Any]
    flags: NDArray[Any]
    tenths: NDArray[Any]
    cohort: Flags | None = None

    @classmethod
    def at_start(cls, simulation: Simulation) -> StartFacts:
        """Note what there is."""
        citizens = simulation.population.citizens
        order = np.argsort(np.argsort(citizens.set_point, kind="stable"), kind="stable")
        return cls(
            citizens.loneliness.astype(np.float64),
            citizens.age_band.copy(),
            citizens.flags.copy(),
            (order * TENTHS // len(order)).astype(np.uint8),
        )


StateMeasure = Callable[[Simulation, StartFacts], float]


def _running(simulation: Simulation) -> NDArray[Any]:
    initiatives = simulation.population.initiatives
    found: NDArray[Any] = initiatives[initiatives["running"] == 1]
    return found


def _adults(simulation: Simulation) -> float:
    return float(simulation.population.towns["adults"].sum())


def _share(part: Flags, whole: Flags) -> float:
    return float((part & whole).sum() / whole.sum()) if whole.any() else float("nan")


def _has(simulation: Simulation, bit: int) -> Flags:
    flags: Flags = (simulation.population.citizens.flags & bit) > 0
    return flags


def _lonely(simulation: Simulation) -> Flags:
    lonely: Flags = (simulation.population.citizens.lonely_history & 1) > 0
    return lonely


def _still_here(simulation: Simulation) -> Flags:
    """Who has lived in the municipality since month 0."""
    here: Flags = ~simulation.entered_since(0)
    return here


def _followed(simulation: Simulation, facts: StartFacts) -> Flags:
    """The persons followed who still live here; nobody where nobody is followed."""
    here = _still_here(simulation)
    return np.zeros_like(here) if facts.cohort is None else facts.cohort & here


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def expected_incidents(simulation: Simulation, _: StartFacts) -> float:
    """Professional incidents to be expected in a year per 1 000 adults, by the month's chances.

    Incidents themselves are rare, so that chance would hide what governance does to them. A test
    holds the log odds, taken for all initiatives at once, to the rule `incident_probability`.
    """
    running, p = _running(simulation), parameters_of(simulation)
    odds = (
        p.incident_log_odds
        + p.incident_from_substitution * running["substitution"]
        - p.incident_from_ambiguity * (running["effective_clarity"] - p.clarity_centre)
    )
    return float(YEAR * 1000.0 * expit(odds).sum() / _adults(simulation))


def fit_of_old_agreements(simulation: Simulation, _: StartFacts) -> float:
    """Mean fit of the agreement of initiatives that are two years old or more."""
    found = _running(simulation)
    return _mean(found["fit"][found["age_months"] >= OLD_MONTHS])


def hours_reaching_people(simulation: Simulation, _: StartFacts) -> float:
    """Share of volunteers' hours that goes to people, not to forms or preparation."""
    state = simulation.population
    volunteers = state.volunteers[state.volunteers["citizen"] >= 0]
    department = state.initiatives["department"][volunteers["initiative"]]
    prepared = 1.0 - parameters_of(simulation).preparation_share
    reaching = (1.0 - state.departments["administration"][department]) * prepared
    hours = volunteers["contact_hours"]
    given = np.divide(hours, reaching, out=np.zeros(len(hours)), where=reaching > 0.0).sum()
    return float(hours.sum() / given) if given > 0.0 else float("nan")


def clarity_first_year(simulation: Simulation, _: StartFacts) -> float:
    """Mean effective clarity of initiatives that are at most a year old."""
    found = _running(simulation)
    return _mean(found["effective_clarity"][found["age_months"] <= YEAR].astype(np.float64))


def authorship(simulation: Simulation, _: StartFacts) -> float:
    """Mean say that volunteers had in writing the roles."""
    return _mean(_running(simulation)["authorship"].astype(np.float64))


def strain_first_year(simulation: Simulation, _: StartFacts) -> float:
    """Share under strain among initiatives at most a year old."""
    found = _running(simulation)
    return _mean(in_python(is_strained)(found["strain"][found["age_months"] <= YEAR]))


def relief_hours(simulation: Simulation, _: StartFacts) -> float:
    """Staff hours a month per 1 000 adults that substitution sets free."""
    state, p = simulation.population, parameters_of(simulation)
    filled = float((state.staff["vacant_months"] == 0).mean())
    share = in_python(relief_share)(state.towns["mean_substitution"].mean(), p)
    return float(in_python(hours_of_staff)(filled, 1000, p) * share)


def reach(needy: Callable[[Simulation, StartFacts], Flags]) -> StateMeasure:
    """Share of some persons who take part now."""

    def measure(simulation: Simulation, facts: StartFacts) -> float:
        return _share(_has(simulation, PARTICIPATING), needy(simulation, facts))

    return measure


def _unknown_lonely(simulation: Simulation, _: StartFacts) -> Flags:
    return _lonely(simulation) & ~_has(simulation, KNOWN)


def _neediest(simulation: Simulation, facts: StartFacts) -> Flags:
    flags: Flags = (facts.tenths == TENTHS - 1) & _still_here(simulation)
    return flags


def _middle(simulation: Simulation, facts: StartFacts) -> Flags:
    flags: Flags = ((facts.tenths == 4) | (facts.tenths == 5)) & _still_here(simulation)
    return flags


def unknown_to_known(simulation: Simulation, _: StartFacts) -> float:
    """Share of the unknown lonely who take part over that of the known lonely."""
    lonely, known = _lonely(simulation), _has(simulation, KNOWN)
    part = _has(simulation, PARTICIPATING)
    among_known = _share(part, lonely & known)
    return _share(part, lonely & ~known) / among_known if among_known > 0.0 else float("nan")


def loneliness_of_neediest(simulation: Simulation, facts: StartFacts) -> float:
    """Mean loneliness of the tenth with the highest long-run level."""
    return _mean(simulation.population.citizens.loneliness[_neediest(simulation, facts)])


def cohort_loneliness(simulation: Simulation, facts: StartFacts) -> float:
    """Mean loneliness of the persons followed."""
    cohort = _followed(simulation, facts)
    return _mean(simulation.population.citizens.loneliness[cohort].astype(np.float64))


def cohort_spread(simulation: Simulation, facts: StartFacts) -> float:
    """Standard deviation of loneliness among the persons followed."""
    cohort = _followed(simulation, facts)
    if cohort.sum() < 2:
        return float("nan")
    return float(simulation.population.citizens.loneliness[cohort].std(ddof=1))


def joiners_before(simulation: Simulation, facts: StartFacts) -> float:
    """Loneliness at month 0 of those who became volunteers, less that of the others, in SD."""
    cohort = _followed(simulation, facts)
    if not cohort.any():
        return float("nan")
    others = ~cohort & ((facts.flags & VOLUNTEERING) == 0) & _still_here(simulation)
    before = facts.loneliness
    return float((before[cohort].mean() - before[others].mean()) / before.std(ddof=1))


def joiners_against_matched(simulation: Simulation, facts: StartFacts) -> float:
    """Change of loneliness since month 0 of new volunteers, less that of others like them, in SD.

    The others have never volunteered and took part in nothing at month 0; they are of the same age
    band and class of loneliness (0.05 wide). Volunteers without any such other are left out.
    """
    cohort = _followed(simulation, facts)
    if not cohort.any():
        return float("nan")
    change = simulation.population.citizens.loneliness.astype(np.float64) - facts.loneliness
    bins = np.minimum((facts.loneliness * BINS).astype(np.intp), BINS - 1)
    cell = facts.age_band.astype(np.intp) * BINS + bins
    busy = ((facts.flags & (VOLUNTEERING | PARTICIPATING)) > 0) | _has(simulation, VOLUNTEERING)
    others = ~cohort & ~busy & _still_here(simulation)
    count = np.bincount(cell[others], minlength=BAND_COUNT * BINS)
    total = np.bincount(cell[others], weights=change[others], minlength=BAND_COUNT * BINS)
    usable = cohort & (count[cell] > 0)
    if not usable.any():
        return float("nan")
    expected = total[cell[usable]] / count[cell[usable]]
    return float((change[usable] - expected).mean() / facts.loneliness.std(ddof=1))


def distance_to_template(simulation: Simulation, _: StartFacts) -> float:
    """Mean distance of the instruments in force from the national template; any municipalities."""
    departments = simulation.population.departments
    template = REGIMES[TEMPLATE]
    return float(
        np.mean(
            [np.abs(departments[name] - getattr(template, name)).mean() for name in INSTRUMENTS]
        )
    )


STATES: dict[str, tuple[str, StateMeasure]] = {
    "expected_incidents_per_1000": ("a year per 1000 adults", expected_incidents),
    "fit_of_old_agreements": ("0-1", fit_of_old_agreements),
    "hours_reaching_people_share": ("share", hours_reaching_people),
    "clarity_first_year": ("0-1", clarity_first_year),
    "authorship_mean": ("0-1", authorship),
    "strain_first_year_share": ("share", strain_first_year),
    "relief_hours_per_1000": ("hours a month per 1000 adults", relief_hours),
    "lonely_unknown_reached_share": ("share", reach(_unknown_lonely)),
    "reach_of_neediest_tenth": ("share", reach(_neediest)),
    "reach_of_middle_tenths": ("share", reach(_middle)),
    "reach_unknown_to_known": ("ratio", unknown_to_known),
    "loneliness_of_neediest_tenth": ("0-1", loneliness_of_neediest),
    "cohort_loneliness": ("0-1", cohort_loneliness),
    "cohort_spread": ("0-1", cohort_spread),
    "joiners_before": ("standard deviations", joiners_before),
    "joiners_against_matched": ("standard deviations", joiners_against_matched),
    "distance_to_template": ("0-1", distance_to_template),
}
"""Measures read off the state, with their units."""

OVER_TIME = {
    "survival_24m": "share",
    "spread_of_quality": "0-1",
    "route_table": "per cent",
    "trial_effect": "standard deviations",
}
"""Measures that need more than one month, with their units."""


def measures() -> tuple[str, ...]:
    """The names of outcomes and of the measures here."""
    return (*outcomes.NAMES, *STATES, *OVER_TIME)


def is_measure(name: str) -> bool:
    """Whether a name is that of an outcome or of a measure here."""
    return name in measures()


def is_judged(name: str) -> bool:
    """Whether more of it is better, or worse; what is only told is neither."""
    return name in outcomes.INDEX and outcomes.named(name).direction != 0


def unit_of(name: str) -> str:
    """The unit of an outcome or a measure."""
    if name in STATES:
        return STATES[name][0]
    return OVER_TIME[name] if name in OVER_TIME else outcomes.named(name).unit


def trial_effect(simulation: Simulation) -> float:
    """How much less lonely a companion offered by lot makes after a year, in SD; NaN without any.

    The simulation is left as it is.
    """
    try:
        return randomised_referral(simulation).effect_sd
    except InputError:  # nobody lonely, or nobody to go to
        return float("nan")


class Survival:
    """Kaplan-Meier share of initiatives alive after two years, read every three months.

    An initiative seen at an age is still alive if its row holds one that is three months older.
    Ages are classed by quarters; those that open and close between two readings are not seen.
    """

    quarters = OLD_MONTHS // 3

    def __init__(self) -> None:
        self.at_risk = np.zeros(self.quarters)
        self.ended = np.zeros(self.quarters)
        self._before: NDArray[Any] | None = None

    def note(self, simulation: Simulation, counts: bool) -> None:
        """Note who is alive; what ended since the last reading counts if asked to."""
        initiatives = simulation.population.initiatives
        ages = np.where(initiatives["running"] == 1, initiatives["age_months"], -9)
        if self._before is not None and counts:
            young = (self._before >= 0) & (self._before < OLD_MONTHS)
            quarter = self._before[young] // 3
            gone = ages[young] != self._before[young] + 3
            self.at_risk += np.bincount(quarter, minlength=self.quarters)
            self.ended += np.bincount(quarter[gone], minlength=self.quarters)
        self._before = ages

    def value(self) -> float:
        """The share alive after two years; NaN where no initiative was seen."""
        if not self.at_risk.all():
            return float("nan")
        return float(np.prod(1.0 - self.ended / self.at_risk))


def retention(simulation: Simulation, first: int, last: int) -> float:
    """Kaplan-Meier share of volunteers who stay twelve months, from the months first .. last."""
    start = simulation.scenario.burn_in_months
    rows = slice(start + max(1, first), start + last + 1)
    at_risk = simulation.at_risk[:, rows, :YEAR].sum(axis=(0, 1)).astype(np.float64)
    ended = simulation.ended[:, rows, :YEAR].sum(axis=(0, 1))
    if at_risk[0] == 0:
        return float("nan")
    return float(np.prod(1.0 - ended / np.maximum(at_risk, 1.0)))
