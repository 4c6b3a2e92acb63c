"""Tasks: the units of work of a study, and the names of its runs.

A task is one point and one replicate: one population, one burn-in, a fork for every regime. A run
is what a task gives for one regime; its name is made from everything that its result depends on, so
a run that is found by its name need not be run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from velfaerd_sim import in_force
from velfaerd_sim.digests import model_digest
from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.instruments.replicates import ReplicateTask
from velfaerd_sim.studies.sweep.designs import ParameterSet
from velfaerd_sim.studies.sweep.study import SweepStudy

MOST_TOGETHER, LEAST_GROUPS = 8, 64
"""Tasks that share a burn-in at most; groups that are to be left for workers at least."""
_FORMAT = "velfaerd_sim run 2"
_MOST_STEMS = 100_000


@dataclass(frozen=True, slots=True)
class SweepTask:
    """One point and one replicate with its seed; a run for every regime of the study."""

    point: ParameterSet
    replicate: int
    seed: int

    @property
    def key(self) -> tuple[str, int]:
        """The name of the point and the number of the replicate."""
        return self.point.point_id, self.replicate


def tasks(study: SweepStudy) -> Iterator[SweepTask]:
    """Every task of a study: all points with replicate 0, in the order of the design, then 1, ...

    A sweep that was broken off has thus gone through whole designs first. A point that stands in
    several rows of the design is one task.
    """
    for replicate, seed in enumerate(study.seeds):
        for point in study.points.distinct:
            yield SweepTask(point, replicate, seed)


def groups(study: SweepStudy) -> Iterator[tuple[SweepTask, ...]]:
    """Every task of a study in the same order, some together that share a burn-in."""
    points = together(study)
    for replicate, seed in enumerate(study.seeds):
        for each in points:
            yield tuple(SweepTask(point, replicate, seed) for point in each)


def together(study: SweepStudy) -> list[tuple[ParameterSet, ...]]:
    """All points, those together that share a burn-in.

    Points do that differ in instruments alone, as regimes begin after it. In a small study they
    stay apart, so that many workers have something to do.
    """
    every = study.points.distinct
    if not any(factor.instrument for factor in study.factors):
        return [(point,) for point in every]
    found: dict[tuple[tuple[str, float], ...], list[ParameterSet]] = {}
    for point in every:
        own = tuple((name, value) for name, value in point.values if name in BY_NAME)
        found.setdefault(own, []).append(point)
    most = max(1, min(MOST_TOGETHER, len(every) * study.repeats // LEAST_GROUPS))
    return [part for points in found.values() for part in _parts(points, most)]


def _parts(points: list[ParameterSet], most: int) -> Iterator[tuple[ParameterSet, ...]]:
    """Points in parts of about the same size."""
    count = -(-len(points) // most)
    ends = [len(points) * part // count for part in range(count + 1)]
    return (tuple(points[start:end]) for start, end in pairwise(ends))


def replicate_task(study: SweepStudy, task: SweepTask, threads: int = 1) -> ReplicateTask:
    """The work of a task as one replicate: the scenario at its point, with its seed."""
    values = study.parameters(task.point.values, task.replicate)
    scenario = study.scenario.with_(seed=task.seed, parameters=values)
    return ReplicateTask(scenario, task.replicate, study.timelines(task.point.values), threads)


class RunNames:
    """Names of the runs of a study.

    A name is the first 32 hex digits of a SHA-256 over the digest of the model (the files that
    decide results, see `record.model_digest`), the digest of the scenario under the regime as it is
    at the point, the value of every parameter in the order of the table, the seed, the names of the
    point and of the regime. Versions of Python and of libraries do not count; they stand in the
    study record.
    """

    def __init__(self, study: SweepStudy, model: str | None = None) -> None:
        """model: the digest of the model, this version's unless given."""
        self._study = study
        self._model = model_digest() if model is None else model
        self._model += in_force.key()
        self._position = {one.name: index for index, one in enumerate(PARAMETERS)}
        self._bare = replace(study.scenario, seed=0, parameters=())
        known = study.scenario.parameter_values()
        sets = [{}] if study.worlds is None else [world.parameters for world in study.worlds]
        merged = ({**known, **own} for own in sets)
        self._known = [np.array([one[name] for name in self._position], "<f8") for one in merged]
        self._worlds: dict[Timeline, str] = {}
        self._stems: dict[tuple[str, int], tuple[bytes, ...]] = {}

    def of(self, task: SweepTask) -> tuple[str, ...]:
        """The names of the runs of a task, in the order of the regimes."""
        key = task.point.point_id, task.replicate % len(self._known)
        if key not in self._stems:
            if len(self._stems) >= _MOST_STEMS:
                self._stems.clear()
            self._stems[key] = self._stems_of(task.point, key[1])
        seed = str(task.seed).encode()
        return tuple(hashlib.sha256(stem + seed).hexdigest()[:32] for stem in self._stems[key])

    def _stems_of(self, point: ParameterSet, world: int) -> tuple[bytes, ...]:
        """Digests of all that decides a run but its seed, a regime each."""
        values = self._known[world].copy()
        for name, value in self._study.parameters(point.values).items():
            values[self._position[name]] = value
        digest = hashlib.sha256(values.tobytes()).hexdigest()
        texts = (
            f"{_FORMAT} {self._model} {self._world(timeline)} {digest} {point.point_id} "
            f"{timeline.name}"
            for timeline in self._study.timelines(point.values)
        )
        return tuple(hashlib.sha256(text.encode()).digest() for text in texts)

    def _world(self, timeline: Timeline) -> str:
        if timeline not in self._worlds:
            if len(self._worlds) > 10_000:
                self._worlds.clear()
            self._worlds[timeline] = replace(self._bare, timeline=timeline).digest()
        return self._worlds[timeline]
