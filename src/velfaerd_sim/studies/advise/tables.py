"""What is advised, as tables: from fresh runs alone, so that luck of the search is left behind.

Everything is a mean over fresh worlds, each with people and draws that the search never saw, paired
with today's governance in the same town. Intervals are Student's and hold 95 % each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import store
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.statistics.intervals import Interval, IntervalRule, interval
from velfaerd_sim.statistics.surrogate import undominated
from velfaerd_sim.studies.advise.design import AdviceDesign
from velfaerd_sim.studies.advise.search import FIRST, FRONT, MORE, MOVE, PACKAGE
from velfaerd_sim.studies.advise.space import HOURS, NAMES, rounded
from velfaerd_sim.studies.advise.work import NAMED, PATH, TODAY, Candidate

Array = NDArray[np.float64]
FILES = ("front", "packages", "margins", "moves", "regimes", "hours", "paths")
AVAILABLE = "available"
"""The hours that are available, where `hours_per_1000` are those that are used."""
MATTERS = 0.1
"""The share of a package's benefit that may be lost before it matters."""
RESAMPLES = 2000
TENTH = 0.1


@dataclass(frozen=True)
class FreshRuns:
    """Fresh runs: candidates, their benefit over today's and hours used, (candidates, worlds).

    outcomes: names; values: float64 (candidates, worlds, outcomes).
    """

    candidates: tuple[Candidate, ...]
    gains: Array = field(repr=False)
    hours: Array = field(repr=False)
    outcomes: tuple[str, ...]
    values: Array = field(repr=False)

    def which(self, kind: str) -> list[int]:
        """The places of candidates of a kind of role."""
        return [k for k, each in enumerate(self.candidates) if each.role.split()[0] == kind]

    def rest(self, place: int) -> str:
        """What stands after the kind in a role."""
        return self.candidates[place].role.partition(" ")[2]

    @property
    def points(self) -> Array:
        """Points of the candidates, (n, 9)."""
        return np.array([each.point for each in self.candidates])

    def without_volunteers(self) -> dict[str, int]:
        """In how many worlds today's governance and the best package end without volunteers."""
        none = (self.values[..., self.outcomes.index("volunteers_per_1000")] == 0.0).sum(axis=1)
        return {"today": int(none[0]), "best": int(none[self.which(PACKAGE)[0]])}


def tables_of(
    design: AdviceDesign, fresh: FreshRuns, taken: FreshRuns | None = None
) -> dict[str, Any]:
    """The tables of a search, by file name. taken: runs of paths, where there are any."""
    made = {
        "front": front_table(design, fresh),
        "packages": packages_table(design, fresh),
        "margins": margins_table(fresh),
        "moves": moves_table(fresh),
        "regimes": regimes_table(fresh),
        "hours": hours_table(fresh),
        "paths": paths_table(taken),
    }
    return {f"{name}.parquet": table for name, table in made.items()}


def alone(fresh: FreshRuns) -> dict[str, float]:
    """What each instrument gives by itself, with all else as today; 0 where it does not move."""
    own = {fresh.rest(place): float(fresh.gains[place].mean()) for place in fresh.which(FIRST)}
    return dict.fromkeys(INSTRUMENTS, 0.0) | own


def paths_table(taken: FreshRuns | None) -> pa.Table:
    """Paths to the best package: what they give on the way, and against all at once.

    months: from one step to the next; steps: instruments with + between, steps with blanks;
    against: benefit less that of the path at once, in the same towns, with its interval.
    """
    which = [] if taken is None else taken.which(PATH)
    words = [taken.candidates[place].role.split() for place in which] if taken else []
    gains = np.empty((0, 2)) if taken is None else taken.gains[which]
    found, against = mean_of(gains), mean_of(gains - gains[:1])
    return store.arrow(
        {
            "path": pa.array([each[1] for each in words], pa.string()),
            "months": np.array([int(each[2]) for each in words], np.int64),
            "steps": pa.array([" ".join(each[3:]) for each in words], pa.string()),
            "benefit": found.mean,
            "ci_low": found.low,
            "ci_high": found.high,
            "against": against.mean,
            "against_low": against.low,
            "against_high": against.high,
        }
    )


def mean_of(values: Array) -> Interval:
    """Interval of means over worlds: (candidates, worlds)."""
    return interval(values.T, IntervalRule())


