"""The choice that information would serve: regimes, what they bring in every world, at what price.

It is read from the folder of a comparison over worlds, or of a sweep over uncertain parameters, and
stands whole in the record of the study, which needs that folder no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.engine import store
from velfaerd_sim.engine.rows import DONE, RowStore
from velfaerd_sim.errors import InputError, nearest
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments.losses import counted, number_of
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, named
from velfaerd_sim.statistics.information import Worlds as Benefits
from velfaerd_sim.statistics.information import by_world
from velfaerd_sim.statistics.intervals import IntervalRule, jackknife_ratio
from velfaerd_sim.studies.compare import plan as comparisons
from velfaerd_sim.studies.sweep import plan as sweeps
from velfaerd_sim.studies.sweep.sweeping import runs_frame

Array = NDArray[np.float64]
FEWEST_WORLDS = 10
USUAL_GOAL = "lonely_years_averted_per_1000"
HOURS = "staff_hours_per_1000"
NO_HOURS, IS_HOURS, CHEAPEST, UNCLEAR = "no_hours", "is_hours", "cheapest", "unclear"
"""Why nothing can be said in hours."""
_FOLDER = "the folder of a comparison with --worlds, or of a sweep over uncertain parameters"


class Price(NamedTuple):
    """What an hour a month per 1 000 adults brings, in the goal's unit, with its error.

    reason: why it is not known. against: the regime that the one chosen now is held against.
    """

    gain: float
    error: float
    reason: str = ""
    against: str = ""


def _content(world: World) -> tuple[Any, ...]:
    """What makes a world the same as another."""
    return (*world.parameters.values(), world.theory)


@dataclass(frozen=True)
class Decision:
    """A choice between regimes, the first of them the baseline.

    worlds: each once, with how much it counts. world, replicate: int64 (runs,), the place of each
    run's world, and its replicate where runs of one replicate share their draws over worlds, else
    None. reached, hours: (runs, regimes), the goal and the staff hours; hours None where they were
    not kept.
    """

    source: Mapping[str, Any]
    goal: str
    scenario: Scenario
    timelines: tuple[Timeline, ...]
    worlds: Worlds
    world: NDArray[np.int64]
    replicate: NDArray[np.int64] | None
    reached: Array
    hours: Array | None

    @property
    def regimes(self) -> tuple[str, ...]:
        """The names of the regimes."""
        return tuple(timeline.name for timeline in self.timelines)

    @property
    def varying(self) -> tuple[str, ...]:
        """The parameters that differ between worlds."""
        values = {name: {each.parameters[name] for each in self.worlds} for name in self._names}
        return tuple(name for name in self._names if len(values[name]) > 1)

    @property
    def _names(self) -> tuple[str, ...]:
        return self.worlds.names

    @property
    def theories(self) -> tuple[str, ...]:
        """The theories that worlds stand under, '' for the model itself; none where it is one."""
        found = tuple(dict.fromkeys(each.theory for each in self.worlds))
        return found if len(found) > 1 else ()

    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups of the parameter table of which two parameters or more vary."""
        found: dict[str, list[str]] = {}
        for name in self.varying:
            found.setdefault(BY_NAME[name].group, []).append(name)
        return {group: tuple(names) for group, names in found.items() if len(names) > 1}

    def columns(self, names: Sequence[str]) -> Array:
        """Parameters of the worlds; (worlds, names)."""
        return np.array([[each.parameters[name] for name in names] for each in self.worlds])

    def theory_columns(self) -> Array:
        """Under which theory each world stands; (worlds, theories), 0 or 1."""
        return np.array([[float(each.theory == t) for t in self.theories] for each in self.worlds])

    def benefits(self) -> Benefits:
        """What regimes bring in every world; more is better."""
        weight = np.array([each.weight for each in self.worlds])
        return by_world(
            named(self.goal).direction * self.reached, self.world, weight, self.replicate
        )

    def best(self) -> str:
        """The regime that is best on average."""
        benefits = self.benefits()
        return self.regimes[int(np.argmax(benefits.weight @ benefits.mean))]

    def price(self) -> Price:
        """What an hour brings where the regimes of the comparison buy it.

        The regime that is best on average is held against each that uses fewer hours; what it gains
        over these hours is least for the one that comes next on the efficient frontier, and that is
        the exchange rate (the incremental cost-effectiveness ratio: Drummond et al. 2015, Methods
        for the Economic Evaluation of Health Care Programmes, chapter 4). Its error is that of the
        ratio over worlds. Not known where no regime uses fewer hours, or the gain is not told apart
        from 0.
        """
        if self.goal == HOURS:
            return Price(np.nan, np.nan, IS_HOURS)
        if self.hours is None:
            return Price(np.nan, np.nan, NO_HOURS)
        benefits = self.benefits()
        used = by_world(self.hours, self.world, benefits.weight, None).mean
        best = self.regimes.index(self.best())
        found = []
        for other in range(len(self.regimes)):
            more = used[:, best] - used[:, other]
            if benefits.weight @ more > 1e-9:
                gain = benefits.mean[:, best] - benefits.mean[:, other]
                ratio = jackknife_ratio(gain[:, None], more[:, None], IntervalRule())
                found.append(
                    Price(float(ratio.value[0]), float(ratio.error[0]), "", self.regimes[other])
                )
        if not found:
            return Price(np.nan, np.nan, CHEAPEST)
        least = min(found)
        if not least.gain > 2.0 * least.error:
            return Price(np.nan, np.nan, UNCLEAR, least.against)
        return least

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in the record; with it they give the same decision."""
        return {
            "source": dict(self.source),
            "goal": self.goal,
            "worlds": self.worlds.to_dict(),
            "world": self.world.tolist(),
            "replicate": None if self.replicate is None else self.replicate.tolist(),
            "reached": self.reached.tolist(),
            "hours": None if self.hours is None else self.hours.tolist(),
        }

    @classmethod
    def from_dict(
        cls, content: Mapping[str, Any], scenario: Scenario, timelines: tuple[Timeline, ...]
    ) -> Decision:
        """The decision in plain values."""
        replicate, hours = content["replicate"], content["hours"]
        return cls(
            content["source"],
            content["goal"],
            scenario,
            timelines,
            Worlds.from_dict(content["worlds"]),
            np.array(content["world"], np.int64),
            None if replicate is None else np.array(replicate, np.int64),
            np.array(content["reached"], np.float64),
            None if hours is None else np.array(hours, np.float64),
        )


def decision_in(folder: str | Path, goal: str | None = None) -> Decision:
    """Read the choice from a folder. Raises InputError where there is none in it.

    goal: an outcome that is good or bad in itself; lonely years averted unless told otherwise.
    """
    path = Path(folder)
    record = store.read_record(path)
    wanted = USUAL_GOAL if goal is None else named(goal, "goal").name
    if not named(wanted).direction:
        raise InputError("goal", wanted, "an outcome of which more, or less, is better")
    if record["kind"] == comparisons.KIND:
        found = _of_comparison(path, record, wanted)
    elif record["kind"] == sweeps.KIND:
        found = _of_sweep(path, record, wanted)
    else:
        raise InputError(
            "folder", str(folder), f"{_FOLDER}; this one is of the kind {record['kind']}"
        )
    if len(found.timelines) < 2:
        raise InputError(
            "folder", str(folder), "a study of two regimes or more: there is no choice"
        )
    if len(found.worlds) < FEWEST_WORLDS:
        there = len(found.worlds)
        allowed = f"a study over at least {FEWEST_WORLDS} different worlds, and these are {there}"
        raise InputError("folder", str(folder), allowed)
    return found


def _of_comparison(path: Path, record: Mapping[str, Any], goal: str) -> Decision:
    plan = comparisons.ComparisonPlan.of(record)
    design = plan.design
    if design.worlds is None:
        raise InputError("folder", str(path), f"{_FOLDER}; this comparison is in one world")
    if comparisons.SERIES not in record["files"]:
        raise InputError("folder", str(path), "a comparison that ran to its end")
    rows = RowStore(plan, None)
    rows.take_over(plan.rows_in_tables(path, record))
    numbers = plan.numbers(rows)
    values = plan.summaries(rows, numbers).values
    reached = values[:, :, INDEX[goal]]  # where nobody is left, it is the worst already
    hours = values[:, :, INDEX[HOURS]]
    places = np.array(numbers, np.int64) % len(design.worlds)
    return _decision(
        _source(path, record),
        goal,
        design.scenario,
        design.timelines,
        tuple(design.worlds),
        places,
        None,
        reached,
        hours,
    )


def _of_sweep(path: Path, record: Mapping[str, Any], goal: str) -> Decision:
    study = sweeps.study_of(record)
    for factor in study.factors:
        if factor.role == "lever":
            allowed = f"{_FOLDER}; {factor.name} is decided, not found out"
            raise InputError("folder", str(path), allowed)
    if bool(study.factors) == (study.worlds is not None):
        raise InputError("folder", str(path), f"{_FOLDER}: either factors or worlds vary in it")
    kept = [name for name in study.outcomes if OUTCOMES[INDEX[name]].direction]
    if goal not in kept:
        raise InputError("goal", goal, "an outcome that the sweep kept", nearest(goal, kept))
    frame = runs_frame(path)
    frame = _losses_as_worst(frame[frame["status"] == DONE], goal)
    regimes = [timeline.name for timeline in study.regimes]
    size = 1 if study.worlds is None else len(study.worlds)

    def wide(outcome: str) -> Any:
        table = frame.pivot(
            index=["point_id", "replicate"], columns="regime", values=f"outcome.{outcome}"
        )
        return table.reindex(columns=regimes).sort_index()

    table = wide(goal)
    points, replicates = (table.index.get_level_values(k) for k in (0, 1))
    if study.worlds is None:
        ids = list(dict.fromkeys(points))
        columns = [f"parameter.{factor.name}" for factor in study.factors]
        first = frame.drop_duplicates("point_id").set_index("point_id")[columns]
        names = [factor.name for factor in study.factors]
        worlds = tuple(
            World(k, 1.0, dict(zip(names, map(float, first.loc[point]), strict=True)))
            for k, point in enumerate(ids)
        )
        place = {point: k for k, point in enumerate(ids)}
        places = np.array([place[point] for point in points], np.int64)
        shared = np.asarray(replicates, np.int64)
    else:
        worlds = tuple(study.worlds)
        places, shared = np.asarray(replicates, np.int64) % size, None
    hours = wide(HOURS).to_numpy(np.float64) if HOURS in study.outcomes else None
    reached = table.to_numpy(np.float64)
    return _decision(
        _source(path, record),
        goal,
        study.scenario,
        study.regimes,
        worlds,
        places,
        shared,
        reached,
        hours,
    )


def _losses_as_worst(done: Any, goal: str) -> Any:
    """Runs of a sweep that are done; one in which nobody is left counts with the goal's worst."""
    column, number = (f"outcome.{name}" for name in (goal, number_of(goal)))
    values = done[column].to_numpy(np.float64)
    numbers = done[number].to_numpy(np.float64) if number in done else None
    return done.assign(**{column: counted(goal, values, numbers)})


