"""The steps of a calibration: smooth, draw anew what does not fit, judge, read the centre again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.statistics.normal_scores import rounded
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.plan import UNCERTAINTY, Calibration, names_of
from velfaerd_sim.studies.calibrate.plausibility import (
    JudgedSets,
    ensemble_weights,
    judge,
    median_scores,
)
from velfaerd_sim.studies.calibrate.requests import Course, course_of, wanted
from velfaerd_sim.studies.calibrate.resampling import resample
from velfaerd_sim.studies.calibrate.smoother import Asking, Stage, smooth

SPECIAL, CANDIDATE = "special", "candidate"
DEFAULTS, MEDIAN, MEDOID, SUGGESTED = "defaults", "median", "medoid", "suggested"
SPECIAL_WORLDS = (DEFAULTS, MEDIAN, MEDOID, SUGGESTED)
"""Worlds that are read beside the ensemble: the table's defaults; the median of every parameter;
the medoid; the medoid with few digits."""
_SUGGESTED_DIGITS = 3


@dataclass(frozen=True)
class Found:
    """What a calibration found: stages of the ensemble, judgement, special worlds.

    special: parameters and readings of the worlds beside the ensemble, by name.
    """

    stages: tuple[Stage, ...]
    judged: JudgedSets
    special: Mapping[str, Mapping[str, Mapping[str, float]]]


def ensemble(calibration: Calibration, observed: Observed) -> Asking[list[Stage]]:
    """The stages of the ensemble; in the last one, sets that do not fit are drawn anew."""
    settings = calibration.settings
    stages = yield from smooth(settings, observed)
    stages[-1] = yield from resample(settings, observed, stages[-1], calibration.refills)
    return stages


def calibrated(calibration: Calibration, observed: Observed) -> Course[Found]:
    """All of a calibration."""
    stages = yield from course_of(calibration, ensemble(calibration, observed))
    last = stages[-1]
    judged = yield from _central(calibration, observed, last, judge(observed, last))
    special = yield from _special(calibration, last, judged)
    return Found(tuple(stages), judged, special)


def _central(
    calibration: Calibration, observed: Observed, last: Stage, judged: JudgedSets
) -> Course[JudgedSets]:
    """Judged, with that candidate first which has most figures inside with other seeds too."""
    readings = yield [
        wanted(
            calibration,
            (0, last.number, CANDIDATE, int(last.members[place]), 0),
            calibration.world(last.scores[place]),
        )
        for place in judged.candidates
    ]
    count = observed.inside(readings[:, : len(observed)]).sum(axis=1)
    order = np.argsort(-count, kind="stable")
    return replace(judged, candidates=tuple(judged.candidates[k] for k in order))


def _special(
    calibration: Calibration, last: Stage, judged: JudgedSets
) -> Course[dict[str, dict[str, dict[str, float]]]]:
    """Parameters and readings of the worlds beside the ensemble, by name."""
    worlds = special_worlds(calibration, last, judged)
    readings = yield [
        wanted(calibration, (0, last.number, SPECIAL, place, 0), world)
        for place, world in enumerate(worlds.values())
    ]
    names = names_of(calibration.targets)
    return {
        name: {
            "parameters": world,
            "readings": dict(zip(names, readings[place].tolist(), strict=True)),
        }
        for place, (name, world) in enumerate(worlds.items())
    }


def special_worlds(
    calibration: Calibration, last: Stage, judged: JudgedSets
) -> dict[str, dict[str, float]]:
    """The parameters of the worlds beside the ensemble, by name."""
    medoid = calibration.whole_world(last.scores[judged.medoid])
    fixed = {*dict(calibration.fixed), *medoid} - set(calibration.free)
    defaults = {
        one.name: one.default for one in PARAMETERS if one.role == UNCERTAINTY or one.name in medoid
    }
    median = median_scores(last.scores, ensemble_weights(judged))
    suggested = {
        name: value if name in fixed else rounded(name, value, _SUGGESTED_DIGITS)
        for name, value in medoid.items()
    }
    return {
        DEFAULTS: defaults,
        MEDIAN: calibration.whole_world(median),
        MEDOID: medoid,
        SUGGESTED: suggested,
    }