def membership(design: AdviceDesign, fresh: FreshRuns) -> Array:
    """How sure it is that a candidate is on the Pareto front of all that is advised, (n,).

    The share of bootstrap samples of worlds (Efron 1979, doi 10.1214/aos/1176344552) in which no
    other has as much benefit at no more hours. Named regimes with the hours of the best
    package are among the others. 0 for what could not be advised.
    """
    kinds = (PACKAGE, FRONT, NAMED)
    may = design.space.holds(fresh.points)
    may &= np.array([each.role.split()[0] in kinds for each in fresh.candidates])
    which = np.flatnonzero(may)
    found = np.zeros(len(fresh.candidates))
    if not len(which):
        return found
    rng = np.random.default_rng(design.scenario.seed)
    worlds = fresh.gains.shape[1]
    weights = rng.multinomial(worlds, np.full(worlds, 1.0 / worlds), RESAMPLES) / worlds
    benefit, hours = weights @ fresh.gains[which].T, weights @ fresh.hours[which].T
    within = hours <= design.most * (1.0 + 1e-9)
    on_front = undominated(np.where(within, benefit, -np.inf), hours) & within
    found[which] = on_front.mean(axis=0)
    return found


def _places(fresh: FreshRuns, which: list[int]) -> dict[str, Any]:
    """Columns with the points of candidates."""
    points = fresh.points[which]
    columns: dict[str, Any] = {name: points[:, k] for k, name in enumerate(INSTRUMENTS)}
    return {**columns, AVAILABLE: points[:, HOURS]}


def _benefits(fresh: FreshRuns, which: list[int]) -> dict[str, Any]:
    """Columns with benefit and hours of candidates."""
    found = mean_of(fresh.gains[which])
    return {
        "hours_per_1000": fresh.hours[which].mean(axis=1),
        "benefit": found.mean,
        "ci_low": found.low,
        "ci_high": found.high,
    }


def front_table(design: AdviceDesign, fresh: FreshRuns) -> pa.Table:
    """The points on the front as the search saw it, by hours, with how sure each is to be on it."""
    which = [*fresh.which(PACKAGE), *fresh.which(FRONT)]
    hours = fresh.hours.mean(axis=1)
    which = sorted(which, key=lambda place: (hours[place], place))
    sure = membership(design, fresh)[which]
    return store.arrow({**_benefits(fresh, which), "membership": sure, **_places(fresh, which)})


def packages_table(design: AdviceDesign, fresh: FreshRuns) -> pa.Table:
    """The packages by rank, with worst tenth, regret and the lead over the best named regime.

    worst_tenth: the mean benefit in the tenth of worlds in which it is least. regret: what is lost
    on average against the best of all candidates within the budget in each world; at most so much,
    as chance helps the best. lead: over the named regime with the most benefit in the same worlds
    with the same hours available.
    """
    which = fresh.which(PACKAGE)
    gains = fresh.gains[which]
    tenth = max(1, round(TENTH * gains.shape[1]))
    may = design.space.holds(fresh.points) & (fresh.hours.mean(axis=1) <= design.most)
    may[which] = True
    best = fresh.gains[may].max(axis=0)
    rival = best_named(fresh)
    lead = mean_of(gains - fresh.gains[rival])
    columns: dict[str, Any] = {
        "rank": np.arange(1, len(which) + 1),
        **_benefits(fresh, which),
        "membership": membership(design, fresh)[which],
        "worst_tenth": np.sort(gains, axis=1)[:, :tenth].mean(axis=1),
        "regret": (best - gains).mean(axis=1),
        "best_named": [fresh.rest(rival)] * len(which),
        "lead": lead.mean,
        "lead_low": lead.low,
        "lead_high": lead.high,
        **_places(fresh, which),
    }
    for k, name in enumerate(fresh.outcomes):
        columns[f"outcome.{name}"] = mean_of(fresh.values[which, :, k]).mean
    return store.arrow(columns)


def best_named(fresh: FreshRuns) -> int:
    """The place of the named regime with the most benefit in the fresh worlds."""
    named = fresh.which(NAMED)
    return named[int(np.argmax(fresh.gains[named].mean(axis=1)))]


def regimes_table(fresh: FreshRuns) -> pa.Table:
    """Named regimes with the hours of the best package, and how far each lies from it."""
    which = fresh.which(NAMED)
    best = fresh.which(PACKAGE)[0]
    lead = mean_of(fresh.gains[best] - fresh.gains[which])
    away = fresh.points[which] - fresh.points[best]
    return store.arrow(
        {
            "regime": [fresh.rest(place) for place in which],
            **_benefits(fresh, which),
            "lead": lead.mean,
            "lead_low": lead.low,
            "lead_high": lead.high,
            "distance": np.sqrt((away[:, :HOURS] ** 2).sum(axis=1)),
        }
    )