def _source(path: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": record["kind"],
        "name": path.resolve().name,
        "fingerprint": record["fingerprint"],
        "model_digest": record["package"].get("model_digest"),
    }


def _decision(
    source: Mapping[str, Any],
    goal: str,
    scenario: Scenario,
    timelines: tuple[Timeline, ...],
    worlds: Sequence[World],
    places: NDArray[np.int64],
    replicate: NDArray[np.int64] | None,
    reached: Array,
    hours: Array | None,
) -> Decision:
    """A decision of the runs in which every regime has a value; each world stands in it once."""
    whole = np.isfinite(reached).all(axis=1)
    if hours is not None:
        whole &= np.isfinite(hours).all(axis=1)
    if not whole.any():
        raise InputError("goal", goal, "an outcome that has a value in some world")
    first: dict[Any, int] = {}
    own = np.array([first.setdefault(_content(world), k) for k, world in enumerate(worlds)])
    there, unit = np.unique(own[places[whole]], return_inverse=True)
    drawn = np.bincount(own[np.unique(places[whole])], minlength=len(worlds))[there]
    kept = (
        replace(worlds[k], weight=float(count / drawn.sum()))
        for k, count in zip(there.tolist(), drawn, strict=True)
    )
    return Decision(
        source,
        goal,
        scenario,
        timelines,
        Worlds("decision", tuple(kept)),
        unit.astype(np.int64),
        None if replicate is None else replicate[whole],
        reached[whole],
        None if hours is None else hours[whole],
    )