def moves_table(fresh: FreshRuns) -> pa.Table:
    """The best package with one instrument moved: what is gained by it, mostly less than zero."""
    which = fresh.which(MOVE)
    names = [fresh.rest(place) for place in which]
    best = fresh.which(PACKAGE)[0]
    found = mean_of(fresh.gains[which] - fresh.gains[best])
    values = [fresh.candidates[k].point[NAMES.index(n)] for k, n in zip(which, names, strict=True)]
    return store.arrow(
        {
            "instrument": names,
            "value": np.array(values, np.float64),
            "change": found.mean,
            "ci_low": found.low,
            "ci_high": found.high,
            "hours_per_1000": fresh.hours[which].mean(axis=1),
        }
    )


def margins_table(fresh: FreshRuns) -> pa.Table:
    """How far each instrument of the best package may move before it matters, and its worth.

    low, high: between them the benefit falls by less than `MATTERS` of it, on straight lines
    between the levels that were run. worth: what is lost where this instrument alone is as today.
    first: what is gained where this instrument alone is as in the package and all else as today.
    """
    best = fresh.which(PACKAGE)[0]
    today = fresh.points[fresh.which(TODAY)[0]]
    loss_that_matters = MATTERS * max(0.0, float(fresh.gains[best].mean()))
    rows: dict[str, list[Any]] = {}
    for k, name in enumerate(INSTRUMENTS):
        own = fresh.points[best, k]
        moves = [m for m in fresh.which(MOVE) if fresh.rest(m) == name]
        levels = np.array([fresh.points[m, k] for m in moves] + [own])
        means = [float((fresh.gains[m] - fresh.gains[best]).mean()) for m in moves]
        change = np.array([*means, 0.0])
        order = np.argsort(levels, kind="stable")
        low, high = _range(levels[order], change[order], float(own), loss_that_matters)
        back = [m for m in moves if fresh.points[m, k] == rounded(today)[k]]
        row = {"instrument": name, "value": own, "today": today[k], "low": low, "high": high}
        gone = fresh.gains[best] - fresh.gains[back[0]] if back else None
        row |= _named_interval("worth", gone, 0.0 if own == rounded(today)[k] else np.nan)
        start = [f for f in fresh.which(FIRST) if fresh.rest(f) == name]
        row |= _named_interval("first", fresh.gains[start[0]] if start else None, 0.0)
        row["matters"] = loss_that_matters
        for key, value in row.items():
            rows.setdefault(key, []).append(value)
    return store.arrow(
        {key: value if key == "instrument" else np.array(value) for key, value in rows.items()}
    )


def _named_interval(name: str, values: Array | None, otherwise: float) -> dict[str, float]:
    """A mean with its ends as columns; otherwise: where nothing was run, 0 if nothing is moved."""
    if values is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), otherwise)
    found = mean_of(values[None])
    ends = zip(("", "_low", "_high"), (found.mean, found.low, found.high), strict=True)
    return {name + end: float(value[0]) for end, value in ends}


def _range(levels: Array, change: Array, own: float, matters: float) -> tuple[float, float]:
    """The ends to which a value may move; levels rise and hold the value itself."""
    at = int(np.argmin(np.abs(levels - own)))
    ends = []
    for step, last, end in ((-1, 0, 0.0), (1, len(levels) - 1, 1.0)):
        place = at
        while place != last:
            here, there = change[place], change[place + step]
            if there < -matters:
                share = (here + matters) / (here - there) if here > there else 0.0
                end = float(levels[place] + share * (levels[place + step] - levels[place]))
                break
            place += step
        ends.append(end)
    return ends[0], ends[1]


def hours_table(fresh: FreshRuns) -> pa.Table:
    """The best package with some hours more or fewer: change of the benefit and of hours used."""
    which = fresh.which(MORE)
    best = fresh.which(PACKAGE)[0]
    found = mean_of(fresh.gains[which] - fresh.gains[best])
    return store.arrow(
        {
            "step": np.array([int(fresh.rest(place)) for place in which], np.int64),
            "change": found.mean,
            "ci_low": found.low,
            "ci_high": found.high,
            "hours_per_1000": (fresh.hours[which] - fresh.hours[best]).mean(axis=1),
        }
    )
